//! A region as the search sees it, batch after batch.

use super::Objective;
use super::batch::{Batch, Unit};
use super::starts::Starts;
use super::stroke::{closed, is_copy, path, stroke};
use crate::algo::tour::{self, Problem, Progress, Stroke, Visit};
use crate::geom::Point;
use crate::toolpath::{Placement, Step, Toolpath};
use std::collections::BTreeMap;

/// Where a placed path begins and ends.
#[derive(Clone, Copy)]
pub(super) struct Ends {
    pub(super) entry: Point,
    pub(super) exit: Point,
}

/// A toolpath seen as points and hops.
#[derive(Clone)]
pub(super) struct View<'a> {
    pub(super) toolpath: &'a Toolpath,
    pub(super) objective: &'a Objective,
    pub(super) options: tour::Options,
    pub(super) progress: &'a Progress<'a>,
    pub(super) start: Point,
    pub(super) end: Option<Point>,
    /// The part of each step, if parts are finished one after another.
    pub(super) parts: &'a [u32],
    /// Where closed paths may be started; at their corners without.
    pub(super) starts: Option<&'a Starts>,
}

impl View<'_> {
    /// Orders batch after batch; gives where each begins, too. A batch ends near its
    /// point of `ends`, where there is one.
    pub(super) fn plan(
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
            begins.push(plan.get(first).map_or(at, |p| self.ends(p).entry));
            if let Some(p) = plan.last() {
                at = self.ends(p).exit;
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
            .map(|u| stroke(self.toolpath, u, self.starts, &mut starts))
            .collect();
        let part = |u: &Unit| self.parts.get(u.steps.start).copied();
        let groups: Vec<u32> = batch.units.iter().filter_map(part).collect();
        let before = batch.edges(edges);
        let problem = Problem {
            strokes: &strokes,
            starts: &starts,
            start,
            end,
            before: &before,
            groups: &groups,
        };
        let options = self.options.clone().with_seed(seed);
        let hop = |a, b| self.objective.hop(a, b);
        tour::order_watched(&problem, &hop, &options, self.progress)
    }

    fn place(&self, batch: &Batch, visits: &[Visit], plan: &mut Vec<Placement>) {
        for visit in visits {
            let unit = &batch.units[visit.stroke as usize];
            let (first, share) = self.start_of(unit, visit.start);
            plan.extend(unit.steps.clone().map(|step| Placement {
                step,
                reversed: visit.reversed,
                first,
                share,
            }));
        }
    }

    /// The segment in which a unit is started, and where, as a share of its length.
    fn start_of(&self, unit: &Unit, start: u32) -> (usize, f64) {
        let spot = || {
            let starts = self.starts.filter(|_| start > 0)?;
            let outline = starts.outline(self.toolpath, closed(self.toolpath, unit)?);
            starts.spots(&outline).nth(start as usize)
        };
        spot().map_or((start as usize, 0.0), |s| (s.edge as usize, s.share))
    }

    /// Where a placed path begins and ends.
    pub(super) fn ends(&self, p: &Placement) -> Ends {
        let path = path(self.toolpath, p.step);
        let ends = if p.first > 0 || p.share > 0.0 {
            let at = self.toolpath.place(path, p.first, p.share).xy();
            (at, at)
        } else {
            (path.start.xy(), self.toolpath.end_of(path).xy())
        };
        let (entry, exit) = if p.reversed { (ends.1, ends.0) } else { ends };
        Ends { entry, exit }
    }

    pub(super) fn cost(&self, plan: &[Placement]) -> f64 {
        let mut at = self.start;
        let mut sum = 0.0;
        for p in plan {
            let Ends { entry, exit } = self.ends(p);
            sum += self.objective.hop(at, entry);
            at = exit;
        }
        sum + self.end.map_or(0.0, |end| self.objective.hop(at, end))
    }
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
            Some(if is_same(toolpath, then, now) {
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
fn is_same(toolpath: &Toolpath, a: &Unit, b: &Unit) -> bool {
    let only = |u: &Unit| match &toolpath.steps()[u.steps.clone()] {
        [Step::Path(path)] if !path.rigid && !u.fixed => Some(path),
        _ => None,
    };
    let (Some(a), Some(b)) = (only(a), only(b)) else {
        return false;
    };
    is_copy(toolpath, a, b)
}
