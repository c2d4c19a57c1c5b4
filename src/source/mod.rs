//! Where the lines of a program come from: owned bytes with a table of lines, or
//! a reader of which only the current line is held.
//!
//! A line ends after `\n`, or after a `\r` that no `\n` follows, so that files of
//! every system have the lines that an editor shows.

mod stream;

pub use stream::Stream;

use memchr::memchr2;
use std::ops::Range;

/// To how many lines there is one entry in the table. A laser raster has a line
/// for every ten bytes, so a table of all lines would be nearly as large as the
/// file; looking for the end of a few short lines is quick.
const STRIDE: usize = 8;

/// The bytes of a file and where its lines begin. Line numbers count from 0 here;
/// diagnostics show them from 1.
#[derive(Clone, Debug, Default)]
pub struct Source {
    bytes: Vec<u8>,
    /// Where every eighth line begins.
    marks: Vec<usize>,
    count: usize,
}

impl Source {
    /// Takes the bytes and finds the lines. A line ends after `\n`, or after a
    /// `\r` that no `\n` follows; the last one may have no end.
    ///
    /// # Complexity
    /// O(bytes); one byte of memory for a line beside the bytes.
    #[must_use]
    pub fn new(bytes: Vec<u8>) -> Self {
        let (mut marks, mut count, mut at) = (Vec::new(), 0, 0);
        while at < bytes.len() {
            if count % STRIDE == 0 {
                marks.push(at);
            }
            at = next_line(&bytes, at);
            count += 1;
        }
        marks.shrink_to_fit();
        Self {
            bytes,
            marks,
            count,
        }
    }

    /// All bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// How many lines there are.
    #[must_use]
    pub const fn line_count(&self) -> usize {
        self.count
    }

    /// Line `i` with its line end. Empty when there is no such line.
    ///
    /// # Complexity
    /// O(bytes of eight lines).
    #[must_use]
    pub fn line(&self, i: usize) -> &[u8] {
        let start = self.start(i);
        &self.bytes[start..next_line(&self.bytes, start)]
    }

    /// Lines `range` with their line ends.
    ///
    /// # Complexity
    /// O(bytes of sixteen lines).
    #[must_use]
    pub fn lines(&self, range: Range<usize>) -> &[u8] {
        let start = self.start(range.start);
        &self.bytes[start..self.start(range.end).max(start)]
    }

    /// The lines to be read one after another, which is quicker than to ask for
    /// each by its number.
    #[must_use]
    pub const fn in_order(&self) -> InOrder<'_> {
        InOrder {
            source: self,
            next: 0,
            begin: 0,
            end: 0,
        }
    }

    /// Where line `i` begins; the end of the bytes when there is no such line.
    fn start(&self, i: usize) -> usize {
        if i >= self.count {
            return self.bytes.len();
        }
        (0..i % STRIDE).fold(self.marks[i / STRIDE], |at, _| next_line(&self.bytes, at))
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

/// The lines of a [`Source`], made by [`Source::in_order`].
#[derive(Clone, Debug)]
pub struct InOrder<'a> {
    source: &'a Source,
    /// The last line that was given is `begin..end`, its number is `next - 1`.
    next: usize,
    begin: usize,
    end: usize,
}

impl Lines for InOrder<'_> {
    #[inline]
    fn line(&mut self, i: usize) -> Option<&[u8]> {
        if i >= self.source.count {
            return None;
        }
        if i + 1 != self.next {
            self.begin = if i == self.next {
                self.end
            } else {
                self.source.start(i)
            };
            self.end = next_line(&self.source.bytes, self.begin);
            self.next = i + 1;
        }
        Some(&self.source.bytes[self.begin..self.end])
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

/// Where the line ends that begins at `at`.
#[inline]
fn next_line(bytes: &[u8], at: usize) -> usize {
    end_of_line(bytes, break_in(&bytes[at..]).map(|i| at + i))
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
    use super::{Lines, Source, break_in};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn any_line_is_where_counting_from_the_start_finds_it(text in "[a\r\n]{0,90}") {
            let plain = text.replace("\r\n", "%\n").replace('\r', "\r|");
            let naive: Vec<String> = plain
                .split_inclusive(['\n', '|'])
                .map(|l| l.replace('%', "\r").replace('|', ""))
                .collect();
            let s = Source::new(text.clone().into());
            prop_assert_eq!(s.line_count(), naive.len());
            for i in (0..naive.len()).rev() {
                prop_assert_eq!(s.line(i), naive[i].as_bytes());
                let several = naive[i / 2..i].concat();
                prop_assert_eq!(s.lines(i / 2..i), several.as_bytes());
            }
            let mut in_order = s.in_order();
            for i in (0..=naive.len()).chain([naive.len() / 2, 0, 0]) {
                prop_assert_eq!(in_order.line(i), naive.get(i).map(|l| l.as_bytes()));
            }
            prop_assert_eq!(s.lines(0..naive.len() + 1), text.as_bytes());
            prop_assert_eq!(s.line(naive.len()), b"");
        }

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
