//! Firmware of printers: one command after another, each with values of its own,
//! and nothing refused but what is not known.

use super::super::block::{Block, Refusal};
use super::super::dialect::{Does, Lines};
use super::super::lex::{Line, Word};
use super::{Effect, Ignored, Interpreter, Notice, Outcome, Then};
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
        let begins = |w: &Word| matches!(w.letter, b'G' | b'M' | b'T');
        let mut all = Outcome::default();
        let mut rest = words;
        while let Some(first) = rest.first() {
            let next = rest.iter().skip(1).position(begins).map(|at| at + 1);
            let (own, more) = rest.split_at(next.unwrap_or(rest.len()));
            let done = self.command(first, own, out);
            all.effect = all.effect.max(done.effect);
            all.ignored = all.ignored.or(done.ignored);
            if done.then != Then::Next {
                all.then = done.then;
            }
            if !several {
                // A T word is a value of some commands, others are lost.
                let lost = more.iter().filter(|w| w.letter != b'T' && begins(w));
                self.notices.extend(lost.map(|w| Notice::Lost(*w)));
                break;
            }
            rest = more;
        }
        if several && words.iter().filter(|w| begins(w)).count() > 1 {
            all.effect = Effect::Fence;
        }
        all
    }

    fn command(&mut self, first: &Word, words: &[Word], out: &mut Vec<Command>) -> Outcome {
        let refused = |why| Outcome::ignored(Ignored::Refused(why));
        match first.letter {
            b'T' => return self.select_tool(first, out),
            b'G' | b'M' => {}
            _ if self.dialect.grammar.modal_motion => {}
            _ => return refused(Refusal::Unknown(*first)),
        }
        let no_value = |w: &Word| Err(Refusal::NoNumber(*w));
        match Block::sort(words, self.dialect, &no_value).and_then(|b| self.obey(b, out)) {
            Ok((effect, then)) => Outcome {
                effect,
                ignored: None,
                then,
            },
            Err(why) => refused(why),
        }
    }

    /// T alone changes the tool.
    fn select_tool(&mut self, word: &Word, out: &mut Vec<Command>) -> Outcome {
        let tool = word.value.max(0.0) as u32;
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
            Some(_) => Outcome::of(Effect::Fence),
            None => {
                out.push(Command::Wait(Wait::Macro));
                Outcome::ignored(Ignored::Macro)
            }
        }
    }
}
