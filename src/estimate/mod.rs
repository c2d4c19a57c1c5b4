//! How long a job takes and what it touches.
//!
//! # Speed
//! [`estimate_stream`] holds one line at a time. On one core of an EPYC server, with the
//! planner of GRBL: a raster (`X12.30 S456`, 1.8 million lines) at 6 to 7 million lines a
//! second, a print (`G1 X109.821 Y92.71 E.00589`, corners all the way) at 5 million, which
//! is 135 MB/s. Where a print's nanoseconds go, 190 a line: 8 to find its end, 35 to its
//! words, 50 to its move, 100 to its seconds, of which the three lengths of vectors and
//! the limits along them are most. `cargo bench --bench stream -- seconds/` measures it
//! again on programs that it makes, and `benches/rivals/times.py` beside
//! klipper_estimator on any print.

mod stream;

pub use stream::{estimate, estimate_stream};

use crate::geom::Bounds;
use crate::motion::Wait;

/// Time and length of one job on one machine.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Estimate {
    /// Total of motion, dwell and forced stops, s.
    pub seconds: f64,
    /// Motion that works the material, s.
    pub cutting_seconds: f64,
    /// Motion that does not, s.
    pub travel_seconds: f64,
    /// Programmed dwells, s.
    pub dwell_seconds: f64,
    /// Time lost standing still because the firmware forces a stop, s.
    pub stopped_seconds: f64,
    /// Length worked, mm.
    pub burn_mm: f64,
    /// Length of all other motion, mm.
    pub travel_mm: f64,
    /// How often working starts after travel or from rest.
    pub pen_downs: u64,
    /// Box around all motion, machine coordinates, mm.
    pub bounds: Bounds,
    /// Box around what is worked, machine coordinates, mm.
    pub burn_bounds: Bounds,
    /// Filament fed, mm; 0 where the machine has none.
    pub filament_mm: f64,
    /// What takes time that no model knows, with how often it happens.
    pub unknown: Vec<(Wait, u64)>,
}
