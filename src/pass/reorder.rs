//! Order, direction and start points of paths, for the least travel.

use super::batch::{Batch, Unit, cut};
use super::{Context, Objective, Pass, PassReport};
use crate::algo::tour::{self, Problem, Progress, Stroke, Visit};
use crate::error::{Error, positive_mm};
use crate::geom::Point;
use crate::par;
use crate::toolpath::{Path, Placement, Segment, Step, Toolpath};
use std::collections::BTreeMap;
use std::ops::Range;

/// Puts the paths of each region into an order, direction and start with less
/// travel. Open paths may be turned round and closed ones started at any corner.
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
    /// The head ends where the program made it end.
    pub keep_end: bool,
    /// Points nearer than this are one, mm. Default 0.005.
    pub touch: f64,
}

impl Reorder {
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
            keep_end: true,
            touch: 0.005,
        }
    }
}

impl Pass for Reorder {
    fn name(&self) -> &'static str {
        "reorder"
    }

    fn run(&self, toolpath: &mut Toolpath, context: &mut Context) -> Result<PassReport, Error> {
        let _ = positive_mm("touch", self.touch)?;
        let regions = toolpath.regions();
        let shared: &Toolpath = toolpath;
        let told = |share| context.watch.goes_on(share);
        let progress = Progress::new(kicks(shared, &regions, context), &told);
        let plans = par::map(&regions, |i, region| {
            let seed = context.seed.wrapping_add(i as u64);
            plan(shared, region.clone(), self, context, seed, &progress)
        });
        context.stopped_early |= progress.is_stopped();
        let mut changed = 0;
        let arrangements: Vec<_> = regions.into_iter().zip(plans).collect();
        context.follow(toolpath, &arrangements);
        for (region, placements) in arrangements {
            changed += placements
                .iter()
                .zip(region.clone())
                .filter(|(p, slot)| p.step != *slot || p.reversed || p.first > 0)
                .count();
            toolpath.edit().arrange(region, &placements);
        }
        Ok(PassReport {
            changed,
            ..PassReport::new(self.name())
        })
    }
}

