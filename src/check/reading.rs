//! Lines that a firmware reads otherwise than they look.

use super::rules::Rules;
use super::step::Step;
use super::tally::Tally;
use super::{DELETES_FILE, EXPONENT, LINE_TOO_LONG};
use crate::diag::{Diagnostics, Severity};
use crate::gcode::lex::Word;

/// Digits of the longest exponent of an `f64`, such as `1E-308`.
const EXPONENT_DIGITS: usize = 3;

pub(super) struct Reading {
    rules: Rules,
    deletes: Tally,
    long: Tally,
    longest: usize,
    exponents: Tally,
    /// The first number that looks as if it had an exponent.
    example: String,
    /// E words that look like nothing else.
    plain_e: bool,
}

impl Reading {
    pub(super) fn new(rules: Rules) -> Self {
        Self {
            rules,
            deletes: Tally::default(),
            long: Tally::default(),
            longest: 0,
            exponents: Tally::default(),
            example: String::new(),
            plain_e: false,
        }
    }

    /// Whether the line deletes a file on this firmware.
    pub(super) fn is_deletion(&self, step: &Step<'_>) -> bool {
        self.rules.m30_deletes && step.has(b'M', 300)
    }

    pub(super) fn step(&mut self, step: &Step<'_>) {
        if self.is_deletion(step) {
            let _ = self.deletes.add(step.place(b"M"));
        }
        if let Some(limit) = self.rules.line_bytes {
            let length = length(step.bytes, self.rules.comments_count);
            if length > limit as usize {
                let _ = self.long.add((step.line, limit + 1));
                self.longest = self.longest.max(length);
            }
        }
        for (i, word) in step.words.iter().enumerate() {
            if word.letter != b'E' {
                continue;
            }
            let mantissa = i.checked_sub(1).map(|k| step.words[k]);
            match mantissa.and_then(|m| exponent(step.bytes, m, *word)) {
                Some(text) => {
                    if self.exponents.add((step.line, word.at + 1)) {
                        self.example = text;
                    }
                }
                None => self.plain_e = true,
            }
        }
    }

    pub(super) fn finish(self, found: &mut Diagnostics) {
        if !self.deletes.is_empty() {
            let what = format!(
                "M30 deletes a file on {} and does not end the program",
                self.rules.name
            );
            found.push(
                self.deletes
                    .finding(DELETES_FILE, Severity::Error, what)
                    .with_help("end the program with M5, and M2 where the machine knows it"),
            );
        }
        if !self.long.is_empty() {
            let what = format!(
                "the line is longer than the {} bytes that {} reads; the longest has {}",
                self.rules.line_bytes.unwrap_or_default(),
                self.rules.name,
                self.longest
            );
            found.push(
                self.long
                    .finding(LINE_TOO_LONG, Severity::Error, what)
                    .with_help("leave out blanks and comments, or split the line"),
            );
        }
        // Printers' programs have E in most lines, maybe without a blank: `X1E2`.
        let prints = self.rules.extrudes && self.plain_e;
        if !prints && !self.exponents.is_empty() {
            let what = format!(
                "{} looks like a number with an exponent, but E begins a word of its own",
                self.example
            );
            found.push(
                self.exponents
                    .finding(EXPONENT, Severity::Warning, what)
                    .with_help("have numbers written in full, with a fixed count of decimals"),
            );
        }
    }
}

/// Bytes of a line without leading blanks, its end, and maybe its `;` comment.
fn length(bytes: &[u8], comments_count: bool) -> usize {
    let line = bytes.trim_ascii_start();
    let end = line
        .iter()
        .position(|b| matches!(b, b'\n' | b'\r') || *b == b';' && !comments_count);
    line[..end.unwrap_or(line.len())].len()
}

/// The text of two words that together look like `1.5E-3`, its letter before.
fn exponent(bytes: &[u8], mantissa: Word, e: Word) -> Option<String> {
    let text = bytes.get(mantissa.at as usize..)?;
    let e = (e.at - mantissa.at) as usize;
    let number = text.get(1..e)?;
    let ends_plain = number
        .last()
        .is_some_and(|b| b.is_ascii_digit() || *b == b'.');
    let plain = number
        .iter()
        .all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'+' | b'-'));
    let rest = text.get(e + 1..)?;
    let sign = usize::from(matches!(rest.first(), Some(b'+' | b'-')));
    let digits = rest[sign..].iter().take_while(|b| b.is_ascii_digit());
    let digits = digits.take(EXPONENT_DIGITS + 1).count();
    let end = sign + digits;
    let whole = rest.get(end) != Some(&b'.');
    ((1..=EXPONENT_DIGITS).contains(&digits) && whole && plain && ends_plain)
        .then(|| String::from_utf8_lossy(&text[..e + 1 + end]).into_owned())
}
