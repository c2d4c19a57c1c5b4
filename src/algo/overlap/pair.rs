//! Whether and where two pieces lie along each other.

use super::Piece;
use crate::geom::{Point, arc_center, midpoint, point_at, sweep};
use std::f64::consts::TAU;

/// The sine of the greatest angle between pieces along each other. It matters for
/// pieces that are hardly longer than the distance; for others that itself asks for
/// less.
pub(super) const GREATEST_SINE: f64 = 0.25;
/// Pieces of two strokes overlap when more than this many distances of them do, or
/// half of the shorter one: ends that touch do not.
const LEAST: f64 = 2.0;
/// As many for pieces of one stroke: neighbours in fine curves do not.
const LEAST_WITHIN: f64 = 4.0;

/// Two pieces that lie along each other, `a` before `b`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Overlap {
    /// The pieces, by number.
    pub pieces: [u32; 2],
    /// On each piece, the part that faces the other one, as shares of its length:
    /// the first number on one belongs to the first on the other. Those of the
    /// second piece fall where the directions differ.
    pub core: [[f64; 2]; 2],
    /// On each piece, the part that lies within the distance of the other one: the
    /// core and what reaches past an end by no more than the distance.
    pub reach: [[f64; 2]; 2],
    /// How far the two are from each other in the core, at most, mm.
    pub apart_mm: f64,
}

impl Overlap {
    /// How far a part of the piece `own`, `length` mm long, is from the other one, mm.
    pub(super) fn apart(&self, own: usize, part: [f64; 2], length: f64) -> f64 {
        let [a, b] = self.core[own];
        let past = (a.min(b) - part[0]).max(part[1] - a.max(b)).max(0.0);
        self.apart_mm + past * length
    }
}

/// The overlap of pieces `i` and `j`, of one group, within `distance` mm.
pub(super) fn overlap(
    pieces: &[Piece],
    [i, j]: [u32; 2],
    same_stroke: bool,
    distance: f64,
) -> Option<Overlap> {
    let (a, b) = (&pieces[i as usize], &pieces[j as usize]);
    let lengths = [a.length(), b.length()];
    let core = match (a.bulge == 0.0, b.bulge == 0.0) {
        (true, true) => lines(a, b, lengths, distance)?,
        (false, false) => arcs(a, b, lengths, distance)?,
        _ => return None,
    };
    let facing = (core[0][1] - core[0][0]) * lengths[0];
    let least = if same_stroke {
        LEAST_WITHIN * distance
    } else {
        (LEAST * distance).min(lengths[0].min(lengths[1]) / 2.0)
    };
    if facing <= least {
        return None;
    }
    // How far the two are from each other at the ends of the core.
    let apart = [0, 1].map(|k| at(a, core[0][k]).distance(at(b, core[1][k])));
    let middle = |c: [f64; 2]| f64::midpoint(c[0], c[1]);
    let between = at(a, middle(core[0])).distance(at(b, middle(core[1])));
    let bowed = if a.bulge == 0.0 {
        0.0
    } else {
        bowed(a, b, core[0])
    };
    let apart_mm = apart[0].max(apart[1]).max(between).max(bowed);
    if apart_mm > distance {
        return None;
    }
    let past = apart.map(|d| {
        if a.bulge == 0.0 {
            (distance * distance - d * d).max(0.0).sqrt()
        } else {
            // The ends of arcs about two centres do not face each other squarely.
            (distance - d).max(0.0)
        }
    });
    let reach = [0, 1].map(|k| reach(core[k], past, lengths[k]));
    Some(Overlap {
        pieces: [i, j],
        core,
        reach,
        apart_mm,
    })
}

fn at(p: &Piece, t: f64) -> Point {
    point_at(p.from, p.to, p.bulge, t)
}

/// The core grown past its ends, `past` mm, as an interval from 0 to 1.
fn reach(core: [f64; 2], past: [f64; 2], length: f64) -> [f64; 2] {
    let past = past.map(|mm| mm / length);
    let out = if core[0] <= core[1] {
        [core[0] - past[0], core[1] + past[1]]
    } else {
        [core[1] - past[1], core[0] + past[0]]
    };
    out.map(|t| t.clamp(0.0, 1.0))
}

