//! Klipper's look-ahead: from the limits of queued moves to their speeds.
//!
//! All speeds are squared, as v² grows linearly with the way under a constant
//! acceleration. Two plans run side by side. One has the full acceleration and
//! gives the speeds at the joints. The other, *gentle*, has the acceleration less
//! the minimum cruise ratio; the height of its peaks caps the cruising speed, so
//! that a short move does not speed up only to brake at once.
//!
//! The plan goes backwards from a stop after the last move. A move *can
//! accelerate* where the gentle plan enters it slower than its end would allow. Such a
//! move either is a peak, whose height is that of the gentle plan in its middle, or
//! it only speeds up and has the peak of those after it. A move that cannot
//! accelerate goes on at the cruising speed of the move before it, as far as that
//! is not above its own entry.
//!
//! # Why it may flush
//! What a later move can still change is how fast the queue's end is left; a move
//! that can accelerate is entered at its own cap whatever follows. So what stands
//! before such a move is fixed, except for the peak that its last moves share with
//! it: they are fixed up to the next peak before. All up to there is run, and the
//! answer is that of the whole file to the bit. The queue is looked through when
//! it has doubled since, so a move is seen about twice.
//!
//! Of a ramp so long that more than half of [`MOST`] moves are not fixed, the oldest
//! are run as if the machine were to stop at the end of the queue.

use super::corner::least;
use crate::motion::Beam;
use crate::motion::tally::Tally;

/// The most moves that are held.
pub(super) const MOST: usize = 1 << 16;
/// How many are gathered before the first look.
pub(super) const FIRST_LOOK: usize = 256;

/// A move of the queue: its limits, squares of speeds in mm²/s².
#[derive(Clone, Copy, Debug)]
pub(super) struct Block {
    pub(super) length_d: f64,
    pub(super) accel_a: f64,
    /// Greatest speed.
    pub(super) cruise_v2: f64,
    /// Greatest change over its length, at full and at gentle acceleration.
    pub(super) delta_v2: f64,
    pub(super) gentle_delta_v2: f64,
    /// Greatest speed at its start: by the corner and by what was before.
    pub(super) start_v2: f64,
    pub(super) gentle_start_v2: f64,
    pub(super) beam: Beam,
    pub(super) mark: u32,
}

/// The speeds of a move as the backward plan leaves them.
#[derive(Clone, Copy, Debug, Default)]
struct Plan {
    start_v2: f64,
    end_v2: f64,
    /// `None` where the move before says it.
    cruise_v2: Option<f64>,
}

/// The backward plan after some move: what the move before it has to know.
#[derive(Clone, Copy, Debug, Default)]
struct Back {
    start_v2: f64,
    gentle_v2: f64,
    peak_v2: f64,
    /// Moves since the last one that can accelerate.
    held: usize,
}

impl Back {
    /// Goes on to the move before; gives its plan and whether it is a peak.
    #[inline]
    fn step(&mut self, b: &Block) -> (Plan, bool) {
        let end_v2 = self.start_v2;
        let reach_v2 = end_v2 + b.delta_v2;
        let start_v2 = least(b.start_v2, reach_v2);
        let gentle_reach_v2 = self.gentle_v2 + b.gentle_delta_v2;
        let gentle_v2 = least(b.gentle_start_v2, gentle_reach_v2);
        let mut plan = Plan {
            start_v2,
            end_v2,
            cruise_v2: None,
        };
        let mut is_peak = false;
        if gentle_v2 < gentle_reach_v2 {
            is_peak = self.held > 0 || gentle_v2 + b.gentle_delta_v2 > self.gentle_v2;
            if is_peak {
                self.peak_v2 = (gentle_v2 + gentle_reach_v2) * 0.5;
            }
            let middle_v2 = (start_v2 + reach_v2) * 0.5;
            plan.cruise_v2 = Some(least(least(middle_v2, b.cruise_v2), self.peak_v2));
            self.held = 0;
        } else {
            self.held += 1;
        }
        (self.start_v2, self.gentle_v2) = (start_v2, gentle_v2);
        (plan, is_peak)
    }
}

