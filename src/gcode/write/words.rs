//! Single words. A modal word is written only when it changes something.

use super::super::dialect::Dwell;
use super::super::modal::Motion;
use super::super::number;
use super::{Writer, arc};
use crate::geom::Point3;
use crate::motion::{Plane, Rate, SpindleMode};
use crate::toolpath::Attributes;

/// Decimals of F and S; zeros at the end are not written.
const NUMBER_DECIMALS: usize = 6;

impl Writer {
    pub(super) fn motion_word(&mut self, motion: Motion) {
        if self.modal().motion != motion {
            self.word(match motion {
                Motion::Linear => "G1",
                Motion::ArcCw => "G2",
                Motion::ArcCcw => "G3",
                _ => "G0",
            });
        }
    }

    /// The words of those axes, rounded.
    pub(super) fn coordinates(&mut self, to: Point3, axes: [bool; 3]) {
        let modal = *self.modal();
        let v = (to - modal.offset).to_array();
        for i in 0..3 {
            if axes[i] {
                self.length(b'X' + i as u8, v[i] / modal.unit_mm());
            }
        }
    }

    /// The words of an arc in the plane of its attributes beside those of its end.
    pub(super) fn arc_words(&mut self, words: arc::Words, plane: Plane) {
        let unit = self.modal().unit_mm();
        for (letter, v) in words.letters(plane) {
            self.length(letter, v / unit);
        }
    }

    /// A length, in the program's unit.
    fn length(&mut self, letter: u8, v: f64) {
        let decimals = self.decimals();
        self.letter(letter);
        let start = self.text.len();
        number::format(&mut self.text, number::rounded(v, decimals), decimals);
        // Without a point it would count in least increments.
        let counts = self.machine.dialect().grammar.least_increment.is_some();
        if counts && self.text.len() > start && !self.text[start..].contains(&b'.') {
            self.text.push(b'.');
        }
    }

    pub(super) fn rate_and_power(&mut self, a: &Attributes) {
        if let Rate::Feed(v) = a.rate
            && self.feed_differs(a.rate)
        {
            self.feed_word(v);
        }
        if a.power.to_bits() != self.modal().speed.to_bits() {
            self.speed_word(a.power);
        }
    }

    pub(super) fn feed_differs(&self, rate: Rate) -> bool {
        match rate {
            Rate::Feed(v) => {
                let (a, b) = (v, self.modal().feed);
                // What was written and read back is the same feed.
                (a - b).abs() > 1e-9 * a.max(b)
            }
            Rate::Rapid | Rate::Inverse(_) => false,
        }
    }

    pub(super) fn feed_word(&mut self, mm_per_s: f64) {
        let start = self.text.len();
        self.letter(b'F');
        let per_minute = mm_per_s * 60.0 / self.modal().unit_mm();
        number::format(&mut self.text, per_minute, NUMBER_DECIMALS);
        self.feed = Some(start..self.text.len());
    }

    pub(super) fn speed_word(&mut self, speed: f64) {
        self.letter(b'S');
        number::format(&mut self.text, speed, NUMBER_DECIMALS);
    }

    /// A dwell of so many seconds, as the dialect counts them.
    pub(super) fn dwell(&mut self, seconds: f64) {
        self.word("G4");
        self.letter(b'P');
        match self.machine.dialect().grammar.dwell {
            Dwell::Seconds => number::format(&mut self.text, seconds, 3),
            Dwell::Millis | Dwell::MillisOrSeconds | Dwell::MillisOrX => {
                number::format(&mut self.text, seconds * 1000.0, 0);
            }
        }
        self.end_line();
    }

    /// A whole word.
    pub(super) fn word(&mut self, word: &str) {
        self.blank();
        self.text.extend_from_slice(word.as_bytes());
    }

    pub(super) fn letter(&mut self, letter: u8) {
        self.blank();
        self.text.push(letter);
    }

    fn blank(&mut self) {
        if !self.text.is_empty() {
            self.text.push(b' ');
        }
    }
}

pub(super) const fn plane_word(plane: Plane) -> &'static str {
    match plane {
        Plane::Xy => "G17",
        Plane::Zx => "G18",
        Plane::Yz => "G19",
    }
}

pub(super) const fn spindle_word(mode: SpindleMode) -> &'static str {
    match mode {
        SpindleMode::Off => "M5",
        SpindleMode::Constant => "M3",
        SpindleMode::Dynamic => "M4",
    }
}
