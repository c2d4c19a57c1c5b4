//! One piece for one stretch: which arcs can stand for it, and whether one does.
//!
//! In the frame of the chord (its middle the origin, from -h to h along x) an arc
//! of half sweep φ has its centre at (0, h / tan φ) and the radius h / sin φ. A
//! point (x, y) is at distance radius ± τ from the centre when
//! `|a sin φ + y cos φ| = τ` with `a = (h² + τ² - x² - y²) / 2h`, which is a sine of
//! φ: so each point allows the interval `atan2(-y, a) ± asin(τ / hypot(a, y))`.

use super::{Limits, Piece};
use crate::geom::Point;
use std::f64::consts::PI;

/// Arcs go no farther than this, rad: of what is nearly a full turn, the ends
/// nearly meet, and rounding decides which way it goes.
const MOST_HALF: f64 = 2.8;

/// A polyline between two corners, and what its pieces may be.
pub(super) struct Course<'a> {
    pub(super) points: &'a [Point],
    /// How far it turns at each vertex.
    pub(super) turns: &'a [f64],
    pub(super) limits: &'a Limits,
}

/// A piece with the freedom it has.
#[derive(Clone, Copy, Debug)]
pub(super) struct Span {
    pub(super) piece: Piece,
    /// Least and greatest half of arcs here, rad; both 0 for a line.
    pub(super) halves: (f64, f64),
}

/// The chord of a stretch.
struct Frame {
    middle: Point,
    along: Point,
    /// Half its length.
    h: f64,
}

/// An interval of halves, with what is needed to see at once that a point allows
/// all of it.
struct Interval {
    low: f64,
    high: f64,
    low_sin_cos: (f64, f64),
    high_sin_cos: (f64, f64),
}

impl Course<'_> {
    /// The piece from vertex `i` over at least two chords to `j`, if there is one.
    pub(super) fn span(&self, i: usize, j: usize) -> Option<Span> {
        let frame = Frame::of(self.points[i], self.points[j])?;
        let (low, high) = self.halves(i, j, &frame, self.limits.kink)?;
        self.best(i, j, &frame, low, high)
    }

    /// Whether there is one when its ends may go in any direction. What reaches far
    /// without regard to the ends does so over shorter stretches too, nearly always.
    pub(super) fn reaches(&self, i: usize, j: usize) -> bool {
        let frame = Frame::of(self.points[i], self.points[j]);
        frame.is_some_and(|frame| self.halves(i, j, &frame, PI).is_some())
    }

    /// A line if it will do, or an arc with a half from `low` to `high`.
    fn best(&self, i: usize, j: usize, frame: &Frame, low: f64, high: f64) -> Option<Span> {
        if low <= 0.0
            && high >= 0.0
            && let Some(deviation) = self.line_off(i, j, frame)
        {
            return Some(Span::line(j, deviation));
        }
        // What is flatter than the greatest radius allows is no arc.
        let flattest = (frame.h / self.limits.greatest_radius).min(1.0).asin();
        let (low, high) = if low + high > 0.0 {
            (low.max(flattest), high)
        } else {
            (low, high.min(-flattest))
        };
        if low > high {
            return None;
        }
        // The intervals know vertices and middles of chords only; where the sag of a
        // chord counts, another arc may do.
        [0.5, 0.25, 0.75].into_iter().find_map(|t| {
            let half = low + (high - low) * t;
            let deviation = self.arc_off(i, j, half)?;
            let piece = Piece {
                last: j,
                sweep: 2.0 * half,
                deviation,
            };
            Some(Span {
                piece,
                halves: (low, high),
            })
        })
    }

    /// How far the arc of this half and the polyline from `i` to `j` are apart, mm;
    /// `None` where that is too far, the polyline turns back, or the arc is too short.
    pub(super) fn arc_off(&self, i: usize, j: usize, half: f64) -> Option<f64> {
        let frame = Frame::of(self.points[i], self.points[j])?;
        let radius = frame.h / half.sin().abs();
        if !radius.is_finite()
            || radius > self.limits.greatest_radius * (1.0 + 1e-9)
            || 2.0 * half.abs() * radius < self.limits.least_length
        {
            return None;
        }
        let center = frame.middle + frame.along.perp() * (frame.h / half.tan());
        let side = half.signum();
        let (sin, cos) = half.sin_cos();
        let start = self.points[i] - center;
        let end = self.points[j] - center;
        // The arc's middle: its start turned by half the sweep.
        let top = start * cos + start.perp() * sin;
        let (mut least2, mut most2) = (start.dot(start), start.dot(start));
        let mut p = start;
        let mut past_top = false;
        for k in i + 1..=j {
            let q = self.points[k] - center;
            if side * p.cross(q) < 0.0 {
                return None;
            }
            // Each half of the arc turns by less than π.
            let first = side * start.cross(q) >= 0.0 && side * q.cross(top) >= 0.0;
            let second = side * top.cross(q) >= 0.0 && side * q.cross(end) >= 0.0;
            past_top |= !first;
            if past_top && !second {
                return None;
            }
            let (pp, qq) = (p.dot(p), q.dot(q));
            least2 = least2.min(qq);
            most2 = most2.max(qq);
            let d = q - p;
            let length2 = d.dot(d);
            let foot = -p.dot(d);
            if foot > 0.0 && foot < length2 {
                least2 = least2.min(pp - foot * foot / length2);
            }
            p = q;
        }
        let off = (most2.sqrt() - radius).max(radius - least2.max(0.0).sqrt());
        (off <= self.limits.tolerance).then_some(off.max(0.0))
    }

    /// The same for the chord.
    fn line_off(&self, i: usize, j: usize, frame: &Frame) -> Option<f64> {
        let mut worst = 0.0_f64;
        for k in i + 1..=j {
            let (p, q) = (self.points[k - 1], self.points[k]);
            if frame.along.dot(q - p) < 0.0 {
                return None;
            }
            worst = worst.max(frame.along.cross(q - frame.middle).abs());
        }
        (worst <= self.limits.tolerance).then_some(worst)
    }

    /// The halves that every vertex, every chord's middle and both ends' directions
    /// allow.
    fn halves(&self, i: usize, j: usize, frame: &Frame, kink: f64) -> Option<(f64, f64)> {
        let (first, last) = self.directions(i, j, frame);
        let most = MOST_HALF.min(self.limits.greatest_sweep / 2.0);
        let (low, high) = (
            (-first.1 - kink).max(last.0 - kink).max(-most),
            (-first.0 + kink).min(last.1 + kink).min(most),
        );
        let mut halves = Interval::new(low, high)?;
        // The middle one leaves the least.
        let m = usize::midpoint(i, j);
        let tolerance = self.limits.tolerance;
        halves.keep(frame, self.points[m], tolerance)?;
        for k in i + 1..=j {
            let (p, q) = (self.points[k - 1], self.points[k]);
            let near_all = |h: &Interval, p: Point| h.is_near(frame, p, tolerance);
            for p in [p.lerp(q, 0.5), q] {
                if !near_all(&halves, p) {
                    halves.keep(frame, p, tolerance)?;
                }
            }
        }
        Some((halves.low, halves.high))
    }

    /// The directions between which the source goes at `i` and at `j`, rad against
    /// the chord: least and greatest.
    fn directions(&self, i: usize, j: usize, frame: &Frame) -> ((f64, f64), (f64, f64)) {
        let angle = |k: usize| {
            let d = self.points[k + 1] - self.points[k];
            frame.along.cross(d).atan2(frame.along.dot(d))
        };
        let corner = self.limits.corner;
        // At a corner, or an end, the chord's turn at its other end says how much the
        // curve it is of may turn.
        let turn = |at: usize, other: usize| {
            let turn = self.turns[at];
            let smooth = at > 0 && at + 1 < self.points.len() && turn.abs() <= corner;
            if smooth { turn } else { self.turns[other] }
        };
        let (a, b) = (angle(i), angle(j - 1));
        let first = a - turn(i, i + 1);
        let last = b + turn(j, j - 1);
        ((a.min(first), a.max(first)), (b.min(last), b.max(last)))
    }
}

