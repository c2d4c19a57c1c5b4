use super::naive::{self, Fixed, Head, Told};
use super::*;
use crate::geom::Point;
use crate::machine::{KlipperExtruder, Retraction};
use crate::motion::Times;
use crate::motion::{Arc, Plane};
use proptest::prelude::*;

const FIXED: Fixed = Fixed {
    z_v: 12.0,
    z_a: 200.0,
    e_v: 60.0,
    e_a: 1500.0,
    e_corner_v: 1.0,
};

fn limits(head: Head) -> Klipper {
    Klipper {
        max_velocity: head.v,
        max_accel: head.a,
        minimum_cruise_ratio: head.ratio,
        accel_to_decel: false,
        square_corner_velocity: head.corner_v,
        max_z_velocity: FIXED.z_v,
        max_z_accel: FIXED.z_a,
        extruder: Some(KlipperExtruder {
            max_only_velocity: FIXED.e_v,
            max_only_accel: FIXED.e_a,
            corner_velocity: FIXED.e_corner_v,
            max_only_distance: 50.0,
            max_cross_section: 0.64,
            filament_diameter: 1.75,
            nozzle_diameter: 0.4,
        }),
        retraction: Some(Retraction {
            length: 0.8,
            speed: 35.0,
            ..Retraction::NONE
        }),
        arc_resolution: Some(0.5),
        rim: None,
    }
}

const HEAD: Head = Head {
    v: 300.0,
    a: 3000.0,
    ratio: 0.5,
    corner_v: 5.0,
};

/// The time under `HEAD`, of moves (X, Y, Z, filament, mm/s).
fn seconds(moves: &[[f64; 5]]) -> f64 {
    let told = moves.iter().map(|&[x, y, z, e, v]| Told {
        by: [x, y, z, e],
        v,
        head: HEAD,
        stop: false,
    });
    run(
        &told.collect::<Vec<_>>(),
        look_ahead::FIRST_LOOK,
        look_ahead::MOST,
    )
}

fn run(told: &[Told], first_look: usize, most: usize) -> f64 {
    let mut planner = KlipperPlanner::with_queue(&limits(HEAD), first_look, most);
    let mut at = Point3::default();
    for m in told {
        if m.stop {
            planner.push(&Command::Wait(Wait::Drain));
        }
        planner.push(&Command::Setting(Setting::Head {
            velocity: Some(m.head.v),
            accel: Some(m.head.a),
            minimum_cruise_ratio: Some(m.head.ratio),
            square_corner_velocity: Some(m.head.corner_v),
        }));
        at = at + Point3::new(m.by[0], m.by[1], m.by[2]);
        planner.push(&straight(at, m.by[3], m.v));
    }
    total(&planner.finish())
}

fn straight(to: Point3, filament: f64, v: f64) -> Command {
    Command::Move(Move {
        to,
        arc: None,
        rate: Rate::Feed(v),
        beam: Beam::On,
        filament,
    })
}

fn total(times: &Times) -> f64 {
    let moving = [Beam::Rapid, Beam::Stopped, Beam::Dark, Beam::On].map(|b| times.of(b).0);
    moving.iter().sum::<f64>() + times.dwell_s + times.stopped_s
}

#[track_caller]
fn near(a: f64, b: f64) {
    assert!((a - b).abs() < 1e-9 * b.abs().max(1.0), "{a} is not {b}");
}

/// A single move of length `l` cruises at `v` where `v² <= l a (1 - ratio)`.
#[test]
fn a_long_move_is_a_trapezoid() {
    // l/v to go there, v/a more for the two ramps.
    near(
        seconds(&[[100.0, 0.0, 0.0, 0.0, 100.0]]),
        1.0 + 100.0 / 3000.0,
    );
}

/// A shorter one is capped so that the share `ratio` of it is at constant speed: the
/// two ramps have `l (1 - ratio)` together, so `v² = l a (1 - ratio)`.
#[test]
fn a_short_move_cruises_by_the_ratio() {
    let v = f64::sqrt(2.0 * 3000.0 * 0.5);
    near(
        seconds(&[[2.0, 0.0, 0.0, 0.0, 300.0]]),
        2.0 * v / 3000.0 + 1.0 / v,
    );
}

/// With `sin h = cos h = 1/√2`: `s/(1 - s) (√2 - 1) = 1`, so a right angle is taken
/// at the square corner velocity, whatever the acceleration.
#[test]
fn a_right_angle_is_taken_at_the_square_corner_velocity() {
    let one = |v: f64, c: f64| 50.0 / v + ((v - c).powi(2) / v + v) / (2.0 * 3000.0);
    let both = seconds(&[[50.0, 0.0, 0.0, 0.0, 100.0], [0.0, 50.0, 0.0, 0.0, 100.0]]);
    near(both, 2.0 * one(100.0, 5.0));
}

