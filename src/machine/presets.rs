use super::{ArcSupport, Firmware, Machine, bed};

/// A machine that is known by name. Those other than `grbl` are typical values
/// of their kind, not measured on one machine: for a quote, give the machine's
/// own `$$` dump.
///
/// Beds: of `grbl`, the travel that GRBL 1.1h is compiled with for a generic
/// machine (`defaults.h`, 200 mm); of `hobby-mill`, its defaults for a Shapeoko 2
/// (290 x 290 x 100 mm), with their greatest spindle speed; of `diode-laser`, what
/// Ortur's firmware has for its 400 mm model (400 x 400 mm). Beds of CO2 lasers
/// differ too much for one to be typical, so `co2-laser` has none.
#[must_use]
pub fn preset(name: &str) -> Option<Machine> {
    let limits = |rate: [f64; 3], acceleration: [f64; 3], steps: [f64; 3]| Machine {
        name: name.into(),
        max_rate: rate,
        acceleration,
        steps_per_mm: steps,
        bed: None,
        ..grbl()
    };
    Some(match name {
        "grbl" => grbl(),
        "diode-laser" => Machine {
            bed: bed::of([400.0, 400.0, 0.0], [None; 3]),
            ..limits([100.0, 100.0, 10.0], [700.0, 500.0, 100.0], [80.0; 3])
        },
        "co2-laser" => limits([500.0, 300.0, 10.0], [3000.0, 1500.0, 100.0], [80.0; 3]),
        "hobby-mill" => Machine {
            laser_mode: false,
            power_max: 10_000.0,
            bed: bed::of([290.0, 290.0, 100.0], [None; 3]),
            ..limits([40.0, 40.0, 12.0], [200.0, 200.0, 100.0], [200.0; 3])
        },
        _ => return None,
    })
}

/// The names that [`preset`] knows.
#[must_use]
pub const fn preset_names() -> &'static [&'static str] {
    &["grbl", "diode-laser", "co2-laser", "hobby-mill"]
}

/// GRBL 1.1h's compiled defaults for a generic machine, with `$32=1`.
pub(super) fn grbl() -> Machine {
    Machine {
        name: "grbl".into(),
        firmware: Firmware::Grbl,
        steps_per_mm: [250.0; 3],
        max_rate: [500.0 / 60.0; 3],
        acceleration: [10.0; 3],
        bed: bed::of([200.0; 3], [None; 3]),
        junction_deviation: 0.01,
        arcs: Some(ArcSupport::default()),
        arc_tolerance: 0.002,
        idle_delay: Some(0.025),
        laser_mode: true,
        power_max: 1000.0,
        power_min: 0.0,
        planner_blocks: 15,
    }
}
