//! Where the time of a job goes.

use trajet::Source;
use trajet::estimate::{Breakdown, Doing, Estimate, SPEED_BOUNDS, Why, breakdown};
use trajet::gcode::Dialect;
use trajet::machine::{Firmware, Machine};
use trajet::motion::SpindleMode;

/// Each way of looking at the time adds up to it.
pub(crate) fn all_ways_add_up(e: &Estimate, b: &Breakdown) {
    let near = |what: &str, sum: f64, whole: f64| {
        let slack = 1e-9 * whole.max(1.0);
        assert!((sum - whole).abs() <= slack, "{what}: {sum} of {whole}");
    };
    let k = &b.kinds;
    near("kinds", k.seconds(), e.seconds);
    near("all", b.seconds, e.seconds);
    near("dwell", k.dwell, e.dwell_seconds);
    near("stops", k.stopped, e.stopped_seconds);
    let motion = k.work + k.work_lost + k.travel + k.travel_lost + k.filament;
    near("motion", motion, e.cutting_seconds + e.travel_seconds);
    let sum = |parts: Vec<f64>| parts.into_iter().sum::<f64>();
    let lost = |parts: Vec<f64>| near("lost", sum(parts), b.ranges.iter().map(|r| r.lost).sum());
    near(
        "operations",
        sum(b.operations.iter().map(|o| o.seconds).collect()),
        e.seconds,
    );
    near(
        "layers",
        sum(b.layers.iter().map(|l| l.seconds).collect()),
        e.seconds,
    );
    near(
        "ranges",
        sum(b.ranges.iter().map(|r| r.seconds).collect()),
        e.seconds,
    );
    lost(b.operations.iter().map(|o| o.lost).collect());
    lost(b.layers.iter().map(|l| l.lost).collect());
    near(
        "reached",
        sum(b.speeds.iter().map(|s| s.reached).collect()),
        motion - k.filament,
    );
    // What filament alone loses is in no speed.
    assert!(
        sum(b.speeds.iter().map(|s| s.asked).collect())
            <= k.work + k.travel + 1e-9 * e.seconds.max(1.0)
    );
    assert!(b.operations.len() <= Breakdown::MOST_OPERATIONS);
    assert!(b.layers.len() <= Breakdown::MOST_LAYERS);
    assert!(b.ranges.len() <= Breakdown::MOST_RANGES);
    assert!(b.spots.len() <= Breakdown::MOST_SPOTS);
    assert!(b.spots.iter().all(|s| s.lines[1] - s.lines[0] < 25));
}

/// 100 mm/s and 1000 mm/s² in X and Y, a tenth in Z; it stands 25 ms at each stop.
fn machine() -> Machine {
    let mut machine = Machine::default();
    machine.max_rate = [100.0, 100.0, 10.0];
    machine.acceleration = [1000.0, 1000.0, 100.0];
    machine.idle_delay = Some(0.025);
    machine
}

fn of(text: &str, dialect: &'static Dialect, machine: &Machine) -> Breakdown {
    let (e, b) = breakdown(&Source::new(text.into()), dialect, machine);
    all_ways_add_up(&e, &b);
    b
}

fn grbl(text: &str) -> Breakdown {
    of(text, Dialect::GRBL, &machine())
}

#[track_caller]
fn near(a: f64, b: f64) {
    assert!((a - b).abs() < 1e-9, "{a} is not {b}");
}

/// GRBL's timer ticks whole cycles.
#[track_caller]
fn stepped(a: f64, b: f64) {
    assert!((a - b).abs() < 1e-3 * (1.0 + b), "{a} is not {b}");
}

#[test]
fn a_laser_job_by_kind_operation_and_speed() {
    // Each move of d mm from rest to rest at v takes d/v + v/a.
    let b = grbl("G21 G90\nG0 X100\nM4 S500\nG1 X150 F3000\nM5\nG4 P0.5\nG0 X0\n");
    let k = b.kinds;
    stepped(k.travel, 1.0 + 1.5);
    stepped(k.travel_lost, 0.1 + 0.1);
    stepped(k.work, 1.0);
    stepped(k.work_lost, 0.05);
    near(k.dwell, 0.5);
    near(k.stopped, 3.0 * 0.025);
    assert_eq!(b.operations.len(), 2);
    assert_eq!(b.operations[0].doing, Doing::Travel);
    let settings = Doing::Settings {
        tool: 0,
        spindle: SpindleMode::Dynamic,
        feed: [50.0; 2],
        power: [500.0; 2],
    };
    let burn = &b.operations[1];
    assert_eq!((&burn.doing, burn.lines), (&settings, [4, 6]));
    stepped(burn.seconds, 1.05 + 0.025 + 0.5);
    near(burn.mm, 50.0);
    let bin = |v: f64| SPEED_BOUNDS.partition_point(|b| *b <= v);
    stepped(b.speeds[bin(100.0)].asked, 2.5);
    stepped(b.speeds[bin(100.0 / 1.1)].reached, 2.7);
    stepped(b.speeds[bin(50.0)].asked, 1.0);
    assert_eq!(b.layers.len(), 1);
    assert_eq!(b.layers[0].z, Some([0.0; 2]));
}

