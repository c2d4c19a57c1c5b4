//! Overlapping lines are burned once: which ones, what stays, and that every check
//! knows of it.

use crate::support::{events, optimize_with as run, text};
use proptest::prelude::*;
use trajet::ErrorKind;
use trajet::gcode::{self, Dialect};
use trajet::geom::Point3;
use trajet::job::{Job, OVERLAPS_REMOVED, OpenOptions, OptimizeOptions, Optimized};
use trajet::machine::preset;
use trajet::motion::SpindleMode;
use trajet::pass::{Context, Dedupe, Objective, Overlaps, Pass, Pipeline, summarize};
use trajet::toolpath::{Attributes, Cut, Toolpath, verify, verify_written};

fn asked(what: Overlaps) -> OptimizeOptions {
    OptimizeOptions::default().with_overlaps(what)
}

fn burned(done: &Optimized) -> f64 {
    summarize(&gcode::read(done.gcode.clone(), done.reading).toolpath).burn_mm
}

fn drawing(body: &str) -> String {
    format!(
        "<svg xmlns='http://www.w3.org/2000/svg' width='100mm' height='100mm' \
         viewBox='0 0 100 100' fill='none' stroke='red'>{body}</svg>"
    )
}

#[test]
fn in_a_drawing_what_is_drawn_twice_is_burned_once() {
    for (body, left_mm) in [
        (
            "<rect x='9' y='9' width='20' height='20'/><rect x='9' y='9' width='20' height='20'/>",
            80.0,
        ),
        (
            "<rect x='9' y='9' width='20' height='20'/><rect x='29' y='9' width='20' height='20'/>",
            140.0,
        ),
        ("<path d='M9 9h20M29 9h-20M5 9h10M20 9.01h30'/>", 45.0),
        ("<path d='M9 9h20M9 9.1h20'/>", 40.0),
        // Other settings: red is cut, blue is scored.
        ("<path d='M9 9h20'/><path d='M9 9h20' stroke='blue'/>", 40.0),
    ] {
        let done = run(&drawing(body), &asked(Overlaps::Auto));
        assert!(
            (burned(&done) - left_mm).abs() < 0.01,
            "{body}: {}",
            burned(&done)
        );
        let (was, is) = done.summaries();
        assert!(
            (was.burn_mm - is.burn_mm - done.removed_mm()).abs() < 1e-9,
            "{body}"
        );
        assert_eq!(
            done.diagnostics.has(OVERLAPS_REMOVED),
            done.removed_mm() > 0.0
        );
        let kept = run(&drawing(body), &asked(Overlaps::Keep));
        assert!((burned(&kept) - was.burn_mm).abs() < 0.01);
    }
}

#[test]
fn programs_are_left_alone_unless_asked() {
    let twice = "G21 G90\nM4 S500 F900\nG0 X5 Y5\nG1 X15\nG0 Y9\nG1 X5\nG0 X5 Y5\nG1 X15\nM5\nM2\n";
    assert!((burned(&run(twice, &OptimizeOptions::default())) - 30.0).abs() < 1e-6);
    // A path that is burned again is a pass, and left alone when only parts may go.
    assert!((burned(&run(twice, &asked(Overlaps::Partial))) - 30.0).abs() < 1e-6);
    assert!((burned(&run(twice, &asked(Overlaps::All))) - 20.0).abs() < 1e-6);
    let only = OptimizeOptions::default().with_only(["dedupe"]);
    assert_eq!(text(&run(twice, &only)), twice);
    // By name, a drawing is rid of what it burns again as a whole.
    let drawn = drawing("<path d='M5 5h10'/><path d='M5 9h10'/><path d='M5 5h10'/>");
    let auto = only.clone().with_overlaps(Overlaps::Auto);
    for options in [&only, &auto] {
        assert!((burned(&run(&drawn, options)) - 20.0).abs() < 1e-6);
    }
    let part = twice.replace("G0 X5 Y5\nG1 X15\nM5", "G0 X12 Y5\nG1 X19\nM5");
    let done = run(&part, &only);
    // Nothing was ordered, so no order is to blame for travel.
    assert!(!done.diagnostics.has(trajet::job::INNER_FIRST));
    assert!((burned(&done) - 24.0).abs() < 1e-6);
    assert_eq!(
        events(&text(&done)),
        ["burn 5,5>15,5", "burn 15,9>5,9", "burn 15,5>19,5", "M2"]
    );
}

