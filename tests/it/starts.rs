//! Closed paths started anywhere: never longer than from corners, and the same burned.

use proptest::prelude::*;
use std::fmt::Write as _;
use trajet::estimate::{Estimate, estimate};
use trajet::gcode::{self, Dialect};
use trajet::geom::Point;
use trajet::job::{Job, KEPT_UNVERIFIED, OpenOptions, OptimizeOptions, Optimized};
use trajet::machine;
use trajet::pass::Objective;
use trajet::toolpath::{Step, Toolpath, verify};
use trajet::{Source, par};

/// Optimises with starts anywhere or at corners, and checks what is burned.
fn run(text: &str, options: &OptimizeOptions, objective: &Objective) -> Optimized {
    let job = Job::open(text.into(), None, &OpenOptions::default()).unwrap();
    let done = job.optimize(objective, options).unwrap();
    assert!(!done.diagnostics.has(KEPT_UNVERIFIED));
    let written = gcode::read(done.gcode.clone(), Dialect::GRBL);
    let _ = verify(job.toolpath(), &written.toolpath, 0.01).unwrap();
    done
}

fn anywhere() -> OptimizeOptions {
    OptimizeOptions::default().with_start_anywhere(true)
}

/// What runs from starts at corners, and anywhere.
fn both(text: &str) -> [Optimized; 2] {
    [OptimizeOptions::default(), anywhere()].map(|o| run(text, &o, &Objective::Travel))
}

fn estimated(done: &Optimized) -> Estimate {
    let machine = machine::preset("diode-laser").unwrap();
    estimate(&Source::new(done.gcode.clone()), done.reading, &machine)
}

/// The travel of the written program, mm.
fn travel(done: &Optimized) -> f64 {
    estimated(done).travel_mm
}

fn closed_paths(t: &Toolpath) -> Vec<Point> {
    let paths = t.steps().iter().filter_map(Step::as_path);
    paths
        .filter(|p| t.is_closed(p))
        .map(|p| p.start.xy())
        .collect()
}

const HEAD: &str = "G21 G90 G17\nM4 S0\n";
const TAIL: &str = "M5\nM2\n";
const CIRCLE: &str = "G0 X50 Y10\nG2 X50 Y10 I0 J-10 F1000 S500\n";

#[test]
fn a_rectangle_is_started_at_the_foot_of_the_way_to_it() {
    // Its left side goes from X20 Y80 down to Y-5, past the height of the origin.
    let drawing = r##"<svg xmlns="http://www.w3.org/2000/svg" width="90mm" height="90mm"
        viewBox="0 0 90 90"><path fill="none" stroke="#f00" d="M60 10H20V95H60Z"/></svg>"##;
    let [corners, anywhere] = both(drawing);
    assert!(travel(&corners) > 20.6);
    let long = travel(&anywhere);
    assert!((long - 20.0).abs() < 1e-3, "{long}");
}

#[test]
fn outlines_apart_are_pen_downs_of_their_own() {
    let bound = |body: &str| {
        let program = format!("{HEAD}{CIRCLE}{body}{TAIL}");
        let done = run(&program, &anywhere(), &Objective::Travel);
        assert!(done.pen_down_bound as u64 <= estimated(&done).pen_downs);
        done.pen_down_bound
    };
    // The circle reaches from 40 to 60.
    assert_eq!(bound("G0 X70 Y0\nG1 X80 F1000 S500\n"), 2);
    assert_eq!(bound("G0 X60 Y0\nG1 X80 F1000 S500\n"), 1);
    assert_eq!(bound("G0 X60 Y21\nG3 X60 Y21 I10 J0 F1000 S500\n"), 2);
}

#[test]
fn a_program_ends_where_it_did() {
    let rectangle = "G0 X60 Y-20\nG1 Y30 F1000 S500\nG1 X20\nG1 Y-20\nG1 X60\n";
    let [corners, anywhere] = both(&format!("{HEAD}{CIRCLE}{rectangle}{TAIL}"));
    assert!(travel(&anywhere) < travel(&corners) - 0.1);
    let end = gcode::read(anywhere.gcode.clone(), Dialect::GRBL).toolpath;
    let last = end.paths().last().unwrap();
    assert!(end.end_of(last).xy().distance(Point::new(60.0, -20.0)) < 1e-3);
}

#[test]
fn a_circle_of_a_program_stays_one_arc() {
    // The way to the line touches it.
    let line = "G0 X70 Y0\nG1 X80 F1000 S500\n";
    let [corners, anywhere] = both(&format!("{HEAD}{CIRCLE}{line}{TAIL}"));
    let long = travel(&anywhere);
    assert!((long - 70.0).abs() < 1e-3, "{long}");
    assert!(travel(&corners) > 71.0);
    let text = String::from_utf8(anywhere.gcode).unwrap();
    assert_eq!(text.matches(" I").count(), 1, "{text}");
}

