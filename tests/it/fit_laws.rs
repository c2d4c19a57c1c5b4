//! What holds for simplify and arc fit whatever they are given, as passes and in jobs.

use proptest::prelude::*;
use std::fmt::Write;
use trajet::Source;
use trajet::estimate::estimate;
use trajet::gcode::{self, Dialect};
use trajet::geom::{Point, Point3};
use trajet::job::{ALREADY_SHORT, Job, KEPT_UNVERIFIED, OpenOptions, OptimizeOptions, Optimized};
use trajet::machine::preset;
use trajet::pass::{ArcFit, Context, FIT_SLOWER, Fitting, Objective, Pass, Simplify};
use trajet::toolpath::{Attributes, Path, Segment, Toolpath, verify};

/// Steps of a polyline: how far, and how much it turns before, rad.
type Walk = Vec<(f64, f64)>;

/// Smooth stretches, noise and corners.
fn walk() -> impl Strategy<Value = Walk> {
    let smooth = (0.05_f64..1.0, -0.12_f64..0.12, 2_usize..25)
        .prop_map(|(step, turn, n)| vec![(step, turn); n]);
    let noise = proptest::collection::vec((0.02_f64..1.2, -0.4_f64..0.4), 1..8);
    let corner = (0.1_f64..2.0, -2.5_f64..2.5).prop_map(|s| vec![s]);
    let part = prop_oneof![3 => smooth, 2 => noise, 1 => corner];
    proptest::collection::vec(part, 1..8).prop_map(|parts| parts.concat())
}

fn points(walk: &Walk, start: Point) -> Vec<Point> {
    let (mut at, mut heading) = (start, 0.3_f64);
    let mut out = vec![at];
    for (step, turn) in walk {
        heading += turn;
        at = at + Point::new(heading.cos(), heading.sin()) * *step;
        out.push(at);
    }
    out
}

fn toolpath(paths: &[Vec<Point>]) -> Toolpath {
    let flat = |p: &Point| Point3::new(p.x, p.y, 0.0);
    let mut t = Toolpath::new(Point3::default());
    for path in paths {
        let ends = path[1..].iter().map(|p| (flat(p), 0.0));
        t.push_path(flat(&path[0]), ends, Attributes::default(), 0);
    }
    t
}

fn all(walks: &[Walk]) -> Vec<Vec<Point>> {
    let path = |(i, w): (usize, &Walk)| points(w, Point::new(70.0 * i as f64, 0.0));
    walks.iter().enumerate().map(path).collect()
}

fn passes(tolerance: f64) -> [Box<dyn Pass>; 3] {
    let fitting = Fitting::default().with_tolerance(tolerance);
    [
        Box::new(Simplify::new(fitting.clone())),
        Box::new(ArcFit::new(fitting.clone())),
        Box::new(ArcFit::new(fitting).with_helices(true)),
    ]
}

fn fitted(pass: &dyn Pass, before: &Toolpath) -> (Toolpath, f64) {
    let mut after = before.clone();
    let report = pass.run(&mut after, &mut Context::default()).unwrap();
    (after, report.deviation_mm)
}

fn segments(t: &Toolpath) -> Vec<Vec<Segment>> {
    let of = |p: &Path| t.segments(p).to_vec();
    t.paths().map(of).collect()
}

/// A program with feeds and powers that change along its paths.
fn program(paths: &[Vec<Point>], each: usize) -> String {
    let mut out = String::from("G21 G90\nM4 S0\n");
    for path in paths {
        writeln!(out, "G0 X{:.3} Y{:.3}", path[0].x, path[0].y).unwrap();
        for (i, p) in path[1..].iter().enumerate() {
            let (feed, power) = (1000 + 100 * (i / each % 3), 300 + 50 * (i / each / 3 % 2));
            writeln!(out, "G1 X{:.3} Y{:.3} F{feed} S{power}", p.x, p.y).unwrap();
        }
    }
    out + "M5\nM2\n"
}

fn optimized(text: &str, objective: &Objective, options: &OptimizeOptions) -> Optimized {
    let job = Job::open(text.as_bytes().to_vec(), None, &OpenOptions::default()).unwrap();
    job.optimize(objective, options).unwrap()
}

