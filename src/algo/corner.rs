//! Where a polyline has corners: places that a fit must not round off.
//!
//! The turn at one vertex says little where points lie as near as the noise in
//! them. So it is measured over a *scale*: between the directions from and to the
//! nearest vertices that are at least so far away. Of the vertices that see one
//! corner within that scale only the sharpest is it.

use crate::geom::Point;

/// Vertices looked at on each side for one that is far enough away.
const MOST_STEPS: usize = 16;

/// The vertices at which the polyline turns by more than `angle` (rad, up to π),
/// measured over `scale` mm on each side, and both ends of chords of no length; in
/// order, without the ends of the polyline.
///
/// # Complexity
/// O(n).
#[must_use]
pub fn corners(points: &[Point], scale: f64, angle: f64) -> Vec<usize> {
    let bound = angle.cos();
    // (vertex, cosine of its turn)
    let mut sharp: Vec<(usize, f64)> = Vec::new();
    let last = points.len().saturating_sub(1);
    for v in 1..last {
        let at = points[v];
        if points[v - 1] == at || points[v + 1] == at {
            sharp.push((v, f64::NEG_INFINITY));
            continue;
        }
        let far = |k: &usize| points[*k].distance(at) >= scale;
        let (low, high) = (v.saturating_sub(MOST_STEPS), v + MOST_STEPS);
        let back = (low..v).rev().find(far).or((low > 0).then_some(low));
        let ahead = (v + 1..=high.min(last)).find(far);
        let ahead = ahead.or((high < last).then_some(high));
        let (Some(back), Some(ahead)) = (back, ahead) else {
            // So near to an end that it cannot be told.
            continue;
        };
        let (a, b) = (at - points[back], points[ahead] - at);
        let cos = a.dot(b) / (a.norm() * b.norm());
        // Not a number where a polyline comes back to the vertex: as sharp as can be.
        if cos.is_nan() || cos < bound {
            sharp.push((v, if cos.is_nan() { -1.0 } else { cos }));
        }
    }
    let same = |i: usize, k: usize| {
        let (a, b): ((usize, f64), (usize, f64)) = (sharp[i], sharp[k]);
        b.0 - a.0 <= MOST_STEPS && points[a.0].distance(points[b.0]) < scale
    };
    let is_sharpest = |i: usize| {
        let cos = sharp[i].1;
        let mut before = (0..i).rev().take_while(|k| same(*k, i));
        let mut after = (i + 1..sharp.len()).take_while(|k| same(i, *k));
        cos.is_infinite() || before.all(|k| sharp[k].1 > cos) && after.all(|k| sharp[k].1 >= cos)
    };
    (0..sharp.len())
        .filter(|i| is_sharpest(*i))
        .map(|i| sharp[i].0)
        .collect()
}

/// How far a polyline turns at each vertex, rad, counter-clockwise above 0; 0 at
/// its ends.
///
/// # Complexity
/// O(n).
#[must_use]
pub fn turns(points: &[Point]) -> Vec<f64> {
    let mut out = vec![0.0; points.len()];
    for (v, w) in points.windows(3).enumerate() {
        let (a, b) = (w[1] - w[0], w[2] - w[1]);
        out[v + 1] = a.cross(b).atan2(a.dot(b));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn p(x: f64, y: f64) -> Point {
        Point::new(x, y)
    }

    #[test]
    fn a_square_has_its_corners_and_a_circle_none() {
        let square: Vec<Point> = (0..40)
            .map(|i| match (i / 10, f64::from(i % 10)) {
                (0, t) => p(t, 0.0),
                (1, t) => p(10.0, t),
                (2, t) => p(10.0 - t, 10.0),
                (_, t) => p(0.0, 10.0 - t),
            })
            .collect();
        assert_eq!(corners(&square, 0.02, 0.7), [10, 20, 30]);
        // Sampled as finely as the scale, each corner is still one.
        assert_eq!(corners(&square, 3.0, 0.7), [10, 20, 30]);
        let round: Vec<Point> = (0..60)
            .map(|i| (f64::from(i) * 0.1).sin_cos())
            .map(|(s, c)| p(c, s))
            .collect();
        assert!(corners(&round, 0.02, 0.7).is_empty());
    }

    #[test]
    fn steps_below_the_scale_are_no_corners() {
        let stairs: Vec<Point> = (0..100)
            .map(|i| p(f64::from(i / 2) * 0.01, f64::from((i + 1) / 2) * 0.01))
            .collect();
        assert!(corners(&stairs, 0.1, 0.7).is_empty());
        assert_eq!(corners(&stairs, 0.005, 0.7).len(), 98);
    }

    #[test]
    fn repeated_points_are_breaks() {
        let line = [p(0.0, 0.0), p(1.0, 0.0), p(1.0, 0.0), p(2.0, 0.0)];
        assert_eq!(corners(&line, 0.1, 0.7), [1, 2]);
        assert!(corners(&line[..2], 0.1, 0.7).is_empty());
        assert!(turns(&[]).is_empty());
    }
}
