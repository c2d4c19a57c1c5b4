//! What tests of planners have in common.

use super::{Command, Times, planner_for};
use crate::machine::Machine;

/// What a machine's planner comes to for some commands.
pub(super) fn run(machine: &Machine, commands: &[Command]) -> Times {
    let mut planner = planner_for(machine);
    commands.iter().for_each(|c| planner.push(c));
    planner.finish()
}

pub(super) fn near(a: f64, b: f64) {
    assert!((a - b).abs() < 1e-9, "{a} {b}");
}
