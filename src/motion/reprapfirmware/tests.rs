#![allow(clippy::float_cmp)] // exact values are meant

use super::*;
use crate::geom::Point;
use crate::machine::{Firmware, Retraction};
use crate::motion::Plane;
use crate::motion::Times;
use crate::motion::testing::{self, near};
use proptest::prelude::*;

/// 100 steps/mm for all axes; 200 mm/s and 2000 mm/s², prints at 800 and travel at 1000.
fn limits() -> RepRapFirmware {
    RepRapFirmware {
        filament_steps_per_mm: 100.0,
        filament_max_rate: 50.0,
        filament_acceleration: 500.0,
        print_acceleration: 800.0,
        travel_acceleration: 1000.0,
        jerk: [10.0, 10.0, 1.0, 5.0],
        joins_all: false,
        least_speed: 0.5,
        retraction: Some(Retraction {
            length: 2.0,
            speed: 40.0,
            extra: 0.5,
            return_speed: 20.0,
            hop: 0.5,
        }),
    }
}

fn machine(limits: RepRapFirmware) -> Machine {
    Machine {
        firmware: Firmware::RepRapFirmware(Box::new(limits)),
        steps_per_mm: [100.0; 3],
        max_rate: [200.0, 200.0, 10.0],
        acceleration: [2000.0, 2000.0, 100.0],
        planner_blocks: 40,
        ..Machine::default()
    }
}

fn to(x: f64, y: f64, z: f64, filament: f64, feed_v: f64) -> Command {
    Command::Move(Move {
        to: Point3::new(x, y, z),
        arc: None,
        rate: Rate::Feed(feed_v),
        beam: Beam::On,
        filament,
    })
}

fn run(limits: RepRapFirmware, commands: &[Command]) -> Times {
    testing::run(&machine(limits), commands)
}

fn seconds(commands: &[Command]) -> f64 {
    total(&run(limits(), commands))
}

fn total(times: &Times) -> f64 {
    times.of(Beam::Rapid).0 + times.of(Beam::On).0 + times.dwell_s
}

/// From rest to rest: d/v + v/a where it gets so fast.
fn whole(d: f64, v: f64, a: f64) -> f64 {
    d / v + v / a
}

#[test]
fn accelerations_go_by_what_a_move_does() {
    // Travel, a wipe, a print; the axis is the limit where it is the weaker.
    near(
        seconds(&[to(100.0, 0.0, 0.0, 0.0, 100.0)]),
        whole(100.0, 100.0, 1000.0),
    );
    near(
        seconds(&[to(100.0, 0.0, 0.0, -1.0, 100.0)]),
        whole(100.0, 100.0, 1000.0),
    );
    near(
        seconds(&[to(100.0, 0.0, 0.0, 1.0, 100.0)]),
        whole(100.0, 100.0, 800.0),
    );
    let strong = RepRapFirmware {
        travel_acceleration: 9000.0,
        ..limits()
    };
    let diagonal = [to(60.0, 80.0, 0.0, 0.0, 100.0)];
    near(
        total(&run(strong, &diagonal)),
        whole(100.0, 100.0, 2000.0 / 0.8),
    );
    // Z and filament alone know no M204; filament is as long as it is.
    near(
        seconds(&[to(0.0, 0.0, 5.0, 0.0, 10.0)]),
        whole(5.0, 10.0, 100.0),
    );
    near(
        seconds(&[to(0.0, 0.0, 0.0, -4.0, 40.0)]),
        whole(4.0, 40.0, 500.0),
    );
    // No axis above its greatest speed, and nothing below the least.
    near(
        seconds(&[to(0.0, 0.0, 5.0, 0.0, 90.0)]),
        whole(5.0, 10.0, 100.0),
    );
    near(
        seconds(&[to(1.0, 0.0, 0.0, 0.0, 0.1)]),
        whole(1.0, 0.5, 1000.0),
    );
    near(
        seconds(&[to(200.0, 0.0, 0.0, 100.0, 200.0)]),
        whole(200.0, 100.0, 800.0),
    );
}

#[test]
fn corners_go_by_jerk() {
    // A right angle: each axis changes by the whole speed, 10 mm/s at most.
    let corner = [
        to(50.0, 0.0, 0.0, 0.0, 100.0),
        to(50.0, 50.0, 0.0, 0.0, 100.0),
    ];
    let (v, a, j) = (100.0_f64, 1000.0_f64, 10.0_f64);
    // Up from rest, cruise, down to the corner; and the same in reverse.
    let ramps_d = (2.0 * v * v - j * j) / (2.0 * a);
    let side = (2.0 * v - j) / a + (50.0 - ramps_d) / v;
    near(seconds(&corner), 2.0 * side);
    // Straight on there is none, back there is twice the change.
    let on = [
        to(50.0, 0.0, 0.0, 0.0, 100.0),
        to(100.0, 0.0, 0.0, 0.0, 100.0),
    ];
    near(seconds(&on), whole(100.0, 100.0, 1000.0));
    let back = [
        to(50.0, 0.0, 0.0, 0.0, 100.0),
        to(0.0, 0.0, 0.0, 0.0, 100.0),
    ];
    let j = 5.0;
    let ramps_d = (2.0 * v * v - j * j) / (2.0 * a);
    near(
        seconds(&back),
        2.0 * ((2.0 * v - j) / a + (50.0 - ramps_d) / v),
    );
}

