//! What each O-word does, one at a time.

use super::super::expr::evaluate;
use super::super::fault::Fault;
use super::super::index::{Kind, Lines};
use super::super::math::is_zero;
use super::super::oword::{Command, OWord};
use super::super::params::{ARGUMENTS, Parameters, Return};
use super::super::readout::Readout;
use super::super::text::{is_over, peek, skip_comments};
use super::{Block, Flow, FlowFault, FlowFaultKind, fault};

/// What to do next.
pub(super) enum Step {
    /// Go on with this line.
    Line(usize),
    /// Obey the O-word of this line.
    Word(usize),
}

type Stepped = Result<Step, FlowFault>;

/// One O-word being obeyed.
pub(super) struct Run<'a, L, R> {
    pub(super) flow: &'a mut Flow,
    pub(super) at: usize,
    pub(super) word: &'a OWord,
    pub(super) lines: &'a mut L,
    pub(super) parameters: &'a mut Parameters,
    pub(super) readout: &'a R,
}

impl<L: Lines, R: Readout> Run<'_, L, R> {
    pub(super) fn step(&mut self) -> Stepped {
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
        named.map_err(|f| fault(FlowFaultKind::Value(f.kind), line, f.at))?;
        let index = &mut self.flow.index;
        let kind = match index.sub(key, self.lines) {
            Some(site) if index.pair(site, self.lines).is_some() => return Ok(site),
            Some(_) => FlowFaultKind::Unclosed,
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
