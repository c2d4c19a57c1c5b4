//! Units as the search sees them: strokes with ends, or with points to start at.

use super::batch::Unit;
use super::starts::Starts;
use crate::algo::tour::Stroke;
use crate::geom::Point;
use crate::toolpath::{Path, Segment, Toolpath};

/// A unit as it is ordered; the start points of a closed one are added to `points`,
/// its corners without `starts`.
pub(super) fn stroke(
    toolpath: &Toolpath,
    unit: &Unit,
    starts: Option<&Starts>,
    points: &mut Vec<Point>,
) -> Stroke {
    if let Some(path) = round(toolpath, unit) {
        let begin = points.len() as u32;
        match starts.filter(|_| unit.steps.len() == 1) {
            None => points.extend(toolpath.with_starts(path).map(|(p, _)| p.xy())),
            Some(starts) => {
                let outline = starts.outline(toolpath, path);
                let spots = starts.spots(&outline);
                points.extend(spots.map(|s| outline[s.edge as usize].at(s.share)));
            }
        }
        return Stroke::Closed {
            starts: begin..points.len() as u32,
        };
    }
    Stroke::Open {
        ends: [start_of_unit(toolpath, unit), end_of_unit(toolpath, unit)],
        reversible: single(toolpath, unit).is_some(),
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

/// The path of a unit that may be started anywhere.
pub(super) fn closed<'a>(toolpath: &'a Toolpath, unit: &Unit) -> Option<&'a Path> {
    single(toolpath, unit).filter(|path| toolpath.is_closed(path))
}

/// The path of a unit that may be started at another corner: passes that follow each
/// other are all started at the same one.
fn round<'a>(toolpath: &'a Toolpath, unit: &Unit) -> Option<&'a Path> {
    let first = path(toolpath, unit.steps.start);
    let again = |step| {
        let other = path(toolpath, step);
        !other.rigid && toolpath.is_closed(other) && is_copy(toolpath, first, other)
    };
    let free = !first.rigid && !unit.fixed && toolpath.is_closed(first);
    (free && unit.steps.clone().skip(1).all(again)).then_some(first)
}

/// The path of a unit that may be turned round.
fn single<'a>(toolpath: &'a Toolpath, unit: &Unit) -> Option<&'a Path> {
    let first = path(toolpath, unit.steps.start);
    (unit.steps.len() == 1 && !first.rigid && !unit.fixed).then_some(first)
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
