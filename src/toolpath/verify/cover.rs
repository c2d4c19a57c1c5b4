//! Whether segments lie on others, however those are cut up.

use super::{Difference, Piece};
use crate::geom::Point3;
use std::cell::Cell;
use std::collections::BTreeMap;

/// Points of a segment that are looked at. One each tolerance would be exact; these
/// find any piece that is missing and is longer than a sixty-fourth of the segment,
/// and the lengths the rest.
const SAMPLES: u32 = 64;
/// Cells that segments lie in, at most: for each so many to so many, all together so
/// many if that is between.
const MOST_CELLS: (usize, usize, usize) = (4, 64, 4_000_000);

/// How often a point is compared with a segment, at most: so often, and so often for
/// each segment. Two sides that take more are not one geometry cut up in two ways.
const MOST_TESTS: (usize, usize) = (20_000_000, 1_000);

/// What is this near lies on a segment, but for the rounding of sums, mm.
const ROUNDING: f64 = 1e-9;

/// Segments, found by place.
pub(super) struct Cover<'a> {
    pieces: &'a [Piece],
    /// Side of a cell, mm.
    side: f64,
    cells: BTreeMap<(i64, i64), Vec<u32>>,
    /// The piece that was near the last point: it is near the next one too.
    last: Cell<u32>,
    /// How many comparisons are left.
    tests: Cell<usize>,
}

impl<'a> Cover<'a> {
    /// Finds what is within `reach` mm.
    pub(super) fn new(pieces: &'a [Piece], reach: f64) -> Self {
        let (few, many, all) = MOST_CELLS;
        let count = pieces.len().max(1);
        let most = all.clamp(few * count, many * count) as f64;
        let total: f64 = pieces.iter().map(Piece::length).sum();
        let side = (4.0 * reach).max(2.0 * total / most);
        let mut cover = Self {
            pieces,
            side: if side.is_finite() { side } else { f64::MAX },
            cells: BTreeMap::new(),
            last: Cell::new(0),
            tests: Cell::new(MOST_TESTS.0 + MOST_TESTS.1 * pieces.len()),
        };
        for (i, piece) in pieces.iter().enumerate() {
            // Half a cell apart: what is near the piece is near one of these.
            let steps = (piece.length() / (cover.side / 2.0))
                .ceil()
                .clamp(1.0, most);
            for k in 0..=steps as u32 {
                let cell = cover.cell(piece.at(f64::from(k) / steps));
                let list = cover.cells.entry(cell).or_default();
                if list.last() != Some(&(i as u32)) {
                    list.push(i as u32);
                }
            }
        }
        cover
    }

    // Saturates for coordinates beyond any machine; the distance still decides.
    fn cell(&self, p: Point3) -> (i64, i64) {
        (
            (p.x / self.side).floor() as i64,
            (p.y / self.side).floor() as i64,
        )
    }

    /// Calls `f` with the number of each piece that may be within reach of `p`.
    pub(super) fn near(&self, p: Point3, mut f: impl FnMut(u32, &Piece)) {
        let (x, y) = self.cell(p);
        let mut seen: Vec<u32> = Vec::new();
        for dx in -1..=1 {
            for dy in -1..=1 {
                let key = (x.saturating_add(dx), y.saturating_add(dy));
                seen.extend(self.cells.get(&key).into_iter().flatten());
            }
        }
        self.tests.set(self.tests.get().saturating_sub(seen.len()));
        seen.sort_unstable();
        seen.dedup();
        for i in seen {
            f(i, &self.pieces[i as usize]);
        }
    }

    /// How far the farthest of a segment's points is from these pieces; `None` when it
    /// is farther than `tolerance`, mm, which is not more than the reach, and when too
    /// much has been compared.
    pub(super) fn distance(&self, piece: &Piece, tolerance: f64) -> Option<f64> {
        let mut worst = 0.0_f64;
        for k in 0..=SAMPLES {
            let p = piece.at(f64::from(k) / f64::from(SAMPLES));
            worst = worst.max(self.off(p, tolerance)?);
        }
        Some(worst)
    }

    fn off(&self, p: Point3, tolerance: f64) -> Option<f64> {
        let last = self.pieces.get(self.last.get() as usize)?;
        let off = last.distance_to(p, tolerance);
        if off <= ROUNDING {
            return Some(off);
        }
        let mut best = (off, self.last.get());
        self.near(p, |i, piece| {
            let off = piece.distance_to(p, tolerance);
            if off < best.0 {
                best = (off, i);
            }
        });
        self.last.set(best.1);
        (best.0 <= tolerance && self.tests.get() > 0).then_some(best.0)
    }
}

/// Checks that two sets of segments cover each other; gives the worst distance.
///
/// Each comes with all that there are on its side: what is shorter than the
/// tolerance may have been cut into another number of pieces, all of which lie at
/// the place of one that was matched.
pub(super) fn agree(
    [a, all_a]: [&[Piece]; 2],
    [b, all_b]: [&[Piece]; 2],
    tolerance: f64,
) -> Result<f64, Difference> {
    let mut worst = 0.0_f64;
    for (side, left, all, is_a) in [(a, b, all_b, true), (b, a, all_a, false)] {
        let left = Cover::new(left, tolerance);
        let mut whole: Option<Cover<'_>> = None;
        for p in side {
            let off = left.distance(p, tolerance).or_else(|| {
                let crumb = (f64::MIN_POSITIVE..=tolerance).contains(&p.length());
                if !crumb {
                    return None;
                }
                let whole = whole.get_or_insert_with(|| Cover::new(all, tolerance));
                whole.distance(p, tolerance)
            });
            worst = worst.max(off.ok_or_else(|| if is_a { p.missing() } else { p.added() })?);
        }
    }
    let total = |s: &[Piece]| s.iter().map(Piece::length).sum::<f64>();
    let slack = tolerance * (a.len() + b.len()) as f64;
    match (a.first(), b.first()) {
        (Some(p), _) if total(a) > total(b) + slack => Err(p.missing()),
        (_, Some(p)) if total(b) > total(a) + slack => Err(p.added()),
        _ => Ok(worst),
    }
}
