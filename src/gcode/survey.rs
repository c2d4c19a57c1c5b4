//! A first look at a whole program: what in it works the material.
//!
//! One line cannot tell: a G1 with the spindle off is a cut on a plotter that
//! has no spindle, and travel on a laser. Only the whole file says which it is.

use super::run::{Reading, Run};
use crate::motion::{Beam, Command, SpindleMode};
use crate::source::Source;

/// What works the material in a program.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Meaning {
    /// The spindle or laser is on with S above 0: such feed moves burn, feed
    /// moves at S0 are deliberate dark moves, feed moves under M5 are travel.
    #[default]
    Power,
    /// The program never starts a spindle: every feed move works.
    Motion,
    /// A spindle is started, but never with a power: nobody can tell what burns.
    Unclear,
}

impl Meaning {
    /// The meaning of a program in which these kinds of feed moves occur.
    #[must_use]
    pub const fn of(spindle_used: bool, on: bool) -> Self {
        match (spindle_used, on) {
            (_, true) => Self::Power,
            (false, false) => Self::Motion,
            (true, false) => Self::Unclear,
        }
    }

    /// Whether a move of this kind is work.
    #[must_use]
    pub const fn is_work(self, beam: Beam) -> bool {
        match self {
            Self::Power => matches!(beam, Beam::On),
            Self::Motion => matches!(beam, Beam::Stopped),
            Self::Unclear => matches!(beam, Beam::On | Beam::Dark),
        }
    }

    /// Whether a move of this kind only brings the head somewhere.
    #[must_use]
    pub const fn is_travel(self, beam: Beam) -> bool {
        match self {
            Self::Motion => matches!(beam, Beam::Rapid),
            Self::Power | Self::Unclear => matches!(beam, Beam::Rapid | Beam::Stopped),
        }
    }
}

/// Reads the program through once and says what works the material in it.
///
/// # Complexity
/// O(bytes), constant memory.
#[must_use]
pub fn survey(source: &Source, how: impl Into<Reading>) -> Meaning {
    let mut run = Run::new(source.in_order(), how);
    let (mut spindle_used, mut on) = (false, false);
    while !on && run.step().is_some() {
        for command in run.commands() {
            match command {
                Command::SpindleMode(mode) => spindle_used |= *mode != SpindleMode::Off,
                Command::Move(m) => on |= m.beam == Beam::On,
                _ => {}
            }
        }
    }
    Meaning::of(spindle_used, on)
}
