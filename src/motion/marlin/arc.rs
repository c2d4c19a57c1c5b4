//! The chords that Marlin 2.1 makes of an arc.

use super::{Hints, MarlinPlanner};
use crate::geom::Point3;
use crate::motion::sweep::Sweep;
use crate::motion::{Arc, Move, Rate};
use std::f64::consts::TAU;

/// Longest and shortest chord, mm (`MAX_ARC_SEGMENT_MM`, `MIN_ARC_SEGMENT_MM`).
const MOST_CHORD_D: f64 = 1.0;
const LEAST_CHORD_D: f64 = 0.1;
/// Chords of a full circle at least (`MIN_CIRCLE_SEGMENTS`).
const CIRCLE_CHORDS: f64 = 72.0;
/// The most chords of an arc. The firmware goes up to 65535, which is an arc of
/// 65 m. One of more than this is longer than a circle on any common bed.
const MOST_CHORDS: f64 = 2048.0;

/// Each of so many chords ends where it ought to; the others are turned on by [`small`]
/// (`N_ARC_CORRECTION`).
const EXACT_CHORDS: u32 = 25;

impl MarlinPlanner {
    /// The chords of an arc: 1 mm long, or shorter where the circle is small. Each but
    /// the last may end at the speed from which the axes can stop before the arc ends,
    /// for as long as no block follows it.
    pub(super) fn arc(&mut self, m: &Move, arc: &Arc) {
        let sweep = Sweep::new(self.at, m.to, arc);
        let [a, b, _] = sweep.axes;
        let (radius, flat_d) = (sweep.radius, sweep.flat_d);
        self.tally.commanded(m.beam, self.at, sweep.length_d());
        let feed_v = match m.rate {
            Rate::Inverse(f) => f * flat_d,
            Rate::Feed(_) | Rate::Rapid => self.feed_v,
        };
        let feed_v = feed_v * self.s.feed_factor;

        let count = count(flat_d, sweep.angle.abs());
        let chord_d = flat_d / count;
        let limit = |limits: &[f64; 4]| limits[a].min(limits[b]);
        let (limit_v, limit_a) = (limit(&self.s.max_v), limit(&self.s.max_a));
        let most_v = limit_v.min(feed_v);
        let most_v2 = (most_v * most_v).min(limit_a * radius);
        let factor = self.s.filament_factor();
        let first_e = self.e;
        let each_e = (m.filament / count) as f32;
        for (k, p) in chords(self.at, m.to, arc, sweep.angle, count) {
            self.e = f64::from(first_e as f32 + each_e * k as f32);
            let left_d = flat_d - k * chord_d;
            let hints = Hints {
                radius: (k > 1.0).then_some(radius),
                end_v2: most_v2.min(2.0 * limit_a * left_d),
            };
            self.line(p, feed_v, m.beam, factor, hints);
        }
        self.e = first_e + m.filament;
        // The last chord is a straight move like any other.
        self.line(m.to, feed_v, m.beam, factor, Hints::default());
    }
}

/// Where the chords of an arc through `angle`, rad, end, but for the last, each with its
/// number from 1; `count` is how many there are. All is in the single precision of the
/// firmware: a place that is rounded to another step changes the speed of a corner.
fn chords(
    from: Point3,
    to: Point3,
    arc: &Arc,
    angle: f64,
    count: f64,
) -> impl Iterator<Item = (f64, Point3)> {
    let [a, b, c] = arc.plane.axes();
    let (from, to) = (from.to_array(), to.to_array());
    let first = [-arc.offset.x as f32, -arc.offset.y as f32];
    let center = [from[a] as f32 - first[0], from[b] as f32 - first[1]];
    let rise = (to[c] as f32 - from[c] as f32) / count as f32;
    let turn = angle as f32 / count as f32;
    let each = small(turn);
    let mut out = first;
    (1..count as u32).map(move |k| {
        let n = k as f32;
        out = if k % EXACT_CHORDS == 0 {
            let (sin, cos) = f64::from(turn * n).sin_cos();
            turned(first, (sin as f32, cos as f32))
        } else {
            turned(out, each)
        };
        let mut p = [0.0; 3];
        p[a] = f64::from(center[0] + out[0]);
        p[b] = f64::from(center[1] + out[1]);
        p[c] = f64::from(from[c] as f32 + rise * n);
        (f64::from(k), Point3::from(p))
    })
}

fn turned([x, y]: [f32; 2], (sin, cos): (f32, f32)) -> [f32; 2] {
    [x * cos - y * sin, x * sin + y * cos]
}

/// The firmware's sine and cosine of a small angle, rad: the first terms of their
/// series. Circles of few chords shrink by them.
fn small(angle: f32) -> (f32, f32) {
    let angle2 = angle * angle;
    (angle - angle2 * angle / 6.0, 1.0 - 0.5 * angle2)
}

/// How many chords an arc of this length and angle has.
fn count(flat_d: f64, angle: f64) -> f64 {
    let least = (CIRCLE_CHORDS * angle / TAU).ceil();
    let count = (flat_d / MOST_CHORD_D).floor().max(least).max(1.0);
    let chord_d = flat_d / count;
    let count = if chord_d > MOST_CHORD_D {
        (flat_d / MOST_CHORD_D).ceil()
    } else if chord_d < LEAST_CHORD_D {
        (flat_d / LEAST_CHORD_D).floor().max(1.0)
    } else {
        count
    };
    count.min(MOST_CHORDS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geom::Point;
    use crate::motion::Plane;
    use std::f64::consts::TAU;

    /// The next terms of the series are x⁵ / 120 and x⁴ / 24.
    #[test]
    fn the_turn_of_a_chord_is_nearly_its_sine_and_cosine() {
        for k in -5..=5 {
            let x = k as f32 / 10.0;
            let (sin, cos) = small(x);
            assert!((sin - x.sin()).abs() <= x.abs().powi(5) / 120.0 + 1e-6);
            assert!((cos - x.cos()).abs() <= x.powi(4) / 24.0 + 1e-6);
        }
    }

    /// A turn by s and c instead of a sine and a cosine makes the radius √(s² + c²)
    /// times as long, until a chord is told exactly.
    #[test]
    fn a_circle_of_few_chords_shrinks_until_one_is_exact() {
        let at = Point3::new(3.0, 0.0, 1.0);
        let arc = Arc {
            plane: Plane::Xy,
            offset: Point::new(-3.0, 0.0),
            radius: 3.0,
            clockwise: false,
        };
        let (s, c) = small((TAU / 30.0) as f32);
        let share = f64::from(s * s + c * c).sqrt();
        assert!(share < 0.99995);
        let all: Vec<_> = chords(at, at, &arc, TAU, 30.0).collect();
        assert_eq!(all.len(), 29);
        for (k, p) in all {
            let radius = 3.0 * share.powf(k % 25.0);
            assert!((p.xy().norm() - radius).abs() < 1e-5, "{k} {p:?}");
        }
    }
}
