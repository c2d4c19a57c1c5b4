//! Neighbours whose ends touch become one path.

use super::again::{self, Again};
use super::fewer::with_fewer;
use super::joints::rearranged;
use super::rings::splices;
use super::{Context, Objective, Pass, PassReport, seconds, shape};
use crate::algo::straight;
use crate::error::{Error, ErrorKind, positive_mm};
use crate::toolpath::{Path, Placement, Splice, Step, Toolpath};
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
/// Then closed paths are drawn on what they touch ([`Merge::rings`]), and
/// what was fused is ordered once more after [`super::Reorder`], and fused again
/// ([`Merge::again`]): a trail has two ends where its paths had many, and outlines that
/// were fused can be started at any corner of all of them.
///
/// What is burned again at once stays two paths, and so do a path that begins
/// with a pierce and the lines of an engraved area. Operations are never joined,
/// closed paths stay closed, and what is inside of an outline stays before it.
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
    /// Whether what was fused is ordered once more, if [`super::Reorder`] has ordered the
    /// paths: where few are left, or half of them at most, so that it takes little time;
    /// not where something is burned again, as passes have an order. Default yes.
    pub again: bool,
    /// Whether closed paths that touch others at a corner are drawn when those come by
    /// ([`crate::algo::rings`]): all of them without a lift, but what is come by is then
    /// gone on with only after that. Not where something is burned again. Default yes.
    pub rings: bool,
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

    /// The same with what was fused ordered once more, or not.
    #[must_use]
    pub const fn with_again(mut self, again: bool) -> Self {
        self.again = again;
        self
    }

    /// The same with closed paths drawn on others that they touch, or not.
    #[must_use]
    pub const fn with_rings(mut self, rings: bool) -> Self {
        self.rings = rings;
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
            again: true,
            rings: true,
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
        let mut report = PassReport::new(self.name());
        let paths = toolpath.paths().count();
        let passes = again::passes(toolpath, touch);
        self.fuse(toolpath, context, &passes, &mut report);
        for _ in 0..MOST_ROUNDS {
            // Who has stopped the search wants no other one.
            let wanted = self.again && context.ordered && !self.keep_order;
            if !wanted || context.stopped_early || !again::is_soon(toolpath, paths) {
                break;
            }
            let Again { plans, gains } = again::ordered(toolpath, touch, context, &passes);
            if plans.is_empty() || !arrange(toolpath, plans, context) {
                break;
            }
            self.fuse(toolpath, context, &passes, &mut report);
            if !gains {
                break;
            }
        }
        Ok(report)
    }
}

/// What was fused is looked at so often at most.
const MOST_ROUNDS: usize = 3;

impl Merge {
    /// Makes one path of those that touch.
    fn fuse(
        &self,
        toolpath: &mut Toolpath,
        context: &mut Context,
        passes: &[bool],
        report: &mut PassReport,
    ) {
        for _ in 0..MOST_ROUNDS {
            self.fuse_neighbours(toolpath, context, report);
            let rings = self.rings && !self.keep_order;
            // Where a ring was, others may follow each other now.
            if !rings || !self.draw_rings(toolpath, context, passes, report) {
                break;
            }
        }
    }

    /// Makes one path of those that follow each other and touch.
    fn fuse_neighbours(
        &self,
        toolpath: &mut Toolpath,
        context: &mut Context,
        report: &mut PassReport,
    ) {
        let gap = |a: &Path, b: &Path| toolpath.end_of(a).distance(b.start);
        let meets = |w: &[Step]| match w {
            [Step::Path(a), Step::Path(b)] => gap(a, b) <= self.touch,
            _ => false,
        };
        // An order of little travel has what touches one after another.
        if !self.keep_order && toolpath.steps().windows(2).any(meets) {
            self.look_again(toolpath, context);
        }
        let mut groups: Vec<Range<usize>> = Vec::new();
        for i in 1..toolpath.steps().len() {
            let (Step::Path(a), Step::Path(b)) = (&toolpath.steps()[i - 1], &toolpath.steps()[i])
            else {
                continue;
            };
            let gap = toolpath.end_of(a).distance(b.start);
            if gap > self.touch || !may_fuse(toolpath, a, b, self.touch) {
                continue;
            }
            report.deviation_mm = report.deviation_mm.max(gap);
            report.changed += 1;
            match groups.last_mut() {
                Some(g) if g.end == i => g.end = i + 1,
                _ => groups.push(i - 1..i + 1),
            }
        }
        context.fuse(toolpath.steps().len(), &groups);
        toolpath.edit().fuse(&groups);
    }

    /// Draws closed paths on others that they touch, unless that takes longer; whether
    /// there were any.
    fn draw_rings(
        &self,
        toolpath: &mut Toolpath,
        context: &mut Context,
        passes: &[bool],
        report: &mut PassReport,
    ) -> bool {
        let splices = splices(toolpath, self.touch, context, passes, is_plain);
        if splices.is_empty() {
            return false;
        }
        let before = toolpath.steps().len();
        let mut after = toolpath.clone();
        let slots = after.edit().splice(&splices);
        if let Objective::Time(machine) = &context.objective
            && seconds::of_toolpath(&after, machine) > seconds::of_toolpath(toolpath, machine)
        {
            return false;
        }
        context.renumber(&slots);
        report.changed += before - after.steps().len();
        report.deviation_mm = report.deviation_mm.max(widest(toolpath, &splices));
        *toolpath = after;
        true
    }

    /// Joins what meets anew, into fewer paths and straight on.
    fn look_again(&self, toolpath: &mut Toolpath, context: &mut Context) {
        let fused = rearranged(toolpath, self.touch, context, is_plain, straight::fuse);
        let _ = arrange(toolpath, fused, context);
        // Who has stopped the search wants no other one.
        if !context.stopped_early {
            let fewer = with_fewer(toolpath, self.touch, self.spare, context);
            let _ = arrange(toolpath, fewer, context);
        }
        if self.straight {
            let straight = rearranged(
                toolpath,
                self.touch,
                context,
                is_plain,
                straight::straighten,
            );
            let _ = arrange(toolpath, straight, context);
        }
    }
}

/// Arranges the paths of regions, unless that takes longer; whether it did.
fn arrange(
    toolpath: &mut Toolpath,
    arrangements: Vec<(Range<usize>, Vec<Placement>)>,
    context: &mut Context,
) -> bool {
    if arrangements.is_empty() {
        return false;
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
        return false;
    }
    context.follow(toolpath, &arrangements);
    true
}

/// How far a part of a splice begins from where the one before it ends, at most, mm.
fn widest(toolpath: &Toolpath, splices: &[Splice]) -> f64 {
    let ends = |(step, range): &(usize, Range<usize>)| {
        let path = toolpath.steps()[*step].as_path()?;
        let end = toolpath.segments(path)[range.end - 1].end;
        Some([toolpath.place(path, range.start, 0.0), end])
    };
    let gaps = splices.iter().flat_map(|s| s.parts.windows(2));
    gaps.filter_map(|w| Some(ends(&w[0])?[1].distance(ends(&w[1])?[0])))
        .fold(0.0, f64::max)
}

/// Whether a path may become a part of another one, at any of its corners.
fn is_plain(path: &Path) -> bool {
    is_free(path) && path.entry_dwell == 0.0 && path.exit_dwell == 0.0
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
