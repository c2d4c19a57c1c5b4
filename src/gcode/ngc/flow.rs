//! Which line comes next: subroutines, branches, loops, programs.
//!
//! The caller reads lines one after the other. Before each it says
//! [`Flow::begin`]; a line that begins with an O-word it hands to [`Flow::obey`],
//! and M98 and M99 to [`Flow::call_program`] and [`Flow::end_program`]; each
//! answers with the line to go on with. Every other line is followed by the next.
//!
//! | word | what it does |
//! |---|---|
//! | `sub` | passes to behind its `endsub` |
//! | `call [a] [b]` | #1 to #30 become the arguments and zeros |
//! | `return [v]`, `endsub [v]` | back to behind the call, whatever their label |
//! | `if`, `elseif`, `else` | the first true branch, or none |
//! | `while`, `do` .. `while` | as long as the value is not 0 |
//! | `repeat [n]` | n times, rounded; not at all below 1 |
//! | `break`, `continue` | out of, or to the next round of, the loop they name |
//!
//! After LinuxCNC ("O Codes", and what its interpreter does), but: a subroutine
//! may be anywhere in its file; `break` and `continue` work in a `repeat`, too;
//! labels may be used again once their construct has ended (see
//! [`Flow::duplicates`]); and constructs that cross are a fault.
//!
//! Limits: [`Limits`]. A program is done within a time that they bound. A machine
//! stops at the first fault; who wants to read on goes on behind the line that the
//! fault names (a call that is not in the file is skipped that way, say).

use super::fault::FaultKind;
use super::index::{Duplicate, Index, Lines};
use super::math::integer;
use super::oword::{OWord, decimal, parse};
use super::params::{ARGUMENTS, Parameters, Return};
use super::readout::Readout;
use run::{Run, Step};

mod run;

/// A line counts for one more with each so many bytes of it.
const LONG: usize = 32;

/// How much a program may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Limits {
    /// Lines executed inside of constructs and subroutines.
    pub(crate) lines: u64,
    /// Calls that have not returned. (LinuxCNC: 9.)
    pub(crate) calls: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            lines: 10_000_000,
            calls: 100,
        }
    }
}

/// Why the flow cannot go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FlowFaultKind {
    /// A call of a subroutine that this file does not have.
    NotInFile,
    /// No construct that this word could belong to is being executed.
    Mismatch,
    /// A `sub` inside of a `sub`.
    NestedSub,
    /// `return` or `endsub` outside of a subroutine.
    NotInSub,
    /// `call` of a program (`O100`), or M98 of a subroutine (`O100 sub`), or the
    /// one ended as the other.
    MixedStyles,
    /// The construct that begins here, or the subroutine called, has no end.
    Unclosed,
    /// A condition, a count or an argument that is not in brackets.
    NoBracket,
    /// Something behind the O-word that is neither its argument nor a comment.
    Trailing,
    /// More than 30 arguments.
    TooManyArguments,
    /// More than the limit of calls.
    TooDeep,
    /// More than the limit of lines.
    TooLong,
    /// More than the limit of moves.
    TooManyMoves,
    /// M99 in the main program, which begins again for ever.
    Endless,
    /// A value has a fault.
    Value(FaultKind),
}

/// A fault of the flow, with its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct FlowFault {
    /// What is wrong.
    pub(crate) kind: FlowFaultKind,
    /// The line, from 0.
    pub(crate) line: usize,
    /// The place in the line, in bytes from 0.
    pub(crate) at: u32,
}

/// What follows M99.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AfterProgram {
    /// A subprogram ended, or begins again (the L of M98): go on with this line.
    Line(usize),
    /// The main program ended, and on the machine begins again for ever.
    Endless,
}

/// Where a running program stands among its constructs.
#[derive(Debug)]
pub(crate) struct Flow {
    limits: Limits,
    lines: u64,
    index: Index,
    /// Constructs that were entered and not left, innermost last.
    blocks: Vec<Block>,
    frames: Vec<Frame>,
    key: Vec<u8>,
}

#[derive(Clone, Copy, Debug)]
struct Block {
    site: u32,
    /// `repeat`: rounds to go, with this one. `if`: 1 once a branch was taken.
    count: u64,
}

#[derive(Clone, Copy, Debug)]
struct Frame {
    /// The line to go on with.
    back: usize,
    /// How many blocks were entered when it was called.
    blocks: usize,
    /// A program that M98 called: its line, and the runs to go, with this one.
    program: Option<(usize, u64)>,
}

impl Flow {
    /// At the first line. `skips_deletable`: lines that begin with `/` are not
    /// executed (nor handed to [`Flow::obey`]).
    pub(crate) fn new(limits: Limits, skips_deletable: bool) -> Self {
        Flow {
            limits,
            lines: 0,
            index: Index::new(skips_deletable),
            blocks: Vec::new(),
            frames: Vec::new(),
            key: Vec::new(),
        }
    }

    /// Counts a line of so many bytes that is about to be executed.
    ///
    /// # Errors
    /// [`FlowFaultKind::TooLong`].
    pub(crate) fn begin(&mut self, line: usize, bytes: usize) -> Result<(), FlowFault> {
        if self.depth() > 0 {
            self.count(line, bytes)?;
        }
        Ok(())
    }

    /// How many constructs and calls enclose the line that comes next; 0 where
    /// each line is executed once, in the order of the file.
    pub(crate) fn depth(&self) -> usize {
        self.blocks.len() + self.frames.len()
    }

