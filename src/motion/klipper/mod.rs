//! Klipper's planner: how long its host takes for a stream of commands.
//!
//! The model is that of the host since September 2025, in double precision like it.
//! Limits are those of the head along its path: one speed, one acceleration, lower
//! ones for moves with Z and for moves of filament. Corners are taken by junction
//! deviation, which follows from the square corner velocity `v` and the acceleration
//! `a`: `v²(√2 - 1)/a`; never faster than on a circle that touches both moves in
//! their middle, nor than the extruder allows its speed to change at once. See
//! `look_ahead` for the plan over many moves.
//!
//! # What is peculiar to it
//! - A move without X, Y and Z has a full stop before and after. Its speed is F even
//!   above `max_velocity`, and its acceleration is limited by the extruder alone.
//! - Filament drawn back on the way (a wipe) is limited as if it were moved alone.
//! - The minimum cruise ratio counts for moves of filament too, by the acceleration
//!   that the head has then: M204 slows retractions down.
//! - M204 counts for the moves that follow it; for the corner deviation too, so a
//!   right angle is taken at the square corner velocity under any acceleration.
//! - G4, M400, homing, heating, levelling, tool changes and M84 wait until all motion
//!   is over. G92, M204, M220, M221, `SET_VELOCITY_LIMIT`, fans and macros as such do
//!   not; what a macro contains is not known here.
//! - G2 and G3 become straight pieces, at least one, none longer than twice the
//!   `resolution`; without `[gcode_arcs]` they are unknown commands: the head stays
//!   where it is, and the next move goes from there. The plane of G18 is seen from the
//!   other side than by others.
//! - G10 and G11 go at whole mm/min, and only where `[firmware_retraction]` is.
//! - On a delta machine a move that begins or ends far out has half or a quarter of the
//!   configured speed and acceleration.
//! - `ACCEL_TO_DECEL` counts where the `printer.cfg` is one of a host that knows it: an
//!   older one, which has `max_accel_to_decel`. Later hosts pass over it.
//! - A lower limit can make a program faster in rare cases: a slower move makes a
//!   lower peak beside it, and the peak of the gentle plan may move to another one.
//!
//! # Limits
//! Pressure advance and input shaping change no times. Bed meshes and skew, which
//! split moves, and what the live host adds for filling its buffers after a stop (about
//! 0.3 s) are left out. Moves that the host refuses
//! (out of range, too much filament) are run here.

mod arc;
mod corner;
mod look_ahead;
#[cfg(test)]
mod naive;
#[cfg(test)]
mod tests;

use super::tally::{Tally, tallied};
use super::{Beam, Command, Move, Planner, Rate, Setting, Wait};
use crate::geom::Point3;
use crate::machine::Klipper;
use corner::{Joint, least};
use look_ahead::{Block, LookAhead};

/// A move shorter than this is one of filament alone, mm.
const LEAST_D: f64 = 1e-9;
/// What stands for no limit of the acceleration of filament, mm/s².
const FREE_A: f64 = 99_999_999.9;
/// Slower than this nothing is planned, so that squares of speeds do not vanish: at
/// it one mm takes a human life, mm/s.
const SLOWEST_V: f64 = 1e-9;
/// The motors are switched off between two pauses, 0.1 s each.
const MOTORS_OFF_T: f64 = 0.2;

/// The planner of Klipper's host.
///
/// Constant memory: at most 65,536 moves are held. A move costs O(1).
#[derive(Clone, Debug)]
pub struct KlipperPlanner {
    /// The limits as the program has set them.
    limits: Klipper,
    /// The acceleration of the gentle plan, and the corner deviation, mm.
    gentle_a: f64,
    deviation_d: f64,
    feed_factor: f64,
    flow_factor: f64,
    /// Filament is drawn back by G10.
    retracted: bool,
    /// Where the head is, mm.
    at: Point3,
    last: Option<Joint>,
    ahead: LookAhead,
    tally: Tally,
}

impl KlipperPlanner {
    /// A planner under these limits, at rest at the origin.
    #[must_use]
    pub fn new(limits: &Klipper) -> Self {
        Self::with_queue(limits, look_ahead::FIRST_LOOK, look_ahead::MOST)
    }

