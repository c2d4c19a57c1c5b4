//! Closed paths that touch others at corners, drawn when those come by.

use super::again::hold;
use super::batch::{Batch, cut};
use super::dedupe::counts;
use super::reorder::edges_within;
use super::{Context, Reorder};
use crate::algo::rings::{self, Stroke};
use crate::geom::Point;
use crate::toolpath::{Path, Splice, Toolpath};

/// What can be drawn in one go: within an operation, and where nothing is burned again.
/// `passes` says where something is.
///
/// # Complexity
/// O(n log n) in the number of segments.
pub(super) fn splices(
    toolpath: &Toolpath,
    touch: f64,
    context: &Context,
    passes: &[bool],
    may_join: impl Fn(&Path) -> bool,
) -> Vec<Splice> {
    let config = Reorder::default().with_touch(touch);
    let mut out = Vec::new();
    for (region, has_passes) in toolpath.regions().into_iter().zip(passes) {
        if *has_passes {
            continue;
        }
        let mut batches = cut(toolpath, region.clone(), &config);
        hold(&mut batches, &context.before);
        let edges = edges_within(&context.before, &region);
        for batch in batches.iter().filter(|b| !b.kept && b.units.len() > 1) {
            out.extend(of_batch(toolpath, touch, batch, &edges, &may_join));
        }
    }
    out.sort_unstable_by_key(|s| s.step);
    out
}

fn of_batch(
    toolpath: &Toolpath,
    touch: f64,
    batch: &Batch,
    edges: &[(usize, usize)],
    may_join: impl Fn(&Path) -> bool,
) -> Vec<Splice> {
    let mut points: Vec<Point> = Vec::new();
    let mut strokes: Vec<Stroke> = Vec::with_capacity(batch.units.len());
    for unit in &batch.units {
        let first = points.len() as u32;
        let path = toolpath.steps()[unit.steps.start].as_path();
        let path = path.filter(|p| unit.steps.len() == 1 && may_join(p));
        let path = path.filter(|path| {
            let mut all = toolpath.with_starts(path);
            all.all(|(from, s)| counts(toolpath.attributes().get(s.attr), from, s))
        });
        let closed = path.is_some_and(|p| toolpath.is_closed(p));
        if let Some(path) = path {
            points.extend(toolpath.with_starts(path).map(|(from, _)| from.xy()));
            if !closed {
                points.push(toolpath.end_of(path).xy());
            }
        } else {
            // What is left as it is touches nothing.
            points.push(Point::new(f64::INFINITY, f64::INFINITY));
        }
        strokes.push(Stroke {
            corners: first..points.len() as u32,
            closed,
            movable: !unit.fixed,
            kind: path.map_or(0, |p| p.start.z.to_bits()),
        });
    }
    if !strokes.iter().any(|s| s.closed) {
        return Vec::new();
    }
    let step = |stroke: u32| batch.units[stroke as usize].steps.start;
    rings::join(&points, &strokes, &batch.edges(edges), touch)
        .into_iter()
        .map(|way| Splice {
            step: step(way.stroke),
            parts: (way.parts.into_iter())
                .map(|part| (step(part.stroke), part.segments))
                .collect(),
        })
        .collect()
}