#[test]
fn what_overlaps_within_a_pass_is_burned_once_in_each() {
    let round = "G1 X9\nG1 Y9\nG1 X0\nG1 Y0\n";
    let first = format!("G0 X0 Y0\n{round}");
    let twice = format!("G0 X0 Y0\n{round}{round}");
    let second = "G0 X9 Y0\nG1 X18\nG1 Y9\nG1 X9\nG1 Y0\n";
    for (body, partial) in [
        // All of the job again; each part at once; a part twice in one go.
        (format!("{first}{second}{first}{second}"), 2.0 * 63.0),
        (format!("{first}{first}{second}{second}"), 2.0 * 63.0),
        (format!("{twice}{second}"), 72.0 + 27.0),
        (format!("{first}{second}"), 63.0),
    ] {
        let program = format!("G21 G90\nM4 S500 F900\n{body}M5\nM2\n");
        let mm = burned(&run(&program, &asked(Overlaps::Partial)));
        assert!((mm - partial).abs() < 1e-6, "{body}: {mm}");
        assert!((burned(&run(&program, &asked(Overlaps::All))) - 63.0).abs() < 1e-6);
    }
}

#[test]
fn settings_heights_fences_and_dwells_keep_copies_apart() {
    let first = "G21 G90\nM4 S500 F900\nG0 X5 Y5\nG1 X15\n";
    for (between, left_mm) in [
        ("G0 X5\n", 10.0),
        ("G0 X5\nS400\n", 20.0),
        ("G0 X5\nF800\n", 20.0),
        ("G0 X5\nM8\n", 20.0),
        ("M5\nG0 X5\nM3 S500\n", 20.0),
        ("G0 X5\nM0\n", 20.0),
        ("G0 X5 Z-1\n", 20.0),
        ("G0 X5\nG4 P1\n", 10.0),
    ] {
        let program = format!("{first}{between}G1 X15\nM5\nM2\n");
        let done = run(&program, &asked(Overlaps::All));
        assert!(
            (burned(&done) - left_mm).abs() < 1e-6,
            "{between}: {}",
            burned(&done)
        );
        let dwell = text(&done).matches("G4").count();
        assert_eq!(dwell, between.matches("G4").count(), "{between}");
    }
}

#[test]
fn what_lies_inside_still_comes_first() {
    // A part whose four edges its neighbours draw, with a hole; and one that shares
    // an edge, with another.
    let rect = |x: u32, y: u32| format!("<rect x='{x}' y='{y}' width='20' height='20'/>");
    let all = [(40, 40), (20, 40), (60, 40), (40, 20), (40, 60)];
    let mut body: String = all.iter().map(|&(x, y)| rect(x, y)).collect();
    body += "<path d='M45 45h10v10h-10z'/><path d='M65 45h10v10h-10z'/>";
    let done = run(&drawing(&body), &asked(Overlaps::Auto).with_skip(["merge"]));
    assert!(
        (done.removed_mm() - 80.0).abs() < 1e-6,
        "the middle one goes"
    );
    let t = &done.after;
    let centre = |p| {
        let middle = |a: f64, b: f64| f64::midpoint(a, b);
        let mut b = trajet::geom::Bounds::EMPTY;
        t.with_starts(p)
            .for_each(|(from, s)| [from, s.end].into_iter().for_each(|q| b.add(q)));
        (
            middle(b.min.x, b.max.x).round(),
            middle(b.min.y, b.max.y).round(),
        )
    };
    let order: Vec<_> = t.paths().map(centre).collect();
    let at = |x: f64, y: f64| {
        order
            .iter()
            .position(|c| *c == (x, y))
            .unwrap_or_else(|| panic!("{x},{y}: {order:?}"))
    };
    let middle = order.iter().position(|c| *c == (50.0, 50.0)).unwrap();
    for (x, y) in [(30.0, 50.0), (70.0, 50.0), (50.0, 70.0), (50.0, 30.0)] {
        assert!(middle < at(x, y), "{order:?}");
    }
    assert_eq!(order.iter().filter(|c| **c == (70.0, 50.0)).count(), 2);
}

fn lines(ends: &[[f64; 3]]) -> Toolpath {
    let mut t = Toolpath::new(Point3::default());
    let attributes = Attributes {
        spindle: SpindleMode::Dynamic,
        power: 9.0,
        ..Attributes::default()
    };
    for [x0, x1, y] in ends {
        t.push_path(
            Point3::new(*x0, *y, 0.0),
            [(Point3::new(*x1, *y, 0.0), 0.0)],
            attributes,
            0,
        );
    }
    t
}

