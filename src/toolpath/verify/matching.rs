//! Matching of segments one to one.

use super::cells::{Cells, Cube, cell};
use super::{Cover, Piece};
use crate::geom::Point3;

/// Takes out of both sides what matches one to one; gives the worst distance.
///
/// # Complexity
/// O(n) where few lie in one place at one height.
pub(super) fn match_up(a: &mut Vec<Piece>, b: &mut Vec<Piece>, tolerance: f64) -> f64 {
    let size = 4.0 * tolerance;
    let middles: Vec<Point3> = b.iter().map(Piece::middle).collect();
    let cubes = middles.iter().map(|m| m.to_array().map(|v| cell(v, size)));
    let mut cells = Cells::new(cubes.zip(0..));
    let mut matched = vec![false; b.len()];
    let mut worst = 0.0_f64;
    a.retain(|piece| {
        let middle = piece.middle();
        let mut best: Option<(f64, Cube, u32)> = None;
        for cube in around(middle, size) {
            for i in cells.of(cube) {
                let there = middles[i as usize].distance(middle);
                if there > tolerance {
                    continue;
                }
                let d = piece.ends_off(&b[i as usize]).max(there);
                if d <= tolerance && best.is_none_or(|(least, ..)| d < least) {
                    best = Some((d, cube, i));
                    if d == 0.0 {
                        break;
                    }
                }
            }
        }
        let Some((d, cube, i)) = best else {
            return true;
        };
        worst = worst.max(d);
        cells.take(cube, i);
        matched[i as usize] = true;
        false
    });
    let mut i = 0;
    b.retain(|_| {
        i += 1;
        !matched[i - 1]
    });
    worst
}

/// The cubes of edge `size` within a quarter of it of a place.
fn around(p: Point3, size: f64) -> impl Iterator<Item = Cube> {
    let [x, y, z] = p.to_array().map(|v| {
        let near = NEAR * size;
        cell(v - near, size)..=cell(v + near, size)
    });
    x.flat_map(move |x| {
        let z = z.clone();
        y.clone()
            .flat_map(move |y| z.clone().map(move |z| [x, y, z]))
    })
}

/// A quarter, and what rounding may add.
const NEAR: f64 = 0.26;

/// Where more pieces than so many lie at each end on average, none is cut: what then
/// matches nothing is compared as a whole.
const MOST_AT_AN_END: usize = 16;

/// The pieces of `side`, cut where one of `ends` lies on them.
///
/// # Complexity
/// O(n log n); ends are looked up until the work for all of them is used up.
pub(super) fn cut_up(side: &[Piece], ends: &[Point3], tolerance: f64) -> Vec<Piece> {
    let cover = Cover::new(side, tolerance);
    let mut marks: Vec<(u32, f64)> = Vec::new();
    let mut work = MOST_AT_AN_END * (side.len() + ends.len());
    for &end in ends {
        if work == 0 {
            return side.to_vec();
        }
        cover.near(end, |i, piece| {
            work = work.saturating_sub(1);
            let t = piece.foot(end);
            let apart = |p: Point3| p.distance(end) > tolerance;
            if piece.at(t).distance(end) <= tolerance && apart(piece.from) && apart(piece.to) {
                marks.push((i, t));
            }
        });
    }
    marks.sort_unstable_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
    let mut marks = marks.into_iter().peekable();
    let mut out = Vec::with_capacity(side.len());
    for (i, piece) in side.iter().enumerate() {
        let (mut at, length) = (0.0, piece.length());
        while let Some((_, t)) = marks.next_if(|m| m.0 == i as u32) {
            // Ends that lie together are one cut.
            if (t - at) * length > tolerance {
                out.push(piece.part(at, t));
                at = t;
            }
        }
        out.push(if at > 0.0 {
            piece.part(at, 1.0)
        } else {
            *piece
        });
    }
    out
}
