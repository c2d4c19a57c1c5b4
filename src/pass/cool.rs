//! Time to cool between paths that lie near each other.

use super::batch::Batch;
use super::inside_first::flatten;
use super::seconds::of_segments;
use super::view::{Ends, View};
use crate::algo::cooling::{Burn, Cooling, Heat};
use crate::diag::{Code, Diagnostic, Diagnostics, Severity};
use crate::error::{Error, positive_mm};
use crate::geom::{Point, Point3};
use crate::machine::Machine;
use crate::toolpath::Placement;

/// Paths that lie near each other begin some time after each other.
pub const COOLED: Code = Code("pass/cooled");
/// Paths begin before what lies near them has cooled.
pub const HOT: Code = Code("pass/hot");

/// A least time between paths that lie near each other.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Cool {
    /// Time between the end of one and the beginning of another, s.
    pub seconds: f64,
    /// Paths nearer than this are near, mm. Default 5.
    pub distance: f64,
    /// The machine whose times count.
    pub machine: Box<Machine>,
}

impl Cool {
    /// The distance that is taken where none is given, mm.
    pub const DISTANCE: f64 = 5.0;

    /// So many seconds between paths that lie near each other, on a machine.
    #[must_use]
    pub fn new(seconds: f64, machine: Machine) -> Self {
        Self {
            seconds,
            distance: Self::DISTANCE,
            machine: Box::new(machine),
        }
    }

    /// The same with another distance, mm.
    #[must_use]
    pub const fn with_distance(mut self, distance: f64) -> Self {
        self.distance = distance;
        self
    }

    pub(super) fn validate(&self) -> Result<(), Error> {
        let _ = positive_mm("cool", self.seconds)?;
        let _ = positive_mm("cool_distance", self.distance)?;
        Ok(())
    }
}

/// What became of a plan.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Cooled {
    /// Paths, or units of such, that begin too soon, before and after.
    pub(super) soon: [usize; 2],
    /// Cost of the hops, before and after.
    pub(super) cost: [f64; 2],
}

/// Another order of a plan, in which fewer paths begin too soon; within each batch only,
/// and with what comes before what.
pub(super) fn cooled(
    view: &View<'_>,
    cool: &Cool,
    batches: &[Batch],
    plan: &[Placement],
    edges: &[(usize, usize)],
) -> (Vec<Placement>, Cooled) {
    let hop = |a: Point, b: Point| {
        let d = b - a;
        cool.machine.rapid_seconds(Point3::new(d.x, d.y, 0.0))
    };
    let empty = Heat::new(
        Cooling {
            seconds: cool.seconds,
            distance: cool.distance,
        },
        extent(view, plan),
        length(view, plan),
        view.start,
    );
    let (mut followed, mut heat) = (empty.clone(), empty);
    let mut out = Vec::with_capacity(plan.len());
    let mut soon = [0, 0];
    let mut rest = plan;
    for batch in batches {
        let steps: usize = batch.units.iter().map(|u| u.steps.len()).sum();
        let (mine, others) = rest.split_at(steps);
        rest = others;
        let runs = runs(batch, mine);
        let burns: Vec<Burn> = runs
            .iter()
            .map(|run| burn(view, cool, run, heat.step()))
            .collect();
        soon[0] += followed.follow(&burns, &hop);
        if batch.kept {
            soon[1] += heat.follow(&burns, &hop);
            out.extend_from_slice(mine);
            continue;
        }
        // By the places of the units in the plan.
        let mut place = vec![0; batch.units.len()];
        let unit_of = batch.unit_of();
        for (i, run) in (0_u32..).zip(&runs) {
            place[unit_of[&run[0].step] as usize] = i;
        }
        let before: Vec<(u32, u32)> = batch
            .edges(edges)
            .into_iter()
            .map(|(a, b)| (place[a as usize], place[b as usize]))
            .filter(|(a, b)| a < b)
            .collect();
        let part = |run: &&[Placement]| view.parts.get(run[0].step).copied();
        let mut groups: Vec<u32> = runs.iter().filter_map(part).collect();
        if !stand_together(&groups) {
            groups.clear();
        }
        let (order, count) = heat.schedule(&burns, &before, &groups, &hop);
        soon[1] += count;
        for i in order {
            out.extend_from_slice(runs[i as usize]);
        }
    }
    let cost = [view.cost(plan), view.cost(&out)];
    (out, Cooled { soon, cost })
}

