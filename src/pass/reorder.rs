//! Order, direction and start points of paths, for the least travel.

use super::batch::{Batch, cut};
use super::cool::{self, Cool, Cooled};
use super::starts::{Starts, settled};
use super::view::View;
use super::{Context, Objective, Pass, PassOrder, PassReport};
use super::{edges, parts};
use crate::algo::tour::{self, Progress};
use crate::error::{Error, positive_mm};
use crate::geom::Point;
use crate::par;
use crate::toolpath::{Placement, Step, Toolpath};
use std::collections::BTreeMap;
use std::ops::Range;

/// Puts the paths of each region into an order, direction and start with less
/// travel. Open paths may be turned round and closed ones started at any corner, and
/// when asked ([`Reorder::start_anywhere`]) at any point.
///
/// What labs rely on is kept unless switched off: the sequence of operations,
/// the rows of rasters, the structure of passes, the place where the head ends.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Reorder {
    /// Operations (power, feed, laser mode, tool, layer) keep their sequence:
    /// paths change places only with neighbours of the same operation.
    pub keep_operations: bool,
    /// Rows of engraving rasters keep order and direction.
    pub keep_rasters: bool,
    /// What is burned again after other burns stays separated from them, and
    /// what is burned again at once stays together.
    pub keep_passes: bool,
    /// In which order the passes of an operation are; [`super::Passes`] has brought them
    /// into it. Default as in the source.
    pub passes: PassOrder,
    /// Time to cool between paths that lie near each other. Default none.
    pub cool: Option<Cool>,
    /// The head ends where the program made it end.
    pub keep_end: bool,
    /// Points nearer than this are one, mm. Default 0.005.
    pub touch: f64,
    /// Closed paths may be started anywhere on a line or arc, which is then cut in two;
    /// otherwise at their corners only. It takes twice the time. Default not: where the
    /// beam starts and ends it leaves a mark, which is seen less at a corner.
    pub start_anywhere: bool,
    /// No part that such a start cuts off is shorter than this, mm. Default 0.1.
    pub least_part: f64,
}

impl Reorder {
    /// The same with closed paths started anywhere, or at corners only.
    #[must_use]
    pub const fn with_start_anywhere(mut self, anywhere: bool) -> Self {
        self.start_anywhere = anywhere;
        self
    }

    /// The same with another least length of parts that starts cut off, mm.
    #[must_use]
    pub const fn with_least_part(mut self, mm: f64) -> Self {
        self.least_part = mm;
        self
    }

    /// The same with another distance below which points are one, mm.
    #[must_use]
    pub const fn with_touch(mut self, touch: f64) -> Self {
        self.touch = touch;
        self
    }

    /// The same with operations kept in sequence or not.
    #[must_use]
    pub const fn with_keep_operations(mut self, keep: bool) -> Self {
        self.keep_operations = keep;
        self
    }

    /// The same with raster rows kept or not.
    #[must_use]
    pub const fn with_keep_rasters(mut self, keep: bool) -> Self {
        self.keep_rasters = keep;
        self
    }

    /// The same with the structure of passes kept or not.
    #[must_use]
    pub const fn with_keep_passes(mut self, keep: bool) -> Self {
        self.keep_passes = keep;
        self
    }

    /// The same with time to cool between paths that lie near each other.
    #[must_use]
    pub fn with_cool(mut self, cool: Option<Cool>) -> Self {
        self.cool = cool;
        self
    }

    /// The same with passes that have been brought into another order.
    #[must_use]
    pub const fn with_passes(mut self, order: PassOrder) -> Self {
        self.passes = order;
        self
    }

    /// The same with the head's last place kept or not.
    #[must_use]
    pub const fn with_keep_end(mut self, keep: bool) -> Self {
        self.keep_end = keep;
        self
    }
}

impl Default for Reorder {
    fn default() -> Self {
        Self {
            keep_operations: true,
            keep_rasters: true,
            keep_passes: true,
            passes: PassOrder::Source,
            cool: None,
            keep_end: true,
            touch: 0.005,
            start_anywhere: false,
            least_part: 0.1,
        }
    }
}

