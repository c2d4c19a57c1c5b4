#![allow(clippy::float_cmp)] // exact values are meant

use super::*;
use crate::machine::{Firmware, Retraction};
use crate::motion::Times;
use crate::motion::testing::near;
use crate::motion::{Arc, Plane, Setting};
use proptest::prelude::*;

mod naive;

/// 100 steps/mm for all axes, 200 mm/s, 1000 mm/s² but for Z, filament and prints.
fn printer(corners: Corners) -> Machine {
    let marlin = Marlin {
        filament_steps_per_mm: 100.0,
        filament_max_rate: 50.0,
        filament_acceleration: 5000.0,
        print_acceleration: 800.0,
        retract_acceleration: 1250.0,
        travel_acceleration: 1000.0,
        corners,
        least_print_speed: 0.0,
        least_travel_speed: 0.0,
        least_segment_seconds: 0.0,
        retraction: Some(Retraction {
            length: 2.0,
            speed: 40.0,
            extra: 0.5,
            return_speed: 20.0,
            hop: 0.0,
        }),
        volumetric_diameter: None,
    };
    Machine {
        firmware: Firmware::Marlin(Box::new(marlin)),
        steps_per_mm: [100.0; 3],
        max_rate: [200.0, 200.0, 10.0],
        acceleration: [1000.0, 1000.0, 100.0],
        planner_blocks: 16,
        ..Machine::default()
    }
}

fn planner(machine: &Machine) -> MarlinPlanner {
    let Firmware::Marlin(marlin) = &machine.firmware else {
        panic!("{machine:?}");
    };
    MarlinPlanner::new(machine, marlin)
}

/// Seconds of all commands on a machine.
fn seconds(machine: &Machine, commands: &[Command]) -> f64 {
    let mut planner = planner(machine);
    commands.iter().for_each(|c| planner.push(c));
    total(&planner.finish())
}

fn total(times: &Times) -> f64 {
    let beams = [Beam::Rapid, Beam::Stopped, Beam::Dark, Beam::On];
    beams.iter().map(|b| times.of(*b).0).sum::<f64>() + times.dwell_s + times.stopped_s
}

fn to(x: f64, y: f64, z: f64, filament: f64, feed: f64) -> Command {
    Command::Move(Move {
        to: Point3::new(x, y, z),
        arc: None,
        rate: Rate::Feed(feed),
        beam: Beam::Stopped,
        filament,
    })
}

fn x(x: f64) -> Command {
    to(x, 0.0, 0.0, 0.0, 100.0)
}

/// From one speed over the full speed to another: the ramps take (v - u) / a each and
/// (v² - u²) / 2a of the way; the rest is run at full speed.
fn ramped(d: f64, from: f64, v: f64, to: f64, a: f64) -> f64 {
    let ramps = (2.0 * v * v - from * from - to * to) / (2.0 * a);
    assert!(ramps <= d, "it does not reach full speed");
    (2.0 * v - from - to) / a + (d - ramps) / v
}

/// From one speed to another by a peak, from p² = a d + (u² + w²) / 2.
fn peaked(d: f64, from: f64, to: f64, a: f64) -> f64 {
    let peak = (a * d + 0.5 * (from * from + to * to)).sqrt();
    (2.0 * peak - from - to) / a
}

const JERK: Corners = Corners::Jerk([8.0, 8.0, 0.4, 5.0]);
const DEVIATION: Corners = Corners::Deviation(0.02);

#[test]
fn one_move_is_a_trapezoid_or_a_triangle_between_least_speeds() {
    let m = printer(JERK);
    let one = |command| seconds(&m, &[command]);
    near(one(x(50.0)), ramped(50.0, REST_V, 100.0, REST_V, 1000.0));
    near(one(x(5.0)), peaked(5.0, REST_V, REST_V, 1000.0));
    // A print has its own acceleration, filament alone that of retractions.
    let print = to(50.0, 0.0, 0.0, 1.0, 100.0);
    near(one(print), ramped(50.0, REST_V, 100.0, REST_V, 800.0));
    let filament = to(0.0, 0.0, 0.0, -2.0, 40.0);
    near(one(filament), ramped(2.0, REST_V, 40.0, REST_V, 1250.0));
    // Z and the filament hold the whole move back.
    let slope = to(30.0, 0.0, 40.0, 0.0, 100.0);
    near(one(slope), ramped(50.0, REST_V, 12.5, REST_V, 125.0));
    let thick = to(50.0, 0.0, 0.0, 50.0, 100.0);
    near(one(thick), ramped(50.0, REST_V, 50.0, REST_V, 800.0));
}

