//! G2 and G3, as the straight pieces that `[gcode_arcs]` makes of them.

use super::KlipperPlanner;
use crate::geom::{Point, Point3};
use crate::motion::{Arc, Move, Plane};
use std::f64::consts::TAU;

/// The most pieces of an arc. Klipper has no bound; from here on they are so fine that
/// their length is that of the arc to 1e-7, and that no corner between them is what
/// limits the speed.
const MOST_PIECES: f64 = 4096.0;
/// So often the direction is reckoned anew rather than turned on, pieces.
const ANEW: u32 = 16;

impl KlipperPlanner {
    /// An arc is as many pieces as its length holds whole resolutions, at least one.
    pub(super) fn arc(&mut self, m: &Move, arc: &Arc, filament_d: f64) {
        let Some(resolution_d) = self.limits.arc_resolution else {
            self.tally.times.arcs_not_run += 1;
            return;
        };
        // The plane of G18 is X, Z here rather than Z, X.
        let ([a, b, c], offset) = match arc.plane {
            Plane::Zx => ([0, 2, 1], Point::new(arc.offset.y, arc.offset.x)),
            plane => (plane.axes(), arc.offset),
        };
        let start = self.at;
        let (from, to) = (start.to_array(), m.to.to_array());
        let out = Point::new(-offset.x, -offset.y);
        let center = Point::new(from[a] - out.x, from[b] - out.y);
        let end = Point::new(to[a] - center.x, to[b] - center.y);
        let mut angle = out.cross(end).atan2(out.dot(end));
        if angle < 0.0 {
            angle += TAU;
        }
        if arc.clockwise {
            angle -= TAU;
        }
        let same = |i: usize| from[i].total_cmp(&to[i]).is_eq();
        if angle == 0.0 && same(a) && same(b) {
            angle = TAU;
        }
        let rise_d = to[c] - from[c];
        let length_d = (arc.radius * angle).hypot(rise_d);
        let count = (length_d / resolution_d).floor().clamp(1.0, MOST_PIECES);
        let asked_v = self.asked_v(m.rate, || length_d);
        let runs = asked_v > 0.0 && length_d.is_finite();
        if !runs {
            return;
        }
        let piece_e = filament_d / count;
        let turn = angle / count;
        let (turn_sin, turn_cos) = turn.sin_cos();
        let (mut sin, mut cos) = (0.0_f64, 1.0_f64);
        for k in 1..count as u32 {
            let t = f64::from(k);
            (sin, cos) = if k % ANEW == 0 {
                (t * turn).sin_cos()
            } else {
                (
                    sin * turn_cos + cos * turn_sin,
                    cos * turn_cos - sin * turn_sin,
                )
            };
            let mut p = [0.0; 3];
            p[a] = center.x + out.x * cos - out.y * sin;
            p[b] = center.y + out.x * sin + out.y * cos;
            p[c] = from[c] + t * (rise_d / count);
            let _ = self.line(Point3::from(p), piece_e, asked_v, m.beam);
        }
        let _ = self.line(m.to, piece_e, asked_v, m.beam);
        self.tally.commanded(m.beam, start, length_d);
    }
}