impl Pass for Reorder {
    fn name(&self) -> &'static str {
        "reorder"
    }

    fn run(&self, toolpath: &mut Toolpath, context: &mut Context) -> Result<PassReport, Error> {
        let _ = positive_mm("touch", self.touch)?;
        let _ = positive_mm("least_part", self.least_part)?;
        self.cool.as_ref().map_or(Ok(()), Cool::validate)?;
        if !context.asked.is_empty() {
            edges::no_circle(toolpath, &context.before)?;
        }
        let mut parts = std::mem::take(&mut context.parts);
        let mut count = parts::Count::default();
        if !parts.is_empty() {
            count.joined = parts::join(&mut parts, &context.before);
        }
        let regions = toolpath.regions();
        let shared: &Toolpath = toolpath;
        let told = |share| context.watch.goes_on(share);
        let progress = Progress::new(
            kicks(shared, &regions, self, context, !parts.is_empty()),
            &told,
        );
        let plans = par::map(&regions, |i, region| {
            let seed = context.seed.wrapping_add(i as u64);
            plan(
                shared,
                region.clone(),
                self,
                context,
                &parts,
                seed,
                &progress,
            )
        });
        context.stopped_early |= progress.is_stopped();
        context.ordered = true;
        let mut changed = 0;
        let (plans, cooled): (Vec<_>, Vec<_>) = plans.into_iter().unzip();
        if let Some(cool) = &self.cool {
            let in_seconds = matches!(context.objective, Objective::Time(_));
            cool::say(cool, &cooled, in_seconds, &mut context.diagnostics);
        }
        let arrangements: Vec<_> = regions.into_iter().zip(plans).collect();
        context.follow(toolpath, &arrangements);
        for (region, placements) in arrangements {
            changed += placements
                .iter()
                .zip(region.clone())
                .filter(|(p, slot)| p.step != *slot || !p.stays())
                .count();
            if !parts.is_empty() {
                let batches = cut(toolpath, region.clone(), self);
                count.add(&batches, &parts);
                count.apart += parts::apart(&batches, &placements, &parts);
            }
            toolpath.edit().arrange(region, &placements);
        }
        if !parts.is_empty() {
            count.say(&mut context.diagnostics);
        }
        edges::say_broken(&context.asked, &mut context.diagnostics);
        context.asked.clear();
        Ok(PassReport {
            changed,
            ..PassReport::new(self.name())
        })
    }
}

/// About how many kicks the regions take.
fn kicks(
    toolpath: &Toolpath,
    regions: &[Range<usize>],
    config: &Reorder,
    context: &Context,
    has_parts: bool,
) -> usize {
    let options = tour::Options::default().with_effort(context.effort);
    // With parts the order of these is searched for, too.
    let constrained = usize::from(!context.before.is_empty() || has_parts);
    let times = 1 + constrained + usize::from(has_parts);
    let searches = if config.start_anywhere { 2 } else { 1 };
    let of = |r: &Range<usize>| {
        let paths = toolpath.steps()[r.clone()].len();
        options.kicks_for(paths) * tries(paths) * times * searches
    };
    regions.iter().map(of).sum()
}

/// How often so many paths are ordered: few are soon done.
fn tries(paths: usize) -> usize {
    (paths / 10)
        .min(TRIES_UP_TO / paths.max(1))
        .clamp(1, MOST_TRIES)
}

/// Tries, together, are worth so many paths.
const TRIES_UP_TO: usize = 2_000;
/// Most tries.
const MOST_TRIES: usize = 4;

/// The best arrangement of a region that was found; its input if none is better.
fn plan(
    toolpath: &Toolpath,
    region: Range<usize>,
    config: &Reorder,
    context: &Context,
    parts: &[u32],
    seed: u64,
    progress: &Progress<'_>,
) -> (Vec<Placement>, Cooled) {
    let view = View {
        parts,
        toolpath,
        options: tour::Options::default().with_effort(context.effort),
        progress,
        objective: &context.objective,
        start: before(toolpath, region.start),
        end: if config.keep_end {
            after(toolpath, region.end)
        } else {
            None
        },
        starts: None,
    };
    let batches = cut(toolpath, region.clone(), config);
    let edges = edges_within(&context.before, &region);
    let chosen = shortest(&view, region, config, &batches, &edges, seed);
    let Some(cool) = &config.cool else {
        return (chosen, Cooled::default());
    };
    let (other, mut cooled) = cool::cooled(&view, cool, &batches, &chosen, &edges);
    if cooled.soon[1] < cooled.soon[0] && keeps_passes(&batches, &other) {
        (other, cooled)
    } else {
        (cooled.soon[1], cooled.cost[1]) = (cooled.soon[0], cooled.cost[0]);
        (chosen, cooled)
    }
}

