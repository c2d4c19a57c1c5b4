//! GRBL 1.1's planner: how long its firmware takes for a stream of commands.
//!
//! The model is that of the firmware, in double precision where single precision decides
//! nothing: targets rounded to steps, per-axis limits along each straight piece, junction
//! speeds by junction deviation, a plan over the blocks that the ring buffer holds with
//! standstill at its end, and a full stop wherever the firmware drains the buffer. How a
//! planned block runs is reckoned in single precision. A block's
//! exit speed is fixed when it begins to run; what comes later cannot change it.
//!
//! # Words
//! - *block*: one straight piece in the planner.
//! - *cap*: the greatest speed at which a block may be entered.
//! - *sync*: the firmware waits until all blocks have run.

mod chords;
mod segments;
mod single;

use super::queue::{Block, Queue, Single};
use super::tally::{Tally, tallied};
use super::{Arc, Beam, Command, Move, Planner, Rate, SpindleMode};
use crate::geom::{Point, Point3};
use crate::machine::{Firmware, Machine};
use chords::Chords;

/// GRBL never plans slower than this, mm/s (1 mm/min).
const MIN_FEED_V: f64 = 1.0 / 60.0;
/// Dwells, and grblHAL's waits for spindle and coolant, are made in whole steps of so many seconds.
const DWELL_STEP_T: f64 = 0.05;
/// The most chords of an arc. The firmware goes up to 65535; from here on they are so
/// fine that their length is that of the arc to 4e-7, and no corner between them
/// slows a machine down.
const MOST_CHORDS: u16 = 2048;
/// By this share of it at most the firmware's number of steps differs from the true one.
const SINGLE: f64 = 4e-7;
/// Beyond these cosines two blocks are in line, or the reverse of each other.
const IN_LINE_COS: f64 = 0.999_999;

/// The planner of GRBL 1.1 and, with another depth, no idle lock, no least step rate and
/// waits for spindle and coolant, grblHAL.
///
/// Constant memory; a block costs O(1) where corners or a steady feed bound the speed, and
/// O(blocks in the buffer) at worst.
#[derive(Clone, Debug)]
pub struct GrblPlanner {
    machine: Machine,
    /// Shares of feeds and of rapids that are run.
    feed: f64,
    rapid: f64,
    tally: Tally,
    /// What is asked of the machine's limits for each block.
    limits: Limits,
    /// Those of the firmware whose stepper is followed.
    single: Option<single::Settings>,
    queue: Queue,
    /// The newest block; `None` at rest.
    last: Option<Last>,
    /// Where the head was told to be, mm, and where it is in steps.
    at: Point3,
    steps: [f64; 3],
    mode: SpindleMode,
}

/// What of a block counts for the next one.
#[derive(Clone, Copy, Debug)]
struct Last {
    unit: [f64; 3],
    nominal_v: f64,
    /// The limits along it.
    accel_a: f64,
    limit_v: f64,
    /// Its steps, the speed asked for, and what single precision made of them.
    moved: [f64; 3],
    most_v: f64,
    single: Single,
}

impl GrblPlanner {
    /// A planner for `machine` at rest at the origin.
    #[must_use]
    pub fn new(machine: &Machine) -> Self {
        let single =
            matches!(machine.firmware, Firmware::Grbl).then(|| single::Settings::of(machine));
        let depth = machine.planner_blocks;
        Self {
            feed: machine.feed_override / 100.0,
            rapid: machine.rapid_override / 100.0,
            limits: Limits::of(machine),
            queue: match single {
                Some(_) => Queue::timed(depth, segments::seconds),
                None => Queue::new(depth),
            },
            single,
            machine: machine.clone(),
            tally: Tally::default(),
            last: None,
            at: Point3::default(),
            steps: [0.0; 3],
            mode: SpindleMode::Off,
        }
    }