fn tolerances() -> impl Strategy<Value = f64> {
    prop_oneof![Just(0.001), Just(0.01), Just(0.05), Just(0.3)]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn what_is_fitted_passes_the_check_and_is_done(
        walks in proptest::collection::vec(walk(), 1..4),
        tolerance in tolerances(),
    ) {
        let before = toolpath(&all(&walks));
        for pass in passes(tolerance) {
            let (after, said) = fitted(&*pass, &before);
            let moved = verify(&before, &after, tolerance);
            prop_assert!(moved.is_ok(), "{}: {moved:?}", pass.name());
            prop_assert!((moved.unwrap() - said).abs() < 1e-9);
            // A second run finds nothing.
            let (again, _) = fitted(&*pass, &after);
            prop_assert_eq!(segments(&again), segments(&after));
        }
    }

    #[test]
    fn moved_turned_and_in_another_order_it_is_the_same(
        walks in proptest::collection::vec(walk(), 2..4),
        tolerance in tolerances(),
        (dx, dy, angle) in (-200.0_f64..200.0, -200.0_f64..200.0, 0.0_f64..6.0),
    ) {
        let paths = all(&walks);
        let (s, c) = angle.sin_cos();
        let turned = |p: &Point| Point::new(c * p.x - s * p.y + dx, s * p.x + c * p.y + dy);
        let moved: Vec<Vec<Point>> = paths.iter().map(|p| p.iter().map(turned).collect()).collect();
        let back: Vec<Vec<Point>> = paths.iter().rev().cloned().collect();
        for pass in passes(tolerance) {
            let [here, there, back] = [&paths, &moved, &back]
                .map(|p| segments(&fitted(&*pass, &toolpath(p)).0));
            for (a, b) in here.iter().zip(&there) {
                // What is just near enough may be just too far, turned.
                prop_assert!(a.len().abs_diff(b.len()) <= 1 + a.len() / 20, "{} {}", a.len(), b.len());
            }
            let shape = |all: &[Segment]| -> Vec<_> { all.iter().map(|s| (s.end, s.bulge)).collect() };
            for (a, b) in here.iter().zip(back.iter().rev()) {
                prop_assert_eq!(shape(a), shape(b));
            }
        }
    }

    #[test]
    fn feeds_and_powers_change_where_they_did(
        walks in proptest::collection::vec(walk(), 1..3),
        each in 1_usize..9,
        tolerance in tolerances(),
    ) {
        let before = gcode::read(program(&all(&walks), each).into(), Dialect::GRBL).toolpath;
        let changes = |t: &Toolpath| {
            let mut out = Vec::new();
            for path in t.paths() {
                for w in t.segments(path).windows(2) {
                    if w[0].attr != w[1].attr {
                        out.push((w[0].end, w[0].attr, w[1].attr));
                    }
                }
            }
            out
        };
        for pass in passes(tolerance) {
            let (after, _) = fitted(&*pass, &before);
            prop_assert_eq!(changes(&after), changes(&before));
            prop_assert!(verify(&before, &after, tolerance).is_ok());
        }
    }

    #[test]
    fn jobs_stay_within_one_tolerance_and_take_no_longer(
        walks in proptest::collection::vec(walk(), 1..4),
        tolerance in tolerances(),
        simplify in any::<bool>(),
    ) {
        let text = program(&all(&walks), 1000);
        let options = OptimizeOptions::default()
            .with_tolerance(tolerance)
            .with_fit_arcs(true)
            .with_simplify(simplify);
        let machine = preset("diode-laser").unwrap();
        for objective in [Objective::Travel, Objective::Time(Box::new(machine.clone()))] {
            let done = optimized(&text, &objective, &options);
            prop_assert!(!done.diagnostics.has(KEPT_UNVERIFIED), "{:?}", done.diagnostics);
            prop_assert!(done.max_deviation_mm <= tolerance);
            let (before, after) = done.summaries();
            prop_assert!(after.segments <= before.segments);
            let seconds =
                |b: &[u8]| estimate(&Source::new(b.to_vec()), done.reading, &machine).seconds;
            let [was, is] = [&done.gcode_before, &done.gcode].map(|b| seconds(b));
            let longer = matches!(objective, Objective::Time(_)) && is > was * (1.0 + 1e-6);
            prop_assert!(!longer, "{was} {is}");
        }
    }
}

