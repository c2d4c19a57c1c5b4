//! How the stepper part of GRBL 1.1 on an AVR runs a block that is slow somewhere.
//!
//! It cuts the ramps of a block into segments of 10 ms, each at one step rate. Where
//! steps are far apart two things make the time differ from that of the ramps:
//!
//! - A segment holds a step and a quarter at least, so it is made longer by 10 ms until
//!   it does. When the end of speeding up falls into such a lengthening, the firmware
//!   counts the whole way of the segment once more at the mean of the speeds before and
//!   after, although part of the way has had its time already.
//! - The timer goes no slower than 30.5 steps a second. A step that is due later comes
//!   early, as those at the ends of ramps do when the acceleration is low.
//!
//! # Limits
//! Where a block comes to rest within rounding of a whole number of segments, as round
//! lengths, feeds and accelerations may, what single precision leaves over becomes a
//! segment of its own, and its steps may take the longest time there is: some 30 to 60 ms
//! at that stop. That is not followed.
//!
//! # Words
//! - *carry*: the time of the part of a step that a segment covers and cannot make.

use super::super::queue::Block;
use super::super::trapezoid;

/// Length of a segment, s.
const SEGMENT_T: f64 = 0.01;
/// A segment holds so many steps at least.
const LEAST_STEPS: f64 = 1.25;
/// The 16-bit timer of an AVR at 16 MHz, eight ticks a step: the longest step, s.
pub(super) const LONGEST_STEP_T: f64 = 65_535.0 * 8.0 / 16.0e6;
/// Faster than this, steps/s, no segment is made longer.
const BRISK: f64 = LEAST_STEPS / SEGMENT_T;
/// From rest, at this acceleration, steps/s², the first segment is long enough.
const BRISK_A: f64 = 2.0 * BRISK / SEGMENT_T;
/// A block of more segments than this, whole ones of a kind not counted, is one of no
/// machine; its ramps will do.
const MOST_SEGMENTS: u32 = 4096;

