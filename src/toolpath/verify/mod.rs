//! The check that two toolpaths burn the same: same geometry, same power, feed
//! and mode, as often. It shares nothing with the passes that it checks.
//!
//! Each worked or dark segment of one toolpath is matched to one of the other
//! whose end points (either way round) and middle lie within the tolerance. What
//! is left over on both sides may be the same geometry cut up in another way: it is
//! cut where ends of what is left over lie on it and matched again. What is left over
//! then is accepted when the lengths agree and every point of each side lies within
//! the tolerance of the other side.
//!
//! # What was taken away
//! A toolpath says what an edit took away because another path burns it
//! ([`Toolpath::removed`]). It may be burned less often than before by just that: the
//! check counts it as burned, and asks that each point of it lies as near as the edit
//! said to what *is* burned, by the same operation, with nothing between the two
//! that paths are not moved across. Nothing else may be missing.
//!
//! # Dark moves
//! A toolpath says also which dark moves an edit made and which it left out
//! ([`Toolpath::darks`]). All others must be the same, and those that were made lie
//! where the head went before, travel included.
//!
//! # What was put in the place of other segments
//! A toolpath says which segments an edit put in the place of which
//! ([`Toolpath::replaced`]). Each such pair is checked by itself: the same ends and
//! attributes, as much filament, and neither leaves the other by more than the edit
//! said. The rest is checked as if all had been left in place, and what both come to
//! together is within the tolerance.

mod beside;
mod cells;
mod classes;
mod cover;
mod darks;
mod matching;
mod piece;
mod replaced;

use super::{Removed, Toolpath};
use crate::geom::Point3;
use classes::classes;
use cover::{Cover, agree};
use darks::{darks_on_the_way, with_darks};
use matching::{cut_up, match_up};
use piece::{Piece, split};
use replaced::{replaced_is_near, too_far, with_replaced};
use std::collections::BTreeMap;
use std::fmt;

/// Numbers that were written and read back differ by this share at most.
const SAME_NUMBER: f64 = 1e-5;

/// What two toolpaths burn differently.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Difference {
    /// The other toolpath lacks this segment.
    Missing {
        /// Its start, mm.
        from: Point3,
        /// Its end, mm.
        to: Point3,
        /// Its line in the source of its toolpath, from 0.
        line: u32,
    },
    /// The first toolpath has no such segment.
    Added {
        /// Its start, mm.
        from: Point3,
        /// Its end, mm.
        to: Point3,
        /// Its line in the source of its toolpath, from 0.
        line: u32,
    },
    /// What was put in the place of the segments from here to there in one toolpath is
    /// not as near to them as it must be, or it ends, burns or feeds otherwise.
    Strayed {
        /// Their start, mm.
        from: Point3,
        /// Their end, mm.
        to: Point3,
        /// The line of the first in its source, from 0.
        line: u32,
    },
    /// Dwells differ, s.
    Dwell {
        /// Total of the first toolpath.
        before: f64,
        /// Total of the second.
        after: f64,
    },
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut segment = |what: &str, from: &Point3, to: &Point3, line: u32| {
            write!(
                f,
                "{what}: the segment from X{:.4} Y{:.4} to X{:.4} Y{:.4} (line {})",
                from.x,
                from.y,
                to.x,
                to.y,
                line + 1
            )
        };
        match self {
            Self::Missing { from, to, line } => segment("no longer burned", from, to, *line),
            Self::Added { from, to, line } => segment("burned but not asked for", from, to, *line),
            Self::Strayed { from, to, line } => segment("replaced by another way", from, to, *line),
            Self::Dwell { before, after } => {
                write!(f, "dwells of {before} s became {after} s")
            }
        }
    }
}

/// Checks that `after` burns what `before` does, within `tolerance` mm, with the
/// same dwells at its paths; gives the greatest distance that any matched point
/// has moved, mm. What was taken away counts as moved to what burns there, and what was
/// replaced as moved as far as the edit said.
///
/// Order, direction, start points and operation numbers do not matter.
///
/// # Errors
/// The first [`Difference`] that was found.
///
/// # Complexity
/// O(n log n) in the number of segments of like length.
pub fn verify(before: &Toolpath, after: &Toolpath, tolerance: f64) -> Result<f64, Difference> {
    let dwells = |t: &Toolpath| t.paths().map(|p| p.entry_dwell + p.exit_dwell).sum::<f64>();
    let (a, b) = (dwells(before), dwells(after));
    if (a - b).abs() > SAME_NUMBER * a.max(b).max(1.0) {
        return Err(Difference::Dwell {
            before: a,
            after: b,
        });
    }
    verify_burns(before, after, tolerance)
}

