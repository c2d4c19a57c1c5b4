//! `verify` finds what it is for: it fails when anything burns differently.

use proptest::prelude::*;
use trajet::gcode::{self, Dialect};
use trajet::toolpath::{Toolpath, verify};

fn toolpath(text: &str) -> Toolpath {
    gcode::read(text.into(), Dialect::GRBL).toolpath
}

const PROGRAM: &str = "G21 G90\nM4 S0\nG0 X10 Y10\nG1 X20 F1000 S500\nG1 Y20\nG3 X10 Y20 I-5 J0\n\
                       G0 X50 Y50\nG4 P0.1\nG1 X60 S300\nM5\nM2\n";

#[test]
fn order_direction_and_start_do_not_matter() {
    let other = "G21 G90\nM4 S0\nG0 X60 Y50 F1000\nG4 P0.1\nG1 X50 S300\nG0 X10 Y20\n\
                 G2 X20 Y20 I5 J0 S500\nG1 Y10\nG1 X10\nM5\nM2\n";
    assert_eq!(verify(&toolpath(PROGRAM), &toolpath(other), 0.001), Ok(0.0));
}

#[test]
fn the_same_geometry_cut_up_otherwise_is_the_same() {
    let other = PROGRAM.replace("G1 X20 F1000 S500", "G1 X13 F1000 S500\nG1 X20");
    assert!(verify(&toolpath(PROGRAM), &toolpath(&other), 0.001).is_ok());
}

#[test]
fn arcs_lie_in_their_plane() {
    let arc = |words: &str| format!("G21 G90 F900\nM4 S9\n{words}\n");
    let half = arc("G18 G3 X0 Z10 K5 I0");
    let quarters = arc("G18 G3 X-5 Z5 K5 I0\nG3 X0 Z10 K0 I5");
    assert!(verify(&toolpath(&half), &toolpath(&quarters), 0.001).is_ok());
    // The same ends and the same bulge, bowed to another side.
    let other = arc("G19 G2 Y0 Z10 K5 J0");
    assert!(verify(&toolpath(&half), &toolpath(&other), 0.01).is_err());
    let line = arc("G1 Z10");
    assert!(verify(&toolpath(&half), &toolpath(&line), 0.01).is_err());
}

#[test]
fn every_difference_is_found() {
    for (what, with) in [
        ("G1 Y20\n", ""),
        ("X20 F1000", "X20.1 F1000"),
        ("S300", "S301"),
        ("F1000", "F900"),
        ("M4", "M3"),
        ("G3", "G2"),
        ("G4 P0.1", "G4 P0.2"),
        ("G4 P0.1\n", ""),
        ("G1 X60 S300", "G1 X60 S300\nG1 X50"),
        ("G1 X60 S300", "G1 X60 S0"),
        ("G0 X50 Y50\n", "G1 X50 Y50\n"),
    ] {
        assert!(PROGRAM.contains(what), "{what}");
        let other = PROGRAM.replacen(what, with, 1);
        let found = verify(&toolpath(PROGRAM), &toolpath(&other), 0.01);
        assert!(found.is_err(), "{what} -> {with}");
        let back = verify(&toolpath(&other), &toolpath(PROGRAM), 0.01);
        assert!(back.is_err(), "{with} -> {what}");
    }
}

#[test]
fn what_is_shorter_than_the_tolerance_may_be_cut_up_otherwise() {
    let begin = "G21 G90 F900\nM4 S9\nG1 X5\n";
    let one = format!("{begin}G1 X5.006\n");
    let two = format!("{begin}G1 X5.003\nG1 X5.006\n");
    assert!(verify(&toolpath(&one), &toolpath(&two), 0.01).is_ok());
    assert!(verify(&toolpath(&one), &toolpath(&two), 0.002).is_ok());
    // Not elsewhere, nor what has no length: a dot is burned as often as before.
    let elsewhere = format!("{one}G0 X9\nG1 X9.003\n");
    assert!(verify(&toolpath(&one), &toolpath(&elsewhere), 0.01).is_err());
    let dot = format!("{one}G1 X5.006\n");
    assert!(verify(&toolpath(&one), &toolpath(&dot), 0.01).is_err());
}

#[test]
fn twice_and_once_is_not_once_and_twice() {
    let a = "M4 S9 F900\nG1 X5\nG0 X0\nG1 X5\nG0 X0 Y9\nG1 X5\n";
    let b = "M4 S9 F900\nG1 X5\nG0 X0 Y9\nG1 X5\nG0 X0\nG1 X5\n";
    assert!(verify(&toolpath(a), &toolpath(b), 0.01).is_err());
}

proptest! {
    #[test]
    fn small_moves_of_a_point_are_measured(off in 0.0_f64..0.02) {
        let other = PROGRAM.replace("G1 X60 S300", &format!("G1 X{:.6} S300", 60.0 + off));
        let found = verify(&toolpath(PROGRAM), &toolpath(&other), 0.01);
        if off < 0.0099 {
            prop_assert!((found.unwrap() - off).abs() < 1e-5);
        } else if off > 0.0101 {
            prop_assert!(found.is_err());
        }
    }
}
