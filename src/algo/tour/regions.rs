//! Kicks in regions of the plane, in parallel.
//!
//! Nodes are numbered along a curve through the plane, so nodes that follow each other
//! by number lie together. A region has the hops between its own nodes; what lies
//! between two such hops is fixed, a node of its own. What one region changes leaves
//! one tour, if no other changes anything. Together they may leave some cycles: these
//! are long, lie side by side, and cost little to patch. Regions of the next round lie
//! half a region further. What is found depends on their number, which the number of
//! strokes decides, and not on the number of threads.

use super::Options;
use super::constraint::Constraints;
use super::matching;
use super::neighbours::{self, Neighbours};
use super::progress::Progress;
use super::search::Search;
use super::state::Tour;
use crate::geom::Point;
use crate::par;
use std::ops::Range;

/// How often the regions are moved on, where there is more than one.
const ROUNDS: usize = 4;

/// Kicks a tour that nothing constrains, which must be settled, and leaves it so.
pub(super) fn kick<H: Fn(Point, Point) -> f64 + Sync>(
    tour: &mut Tour<'_, H>,
    near: &Neighbours,
    kicks: usize,
    seed: u64,
    options: &Options,
    progress: &Progress<'_>,
) {
    if kicks == 0 {
        return;
    }
    let nodes = tour.len();
    let count = (nodes / options.region.max(1)).max(1);
    let rounds = if count == 1 { 1 } else { ROUNDS };
    let none = Constraints::none(nodes);
    for round in 0..rounds {
        let regions = regions(nodes, count, round % 2 == 1);
        let upto = |i: usize| kicks / rounds * i / regions.len();
        let found = par::map(&regions, |i, region| {
            let (mut part, ends) = tour.region(region.clone())?;
            let near = neighbours::of_ends(&part.hops, options.neighbours);
            let none = Constraints::none(part.len());
            let seed = seed ^ ((round * regions.len() + i) as u64) << 32;
            let mut search = Search::new(&mut part, &near, &none, progress);
            search.kick(seed, upto(i + 1) - upto(i), options.repair);
            Some((part, ends))
        });
        let were: Vec<u32> = tour.hops.mates().collect();
        let before = tour.saved();
        for (part, ends) in found.iter().flatten() {
            for node in 1..part.len() as u32 {
                let (choice, whole) = (part.hops.start_of(node), ends[2 * node as usize] / 2);
                if part.hops.starts_of(node).len() > 1 && choice != tour.hops.start_of(whole) {
                    tour.hops.start_at(whole, choice);
                }
            }
            for (end, mate) in (0..).zip(part.hops.mates()) {
                if end < mate {
                    tour.hops.join(ends[end as usize], ends[mate as usize]);
                }
            }
        }
        let entries = matching::patched(&mut tour.hops, near);
        tour.set_order(entries);
        Search::new(tour, near, &none, progress).descend_from(&were);
        tour.keep_better(before);
        tour.settle();
    }
}

/// Nodes, cut into regions; moved on by half a region.
fn regions(nodes: usize, count: usize, moved: bool) -> Vec<Range<u32>> {
    let cut = |i: usize| nodes * i / count;
    let mut cuts: Vec<usize> = if moved && count > 1 {
        (0..count)
            .map(|i| usize::midpoint(cut(i), cut(i + 1)))
            .collect()
    } else {
        (1..count).map(cut).collect()
    };
    cuts.insert(0, 0);
    cuts.push(nodes);
    cuts.windows(2).map(|w| w[0] as u32..w[1] as u32).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regions_hold_each_node_once() {
        for (nodes, count) in [(1, 1), (4_999, 1), (10_000, 2), (27_123, 5)] {
            for moved in [false, true] {
                let all = regions(nodes, count, moved);
                let numbers: Vec<u32> = all.iter().cloned().flatten().collect();
                assert_eq!(numbers, (0..nodes as u32).collect::<Vec<_>>());
                let least = all.iter().map(ExactSizeIterator::len).min();
                assert!(least >= Some(nodes / count / 2));
            }
        }
    }
}
