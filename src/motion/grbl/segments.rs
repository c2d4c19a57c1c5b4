//! How the stepper part of GRBL 1.1 on an AVR runs a block.
//!
//! It cuts a block into segments of 10 ms, each at one step rate. Four things make the
//! time differ from that of the ramps:
//!
//! - A segment holds a step and a quarter at least, so it is made longer by 10 ms until
//!   it does. When the end of speeding up falls into such a lengthening, the firmware
//!   counts the whole way of the segment once more at the mean of the speeds before and
//!   after, although part of the way has had its time already.
//! - The timer goes no slower than 30.5 steps a second. A step that is due later comes
//!   early, as those at the ends of ramps do when the acceleration is low.
//! - The timer ticks whole cycles of 1/16 µs, rounded up; where it ticks two, four or
//!   eight times a step, what is left over in dividing is lost. That is 0.1 % at most.
//! - What is left of the way and the speed are kept in single precision, and each segment
//!   rounds both. Where a block comes to rest after a whole number of segments, as round
//!   lengths, feeds and accelerations make it do, a way that should be 0 is left at a speed
//!   that should be 0. The quotient of the two is the time of one more segment and may be
//!   any: its step or two then take the longest time there is, 30 to 60 ms at that stop.
//!   Which way the rounding goes no bound tells, so all is reckoned as the firmware does,
//!   in its units and precision.
//!
//! # Limits
//! The speeds at which a block is entered and left are those of double precision, rounded.
//! The middle of a steady stretch of more than 1.28 s is run at once: what is left after it
//! is the firmware's number, its ticks may be one off.
//!
//! # Words
//! - *carry*: the time of the part of a step that a segment covers and cannot make.

use super::super::queue::{Block, Single};
use super::super::trapezoid;

/// Length of a segment, min.
const SEGMENT_MIN: f32 = 1.0 / (100.0 * 60.0);
/// A segment holds so many steps at least.
const LEAST_STEPS: f32 = 1.25;
/// A tick of the timer of an AVR, s, and ticks a minute.
const TICK_T: f64 = 1.0 / 16.0e6;
const CLOCK_MIN: f32 = 960.0e6;
/// Below 8000, 4000 and 2000 steps/s the timer ticks two, four and eight times a step.
const TWICE: u32 = 2000;
/// The timer has 16 bits.
const LONGEST: u32 = 65_535;
/// A steady speed is run segment by segment for so many of them.
const LONG: f32 = 128.0;
/// Bits of the exponent of a number.
const EXPONENT: u32 = 0x7f80_0000;
/// A block of more segments than this, whole ones at a steady speed not counted, is one of
/// no machine; its ramps will do.
const MOST_SEGMENTS: u32 = 16_384;

