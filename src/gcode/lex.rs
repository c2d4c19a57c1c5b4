//! The lexer: one line of bytes to words. The only file that names nom.
//!
//! It never fails: what is no word is noted as a [`Fault`] of the line, and the
//! words before and after it are still there. Bytes, not text: comments in real
//! files are not always UTF-8. What a byte begins is looked up in the dialect's
//! table of classes; values that are not plain numbers (expressions, texts) stay
//! as places in the line, for the interpreter.

use super::dialect::{Blanks, Case, Class, Lexis, Limit, Parens};
use super::{ngc, number};
use memchr::memchr;
use nom::bytes::complete::{take_till, take_while, take_while1};
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
    /// Words behind a `(` that cuts the rest of the line off.
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
        if let Some(limit) = lexis.limit
            && bytes.len() > limit.bytes as usize
        {
            let parens = limit.comments || lexis.parens == Parens::Maybe;
            bytes = self.measured(bytes, limit, parens);
        }
        let mut rest = self.opening(bytes, lexis);
        while let Some(&first) = rest.first() {
            let at = bytes.len() - rest.len();
            let next = match lexis.class(first) {
                Class::Letter => self.word(rest, at, lexis),
                Class::Blank => Ok((&rest[1..], ())),
                Class::Semicolon => {
                    self.comment = true;
                    break;
                }
                _ => self.other(rest, at, bytes, lexis),
            };
            match next {
                Ok((next, ())) => rest = next,
                Err(_) => break,
            }
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

    /// What a word begins with, and what it is: the hot path.
    #[inline]
    fn word<'a>(&mut self, input: &'a [u8], at: usize, lexis: &Lexis) -> IResult<&'a [u8], (), ()> {
        let letter = input[0].to_ascii_uppercase();
        let behind = &input[1..];
        if let Some(n) = number::parse(behind, matches!(lexis.blanks, Blanks::Anywhere))
            && letter != b'O'
        {
            let rest = &behind[n.used..];
            let form = if n.point {
                Form::Decimal
            } else {
                Form::Integer
            };
            self.words.push(Word {
                value: n.value,
                at: at as u32,
                letter,
                form,
            });
            if letter == b'M' && !lexis.raw_text.is_empty() {
                return Ok(self.raw_text(rest, at + input.len() - rest.len(), lexis));
            }
            if lexis.meta && rest.first() == Some(&b':') {
                return self.list(rest);
            }
            return Ok((rest, ()));
        }
        self.odd_word(letter, input, at, lexis)
    }

    /// A word whose value is no plain number right behind its letter.
    #[cold]
    fn odd_word<'a>(
        &mut self,
        letter: u8,
        input: &'a [u8],
        at: usize,
        lexis: &Lexis,
    ) -> IResult<&'a [u8], (), ()> {
        let (behind, _) = match lexis.blanks {
            Blanks::Nowhere => (&input[1..], &input[..0]),
            _ => take_while(|b| b == b' ' || b == b'\t').parse(&input[1..])?,
        };
        if letter == b'O' && lexis.expressions && self.words.iter().all(|w| w.letter == b'N') {
            self.kind = Kind::Flow;
            self.text = Some(at as u32);
            return Ok((&[], ()));
        }
        let (form, value, used) = if let Some(n) = number::parse(behind, false) {
            let form = if n.point {
                Form::Decimal
            } else {
                Form::Integer
            };
            (form, n.value, n.used)
        } else if let Some(used) = opaque(behind, lexis) {
            (Form::Opaque, f64::NAN, used)
        } else if lexis.expressions
            && let Some(used) = ngc::extent(behind)
        {
            (Form::Expression, f64::NAN, used)
        } else {
            self.note(FaultKind::NoNumber, at);
            return Ok((&input[1..], ()));
        };
        if used > behind.len() {
            self.note(FaultKind::OpenText, at);
        }
        self.words.push(Word {
            value,
            at: at as u32,
            letter,
            form,
        });
        Ok((&behind[used.min(behind.len())..], ()))
    }

    /// The text behind an M number that takes one.
    fn raw_text<'a>(&mut self, rest: &'a [u8], at: usize, lexis: &Lexis) -> (&'a [u8], ()) {
        let first = self.words.iter().find(|w| w.letter != b'N');
        let Some(word) = first.filter(|w| w.letter == b'M') else {
            return (rest, ());
        };
        let tenths = (word.value * 10.0).round() as i64;
        if lexis.raw_text.iter().any(|n| i64::from(*n) == tenths) {
            self.text = Some(at as u32);
            return (&[], ());
        }
        (rest, ())
    }

    /// The rest of a list `1:2:3`; its word is not a number.
    #[cold]
    fn list<'a>(&mut self, rest: &'a [u8]) -> IResult<&'a [u8], (), ()> {
        let part = |b: u8| matches!(b, b':' | b'.' | b'-' | b'+' | b'0'..=b'9');
        let (rest, _) = take_while1(part).parse(rest)?;
        if let Some(word) = self.words.last_mut() {
            (word.form, word.value) = (Form::Opaque, f64::NAN);
        }
        Ok((rest, ()))
    }

    /// Whatever begins with neither a letter nor a blank.
    #[cold]
    fn other<'a>(
        &mut self,
        input: &'a [u8],
        at: usize,
        line: &[u8],
        lexis: &Lexis,
    ) -> IResult<&'a [u8], (), ()> {
        match lexis.class(input[0]) {
            Class::Paren => self.parenthesis(input, at, lexis),
            Class::RealTime => {
                self.note(FaultKind::RealTime, at);
                let (rest, _) = take_while1(|b| lexis.class(b) == Class::RealTime).parse(input)?;
                Ok((rest, ()))
            }
            Class::Hash => match ngc::assignment(input) {
                Some(used) => {
                    self.words.push(Word {
                        value: f64::NAN,
                        at: at as u32,
                        letter: b'#',
                        form: Form::Expression,
                    });
                    Ok((&input[used..], ()))
                }
                None => self.stray(input, at),
            },
            Class::Star => {
                let Some(n) = number::parse(&input[1..], false) else {
                    return self.stray(input, at);
                };
                // Three digits are the exclusive or of all bytes before.
                let sum = line[..at].iter().fold(0_u8, |sum, b| sum ^ b);
                if n.used <= 3 && n.value as i64 != i64::from(sum) {
                    self.note(FaultKind::BadChecksum, at);
                }
                Ok((&input[1 + n.used..], ()))
            }
            Class::Quote => {
                self.note(FaultKind::StrayByte, at);
                let used = quoted(input).min(input.len());
                Ok((&input[used..], ()))
            }
            Class::Polar => self.word(input, at, lexis),
            Class::Tick => match input.get(1) {
                Some(b'a'..=b'z') => {
                    let (rest, ()) = self.word(&input[1..], at + 1, lexis)?;
                    if let Some(w) = self.words.last_mut()
                        && w.at == at as u32 + 1
                    {
                        w.letter = input[1];
                    }
                    Ok((rest, ()))
                }
                _ => self.stray(input, at),
            },
            _ => self.stray(input, at),
        }
    }

    fn stray<'a>(&mut self, input: &'a [u8], at: usize) -> IResult<&'a [u8], (), ()> {
        self.note(FaultKind::StrayByte, at);
        Ok((&input[1..], ()))
    }

    /// A comment does not nest: the first `)` ends it.
    fn parenthesis<'a>(
        &mut self,
        input: &'a [u8],
        at: usize,
        lexis: &Lexis,
    ) -> IResult<&'a [u8], (), ()> {
        self.comment = true;
        let (rest, _) = take_till(|b| b == b')').parse(input)?;
        let Some((_, behind)) = rest.split_first() else {
            self.note(FaultKind::OpenComment, at);
            return Ok((rest, ()));
        };
        match lexis.parens {
            Parens::Comment => {}
            Parens::Maybe => self.note(FaultKind::MaybeComment, at),
            Parens::Cut => {
                if behind.iter().any(u8::is_ascii_alphanumeric) {
                    self.note(FaultKind::CutOff, at);
                }
                return Ok((&[], ()));
            }
        }
        Ok((behind, ()))
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
            Some(0xef) => bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes),
            _ => bytes,
        };
        let blank = |b: &u8| lexis.class(*b) == Class::Blank && *b != b'/';
        let Some(start) = bytes.iter().position(|b| !blank(b)) else {
            return &[];
        };
        let line = &bytes[start..];
        self.kind = match line[0] {
            b'/' => {
                self.deleted = true;
                return bytes;
            }
            b'$' if lexis.system => Kind::System,
            b'[' if lexis.system && line.starts_with(b"[ESP") => Kind::System,
            b'%' if lexis.percent => Kind::Percent,
            b'a'..=b'z' if lexis.case == Case::Console => Kind::Foreign,
            b'a'..=b'z' | b'A'..=b'Z' if lexis.meta && is_meta(line) => Kind::Foreign,
            b'a'..=b'z' | b'A'..=b'Z' | b'_' if lexis.named && is_name(line) => {
                self.text = Some(start as u32);
                Kind::Named
            }
            _ => return bytes,
        };
        &[]
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
                _ if comment || limit.packed && (b <= b' ' || b >= 0x7f || b == b'/') => {}
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
        self.held = Some(held);
        if limit.cuts {
            self.note(FaultKind::Overflow, fits);
            return &bytes[..fits];
        }
        bytes
    }
}

