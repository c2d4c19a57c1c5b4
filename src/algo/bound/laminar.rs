//! Sets of leaves of which any two are apart or one holds the other, and a number
//! for each: the odd sets of a matching, the parts that a tree's edges join.

use super::NONE;

/// A family of nested sets over leaves.
///
/// The leaves are numbered such that each set is a range of places. Each set knows
/// the one round it and one further out (the skew-binary jumps of Myers 1983), so
/// that the smallest that holds a leaf and a range is found in O(log depth).
pub(super) struct Laminar {
    /// Where each leaf stands.
    place: Vec<u32>,
    /// The innermost set of each leaf.
    within: Vec<u32>,
    sets: Vec<Set>,
}

#[derive(Clone, Copy)]
struct Set {
    from: u32,
    to: u32,
    outer: u32,
    jump: u32,
    depth: u32,
    value: f64,
}

impl Laminar {
    /// `within` is the innermost set of each leaf; `sets` have the next set round
    /// them and a value, outer ones first; [`NONE`] is no set.
    pub(super) fn new(within: Vec<u32>, sets: &[(u32, f64)]) -> Self {
        let mut size = vec![0_u32; sets.len()];
        for &s in within.iter().filter(|&&s| s != NONE) {
            size[s as usize] += 1;
        }
        for (i, &(outer, _)) in sets.iter().enumerate().rev() {
            if outer != NONE {
                size[outer as usize] += size[i];
            }
        }
        // The next free place in each set; the last is that outside of all.
        let mut next = vec![0_u32; sets.len() + 1];
        let slot = |s: u32| (s as usize).min(sets.len());
        let mut made: Vec<Set> = Vec::with_capacity(sets.len());
        for (i, &(outer, value)) in sets.iter().enumerate() {
            let from = next[slot(outer)];
            next[slot(outer)] += size[i];
            next[i] = from;
            let (jump, depth) = if outer == NONE {
                (NONE, 0)
            } else {
                let o = made[outer as usize];
                let depth_of = |s: u32| {
                    let set = (s != NONE).then(|| made[s as usize]);
                    set.map_or(-1, |s| i64::from(s.depth))
                };
                let far = if o.jump == NONE {
                    NONE
                } else {
                    made[o.jump as usize].jump
                };
                let even =
                    i64::from(o.depth) - depth_of(o.jump) == depth_of(o.jump) - depth_of(far);
                (
                    if even && o.jump != NONE { far } else { outer },
                    o.depth + 1,
                )
            };
            made.push(Set {
                from,
                to: from + size[i],
                outer,
                jump,
                depth,
                value,
            });
        }
        let place = within
            .iter()
            .map(|&s| {
                next[slot(s)] += 1;
                next[slot(s)] - 1
            })
            .collect();
        Self {
            place,
            within,
            sets: made,
        }
    }

    /// Where a leaf stands.
    pub(super) fn place(&self, leaf: u32) -> u32 {
        self.place[leaf as usize]
    }

    /// The innermost set of a leaf, or [`NONE`].
    pub(super) fn within(&self, leaf: u32) -> u32 {
        self.within[leaf as usize]
    }

    /// The next set round a set, or [`NONE`].
    pub(super) fn outer(&self, set: u32) -> u32 {
        self.sets[set as usize].outer
    }

    /// The value of a set; of [`NONE`] it is `outside`.
    pub(super) fn value(&self, set: u32, outside: f64) -> f64 {
        if set == NONE {
            outside
        } else {
            self.sets[set as usize].value
        }
    }

    /// The smallest set that holds a leaf and all places from `first` to `last`,
    /// or [`NONE`].
    pub(super) fn covering(&self, leaf: u32, first: u32, last: u32) -> u32 {
        let holds = |s: u32| {
            let set = &self.sets[s as usize];
            set.from <= first && last < set.to
        };
        let mut set = self.within(leaf);
        while set != NONE && !holds(set) {
            let s = &self.sets[set as usize];
            set = if s.jump != NONE && !holds(s.jump) {
                s.jump
            } else {
                s.outer
            };
        }
        set
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_smallest_set_is_found(
            outer in prop::collection::vec(0_u32..1000, 1..60),
            chain in any::<bool>(),
            leaves in prop::collection::vec(0_u32..1000, 1..80),
        ) {
            let sets: Vec<(u32, f64)> = outer
                .iter()
                .enumerate()
                .map(|(i, &o)| {
                    let near = if chain { i as u32 } else { o % (i as u32 + 1) };
                    (near.checked_sub(1).unwrap_or(NONE), i as f64)
                })
                .collect();
            let n = sets.len() as u32;
            let within: Vec<u32> = leaves
                .iter()
                .map(|&s| (s % (n + 1)).checked_sub(1).unwrap_or(NONE))
                .collect();
            let family = Laminar::new(within.clone(), &sets);
            let chain_of = |leaf: usize| {
                let mut all = Vec::new();
                let mut s = within[leaf];
                while s != NONE {
                    all.push(s);
                    s = sets[s as usize].0;
                }
                all
            };
            for a in 0..leaves.len() {
                for b in 0..leaves.len() {
                    let of_b = chain_of(b);
                    let want = chain_of(a).into_iter().find(|s| of_b.contains(s)).unwrap_or(NONE);
                    let (p, q) = (family.place(a as u32), family.place(b as u32));
                    prop_assert_eq!(family.covering(a as u32, p.min(q), p.max(q)), want);
                    prop_assert_eq!(family.covering(a as u32, q, q), want);
                }
            }
            let mut places: Vec<u32> = (0..leaves.len() as u32).map(|l| family.place(l)).collect();
            places.sort_unstable();
            prop_assert!(places.into_iter().eq(0..leaves.len() as u32));
        }
    }
}
