//! Line numbers and checksums, renewed where the source has them.
//!
//! A program whose blocks are numbered is numbered anew from its first number in
//! its own step once anything in it has changed; one that was not changed is left
//! as it is. Lines that hold no block (blanks, comments, marks, program numbers)
//! get no number that they did not have. A number that would make a line longer
//! than the firmware takes is left out: nothing needs it.
//!
//! Where a program refers to its numbers (`GOTO 100`, `M99 P100`, lathe cycles
//! with P and Q) they cannot be changed, nor may the lines that have them move.

use super::super::dialect::{Checksum, Dialect};
use super::super::lex::{Form, Kind, Line, Word};
use super::super::number;
use crate::source::{Lines, Source};
use crate::toolpath::{RawEffect, Step, Toolpath};
use std::collections::BTreeMap;
use std::ops::Range;

/// Where counting begins anew, unless the source itself goes further: 4, 5 and 7
/// digits are what controls hold.
const CEILINGS: [u64; 3] = [9_999, 99_999, 9_999_999];

/// How a program numbers its lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::gcode) struct Numbering {
    /// `N`, or `n`.
    letter: u8,
    first: u64,
    step: u64,
    /// How many numbers there are until the first comes again.
    count: u64,
    /// Digits at least.
    width: usize,
    /// A blank follows the number.
    spaced: bool,
    /// Blocks end with a checksum.
    checksums: bool,
}

impl Numbering {
    /// How `source` numbers its lines; `None` where most blocks have no number.
    ///
    /// # Complexity
    /// O(bytes), memory for the distinct differences between neighbours.
    pub(in crate::gcode) fn of(source: &Source, dialect: &Dialect) -> Option<Self> {
        let _ = memchr::memchr2(b'N', b'n', source.bytes())?;
        let (mut blocks, mut numbered, mut sums, mut greatest) = (0_u64, 0_u64, 0_u64, 0);
        let mut steps: BTreeMap<u64, u64> = BTreeMap::new();
        let mut first: Option<Self> = None;
        let (mut line, mut last) = (Line::default(), None);
        let (mut lines, mut i) = (source.in_order(), 0);
        while let Some(bytes) = lines.line(i) {
            i += 1;
            let parts = Parts::of(bytes, &mut line, dialect);
            if line.kind != Kind::Block || line.words.is_empty() {
                continue;
            }
            blocks += 1;
            let Some((range, n)) = parts.number else {
                continue;
            };
            numbered += 1;
            sums += u64::from(parts.checksum.is_some());
            greatest = greatest.max(n);
            if let Some(last) = last.replace(n)
                && n > last
            {
                *steps.entry(n - last).or_default() += 1;
            }
            if first.is_none() {
                let digits = &bytes[range.start + 1..range.end];
                first = Some(Self {
                    letter: bytes[range.start],
                    first: n,
                    step: 1,
                    count: 1,
                    width: if digits.starts_with(b"0") {
                        digits.len()
                    } else {
                        0
                    },
                    spaced: matches!(bytes.get(range.end), Some(b' ' | b'\t')),
                    checksums: false,
                });
            }
        }
        let mut numbering = first.filter(|_| 2 * numbered > blocks)?;
        // Of differences that are equally common the least.
        let common = steps.iter().rev().max_by_key(|(_, count)| **count);
        numbering.step = common.map_or(1, |(step, _)| *step);
        let ceiling = CEILINGS.into_iter().find(|c| greatest <= *c);
        let most = ceiling.unwrap_or(greatest);
        numbering.count = (most - numbering.first) / numbering.step + 1;
        numbering.checksums = 2 * sums > numbered;
        Some(numbering)
    }

