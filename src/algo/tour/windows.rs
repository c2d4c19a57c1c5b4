//! Kicks in windows of the tour, in parallel.
//!
//! A window is a stretch of the tour whose first and last hop lead out of it, to
//! ends that stay where they are: a problem of its own, which no other window
//! changes. Windows of the next round begin half a window later. What is found
//! depends on their number, which the number of strokes decides, and not on the
//! number of threads.

use super::Options;
use super::constraint::Constraints;
use super::neighbours;
use super::progress::Progress;
use super::search::Search;
use super::state::Tour;
use crate::geom::Point;
use crate::par;
use std::ops::Range;

/// How often the windows are moved on, where there are any.
const ROUNDS: usize = 4;

/// Kicks a tour that nothing constrains, which must be settled, and leaves it so.
pub(super) fn kick<H: Fn(Point, Point) -> f64 + Sync>(
    tour: &mut Tour<'_, H>,
    kicks: usize,
    seed: u64,
    options: &Options,
    progress: &Progress<'_>,
) {
    let strokes = tour.len() - 1;
    let count = (strokes / options.window.max(1)).max(1);
    let rounds = if count == 1 { 1 } else { ROUNDS };
    for round in 0..rounds {
        let windows = windows(strokes, count, round % 2 == 1);
        let from = |i: usize| kicks / rounds * i / windows.len();
        let found = par::map(&windows, |i, window| {
            let mut part = tour.window(window.clone());
            let near = neighbours::of_ends(&part.hops, options.neighbours);
            let none = Constraints::none(part.len());
            let seed = seed ^ ((round * windows.len() + i) as u64) << 32;
            let mut search = Search::new(&mut part, &near, &none, progress);
            search.kick(seed, from(i + 1) - from(i));
            part.settle();
            (part.entries().to_vec(), part.hops.choices().chosen.clone())
        });
        for (window, (entries, chosen)) in windows.iter().zip(found) {
            tour.put_window(window.start, (&entries, &chosen));
        }
    }
}

/// Places from 1 on, cut into windows; moved on by half a window.
fn windows(strokes: usize, count: usize, moved: bool) -> Vec<Range<usize>> {
    let cut = |i: usize| 1 + strokes * i / count;
    if !moved || count == 1 {
        return (0..count).map(|i| cut(i)..cut(i + 1)).collect();
    }
    let middle = |i: usize| usize::midpoint(cut(i), cut(i + 1));
    let mut all = Vec::with_capacity(count + 1);
    all.push(1..middle(0));
    all.extend((1..count).map(|i| middle(i - 1)..middle(i)));
    all.push(middle(count - 1)..strokes + 1);
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_hold_each_place_once() {
        for (strokes, count) in [(1, 1), (4_999, 1), (10_000, 2), (27_123, 5)] {
            for moved in [false, true] {
                let all = windows(strokes, count, moved);
                let places: Vec<usize> = all.iter().cloned().flatten().collect();
                assert_eq!(places, (1..=strokes).collect::<Vec<_>>());
                let least = all.iter().map(ExactSizeIterator::len).min();
                assert!(least >= Some(strokes / count / 2));
            }
        }
    }
}
