//! Where times stand in a slicer's file.

use super::duration;
use crate::estimate::comments::{Says, says};
use crate::source::Source;
use std::ops::Range;

/// A time in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// The line, from 0, and the bytes of it.
    pub(super) line: usize,
    pub(super) bytes: Range<usize>,
    pub(super) time: Time,
    /// Whether it is of the stealth mode.
    pub(super) stealth: bool,
}

/// Which time it is, and how it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Time {
    Percent,
    MinutesLeft,
    Whole,
    WholeSeconds,
    Model,
    FirstLayer,
    Elapsed,
}

/// All places, and what else must be known of the file.
#[derive(Clone, Debug, Default)]
pub(super) struct Found {
    /// In the order of the file.
    pub(super) places: Vec<Place>,
    pub(super) has_progress: bool,
    pub(super) has_stealth: bool,
    /// The lines where the first two layers begin.
    pub(super) layers: [Option<usize>; 2],
    /// Lines with an `M73` and a checksum.
    pub(super) checksums: Vec<usize>,
    /// The whole time as the slicer wrote it, s.
    pub(super) claimed: Option<f64>,
}

/// Comments that end in a duration: what is before it, and which time it is.
const DURATIONS: [(&[u8], Time, bool); 6] = [
    (
        b"estimated printing time (normal mode) =",
        Time::Whole,
        false,
    ),
    (
        b"estimated printing time (silent mode) =",
        Time::Whole,
        true,
    ),
    (
        b"estimated first layer printing time (normal mode) =",
        Time::FirstLayer,
        false,
    ),
    (
        b"estimated first layer printing time (silent mode) =",
        Time::FirstLayer,
        true,
    ),
    (b"model printing time:", Time::Model, false),
    (b"total estimated time:", Time::Whole, false),
];

/// Comments that end in seconds.
const SECONDS: [(&[u8], Time); 3] = [
    (b"TIME:", Time::WholeSeconds),
    (b"PRINT.TIME:", Time::WholeSeconds),
    (b"TIME_ELAPSED:", Time::Elapsed),
];

pub(super) fn find(source: &Source) -> Found {
    let mut found = Found::default();
    for line in 0..source.line_count() {
        let bytes = source.line(line);
        match bytes.trim_ascii_start().first() {
            Some(b';') => found.comment(line, bytes),
            Some(b'M' | b'm' | b'N' | b'n') => found.command(line, bytes),
            _ => {}
        }
    }
    found
}

impl Found {
    fn add(&mut self, line: usize, bytes: Range<usize>, time: Time, stealth: bool) {
        self.has_stealth |= stealth;
        self.places.push(Place {
            line,
            bytes,
            time,
            stealth,
        });
    }

    fn comment(&mut self, line: usize, bytes: &[u8]) {
        if let Some(free) = self.layers.iter().position(Option::is_none)
            && says(bytes) == Some(Says::Layer)
        {
            self.layers[free] = Some(line);
        }
        // A comment may hold several, with a `;` between them.
        let mut at = 0;
        for part in bytes.split(|b| *b == b';') {
            let begin = at + part.len() - part.trim_ascii_start().len();
            at += part.len() + 1;
            let text = part.trim_ascii();
            for (name, time, stealth) in DURATIONS {
                let Some(rest) = text.strip_prefix(name) else {
                    continue;
                };
                let value = rest.trim_ascii_start();
                let Some(seconds) = duration::read(value) else {
                    continue;
                };
                if time == Time::Whole && !stealth {
                    self.claimed = Some(seconds);
                }
                let end = begin + text.len();
                self.add(line, end - value.len()..end, time, stealth);
            }
            for (name, time) in SECONDS {
                let Some(value) = text.strip_prefix(name) else {
                    continue;
                };
                let value = value.trim_ascii_start();
                let number = std::str::from_utf8(value).ok();
                let Some(seconds) = number.and_then(|n| n.parse::<f64>().ok()) else {
                    continue;
                };
                if time == Time::WholeSeconds {
                    self.claimed = Some(seconds);
                }
                let end = begin + text.len();
                self.add(line, end - value.len()..end, time, false);
            }
        }
    }