    /// How many calls have not returned.
    pub(crate) fn calls(&self) -> usize {
        self.frames.len()
    }

    /// Labels that LinuxCNC refuses because they were used before, as far as the
    /// lines were looked at.
    pub(crate) fn duplicates(&self) -> &[Duplicate] {
        self.index.duplicates()
    }

    /// Executes the O-word of line `at` and says which line comes next.
    ///
    /// # Errors
    /// A [`FlowFault`], which may be in another line (an `elseif`, say).
    ///
    /// # Complexity
    /// O(length of the line), and O(length of the program) once.
    pub(crate) fn obey(
        &mut self,
        at: usize,
        word: &OWord,
        lines: &mut impl Lines,
        parameters: &mut Parameters,
        readout: &impl Readout,
    ) -> Result<usize, FlowFault> {
        let mut word = *word;
        let mut at = at;
        loop {
            let mut run = Run {
                flow: &mut *self,
                at,
                word: &word,
                lines: &mut *lines,
                parameters: &mut *parameters,
                readout,
            };
            match run.step()? {
                Step::Line(next) => return Ok(next),
                Step::Word(next) => {
                    at = next;
                    let text = lines.line(next);
                    self.count(next, text.map_or(0, <[u8]>::len))?;
                    // Only lines of the index are named here, and those parse.
                    match text.and_then(parse) {
                        Some(Ok(found)) => word = found,
                        _ => return Err(fault(FlowFaultKind::Mismatch, next, 0)),
                    }
                }
            }
        }
    }

    /// M98 in line `at`: `number` is its P, `runs` its L.
    ///
    /// # Errors
    /// A [`FlowFault`] without a place in the line.
    pub(crate) fn call_program(
        &mut self,
        at: usize,
        number: f64,
        runs: Option<f64>,
        lines: &mut impl Lines,
        parameters: &mut Parameters,
    ) -> Result<usize, FlowFault> {
        let wrong = |kind| fault(kind, at, 0);
        let whole = |v| integer(v).map_err(|kind| wrong(FlowFaultKind::Value(kind)));
        let number = whole(number)?;
        let runs = u64::try_from(whole(runs.unwrap_or(1.0))?).unwrap_or(0);
        self.key.clear();
        decimal(number, &mut self.key);
        let Some(line) = self.index.program(&self.key, lines) else {
            return Err(wrong(match self.index.sub(&self.key, lines) {
                Some(_) => FlowFaultKind::MixedStyles,
                None => FlowFaultKind::NotInFile,
            }));
        };
        if runs == 0 {
            return Ok(at + 1);
        }
        self.enter(at, Some((line, runs)), parameters, None)?;
        Ok(line + 1)
    }

    /// M99 in line `at`.
    ///
    /// # Errors
    /// [`FlowFaultKind::MixedStyles`] in a subroutine that `call` called.
    pub(crate) fn end_program(
        &mut self,
        at: usize,
        parameters: &mut Parameters,
    ) -> Result<AfterProgram, FlowFault> {
        let Some(frame) = self.frames.last_mut() else {
            return Ok(AfterProgram::Endless);
        };
        let Some((line, runs)) = &mut frame.program else {
            return Err(fault(FlowFaultKind::MixedStyles, at, 0));
        };
        self.blocks.truncate(frame.blocks);
        parameters.leave(Return::Unchanged);
        if *runs > 1 {
            *runs -= 1;
            parameters.enter(None);
            return Ok(AfterProgram::Line(*line + 1));
        }
        let back = frame.back;
        let _ = self.frames.pop();
        Ok(AfterProgram::Line(back))
    }

    /// What the end of the file means, if it comes now: nothing, or a fault when a
    /// subprogram lacks its M99.
    pub(crate) fn at_end(&self) -> Option<FlowFault> {
        let frame = self.frames.last()?;
        let line = frame.program.map_or(frame.back - 1, |(line, _)| line);
        Some(fault(FlowFaultKind::Unclosed, line, 0))
    }

    fn count(&mut self, line: usize, bytes: usize) -> Result<(), FlowFault> {
        if self.lines >= self.limits.lines {
            return Err(fault(FlowFaultKind::TooLong, line, 0));
        }
        self.lines += 1 + (bytes / LONG) as u64;
        Ok(())
    }

    fn enter(
        &mut self,
        at: usize,
        program: Option<(usize, u64)>,
        parameters: &mut Parameters,
        arguments: Option<&[f64; ARGUMENTS]>,
    ) -> Result<(), FlowFault> {
        if self.frames.len() >= self.limits.calls {
            return Err(fault(FlowFaultKind::TooDeep, at, 0));
        }
        parameters.enter(arguments);
        self.frames.push(Frame {
            back: at + 1,
            blocks: self.blocks.len(),
            program,
        });
        Ok(())
    }

    /// The innermost construct, if it is this one and of the call at hand.
    fn inside(&mut self, site: u32) -> Option<&mut Block> {
        let outer = self.frames.last().map_or(0, |frame| frame.blocks);
        let inside = self.blocks.len() > outer;
        self.blocks
            .last_mut()
            .filter(|block| inside && block.site == site)
    }
}

const fn fault(kind: FlowFaultKind, line: usize, at: u32) -> FlowFault {
    FlowFault { kind, line, at }
}

#[cfg(test)]
mod tests;
