//! The curves the fit knows: a point and a direction for each parameter from 0 to 1.

use super::EllipseArc;
use crate::geom::Point;
use kurbo::{CubicBez, ParamCurve, ParamCurveDeriv, QuadBez};

pub(super) trait Curve {
    /// The point at `t`; exactly the given end points at 0 and 1.
    fn point(&self, t: f64) -> Point;
    /// The derivative at `t`, of any length.
    fn derivative(&self, t: f64) -> Point;
    /// Parameters at which a stretch should end: where the curve may turn sharply.
    fn breaks(&self) -> Vec<f64>;

    /// Direction of travel at `t`, seen from the stretch towards `inside`. `None`
    /// where the curve stands still.
    fn direction(&self, t: f64, inside: f64) -> Option<Point> {
        // Just after a cusp the derivative is rounding noise: look a little further.
        let d = self.derivative(t);
        let far = (self.point(inside) - self.point(t)) * (1.0 / (inside - t));
        let d = if d.norm() > 1e-9 * far.norm() {
            d
        } else {
            let near = t + (inside - t) * 1e-4;
            (self.point(near) - self.point(t)) * (1.0 / (near - t))
        };
        let n = d.norm();
        (n > 0.0 && n.is_finite()).then(|| d * (1.0 / n))
    }
}

pub(super) struct Cubic {
    p: [Point; 4],
    curve: CubicBez,
    slope: QuadBez,
}

impl Cubic {
    pub(super) fn new(p: [Point; 4]) -> Self {
        let [a, b, c, d] = p.map(|p| kurbo::Point::new(p.x, p.y));
        let curve = CubicBez::new(a, b, c, d);
        Self {
            p,
            curve,
            slope: curve.deriv(),
        }
    }
}

fn ours(p: kurbo::Point) -> Point {
    Point::new(p.x, p.y)
}

impl Curve for Cubic {
    fn point(&self, t: f64) -> Point {
        if t >= 1.0 {
            return self.p[3];
        }
        ours(self.curve.eval(t))
    }

    fn derivative(&self, t: f64) -> Point {
        ours(self.slope.eval(t))
    }

    /// Cusps: parameters where the speed has a minimum of nearly nothing.
    fn breaks(&self) -> Vec<f64> {
        let [a, b, c, d] = self.p;
        let (d0, d1, d2) = (b - a, c - b, d - c);
        // Half of the derivative of |B'|²/9, with B'/3 = q0 + q1 t + q2 t².
        let (q0, q1, q2) = (d0, (d1 - d0) * 2.0, d2 - d1 * 2.0 + d0);
        let slope = |t: f64| (q0 + q1 * t + q2 * (t * t)).dot(q1 + q2 * (2.0 * t));
        let size = d0.norm() + d1.norm() + d2.norm();
        let mut found = Vec::new();
        const STEPS: usize = 24;
        for i in 0..STEPS {
            let (mut lo, mut hi) = (i as f64 / STEPS as f64, (i + 1) as f64 / STEPS as f64);
            if slope(lo) >= 0.0 || slope(hi) < 0.0 {
                continue;
            }
            for _ in 0..50 {
                let mid = 0.5 * (lo + hi);
                if slope(mid) < 0.0 {
                    lo = mid;
                } else {
                    hi = mid;
                }
            }
            // A cusp only steers where stretches end, so a wide net does no harm.
            if lo > 0.0 && hi < 1.0 && self.derivative(hi).norm() < 1e-3 * size {
                found.push(hi);
            }
        }
        found
    }
}

pub(super) struct Ellipse {
    arc: EllipseArc,
    first: Point,
    last: Point,
}

impl Ellipse {
    pub(super) fn new(arc: &EllipseArc, last: Point) -> Self {
        Self {
            arc: *arc,
            first: arc.at(arc.start),
            last,
        }
    }
}

impl Curve for Ellipse {
    fn point(&self, t: f64) -> Point {
        if t <= 0.0 {
            self.first
        } else if t >= 1.0 {
            self.last
        } else {
            self.arc.at(self.arc.start + self.arc.sweep * t)
        }
    }

    fn derivative(&self, t: f64) -> Point {
        let (s, c) = (self.arc.start + self.arc.sweep * t).sin_cos();
        (self.arc.v * c - self.arc.u * s) * self.arc.sweep
    }

    /// The ends of the axes, where curvature is greatest and least: a flat ellipse
    /// turns sharply there, and a whole one is fitted alike in its four quarters.
    fn breaks(&self) -> Vec<f64> {
        let EllipseArc {
            u, v, start, sweep, ..
        } = self.arc;
        // |u cos a + v sin a|² is extreme where tan 2a = 2 u·v / (u² - v²).
        let axis = 0.5 * (2.0 * u.dot(v)).atan2(u.dot(u) - v.dot(v));
        let quarter = std::f64::consts::FRAC_PI_2;
        let first = ((start.min(start + sweep) - axis) / quarter).ceil();
        let mut at: Vec<f64> = (0..5)
            .map(|i| (axis + (first + f64::from(i)) * quarter - start) / sweep)
            .filter(|t| *t > 1e-6 && *t < 1.0 - 1e-6)
            .collect();
        at.sort_by(f64::total_cmp);
        at
    }
}
