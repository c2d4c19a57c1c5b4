//! Running a program: which line is obeyed next, and what the machine is told by it.
//!
//! Most programs are obeyed line by line. Where the dialect has O-words or
//! subprograms, lines are left out, repeated and called; lines that may be needed
//! again are kept from the first such word on, so that a program without any runs
//! in constant memory.

use super::block::Refusal;
use super::dialect::Dialect;
use super::interpret::{Ignored, Interpreter, Outcome, Then};
use super::lex::{Kind, Line};
use super::ngc::{AfterProgram, Flow, FlowFault, FlowFaultKind, Limits, parse_o_word};
use crate::motion::Command;
use crate::source::Lines;

/// More commands than one line of moves comes to, whatever else it sets.
const FEW: usize = 16;

/// A move that was fitted to a curve takes the time of so many others.
const FITTED: u64 = 8;

/// How far a program with loops may go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RunLimits {
    /// Lines obeyed inside of loops and subroutines; a long one counts for one more
    /// with each 32 bytes. Default 10 million.
    pub lines: u64,
    /// What lines come to that come to much: cycles, arcs of several turns, splines,
    /// whose pieces count eight times. Default 1 million moves.
    pub moves: u64,
    /// Calls that have not returned. Default 100.
    pub calls: usize,
}

impl RunLimits {
    /// The same with so many lines inside of loops and subroutines.
    #[must_use]
    pub const fn with_lines(mut self, lines: u64) -> Self {
        self.lines = lines;
        self
    }

    /// The same with so many moves of cycles, arcs of several turns and splines.
    #[must_use]
    pub const fn with_moves(mut self, moves: u64) -> Self {
        self.moves = moves;
        self
    }

    /// The same with so many calls inside of each other.
    #[must_use]
    pub const fn with_calls(mut self, calls: usize) -> Self {
        self.calls = calls;
        self
    }
}

impl Default for RunLimits {
    fn default() -> Self {
        Self {
            lines: 10_000_000,
            moves: 1_000_000,
            calls: 100,
        }
    }
}

/// How a program is read: a dialect alone will do.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Reading {
    /// Whose G-code it is.
    pub dialect: &'static Dialect,
    /// How far loops may go.
    pub limits: RunLimits,
}

impl Reading {
    /// The same with other limits for loops.
    #[must_use]
    pub const fn with_limits(mut self, limits: RunLimits) -> Self {
        self.limits = limits;
        self
    }
}

impl From<&'static Dialect> for Reading {
    fn from(dialect: &'static Dialect) -> Self {
        Self {
            dialect,
            limits: RunLimits::default(),
        }
    }
}

/// A program that is being run, line by line.
///
/// ```
/// use trajet::{Source, gcode::{Dialect, Run}};
///
/// let source = Source::new(b"G21\nG0 X5\n".to_vec());
/// let mut run = Run::new(&source, Dialect::GRBL);
/// let mut commands = 0;
/// while let Some(done) = run.step() {
///     assert!(done.outcome.ignored.is_none());
///     commands += run.commands().len();
/// }
/// assert_eq!((commands, run.machine().position().x), (1, 5.0));
/// ```
#[derive(Debug)]
pub struct Run<L> {
    lines: L,
    machine: Interpreter,
    flow: Option<Flow>,
    limits: RunLimits,
    line: Line,
    commands: Vec<Command>,
    next: Option<usize>,
    /// The first line that no step has come to yet.
    frontier: usize,
    /// From here on lines are kept.
    kept: usize,
    /// What lines came to that came to much.
    moves: u64,
}

/// What one step of a run did.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Done {
    /// The line that was obeyed, from 0.
    pub line: usize,
    /// What became of it.
    pub outcome: Outcome,
    /// Whether the line stands in a loop, a branch or a subroutine, or begins one:
    /// then the lines are not obeyed once each in the order of the file.
    pub nested: bool,
}

impl<L: Lines> Run<L> {
    /// A run from the first line, on a machine as it starts.
    #[must_use]
    pub fn new(lines: L, how: impl Into<Reading>) -> Self {
        let Reading { dialect, limits } = how.into();
        Self {
            lines,
            machine: Interpreter::new(dialect),
            flow: None,
            limits,
            line: Line::default(),
            commands: Vec::new(),
            next: Some(0),
            frontier: 0,
            kept: 0,
            moves: 0,
        }
    }