/// As [`verify`], but dwells may belong to other steps: a program that was written
/// anew can be read with a dwell as a step of its own.
///
/// # Errors
/// The first [`Difference`] that was found.
pub fn verify_burns(
    before: &Toolpath,
    after: &Toolpath,
    tolerance: f64,
) -> Result<f64, Difference> {
    let (count, maps) = classes(&[before, after]);
    let [map_a, map_b] = &maps[..] else {
        return Ok(0.0);
    };
    let moved = moved(
        split(before, map_a, count),
        split(after, map_b, count),
        (after, map_b),
        tolerance,
    )?;
    darks_on_the_way(before, after, tolerance)?;
    // Where an operation, and what lies between two fences, is known, it counts.
    let mut burned: BTreeMap<(u32, u32), Vec<Piece>> = after
        .removed
        .iter()
        .map(|r| ((r.region, r.segment.attr), Vec::new()))
        .collect();
    let mut region = 0;
    for step in after.steps() {
        let path = step.as_path();
        region += u32::from(path.is_none_or(|p| p.pinned));
        for (from, s) in path.into_iter().flat_map(|p| after.with_starts(p)) {
            if let Some(pieces) = burned.get_mut(&(region, s.attr)) {
                pieces.push(Piece::of(after, from, s));
            }
        }
    }
    let key = |r: &Removed| (r.region, r.segment.attr);
    let stands_for = removed_is_burned(after, &burned, key, tolerance)?;
    Ok(moved.max(stands_for))
}

/// As [`verify_burns`], for a program that was written from the toolpath `after` and
/// read back as `written`: that does not say what was taken away or replaced, or which dark
/// moves are others, `after` does.
///
/// # Errors
/// The first [`Difference`] that was found.
pub fn verify_written(
    before: &Toolpath,
    after: &Toolpath,
    written: &Toolpath,
    tolerance: f64,
) -> Result<f64, Difference> {
    let (count, maps) = classes(&[before, after, written]);
    let [map_a, map_b, map_w] = &maps[..] else {
        return Ok(0.0);
    };
    let burned = split(written, map_w, count);
    let moved = moved(
        split(before, map_a, count),
        burned.clone(),
        (after, map_b),
        tolerance,
    )?;
    let burned: BTreeMap<usize, Vec<Piece>> = burned.into_iter().enumerate().collect();
    let class = |r: &Removed| map_b[r.segment.attr as usize];
    let stands_for = removed_is_burned(after, &burned, class, tolerance)?;
    Ok(moved.max(stands_for))
}

/// Checks that two sides are the same but for what edits of a toolpath, with the classes
/// of its attributes, say; gives how far a point has moved at most, mm.
fn moved(
    before: Vec<Vec<Piece>>,
    after: Vec<Vec<Piece>>,
    (edited, map): (&Toolpath, &[usize]),
    tolerance: f64,
) -> Result<f64, Difference> {
    let before = with_darks(before, edited, map, true);
    let before = with_replaced(before, edited, map, true);
    let after = with_darks(with_removed(after, edited, map), edited, map, false);
    let after = with_replaced(after, edited, map, false);
    let replaced = replaced_is_near(edited)?;
    let moved = same_burns(before, after, tolerance)? + replaced;
    match too_far(edited) {
        Some(difference) if moved > tolerance => Err(difference),
        _ => Ok(moved),
    }
}

/// The pieces by class, with what was taken away.
fn with_removed(mut sides: Vec<Vec<Piece>>, t: &Toolpath, map: &[usize]) -> Vec<Vec<Piece>> {
    for r in &t.removed {
        sides[map[r.segment.attr as usize]].push(Piece::of(t, r.from, &r.segment));
    }
    sides
}

/// Checks that two sides, class by class, are the same, as often.
fn same_burns(
    all_a: Vec<Vec<Piece>>,
    all_b: Vec<Vec<Piece>>,
    tolerance: f64,
) -> Result<f64, Difference> {
    let mut worst = 0.0_f64;
    for (all_a, all_b) in all_a.iter().zip(&all_b) {
        let (mut a, mut b) = (all_a.clone(), all_b.clone());
        worst = worst.max(match_up(&mut a, &mut b, tolerance));
        if !a.is_empty() && !b.is_empty() {
            // At the ends of both: what lies beside its like is cut where that is.
            let ends: Vec<Point3> = a.iter().chain(&b).flat_map(|p| [p.from, p.to]).collect();
            a = cut_up(&a, &ends, tolerance);
            b = cut_up(&b, &ends, tolerance);
            worst = worst.max(match_up(&mut a, &mut b, tolerance));
        }
        if !a.is_empty() || !b.is_empty() {
            worst = worst.max(agree([&a, all_a], [&b, all_b], tolerance)?);
        }
    }
    Ok(worst)
}

/// Checks that what was taken away from `t` lies near what is burned under its key;
/// gives how far off it is at most, mm.
fn removed_is_burned<K: Ord>(
    t: &Toolpath,
    burned: &BTreeMap<K, Vec<Piece>>,
    key: impl Fn(&Removed) -> K,
    tolerance: f64,
) -> Result<f64, Difference> {
    let within = t.removed.iter().map(|r| r.within).fold(0.0, f64::max);
    let covers: BTreeMap<&K, Cover<'_>> = burned
        .iter()
        .map(|(k, pieces)| (k, Cover::new(pieces, within + tolerance)))
        .collect();
    let mut worst = 0.0_f64;
    for r in &t.removed {
        let piece = Piece::of(t, r.from, &r.segment);
        let cover = covers.get(&key(r));
        let off = cover.and_then(|c| c.distance(&piece, r.within + tolerance));
        worst = worst.max(off.ok_or_else(|| piece.missing())?);
    }
    Ok(worst)
}