/// Seconds for a block that is entered and left at these speeds, mm/s.
///
/// # Complexity
/// O(its segments), and no more than some thousand; O(1) at a steady speed throughout.
pub(super) fn seconds(b: &Block, entry_v: f64, exit_v: f64) -> f64 {
    let steady = |v: f64| v.to_bits() == b.nominal_v.to_bits();
    if steady(entry_v) && steady(exit_v) {
        // Much of a raster: what comes out of the below for one segment. Of very many each
        // has the same ticks, too.
        let Single {
            length_d,
            nominal_v,
            ..
        } = b.single;
        let segments = length_d / (nominal_v * SEGMENT_MIN);
        if segments > LONG || segments > 0.0 && segments < 1.0 {
            let step_t = length_d / nominal_v / b.steps as f32;
            return b.steps * ticks(step_t) * TICK_T;
        }
    }
    Run::new(b, entry_v, exit_v)
        .and_then(Run::seconds)
        .unwrap_or_else(|| trapezoid::seconds(b.length_d, entry_v, exit_v, b.nominal_v, b.accel_a))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Ramp {
    Up,
    Level,
    Down,
}

/// A block on its way. Distances are counted back from its end.
///
/// As the firmware has them: mm, mm/min and min, in single precision.
struct Run {
    per_mm: f32,
    /// A segment is so long at least.
    least_d: f32,
    accel_a: f32,
    exit_v: f32,
    /// Its greatest speed, and between which distances it is held.
    peak_v: f32,
    level_from: f32,
    level_to: f32,
    ramp: Ramp,
    left_d: f32,
    v: f32,
    /// Whole steps left to make.
    left_steps: f32,
    carry_t: f32,
    ticks: f64,
}

impl Run {
    /// A block about to run; `None` without a way to plan it.
    fn new(b: &Block, entry_v: f64, exit_v: f64) -> Option<Self> {
        let Single {
            length_d,
            accel_a,
            nominal_v,
        } = b.single;
        let square = |v: f64| {
            if v.to_bits() == b.nominal_v.to_bits() {
                nominal_v * nominal_v
            } else {
                (v * v * 3600.0) as f32
            }
        };
        let (entry_v2, exit_v2) = (square(entry_v), square(exit_v));
        let per_v2 = 0.5 / accel_a;
        // Where the two ramps meet when nothing is held between them.
        let meet_d = 0.5 * (length_d + per_v2 * (entry_v2 - exit_v2));
        let nominal_v2 = nominal_v * nominal_v;
        let brake_d = per_v2 * (nominal_v2 - exit_v2);
        let steps = b.steps as f32;
        let per_mm = steps / length_d;
        let mut run = Self {
            per_mm,
            least_d: LEAST_STEPS / per_mm,
            accel_a,
            exit_v: exit_v2.sqrt(),
            peak_v: nominal_v,
            level_from: length_d,
            level_to: brake_d,
            ramp: Ramp::Up,
            left_d: length_d,
            v: entry_v2.sqrt(),
            left_steps: steps,
            carry_t: 0.0,
            ticks: 0.0,
        };
        if meet_d <= 0.0 {
            (run.level_from, run.level_to, run.peak_v) = (0.0, 0.0, run.exit_v);
        } else if meet_d >= length_d {
            run.ramp = Ramp::Down;
        } else if brake_d >= meet_d {
            (run.level_from, run.level_to) = (meet_d, meet_d);
            run.peak_v = (2.0 * accel_a * meet_d + exit_v2).sqrt();
        } else if entry_v2 >= nominal_v2 {
            run.ramp = Ramp::Level;
        } else {
            run.level_from -= per_v2 * (nominal_v2 - entry_v2);
        }
        let all = [meet_d, brake_d, run.per_mm, run.peak_v];
        (run.peak_v > 0.0 && all.iter().all(|v| v.is_finite())).then_some(run)
    }

    fn seconds(mut self) -> Option<f64> {
        let mut budget = MOST_SEGMENTS;
        while self.left_d > 0.0 {
            self.skip();
            self.segment(&mut budget)?;
        }
        Some(self.ticks * TICK_T)
    }

    /// Whole segments at a steady speed at once, as far as each takes the same from what
    /// is left: until the last bit of that is worth half of what it was.
    fn skip(&mut self) {
        let each_d = self.peak_v * SEGMENT_MIN;
        if self.ramp != Ramp::Level || self.left_d - self.level_to < LONG * each_d {
            return;
        }
        // The first rounding may be to another side than those that follow.
        let first = self.left_d - each_d;
        let each = first - (first - each_d);
        let binade = f32::from_bits(self.left_d.to_bits() & EXPONENT);
        let parts = (self.least_d / each_d).ceil();
        let count = ((first - binade.max(self.level_to)) / (each * parts)).floor() - 1.0;
        // Nothing is taken where a segment is less than rounding.
        if !(count >= 1.0 && count.is_finite()) {
            return;
        }
        let skipped_d = (f64::from(count * parts) - 1.0) * f64::from(each);
        self.left_d = (f64::from(first) - skipped_d) as f32;
        // A segment's time over the steps that it really makes.
        self.steps(SEGMENT_MIN / (each * self.per_mm));
    }

    /// One segment.
    fn segment(&mut self, budget: &mut u32) -> Option<()> {
        let from_d = self.left_d;
        let enough_d = (from_d - self.least_d).max(0.0);
        let (mut t, mut most_t, mut part_t) = (0.0, SEGMENT_MIN, SEGMENT_MIN);
        loop {
            *budget = budget.checked_sub(1)?;
            t += self.go(part_t, from_d);
            if t < most_t {
                part_t = most_t - t;
            } else if self.left_d > enough_d {
                most_t += SEGMENT_MIN;
                part_t = most_t - t;
            } else {
                break;
            }
            if self.left_d <= 0.0 {
                break;
            }
        }
        let left = self.per_mm * self.left_d;
        self.steps((t + self.carry_t) / (self.left_steps - left));
        Some(())
    }

    /// Up to `t` along the ramp in force, of a segment that began at `from_d`;
    /// gives the time that the firmware counts for it.
    fn go(&mut self, t: f32, from_d: f32) -> f32 {
        let change_v = self.accel_a * t;
        match self.ramp {
            Ramp::Up => {
                let left_d = self.left_d - t * (self.v + 0.5 * change_v);
                if left_d >= self.level_from {
                    self.left_d = left_d;
                    self.v += change_v;
                    return t;
                }
                self.left_d = self.level_from;
                self.ramp = if self.level_from <= self.level_to {
                    Ramp::Down
                } else {
                    Ramp::Level
                };
                // The way of the whole segment, see above.
                let t = 2.0 * (from_d - self.left_d) / (self.v + self.peak_v);
                self.v = self.peak_v;
                t
            }
            Ramp::Level => {
                let left_d = self.left_d - self.peak_v * t;
                if left_d >= self.level_to {
                    self.left_d = left_d;
                    return t;
                }
                let t = (self.left_d - self.level_to) / self.peak_v;
                self.left_d = self.level_to;
                self.ramp = Ramp::Down;
                t
            }
            Ramp::Down => {
                let left_d = self.left_d - t * (self.v - 0.5 * change_v);
                if self.v > change_v && left_d > 0.0 {
                    self.left_d = left_d;
                    self.v -= change_v;
                    return t;
                }
                let t = 2.0 * self.left_d / (self.v + self.exit_v);
                self.left_d = 0.0;
                self.v = self.exit_v;
                t
            }
        }
    }

    /// Makes the whole steps down to where the block now is, `step_t` apart as far as the
    /// timer can.
    fn steps(&mut self, step_t: f32) {
        let left = self.per_mm * self.left_d;
        let left_steps = up(left) as f32;
        self.ticks += f64::from(self.left_steps - left_steps) * ticks(step_t);
        self.carry_t = (left_steps - left) * step_t;
        self.left_steps = left_steps;
    }
}

/// The next whole number from 0 on: [`f32::ceil`], which is a call on processors that have
/// no instruction for it, without the call. A block has no more steps.
const fn up(v: f32) -> u32 {
    let down = v as u32;
    if (down as f32) < v {
        down.saturating_add(1)
    } else {
        down
    }
}

/// Ticks of the timer for a step that should take so many minutes.
fn ticks(step_t: f32) -> f64 {
    let ticks = up(CLOCK_MIN * step_t);
    let level = match ticks / TWICE {
        0 => 0,
        1 => 1,
        2 | 3 => 2,
        _ => 3,
    };
    f64::from((ticks >> level).min(LONGEST) << level)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::motion::Beam;
    use proptest::prelude::*;

    fn block(steps: f64, per_mm: f64, nominal_v: f64, accel_a: f64) -> Block {
        Block {
            length_d: steps / per_mm,
            accel_a,
            nominal_v,
            beam: Beam::On,
            mark: 0,
            steps,
            single: Single {
                length_d: steps as f32 / per_mm as f32,
                accel_a: accel_a as f32 * 3600.0,
                nominal_v: nominal_v as f32 * 60.0,
            },
        }
    }

    fn ramps(b: &Block) -> f64 {
        trapezoid::seconds(b.length_d, 0.0, 0.0, b.nominal_v, b.accel_a)
    }

    const LONGEST_STEP_T: f64 = 65_535.0 * 8.0 / 16e6;

    fn near(a: f64, b: f64, slack: f64) {
        assert!((a - b).abs() <= slack, "{a} {b}");
    }

    #[test]
    fn a_lengthened_first_segment_counts_its_way_twice() {
        // Two steps of 1/40 mm from rest to rest: the peak is sqrt(ad). After 10 ms the
        // block has made less than 1.25 steps, so the segment goes on; the end of speeding
        // up, at half the way, is in what comes. For all of that half the mean of the
        // speeds at 10 ms and at the peak is taken, on top of the 10 ms.
        let (a, d) = (304.0_f64, 0.05_f64);
        let peak_v = (a * d).sqrt();
        let up_t = 0.01 + 2.0 * (d / 2.0) / (0.01 * a + peak_v);
        let b = block(2.0, 40.0, 100.0, a);
        near(seconds(&b, 0.0, 0.0), up_t + peak_v / a, 2e-6);
    }

    #[test]
    fn what_rounding_leaves_at_rest_is_a_segment() {
        // 50 mm at 250 mm/s² and 100 mm/s are 40 segments up, 10 level, 40 down. 10 ms
        // before the end a·(10 ms)²/2 are left, 1/80 mm or a step. Ninety roundings of
        // ways about 50 mm make that more than a step, which is two whole ones to make.
        // They are one segment: the last whole one holds less than a step and a quarter,
        // so what the roundings left is run with it, as slow as they left the speed. The
        // two steps thus take the longest time; the third last made its own early by the
        // carry, the time of nearly one of its three steps.
        let b = block(4000.0, 80.0, 100.0, 250.0);
        near(ramps(&b), 0.9, 1e-12);
        let expected = 0.89 - 0.01 / 3.3 + 2.0 * LONGEST_STEP_T;
        near(seconds(&b, 0.0, 0.0), expected, 2e-4);
        // A step more is no whole number of segments.
        let b = block(4001.0, 80.0, 100.0, 250.0);
        near(seconds(&b, 0.0, 0.0), ramps(&b), 2e-3);
    }

    #[test]
    fn no_step_takes_longer_than_the_timer() {
        // One step from rest to rest would take 2 sqrt(d/a) = 71 ms.
        let b = block(1.0, 80.0, 100.0, 10.0);
        near(seconds(&b, 0.0, 0.0), LONGEST_STEP_T, 1e-12);
        // 0.1 mm/s are 8 steps/s, and there is no ramp to speak of.
        let b = block(800.0, 80.0, 0.1, 1000.0);
        near(seconds(&b, 0.0, 0.0), 800.0 * LONGEST_STEP_T, 1e-9);
        // The least feed, on few steps: four seconds are a segment.
        let b = block(20_000.0, 20.0, 1.0 / 60.0, 1000.0);
        near(seconds(&b, 0.0, 0.0), 20_000.0 * LONGEST_STEP_T, 1e-6);
    }

    #[test]
    fn the_first_steps_of_a_gentle_ramp_come_early() {
        // 20 steps/mm and 5 mm/s²: up to 30.5 steps/s, or v, steps come at v. From rest
        // that takes v/2a instead of v/a, and so it does down to rest.
        let b = block(20_000.0, 20.0, 20.0, 5.0);
        let v = 1.0 / LONGEST_STEP_T / 20.0;
        let early = ramps(&b) - seconds(&b, 0.0, 0.0);
        assert!((early - 2.0 * v / (2.0 * 5.0)).abs() < 0.05, "{early}");
        assert!(early > 0.2);
    }

    #[test]
    fn brisk_blocks_are_their_ramps_but_for_ticks() {
        let b = block(800.0, 80.0, 50.0, 1000.0);
        near(seconds(&b, 0.0, 0.0) / ramps(&b), 1.0, 1e-3);
        // 13.3 mm/s are 1064 steps/s, 15037.6 ticks, of which eight are one.
        let b = block(8.0, 80.0, 13.3, 1000.0);
        let expected = 8.0 * f64::from(15_038 / 8 * 8) / 16e6;
        near(seconds(&b, 13.3, 13.3), expected, 1e-12);
    }

    #[test]
    fn one_steady_segment_is_as_any() {
        for nominal_v in [20.0, 66.7, 120.0, 321.0] {
            let b = block(16.0, 80.0, nominal_v, 500.0);
            let run = Run::new(&b, nominal_v, nominal_v).unwrap();
            near(
                seconds(&b, nominal_v, nominal_v),
                run.seconds().unwrap(),
                0.0,
            );
        }
    }

    #[test]
    fn what_no_machine_runs_is_no_work() {
        // 1e-9 mm/s² for a metre, and a metre at 1 mm/s, a hundred thousand segments.
        let b = block(1e5, 100.0, 1.0, 1e-9);
        near(seconds(&b, 0.0, 0.0) / ramps(&b), 1.0, 1e-12);
        let b = block(1e5, 100.0, 1.0, 100.0);
        assert!(Run::new(&b, 0.0, 0.0).unwrap().seconds().is_some());
        near(seconds(&b, 0.0, 0.0) / ramps(&b), 1.0, 3e-3);
        // Where a segment's way is lost in rounding the firmware would run for ever.
        let b = block(1e9, 100.0, 1.0, 100.0);
        near(seconds(&b, 0.0, 0.0) / ramps(&b), 1.0, 1e-12);
    }

    proptest! {
        /// Segments that are skipped, one by one.
        #[test]
        fn skipping_changes_no_way(
            steps in 1_u32..40_000,
            per_mm in 20.0..1600.0_f64,
            nominal_rate in 40.0..2000.0_f64,
            rate_a in 200.0..30_000.0_f64,
        ) {
            let b = block(f64::from(steps), per_mm, nominal_rate / per_mm, rate_a / per_mm);
            let quick = Run::new(&b, 0.0, 0.0).unwrap().seconds().unwrap();
            let mut run = Run::new(&b, 0.0, 0.0).unwrap();
            let mut budget = u32::MAX;
            while run.left_d > 0.0 {
                run.segment(&mut budget).unwrap();
            }
            // A tick of a step, eight times over, and a segment on the other side of a
            // step and a quarter.
            let slow = run.ticks * TICK_T;
            let slack = 1e-3 * slow + 2.0 * LONGEST_STEP_T;
            prop_assert!((quick - slow).abs() < slack, "{} {}", quick, slow);
        }
    }
}
