//! The quick way for the plain line: a straight move, its feed and its power.
//!
//! Nearly every line of a long program is one, and comes to the same as by the long way
//! (see [`super::run`]): G0, G1 or the mode that is in force, with words X, Y, Z, E, F, S
//! and a line number, none of them twice, under a state in which coordinates are added to
//! an offset and F is a length per minute. What is not that, or would be refused or said
//! something about, is left to the long way, before anything has changed.

use super::super::dialect::{Dialect, Does, Lines};
use super::super::lex::{Form, Line, Word};
use super::super::modal::{Cutter, FeedMode, Motion};
use super::moves::is_reachable;
use super::printer::is_plain;
use super::{Effect, Interpreter, Outcome};
use crate::geom::Point3;
use crate::motion::Command;

/// Where the value of a letter is put.
const X: u8 = 0;
const Y: u8 = 1;
const Z: u8 = 2;
const E: u8 = 3;
const F: u8 = 4;
const S: u8 = 5;
const G: u8 = 6;
const N: u8 = 7;
/// Of every other letter.
const OTHER: u8 = 8;

/// The letters, by slot.
const LETTERS: [u8; 8] = *b"XYZEFSGN";

const SLOT_OF: [u8; 256] = {
    let mut slots = [OTHER; 256];
    let mut i = 0;
    while i < LETTERS.len() {
        slots[LETTERS[i] as usize] = i as u8;
        i += 1;
    }
    slots
};

/// A set of slots, one bit for each.
#[derive(Clone, Copy, Debug)]
pub(super) struct Slots(u32);

impl Slots {
    pub(super) const NONE: Self = Self(0);
    const TARGETS: Self = Self(1 << X | 1 << Y | 1 << Z | 1 << E);

    /// What a plain line of the dialect may have; nothing where there are no plain lines.
    pub(super) fn of(dialect: &Dialect) -> Self {
        let grammar = &dialect.grammar;
        let moves = dialect.g(0) == Some(Does::Motion(Motion::Rapid))
            && dialect.g(10) == Some(Does::Motion(Motion::Linear));
        // Numbers that count in increments have a rule of their own.
        if !moves || grammar.least_increment.is_some() {
            return Self::NONE;
        }
        let mut all = Self(1 << G);
        for (letter, slot) in LETTERS.into_iter().zip(0..) {
            let fits = slot != E || grammar.extruder.is_some();
            if fits && grammar.letters.has(letter) {
                all.0 |= 1 << slot;
            }
        }
        all
    }

    const fn has(self, slot: u8) -> bool {
        self.0 & 1 << slot != 0
    }

