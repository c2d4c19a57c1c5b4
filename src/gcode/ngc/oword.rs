//! One line that begins with an O-word: its label and its command.
//!
//! Before the O may stand blanks, comments, the `/` of block delete, and a line
//! number; anything else makes it an ordinary line. Labels are numbers (`o100`),
//! names (`o<name>`) or values to be computed (`o[#1+2]`, `o#1`); `o<100>` is
//! `o100`. An O-word alone on its line is the number of a program (Fanuc).

use super::expr::{Environment, evaluate};
use super::extent::extent;
use super::fault::Fault;
use super::math::integer;
use super::text::{
    LONGEST_NAME, fold, is_blank, is_over, keyword, name, peek, skip, skip_comments,
};
use crate::gcode::number;

/// What an O-word does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Command {
    /// `O100` alone: a program or subprogram begins.
    Program,
    Sub,
    EndSub,
    Call,
    Return,
    If,
    ElseIf,
    Else,
    EndIf,
    While,
    EndWhile,
    Do,
    Repeat,
    EndRepeat,
    Break,
    Continue,
}

/// Of two words one of which begins with the other, the longer stands first.
const COMMANDS: [(&[u8], Command); 15] = [
    (b"sub", Command::Sub),
    (b"endsub", Command::EndSub),
    (b"call", Command::Call),
    (b"do", Command::Do),
    (b"while", Command::While),
    (b"repeat", Command::Repeat),
    (b"if", Command::If),
    (b"elseif", Command::ElseIf),
    (b"else", Command::Else),
    (b"endif", Command::EndIf),
    (b"break", Command::Break),
    (b"continue", Command::Continue),
    (b"endwhile", Command::EndWhile),
    (b"endrepeat", Command::EndRepeat),
    (b"return", Command::Return),
];

/// A label as it stands in the line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Label {
    /// `o100`.
    Number(i64),
    /// `o<name>`: where the name begins and ends.
    Name(u32, u32),
    /// `o[..]` and `o#..`: where the value begins and ends.
    Computed(u32, u32),
}

/// An O-word. Offsets are in bytes from the start of its line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct OWord {
    /// What it does.
    pub(crate) command: Command,
    /// Its label.
    pub(crate) label: Label,
    /// Where the O stands.
    pub(crate) at: u32,
    /// Where the arguments of the command begin.
    pub(crate) rest: u32,
    /// Whether the line begins with `/`.
    pub(crate) deletable: bool,
}

/// Why a line that begins with an O is no O-word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OFault {
    /// The O has no label, or one that is not an integer.
    NoLabel,
    /// The words after the label are no command.
    UnknownCommand,
}

/// Where the O of an O-word line stands, and whether the line begins with `/`.
/// `None` for every other line, found after its first few bytes.
pub(crate) fn find(line: &[u8]) -> Option<(usize, bool)> {
    let mut at = match line.starts_with(b"\xef\xbb\xbf") {
        true => 3,
        false => 0,
    };
    let slash = keyword(line, at, b"/");
    at = skip_comments(line, slash.unwrap_or(at));
    if let Some(number) = keyword(line, at, b"n") {
        at = number;
        while let Some((digit, b'0'..=b'9' | b'.')) = peek(line, at) {
            at = digit + 1;
        }
        at = skip_comments(line, at);
    }
    matches!(line.get(at), Some(b'o' | b'O')).then_some((at, slash.is_some()))
}

/// Reads the O-word of a line. `None` if the line begins with none.
///
/// # Errors
/// An [`OFault`] with the place, in bytes from the start of the line.
///
/// # Complexity
/// O(bytes up to and with the command).
pub(crate) fn parse(line: &[u8]) -> Option<Result<OWord, (OFault, u32)>> {
    let (at, deletable) = find(line)?;
    Some(parse_at(line, at, deletable))
}

fn parse_at(line: &[u8], at: usize, deletable: bool) -> Result<OWord, (OFault, u32)> {
    let place = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    let no_label = (OFault::NoLabel, place(at));
    let start = skip(line, at + 1);
    let (label, end) = match line.get(start) {
        Some(b'<') => {
            let inside = name(line, start).ok_or(no_label)?;
            let end = inside.end + 1;
            (Label::Name(place(inside.start), place(inside.end)), end)
        }
        Some(b'0'..=b'9' | b'.' | b'-' | b'+') if !has_parameter(line, start) => {
            let number = number::parse(&line[start..], true).ok_or(no_label)?;
            (
                Label::Number(integer(number.value).map_err(|_| no_label)?),
                start + number.used,
            )
        }
        Some(_) => {
            let end = start + extent(&line[start..]).ok_or(no_label)?;
            (Label::Computed(place(start), place(end)), end)
        }
        None => return Err(no_label),
    };
    let first = peek(line, end).map_or(0, |(_, byte)| byte.to_ascii_lowercase());
    let command = COMMANDS
        .iter()
        .filter(|(word, _)| word[0] == first)
        .find_map(|(word, command)| Some((*command, keyword(line, end, word)?)));
    let (command, rest) = match command {
        Some(found) => found,
        None if is_over(line, end) => (Command::Program, end),
        None => return Err((OFault::UnknownCommand, place(skip(line, end)))),
    };
    Ok(OWord {
        command,
        label,
        at: place(at),
        rest: place(rest),
        deletable,
    })
}