    fn with_queue(limits: &Klipper, first_look: usize, most: usize) -> Self {
        let mut planner = Self {
            limits: limits.clone(),
            gentle_a: 0.0,
            deviation_d: 0.0,
            feed_factor: 1.0,
            flow_factor: 1.0,
            retracted: false,
            at: Point3::default(),
            last: None,
            ahead: LookAhead::new(first_look, most),
            tally: Tally::default(),
        };
        planner.derive();
        planner
    }

    /// What follows from the head's limits.
    fn derive(&mut self) {
        let l = &self.limits;
        let corner_v2 = l.square_corner_velocity * l.square_corner_velocity;
        self.deviation_d = corner_v2 * (std::f64::consts::SQRT_2 - 1.0) / l.max_accel;
        self.gentle_a = l.max_accel * (1.0 - l.minimum_cruise_ratio);
    }

    /// All motion ends.
    fn stop(&mut self) {
        self.last = None;
        if self.ahead.stop(&mut self.tally) {
            self.tally.stopped(0.0);
        }
    }

    #[inline]
    fn go(&mut self, m: &Move) {
        let filament_d = m.filament * self.flow_factor;
        match &m.arc {
            None => {
                let asked_v = self.asked_v(m.rate, || self.at.distance(m.to));
                let length_d = self.line(m.to, filament_d, asked_v, m.beam);
                if let Some((from, length_d)) = length_d {
                    self.tally.commanded(m.beam, from, length_d);
                }
            }
            Some(arc) => self.arc(m, arc, filament_d),
        }
    }

    /// The programmed speed; `length` is that of the whole move.
    #[inline]
    fn asked_v(&self, rate: Rate, length: impl Fn() -> f64) -> f64 {
        match rate {
            Rate::Rapid => self.limits.max_velocity,
            Rate::Feed(v) => v * self.feed_factor,
            Rate::Inverse(f) => f * length() * self.feed_factor,
        }
    }

    /// One straight piece; gives where from and how long it is, where the head moves.
    #[inline]
    fn line(
        &mut self,
        to: Point3,
        filament_d: f64,
        asked_v: f64,
        beam: Beam,
    ) -> Option<(Point3, f64)> {
        let from = self.at;
        let delta = to - from;
        let mut length_d = (delta.x * delta.x + delta.y * delta.y + delta.z * delta.z).sqrt();
        let head = length_d >= LEAST_D;
        if !head {
            length_d = filament_d.abs();
        }
        // The host answers with an error to F0, and to what is far out of range.
        let runs = length_d > 0.0 && length_d.is_finite() && asked_v > 0.0;
        if !runs {
            return None;
        }
        let l = &self.limits;
        let (mut top_v, mut accel_a) = if head {
            (least(asked_v, l.max_velocity), l.max_accel)
        } else {
            (asked_v, FREE_A)
        };
        let per_d = 1.0 / length_d;
        let mut unit = [0.0; 3];
        if head {
            unit = [delta.x * per_d, delta.y * per_d, delta.z * per_d];
            if delta.z != 0.0 {
                let ratio = length_d / delta.z.abs();
                top_v = top_v.min(l.max_z_velocity * ratio);
                accel_a = accel_a.min(l.max_z_accel * ratio);
            }
            if let Some(rim) = &l.rim {
                let from_middle2 = |p: Point3| p.x * p.x + p.y * p.y;
                let share = rim.share(from_middle2(from), from_middle2(to));
                if share < 1.0 {
                    top_v = top_v.min(rim.max_velocity * share);
                    accel_a = accel_a.min(rim.max_accel * share);
                }
            }
        }
        let filament_r = filament_d * per_d;
        let mut filament_corner_v = f64::INFINITY;
        if let Some(e) = &l.extruder {
            filament_corner_v = e.corner_velocity;
            let alone = !head || delta.x == 0.0 && delta.y == 0.0;
            if filament_r != 0.0 && (alone || filament_r < 0.0) {
                let ratio = filament_r.abs();
                top_v = top_v.min(e.max_only_velocity / ratio);
                accel_a = accel_a.min(e.max_only_accel / ratio);
            }
        }
        if top_v < SLOWEST_V {
            top_v = SLOWEST_V;
        }
        let delta_v2 = 2.0 * length_d * accel_a;
        let mut joint = Joint {
            unit,
            filament_r,
            head,
            deviation_v2: self.deviation_d * accel_a,
            cruise_v2: top_v * top_v,
            delta_v2,
            gentle_delta_v2: least(delta_v2, 2.0 * length_d * self.gentle_a),
            start_v2: 0.0,
            gentle_start_v2: 0.0,
        };
        if let Some(last) = &self.last {
            joint.meet(last, filament_corner_v);
        }
        self.last = Some(joint);
        let times = &mut self.tally.times;
        times.filament_mm += filament_d;
        times.blocks += 1;
        let block = Block {
            length_d,
            accel_a,
            cruise_v2: joint.cruise_v2,
            delta_v2,
            gentle_delta_v2: joint.gentle_delta_v2,
            start_v2: joint.start_v2,
            gentle_start_v2: joint.gentle_start_v2,
            beam,
            mark: self.tally.mark,
        };
        if head {
            times.add_point(beam, to);
            self.at = to;
        }
        self.ahead.push(block, &mut self.tally);
        head.then_some((from, length_d))
    }