/// A circle of chords, run at a depth.
fn milled(decimals: usize) -> String {
    let mut out = String::from("G21 G90\nM3 S8000\nG4 P1\nG0 Z5\n");
    for depth in [1, 2] {
        let on = |i: i32| (f64::from(i) * 0.05).sin_cos();
        let (s, c) = on(0);
        let (x, y) = (40.0 + 15.0 * c, 30.0 + 15.0 * s);
        writeln!(
            out,
            "G0 X{x:.decimals$} Y{y:.decimals$} ; there\nG1 Z-{depth} F120"
        )
        .unwrap();
        for i in 1..=100 {
            let (s, c) = on(i);
            let (x, y) = (40.0 + 15.0 * c, 30.0 + 15.0 * s);
            writeln!(out, "G1 X{x:.decimals$} Y{y:.decimals$} F600").unwrap();
        }
        out += "G0 Z5\n";
    }
    out + "M5\nG0 X0 Y0\nM2\n"
}

#[test]
fn mills_keep_their_plunges_and_are_fitted_in_place() {
    for decimals in [3, 6] {
        let text = milled(decimals);
        let options = OptimizeOptions::default().with_only(["arc-fit"]);
        let done = optimized(&text, &Objective::Travel, &options);
        let out = String::from_utf8(done.gcode.clone()).unwrap();
        assert!(!done.diagnostics.has(KEPT_UNVERIFIED), "{out}");
        assert!(out.lines().count() < 30 && out.contains("; there"), "{out}");
        // Never off in between, and down and up where it was.
        assert_eq!(
            (out.matches("M5").count(), out.matches("M3").count()),
            (1, 1),
            "{out}"
        );
        let back = gcode::read(done.gcode.clone(), Dialect::GRBL).toolpath;
        let ends = |t: &Toolpath| -> Vec<(Point3, Point3)> {
            t.paths().map(|p| (p.start, t.end_of(p))).collect()
        };
        assert_eq!(ends(&back).len(), ends(&done.before).len());
        for (a, b) in ends(&back).iter().zip(ends(&done.before)) {
            assert!(
                a.0.distance(b.0) < 1e-9 && a.1.distance(b.1) < 1e-9,
                "{out}"
            );
        }
        for path in back.paths().filter(|p| !p.segments.is_empty()) {
            assert!(back.segments(path)[0].end.z < 0.0 && path.start.z == 5.0);
        }
    }
}

#[test]
fn programs_keep_their_lines_unless_asked() {
    let text = milled(3);
    let travel = Objective::Travel;
    let plain = optimized(&text, &travel, &OptimizeOptions::default());
    assert_eq!(plain.gcode, text.as_bytes());
    for options in [
        OptimizeOptions::default().with_fit_arcs(true),
        OptimizeOptions::default().with_simplify(true),
        OptimizeOptions::default().with_only(["simplify"]),
        OptimizeOptions::default().with_only(["arc-fit", "simplify"]),
    ] {
        let done = optimized(&text, &travel, &options.clone().with_tolerance(0.1));
        let (before, after) = done.summaries();
        assert!(2 * after.segments < before.segments, "{options:?}");
        assert!(
            done.passes
                .iter()
                .any(|p| p.changed == 2 && p.deviation_mm > 0.0)
        );
    }
    let skipped = OptimizeOptions::default()
        .with_fit_arcs(true)
        .with_skip(["arc-fit"]);
    let done = optimized(&text, &travel, &skipped);
    assert!(done.diagnostics.has(ALREADY_SHORT) && done.gcode == text.as_bytes());
    // Asked for, and left out.
    let job = Job::open(text.into_bytes(), None, &OpenOptions::default()).unwrap();
    for options in [
        OptimizeOptions::default()
            .with_fit_arcs(true)
            .with_only(["reorder"]),
        OptimizeOptions::default()
            .with_simplify(true)
            .with_only(["arc-fit"]),
        OptimizeOptions::default().with_helices(true),
    ] {
        assert!(job.optimize(&travel, &options).is_err(), "{options:?}");
    }
}

#[test]
fn where_the_job_would_take_longer_its_lines_are_kept() {
    let turn = |i: u32| points(&vec![(0.4, 0.05); 120], Point::new(f64::from(60 * i), 0.0));
    let text = program(&[turn(0), turn(1)], 1000);
    let mut machine = preset("diode-laser").unwrap();
    // So fine chords of arcs that the planner sees half a millimetre ahead.
    machine.arc_tolerance = 1e-5;
    let options = OptimizeOptions::default().with_only(["arc-fit"]);
    let time = Objective::Time(Box::new(machine));
    let done = optimized(&text, &time, &options);
    assert!(done.diagnostics.has(FIT_SLOWER));
    assert_eq!(done.gcode, text.as_bytes());
    let done = optimized(&text, &Objective::Travel, &options);
    assert!(!done.diagnostics.has(FIT_SLOWER) && done.gcode.len() < text.len() / 4);
}