/// The placements of each unit.
fn runs<'p>(batch: &Batch, placements: &'p [Placement]) -> Vec<&'p [Placement]> {
    let unit_of = batch.unit_of();
    placements
        .chunk_by(|a, b| unit_of.get(&a.step) == unit_of.get(&b.step))
        .collect()
}

fn stand_together(groups: &[u32]) -> bool {
    let runs = groups.chunk_by(|a, b| a == b).count();
    let mut all = groups.to_vec();
    all.sort_unstable();
    all.dedup();
    runs == all.len()
}

fn burn(view: &View<'_>, cool: &Cool, run: &[Placement], step: f64) -> Burn {
    let Ends { entry, .. } = view.ends(&run[0]);
    let Ends { exit, .. } = view.ends(&run[run.len() - 1]);
    let mut seconds = 0.0;
    let mut points = Vec::new();
    for p in run {
        let path = super::stroke::path(view.toolpath, p.step);
        let segments = view.toolpath.segments(path);
        seconds += path.entry_dwell
            + path.exit_dwell
            + of_segments(view.toolpath, path.start, segments, &cool.machine);
        let corners = flatten(view.toolpath, path, step / 4.0);
        points.extend(corners.first());
        for w in corners.windows(2) {
            let count = (w[0].distance(w[1]) / step).ceil().max(1.0) as u32;
            let share = |k: u32| f64::from(k) / f64::from(count);
            points.extend((1..=count).map(|k| w[0].lerp(w[1], share(k))));
        }
    }
    Burn {
        entry,
        exit,
        seconds,
        points,
    }
}

/// The corners of the box around all paths of a plan.
fn extent(view: &View<'_>, plan: &[Placement]) -> [Point; 2] {
    let mut corners = [view.start; 2];
    let mut first = true;
    for p in plan {
        let path = super::stroke::path(view.toolpath, p.step);
        for q in flatten(view.toolpath, path, FLATNESS) {
            if first {
                corners = [q, q];
                first = false;
            }
            let [min, max] = &mut corners;
            *min = Point::new(min.x.min(q.x), min.y.min(q.y));
            *max = Point::new(max.x.max(q.x), max.y.max(q.y));
        }
    }
    corners
}

/// How far arcs may be from their chords where they are measured, mm.
const FLATNESS: f64 = 0.05;

fn length(view: &View<'_>, plan: &[Placement]) -> f64 {
    let of = |p: &Placement| {
        let path = super::stroke::path(view.toolpath, p.step);
        let all = view.toolpath.with_starts(path);
        all.map(|(from, s)| crate::geom::length(from.xy(), s.end.xy(), s.bulge))
            .sum::<f64>()
    };
    plan.iter().map(of).sum()
}

/// Says what cooling did to all regions together.
pub(super) fn say(cool: &Cool, all: &[Cooled], in_seconds: bool, said: &mut Diagnostics) {
    let soon = |k: usize| all.iter().map(|c| c.soon[k]).sum::<usize>();
    let cost = |k: usize| all.iter().map(|c| c.cost[k]).sum::<f64>();
    let unit = if in_seconds { "s" } else { "mm" };
    let message = format!(
        "paths within {} mm of each other begin {} s apart: {} began sooner in the shortest order, {} do now; travel {:.1} -> {:.1} {unit}",
        cool.distance,
        cool.seconds,
        soon(0),
        soon(1),
        cost(0),
        cost(1),
    );
    said.push(Diagnostic::new(COOLED, Severity::Note, message));
    if soon(1) > 0 {
        let mut d = Diagnostic::new(
            HOT,
            Severity::Warning,
            format!(
                "{} paths begin less than {} s after the end of one within {} mm",
                soon(1),
                cool.seconds,
                cool.distance
            ),
        )
        .with_help("no dwell is put in; less time or distance, or more that is not near, helps");
        d.count = u32::try_from(soon(1)).unwrap_or(u32::MAX);
        said.push(d);
    }
}
