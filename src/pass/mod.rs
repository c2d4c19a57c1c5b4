//! Passes: what makes a toolpath shorter without changing what it burns.
//!
//! Each pass is an adapter from its configuration to the plain functions of
//! [`crate::algo`]. A pass never makes its objective worse: it keeps its input
//! unless it improved. [`Pipeline::standard`] runs inside-first, dedupe, reorder and
//! merge: strokes are ordered unmerged and fused afterwards, because merging
//! first would freeze bad ends. [`Rasters`], [`Simplify`] and [`ArcFit`] run only where they
//! are asked for: they change the commands of a program, not only their order. [`Split`] too:
//! it makes several paths of one.

mod again;
mod arc_fit;
mod batch;
mod bound;
mod climb;
mod cool;
mod dedupe;
mod edges;
mod fewer;
mod fitting;
mod inside_first;
mod joints;
mod merge;
mod parts;
mod passes;
mod pipeline;
mod raster;
mod rasters;
mod reorder;
mod rings;
mod runs;
mod seconds;
mod shape;
mod simplify;
mod split;
mod starts;
mod stroke;
mod summary;
mod view;
mod watch;

pub use crate::algo::split::Meeting;
pub use crate::algo::tour::Effort;
pub use arc_fit::{ArcFit, NO_ARCS};
pub use bound::{pen_down_bound, travel_bound};
pub use cool::{COOLED, Cool, HOT};
pub use dedupe::{Dedupe, Overlaps};
pub use edges::BEFORE_BROKEN;
pub(crate) use fitting::SAME_TIME;
pub use fitting::{FIT_SLOWER, Fitting};
pub use inside_first::InsideFirst;
pub use merge::Merge;
pub use parts::{PARTS, PARTS_APART, PARTS_JOINED};
pub use passes::{PassOrder, Passes};
pub use pipeline::Pipeline;
pub use rasters::{RASTER_KEPT, RASTER_ORDERED, Rasters};
pub use reorder::Reorder;
pub use simplify::Simplify;
pub use split::Split;
pub use summary::{Summary, summarize};
pub use watch::Watch;

use crate::diag::Diagnostics;
use crate::error::Error;
use crate::geom::{Point, Point3};
use crate::machine::Machine;
use crate::toolpath::{Placement, Toolpath};
use std::ops::Range;

/// One improvement of a toolpath. Others can be added from outside.
pub trait Pass: Sync {
    /// Its name in reports, for example `reorder`.
    fn name(&self) -> &'static str;

    /// Improves `toolpath`, or leaves it as it is.
    ///
    /// # Errors
    /// When its configuration cannot be used.
    fn run(&self, toolpath: &mut Toolpath, context: &mut Context) -> Result<PassReport, Error>;
}

/// What is to be made small.
#[derive(Clone, Debug, Default)]
pub enum Objective {
    /// The length of travel, mm.
    #[default]
    Travel,
    /// The time of rapids on this machine, s; where that is the same, their length.
    Time(Box<Machine>),
}

impl Objective {
    /// The cost of going from `a` to `b` with the beam off.
    #[must_use]
    pub fn hop(&self, a: Point, b: Point) -> f64 {
        match self {
            Self::Travel => a.distance(b),
            Self::Time(machine) => {
                let d = b - a;
                machine.rapid_seconds(Point3::new(d.x, d.y, 0.0)) + SHORTER * d.norm()
            }
        }
    }
}

/// Of two ways that take as long, the shorter is the better one, s/mm: axes that
/// move together leave many such.
const SHORTER: f64 = 1e-6;

/// What the passes of one run share.
#[derive(Clone, Debug, Default)]
pub struct Context {
    /// What is to be made small.
    pub objective: Objective,
    /// Where random choices begin; the same seed gives the same bytes.
    pub seed: u64,
    /// Steps that must come before others, by their numbers in the toolpath.
    pub before: Vec<(u32, u32)>,
    /// Those of `before` that the user asked for.
    pub asked: Vec<(u32, u32)>,
    /// Whether an order has been searched for, so that it may be once more.
    pub ordered: bool,
    /// For each step the number of its part, if parts are finished one after another.
    pub parts: Vec<u32>,
    /// How hard to search.
    pub effort: Effort,
    /// Who is told how far the search is, and may stop it.
    pub watch: Watch,
    /// Whether a search was stopped.
    pub stopped_early: bool,
    /// What passes have to say.
    pub diagnostics: Diagnostics,
}

impl Context {
    /// Steps have other numbers: `became` is the range of those that each is now.
    pub(crate) fn split(&mut self, became: &[Range<u32>]) {
        if !self.parts.is_empty() {
            let of_step = became.iter().zip(&self.parts);
            self.parts = of_step
                .flat_map(|(new, part)| new.clone().map(|_| *part))
                .collect();
        }
    }

    /// Steps have changed places: step `i` is now step `slots[i]`.
    pub(crate) fn renumber(&mut self, slots: &[u32]) {
        let new = |i: u32| slots.get(i as usize).copied().unwrap_or(i);
        for (a, b) in self.before.iter_mut().chain(&mut self.asked) {
            (*a, *b) = (new(*a), new(*b));
        }
        let old = self.parts.clone();
        for (&slot, part) in slots.iter().zip(old) {
            if let Some(place) = self.parts.get_mut(slot as usize) {
                *place = part;
            }
        }
    }

    /// Of `steps` steps each of `groups` has become one. Where one of a group was to come
    /// before another, that remains as a step that is to come before itself: it keeps its
    /// direction and start.
    fn fuse(&mut self, steps: usize, groups: &[Range<usize>]) {
        let mut slots: Vec<u32> = Vec::with_capacity(steps);
        let mut gone = 0;
        let mut groups = groups.iter().peekable();
        for step in 0..steps {
            let _ = groups.next_if(|g| g.end <= step);
            gone += u32::from(groups.peek().is_some_and(|g| g.start < step));
            slots.push(step as u32 - gone);
        }
        self.renumber(&slots);
        self.before.sort_unstable();
        self.before.dedup();
    }

    /// Paths of regions have been arranged anew.
    fn follow(&mut self, toolpath: &Toolpath, arrangements: &[(Range<usize>, Vec<Placement>)]) {
        let mut slots: Vec<u32> = (0..toolpath.steps().len() as u32).collect();
        for (region, placements) in arrangements {
            for (slot, placement) in region.clone().zip(placements) {
                slots[placement.step] = slot as u32;
            }
        }
        self.renumber(&slots);
    }
}

/// What a pass did.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct PassReport {
    /// The pass's name.
    pub name: &'static str,
    /// How many paths it moved, turned, cut, fused or fitted, or edges it added.
    pub changed: usize,
    /// The greatest distance by which it moved a burned point, or by which what it
    /// took away is from what burns there, mm.
    pub deviation_mm: f64,
    /// The length that is burned no longer because it was burned twice, mm.
    pub removed_mm: f64,
}

impl PassReport {
    /// The report of a pass that did nothing.
    #[must_use]
    pub const fn new(name: &'static str) -> Self {
        Self {
            name,
            changed: 0,
            deviation_mm: 0.0,
            removed_mm: 0.0,
        }
    }
}