/// The queue, and how the last move that was run ended.
#[derive(Clone, Debug)]
pub(super) struct LookAhead {
    queue: Vec<Block>,
    plans: Vec<Plan>,
    first_look: usize,
    most: usize,
    /// At this many moves it is looked through.
    look_at: usize,
    /// Cruising speed of the move that was run last.
    cruise_v2: f64,
    /// The speed at which it ended, squared and plain.
    end_v2: f64,
    end_v: f64,
}

impl LookAhead {
    /// An empty queue that is looked through from `first_look` moves on and holds
    /// at most `most`.
    pub(super) const fn new(first_look: usize, most: usize) -> Self {
        Self {
            queue: Vec::new(),
            plans: Vec::new(),
            first_look,
            most,
            look_at: first_look,
            cruise_v2: 0.0,
            end_v2: 0.0,
            end_v: 0.0,
        }
    }

    /// Takes a move; what is fixed by now is run.
    #[inline]
    pub(super) fn push(&mut self, block: Block, tally: &mut Tally) {
        self.queue.push(block);
        if self.queue.len() >= self.look_at {
            self.look(tally);
        }
    }

    /// Runs all moves to a stop; gives whether there were any.
    pub(super) fn stop(&mut self, tally: &mut Tally) -> bool {
        let any = !self.queue.is_empty();
        self.run(self.queue.len(), Back::default(), tally);
        (self.cruise_v2, self.end_v2, self.end_v) = (0.0, 0.0, 0.0);
        self.look_at = self.first_look;
        any
    }

    /// Runs what is fixed.
    #[cold]
    #[inline(never)]
    fn look(&mut self, tally: &mut Tally) {
        let mut back = Back::default();
        // The plan at the newest move that can accelerate, and its place.
        let mut clean = (self.queue.len(), back);
        let mut peaks = 0;
        for (i, b) in self.queue.iter().enumerate().rev() {
            let (plan, is_peak) = back.step(b);
            peaks += usize::from(is_peak);
            if peaks == 2 {
                self.run(clean.0, clean.1, tally);
                break;
            }
            if plan.cruise_v2.is_some() {
                clean = (i, back);
            }
        }
        let half = self.most / 2;
        if self.queue.len() > half {
            let count = self.queue.len() - half;
            let mut back = Back::default();
            for b in self.queue[count..].iter().rev() {
                let _ = back.step(b);
            }
            self.run(count, back, tally);
            if let Some(first) = self.queue.first_mut() {
                first.start_v2 = first.start_v2.min(self.end_v2);
                first.gentle_start_v2 = first.gentle_start_v2.min(first.start_v2);
            }
        }
        self.look_at = self.first_look.max(self.queue.len() * 2);
    }

    /// Runs the first `count` moves, behind which the plan is `back`.
    fn run(&mut self, count: usize, mut back: Back, tally: &mut Tally) {
        self.plans.clear();
        for b in self.queue[..count].iter().rev() {
            self.plans.push(back.step(b).0);
        }
        for (b, plan) in self.queue[..count].iter().zip(self.plans.iter().rev()) {
            let cruise_v2 = match plan.cruise_v2 {
                Some(v2) => v2,
                None => least(self.cruise_v2, plan.start_v2),
            };
            let start_v2 = least(plan.start_v2, cruise_v2);
            let end_v2 = least(plan.end_v2, cruise_v2);
            // Most moves begin as the one before ended: one root less.
            let start_v = if start_v2.to_bits() == self.end_v2.to_bits() {
                self.end_v
            } else {
                start_v2.sqrt()
            };
            let (cruise_v, end_v) = (cruise_v2.sqrt(), end_v2.sqrt());
            let ramps_t = (2.0 * cruise_v - start_v - end_v) / b.accel_a;
            let ramps_d = (2.0 * cruise_v2 - start_v2 - end_v2) * 0.5 / b.accel_a;
            let seconds = ramps_t + (b.length_d - ramps_d) / cruise_v;
            let at_speed_t = b.length_d / b.cruise_v2.sqrt();
            tally.ran(b.mark, b.beam, b.length_d, seconds, at_speed_t);
            (self.cruise_v2, self.end_v2, self.end_v) = (cruise_v2, end_v2, end_v);
        }
        drop(self.queue.drain(..count));
    }
}
