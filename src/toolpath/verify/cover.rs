//! Whether segments lie on others, however those are cut up.

use super::cells::{Cells, Square, cell};
use super::{Difference, Piece};
use crate::geom::Point3;
use std::cell::Cell;

/// Points of a segment that are looked at. One each tolerance would be exact; these
/// find any piece that is missing and is longer than a sixty-fourth of the segment,
/// and the lengths the rest.
const SAMPLES: u32 = 64;
/// Cells that segments lie in, at most: for each so many to so many, all together so
/// many if that is between.
const MOST_CELLS: (usize, usize, usize) = (4, 64, 1_000_000);

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
    cells: Cells,
    /// The last cell that was looked around in, and the pieces there: the next point is
    /// mostly near the last one.
    around: Cell<Option<Square>>,
    there: Cell<Vec<u32>>,
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
        let side = if side.is_finite() { side } else { f64::MAX };
        let places = |(piece, i): (&'a Piece, u32)| {
            // Half a cell apart: what is near the piece is near one of these.
            let steps = (piece.length() / (side / 2.0)).ceil().clamp(1.0, most);
            let mut last = None;
            (0..=steps as u32).filter_map(move |k| {
                let cell = Some(square(piece.at(f64::from(k) / steps), side));
                let is_new = std::mem::replace(&mut last, cell) != cell;
                cell.filter(|_| is_new).map(|cell| (cell, i))
            })
        };
        Self {
            pieces,
            side,
            cells: Cells::new(pieces.iter().zip(0..).flat_map(places)),
            around: Cell::new(None),
            there: Cell::new(Vec::new()),
            last: Cell::new(0),
            tests: Cell::new(MOST_TESTS.0 + MOST_TESTS.1 * pieces.len()),
        }
    }

    /// Calls `f` with the number of each piece that may be within reach of `p`.
    pub(super) fn near(&self, p: Point3, mut f: impl FnMut(u32, &Piece)) {
        let [x, y] = square(p, self.side);
        let mut there = self.there.take();
        if self.around.replace(Some([x, y])) != Some([x, y]) {
            there.clear();
            for dx in -1..=1 {
                for dy in -1..=1 {
                    there.extend(self.cells.of([x.saturating_add(dx), y.saturating_add(dy)]));
                }
            }
            there.sort_unstable();
            there.dedup();
        }
        self.tests.set(self.tests.get().saturating_sub(there.len()));
        for &i in &there {
            f(i, &self.pieces[i as usize]);
        }
        self.there.set(there);
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

/// The square that a point lies in.
fn square(p: Point3, side: f64) -> Square {
    [cell(p.x, side), cell(p.y, side)]
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

#[cfg(test)]
mod tests {
    use super::*;

    /// As [`Cover::distance`], by a look at all pieces for each point.
    fn by_all(pieces: &[Piece], piece: &Piece, tolerance: f64) -> Option<f64> {
        let off = |k| {
            let p = piece.at(f64::from(k) / f64::from(SAMPLES));
            let all = pieces.iter().map(|piece| piece.distance_to(p, tolerance));
            all.fold(f64::INFINITY, f64::min)
        };
        let worst = (0..=SAMPLES).map(off).fold(0.0, f64::max);
        (worst <= tolerance).then_some(worst)
    }

    #[test]
    fn distances_are_those_of_a_look_at_all_pieces() {
        let mut seed = 7_u64;
        let mut random = |n: u64| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            ((seed >> 33) % n) as f64
        };
        let mut found = [0; 2];
        for round in 0..12 {
            // Crowded and not, short and long, straight and round, at two heights.
            let span = [30, 300, 3000][round % 3];
            let mut piece = |long: u64| {
                let (x, y) = (random(span) / 100.0 - 2.0, random(span) / 100.0);
                let z = if random(4) < 1.0 { 1.0 } else { 0.0 };
                let to = (random(long) / 100.0, random(long) / 100.0);
                Piece {
                    from: Point3::new(x, y, z),
                    to: Point3::new(x + to.0, y + to.1, z),
                    bulge: [0.0, 0.0, 0.4, -1.0][random(4) as usize],
                    ..Piece::default()
                }
            };
            let pieces: Vec<Piece> = (0..24)
                .map(|i| piece(if i < 3 { 900 } else { 60 }))
                .collect();
            let tolerance = [0.01, 0.3][round % 2];
            let cover = Cover::new(&pieces, tolerance);
            let parts: Vec<Piece> = pieces.iter().map(|p| p.part(0.25, 0.5)).collect();
            let shifted = parts.iter().map(|p| Piece {
                from: p.from + Point3::new(0.009, 0.0, 0.0),
                to: p.to + Point3::new(0.009, 0.0, 0.0),
                ..*p
            });
            let others = (0..8).map(|_| piece(200));
            for p in parts
                .iter()
                .copied()
                .chain(shifted)
                .chain(others.collect::<Vec<_>>())
            {
                let (a, b) = (
                    cover.distance(&p, tolerance),
                    by_all(&pieces, &p, tolerance),
                );
                assert_eq!(a.is_some(), b.is_some(), "{p:?}");
                // What lies on the last piece is not looked for on others.
                let (a, b) = (a.unwrap_or(0.0), b.unwrap_or(0.0));
                assert!((a - b).abs() <= ROUNDING, "{a} {b} {p:?}");
                found[usize::from(b > ROUNDING)] += 1;
            }
        }
        assert!(found.iter().all(|n| *n > 80), "{found:?}");
    }
}
