//! Machines: limits, firmware, presets, and settings files as they come.

mod arcs;
mod bed;
mod calibration;
mod commands;
mod config_g;
mod draft;
mod figures;
mod firmware;
mod grbl_dump;
mod klipper;
mod marlin;
mod marlin_dump;
mod presets;
mod printer_cfg;
#[cfg(feature = "serde")]
mod profile;
mod read;
mod reprapfirmware;
mod retraction;
mod slicer;
mod smoothie_config;
mod smoothieware;
mod source;
mod switching;
mod validate;
mod values;
mod wait;

pub(crate) use arcs::HOW_ARCS_RUN;
pub use arcs::{ARCS_NOT_RUN, ArcFormat, ArcSupport};
pub use calibration::Calibration;
pub use figures::{Figure, Value};
pub use firmware::Firmware;
pub use grbl_dump::{JERK, SETTING_ASSUMED};
pub use klipper::{DeltaRim, Klipper, KlipperExtruder};
pub use marlin::{Corners, Marlin};
pub use presets::{Preset, preset, preset_names, presets};
pub use read::{Included, read, read_file, read_with};
pub use reprapfirmware::RepRapFirmware;
pub use retraction::Retraction;
pub use slicer::read_program;
pub use smoothieware::Smoothieware;
pub use source::{Source, Sources, UNCHECKED_PLANNER, guesses};
pub use switching::Switching;
pub use wait::{Wait, Waited};

use crate::geom::{Bounds, Point3};
use std::collections::BTreeMap;

/// A machine as its firmware sees it.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Machine {
    /// What it is called in reports.
    pub name: String,
    /// What runs on its controller.
    pub firmware: Firmware,
    /// Steps per mm of X, Y, Z (`$100` to `$102`).
    pub steps_per_mm: [f64; 3],
    /// Greatest speed of X, Y, Z, mm/s (`$110` to `$112`, which are per minute).
    pub max_rate: [f64; 3],
    /// Acceleration of X, Y, Z, mm/s² (`$120` to `$122`).
    pub acceleration: [f64; 3],
    /// Where the head can go, mm, in the coordinates of a program that sets no
    /// offset; an axis of unknown travel has no bounds. `None`: not known.
    pub bed: Option<Bounds>,
    /// How far a corner may be cut in the model of junction speeds, mm (`$11`); with 0
    /// each corner is a stop.
    pub junction_deviation: f64,
    /// The arcs (G2 and G3) that it runs; `None`: none, and drawings become lines.
    pub arcs: Option<ArcSupport>,
    /// How far chords may be from their arc, mm (`$12`).
    pub arc_tolerance: f64,
    /// How long the firmware blocks after each stop, s (`$1`); `None`: not at all.
    pub idle_delay: Option<f64>,
    /// How long it waits after it has switched something; nothing of the spindle in
    /// laser mode.
    pub switching: Switching,
    /// Whether S may change in motion and rapids switch the beam off (`$32`).
    pub laser_mode: bool,
    /// The S value of full power (`$30`).
    pub power_max: f64,
    /// The S value of least power (`$31`).
    pub power_min: f64,
    /// How many blocks the planner looks ahead, the running one included.
    pub planner_blocks: usize,
    /// Share of the programmed feeds that is run, per cent, 10 to 200; 100 is all of
    /// it. The machine's own limits hold all the same.
    pub feed_override: f64,
    /// Share of the speed of rapids that is run, per cent: 100, 50 or 25.
    pub rapid_override: f64,
    /// How long things take that no model knows, s, as far as its owner has said.
    pub waits: BTreeMap<Wait, f64>,
    /// What a log of jobs says of its estimates; `None`: nobody has measured.
    pub calibration: Option<Calibration>,
    /// Where the figures come from.
    pub sources: Sources,
}

impl Machine {
    /// Least time of a straight rapid over `delta` mm from rest to rest, s: the
    /// trapezoid under the limits min(v/|u|) and min(a/|u|) of the axes that move.
    #[must_use]
    pub fn rapid_seconds(&self, delta: Point3) -> f64 {
        let length_d = delta.norm();
        if length_d == 0.0 {
            return 0.0;
        }
        // One over the limits along the direction, times the length.
        let (mut slowest_t, mut weakest) = (0.0_f64, 0.0_f64);
        for (i, d) in delta.to_array().into_iter().enumerate() {
            slowest_t = slowest_t.max(d.abs() / self.max_rate[i]);
            weakest = weakest.max(d.abs() / self.acceleration[i]);
        }
        slowest_t /= self.rapid_override / 100.0;
        // d/v + v/a when v²/a <= d; a triangle of 2 sqrt(d/a) otherwise.
        let ramp = weakest / slowest_t;
        if ramp <= slowest_t {
            slowest_t + ramp
        } else {
            2.0 * weakest.sqrt()
        }
    }
}

impl Default for Machine {
    /// GRBL 1.1h's compiled defaults for a generic machine, with the laser mode on.
    fn default() -> Self {
        Self {
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
            switching: Switching::default(),
            laser_mode: true,
            power_max: 1000.0,
            power_min: 0.0,
            planner_blocks: 15,
            feed_override: 100.0,
            rapid_override: 100.0,
            waits: BTreeMap::new(),
            calibration: None,
            sources: Sources::new(),
        }
    }
}

#[cfg(test)]
#[allow(clippy::float_cmp)] // exact values are meant
mod tests {
    use super::*;

    #[test]
    fn rapid_seconds_is_the_trapezoid_of_the_slowest_axis() {
        let m = Machine {
            max_rate: [100.0, 50.0, 10.0],
            acceleration: [1000.0, 500.0, 100.0],
            ..Machine::default()
        };
        let t = |x: f64, y: f64| m.rapid_seconds(Point3::new(x, y, 0.0));
        assert!((t(100.0, 0.0) - 1.1).abs() < 1e-12);
        assert!((t(0.0, 100.0) - 2.1).abs() < 1e-12);
        assert!((t(1.0, 0.0) - 2.0 * (0.001_f64).sqrt()).abs() < 1e-12);
        assert!((t(100.0, 100.0) - 2.1).abs() < 1e-12);
        assert_eq!(t(0.0, 0.0), 0.0);
    }
}
