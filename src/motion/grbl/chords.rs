//! Arcs as GRBL cuts them into chords.
//!
//! # Full circles
//! GRBL adds the offset of the centre to the start, takes the sum from the end, and asks
//! for the angle between the two radii, all in single precision. An arc that ends where it
//! starts is a full circle only if that angle comes out as nearly 0 or on its right side.
//! Far from the origin the sum has lost so much of a small offset that it need not: then
//! the angle is a hair to the wrong side, and the circle is left out.
//!
//! Whether it is hangs on the last bit of each number.

use super::super::Arc;
use super::single;
use crate::geom::Point;
use std::f64::consts::TAU;

/// Angles below this are a full turn, rad.
const FULL_TURN_SLACK: f64 = 5e-7;
/// Of the radius: ends farther apart have no need of single precision.
const NEAR: f64 = 1e-3;
/// Chords that are turned by the series before one is worked out.
const TURNS: u8 = 12;

/// The angle of an arc, rad: less than 0 clockwise. Start and end in the plane's own axes,
/// mm; `single` says whether the firmware reckons as GRBL on an AVR does.
pub(super) fn angle(from: Point, to: Point, arc: &Arc, single: bool) -> f64 {
    let (way, out) = (to - from, -arc.offset);
    let near = way.dot(way) < NEAR * NEAR * out.dot(out);
    let angle = if single && near {
        f64::from(single_angle(from, to, arc.offset))
    } else {
        let end = way + out;
        out.cross(end).atan2(out.dot(end))
    };
    match arc.clockwise {
        true if angle >= -FULL_TURN_SLACK => angle - TAU,
        false if angle <= FULL_TURN_SLACK => angle + TAU,
        _ => angle,
    }
}

/// From the radius at the start to that at the end, rad, from -π to π.
fn single_angle(from: Point, to: Point, offset: Point) -> f32 {
    let all = [from.x, from.y, to.x, to.y, offset.x, offset.y];
    let [x, y, to_x, to_y, i, j] = single::all_as_read(all);
    let (end_x, end_y) = (to_x - (x + i), to_y - (y + j));
    let cross = -i * end_y - -j * end_x;
    let dot = -i * end_x + -j * end_y;
    cross.atan2(dot)
}

/// Ends of the chords, as seen from the centre.
///
/// The firmware turns the radius from chord to chord by the first terms of the series of
/// cosine and sine, and after twelve times works one out anew. Where chords are long, as
/// under a large `$12`, the terms left out make the polygon smaller meanwhile.
pub(super) struct Chords {
    out: Point,
    each: f64,
    cos: f64,
    sin: f64,
    at: Point,
    turned: u8,
}

impl Chords {
    /// From the radius at the start, in steps of `each` rad.
    pub(super) fn new(out: Point, each: f64) -> Self {
        Self {
            out,
            each,
            cos: 1.0 - 0.5 * each * each,
            sin: each - each * each * each / 6.0,
            at: out,
            turned: 0,
        }
    }

    /// The end of chord number `k`; they are asked for in order from 1 on.
    pub(super) fn next(&mut self, k: u16) -> Point {
        let (from, (sin, cos)) = if self.turned < TURNS {
            self.turned += 1;
            (self.at, (self.sin, self.cos))
        } else {
            self.turned = 0;
            (self.out, (f64::from(k) * self.each).sin_cos())
        };
        self.at = Point::new(from.x * cos - from.y * sin, from.x * sin + from.y * cos);
        self.at
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::motion::Plane;

    fn circle(x: f64, y: f64, i: f64, j: f64, clockwise: bool) -> f64 {
        let arc = Arc {
            plane: Plane::Xy,
            offset: Point::new(i, j),
            radius: i.hypot(j),
            clockwise,
        };
        let at = Point::new(x, y);
        let [in_double, in_single] = [false, true].map(|single| angle(at, at, &arc, single));
        assert!((in_double.abs() - TAU).abs() < 1e-12);
        in_single
    }

    #[test]
    fn a_small_circle_far_out_may_be_lost() {
        // At the origin the sums are exact.
        assert!((circle(0.0, 0.0, -0.173, 0.117, true) + TAU).abs() < 1e-6);
        // Numbers at 55 are 3.8e-6 apart: the end is off by about 1e-6 of 0.2 mm, here to
        // the wrong side for one direction.
        let lost = circle(10.051, 55.419, -0.173, 0.117, true);
        assert!((-1e-4..-5e-7).contains(&lost), "{lost}");
        assert!((circle(10.051, 55.419, -0.173, 0.117, false) - TAU).abs() < 1e-4);
        // Numbers at 0.5 are not far enough apart to matter.
        assert!((circle(0.5, 0.25, 5.0, 0.0, true) + TAU).abs() < 1e-6);
    }

    #[test]
    fn turning_by_the_series_shrinks_coarse_polygons() {
        // The square of the radius is taken by cos² + sin² = 1 - θ⁴/12 + θ⁶/36 each time.
        let (out, each) = (Point::new(3.0, 0.0), 0.5_f64);
        let share = 1.0 - each.powi(4) / 12.0 + each.powi(6) / 36.0;
        let mut chords = Chords::new(out, each);
        for k in 1..=40_u16 {
            let at = chords.next(k);
            // Every 13th is worked out.
            let norm2 = 9.0 * share.powi(i32::from(k % 13));
            assert!((at.dot(at) - norm2).abs() < 1e-9, "{k}");
        }
    }
}