/// How far the part of the arc `a` is from the circle of `b` where it is farthest, or
/// nearest: in line with both centres, mm.
fn bowed(a: &Piece, b: &Piece, part: [f64; 2]) -> f64 {
    let of = |p: &Piece| arc_center(p.from, p.to, p.bulge);
    let (Some(of_a), Some(of_b)) = (of(a), of(b)) else {
        return 0.0;
    };
    let (radius, other) = (of_a.distance(a.from), of_b.distance(b.from));
    let (way, m) = (of_a - of_b, midpoint(a.from, a.to, a.bulge) - of_a);
    let mut most = 0.0_f64;
    for (way, sign) in [(way, 1.0), (-way, -1.0)] {
        let t = m.cross(way).atan2(m.dot(way)) / sweep(a.bulge) + 0.5;
        if part[0] <= t && t <= part[1] {
            most = most.max((radius + sign * way.norm() - other).abs());
        }
    }
    most
}

fn lines(a: &Piece, b: &Piece, lengths: [f64; 2], distance: f64) -> Option<[[f64; 2]; 2]> {
    let (u, v) = (a.to - a.from, b.to - b.from);
    if u.cross(v).abs() > GREATEST_SINE * lengths[0] * lengths[1] {
        return None;
    }
    let ((short, way), long, length) = if lengths[0] <= lengths[1] {
        ((a, v), b, lengths[1])
    } else {
        ((b, u), a, lengths[0])
    };
    let off = |p: Point| way.cross(p - long.from).abs() / length;
    if off(short.from).max(off(short.to)) > distance {
        return None;
    }
    let share = |p: Point, of: &Piece, way: Point| (p - of.from).dot(way) / way.dot(way);
    let (s, t) = (share(b.from, a, u), share(b.to, a, u));
    let core = [s.min(t).max(0.0), s.max(t).min(1.0)];
    if core[0] >= core[1] {
        return None;
    }
    let on_b = core.map(|t| share(a.from.lerp(a.to, t), b, v).clamp(0.0, 1.0));
    Some([core, on_b])
}

fn arcs(a: &Piece, b: &Piece, lengths: [f64; 2], distance: f64) -> Option<[[f64; 2]; 2]> {
    let of = |p: &Piece| arc_center(p.from, p.to, p.bulge);
    let (of_a, of_b) = (of(a)?, of(b)?);
    let ((short, center), long) = if lengths[0] <= lengths[1] {
        ((a, of_b), b)
    } else {
        ((b, of_a), a)
    };
    let middle = |p: &Piece| midpoint(p.from, p.to, p.bulge);
    let radius = center.distance(long.from);
    let off = |p: Point| (p.distance(center) - radius).abs();
    let worst = off(short.from).max(off(short.to)).max(off(middle(short)));
    if worst > distance {
        return None;
    }
    // Angles from the middle of `b`, about its centre.
    let m = middle(b) - of_b;
    let q = middle(a) - of_b;
    let turn = m.cross(q).atan2(m.dot(q));
    let half = [a, b].map(|p| sweep(p.bulge).abs() / 2.0);
    let part = |turn: f64| {
        [
            (turn - half[0]).max(-half[1]),
            (turn + half[0]).min(half[1]),
        ]
    };
    let width = |p: [f64; 2]| p[1] - p[0];
    let turn = [turn, turn - TAU, turn + TAU]
        .into_iter()
        .max_by(|x, y| width(part(*x)).total_cmp(&width(part(*y))))?;
    let common = part(turn);
    if width(common) <= 0.0 {
        return None;
    }
    let share = |angle: f64, half: f64, p: &Piece| {
        let t = ((angle + half) / (2.0 * half)).clamp(0.0, 1.0);
        if p.bulge < 0.0 { 1.0 - t } else { t }
    };
    let mut core = [
        common.map(|c| share(c - turn, half[0], a)),
        common.map(|c| share(c, half[1], b)),
    ];
    if core[0][0] > core[0][1] {
        core[0].swap(0, 1);
        core[1].swap(0, 1);
    }
    Some(core)
}
