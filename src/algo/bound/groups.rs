//! Groups of strokes that are near to each other, and far from all others.
//!
//! Each group is entered and left, so two hops lead out of it. The tree has only one
//! where a group is far from all others, and learns of the other late from the numbers
//! of single ends: groups get numbers of their own, like the moats of Jünger and
//! Pulleyblank (1993).

use super::NONE;
use super::duals::{Duals, Family};
use super::laminar::Laminar;
use super::places::{Hop, Places};
use crate::algo::sets::Sets;

/// The groups that hops join one after another, the cheapest first by reduced cost,
/// home's among them. The number of a group is half of how much longer the hop is
/// that joins it with others than the last inside. All together are no group.
///
/// # Complexity
/// O(hops · log hops).
pub(super) fn near(places: &Places, hops: &[Hop], duals: &Duals) -> Family {
    let family = &duals.families[0];
    let round = family.round();
    let sum = |set: u32| {
        if set == NONE {
            0.0
        } else {
            round[set as usize]
        }
    };
    let height = |end: u32| duals.ends[end as usize] + sum(family.sets.within(end));
    let mut sorted: Vec<(f64, u32, u32)> = hops
        .iter()
        .map(|&(u, v, length)| {
            let place = family.sets.place(v);
            let shared = sum(family.sets.covering(u, place, place));
            let cost = length - height(u) - height(v) + 2.0 * shared;
            (cost.max(0.0), u / 2, v / 2)
        })
        .collect();
    sorted.sort_by(|a, b| a.0.total_cmp(&b.0).then((a.1, a.2).cmp(&(b.1, b.2))));
    let strokes = places.strokes as usize + 1;
    let mut joined = Sets::new(strokes);
    sorted.retain(|&(_, u, v)| joined.join(u, v));
    let (mut within, mut sets) = nested(strokes, sorted.into_iter().map(|(c, u, v)| (c, [u, v])));
    let mut numbers: Vec<f64> = sets
        .iter()
        .map(|&(outer, level)| match outer {
            NONE => 0.0,
            outer => (sets[outer as usize].1 - level) / 2.0,
        })
        .collect();
    if sets.len() + 1 == strokes {
        // No hop leaves the outermost, which holds all strokes and home.
        let _ = (sets.remove(0), numbers.remove(0));
        let outer = sets.iter_mut().map(|s| &mut s.0).chain(&mut within);
        for set in outer.filter(|s| **s != NONE) {
            *set = set.checked_sub(1).unwrap_or(NONE);
        }
    }
    let of_ends = within.into_iter().flat_map(|set| [set; 2]).collect();
    Family {
        sets: Laminar::new(of_ends, &sets),
        numbers,
        least: 2.0,
    }
}

/// The sets that the hops of a tree join one after another: the innermost of each
/// stroke, and of each set the next one round it, with the cost of the hop that made
/// it; outer ones first.
pub(super) fn nested(
    strokes: usize,
    joins: impl Iterator<Item = (f64, [u32; 2])>,
) -> (Vec<u32>, Vec<(u32, f64)>) {
    let mut parts = Sets::new(strokes);
    let mut set_of = vec![NONE; strokes];
    let mut within = vec![NONE; strokes];
    // Made from the inside out; turned round afterwards.
    let mut sets: Vec<(u32, f64)> = Vec::new();
    for (cost, joined) in joins {
        let id = sets.len() as u32;
        let [a, b] = joined.map(|stroke| parts.root(stroke));
        for part in [a, b] {
            match set_of[part as usize] {
                NONE => within[part as usize] = id,
                inner => sets[inner as usize].0 = id,
            }
        }
        let _ = parts.join(a, b);
        set_of[a.min(b) as usize] = id;
        sets.push((NONE, cost));
    }
    let last = sets.len() as u32;
    let turn = |s: u32| if s == NONE { NONE } else { last - 1 - s };
    let sets = sets.iter().rev().map(|&(s, c)| (turn(s), c)).collect();
    (within.into_iter().map(turn).collect(), sets)
}