/// Under jerk a right angle at 100 mm/s is taken at 8 mm/s: X goes from 100 to 0, so
/// that all is scaled by 8/100, and Y then goes from 0 to 8.
#[test]
fn a_corner_and_a_reversal_under_jerk() {
    let m = printer(JERK);
    let piece = |from, to| ramped(50.0, from, 100.0, to, 1000.0);
    let corner = [x(50.0), to(50.0, 50.0, 0.0, 0.0, 100.0)];
    near(
        seconds(&m, &corner),
        piece(REST_V, 8.0) + piece(8.0, REST_V),
    );
    // Turning back counts by the greater speed, not by the difference of 200.
    let back = [x(50.0), x(0.0)];
    near(seconds(&m, &back), piece(REST_V, 8.0) + piece(8.0, REST_V));
    // In line nothing changes.
    let line = [x(50.0), x(100.0)];
    near(
        seconds(&m, &line),
        ramped(100.0, REST_V, 100.0, REST_V, 1000.0),
    );
    // A block that is slow by itself leaves at its full speed; the next begins at the
    // speed from which it may stop.
    let slow = [to(5.0, 0.0, 0.0, 0.0, 2.0), to(5.0, 50.0, 0.0, 0.0, 100.0)];
    let expected = ramped(5.0, REST_V, 2.0, 2.0, 1000.0) + piece(8.0, REST_V);
    near(seconds(&m, &slow), expected);
}

/// Under junction deviation v² = a δ s / (1 - s) with s = sin 45° in a right angle;
/// across it lies the diagonal, where both axes have 1000 and the move itself no more.
#[test]
fn a_corner_and_a_reversal_under_junction_deviation() {
    let m = printer(DEVIATION);
    let piece = |from, to| ramped(50.0, from, 100.0, to, 1000.0);
    let s = 0.5_f64.sqrt();
    let v = (1000.0 * 0.02 * s / (1.0 - s)).sqrt();
    let corner = [x(50.0), to(50.0, 50.0, 0.0, 0.0, 100.0)];
    near(seconds(&m, &corner), piece(REST_V, v) + piece(v, REST_V));
    let back = [x(50.0), x(0.0)];
    near(
        seconds(&m, &back),
        piece(REST_V, REST_V) + piece(REST_V, REST_V),
    );
}

/// A circle of 10 mm has the least of 72 chords. At 20 mm/s no corner slows them down:
/// a r = 1000 · 10 is more than v² = 400.
#[test]
fn a_circle_is_run_by_chords_at_the_speed_of_its_arc() {
    let m = printer(DEVIATION);
    let arc = Arc {
        plane: Plane::Xy,
        offset: crate::geom::Point::new(-10.0, 0.0),
        radius: 10.0,
        clockwise: false,
    };
    let mut p = planner(&m);
    p.push(&Command::Move(Move {
        to: Point3::default(),
        arc: Some(arc),
        rate: Rate::Feed(20.0),
        beam: Beam::Stopped,
        filament: 0.0,
    }));
    let times = p.finish();
    assert_eq!(times.blocks, 72);
    let length = 72.0 * 20.0 * (std::f64::consts::PI / 72.0).sin();
    let expected = ramped(length, REST_V, 20.0, REST_V, 1000.0);
    // Ends of chords are rounded to steps of 0.01 mm.
    assert!(
        (total(&times) / expected - 1.0).abs() < 2e-3,
        "{} {expected}",
        total(&times)
    );
}

