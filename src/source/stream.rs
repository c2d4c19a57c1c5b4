//! Lines of a reader, in constant memory.
//!
//! The reader is read in chunks. Held are the current line and what the last
//! chunk brought beyond it and, after [`Lines::keep`], every line from there on:
//! a loop or a subroutine is run again from its first line. Both have a limit,
//! because a file decides how long they are. What stops the reading is kept for
//! [`Stream::finish`]: the lines just end there, and a caller who does not ask
//! why would take a part of the program for the whole.

use super::{Lines, break_in, end_of_line};
use crate::error::{Error, ErrorKind};
use std::io::{self, Read};

/// Room for how many bytes there is at first; few in tests, so that it runs out.
const CHUNK: usize = if cfg!(test) { 16 } else { 64 << 10 };

/// Bytes that a held line counts for beside its own: its place in the table.
const PER_LINE: usize = size_of::<usize>();

/// The lines of a reader, found as [`crate::Source`] finds them.
///
/// ```
/// use trajet::{Lines, Stream};
///
/// let mut lines = Stream::new(&b"G21\r\nG0 X5"[..]);
/// assert_eq!(lines.line(0), Some(&b"G21\r\n"[..]));
/// assert_eq!(lines.line(1), Some(&b"G0 X5"[..]));
/// assert_eq!(lines.line(2), None);
/// lines.finish()?;
/// # Ok::<(), trajet::Error>(())
/// ```
#[derive(Debug)]
pub struct Stream<R> {
    read: R,
    /// Read bytes are `buffer[..filled]`; the rest is room for more.
    buffer: Vec<u8>,
    filled: usize,
    /// The last line that was found is `buffer[begin..end]`, the next one begins
    /// at `end` and has the number `next`.
    begin: usize,
    end: usize,
    next: usize,
    /// From which line on lines are kept, and where those before the last that
    /// was found begin; the first of them is line `next - 1 - kept.len()`.
    keep: usize,
    kept: Vec<usize>,
    /// Whether no more bytes come: the end, or `error`.
    ended: bool,
    error: Option<Error>,
    line_limit: usize,
    kept_limit: usize,
}

impl<R: Read> Stream<R> {
    /// The longest line that is read, bytes, unless another limit is set. No
    /// firmware takes more than a few hundred; a file without line ends has all
    /// its bytes in one.
    pub const LINE_LIMIT: usize = 1 << 20;

    /// The most that is kept to be run again, bytes, unless another limit is set.
    /// Each line counts for its bytes and 8 more.
    pub const KEPT_LIMIT: usize = 16 << 20;

    /// The lines of `read`. It need not be buffered.
    #[must_use]
    pub fn new(read: R) -> Self {
        Self {
            read,
            buffer: Vec::new(),
            filled: 0,
            begin: 0,
            end: 0,
            next: 0,
            keep: usize::MAX,
            kept: Vec::new(),
            ended: false,
            error: None,
            line_limit: Self::LINE_LIMIT,
            kept_limit: Self::KEPT_LIMIT,
        }
    }

    /// The same with another limit for the length of a line, bytes with its end.
    #[must_use]
    pub const fn with_line_limit(mut self, bytes: usize) -> Self {
        self.line_limit = bytes;
        self
    }

    /// The same with another limit for what is kept to be run again, bytes.
    #[must_use]
    pub const fn with_kept_limit(mut self, bytes: usize) -> Self {
        self.kept_limit = bytes;
        self
    }

    /// Says whether the lines ended because the reader did.
    ///
    /// # Errors
    /// [`ErrorKind::Io`] when the reader failed; [`ErrorKind::Limit`] when a line
    /// was too long, when too much had to be kept, or when a line was asked for
    /// again that was not kept. The first of them is given; it names the line
    /// at which the lines ended.
    pub fn finish(self) -> Result<(), Error> {
        self.error.map_or(Ok(()), Err)
    }

    /// The number of the first line that is held.
    const fn first(&self) -> usize {
        self.next.saturating_sub(1 + self.kept.len())
    }

    /// Where the first byte that is held stands.
    fn held_from(&self) -> usize {
        self.kept.first().copied().unwrap_or(self.begin)
    }

    /// Finds the next line; `false` when there is none, and nothing changes.
    #[inline]
    fn advance(&mut self) -> bool {
        let line = &self.buffer[self.end..self.filled];
        let length = match break_in(line) {
            Some(i) if line[i] == b'\n' => i + 1,
            found => match self.length(found) {
                Some(length) => length,
                None => return false,
            },
        };
        if length > self.line_limit {
            self.too_long();
            return false;
        }
        if (self.keep < self.next || !self.kept.is_empty()) && !self.hold(length) {
            return false;
        }
        self.begin = self.end;
        self.end += length;
        self.next += 1;
        true
    }

