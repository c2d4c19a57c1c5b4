//! What a machine is told to do, and how long its firmware takes for it.
//!
//! A [`Command`] stream comes from the G-code interpreter; a [`Planner`] turns it
//! into [`Times`] with the same look-ahead as the firmware.

mod braking;
mod command;
mod grbl;
mod klipper;
mod marlin;
mod queue;
mod reprapfirmware;
mod setting;
mod smoothieware;
mod spent;
mod sweep;
mod tally;
#[cfg(test)]
mod testing;
mod times;
mod trapezoid;

pub use crate::machine::Wait;
pub use command::{Arc, Beam, Command, Move, Plane, Rate, SpindleMode};
pub use grbl::GrblPlanner;
pub use klipper::KlipperPlanner;
pub use marlin::MarlinPlanner;
pub use reprapfirmware::RepRapFirmwarePlanner;
pub use setting::Setting;
pub use smoothieware::SmoothiewarePlanner;
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

/// The planner of the machine's firmware, with its overrides.
#[must_use]
pub fn planner_for(machine: &Machine) -> Box<dyn Planner> {
    let mut planner: Box<dyn Planner> = match &machine.firmware {
        Firmware::Grbl | Firmware::GrblHal => Box::new(GrblPlanner::new(machine)),
        Firmware::Klipper(limits) => Box::new(KlipperPlanner::new(limits)),
        Firmware::RepRapFirmware(limits) => Box::new(RepRapFirmwarePlanner::new(machine, limits)),
        Firmware::Smoothieware(limits) => Box::new(SmoothiewarePlanner::new(machine, limits)),
        Firmware::Marlin(marlin) => Box::new(MarlinPlanner::new(machine, marlin)),
    };
    // A printer's override is what M220 sets.
    planner.push(&Command::Setting(Setting::FeedFactor(
        machine.feed_override / 100.0,
    )));
    planner
}
