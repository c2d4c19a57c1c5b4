//! The time of a program, straight from its lines: one at a time, in constant
//! memory, without an IR.

use super::Estimate;
use crate::diag::Diagnostics;
use crate::error::{Error, ErrorKind};
use crate::gcode::{Dialect, Done, Meaning, Reading, Run, RunLimits, findings};
use crate::machine::Machine;
use crate::motion::{Beam, Command, SpindleMode, planner_for};
use crate::source::{Lines, Source, Stream};
use std::io::Read;

/// How long the program takes on `machine`.
///
/// # Complexity
/// O(bytes).
#[must_use]
pub fn estimate(source: &Source, how: impl Into<Reading>, machine: &Machine) -> Estimate {
    measure(source.in_order(), how.into(), machine, |_, _| {}).0
}

/// How long the program that `read` gives takes on `machine`, and what there is
/// to say about it. The estimate is that of [`estimate`] to the bit. Without a
/// dialect it is the one that [`Dialect::detect`] finds.
///
/// ```
/// use trajet::estimate::estimate_stream;
/// use trajet::gcode::{Dialect, RunLimits};
/// use trajet::machine::preset;
///
/// let machine = preset("diode-laser").ok_or("no such preset")?;
/// let program = &b"G1 X10 F600\nM77\n"[..];
/// let (e, diagnostics) = estimate_stream(program, Some(Dialect::GRBL), RunLimits::default(), &machine)?;
/// assert!(e.seconds > 1.0);
/// assert_eq!(diagnostics.as_slice()[0].line, Some(2));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// As [`Stream::finish`]: a reader that fails, a line longer than
/// [`Stream::LINE_LIMIT`], more to run again than [`Stream::KEPT_LIMIT`].
///
/// # Complexity
/// O(bytes), constant memory: the program is never held whole.
pub fn estimate_stream<R: Read>(
    mut read: R,
    dialect: Option<&'static Dialect>,
    limits: RunLimits,
    machine: &Machine,
) -> Result<(Estimate, Diagnostics), Error> {
    let mut diagnostics = Diagnostics::new();
    let mut head = Vec::new();
    let _ = read
        .by_ref()
        .take(Dialect::LOOKED_AT as u64)
        .read_to_end(&mut head)
        .map_err(|e| Error::new(ErrorKind::Io, format!("cannot be read: {e}")))?;
    let found = Dialect::detect(&head);
    findings::of_dialect(&mut diagnostics, found, dialect);
    let dialect = dialect.unwrap_or(found.dialect);
    let how = Reading::from(dialect).with_limits(limits);

    let mut lines = Stream::new(head.as_slice().chain(read));
    let mut moves = false;
    let (estimate, meaning) = measure(&mut lines, how, machine, |run, done| match done {
        Some(done) => {
            findings::of_step(&mut diagnostics, run, done);
            moves = moves || run.commands().iter().any(|c| matches!(c, Command::Move(_)));
        }
        None => findings::of_run(&mut diagnostics, run),
    });
    lines.finish()?;
    findings::of_motion(&mut diagnostics, dialect, meaning, moves);
    Ok((estimate, diagnostics))
}

/// Runs the program; `see` is shown each step, and the run when it is over.
///
/// What works the material is only known at the end (see
/// [`crate::gcode::Meaning`]), so time and length are kept per kind of move
/// until then.
fn measure<L: Lines>(
    lines: L,
    how: Reading,
    machine: &Machine,
    mut see: impl FnMut(&Run<L>, Option<&Done>),
) -> (Estimate, Meaning) {
    let mut planner = planner_for(machine);
    let mut run = Run::new(lines, how);
    let (mut spindle_used, mut on) = (false, false);
    while let Some(done) = run.step() {
        see(&run, Some(&done));
        for command in run.commands() {
            match command {
                Command::SpindleMode(mode) => spindle_used |= *mode != SpindleMode::Off,
                Command::Move(m) => on |= m.beam == Beam::On,
                _ => {}
            }
            planner.push(command);
        }
    }
    see(&run, None);
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
    (e, meaning)
}