#[test]
fn verify_finds_what_should_not_have_been_taken_away() {
    let cut = |step, from, to| Cut {
        step,
        segment: 0,
        from,
        to,
    };
    for (ends, cuts, fine) in [
        (
            vec![[0.0, 9.0, 0.0], [0.0, 9.0, 0.0]],
            vec![cut(1, 0.0, 1.0)],
            true,
        ),
        (
            vec![[0.0, 9.0, 0.0], [9.0, 0.0, 0.01]],
            vec![cut(0, 0.2, 0.7)],
            true,
        ),
        // Nothing burns there, or not all along, or not near enough, or not any more.
        (
            vec![[0.0, 9.0, 0.0], [0.0, 9.0, 1.0]],
            vec![cut(1, 0.0, 1.0)],
            false,
        ),
        (
            vec![[0.0, 9.0, 0.0], [0.0, 8.9, 0.0]],
            vec![cut(0, 0.0, 1.0)],
            false,
        ),
        (
            vec![[0.0, 9.0, 0.0], [0.0, 9.0, 0.05]],
            vec![cut(1, 0.0, 1.0)],
            false,
        ),
        (
            vec![[0.0, 9.0, 0.0], [0.0, 9.0, 0.0]],
            vec![cut(0, 0.0, 0.6), cut(1, 0.4, 1.0)],
            false,
        ),
    ] {
        let before = lines(&ends);
        let mut after = before.clone();
        let _ = after.edit().take_away(&cuts, 0.02);
        let found = verify(&before, &after, 0.001);
        assert_eq!(found.is_ok(), fine, "{ends:?} {cuts:?}: {found:?}");
        // Without the record there is no excuse.
        let mut bare = lines(&[]);
        for p in after.paths() {
            let end = after.end_of(p);
            let s = after.segments(p)[0];
            bare.push_path(p.start, [(end, 0.0)], *after.attributes().get(s.attr), 0);
        }
        assert!(verify(&before, &bare, 0.001).is_err());
        // And nothing more may be missing from the program than it says.
        if fine {
            assert!(verify_written(&before, &after, &bare, 0.001).is_ok());
            let less = lines(&ends[..1]);
            let lost = verify_written(&before, &after, &less, 0.001).is_err();
            assert_eq!(lost, cuts[0].to < 1.0);
        }
    }
}

#[test]
fn verify_sees_fences_and_operations() {
    let program = "G21 G90\nM4 S500 F900\nG0 X5 Y5\nG1 X15\nM0\nG0 X5\nG1 X15\nM5\nM2\n";
    let before = gcode::read(program.into(), Dialect::GRBL).toolpath;
    let mut after = before.clone();
    let last = after
        .steps()
        .iter()
        .rposition(|s| s.as_path().is_some())
        .unwrap();
    let cut = Cut {
        step: last,
        segment: 0,
        from: 0.0,
        to: 1.0,
    };
    let _ = after.edit().take_away(&[cut], 0.02);
    assert!(verify(&before, &after, 0.01).is_err());
}

#[test]
fn passes_are_chosen_by_name() {
    let names: Vec<_> = Pipeline::standard(0.01).unwrap().names().collect();
    assert_eq!(names, ["inside-first", "dedupe", "reorder", "merge"]);
    let left = Pipeline::standard(0.01)
        .unwrap()
        .skip(&["reorder", "dedupe"])
        .unwrap();
    assert_eq!(left.names().collect::<Vec<_>>(), ["inside-first", "merge"]);
    let one = Pipeline::standard(0.01)
        .unwrap()
        .only(&["merge", "reorder"])
        .unwrap();
    assert_eq!(one.names().collect::<Vec<_>>(), ["reorder", "merge"]);
    for wrong in [["nope"], [""], ["Merge"]] {
        let why = Pipeline::standard(0.01)
            .unwrap()
            .only(&wrong)
            .err()
            .unwrap();
        assert_eq!(why.kind(), ErrorKind::InvalidConfig);
        assert!(
            why.to_string()
                .contains("inside-first, dedupe, reorder, merge"),
            "{why}"
        );
        let options = OptimizeOptions::default().with_skip(wrong);
        let job = Job::open(b"G0 X1".to_vec(), None, &OpenOptions::default()).unwrap();
        let why = job.optimize(&Objective::Travel, &options).unwrap_err();
        assert_eq!(why.kind(), ErrorKind::InvalidConfig);
    }
    // Without inside-first the outline that is nearest comes first.
    let nested = drawing("<path d='M1 99h98v-98h-98z'/><path d='M50 50h10v10h-10z'/>");
    let skipped = run(
        &nested,
        &OptimizeOptions::default().with_skip(["inside-first"]),
    );
    let first = |done: &Optimized| {
        let t = &done.after;
        t.paths()
            .next()
            .map(|p| (p.start.x.round(), p.start.y.round()))
    };
    assert_eq!(first(&skipped), Some((1.0, 1.0)));
    assert_ne!(
        first(&run(&nested, &OptimizeOptions::default())),
        Some((1.0, 1.0))
    );
}

