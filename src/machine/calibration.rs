/// What a log of jobs says of the estimates of a machine, beside its limits.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Calibration {
    /// What all estimated times are multiplied by.
    pub scale: f64,
    /// What the scaled time is multiplied by for the ends of a band in which 19 of 20 jobs
    /// are; `None` where the log cannot tell.
    pub band: Option<[f64; 2]>,
    /// How many jobs the log had.
    pub jobs: u32,
}

impl Calibration {
    /// A calibration by so many jobs.
    #[must_use]
    pub const fn new(scale: f64, band: Option<[f64; 2]>, jobs: u32) -> Self {
        Self { scale, band, jobs }
    }

    /// Whether times can be multiplied by it: all numbers are finite and above 0, and the
    /// band is around 1.
    #[must_use]
    pub fn is_valid(&self) -> bool {
        let good = |v: f64| v.is_finite() && v > 0.0;
        let around = |[low, high]: [f64; 2]| good(low) && good(high) && low <= 1.0 && high >= 1.0;
        good(self.scale) && self.band.is_none_or(around)
    }
}
