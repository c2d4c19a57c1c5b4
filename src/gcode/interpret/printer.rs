//! Firmware of printers: one command after another, each with values of its own,
//! and nothing refused but what is not known.

use super::super::block::{Block, Refusal};
use super::super::dialect::{Does, Lines, Sets};
use super::super::lex::{Fault, FaultKind, Form, Kind, Line, Word};
use super::{Effect, Ignored, Interpreter, Notice, Outcome, Then};
use crate::motion::{Command, Wait};
use std::ops::Range;

/// The command whose factor can be kept and brought back.
const FACTOR: Does = Does::Sets(Sets::WholeFeedFactor);

impl Interpreter {
    /// A line of commands.
    pub(super) fn commands(
        &mut self,
        bytes: &[u8],
        line: &Line,
        out: &mut Vec<Command>,
    ) -> Outcome {
        self.notice_exponents(bytes, &line.words);
        let words = match line.words.split_first() {
            Some((n, rest)) if n.letter == b'N' => rest,
            _ => &line.words[..],
        };
        if words.first().is_some_and(|w| self.is_misspelt(bytes, w)) {
            return Outcome::ignored(Ignored::Refused(Refusal::Mode(
                "this firmware knows G1, but not G01, G1.0 or G 1",
            )));
        }
        let several = self.dialect.grammar.lines == Lines::Commands;
        // T is a command only where a line begins with it.
        let begins = |w: &Word| matches!(w.letter, b'G' | b'M');
        let mut all = Outcome::default();
        let mut rest = words;
        while let Some(first) = rest.first() {
            let next = rest.iter().skip(1).position(begins).map(|at| at + 1);
            let (own, more) = rest.split_at(next.unwrap_or(rest.len()));
            let end = more.first().map_or(u32::MAX, |w| w.at);
            let bare = bare(bytes, line, first.at..end);
            let done = self.command(first, own, bare, out);
            all.effect = all.effect.max(done.effect);
            all.ignored = all.ignored.or(done.ignored);
            if done.then != Then::Next {
                all.then = done.then;
            }
            if !several {
                let lost = more.iter().filter(|w| begins(w));
                self.notices.extend(lost.map(|w| Notice::Lost(*w)));
                break;
            }
            rest = more;
        }
        if several && words.iter().filter(|w| begins(w)).count() > 1 {
            all.effect = Effect::Fence;
        }
        if all.effect == Effect::Move && !is_plain(line) {
            all.effect = Effect::Fence;
        }
        all
    }

    /// What stands where the firmware looks for the command, before any word: it
    /// knows no such command, and the words behind it are values of that.
    pub(super) fn hides_command(&self, line: &Line) -> Option<Fault> {
        let mut words = line.words.iter().skip_while(|w| w.letter == b'N');
        let at = words.next()?.at;
        let first = line.words.first()?.at;
        // To Klipper what stands behind the line number is a part of it.
        let counts = |f: &&Fault| match f.kind {
            FaultKind::NoNumber => true,
            FaultKind::StrayByte => f.at < first || !self.dialect.lexis.named,
            _ => false,
        };
        let mut before = line.faults.iter().filter(|f| f.at < at);
        before.find(counts).copied()
    }

    /// Whether a command is written as a firmware that compares commands as texts knows
    /// none, although it knows one of that number.
    #[inline]
    pub(super) fn is_misspelt(&self, bytes: &[u8], command: &Word) -> bool {
        if !self.dialect.lexis.named || !matches!(command.letter, b'G' | b'M') {
            return false;
        }
        let digit = |by| {
            let byte = bytes.get(command.at as usize + by);
            byte.copied().filter(u8::is_ascii_digit)
        };
        let plain = match (digit(1), digit(2)) {
            (Some(b'0'), Some(_)) | (None, _) => false,
            _ => command.form == Form::Integer,
        };
        let tenths = (command.value * 10.0).round() as u16;
        let known = || match command.letter {
            b'G' => self.dialect.g(tenths),
            _ => self.dialect.m(tenths),
        };
        !plain && command.value >= 0.0 && known().is_some()
    }

