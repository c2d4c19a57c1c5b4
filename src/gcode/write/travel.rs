//! From one path to the next: the beam is off, the head goes there, and the modal
//! words that differ are set.

use super::super::modal::{FeedMode, Modal, Motion};
use super::Writer;
use super::words::{plane_word, spindle_word};
use crate::geom::Point3;
use crate::motion::{Rate, SpindleMode};
use crate::toolpath::Approach;

impl Writer {
    /// Turns the spindle or laser off if it is on.
    pub(in crate::gcode) fn beam_off(&mut self) {
        if self.modal().spindle != SpindleMode::Off {
            self.line("M5");
        }
    }

    /// Leaves nothing on that is off in `end`, and the head where it ends.
    pub(in crate::gcode) fn end_as(&mut self, end: &Modal, at: Point3) {
        if end.spindle == SpindleMode::Off {
            self.beam_off();
        }
        if !self.is_near(at) {
            self.settle(end, at, Approach::Rapid, false);
        }
        if !end.flood && self.modal().flood {
            self.line("M9");
        }
        if end.spindle != self.modal().spindle {
            self.word(spindle_word(end.spindle));
            if end.speed.to_bits() != self.modal().speed.to_bits() {
                self.speed_word(end.speed);
            }
            self.end_line();
        }
    }

    /// Gives the machine the motion mode of `want`, which differs only in rare
    /// sources that rely on it without saying so.
    pub(in crate::gcode) fn set_motion(&mut self, want: &Modal) {
        if want.motion == self.modal().motion {
            return;
        }
        let idle = self.machine.dialect().grammar.idle_modes;
        match want.motion {
            Motion::Rapid => self.line("G0"),
            // No cutting mode is taken while the feed is 0.
            Motion::Linear if !idle && self.modal().feed <= 0.0 => {
                self.line("G1 F1");
                self.line("F0");
            }
            Motion::Linear => self.line("G1"),
            Motion::Cancelled => self.line("G80"),
            // All others always name themselves where they begin.
            _ => {}
        }
    }

    /// Brings the head to `to` with the beam off, and the machine into `want`,
    /// except for the motion mode.
    ///
    /// `lit` says that the source makes this very travel with the spindle on and
    /// relies on rapids being dark: then S and a spindle that starts stand on the
    /// line of the rapid. Otherwise the spindle is off until the head is there.
    pub(in crate::gcode) fn settle(
        &mut self,
        want: &Modal,
        to: Point3,
        approach: Approach,
        lit: bool,
    ) {
        let waits = !lit && !self.is_near(to);
        if want.spindle == SpindleMode::Off || waits {
            self.beam_off();
        }
        let cur = *self.modal();
        if want.inches != cur.inches {
            self.word(if want.inches { "G20" } else { "G21" });
        }
        if cur.relative {
            self.word("G90");
        }
        if want.plane != cur.plane {
            self.word(plane_word(want.plane));
        }
        if cur.feed_mode != FeedMode::PerMinute {
            self.word("G94");
        }
        if want.flood != cur.flood {
            self.word(if want.flood { "M8" } else { "M9" });
        }
        if !self.text.is_empty() {
            self.end_line();
        }
        self.travel(want, to, approach, lit);
        self.words_at_rest(want);
    }

    /// The rapid, or the feed move with the spindle off, to the start of a path.
    fn travel(&mut self, want: &Modal, to: Point3, approach: Approach, lit: bool) {
        let cur = *self.modal();
        let starts = lit
            && want.spindle != SpindleMode::Off
            && (want.spindle != cur.spindle || want.speed.to_bits() != cur.speed.to_bits());
        if self.is_near(to) && !starts {
            return;
        }
        let here = self.machine.position();
        if to.z > here.z && !self.same_length(to.z, here.z) {
            self.motion_word(Motion::Rapid);
            self.coordinates(Point3::new(here.x, here.y, to.z), [false, false, true]);
            self.end_line();
        }
        let lowers = to.z < here.z && !self.same_length(to.z, here.z);
        match approach {
            Approach::Feed(rate @ Rate::Feed(v)) if want.spindle == SpindleMode::Off => {
                self.motion_word(Motion::Linear);
                self.coordinates(to, [true, true, false]);
                if self.feed_differs(rate) {
                    self.feed_word(v);
                }
            }
            _ => {
                self.motion_word(Motion::Rapid);
                self.coordinates(to, [true, true, false]);
            }
        }
        if starts && want.spindle != cur.spindle {
            self.word(spindle_word(want.spindle));
        }
        if (starts || want.spindle == SpindleMode::Off)
            && want.speed.to_bits() != cur.speed.to_bits()
        {
            self.speed_word(want.speed);
        }
        self.end_line();
        if lowers {
            self.motion_word(Motion::Rapid);
            self.coordinates(to, [false, false, true]);
            self.end_line();
        }
    }

    /// The rest of the state. A spindle is started here only where the source has
    /// it on at rest.
    fn words_at_rest(&mut self, want: &Modal) {
        if want.spindle != self.modal().spindle {
            self.word(spindle_word(want.spindle));
        }
        if want.relative && !self.modal().relative {
            self.word("G91");
        }
        let inverse = want.feed_mode == FeedMode::Inverse;
        if inverse && self.modal().feed_mode == FeedMode::PerMinute {
            self.word("G93");
        }
        if !inverse && self.feed_differs(Rate::Feed(want.feed)) {
            self.feed_word(want.feed);
        }
        if want.speed.to_bits() != self.modal().speed.to_bits() {
            self.speed_word(want.speed);
        }
        if !self.text.is_empty() {
            self.end_line();
        }
    }
}
