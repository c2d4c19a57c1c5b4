//! Duals such that the least tree is long: subgradient ascent.

use super::duals::Duals;
use super::one_tree::{Excess, OneTree};

/// The target is above the best value by this part of it.
const AHEAD: f64 = 0.02;
/// How much of the way before is in each way.
const MOMENTUM: f64 = 0.5;
/// The weight of what is too much out of a set, where it is 1 at an end.
const SET_WEIGHT: f64 = 0.5;
/// What the step is multiplied by over the whole ascent.
const LAST_STEP: f64 = 0.01;

/// A part of an ascent.
#[derive(Clone, Copy, Debug)]
pub(super) struct Leg {
    /// Trees that were made before it.
    pub(super) from: usize,
    /// Trees after it.
    pub(super) to: usize,
    /// Trees of the whole ascent.
    pub(super) of: usize,
}

/// Raises the value of the bound by changing the duals, which become the best that
/// were found; gives their value.
///
/// Where a tree has more hops than a tour, at an end or out of a set, the
/// number there sinks; where it has fewer, it grows (Held & Karp 1971). Steps are
/// Polyak's, to a target a little above the best value; they shrink as a geometric
/// series, and each way keeps a part of the one before (Camerini, Fratta & Maffioli
/// 1975), because the tree jumps between many that are as long.
pub(super) fn ascend(tree: &mut OneTree, duals: &mut Duals, leg: Leg) -> f64 {
    let mut excess = Excess::default();
    let mut best = tree.value(duals, &mut excess);
    let numbers = |d: &Duals| [0, 1].map(|f| d.families[f].numbers.clone());
    let mut best_at = (duals.ends.clone(), numbers(duals));
    let mut way = Excess {
        ends: vec![0.0; duals.ends.len()],
        sets: [0, 1].map(|f| vec![0.0; duals.families[f].numbers.len()]),
    };
    let mut value = best;
    for k in leg.from..leg.to {
        let mut square = 0.0;
        for (w, e) in way.ends.iter_mut().zip(&excess.ends) {
            *w = MOMENTUM * *w - (1.0 - MOMENTUM) * e;
            square += *w * *w;
        }
        for (f, family) in duals.families.iter().enumerate() {
            let sets = excess.sets[f].iter().zip(&family.numbers);
            for (w, (e, &number)) in way.sets[f].iter_mut().zip(sets) {
                *w = MOMENTUM * *w - (1.0 - MOMENTUM) * SET_WEIGHT * e;
                if number > 0.0 || *w > 0.0 {
                    square += *w * *w;
                }
            }
        }
        if square <= 0.0 {
            break;
        }
        let step = LAST_STEP.powf(k as f64 / leg.of as f64);
        let length = step * (AHEAD * best.abs() + best - value) / square;
        for (number, w) in duals.ends.iter_mut().zip(&way.ends) {
            *number += length * w;
        }
        for (family, way) in duals.families.iter_mut().zip(&way.sets) {
            for (number, w) in family.numbers.iter_mut().zip(way) {
                *number = (*number + length * w).max(0.0);
            }
        }
        value = tree.value(duals, &mut excess);
        if value > best {
            best = value;
            best_at = (duals.ends.clone(), numbers(duals));
        }
    }
    duals.ends = best_at.0;
    for (family, numbers) in duals.families.iter_mut().zip(best_at.1) {
        family.numbers = numbers;
    }
    best
}
