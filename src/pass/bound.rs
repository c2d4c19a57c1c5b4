//! The least number of times that the beam must start.

use super::batch::cut;
use super::{Reorder, shape};
use crate::algo::graph;
use crate::geom::Point;
use crate::toolpath::{Path, Step, Toolpath};
use std::collections::BTreeMap;

/// A lower bound on the number of paths that burn what `toolpath` burns, when
/// paths of one batch (an operation of a region, one pass) may be turned and
/// fused where their ends are nearer than `touch` mm.
///
/// In a graph whose edges are the paths, a connected part with `k` ends of odd
/// degree needs `max(1, k / 2)` trails (Euler). Paths that cannot be fused count
/// one each.
///
/// # Complexity
/// O(n log n) in the number of paths.
#[must_use]
pub fn pen_down_bound(toolpath: &Toolpath, config: &Reorder) -> usize {
    let works = |p: &Path| !p.segments.is_empty();
    let mut bound = toolpath
        .steps()
        .iter()
        .filter_map(Step::as_path)
        .filter(|p| p.pinned && works(p))
        .count();
    for region in toolpath.regions() {
        for batch in cut(toolpath, region, config) {
            let mut fusible: BTreeMap<Vec<u32>, Vec<[Point; 2]>> = BTreeMap::new();
            for unit in &batch.units {
                for step in unit.steps.clone() {
                    let Some(path) = toolpath.steps()[step].as_path() else {
                        continue;
                    };
                    if batch.kept || unit.steps.len() > 1 || path.rigid || path.entry_dwell > 0.0 {
                        bound += usize::from(works(path));
                    } else {
                        let ends = [path.start.xy(), toolpath.end_of(path).xy()];
                        let operation = shape::operation(toolpath, path);
                        fusible.entry(operation).or_default().push(ends);
                    }
                }
            }
            bound += fusible
                .values()
                .map(|ends| graph::least_trails(ends, config.touch))
                .sum::<usize>();
        }
    }
    bound
}