/// About how many kicks the regions take.
fn kicks(toolpath: &Toolpath, regions: &[Range<usize>], context: &Context) -> usize {
    let options = tour::Options::default().with_effort(context.effort);
    let twice = if context.before.is_empty() { 1 } else { 2 };
    let of = |r: &Range<usize>| {
        let paths = toolpath.steps()[r.clone()].len();
        options.kicks_for(paths) * tries(paths) * twice
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
    seed: u64,
    progress: &Progress<'_>,
) -> Vec<Placement> {
    let view = View {
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
    };
    let batches = cut(toolpath, region.clone(), config);
    let as_read: Vec<Placement> = region.clone().map(as_it_is).collect();
    let edges = edges_within(&context.before, &region);
    // Few paths are soon ordered. Where one batch ends decides how far the next is,
    // so the best of some tries is taken for all of them together.
    let units: usize = batches.iter().map(|b| b.units.len()).sum();
    let tries: Vec<u64> = (0..tries(units) as u64).collect();
    let plans = par::map(&tries, |_, k| {
        let seed = seed ^ (k << 48);
        let (plan, begins) = view.plan(&batches, &edges, seed, &[]);
        let cost = view.cost(&plan);
        if batches.len() > 1 && units <= TRIES_UP_TO {
            // Once more, each batch knowing where the next one began.
            let (again, _) = view.plan(&batches, &edges, seed, &begins[1..]);
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
    let must_change = edges.iter().any(|(first, then)| first > then) && keeps_edges(&plan, &edges);
    let shorter = view.cost(&plan) < view.cost(&as_read);
    if (must_change || shorter) && keeps_passes(&batches, &plan) {
        plan
    } else {
        as_read
    }
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

const fn as_it_is(step: usize) -> Placement {
    Placement {
        step,
        reversed: false,
        first: 0,
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

fn edges_within(edges: &[(u32, u32)], region: &Range<usize>) -> Vec<(usize, usize)> {
    edges
        .iter()
        .map(|&(a, b)| (a as usize, b as usize))
        .filter(|(a, b)| region.contains(a) && region.contains(b))
        .collect()
}

/// The order of an earlier batch that burns the same shapes: repeating it keeps
/// every pass as far from the one before as the passes are long.
/// Paths that run as theirs did then are turned as theirs were.
fn as_before(
    toolpath: &Toolpath,
    batch: &Batch,
    done: &[(&Batch, Vec<Visit>)],
) -> Option<Vec<Visit>> {
    let sorted = |b: &Batch| {
        let mut s: Vec<_> = b.units.iter().map(|u| u.signature).collect();
        s.sort_unstable();
        s
    };
    let wanted = sorted(batch);
    let (same, visits) = done
        .iter()
        .rev()
        .find(|(b, _)| !b.kept && b.units.len() == batch.units.len() && sorted(b) == wanted)?;
    let by_signature: BTreeMap<_, _> = batch
        .units
        .iter()
        .enumerate()
        .map(|(i, u)| (u.signature, i as u32))
        .collect();
    visits
        .iter()
        .map(|v| {
            let then = &same.units[v.stroke as usize];
            let stroke = *by_signature.get(&then.signature)?;
            let now = &batch.units[stroke as usize];
            Some(if is_copy(toolpath, then, now) {
                Visit { stroke, ..*v }
            } else {
                Visit {
                    stroke,
                    reversed: false,
                    start: 0,
                }
            })
        })
        .collect()
}

/// Whether two units are one path each, with the same segments in the same direction.
fn is_copy(toolpath: &Toolpath, a: &Unit, b: &Unit) -> bool {
    let only = |u: &Unit| match &toolpath.steps()[u.steps.clone()] {
        [Step::Path(path)] if !path.rigid && !u.fixed => Some(path),
        _ => None,
    };
    let (Some(a), Some(b)) = (only(a), only(b)) else {
        return false;
    };
    let same = |(x, y): (&Segment, &Segment)| x.end == y.end && x.bulge.total_cmp(&y.bulge).is_eq();
    let (s, t) = (toolpath.segments(a), toolpath.segments(b));
    a.start == b.start && s.len() == t.len() && s.iter().zip(t).all(same)
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

impl Batch {
    fn as_read(&self) -> Vec<Visit> {
        (0..self.units.len() as u32)
            .map(|stroke| Visit {
                stroke,
                reversed: false,
                start: 0,
            })
            .collect()
    }
}

/// A unit as it is ordered; the start points of a closed one are added to `starts`.
pub(super) fn stroke(toolpath: &Toolpath, unit: &Unit, starts: &mut Vec<Point>) -> Stroke {
    let first = path(toolpath, unit.steps.start);
    let single = unit.steps.len() == 1 && !first.rigid && !unit.fixed;
    if single && toolpath.is_closed(first) {
        let begin = starts.len() as u32;
        starts.extend(toolpath.with_starts(first).map(|(p, _)| p.xy()));
        return Stroke::Closed {
            starts: begin..starts.len() as u32,
        };
    }
    Stroke::Open {
        ends: [start_of_unit(toolpath, unit), end_of_unit(toolpath, unit)],
        reversible: single,
    }
}

/// Where a unit begins, as it was read.
pub(super) fn start_of_unit(toolpath: &Toolpath, unit: &Unit) -> Point {
    path(toolpath, unit.steps.start).start.xy()
}

/// Where a unit ends, as it was read.
pub(super) fn end_of_unit(toolpath: &Toolpath, unit: &Unit) -> Point {
    toolpath.end_of(path(toolpath, unit.steps.end - 1)).xy()
}

fn path(toolpath: &Toolpath, step: usize) -> &Path {
    toolpath.steps()[step]
        .as_path()
        .unwrap_or_else(|| panic!("a region holds paths only"))
}

/// A toolpath seen as points and hops.
struct View<'a> {
    toolpath: &'a Toolpath,
    objective: &'a Objective,
    options: tour::Options,
    progress: &'a Progress<'a>,
    start: Point,
    end: Option<Point>,
}

impl View<'_> {
    /// Orders batch after batch; gives where each begins, too. A batch ends near its
    /// point of `ends`, where there is one.
    fn plan(
        &self,
        batches: &[Batch],
        edges: &[(usize, usize)],
        seed: u64,
        ends: &[Point],
    ) -> (Vec<Placement>, Vec<Point>) {
        let mut plan: Vec<Placement> = Vec::new();
        let mut begins = Vec::with_capacity(batches.len());
        let mut done: Vec<(&Batch, Vec<Visit>)> = Vec::new();
        let mut at = self.start;
        for (k, batch) in batches.iter().enumerate() {
            let last = k + 1 == batches.len();
            let end = if last { self.end } else { ends.get(k).copied() };
            let visits = if batch.kept {
                batch.as_read()
            } else if let Some(same) = as_before(self.toolpath, batch, &done) {
                same
            } else {
                self.order(batch, at, end, edges, seed)
            };
            let first = plan.len();
            self.place(batch, &visits, &mut plan);
            begins.push(plan.get(first).map_or(at, |p| self.ends(p).0));
            if let Some(p) = plan.last() {
                at = self.ends(p).1;
            }
            done.push((batch, visits));
        }
        (plan, begins)
    }

    /// Orders the units of a batch.
    fn order(
        &self,
        batch: &Batch,
        start: Point,
        end: Option<Point>,
        edges: &[(usize, usize)],
        seed: u64,
    ) -> Vec<Visit> {
        let mut starts = Vec::new();
        let strokes: Vec<Stroke> = batch
            .units
            .iter()
            .map(|u| stroke(self.toolpath, u, &mut starts))
            .collect();
        let mut unit_of: BTreeMap<usize, u32> = BTreeMap::new();
        if !edges.is_empty() {
            for (i, unit) in batch.units.iter().enumerate() {
                for step in unit.steps.clone() {
                    let _ = unit_of.insert(step, i as u32);
                }
            }
        }
        let mut before: Vec<(u32, u32)> = edges
            .iter()
            .filter_map(|(a, b)| Some((*unit_of.get(a)?, *unit_of.get(b)?)))
            .filter(|(a, b)| a != b)
            .collect();
        // All lines of an engraved area say the same.
        before.dedup();
        let problem = Problem {
            strokes: &strokes,
            starts: &starts,
            start,
            end,
            before: &before,
        };
        let options = self.options.clone().with_seed(seed);
        let hop = |a, b| self.objective.hop(a, b);
        tour::order_watched(&problem, &hop, &options, self.progress)
    }

    fn place(&self, batch: &Batch, visits: &[Visit], plan: &mut Vec<Placement>) {
        for visit in visits {
            let unit = &batch.units[visit.stroke as usize];
            plan.extend(unit.steps.clone().map(|step| Placement {
                step,
                reversed: visit.reversed,
                first: visit.start as usize,
            }));
        }
    }

    /// Where a placed path begins and ends.
    fn ends(&self, p: &Placement) -> (Point, Point) {
        let path = path(self.toolpath, p.step);
        let ends = if p.first > 0 {
            let at = self.toolpath.segments(path)[p.first - 1].end.xy();
            (at, at)
        } else {
            (path.start.xy(), self.toolpath.end_of(path).xy())
        };
        if p.reversed { (ends.1, ends.0) } else { ends }
    }

    fn cost(&self, plan: &[Placement]) -> f64 {
        let mut at = self.start;
        let mut sum = 0.0;
        for p in plan {
            let (from, to) = self.ends(p);
            sum += self.objective.hop(at, from);
            at = to;
        }
        sum + self.end.map_or(0.0, |end| self.objective.hop(at, end))
    }
}