    /// The bytes of the line at `end`, its own end included, or of as much of it
    /// as is past the limit; `None` past the last line. `found` is where the first
    /// byte stands that may end it.
    #[cold]
    fn length(&mut self, mut found: Option<usize>) -> Option<usize> {
        loop {
            let line = &self.buffer[self.end..self.filled];
            let seen = match found {
                // What follows a `\r` may not be there yet.
                Some(i) if line[i] == b'\n' || i + 1 < line.len() => {
                    return Some(end_of_line(line, found));
                }
                Some(i) => i,
                None => line.len(),
            };
            if seen > self.line_limit {
                return Some(seen);
            }
            if self.error.is_some() || self.ended && line.is_empty() {
                return None;
            }
            if self.ended {
                return Some(line.len());
            }
            self.fill();
            let more = &self.buffer[self.end + seen..self.filled];
            found = break_in(more).map(|i| seen + i);
        }
    }

    /// Keeps the last line when it is to be kept, and lets go of those that
    /// nobody will ask for again; `false` when with the next line, of `length`
    /// bytes, there is too much to hold.
    fn hold(&mut self, length: usize) -> bool {
        let first = self.first();
        let done = self.keep.clamp(first, self.next - 1) - first;
        let _ = self.kept.drain(..done);
        let keeps = self.keep < self.next;
        let from = if keeps { self.held_from() } else { self.end };
        let lines = self.kept.len() + usize::from(keeps) + 1;
        if self.end + length - from + lines * PER_LINE > self.kept_limit && keeps {
            self.too_much();
            return false;
        }
        if keeps {
            self.kept.push(self.begin);
        }
        true
    }

    #[cold]
    fn too_long(&mut self) {
        let text = format!(
            "line {} is longer than {} bytes; a program has shorter lines",
            self.next + 1,
            self.line_limit
        );
        self.stop(ErrorKind::Limit, text);
    }

    #[cold]
    fn too_much(&mut self) {
        let text = format!(
            "line {} and those after it may be run again, and by line {} they are more than the \
             {} bytes that are kept",
            self.first() + 1,
            self.next + 1,
            self.kept_limit
        );
        self.stop(ErrorKind::Limit, text);
    }

    /// Reads some more bytes, or finds that there are none.
    fn fill(&mut self) {
        if self.filled == self.buffer.len() {
            self.make_room();
        }
        match self.read.read(&mut self.buffer[self.filled..]) {
            Ok(0) => self.ended = true,
            Ok(n) => self.filled += n,
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            Err(e) => {
                let text = format!("cannot read on after line {}: {e}", self.next);
                self.stop(ErrorKind::Io, text);
            }
        }
    }

    /// Moves what is held to the front, or makes the buffer larger when it is
    /// there already.
    fn make_room(&mut self) {
        let from = self.held_from();
        if from == 0 {
            let size = (self.buffer.len() * 2).max(CHUNK);
            self.buffer.resize(size, 0);
            return;
        }
        self.buffer.copy_within(from..self.filled, 0);
        self.filled -= from;
        self.begin -= from;
        self.end -= from;
        for start in &mut self.kept {
            *start -= from;
        }
    }

    #[cold]
    fn stop(&mut self, kind: ErrorKind, text: String) {
        self.ended = true;
        if self.error.is_none() {
            self.error = Some(Error::new(kind, text));
        }
    }

    fn not_kept(&mut self, i: usize) {
        let text = format!("line {} is asked for again but was not kept", i + 1);
        self.stop(ErrorKind::Limit, text);
    }
}

impl<R: Read> Lines for Stream<R> {
    #[inline]
    fn line(&mut self, i: usize) -> Option<&[u8]> {
        while i >= self.next {
            if self.error.is_some() || !self.advance() {
                return None;
            }
        }
        if i + 1 == self.next {
            return Some(&self.buffer[self.begin..self.end]);
        }
        let Some(k) = i.checked_sub(self.first()) else {
            self.not_kept(i);
            return None;
        };
        let end = self.kept.get(k + 1).copied().unwrap_or(self.begin);
        Some(&self.buffer[self.kept[k]..end])
    }

    fn keep(&mut self, first: usize) {
        if first < self.first() {
            self.not_kept(first);
        }
        self.keep = first;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Source;
    use proptest::prelude::*;

    /// Gives as many bytes at a time as the sizes say, over and over.
    struct Pieces<'a> {
        bytes: &'a [u8],
        sizes: Vec<usize>,
        turn: usize,
    }