    /// Obeys the next line; `None` when the program is over.
    pub fn step(&mut self) -> Option<Done> {
        let at = self.next?;
        let Some(bytes) = self.lines.line(at) else {
            self.next = None;
            return self.unfinished();
        };
        self.line.lex(bytes, &self.machine.dialect().lexis);
        self.machine.set_line(at);
        self.commands.clear();
        let mut nested = at < self.frontier;
        if let Some(flow) = &mut self.flow {
            nested |= flow.depth() > 0;
            if let Err(fault) = flow.begin(at, bytes.len()) {
                self.next = None;
                return Some(Done {
                    line: at,
                    outcome: Outcome::ignored(Ignored::Flow(fault.kind, fault.at)),
                    nested: true,
                });
            }
        }
        let (line, mut outcome) = if self.line.kind == Kind::Flow && self.line.held.is_some() {
            self.next = Some(at + 1);
            (at, Outcome::ignored(Ignored::Refused(Refusal::TooLong)))
        } else if self.line.kind == Kind::Flow {
            nested = true;
            self.o_word(at)
        } else {
            let reads = self.machine.reads_contour();
            let outcome = self.machine.execute(bytes, &self.line, &mut self.commands);
            if reads {
                self.machine.read_contour(&mut self.commands);
            }
            self.next = Some(at + 1);
            match outcome.then {
                Then::Next => (at, outcome),
                Then::End => {
                    self.next = None;
                    (at, outcome)
                }
                then => {
                    nested = true;
                    self.subprogram(at, then, outcome)
                }
            }
        };
        self.frontier = self.frontier.max(at + 1);
        let much = self.commands.len() > FEW || outcome.ignored.is_some();
        if much && self.counts_too_many_moves(outcome) {
            self.next = None;
            outcome = Outcome::ignored(Ignored::Flow(FlowFaultKind::TooManyMoves, 0));
        }
        Some(Done {
            line,
            outcome,
            nested,
        })
    }

    /// Counts what the last line came to; gives whether all is more than the limit.
    #[cold]
    fn counts_too_many_moves(&mut self, outcome: Outcome) -> bool {
        if self.commands.len() > FEW {
            let spline = self.machine.modal().motion.is_spline();
            let each = if spline { FITTED } else { 1 };
            self.moves += self.commands.len() as u64 * each;
        }
        let refused = outcome.ignored == Some(Ignored::Refused(Refusal::TooManyMoves));
        refused || self.moves > self.limits.moves
    }