/// Bytes that a text, an expression in braces or the like takes; more than there
/// are when it is not closed.
fn opaque(input: &[u8], lexis: &Lexis) -> Option<usize> {
    match input.first()? {
        b'"' if lexis.quotes => Some(quoted(input)),
        b'{' if lexis.meta => Some(memchr(b'}', input).map_or(input.len() + 1, |end| end + 1)),
        _ => None,
    }
}

/// Bytes of a text in quotation marks; a doubled mark inside is one of its own.
fn quoted(input: &[u8]) -> usize {
    let mut at = 1;
    while let Some(end) = memchr(b'"', &input[at.min(input.len())..]) {
        at += end + 1;
        if input.get(at) != Some(&b'"') {
            return at;
        }
        at += 1;
    }
    input.len() + 1
}

/// Whether a line begins with a word of RepRapFirmware's own language.
fn is_meta(line: &[u8]) -> bool {
    const WORDS: [&[u8]; 12] = [
        b"if",
        b"elif",
        b"else",
        b"while",
        b"break",
        b"continue",
        b"abort",
        b"var",
        b"global",
        b"set",
        b"echo",
        b"skip",
    ];
    let end = line.iter().position(|b| !b.is_ascii_alphabetic());
    let word = &line[..end.unwrap_or(line.len())];
    WORDS.iter().any(|w| w.eq_ignore_ascii_case(word))
}

