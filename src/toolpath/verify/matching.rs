//! Matching of segments one to one.

use super::{Cover, Piece};
use crate::geom::Point3;
use std::collections::BTreeMap;

/// Takes out of both sides what matches one to one; gives the worst distance.
pub(super) fn match_up(a: &mut Vec<Piece>, b: &mut Vec<Piece>, tolerance: f64) -> f64 {
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