    /// Labels that were used twice, as lines from 0: the later and the first. LinuxCNC
    /// refuses them.
    pub fn repeated_labels(&self) -> impl Iterator<Item = (usize, usize)> + '_ {
        let all = self.flow.as_ref().map_or(&[][..], Flow::duplicates);
        all.iter().map(|d| (d.line, d.first))
    }

    /// What the machine was told by the last step, in the order in which it obeys.
    #[must_use]
    pub fn commands(&self) -> &[Command] {
        &self.commands
    }

    /// The words of the last step's line.
    #[must_use]
    pub const fn words(&self) -> &Line {
        &self.line
    }

    /// The bytes of line `i`.
    pub fn bytes(&mut self, i: usize) -> &[u8] {
        self.lines.line(i).unwrap_or_default()
    }

    /// The machine after the last step.
    #[must_use]
    pub const fn machine(&self) -> &Interpreter {
        &self.machine
    }

    /// The same, to be put elsewhere: where a probe stopped, say.
    pub const fn machine_mut(&mut self) -> &mut Interpreter {
        &mut self.machine
    }

    /// Where the lines come from.
    pub const fn lines(&mut self) -> &mut L {
        &mut self.lines
    }

    /// The flow of control; lines are kept from its first use on.
    #[cold]
    fn begin_flow(&mut self, at: usize) -> Flow {
        self.flow.take().unwrap_or_else(|| {
            self.lines.keep(at);
            self.kept = at;
            let limits = Limits {
                lines: self.limits.lines,
                calls: self.limits.calls,
            };
            Flow::new(limits, false)
        })
    }

    fn o_word(&mut self, at: usize) -> (usize, Outcome) {
        let mut flow = self.begin_flow(at);
        let word = self.lines.line(at).and_then(parse_o_word);
        let next = match word {
            Some(Ok(word)) => {
                let mut lines = Kept(&mut self.lines, self.kept);
                self.machine
                    .steer(|params, readout| flow.obey(at, &word, &mut lines, params, readout))
            }
            Some(Err((_, place))) => Err(FlowFault {
                kind: FlowFaultKind::Mismatch,
                line: at,
                at: place,
            }),
            None => Err(FlowFault {
                kind: FlowFaultKind::Mismatch,
                line: at,
                at: self.line.text.unwrap_or(0),
            }),
        };
        let done = self.set_level(flow, Outcome::fence());
        self.go_on(at, next, done)
    }

    fn subprogram(&mut self, at: usize, then: Then, outcome: Outcome) -> (usize, Outcome) {
        let mut flow = self.begin_flow(at);
        let mut lines = Kept(&mut self.lines, self.kept);
        let next = self.machine.steer(|params, readout| match then {
            Then::Contour(program) => {
                let text = format!("o{program} call");
                let mut lines = Instead(&mut lines, at, text.as_bytes());
                match parse_o_word(text.as_bytes()) {
                    Some(Ok(word)) => flow.obey(at, &word, &mut lines, params, readout),
                    _ => Ok(at + 1),
                }
            }
            Then::Call { program, repeats } => {
                let (program, repeats) = (f64::from(program), f64::from(repeats));
                flow.call_program(at, program, Some(repeats), &mut lines, params)
            }
            _ => match flow.end_program(at, params)? {
                AfterProgram::Line(next) => Ok(next),
                AfterProgram::Endless => Err(FlowFault {
                    kind: FlowFaultKind::Endless,
                    line: at,
                    at: 0,
                }),
            },
        });
        let done = self.set_level(flow, outcome);
        self.go_on(at, next, done)
    }

    /// Says to the machine how deep in calls the program is.
    fn set_level(&mut self, flow: Flow, done: Outcome) -> Outcome {
        let wrong = self.machine.set_level(flow.calls(), &mut self.commands);
        self.flow = Some(flow);
        wrong.map_or(done, Outcome::ignored)
    }

    /// Goes on where the flow says; a fault in it is one of the line that it names.
    fn go_on(
        &mut self,
        at: usize,
        next: Result<usize, FlowFault>,
        done: Outcome,
    ) -> (usize, Outcome) {
        match next {
            Ok(next) => {
                self.next = Some(next);
                (at, done)
            }
            Err(fault) => {
                // A program that begins again for ever is run once.
                let over = fault.kind == FlowFaultKind::Endless;
                self.next = (!over).then_some(at + 1);
                (
                    fault.line,
                    Outcome::ignored(Ignored::Flow(fault.kind, fault.at)),
                )
            }
        }
    }

    /// The end of the file inside of a subprogram.
    fn unfinished(&mut self) -> Option<Done> {
        let fault = self.flow.as_ref()?.at_end()?;
        self.commands.clear();
        Some(Done {
            line: fault.line,
            outcome: Outcome::ignored(Ignored::Flow(fault.kind, fault.at)),
            nested: true,
        })
    }
}

/// Lines of which those before the first O-word are gone; no O-word is in them.
struct Kept<'a, L>(&'a mut L, usize);

impl<L: Lines> super::ngc::Lines for Kept<'_, L> {
    fn line(&mut self, index: usize) -> Option<&[u8]> {
        if index < self.1 {
            return Some(b"");
        }
        self.0.line(index)
    }
}

/// The lines of a program, one of which reads as a call.
struct Instead<'a, L>(&'a mut L, usize, &'a [u8]);

impl<L: super::ngc::Lines> super::ngc::Lines for Instead<'_, L> {
    fn line(&mut self, index: usize) -> Option<&[u8]> {
        if index == self.1 {
            return Some(self.2);
        }
        self.0.line(index)
    }
}
