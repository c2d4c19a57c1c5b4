//! The check that two toolpaths burn the same: same geometry, same power, feed
//! and mode, as often. It shares nothing with the passes that it checks.
//!
//! Each worked or dark segment of one toolpath is matched to one of the other
//! whose end points (either way round) and middle lie within the tolerance. What
//! is left over on both sides may be the same geometry cut up in another way: it
//! is accepted when the lengths agree and every point of each side lies within
//! the tolerance of the other side.

use super::{Attributes, Segment, Toolpath};
use crate::geom::{Point, Point3, distance_to, length, midpoint, point_at};
use crate::motion::{Plane, Rate};
use std::collections::BTreeMap;
use std::fmt;

/// Numbers that were written and read back differ by this share at most.
const SAME_NUMBER: f64 = 1e-5;

/// Pairs of segments that are compared at most when they do not match one to one.
const MOST_PAIRS: usize = 4_000_000;

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
            Self::Dwell { before, after } => {
                write!(f, "dwells of {before} s became {after} s")
            }
        }
    }
}

/// Checks that `after` burns what `before` does, within `tolerance` mm, with the
/// same dwells at its paths; gives the greatest distance that any matched point
/// has moved, mm.
///
/// Order, direction, start points and operation numbers do not matter.
///
/// # Errors
/// The first [`Difference`] that was found.
///
/// # Complexity
/// O(n log n) in the number of segments where they match one to one.
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
    let (classes, map_a, map_b) = classes(before, after);
    let mut sides_a = split(before, &map_a, classes);
    let mut sides_b = split(after, &map_b, classes);
    let mut worst = 0.0_f64;
    for (a, b) in sides_a.iter_mut().zip(sides_b.iter_mut()) {
        worst = worst.max(match_up(a, b, tolerance));
    }
    if sides_a.iter().chain(&sides_b).all(Vec::is_empty) {
        return Ok(worst);
    }
    let all_a = split(before, &map_a, classes);
    let all_b = split(after, &map_b, classes);
    let sides = sides_a.iter().zip(&sides_b);
    for ((a, b), (all_a, all_b)) in sides.zip(all_a.iter().zip(&all_b)) {
        worst = worst.max(cover([a, all_a], [b, all_b], tolerance)?);
    }
    Ok(worst)
}

/// One segment with all that matching needs.
#[derive(Clone, Copy, Debug)]
struct Piece {
    from: Point3,
    to: Point3,
    bulge: f64,
    /// The plane of an arc; XY for lines.
    plane: Plane,
    line: u32,
}

impl Piece {
    /// A place as it lies in the piece's plane, and its height over that.
    fn flat(&self, p: Point3) -> (Point, f64) {
        let ([i, j, k], p) = (self.plane.axes(), p.to_array());
        (Point::new(p[i], p[j]), p[k])
    }

    fn at(&self, t: f64) -> Point3 {
        let ((a, low), (b, high)) = (self.flat(self.from), self.flat(self.to));
        let q = point_at(a, b, self.bulge, t);
        let ([i, j, k], mut p) = (self.plane.axes(), [0.0; 3]);
        (p[i], p[j], p[k]) = (q.x, q.y, low + (high - low) * t);
        p.into()
    }

    fn middle(&self) -> Point3 {
        let ((a, low), (b, high)) = (self.flat(self.from), self.flat(self.to));
        let m = midpoint(a, b, self.bulge);
        let ([i, j, k], mut p) = (self.plane.axes(), [0.0; 3]);
        (p[i], p[j], p[k]) = (m.x, m.y, (low + high) / 2.0);
        p.into()
    }

    fn length(&self) -> f64 {
        let ((a, low), (b, high)) = (self.flat(self.from), self.flat(self.to));
        length(a, b, self.bulge).hypot(high - low)
    }