#[test]
fn starts_are_no_nearer_to_corners_than_the_least_part() {
    // The foot of the way to the long side is 0.04 mm from its end.
    let program = r##"<svg xmlns="http://www.w3.org/2000/svg" width="90mm" height="90mm"
        viewBox="0 0 90 90"><path fill="none" stroke="#f00" d="M60 10H20V90.04H60Z"/></svg>"##;
    let done = run(program, &anywhere(), &Objective::Travel);
    let start = closed_paths(&done.after)[0];
    assert!((start.y + 0.04).abs() < 1e-3 || start.y > 0.05, "{start:?}");
}

/// A program of circles, rectangles, pockets with round ends and open lines.
fn program(shapes: &[(u8, i32, i32, i32, i32)]) -> String {
    let mut text = String::from(HEAD);
    for &(kind, x, y, w, h) in shapes {
        let _ = match kind {
            0 => write!(text, "G0 X{x} Y{y}\nG3 X{x} Y{y} I{w} J0 F1000 S500\n"),
            1 => write!(
                text,
                "G0 X{x} Y{y}\nG1 X{} F1000 S500\nG1 Y{}\nG1 X{x}\nG1 Y{y}\n",
                x + w,
                y + h
            ),
            2 => write!(
                text,
                "G0 X{x} Y{y}\nG1 X{x2} F1000 S500\nG3 X{x2} Y{y2} I0 J{r}\nG1 X{x}\n\
                 G3 X{x} Y{y} I0 J-{r}\n",
                x2 = x + w,
                y2 = y + 2 * h,
                r = h
            ),
            _ => write!(text, "G0 X{x} Y{y}\nG1 X{} Y{} F1000 S500\n", x + w, y - h),
        };
    }
    text + TAIL
}

fn shapes() -> impl Strategy<Value = Vec<(u8, i32, i32, i32, i32)>> {
    let shape = (0_u8..4, 0_i32..80, 0_i32..80, 1_i32..30, 1_i32..30);
    prop::collection::vec(shape, 1..7)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn never_longer_than_from_corners(shapes in shapes()) {
        let program = program(&shapes);
        let corners = run(&program, &OptimizeOptions::default(), &Objective::Travel);
        let anywhere = run(&program, &anywhere().with_bound(true), &Objective::Travel);
        // Rounding of written numbers, and gaps of up to 0.005 mm that are fused.
        prop_assert!(travel(&anywhere) <= travel(&corners) + 0.005);
        let [a, b] = [&corners, &anywhere].map(|d| d.summaries().1.burn_mm);
        prop_assert!((a - b).abs() < 0.02);
        prop_assert!(anywhere.travel_bound.unwrap() <= travel(&anywhere) + 1e-3);
        prop_assert!(anywhere.pen_down_bound as u64 <= estimated(&anywhere).pen_downs);
    }
}

#[test]
fn never_slower_than_from_corners() {
    let all = [
        (0, 5, 9, 7, 1),
        (1, 40, 3, 30, 20),
        (2, 9, 50, 25, 8),
        (3, 70, 70, 9, 9),
    ];
    let machine = machine::preset("diode-laser").unwrap();
    let objective = Objective::Time(Box::new(machine));
    let [a, b] = [OptimizeOptions::default(), anywhere()]
        .map(|options| estimated(&run(&program(&all), &options, &objective)).seconds);
    assert!(b <= a, "{b} {a}");
}

#[test]
fn the_same_bytes_for_any_number_of_threads() {
    let all: Vec<_> = (0..24)
        .map(|i| {
            (
                (i % 4) as u8,
                i * 37 % 200,
                i * 53 % 170,
                3 + i % 9,
                2 + i % 7,
            )
        })
        .collect();
    let text = program(&all);
    let run = |threads| {
        par::with_threads(threads, || {
            run(&text, &anywhere(), &Objective::Travel).gcode
        })
    };
    let one = run(1);
    assert_eq!(one, run(2));
    assert_eq!(one, run(8));
}

#[cfg(feature = "cli")]
#[test]
fn the_program_starts_anywhere_when_asked() {
    let folder = std::env::temp_dir().join(format!("trajet-starts-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let [input, output] = ["in.gcode", "out.gcode"].map(|name| folder.join(name));
    let line = "G0 X70 Y0\nG1 X80 F1000 S500\n";
    std::fs::write(&input, format!("{HEAD}{CIRCLE}{line}{TAIL}")).unwrap();
    let travel = |flags: &[&str]| -> f64 {
        let done = std::process::Command::new(env!("CARGO_BIN_EXE_trajet"))
            .args(["optimize", "--objective", "travel", "--json"])
            .args(flags)
            .arg(&input)
            .arg("-o")
            .arg(&output)
            .output()
            .unwrap();
        assert!(done.status.success(), "{done:?}");
        let report: serde_json::Value = serde_json::from_slice(&done.stdout).unwrap();
        report["after"]["travel_mm"].as_f64().unwrap()
    };
    let [corners, anywhere] = [travel(&[]), travel(&["--start-anywhere"])];
    std::fs::remove_dir_all(&folder).unwrap();
    assert!(
        (anywhere - 70.0).abs() < 1e-2 && corners > 71.0,
        "{anywhere} {corners}"
    );
}
