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

#[test]
fn states_are_saved_and_come_back() {
    let (fast, slow) = (trapezoid(100.0, 100.0), trapezoid(100.0, 50.0));
    // How coordinates are read, and F: there, back by as much, there again.
    takes(
        "G1 X100 F6000\nSAVE_GCODE_STATE NAME=a\nG91\nG1 X-100 F3000\n\
         RESTORE_GCODE_STATE NAME=a\nG1 X100\n",
        fast + slow + fast,
    );
    // The factor of M220, but not for MOVE_SPEED, which is in mm/s.
    takes(
        "M220 S50\nSAVE_GCODE_STATE\nG1 X100 F6000\nM220 S100\n\
         RESTORE_GCODE_STATE MOVE=1 MOVE_SPEED=100\nG1 Y100 F6000\n",
        slow + corner(100.0, 50.0),
    );
    // What counts from elsewhere, and a name that is not there.
    takes(
        "SAVE_GCODE_STATE\nG92 X50\nRESTORE_GCODE_STATE\nRESTORE_GCODE_STATE NAME=b\n\
         G1 X100 F6000\n",
        fast,
    );
    let e = time_on(
        &machine(""),
        "M82\nG1 X10 E1 F600\nSAVE_GCODE_STATE\nG1 X20 E5\nRESTORE_GCODE_STATE\nG1 X30 E2\n",
    );
    assert!((e.filament_mm - 6.0).abs() < 1e-9, "{}", e.filament_mm);
}

/// `d` mm at 100 mm/s and `d` mm at `v` mm/s, round a right angle at the square corner
/// velocity of 5 mm/s: of each ramp to that corner `5/2000` s and its way are spared.
fn corner(d: f64, v: f64) -> f64 {
    let spared = |v: f64| 5.0 / 2000.0 - (25.0 / 4000.0) / v;
    trapezoid(d, 100.0) + trapezoid(d, v) - spared(100.0) - spared(v)
}

#[test]
fn offsets_lie_under_all_coordinates() {
    let fast = trapezoid(100.0, 100.0);
    takes("SET_GCODE_OFFSET X=10\nG1 X90 F6000\n", fast);
    // They last over homing, and what is added is added.
    takes(
        "SET_GCODE_OFFSET X=4\nSET_GCODE_OFFSET X_ADJUST=6\nG28\nG1 X90 F6000\n",
        fast,
    );
    // The head follows, at the speed of before or at one of its own.
    let there = "SET_GCODE_OFFSET X=10 MOVE=1\nG1 X-10 F1500\n";
    takes(there, 2.0 * trapezoid(10.0, 25.0));
    takes(
        "M220 S50\nSET_GCODE_OFFSET X=10 MOVE=1 MOVE_SPEED=50\nG1 X-10 F6000\n",
        2.0 * trapezoid(10.0, 50.0),
    );
    let e = time_on(
        &machine(""),
        "M82\nM221 S200\nG1 X10 E1 F600\nSET_GCODE_OFFSET E=1\nG1 X20 E1\n\
         SET_GCODE_OFFSET E=2 MOVE=1\nG1 X30 E1\n",
    );
    // Offsets count in filament itself, of which M221 has no part.
    assert!((e.filament_mm - 4.0).abs() < 1e-9, "{}", e.filament_mm);
}

#[test]
fn values_behind_a_name_are_words_of_a_shell() {
    let slower = 1.0 + 100.0 / 1000.0;
    for line in [
        "SET_VELOCITY_LIMIT ACCEL=\"1000\" # VELOCITY=1",
        "SET_VELOCITY_LIMIT ACCEL='1000' ; VELOCITY=1",
        "SET_VELOCITY_LIMIT ACCEL=1000;VELOCITY=1",
        "SET_VELOCITY_LIMIT ACCEL=1 ACCEL=1e3",
        "N7 SET_VELOCITY_LIMIT ACCEL=1000*12",
    ] {
        takes(&format!("{line}\nG1 X100 F6000\n"), slower);
    }
}

#[test]
fn a_command_is_compared_as_text() {
    let whole = trapezoid(100.0, 100.0);
    for line in ["/G1 X0", "G01 X0", "G1.0 X0", "G 1 X0", "N1 G01 X0"] {
        takes(&format!("G1 X100 F6000\n{line}\n"), whole);
    }
    takes("G1X100F6000\nN1 /G0X0\n", 2.0 * whole);
}