/// Straight on costs nothing; a reversal is a full stop.
#[test]
fn in_line_and_back() {
    let whole = seconds(&[[100.0, 0.0, 0.0, 0.0, 100.0]]);
    let half = [50.0, 0.0, 0.0, 0.0, 100.0];
    near(seconds(&[half, half]), whole);
    let back = [-50.0, 0.0, 0.0, 0.0, 100.0];
    near(seconds(&[half, back]), 2.0 * seconds(&[half]));
}

/// Filament alone has limits of its own, and stops the head before and after; the
/// minimum cruise ratio counts by the head's acceleration.
#[test]
fn filament_alone() {
    // 60 mm/s is asked for more: v² = min(60², 0.8 · min(1500, 3000/2)).
    let v = f64::sqrt(0.8 * 1500.0);
    let retract = 2.0 * v / 1500.0;
    near(seconds(&[[0.0, 0.0, 0.0, -0.8, 90.0]]), retract);
    let line = [50.0, 0.0, 0.0, 0.0, 100.0];
    near(
        seconds(&[line, [0.0, 0.0, 0.0, -0.8, 90.0], line]),
        2.0 * seconds(&[line]) + retract,
    );
    // A head at a third of that acceleration makes the retraction gentle too.
    let slow = Told {
        by: [0.0, 0.0, 0.0, -0.8],
        v: 90.0,
        head: Head { a: 1000.0, ..HEAD },
        stop: false,
    };
    let v = f64::sqrt(0.8 * 500.0);
    let ramps_d = v * v / 1500.0;
    near(
        run(&[slow], 256, 4096),
        2.0 * v / 1500.0 + (0.8 - ramps_d) / v,
    );
}

/// A wipe (back on the way) is limited by the filament: 60 mm/s over the ratio.
#[test]
fn a_wipe_is_as_slow_as_its_filament() {
    // 0.5 mm back for each mm: 120 mm/s and 3000 mm/s².
    near(
        seconds(&[[100.0, 0.0, 0.0, -50.0, 300.0]]),
        100.0 / 120.0 + 120.0 / 3000.0,
    );
}

/// Z has its own limits, over its share of the way.
#[test]
fn z_is_slow() {
    near(
        seconds(&[[0.0, 0.0, 10.0, 0.0, 100.0]]),
        10.0 / 12.0 + 12.0 / 200.0,
    );
    let (v, a) = (12.0 / 0.6, 200.0 / 0.6);
    near(seconds(&[[8.0, 0.0, 6.0, 0.0, 100.0]]), 10.0 / v + v / a);
}

/// The filament's speed may jump by 1 mm/s: 0.04 mm for each mm less at a joint in
/// line is taken at 25 mm/s.
#[test]
fn the_extruder_limits_a_joint() {
    let one = |v: f64, c: f64| 50.0 / v + ((v - c).powi(2) / v + v) / (2.0 * 3000.0);
    let both = seconds(&[[50.0, 0.0, 0.0, 2.0, 100.0], [50.0, 0.0, 0.0, 0.0, 100.0]]);
    near(both, 2.0 * one(100.0, 25.0));
}

fn circle(radius: f64, v: f64) -> Command {
    Command::Move(Move {
        to: Point3::default(),
        arc: Some(Arc {
            plane: Plane::Xy,
            offset: Point::new(radius, 0.0),
            radius,
            clockwise: true,
        }),
        rate: Rate::Feed(v),
        beam: Beam::On,
        filament: 0.0,
    })
}

/// A circle is a polygon of `n = ⌊2πr/resolution⌋` chords of `2r sin(π/n)`. Its
/// corners touch the middles of both chords: `v² = a r cos(π/n)`.
#[test]
fn a_circle_is_a_polygon() {
    let n = (std::f64::consts::TAU * 10.0 / 0.5).floor();
    let length = n * 20.0 * (std::f64::consts::PI / n).sin();
    let of = |v: f64| {
        let mut planner = KlipperPlanner::new(&limits(HEAD));
        planner.push(&circle(10.0, v));
        let times = planner.finish();
        assert_eq!(times.blocks, n as u64);
        total(&times)
    };
    near(of(50.0), length / 50.0 + 50.0 / 3000.0);
    // Joints at the cap; between them each chord swings above it by half a chord's
    // gentle way, which the peak of the gentle plan allows.
    let cap2 = 3000.0 * 10.0 * (std::f64::consts::PI / n).cos();
    assert!(of(300.0) > length / (cap2 + 0.5 * 3000.0 * 0.5).sqrt());
    assert!(of(300.0) < length / cap2.sqrt() + cap2.sqrt() / 3000.0 * 2.0);
}

