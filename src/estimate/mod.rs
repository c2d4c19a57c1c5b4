//! How long a job takes and what it touches.

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