/// Seconds for a block that is entered and left at these speeds, mm/s.
///
/// # Complexity
/// O(1) where the block is not slow; O(its segments below 125 steps/s) where it is,
/// and no more than 4096.
pub(super) fn seconds(b: &Block, entry_v: f64, exit_v: f64) -> f64 {
    let brisk = BRISK * b.length_d;
    let end_v = if entry_v < exit_v { entry_v } else { exit_v };
    let slow_end = end_v * b.steps < brisk && b.accel_a * b.steps < BRISK_A * b.length_d;
    let run = if slow_end || b.nominal_v * b.steps < brisk {
        Run::new(b, entry_v, exit_v).and_then(Run::seconds)
    } else {
        None
    };
    run.unwrap_or_else(|| trapezoid::seconds(b.length_d, entry_v, exit_v, b.nominal_v, b.accel_a))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Ramp {
    Up,
    Level,
    Down,
}

/// A block on its way. Distances are counted back from its end.
struct Run {
    per_mm: f64,
    accel_a: f64,
    exit_v: f64,
    /// Its greatest speed, and between which distances it is held.
    peak_v: f64,
    level_from: f64,
    level_to: f64,
    ramp: Ramp,
    left_d: f64,
    v: f64,
    /// Whole steps left to make.
    left_steps: f64,
    carry_t: f64,
    seconds: f64,
}

impl Run {
    /// A block about to run; `None` without a way to plan it.
    fn new(b: &Block, entry_v: f64, exit_v: f64) -> Option<Self> {
        let (entry_v2, exit_v2) = (entry_v * entry_v, exit_v * exit_v);
        // Where the two ramps meet when nothing is held between them.
        let meet_d = 0.5 * (b.length_d + (entry_v2 - exit_v2) / (2.0 * b.accel_a));
        let brake_d = (b.nominal_v * b.nominal_v - exit_v2) / (2.0 * b.accel_a);
        let mut run = Self {
            per_mm: b.steps / b.length_d,
            accel_a: b.accel_a,
            exit_v,
            peak_v: b.nominal_v,
            level_from: b.length_d,
            level_to: brake_d,
            ramp: Ramp::Up,
            left_d: b.length_d,
            v: entry_v,
            left_steps: b.steps,
            carry_t: 0.0,
            seconds: 0.0,
        };
        if meet_d <= 0.0 {
            (run.level_from, run.level_to, run.peak_v) = (0.0, 0.0, exit_v);
        } else if meet_d >= b.length_d {
            run.ramp = Ramp::Down;
        } else if brake_d >= meet_d {
            (run.level_from, run.level_to) = (meet_d, meet_d);
            run.peak_v = (2.0 * b.accel_a * meet_d + exit_v2).sqrt();
        } else if entry_v >= b.nominal_v {
            run.ramp = Ramp::Level;
        } else {
            run.level_from -= (b.nominal_v * b.nominal_v - entry_v2) / (2.0 * b.accel_a);
        }
        let fine = run.peak_v > 0.0 && run.peak_v.is_finite() && run.per_mm.is_finite();
        fine.then_some(run)
    }

    fn seconds(mut self) -> Option<f64> {
        let mut budget = MOST_SEGMENTS;
        while self.left_d > 0.0 {
            self.skip();
            self.segment(&mut budget)?;
        }
        self.seconds.is_finite().then_some(self.seconds)
    }

    /// Whole segments of a kind at once, where each is as it should be.
    fn skip(&mut self) {
        let brisk_v = BRISK / self.per_mm;
        let change_v = self.accel_a * SEGMENT_T;
        let (each_t, count) = match self.ramp {
            Ramp::Up if self.v > brisk_v => (SEGMENT_T, (self.peak_v - self.v) / change_v),
            Ramp::Down if self.v > brisk_v => {
                let to_v = self.exit_v.max(brisk_v);
                (SEGMENT_T, (self.v - to_v) / change_v)
            }
            Ramp::Level => {
                let least = (brisk_v / self.peak_v).ceil().max(1.0);
                let each_t = SEGMENT_T * least;
                let level_d = self.left_d - self.level_to;
                (each_t, level_d / (self.peak_v * each_t))
            }
            _ => return,
        };
        // Where a ramp ends is left to the segments themselves.
        let count = count.floor() - 1.0;
        if count < 1.0 {
            return;
        }
        let t = each_t * count;
        let to_v = match self.ramp {
            Ramp::Up => self.v + self.accel_a * t,
            Ramp::Level => self.v,
            Ramp::Down => self.v - self.accel_a * t,
        };
        self.left_d -= 0.5 * (self.v + to_v) * t;
        self.v = to_v;
        let step_t = 1.0 / (to_v * self.per_mm);
        let left = self.left_d * self.per_mm;
        self.steps(t, step_t, left);
    }

    /// One segment.
    fn segment(&mut self, budget: &mut u32) -> Option<()> {
        let from_d = self.left_d;
        let enough_d = (from_d - LEAST_STEPS / self.per_mm).max(0.0);
        let (mut t, mut most_t, mut part_t) = (0.0, SEGMENT_T, SEGMENT_T);
        loop {
            *budget = budget.checked_sub(1)?;
            t += self.go(part_t, from_d);
            if t < most_t {
                part_t = most_t - t;
            } else if self.left_d > enough_d {
                most_t += SEGMENT_T;
                part_t = most_t - t;
            } else {
                break;
            }
            if self.left_d <= 0.0 {
                break;
            }
        }
        let left = self.left_d * self.per_mm;
        let step_t = (t + self.carry_t) / (self.left_steps - left);
        self.steps(t, step_t, left);
        Some(())
    }

    /// Up to `t` seconds along the ramp in force, of a segment that began at `from_d`;
    /// gives the time that the firmware counts for it.
    fn go(&mut self, t: f64, from_d: f64) -> f64 {
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

    /// Makes the whole steps down to `left` steps from the end, `step_t` apart as far as
    /// the timer can; `t` is what they and the carry should take.
    fn steps(&mut self, t: f64, step_t: f64, left: f64) {
        let left_steps = left.ceil();
        let carry_t = (left_steps - left) * step_t;
        self.seconds += if step_t > LONGEST_STEP_T {
            (self.left_steps - left_steps) * LONGEST_STEP_T
        } else {
            t + self.carry_t - carry_t
        };
        (self.left_steps, self.carry_t) = (left_steps, carry_t);
    }
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
        }
    }

    fn near(a: f64, b: f64) {
        assert!((a - b).abs() < 1e-12, "{a} {b}");
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
        near(
            seconds(&block(2.0, 40.0, 100.0, a), 0.0, 0.0),
            up_t + peak_v / a,
        );
    }

    #[test]
    fn no_step_takes_longer_than_the_timer() {
        // One step from rest to rest would take 2 sqrt(d/a) = 71 ms.
        near(
            seconds(&block(1.0, 80.0, 100.0, 10.0), 0.0, 0.0),
            65_535.0 * 8.0 / 16e6,
        );
        // 0.1 mm/s are 8 steps/s, and there is no ramp to speak of.
        let slow = seconds(&block(800.0, 80.0, 0.1, 1000.0), 0.0, 0.0);
        near(slow, 800.0 * 65_535.0 * 8.0 / 16e6);
    }

    #[test]
    fn the_first_steps_of_a_gentle_ramp_come_early() {
        // 20 steps/mm and 5 mm/s²: up to 30.5 steps/s, or v, steps come at v. From rest
        // that takes v/2a instead of v/a, and so it does down to rest.
        let b = block(20_000.0, 20.0, 20.0, 5.0);
        let ramps = trapezoid::seconds(b.length_d, 0.0, 0.0, b.nominal_v, b.accel_a);
        let v = 1.0 / LONGEST_STEP_T / 20.0;
        let early = ramps - seconds(&b, 0.0, 0.0);
        assert!((early - 2.0 * v / (2.0 * 5.0)).abs() < 0.05, "{early}");
        assert!(early > 0.2);
    }

    #[test]
    fn brisk_blocks_are_their_ramps() {
        let b = block(800.0, 80.0, 50.0, 1000.0);
        let ramps = trapezoid::seconds(b.length_d, 0.0, 0.0, b.nominal_v, b.accel_a);
        near(seconds(&b, 0.0, 0.0), ramps);
        assert_eq!(
            seconds(&b, 50.0, 50.0).to_bits(),
            (b.length_d / 50.0).to_bits()
        );
    }

    #[test]
    fn what_no_machine_runs_is_no_work() {
        // 1e-9 mm/s² for a metre.
        let b = block(1e5, 100.0, 1.0, 1e-9);
        let ramps = trapezoid::seconds(b.length_d, 0.0, 0.0, b.nominal_v, b.accel_a);
        near(seconds(&b, 0.0, 0.0) / ramps, 1.0);
    }

    proptest! {
        /// Segments that are skipped, one by one.
        #[test]
        fn skipping_changes_nothing(
            steps in 1_u32..20_000,
            per_mm in 20.0..1600.0_f64,
            nominal_rate in 5.0..4000.0_f64,
            rate_a in 200.0..30_000.0_f64,
            ends in (0.0..1.0_f64, 0.0..1.0_f64),
        ) {
            let steps = f64::from(steps);
            let b = block(steps, per_mm, nominal_rate / per_mm, rate_a / per_mm);
            // Ends that the block can have.
            let reach = 2.0 * b.accel_a * b.length_d;
            let entry_v = ends.0 * b.nominal_v;
            let least = (entry_v * entry_v - reach).max(0.0).sqrt();
            let most = (entry_v * entry_v + reach).sqrt().min(b.nominal_v);
            let exit_v = least + ends.1 * (most - least);
            let quick = Run::new(&b, entry_v, exit_v).unwrap().seconds().unwrap();
            let mut run = Run::new(&b, entry_v, exit_v).unwrap();
            let mut budget = u32::MAX;
            while run.left_d > 0.0 {
                run.segment(&mut budget).unwrap();
            }
            // A skip may put the end of a slow segment elsewhere by a step at most.
            let slack = 1e-9 * run.seconds + 1e-3 * LONGEST_STEP_T;
            prop_assert!((quick - run.seconds).abs() < slack, "{} {}", quick, run.seconds);
        }
    }
}
