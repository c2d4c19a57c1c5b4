//! The lexer: one line of bytes to words. The only file that names nom.
//!
//! It never fails: what is no word is noted as a [`Fault`] of the line, and the
//! words before and after it are still there. Bytes, not text: comments in real
//! files are not always UTF-8. What a byte begins is looked up in the dialect's
//! table of classes; values that are not plain numbers (expressions, texts) stay
//! as places in the line, for the interpreter.

mod names;

use super::dialect::{Blanks, Case, Checksum, Class, Delete, Lexis, Limit, Parens};
use super::ngc;
use super::number::{self, Number};
use names::{is_macro_b, is_meta, is_name};
use nom::bytes::complete::{take, take_till, take_while};
use nom::character::complete::char;
use nom::combinator::{consumed, opt};
use nom::sequence::{delimited, preceded};
use nom::{IResult, Parser};

/// A letter with its value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Word {
    /// The number; NaN where the value is no plain number.
    pub value: f64,
    /// Where the letter stands in the line, in bytes from 0.
    pub at: u32,
    /// The letter, in upper case; `#` for an assignment, a lower-case letter for
    /// an axis that is written `'x`.
    pub letter: u8,
    /// What kind of value it has.
    pub form: Form,
}

/// What kind of value a word has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A number without a decimal point.
    Integer,
    /// A number with one.
    Decimal,
    /// An expression, parameter or function, behind the letter.
    Expression,
    /// `"…"`, `{…}` or a list: nothing that a number could be made of here.
    Opaque,
}

/// What a line is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kind {
    /// Nothing but blanks and comments.
    #[default]
    Blank,
    /// Words.
    Block,
    /// A command of the system (`$…`).
    System,
    /// A mark of begin or end (`%`).
    Percent,
    /// An O-word with what belongs to it, from byte `Line::text`.
    Flow,
    /// A command with a name, from byte `Line::text`.
    Named,
    /// For the firmware's console or its own language of conditions.
    Foreign,
}

/// Why a part of a line is no word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// A letter without a number.
    NoNumber,
    /// A byte that begins no word: `[`, a digit, …
    StrayByte,
    /// A comment that the line ends before its `)`.
    OpenComment,
    /// A text that the line ends before its closing mark.
    OpenText,
    /// Bytes that the firmware takes out of the stream before it reads the line.
    RealTime,
    /// Words behind a `(` or a checksum, which cuts the rest of the line off.
    CutOff,
    /// A comment in parentheses that not every build of the firmware takes.
    MaybeComment,
    /// A checksum that does not fit the line.
    BadChecksum,
    /// More bytes than the firmware holds; what is beyond is lost.
    Overflow,
}

impl FaultKind {
    /// Whether the rest of the line means what it would without it.
    #[must_use]
    pub const fn is_harmless(self) -> bool {
        matches!(
            self,
            Self::OpenComment | Self::RealTime | Self::CutOff | Self::MaybeComment | Self::Overflow
        )
    }
}

/// A thing in a line that is no word.
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
    /// What is no word, in order; at most [`Line::MOST_FAULTS`].
    pub faults: Vec<Fault>,
    /// Whether the line holds a comment.
    pub comment: bool,
    /// Whether the line begins with `/`.
    pub deleted: bool,
    /// Where a text begins that is no words: behind a command that takes one, or
    /// the whole of an O-word or a command with a name.
    pub text: Option<u32>,
    /// More bytes than the firmware holds, if so.
    pub held: Option<u32>,
}

impl Line {
    /// How many faults of one line are kept.
    pub const MOST_FAULTS: usize = 16;
    /// So many bytes of a line are looked at, which bounds the words of one line. No
    /// firmware holds a longer one.
    pub const LONGEST: usize = 1 << 20;

