//! What is promised of drawings: the tolerance holds from the curve drawn to the
//! program written, and the report says how much of it was used.
#![cfg(feature = "svg")]

use trajet::job::{Job, OpenOptions, OptimizeOptions, Optimized};
use trajet::machine::Machine;
use trajet::pass::Objective;

fn optimized(shapes: &str, tolerance: f64) -> Optimized {
    let svg = format!(
        "<svg xmlns='http://www.w3.org/2000/svg' width='100mm' height='100mm' \
         viewBox='0 0 100 100' fill='none' stroke='red'>{shapes}</svg>"
    );
    let open = OpenOptions::default().with_tolerance(tolerance);
    let job = Job::open(svg.into_bytes(), None, &open).unwrap();
    let options = OptimizeOptions::default().with_tolerance(tolerance);
    job.optimize(&Objective::Travel, &options).unwrap()
}

const ELLIPSE: &str = "<ellipse cx='50' cy='50' rx='40' ry='20'/>";

#[test]
fn curves_merging_and_rounding_share_one_tolerance() {
    for tolerance in [1.0, 0.1, 0.01, 0.001] {
        // Three strokes, out of order, whose ends are a fifth of the tolerance apart.
        let gap = tolerance / 5.0;
        let strokes = format!(
            "{ELLIPSE}<path d='M10 10 L20 10'/><path d='M60 90 L70 90'/><path d='M{} 10 L30 20'/>",
            20.0 + gap
        );
        let done = optimized(&strokes, tolerance);
        let merged = done.passes.iter().find(|p| p.name == "merge").unwrap();
        assert!(merged.changed == 1 && (merged.deviation_mm - gap).abs() < 1e-9);
        assert!(
            done.max_deviation_mm > gap && done.max_deviation_mm <= tolerance,
            "{} of {tolerance}",
            done.max_deviation_mm
        );
        // What does not touch by a third of the tolerance is not one line.
        let apart = strokes.replace(
            &format!("M{} 10", 20.0 + gap),
            &format!("M{} 10", 20.0 + tolerance / 3.0),
        );
        let done = optimized(&apart, tolerance);
        assert!(
            done.passes
                .iter()
                .all(|p| p.name != "merge" || p.changed == 0)
        );
    }
}

#[test]
fn a_drawing_that_is_kept_reports_its_curves_too() {
    let done = optimized("<path d='M0 100 C 0 60 40 60 40 100'/>", 0.1);
    assert!(done.passes.is_empty(), "{:?}", done.passes);
    assert!(done.max_deviation_mm > 0.005 && done.max_deviation_mm <= 0.1);
    // A line from corner to corner leaves nothing to report.
    let done = optimized("<path d='M0 100 L100 0'/>", 0.1);
    assert_eq!(done.max_deviation_mm, 0.0);
}

#[test]
fn a_machine_without_arcs_is_given_lines() {
    let svg =
        format!("<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 90 90'>{ELLIPSE}</svg>");
    let bent = |machine: &Machine| {
        let options = OpenOptions::default();
        let job = Job::open(svg.clone().into_bytes(), Some(machine), &options).unwrap();
        let toolpath = job.toolpath();
        let segments = toolpath.paths().flat_map(|path| toolpath.segments(path));
        segments.fold((0, 0), |(all, bent), s| {
            (all + 1, bent + u32::from(s.bulge != 0.0))
        })
    };
    let mut machine = Machine::default();
    let (with, arcs) = bent(&machine);
    assert!(arcs > 0);
    machine.arcs = None;
    let (without, none) = bent(&machine);
    assert_eq!(none, 0);
    assert!(without > with, "{without} lines, {with} arcs");
}

#[test]
fn drawings_are_not_written_for_firmware_that_would_not_read_them() {
    let printer = trajet::machine::preset("prusa-mk3s").unwrap();
    let svg = b"<svg xmlns='http://www.w3.org/2000/svg'><path d='M0 0L9 9' stroke='red'/></svg>";
    let e = Job::open(svg.to_vec(), Some(&printer), &OpenOptions::default()).unwrap_err();
    assert!(e.to_string().contains("Marlin 2"), "{e}");
}
