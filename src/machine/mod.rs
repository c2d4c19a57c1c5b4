//! Machines: limits, firmware, presets, and settings files as they come.

mod arcs;
mod bed;
mod commands;
mod firmware;
mod grbl_dump;
mod klipper;
mod marlin;
mod marlin_dump;
mod presets;
#[cfg(feature = "serde")]
mod profile;
mod read;
mod retraction;

pub use arcs::ArcSupport;
pub use firmware::Firmware;
pub use grbl_dump::SETTING_ASSUMED;
pub use klipper::{Klipper, KlipperExtruder};
pub use marlin::{Corners, Marlin};
pub use presets::{preset, preset_names};
pub use read::read;
pub use retraction::Retraction;

use crate::error::{Error, ErrorKind};
use crate::geom::{Bounds, Point3};

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
    /// How far a corner may be cut in the model of junction speeds, mm (`$11`).
    pub junction_deviation: f64,
    /// The arcs (G2 and G3) that it runs; `None`: none, and drawings become lines.
    pub arcs: Option<ArcSupport>,
    /// How far chords may be from their arc, mm (`$12`).
    pub arc_tolerance: f64,
    /// How long the firmware blocks after each stop, s (`$1`); `None`: not at all.
    pub idle_delay: Option<f64>,
    /// Whether S may change in motion and rapids switch the beam off (`$32`).
    pub laser_mode: bool,
    /// The S value of full power (`$30`).
    pub power_max: f64,
    /// The S value of least power (`$31`).
    pub power_min: f64,
    /// How many blocks the planner looks ahead, the running one included.
    pub planner_blocks: usize,
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
        // d/v + v/a when v²/a <= d; a triangle of 2 sqrt(d/a) otherwise.
        let ramp = weakest / slowest_t;
        if ramp <= slowest_t {
            slowest_t + ramp
        } else {
            2.0 * weakest.sqrt()
        }
    }

    /// Checks that every limit can be used.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidConfig`] that names the first limit that is not a
    /// finite number above 0.
    pub fn validate(&self) -> Result<(), Error> {
        let check = |name: &str, v: f64| {
            if v.is_finite() && v > 0.0 {
                Ok(())
            } else {
                Err(Error::new(
                    ErrorKind::InvalidConfig,
                    format!("{name} must be a finite number above 0, not {v}"),
                ))
            }
        };
        for (i, axis) in ["x", "y", "z"].iter().enumerate() {
            check(&format!("steps per mm of {axis}"), self.steps_per_mm[i])?;
            check(&format!("greatest rate of {axis}"), self.max_rate[i])?;
            check(&format!("acceleration of {axis}"), self.acceleration[i])?;
        }
        check("the junction deviation", self.junction_deviation)?;
        check("the arc tolerance", self.arc_tolerance)?;
        let arcs = self.arcs.unwrap_or_default();
        check("the greatest radius", arcs.greatest_radius)?;
        // It may be 0.
        check("the least arc", arcs.least_length.max(f64::MIN_POSITIVE))?;
        check("the greatest power", self.power_max)?;
        check("the idle delay", self.idle_delay.unwrap_or(1.0))?;
        check("the number of planner blocks", self.planner_blocks as f64)
    }
}

impl Default for Machine {
    /// GRBL 1.1h as it comes, with the laser mode on.
    fn default() -> Self {
        presets::grbl()
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
