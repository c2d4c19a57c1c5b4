//! The time of a program, straight from its lines: one at a time, in constant
//! memory, without an IR.

use super::breakdown::Ledger;
use super::watch::Watch;
use super::{Breakdown, Estimate};
use crate::diag::{Diagnostic, Diagnostics, Severity};
use crate::error::{Error, ErrorKind};
use crate::gcode::{Dialect, Done, Meaning, Reading, Run, RunLimits, findings};
use crate::machine::{ARCS_NOT_RUN, HOW_ARCS_RUN, Machine};
use crate::motion::{Beam, Command, Planner, SpindleMode, planner_for};
use crate::source::{InOrder, Lines, Source, Stream};
use std::io::{Chain, Cursor, Read};

/// How long the program takes on `machine`.
///
/// # Complexity
/// O(bytes).
#[must_use]
pub fn estimate(source: &Source, how: impl Into<Reading>, machine: &Machine) -> Estimate {
    measure(source.in_order(), how.into(), machine, &mut ()).0
}

/// The same with where the time goes.
///
/// ```
/// use trajet::Source;
/// use trajet::estimate::breakdown;
/// use trajet::gcode::Dialect;
/// use trajet::machine::Machine;
///
/// let program = Source::new(b"M4 S500\nG1 X10 F300\nG4 P0.5\nG0 X0\n".to_vec());
/// let (e, where_it_goes) = breakdown(&program, Dialect::GRBL, &Machine::default());
/// let kinds = where_it_goes.kinds;
/// assert!((kinds.work - 2.0).abs() < 1e-9 && (kinds.dwell - 0.5).abs() < 1e-9);
/// assert!((kinds.seconds() - e.seconds).abs() < 1e-9);
/// ```
///
/// # Complexity
/// O(bytes), about a quarter longer than [`estimate`]; constant memory beside the source.
#[must_use]
pub fn breakdown(
    source: &Source,
    how: impl Into<Reading>,
    machine: &Machine,
) -> (Estimate, Breakdown) {
    let mut ledger = Ledger::new();
    let (e, meaning) = measure(source.in_order(), how.into(), machine, &mut ledger);
    (e, ledger.close(meaning, scale(machine)))
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
    read: R,
    dialect: Option<&'static Dialect>,
    limits: RunLimits,
    machine: &Machine,
) -> Result<(Estimate, Diagnostics), Error> {
    let (e, _, diagnostics) = measure_stream(read, dialect, limits, machine, ())?;
    Ok((e, diagnostics))
}

/// The same with where the time goes: that of [`breakdown`] to the bit.
///
/// # Errors
/// As [`estimate_stream`].
///
/// # Complexity
/// O(bytes), constant memory.
pub fn breakdown_stream<R: Read>(
    read: R,
    dialect: Option<&'static Dialect>,
    limits: RunLimits,
    machine: &Machine,
) -> Result<(Estimate, Breakdown, Diagnostics), Error> {
    let mut ledger = Ledger::new();
    let (e, meaning, diagnostics) = measure_stream(read, dialect, limits, machine, &mut ledger)?;
    Ok((e, ledger.close(meaning, scale(machine)), diagnostics))
}

/// Measures the program that `read` gives while `watch` looks on.
fn measure_stream<R: Read, W>(
    mut read: R,
    dialect: Option<&'static Dialect>,
    limits: RunLimits,
    machine: &Machine,
    watch: W,
) -> Result<(Estimate, Meaning, Diagnostics), Error>
where
    W: for<'a> Watch<&'a mut Stream<Chain<Cursor<Vec<u8>>, R>>>,
{
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

    let mut lines = Stream::new(Cursor::new(head).chain(read));
    let mut watch = (
        Finder {
            diagnostics,
            moves: false,
        },
        watch,
    );
    let (estimate, meaning) = measure(&mut lines, how, machine, &mut watch);
    lines.finish()?;
    let Finder {
        mut diagnostics,
        moves,
    } = watch.0;
    findings::of_motion(&mut diagnostics, dialect, meaning, moves);
    if estimate.arcs_not_run > 0 {
        let count = estimate.arcs_not_run;
        let what = format!("{count} arcs (G2, G3) are left out: this machine does not run any");
        diagnostics
            .push(Diagnostic::new(ARCS_NOT_RUN, Severity::Warning, what).with_help(HOW_ARCS_RUN));
    }
    Ok((estimate, meaning, diagnostics))
}

