//! Paths that text runs along, as path data.

use super::super::path::Step;
use crate::geom::Point;
use crate::geom::fit::EllipseArc;
use std::f64::consts::FRAC_PI_4;
use std::fmt::Write as _;

/// Path data of the steps times `scale`, to seven digits; `None` where a coordinate
/// is beyond `most`.
pub(super) fn data(steps: &[Step], scale: f64, most: f64) -> Option<String> {
    let mut out = String::new();
    let mut put = |letter: char, points: &[Point]| -> Option<()> {
        out.push(letter);
        for p in points {
            let (x, y) = (p.x * scale, p.y * scale);
            // Catches what is not a number, too.
            if !(x.abs() <= most && y.abs() <= most) {
                return None;
            }
            let _ = write!(out, "{} {} ", x as f32, y as f32);
        }
        Some(())
    };
    for step in steps {
        match *step {
            Step::Move(p) => put('M', &[p])?,
            Step::Line(p) => put('L', &[p])?,
            Step::Quadratic(b, c) => put('Q', &[b, c])?,
            Step::Cubic(b, c, d) => put('C', &[b, c, d])?,
            Step::Arc(arc, end) => {
                for [b, c, d] in cubics(&arc, end) {
                    put('C', &[b, c, d])?;
                }
            }
            Step::Close => put('Z', &[])?,
        }
    }
    Some(out)
}

/// Cubic Béziers of at most an eighth of a turn, within 4e-6 of the radius: control
/// points lie 4/3 tan(sweep/4) along the tangents.
fn cubics(arc: &EllipseArc, end: Point) -> impl Iterator<Item = [Point; 3]> {
    let parts = (arc.sweep.abs() / FRAC_PI_4).ceil().clamp(1.0, 64.0);
    let sweep = arc.sweep / parts;
    let reach = 4.0 / 3.0 * (sweep / 4.0).tan();
    let arc = *arc;
    let tangent = move |a: f64| arc.v * a.cos() - arc.u * a.sin();
    (0..parts as usize).map(move |i| {
        let a = arc.start + sweep * i as f64;
        let b = a + sweep;
        let last = if i + 1 == parts as usize {
            end
        } else {
            arc.at(b)
        };
        [
            arc.at(a) + tangent(a) * reach,
            last - tangent(b) * reach,
            last,
        ]
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arcs_become_cubics_that_lie_on_them() {
        let arc = EllipseArc {
            center: Point::new(3.0, 4.0),
            u: Point::new(5.0, 0.0),
            v: Point::new(0.0, 2.0),
            start: 0.3,
            sweep: -5.0,
        };
        let mut from = arc.at(0.3);
        let (mut worst, mut count) = (0.0_f64, 0);
        for [b, c, d] in cubics(&arc, arc.at(-4.7)) {
            for k in 0..=10 {
                let t = f64::from(k) / 10.0;
                let s = 1.0 - t;
                let p = from * (s * s * s)
                    + b * (3.0 * s * s * t)
                    + c * (3.0 * s * t * t)
                    + d * (t * t * t);
                let q = p - arc.center;
                worst = worst.max(((q.x / 5.0).hypot(q.y / 2.0) - 1.0).abs());
            }
            from = d;
            count += 1;
        }
        assert_eq!(count, 7);
        assert!(worst < 4e-6, "{worst}");
        assert!(from.distance(arc.at(-4.7)) < 1e-12);
    }

    #[test]
    fn coordinates_that_are_too_large_give_nothing() {
        let to = |x| [Step::Move(Point::default()), Step::Line(Point::new(x, 1.0))];
        assert_eq!(data(&to(2.0), 10.0, 100.0).unwrap(), "M0 0 L20 10 ");
        for x in [f64::NAN, f64::INFINITY, 1e300, 10.1] {
            assert!(data(&to(x), 10.0, 100.0).is_none(), "{x}");
        }
    }
}
