//! Units as the search sees them: strokes with ends, or with points to start at.

use super::batch::Unit;
use crate::algo::tour::Stroke;
use crate::geom::Point;
use crate::toolpath::{Path, Segment, Toolpath};

/// A unit as it is ordered; the start points of a closed one are added to `starts`.
pub(super) fn stroke(toolpath: &Toolpath, unit: &Unit, starts: &mut Vec<Point>) -> Stroke {
    let first = path(toolpath, unit.steps.start);
    let free = !first.rigid && !unit.fixed;
    let single = unit.steps.len() == 1 && free;
    let again = |step| {
        let other = path(toolpath, step);
        !other.rigid && toolpath.is_closed(other) && is_copy(toolpath, first, other)
    };
    // Passes that follow each other are all started at the same corner.
    if free && toolpath.is_closed(first) && unit.steps.clone().skip(1).all(again) {
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

/// Whether two paths have the same segments in the same direction.
pub(super) fn is_copy(toolpath: &Toolpath, a: &Path, b: &Path) -> bool {
    let same = |(x, y): (&Segment, &Segment)| {
        x.end.xy() == y.end.xy() && x.bulge.total_cmp(&y.bulge).is_eq()
    };
    let (s, t) = (toolpath.segments(a), toolpath.segments(b));
    a.start.xy() == b.start.xy() && s.len() == t.len() && s.iter().zip(t).all(same)
}

/// Where a unit begins, as it was read.
pub(super) fn start_of_unit(toolpath: &Toolpath, unit: &Unit) -> Point {
    path(toolpath, unit.steps.start).start.xy()
}

/// Where a unit ends, as it was read.
pub(super) fn end_of_unit(toolpath: &Toolpath, unit: &Unit) -> Point {
    toolpath.end_of(path(toolpath, unit.steps.end - 1)).xy()
}

/// The path that a step of a region is.
pub(super) fn path(toolpath: &Toolpath, step: usize) -> &Path {
    toolpath.steps()[step]
        .as_path()
        .unwrap_or_else(|| panic!("a region holds paths only"))
}