    /// All blocks run, the last one to standstill.
    fn sync(&mut self) {
        if !self.queue.drain(&mut self.tally) {
            return;
        }
        self.last = None;
        let idle_t = self.machine.idle_delay.unwrap_or(0.0);
        self.tally.stopped(idle_t);
    }

    /// Stands still at rest, in whole steps.
    fn stands(&mut self, seconds: f64) {
        // The slack is for quotients like 0.15 / 0.05.
        let steps = (seconds / DWELL_STEP_T - 1e-6).ceil().max(0.0);
        if steps > 0.0 {
            self.tally.dwelt(steps * DWELL_STEP_T);
        }
    }

    fn go(&mut self, m: &Move) {
        let from = self.at;
        self.tally.times.filament_mm += m.filament;
        match &m.arc {
            None => {
                self.tally.commanded(m.beam, from, from.distance(m.to));
                self.line(m.to, m.rate, m.beam);
            }
            Some(arc) => self.arc(m, arc),
        }
        self.at = m.to;
    }

    /// The chords that the firmware makes of an arc.
    fn arc(&mut self, m: &Move, arc: &Arc) {
        let [a, b, c] = arc.plane.axes();
        let (from, to) = (self.at.to_array(), m.to.to_array());
        let out = -arc.offset;
        let start = Point::new(from[a], from[b]);
        let center = start + arc.offset;
        let end = Point::new(to[a], to[b]);
        let angle = chords::angle(start, end, arc, self.single.is_some());
        let length_d = (arc.radius * angle).hypot(to[c] - from[c]);
        self.tally.commanded(m.beam, self.at, length_d);
        let tolerance = self.machine.arc_tolerance;
        // No number, and so no chords, where half the tolerance is more than the radius.
        let chord_d = (tolerance * (2.0 * arc.radius - tolerance)).sqrt();
        let count = (0.5 * angle * arc.radius).abs() / chord_d;
        let asked = count as u16;
        let count = asked.min(MOST_CHORDS);
        // F times the number of chords, which the firmware then takes for mm/min: chords of
        // 1 mm would be in time.
        let rate = match m.rate {
            Rate::Inverse(f) if asked > 0 => Rate::Feed(f * f64::from(asked)),
            rate => rate,
        };
        let mut chords = Chords::new(out, angle / f64::from(count.max(1)));
        for k in 1..count {
            let at = center + chords.next(k);
            let mut p = [0.0; 3];
            (p[a], p[b]) = (at.x, at.y);
            p[c] = from[c] + (to[c] - from[c]) * (f64::from(k) / f64::from(count));
            self.line(p.into(), rate, m.beam);
        }
        self.line(m.to, rate, m.beam);
    }