/// Whether a line begins with a name: two letters or more, where a command has
/// one letter and a number.
fn is_name(line: &[u8]) -> bool {
    let named = |b: &u8| b.is_ascii_alphabetic() || *b == b'_';
    line.iter().take(2).filter(|b| named(b)).count() == 2
}

#[cfg(test)]
mod tests {
    use super::super::Dialect;
    use super::*;

    fn lex(s: &[u8], dialect: &Dialect) -> (String, Line) {
        let mut line = Line::default();
        line.lex(s, &dialect.lexis);
        let words = line
            .words
            .iter()
            .map(|w| match w.form {
                Form::Integer | Form::Decimal => format!("{}{}", w.letter as char, w.value),
                Form::Expression | Form::Opaque => format!("{}…", w.letter as char),
            })
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
            let (got, line) = lex(text.as_bytes(), Dialect::GRBL);
            assert_eq!(got, words, "{text}");
            assert_eq!(line.faults, [], "{text}");
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
            let (got, line) = lex(text.as_bytes(), Dialect::GRBL);
            assert_eq!(got, words, "{text}");
            assert_eq!(line.faults[0], Fault { kind, at }, "{text}");
        }
    }

    #[test]
    fn kinds() {
        let kind = |s: &[u8], d| lex(s, d).1.kind;
        assert_eq!(kind(b" ; only\n", Dialect::GRBL), Kind::Blank);
        assert_eq!(kind(b"", Dialect::GRBL), Kind::Blank);
        assert_eq!(kind(b" $J=G91X10F500", Dialect::GRBL), Kind::System);
        assert_eq!(kind(b"\xff\x00", Dialect::GRBL), Kind::Block);
        assert_eq!(kind(b"%", Dialect::LINUXCNC), Kind::Percent);
        assert_eq!(kind(b"N3 o<a> call [1]", Dialect::LINUXCNC), Kind::Flow);
        assert_eq!(
            kind(b"SET_PIN PIN=a VALUE=1", Dialect::KLIPPER),
            Kind::Named
        );
        assert_eq!(
            kind(b"while iterations < 3", Dialect::REPRAPFIRMWARE),
            Kind::Foreign
        );
        assert_eq!(kind(b"fire 50", Dialect::SMOOTHIEWARE), Kind::Foreign);
    }
}