    const fn any_of(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

/// The values of a line, by slot. There is room for all numbers of four bits.
struct Values {
    of: [f64; 16],
    seen: Slots,
}

impl Values {
    fn get(&self, slot: u8) -> Option<f64> {
        self.seen
            .has(slot)
            .then_some(self.of[usize::from(slot & 15)])
    }
}

impl Interpreter {
    /// Obeys a line of kind [`super::Kind::Block`] if it is a plain one; `None` when it
    /// is not, and nothing has changed.
    #[inline]
    pub(super) fn plain_line(
        &mut self,
        bytes: &[u8],
        line: &Line,
        out: &mut Vec<Command>,
    ) -> Option<Outcome> {
        let grammar = &self.dialect.grammar;
        let mut values = Values {
            of: [0.0; 16],
            seen: Slots::NONE,
        };
        let mut bad = !line.faults.is_empty() || line.held.is_some();
        for word in &line.words {
            let slot = SLOT_OF[usize::from(word.letter)];
            // An expression or a text has no number as its value.
            bad |= values.seen.has(slot) || !word.value.is_finite();
            values.seen.0 |= 1 << slot;
            values.of[usize::from(slot & 15)] = word.value;
        }
        let system = usize::from(self.modal.system);
        if bad
            || values.seen.0 & !self.plain.0 != 0
            || self.modal.feed_mode != FeedMode::PerMinute
            || self.modal.diameter
            || self.frames.rotations[system] != 0.0
            || notes_exponent(bytes, &line.words, &values)
        {
            return None;
        }
        let motion = self.plain_motion(bytes, &line.words, &values)?;
        if grammar.seek_apart && motion == Motion::Rapid && values.seen.has(F) {
            return None;
        }
        let moves = values.seen.any_of(Slots::TARGETS);
        let unit = self.modal.unit_mm();
        let feed = match values.get(F) {
            Some(f) if f <= 0.0 => return None,
            Some(f) => f * unit / 60.0,
            None => self.modal.feed,
        };
        if motion == Motion::Linear && feed <= 0.0 && (moves || !grammar.idle_modes) {
            return None;
        }
        let speed = match values.get(S) {
            Some(s) if s < 0.0 => return None,
            Some(s) => s,
            None => self.modal.speed,
        };
        let offset = self.frames.offset_xyz(self.modal.system);
        let to = self.plain_target(&values, unit, offset);
        let [x, y, z] = to.to_array().map(is_reachable);
        let e = is_reachable(values.of[usize::from(E)] * unit);
        if !(x & y & z & e) {
            return None;
        }

        // From here on it is obeyed.
        self.looked.set(false);
        self.cycle.leave();
        let filament = match (values.get(E), grammar.extruder) {
            (Some(e), Some(extruder)) => self.feed_by(e * unit, extruder.is_relative(&self.modal)),
            _ => 0.0,
        };
        if !moves && self.modal.motion.is_cutting() != motion.is_cutting() {
            out.push(Command::MotionMode {
                cutting: motion.is_cutting(),
            });
        }
        if speed.to_bits() != self.modal.speed.to_bits() {
            out.push(Command::SpindleSpeed {
                speed,
                moving: moves,
            });
        }
        self.modal.motion = motion;
        self.modal.feed = feed;
        self.modal.speed = speed;
        self.modal.offset = offset;
        self.modal.rotation = self.frames.rotations[system];
        let prints = moves && self.prints(to, false, filament);
        if moves {
            if self.modal.cutter != Cutter::Off {
                let modal = self.modal;
                self.notice_move(&modal);
            }
            self.go(to, None, motion == Motion::Rapid, filament, out);
        }
        let fence = if prints {
            grammar.lines != Lines::Block && !is_plain(line)
        } else {
            !self.modal.is_plain() || filament != 0.0 || moves && !grammar.rewrites
        };
        Some(Outcome::of(match (fence, moves) {
            (true, _) => Effect::Fence,
            (_, true) => Effect::Move,
            _ => Effect::State,
        }))
    }

    /// Where the words lead, machine coordinates, mm.
    #[inline]
    fn plain_target(&self, values: &Values, unit: f64, offset: Point3) -> Point3 {
        let relative = self.modal.relative;
        let along = |slot: u8, here: f64, offset: f64| match values.get(slot) {
            Some(v) if relative => here + v * unit,
            Some(v) => v * unit + offset,
            None => here,
        };
        let here = self.position;
        Point3::new(
            along(X, here.x, offset.x),
            along(Y, here.y, offset.y),
            along(Z, here.z, offset.z),
        )
    }

    /// The motion mode of a line of these values; `None` when it is no plain one, or its
    /// words belong to nothing.
    #[inline]
    fn plain_motion(&self, bytes: &[u8], words: &[Word], values: &Values) -> Option<Motion> {
        let grammar = &self.dialect.grammar;
        let mut first = 0;
        if let Some(n) = values.get(N) {
            first = 1;
            if words[0].letter != b'N' || n < 0.0 || n > grammar.max_line {
                return None;
            }
        }
        match values.get(G) {
            // Behind its values it is another command of the line, to a printer.
            Some(_) if words[first].letter != b'G' => None,
            Some(_) if self.is_misspelt(bytes, &words[first]) => None,
            Some(1.0) => Some(Motion::Linear),
            Some(0.0) => Some(Motion::Rapid),
            Some(_) => None,
            None => {
                let modal = grammar.modal_motion || grammar.lines == Lines::Block;
                let straight = matches!(self.modal.motion, Motion::Rapid | Motion::Linear);
                let goes = modal && straight && values.seen.any_of(Slots::TARGETS);
                goes.then_some(self.modal.motion)
            }
        }
    }
}

/// Whether the long way may find that `X1E5` is meant as one number.
fn notes_exponent(bytes: &[u8], words: &[Word], values: &Values) -> bool {
    values.seen.has(E)
        && words.iter().rev().any(|w| {
            let before = (w.at as usize).wrapping_sub(1);
            w.letter == b'E'
                && w.form == Form::Integer
                && bytes.get(before).is_some_and(u8::is_ascii_digit)
        })
}

#[cfg(test)]
mod tests;