/// How a program that is held whole was understood.
#[derive(Debug)]
pub(crate) struct Understood {
    /// What there is to say where it looks like one of another dialect, or moves nothing.
    pub(crate) diagnostics: Diagnostics,
    /// Whether it moves anything.
    pub(crate) moves: bool,
}

/// [`estimate`] with how the program was understood.
pub(crate) fn estimate_understood(
    source: &Source,
    how: Reading,
    machine: &Machine,
) -> (Estimate, Understood) {
    measure_understood(source, how, machine, &mut ())
}

/// Measures a program that is held whole while `watch` looks on.
pub(super) fn measure_understood<'a, W: Watch<InOrder<'a>>>(
    source: &'a Source,
    how: Reading,
    machine: &Machine,
    watch: &mut W,
) -> (Estimate, Understood) {
    let mut both = (Moves(false), watch);
    let (estimate, meaning) = measure(source.in_order(), how, machine, &mut both);
    let moves = both.0.0;
    let mut diagnostics = Diagnostics::new();
    let head = &source.bytes()[..source.bytes().len().min(Dialect::LOOKED_AT)];
    findings::of_dialect(&mut diagnostics, Dialect::detect(head), Some(how.dialect));
    // Which motion burns is nothing to the time of it all.
    if !moves {
        findings::of_motion(&mut diagnostics, how.dialect, meaning, moves);
    }
    (estimate, Understood { diagnostics, moves })
}

/// Whether a program moves anything.
struct Moves(bool);

impl<L: Lines> Watch<L> for Moves {
    #[inline]
    fn command(&mut self, command: &Command, _: &mut dyn Planner) {
        self.0 |= matches!(command, Command::Move(_));
    }
}

/// What there is to say about a program, while it is run.
struct Finder {
    diagnostics: Diagnostics,
    /// Whether it moves anything.
    moves: bool,
}

impl<L: Lines> Watch<L> for Finder {
    #[inline]
    fn line(&mut self, run: &mut Run<L>, done: &Done) {
        findings::of_step(&mut self.diagnostics, run, done);
        self.moves = self.moves || run.commands().iter().any(|c| matches!(c, Command::Move(_)));
    }

    fn over(&mut self, run: &Run<L>, _: &mut dyn Planner) {
        findings::of_run(&mut self.diagnostics, run);
    }
}

/// Runs the program while `watch` looks on.
///
/// What works the material is only known at the end (see
/// [`crate::gcode::Meaning`]), so time and length are kept per kind of move
/// until then.
pub(super) fn measure<L: Lines, W: Watch<L>>(
    lines: L,
    how: Reading,
    machine: &Machine,
    watch: &mut W,
) -> (Estimate, Meaning) {
    let mut planner = planner_for(machine);
    if W::KEEPS {
        planner.keep_spent();
    }
    let mut run = Run::new(lines, how);
    run.machine_mut().set_arcs(machine.runs_arcs());
    let (mut spindle_used, mut on) = (false, false);
    while let Some(done) = run.step() {
        watch.line(&mut run, &done);
        for command in run.commands() {
            match command {
                Command::SpindleMode(mode) => spindle_used |= *mode != SpindleMode::Off,
                Command::Move(m) => on |= m.beam == Beam::On,
                _ => {}
            }
            watch.command(command, planner.as_mut());
            planner.push(command);
        }
    }
    let times = planner.finish();
    let scale = scale(machine);
    watch.over(&run, planner.as_mut());
    let meaning = Meaning::of(spindle_used, on);
    let mut e = Estimate {
        dwell_seconds: times.dwell_s * scale,
        stopped_seconds: times.stopped_s * scale,
        filament_mm: times.filament_mm,
        ..Estimate::default()
    };
    for beam in [Beam::Rapid, Beam::Stopped, Beam::Dark, Beam::On] {
        let (seconds, mm) = times.of(beam);
        let seconds = seconds * scale;
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
    e.set_waits(&times.unknown, machine);
    (e.blocks, e.stops) = (times.blocks, times.stops);
    e.arcs_not_run = times.arcs_not_run;
    e.pen_downs = times.pen_downs(|beam| meaning.is_work(beam));
    e.seconds = e.cutting_seconds + e.travel_seconds + e.dwell_seconds + e.stopped_seconds;
    if let Some([low, high]) = machine.calibration.and_then(|c| c.band) {
        e.seconds_low = Some(e.seconds * low);
        e.seconds_high = Some(e.seconds * high);
    }
    (e, meaning)
}

/// What all times of a machine are multiplied by.
pub(super) fn scale(machine: &Machine) -> f64 {
    machine.calibration.map_or(1.0, |c| c.scale)
}
