//! Neighbours whose ends touch become one path.

use super::fewer::with_fewer;
use super::joints::rearranged;
use super::{Context, Objective, Pass, PassReport, seconds, shape};
use crate::algo::straight;
use crate::error::{Error, ErrorKind, positive_mm};
use crate::toolpath::{Path, Placement, Step, Toolpath};
use std::ops::Range;

/// Fuses paths that follow each other, touch, and belong to one operation, so
/// that the beam stays on. Runs after [`super::Reorder`]: fused before, bad ends
/// would be frozen.
///
/// Before that, it looks at the order once more. Where two trails of paths end at one
/// point, they become one if that costs no travel ([`crate::algo::straight::fuse`]).
/// Where there are still more pen-downs than the paths need ([`super::pen_down_bound`]),
/// they are ordered anew with a price on each, up to [`Merge::spare`]. And where
/// more than two ends meet, the paths are joined such that the beam turns least
/// ([`crate::algo::straight::straighten`]), which changes neither pen-downs nor travel.
/// With time as the objective, each of these is kept only if it takes no longer.
///
/// What is burned again at once stays two paths, and so do a path that begins
/// with a pierce and the lines of an engraved area. Operations are never joined, a
/// closed path stays in one piece, and what is inside of an outline stays before it.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Merge {
    /// Ends nearer than this touch, mm. The start of the second path moves onto
    /// the end of the first. Default 0.005.
    pub touch: f64,
    /// Whether paths that meet are joined such that the beam turns least, which brakes
    /// least: straight on at a crossing. Default yes.
    pub straight: bool,
    /// The share of the cost of all hops, travel or time, that may be given for fewer
    /// pen-downs, from 0. Default 0.02.
    pub spare: f64,
    /// Whether the order stays as it is: only what follows each other is fused. For
    /// orders that have a reason which is not seen here, such as parts that are finished
    /// one after another. Default not.
    pub keep_order: bool,
}

impl Merge {
    /// The same with another distance below which ends touch, mm.
    #[must_use]
    pub const fn with_touch(mut self, touch: f64) -> Self {
        self.touch = touch;
        self
    }

    /// The same with paths joined straight on, or as they follow each other.
    #[must_use]
    pub const fn with_straight(mut self, straight: bool) -> Self {
        self.straight = straight;
        self
    }

    /// The same with the order kept as it is, or not.
    #[must_use]
    pub const fn with_keep_order(mut self, keep: bool) -> Self {
        self.keep_order = keep;
        self
    }

    /// The same with another share of travel that may be given for fewer pen-downs.
    #[must_use]
    pub const fn with_spare(mut self, spare: f64) -> Self {
        self.spare = spare;
        self
    }
}

impl Default for Merge {
    fn default() -> Self {
        Self {
            touch: 0.005,
            straight: true,
            spare: 0.02,
            keep_order: false,
        }
    }
}

impl Pass for Merge {
    fn name(&self) -> &'static str {
        "merge"
    }

    fn run(&self, toolpath: &mut Toolpath, context: &mut Context) -> Result<PassReport, Error> {
        let touch = positive_mm("touch", self.touch)?;
        if !(self.spare.is_finite() && self.spare >= 0.0) {
            let message = format!("spare must be a share from 0, not {}", self.spare);
            return Err(Error::new(ErrorKind::InvalidConfig, message));
        }
        let gap = |a: &Path, b: &Path| toolpath.end_of(a).distance(b.start);
        let meets = |w: &[Step]| match w {
            [Step::Path(a), Step::Path(b)] => gap(a, b) <= touch,
            _ => false,
        };
        // An order of little travel has what touches one after another.
        if !self.keep_order && toolpath.steps().windows(2).any(meets) {
            self.look_again(toolpath, context);
        }
        let mut groups: Vec<Range<usize>> = Vec::new();
        let mut deviation_mm = 0.0_f64;
        for i in 1..toolpath.steps().len() {
            let (Step::Path(a), Step::Path(b)) = (&toolpath.steps()[i - 1], &toolpath.steps()[i])
            else {
                continue;
            };
            let gap = toolpath.end_of(a).distance(b.start);
            if gap > touch || !may_fuse(toolpath, a, b, touch) {
                continue;
            }
            deviation_mm = deviation_mm.max(gap);
            match groups.last_mut() {
                Some(g) if g.end == i => g.end = i + 1,
                _ => groups.push(i - 1..i + 1),
            }
        }
        toolpath.edit().fuse(&groups);
        // Steps have other numbers now.
        context.before.clear();
        Ok(PassReport {
            changed: groups.iter().map(|g| g.len() - 1).sum(),
            deviation_mm,
            ..PassReport::new(self.name())
        })
    }
}

impl Merge {
    /// Joins what meets anew, into fewer paths and straight on.
    fn look_again(&self, toolpath: &mut Toolpath, context: &mut Context) {
        let free = |p: &Path| is_free(p) && p.entry_dwell == 0.0 && p.exit_dwell == 0.0;
        let fused = rearranged(toolpath, self.touch, context, free, straight::fuse);
        arrange(toolpath, fused, context);
        // Who has stopped the search wants no other one.
        if !context.stopped_early {
            let fewer = with_fewer(toolpath, self.touch, self.spare, context);
            arrange(toolpath, fewer, context);
        }
        if self.straight {
            let straight = rearranged(toolpath, self.touch, context, free, straight::straighten);
            arrange(toolpath, straight, context);
        }
    }
}

/// Arranges the paths of regions, unless that takes longer.
fn arrange(
    toolpath: &mut Toolpath,
    arrangements: Vec<(Range<usize>, Vec<Placement>)>,
    context: &mut Context,
) {
    if arrangements.is_empty() {
        return;
    }
    let before = match &context.objective {
        Objective::Travel => None,
        Objective::Time(_) => Some(toolpath.clone()),
    };
    for (region, placements) in &arrangements {
        toolpath.edit().arrange(region.clone(), placements);
    }
    if let (Objective::Time(machine), Some(before)) = (&context.objective, before)
        && seconds::of_toolpath(toolpath, machine) > seconds::of_toolpath(&before, machine)
    {
        *toolpath = before;
    } else {
        context.follow(toolpath, &arrangements);
    }
}

/// Whether a path may become a part of another one.
fn is_free(path: &Path) -> bool {
    !path.rigid && !path.pinned && path.raster.is_none() && !path.segments.is_empty()
}

fn may_fuse(toolpath: &Toolpath, a: &Path, b: &Path, touch: f64) -> bool {
    is_free(a)
        && is_free(b)
        && a.exit_dwell == 0.0
        && b.entry_dwell == 0.0
        && shape::operation(toolpath, a) == shape::operation(toolpath, b)
        && shape::signature(toolpath, a, touch) != shape::signature(toolpath, b, touch)
}