/// An arc without `[gcode_arcs]` is no command: the head stays.
#[test]
fn arcs_need_their_section() {
    let mut planner = KlipperPlanner::new(&Klipper {
        arc_resolution: None,
        ..limits(HEAD)
    });
    planner.push(&circle(10.0, 50.0));
    assert_eq!(planner.finish().blocks, 0);
}

#[test]
fn dwells_and_waits() {
    let after = |command: Command| {
        let mut planner = KlipperPlanner::new(&limits(HEAD));
        planner.push(&straight(Point3::new(50.0, 0.0, 0.0), 0.0, 100.0));
        planner.push(&command);
        planner.push(&straight(Point3::new(100.0, 0.0, 0.0), 0.0, 100.0));
        total(&planner.finish())
    };
    let through = 1.0 + 100.0 / 3000.0;
    let stopped = through + 100.0 / 3000.0;
    near(after(Command::Dwell { seconds: 0.25 }), stopped + 0.25);
    near(after(Command::Wait(Wait::Drain)), stopped);
    near(after(Command::Wait(Wait::Motors)), stopped + 0.2);
    near(after(Command::Wait(Wait::Heating)), stopped);
    near(after(Command::Wait(Wait::Offsets)), through);
    near(after(Command::Wait(Wait::Macro)), through);
    near(after(Command::Setting(Setting::FlowFactor(0.5))), through);
    near(after(Command::Setting(Setting::FeedFactor(0.0))), through);
}

#[test]
fn retraction_is_a_state() {
    let mut planner = KlipperPlanner::new(&limits(HEAD));
    let back = |back| Command::Retract { back };
    for command in [back(false), back(true), back(true)] {
        planner.push(&command);
    }
    let once = total(&planner.clone().finish());
    // v² is the least of 35² and 0.8 · 1500.
    let v = f64::sqrt(0.8 * 1500.0);
    near(once, 2.0 * v / 1500.0);
    planner.push(&back(false));
    // Fed again at the default of 10 mm/s.
    near(
        total(&planner.clone().finish()),
        once + 0.8 / 10.0 + 10.0 / 1500.0,
    );
    // F is a whole number: 10.51 mm/s is F630, 10.5 mm/s.
    planner.push(&Command::Setting(Setting::Retraction {
        length: Some(1.0),
        speed: Some(10.51),
        extra: None,
        return_speed: None,
        hop: None,
    }));
    planner.push(&back(true));
    let times = planner.finish();
    near(
        total(&times),
        once + 0.8 / 10.0 + 10.0 / 1500.0 + 1.0 / 10.5 + 10.5 / 1500.0,
    );
    near(times.filament_mm, -1.0);
}

#[test]
fn factors_count_from_the_next_move_on() {
    let mut planner = KlipperPlanner::new(&limits(HEAD));
    planner.push(&Command::Setting(Setting::FeedFactor(0.5)));
    planner.push(&Command::Setting(Setting::FlowFactor(2.0)));
    planner.push(&straight(Point3::new(50.0, 0.0, 0.0), 1.0, 100.0));
    let times = planner.finish();
    near(times.filament_mm, 2.0);
    near(total(&times), 1.0 + 50.0 / 3000.0);
}

/// Where a lower limit makes Klipper faster: the deviation goes by the head's
/// acceleration, the corner is run at that of Z, so with less of the one the corner
/// may be taken faster by the other.
#[test]
fn less_acceleration_can_be_faster_with_z() {
    let zigzag = |a: f64| {
        let head = Head {
            a,
            ratio: 0.0,
            ..HEAD
        };
        let told: Vec<Told> = (0..40)
            .map(|i| Told {
                by: [if i % 2 == 0 { 2.0 } else { -2.0 }, 0.0, 2.0, 0.0],
                v: 100.0,
                head,
                stop: false,
            })
            .collect();
        run(&told, 256, 4096)
    };
    assert!(zigzag(1500.0) < zigzag(3000.0));
}

