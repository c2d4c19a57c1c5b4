//! Fewer pen-downs for a little more travel.
//!
//! The least travel and the fewest pen-downs are mostly one and the same order, since
//! a hop where strokes touch costs nothing. They part where something small lies
//! beside a long trail: to stop there on the way is shorter than to come back, but the
//! trail is left and taken up again.

use super::again::hold;
use super::batch::{Batch, cut};
use super::reorder::{after, before, edges_within};
use super::stroke::stroke;
use super::{Context, InsideFirst, Reorder, inside_first};
use crate::algo::graph;
use crate::algo::tour::{self, Problem, Progress, Stroke, Visit};
use crate::geom::Point;
use crate::par;
use crate::toolpath::{Placement, Toolpath};
use std::collections::BTreeSet;
use std::ops::Range;

/// An arrangement of the paths of each region with fewer pen-downs, for which the
/// share `spare` of what all hops of a batch cost may be given. Regions that stay as
/// they are are left out.
///
/// Each pen-down costs as much as that share has for each of those that are too many:
/// the least cost in all is then within it. Regions in which something is burned
/// again are left as they are: their passes have an order.
///
/// # Complexity
/// That of ordering, where there are more pen-downs than the strokes need.
pub(super) fn with_fewer(
    toolpath: &Toolpath,
    touch: f64,
    spare: f64,
    context: &Context,
) -> Vec<(Range<usize>, Vec<Placement>)> {
    let config = Reorder::default().with_touch(touch);
    let regions = toolpath.regions();
    let plans = par::map(&regions, |i, region| {
        let mut batches = cut(toolpath, region.clone(), &config);
        hold(&mut batches, &context.before);
        let units = batches.iter().flat_map(|b| &b.units);
        let mut seen = BTreeSet::new();
        if !units.clone().all(|u| seen.insert(u.signature)) {
            return None;
        }
        let mut search = Search {
            toolpath,
            touch,
            spare,
            context,
            seed: context.seed.wrapping_add(i as u64),
            at: before(toolpath, region.start),
            nested: None,
        };
        let mut changed = false;
        let mut plan = Vec::with_capacity(region.len());
        for (k, batch) in batches.iter().enumerate() {
            let end = match batches.get(k + 1).and_then(|b| b.units.first()) {
                Some(next) => toolpath.steps()[next.steps.start]
                    .as_path()
                    .map(|p| p.start.xy()),
                None => after(toolpath, region.end),
            };
            let visits = search.batch(batch, region, end);
            changed |= visits.is_some();
            let visits = visits.unwrap_or_else(|| batch.as_read());
            for visit in visits {
                let steps = batch.units[visit.stroke as usize].steps.clone();
                plan.extend(steps.map(|step| Placement {
                    step,
                    reversed: visit.reversed,
                    first: visit.start as usize,
                    share: 0.0,
                }));
            }
        }
        changed.then_some(plan)
    });
    let found = regions.into_iter().zip(plans);
    found
        .filter_map(|(region, plan)| Some((region, plan?)))
        .collect()
}

struct Search<'a> {
    toolpath: &'a Toolpath,
    touch: f64,
    spare: f64,
    context: &'a Context,
    seed: u64,
    /// Where the head is.
    at: Point,
    /// Which steps of the region must come before others, once that was asked.
    nested: Option<Vec<(usize, usize)>>,
}

impl Search<'_> {
    /// Another order of a batch; `None` if it stays as it is.
    fn batch(
        &mut self,
        batch: &Batch,
        region: &Range<usize>,
        end: Option<Point>,
    ) -> Option<Vec<Visit>> {
        let mut starts = Vec::new();
        let strokes: Vec<Stroke> = batch
            .units
            .iter()
            .map(|unit| stroke(self.toolpath, unit, None, &mut starts))
            .collect();
        let start = self.at;
        let ends = |visit: &Visit| tour::ends_of(&strokes, &starts, visit);
        let given = batch.as_read();
        self.at = given.last().map_or(start, |v| ends(v)[1]);
        let lifts = |visits: &[Visit]| {
            let mut at = start;
            let hops = visits.iter().map(|v| {
                let [from, to] = ends(v);
                std::mem::replace(&mut at, to).distance(from)
            });
            hops.filter(|mm| *mm > self.touch).count()
        };
        let all: Vec<[Point; 2]> = given.iter().map(ends).collect();
        let (now, least) = (lifts(&given), graph::least_trails(&all, self.touch));
        if batch.kept || now <= least || self.spare <= 0.0 {
            return None;
        }
        let edges = self
            .nested
            .get_or_insert_with(|| held(self.toolpath, region, self.touch, self.context));
        let before = batch.edges(edges);
        let problem = Problem {
            strokes: &strokes,
            starts: &starts,
            start,
            end,
            before: &before,
            groups: &[],
        };
        let hop = |a, b| self.context.objective.hop(a, b);
        let cost = tour::cost(&problem, &hop, &given);
        let options = tour::Options::default()
            .with_effort(self.context.effort)
            .with_seed(self.seed);
        let told = |_| self.context.watch.goes_on(1.0);
        // Not all that are too many can be saved, so more is offered for each at first.
        for times in [4.0, 1.0] {
            let lift = times * self.spare * cost / (now - least) as f64;
            let with_lift = |a: Point, b: Point| {
                let lifts = a.distance(b) > self.touch;
                hop(a, b) + if lifts { lift } else { 0.0 }
            };
            let progress = Progress::new(0, &told);
            let found = tour::order_watched(&problem, &with_lift, &options, &progress);
            let within = tour::cost(&problem, &hop, &found) <= cost * (1.0 + self.spare);
            if within && lifts(&found) < now {
                self.at = found.last().map_or(start, |v| ends(v)[1]);
                return Some(found);
            }
        }
        None
    }
}

/// Which steps of a region must come before others: what the passes before this one
/// found, else what lies inside of something else.
pub(super) fn held(
    toolpath: &Toolpath,
    region: &Range<usize>,
    touch: f64,
    context: &Context,
) -> Vec<(usize, usize)> {
    if context.before.is_empty() {
        let config = InsideFirst::default().with_touch(touch);
        let inside = inside_first::edges(toolpath, region.clone(), &config);
        return edges_within(&inside, region);
    }
    edges_within(&context.before, region)
}