#[test]
fn homing_takes_axes_without_numbers() {
    let first = trapezoid(100.0, 100.0);
    // X is home and Y is not: the last move is one along Y.
    takes("G1 Y100 F6000\nG28 X\nG1 X0 Y200\n", 2.0 * first);
    takes("G1 Y100 F6000\nG28 X Z ; both\nG1 X0 Y200\n", 2.0 * first);
    takes(
        "G1 Y100 F6000\nG28\nG1 X0 Y200\n",
        first + trapezoid(200.0, 100.0),
    );
    let (_, found) = estimate_stream(
        &b"G28 X Y\n"[..],
        Some(Dialect::KLIPPER),
        RunLimits::default(),
        &machine(""),
    )
    .unwrap();
    assert!(found.as_slice().iter().all(|d| d.code.0 != "gcode/syntax"));
}

#[test]
fn an_arc_that_is_not_known_sets_nothing() {
    // Neither its place, nor its E, nor its F.
    let program = "M82\nG1 X10 E1 F6000\nG2 X30 I10 E5 F60\nG92 E1\nG1 X110 E6\n";
    let e = time_on(&machine(""), program);
    let straight = time_on(&machine(""), "M82\nG1 X10 E1 F6000\nG92 E1\nG1 X110 E6\n");
    assert_eq!(e.arcs_not_run, 1);
    assert_eq!((e.seconds, e.filament_mm), (straight.seconds, 6.0));
    let owed = "M82\nG1 X10 E1 F6000\nG2 X30 I10 E5\nG1 X110 E6\n";
    assert!((time_on(&machine(""), owed).filament_mm - 6.0).abs() < 1e-9);
}

#[test]
fn older_hosts_know_the_acceleration_of_gentle_ramps() {
    // A move of 1 mm has its peak where the gentle ramps meet, at v² = 1 mm · a; the
    // ramps themselves have 2000 mm/s².
    let peak = |gentle_a: f64| {
        let v = gentle_a.sqrt();
        2.0 * v / 2000.0 + (1.0 - v * v / 2000.0) / v
    };
    let old = CFG.replace("minimum_cruise_ratio: 0.5", "max_accel_to_decel: 1000");
    let (old, _) = read("printer.cfg", old.as_bytes()).unwrap();
    let seconds = |m: &Machine, line: &str| time_on(m, &format!("{line}\nG1 X1 F6000\n")).seconds;
    let set = "SET_VELOCITY_LIMIT ACCEL_TO_DECEL=500";
    for (m, line, gentle_a) in [
        (&old, "", 1000.0),
        (&old, set, 500.0),
        (&old, "SET_VELOCITY_LIMIT ACCEL_TO_DECEL=9000", 2000.0),
        (&machine(""), set, 1000.0),
        (
            &old,
            "SET_VELOCITY_LIMIT ACCEL_TO_DECEL=500 MINIMUM_CRUISE_RATIO=0",
            2000.0,
        ),
    ] {
        let (ours, theirs) = (seconds(m, line), peak(gentle_a));
        assert!((ours - theirs).abs() < 1e-9, "{line}: {ours} {theirs}");
    }
}

#[test]
fn a_delta_is_slower_at_its_rim() {
    // Arms of 200 mm and towers at 100 mm: 3 · 200/√10 - 100 = 89.74 mm from the middle
    // a tower 100 mm behind runs three times as fast as the head, and at 97.29 mm six.
    let more = "[stepper_a]\narm_length: 200\n";
    let cfg = CFG.replace("corexy", "delta\ndelta_radius: 100") + more;
    let (m, found) = read("printer.cfg", cfg.as_bytes()).unwrap();
    let slow = |d: &trajet::diag::Diagnostic| d.code.0 == "machine/kinematics";
    assert!(!found.as_slice().iter().any(slow));
    let from_rest = |d: f64, v: f64, a: f64| d / v + v / a;
    for (to, v, a) in [
        ("X-89", 150.0, 2000.0),
        ("Y-90", 100.0, 1000.0),
        ("X97", 100.0, 1000.0),
        ("X98", 50.0, 500.0),
    ] {
        let there = time_on(&m, &format!("G1 {to} F9000\n"));
        let d: f64 = to[1..].parse().unwrap();
        let expected = from_rest(d.abs(), v, a);
        assert!((there.seconds - expected).abs() < 1e-9, "{to}");
        // The way back begins there, after a stop.
        let back = time_on(&m, &format!("G1 {to} F9000\nG4\nG1 X0 Y0\n"));
        assert!((back.seconds - 2.0 * expected).abs() < 1e-9, "{to}");
    }
    // What a program sets of the head's limits is no part of it.
    let set = time_on(
        &m,
        "SET_VELOCITY_LIMIT VELOCITY=1000 ACCEL=20000\nG1 X90 F9000\n",
    );
    assert!((set.seconds - from_rest(90.0, 100.0, 1000.0)).abs() < 1e-9);
    // Without the arms nothing is known of it.
    let cfg = CFG.replace("corexy", "delta");
    let (_, found) = read("printer.cfg", cfg.as_bytes()).unwrap();
    assert!(found.as_slice().iter().any(slow));
}
