//! Smoothieware's planner. It was written from what is known of its rules, and was never
//! checked against the firmware.
//!
//! It is GRBL's of before 1.0, with limits of its own:
//!
//! - A move has the acceleration of the head, or less where one of X, Y and Z has less.
//!   Filament limits the speed of every move, and the acceleration of its own alone,
//!   which are as long as the filament.
//! - Corners go by junction deviation with the later move's acceleration; moves in Z
//!   alone may have a deviation of their own. Before and after filament alone the machine
//!   stops.
//! - G0 goes at a speed of its own, which F sets on a line with it.
//! - Chords of an arc are as long as the greatest error allows.
//!
//! # Limits
//! Extruders that are limited by volume, delta machines, lines that are cut into pieces,
//! a least planner speed and what a G10 draws back are not modelled.

#[cfg(test)]
mod tests;

use super::queue::{Block, Queue, Single};
use super::sweep::Sweep;
use super::tally::{Tally, tallied};
use super::{Arc, Beam, Command, Move, Planner, Rate, Setting, Wait};
use crate::geom::Point3;
use crate::machine::{Machine, Smoothieware};

/// Values of X, Y, Z and filament.
type Axes = [f64; 4];

/// Beyond these cosines two blocks are in line, or the reverse of each other.
const IN_LINE_COS: f64 = 0.9999;
/// The most chords of an arc: finer ones are as long as it to 4e-7.
const MOST_CHORDS: f64 = 2048.0;

/// The planner of Smoothieware, written from its rules and not checked against it.
///
/// Junction deviation as GRBL has it, with limits of its own. Deltas, limits of volume and
/// firmware retraction are not modelled.
///
/// Constant memory; a block costs O(1) where corners or a steady feed bound the speed, and
/// O(blocks in the queue) at worst.
#[derive(Clone, Debug)]
pub struct SmoothiewarePlanner {
    steps_per_mm: Axes,
    max_v: Axes,
    max_a: Axes,
    accel_a: f64,
    deviation_d: f64,
    z_deviation_d: Option<f64>,
    arc_tolerance_d: f64,
    arc_segment_d: f64,
    seek_v: f64,
    feed_factor: f64,
    flow_factor: f64,
    tally: Tally,
    queue: Queue,
    /// The newest block; `None` at rest, and behind one of filament alone.
    last: Option<Leg>,
    /// Where the head was told to be, mm.
    at: Point3,
    /// Where the last block ends, mm and steps.
    from: Axes,
    steps: Axes,
    /// Filament fed so far, mm.
    fed_d: f64,
}

/// A block as corners see it.
#[derive(Clone, Copy, Debug)]
struct Leg {
    unit: [f64; 3],
    nominal_v: f64,
}

impl SmoothiewarePlanner {
    /// A planner for a machine that runs Smoothieware with these settings, at rest at the
    /// origin.
    #[must_use]
    pub fn new(machine: &Machine, limits: &Smoothieware) -> Self {
        let with = |xyz: &[f64; 3], e| [xyz[0], xyz[1], xyz[2], e];
        Self {
            steps_per_mm: with(&machine.steps_per_mm, limits.filament_steps_per_mm),
            max_v: with(&machine.max_rate, limits.filament_max_rate),
            max_a: with(&machine.acceleration, limits.filament_acceleration),
            accel_a: limits.acceleration,
            deviation_d: machine.junction_deviation,
            z_deviation_d: limits.z_junction_deviation,
            arc_tolerance_d: machine.arc_tolerance,
            arc_segment_d: limits.arc_segment,
            seek_v: limits.seek_speed,
            feed_factor: 1.0,
            flow_factor: 1.0,
            tally: Tally::default(),
            queue: Queue::new(machine.planner_blocks),
            last: None,
            at: Point3::default(),
            from: [0.0; 4],
            steps: [0.0; 4],
            fed_d: 0.0,
        }
    }

    /// All blocks run, the last one to standstill.
    fn sync(&mut self) {
        if self.queue.drain(&mut self.tally) {
            self.last = None;
            self.tally.stopped(0.0);
        }
    }

    fn go(&mut self, m: &Move) {
        let fed_d = m.filament * self.flow_factor;
        self.tally.times.filament_mm += fed_d;
        let length_d = self.at.distance(m.to);
        if let Some(arc) = &m.arc {
            self.arc(m, arc, fed_d);
        } else {
            self.tally.commanded(m.beam, self.at, length_d);
            self.line(m.to, fed_d, self.asked_v(m.rate, length_d), m.beam);
        }
    }

    fn asked_v(&self, rate: Rate, length_d: f64) -> f64 {
        self.feed_factor
            * match rate {
                Rate::Rapid => self.seek_v,
                Rate::Feed(v) => v,
                Rate::Inverse(f) => f * length_d,
            }
    }

    fn arc(&mut self, m: &Move, arc: &Arc, fed_d: f64) {
        let sweep = Sweep::new(self.at, m.to, arc);
        let length_d = sweep.length_d();
        self.tally.commanded(m.beam, self.at, length_d);
        let asked_v = self.asked_v(m.rate, length_d);
        let off_d = self.arc_tolerance_d;
        let chord_d = 2.0 * (off_d * (2.0 * sweep.radius - off_d)).max(0.0).sqrt();
        let count = (length_d / chord_d.max(self.arc_segment_d)).ceil();
        let count = count.clamp(1.0, MOST_CHORDS);
        for (_, p) in sweep.chords(count) {
            self.line(p, fed_d / count, asked_v, m.beam);
        }
        self.line(m.to, fed_d / count, asked_v, m.beam);
    }

