use super::{Beam, Wait};

/// A piece of the time of a program.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Spent {
    /// What its command was counted under (see [`Planner::mark`](super::Planner::mark)).
    pub mark: u32,
    /// What it went on.
    pub on: SpentOn,
    /// How long it took, s.
    pub seconds: f64,
    /// How long a move would have taken at its asked speed throughout, s: the rest went
    /// on speeding up and slowing down. 0 for all else.
    pub at_speed: f64,
    /// Length of a move, mm. An arc is made of its chords.
    pub mm: f64,
}

/// What time went on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SpentOn {
    /// Motion.
    Move(Beam),
    /// A programmed dwell.
    Dwell,
    /// Standing still because the firmware forces a stop.
    Stop,
    /// Something that no model knows; it counts 0 s.
    Unknown(Wait),
}
