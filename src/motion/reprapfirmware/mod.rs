//! RepRapFirmware 3's planner. It was written from what is known of its rules, and was
//! never checked against the firmware.
//!
//! - Acceleration and speed of a move are the most that no axis is above its own limit
//!   at, filament among them. Moves in X or Y have at most the acceleration of prints or
//!   of travel beside (M204); others have not.
//! - A move that only feeds filament is as long as the filament.
//! - Moves go into each other only where both are of one kind: printing or not, in X
//!   or Y or not, filament alone or not. Between others the machine stops, unless the
//!   jerk policy (M566 P) is other than 0.
//! - At a corner no axis changes its speed by more than its jerk (M566). A machine at
//!   rest begins from standstill.
//! - Speeding up and braking are as strong.
//! - Arcs are chords of 0.02 to 1 mm: 5 µm off the circle, or 200 a second where that
//!   is longer.
//!
//! # Limits
//! The firmware fixes moves by the time that they take, some tens of milliseconds before
//! they run; here it is by their number. Pressure advance, which lowers accelerations,
//! input shaping, and kinematics with limits of their own are not modelled.

#[cfg(test)]
mod tests;

use super::marlin::settings::Settings;
use super::queue::{Block, Queue, Single};
use super::sweep::Sweep;
use super::tally::{Tally, tallied};
use super::{Arc, Beam, Command, Move, Planner, Rate, Setting, Wait};
use crate::geom::Point3;
use crate::machine::{Machine, RepRapFirmware};

/// Values of X, Y, Z and filament.
type Axes = [f64; 4];

/// How far chords are off their circle, mm, and how many there are a second.
const CHORD_OFF_D: f64 = 0.005;
const CHORD_RATE: f64 = 200.0;
/// Shortest and longest chord, mm.
const LEAST_CHORD_D: f64 = 0.02;
const MOST_CHORD_D: f64 = 1.0;
/// The most chords of an arc: of 2 m and more they are longer than the firmware's.
const MOST_CHORDS: f64 = 2048.0;

/// The planner of RepRapFirmware 3, written from its rules and not checked against it.
///
/// Filament is an axis like the others; moves of different kinds stop between each other
/// unless the jerk policy says otherwise; corners go by jerk. Pressure advance, input
/// shaping and limits of the kinematics are not modelled.
///
/// Constant memory; a block costs O(1) where corners or a steady feed bound the speed, and
/// O(blocks in the queue) at worst.
#[derive(Clone, Debug)]
pub struct RepRapFirmwarePlanner {
    s: Settings,
    joins_all: bool,
    least_v: f64,
    tally: Tally,
    queue: Queue,
    /// The newest block; `None` at rest.
    last: Option<Leg>,
    /// Where the head was told to be, mm, and where it and the filament are in steps.
    at: Point3,
    steps: Axes,
    /// Filament fed so far, mm.
    fed_d: f64,
    is_drawn_back: bool,
    lift_d: f64,
    /// The last feed above 0, mm/s.
    feed_v: f64,
}

/// A block as corners see it.
#[derive(Clone, Copy, Debug)]
struct Leg {
    /// What each axis moves for 1 mm.
    unit: Axes,
    nominal_v: f64,
    kind: Kind,
}

/// What must be the same of two moves that go into each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Kind {
    prints: bool,
    in_xy: bool,
    filament_only: bool,
}