/// Without any jerk all corners are taken at 0, so that the pieces stand alone; they
/// are left at the least speed.
#[test]
fn firmware_retraction_draws_back_lifts_and_undoes_both_once() {
    let mut m = printer(Corners::Jerk([0.0; 4]));
    let lift = Setting::Retraction {
        length: None,
        speed: None,
        extra: None,
        return_speed: None,
        hop: Some(0.4),
    };
    let back = Command::Retract { back: true };
    let forth = Command::Retract { back: false };
    let drawn = ramped(2.0, REST_V, 40.0, REST_V, 1250.0);
    let fed = ramped(2.5, 0.0, 20.0, REST_V, 1250.0);
    let hop = peaked(0.4, 0.0, REST_V, 100.0);
    let travel = ramped(50.0, 0.0, 100.0, REST_V, 1000.0);
    let commands = [Command::Setting(lift), back, back, x(50.0), forth, forth];
    near(seconds(&m, &commands), drawn + hop + travel + hop + fed);
    let mut p = planner(&m);
    commands.iter().for_each(|c| p.push(c));
    near(p.finish().filament_mm, 0.5);
    // Factors have no part in it.
    let factors = [Setting::FeedFactor(0.5), Setting::FlowFactor(2.0)].map(Command::Setting);
    let alone = [factors[0], factors[1], back];
    near(
        seconds(&m, &alone),
        ramped(2.0, REST_V, 40.0, REST_V, 1250.0),
    );
    if let Firmware::Marlin(marlin) = &mut m.firmware {
        marlin.retraction = None;
    }
    assert_eq!(seconds(&m, &commands), seconds(&m, &[x(50.0)]));
}

#[test]
fn dwells_stop_and_filament_told_anew_does_not() {
    let m = printer(DEVIATION);
    let half = ramped(50.0, REST_V, 100.0, REST_V, 1000.0);
    let dwell = Command::Dwell { seconds: 0.3 };
    near(seconds(&m, &[x(50.0), dwell, x(100.0)]), 2.0 * half + 0.3);
    let whole = ramped(100.0, REST_V, 100.0, REST_V, 1000.0);
    let offsets = Command::Wait(Wait::Offsets);
    near(seconds(&m, &[x(50.0), offsets, x(100.0)]), whole);
    let place = Command::Setting(Setting::FilamentPlace(7.0));
    near(seconds(&m, &[x(50.0), place, x(100.0)]), whole);
    near(
        seconds(&m, &[x(50.0), Command::Wait(Wait::Drain), x(100.0)]),
        2.0 * half,
    );
}

/// 5.5 steps of filament are rounded to 6; twice that is 11, of which 5 are left for the
/// second block: too few, unless the first 0.055 mm were said to be 0.
#[test]
fn filament_told_anew_forgets_parts_of_a_step() {
    let m = printer(DEVIATION);
    let fed = to(0.0, 0.0, 0.0, 0.055, 10.0);
    let blocks = |between: Command| {
        let mut p = planner(&m);
        [fed, between, fed].iter().for_each(|c| p.push(c));
        p.finish().blocks
    };
    let place = |e| Command::Setting(Setting::FilamentPlace(e));
    assert_eq!(blocks(place(0.0)), 2);
    // Where it is already, and where only the head is told anew, nothing is forgotten.
    assert_eq!(blocks(place(0.055)), 1);
    assert_eq!(blocks(Command::Wait(Wait::Offsets)), 1);
}

#[test]
fn what_is_shorter_than_six_steps_is_carried_to_the_next_move() {
    let m = printer(DEVIATION);
    let mut p = planner(&m);
    (1..=100).for_each(|k| p.push(&x(0.01 * f64::from(k))));
    let times = p.finish();
    // 100 steps in blocks of 6; the last 4 are never run.
    assert_eq!(times.blocks, 16);
    near(total(&times), peaked(0.96, REST_V, REST_V, 1000.0));
}