#[test]
fn the_slowest_spots_say_where_and_why() {
    let b = grbl("G21 G90\nM4 S500\nG1 X100 F6000\nY100\nM5\nG4 P2\nG0 Z5\nG0 X0 Y0\nZ0\n");
    let spot = |why: Why| b.spots.iter().find(|s| s.why == why);
    let dwell = spot(Why::Dwell).unwrap();
    assert!(
        dwell.lost >= 2.0 && dwell.lines[0] <= 6 && dwell.lines[1] >= 6,
        "{dwell:?}"
    );
    assert!(b.spots.windows(2).all(|w| w[0].lost >= w[1].lost));
    // The corner at X100 Y0: one move ends in it, the next begins in it.
    let b = grbl("M4 S500\nG1 X0.01 F6000\nX500\nY500\nY1000\n");
    let corner = b.spots.iter().find(|s| s.why == Why::Corner).unwrap();
    assert_eq!(corner.lines, [3, 4], "{:?}", b.spots);
    near(corner.at.x, 500.0);
    let b = grbl("G0 Z-50\nG1 X100 F6000\n");
    assert!(b.spots.iter().any(|s| s.why == Why::ZMove), "{:?}", b.spots);
    let curve: String = (0..200)
        .map(|k| {
            format!(
                "G1 X{:.3} Y{:.3}\n",
                f64::from(k) * 0.2,
                f64::from(k % 2) * 0.02
            )
        })
        .collect();
    let b = grbl(&format!("F6000\n{curve}"));
    assert!(
        b.spots.iter().any(|s| s.why == Why::ShortMoves),
        "{:?}",
        b.spots
    );
}

#[test]
fn passes_at_other_heights_are_layers_and_lifts_are_not() {
    let pass = |z: f64| format!("G0 Z5\nG0 X0\nG1 Z{z} F300\nG1 X50 F600\n");
    let b = grbl(&format!("{}{}{}", pass(-1.0), pass(-2.0), pass(-3.0)));
    let found: Vec<_> = b
        .layers
        .iter()
        .map(|l| (l.layers, l.z.unwrap()[0]))
        .collect();
    assert_eq!(found, [([1, 1], -1.0), ([2, 2], -2.0), ([3, 3], -3.0)]);
    // From its plunge to the next one.
    assert_eq!(b.layers[1].lines, [7, 10]);
}

#[test]
fn a_print_by_layer_and_role() {
    let mut printer = machine();
    printer.firmware = Firmware::Grbl;
    let mut text = String::from("G90\nM83\nG1 X50 E5 F3000\n");
    for layer in 1..=3 {
        text += &format!(";LAYER_CHANGE\n;Z:0.{layer}\nG1 Z0.{layer} F600\n");
        text += "G1 E-0.8 F2100\nG1 X0 Y0 F6000\nG1 E0.8 F2100\n";
        text += ";TYPE:Perimeter\nG1 X60 E2 F1800\n;TYPE:Solid infill\nG1 Y60 E2 F3600\n";
    }
    let b = of(&text, Dialect::MARLIN, &printer);
    let layers: Vec<_> = b.layers.iter().map(|l| l.layers).collect();
    assert_eq!(layers, [[0, 0], [1, 1], [2, 2], [3, 3]]);
    near(b.layers[2].z.unwrap()[1], 0.2);
    let role = |name: &str| {
        let is = |o: &&trajet::estimate::OperationTime| o.doing == Doing::Role(name.into());
        b.operations.iter().find(is).unwrap()
    };
    near(role("Perimeter").mm, 180.0);
    near(role("Solid infill").mm, 180.0);
    // The purge line before the first layer is work, of no role.
    near(b.kinds.work, 1.0 + 3.0 * (2.0 + 1.0));
    assert!(b.operations.iter().any(|o| o.doing == Doing::Travel));
}

#[test]
fn long_files_and_loops_fill_no_more_places() {
    let mut text = String::from("M4 S1\nF6000\n");
    for k in 0..6000 {
        text += &format!("G1 X{} Z{} S{}\n", k % 7, k % 1500, k % 900);
    }
    let b = grbl(&text);
    assert_eq!(b.ranges.len().next_power_of_two(), Breakdown::MOST_RANGES);
    assert!(b.layers.len() > Breakdown::MOST_LAYERS / 2);
    let powers = b
        .operations
        .iter()
        .find(|o| matches!(o.doing, Doing::Settings { power, .. } if power[1] > 890.0));
    assert!(powers.is_some(), "{:?}", b.operations);
    let looped = "o1 repeat [50]\nG1 X10 F600\nG1 X0\no1 endrepeat\nM2\n";
    let b = of(looped, Dialect::LINUXCNC, &machine());
    assert!(b.spots.iter().any(|s| s.times > 10), "{:?}", b.spots);
}
