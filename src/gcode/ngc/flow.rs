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
//! Limits: [`Limits`]. A program is done within a time that they bound. After an
//! error nothing has changed, but for the lines that were counted.

use super::expr::evaluate;
use super::fault::{Fault, FaultKind};
use super::index::{Duplicate, Index, Kind, Lines};
use super::math::{integer, is_zero};
use super::oword::{Command, OWord, decimal, parse};
use super::params::{ARGUMENTS, Parameters, Return};
use super::readout::{Readout, Volatile};
use super::text::{is_over, peek, skip_comments};

/// How much a program may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Limits {
    /// Lines executed inside of constructs and subroutines, or after an endless
    /// program has begun again.
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
    /// The construct that begins here has no end.
    Unclosed,
    /// A condition, a count or an argument that is not in brackets.
    NoBracket,
    /// Something behind the O-word that is neither its argument nor a comment.
    Trailing,
    /// More than [`ARGUMENTS`] arguments.
    TooManyArguments,
    /// More than [`Limits::calls`].
    TooDeep,
    /// More than [`Limits::lines`].
    TooLong,
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
    /// The main program ended, and on the machine begins again for ever. To do so
    /// here, go on with [`Flow::restart`].
    Endless,
}

/// Where a running program stands among its constructs.
#[derive(Debug)]
pub(crate) struct Flow {
    limits: Limits,
    lines: u64,
    endless: bool,
    index: Index,
    /// Constructs that were entered and not left, innermost last.
    blocks: Vec<Block>,
    frames: Vec<Frame>,
    reads: Option<Volatile>,
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

/// What to do next.
enum Step {
    /// Go on with this line.
    Line(usize),
    /// Obey the O-word of this line.
    Word(usize),
}

type Stepped = Result<Step, FlowFault>;

impl Flow {
    /// At the first line. `skips_deletable`: lines that begin with `/` are not
    /// executed (nor handed to [`Flow::obey`]).
    pub(crate) fn new(limits: Limits, skips_deletable: bool) -> Self {
        Flow {
            limits,
            lines: 0,
            endless: false,
            index: Index::new(skips_deletable),
            blocks: Vec::new(),
            frames: Vec::new(),
            reads: None,
            key: Vec::new(),
        }
    }

    /// Counts a line that is about to be executed.
    ///
    /// # Errors
    /// [`FlowFaultKind::TooLong`].
    pub(crate) fn begin(&mut self, line: usize) -> Result<(), FlowFault> {
        if self.endless || self.depth() > 0 {
            self.count(line)?;
        }
        Ok(())
    }

    /// How many constructs and calls enclose the line that comes next; 0 where
    /// each line is executed once, in the order of the file.
    pub(crate) fn depth(&self) -> usize {
        self.blocks.len() + self.frames.len()
    }

