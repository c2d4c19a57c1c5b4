use super::*;
use crate::geom::Point;
use crate::machine::Firmware;
use crate::motion::Plane;
use crate::motion::Times;
use crate::motion::testing::{self, near};
use proptest::prelude::*;

fn limits() -> Smoothieware {
    Smoothieware {
        acceleration: 1000.0,
        z_junction_deviation: None,
        seek_speed: 50.0,
        arc_segment: 0.0,
        filament_steps_per_mm: 100.0,
        filament_max_rate: 40.0,
        filament_acceleration: 500.0,
    }
}

/// 100 steps/mm, 200 mm/s, 1000 mm/s² along every path, 100 mm/s² in Z.
fn machine(limits: Smoothieware) -> Machine {
    Machine {
        firmware: Firmware::Smoothieware(Box::new(limits)),
        steps_per_mm: [100.0; 3],
        max_rate: [200.0, 200.0, 10.0],
        acceleration: [1000.0, 1000.0, 100.0],
        junction_deviation: 0.05,
        planner_blocks: 32,
        ..Machine::default()
    }
}

fn to(x: f64, y: f64, z: f64, filament: f64, rate: Rate) -> Command {
    Command::Move(Move {
        to: Point3::new(x, y, z),
        arc: None,
        rate,
        beam: Beam::On,
        filament,
    })
}

fn feed(x: f64, y: f64, feed_v: f64) -> Command {
    to(x, y, 0.0, 0.0, Rate::Feed(feed_v))
}

fn run(limits: Smoothieware, commands: &[Command]) -> Times {
    testing::run(&machine(limits), commands)
}

fn seconds(commands: &[Command]) -> f64 {
    let times = run(limits(), commands);
    times.of(Beam::On).0 + times.dwell_s
}

/// From rest to rest: d/v + v/a where it gets so fast.
fn whole(d: f64, v: f64, a: f64) -> f64 {
    d / v + v / a
}

#[test]
fn limits_are_those_of_the_head_and_of_each_axis() {
    near(
        seconds(&[feed(100.0, 0.0, 100.0)]),
        whole(100.0, 100.0, 1000.0),
    );
    // Along a diagonal the acceleration is that of the head all the same.
    near(
        seconds(&[feed(60.0, 80.0, 100.0)]),
        whole(100.0, 100.0, 1000.0),
    );
    let z = to(0.0, 0.0, 5.0, 0.0, Rate::Feed(90.0));
    near(seconds(&[z]), whole(5.0, 10.0, 100.0));
    // Filament limits the speed of all, and the acceleration of its own moves.
    let print = to(100.0, 0.0, 0.0, 80.0, Rate::Feed(100.0));
    near(seconds(&[print]), whole(100.0, 50.0, 1000.0));
    let filament = to(0.0, 0.0, 0.0, -8.0, Rate::Feed(90.0));
    near(seconds(&[filament]), whole(8.0, 40.0, 500.0));
}

#[test]
fn g0_has_a_speed_of_its_own() {
    let rapid = to(100.0, 0.0, 0.0, 0.0, Rate::Rapid);
    near(seconds(&[rapid]), whole(100.0, 50.0, 1000.0));
    let seek = Command::Setting(Setting::SeekSpeed(80.0));
    near(seconds(&[seek, rapid]), whole(100.0, 80.0, 1000.0));
    let half = Command::Setting(Setting::FeedFactor(0.5));
    near(seconds(&[half, rapid]), whole(100.0, 25.0, 1000.0));
}

#[test]
fn corners_go_by_junction_deviation() {
    // A right angle: v² = a δ s/(1 - s), s = √½.
    let s = 0.5_f64.sqrt();
    let j = (1000.0 * 0.05 * s / (1.0 - s)).sqrt();
    let side = |j: f64| {
        let (v, a) = (100.0, 1000.0);
        let ramps_d = (2.0 * v * v - j * j) / (2.0 * a);
        (2.0 * v - j) / a + (50.0 - ramps_d) / v
    };
    let corner = [feed(50.0, 0.0, 100.0), feed(50.0, 50.0, 100.0)];
    near(seconds(&corner), 2.0 * side(j));
    // Back is a stop, on is none.
    let back = [feed(50.0, 0.0, 100.0), feed(0.0, 0.0, 100.0)];
    near(seconds(&back), 2.0 * side(0.0));
    let on = [feed(50.0, 0.0, 100.0), feed(100.0, 0.0, 100.0)];
    near(seconds(&on), whole(100.0, 100.0, 1000.0));
    // So is filament alone.
    let filament = to(50.0, 0.0, 0.0, 8.0, Rate::Feed(40.0));
    let stops = [feed(50.0, 0.0, 100.0), filament, feed(100.0, 0.0, 100.0)];
    near(seconds(&stops), 2.0 * side(0.0) + whole(8.0, 40.0, 500.0));
}

#[test]
fn z_alone_may_have_a_deviation_of_its_own() {
    let z = to(50.0, 0.0, 5.0, 0.0, Rate::Feed(10.0));
    let corner = [feed(50.0, 0.0, 100.0), z];
    let stops = Smoothieware {
        z_junction_deviation: Some(0.0),
        ..limits()
    };
    let stops = run(stops, &corner).of(Beam::On).0;
    near(stops, whole(50.0, 100.0, 1000.0) + whole(5.0, 10.0, 100.0));
    assert!(seconds(&corner) < stops - 1e-3);
}

#[test]
fn arcs_are_chords_within_the_tolerance() {
    let circle = Command::Move(Move {
        to: Point3::default(),
        arc: Some(Arc {
            plane: Plane::Xy,
            offset: Point::new(10.0, 0.0),
            radius: 10.0,
            clockwise: true,
        }),
        rate: Rate::Feed(20.0),
        beam: Beam::On,
        filament: 0.0,
    });
    let times = run(limits(), &[circle]);
    let length_d = std::f64::consts::TAU * 10.0;
    // 0.002 mm of tolerance: chords of 2 √(t (2r - t)).
    let chord_d = 2.0 * (0.002_f64 * (20.0 - 0.002)).sqrt();
    assert_eq!(times.blocks, (length_d / chord_d).ceil() as u64);
    let expected = whole(length_d, 20.0, 1000.0);
    assert!((times.of(Beam::On).0 / expected - 1.0).abs() < 1e-3);
}

proptest! {
    #[test]
    fn no_limit_that_is_lowered_saves_time(
        moves in prop::collection::vec((0.0..50.0_f64, 0.0..50.0_f64, 1.0..300.0_f64), 1..40),
    ) {
        let all: Vec<_> = moves.iter().map(|m| feed(m.0, m.1, m.2)).collect();
        let whole = seconds(&all);
        let mut at = Point3::default();
        let mut least = 0.0;
        for m in &moves {
            let next = Point3::new(m.0, m.1, 0.0);
            least += at.distance(next) / m.2;
            at = next;
        }
        // What is less than a step may be left out at the end.
        prop_assert!(whole >= least - 0.03, "{whole} {least}");
        let weak = Smoothieware { acceleration: 400.0, ..limits() };
        let slow = run(weak, &all).of(Beam::On).0;
        prop_assert!(slow >= whole - 1e-9, "{slow} {whole}");
    }
}