impl RepRapFirmwarePlanner {
    /// A planner for a machine that runs RepRapFirmware with these settings, at rest at
    /// the origin.
    #[must_use]
    pub fn new(machine: &Machine, limits: &RepRapFirmware) -> Self {
        Self {
            s: Settings::of_reprapfirmware(machine, limits),
            joins_all: limits.joins_all,
            least_v: limits.least_speed,
            tally: Tally::default(),
            queue: Queue::new(machine.planner_blocks),
            last: None,
            at: Point3::default(),
            steps: [0.0; 4],
            fed_d: 0.0,
            is_drawn_back: false,
            lift_d: 0.0,
            feed_v: limits.least_speed,
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
        let fed_d = m.filament * self.s.filament_factor();
        self.tally.times.filament_mm += fed_d;
        if let Rate::Feed(v) = m.rate
            && v > 0.0
        {
            self.feed_v = v;
        }
        if let Some(arc) = &m.arc {
            self.arc(m, arc, fed_d);
        } else {
            let length_d = self.at.distance(m.to);
            self.tally.commanded(m.beam, self.at, length_d);
            self.line(m.to, fed_d, self.asked_v(m.rate, length_d), m.beam);
        }
    }

    fn asked_v(&self, rate: Rate, length_d: f64) -> f64 {
        match rate {
            Rate::Rapid => f64::INFINITY,
            Rate::Feed(_) => self.feed_v * self.s.feed_factor,
            Rate::Inverse(f) => f * length_d * self.s.feed_factor,
        }
    }

    fn arc(&mut self, m: &Move, arc: &Arc, fed_d: f64) {
        let sweep = Sweep::new(self.at, m.to, arc);
        self.tally.commanded(m.beam, self.at, sweep.length_d());
        let asked_v = self.asked_v(m.rate, sweep.length_d());
        let chord_d = (8.0 * sweep.radius * CHORD_OFF_D)
            .sqrt()
            .min(asked_v / CHORD_RATE)
            .clamp(LEAST_CHORD_D, MOST_CHORD_D);
        let count = (sweep.flat_d / chord_d).ceil().clamp(1.0, MOST_CHORDS);
        for (_, p) in sweep.chords(count) {
            self.line(p, fed_d / count, asked_v, m.beam);
        }
        self.line(m.to, fed_d / count, asked_v, m.beam);
    }

    /// One straight piece; none where neither the head nor the filament makes a step.
    fn line(&mut self, to: Point3, fed_d: f64, asked_v: f64, beam: Beam) {
        self.tally.times.add_point(beam, to);
        let by = to - self.at;
        self.at = to;
        self.piece([by.x, by.y, by.z, fed_d], asked_v, beam);
    }

    /// A piece to `self.at` by `d` mm.
    fn piece(&mut self, mut d: Axes, asked_v: f64, beam: Beam) {
        self.fed_d += d[3];
        let target = self.target();
        let moves: [bool; 4] = std::array::from_fn(|i| (target[i] - self.steps[i]).abs() > 0.5);
        self.steps = target;
        if !moves.contains(&true) {
            return;
        }
        let in_xy = moves[0] || moves[1];
        let head = in_xy || moves[2];
        let length_d = if head {
            Point3::new(d[0], d[1], d[2]).norm()
        } else {
            d = [0.0, 0.0, 0.0, d[3]];
            d[3].abs()
        };
        if length_d == 0.0 {
            return;
        }
        let unit = d.map(|d| d / length_d);
        let kind = Kind {
            prints: in_xy && d[3] > 0.0,
            in_xy,
            filament_only: !head,
        };
        let mut accel_a = match kind {
            Kind { prints: true, .. } => self.s.print_a,
            Kind { in_xy: true, .. } => self.s.travel_a,
            _ => f64::INFINITY,
        };
        let mut limit_v = f64::INFINITY;
        for (i, share) in unit.iter().enumerate() {
            let share = share.abs();
            if share > 0.0 {
                accel_a = accel_a.min(self.s.max_a[i] / share);
                limit_v = limit_v.min(self.s.max_v[i] / share);
            }
        }
        let nominal_v = asked_v.max(self.least_v).min(limit_v);
        let leg = Leg {
            unit,
            nominal_v,
            kind,
        };
        let cap_v = match &self.last {
            Some(before) if self.joins_all || before.kind == kind => self.corner_v(before, &leg),
            _ => 0.0,
        };
        self.last = Some(leg);
        let block = Block {
            length_d,
            accel_a,
            nominal_v,
            beam,
            mark: self.tally.mark,
            steps: 0.0,
            single: Single::default(),
        };
        self.queue.push(block, cap_v * cap_v, &mut self.tally);
    }

    /// The greatest speed at which no axis changes its own by more than its jerk, mm/s.
    fn corner_v(&self, before: &Leg, leg: &Leg) -> f64 {
        let mut corner_v = before.nominal_v.min(leg.nominal_v);
        for (i, jerk) in self.s.jerk().iter().enumerate() {
            let turn = (before.unit[i] - leg.unit[i]).abs();
            if turn * corner_v > *jerk {
                corner_v = jerk / turn;
            }
        }
        corner_v
    }

    fn target(&self) -> Axes {
        let place = [self.at.x, self.at.y, self.at.z + self.lift_d, self.fed_d];
        std::array::from_fn(|i| (place[i] * self.s.steps_per_mm[i]).round())
    }

    /// Draws the filament back and then lifts the head (G10), or undoes both in reverse
    /// (G11). A second one in a row does nothing.
    fn retract(&mut self, back: bool) {
        let Some(r) = self.s.retraction else {
            return;
        };
        if self.is_drawn_back == back {
            return;
        }
        self.is_drawn_back = back;
        if back {
            self.feed(-r.length, r.speed);
            self.lift(r.hop);
        } else {
            self.lift(0.0);
            self.feed(r.length + r.extra, r.return_speed);
        }
    }

    fn feed(&mut self, fed_d: f64, speed_v: f64) {
        self.tally.times.filament_mm += fed_d;
        self.piece([0.0, 0.0, 0.0, fed_d], speed_v, Beam::Rapid);
    }

    /// Lifts the head to so much above its place, as fast as Z goes.
    fn lift(&mut self, lift_d: f64) {
        let by_d = lift_d - self.lift_d;
        self.lift_d = lift_d;
        if by_d != 0.0 {
            self.tally.commanded(Beam::Rapid, self.at, by_d.abs());
            self.piece([0.0, 0.0, by_d, 0.0], self.s.max_v[2], Beam::Rapid);
        }
    }
}

impl Planner for RepRapFirmwarePlanner {
    fn push(&mut self, command: &Command) {
        match command {
            Command::Move(m) => self.go(m),
            Command::Retract { back } => self.retract(*back),
            Command::Setting(Setting::JoinsAll(joins)) => self.joins_all = *joins,
            Command::Setting(setting) => {
                if self.s.set(setting) {
                    self.steps = self.target();
                }
            }
            Command::Place(at) => {
                self.sync();
                self.at = *at;
                self.steps = self.target();
            }
            Command::Dwell { seconds } => {
                self.sync();
                self.tally.dwelt(*seconds);
            }
            // G92 of the filament stops nothing.
            Command::Wait(Wait::Offsets) => {}
            Command::Wait(wait) => {
                self.sync();
                self.tally.waits(*wait);
            }
            Command::SpindleMode(_) | Command::Coolant { .. } => self.sync(),
            Command::SpindleSpeed { .. } | Command::MotionMode { .. } | Command::Axes(_) => {}
        }
    }

    tallied!(sync);
}
