use super::{Beam, Wait};
use crate::geom::Bounds;

/// What a planner adds up, kept apart by what the moves do to the material:
/// only the whole program tells which of them are work.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Times {
    seconds: [f64; 4],
    mm: [f64; 4],
    bounds: [Bounds; 4],
    /// How often a move of one kind followed another; the last row is the start.
    changes: [[u64; 4]; 5],
    last: Option<usize>,
    /// Programmed dwells as the firmware makes them, s.
    pub dwell_s: f64,
    /// Time lost at standstill because the firmware stops, s.
    pub stopped_s: f64,
    /// Filament fed, what is drawn back taken off, mm.
    pub filament_mm: f64,
    /// Straight pieces that the planner was given.
    pub blocks: u64,
    /// How often the machine came to a stop.
    pub stops: u64,
    /// Arcs that this firmware, as it is set up, does not run.
    pub arcs_not_run: u64,
    /// What takes a time that no model knows, and how often.
    pub unknown: Vec<(Wait, u64)>,
}

impl Times {
    /// Seconds and millimetres of the moves of one kind. Lengths are those of
    /// the commanded lines and arcs.
    #[must_use]
    pub const fn of(&self, beam: Beam) -> (f64, f64) {
        (self.seconds[beam as usize], self.mm[beam as usize])
    }

    /// The box around the moves of one kind, mm; arcs as their chords.
    #[must_use]
    pub const fn bounds(&self, beam: Beam) -> &Bounds {
        &self.bounds[beam as usize]
    }

    /// How often work began after other motion or from the start, where
    /// `is_work` says what is work.
    #[must_use]
    pub fn pen_downs(&self, is_work: impl Fn(Beam) -> bool) -> u64 {
        const ALL: [Beam; 4] = [Beam::Rapid, Beam::Stopped, Beam::Dark, Beam::On];
        let mut sum = 0;
        for (from, row) in self.changes.iter().enumerate() {
            if ALL.get(from).is_some_and(|b| is_work(*b)) {
                continue;
            }
            for (to, count) in row.iter().enumerate() {
                sum += if is_work(ALL[to]) { *count } else { 0 };
            }
        }
        sum
    }

    pub(super) const fn add_seconds(&mut self, beam: Beam, seconds: f64) {
        self.seconds[beam as usize] += seconds;
    }

    pub(super) const fn add_mm(&mut self, beam: Beam, mm: f64) {
        self.mm[beam as usize] += mm;
        if mm > 0.0 {
            let from = match self.last {
                Some(last) => last,
                None => 4,
            };
            self.changes[from][beam as usize] += 1;
            self.last = Some(beam as usize);
        }
    }

    pub(super) fn add_point(&mut self, beam: Beam, p: crate::geom::Point3) {
        self.bounds[beam as usize].add(p);
    }

    pub(super) fn add_unknown(&mut self, wait: Wait) {
        match self.unknown.iter_mut().find(|(w, _)| *w == wait) {
            Some((_, n)) => *n += 1,
            None => self.unknown.push((wait, 1)),
        }
    }
}