    impl Read for Pieces<'_> {
        fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
            self.turn += 1;
            match self.sizes[self.turn % self.sizes.len()] {
                0 => Err(io::ErrorKind::Interrupted.into()),
                n => {
                    let n = n.min(to.len());
                    self.bytes.read(&mut to[..n])
                }
            }
        }
    }

    fn pieces<'a>(bytes: &'a [u8], sizes: &[usize]) -> Pieces<'a> {
        Pieces {
            bytes,
            sizes: sizes.to_vec(),
            turn: 0,
        }
    }

    fn bytes() -> impl Strategy<Value = Vec<u8>> {
        let byte = prop_oneof![Just(b'\n'), Just(b'\r'), Just(b'G'), any::<u8>()];
        prop::collection::vec(byte, 0..300)
    }

    fn sizes() -> impl Strategy<Value = Vec<usize>> {
        // The last one gets on, whatever the others are.
        prop::collection::vec(0_usize..9, 0..5).prop_map(|mut v| {
            v.push(7);
            v
        })
    }

    fn stopped(mut lines: Stream<impl Read>) -> (usize, String) {
        let mut count = 0;
        while lines.line(count).is_some() {
            count += 1;
        }
        (count, lines.finish().unwrap_err().to_string())
    }

    proptest! {
        #[test]
        fn the_lines_are_those_of_a_source(bytes in bytes(), sizes in sizes()) {
            let source = Source::new(bytes.clone());
            let mut stream = Stream::new(pieces(&bytes, &sizes));
            for i in 0..source.line_count() {
                prop_assert_eq!(stream.line(i), Some(source.line(i)));
                prop_assert_eq!(stream.line(i), Some(source.line(i)));
            }
            prop_assert_eq!(stream.line(source.line_count()), None);
            if let Some(last) = source.line_count().checked_sub(1) {
                prop_assert_eq!(stream.line(last), Some(source.line(last)));
            }
            prop_assert_eq!(stream.line(source.line_count()), None);
            prop_assert!(stream.finish().is_ok());
        }

        #[test]
        fn kept_lines_come_again(
            bytes in bytes(),
            sizes in sizes(),
            jumps in prop::collection::vec((0_usize..40, 0_usize..40), 1..20),
        ) {
            let source = Source::new(bytes.clone());
            let mut stream = Stream::new(pieces(&bytes, &sizes));
            // What may be asked for: from the last line, or from a line kept.
            let (mut at, mut from) = (0, 0);
            for (keep, ahead) in jumps {
                let keep = from + keep % (at - from + 2);
                stream.keep(keep);
                at = keep.max(from) + ahead;
                from = keep;
                let expected = (at < source.line_count()).then(|| source.line(at));
                prop_assert_eq!(stream.line(at), expected);
                if expected.is_none() {
                    // All lines from the first that is kept are still there.
                    for i in from..source.line_count() {
                        prop_assert_eq!(stream.line(i), Some(source.line(i)));
                    }
                    break;
                }
            }
            prop_assert!(stream.finish().is_ok());
        }

        #[test]
        fn a_long_line_stops_at_the_same_line_for_any_read_sizes(
            bytes in bytes(),
            sizes in sizes(),
            limit in 1_usize..12,
        ) {
            let source = Source::new(bytes.clone());
            let good = (0..source.line_count())
                .take_while(|i| source.line(*i).len() <= limit)
                .count();
            let mut stream = Stream::new(pieces(&bytes, &sizes)).with_line_limit(limit);
            for i in 0..good {
                prop_assert_eq!(stream.line(i), Some(source.line(i)));
            }
            prop_assert_eq!(stream.line(good), None);
            prop_assert_eq!(stream.finish().is_err(), good < source.line_count());
        }
    }

    #[test]
    fn a_file_of_one_line_is_no_lines_and_an_error() {
        let endless = io::repeat(b'G');
        let (lines, why) = stopped(Stream::new(endless));
        assert_eq!(lines, 0);
        assert!(why.contains("line 1 is longer than 1048576 bytes"), "{why}");
    }

    #[test]
    fn a_reader_that_fails_gives_no_half_line() {
        struct Broken;
        impl Read for Broken {
            fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
                Err(io::Error::other("the disk is gone"))
            }
        }
        let (lines, why) = stopped(Stream::new(b"G0 X1\nG0 X12".chain(Broken)));
        assert_eq!(lines, 1);
        assert_eq!(why, "cannot read on after line 1: the disk is gone");
    }

    #[test]
    fn what_is_kept_has_a_limit_that_small_lines_reach_too() {
        let mut lines = Stream::new(io::repeat(b'\n')).with_kept_limit(90);
        lines.keep(1);
        let (count, why) = stopped(lines);
        assert_eq!(count, 11, "10 lines of 1 + 8 bytes behind the first");
        assert!(why.starts_with("line 2 and those after it"), "{why}");
    }

    #[test]
    fn a_line_that_was_let_go_is_an_error() {
        let mut lines = Stream::new(&b"1\n2\n3\n"[..]);
        assert!(lines.line(2).is_some());
        assert_eq!(lines.line(0), None);
        let why = lines.finish().unwrap_err().to_string();
        assert_eq!(why, "line 1 is asked for again but was not kept");
    }
}
