//! Units as the search sees them: strokes with ends, or with points to start at.

use super::batch::Unit;
use crate::algo::tour::Stroke;
use crate::geom::Point;
use crate::toolpath::{Path, Toolpath};

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

/// The path that a step of a region is.
pub(super) fn path(toolpath: &Toolpath, step: usize) -> &Path {
    toolpath.steps()[step]
        .as_path()
        .unwrap_or_else(|| panic!("a region holds paths only"))
}
