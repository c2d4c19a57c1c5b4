//! Parts that are finished one after another.

use super::batch::Batch;
use crate::algo::sets::Sets;
use crate::diag::{Code, Diagnostic, Diagnostics, Severity};
use crate::toolpath::Placement;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// Parts are finished one after another.
pub const PARTS: Code = Code("pass/parts");
/// Parts that wait for each other are finished as one.
pub const PARTS_JOINED: Code = Code("pass/parts-joined");
/// Parts are not finished at once.
pub const PARTS_APART: Code = Code("pass/parts-apart");

/// Makes one of parts that wait for each other, and of what is between such; gives how
/// many there are fewer.
///
/// # Complexity
/// O((parts + edges) · log parts).
pub(super) fn join(parts: &mut [u32], before: &[(u32, u32)]) -> usize {
    let mut edges: Vec<[u32; 2]> = before
        .iter()
        .filter_map(|&(a, b)| Some([*parts.get(a as usize)?, *parts.get(b as usize)?]))
        .filter(|[a, b]| a != b)
        .collect();
    edges.sort_unstable();
    edges.dedup();
    // What nothing comes before is in no circle, and what nothing comes after.
    for side in [0, 1] {
        edges = stripped(edges, side);
    }
    // The number of a part may be that of a step that is there no more.
    let mut numbers: Vec<u32> = edges.iter().flatten().copied().collect();
    numbers.sort_unstable();
    numbers.dedup();
    let place = |part: u32| numbers.binary_search(&part).ok().map(|i| i as u32);
    let mut sets = Sets::new(numbers.len());
    let mut joined = 0;
    for [a, b] in &edges {
        if let (Some(a), Some(b)) = (place(*a), place(*b)) {
            joined += usize::from(sets.join(a, b));
        }
    }
    for part in parts {
        if let Some(i) = place(*part) {
            *part = numbers[sets.root(i) as usize];
        }
    }
    joined
}

/// The edges without those that lead away from where none leads to, or, for side 1, to
/// where none leads away from, again and again.
fn stripped(mut edges: Vec<[u32; 2]>, side: usize) -> Vec<[u32; 2]> {
    edges.sort_unstable_by_key(|e| e[side]);
    let mut left: BTreeMap<u32, usize> = BTreeMap::new();
    for e in &edges {
        *left.entry(e[1 - side]).or_default() += 1;
    }
    let mut free: Vec<u32> = edges.iter().map(|e| e[side]).collect();
    free.dedup();
    free.retain(|part| !left.contains_key(part));
    let mut gone = BTreeSet::new();
    while let Some(part) = free.pop() {
        let _ = gone.insert(part);
        let first = edges.partition_point(|e| e[side] < part);
        for e in edges[first..].iter().take_while(|e| e[side] == part) {
            if let Some(count) = left.get_mut(&e[1 - side]) {
                *count -= 1;
                if *count == 0 {
                    free.push(e[1 - side]);
                }
            }
        }
    }
    edges.retain(|e| !gone.contains(&e[side]));
    edges
}

/// How many parts something of another stands between in the plan of a batch.
pub(super) fn apart(batches: &[Batch], plan: &[Placement], parts: &[u32]) -> usize {
    let mut rest = plan;
    let mut count = 0;
    for batch in batches {
        let steps: usize = batch.units.iter().map(|u| u.steps.len()).sum();
        let (mine, others) = rest.split_at(steps.min(rest.len()));
        rest = others;
        if batch.kept {
            continue;
        }
        let of = |p: &Placement| parts.get(p.step).copied();
        let runs = mine
            .chunk_by(|a, b| of(a) == of(b))
            .filter_map(|r| of(r.first()?));
        let (mut seen, mut again) = (BTreeSet::new(), BTreeSet::new());
        for part in runs {
            if !seen.insert(part) {
                let _ = again.insert(part);
            }
        }
        count += again.len();
    }
    count
}

/// What is known of the parts of all regions.
#[derive(Debug, Default)]
pub(super) struct Count {
    all: BTreeSet<u32>,
    /// Parts of which something is in several batches.
    in_several: BTreeSet<u32>,
    pub(super) joined: usize,
    pub(super) apart: usize,
}

impl Count {
    /// Counts the parts of a region.
    pub(super) fn add(&mut self, batches: &[Batch], parts: &[u32]) {
        for batch in batches {
            let steps = batch.units.iter().flat_map(|u| Range::clone(&u.steps));
            let of_batch: BTreeSet<u32> = steps.filter_map(|s| parts.get(s)).copied().collect();
            for part in of_batch {
                if !self.all.insert(part) {
                    let _ = self.in_several.insert(part);
                }
            }
        }
    }

    /// Says what became of the parts.
    pub(super) fn say(&self, said: &mut Diagnostics) {
        let several = match self.in_several.len() {
            0 => String::new(),
            n => format!(
                "; {n} of them are in several operations, passes or stretches between fences, and finished within each"
            ),
        };
        let message = format!(
            "{} parts, each finished before the next begins{several}",
            self.all.len()
        );
        said.push(Diagnostic::new(PARTS, Severity::Note, message));
        if self.joined > 0 {
            let message = format!(
                "{} parts wait for others that wait for them: they are finished together",
                self.joined
            );
            said.push(
                Diagnostic::new(PARTS_JOINED, Severity::Warning, message)
                    .with_help("orders that were asked for lead from part to part and back"),
            );
        }
        if self.apart > 0 {
            let message = format!("{} parts are not finished at once", self.apart);
            said.push(
                Diagnostic::new(PARTS_APART, Severity::Warning, message).with_help(
                    "the structure of passes, or an order that was asked for, forbids it",
                ),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_that_wait_for_each_other_are_one_whatever_their_numbers() {
        // Steps 0 and 1 are of one part, and what was between is there no more.
        let mut parts = vec![7, 7, 90, u32::MAX, 3];
        let before = [(0, 2), (2, 1), (3, 0), (1, 4)];
        assert_eq!(join(&mut parts, &before), 1);
        assert_eq!(parts, [7, 7, 7, u32::MAX, 3]);
        assert_eq!(join(&mut parts, &[(0, 4), (9, 0)]), 0);
    }
}