#[test]
fn settings_hold_from_where_they_stand_if_the_build_has_them() {
    let m = printer(DEVIATION);
    let with = |s: Setting| seconds(&m, &[Command::Setting(s), x(50.0), x(0.0)]);
    let plain = seconds(&m, &[x(50.0), x(0.0)]);
    assert_eq!(with(Setting::Jerk([Some(1.0); 4])), plain);
    // M205 J takes 0.01 to 0.3 only.
    let corner = |d: f64| {
        let at = to(50.0, 50.0, 0.0, 0.0, 100.0);
        seconds(
            &m,
            &[Command::Setting(Setting::JunctionDeviation(d)), x(50.0), at],
        )
    };
    assert_eq!(corner(0.005), corner(0.02));
    assert!(corner(0.1) < corner(0.02));
    let half = with(Setting::FeedFactor(0.5));
    near(half, 2.0 * ramped(50.0, REST_V, 50.0, REST_V, 1000.0));
    // M220 B keeps the half, R brings it back; without B all of the feed comes back.
    let kept = |keep, restore| Setting::KeptFeedFactor { keep, restore };
    let after = |settings: &[Setting]| {
        let mut all: Vec<_> = settings.iter().copied().map(Command::Setting).collect();
        all.extend([x(50.0), x(0.0)]);
        seconds(&m, &all)
    };
    let (to_half, to_all) = (Setting::FeedFactor(0.5), Setting::FeedFactor(1.0));
    let (keep, restore) = (kept(true, false), kept(false, true));
    near(after(&[to_half, keep, to_all, restore]), half);
    near(after(&[to_half, restore]), plain);
    // With both they change places.
    near(after(&[to_half, kept(true, true), restore]), half);
    let slow = with(Setting::AxisRate([Some(20.0), None, None, None]));
    near(slow, 2.0 * ramped(50.0, REST_V, 20.0, REST_V, 1000.0));
    let weak = with(Setting::Acceleration {
        print: None,
        retract: None,
        travel: Some(500.0),
    });
    near(weak, 2.0 * ramped(50.0, REST_V, 100.0, REST_V, 500.0));
    // 40 mm³ of filament of 2 mm² to the mm.
    let diameter = 2.0 * (2.0 / std::f64::consts::PI).sqrt();
    let volumes = Command::Setting(Setting::Volumetric {
        on: Some(true),
        diameter: Some(diameter),
    });
    let fed = [volumes, to(0.0, 0.0, 0.0, 40.0, 30.0)];
    near(
        seconds(&m, &fed),
        ramped(20.0, REST_V, 30.0, REST_V, 1250.0),
    );
}

/// Short blocks after a stop last longer while the ring is filling: 2 (20 ms - t) / n
/// is added while n blocks wait.
#[test]
fn a_ring_that_fills_slows_short_blocks_down() {
    let mut m = printer(DEVIATION);
    if let Firmware::Marlin(marlin) = &mut m.firmware {
        marlin.least_segment_seconds = 0.02;
    }
    let s = planner(&m).s;
    near(1.0 / s.slowed(200.0, 2), 0.005 + 0.015);
    near(1.0 / s.slowed(200.0, 7), 0.005 + 2.0 * 0.015 / 7.0);
    for waiting in [0, 1, 8, 14] {
        assert_eq!(s.slowed(200.0, waiting), 200.0);
    }
    assert_eq!(s.slowed(40.0, 3), 40.0);
}

/// Moves on a grid of 0.1 mm, 10 steps, so that none is rounded or too short.
fn moves() -> impl Strategy<Value = Vec<Command>> {
    let place = (0..60_i32, 0..60_i32, 0..3_i32);
    let one = (
        place,
        -2..6_i32,
        prop::sample::select(vec![3.0, 20.0, 60.0, 150.0]),
    );
    prop::collection::vec(one, 1..60).prop_map(|all| {
        let mm = |k: i32| f64::from(k) / 10.0;
        let each = all.into_iter().map(|((x, y, z), e, feed)| {
            let e = if e < 0 { e } else { e.min(2) };
            to(mm(x), mm(y), mm(z), mm(e), feed)
        });
        each.collect()
    })
}

