//! What a machine is told to do, and how long its firmware takes for it.
//!
//! A [`Command`] stream comes from the G-code interpreter; a [`Planner`] turns it
//! into [`Times`] with the same look-ahead as the firmware.

mod command;
mod grbl;
mod lookahead;
mod setting;
mod spent;
mod tally;
mod times;
mod trapezoid;

pub use command::{Arc, Beam, Command, Move, Plane, Rate, SpindleMode, Wait};
pub use grbl::GrblPlanner;
pub use setting::Setting;
pub use spent::{Spent, SpentOn};
pub use times::Times;

use crate::machine::{Firmware, Machine};

/// Commands in, seconds out, in constant memory.
pub trait Planner {
    /// Takes the next command.
    fn push(&mut self, command: &Command);

    /// What comes from here on is counted under this number: of its line, for example.
    fn mark(&mut self, mark: u32);

    /// Keeps each piece of the time from here on, for [`Planner::take_spent`].
    fn keep_spent(&mut self);

    /// Moves the pieces that were run since the last call to the end of `into`, in the
    /// order in which they were run.
    fn take_spent(&mut self, into: &mut Vec<Spent>);

    /// Brings the machine to rest and gives what was added up.
    fn finish(&mut self) -> Times;
}

/// The planner of the machine's firmware.
#[must_use]
pub fn planner_for(machine: &Machine) -> Box<dyn Planner> {
    match &machine.firmware {
        Firmware::Grbl | Firmware::GrblHal => Box::new(GrblPlanner::new(machine)),
        Firmware::Klipper(_) | Firmware::Marlin(_) => Box::new(GrblPlanner::new(machine)),
    }
}