    /// Takes `bytes` apart, with or without its line end.
    ///
    /// # Complexity
    /// O(bytes); allocates only when there are more words than ever before.
    pub fn lex(&mut self, bytes: &[u8], lexis: &Lexis) {
        self.words.clear();
        self.faults.clear();
        self.kind = Kind::Blank;
        self.comment = false;
        self.deleted = false;
        self.text = None;
        self.held = None;
        let mut bytes = bytes;
        if bytes.len() > Self::LONGEST {
            bytes = self.shortened(bytes);
        }
        if let Some(limit) = lexis.limit
            && bytes.len() > limit.bytes as usize
        {
            let parens = limit.comments || lexis.parens == Parens::Maybe;
            bytes = self.measured(bytes, limit, parens);
        }
        let mut rest = self.opening(bytes, lexis);
        let anywhere = matches!(lexis.blanks, Blanks::Anywhere);
        while let Some(&first) = rest.first() {
            let at = bytes.len() - rest.len();
            let class = lexis.class(first);
            if class == Class::Letter
                && !lexis.meta
                && let Some(n) = number::plain(bytes, at + 1, anywhere)
            {
                self.word(first, at, n);
                rest = &bytes[at + 1 + n.used..];
                continue;
            }
            rest = match class {
                Class::Letter => match number(lexis)(&rest[1..]) {
                    Ok((next, n)) => {
                        self.word(first, at, n);
                        if lexis.meta { self.list(next) } else { next }
                    }
                    Err(_) => self.odd_word(rest, at, lexis),
                },
                Class::Blank => &rest[1..],
                Class::Semicolon => {
                    self.comment = true;
                    break;
                }
                _ => self.other(rest, bytes, lexis),
            };
        }
        if self.kind == Kind::Blank && !(self.words.is_empty() && self.faults_count()) {
            self.kind = Kind::Block;
        }
    }

    /// Whether no fault makes a block of the line.
    fn faults_count(&self) -> bool {
        let plain = |f: &Fault| {
            matches!(
                f.kind,
                FaultKind::OpenComment | FaultKind::MaybeComment | FaultKind::Overflow
            )
        };
        self.faults.iter().all(plain)
    }

    /// The first fault that changes what the line means.
    #[must_use]
    pub fn worst(&self) -> Option<Fault> {
        self.faults.iter().copied().find(|f| !f.kind.is_harmless())
    }

    #[cold]
    fn note(&mut self, kind: FaultKind, at: usize) {
        if self.faults.len() < Self::MOST_FAULTS {
            let at = at as u32;
            self.faults.push(Fault { kind, at });
        }
    }

    /// Adds a word with a number right behind its letter.
    #[inline]
    fn word(&mut self, letter: u8, at: usize, n: Number) {
        self.words.push(Word {
            value: n.value,
            at: at as u32,
            letter: letter.to_ascii_uppercase(),
            form: form(n),
        });
    }

