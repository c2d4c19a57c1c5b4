//! Bounds are bounds: no result lies below them.

use crate::support::optimize;
use trajet::estimate::estimate;
use trajet::job::Optimized;
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
