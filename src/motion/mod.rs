//! What a machine is told to do, and how long its firmware takes for it.
//!
//! A [`Command`] stream comes from the G-code interpreter; a [`Planner`] turns it
//! into [`Times`] with the same look-ahead as the firmware.

mod command;
mod grbl;
mod times;
mod trapezoid;

pub use command::{Arc, Beam, Command, Move, Plane, Rate, SpindleMode, Wait};
pub use grbl::GrblPlanner;
pub use times::Times;

use crate::machine::{Firmware, Machine};

/// Commands in, seconds out, in constant memory.
pub trait Planner {
    /// Takes the next command.
    fn push(&mut self, command: &Command);

    /// Brings the machine to rest and gives what was added up.
    fn finish(&mut self) -> Times;
}

/// The planner of the machine's firmware.
#[must_use]
pub fn planner_for(machine: &Machine) -> Box<dyn Planner> {
    match machine.firmware {
        Firmware::Grbl | Firmware::GrblHal => Box::new(GrblPlanner::new(machine)),
    }
}