    /// `bytes` with all numbers and checksums new.
    ///
    /// # Complexity
    /// O(bytes).
    pub(in crate::gcode) fn renumber(&self, bytes: Vec<u8>, dialect: &Dialect) -> Vec<u8> {
        let source = Source::new(bytes);
        let mut out = Vec::with_capacity(source.bytes().len() * 5 / 4);
        let (mut line, mut text, mut i) = (Line::default(), Vec::new(), 0);
        let (mut lines, mut at) = (source.in_order(), 0);
        while let Some(bytes) = lines.line(at) {
            at += 1;
            let parts = Parts::of(bytes, &mut line, dialect);
            let bare = parts.number.is_none();
            let block = line.kind == Kind::Block && !line.words.is_empty();
            let named = bare && line.words.iter().any(|w| w.letter == b'N');
            if bare && !block || named {
                out.extend_from_slice(bytes);
                continue;
            }
            let (fitted, deleted) = (line.held.is_none(), line.deleted);
            text.clear();
            let place = match &parts.number {
                Some((range, _)) => range.clone(),
                None => {
                    let opening = |b: &u8| b.is_ascii_whitespace() || deleted && *b == b'/';
                    let at = bytes.iter().position(|b| !opening(b)).unwrap_or(0);
                    at..at
                }
            };
            text.extend_from_slice(&bytes[..place.start]);
            self.number(&mut text, i);
            if bare && self.spaced {
                text.push(b' ');
            }
            let end = parts.checksum.clone().unwrap_or(parts.code..parts.code);
            text.extend_from_slice(&bytes[place.end..end.start]);
            if self.checksums || parts.checksum.is_some() {
                let sum = text.iter().fold(0_u8, |sum, b| sum ^ b);
                text.push(b'*');
                number::format(&mut text, f64::from(sum), 0);
            }
            text.extend_from_slice(&bytes[end.end..]);
            line.lex(&text, &dialect.lexis);
            if line.held.is_some() && fitted && !self.checksums {
                out.extend_from_slice(&without(bytes, &parts));
            } else {
                out.extend_from_slice(&text);
                i += 1;
            }
        }
        out
    }

    fn number(&self, out: &mut Vec<u8>, i: u64) {
        let i = if self.checksums { i } else { i % self.count };
        let n = self.first + i * self.step;
        out.push(self.letter);
        out.extend_from_slice(format!("{n:0width$}", width = self.width).as_bytes());
    }
}

/// A line without its number and checksum, its ends trimmed.
pub(crate) fn without_number(bytes: &[u8], dialect: &Dialect) -> Vec<u8> {
    let parts = Parts::of(bytes, &mut Line::default(), dialect);
    without(bytes, &parts).trim_ascii().to_vec()
}

/// The first line that refers to a line number of the program, from 0. Such lines
/// always are fences: no others are looked at.
///
/// # Complexity
/// O(bytes of the fences).
pub(in crate::gcode) fn are_referred(
    source: &Source,
    toolpath: &Toolpath,
    dialect: &Dialect,
) -> Option<u32> {
    if !dialect.lexis.expressions {
        // No command of a small controller names a line.
        return None;
    }
    let mut line = Line::default();
    let fences = toolpath.steps().iter().filter_map(|s| match s {
        Step::Raw(raw) if raw.effect == RawEffect::Fence => Some(raw.lines.clone()),
        _ => None,
    });
    fences.flatten().find(|i| {
        let bytes = source.line(*i as usize);
        line.lex(bytes, &dialect.lexis);
        refers(bytes, &line)
    })
}

fn refers(bytes: &[u8], line: &Line) -> bool {
    let has = |letters: &[u8]| line.words.iter().any(|w| letters.contains(&w.letter));
    let later_n = || line.words.iter().skip(1).any(|w| w.letter == b'N');
    let of_word = |w: &Word| match (w.letter, w.value as i64) {
        (b'M', 96 | 97 | 99) => has(b"P"),
        (b'M', 98) => has(b"QH") || later_n(),
        // Cycles of a lathe name the first and the last block of the contour.
        (b'G', 70..=73) => has(b"P") && has(b"Q"),
        _ => false,
    };
    // Lines of macro B loop and branch where trajet does not follow.
    line.kind == Kind::Foreign || line.words.iter().any(of_word) || goes_to(bytes)
}