    /// A word whose value is no plain number right behind its letter.
    #[cold]
    fn odd_word<'a>(&mut self, input: &'a [u8], at: usize, lexis: &Lexis) -> &'a [u8] {
        let behind = match lexis.blanks {
            Blanks::Nowhere => Ok((&input[1..], &input[..0])),
            _ => blanks(&input[1..]),
        };
        match behind.and_then(|(behind, _)| value(lexis)(behind)) {
            Ok((rest, (value, form, closed))) => {
                if !closed {
                    self.note(FaultKind::OpenText, at);
                }
                self.words.push(Word {
                    value,
                    at: at as u32,
                    letter: input[0].to_ascii_uppercase(),
                    form,
                });
                rest
            }
            Err(_) if lexis.named && self.words.len() == 1 && self.is_numbered(input) => {
                self.kind = Kind::Named;
                self.text = Some(at as u32);
                &[]
            }
            Err(_) if lexis.macro_b && self.is_first() && is_macro_b(input) => {
                self.kind = Kind::Foreign;
                &[]
            }
            Err(_) => {
                self.note(FaultKind::NoNumber, at);
                &input[1..]
            }
        }
    }

    /// Whether a command with a name stands behind the line number.
    fn is_numbered(&self, input: &[u8]) -> bool {
        self.is_first() && is_name(input)
    }

    /// Whether nothing but a line number was there so far.
    fn is_first(&self) -> bool {
        self.words.iter().all(|w| w.letter == b'N') && self.faults.is_empty()
    }

    /// The rest of a list `1:2:3`, if it is one: its word is not a number.
    fn list<'a>(&mut self, rest: &'a [u8]) -> &'a [u8] {
        let part = |b: u8| matches!(b, b':' | b'.' | b'-' | b'+' | b'0'..=b'9');
        match preceded(char(':'), take_while(part)).parse(rest) {
            Ok::<_, nom::Err<()>>((rest, _)) => {
                if let Some(word) = self.words.last_mut() {
                    (word.form, word.value) = (Form::Opaque, f64::NAN);
                }
                rest
            }
            Err(_) => rest,
        }
    }

    /// Whatever begins with neither a plain letter nor a blank.
    #[cold]
    fn other<'a>(&mut self, input: &'a [u8], line: &[u8], lexis: &Lexis) -> &'a [u8] {
        let at = line.len() - input.len();
        match lexis.class(input[0]) {
            Class::SpecialLetter => self.special(input, at, lexis),
            Class::Polar => match number(lexis)(&input[1..]) {
                Ok((rest, n)) => {
                    self.word(input[0], at, n);
                    rest
                }
                Err(_) => self.odd_word(input, at, lexis),
            },
            Class::Tick if input.get(1).is_some_and(u8::is_ascii_lowercase) => {
                let count = self.words.len();
                let rest = self.odd_word(&input[1..], at + 1, lexis);
                // An axis of its own: it keeps its case.
                if let Some(w) = self.words.get_mut(count) {
                    w.letter = input[1];
                }
                rest
            }
            Class::Hash => match assignment(input) {
                Ok((rest, _)) => {
                    self.words.push(Word {
                        value: f64::NAN,
                        at: at as u32,
                        letter: b'#',
                        form: Form::Expression,
                    });
                    rest
                }
                Err(_) => self.stray(input, at),
            },
            Class::Star => self.checksum(input, line, lexis),
            Class::Quote => {
                self.note(FaultKind::StrayByte, at);
                quoted(input).map_or(&[], |(rest, _)| rest)
            }
            Class::Paren => self.parenthesis(input, at, lexis),
            Class::RealTime => {
                self.note(FaultKind::RealTime, at);
                let run = take_while(|b| lexis.class(b) == Class::RealTime);
                let done: IResult<_, _, ()> = { run }.parse(input);
                done.map_or(&[], |(rest, _)| rest)
            }
            _ => self.stray(input, at),
        }
    }

    /// A checksum ends the line.
    fn checksum<'a>(&mut self, input: &'a [u8], line: &[u8], lexis: &Lexis) -> &'a [u8] {
        let at = line.len() - input.len();
        let numbered = self.words.first().is_some_and(|w| w.letter == b'N');
        let sum = preceded(char('*'), consumed(number(lexis))).parse(input);
        let (behind, digits, n) = match sum {
            Ok::<_, nom::Err<()>>((behind, (digits, n))) => (behind, digits, n),
            Err(_) => return self.stray(input, at),
        };
        if lexis.checksum == Checksum::PassedOver {
            return behind;
        }
        if !numbered {
            return self.stray(input, at);
        }
        // The exclusive or of all bytes before; five digits are another sum on
        // RepRapFirmware, which is not verified here.
        let sum = line[..at].iter().fold(0_u8, |sum, b| sum ^ b);
        let other = lexis.meta && digits.len() > 3;
        if !other && n.value as i64 != i64::from(sum) {
            self.note(FaultKind::BadChecksum, at);
        }
        let over = |b: &&u8| lexis.class(**b) != Class::Blank;
        match behind.iter().find(over) {
            Some(b';' | b'(') | None => behind,
            Some(_) => {
                self.note(FaultKind::CutOff, at);
                &[]
            }
        }
    }

    fn stray<'a>(&mut self, input: &'a [u8], at: usize) -> &'a [u8] {
        self.note(FaultKind::StrayByte, at);
        &input[1..]
    }

    /// A word that begins with O, or with an M that a text may follow.
    fn special<'a>(&mut self, input: &'a [u8], at: usize, lexis: &Lexis) -> &'a [u8] {
        let first = input[0].to_ascii_uppercase();
        let begins = self.words.len() < 2 && self.words.iter().all(|w| w.letter == b'N');
        if first == b'O' && lexis.expressions && begins && self.worst().is_none() {
            self.kind = Kind::Flow;
            self.text = Some(at as u32);
            return &[];
        }
        let Ok((rest, n)) = number(lexis)(&input[1..]) else {
            return self.odd_word(input, at, lexis);
        };
        self.word(first, at, n);
        let tenths = (n.value * 10.0).round() as i64;
        let takes_text = |n: &u16| i64::from(*n) == tenths;
        if first == b'M' && begins && lexis.raw_text.iter().any(takes_text) {
            self.text = Some((at + input.len() - rest.len()) as u32);
            return &[];
        }
        rest
    }

    /// A comment does not nest: the first `)` ends it.
    fn parenthesis<'a>(&mut self, input: &'a [u8], at: usize, lexis: &Lexis) -> &'a [u8] {
        self.comment = true;
        let Ok((behind, _)) = comment(input) else {
            self.note(FaultKind::OpenComment, at);
            return &[];
        };
        match lexis.parens {
            Parens::Comment => {}
            Parens::Maybe => self.note(FaultKind::MaybeComment, at),
            Parens::Stray => {}
            Parens::Cut => {
                if behind.iter().any(u8::is_ascii_alphanumeric) {
                    self.note(FaultKind::CutOff, at);
                }
                return &[];
            }
        }
        behind
    }

    /// Finds out at the start of a line whether it is one of words; gives what of
    /// it is.
    fn opening<'a>(&mut self, bytes: &'a [u8], lexis: &Lexis) -> &'a [u8] {
        let bytes = match bytes.first() {
            Some(b'G' | b'X' | b'Y') => {
                // By far the most lines.
                if !lexis.named {
                    return bytes;
                }
                bytes
            }
            _ => bytes,
        };
        let mark = if bytes.starts_with(b"\xef\xbb\xbf") {
            3
        } else {
            0
        };
        let blank = |b: &u8| lexis.class(*b) == Class::Blank && *b != b'/';
        let Some(start) = bytes.iter().skip(mark).position(|b| !blank(b)) else {
            return &[];
        };
        let start = mark + start;
        let line = &bytes[start..];
        self.kind = match line[0] {
            b'/' if lexis.delete != Delete::Never => {
                self.deleted = true;
                let numbered = matches!(line.get(1), Some(b'1'..=b'9'));
                return match lexis.delete {
                    Delete::Numbered if numbered => &line[2..],
                    _ => &line[1..],
                };
            }
            b'$' if lexis.system => Kind::System,
            b'[' if lexis.system && line.starts_with(b"[ESP") => Kind::System,
            b'%' if lexis.percent && is_alone(&line[1..], lexis) => Kind::Percent,
            b'a'..=b'z' if lexis.case == Case::Console => Kind::Foreign,
            b'a'..=b'z' | b'A'..=b'Z' if lexis.meta && is_meta(line) => Kind::Foreign,
            b'a'..=b'z' | b'A'..=b'Z' | b'_' if lexis.named && is_name(line) => {
                self.text = Some(start as u32);
                Kind::Named
            }
            _ => return line,
        };
        &[]
    }

    /// What is looked at of a line that is longer than any firmware's.
    #[cold]
    fn shortened<'a>(&mut self, bytes: &'a [u8]) -> &'a [u8] {
        self.held = Some(u32::try_from(bytes.len()).unwrap_or(u32::MAX));
        self.note(FaultKind::Overflow, Self::LONGEST);
        &bytes[..Self::LONGEST]
    }

    /// How many bytes the firmware holds of a long line, comments in parentheses
    /// among them or not; gives what it reads.
    #[cold]
    fn measured<'a>(&mut self, bytes: &'a [u8], limit: Limit, parens: bool) -> &'a [u8] {
        let (mut held, mut comment, mut fits) = (0_u32, false, bytes.len());
        for (i, &b) in bytes.iter().enumerate() {
            match b {
                b'\n' | b'\r' => break,
                b';' if !comment && !limit.comments => break,
                b'(' if !parens => comment = true,
                b')' if !parens => comment = false,
                _ if comment || limit.packed && is_packed_away(b) => {}
                _ => {
                    held = held.saturating_add(1);
                    if held == limit.bytes {
                        fits = i + 1;
                    }
                }
            }
        }
        if held <= limit.bytes {
            return bytes;
        }
        self.held = self.held.max(Some(held));
        if limit.cuts {
            self.note(FaultKind::Overflow, fits);
            return &bytes[..fits];
        }
        bytes
    }
}

