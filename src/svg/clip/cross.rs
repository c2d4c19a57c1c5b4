//! Where two segments meet.

use super::seg::Seg;
use crate::geom::Point;

/// Calls `found` with the fractions of `a` and of `b` at which they meet: where
/// they cross, where they touch, and where an end of one lies on the other, all
/// within `slack` mm. Segments that run along each other meet at the ends of what
/// they share.
///
/// Closed forms: a line put into the equation of a circle; for two arcs, the line
/// on which both equations agree (the radical axis) put into one of them.
pub(super) fn meetings(a: &Seg, b: &Seg, slack: f64, mut found: impl FnMut(f64, f64)) {
    let (room_a, room_b) = (slack / a.length(), slack / b.length());
    let mut offer = |p: Point| {
        if !(a.off(p) <= slack && b.off(p) <= slack) {
            return;
        }
        let (s, t) = (a.fraction(p), b.fraction(p));
        if (-room_a..=1.0 + room_a).contains(&s) && (-room_b..=1.0 + room_b).contains(&t) {
            found(s.clamp(0.0, 1.0), t.clamp(0.0, 1.0));
        }
    };
    for end in [a.from, a.to, b.from, b.to] {
        offer(end);
    }
    if a.bulge == 0.0 {
        on_line(a.from, a.to - a.from, b, offer);
    } else if b.bulge == 0.0 {
        on_line(b.from, b.to - b.from, a, offer);
    } else {
        let (b1, g1) = a.equation();
        // The other equation, moved to the start of `a`.
        let (b2, g2) = b.equation();
        let w = a.from - b.from;
        let (g2, k2) = (g2 + w * (2.0 * b2), b.equation_at(a.from));
        let axis = g1 * b2 - g2 * b1;
        let square = axis.dot(axis);
        if square > 0.0 {
            let foot = a.from + axis * (b1 * k2 / square);
            on_line(foot, axis.perp() * (1.0 / square.sqrt()), a, offer);
        }
    }
}

/// Offers the points of the line `from + t · way` on the circle or line of `seg`;
/// where it only comes close, the nearest.
fn on_line(from: Point, way: Point, seg: &Seg, mut offer: impl FnMut(Point)) {
    let (b, g) = seg.equation();
    let q = from - seg.from;
    let two = b * way.dot(way);
    let one = 2.0 * b * q.dot(way) + g.dot(way);
    let zero = seg.equation_at(from);
    let root = one * one - 4.0 * two * zero;
    if root < 0.0 {
        offer(from + way * (-one / (2.0 * two)));
        return;
    }
    // Without the difference of two numbers that are nearly the same.
    let half = -0.5 * (one + root.sqrt().copysign(one));
    for t in [half / two, zero / half] {
        if t.is_finite() {
            offer(from + way * t);
        }
    }
}