fn corners() -> impl Strategy<Value = Corners> {
    prop_oneof![
        Just(JERK),
        Just(DEVIATION),
        Just(Corners::Jerk([20.0, 5.0, 1.0, 2.0])),
        Just(Corners::Deviation(0.2)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// With a ring that holds the whole file the plan is the plain one; a shorter ring
    /// is never faster.
    #[test]
    fn the_plan_is_that_of_a_plain_planner(commands in moves(), corners in corners()) {
        let mut m = printer(corners);
        m.planner_blocks = 1000;
        let plain = naive::seconds(&m, &commands);
        let whole = seconds(&m, &commands);
        prop_assert!((plain - whole).abs() < 1e-9 * plain.max(1.0), "{plain} {whole}");
        m.planner_blocks = 4;
        prop_assert!(seconds(&m, &commands) >= whole - 1e-9);
    }

    #[test]
    fn no_move_is_faster_than_its_feed_and_axes(commands in moves(), corners in corners()) {
        let m = printer(corners);
        let mut bound = 0.0;
        let mut at = Point3::default();
        for c in &commands {
            let Command::Move(mv) = c else { continue };
            let (d, Rate::Feed(feed)) = (mv.to - at, mv.rate) else { continue };
            let head = d.norm();
            let length = if head > 0.0 { head } else { mv.filament.abs() };
            bound += (length / feed).max(d.z.abs() / 10.0).max(mv.filament.abs() / 50.0);
            at = mv.to;
        }
        prop_assert!(seconds(&m, &commands) >= bound - 1e-9);
    }

    /// Under junction deviation only: see the module's docs.
    #[test]
    fn lower_limits_are_never_faster(
        commands in moves(),
        which in 0..4_usize,
        by in 0.2..1.0_f64,
    ) {
        let m = printer(DEVIATION);
        let mut low = m.clone();
        match which {
            0 => low.acceleration = low.acceleration.map(|a| a * by),
            1 => low.max_rate = low.max_rate.map(|v| v * by),
            _ => {
                let Firmware::Marlin(marlin) = &mut low.firmware else { unreachable!() };
                if which == 2 {
                    marlin.corners = Corners::Deviation(0.02 * by);
                } else {
                    marlin.print_acceleration *= by;
                    marlin.retract_acceleration *= by;
                    marlin.travel_acceleration *= by;
                }
            }
        }
        prop_assert!(seconds(&low, &commands) >= seconds(&m, &commands) - 1e-9);
    }

    #[test]
    fn a_stop_adds_up_both_sides(
        before in moves(),
        after in moves(),
        corners in corners(),
    ) {
        let m = printer(corners);
        let Some(Command::Move(last)) = before.last() else { unreachable!() };
        let stop = [Command::Wait(Wait::Drain)];
        let both = [&before[..], &stop, &after].concat();
        let moved = [&[Command::Place(last.to)][..], &after].concat();
        let sum = seconds(&m, &before) + seconds(&m, &moved);
        prop_assert!((seconds(&m, &both) - sum).abs() < 1e-9);
    }

    /// The pieces add up to the totals, whenever they are taken.
    #[test]
    fn pieces_add_up(commands in moves(), corners in corners(), every in 1..7_usize) {
        let m = printer(corners);
        let mut p = planner(&m);
        p.keep_spent();
        let mut spent = Vec::new();
        for (i, c) in commands.iter().enumerate() {
            p.mark(i as u32);
            p.push(c);
            if i % every == 0 {
                p.take_spent(&mut spent);
            }
        }
        let times = p.finish();
        p.take_spent(&mut spent);
        let sum = spent.iter().map(|s| s.seconds).sum::<f64>();
        prop_assert!((sum - total(&times)).abs() < 1e-9);
        prop_assert!(spent.is_sorted_by_key(|s| s.mark));
        prop_assert_eq!(total(&times), seconds(&m, &commands));
    }
}

#[test]
fn places_beyond_all_steps_and_rapids_have_a_time() {
    let machine = printer(Corners::Jerk([8.0, 8.0, 0.4, 4.5]));
    let far = seconds(
        &machine,
        &[to(1e43, 0.0, 0.0, 0.0, 20.0), to(1.0, 0.0, 0.0, 1e40, 20.0)],
    );
    assert!(far.is_finite() && far > 0.0, "{far}");
    // 100 mm at the 200 mm/s and 1000 mm/s² of the axis, from and to its jerk.
    let Command::Move(m) = x(100.0) else {
        unreachable!("x moves");
    };
    let rapid = Command::Move(Move {
        rate: Rate::Rapid,
        ..m
    });
    near(
        seconds(&machine, &[rapid]),
        seconds(&machine, &[to(100.0, 0.0, 0.0, 0.0, 200.0)]),
    );
}