/// Bytes that a firmware which packs its lines does not hold.
const fn is_packed_away(b: u8) -> bool {
    matches!(b, 0..=b' ' | 0x7f.. | b'/' | b'!' | b'~' | b'?')
}

const fn form(n: Number) -> Form {
    if n.point {
        Form::Decimal
    } else {
        Form::Integer
    }
}

/// A plain number.
#[inline]
fn number(lexis: &Lexis) -> impl Fn(&[u8]) -> IResult<&[u8], Number, ()> {
    let blanks = matches!(lexis.blanks, Blanks::Anywhere);
    move |input| match number::parse(input, blanks) {
        Some(n) => Ok((&input[n.used..], n)),
        None => Err(nom::Err::Error(())),
    }
}

/// A value: what it is as a number, of what form, and whether it is closed.
type Value = (f64, Form, bool);

/// Any value.
fn value(lexis: &Lexis) -> impl Fn(&[u8]) -> IResult<&[u8], Value, ()> {
    move |input| match input.first() {
        Some(b'"') if lexis.quotes => {
            let text = quoted.map(|closed| (f64::NAN, Form::Opaque, closed));
            { text }.parse(input)
        }
        Some(b'{') if lexis.meta => {
            let inside = (take_till(|b| b == b'}'), opt(char('}')));
            let text = inside.map(|(_, end)| (f64::NAN, Form::Opaque, end.is_some()));
            { text }.parse(input)
        }
        _ => match number(lexis)(input) {
            Ok((rest, n)) => Ok((rest, (n.value, form(n), true))),
            Err(e) => match ngc::extent(input) {
                Some(used) if lexis.expressions => {
                    Ok((&input[used..], (f64::NAN, Form::Expression, true)))
                }
                _ => Err(e),
            },
        },
    }
}