    /// One straight piece from where the last block ends; what makes no step is left to
    /// the next.
    fn line(&mut self, to: Point3, fed_d: f64, asked_v: f64, beam: Beam) {
        self.tally.times.add_point(beam, to);
        self.at = to;
        self.fed_d += fed_d;
        let place = [to.x, to.y, to.z, self.fed_d];
        let target: Axes = std::array::from_fn(|i| (place[i] * self.steps_per_mm[i]).round());
        let moves: [bool; 4] = std::array::from_fn(|i| (target[i] - self.steps[i]).abs() > 0.5);
        if !moves.contains(&true) || asked_v <= 0.0 {
            return;
        }
        let mut d: Axes = std::array::from_fn(|i| place[i] - self.from[i]);
        (self.from, self.steps) = (place, target);
        let head = moves[0] || moves[1] || moves[2];
        if !head {
            d = [0.0, 0.0, 0.0, d[3]];
        }
        let length_d = if head {
            Point3::new(d[0], d[1], d[2]).norm()
        } else {
            d[3].abs()
        };
        if length_d == 0.0 {
            return;
        }
        let share = d.map(|d| d.abs() / length_d);
        let (mut accel_a, mut nominal_v) = (self.accel_a, asked_v);
        for (i, share) in share.iter().enumerate() {
            if nominal_v * share > self.max_v[i] {
                nominal_v = self.max_v[i] / share;
            }
            let limits = i < 3 || !head;
            if limits && accel_a * share > self.max_a[i] {
                accel_a = self.max_a[i] / share;
            }
        }
        let leg = head.then(|| Leg {
            unit: [d[0], d[1], d[2]].map(|d| d / length_d),
            nominal_v,
        });
        let deviation_d = match self.z_deviation_d {
            Some(z_d) if !moves[0] && !moves[1] => z_d,
            _ => self.deviation_d,
        };
        let cap_v2 = match (&self.last, &leg) {
            (Some(before), Some(leg)) => corner_v2(before, leg, accel_a, deviation_d),
            _ => 0.0,
        };
        self.last = leg;
        let block = Block {
            length_d,
            accel_a,
            nominal_v,
            beam,
            mark: self.tally.mark,
            steps: 0.0,
            single: Single::default(),
        };
        self.queue.push(block, cap_v2, &mut self.tally);
    }
}

/// Square of the speed of a corner, mm²/s²: the circle that leaves it by the deviation is
/// run at the acceleration (S. Jeon, "Improving Grbl: Cornering Algorithm", 2011).
fn corner_v2(before: &Leg, leg: &Leg, accel_a: f64, deviation_d: f64) -> f64 {
    let [a, b] = [&before.unit, &leg.unit];
    let cos = -(a[0] * b[0] + a[1] * b[1] + a[2] * b[2]);
    if cos > IN_LINE_COS || deviation_d <= 0.0 {
        return 0.0;
    }
    let most_v = before.nominal_v.min(leg.nominal_v);
    if cos < -IN_LINE_COS {
        return most_v * most_v;
    }
    let sin_half = (0.5 * (1.0 - cos)).sqrt();
    (accel_a * deviation_d * sin_half / (1.0 - sin_half)).min(most_v * most_v)
}

impl Planner for SmoothiewarePlanner {
    fn push(&mut self, command: &Command) {
        match command {
            Command::Move(m) => self.go(m),
            Command::Setting(setting) => self.set(setting),
            Command::Place(at) => {
                self.sync();
                self.at = *at;
                self.from = [at.x, at.y, at.z, self.fed_d];
                self.steps = std::array::from_fn(|i| (self.from[i] * self.steps_per_mm[i]).round());
            }
            Command::Dwell { seconds } => {
                self.sync();
                self.tally.dwelt(*seconds);
            }
            // Offsets change what places mean, and stop nothing.
            Command::Wait(Wait::Offsets) => {}
            Command::Wait(wait) => {
                self.sync();
                self.tally.waits(*wait);
            }
            Command::SpindleMode(_) | Command::Coolant { .. } => self.sync(),
            Command::SpindleSpeed { .. }
            | Command::MotionMode { .. }
            | Command::Axes(_)
            | Command::Retract { .. } => {}
        }
    }

    tallied!(sync);
}

impl SmoothiewarePlanner {
    fn set(&mut self, setting: &Setting) {
        let put = |slot: &mut f64, v: Option<f64>| {
            if let Some(v) = v.filter(|v| *v > 0.0) {
                *slot = v;
            }
        };
        match setting {
            Setting::Acceleration { print, .. } => put(&mut self.accel_a, *print),
            Setting::AxisRate(rates) => {
                let slots = self.max_v.iter_mut();
                slots.zip(rates).for_each(|(slot, v)| put(slot, *v));
            }
            Setting::JunctionDeviation(mm) => self.deviation_d = mm.max(0.0),
            Setting::SeekSpeed(v) => put(&mut self.seek_v, Some(*v)),
            Setting::FeedFactor(f) => put(&mut self.feed_factor, Some(*f)),
            Setting::FlowFactor(f) => put(&mut self.flow_factor, Some(*f)),
            _ => {}
        }
    }
}
