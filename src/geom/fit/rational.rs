//! Rational Bézier curves of any degree.

use super::curve::Curve;
use crate::geom::Point;

/// A rational Bézier curve: a weighted mean of its control points with the Bernstein
/// polynomials as weights (Farin, *NURBS: from projective geometry to practical
/// use*, 1999).
pub(super) struct Rational {
    first: Point,
    last: Point,
    /// Weight times point, and weight.
    controls: Vec<Weighted>,
}

#[derive(Clone, Copy)]
struct Weighted {
    p: Point,
    w: f64,
}

impl Weighted {
    fn lerp(self, other: Self, t: f64) -> Self {
        Self {
            p: self.p.lerp(other.p, t),
            w: self.w + (other.w - self.w) * t,
        }
    }

    fn project(self) -> Point {
        self.p * (1.0 / self.w)
    }
}

impl Rational {
    /// `None` for less than two control points.
    pub(super) fn new(points: &[(Point, f64)]) -> Option<Self> {
        let [(first, _), .., (last, _)] = *points else {
            return None;
        };
        let controls: Vec<Weighted> = points
            .iter()
            .map(|&(p, w)| Weighted { p: p * w, w })
            .collect();
        Some(Self {
            first,
            last,
            controls,
        })
    }

    /// The last two points of de Casteljau's triangle at `t`: the curve's point
    /// divides the line between them at `t`.
    fn chord(&self, t: f64) -> (Weighted, Weighted) {
        let last = self.controls.len() - 1;
        (
            bernstein(&self.controls[..last], t),
            bernstein(&self.controls[1..], t),
        )
    }
}

/// The Bernstein form on `points` at `t`, by Horner's scheme in t and 1 - t.
fn bernstein(points: &[Weighted], t: f64) -> Weighted {
    let degree = points.len() - 1;
    let s = 1.0 - t;
    let mut sum = points[0];
    // t^i times the binomial coefficient of i.
    let mut factor = 1.0;
    for (i, point) in points.iter().enumerate().skip(1) {
        factor *= t * (degree + 1 - i) as f64 / i as f64;
        sum = Weighted {
            p: sum.p * s + point.p * factor,
            w: sum.w * s + point.w * factor,
        };
    }
    sum
}

impl Curve for Rational {
    fn point(&self, t: f64) -> Point {
        if t <= 0.0 {
            return self.first;
        }
        if t >= 1.0 {
            return self.last;
        }
        let (a, b) = self.chord(t);
        a.lerp(b, t).project()
    }

    /// degree · w0 w1 / w² · (P1 - P0), with the chord's two projected ends.
    fn derivative(&self, t: f64) -> Point {
        let (a, b) = self.chord(t);
        let w = a.lerp(b, t).w;
        let degree = (self.controls.len() - 1) as f64;
        (b.project() - a.project()) * (degree * a.w * b.w / (w * w))
    }

    /// Cusps: parameters where the speed has a minimum of nearly nothing.
    fn breaks(&self) -> Vec<f64> {
        const STEPS_A_DEGREE: usize = 12;
        let steps = STEPS_A_DEGREE * (self.controls.len() - 1);
        let speed = |t: f64| self.derivative(t).norm();
        let speeds: Vec<f64> = (0..=steps)
            .map(|i| speed(i as f64 / steps as f64))
            .collect();
        let fastest = speeds.iter().copied().fold(0.0, f64::max);
        let mut found = Vec::new();
        for (i, s) in speeds.windows(3).enumerate() {
            if s[1] > s[0] || s[1] >= s[2] {
                continue;
            }
            let mut lo = i as f64 / steps as f64;
            let mut hi = (i + 2) as f64 / steps as f64;
            for _ in 0..60 {
                let third = (hi - lo) / 3.0;
                if speed(lo + third) < speed(hi - third) {
                    hi -= third;
                } else {
                    lo += third;
                }
            }
            // A cusp only steers where stretches end, so a wide net does no harm.
            if speed(hi) < 1e-3 * fastest {
                found.push(hi);
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geom::fit::fit_rational;
    use crate::geom::{arc_center, distance_to};
    use std::f64::consts::FRAC_1_SQRT_2;

    #[test]
    fn a_quarter_circle_becomes_one_arc() {
        let points = [
            (Point::new(10.0, 0.0), 1.0),
            (Point::new(10.0, 10.0), FRAC_1_SQRT_2),
            (Point::new(0.0, 10.0), 1.0),
        ];
        let mut out = Vec::new();
        fit_rational(&points, 1e-6, &mut out);
        assert_eq!(out.len(), 1);
        let center = arc_center(points[0].0, out[0].0, out[0].1).unwrap();
        assert!(center.norm() < 1e-9);
    }

    #[test]
    fn the_derivative_is_that_of_differences() {
        let points: Vec<(Point, f64)> = (0..6_u8)
            .map(|i| {
                let i = f64::from(i);
                (Point::new(i * 3.0, (i * 7.0) % 5.0), 0.5 + (i * 3.0) % 2.0)
            })
            .collect();
        let curve = Rational::new(&points).unwrap();
        for i in 1..40 {
            let t = f64::from(i) / 40.0;
            let slope = (curve.point(t + 1e-6) - curve.point(t - 1e-6)) * 5e5;
            assert!(curve.derivative(t).distance(slope) < 1e-5, "at {t}");
        }
    }

    #[test]
    fn a_cusp_is_a_break_and_stays_within_tolerance() {
        let p = |x, y| (Point::new(x, y), 1.0);
        let points = [p(0.0, 0.0), p(10.0, 10.0), p(0.0, 10.0), p(10.0, 0.0)];
        let curve = Rational::new(&points).unwrap();
        let breaks = curve.breaks();
        assert_eq!(breaks.len(), 1);
        assert!((breaks[0] - 0.5).abs() < 1e-6);
        let mut out = Vec::new();
        fit_rational(&points, 0.01, &mut out);
        for i in 0..=1000 {
            let q = curve.point(f64::from(i) / 1000.0);
            let mut from = points[0].0;
            let mut least = f64::INFINITY;
            for &(to, bulge) in &out {
                least = least.min(distance_to(from, to, bulge, q));
                from = to;
            }
            assert!(least <= 0.01, "{least} at {i}");
        }
    }

    #[test]
    fn one_point_is_no_curve() {
        let mut out = Vec::new();
        fit_rational(&[(Point::default(), 1.0)], 0.1, &mut out);
        assert!(out.is_empty());
    }
}
