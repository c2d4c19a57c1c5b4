//! What a machine would say about a job before it runs.
//!
//! [`crate::gcode::read`] says what in a file is not understood. This says what is
//! understood and still goes wrong: a move that leaves the bed, a laser that stays
//! on, a feed that the axes cannot do. Nothing here needs an IR: a program is run
//! once, line by line, in constant memory.
//!
//! # Words
//! A *finding* is one diagnostic per kind, at the first place, with a count and
//! the first lines. *Lit* means that the spindle or laser is on with S above 0.
//!
//! # Limits
//! A program does not say where its zero lies on the machine: see
//! [`Machine::bed`](crate::machine::Machine::bed). Whether the spindle is a laser
//! is not said either: a program that moves Z while it works is taken for milling,
//! where rapids with the spindle on are as they should be.

mod arcs;
mod beam;
mod bed;
mod limits;
mod step;
mod tally;

use crate::diag::{Code, Diagnostics};
use crate::gcode::{Reading, Run};
use crate::machine::Machine;
use crate::source::Source;
use crate::toolpath::Toolpath;
use step::Step;

/// An arc ends on another circle than it starts on.
pub const ARC_RADII: Code = Code("check/arc-radii");
/// A feed is above what the axes can do.
pub const FEED_ABOVE_LIMIT: Code = Code("check/feed-above-limit");
/// The laser or spindle is left on at the end of the program.
pub const LASER_ON_AT_END: Code = Code("check/laser-on-at-end");
/// A rapid is made with the laser on.
pub const LASER_ON_RAPID: Code = Code("check/laser-on-rapid");
/// A move leaves the bed.
pub const OUTSIDE_BED: Code = Code("check/outside-bed");
/// S is above the value of full power.
pub const POWER_ABOVE_MAX: Code = Code("check/power-above-max");

/// What there is to say about running a program.
///
/// # Complexity
/// O(bytes); constant memory.
///
/// # Examples
/// ```
/// use trajet::{Source, check, gcode::Dialect};
///
/// let source = Source::new(b"G21 G90\nM3 S500\nG1 X10 F900\n".to_vec());
/// let found = check::program(&source, Dialect::GRBL, None);
/// assert!(found.has(check::LASER_ON_AT_END));
/// ```
#[must_use]
pub fn program(source: &Source, how: impl Into<Reading>, machine: Option<&Machine>) -> Diagnostics {
    let mut run = Run::new(source.in_order(), how);
    let mut arcs = arcs::Arcs::new(machine);
    run.machine_mut().set_arcs(arcs.run);
    let mut bed = bed::BedCheck::new(machine);
    let mut limits = machine.map(limits::Limits::new);
    let mut from = run.machine().position();
    let mut before = *run.machine().modal();
    let mut beam = beam::BeamCheck::new(machine.map(|m| m.laser_mode), &before);
    while let Some(done) = run.step() {
        let step = Step {
            line: done.line as u32 + 1,
            words: &run.words().words,
            commands: run.commands(),
            before: &before,
            after: run.machine().modal(),
            from,
        };
        if arcs.step(&step) {
            bed.step(&step);
            if let Some(limits) = &mut limits {
                limits.step(&step);
            }
            beam.step(&step);
        }
        from = run.machine().position();
        before = *run.machine().modal();
    }
    let mut found = Diagnostics::new();
    beam.finish(&mut found);
    bed.finish(&mut found);
    if let Some(limits) = limits {
        limits.finish(&mut found);
    }
    arcs.finish(&mut found);
    found
}

/// What there is to say about running a drawing: whether it fits the bed, and
/// whether the machine reaches the feeds and powers.
///
/// # Complexity
/// O(segments).
#[must_use]
pub fn drawing(toolpath: &Toolpath, machine: &Machine) -> Diagnostics {
    let mut bed = bed::BedCheck::new(Some(machine));
    let mut limits = limits::Limits::new(machine);
    for path in toolpath.paths() {
        for (start, segment) in toolpath.with_starts(path) {
            let how = toolpath.attributes().get(segment.attr);
            let place = (segment.line + 1, 1);
            bed.add(
                &bed::bounds_of_segment(start, segment.end, segment.bulge, how.plane),
                true,
                place,
            );
            limits.segment(start, segment, how, place);
        }
    }
    let mut found = Diagnostics::new();
    limits.finish(&mut found);
    bed.finish(&mut found);
    found
}
