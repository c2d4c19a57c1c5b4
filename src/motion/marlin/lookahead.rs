//! The look-ahead of Marlin, and of firmware that plans as it does.
//!
//! A ring of blocks, each with the greatest speed at which it may be entered (its
//! *cap*). A new block is planned to end at standstill; from there the entries are
//! raised backwards as far as braking allows, then lowered forwards where a block is
//! too short to reach them. When the ring is full its first block runs, and what it
//! runs into is fixed from then on.
//!
//! # Marlin's own ways
//! - Standstill is 0.05 mm/s.
//! - What is once known to be the best (everything before the last entry that is at
//!   its cap, or that full acceleration just reaches) is not planned again, even if
//!   the new end would ask for it. It matters after an arc, whose chords are planned
//!   to be left at more than standstill.
//! - Motors make no fewer than 120 steps a second. A block that is planned to be left
//!   at fewer is counted as brought to standstill, as in the figures that the model is
//!   checked with.
//! - A block that can brake from its full speed to standstill is taken to reach any
//!   entry of the next, also one above its own full speed. It then leaves at its full
//!   speed, and the next begins at its own.

use crate::motion::tally::Tally;
use crate::motion::{Beam, trapezoid};
use std::collections::VecDeque;

/// What the planner takes for standstill, mm/s.
pub(super) const REST_V: f64 = 0.05;
/// The least step rate at the end of a block, 1/s (`MINIMAL_STEP_RATE`).
const LEAST_RATE: f64 = 120.0;
const REST_V2: f64 = REST_V * REST_V;

/// One straight piece in the ring.
#[derive(Clone, Copy, Debug)]
pub(super) struct Block {
    pub(super) length_d: f64,
    pub(super) accel_a: f64,
    pub(super) nominal_v: f64,
    /// Square of the greatest speed at which it may be entered.
    pub(super) cap_v2: f64,
    /// Steps of the axis with the most for each mm.
    pub(super) steps_per_mm: f64,
    pub(super) beam: Beam,
    pub(super) mark: u32,
}

/// A block with its plan.
#[derive(Clone, Copy, Debug)]
struct Planned {
    block: Block,
    /// Square of the speed at which it is entered, as planned so far.
    entry_v2: f64,
    /// Whether it can brake from its full speed to standstill.
    brakes: bool,
    /// Places in the ring: its own, and those of marks without motion behind it.
    places: usize,
}

impl Planned {
    /// Square of the speed that full acceleration makes of one.
    fn reach_v2(&self, from_v2: f64) -> f64 {
        from_v2 + 2.0 * self.block.accel_a * self.block.length_d
    }
}

/// The ring of blocks that have not begun to run.
#[derive(Clone, Debug)]
pub(super) struct Lookahead {
    ring: VecDeque<Planned>,
    /// Places that are taken before the first block runs.
    depth: usize,
    taken: usize,
    /// The entry of this block and of all before it is final.
    planned: usize,
    /// Square of the speed at which the newest block is planned to end.
    end_v2: f64,
}

impl Lookahead {
    /// A ring of so many blocks as the firmware counts them: one of them is always
    /// empty, and one is running.
    pub(super) fn new(buffer: usize) -> Self {
        let depth = buffer.saturating_sub(2).max(1);
        Self {
            ring: VecDeque::with_capacity(depth.min(1024)),
            depth,
            taken: 0,
            planned: 0,
            end_v2: REST_V2,
        }
    }

    /// Whether nothing waits to run: the next block starts from standstill.
    pub(super) fn is_empty(&self) -> bool {
        self.ring.is_empty()
    }

    /// How many blocks and marks wait to run.
    pub(super) fn waiting(&self) -> usize {
        self.taken
    }

    /// Adds a block, which ends at the square of a speed for as long as none follows.
    pub(super) fn push(&mut self, block: Block, end_v2: f64, tally: &mut Tally) {
        tally.times.blocks += 1;
        let mut planned = Planned {
            block,
            entry_v2: REST_V2,
            brakes: false,
            places: 1,
        };
        planned.brakes = block.nominal_v * block.nominal_v <= planned.reach_v2(REST_V2);
        self.end_v2 = end_v2.max(REST_V2);
        self.ring.push_back(planned);
        self.plan();
        self.take_place(tally);
    }

    /// Adds a mark that moves nothing, but takes a place.
    pub(super) fn push_mark(&mut self, tally: &mut Tally) {
        if let Some(last) = self.ring.back_mut() {
            last.places += 1;
            self.take_place(tally);
        }
    }

    /// Runs all blocks, the last one to standstill.
    pub(super) fn drain(&mut self, tally: &mut Tally) {
        if self.is_empty() {
            return;
        }
        while !self.is_empty() {
            self.run_first(tally);
        }
        tally.stopped(0.0);
    }

    fn take_place(&mut self, tally: &mut Tally) {
        self.taken += 1;
        while self.taken >= self.depth && !self.is_empty() {
            self.run_first(tally);
        }
    }

    /// Plans anew what the newest block may have changed.
    fn plan(&mut self) {
        let newest = self.ring.len() - 1;
        let mut exit_v2 = self.end_v2;
        let mut i = newest;
        while i > self.planned {
            let p = &mut self.ring[i];
            let entry_v2 = if p.brakes {
                p.block.cap_v2
            } else {
                p.block.cap_v2.min(p.reach_v2(exit_v2))
            };
            // What is before depends on this entry alone.
            if i < newest && entry_v2.to_bits() == p.entry_v2.to_bits() {
                break;
            }
            p.entry_v2 = entry_v2;
            exit_v2 = entry_v2;
            i -= 1;
        }
        let mut before = self.ring[i];
        for j in i + 1..=newest {
            let p = &mut self.ring[j];
            if !before.brakes && before.entry_v2 < p.entry_v2 {
                let reach_v2 = before.reach_v2(before.entry_v2);
                if reach_v2 < p.entry_v2 {
                    p.entry_v2 = reach_v2;
                    self.planned = j;
                }
            }
            if p.entry_v2.to_bits() == p.block.cap_v2.to_bits() {
                self.planned = j;
            }
            before = *p;
        }
    }

    /// Runs the first block; its exit is fixed by this.
    fn run_first(&mut self, tally: &mut Tally) {
        let Some(p) = self.ring.pop_front() else {
            return;
        };
        self.taken -= p.places;
        self.planned = self.planned.saturating_sub(1);
        let exit_v2 = self.ring.front().map_or(self.end_v2, |next| next.entry_v2);
        let b = &p.block;
        let entry_v = p.entry_v2.sqrt().min(b.nominal_v);
        let mut exit_v = exit_v2.sqrt();
        if exit_v * b.steps_per_mm < LEAST_RATE {
            exit_v = REST_V;
        }
        let exit_v = exit_v.min(b.nominal_v);
        let change_v2 = (entry_v * entry_v - exit_v * exit_v).abs();
        let seconds = if change_v2 > 2.0 * b.accel_a * b.length_d {
            // Too short at its acceleration: the change is spread over all of it.
            2.0 * b.length_d / (entry_v + exit_v)
        } else {
            trapezoid::seconds(b.length_d, entry_v, exit_v, b.nominal_v, b.accel_a)
        };
        tally.ran(
            b.mark,
            b.beam,
            b.length_d,
            seconds,
            b.length_d / b.nominal_v,
        );
    }
}
