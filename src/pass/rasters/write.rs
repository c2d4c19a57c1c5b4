//! Rows as paths: what is burned as it was, with a run-up and a run-out.

use super::rows::{Move, Row};
use crate::geom::Point3;
use crate::toolpath::{Rerun, Segment};
use std::collections::BTreeMap;
use std::ops::Range;

/// How the white between two pieces of a row is passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum White {
    /// As the source does; by a dark move where something else is burned in between.
    AsRead,
    /// By a dark move at the feed of the row.
    Swept,
    /// By a rapid, with a run-out and a run-up.
    Skipped,
}

/// What is needed to write the rows of a sheet.
#[derive(Debug)]
pub(super) struct Pen<'a> {
    pub(super) moves: &'a [Move],
    /// The dark attributes of those that burn.
    pub(super) dark: &'a BTreeMap<u32, u32>,
    /// Length of the run-up and run-out where a row is cut, mm.
    pub(super) lead: f64,
    /// Dark moves at the ends of rows longer than this are cut to it, mm.
    pub(super) longest_lead: f64,
}

impl Pen<'_> {
    /// Some pieces of a row, by their numbers in it, in order.
    pub(super) fn row(&self, row: &Row, pieces: &[usize], white: White) -> Vec<Rerun> {
        let mut runs = Runs::default();
        let (Some(&first), Some(&last)) = (pieces.first(), pieces.last()) else {
            return runs.done;
        };
        if first > 0 {
            let start = self.start(&row.pieces[first]);
            let apart = self.end(&row.pieces[first - 1]);
            self.run_up(
                &mut runs,
                &row.pieces[first],
                toward(start, apart, self.lead),
            );
        } else {
            self.own_lead(&mut runs, row, true);
        }
        self.burn(&mut runs, &row.pieces[first]);
        for pair in pieces.windows(2) {
            self.white(&mut runs, row, [pair[0], pair[1]], white);
            self.burn(&mut runs, &row.pieces[pair[1]]);
        }
        if last + 1 < row.pieces.len() {
            let end = self.end(&row.pieces[last]);
            let apart = self.start(&row.pieces[last + 1]);
            self.run_out(&mut runs, &row.pieces[last], toward(end, apart, self.lead));
        } else {
            self.own_lead(&mut runs, row, false);
        }
        runs.done
    }

    fn start(&self, piece: &Range<usize>) -> Point3 {
        self.moves[piece.start].from
    }

    fn end(&self, piece: &Range<usize>) -> Point3 {
        self.moves[piece.end - 1].segment.end
    }

    fn burn(&self, runs: &mut Runs, piece: &Range<usize>) {
        let start = self.start(piece);
        if !runs.is_at(start) {
            runs.jump(start);
        }
        runs.push(self.moves[piece.start].segment);
        runs.copy(&self.moves[piece.start + 1..piece.end]);
    }

    /// The white between two pieces of a row.
    fn white(&self, runs: &mut Runs, row: &Row, [a, b]: [usize; 2], how: White) {
        let adjacent = a + 1 == b;
        let (a, b) = (&row.pieces[a], &row.pieces[b]);
        let (from, to) = (self.end(a), self.start(b));
        match how {
            White::AsRead if adjacent => {
                runs.copy(&self.moves[a.end..b.start]);
                if self.moves[b.start].jump {
                    runs.jump(to);
                }
            }
            White::Skipped if from.distance(to) > 2.0 * self.lead => {
                self.run_out(runs, a, toward(from, to, self.lead));
                self.run_up(runs, b, toward(to, from, self.lead));
            }
            _ => runs.push(self.dark_move(b.start, to)),
        }
    }

    /// The dark moves on the line of a row before or after it, no longer than need be.
    fn own_lead(&self, runs: &mut Runs, row: &Row, before: bool) {
        let lead = if before { &row.lead_in } else { &row.lead_out };
        if lead.is_empty() {
            return;
        }
        let (from, to) = (self.start(lead), self.end(lead));
        if from.distance(to) <= self.longest_lead {
            runs.copy(&self.moves[lead.clone()]);
        } else if before {
            let piece = &row.pieces[0];
            self.run_up(
                runs,
                piece,
                toward(self.start(piece), from, self.longest_lead),
            );
        } else if let Some(piece) = row.pieces.last() {
            self.run_out(runs, piece, toward(self.end(piece), to, self.longest_lead));
        }
    }

    fn run_up(&self, runs: &mut Runs, piece: &Range<usize>, from: Point3) {
        let to = self.start(piece);
        runs.jump(from);
        if from != to {
            runs.push(self.dark_move(piece.start, to));
        }
    }

    fn run_out(&self, runs: &mut Runs, piece: &Range<usize>, to: Point3) {
        if self.end(piece) != to {
            runs.push(self.dark_move(piece.end - 1, to));
        }
    }

    /// A dark move at the feed of move `like`.
    fn dark_move(&self, like: usize, end: Point3) -> Segment {
        let like = self.moves[like].segment;
        Segment {
            end,
            attr: self.dark[&like.attr],
            ..like
        }
    }
}

/// The point `mm` from `a` on the way to `b`, no farther than that.
fn toward(a: Point3, b: Point3, mm: f64) -> Point3 {
    let apart = a.distance(b);
    if apart <= mm {
        return b;
    }
    a + (b - a) * (mm / apart)
}

/// Paths that are being written.
#[derive(Default)]
struct Runs {
    done: Vec<Rerun>,
}

impl Runs {
    fn is_at(&self, p: Point3) -> bool {
        self.done.last().is_some_and(|r| end_of(r) == p)
    }

    fn jump(&mut self, start: Point3) {
        // Nothing is left of a run without a segment.
        if self.done.last().is_some_and(|r| r.segments.is_empty()) {
            let _ = self.done.pop();
        }
        self.done.push(Rerun {
            start,
            segments: Vec::new(),
        });
    }

    /// Moves as they were read.
    fn copy(&mut self, moves: &[Move]) {
        for m in moves {
            if m.jump || !self.is_at(m.from) {
                self.jump(m.from);
            }
            self.push(m.segment);
        }
    }

    fn push(&mut self, segment: Segment) {
        if let Some(run) = self.done.last_mut() {
            run.segments.push(segment);
        }
    }
}

/// Moves as they were read.
pub(super) fn as_read(moves: &[Move]) -> Vec<Rerun> {
    let mut runs = Runs::default();
    runs.copy(moves);
    runs.done
}

/// Where a run ends, mm.
pub(super) fn end_of(run: &Rerun) -> Point3 {
    run.segments.last().map_or(run.start, |s| s.end)
}
