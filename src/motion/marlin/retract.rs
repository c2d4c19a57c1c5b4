//! Firmware retraction: G10 and G11 with M207 and M208.

use super::{Beam, Hints, MarlinPlanner};
use crate::geom::Point3;

/// A lift of no more than this is none, mm.
const LEAST_LIFT_D: f64 = 0.01;

impl MarlinPlanner {
    /// Draws the filament back and lifts the head, or undoes both. A second G10 in a
    /// row does nothing, nor does a second G11. Feed and flow factors (M220, M221,
    /// M200) have no part in it.
    pub(super) fn retract(&mut self, back: bool) {
        let Some(r) = self.s.retraction else {
            return;
        };
        if self.is_drawn_back == back {
            return;
        }
        self.is_drawn_back = back;
        if back {
            self.drawn_back_d = r.length;
            self.feed(r.speed, -r.length);
            if r.hop > LEAST_LIFT_D {
                self.lift(r.hop);
            }
        } else {
            if self.lift_d > 0.0 {
                self.lift(0.0);
            }
            let fed_d = self.drawn_back_d + r.extra;
            if r.extra != 0.0 {
                // The filament counts as that much further back.
                self.drawn_back_d = fed_d;
                self.steps[3] = self.target(self.at)[3];
                self.ahead.push_mark(&mut self.tally);
            }
            self.drawn_back_d = 0.0;
            self.feed(r.return_speed, fed_d);
        }
    }

    fn feed(&mut self, speed_v: f64, fed_d: f64) {
        self.tally.times.filament_mm += fed_d;
        self.own_line(speed_v);
    }

    /// Lifts the head to so much above its place, as fast as Z goes.
    fn lift(&mut self, lift_d: f64) {
        let by_d = (lift_d - self.lift_d).abs();
        self.lift_d = lift_d;
        let from = Point3::new(self.at.x, self.at.y, self.at.z);
        self.tally.commanded(Beam::Rapid, from, by_d);
        self.own_line(self.s.max_v[2]);
    }

    /// A block to where the head and the filament ought to be.
    fn own_line(&mut self, speed_v: f64) {
        self.line(self.at, speed_v, Beam::Rapid, 1.0, Hints::default());
    }
}
