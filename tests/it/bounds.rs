//! Bounds are bounds: no result lies below them.

use crate::support::optimize;
use proptest::prelude::*;
use trajet::estimate::estimate;
use trajet::job::{Job, OpenOptions, OptimizeOptions, Optimized};
use trajet::pass::Objective;
use trajet::{Source, machine};

const HEAD: &str = "G21 G90\nM4 S0\n";
const TAIL: &str = "M5\nG0 X0 Y0\nM2\n";
const SQUARE: &str = "G1 X20 F1000 S500\nG1 Y20\nG1 X10\nG1 Y10\n";

/// Pen-downs before and after, and their bound.
fn pen_downs(body: &str) -> (u64, u64, u64) {
    let done: Optimized = optimize(&format!("{HEAD}{body}{TAIL}"));
    let machine = machine::preset("diode-laser").unwrap();
    let count =
        |bytes: &[u8]| estimate(&Source::new(bytes.to_vec()), done.reading, &machine).pen_downs;
    let (before, after) = (count(&done.gcode_before), count(&done.gcode));
    (before, after, done.pen_down_bound as u64)
}

#[test]
fn a_closed_path_may_be_entered_at_any_corner() {
    let line = "G0 X20 Y20\nG1 X40 Y40 F1000 S500\n";
    let (before, after, bound) = pen_downs(&format!("G0 X10 Y10\n{SQUARE}{line}"));
    assert_eq!((before, bound), (2, 1));
    assert!(after >= bound);
}

#[test]
fn passes_that_touch_are_one_pen_down() {
    let twice = format!("G0 X10 Y10\n{SQUARE}G0 X10 Y10\n{SQUARE}");
    assert_eq!(pen_downs(&twice), (1, 1, 1));
    // An operation that begins where the one before it ended.
    let changed = format!(
        "G0 X10 Y10\n{SQUARE}G0 X10 Y10\n{}",
        SQUARE.replace("500", "200")
    );
    assert_eq!(pen_downs(&changed), (1, 1, 1));
}

#[test]
fn a_line_that_is_refused_does_not_lift_the_pen() {
    let body = "G0 X10 Y10\nG1 X20 F1000 S500\nG2 X30 Y30 R1\nG1 X30\n";
    assert_eq!(pen_downs(body), (1, 1, 1));
}

#[test]
fn what_does_not_touch_is_counted_each() {
    let apart = format!("G0 X10 Y10\n{SQUARE}G0 X50 Y50\nG1 X60 F1000 S500\n");
    let (before, after, bound) = pen_downs(&apart);
    assert_eq!((before, after, bound), (2, 2, 2));
}

#[test]
fn a_path_without_a_length_is_no_pen_down() {
    let point = format!("G0 X50 Y50\nG1 X50 F1000 S500\nG0 X10 Y10\n{SQUARE}");
    assert_eq!(pen_downs(&point), (1, 1, 1));
}

#[test]
fn a_dark_path_is_no_pen_down() {
    let dark = format!("G0 X50 Y50\nG1 X60 F1000 S0\nG0 X10 Y10\n{SQUARE}");
    assert_eq!(pen_downs(&dark), (1, 1, 1));
}

/// The bound on travel and the travel that was found, as the written program has it, mm.
fn travel(program: &str) -> (f64, f64) {
    let job = Job::open(program.into(), None, &OpenOptions::default()).unwrap();
    let options = OptimizeOptions::default().with_bound(true);
    let done = job.optimize(&Objective::Travel, &options).unwrap();
    let machine = machine::preset("diode-laser").unwrap();
    let after = estimate(&Source::new(done.gcode.clone()), done.reading, &machine);
    (done.travel_bound.unwrap(), after.travel_mm)
}

#[test]
fn the_bound_on_travel_is_computed_when_asked_for() {
    let body = "G0 X30 Y0\nG1 X40 F1000 S500\nG0 X10 Y0\nG1 X20 F1000 S500\n";
    assert_eq!(optimize(&format!("{HEAD}{body}{TAIL}")).travel_bound, None);
    let (bound, travel) = travel(&format!("{HEAD}{body}{TAIL}"));
    // 10 to the first, 10 to the next, 40 back.
    assert!(
        (bound - 60.0).abs() < 0.01 && travel >= bound - 1e-3,
        "{bound} {travel}"
    );
}

