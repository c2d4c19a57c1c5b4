//! Where a piece crosses another one.

use super::Piece;
use crate::geom::{Point, arc_center, midpoint, sweep};

/// The share of a piece's length at which it is nearest to `p`, or beyond its ends.
pub(super) fn share(piece: &Piece, p: Point) -> f64 {
    match arc_center(piece.from, piece.to, piece.bulge) {
        None => {
            let d = piece.to - piece.from;
            (p - piece.from).dot(d) / d.dot(d).max(f64::MIN_POSITIVE)
        }
        Some(center) => {
            let m = midpoint(piece.from, piece.to, piece.bulge) - center;
            let q = p - center;
            0.5 + m.cross(q).atan2(m.dot(q)) / sweep(piece.bulge)
        }
    }
}

/// The shares of both pieces at which they cross: at most two pairs. Those that lie
/// along each other do not.
pub(super) fn crossings(a: &Piece, b: &Piece) -> Vec<(f64, f64)> {
    let circle = |p: &Piece| {
        let center = arc_center(p.from, p.to, p.bulge)?;
        Some((center, p.from.distance(center)))
    };
    let points = match (circle(a), circle(b)) {
        (None, None) => {
            let (d, e) = (a.to - a.from, b.to - b.from);
            let across = d.cross(e);
            let t = (b.from - a.from).cross(e) / across;
            if t.is_finite() {
                vec![a.from + d * t]
            } else {
                Vec::new()
            }
        }
        (None, Some(round)) => on_line(a, round),
        (Some(round), None) => on_line(b, round),
        (Some(one), Some(other)) => of_circles(one, other),
    };
    let inside = |t: &f64| (0.0..=1.0).contains(t);
    points
        .into_iter()
        .map(|p| (share(a, p), share(b, p)))
        .filter(|(t, u)| inside(t) && inside(u))
        .collect()
}

/// Where a line meets a circle.
fn on_line(line: &Piece, (center, radius): (Point, f64)) -> Vec<Point> {
    let d = line.to - line.from;
    let foot = line.from + d * share(line, center);
    let off = foot.distance(center);
    let half = (radius - off) * (radius + off);
    if half < 0.0 || d.norm() == 0.0 {
        return Vec::new();
    }
    let along = d * (half.sqrt() / d.norm());
    vec![foot - along, foot + along]
}

/// Where two circles meet.
fn of_circles((c, r): (Point, f64), (d, s): (Point, f64)) -> Vec<Point> {
    let apart = c.distance(d);
    // How far the line through both points is from the first centre.
    let x = (apart * apart + (r - s) * (r + s)) / (2.0 * apart);
    let half = (r - x) * (r + x);
    if !half.is_finite() || half < 0.0 {
        return Vec::new();
    }
    let to = (d - c) * (1.0 / apart);
    let (foot, along) = (c + to * x, to.perp() * half.sqrt());
    vec![foot - along, foot + along]
}
