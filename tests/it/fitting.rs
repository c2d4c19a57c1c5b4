//! Simplify and arc fit on programs: what is written is what was there within the
//! tolerance, as measured by samples of the moves, with fewer commands, and what may
//! not be joined is not.

use proptest::prelude::*;
use std::f64::consts::TAU;
use std::fmt::Write;
use trajet::Source;
use trajet::estimate::estimate;
use trajet::gcode::{self, Dialect, EmitOptions, Program, Run};
use trajet::machine::{ArcSupport, Machine, preset};
use trajet::motion::{Arc, Beam, Command};
use trajet::pass::{
    ArcFit, Context, FIT_SLOWER, Fitting, NO_ARCS, Objective, Pass, PassReport, Simplify,
};
use trajet::toolpath::verify_burns;

const TOLERANCE: f64 = 0.01;
/// Rounding of written numbers, mm.
const ROUNDING: f64 = 3e-4;

/// A program that cuts polylines, with coordinates as many programs write them.
fn program(paths: &[Vec<(f64, f64)>]) -> String {
    let mut out = String::from("G21 G90\nM4 S0\n");
    for path in paths {
        let (x, y) = path[0];
        writeln!(out, "G0 X{x:.3} Y{y:.3}").unwrap();
        for (x, y) in &path[1..] {
            writeln!(out, "G1 X{x:.3} Y{y:.3} S300 F1500").unwrap();
        }
    }
    out + "M5\nM2\n"
}

/// Points of x and y over a parameter from 0 to 1.
fn curve(n: u32, at: impl Fn(f64) -> (f64, f64)) -> Vec<(f64, f64)> {
    (0..=n).map(|i| at(f64::from(i) / f64::from(n))).collect()
}

fn drawing() -> Vec<Vec<(f64, f64)>> {
    let around = |x: f64, r: f64| {
        curve(60, move |t| {
            (x + r * (t * TAU).cos(), 20.0 + r * (t * TAU).sin())
        })
    };
    vec![
        around(20.0, 3.0),
        around(40.0, 12.0),
        curve(200, |t| (t * 80.0, 50.0 + 8.0 * (t * 12.0).sin())),
        curve(150, |t| {
            (
                (30.0 - 20.0 * t) * (9.0 * t).cos() + 40.0,
                (30.0 - 20.0 * t) * (9.0 * t).sin() + 90.0,
            )
        }),
        vec![
            (0.0, 0.0),
            (5.0, 0.0),
            (10.0, 0.0),
            (10.0, 5.0),
            (10.0, 10.0),
            (0.0, 10.0),
            (0.0, 0.0),
        ],
    ]
}

fn run(pass: &dyn Pass, program: &Program, context: &mut Context) -> (PassReport, Vec<u8>) {
    let mut after = program.toolpath.clone();
    let report = pass.run(&mut after, context).unwrap();
    let written = gcode::emit(program, &after, &EmitOptions::default()).unwrap();
    (report, written)
}

/// Between points along what is burned, mm.
const SPACING: f64 = 0.004;

/// Points along what is burned.
fn samples(text: &[u8]) -> Vec<(f64, f64)> {
    let source = Source::new(text.to_vec());
    let mut run = Run::new(source.in_order(), Dialect::GRBL);
    let (mut x, mut y) = (0.0, 0.0);
    let mut out = Vec::new();
    while run.step().is_some() {
        for command in run.commands() {
            let Command::Move(m) = command else { continue };
            let (to_x, to_y) = (m.to.x, m.to.y);
            if m.beam == Beam::On {
                let turn = m.arc.map(|arc| turn(&arc, (x, y), (to_x, to_y)));
                let length = match (turn, m.arc) {
                    (Some((_, sweep)), Some(arc)) => arc.radius * sweep.abs(),
                    _ => (to_x - x).hypot(to_y - y),
                };
                let n = (length / SPACING).ceil();
                for i in 0..=n as u32 {
                    let t = f64::from(i) / n;
                    out.push(match (turn, m.arc) {
                        (Some((first, sweep)), Some(arc)) => {
                            let (s, c) = (first + sweep * t).sin_cos();
                            let (cx, cy) = (x + arc.offset.x, y + arc.offset.y);
                            (cx + arc.radius * c, cy + arc.radius * s)
                        }
                        _ => (x + (to_x - x) * t, y + (to_y - y) * t),
                    });
                }
            }
            (x, y) = (to_x, to_y);
        }
    }
    out
}

