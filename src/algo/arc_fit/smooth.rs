//! Arcs that meet as smoothly as their freedom lets them.
//!
//! The directions of two pieces where they meet differ by the turn of their chords
//! less both halves. The sum of the squares of those differences is made small, one
//! half after another within its interval: the best for one is the mean of what
//! each neighbour would like.

use super::span::{Course, Span};
use crate::geom::Point;

/// How often all halves are gone through. Changes die out with the distance, by
/// half from one piece to the next.
const ROUNDS: usize = 8;

/// Chooses the halves of pieces that follow each other from vertex `from`.
pub(super) fn smooth(course: &Course<'_>, from: usize, spans: &mut [Span]) {
    if spans.iter().filter(|s| s.halves.0 < s.halves.1).count() == 0 || spans.len() < 2 {
        return;
    }
    let starts: Vec<usize> = std::iter::once(from)
        .chain(spans.iter().map(|s| s.piece.last))
        .collect();
    let chord = |k: usize| course.points[starts[k + 1]] - course.points[starts[k]];
    let turn = |a: Point, b: Point| a.cross(b).atan2(a.dot(b));
    let turns: Vec<f64> = (1..spans.len())
        .map(|k| turn(chord(k - 1), chord(k)))
        .collect();
    let mut halves: Vec<f64> = spans.iter().map(|s| s.piece.sweep / 2.0).collect();
    for _ in 0..ROUNDS {
        for k in 0..spans.len() {
            let (low, high) = spans[k].halves;
            let left = (k > 0).then(|| turns[k - 1] - halves[k - 1]);
            let right = turns.get(k).map(|t| t - halves[k + 1]);
            let wish = match (left, right) {
                (Some(a), Some(b)) => f64::midpoint(a, b),
                (Some(v), None) | (None, Some(v)) => v,
                (None, None) => continue,
            };
            if low < high {
                halves[k] = wish.clamp(low, high);
            }
        }
    }
    for (k, span) in spans.iter_mut().enumerate() {
        if span.halves.0 < span.halves.1
            && let Some(deviation) = course.arc_off(starts[k], starts[k + 1], halves[k])
        {
            span.piece.sweep = 2.0 * halves[k];
            span.piece.deviation = deviation;
        }
    }
}