    /// One straight piece to the nearest whole steps.
    fn line(&mut self, to: Point3, rate: Rate, beam: Beam) {
        self.tally.times.add_point(beam, to);
        let target = to.to_array();
        let mut delta = [0.0; 3];
        let mut most_steps = 0.0_f64;
        let mut moved = [0.0; 3];
        for i in 0..3 {
            let step = self.step(target[i], i);
            let steps = step - self.steps[i];
            moved[i] = steps;
            delta[i] = steps / self.machine.steps_per_mm[i];
            most_steps = if steps.abs() > most_steps {
                steps.abs()
            } else {
                most_steps
            };
            self.steps[i] = step;
        }
        if most_steps == 0.0 {
            if self.machine.laser_mode && self.mode == SpindleMode::Constant {
                self.sync();
            }
            return;
        }
        let length_d = Point3::from(delta).norm();
        let unit = delta.map(|d| d / length_d);
        let (accel_a, limit_v) = match &self.last {
            // Rasters go on and on in one direction.
            Some(last) if same(&last.unit, &unit) => (last.accel_a, last.limit_v),
            _ => self.limits.along(&unit),
        };
        // Overrides scale what is asked for; no limit of the machine.
        let asked_v = match rate {
            Rate::Rapid => limit_v * self.rapid,
            Rate::Feed(v) => v * self.feed,
            Rate::Inverse(f) => f * length_d * self.feed,
        };
        let nominal_v = asked_v.min(limit_v).max(MIN_FEED_V);
        // At its limit a rapid goes by that and not by a speed.
        let most_v = match rate {
            Rate::Rapid if self.rapid >= 1.0 => f64::INFINITY,
            _ => asked_v,
        };
        let single = match (&self.single, &self.last) {
            (None, _) => Single::default(),
            // Rasters ask for one thing again and again.
            (_, Some(last))
                if same(&last.moved, &moved) && last.most_v.to_bits() == most_v.to_bits() =>
            {
                last.single
            }
            (Some(settings), _) => settings.block(&moved, most_v, limit_v),
        };
        let cap_v2 = match &self.last {
            None => 0.0,
            Some(last) => {
                let cap_v = nominal_v.min(last.nominal_v);
                self.junction_v2(&last.unit, &unit, cap_v * cap_v)
            }
        };
        self.last = Some(Last {
            unit,
            nominal_v,
            accel_a,
            limit_v,
            moved,
            most_v,
            single,
        });
        let block = Block {
            length_d,
            accel_a,
            nominal_v,
            beam,
            mark: self.tally.mark,
            steps: most_steps,
            single,
        };
        self.queue.push(block, cap_v2, &mut self.tally);
    }

    /// The step nearest to a place along an axis. Where two are as near as each other the
    /// firmware's numbers tell.
    fn step(&self, mm: f64, axis: usize) -> f64 {
        let per_mm = self.machine.steps_per_mm[axis];
        let steps = mm * per_mm;
        let step = nearest(steps);
        if (steps - step).abs() + SINGLE * step.abs() < 0.5 {
            return step;
        }
        let single = single::as_read(mm) * per_mm as f32;
        f64::from(single.round())
    }

    /// Square of the speed at which a corner may be taken, `most_v2` or less: the circle
    /// that leaves the corner by the junction deviation is run at the acceleration limit
    /// (S. Jeon, "Improving Grbl: Cornering Algorithm", 2011).
    fn junction_v2(&self, before: &[f64; 3], unit: &[f64; 3], most_v2: f64) -> f64 {
        let cos = -(before[0] * unit[0] + before[1] * unit[1] + before[2] * unit[2]);
        if cos > IN_LINE_COS {
            return 0.0;
        }
        if cos < -IN_LINE_COS {
            return most_v2;
        }
        let sin_half = (0.5 * (1.0 - cos)).sqrt();
        let at =
            |accel_a: f64| accel_a * self.machine.junction_deviation * sin_half / (1.0 - sin_half);
        // Along most curves the least acceleration there is will do, whatever it is there.
        if at(self.limits.least_a) >= most_v2 {
            return most_v2;
        }
        let turn = [0, 1, 2].map(|i| unit[i] - before[i]);
        let norm = Point3::from(turn).norm();
        at(self.limits.along(&turn.map(|t| t / norm)).0).min(most_v2)
    }
}

/// What blocks ask of the machine.
#[derive(Clone, Copy, Debug)]
struct Limits {
    acceleration: [f64; 3],
    max_rate: [f64; 3],
    /// Whether those of X and Y are the same.
    flat: bool,
    /// No more than the acceleration in any direction, mm/s².
    least_a: f64,
}

impl Limits {
    fn of(machine: &Machine) -> Self {
        let (acceleration, max_rate) = (machine.acceleration, machine.max_rate);
        let flat = |v: &[f64; 3]| v[0].to_bits() == v[1].to_bits();
        let least = |v: [f64; 3]| v.into_iter().fold(f64::INFINITY, f64::min);
        Self {
            acceleration,
            max_rate,
            flat: flat(&acceleration) && flat(&max_rate),
            // A share of a direction may be 1 and what rounding adds.
            least_a: least(acceleration) * (1.0 - 1e-9),
        }
    }