#[test]
fn moves_of_different_kinds_stop_unless_the_policy_says_otherwise() {
    let travel_print = [
        to(50.0, 0.0, 0.0, 0.0, 50.0),
        to(100.0, 0.0, 0.0, 1.0, 50.0),
    ];
    near(
        seconds(&travel_print),
        whole(50.0, 50.0, 1000.0) + whole(50.0, 50.0, 800.0),
    );
    // Filament changes by 50/50 mm/s at most 5: the corner is no limit.
    let joins = RepRapFirmware {
        joins_all: true,
        ..limits()
    };
    let joined = 100.0 / 50.0 + 0.5 * 50.0 / 1000.0 + 0.5 * 50.0 / 800.0;
    near(total(&run(joins, &travel_print)), joined);
    // M566 P1 in the program does the same, P0 undoes it.
    let policy = |on| Command::Setting(Setting::JoinsAll(on));
    let [a, b] = travel_print;
    near(seconds(&[policy(true), a, b]), joined);
    near(
        seconds(&[policy(true), policy(false), a, b]),
        seconds(&[a, b]),
    );
    // Two of filament alone go into each other.
    let filament = [to(0.0, 0.0, 0.0, 2.0, 40.0), to(0.0, 0.0, 0.0, 2.0, 40.0)];
    near(seconds(&filament), whole(4.0, 40.0, 500.0));
}

#[test]
fn settings_of_the_program_count_from_there_on() {
    let line = to(100.0, 0.0, 0.0, 0.0, 100.0);
    let travel = Command::Setting(Setting::Acceleration {
        print: None,
        retract: None,
        travel: Some(500.0),
    });
    near(seconds(&[travel, line]), whole(100.0, 100.0, 500.0));
    let factor = Command::Setting(Setting::FeedFactor(0.5));
    near(seconds(&[factor, line]), whole(100.0, 50.0, 1000.0));
    let dwell = Command::Dwell { seconds: 1.5 };
    near(seconds(&[line, dwell]), whole(100.0, 100.0, 1000.0) + 1.5);
}

#[test]
fn filament_is_drawn_back_and_the_head_lifted() {
    let back = [Command::Retract { back: true }; 2];
    // Both are too short for their speed: triangles.
    let hop = 2.0 * (0.5_f64 / 100.0).sqrt();
    let drawn = 2.0 * (2.0_f64 / 500.0).sqrt();
    let times = run(limits(), &back);
    near(total(&times), drawn + hop);
    near(times.filament_mm, -2.0);
    let both = [
        Command::Retract { back: true },
        Command::Dwell { seconds: 0.0 },
        Command::Retract { back: false },
    ];
    let times = run(limits(), &both);
    near(total(&times), drawn + 2.0 * hop + whole(2.5, 20.0, 500.0));
    near(times.filament_mm, 0.5);
}

#[test]
fn arcs_are_as_long_as_they_are() {
    let circle = Command::Move(Move {
        to: Point3::default(),
        arc: Some(Arc {
            plane: Plane::Xy,
            offset: Point::new(10.0, 0.0),
            radius: 10.0,
            clockwise: false,
        }),
        rate: Rate::Feed(50.0),
        beam: Beam::On,
        filament: 2.0,
    });
    let length_d = std::f64::consts::TAU * 10.0;
    let times = run(limits(), &[circle]);
    // 50/200 = 0.25 mm each.
    assert_eq!(times.blocks, (length_d / 0.25).ceil() as u64);
    let expected = whole(length_d, 50.0, 800.0);
    assert!((total(&times) / expected - 1.0).abs() < 1e-3);
    near(times.filament_mm, 2.0);
}

#[test]
fn what_makes_no_step_takes_no_time() {
    assert_eq!(seconds(&[to(0.004, 0.0, 0.0, 0.0, 10.0)]), 0.0);
    // Many such make one.
    let small: Vec<_> = (1..=10)
        .map(|k| to(0.004 * f64::from(k), 0.0, 0.0, 0.0, 10.0))
        .collect();
    assert!(seconds(&small) > 0.0);
}

proptest! {
    #[test]
    fn time_is_bounded_below_and_adds_up_across_a_stop(
        moves in prop::collection::vec(
            (0.0..50.0_f64, 0.0..50.0_f64, -1.0..3.0_f64, 1.0..300.0_f64), 1..40,
        ),
        cut in 0..40_usize,
    ) {
        let all: Vec<_> = moves.iter().map(|m| to(m.0, m.1, 0.0, m.2, m.3)).collect();
        let whole = seconds(&all);
        let mut at = Point3::default();
        let mut least = 0.0;
        for m in &moves {
            let next = Point3::new(m.0, m.1, 0.0);
            least += at.distance(next) / m.3.min(200.0 * std::f64::consts::SQRT_2);
            at = next;
        }
        prop_assert!(whole >= least - 1e-9, "{whole} {least}");
        // A stop costs time, and what is on its two sides is the sum.
        let cut = cut.min(all.len());
        let mut planner = crate::motion::planner_for(&machine(limits()));
        all[..cut].iter().for_each(|c| planner.push(c));
        planner.push(&Command::Dwell { seconds: 0.0 });
        let first = total(&{
            let mut half = crate::motion::planner_for(&machine(limits()));
            all[..cut].iter().for_each(|c| half.push(c));
            half.finish()
        });
        all[cut..].iter().for_each(|c| planner.push(c));
        let both = total(&planner.finish());
        prop_assert!(both >= whole - 1e-9);
        prop_assert!(both >= first - 1e-9);
        // No limit that is lowered saves time.
        let weak = RepRapFirmware {
            print_acceleration: 400.0,
            travel_acceleration: 300.0,
            jerk: [4.0, 4.0, 1.0, 2.0],
            ..limits()
        };
        prop_assert!(total(&run(weak, &all)) >= whole - 1e-9);
    }
}