    /// A line that may be an `M73`.
    fn command(&mut self, line: usize, bytes: &[u8]) {
        let code = bytes.split(|b| *b == b';').next().unwrap_or_default();
        let mut words = Words(code, 0);
        let mut word = words.next();
        if word.as_ref().is_some_and(|(letter, _)| *letter == b'N') {
            word = words.next();
        }
        if !word.is_some_and(|(letter, value)| letter == b'M' && code[value] == *b"73") {
            return;
        }
        if code.contains(&b'*') {
            self.has_progress = true;
            self.checksums.push(line);
            return;
        }
        for (letter, value) in words {
            let (time, stealth) = match letter {
                b'P' => (Time::Percent, false),
                b'R' => (Time::MinutesLeft, false),
                b'Q' => (Time::Percent, true),
                b'S' => (Time::MinutesLeft, true),
                _ => continue,
            };
            if !value.is_empty() {
                self.has_progress = true;
                self.add(line, value, time, stealth);
            }
        }
    }
}

/// The letters of a line in upper case, each with the bytes of its number.
struct Words<'a>(&'a [u8], usize);

impl Iterator for Words<'_> {
    type Item = (u8, Range<usize>);

    fn next(&mut self) -> Option<Self::Item> {
        let Self(bytes, at) = self;
        while !bytes.get(*at)?.is_ascii_alphabetic() {
            *at += 1;
        }
        let letter = bytes[*at].to_ascii_uppercase();
        *at += 1;
        while bytes.get(*at) == Some(&b' ') {
            *at += 1;
        }
        let begin = *at;
        let is_number = |b: &u8| b.is_ascii_digit() || matches!(b, b'.' | b'+' | b'-');
        while bytes.get(*at).is_some_and(is_number) {
            *at += 1;
        }
        Some((letter, begin..*at))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The times of a file, each as it stands.
    fn times(text: &str) -> Vec<(String, Time, bool)> {
        let source = Source::new(text.into());
        let found = find(&source);
        found
            .places
            .iter()
            .map(|p| {
                let bytes = source.line(p.line)[p.bytes.clone()].to_vec();
                (String::from_utf8(bytes).unwrap(), p.time, p.stealth)
            })
            .collect()
    }

    #[test]
    fn times_of_slicers_are_found() {
        let text = "; model printing time: 1h 2m 3s; total estimated time: 1h 9m 10s\r\n";
        let found = times(text);
        assert_eq!(found[0], ("1h 2m 3s".into(), Time::Model, false));
        assert_eq!(found[1], ("1h 9m 10s".into(), Time::Whole, false));
        let found = times("; estimated printing time (silent mode) = 1d 0h 3m 4s\n");
        assert_eq!(found, [("1d 0h 3m 4s".into(), Time::Whole, true)]);
        let found = times(";TIME:1234\n;TIME_ELAPSED:12.75\n;PRINT.TIME:9\n");
        let values: Vec<_> = found.iter().map(|f| f.0.as_str()).collect();
        assert_eq!(values, ["1234", "12.75", "9"]);
        let found = times("m73 p 5R10 Q7 S12 ; P1\nN4 M73 P9\n");
        let values: Vec<_> = found.iter().map(|f| (f.0.as_str(), f.2)).collect();
        let expected = [
            ("5", false),
            ("10", false),
            ("7", true),
            ("12", true),
            ("9", false),
        ];
        assert_eq!(values, expected);
    }

    #[test]
    fn what_only_looks_like_a_time_is_left_alone() {
        for text in [
            "M730 P1\n",
            "M73.2 R1.0\n",
            "G1 P5 ;M73 P5\n",
            "; estimated printing time (normal mode) = soon\n",
            ";TIME:soon\n",
            ";TIMER:5\n",
            "N1 M73 P5*44\n",
            "M73\n",
            "M117 TIME:5\n",
        ] {
            assert_eq!(times(text), [], "{text}");
        }
    }
}
