//! Paths that lay filament, of which segments have become one: one line is written in
//! the place of theirs, all others stay.
//!
//! It ends at the very place, and feeds the very filament, that the lines in whose
//! place it stands did: places are copied as text, and filament is added up as
//! decimals. The centre of an arc gets one decimal more than the places have, and at
//! least four: who prints within hundredths wants them for the shape. Where no centre
//! fits, or the line would be too long, the lines stay.

use super::super::lex::{Line, Word};
use super::super::number;
use super::Writer;
use super::arc::Meant;
use super::decimal::Decimal;
use crate::geom::Point3;
use crate::motion::Plane;
use crate::source::Source;
use crate::toolpath::{Path, Segment, Toolpath};
use std::ops::Range;

/// Decimals of an arc's centre beyond those of places.
const MORE_DECIMALS: usize = 1;
/// Least decimals of an arc's centre.
const LEAST_DECIMALS: usize = 4;

/// The words that the lines of one segment come to, as the source writes them.
#[derive(Default)]
struct Words<'a> {
    x: &'a [u8],
    y: &'a [u8],
    feed: &'a [u8],
    /// The last one.
    filament: &'a [u8],
    /// All of them.
    fed: Decimal,
    /// Most decimals of a place.
    decimals: usize,
}

impl<'a> Words<'a> {
    /// Adds those of a line.
    fn add(&mut self, text: &'a [u8], words: &[Word]) -> Option<()> {
        for w in words {
            let number = number_at(text, w)?;
            match w.letter {
                b'X' => self.x = number,
                b'Y' => self.y = number,
                b'F' => self.feed = number,
                b'E' => {
                    self.filament = number;
                    self.fed = self.fed.plus(Decimal::parse(number)?);
                }
                _ => {}
            }
            if matches!(w.letter, b'X' | b'Y') {
                self.decimals = self.decimals.max(Decimal::parse(number)?.decimals());
            }
        }
        Some(())
    }
}

/// The digits of a word, with their sign.
fn number_at<'a>(text: &'a [u8], w: &Word) -> Option<&'a [u8]> {
    let text = text.get(w.at as usize + 1..)?;
    let text = text.trim_ascii_start();
    let number = number::parse(text, false)?;
    Some(&text[..number.used])
}

impl Writer {
    /// Writes the lines `body` of a path that lays filament, as its segments are now.
    pub(in crate::gcode) fn print(
        &mut self,
        source: &Source,
        toolpath: &Toolpath,
        path: &Path,
        body: Range<u32>,
    ) {
        let mut rest = toolpath.segments(path);
        let mut at = body.start;
        while let Some(first) = rest.first() {
            let alike = |s: &&Segment| s.line == first.line;
            let (one, others) = rest.split_at(rest.iter().take_while(alike).count());
            rest = others;
            let end = rest.first().map_or(body.end, |s| s.line);
            if first.line != at || !(at..=body.end).contains(&end) {
                self.refuse("the lines of a print are not in order");
                return;
            }
            self.lines(source, at..end, one);
            at = end;
        }
    }

    /// Writes what became of some lines.
    fn lines(&mut self, source: &Source, lines: Range<u32>, segments: &[Segment]) {
        let text = source.lines(lines.start as usize..lines.end as usize);
        if lines.len() > 1 && self.one_for(text, segments).is_some() {
            self.end_line();
            if segments.last().map(|s| s.end) != Some(self.machine.position()) {
                self.refuse("a line of a print would end elsewhere");
            }
            return;
        }
        self.text.clear();
        self.verbatim(text);
        if let Some(last) = segments.last() {
            // Nothing that is written here depends on what they set.
            let modal = *self.modal();
            self.machine.set_state(&modal, last.end);
        }
    }

    /// Makes one line for several, if there is one.
    fn one_for(&mut self, lines: &[u8], segments: &[Segment]) -> Option<()> {
        let mut words = Words::default();
        let mut lexed = std::mem::take(&mut self.lexed);
        let read = self.words(lines, &mut lexed, &mut words);
        self.lexed = lexed;
        read?;
        let from = self.machine.position();
        let to = segments.last()?.end;
        let decimals = (words.decimals + MORE_DECIMALS).max(LEAST_DECIMALS);
        let step = 10_f64.powi(-(decimals as i32));
        let bare = words.filament.starts_with(b".");
        let bulge = segments[0].bulge;
        let meant = match segments {
            [_] => Meant::of(from.xy(), to.xy(), bulge),
            [first, _] => {
                let points = [from, first.end, to].map(Point3::xy);
                Some(Meant::whole(points, bulge, step)?)
            }
            _ => return None,
        };
        let (start, end) = (from.xy(), to.xy());
        let arc = match &meant {
            None => None,
            Some(meant) => Some(meant.words_exact(start, end, step, self.arc_format)?),
        };
        self.word(match meant {
            None => "G1",
            Some(_) if bulge < 0.0 => "G2",
            Some(_) => "G3",
        });
        self.copied(b'X', words.x);
        self.copied(b'Y', words.y);
        for (letter, v) in arc.into_iter().flat_map(|a| a.letters(Plane::Xy)) {
            self.letter(letter);
            let v = Decimal::new((v / step).round() as i64, decimals);
            v.write(&mut self.text, bare);
        }
        if self.modal().filament_relative {
            self.letter(b'E');
            words.fed.write(&mut self.text, bare);
        } else {
            self.copied(b'E', words.filament);
        }
        self.copied(b'F', words.feed);
        let limit = self.machine.dialect().lexis.limit;
        limit
            .is_none_or(|l| self.text.len() <= l.bytes as usize)
            .then_some(())
    }

    /// Reads the words of lines.
    fn words<'a>(&self, lines: &'a [u8], lexed: &mut Line, words: &mut Words<'a>) -> Option<()> {
        let mut rest = lines;
        while !rest.is_empty() {
            let end = memchr::memchr2(b'\n', b'\r', rest).map_or(rest.len(), |at| at + 1);
            let (line, others) = rest.split_at(end);
            lexed.lex(line, &self.machine.dialect().lexis);
            words.add(line, &lexed.words)?;
            rest = others;
        }
        Some(())
    }

    /// A word as the source has it, if it has it.
    fn copied(&mut self, letter: u8, number: &[u8]) {
        if !number.is_empty() {
            self.letter(letter);
            self.text.extend_from_slice(number);
        }
    }
}