/// Whether `GOTO` stands in a line outside of comments.
fn goes_to(bytes: &[u8]) -> bool {
    let (mut comment, mut at) = (false, 0);
    while let Some(b) = bytes.get(at) {
        match b {
            b'(' => comment = true,
            b')' => comment = false,
            b';' if !comment => return false,
            b'G' | b'g' if !comment => {
                let word = bytes.get(at..at + 4);
                if word.is_some_and(|w| w.eq_ignore_ascii_case(b"GOTO")) {
                    return true;
                }
            }
            _ => {}
        }
        at += 1;
    }
    false
}

/// Where in a line its number and its checksum stand.
struct Parts {
    number: Option<(Range<usize>, u64)>,
    checksum: Option<Range<usize>>,
    /// Where the code ends and a comment or the line end follows; where there are
    /// no checksums, the end of the line.
    code: usize,
}

impl Parts {
    fn of(bytes: &[u8], line: &mut Line, dialect: &Dialect) -> Self {
        line.lex(bytes, &dialect.lexis);
        let number = line.words.iter().find(|w| w.letter == b'N').and_then(|w| {
            let at = w.at as usize;
            let n = number::parse(bytes.get(at + 1..)?, true)?;
            let whole = w.form == Form::Integer && (0.0..1e15).contains(&n.value);
            whole.then_some((at..at + 1 + n.used, n.value as u64))
        });
        if dialect.lexis.checksum == Checksum::None {
            return Self {
                number,
                checksum: None,
                code: bytes.len(),
            };
        }
        let comment = bytes.iter().position(|b| *b == b';');
        let code = bytes[..comment.unwrap_or(bytes.len())].trim_ascii_end();
        let checksum = code.iter().rposition(|b| *b == b'*').filter(|star| {
            let digits = &code[star + 1..];
            !digits.is_empty() && digits.iter().all(u8::is_ascii_digit)
        });
        Self {
            number,
            checksum: checksum.map(|star| star..code.len()),
            code: code.len(),
        }
    }
}