/// Moves of all kinds; steps of 1/1024 mm, so that places are exact.
fn told() -> impl Strategy<Value = Vec<Told>> {
    let step = |most: i32| (-most..=most).prop_map(|n| f64::from(n) / 1024.0);
    let filament = prop_oneof![
        3 => Just(0.0),
        3 => (1_i32..80).prop_map(|n| f64::from(n) / 1024.0),
        1 => (-80_i32..0).prop_map(|n| f64::from(n) / 1024.0),
    ];
    let by = prop_oneof![
        // Tiny, short and long.
        4 => (step(8), step(8), Just(0.0), filament.clone()),
        6 => (step(1024), step(1024), Just(0.0), filament.clone()),
        2 => (step(65536), step(65536), Just(0.0), filament.clone()),
        // Vase mode and hops.
        2 => (step(1024), step(1024), step(4), filament.clone()),
        1 => (Just(0.0), Just(0.0), step(1024), filament.clone()),
        // Filament alone.
        1 => (Just(0.0), Just(0.0), Just(0.0), filament),
    ];
    // At a corner velocity of 0 the last bit says whether a straight line has corners.
    let head = (20_u32..500, 100_u32..20_000, 0_u32..99, 1_u32..20).prop_map(|(v, a, r, c)| Head {
        v: f64::from(v),
        a: f64::from(a),
        ratio: f64::from(r) / 100.0,
        corner_v: f64::from(c),
    });
    // The same move again and again makes a straight line or a spiral.
    let one = (by, 1_u32..400, 1_usize..8, 0_u32..40, head, 0_u32..8);
    prop::collection::vec(one, 1..60).prop_map(|all| {
        let mut out = Vec::new();
        let mut head_now = HEAD;
        for (by, v, times, stop, head, changes) in all {
            if changes == 0 {
                head_now = head;
            }
            for k in 0..times {
                out.push(Told {
                    by: [by.0, by.1, by.2, by.3],
                    v: f64::from(v),
                    head: head_now,
                    stop: stop == 0 && k == 0,
                });
            }
        }
        out
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn is_as_the_rules_say(told in told()) {
        let (ours, rules) = (run(&told, 256, 1 << 16), naive::seconds(&told, &FIXED));
        prop_assert!((ours - rules).abs() <= 1e-9 * rules, "{} {}", ours, rules);
    }

    #[test]
    fn streaming_is_the_whole_to_the_bit(told in told(), first in 1_usize..30) {
        let whole = run(&told, usize::MAX, usize::MAX);
        prop_assert_eq!(run(&told, first, 1 << 16).to_bits(), whole.to_bits());
    }

    /// Where the queue is full, some are run as if it ended: never faster by more than
    /// rounding, and never slower than if each move began and ended at rest.
    #[test]
    fn a_full_queue_is_slower(told in told(), most in 4_usize..20) {
        let head = Head { ratio: 0.0, ..HEAD };
        let told: Vec<Told> = told.into_iter().map(|m| Told { head, ..m }).collect();
        let stops: Vec<Told> = told.iter().map(|m| Told { stop: true, ..*m }).collect();
        let full = run(&told, most, most);
        prop_assert!(full >= run(&told, 256, 1 << 16) * (1.0 - 1e-12));
        prop_assert!(full <= run(&stops, 256, 1 << 16) * (1.0 + 1e-12));
    }

    #[test]
    fn is_never_faster_than_the_speeds_allow(told in told()) {
        let bound: f64 = told.iter().map(|m| {
            let d = (m.by[0].powi(2) + m.by[1].powi(2) + m.by[2].powi(2)).sqrt();
            let by_z = m.by[2].abs() / FIXED.z_v;
            let alone = d == 0.0 || (m.by[0] == 0.0 && m.by[1] == 0.0) || m.by[3] < 0.0;
            let by_filament = if alone { m.by[3].abs() / FIXED.e_v } else { 0.0 };
            by_z.max(by_filament).max(d / m.v.min(m.head.v))
        }).sum();
        prop_assert!(run(&told, 256, 1 << 16) >= bound * (1.0 - 1e-12));
    }

    /// Without a minimum cruise ratio, which moves peaks about.
    #[test]
    fn a_lower_speed_is_never_faster(told in told(), share in 0.1_f64..1.0) {
        let with = |share: f64| {
            let all = told.iter().map(|m| Told {
                v: m.v * share,
                head: Head { ratio: 0.0, ..HEAD },
                ..*m
            });
            run(&all.collect::<Vec<_>>(), 256, 1 << 16)
        };
        prop_assert!(with(share) >= with(1.0) * (1.0 - 1e-12));
    }

    /// Of moves that only the head limits.
    #[test]
    fn a_lower_acceleration_is_never_faster(told in told(), share in 0.1_f64..1.0) {
        let with = |share: f64| {
            let all = told.iter().map(|m| Told {
                by: [m.by[0], m.by[1], 0.0, m.by[3].max(0.0)],
                head: Head { a: HEAD.a * share, ratio: 0.0, ..HEAD },
                ..*m
            });
            run(&all.collect::<Vec<_>>(), 256, 1 << 16)
        };
        prop_assert!(with(share) >= with(1.0) * (1.0 - 1e-12));
    }

    #[test]
    fn a_full_stop_parts_the_time(a in told(), b in told()) {
        let mut both = a.clone();
        both.extend(&b);
        both[a.len()].stop = true;
        let parts = run(&a, 256, 1 << 16) + run(&b, 256, 1 << 16);
        let whole = run(&both, 256, 1 << 16);
        prop_assert!((whole - parts).abs() <= 1e-11 * whole);
    }
}