    fn set(&mut self, setting: &Setting) {
        let put = |slot: &mut f64, v: Option<f64>| *slot = v.unwrap_or(*slot);
        match *setting {
            Setting::Head {
                velocity,
                accel,
                minimum_cruise_ratio,
                square_corner_velocity,
            } => {
                let l = &mut self.limits;
                put(&mut l.max_velocity, velocity);
                put(&mut l.max_accel, accel);
                put(&mut l.minimum_cruise_ratio, minimum_cruise_ratio);
                put(&mut l.square_corner_velocity, square_corner_velocity);
                self.derive();
            }
            Setting::GentleAcceleration(a) if self.limits.accel_to_decel => {
                self.limits.minimum_cruise_ratio = 1.0 - (a / self.limits.max_accel).min(1.0);
                self.derive();
            }
            // The host refuses factors that are not above 0.
            Setting::FeedFactor(f) if f > 0.0 => self.feed_factor = f,
            Setting::FlowFactor(f) if f > 0.0 => self.flow_factor = f,
            Setting::Retraction {
                length,
                speed,
                extra,
                return_speed,
                hop: _,
            } => {
                if let Some(r) = &mut self.limits.retraction {
                    put(&mut r.length, length);
                    put(&mut r.speed, speed);
                    put(&mut r.extra, extra);
                    put(&mut r.return_speed, return_speed);
                    self.retracted = false;
                }
            }
            // It knows no others.
            _ => {}
        }
    }

    /// G10 and G11: a move of filament in text, with five decimals and a whole F.
    fn retract(&mut self, back: bool) {
        let Some(r) = &self.limits.retraction else {
            return;
        };
        if self.retracted == back {
            return;
        }
        let (filament_d, v) = if back {
            (-r.length, r.speed)
        } else {
            (r.length + r.extra, r.return_speed)
        };
        let filament_d = (filament_d * 1e5).round() / 1e5 * self.flow_factor;
        let asked_v = (v * 60.0).trunc() / 60.0 * self.feed_factor;
        self.retracted = back;
        let _ = self.line(self.at, filament_d, asked_v, Beam::Stopped);
    }
}

impl Planner for KlipperPlanner {
    fn push(&mut self, command: &Command) {
        match command {
            Command::Move(m) => self.go(m),
            Command::Setting(setting) => self.set(setting),
            Command::Retract { back } => self.retract(*back),
            Command::Place(at) => {
                self.stop();
                self.at = *at;
            }
            Command::Dwell { seconds } => {
                self.stop();
                self.tally.dwelt(*seconds);
            }
            Command::Wait(wait) => {
                match wait {
                    Wait::Offsets | Wait::End | Wait::Macro => {}
                    Wait::Motors => {
                        self.stop();
                        self.tally.stopped(MOTORS_OFF_T);
                    }
                    _ => self.stop(),
                }
                self.tally.waits(*wait);
            }
            // It has no spindle, no coolant and no other axes.
            Command::SpindleMode(_)
            | Command::SpindleSpeed { .. }
            | Command::MotionMode { .. }
            | Command::Axes(_)
            | Command::Coolant { .. } => {}
        }
    }

    tallied!(stop);
}