/// The plan of a region with the least cost that was found; its input if none is better.
fn shortest(
    view: &View<'_>,
    region: Range<usize>,
    config: &Reorder,
    batches: &[Batch],
    edges: &[(usize, usize)],
    seed: u64,
) -> Vec<Placement> {
    let as_read: Vec<Placement> = region.map(as_it_is).collect();
    let apart = |plan: &[Placement]| parts::apart(batches, plan, view.parts);
    // Few paths are soon ordered. Where one batch ends decides how far the next is,
    // so the best of some tries is taken for all of them together.
    let units: usize = batches.iter().map(|b| b.units.len()).sum();
    let tries: Vec<u64> = (0..tries(units) as u64).collect();
    let search = |view: &View<'_>| {
        let plans = par::map(&tries, |_, k| {
            let seed = seed ^ (k << 48);
            let (plan, begins) = view.plan(batches, edges, seed, &[]);
            let cost = view.cost(&plan);
            if batches.len() > 1 && units <= TRIES_UP_TO {
                // Once more, each batch knowing where the next one began.
                let (again, _) = view.plan(batches, edges, seed, &begins[1..]);
                let other = view.cost(&again);
                if other < cost {
                    return (other, again);
                }
            }
            (cost, plan)
        });
        let best = plans.into_iter().min_by(|a, b| a.0.total_cmp(&b.0));
        let plan = best.map_or_else(|| as_read.clone(), |(_, plan)| plan);
        // An input that cuts an outline before what is in it is no order to go back to.
        let must_change =
            edges.iter().any(|(first, then)| first > then) && keeps_edges(&plan, edges);
        let gathered = apart(&plan) < apart(&as_read);
        let shorter = view.cost(&plan) < view.cost(&as_read);
        ((must_change || gathered || shorter) && keeps_passes(batches, &plan)).then_some(plan)
    };
    let of_corners = search(view);
    if !config.start_anywhere {
        return of_corners.unwrap_or(as_read);
    }
    // The search among more starts may end worse, but what is kept never is.
    let starts = Starts::of(view.toolpath, batches, config.least_part);
    let view = View {
        starts: Some(&starts),
        ..view.clone()
    };
    let found = search(&view);
    let other = of_corners.or_else(|| found.is_none().then(|| as_read.clone()));
    let plans = [other, found].into_iter().flatten();
    plans
        .map(|plan| settled(&view, &starts, batches, plan))
        .map(|plan| (apart(&plan), view.cost(&plan), plan))
        .min_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)))
        .map_or(as_read, |(_, _, plan)| plan)
}

/// Whether a plan keeps more of the precedence than the input does: all of it,
/// except where the sequence of batches forbids.
fn keeps_edges(plan: &[Placement], edges: &[(usize, usize)]) -> bool {
    let place: BTreeMap<usize, usize> = plan.iter().enumerate().map(|(i, p)| (p.step, i)).collect();
    let broken = edges
        .iter()
        .filter(|(a, b)| place.get(a) > place.get(b))
        .count();
    let broken_before = edges.iter().filter(|(a, b)| a > b).count();
    broken < broken_before
}

pub(super) const fn as_it_is(step: usize) -> Placement {
    Placement {
        step,
        reversed: false,
        first: 0,
        share: 0.0,
    }
}

/// Where the head is before step `i`.
pub(super) fn before(toolpath: &Toolpath, i: usize) -> Point {
    match i.checked_sub(1).map(|i| &toolpath.steps()[i]) {
        None => toolpath.start().xy(),
        Some(Step::Path(p)) => toolpath.end_of(p).xy(),
        Some(Step::Raw(r)) => r.exit_at.xy(),
    }
}

/// Where the head must be after the step before `i`: where the next step that
/// stays in place begins, or where the program ends. `None` for a drawing.
pub(super) fn after(toolpath: &Toolpath, i: usize) -> Option<Point> {
    match toolpath.steps().get(i) {
        Some(Step::Path(p)) => Some(match &p.origin {
            Some(o) if p.lifts => o.entry_at.xy(),
            _ => p.start.xy(),
        }),
        Some(Step::Raw(r)) => Some(r.entry_at.xy()),
        None => match toolpath.steps().get(i.checked_sub(1)?)? {
            Step::Path(p) => p.origin.as_ref().map(|_| toolpath.end_of(p).xy()),
            Step::Raw(r) => Some(r.exit_at.xy()),
        },
    }
}

/// Pairs of steps of which both are of a region.
pub(super) fn edges_within(edges: &[(u32, u32)], region: &Range<usize>) -> Vec<(usize, usize)> {
    edges
        .iter()
        .map(|&(a, b)| (a as usize, b as usize))
        .filter(|(a, b)| region.contains(a) && region.contains(b))
        .collect()
}

/// Whether nothing is burned again right after itself that was not so before.
fn keeps_passes(batches: &[Batch], plan: &[Placement]) -> bool {
    let mut owner: BTreeMap<usize, (u64, u64)> = BTreeMap::new();
    for unit in batches.iter().filter(|b| !b.kept).flat_map(|b| &b.units) {
        for step in unit.steps.clone() {
            let _ = owner.insert(step, unit.signature);
        }
    }
    plan.windows(2).all(|w| {
        let (a, b) = (w[0].step, w[1].step);
        match (owner.get(&a), owner.get(&b)) {
            (Some(x), Some(y)) if x == y => b == a + 1,
            _ => true,
        }
    })
}
