//! A number for each end and each of some odd sets of ends.

use super::NONE;
use super::laminar::Laminar;

/// The numbers that prove a bound, mm.
///
/// A hop's *reduced cost* is its length less the numbers of its ends and of the odd
/// sets that it leaves. Any order has one hop at each end, and at least one out of
/// each odd set; so its travel is at least the sum of all numbers and of the reduced
/// costs of its hops.
pub(super) struct Duals {
    /// Of each end; may be negative.
    pub(super) ends: Vec<f64>,
    /// Of each odd set; not negative.
    pub(super) odd_sets: Vec<f64>,
    /// Which ends the odd sets hold.
    pub(super) family: Laminar,
}

impl Duals {
    /// The sum of all numbers.
    pub(super) fn sum(&self) -> f64 {
        self.ends.iter().chain(&self.odd_sets).sum()
    }

    /// The sum of the numbers of each odd set and of all round it.
    pub(super) fn round(&self) -> Vec<f64> {
        let mut sums = self.odd_sets.clone();
        for set in 0..sums.len() {
            let outer = self.family.outer(set as u32);
            if outer != NONE {
                sums[set] += sums[outer as usize];
            }
        }
        sums
    }
}
