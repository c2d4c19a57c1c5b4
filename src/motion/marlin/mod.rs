//! Marlin 2.1's planner: how long its firmware takes for a stream of commands.
//!
//! The model is that of the firmware's planner (2.1.x of 2023), with an ideal
//! trapezoid on the speeds that it plans. What of it differs from other planners:
//!
//! - Targets are rounded to whole steps. A block in which no axis makes 6 steps or
//!   more is not run; the next one starts from where it began. One in which X, Y and Z
//!   all make fewer has the length of its filament.
//! - The filament is an axis like the others: it limits speed, acceleration and
//!   corners. Only a block of filament alone has the acceleration of retractions and no
//!   limit of the axis beside it.
//! - A block that feeds any filament, forth or back, has the acceleration of prints,
//!   others that of travel.
//! - While 2 to 7 blocks wait (of 16), one of less than 20 ms is made to last longer:
//!   so after each stop, until the ring has filled again.
//! - Corners go by classic jerk or by junction deviation ([`corner`]), arcs by chords
//!   ([`arc`]), and standstill is 0.05 mm/s ([`lookahead`]).
//! - G92, M204 and their kin do not stop the machine; what waits for heat, a dwell,
//!   M400 and homing does.
//!
//! # Limits
//! Under classic jerk a lower limit may make a job shorter, as in the firmware: a corner
//! at which both blocks could stop at once is taken at the later block's safe speed,
//! whatever the axes do there, and a lower limit may be what makes it such a corner.
//!
//! Not modelled: input shaping and fixed-time motion, linear advance, which lowers
//! accelerations, and a ring that runs empty because lines come too slowly. S-curves do
//! not change the time. In steps the firmware is up to 1 % off the ideal trapezoid, and
//! builds from before 2.1 have other arcs.
//!
//! [`lookahead`]: self::lookahead

mod arc;
mod corner;
mod lookahead;
mod retract;
pub(super) mod settings;
#[cfg(test)]
mod tests;

use super::tally::{Tally, tallied};
use super::{Beam, Command, Move, Planner, Rate, Setting, Wait};
use crate::geom::Point3;
use crate::machine::{Corners, Machine, Marlin};
use corner::Leg;
use lookahead::{Block, Lookahead, REST_V};
use settings::Settings;

/// Values of X, Y, Z and E.
type Axes = [f64; 4];

/// A block in which no axis makes so many steps is not run (`MIN_STEPS_PER_SEGMENT`).
const LEAST_STEPS: f64 = 6.0;
/// Places of the filament that are no further apart are the same.
const SAME_E: f64 = 1e-6;
/// Places and lengths are counted in steps of 32 bits; the greatest that single
/// precision holds below that.
const MOST_STEPS: f64 = 2_147_483_520.0;

/// The planner of Marlin 2.1, with an ideal trapezoid on the speeds that it plans.
///
/// What is Marlin's own: targets are rounded to steps, and a block of fewer than 6 in
/// every axis waits for the next; filament is an axis like the others; accelerations go
/// by what a block does (print, retraction, travel); corners go by classic jerk or
/// junction deviation; standstill is 0.05 mm/s; while 2 to 7 blocks wait, blocks of
/// less than 20 ms last longer; G92 does not stop the machine. Under classic jerk a lower
/// limit may make a job shorter, as in the firmware.
///
/// Input shaping, linear advance and lines that come too slowly are not modelled, and in
/// steps the firmware is up to 1 % off an ideal trapezoid.
///
/// Constant memory. Each block is planned anew for at most as many later ones as the
/// ring holds, for few of them where blocks are long enough to brake in.
#[derive(Clone, Debug)]
pub struct MarlinPlanner {
    s: Settings,
    tally: Tally,
    ahead: Lookahead,
    /// The newest block; `None` at rest.
    last: Option<Leg>,
    /// Where the head was told to be, mm.
    at: Point3,
    /// Where the filament was told to be, in the program's unit.
    e: f64,
    /// Where the axes are planned to be, steps.
    steps: Axes,
    /// What the firmware has drawn back (G10), mm, and lifted, mm.
    drawn_back_d: f64,
    is_drawn_back: bool,
    lift_d: f64,
    /// The last feed above 0, mm/s.
    feed_v: f64,
}

/// How a block goes beside its place and speed.
#[derive(Clone, Copy, Debug, Default)]
struct Hints {
    /// The radius of the arc whose chord it is, and the chord before it, mm.
    radius: Option<f64>,
    /// Square of the speed at which it may end for as long as none follows.
    end_v2: f64,
}

impl MarlinPlanner {
    /// A planner for a machine that runs Marlin with these settings, at rest at the
    /// origin.
    #[must_use]
    pub fn new(machine: &Machine, marlin: &Marlin) -> Self {
        Self {
            s: Settings::new(machine, marlin),
            tally: Tally::default(),
            ahead: Lookahead::new(machine.planner_blocks),
            last: None,
            at: Point3::default(),
            e: 0.0,
            steps: [0.0; 4],
            drawn_back_d: 0.0,
            is_drawn_back: false,
            lift_d: 0.0,
            feed_v: REST_V,
        }
    }

    /// All blocks run, the last one to standstill.
    fn sync(&mut self) {
        self.ahead.drain(&mut self.tally);
        self.last = None;
    }

