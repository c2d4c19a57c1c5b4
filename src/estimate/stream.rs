//! The time of a program, straight from its bytes: one line at a time, in
//! constant memory, without an IR.

use super::Estimate;
use crate::gcode::{Dialect, Meaning, Run};
use crate::machine::Machine;
use crate::motion::{Beam, Command, SpindleMode, planner_for};
use crate::source::Source;

/// How long the program takes on `machine`.
///
/// What works the material is only known at the end (see
/// [`crate::gcode::Meaning`]), so time and length are kept per kind of move
/// until then.
///
/// # Complexity
/// O(bytes).
#[must_use]
pub fn estimate(source: &Source, dialect: &'static Dialect, machine: &Machine) -> Estimate {
    let mut planner = planner_for(machine);
    let mut run = Run::new(source, dialect);
    let (mut spindle_used, mut on) = (false, false);
    while run.step().is_some() {
        for command in run.commands() {
            match command {
                Command::SpindleMode(mode) => spindle_used |= *mode != SpindleMode::Off,
                Command::Move(m) => on |= m.beam == Beam::On,
                _ => {}
            }
            planner.push(command);
        }
    }
    let times = planner.finish();
    let meaning = Meaning::of(spindle_used, on);
    let mut e = Estimate {
        dwell_seconds: times.dwell_s,
        stopped_seconds: times.stopped_s,
        filament_mm: times.filament_mm,
        unknown: times.unknown.clone(),
        ..Estimate::default()
    };
    for beam in [Beam::Rapid, Beam::Stopped, Beam::Dark, Beam::On] {
        let (seconds, mm) = times.of(beam);
        e.bounds.union(times.bounds(beam));
        if meaning.is_work(beam) {
            e.cutting_seconds += seconds;
            e.burn_mm += mm;
            e.burn_bounds.union(times.bounds(beam));
        } else {
            e.travel_seconds += seconds;
            e.travel_mm += mm;
        }
    }
    e.pen_downs = times.pen_downs(|beam| meaning.is_work(beam));
    e.seconds = e.cutting_seconds + e.travel_seconds + e.dwell_seconds + e.stopped_seconds;
    e
}
