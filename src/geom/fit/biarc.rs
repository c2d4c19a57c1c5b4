//! One candidate for a stretch of a curve, and its measured deviation.

use super::curve::Curve;
use crate::geom::{Point, arc_center};

/// Samples per stretch. A G1 biarc's error has one or two humps an arc, so that a
/// dozen samples an arc and a parabola find each peak to better than 1 %.
const SAMPLES: usize = 24;

/// The share of the tolerance that measured peaks may use; the rest covers what
/// the parabola misses.
pub(super) const USABLE: f64 = 0.98;

/// The biarc that leaves `p0` along the unit vector `d0` and reaches `p1` along
/// `d1`: the joint and the two bulges. `None` where an arc would pass a half turn.
pub(super) fn biarc(p0: Point, d0: Point, p1: Point, d1: Point) -> Option<(Point, f64, f64)> {
    let v = p1 - p0;
    // 2 (1 - d0·d1) k² + 2 v·(d0 + d1) k - v·v = 0, the positive root.
    let (a, b, c) = (2.0 * (1.0 - d0.dot(d1)), v.dot(d0 + d1), v.dot(v));
    let root = b + (b * b + a * c).sqrt();
    if root <= 0.0 || c <= 0.0 {
        return None;
    }
    let k = c / root;
    let joint = (p0 + p1 + (d0 - d1) * k) * 0.5;
    let first = half_turn_bulge(d0, joint - p0)?;
    let second = half_turn_bulge(p1 - joint, d1)?;
    Some((joint, first, second))
}

/// Greatest distance between the curve from `t0` to `t1` and the chain of
/// `(end, bulge)` from the curve's point at `t0`, in mm; infinite where the curve
/// does not run along the chain in order.
pub(super) fn deviation(curve: &impl Curve, t0: f64, t1: f64, chain: &[(Point, f64)]) -> f64 {
    let mut start = curve.point(t0);
    let mut before = start;
    let mut i = 0;
    let mut worst: f64 = 0.0;
    let mut last = [0.0_f64; 2];
    for (nr, &(end, bulge)) in chain.iter().enumerate() {
        let center = arc_center(start, end, bulge);
        let leave = end_direction(start, end, bulge);
        let is_last = nr + 1 == chain.len();
        loop {
            i += 1;
            if i >= SAMPLES {
                break;
            }
            let p = curve.point(t0 + (t1 - t0) * i as f64 / SAMPLES as f64);
            if !is_last && (p - end).dot(leave) > 0.0 {
                i -= 1;
                break;
            }
            let (off, forward) = match center {
                Some(c) => {
                    let (q, r) = (p - c, start.distance(c));
                    let turn = (before - c).cross(q) * bulge;
                    // Signed, so that a change of side is seen as a slope.
                    (q.norm() - r, turn >= 0.0)
                }
                None => {
                    let along = (end - start) * (1.0 / start.distance(end));
                    (along.cross(p - start), (p - before).dot(along) >= 0.0)
                }
            };
            if !forward {
                return f64::INFINITY;
            }
            worst = worst.max(off.abs()).max(peak(last[0], last[1], off));
            last = [last[1], off];
            before = p;
        }
        worst = worst.max(peak(last[0], last[1], 0.0));
        start = end;
    }
    worst
}

/// Greatest distance between the curve from `t0` to `t1` and its chord, in mm, as
/// both are run through together: where the curve turns back along the chord, half
/// of the way back counts (the Fréchet distance).
pub(super) fn chord_deviation(curve: &impl Curve, t0: f64, t1: f64) -> f64 {
    let (a, b) = (curve.point(t0), curve.point(t1));
    let length = a.distance(b);
    let along = (b - a) * if length > 0.0 { 1.0 / length } else { 0.0 };
    let mut worst: f64 = 0.0;
    let mut farthest: f64 = 0.0;
    let (mut l0, mut l1) = (0.0, 0.0);
    for i in 1..=SAMPLES {
        let p = curve.point(t0 + (t1 - t0) * i as f64 / SAMPLES as f64);
        let off = crate::geom::distance_to(a, b, 0.0, p);
        let reached = along.dot(p - a);
        farthest = farthest.max(reached);
        let back = 0.5 * (farthest - reached);
        worst = worst.max(off).max(peak(l0, l1, off)).max(back);
        (l0, l1) = (l1, off);
    }
    worst
}

/// The arc through three points as a bulge; `None` past a half turn.
pub(super) fn arc_through(a: Point, m: Point, b: Point) -> Option<f64> {
    half_turn_bulge(m - a, b - m)
}

/// Top of the parabola through three samples a step apart, where it lies between
/// them; 0 where it does not.
fn peak(a: f64, b: f64, c: f64) -> f64 {
    let (slope, bend) = (0.5 * (c - a), a - 2.0 * b + c);
    if slope.abs() < bend.abs() {
        (b - slope * slope / (2.0 * bend)).abs()
    } else {
        0.0
    }
}

/// tan of half the angle from `from` to `to`; `None` beyond a quarter turn.
fn half_turn_bulge(from: Point, to: Point) -> Option<f64> {
    let dot = from.dot(to);
    let length = from.norm() * to.norm();
    (dot >= 0.0 && length > 0.0).then(|| from.cross(to) / (length + dot))
}

fn end_direction(start: Point, end: Point, bulge: f64) -> Point {
    // The chord turned by half the sweep, at the length of the chord.
    let c = end - start;
    c * (1.0 - bulge * bulge) + c.perp() * (2.0 * bulge)
}