    /// How far `p` is from it; infinite where its height is another.
    fn distance_to(&self, p: Point3, tolerance: f64) -> f64 {
        let ((a, low), (b, high)) = (self.flat(self.from), self.flat(self.to));
        let (q, height) = self.flat(p);
        if height < low.min(high) - tolerance || height > low.max(high) + tolerance {
            return f64::INFINITY;
        }
        distance_to(a, b, self.bulge, q)
    }

    /// How far `other` is off, whichever way round.
    fn distance(&self, other: &Self) -> f64 {
        let ends = |a: Point3, b: Point3| self.from.distance(a).max(self.to.distance(b));
        self.middle()
            .distance(other.middle())
            .max(ends(other.from, other.to).min(ends(other.to, other.from)))
    }
}

/// Numbers the attributes of both toolpaths such that equal ones (but for the
/// rounding of written numbers and the operation) share a class.
fn classes(a: &Toolpath, b: &Toolpath) -> (usize, Vec<usize>, Vec<usize>) {
    let mut count = 0;
    let mut known: BTreeMap<(i64, i64), Vec<(Attributes, usize)>> = BTreeMap::new();
    let mut number = |t: &Toolpath| -> Vec<usize> {
        let list = t.attributes.as_slice();
        list.iter()
            .map(|x| {
                let (r, p) = (bucket(rate_of(x)), bucket(x.power));
                let near = (-1..=1).flat_map(|i| {
                    (-1..=1).map(move |j| (r.saturating_add(i), p.saturating_add(j)))
                });
                let found = near
                    .filter_map(|key| known.get(&key))
                    .flatten()
                    .find(|(k, _)| same(k, x));
                if let Some(&(_, class)) = found {
                    return class;
                }
                known.entry((r, p)).or_default().push((*x, count));
                count += 1;
                count - 1
            })
            .collect()
    };
    let (map_a, map_b) = (number(a), number(b));
    (count, map_a, map_b)
}

const fn rate_of(a: &Attributes) -> f64 {
    match a.rate {
        Rate::Rapid => 0.0,
        Rate::Feed(v) | Rate::Inverse(v) => v,
    }
}

/// Numbers that count as the same are in one bucket or in two neighbours.
fn bucket(v: f64) -> i64 {
    if v > 0.0 {
        (v.ln() / (2.0 * SAME_NUMBER)).floor() as i64
    } else {
        i64::MIN
    }
}

fn same(a: &Attributes, b: &Attributes) -> bool {
    let near = |x: f64, y: f64| (x - y).abs() <= SAME_NUMBER * x.abs().max(y.abs());
    let rate = match (a.rate, b.rate) {
        (Rate::Feed(x), Rate::Feed(y)) | (Rate::Inverse(x), Rate::Inverse(y)) => near(x, y),
        (x, y) => x == y,
    };
    rate && near(a.power, b.power) && (a.spindle, a.flood, a.role) == (b.spindle, b.flood, b.role)
}

fn split(t: &Toolpath, map: &[usize], classes: usize) -> Vec<Vec<Piece>> {
    let mut out = vec![Vec::new(); classes];
    for path in t.paths() {
        for (from, s) in t.with_starts(path) {
            let Segment {
                end,
                bulge,
                attr,
                line,
                ..
            } = *s;
            let plane = if bulge == 0.0 {
                Plane::Xy
            } else {
                t.attributes.get(attr).plane
            };
            out[map[attr as usize]].push(Piece {
                from,
                to: end,
                bulge,
                plane,
                line,
            });
        }
    }
    out
}

