//! The least number of times that the beam must start.

use crate::algo::graph;
use crate::geom::{Bounds, Point, bounds_of};
use crate::pass::Reorder;
use crate::pass::batch::cut;
use crate::toolpath::{Role, Toolpath};

/// A lower bound on the number of times that the beam starts after travel in any
/// program that burns the paths of `toolpath` with their batches (an operation of
/// a region, one pass) in sequence, whatever their order, direction and start
/// within a batch. Ends nearer than `touch` mm are one.
///
/// In a graph whose edges are the paths, a connected part with `k` ends of odd
/// degree needs `max(1, k / 2)` trails (Euler). A closed path may be entered at
/// each of its corners; where it may be anywhere ([`Reorder::start_anywhere`]), paths
/// whose boxes touch are taken to be connected. From one batch to the next the beam may stay on once,
/// where they touch.
///
/// The passes stay above it where what touches was burned before, or where to come by once
/// more would take more travel than a pen-down is worth.
///
/// # Complexity
/// O(n log n) in the number of segments.
#[must_use]
pub fn pen_down_bound(toolpath: &Toolpath, config: &Reorder) -> usize {
    let mut bound = 0;
    let mut last: Vec<[Point; 2]> = Vec::new();
    let mut was_anywhere = false;
    for group in groups(toolpath, config) {
        let anywhere = config.start_anywhere && group.iter().any(|i| is_closed(toolpath, *i));
        let mut edges: Vec<[Point; 2]> = group.iter().flat_map(|i| edges(toolpath, *i)).collect();
        if edges.is_empty() {
            continue;
        }
        // What begins at a closed path that began anywhere may have left it anywhere.
        let joined = (anywhere || was_anywhere) && !last.is_empty();
        let joined = joined || graph::are_joined(&last, &edges, config.touch);
        if anywhere {
            // There and back, so that no end becomes odd.
            let joints = joints(toolpath, &group, config.touch);
            edges.extend(joints.iter().chain(&joints));
        }
        bound += graph::least_trails(&edges, config.touch);
        bound -= usize::from(joined);
        (last, was_anywhere) = (edges, anywhere);
    }
    bound
}

/// The steps that may change places with each other, in the order of the program.
fn groups(toolpath: &Toolpath, config: &Reorder) -> Vec<Vec<usize>> {
    let steps = toolpath.steps().iter().enumerate();
    let mut groups: Vec<Vec<usize>> = steps
        .filter(|(_, s)| s.as_path().is_some_and(|p| p.pinned))
        .map(|(i, _)| vec![i])
        .collect();
    for region in toolpath.regions() {
        groups.extend(
            cut(toolpath, region, config)
                .iter()
                .map(|b| b.units.iter().flat_map(|u| u.steps.clone()).collect()),
        );
    }
    groups.sort_by_key(|g| g.first().copied());
    groups
}

/// Paths whose boxes are compared with one, on average, before all are taken to touch.
const COMPARED: usize = 256;

/// Starts of paths whose boxes touch, in pairs that connect all that do.
///
/// Complexity: O(n log n).
fn joints(toolpath: &Toolpath, group: &[usize], touch: f64) -> Vec<[Point; 2]> {
    let mut boxes: Vec<(Bounds, Point)> = Vec::new();
    for &step in group {
        let path = toolpath.steps()[step].as_path();
        let Some(path) = path.filter(|_| !edges(toolpath, step).is_empty()) else {
            continue;
        };
        let mut bounds = Bounds::EMPTY;
        for (from, s) in toolpath.with_starts(path) {
            bounds.union(&bounds_of(from.xy(), s.end.xy(), s.bulge));
        }
        boxes.push((bounds, path.start.xy()));
    }
    boxes.sort_by(|(a, _), (b, _)| a.min.x.total_cmp(&b.min.x));
    let mut work = COMPARED * boxes.len();
    let mut joints = Vec::new();
    // Boxes that the next one may touch.
    let mut open: Vec<(Bounds, Point)> = Vec::new();
    for (b, start) in &boxes {
        open.retain(|(a, _)| a.max.x + touch >= b.min.x);
        if open.len() > work {
            let hub = boxes[0].1;
            return boxes.iter().map(|(_, start)| [hub, *start]).collect();
        }
        work -= open.len();
        let near = open
            .iter()
            .filter(|(a, _)| a.max.y + touch >= b.min.y && b.max.y + touch >= a.min.y);
        joints.extend(near.map(|(_, other)| [*other, *start]));
        open.push((*b, *start));
    }
    joints
}

fn is_closed(toolpath: &Toolpath, step: usize) -> bool {
    let path = toolpath.steps()[step].as_path();
    path.is_some_and(|p| toolpath.is_closed(p))
}

/// The ends of a path; of a closed one those of each segment. An open one hangs together
/// by its corners too, where closed ones may be drawn on it: there and back, so that no
/// corner becomes an end.
fn edges(toolpath: &Toolpath, step: usize) -> Vec<[Point; 2]> {
    let Some(path) = toolpath.steps()[step].as_path() else {
        return Vec::new();
    };
    let burns = toolpath
        .with_starts(path)
        .any(|(from, s)| toolpath.attributes().get(s.attr).role == Role::Burn && from != s.end);
    // The beam does not start for what is dark, or has no length, all along.
    if !burns {
        Vec::new()
    } else if toolpath.is_closed(path) {
        toolpath
            .with_starts(path)
            .map(|(from, s)| [from.xy(), s.end.xy()])
            .collect()
    } else {
        let start = path.start.xy();
        let corners = toolpath
            .with_starts(path)
            .skip(1)
            .map(|(from, _)| from.xy());
        let ends = [start, toolpath.end_of(path).xy()];
        corners
            .flat_map(|corner| [[start, corner]; 2])
            .chain([ends])
            .collect()
    }
}