#[test]
fn a_hole_that_costs_more_time_than_it_saves_is_not_made() {
    // A little out of the middle of a line: stopping for it takes longer.
    let machine = preset("diode-laser").unwrap();
    for (mm, taken) in [(0.5, false), (40.0, true)] {
        let attributes = Attributes {
            rate: trajet::motion::Rate::Feed(20.0),
            ..*lines(&[[0.0, 1.0, 0.0]]).attributes().get(0)
        };
        let p = |x, y| Point3::new(x, y, 0.0);
        let mut t = Toolpath::new(Point3::default());
        t.push_path(p(0.0, 0.0), [(p(100.0, 0.0), 0.0)], attributes, 0);
        // A closed path is kept rather than the long line.
        let end = 50.0 + mm;
        t.push_path(
            p(50.0, 0.0),
            [
                (p(end, 0.0), 0.0),
                (p(end, 5.0), 0.0),
                (p(50.0, 5.0), 0.0),
                (p(50.0, 0.0), 0.0),
            ],
            attributes,
            0,
        );
        let mut context = Context {
            objective: Objective::Time(Box::new(machine.clone())),
            ..Context::default()
        };
        let report = Dedupe::default().run(&mut t, &mut context).unwrap();
        assert_eq!(report.removed_mm > 0.0, taken, "{mm}: {report:?}");
        assert_eq!(report.name, "dedupe");
    }
}

#[test]
fn lengths_that_make_no_sense_are_refused() {
    for wrong in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        for pass in [
            Dedupe::default().with_distance(wrong),
            Dedupe::default().with_least(wrong),
        ] {
            let done = pass.run(&mut lines(&[]), &mut Context::default());
            assert_eq!(done.unwrap_err().kind(), ErrorKind::InvalidConfig);
        }
    }
}

/// Squares, bars and arcs on a coarse grid, so that they share much.
fn busy(program: bool) -> impl Strategy<Value = String> {
    let item = (0_u8..6, 0_u32..5, 0_u32..5, 1_u32..4, 0_u8..8);
    prop::collection::vec(item, 2..25).prop_map(move |items| {
        let mut out = String::new();
        for (kind, x, y, size, power) in items {
            let (x, y, s) = (x * 10, y * 10, size * 10);
            let (u, v) = (x + s, y + s);
            let power = if power == 0 { 300 } else { 500 };
            out += &match (program, kind) {
                (false, 0..=2) => format!("<rect x='{x}' y='{y}' width='{s}' height='10'/>"),
                (false, 3) => format!("<path d='M{x} {y}h{s}h-10'/>"),
                (false, 4) => format!("<circle cx='{x}' cy='{y}' r='{s}'/>"),
                (false, _) => format!("<path d='M{u} {y}a10 10 0 0 1 -20 0'/>"),
                (true, 0..=2) => {
                    format!("G0 X{x} Y{y}\nG1 X{u} S{power}\nG1 Y{v}\nG1 X{x}\nG1 Y{y}\n")
                }
                (true, 3) => format!("G0 X{x} Y{y}\nG1 X{u} S{power}\nG1 X{x}\n"),
                (true, 4) => format!("G0 X{x} Y{y}\nG4 P0.1\nG1 Y{v} S{power}\n"),
                (true, _) => format!("G0 X{u} Y{y}\nG2 X{x} I-{} J0 S{power}\n", size * 5),
            };
        }
        if program {
            format!("G21 G90\nM4 S0 F900\n{out}M5\nM2\n")
        } else {
            drawing(&out)
        }
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn drawings_pass_their_checks_and_are_done_at_once(svg in busy(false)) {
        let done = run(&svg, &asked(Overlaps::Auto));
        let mut again = done.after.clone();
        let report = Dedupe::default().run(&mut again, &mut Context::default()).unwrap();
        prop_assert_eq!(report.changed, 0);
        let (was, is) = done.summaries();
        prop_assert!(is.burn_mm + is.travel_mm <= was.burn_mm + was.travel_mm + 0.1 || done.diagnostics.has(trajet::job::INNER_FIRST));
    }

    #[test]
    fn programs_pass_their_checks(program in busy(true)) {
        for what in [Overlaps::Partial, Overlaps::All] {
            let done = run(&program, &asked(what));
            let (was, is) = done.summaries();
            prop_assert!((was.burn_mm - is.burn_mm - done.removed_mm()).abs() < 1e-6);
        }
    }
}
