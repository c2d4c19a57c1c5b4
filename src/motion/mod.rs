//! What a machine is told to do, and how long its firmware takes for it.
//!
//! A [`Command`] stream comes from the G-code interpreter; a planner turns it
//! into seconds with the same look-ahead as the firmware.

mod command;

pub use command::{Arc, Beam, Command, Move, Plane, Rate, SpindleMode, Wait};
