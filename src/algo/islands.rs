//! Which stretches of parallel rows lie together.

use super::sets::Sets;
use std::cmp::Ordering;
use std::collections::BTreeMap;

/// A stretch of a row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stretch {
    /// Where its row lies, across the rows, mm.
    pub row: f64,
    /// Where it begins along the row, mm.
    pub from: f64,
    /// Where it ends, not before `from`, mm.
    pub to: f64,
}

/// Cuts stretches, sorted by row, into islands: two of one island are connected by
/// stretches of which each is less than `gap` mm from the next, along and across. Gives the
/// island of each stretch; islands are numbered in the order of their first.
///
/// # Complexity
/// O(n log n), as long as few stretches lie within the gap beside one.
#[must_use]
pub fn islands(stretches: &[Stretch], gap: f64) -> Vec<u32> {
    let mut sets = Sets::new(stretches.len());
    // What is seen of the stretches so far by one who comes from beyond the last row:
    // begin -> end and stretch. Nothing behind it matters: it is joined to what hides it,
    // unless that is too far from it, and then from all that follow, too.
    let mut seen: BTreeMap<Along, (f64, u32)> = BTreeMap::new();
    for (i, s) in stretches.iter().enumerate() {
        let i = i as u32;
        // Disjoint, so only the last that begins before may reach in.
        let first = seen
            .range(..=Along(s.from - gap))
            .next_back()
            .map_or(Along(s.from - gap), |(k, _)| *k);
        let near: Vec<(f64, f64, u32)> = seen
            .range(first..Along(s.to + gap))
            .map(|(k, (to, j))| (k.0, *to, *j))
            .collect();
        for (from, to, j) in near {
            let apart = (s.row - stretches[j as usize].row).abs();
            if apart >= gap {
                let _ = seen.remove(&Along(from));
                continue;
            }
            if to > s.from - gap {
                let _ = sets.join(i, j);
            }
            if to > s.from && from < s.to {
                let _ = seen.remove(&Along(from));
                if from < s.from {
                    let _ = seen.insert(Along(from), (s.from, j));
                }
                if to > s.to {
                    let _ = seen.insert(Along(s.to), (to, j));
                }
            }
        }
        let _ = seen.insert(Along(s.from), (s.to, i));
    }
    let mut number = BTreeMap::new();
    (0..stretches.len() as u32)
        .map(|i| {
            let next = number.len() as u32;
            *number.entry(sets.root(i)).or_insert(next)
        })
        .collect()
}

/// A place along the rows, mm, in total order.
#[derive(Clone, Copy, Debug)]
struct Along(f64);

impl Ord for Along {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.total_cmp(&other.0)
    }
}
impl PartialOrd for Along {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl PartialEq for Along {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}
impl Eq for Along {}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn naive(stretches: &[Stretch], gap: f64) -> Vec<u32> {
        let n = stretches.len();
        let mut of: Vec<usize> = (0..n).collect();
        for i in 0..n {
            for j in 0..i {
                let (a, b) = (stretches[i], stretches[j]);
                let along = (a.from - b.to).max(b.from - a.to).max(0.0);
                if along < gap && (a.row - b.row).abs() < gap {
                    let (x, y) = (of[i], of[j]);
                    for k in &mut of {
                        if *k == x.max(y) {
                            *k = x.min(y);
                        }
                    }
                }
            }
        }
        let mut number = BTreeMap::new();
        of.iter()
            .map(|root| {
                let next = number.len() as u32;
                *number.entry(*root).or_insert(next)
            })
            .collect()
    }

    proptest! {
        #[test]
        fn as_by_comparing_all(
            mut s in prop::collection::vec((0_u8..12, 0_u8..40, 1_u8..12), 0..40),
            gap in 1_u8..8,
        ) {
            s.sort_unstable();
            let s: Vec<Stretch> = s
                .iter()
                .map(|&(row, from, length)| Stretch {
                    row: f64::from(row),
                    from: f64::from(from),
                    to: f64::from(from + length),
                })
                .collect();
            let gap = f64::from(gap) + 0.5;
            prop_assert_eq!(islands(&s, gap), naive(&s, gap));
        }
    }
}
