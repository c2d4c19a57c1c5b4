//! Closed paths started anywhere on their lines and arcs, not only at corners.
//!
//! The search knows corners and points between them, evenly spaced; once it has an
//! order, all starts are moved to where the travel is least ([`anywhere::settle`]).

use super::batch::Batch;
use super::stroke::closed;
use super::view::{Ends, View};
use crate::algo::tour::anywhere::{self, Edge, Spot, Stop, settle};
use crate::motion::Plane;
use crate::toolpath::{Path, Placement, Role, Segment, Toolpath};
use std::collections::BTreeMap;

/// Which points of closed paths are weighed as starts.
pub(super) struct Starts {
    /// How far they are apart, mm.
    pub(super) spacing: f64,
    /// The shortest part that a start may cut off a line or arc, mm.
    least_part: f64,
}

impl Starts {
    /// For the closed paths of a region.
    ///
    /// # Complexity
    /// O(segments). As many points are weighed as there are segments, and 16 a path.
    pub(super) fn of(toolpath: &Toolpath, batches: &[Batch], least_part: f64) -> Self {
        let units = batches.iter().filter(|b| !b.kept).flat_map(|b| &b.units);
        let (mut length, mut count) = (0.0, 0);
        for path in units.filter_map(|unit| closed(toolpath, unit)) {
            count += 1;
            let segments = toolpath.with_starts(path);
            length += segments
                .map(|(from, s)| crate::geom::length(from.xy(), s.end.xy(), s.bulge))
                .sum::<f64>();
        }
        Self {
            spacing: anywhere::spacing(length, count),
            least_part,
        }
    }

    /// The edges of a closed path, one a segment.
    pub(super) fn outline(&self, toolpath: &Toolpath, path: &Path) -> Vec<Edge> {
        let edge = |(from, s): (_, &Segment)| edge(toolpath, from, s, self.least_part);
        toolpath.with_starts(path).map(edge).collect()
    }

    /// The starts of an outline that the search weighs, the path's own first.
    pub(super) fn spots(&self, outline: &[Edge]) -> impl Iterator<Item = Spot> {
        anywhere::spots(outline, self.spacing)
    }
}

/// A segment as an edge. It is cut only where that is exact: flat, in the plane of the
/// head's travel, with nothing that is fed along it.
fn edge(toolpath: &Toolpath, from: crate::geom::Point3, s: &Segment, least_part: f64) -> Edge {
    let attributes = toolpath.attributes().get(s.attr);
    let mut edge = Edge {
        from: from.xy(),
        to: s.end.xy(),
        bulge: s.bulge,
        margin: 1.0,
    };
    let flat = from.z.total_cmp(&s.end.z).is_eq();
    let plain = s.bulge == 0.0 || attributes.plane == Plane::Xy;
    if flat && plain && attributes.role == Role::Burn && s.filament == 0.0 {
        edge.margin = least_part / edge.length().max(f64::MIN_POSITIVE);
    }
    edge
}

/// The same order with starts moved to where the travel is least.
///
/// # Complexity
/// O(segments) in some 50 rounds.
pub(super) fn settled(
    view: &View<'_>,
    starts: &Starts,
    batches: &[Batch],
    mut plan: Vec<Placement>,
) -> Vec<Placement> {
    let units = batches.iter().filter(|b| !b.kept).flat_map(|b| &b.units);
    let outlines: BTreeMap<usize, Vec<Edge>> = units
        .filter_map(|unit| {
            let path = closed(view.toolpath, unit)?;
            Some((unit.steps.start, starts.outline(view.toolpath, path)))
        })
        .collect();
    let stop = |p: &Placement| match outlines.get(&p.step) {
        Some(outline) => Stop::Outline(outline, spot(p)),
        None => {
            let Ends { entry, exit } = view.ends(p);
            Stop::Fixed([entry, exit])
        }
    };
    let mut stops: Vec<Stop<'_>> = plan.iter().map(stop).collect();
    let hop = |a, b| view.objective.hop(a, b);
    settle(&mut stops, (view.start, view.end), starts.spacing, &hop);
    for (placement, stop) in plan.iter_mut().zip(&stops) {
        if let Stop::Outline(_, spot) = stop {
            (placement.first, placement.share) = (spot.edge as usize, spot.share);
        }
    }
    plan
}

const fn spot(p: &Placement) -> Spot {
    Spot {
        edge: p.first as u32,
        share: p.share,
    }
}
