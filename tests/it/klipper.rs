//! Programs for Klipper, from their bytes and a `printer.cfg` to seconds.

use trajet::Source;
use trajet::estimate::{Estimate, estimate, estimate_stream};
use trajet::gcode::{Dialect, RunLimits};
use trajet::machine::{Machine, read};

const CFG: &str = "[printer]\nkinematics: corexy\nmax_velocity: 200\nmax_accel: 2000\n\
    max_z_velocity: 10\nmax_z_accel: 100\nminimum_cruise_ratio: 0.5\nsquare_corner_velocity: 5\n\
    [extruder]\nnozzle_diameter: 0.4\nfilament_diameter: 1.75\nmax_extrude_only_velocity: 50\n\
    max_extrude_only_accel: 1000\n[firmware_retraction]\nretract_length: 1\n";

fn machine(more: &str) -> Machine {
    read("printer.cfg", format!("{CFG}{more}").as_bytes())
        .unwrap()
        .0
}

/// Whole and as a stream, which must be the same to the bit.
fn time_on(m: &Machine, program: &str) -> Estimate {
    let whole = estimate(
        &Source::new(program.as_bytes().to_vec()),
        Dialect::of(&m.firmware),
        m,
    );
    let (stream, _) = estimate_stream(
        program.as_bytes(),
        Some(Dialect::of(&m.firmware)),
        RunLimits::default(),
        m,
    )
    .unwrap();
    assert_eq!(whole, stream);
    whole
}

#[track_caller]
fn takes(program: &str, seconds: f64) {
    let e = time_on(&machine(""), program);
    assert!(
        (e.seconds - seconds).abs() < 1e-9,
        "{} {seconds}",
        e.seconds
    );
}

/// From rest to rest over `d` mm at `v` mm/s and 2000 mm/s², `v² <= 1000 d`.
fn trapezoid(d: f64, v: f64) -> f64 {
    d / v + v / 2000.0
}

#[test]
fn the_dialect_is_that_of_the_machine() {
    assert_eq!(Dialect::of(&machine("").firmware).name, "klipper");
    takes("G1 X100 F6000", trapezoid(100.0, 100.0));
    // G0 is as G1, and inches are refused.
    takes("G1 F6000\nG0 X100\nG20", trapezoid(100.0, 100.0));
    // F counts before the first line too: 25 mm/s.
    takes("G1 X100", trapezoid(100.0, 25.0));
}

#[test]
fn what_stops_and_what_does_not() {
    let whole = trapezoid(100.0, 100.0);
    let halves = 2.0 * trapezoid(50.0, 100.0);
    let between = |line: &str| format!("M83\nG1 X50 F6000\n{line}\nG1 X100\n");
    for line in [
        "G92 E0",
        "M117 hi",
        "M104 S200",
        "M106 S255",
        "M221 S95",
        "M220",
        "M73 P1",
    ] {
        takes(&between(line), whole);
    }
    for line in [
        "M400",
        "G4 S1",
        "M109 S200",
        "T1",
        "ACTIVATE_EXTRUDER EXTRUDER=extruder",
    ] {
        takes(&between(line), halves);
    }
    takes(&between("G4 P500"), halves + 0.5);
    takes(&between("M84"), halves + 0.2);
    // A retraction of 1 mm: 20 mm/s and 1000 mm/s².
    takes(&between("G10"), halves + 1.0 / 20.0 + 20.0 / 1000.0);
    takes(&between("G11"), whole);
    takes(
        &between("G1 E-1 F1200\nG1 F6000"),
        halves + 1.0 / 20.0 + 20.0 / 1000.0,
    );
}

#[test]
fn what_a_program_sets() {
    let after = |line: &str| format!("{line}\nG1 X100 F6000\n");
    takes(&after("M220 S50"), trapezoid(100.0, 50.0));
    takes(&after("M220 S50\nM220"), trapezoid(100.0, 100.0));
    takes(&after("M220 S50\nM220 S0"), trapezoid(100.0, 50.0));
    let slower = 1.0 + 100.0 / 1000.0;
    takes(&after("M204 S1000"), slower);
    takes(&after("M204 P1500 T1000"), slower);
    takes(&after("M204 P1000"), trapezoid(100.0, 100.0));
    takes(&after("SET_VELOCITY_LIMIT ACCEL=1000 VELOCITY=150"), slower);
    takes(
        &after("SET_VELOCITY_LIMIT VELOCITY=40"),
        trapezoid(100.0, 40.0),
    );
    takes(
        &after("M201 X10\nM203 X10\nM205 X1\nM566 X1"),
        trapezoid(100.0, 100.0),
    );
}

#[test]
fn arcs_need_their_section_and_absolute_places() {
    let arc = "G1 X10 F6000\nG2 X30 I10\n";
    let mm = |m: &Machine, program: &str| {
        let e = time_on(m, program);
        e.burn_mm + e.travel_mm
    };
    assert!((mm(&machine(""), arc) - 10.0).abs() < 1e-9);
    let with = machine("[gcode_arcs]\nresolution: 0.1\n");
    let half_d = 10.0 * std::f64::consts::PI;
    assert!((mm(&with, arc) - 10.0 - half_d).abs() < 1e-9);
    let relative = "G1 X10 F6000\nG91\nG2 X20 I10\n";
    assert!((mm(&with, relative) - 10.0).abs() < 1e-9);
}

#[test]
fn filament_is_counted_with_its_factor() {
    let e = time_on(
        &machine(""),
        "M82\nG1 X10 E1 F600\nM221 S50\nG1 X20 E2\nG92 E0\nG1 X30 E2\nG10\n",
    );
    assert!((e.filament_mm - 2.0).abs() < 1e-9, "{}", e.filament_mm);
}
