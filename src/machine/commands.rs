//! Settings that are written as G-code commands: what M503 prints, `config.g`.

use crate::error::{Error, ErrorKind};
use std::collections::BTreeMap;

/// The values of M commands by number (in tenths: M566.1 is 5661) and letter; where
/// one stands twice, the last.
#[derive(Debug, Default)]
pub(super) struct Commands {
    values: BTreeMap<(u16, u8), Value>,
}

/// A value as it is written.
#[derive(Clone, Debug)]
pub(super) struct Value {
    pub(super) line: usize,
    pub(super) text: String,
}

impl Commands {
    /// Reads all lines; what is no command is passed over.
    pub(super) fn read(text: &str) -> Self {
        let mut commands = Self::default();
        for (i, line) in text.lines().enumerate() {
            let Some((code, words)) = command(line) else {
                continue;
            };
            for word in words.split_ascii_whitespace() {
                let letter = word.as_bytes()[0];
                if letter.is_ascii_alphabetic() {
                    let value = Value {
                        line: i + 1,
                        text: word[1..].into(),
                    };
                    let key = (code, letter.to_ascii_uppercase());
                    let _ = commands.values.insert(key, value);
                }
            }
        }
        commands
    }

    /// A value as it is written.
    pub(super) fn value(&self, code: u16, letter: u8) -> Option<&Value> {
        self.values.get(&(code, letter))
    }

    /// A value of at least `least`; with several, as `E420:420`, the first.
    pub(super) fn number(&self, code: u16, letter: u8, least: f64) -> Result<Option<f64>, Error> {
        let Some(Value { line, text }) = self.value(code, letter) else {
            return Ok(None);
        };
        let first = text.split(':').next().unwrap_or_default();
        let refused = |why: String| {
            let word = format!("line {line}: M{} {}{text}", code / 10, char::from(letter));
            Err(Error::new(
                ErrorKind::InvalidConfig,
                format!("{word} {why}"),
            ))
        };
        match first.parse::<f64>() {
            Ok(v) if v.is_finite() && v >= least => Ok(Some(v)),
            Ok(v) if v.is_finite() => refused(if least > 0.0 {
                "must be above 0".into()
            } else {
                format!("must be {least} or more")
            }),
            _ => refused("has no number".into()),
        }
    }
}

/// The number, in tenths, and the words of the M command that a line holds, whatever a
/// sender puts before it (`echo:`, `Recv: `).
pub(super) fn command(line: &str) -> Option<(u16, &str)> {
    let line = line.split(';').next().unwrap_or_default();
    let bytes = line.as_bytes();
    let begins = |at: usize| at == 0 || matches!(bytes[at - 1], b' ' | b'\t' | b':');
    let is_digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let at = (0..bytes.len()).find(|&at| bytes[at] == b'M' && begins(at) && is_digit(at + 1))?;
    let rest = &line[at + 1..];
    let end = rest
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(rest.len());
    let mut tenths = rest[..end].parse::<u16>().ok()?.checked_mul(10)?;
    let mut words = &rest[end..];
    if let Some(part) = words.strip_prefix('.') {
        tenths += u16::from(
            part.as_bytes()
                .first()?
                .checked_sub(b'0')
                .filter(|d| *d < 10)?,
        );
        words = &part[1..];
    }
    Some((tenths, words))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_found_behind_what_a_sender_writes() {
        let words = |line| command(line).map(|(code, words)| (code, words.trim()));
        assert_eq!(words("M92 X80"), Some((920, "X80")));
        assert_eq!(words("echo:  M92 X80 ; steps"), Some((920, "X80")));
        assert_eq!(words("Recv: echo: M566.1 X8"), Some((5661, "X8")));
        assert_eq!(words("echo:; M92 X80"), None);
        assert_eq!(words("echo:Maximum feedrates (units/s):"), None);
        assert_eq!(words("COM92 M"), None);
        assert_eq!(words("M99999 X1"), None);
    }

    #[test]
    fn values_have_numbers_or_an_error_with_the_line() {
        let c = Commands::read("M92 X80\nM92 E420:430 Yx\nM203 Z-1\n");
        assert_eq!(c.number(920, b'E', 0.0).unwrap(), Some(420.0));
        assert_eq!(c.number(920, b'Z', 0.0).unwrap(), None);
        let said = |code, letter| c.number(code, letter, 0.0).unwrap_err().to_string();
        assert!(said(920, b'Y').contains("line 2: M92 Yx has no number"));
        assert!(said(2030, b'Z').contains("line 3"));
    }
}
