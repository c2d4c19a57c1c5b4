//! Running a program: which line is obeyed next, and what the machine is told by it.

use super::interpret::{Interpreter, Outcome};
use super::lex::Line;
use crate::motion::Command;
use crate::source::Lines;

/// A program that is being run, line by line.
///
/// ```
/// use trajet::{Source, gcode::Run};
///
/// let source = Source::new(b"G21\nG0 X5\n".to_vec());
/// let mut run = Run::new(&source);
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
    line: Line,
    commands: Vec<Command>,
    next: usize,
}

/// What one step of a run did.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Done {
    /// The line that was obeyed, from 0.
    pub line: usize,
    /// What became of it.
    pub outcome: Outcome,
}

impl<L: Lines> Run<L> {
    /// A run from the first line, on a machine as it starts.
    #[must_use]
    pub fn new(lines: L) -> Self {
        Self {
            lines,
            machine: Interpreter::new(),
            line: Line::default(),
            commands: Vec::new(),
            next: 0,
        }
    }

    /// Obeys the next line; `None` when the program is over.
    pub fn step(&mut self) -> Option<Done> {
        let line = self.next;
        let bytes = self.lines.line(line)?;
        self.line.lex(bytes);
        self.commands.clear();
        let outcome = self.machine.execute(bytes, &self.line, &mut self.commands);
        self.next = line + 1;
        Some(Done { line, outcome })
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

    /// The machine, to be told what only it knows: where a probe stopped.
    pub const fn machine_mut(&mut self) -> &mut Interpreter {
        &mut self.machine
    }
}