impl Span {
    /// The chord that ends at vertex `last`, as it is.
    pub(super) const fn chord(last: usize) -> Self {
        Self::line(last, 0.0)
    }

    const fn line(last: usize, deviation: f64) -> Self {
        Self {
            piece: Piece {
                last,
                sweep: 0.0,
                deviation,
            },
            halves: (0.0, 0.0),
        }
    }
}

impl Frame {
    fn of(a: Point, b: Point) -> Option<Self> {
        let chord = b - a;
        let length = chord.norm();
        (length > 0.0).then(|| Self {
            middle: a.lerp(b, 0.5),
            along: chord * (1.0 / length),
            h: 0.5 * length,
        })
    }

    /// The factors of sine and cosine for a point, mm.
    fn factors(&self, p: Point, tolerance: f64) -> (f64, f64) {
        let q = p - self.middle;
        let a = (self.h * self.h + tolerance * tolerance - q.dot(q)) / (2.0 * self.h);
        (a, self.along.cross(q))
    }
}

impl Interval {
    fn new(low: f64, high: f64) -> Option<Self> {
        (low <= high).then(|| Self {
            low,
            high,
            low_sin_cos: low.sin_cos(),
            high_sin_cos: high.sin_cos(),
        })
    }

    /// Whether the arcs at both ends pass within the tolerance of a point: then all
    /// between them do.
    fn is_near(&self, frame: &Frame, p: Point, tolerance: f64) -> bool {
        let (a, y) = frame.factors(p, tolerance);
        [self.low_sin_cos, self.high_sin_cos]
            .iter()
            .all(|(sin, cos)| (a * sin + y * cos).abs() <= tolerance)
    }

    /// Keeps the arcs that pass within the tolerance of a point; `None` without any.
    fn keep(&mut self, frame: &Frame, p: Point, tolerance: f64) -> Option<()> {
        let (a, y) = frame.factors(p, tolerance);
        let size = a.hypot(y);
        if size <= tolerance {
            return Some(());
        }
        let (at, by) = ((-y).atan2(a), (tolerance / size).asin());
        if at - by > self.low {
            self.low = at - by;
            self.low_sin_cos = self.low.sin_cos();
        }
        if at + by < self.high {
            self.high = at + by;
            self.high_sin_cos = self.high.sin_cos();
        }
        (self.low <= self.high && by < PI).then_some(())
    }
}
