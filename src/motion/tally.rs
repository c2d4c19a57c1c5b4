//! What a planner has run so far.

use super::{Beam, Spent, SpentOn, Times, Wait};
use crate::geom::Point3;

/// The totals of a planner, and where asked for each piece of them.
#[derive(Clone, Debug, Default)]
pub(super) struct Tally {
    pub(super) times: Times,
    /// What commands are counted under that come now.
    pub(super) mark: u32,
    spent: Option<Vec<Spent>>,
}

impl Tally {
    /// Keeps each piece from here on.
    pub(super) fn keep(&mut self) {
        let _ = self.spent.get_or_insert_default();
    }

    /// Moves the pieces since the last call to the end of `into`.
    pub(super) fn take(&mut self, into: &mut Vec<Spent>) {
        if let Some(spent) = &mut self.spent {
            into.append(spent);
        }
    }

    /// A straight piece of `mm` was run in `seconds`; at its asked speed throughout it
    /// would have taken `at_speed`.
    pub(super) fn ran(&mut self, mark: u32, beam: Beam, mm: f64, seconds: f64, at_speed: f64) {
        self.times.add_seconds(beam, seconds);
        self.add(Spent {
            mark,
            on: SpentOn::Move(beam),
            seconds,
            at_speed,
            mm,
        });
    }

    /// The machine stood still because the program says so.
    pub(super) fn dwelt(&mut self, seconds: f64) {
        self.times.dwell_s += seconds;
        self.stood(SpentOn::Dwell, seconds);
    }

    /// The machine came to a stop, and stood for so long.
    pub(super) fn stopped(&mut self, seconds: f64) {
        self.times.stops += 1;
        self.times.stopped_s += seconds;
        self.stood(SpentOn::Stop, seconds);
    }

    /// Something happens that takes a time that no model knows.
    pub(super) fn waits(&mut self, wait: Wait) {
        if !wait.is_short() {
            self.times.add_unknown(wait);
            self.stood(SpentOn::Unknown(wait), 0.0);
        }
    }

    /// A line or arc of `mm` was commanded from `from`.
    pub(super) fn commanded(&mut self, beam: Beam, from: Point3, mm: f64) {
        if beam != Beam::Rapid {
            self.times.add_point(beam, from);
        }
        self.times.add_mm(beam, mm);
    }

    fn stood(&mut self, on: SpentOn, seconds: f64) {
        self.add(Spent {
            mark: self.mark,
            on,
            seconds,
            at_speed: 0.0,
            mm: 0.0,
        });
    }

    fn add(&mut self, piece: Spent) {
        if let Some(spent) = &mut self.spent {
            spent.push(piece);
        }
    }
}

/// What every [`Planner`](super::Planner) with a `tally` does alike; the method that is
/// named brings it to rest.
macro_rules! tallied {
    ($rest:ident) => {
        fn mark(&mut self, mark: u32) {
            self.tally.mark = mark;
        }

        fn keep_spent(&mut self) {
            self.tally.keep();
        }

        fn take_spent(&mut self, into: &mut Vec<$crate::motion::Spent>) {
            self.tally.take(into);
        }

        fn finish(&mut self) -> $crate::motion::Times {
            self.$rest();
            std::mem::take(&mut self.tally.times)
        }
    };
}
pub(super) use tallied;
