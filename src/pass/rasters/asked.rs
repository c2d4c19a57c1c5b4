//! Orders that are asked for, where rasters are run in another way.
//!
//! An order is a pair of steps. A raster is done at once, so what comes before a row of it,
//! or after, comes before or after all of it.

use super::Group;
use crate::pass::edges::circle;
use std::ops::Range;

/// Whether an order leads from a raster back into it: from row to row, or by way of paths
/// between. Rows that keep their sequence are all that can be done then.
///
/// # Complexity
/// O(edges · log(edges · rasters)).
pub(super) fn leads_back(before: &[(u32, u32)], rasters: &[Range<usize>]) -> bool {
    let whole = |step: u32| match within(step, rasters, |r| r) {
        Some(raster) => raster.start as u32,
        None => step,
    };
    let all: Vec<(u32, u32)> = before.iter().map(|e| (whole(e.0), whole(e.1))).collect();
    circle(&all).is_some()
}

/// Gives the steps of orders the numbers that they have once all groups are run anew.
///
/// # Complexity
/// O(groups + edges · log groups).
pub(super) fn renumber(before: &mut [(u32, u32)], groups: &[Group]) {
    // How many steps there are more, before each group and in the end.
    let mut more = vec![0_i64];
    for group in groups {
        let last = more.last().copied().unwrap_or_default();
        more.push(last + group.runs.len() as i64 - group.steps.len() as i64);
    }
    let new = |step: u32| {
        let i = groups.partition_point(|g| g.steps.end <= step as usize);
        let old = within(step, groups, |g| &g.steps).map_or(step as usize, |g| g.steps.start);
        (old as i64 + more[i]) as u32
    };
    for (first, then) in before {
        (*first, *then) = (new(*first), new(*then));
    }
}

/// The one that a step lies in, of some that stand in the order of their steps.
fn within<T>(step: u32, all: &[T], steps: impl Fn(&T) -> &Range<usize>) -> Option<&T> {
    let step = step as usize;
    let next = all.get(all.partition_point(|t| steps(t).end <= step))?;
    steps(next).contains(&step).then_some(next)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geom::Point3;
    use crate::toolpath::Rerun;

    #[test]
    fn orders_lead_back_from_row_to_row_and_through_others() {
        let rasters = [2..5, 7..9];
        assert!(!leads_back(&[(0, 2), (4, 6), (6, 7), (8, 9)], &rasters));
        assert!(leads_back(&[(2, 4)], &rasters));
        assert!(leads_back(&[(3, 6), (6, 8), (7, 2)], &rasters));
    }

    #[test]
    fn steps_behind_rasters_have_other_numbers() {
        let group = |steps: Range<usize>, count: usize| Group {
            steps,
            runs: vec![
                Rerun {
                    start: Point3::default(),
                    segments: Vec::new(),
                };
                count
            ],
            islands: 1,
        };
        let mut before = [(0, 2), (4, 6), (6, 7), (8, 9)];
        renumber(&mut before, &[group(2..5, 5), group(7..9, 1)]);
        assert_eq!(before, [(0, 2), (2, 8), (8, 9), (9, 10)]);
    }
}