/// First angle and sweep of an arc.
fn turn(arc: &Arc, from: (f64, f64), to: (f64, f64)) -> (f64, f64) {
    let (cx, cy) = (from.0 + arc.offset.x, from.1 + arc.offset.y);
    let first = (from.1 - cy).atan2(from.0 - cx);
    let mut sweep = (to.1 - cy).atan2(to.0 - cx) - first;
    if arc.clockwise && sweep >= -1e-7 {
        sweep -= TAU;
    } else if !arc.clockwise && sweep <= 1e-7 {
        sweep += TAU;
    }
    (first, sweep)
}

/// Greatest distance from points to the nearest of others, mm.
fn off(points: &[(f64, f64)], others: &[(f64, f64)]) -> f64 {
    let mut sorted = others.to_vec();
    sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
    let near = |p: &(f64, f64)| {
        let at = sorted.partition_point(|q| q.0 < p.0);
        let mut best = f64::INFINITY;
        let right = sorted[at..].iter();
        let left = sorted[..at].iter().rev();
        for side in [
            &mut right.clone() as &mut dyn Iterator<Item = &(f64, f64)>,
            &mut left.clone(),
        ] {
            for q in side {
                if (q.0 - p.0).abs() > best {
                    break;
                }
                best = best.min((q.0 - p.0).hypot(q.1 - p.1));
            }
        }
        best
    };
    points.iter().step_by(7).map(near).fold(0.0, f64::max)
}

fn commands(text: &[u8]) -> usize {
    let text = String::from_utf8_lossy(text);
    text.lines()
        .filter(|l| l.contains('X') || l.contains('Y'))
        .count()
}

#[test]
fn what_is_written_is_near_what_was_there_and_shorter() {
    let text = program(&drawing());
    let before = gcode::read(text.clone().into(), Dialect::GRBL);
    let old = samples(text.as_bytes());
    let mut counts = vec![commands(text.as_bytes())];
    let passes: [&dyn Pass; 2] = [
        &Simplify::new(Fitting::default().with_tolerance(TOLERANCE)),
        &ArcFit::new(Fitting::default().with_tolerance(TOLERANCE)),
    ];
    for pass in passes {
        let (report, written) = run(pass, &before, &mut Context::default());
        let new = samples(&written);
        let measured = off(&old, &new).max(off(&new, &old));
        assert!(
            measured <= TOLERANCE + ROUNDING + SPACING / 2.0,
            "{measured}"
        );
        assert!(
            report.deviation_mm <= TOLERANCE && report.changed >= 2,
            "{report:?}"
        );
        let back = gcode::read(written.clone(), Dialect::GRBL);
        let moved = verify_burns(&before.toolpath, &back.toolpath, TOLERANCE + ROUNDING).unwrap();
        assert!(moved <= TOLERANCE + ROUNDING);
        counts.push(commands(&written));
        // A second run finds no more.
        let (_, again) = run(pass, &back, &mut Context::default());
        assert!(commands(&again) <= commands(&written));
    }
    let [lines, fewer, arcs] = counts[..] else {
        panic!()
    };
    assert!(fewer < lines && 4 * arcs < fewer, "{counts:?}");
}

#[test]
fn a_circle_becomes_one_command_and_a_square_four() {
    let (r, n) = (5.0, 72);
    let turn = |t: f64| (t * TAU).sin_cos();
    let mut circle = curve(n, |t| (10.0 + r * turn(t).1, 10.0 + r * turn(t).0));
    circle[n as usize] = circle[0];
    let square = &drawing()[4];
    let text = program(&[circle, square.clone()]);
    let p = gcode::read(text.into(), Dialect::GRBL);
    let (_, written) = run(
        &ArcFit::new(Fitting::default().with_tolerance(TOLERANCE)),
        &p,
        &mut Context::default(),
    );
    let written = String::from_utf8(written).unwrap();
    let arcs = written.lines().filter(|l| l.contains('I')).count();
    assert_eq!(
        (arcs, commands(written.as_bytes())),
        (1, 2 + 1 + 4),
        "{written}"
    );
}