fn without(bytes: &[u8], parts: &Parts) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let end = parts.checksum.clone().unwrap_or(parts.code..parts.code);
    let mut at = 0;
    if let Some((range, _)) = &parts.number {
        out.extend_from_slice(&bytes[..range.start]);
        at = range.end;
        while matches!(bytes.get(at), Some(b' ' | b'\t')) && at < end.start {
            at += 1;
        }
    }
    out.extend_from_slice(&bytes[at..end.start]);
    out.extend_from_slice(&bytes[end.end..]);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn renumbered(source: &str, new: &str, dialect: &Dialect) -> Option<String> {
        let numbering = Numbering::of(&Source::new(source.into()), dialect)?;
        Some(String::from_utf8(numbering.renumber(new.into(), dialect)).unwrap())
    }

    #[test]
    fn numbers_go_on_as_the_source_began() {
        for (source, new, want) in [
            (
                "N10 G21\nN20 G90\nN30 X1\n",
                "N30 X1\nG0 X2\nN10 G21\n",
                "N10 X1\nN20 G0 X2\nN30 G21\n",
            ),
            ("N5G21\nN6G90\n", "G0 X1\nN6G90", "N5G0 X1\nN6G90"),
            (
                "n0010 g21\r\nn0020 g90\r\n",
                "G0\r\nn0020 g90\r\n",
                "n0010 G0\r\nn0020 g90\r\n",
            ),
            // The most common step, and of equals the least.
            (
                "N1 X\nN11 X0\nN21 X0\nN22 X0\nN32 X0\n",
                "G0\nG1\n",
                "N1 G0\nN11 G1\n",
            ),
            // Blanks and comments stay as they are.
            (
                "(a)\nN1 X1\n\nN2 (b)\nN3 X1\n",
                "(a)\n\nN9 (b)\n/G0\n/N7 G1\n%\n",
                "(a)\n\nN1 (b)\n/N2 G0\n/N3 G1\n%\n",
            ),
            // Most blocks are enough.
            ("N1 X1\nX1\nN3 X1\n", "X1\nN3 X1\n", "N1 X1\nN3 X1\n"),
        ] {
            let got = renumbered(source, new, Dialect::LINUXCNC);
            assert_eq!(got.as_deref(), Some(want), "{source}");
        }
        for none in ["G0 X1\n", "X1\nN3 X1\n", "", "(N1)\n(N2)\n", "O100 sub\n"] {
            assert_eq!(
                renumbered(none, "G0 X1\n", Dialect::LINUXCNC),
                None,
                "{none}"
            );
        }
    }

    #[test]
    fn numbers_stay_within_their_digits() {
        let source = "N9990 G0\nN9995 G0\n";
        let new = "G0\nG1\nG2\n";
        let want = "N9990 G0\nN9995 G1\nN9990 G2\n";
        assert_eq!(renumbered(source, new, Dialect::FANUC).unwrap(), want);
        let source = "N99990 G0\nN100000 G0\n";
        let want = "N99990 G0\nN100000 G1\nN100010 G2\n";
        assert_eq!(renumbered(source, new, Dialect::FANUC).unwrap(), want);
    }

    #[test]
    fn a_number_that_makes_a_line_too_long_is_left_out() {
        let long = format!("G1X{}\n", "1".repeat(73));
        let new = format!("N1{long}G1\n");
        assert_eq!(long.len(), 77, "with its end; 79 without it fit");
        for (first, want) in [
            ("N10", format!("N10{long}N11 G1\n")),
            ("N100", format!("{long}N100 G1\n")),
        ] {
            let source = format!("{first} G0\n{}1 G0\n", &first[..first.len() - 1]);
            let got = renumbered(&source, &new, Dialect::GRBL).unwrap();
            assert_eq!(got, want);
        }
    }

    #[test]
    fn checksums_fit_their_lines() {
        let sum = |s: &str| format!("{s}*{}", s.bytes().fold(0, |a, b| a ^ b));
        let source = format!("{}\n{} ; first\n", sum("N1 G0 X1"), sum("N2 G1 X2"));
        let new = format!("{} ; first\nG0 X5\n; only\n", sum("N2 G1 X2"));
        let want = format!("{} ; first\n{}\n; only\n", sum("N1 G1 X2"), sum("N2 G0 X5"));
        assert_eq!(renumbered(&source, &new, Dialect::MARLIN).unwrap(), want);
        let mut line = Line::default();
        for text in want.lines() {
            line.lex(text.as_bytes(), &Dialect::MARLIN.lexis);
            assert_eq!(line.faults, [], "{text}");
        }
    }

    #[test]
    fn a_line_without_its_number() {
        for (text, want) in [
            ("N10 M0\r\n", "M0"),
            ("/N10M0 (N5)", "/M0 (N5)"),
            (" N 1 0 M0", "M0"),
            ("M0 N10", "M0"),
            ("(N10)", "(N10)"),
            ("N[#1] M0", "N[#1] M0"),
        ] {
            let got = without_number(text.as_bytes(), Dialect::LINUXCNC);
            assert_eq!(String::from_utf8(got).unwrap(), want, "{text}");
        }
        assert_eq!(
            without_number(b"N3 T0*57 ; x\n", Dialect::MARLIN),
            b"T0 ; x"
        );
    }

    #[test]
    fn who_refers_to_numbers() {
        let mut line = Line::default();
        for (text, want) in [
            ("GOTO 100", true),
            ("N5 IF [#1 GT 5] GOTO20", true),
            ("WHILE [#1 LT 5] DO1", true),
            ("N7 END1", true),
            ("M99 P100", true),
            ("M99", false),
            ("M98 P1000 N50", true),
            ("N50 M98 P1000 L2", false),
            ("M97 P100 L2", true),
            ("G71 P10 Q20 U0.5", true),
            ("G73 X1 Q2 R1", false),
            ("(GOTO 5) G0", false),
            ("M0 ; GOTO 5", false),
        ] {
            line.lex(text.as_bytes(), &Dialect::FANUC.lexis);
            assert_eq!(refers(text.as_bytes(), &line), want, "{text}");
        }
    }
}
