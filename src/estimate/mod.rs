//! How long a job takes and what it touches.
//!
//! # Speed
//! [`estimate_stream`] holds one line at a time. On one core of an EPYC server, with the
//! planner of GRBL: a raster (`X12.30 S456`, 1.8 million lines) at 6 million lines a
//! second, a print (`G1 X109.821 Y92.71 E.00589`, corners all the way) at 4 to 5 million;
//! with Klipper's planner the whole program reads 1.3 million lines of a print at 6.8
//! million a second (178 MB/s), with Marlin's at 4.4 million. Where a print's nanoseconds
//! go, 190 a line: 8 to find its end, 35 to its words, 50 to its move, 100 to its
//! seconds, of which the three lengths of vectors and
//! the limits along them are most. `cargo bench --bench stream -- seconds/` measures it
//! again on programs that it makes, and `benches/rivals/times.py` beside
//! klipper_estimator on any print.

mod breakdown;
pub(crate) mod comments;
mod elapsed;
mod marks;
mod stream;
mod watch;

pub use breakdown::{
    Breakdown, Doing, Kinds, LayerTime, OperationTime, RangeTime, SPEED_BOUNDS, SpeedTime, Spot,
    Why,
};
pub use elapsed::elapsed;
pub(crate) use elapsed::elapsed_understood;
pub(crate) use stream::estimate_understood;
pub use stream::{breakdown, breakdown_stream, estimate, estimate_stream};

use crate::geom::Bounds;
use crate::machine::{Machine, Wait, Waited};

/// Time and length of one job on one machine.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Estimate {
    /// Total of motion, dwell and forced stops, s. All times are those of the planner,
    /// multiplied by the scale of the machine's calibration.
    pub seconds: f64,
    /// Where 19 of 20 jobs are that are estimated so, s; `None` unless the machine is
    /// calibrated by jobs enough to tell.
    pub seconds_low: Option<f64>,
    /// The other end of that band, s.
    pub seconds_high: Option<f64>,
    /// Motion that works the material, s.
    pub cutting_seconds: f64,
    /// Motion that does not, s.
    pub travel_seconds: f64,
    /// Programmed dwells, and what a controller waits for its spindle and coolant, s.
    pub dwell_seconds: f64,
    /// Time lost standing still because the firmware forces a stop, s.
    pub stopped_seconds: f64,
    /// Length worked, mm.
    pub burn_mm: f64,
    /// Length of all other motion, mm.
    pub travel_mm: f64,
    /// How often working starts after travel or from rest.
    pub pen_downs: u64,
    /// Straight pieces that the firmware's planner is given.
    pub blocks: u64,
    /// How often all motion comes to an end because the firmware forces a stop, at the
    /// end of the program too.
    pub stops: u64,
    /// Arcs (G2 and G3) that the firmware, as it is set up, leaves out.
    pub arcs_not_run: u64,
    /// Box around all motion, machine coordinates, mm.
    pub bounds: Bounds,
    /// Box around what is worked, machine coordinates, mm.
    pub burn_bounds: Bounds,
    /// Filament fed, mm; 0 where the machine has none.
    pub filament_mm: f64,
    /// What takes time that no model knows, with how often it happens; what the
    /// machine's owner has given a time is in `waits`.
    pub unknown: Vec<(Wait, u64)>,
    /// What takes the time that the machine's owner has given it.
    pub waits: Vec<Waited>,
}

impl Estimate {
    /// Total with what the machine's owner has given a time, s: how long the machine is
    /// taken. `seconds` is what its firmware's planner says.
    #[must_use]
    pub fn seconds_with_waits(&self) -> f64 {
        self.seconds + self.waits.iter().map(Waited::seconds).sum::<f64>()
    }

    /// Puts what happens so often either to what the machine has a time for, or to what
    /// is unknown.
    fn set_waits(&mut self, happens: &[(Wait, u64)], machine: &Machine) {
        for (wait, count) in happens {
            match machine.waits.get(wait) {
                Some(seconds) => self.waits.push(Waited::new(*wait, *count, *seconds)),
                None => self.unknown.push((*wait, *count)),
            }
        }
    }
}
