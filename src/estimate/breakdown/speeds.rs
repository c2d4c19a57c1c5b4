use super::SpeedTime;

/// Where the bins of speeds end, mm/s: five a decade, by the preferred numbers R5 of
/// ISO 3. The last bin has no end.
pub const SPEED_BOUNDS: [f64; 21] = [
    0.1, 0.16, 0.25, 0.4, 0.63, 1.0, 1.6, 2.5, 4.0, 6.3, 10.0, 16.0, 25.0, 40.0, 63.0, 100.0,
    160.0, 250.0, 400.0, 630.0, 1000.0,
];

/// Moves by their speed.
#[derive(Clone, Debug)]
pub(super) struct Speeds {
    bins: [SpeedTime; SPEED_BOUNDS.len() + 1],
}

impl Speeds {
    pub(super) fn new() -> Self {
        Self {
            bins: [SpeedTime::default(); SPEED_BOUNDS.len() + 1],
        }
    }

    /// A piece of `mm` took `seconds`, and would at its asked speed take `at_speed`.
    pub(super) fn add(&mut self, mm: f64, seconds: f64, at_speed: f64) {
        self.bins[bin(mm, seconds)].reached += seconds;
        self.bins[bin(mm, at_speed)].asked += at_speed;
    }

    pub(super) fn all(&self) -> Vec<SpeedTime> {
        self.bins.to_vec()
    }
}

/// The bin of a speed of `mm` in `seconds`. A feed that was rounded to just below a bound
/// is one at the bound.
fn bin(mm: f64, seconds: f64) -> usize {
    SPEED_BOUNDS.partition_point(|bound| bound * seconds <= mm * (1.0 + 1e-9))
}

#[cfg(test)]
#[allow(clippy::float_cmp)] // exact values are meant
mod tests {
    use super::*;

    #[test]
    fn a_piece_is_counted_by_what_was_asked_and_by_what_was_reached() {
        let mut speeds = Speeds::new();
        speeds.add(10.0, 0.5, 0.1);
        speeds.add(0.001, 1.0, 1e-9);
        let all = speeds.all();
        let at = |v: f64| SPEED_BOUNDS.iter().position(|b| v < *b);
        assert_eq!(all[at(20.0).unwrap()].reached, 0.5);
        assert_eq!(
            all[at(100.0).unwrap()].asked,
            0.1,
            "a bound is in the bin above it"
        );
        assert_eq!((all[0].reached, all[21].asked), (1.0, 1e-9));
    }
}