/// Takes out of both sides what matches one to one; gives the worst distance.
fn match_up(a: &mut Vec<Piece>, b: &mut Vec<Piece>, tolerance: f64) -> f64 {
    let size = 4.0 * tolerance;
    // Saturates for coordinates beyond any machine; the distance still decides.
    let cell = |p: Point3| ((p.x / size).floor() as i64, (p.y / size).floor() as i64);
    let mut cells: BTreeMap<(i64, i64), Vec<u32>> = BTreeMap::new();
    for (i, piece) in b.iter().enumerate() {
        cells
            .entry(cell(piece.middle()))
            .or_default()
            .push(i as u32);
    }
    let mut matched = vec![false; b.len()];
    let mut worst = 0.0_f64;
    a.retain(|piece| {
        let (cx, cy) = cell(piece.middle());
        let mut best: Option<(f64, (i64, i64), usize)> = None;
        for key in (-1..=1)
            .flat_map(|dx| (-1..=1).map(move |dy| (cx.saturating_add(dx), cy.saturating_add(dy))))
        {
            let Some(list) = cells.get(&key) else {
                continue;
            };
            for (at, &i) in list.iter().enumerate() {
                let d = piece.distance(&b[i as usize]);
                if d <= tolerance && best.is_none_or(|(least, ..)| d < least) {
                    best = Some((d, key, at));
                    if d == 0.0 {
                        break;
                    }
                }
            }
        }
        let Some((d, key, at)) = best else {
            return true;
        };
        worst = worst.max(d);
        if let Some(list) = cells.get_mut(&key) {
            matched[list.swap_remove(at) as usize] = true;
        }
        false
    });
    let mut i = 0;
    b.retain(|_| {
        i += 1;
        !matched[i - 1]
    });
    worst
}

/// Checks that two sets of segments cover each other; gives the worst distance.
///
/// Each comes with all that there are on its side: what is shorter than the
/// tolerance may have been cut into another number of pieces, all of which lie at
/// the place of one that was matched.
fn cover(
    [a, all_a]: [&[Piece]; 2],
    [b, all_b]: [&[Piece]; 2],
    tolerance: f64,
) -> Result<f64, Difference> {
    let missing = |p: &Piece| Difference::Missing {
        from: p.from,
        to: p.to,
        line: p.line,
    };
    let added = |p: &Piece| Difference::Added {
        from: p.from,
        to: p.to,
        line: p.line,
    };
    // Two sides that differ in so much are not one geometry cut up in two ways.
    if a.len().saturating_mul(b.len()) > MOST_PAIRS {
        return Err(missing(&a[0]));
    }
    let mut pairs = 0;
    let mut of = |p: &Piece, left: &[Piece], all: &[Piece]| {
        covered(p, left, tolerance).or_else(|| {
            let crumb = (f64::MIN_POSITIVE..=tolerance).contains(&p.length());
            pairs += all.len();
            let crumb = crumb && pairs <= MOST_PAIRS;
            crumb.then(|| covered(p, all, tolerance)).flatten()
        })
    };
    let mut worst = 0.0_f64;
    for p in a {
        worst = worst.max(of(p, b, all_b).ok_or_else(|| missing(p))?);
    }
    for p in b {
        worst = worst.max(of(p, a, all_a).ok_or_else(|| added(p))?);
    }
    let total = |s: &[Piece]| s.iter().map(Piece::length).sum::<f64>();
    let slack = tolerance * (a.len() + b.len()) as f64;
    match (a.first(), b.first()) {
        (Some(p), _) if total(a) > total(b) + slack => Err(missing(p)),
        (_, Some(p)) if total(b) > total(a) + slack => Err(added(p)),
        _ => Ok(worst),
    }
}

/// How far the farthest of a segment's sampled points is from `others`; `None`
/// when it is farther than the tolerance.
fn covered(piece: &Piece, others: &[Piece], tolerance: f64) -> Option<f64> {
    // A sample each tolerance would be exact; 64 find any piece that is missing
    // and is longer than a sixty-fourth of the segment, and the totals the rest.
    let mut worst = 0.0_f64;
    for k in 0..=64 {
        let t = f64::from(k) / 64.0;
        let p = piece.at(t);
        let near = others
            .iter()
            .map(|o| o.distance_to(p, tolerance))
            .fold(f64::INFINITY, f64::min);
        if near > tolerance {
            return None;
        }
        worst = worst.max(near);
    }
    Some(worst)
}
