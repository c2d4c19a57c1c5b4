//! Where two moves meet.

/// What the next move has to know of a move. Squares of speeds are in mm²/s².
#[derive(Clone, Copy, Debug)]
pub(super) struct Joint {
    /// Direction; 0 where only filament moves.
    pub(super) unit: [f64; 3],
    /// Filament for each mm.
    pub(super) filament_r: f64,
    /// Whether the head moves.
    pub(super) head: bool,
    /// Corner deviation times acceleration.
    pub(super) deviation_v2: f64,
    /// Greatest speed.
    pub(super) cruise_v2: f64,
    /// Greatest change over its length, at full and at gentle acceleration.
    pub(super) delta_v2: f64,
    pub(super) gentle_delta_v2: f64,
    /// Greatest speed at its start, in the full and in the gentle plan.
    pub(super) start_v2: f64,
    pub(super) gentle_start_v2: f64,
}

impl Joint {
    /// Sets the greatest speeds at the start, which is the end of `last`; the filament's
    /// speed may change by `filament_corner_v` at once.
    ///
    /// With `h` half the angle between the two moves (90° where they are in line): the
    /// circle that leaves the corner by the deviation `d` has the radius
    /// `d sin h / (1 - sin h)`, and the one that touches both moves in the middle of
    /// one of length `l` has `l/2 tan h`; both are run at v² = a r.
    #[inline]
    pub(super) fn meet(&mut self, last: &Self, filament_corner_v: f64) {
        if !self.head || !last.head {
            return;
        }
        let mut cap_v2 = least(self.cruise_v2, last.cruise_v2);
        cap_v2 = least(cap_v2, last.start_v2 + last.delta_v2);
        let change_r = self.filament_r - last.filament_r;
        if change_r != 0.0 {
            let v = filament_corner_v / change_r.abs();
            cap_v2 = least(cap_v2, v * v);
        }
        let (u, w) = (&self.unit, &last.unit);
        let cos = -(u[0] * w[0] + u[1] * w[1] + u[2] * w[2]);
        let sin_half = (0.5 * (1.0 - cos)).max(0.0).sqrt();
        let cos_half = (0.5 * (1.0 + cos)).max(0.0).sqrt();
        let rest = 1.0 - sin_half;
        if rest > 0.0 && cos_half > 0.0 {
            let radius = sin_half / rest;
            let quarter_tan = 0.25 * sin_half / cos_half;
            let deviation_v2 = least(self.deviation_v2, last.deviation_v2);
            let delta_v2 = least(self.delta_v2, last.delta_v2);
            cap_v2 = least(cap_v2, radius * deviation_v2);
            cap_v2 = least(cap_v2, quarter_tan * delta_v2);
        }
        self.start_v2 = cap_v2;
        self.gentle_start_v2 = least(cap_v2, last.gentle_start_v2 + last.gentle_delta_v2);
    }
}

/// The lesser of two numbers. Unlike `f64::min` it need not look for what is no number,
/// of which there is none here; that is six instructions less, a dozen times a move.
#[inline]
pub(super) fn least(a: f64, b: f64) -> f64 {
    if a < b { a } else { b }
}
