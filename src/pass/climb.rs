//! Heights along a line or an arc: how far they are off an even slope.

use crate::geom::Point;
use std::ops::Range;

/// How a piece turns.
#[derive(Clone, Copy, Debug)]
pub(super) enum Turn {
    /// It is a line.
    None,
    /// It goes round this point.
    Round(Point),
}

/// How far the heights of vertices are from those of a piece over a stretch of them, from
/// its first to its last, mm. Along a line height goes with length, along an arc with angle.
///
/// # Complexity
/// O(vertices of the stretch).
pub(super) fn off_slope(
    points: &[Point],
    heights: &[f64],
    stretch: Range<usize>,
    turn: Turn,
) -> f64 {
    let (first, last) = (stretch.start, stretch.end);
    let along = points[last] - points[first];
    let step = |k: usize| match turn {
        Turn::None => (points[k + 1] - points[k]).dot(along),
        Turn::Round(center) => {
            let (p, q) = (points[k] - center, points[k + 1] - center);
            p.cross(q).atan2(p.dot(q))
        }
    };
    let total: f64 = stretch.clone().map(step).sum();
    let (low, high) = (heights[first], heights[last]);
    let mut so_far = 0.0;
    let mut worst = 0.0_f64;
    for k in stretch {
        so_far += step(k);
        let height = low + (high - low) * so_far / total;
        worst = worst.max((heights[k + 1] - height).abs());
    }
    worst
}