    fn go(&mut self, m: &Move) {
        self.tally.times.filament_mm += m.filament * self.s.filament_factor();
        if let Rate::Feed(v) = m.rate
            && v > 0.0
        {
            self.feed_v = v;
        }
        if let Some(arc) = &m.arc {
            self.arc(m, arc);
        } else {
            let length_d = self.at.distance(m.to);
            self.tally.commanded(m.beam, self.at, length_d);
            self.e += m.filament;
            let feed_v = match m.rate {
                Rate::Inverse(f) => f * length_d,
                Rate::Feed(_) => self.feed_v,
                // Firmware with rapids of its own: more than the axes allow together.
                Rate::Rapid => self.s.max_v[..3].iter().sum(),
            };
            let factor = if m.rate == Rate::Rapid {
                1.0
            } else {
                self.s.feed_factor
            };
            let feed_v = feed_v * factor;
            self.line(
                m.to,
                feed_v,
                m.beam,
                self.s.filament_factor(),
                Hints::default(),
            );
        }
        self.at = m.to;
    }

    /// One straight piece to the nearest whole steps, with the filament at `self.e`.
    fn line(&mut self, to: Point3, feed_v: f64, beam: Beam, filament_factor: f64, hints: Hints) {
        self.tally.times.add_point(beam, to);
        let s = &self.s;
        let target = self.target(to);
        let steps: Axes = std::array::from_fn(|i| target[i] - self.steps[i]);
        let fed = (steps[3] * filament_factor).clamp(-MOST_STEPS, MOST_STEPS);
        let fed_steps = (fed.abs() + 0.5).floor();
        let head_steps = steps[0].abs().max(steps[1].abs()).max(steps[2].abs());
        if head_steps.max(fed_steps) < LEAST_STEPS {
            return;
        }
        self.steps = target;
        let d: Axes = [
            steps[0] / s.steps_per_mm[0],
            steps[1] / s.steps_per_mm[1],
            steps[2] / s.steps_per_mm[2],
            fed / s.steps_per_mm[3],
        ];
        let length_d = if head_steps < LEAST_STEPS {
            d[3].abs()
        } else {
            (d[0] * d[0] + d[1] * d[1] + d[2] * d[2]).sqrt()
        };
        let feeds = fed_steps > 0.0;
        let least_v = if feeds {
            s.least_print_v
        } else {
            s.least_travel_v
        };
        let mut rate_t = s.slowed(feed_v.max(least_v) / length_d, self.ahead.waiting());
        let mut accel_a = match (head_steps > 0.0, feeds) {
            (false, _) => s.retract_a,
            (true, true) => s.print_a,
            (true, false) => s.travel_a,
        };
        for i in 0..4 {
            let d = d[i].abs();
            if d * rate_t > s.max_v[i] {
                rate_t = s.max_v[i] / d;
            }
            let moves = i < 3 || feeds;
            if head_steps > 0.0 && moves && accel_a * d > s.max_a[i] * length_d {
                accel_a = s.max_a[i] * length_d / d;
            }
        }
        let nominal_v = rate_t * length_d;
        let mut leg = Leg {
            speed: d.map(|d| d * rate_t),
            unit: [0.0; 4],
            nominal_v,
            safe_v: 0.0,
        };
        let cap_v2 = match s.corners {
            Corners::Jerk(jerk) => {
                leg.safe_v = corner::safe_v(&leg.speed, nominal_v, &jerk);
                let cap_v = match &self.last {
                    Some(before) => corner::jerk_v(before, &leg, &jerk),
                    None => leg.safe_v,
                };
                cap_v * cap_v
            }
            Corners::Deviation(deviation) => {
                let norm = if feeds { corner::norm(&d) } else { length_d };
                leg.unit = d.map(|d| d / norm);
                self.last.as_ref().map_or(0.0, |before| {
                    let v = nominal_v.min(before.nominal_v);
                    let junction = corner::Junction {
                        length_d,
                        accel_a,
                        limits_a: &s.max_a,
                        deviation,
                        radius: hints.radius,
                    };
                    corner::deviation_v2(&before.unit, &leg.unit, &junction).min(v * v)
                })
            }
        };
        self.last = Some(leg);
        let block = Block {
            length_d,
            accel_a,
            nominal_v,
            cap_v2,
            steps_per_mm: head_steps.max(fed_steps) / length_d,
            beam,
            mark: self.tally.mark,
        };
        self.ahead.push(block, hints.end_v2, &mut self.tally);
    }

    /// The filament is said to be at `e` (G92 E), unless it is there already. Its steps
    /// are told anew when its turn comes, which takes a place in the ring; what was less
    /// than a step is forgotten.
    fn place_filament(&mut self, e: f64) {
        if (e - self.e).abs() <= SAME_E {
            return;
        }
        self.e = e;
        self.steps[3] = self.target(self.at)[3];
        self.ahead.push_mark(&mut self.tally);
    }

    /// The whole steps of a place, in the single precision that the firmware counts in:
    /// many coordinates of three decimals lie right between two steps.
    fn target(&self, to: Point3) -> Axes {
        let place = [to.x, to.y, to.z + self.lift_d, self.e - self.drawn_back_d];
        std::array::from_fn(|i| {
            let steps = place[i] as f32 * self.s.steps_per_mm[i] as f32;
            // The firmware counts in 32 bits.
            f64::from(steps.round()).clamp(-MOST_STEPS, MOST_STEPS)
        })
    }
}

impl Planner for MarlinPlanner {
    fn push(&mut self, command: &Command) {
        match command {
            Command::Move(m) => self.go(m),
            Command::Retract { back } => self.retract(*back),
            Command::Setting(Setting::FilamentPlace(e)) => self.place_filament(*e),
            Command::Setting(setting) => {
                if self.s.set(setting) {
                    self.steps = self.target(self.at);
                }
            }
            Command::Place(at) => {
                self.sync();
                self.at = *at;
                let filament = self.steps[3];
                self.steps = self.target(*at);
                self.steps[3] = filament;
            }
            Command::Dwell { seconds } => {
                self.sync();
                self.tally.dwelt(*seconds);
            }
            // What places of the head mean changes nothing here.
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