    /// The acceleration and the speed along a direction: the least of limit / |share|
    /// over the axes that move.
    fn along(&self, unit: &[f64; 3]) -> (f64, f64) {
        let share = unit.map(f64::abs);
        let mut least = (f64::INFINITY, f64::INFINITY);
        let mut over = |axis: usize, share: f64| {
            if share != 0.0 {
                let (a, v) = (self.acceleration[axis] / share, self.max_rate[axis] / share);
                least.0 = if a < least.0 { a } else { least.0 };
                least.1 = if v < least.1 { v } else { least.1 };
            }
        };
        if self.flat {
            // Of quotients of one number that by the greatest is the least.
            over(
                0,
                if share[0] < share[1] {
                    share[1]
                } else {
                    share[0]
                },
            );
        } else {
            over(0, share[0]);
            over(1, share[1]);
        }
        over(2, share[2]);
        least
    }
}

/// Whether two directions are the same to the bit.
fn same(a: &[f64; 3], b: &[f64; 3]) -> bool {
    let differ = |i: usize| a[i].to_bits() ^ b[i].to_bits();
    differ(0) | differ(1) | differ(2) == 0
}

impl Planner for GrblPlanner {
    fn push(&mut self, command: &Command) {
        match command {
            Command::Move(m) => self.go(m),
            Command::SpindleMode(mode) => {
                self.sync();
                self.mode = *mode;
                let switching = &self.machine.switching;
                let seconds = match mode {
                    _ if self.machine.laser_mode => 0.0,
                    SpindleMode::Off => switching.spindle_off,
                    SpindleMode::Constant | SpindleMode::Dynamic => switching.spindle_on,
                };
                self.stands(seconds);
            }
            Command::SpindleSpeed { moving, .. } => {
                if self.mode != SpindleMode::Off && !(self.machine.laser_mode && *moving) {
                    self.sync();
                }
            }
            Command::MotionMode { .. } => {
                if self.machine.laser_mode && self.mode == SpindleMode::Constant {
                    self.sync();
                }
            }
            Command::Coolant { on } => {
                self.sync();
                if *on {
                    self.stands(self.machine.switching.coolant_on);
                }
            }
            Command::Axes(_) | Command::Setting(_) | Command::Retract { .. } => {}
            Command::Place(at) => {
                self.sync();
                self.at = *at;
                let at = at.to_array();
                self.steps = [0, 1, 2].map(|i| (at[i] * self.machine.steps_per_mm[i]).round());
            }
            Command::Dwell { seconds } => {
                self.sync();
                self.stands(*seconds);
            }
            Command::Wait(wait) => {
                self.sync();
                self.tally.waits(*wait);
            }
        }
    }

    tallied!(sync);
}

