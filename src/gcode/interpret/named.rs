//! Commands with names: `NAME KEY=VALUE …`, as Klipper reads them.
//!
//! What stands behind the name is split as a shell splits a line: blanks part the words,
//! quotes of either kind hold them together and are no part of them, a backslash takes
//! what follows as it is, and `#` or `;` outside of quotes ends the line. Of a key that
//! stands twice the last value counts. Klipper refuses a line with a word that has no
//! `=`; here only that word is passed over.

use super::super::dialect::{Does, Saves, Sets};
use super::super::lex::Line;
use super::{Effect, Ignored, Interpreter, Outcome, settings};
use crate::motion::Command;

/// The values behind a name.
#[derive(Debug)]
pub(super) struct Values(Vec<(Vec<u8>, Vec<u8>)>);

impl Values {
    pub(super) fn of(text: &[u8]) -> Self {
        let pair = |mut word: Vec<u8>| {
            let at = word.iter().position(|b| *b == b'=')?;
            let value = word.split_off(at + 1);
            let _ = word.pop();
            Some((word, value))
        };
        Self(words(text).into_iter().filter_map(pair).collect())
    }

    /// The value of a key, in whichever case that is written.
    pub(super) fn text(&self, key: &str) -> Option<&[u8]> {
        let mut from_behind = self.0.iter().rev();
        from_behind
            .find(|(k, _)| k.eq_ignore_ascii_case(key.as_bytes()))
            .map(|(_, v)| v.as_slice())
    }

    /// The same where it is a number.
    pub(super) fn number(&self, key: &str) -> Option<f64> {
        let text = std::str::from_utf8(self.text(key)?).ok()?;
        text.trim().parse().ok().filter(|v: &f64| v.is_finite())
    }
}

/// The words of a text, split as a shell does.
fn words(text: &[u8]) -> Vec<Vec<u8>> {
    let mut all = Vec::new();
    let mut word: Option<Vec<u8>> = None;
    let mut quote = None;
    let mut bytes = text.iter().copied();
    while let Some(b) = bytes.next() {
        let taken = match (quote, b) {
            (Some(mark), _) if b == mark => {
                quote = None;
                continue;
            }
            (None, b'#' | b';') => break,
            (None, b'"' | b'\'') => {
                quote = Some(b);
                let _ = word.get_or_insert_default();
                continue;
            }
            (None, b' ' | b'\t' | b'\r' | b'\n') => {
                all.extend(word.take());
                continue;
            }
            (None | Some(b'"'), b'\\') => bytes.next(),
            _ => Some(b),
        };
        word.get_or_insert_default().extend(taken);
    }
    all.extend(word);
    all
}

impl Interpreter {
    /// A command with a name.
    pub(super) fn named(&mut self, bytes: &[u8], line: &Line, out: &mut Vec<Command>) -> Outcome {
        let text = &bytes[line.text.unwrap_or(0) as usize..];
        let inside = |b: &u8| b.is_ascii_alphanumeric() || *b == b'_';
        let end = text.iter().position(|b| !inside(b)).unwrap_or(text.len());
        let name = String::from_utf8_lossy(&text[..end]);
        let does = match self.dialect.named(&name) {
            Some(Does::Inert) => return Outcome::of(Effect::State),
            Some(Does::Waits(wait)) => {
                out.push(Command::Wait(wait));
                return Outcome::of(Effect::Fence);
            }
            Some(does) => does,
            None => return self.run_macro(out),
        };
        let text = if line.words.is_empty() {
            &text[end..]
        } else {
            without_checksum(&text[end..])
        };
        let values = Values::of(text);
        let done = match does {
            Does::SaveState(Saves::Keep) => self.keep_state(&values),
            // A macro may have saved it, and what that is nobody knows here.
            Does::SaveState(_) if self.is_of_macro(&values) => return self.run_macro(out),
            Does::SaveState(_) => self.restore_state(&values, out),
            Does::Sets(Sets::Offset) => self.offset_all(&values, out),
            Does::Sets(sets) => {
                settings::tell_named(sets, &values, out);
                Ok(())
            }
            _ => Ok(()),
        };
        match done {
            Ok(()) => Outcome::of(Effect::Fence),
            Err(why) => Outcome::ignored(Ignored::Refused(why)),
        }
    }
}

/// Of a line with a number: what stands before `*` and the digits that end it.
fn without_checksum(text: &[u8]) -> &[u8] {
    let text = text.trim_ascii_end();
    match text.iter().rposition(|b| *b == b'*') {
        Some(at) if text.len() > at + 1 && text[at + 1..].iter().all(u8::is_ascii_digit) => {
            &text[..at]
        }
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn joined(text: &str) -> String {
        let words = words(text.as_bytes());
        let words: Vec<String> = words
            .into_iter()
            .map(|w| String::from_utf8(w).unwrap())
            .collect();
        words.join("|")
    }

    #[test]
    fn words_are_those_of_a_shell() {
        for (text, expected) in [
            ("", ""),
            (" A=1  B=2\r\n", "A=1|B=2"),
            ("A=\"1 2\" B='3;4'", "A=1 2|B=3;4"),
            ("A=1;B=2", "A=1"),
            ("A=1 # B=2", "A=1"),
            ("A=1\\;2 B=\"a\\\"b\"", "A=1;2|B=a\"b"),
            ("A='1\\' B=2", "A=1\\|B=2"),
            ("A=\"open B=2", "A=open B=2"),
            ("''", ""),
        ] {
            assert_eq!(joined(text), expected, "{text}");
        }
    }

    #[test]
    fn the_last_value_counts() {
        let values = Values::of(b" accel=1 WORD =2 ACCEL='3e1' NAME=a=b");
        assert_eq!(values.number("ACCEL"), Some(30.0));
        assert_eq!(values.text("NAME"), Some(&b"a=b"[..]));
        assert_eq!(values.text("WORD"), None);
        assert_eq!(values.number("NAME"), None);
    }

    #[test]
    fn a_checksum_ends_a_numbered_line() {
        assert_eq!(without_checksum(b" A=1*33 "), b" A=1");
        assert_eq!(without_checksum(b" A=1*"), b" A=1*");
        assert_eq!(without_checksum(b" A=1*3x"), b" A=1*3x");
    }
}
