//! The contour with an allowance: each piece beside where it was, towards where the
//! cycle starts.
//!
//! Where two pieces part, an arc about their corner joins them; where they cross,
//! both end there, and a piece of which nothing is left goes.

use super::{Piece, Round};
use crate::geom::Point;

/// Ends that part by no more than this are joined without an arc, mm.
const PART: f64 = 1e-2;
/// Ends no further apart than this are of pieces that touch: where those cross would
/// be chance, mm.
const TOUCH: f64 = 1e-3;

/// The same entry and the contour `allowance` mm beside where it was.
pub(super) fn offset(pieces: &[Piece], allowance: f64) -> Vec<Piece> {
    let (Some(entry), Some(last)) = (pieces.first(), pieces.last()) else {
        return Vec::new();
    };
    let inward = (last.from - entry.from).cross(entry.to - entry.from) < 0.0;
    let by = if inward { -allowance } else { allowance };
    let mut path: Vec<Piece> = vec![*entry];
    for piece in &pieces[1..] {
        let corner = piece.from;
        let mut next = beside(piece, by);
        while path.len() > 1 {
            let Some(before) = path.last_mut() else { break };
            let gap = before.to - next.from;
            if gap.x > PART {
                let join = Piece {
                    from: before.to,
                    to: next.from,
                    round: Some(Round {
                        center: corner,
                        ccw: by > 0.0,
                    }),
                };
                path.push(join);
                break;
            }
            let cross = crossing(before, &next);
            (before.to, next.from) = (cross, cross);
            if before.to.x <= before.from.x + super::BACK {
                break;
            }
            let _ = path.pop();
        }
        path.push(next);
    }
    path[0].to = path.get(1).map_or(entry.to, |p| p.from);
    path
}

/// A piece moved to the right of its way.
fn beside(p: &Piece, by: f64) -> Piece {
    match p.round {
        None => {
            let way = p.to - p.from;
            let length = way.norm();
            if length <= 0.0 {
                return *p;
            }
            let aside = way.perp() * (-by / length);
            Piece {
                from: p.from + aside,
                to: p.to + aside,
                round: None,
            }
        }
        Some(Round { center, ccw }) => {
            let radius = p.from.distance(center);
            let grown = (radius + if ccw { by } else { -by }) / radius;
            let moved = |q: Point| center + (q - center) * grown;
            Piece {
                from: moved(p.from),
                to: moved(p.to),
                round: p.round,
            }
        }
    }
}

/// Where two pieces cross, or touch best, near their common corner.
fn crossing(a: &Piece, b: &Piece) -> Point {
    let middle = a.to.lerp(b.from, 0.5);
    if a.to.distance(b.from) <= TOUCH {
        return middle;
    }
    let both = match (a.round, b.round) {
        (None, None) => return of_lines(a, b).unwrap_or(middle),
        (None, Some(r)) => of_line_and_circle(a, r.center, r.center.distance(b.from)),
        (Some(r), None) => of_line_and_circle(b, r.center, r.center.distance(a.to)),
        (Some(r), Some(s)) => of_circles(
            (r.center, r.center.distance(a.to)),
            (s.center, s.center.distance(b.from)),
        ),
    };
    let Some([p, q]) = both else { return middle };
    // An arc never passes its sides.
    let held = |q: Point| {
        [a, b]
            .iter()
            .all(|piece| piece.round.is_none_or(|r| r.holds(q)))
    };
    let first = p.distance(middle) <= q.distance(middle);
    match (held(p), held(q)) {
        (true, false) => p,
        (false, true) => q,
        _ if first => p,
        _ => q,
    }
}

fn of_lines(a: &Piece, b: &Piece) -> Option<Point> {
    let (u, v) = (a.to - a.from, b.to - b.from);
    let area = u.cross(v);
    let share = (b.from - a.from).cross(v) / area;
    share.is_finite().then(|| a.from + u * share)
}

fn of_line_and_circle(line: &Piece, center: Point, radius: f64) -> Option<[Point; 2]> {
    let way = line.to - line.from;
    let length = way.norm();
    if length <= 0.0 {
        return None;
    }
    let unit = way * (1.0 / length);
    let foot = line.from + unit * (center - line.from).dot(unit);
    let half = (radius * radius - foot.distance(center).powi(2))
        .max(0.0)
        .sqrt();
    Some([foot + unit * half, foot + unit * -half])
}

fn of_circles((a, ra): (Point, f64), (b, rb): (Point, f64)) -> Option<[Point; 2]> {
    let apart = a.distance(b);
    if apart <= super::SAME {
        return None;
    }
    let unit = (b - a) * (1.0 / apart);
    let along = (apart * apart + ra * ra - rb * rb) / (2.0 * apart);
    let half = (ra * ra - along * along).max(0.0).sqrt();
    let foot = a + unit * along;
    Some([foot + unit.perp() * half, foot + unit.perp() * -half])
}