/// The nearest whole number, halves away from 0: [`f64::round`], which is a call on
/// processors that have no instruction for it, without the call.
fn nearest(v: f64) -> f64 {
    // From 2^52 on there are no others.
    const WHOLE: f64 = 4_503_599_627_370_496.0;
    let size = v.abs();
    if size >= WHOLE || v.is_nan() {
        return v;
    }
    // Nothing behind the point has room in the sum; its halves go to even numbers.
    let even = size + WHOLE - WHOLE;
    let down = if size - even >= 0.5 { 1.0 } else { 0.0 };
    (even + down).copysign(v)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::motion::Plane;
    use proptest::prelude::*;
    use std::f64::consts::TAU;

    fn planner(change: impl FnOnce(&mut Machine)) -> GrblPlanner {
        let mut machine = Machine {
            acceleration: [1000.0; 3],
            max_rate: [100.0; 3],
            steps_per_mm: [100.0; 3],
            idle_delay: None,
            ..Machine::default()
        };
        change(&mut machine);
        GrblPlanner::new(&machine)
    }

    fn to(to: Point3, rate: Rate, arc: Option<Arc>) -> Command {
        Command::Move(Move {
            to,
            arc,
            rate,
            beam: Beam::On,
            filament: 0.0,
        })
    }

    #[test]
    fn an_arc_under_g93_runs_at_f_times_its_chords_in_mm_per_min() {
        // Half a circle of 10 mm once in 6 s should run at 5.2 mm/s. It is cut into
        // floor(π·10 / 2 / sqrt(0.002·19.998)) = 78 chords; 78 · 10 mm/min are 13 mm/s.
        let mut p = planner(|m| m.arc_tolerance = 0.002);
        let arc = Arc {
            plane: Plane::Xy,
            offset: Point::new(10.0, 0.0),
            radius: 10.0,
            clockwise: true,
        };
        let inverse = Rate::Inverse(10.0 / 60.0);
        p.push(&to(Point3::new(20.0, 0.0, 0.0), inverse, Some(arc)));
        let times = p.finish();
        assert_eq!(times.blocks, 78);
        let expected = TAU / 2.0 * 10.0 / 13.0;
        assert!((times.of(Beam::On).0 / expected - 1.0).abs() < 0.01);
        // Without a chord it is a straight line, and in time: a quarter of 0.01 mm.
        for tolerance in [0.01, 0.03] {
            let mut p = planner(|m| m.arc_tolerance = tolerance);
            let arc = Arc {
                offset: Point::new(0.01, 0.0),
                radius: 0.01,
                ..arc
            };
            let end = Point3::new(0.01, 0.01, 0.0);
            p.push(&to(end, Rate::Inverse(20.0), Some(arc)));
            let times = p.finish();
            assert_eq!(times.blocks, 1);
            assert!((times.of(Beam::On).0 - 0.05).abs() < 0.02);
        }
    }

    #[test]
    fn without_a_junction_deviation_every_corner_is_a_stop() {
        let l = [
            Point3::new(10.0, 0.0, 0.0),
            Point3::new(20.0, 0.0, 0.0),
            Point3::new(20.0, 10.0, 0.0),
        ];
        let mut p = planner(|m| m.junction_deviation = 0.0);
        for end in l {
            p.push(&to(end, Rate::Feed(20.0), None));
        }
        // d/v + v/a for each side; straight on is no corner.
        let expected = 1.0 + 0.5 + 2.0 * 0.02;
        assert!((p.finish().of(Beam::On).0 / expected - 1.0).abs() < 1e-3);
    }

    #[test]
    fn between_two_steps_single_precision_tells() {
        // 10.002 mm are 2500.5 steps of 1/250 mm; as the firmware has them, 1e-4 less
        // or more.
        let p = planner(|m| m.steps_per_mm = [250.0; 3]);
        for k in [10_002, 10_006, 55_418, 98_766] {
            let mm = f64::from(k) / 1000.0;
            let single = (k as f32) * 0.01 * 0.1 * 250.0;
            let expected = f64::from(single.round());
            assert_eq!(p.step(mm, 0).to_bits(), expected.to_bits(), "{mm}");
            assert!((expected - mm * 250.0).abs() < 0.51);
        }
        assert_eq!(p.step(-1.0019, 0).to_bits(), (-250.0_f64).to_bits());
    }

    #[test]
    fn halves_go_away_from_0() {
        for v in [
            0.0,
            0.5,
            1.5,
            2.5,
            0.499_999_999_999_999_94,
            1e15 + 0.5,
            4_503_599_627_370_495.5,
        ] {
            for v in [v, -v] {
                assert_eq!(nearest(v).to_bits(), v.round().to_bits(), "{v}");
            }
        }
        assert!(nearest(f64::INFINITY).is_infinite() && nearest(f64::NAN).is_nan());
    }

    proptest! {
        #[test]
        fn nearest_is_round(v in prop_oneof![-1e4..1e4_f64, any::<f64>()]) {
            prop_assert!(v.is_nan() || nearest(v).to_bits() == v.round().to_bits());
        }
    }
}
