//! What was fused, ordered once more.
//!
//! Paths are ordered before they are fused, each with ends of its own. What was fused
//! has fewer: a trail can be begun at its two ends only, and turned round as a whole;
//! outlines that touch are one that can be started at any corner of all of them. An
//! order that sees this is shorter, and brings more of what touches together.

use super::batch::{Batch, cut};
use super::reorder::{after, as_it_is, before, edges_within};
use super::view::View;
use super::{Context, Reorder};
use crate::algo::tour::{self, Progress};
use crate::par;
use crate::toolpath::{Placement, Toolpath};
use std::collections::BTreeSet;
use std::ops::Range;

/// What [`ordered`] found.
#[derive(Debug, Default)]
pub(super) struct Again {
    /// The arrangements of regions; those that stay as they are are left out.
    pub(super) plans: Vec<(Range<usize>, Vec<Placement>)>,
    /// Whether they gain enough that another round may gain something, too.
    pub(super) gains: bool,
}

/// So many paths are soon ordered.
const FEW: usize = 500;
/// A round that gains less than this share of all hops is the last one.
const LEAST_GAIN: f64 = 0.005;

/// Whether to order what is left of so many paths takes little time beside ordering all.
pub(super) fn is_soon(toolpath: &Toolpath, paths: usize) -> bool {
    let left = toolpath.paths().count();
    left < paths && (left <= FEW || 2 * left <= paths)
}

/// For each region whether something is burned again in it. That is seen only before
/// anything is fused.
pub(super) fn passes(toolpath: &Toolpath, touch: f64) -> Vec<bool> {
    let config = Reorder::default().with_touch(touch);
    let again = |region: Range<usize>| {
        let batches = cut(toolpath, region, &config);
        let mut seen = BTreeSet::new();
        let mut units = batches.iter().flat_map(|b| &b.units);
        !units.all(|u| u.steps.len() == 1 && seen.insert(u.signature))
    };
    toolpath.regions().into_iter().map(again).collect()
}

/// A shorter order of what was fused, with paths turned round and closed ones started
/// elsewhere. `passes` are the regions that stay as they are.
///
/// # Complexity
/// That of ordering what is left.
pub(super) fn ordered(
    toolpath: &Toolpath,
    touch: f64,
    context: &mut Context,
    passes: &[bool],
) -> Again {
    let config = Reorder::default().with_touch(touch);
    let shared: &Context = context;
    let told = |_| shared.watch.goes_on(1.0);
    let progress = Progress::new(0, &told);
    let regions = toolpath.regions();
    let found = par::map(&regions, |i, region| {
        if passes.get(i) != Some(&false) {
            return None;
        }
        let view = View {
            parts: &[],
            toolpath,
            options: tour::Options::default().with_effort(shared.effort),
            progress: &progress,
            objective: &shared.objective,
            start: before(toolpath, region.start),
            end: after(toolpath, region.end),
            starts: None,
        };
        let mut batches = cut(toolpath, region.clone(), &config);
        hold(&mut batches, &shared.before);
        let edges = edges_within(&shared.before, region);
        let seed = shared.seed.wrapping_add(i as u64);
        let (plan, _) = view.plan(&batches, &edges, seed, &[]);
        let given: Vec<Placement> = region.clone().map(as_it_is).collect();
        let [was, is] = [&given, &plan].map(|p| view.cost(p));
        (is < was).then_some((plan, is < was * (1.0 - LEAST_GAIN)))
    });
    let mut again = Again::default();
    for (region, plan) in regions.into_iter().zip(found) {
        if let Some((plan, gains)) = plan {
            again.gains |= gains;
            again.plans.push((region, plan));
        }
    }
    context.stopped_early |= progress.is_stopped();
    again
}

/// What holds parts that are to come one before the other keeps its direction and start.
pub(super) fn hold(batches: &mut [Batch], before: &[(u32, u32)]) {
    let held: BTreeSet<usize> = before
        .iter()
        .filter(|(a, b)| a == b)
        .map(|(a, _)| *a as usize)
        .collect();
    for unit in batches.iter_mut().flat_map(|b| &mut b.units) {
        unit.fixed |= unit.steps.clone().any(|step| held.contains(&step));
    }
}
