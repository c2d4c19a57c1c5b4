//! Reading bytes as RS274/NGC does: blanks are nowhere, case does not matter.
//!
//! Everything here works on offsets into the line as it stands in the file, so
//! that a fault can point at it and nothing has to be copied.

use super::fault::{Fault, FaultKind};
use std::ops::Range;

/// The longest name of a parameter or a label, in bytes without blanks.
/// LinuxCNC reads lines of at most 255 bytes, so no name there is longer.
pub(crate) const LONGEST_NAME: usize = 255;

/// Bytes that may stand anywhere without a meaning.
pub(crate) const fn is_blank(b: u8) -> bool {
    matches!(b, b' ' | b'\t' | b'\r' | b'\n')
}

/// The first offset from `at` on that is no blank.
pub(crate) fn skip(text: &[u8], mut at: usize) -> usize {
    while text.get(at).is_some_and(|b| is_blank(*b)) {
        at += 1;
    }
    at
}

/// The byte that comes next, blanks aside, with its offset.
pub(crate) fn peek(text: &[u8], at: usize) -> Option<(usize, u8)> {
    let at = skip(text, at);
    text.get(at).map(|b| (at, *b))
}

/// The offset behind `word` (in lower case) if it stands at `at`.
pub(crate) fn keyword(text: &[u8], mut at: usize, word: &[u8]) -> Option<usize> {
    for expected in word {
        let (found, byte) = peek(text, at)?;
        if byte.to_ascii_lowercase() != *expected {
            return None;
        }
        at = found + 1;
    }
    Some(at)
}

/// Passes blanks and comments in parentheses. A comment that is not closed
/// goes on to the end.
pub(crate) fn skip_comments(text: &[u8], mut at: usize) -> usize {
    while let Some((open, b'(')) = peek(text, at) {
        at = match memchr::memchr(b')', &text[open..]) {
            Some(close) => open + close + 1,
            None => text.len(),
        };
    }
    skip(text, at)
}

/// Whether nothing but blanks and comments stands from `at` on.
pub(crate) fn is_over(text: &[u8], at: usize) -> bool {
    matches!(text.get(skip_comments(text, at)), None | Some(b';'))
}

/// The inside of the `<name>` that begins at `at`; it ends one byte before the
/// place where reading goes on.
pub(crate) fn name(text: &[u8], at: usize) -> Option<Range<usize>> {
    let close = memchr::memchr(b'>', text.get(at..)?)?;
    Some(at + 1..at + close)
}

/// Room for a name that has to be written anew.
pub(crate) type NameBuffer = [u8; LONGEST_NAME];

/// `raw` without blanks and in lower case. A name that is so already is not
/// copied.
///
/// # Errors
/// [`FaultKind::NameTooLong`].
pub(crate) fn fold<'a>(raw: &'a [u8], buffer: &'a mut NameBuffer) -> Result<&'a [u8], Fault> {
    let too_long = Fault::new(FaultKind::NameTooLong, 0);
    if !raw.iter().any(|b| is_blank(*b) || b.is_ascii_uppercase()) {
        return match raw.len() <= LONGEST_NAME {
            true => Ok(raw),
            false => Err(too_long),
        };
    }
    let mut length = 0;
    for b in raw.iter().filter(|b| !is_blank(**b)) {
        *buffer.get_mut(length).ok_or(too_long)? = b.to_ascii_lowercase();
        length += 1;
    }
    Ok(&buffer[..length])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keywords_are_spaced_and_cased_as_one_likes() {
        assert_eq!(keyword(b" M o\td3", 0, b"mod"), Some(6));
        assert_eq!(keyword(b"mad", 0, b"mod"), None);
        assert_eq!(keyword(b"mo", 0, b"mod"), None);
    }

    #[test]
    fn comments_end_a_line() {
        for over in ["", "  ", "(a)", " (a) (b) ; c", ";x", "(open"] {
            assert!(is_over(over.as_bytes(), 0), "{over}");
        }
        for more in ["x", "(a) x", ") "] {
            assert!(!is_over(more.as_bytes(), 0), "{more}");
        }
    }

    #[test]
    fn names_fold() {
        let mut buffer = [0; LONGEST_NAME];
        assert_eq!(fold(b"P a R\tam", &mut buffer).unwrap(), b"param");
        assert_eq!(fold(b"_x", &mut buffer).unwrap(), b"_x");
        assert_eq!(fold(b"", &mut buffer).unwrap(), b"");
        let long = [b'a'; LONGEST_NAME];
        assert_eq!(fold(&long, &mut buffer).unwrap(), long);
        for longer in [[b'a'; 256], [b'A'; 256]] {
            let fault = fold(&longer, &mut buffer).unwrap_err();
            assert_eq!(fault.kind, FaultKind::NameTooLong);
        }
        assert_eq!(name(b"#<ab >", 1), Some(2..5));
        assert_eq!(name(b"#<ab", 1), None);
    }
}
