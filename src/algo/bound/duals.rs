//! A number for each end and for some sets of ends.

use super::NONE;
use super::laminar::Laminar;

/// The numbers that prove a bound, mm.
///
/// A hop's *reduced cost* is its length less the numbers of its ends and of the sets
/// that it leaves. Any order has one hop at each end, and some out of each set; so its
/// travel is at least the sum of all numbers, those of sets as often as hops must
/// leave them, and of the reduced costs of its hops.
pub(super) struct Duals {
    /// Of each end; may be negative.
    pub(super) ends: Vec<f64>,
    /// Odd sets, and groups of strokes.
    pub(super) families: [Family; 2],
}

/// Nested sets of ends with their numbers.
pub(super) struct Family {
    /// Which ends they hold.
    pub(super) sets: Laminar,
    /// Of each set, mm; not negative.
    pub(super) numbers: Vec<f64>,
    /// So many hops leave each set at least: one that is odd, two that is a
    /// group of strokes, as it is entered and left.
    pub(super) least: f64,
}

impl Family {
    /// The sum of the numbers of each set and of all round it.
    pub(super) fn round(&self) -> Vec<f64> {
        let mut sums = self.numbers.clone();
        for set in 0..sums.len() {
            let outer = self.sets.outer(set as u32);
            if outer != NONE {
                sums[set] += sums[outer as usize];
            }
        }
        sums
    }
}

impl Duals {
    /// The sum of all numbers, as often as they count.
    pub(super) fn sum(&self) -> f64 {
        let of_sets = self.families.iter();
        let of_sets = of_sets.map(|f| f.least * f.numbers.iter().sum::<f64>());
        self.ends.iter().sum::<f64>() + of_sets.sum::<f64>()
    }
}
