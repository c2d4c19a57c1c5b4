//! The lexer: one line of bytes to words. The only file that names nom.
//!
//! It never fails: what is no word is noted as the line's first [`Fault`], and
//! the words before and after it are still there. Bytes, not text: comments in
//! real files are not always UTF-8.

use super::number;
use nom::bytes::complete::{take_till, take_while};
use nom::{IResult, Parser};

/// A letter with its number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Word {
    /// The number.
    pub value: f64,
    /// Where the letter stands in the line, in bytes from 0.
    pub at: u32,
    /// The letter, in upper case.
    pub letter: u8,
}

/// What a line is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kind {
    /// Nothing but blanks and comments.
    #[default]
    Blank,
    /// Words.
    Block,
    /// A system command of the firmware (`$…`).
    System,
}

/// Why a part of a line is no word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// A letter without a number.
    NoNumber,
    /// A byte that begins no word: `%`, `#`, `[`, a digit, …
    StrayByte,
    /// A comment that the line ends before its `)`.
    OpenComment,
}

/// The first thing in a line that is no word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fault {
    /// What is wrong.
    pub kind: FaultKind,
    /// Where, in bytes from 0.
    pub at: u32,
}

/// One line, taken apart. Made to be reused from line to line.
#[derive(Clone, Debug, Default)]
pub struct Line {
    /// The words in the order in which they stand.
    pub words: Vec<Word>,
    /// What the line is.
    pub kind: Kind,
    /// The first thing that is no word; an unclosed comment ends at the line's end.
    pub fault: Option<Fault>,
    /// Whether the line holds a comment.
    pub comment: bool,
    /// Bytes that the firmware stores of the line: all but blanks and comments.
    pub stored: u32,
}

/// One item of a line, as the parser sees it.
enum Item {
    Blank,
    Comment { closed: bool },
    Word(u8, f64),
    Fault(FaultKind),
}

impl Line {
    /// Takes `bytes` apart, with or without its line end.
    ///
    /// # Complexity
    /// O(bytes); allocates only when there are more words than ever before.
    pub fn lex(&mut self, bytes: &[u8]) {
        self.words.clear();
        self.kind = Kind::Blank;
        self.fault = None;
        self.comment = false;
        self.stored = 0;
        let mut rest = bytes;
        while !rest.is_empty() {
            let at = (bytes.len() - rest.len()) as u32;
            if rest[0] == b'$' && self.kind == Kind::Blank {
                self.kind = Kind::System;
                return;
            }
            let before = rest.len();
            let Ok((next, item)) = item(rest) else {
                return;
            };
            match item {
                Item::Blank => {}
                Item::Comment { closed } => {
                    self.comment = true;
                    if !closed {
                        self.note(FaultKind::OpenComment, at);
                    }
                }
                Item::Word(letter, value) => {
                    self.words.push(Word { value, at, letter });
                    self.kind = Kind::Block;
                    let used = &rest[..before - next.len()];
                    self.stored += used.iter().filter(|b| !is_blank(**b)).count() as u32;
                }
                Item::Fault(kind) => {
                    self.note(kind, at);
                    self.kind = Kind::Block;
                    self.stored += 1;
                }
            }
            rest = next;
        }
    }

    fn note(&mut self, kind: FaultKind, at: u32) {
        if self.fault.is_none() {
            self.fault = Some(Fault { kind, at });
        }
    }
}

/// Blanks, line ends, and the bytes that GRBL takes out of the stream before it
/// reads the line (`!`, `~`, `?`) or skips (`/`, control bytes).
const fn is_blank(b: u8) -> bool {
    b <= b' ' || matches!(b, b'/' | b'!' | b'~' | b'?' | 0x7f)
}

/// Dispatches on the first byte; consumes at least one.
fn item(input: &[u8]) -> IResult<&[u8], Item, ()> {
    match input[0] {
        b'a'..=b'z' | b'A'..=b'Z' => word(input),
        b'(' => parenthesis(input),
        b';' => Ok((&[], Item::Comment { closed: true })),
        b if is_blank(b) => take_while(is_blank).map(|_| Item::Blank).parse(input),
        0xef if input.starts_with(b"\xef\xbb\xbf") => Ok((&input[3..], Item::Blank)),
        _ => Ok((&input[1..], Item::Fault(FaultKind::StrayByte))),
    }
}

fn word(input: &[u8]) -> IResult<&[u8], Item, ()> {
    let letter = input[0].to_ascii_uppercase();
    Ok(match number::parse(&input[1..]) {
        Some((value, used)) => (&input[1 + used..], Item::Word(letter, value)),
        None => (&input[1..], Item::Fault(FaultKind::NoNumber)),
    })
}

/// A comment does not nest: the first `)` ends it.
fn parenthesis(input: &[u8]) -> IResult<&[u8], Item, ()> {
    let (rest, _) = take_till(|b| b == b')').parse(input)?;
    let closed = !rest.is_empty();
    Ok((
        if closed { &rest[1..] } else { rest },
        Item::Comment { closed },
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lex(s: &[u8]) -> (String, Line) {
        let mut line = Line::default();
        line.lex(s);
        let words = line
            .words
            .iter()
            .map(|w| format!("{}{}", w.letter as char, w.value))
            .collect::<Vec<_>>()
            .join(" ");
        (words, line)
    }

    #[test]
    fn words_of_every_form() {
        for (text, words) in [
            ("G1X1Y2", "G1 X1 Y2"),
            ("g01 x-.5 y+5. ; (no) x9", "G1 X-0.5 Y5"),
            ("G1 (a;b) X 1. 5", "G1 X1.5"),
            ("/G38.2 Z-1", "G38.2 Z-1"),
            ("X1E5", "X1 E5"),
            ("(nested (one) X3", "X3"),
            ("\u{feff}G21\r\n", "G21"),
            ("G1 X1!Y2", "G1 X1 Y2"),
        ] {
            let (got, line) = lex(text.as_bytes());
            assert_eq!(got, words, "{text}");
            assert_eq!(line.fault, None, "{text}");
        }
    }

    #[test]
    fn faults_have_a_place_and_cost_no_other_word() {
        for (text, words, kind, at) in [
            ("G28 X Y1", "G28 Y1", FaultKind::NoNumber, 4),
            ("%", "", FaultKind::StrayByte, 0),
            ("X[1+2]Y3", "Y3", FaultKind::NoNumber, 0),
            ("G1 X1 (open", "G1 X1", FaultKind::OpenComment, 6),
            ("G1 X1.2.3 Y1", "G1 X1.2 Y1", FaultKind::StrayByte, 7),
        ] {
            let (got, line) = lex(text.as_bytes());
            assert_eq!(got, words, "{text}");
            assert_eq!(line.fault, Some(Fault { kind, at }), "{text}");
        }
    }

    #[test]
    fn kinds() {
        assert_eq!(lex(b" ; only\n").1.kind, Kind::Blank);
        assert_eq!(lex(b"").1.kind, Kind::Blank);
        assert_eq!(lex(b" $J=G91X10F500").1.kind, Kind::System);
        assert_eq!(lex(b"G1 X1").1.stored, 4);
        assert_eq!(lex(b"\xff\x00").1.kind, Kind::Block);
    }
}