/// Whether a sign at `at` stands before something other than digits.
fn has_parameter(line: &[u8], at: usize) -> bool {
    matches!(line[at], b'+' | b'-') && !matches!(peek(line, at + 1), Some((_, b'0'..=b'9' | b'.')))
}

impl OWord {
    /// Writes the label as a key that is equal for equal labels: a number in
    /// decimals, a name without blanks and in lower case. A computed label gives
    /// its text.
    ///
    /// # Errors
    /// The name is too long.
    pub(crate) fn key(&self, line: &[u8], key: &mut Vec<u8>) -> Result<(), Fault> {
        key.clear();
        match self.label {
            Label::Number(number) => decimal(number, key),
            Label::Name(start, end) => {
                let mut buffer = [0; LONGEST_NAME];
                let raw = &line[start as usize..end as usize];
                let folded = fold(raw, &mut buffer).map_err(|f| f.shifted(start as usize))?;
                key.extend_from_slice(folded);
            }
            Label::Computed(start, end) => {
                let raw = &line[start as usize..end as usize];
                let plain = raw.iter().filter(|b| !is_blank(**b));
                key.extend(plain.map(u8::to_ascii_lowercase));
            }
        }
        Ok(())
    }

    /// As [`Self::key`], with a computed label computed.
    ///
    /// # Errors
    /// The [`Fault`] of the value, or that it is not an integer.
    pub(crate) fn key_now(
        &self,
        line: &[u8],
        env: &impl Environment,
        key: &mut Vec<u8>,
    ) -> Result<(), Fault> {
        let Label::Computed(start, _) = self.label else {
            return self.key(line, key);
        };
        let start = start as usize;
        let (value, _) = evaluate(&line[start..], env).map_err(|f| f.shifted(start))?;
        let number = integer(value).map_err(|kind| Fault::new(kind, start))?;
        key.clear();
        decimal(number, key);
        Ok(())
    }
}

/// Appends `number` in decimals.
pub(crate) fn decimal(number: i64, out: &mut Vec<u8>) {
    let start = out.len();
    let mut rest = number.unsigned_abs();
    loop {
        out.push(b'0' + (rest % 10) as u8);
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    if number < 0 {
        out.push(b'-');
    }
    out[start..].reverse();
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(line: &str) -> String {
        let line = line.as_bytes();
        let word = parse(line).unwrap().unwrap();
        let mut key = Vec::new();
        word.key(line, &mut key).unwrap();
        String::from_utf8(key).unwrap()
    }

    #[test]
    fn every_command_in_every_dress() {
        for (text, command) in COMMANDS {
            let text = std::str::from_utf8(text).unwrap();
            for line in [
                format!("o100{text}"),
                format!("O 1 0 0 {} (c)", text.to_uppercase()),
                format!(" /n10 o<a B> {text} [1]"),
                format!("N 12.5(c) O[#1+2]{text}"),
                format!("\u{feff}o#1 {text}; done"),
            ] {
                let word = parse(line.as_bytes()).unwrap().unwrap();
                assert_eq!(word.command, command, "{line}");
                let before = &line[..word.rest as usize];
                assert!(before.to_lowercase().ends_with(text), "{line}");
                assert_eq!(word.deletable, line.contains('/'), "{line}");
            }
        }
    }

    #[test]
    fn programs_stand_alone() {
        for line in ["O1", "o0100 (title)", "O7;x", "O1 \r\n"] {
            let word = parse(line.as_bytes()).unwrap().unwrap();
            assert_eq!(word.command, Command::Program, "{line}");
        }
    }

    #[test]
    fn labels_have_one_key() {
        for (line, expected) in [
            ("o100 sub", "100"),
            ("o0100.0 sub", "100"),
            ("o<100> sub", "100"),
            ("o-5 sub", "-5"),
            ("o 1 2 do", "12"),
            ("o<A b> call", "ab"),
            ("o[ #1 + 2] call", "[#1+2]"),
            ("o-#1 call", "-#1"),
        ] {
            assert_eq!(key(line), expected, "{line}");
        }
        let mut out = b"x".to_vec();
        decimal(i64::MIN, &mut out);
        assert_eq!(out, b"x-9223372036854775808");
    }

    #[test]
    fn other_lines_are_none() {
        for line in [
            "",
            "G1 X1",
            "(o1 sub)",
            "; o1",
            "#1=2 o1 if [1]",
            "n10",
            "%",
        ] {
            assert_eq!(parse(line.as_bytes()), None, "{line}");
        }
    }

    #[test]
    fn faults() {
        for (line, fault, at) in [
            ("o", OFault::NoLabel, 0),
            (" o sub", OFault::NoLabel, 1),
            ("o1.5 sub", OFault::NoLabel, 0),
            ("o<a sub", OFault::NoLabel, 0),
            ("o100 G1", OFault::UnknownCommand, 5),
        ] {
            assert_eq!(parse(line.as_bytes()), Some(Err((fault, at))), "{line}");
        }
    }
}
