//! Firmware of printers: one command after another, each with values of its own,
//! and nothing refused but what is not known.

use super::super::block::{Block, Refusal};
use super::super::dialect::{Does, Lines};
use super::super::lex::{Fault, FaultKind, Form, Kind, Line, Word};
use super::{Effect, Ignored, Interpreter, Notice, Outcome, Then, settings};
use crate::motion::{Command, Wait};

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
        let several = self.dialect.grammar.lines == Lines::Commands;
        // T is a command only where a line begins with it.
        let begins = |w: &Word| matches!(w.letter, b'G' | b'M');
        let mut all = Outcome::default();
        let bare = bare(bytes, line);
        let mut rest = words;
        while let Some(first) = rest.first() {
            let next = rest.iter().skip(1).position(begins).map(|at| at + 1);
            let (own, more) = rest.split_at(next.unwrap_or(rest.len()));
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
        // Klipper begins at the first letter.
        let counts = |f: &&Fault| match f.kind {
            FaultKind::NoNumber => true,
            FaultKind::StrayByte => !self.dialect.lexis.named,
            _ => false,
        };
        let mut before = line.faults.iter().filter(|f| f.at < at);
        before.find(counts).copied()
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
        let block = Block::sort(words, self.dialect, &no_value).map(|b| b.with_bare(bare));
        match block.and_then(|b| self.obey(b, out)) {
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

    /// A command with a name.
    pub(super) fn named(&mut self, bytes: &[u8], line: &Line, out: &mut Vec<Command>) -> Outcome {
        let text = &bytes[line.text.unwrap_or(0) as usize..];
        let inside = |b: &u8| b.is_ascii_alphanumeric() || *b == b'_';
        let end = text.iter().position(|b| !inside(b)).unwrap_or(text.len());
        let name = String::from_utf8_lossy(&text[..end]);
        match self.dialect.named(&name) {
            Some(Does::Inert) => Outcome::of(Effect::State),
            Some(Does::Waits(wait)) => {
                out.push(Command::Wait(wait));
                Outcome::of(Effect::Fence)
            }
            Some(does) => {
                if let Does::Sets(sets) = does {
                    settings::tell_named(sets, &text[end..], out);
                }
                Outcome::of(Effect::Fence)
            }
            None => {
                out.push(Command::Wait(Wait::Macro));
                Outcome::ignored(Ignored::Macro)
            }
        }
    }
}

/// The letters without a number on a line, a bit each.
fn bare(bytes: &[u8], line: &Line) -> u32 {
    let bare = line.faults.iter().filter(|f| f.kind == FaultKind::NoNumber);
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
    let mut seen = 0_u32;
    line.kind == Kind::Block
        && first.letter == b'G'
        && line.faults.is_empty()
        && !(line.comment || line.deleted)
        && line.held.is_none()
        && line.text.is_none()
        && rest.iter().all(|w| {
            let Some(at) = b"XYEFIJR".iter().position(|l| *l == w.letter) else {
                return false;
            };
            let new = seen & 1 << at == 0;
            seen |= 1 << at;
            new && matches!(w.form, Form::Integer | Form::Decimal)
        })
}