    /// What the conditions, counts and arguments so far depended on.
    pub(crate) fn reads(&self) -> Option<Volatile> {
        self.reads
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
                    self.count(next)?;
                    at = next;
                    // Only lines of the index are named here, and those parse.
                    match lines.line(next).and_then(parse) {
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

    /// Begins the main program again: leaves its constructs, counts every line
    /// from now on, and gives the first.
    pub(crate) fn restart(&mut self) -> usize {
        self.blocks.clear();
        self.endless = true;
        0
    }

    /// What the end of the file means, if it comes now: nothing, or a fault when a
    /// subprogram lacks its M99.
    pub(crate) fn at_end(&self) -> Option<FlowFault> {
        let frame = self.frames.last()?;
        let line = frame.program.map_or(frame.back - 1, |(line, _)| line);
        Some(fault(FlowFaultKind::Unclosed, line, 0))
    }

    fn count(&mut self, line: usize) -> Result<(), FlowFault> {
        if self.lines >= self.limits.lines {
            return Err(fault(FlowFaultKind::TooLong, line, 0));
        }
        self.lines += 1;
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

/// One O-word being obeyed.
struct Run<'a, L, R> {
    flow: &'a mut Flow,
    at: usize,
    word: &'a OWord,
    lines: &'a mut L,
    parameters: &'a mut Parameters,
    readout: &'a R,
}

impl<L: Lines, R: Readout> Run<'_, L, R> {
    fn step(&mut self) -> Stepped {
        match self.word.command {
            Command::Program => Ok(Step::Line(self.at + 1)),
            Command::Call => self.call(),
            Command::Return | Command::EndSub => self.give_back(),
            Command::Break | Command::Continue => self.leave_round(),
            Command::If => self.branch_first(),
            Command::ElseIf | Command::Else => self.branch_again(),
            Command::Repeat => self.repeat(),
            Command::While => self.test(),
            Command::Do => {
                let site = self.opening()?;
                self.nothing_follows()?;
                self.flow.blocks.push(Block { site, count: 0 });
                Ok(Step::Line(self.at + 1))
            }
            Command::Sub => {
                let site = self.opening()?;
                self.nothing_follows()?;
                Ok(Step::Line(self.behind(site)))
            }
            Command::EndIf | Command::EndWhile | Command::EndRepeat => self.close(),
        }
    }

    fn wrong(&self, kind: FlowFaultKind) -> FlowFault {
        fault(kind, self.at, self.word.at)
    }

    fn site(&mut self) -> Result<u32, FlowFault> {
        let site = self.flow.index.at(self.at, self.lines);
        site.ok_or(self.wrong(FlowFaultKind::Mismatch))
    }

    /// The site of a line that opens a construct, which has an end.
    fn opening(&mut self) -> Result<u32, FlowFault> {
        let site = self.site()?;
        if self.flow.index.site(site).kind == Kind::Nested {
            return Err(self.wrong(FlowFaultKind::NestedSub));
        }
        match self.flow.index.pair(site, self.lines) {
            Some(_) => Ok(site),
            None => Err(self.wrong(FlowFaultKind::Unclosed)),
        }
    }

    /// The construct that a closing or dividing line belongs to, if it is the one
    /// being executed.
    fn closing(&mut self) -> Result<u32, FlowFault> {
        let site = self.site()?;
        let wrong = self.wrong(FlowFaultKind::Mismatch);
        let begin = self.flow.index.pair(site, self.lines).ok_or(wrong)?;
        self.flow.inside(begin).map(|_| begin).ok_or(wrong)
    }

    /// The line behind the end of a construct that has one.
    fn behind(&mut self, site: u32) -> usize {
        let end = self.flow.index.pair(site, self.lines).unwrap_or(site);
        self.flow.index.site(end).line + 1
    }

    fn line_of(&self, site: u32) -> usize {
        self.flow.index.site(site).line
    }

    /// The value in brackets at `at`, and where it ends.
    fn value(&mut self, at: usize) -> Result<(f64, usize), FlowFault> {
        let line = self.at;
        let text = self.lines.line(line).unwrap_or_default();
        if !matches!(peek(text, at), Some((_, b'['))) {
            return Err(fault(FlowFaultKind::NoBracket, line, at as u32));
        }
        let scope = self.parameters.scope(self.readout);
        let value = evaluate(&text[at..], &scope).map_err(|f| {
            let Fault { kind, at } = f.shifted(at);
            fault(FlowFaultKind::Value(kind), line, at)
        });
        self.flow.reads = self.flow.reads.max(scope.reads());
        let (value, used) = value?;
        Ok((value, at + used))
    }

    /// The value that is all there is behind the word.
    fn condition(&mut self) -> Result<f64, FlowFault> {
        let (value, end) = self.value(self.word.rest as usize)?;
        self.over(end)?;
        Ok(value)
    }

    fn nothing_follows(&mut self) -> Result<(), FlowFault> {
        self.over(self.word.rest as usize)
    }

    fn over(&mut self, end: usize) -> Result<(), FlowFault> {
        match is_over(self.lines.line(self.at).unwrap_or_default(), end) {
            true => Ok(()),
            false => Err(fault(FlowFaultKind::Trailing, self.at, end as u32)),
        }
    }

    fn call(&mut self) -> Stepped {
        let mut key = std::mem::take(&mut self.flow.key);
        let found = self.find_sub(&mut key);
        self.flow.key = key;
        let site = found?;
        let mut arguments = [0.0; ARGUMENTS];
        let mut at = self.word.rest as usize;
        let mut count = 0;
        loop {
            let text = self.lines.line(self.at).unwrap_or_default();
            at = skip_comments(text, at);
            if text.get(at) != Some(&b'[') {
                break;
            }
            let (value, end) = self.value(at)?;
            let many = fault(FlowFaultKind::TooManyArguments, self.at, at as u32);
            *arguments.get_mut(count).ok_or(many)? = value;
            count += 1;
            at = end;
        }
        self.over(at)?;
        let line = self.line_of(site);
        self.flow
            .enter(self.at, None, self.parameters, Some(&arguments))?;
        Ok(Step::Line(line + 1))
    }

    fn find_sub(&mut self, key: &mut Vec<u8>) -> Result<u32, FlowFault> {
        let line = self.at;
        let text = self.lines.line(line).unwrap_or_default();
        let scope = self.parameters.scope(self.readout);
        let named = self.word.key_now(text, &scope, key);
        self.flow.reads = self.flow.reads.max(scope.reads());
        named.map_err(|f| fault(FlowFaultKind::Value(f.kind), line, f.at))?;
        let index = &mut self.flow.index;
        let kind = match index.sub(key, self.lines) {
            Some(site) if index.pair(site, self.lines).is_some() => return Ok(site),
            Some(site) => return Err(fault(FlowFaultKind::Unclosed, self.line_of(site), 0)),
            None if index.program(key, self.lines).is_some() => FlowFaultKind::MixedStyles,
            None => FlowFaultKind::NotInFile,
        };
        Err(self.wrong(kind))
    }

    fn give_back(&mut self) -> Stepped {
        let frame = self.flow.frames.last().copied();
        let frame = frame.ok_or(self.wrong(FlowFaultKind::NotInSub))?;
        if frame.program.is_some() {
            return Err(self.wrong(FlowFaultKind::MixedStyles));
        }
        let rest = self.word.rest as usize;
        let text = self.lines.line(self.at).unwrap_or_default();
        let value = match is_over(text, rest) {
            true => None,
            false => Some(self.condition()?),
        };
        self.parameters.leave(Return::Value(value));
        self.flow.blocks.truncate(frame.blocks);
        let _ = self.flow.frames.pop();
        Ok(Step::Line(frame.back))
    }

    fn leave_round(&mut self) -> Stepped {
        self.nothing_follows()?;
        let text = self.lines.line(self.at).unwrap_or_default();
        let key = &mut self.flow.key;
        self.word
            .key(text, key)
            .map_err(|f| fault(FlowFaultKind::Value(f.kind), self.at, f.at))?;
        let wrong = self.wrong(FlowFaultKind::Mismatch);
        let label = self.flow.index.label(&self.flow.key).ok_or(wrong)?;
        let outer = self.flow.frames.last().map_or(0, |frame| frame.blocks);
        let index = &self.flow.index;
        let place = self.flow.blocks[outer..].iter().rposition(|block| {
            let site = index.site(block.site);
            site.label == label && site.kind != Kind::If
        });
        let place = outer + place.ok_or(wrong)?;
        let site = self.flow.blocks[place].site;
        let end = self.behind(site) - 1;
        if self.word.command == Command::Break {
            self.flow.blocks.truncate(place);
            return Ok(Step::Line(end + 1));
        }
        self.flow.blocks.truncate(place + 1);
        Ok(Step::Word(end))
    }

    fn branch_first(&mut self) -> Stepped {
        let site = self.opening()?;
        let value = self.condition()?;
        self.flow.blocks.push(Block { site, count: 0 });
        Ok(self.branch(site, site, value))
    }

    /// Takes the branch of `site` if it is true, or goes on to the next.
    fn branch(&mut self, begin: u32, site: u32, value: f64) -> Step {
        if !is_zero(value)
            && let Some(block) = self.flow.inside(begin)
        {
            block.count = 1;
            return Step::Line(self.at + 1);
        }
        let next = self.flow.index.next(site).unwrap_or(site);
        Step::Word(self.line_of(next))
    }

    fn branch_again(&mut self) -> Stepped {
        let begin = self.closing()?;
        let done = self.flow.inside(begin).is_some_and(|block| block.count > 0);
        if done {
            let _ = self.flow.blocks.pop();
            return Ok(Step::Line(self.behind(begin)));
        }
        let site = self.site()?;
        let value = match self.word.command {
            Command::ElseIf => self.condition()?,
            _ => {
                self.nothing_follows()?;
                1.0
            }
        };
        Ok(self.branch(begin, site, value))
    }

    fn test(&mut self) -> Stepped {
        let site = self.site()?;
        if self.flow.index.site(site).kind == Kind::DoWhile {
            let begin = self.closing()?;
            if !is_zero(self.condition()?) {
                return Ok(Step::Line(self.line_of(begin) + 1));
            }
            let _ = self.flow.blocks.pop();
            return Ok(Step::Line(self.at + 1));
        }
        let again = self.flow.inside(site).is_some();
        if !again {
            let _ = self.opening()?;
        }
        let go = !is_zero(self.condition()?);
        match (go, again) {
            (true, false) => self.flow.blocks.push(Block { site, count: 0 }),
            (false, true) => drop(self.flow.blocks.pop()),
            _ => {}
        }
        Ok(Step::Line(match go {
            true => self.at + 1,
            false => self.behind(site),
        }))
    }

    fn repeat(&mut self) -> Stepped {
        let site = self.opening()?;
        let count = self.condition()?.round();
        if count < 1.0 {
            return Ok(Step::Line(self.behind(site)));
        }
        // More rounds than any limit allows need not be told apart.
        let count = count.min(1e15) as u64;
        self.flow.blocks.push(Block { site, count });
        Ok(Step::Line(self.at + 1))
    }

    fn close(&mut self) -> Stepped {
        let begin = self.closing()?;
        self.nothing_follows()?;
        let line = self.line_of(begin);
        match self.word.command {
            Command::EndWhile => return Ok(Step::Word(line)),
            Command::EndRepeat => {
                if let Some(block) = self.flow.inside(begin)
                    && block.count > 1
                {
                    block.count -= 1;
                    return Ok(Step::Line(line + 1));
                }
            }
            _ => {}
        }
        let _ = self.flow.blocks.pop();
        Ok(Step::Line(self.at + 1))
    }
}

#[cfg(test)]
mod tests;
