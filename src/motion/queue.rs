//! Blocks on their way through the planner of GRBL and of firmware that plans as it
//! does: standstill behind the last block, the speeds of corners as upper bounds, one
//! acceleration for speeding up and for braking. A block's exit is fixed when it begins
//! to run; what comes later cannot change it.

use super::braking::LookAhead;
use super::tally::Tally;
use super::{Beam, trapezoid};

/// Seconds of a block from one speed to another, mm/s.
pub(super) type Seconds = fn(&Block, f64, f64) -> f64;

/// One straight piece.
#[derive(Clone, Copy, Debug)]
pub(super) struct Block {
    pub(super) length_d: f64,
    pub(super) accel_a: f64,
    pub(super) nominal_v: f64,
    pub(super) beam: Beam,
    pub(super) mark: u32,
    /// Steps of the axis that makes the most; 0 where no planner asks.
    pub(super) steps: f64,
    /// What of it the planner has in single precision; 0 where no planner asks.
    pub(super) single: Single,
}

/// Of a block, in mm and min.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Single {
    pub(super) length_d: f32,
    pub(super) accel_a: f32,
    pub(super) nominal_v: f32,
}

/// The blocks that have not run.
#[derive(Clone, Debug)]
pub(super) struct Queue {
    ahead: LookAhead<Block>,
    /// The first block runs when there are so many.
    depth: usize,
    /// Speed at which it is entered, mm/s.
    entry_v: f64,
    seconds: Seconds,
}

impl Queue {
    /// A queue of blocks that run as planned.
    pub(super) fn new(depth: usize) -> Self {
        Self::timed(depth, |b, entry_v, exit_v| {
            trapezoid::seconds(b.length_d, entry_v, exit_v, b.nominal_v, b.accel_a)
        })
    }

    /// A queue of blocks that take so long.
    pub(super) fn timed(depth: usize, seconds: Seconds) -> Self {
        Self {
            ahead: LookAhead::new(),
            depth: depth.max(1),
            entry_v: 0.0,
            seconds,
        }
    }

    /// Adds a block that may be entered at this square of a speed.
    pub(super) fn push(&mut self, block: Block, cap_v2: f64, tally: &mut Tally) {
        tally.times.blocks += 1;
        self.ahead
            .push(block, cap_v2, 2.0 * block.accel_a * block.length_d);
        if self.ahead.len() >= self.depth {
            let _ = self.run_first(tally);
        }
    }

    /// Runs all blocks, the last one to standstill; gives whether there were any.
    pub(super) fn drain(&mut self, tally: &mut Tally) -> bool {
        if self.ahead.len() == 0 {
            return false;
        }
        self.ahead.settle();
        while self.run_first(tally) {}
        self.entry_v = 0.0;
        true
    }

    /// Runs the first block, whose exit is fixed from here on; `false` without any.
    fn run_first(&mut self, tally: &mut Tally) -> bool {
        let Some((b, exit_v2)) = self.ahead.pop(self.entry_v * self.entry_v) else {
            return false;
        };
        let exit_v = exit_v2.sqrt();
        let seconds = (self.seconds)(&b, self.entry_v, exit_v);
        // A stepper that cannot go slowly enough beats the asked speed.
        let at_speed = (b.length_d / b.nominal_v).min(seconds);
        tally.ran(b.mark, b.beam, b.length_d, seconds, at_speed);
        self.entry_v = exit_v;
        true
    }
}