#[test]
fn feeds_and_powers_are_not_joined() {
    let mut text = String::from("G21 G90 M4 S0\nG0 X0 Y0\n");
    for i in 1..=60 {
        let (s, c) = (f64::from(i) * 0.02).sin_cos();
        let feed = if i <= 20 { 1000 } else { 2000 };
        let power = if i <= 40 { 300 } else { 400 };
        writeln!(
            text,
            "G1 X{:.3} Y{:.3} F{feed} S{power}",
            20.0 * s,
            20.0 - 20.0 * c
        )
        .unwrap();
    }
    text += "M5\n";
    let before = gcode::read(text.into(), Dialect::GRBL);
    let (_, written) = run(&ArcFit::default(), &before, &mut Context::default());
    let arcs = String::from_utf8(written.clone()).unwrap();
    assert_eq!(arcs.matches('I').count(), 3, "{arcs}");
    let back = gcode::read(written, Dialect::GRBL);
    let _ = verify_burns(&before.toolpath, &back.toolpath, 0.006).unwrap();
}

#[test]
fn the_machine_is_asked() {
    let before = gcode::read(program(&drawing()).into(), Dialect::GRBL);
    let pass = ArcFit::new(Fitting::default().with_tolerance(TOLERANCE));
    let on = |machine: Machine| {
        let mut context = Context {
            objective: Objective::Time(Box::new(machine.clone())),
            ..Context::default()
        };
        let (report, written) = run(&pass, &before, &mut context);
        (report, written, context.diagnostics)
    };
    let mut machine = preset("diode-laser").unwrap();
    let (all, _, said) = on(machine.clone());
    assert!(all.changed >= 4 && said.as_slice().is_empty());
    machine.arcs = None;
    let (none, written, said) = on(machine.clone());
    assert!(none.changed == 0 && said.has(NO_ARCS));
    assert_eq!(written, before.source.bytes());
    // The spiral has radii from 10 to 30 mm, all else is smaller or lines.
    machine.arcs = Some(ArcSupport::default().with_greatest_radius(1.0));
    let (few, written, _) = on(machine.clone());
    assert!(few.changed < all.changed, "{few:?}");
    assert!(!String::from_utf8(written).unwrap().contains('I'));
    // So fine chords that the planner sees half a millimetre ahead.
    machine = preset("diode-laser").unwrap();
    machine.arc_tolerance = 1e-5;
    let (kept, written, said) = on(machine.clone());
    assert!(
        kept.changed < all.changed && said.has(FIT_SLOWER),
        "{kept:?}"
    );
    let seconds =
        |bytes: &[u8]| estimate(&Source::new(bytes.to_vec()), Dialect::GRBL, &machine).seconds;
    assert!(seconds(&written) <= seconds(before.source.bytes()) * (1.0 + 1e-9));
}

#[test]
fn tolerances_are_checked() {
    let mut t = gcode::read(program(&drawing()).into(), Dialect::GRBL).toolpath;
    for bad in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        let passes: [&dyn Pass; 2] = [
            &ArcFit::new(Fitting::default().with_tolerance(bad)),
            &Simplify::new(Fitting::default().with_tolerance(bad)),
        ];
        for pass in passes {
            assert!(pass.run(&mut t, &mut Context::default()).is_err());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn any_program_is_kept_within_tolerance(
        steps in proptest::collection::vec((0.05_f64..1.5, -0.6_f64..0.6), 3..120),
        tolerance in prop_oneof![Just(0.004), Just(0.02), Just(0.08)],
    ) {
        let (mut x, mut y, mut heading) = (20.0_f64, 20.0_f64, 0.3_f64);
        let mut path = vec![(x, y)];
        for (length, turn) in steps {
            heading += turn;
            (x, y) = (x + length * heading.cos(), y + length * heading.sin());
            path.push((x, y));
        }
        let text = program(&[path]);
        let before = gcode::read(text.clone().into(), Dialect::GRBL);
        let old = samples(text.as_bytes());
        let passes: [&dyn Pass; 2] = [
            &Simplify::new(Fitting::default().with_tolerance(tolerance)),
            &ArcFit::new(Fitting::default().with_tolerance(tolerance)),
        ];
        for pass in passes {
            let (_, written) = run(pass, &before, &mut Context::default());
            let new = samples(&written);
            let measured = off(&old, &new).max(off(&new, &old));
            prop_assert!(measured <= tolerance + ROUNDING + SPACING / 2.0, "{measured}");
            let back = gcode::read(written.clone(), Dialect::GRBL);
            let burned = verify_burns(&before.toolpath, &back.toolpath, tolerance + ROUNDING);
            prop_assert!(burned.is_ok(), "{burned:?}");
            let (_, again) = run(pass, &back, &mut Context::default());
            prop_assert!(commands(&again) <= commands(&written));
        }
    }
}