#[test]
fn batches_are_bounded_one_by_one() {
    // Two operations: their sequence is kept, and so is the way from one to the other.
    let body = "G0 X30 Y0\nG1 X40 F1000 S500\nG0 X10 Y0\nG1 X20 F1000 S500\n\
                G0 X100 Y0\nG1 X110 S200\nG0 X60 Y0\nG1 X70 S200\n";
    let (bound, travel) = travel(&format!("{HEAD}{body}{TAIL}"));
    // 10, 10; 20 from X40 to X60; then 70 to 100, or the other way round; 60 or 110 back.
    assert!(bound > 119.0 && bound <= travel + 1e-3, "{bound} {travel}");
}

#[test]
fn a_fence_has_its_place() {
    let body = "G0 X30 Y0\nG1 X40 F1000 S500\nG0 X100 Y0\nM0\nG0 X10 Y0\nG1 X20 F1000 S500\n";
    let (bound, travel) = travel(&format!("{HEAD}{body}{TAIL}"));
    // 30 to the first, 60 to the fence, 80 back to the second, 10 home.
    assert!(
        (bound - 180.0).abs() < 0.01 && bound <= travel + 1e-3,
        "{bound} {travel}"
    );
}

/// A piece of a program, at a place.
fn piece() -> impl Strategy<Value = String> {
    let xy = || (0_u32..60, 0_u32..60);
    let power = prop::sample::select(vec![500, 500, 500, 200]);
    prop_oneof![
        6 => (xy(), xy(), power.clone()).prop_map(|((x, y), (u, v), s)| {
            format!("G0 X{x} Y{y}\nG1 X{u} Y{v} F1000 S{s}\n")
        }),
        3 => (xy(), power).prop_map(|((x, y), s)| format!(
            "G0 X{x} Y{y}\nG1 X{} F1000 S{s}\nG1 Y{}\nG1 X{x} Y{y}\n", x + 5, y + 7
        )),
        1 => xy().prop_map(|(x, y)| format!("G0 X{x} Y{y}\nM0\n")),
        1 => xy().prop_map(|(x, y)| format!("G0 X{x} Y{y}\nG1 Z-1 F300 S500\nG1 X{y} F1000\nG0 Z0\n")),
        1 => xy().prop_map(|(x, y)| format!("G0 X{x} Y{y}\nG1 X{} F1000 S500\nG1 X{} S0\nG1 X{} S500\n", x + 2, x + 9, x + 12)),
        1 => Just("(a remark)\n".to_owned()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn no_written_program_travels_less_than_the_bound(
        pieces in prop::collection::vec(piece(), 0..10),
        again in 0_usize..4,
    ) {
        let mut body = pieces.concat();
        // Some of it is burned again.
        body.extend(pieces.iter().take(again).cloned());
        let (bound, travel) = travel(&format!("{HEAD}{body}{TAIL}"));
        prop_assert!(bound <= travel + 1e-3, "{bound} {travel}\n{body}");
    }
}

#[test]
fn outlines_that_touch_are_burned_on_the_way_or_each_in_one_go() {
    let other = "G0 X20 Y20\nG1 X30\nG1 Y30\nG1 X20\nG1 Y20\n";
    let program = format!("{HEAD}G0 X10 Y10\n{SQUARE}{other}{TAIL}");
    let count = |whole: bool| {
        let options = OptimizeOptions::default().with_whole_outlines(whole);
        let job = Job::open(program.clone().into(), None, &OpenOptions::default()).unwrap();
        let done = job.optimize(&Objective::Travel, &options).unwrap();
        let machine = machine::preset("diode-laser").unwrap();
        estimate(&Source::new(done.gcode), done.reading, &machine).pen_downs
    };
    assert_eq!((count(false), count(true)), (1, 2));
}