    /// The letters that the command of a line may have without a number: the axes that
    /// G28 homes, and what becomes of the factor of M220.
    pub(super) fn may_be_bare(&self, line: &Line) -> &'static [u8] {
        let command = line.words.iter().find(|w| w.letter != b'N');
        match command.map(|w| (w.letter, w.value)) {
            Some((b'G', 28.0)) if self.dialect.g(280) == Some(Does::FindHome) => b"XYZ",
            Some((b'M', 220.0)) if self.dialect.m(2200) == Some(FACTOR) => b"BR",
            _ => b"",
        }
    }

    /// `bare` are the letters without a number on the line.
    fn command(
        &mut self,
        first: &Word,
        words: &[Word],
        bare: u32,
        out: &mut Vec<Command>,
    ) -> Outcome {
        let refused = |why| Outcome::ignored(Ignored::Refused(why));
        match first.letter {
            b'T' => return self.select_tool(first, words, out),
            b'G' | b'M' => {}
            _ if self.dialect.grammar.modal_motion => {}
            _ => return refused(Refusal::Unknown(*first)),
        }
        let no_value = |w: &Word| Err(Refusal::NoNumber(*w));
        let before = (self.modal, self.position, self.filament);
        let block = Block::sort(words, self.dialect, &no_value).map(|b| b.with_bare(bare));
        let done = block.and_then(|b| self.obey(b, out));
        if !self.arcs && first.letter == b'G' && matches!(first.value, 2.0 | 3.0) {
            // The planner counts the arc; the head and the filament stay where they are.
            (self.modal, self.position, self.filament) = before;
        }
        match done {
            Ok((effect, then)) => Outcome {
                effect,
                ignored: None,
                then,
            },
            Err(why) => refused(why),
        }
    }

    /// T alone changes the tool.
    fn select_tool(&mut self, first: &Word, words: &[Word], out: &mut Vec<Command>) -> Outcome {
        let refused = |why| Outcome::ignored(Ignored::Refused(why));
        if !matches!(first.form, Form::Integer | Form::Decimal) {
            return refused(Refusal::NoNumber(*first));
        }
        // T-1 puts the tool away.
        if !(-1.0..=self.dialect.grammar.max_tool).contains(&first.value) {
            return refused(Refusal::Range(*first));
        }
        let unused = words.iter().skip(1).map(|w| Notice::Unused(w.letter));
        self.notices.extend(unused);
        let tool = first.value.max(0.0) as u32;
        let changes = tool != self.modal.tool;
        self.modal.tool = tool;
        self.loaded = tool;
        if !changes {
            return Outcome::of(Effect::State);
        }
        out.push(Command::Wait(Wait::ToolChange));
        Outcome::of(Effect::Fence)
    }
}

/// The letters without a number in a range of a line, a bit each.
fn bare(bytes: &[u8], line: &Line, range: Range<u32>) -> u32 {
    let is_bare = |f: &&Fault| f.kind == FaultKind::NoNumber && range.contains(&f.at);
    let bare = line.faults.iter().filter(is_bare);
    bare.filter_map(|f| bytes.get(f.at as usize))
        .map(u8::to_ascii_uppercase)
        .filter(u8::is_ascii_uppercase)
        .fold(0, |all, letter| all | 1 << (letter - b'A'))
}

/// Whether a line is one command with the words of a move, each of them once, and
/// nothing else: then another one may be written in its place.
pub(super) fn is_plain(line: &Line) -> bool {
    let Some((first, rest)) = line.words.split_first() else {
        return false;
    };
    // What else a firmware takes R, I or J of a straight move for is not known here.
    let letters: &[u8] = if matches!(first.value, 2.0 | 3.0) {
        b"XYEFIJR"
    } else {
        b"XYEF"
    };
    let mut seen = 0_u32;
    line.kind == Kind::Block
        && first.letter == b'G'
        && line.faults.is_empty()
        && !(line.comment || line.deleted)
        && line.held.is_none()
        && line.text.is_none()
        && rest.iter().all(|w| {
            let Some(at) = letters.iter().position(|l| *l == w.letter) else {
                return false;
            };
            let new = seen & 1 << at == 0;
            seen |= 1 << at;
            new && matches!(w.form, Form::Integer | Form::Decimal)
        })
}
