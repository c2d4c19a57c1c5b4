//! The least number of times that the beam must start.

use crate::algo::graph;
use crate::geom::Point;
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
/// each of its corners. From one batch to the next the beam may stay on once,
/// where they touch.
///
/// The passes stay above it where closed paths meet, which [`crate::pass::Merge`] leaves in one
/// piece unless [`crate::pass::Split`] has cut them, and where to come by once more would take
/// more travel than a pen-down is worth.
///
/// # Complexity
/// O(n log n) in the number of segments.
#[must_use]
pub fn pen_down_bound(toolpath: &Toolpath, config: &Reorder) -> usize {
    let mut bound = 0;
    let mut last: Vec<[Point; 2]> = Vec::new();
    for group in groups(toolpath, config) {
        let edges: Vec<[Point; 2]> = group.into_iter().flat_map(|i| edges(toolpath, i)).collect();
        if edges.is_empty() {
            continue;
        }
        bound += graph::least_trails(&edges, config.touch);
        bound -= usize::from(graph::are_joined(&last, &edges, config.touch));
        last = edges;
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

/// The ends of a path; of a closed one those of each segment.
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
        vec![[path.start.xy(), toolpath.end_of(path).xy()]]
    }
}
