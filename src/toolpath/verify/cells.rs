//! Numbers by the square of the plane, or the cube, in which they are.

use std::ops::Range;

/// A square, by its column and row.
pub(super) type Square = [i64; 2];

/// A cube.
pub(super) type Cube = [i64; 3];

/// Which cell a coordinate lies in. Saturates for coordinates beyond any machine: what is
/// found there still has its distance to be asked.
pub(super) fn cell(v: f64, side: f64) -> i64 {
    (v / side).floor() as i64
}

/// Numbers by square or cube, found by a hash of it: a few bytes each, wherever they are.
pub(super) struct Cells {
    /// The bits of a hash that are not those of its bucket.
    shift: u32,
    /// Where each bucket begins among the entries.
    starts: Vec<u32>,
    /// Where it ends: before the next begins once numbers were taken out.
    ends: Vec<u32>,
    /// The other bits of the hash, and the number.
    entries: Vec<(u32, u32)>,
}

impl Cells {
    /// Those of `list`.
    ///
    /// # Complexity
    /// O(n).
    pub(super) fn new<const N: usize>(list: impl Iterator<Item = ([i64; N], u32)>) -> Self {
        let list: Vec<(u64, u32)> = list.map(|(cell, i)| (hash(cell), i)).collect();
        let buckets = list.len().next_power_of_two().max(2);
        let shift = u64::BITS - buckets.trailing_zeros();
        let mut starts = vec![0_u32; buckets + 1];
        for (hash, _) in &list {
            starts[(hash >> shift) as usize + 1] += 1;
        }
        for i in 0..buckets {
            starts[i + 1] += starts[i];
        }
        let _ = starts.pop();
        let mut ends = starts.clone();
        let mut entries = vec![(0, 0); list.len()];
        for (hash, number) in list {
            let at = &mut ends[(hash >> shift) as usize];
            entries[*at as usize] = (hash as u32, number);
            *at += 1;
        }
        Self {
            shift,
            starts,
            ends,
            entries,
        }
    }

    /// The numbers in a cell, in the order in which they came, as long as none was taken
    /// out; rarely others, too.
    pub(super) fn of<const N: usize>(&self, cell: [i64; N]) -> impl Iterator<Item = u32> {
        let hash = hash(cell);
        let rest = hash as u32;
        self.entries[self.bucket(hash)]
            .iter()
            .filter(move |(of, _)| *of == rest)
            .map(|(_, number)| *number)
    }

    /// Takes a number out of a cell, once.
    ///
    /// # Complexity
    /// O(numbers there).
    pub(super) fn take<const N: usize>(&mut self, cell: [i64; N], number: u32) {
        let hash = hash(cell);
        let range = self.bucket(hash);
        let (begin, end) = (range.start, range.end);
        if let Some(at) = self.entries[range].iter().position(|e| e.1 == number) {
            self.entries.swap(begin + at, end - 1);
            self.ends[(hash >> self.shift) as usize] -= 1;
        }
    }

    fn bucket(&self, hash: u64) -> Range<usize> {
        let bucket = (hash >> self.shift) as usize;
        self.starts[bucket] as usize..self.ends[bucket] as usize
    }
}

/// The finaliser of `SplitMix64` (Steele, Lea, Flood 2014), over all numbers.
fn hash<const N: usize>(cell: [i64; N]) -> u64 {
    let mut z = cell.iter().fold(0_u64, |z, v| {
        z.wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(32) ^ *v as u64
    });
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[test]
    fn all_are_found_where_they_are() {
        for count in [0, 1, 2, 3, 50, 3000] {
            let of = |i: u32| {
                let (x, y) = (i64::from(i) * 37 % 23, i64::from(i) * 11 % 17);
                [[x - 9, y - 9], [i64::MAX - x, i64::MIN + y]]
            };
            let list = (0..count).flat_map(|i| of(i).map(|square| (square, i)));
            let mut cells = Cells::new(list);
            let mut all: BTreeMap<Square, Vec<u32>> = BTreeMap::new();
            for i in 0..count {
                for square in of(i) {
                    all.entry(square).or_default().push(i);
                }
            }
            for (square, numbers) in &all {
                assert_eq!(cells.of(*square).collect::<Vec<_>>(), *numbers);
            }
            assert_eq!(cells.of([100, 100]).next(), None);
            for (square, numbers) in &all {
                for (taken, number) in numbers.iter().enumerate() {
                    assert_eq!(cells.of(*square).count(), numbers.len() - taken);
                    cells.take(*square, *number);
                    assert!(cells.of(*square).all(|n| n != *number));
                }
            }
        }
    }
}
