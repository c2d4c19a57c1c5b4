//! Where the lines of a program come from: owned bytes with a table of lines, or
//! a reader of which only the current line is held.
//!
//! A line ends after `\n`, or after a `\r` that no `\n` follows, so that files of
//! every system have the lines that an editor shows.

mod stream;

pub use stream::Stream;

use memchr::memchr2;
use std::ops::Range;

/// The bytes of a file and where its lines begin. Line numbers count from 0 here;
/// diagnostics show them from 1.
#[derive(Clone, Debug, Default)]
pub struct Source {
    bytes: Vec<u8>,
    starts: Vec<usize>,
}

impl Source {
    /// Takes the bytes and finds the lines. A line ends after `\n`, or after a
    /// `\r` that no `\n` follows; the last one may have no end.
    ///
    /// # Complexity
    /// O(bytes).
    #[must_use]
    pub fn new(bytes: Vec<u8>) -> Self {
        let mut starts = Vec::new();
        let mut at = 0;
        while at < bytes.len() {
            starts.push(at);
            at = end_of_line(&bytes, break_in(&bytes[at..]).map(|i| at + i));
        }
        Self { bytes, starts }
    }

    /// All bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// How many lines there are.
    #[must_use]
    pub fn line_count(&self) -> usize {
        self.starts.len()
    }

    /// Line `i` with its line end. Empty when there is no such line.
    #[must_use]
    pub fn line(&self, i: usize) -> &[u8] {
        self.lines(i..i + 1)
    }

    /// Lines `range` with their line ends.
    #[must_use]
    pub fn lines(&self, range: Range<usize>) -> &[u8] {
        let at = |i: usize| self.starts.get(i).copied().unwrap_or(self.bytes.len());
        &self.bytes[at(range.start)..at(range.end).max(at(range.start))]
    }
}

/// Where the lines of a program come from, one after another.
pub trait Lines {
    /// Line `i` (from 0) with its line end; `None` past the last one.
    ///
    /// Lines are asked for in order; the last one may be asked for again, earlier
    /// ones only after [`Lines::keep`].
    fn line(&mut self, i: usize) -> Option<&[u8]>;

    /// From now on lines from `first` may be asked for again. It takes the place
    /// of an earlier call; `usize::MAX` asks for no line again.
    fn keep(&mut self, first: usize);
}

impl Lines for &Source {
    fn line(&mut self, i: usize) -> Option<&[u8]> {
        (i < self.line_count()).then(|| Source::line(self, i))
    }

    fn keep(&mut self, _: usize) {}
}

impl<L: Lines> Lines for &mut L {
    fn line(&mut self, i: usize) -> Option<&[u8]> {
        (**self).line(i)
    }

    fn keep(&mut self, first: usize) {
        (**self).keep(first);
    }
}

/// Where the line ends whose first byte of a line end stands at `found`; it is
/// the last one when there is none.
fn end_of_line(bytes: &[u8], found: Option<usize>) -> usize {
    match found {
        Some(i) if bytes[i] == b'\r' && bytes.get(i + 1) == Some(&b'\n') => i + 2,
        Some(i) => i + 1,
        None => bytes.len(),
    }
}

/// Where the first `\n` or `\r` stands. Lines are short: looking at eight bytes
/// at a time costs less than a call that is made for long ones.
#[inline]
fn break_in(bytes: &[u8]) -> Option<usize> {
    const LOW: u64 = u64::from_le_bytes([b'\r' + 1; 8]);
    const HIGH_BIT: u64 = u64::from_le_bytes([0x80; 8]);
    for (k, eight) in bytes.as_chunks::<8>().0.iter().take(4).enumerate() {
        let text = u64::from_le_bytes(*eight);
        // Of the bytes whose high bit is left the first is below LOW; those
        // behind it may only seem to be.
        let low = text.wrapping_sub(LOW) & !text & HIGH_BIT;
        if low != 0 {
            let i = 8 * k + low.trailing_zeros() as usize / 8;
            if matches!(bytes[i], b'\n' | b'\r') {
                return Some(i);
            }
            break;
        }
    }
    memchr2(b'\n', b'\r', bytes)
}

#[cfg(test)]
mod tests {
    use super::{Source, break_in};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_break_is_found_where_looking_byte_by_byte_finds_it(
            bytes in prop::collection::vec(
                prop_oneof![Just(b'\n'), Just(b'\r'), Just(b'\t'), 0_u8..20, b' '..=b'z', any::<u8>()],
                0..60,
            ),
            text in "[ -~]{0,45}",
        ) {
            for bytes in [bytes.clone(), [text.as_bytes(), &bytes].concat()] {
                let naive = bytes.iter().position(|b| matches!(b, b'\n' | b'\r'));
                prop_assert_eq!(break_in(&bytes), naive);
            }
        }
    }

    #[test]
    fn lines_of_every_ending() {
        let s = Source::new(b"a\nb\r\nc\rd".to_vec());
        let lines: Vec<_> = (0..s.line_count()).map(|i| s.line(i)).collect();
        assert_eq!(lines, [b"a\n" as &[u8], b"b\r\n", b"c\r", b"d"]);
        assert_eq!(s.lines(1..3), b"b\r\nc\r");
        assert_eq!(s.lines(0..4), s.bytes());
        assert_eq!(Source::new(vec![]).line_count(), 0);
        assert_eq!(Source::new(b"x\n".to_vec()).line_count(), 1);
    }
}