fn blanks(input: &[u8]) -> IResult<&[u8], &[u8], ()> {
    take_while(|b| b == b' ' || b == b'\t').parse(input)
}

fn comment(input: &[u8]) -> IResult<&[u8], &[u8], ()> {
    delimited(char('('), take_till(|b| b == b')'), char(')')).parse(input)
}

/// A text in quotation marks, in which a doubled mark is one of its own; gives
/// whether it is closed.
fn quoted(input: &[u8]) -> IResult<&[u8], bool, ()> {
    let (mut rest, _) = char('"').parse(input)?;
    loop {
        let (behind, _) = take_till(|b| b == b'"').parse(rest)?;
        if behind.is_empty() {
            return Ok((behind, false));
        }
        if behind.get(1) != Some(&b'"') {
            return Ok((&behind[1..], true));
        }
        rest = &behind[2..];
    }
}

/// `#…=…`.
fn assignment(input: &[u8]) -> IResult<&[u8], &[u8], ()> {
    let used = ngc::assignment(input).ok_or(nom::Err::Error(()))?;
    take(used).parse(input)
}

/// Whether nothing but blanks and a comment stands in the rest of a line.
fn is_alone(rest: &[u8], lexis: &Lexis) -> bool {
    let first = rest.iter().find(|b| lexis.class(**b) != Class::Blank);
    let class = first.map(|b| lexis.class(*b));
    matches!(class, None | Some(Class::Semicolon | Class::Paren))
}

#[cfg(test)]
mod tests;
