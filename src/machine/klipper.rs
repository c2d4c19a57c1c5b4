use super::Retraction;

/// What Klipper's `printer.cfg` sets beyond other firmware. Its limits are those of the
/// head along its path, not of single axes.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Klipper {
    /// Greatest speed of the head, mm/s (`max_velocity`).
    pub max_velocity: f64,
    /// Greatest acceleration of the head, mm/s² (`max_accel`).
    pub max_accel: f64,
    /// Share of a short move that is run at constant speed (`minimum_cruise_ratio`).
    pub minimum_cruise_ratio: f64,
    /// The host is one from before August 2025: it has `max_accel_to_decel` rather than
    /// that ratio, and follows `ACCEL_TO_DECEL` of `SET_VELOCITY_LIMIT`.
    pub accel_to_decel: bool,
    /// Speed of a right-angled corner, mm/s (`square_corner_velocity`).
    pub square_corner_velocity: f64,
    /// Greatest speed of Z, mm/s (`max_z_velocity`).
    pub max_z_velocity: f64,
    /// Greatest acceleration of Z, mm/s² (`max_z_accel`).
    pub max_z_accel: f64,
    /// The hot end, where there is one.
    pub extruder: Option<KlipperExtruder>,
    /// Firmware retraction (`[firmware_retraction]`); `None`: G10 and G11 do nothing.
    pub retraction: Option<Retraction>,
    /// Length of the pieces that arcs are run as, mm (`[gcode_arcs]`); `None`: G2 and
    /// G3 are not run at all.
    pub arc_resolution: Option<f64>,
    /// Where a delta machine goes slower; `None` elsewhere.
    pub rim: Option<DeltaRim>,
}

/// Far out on a delta machine one tower has to run much faster than the head.
///
/// A move that begins or ends beyond [`slow_radius`](Self::slow_radius) has half of the
/// limits, one beyond [`very_slow_radius`](Self::very_slow_radius) a quarter.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct DeltaRim {
    /// From the middle of the bed, mm.
    pub slow_radius: f64,
    /// From the middle of the bed, mm.
    pub very_slow_radius: f64,
    /// The `max_velocity` of the `printer.cfg`, mm/s: a program does not change it.
    pub max_velocity: f64,
    /// Its `max_accel`, mm/s².
    pub max_accel: f64,
}

impl DeltaRim {
    /// With arms of at least `arm` mm, towers `radius` mm from the middle and steps of
    /// `step` mm: where towers run three and six times as fast as the head.
    ///
    /// A carriage stands `√(arm² - d²)` above the head, which is `d` mm from its tower,
    /// so it runs `d / √(arm² - d²)` times as fast as the head does along that line;
    /// Klipper takes half a step off `√(arm² / (ratio² + 1))` on the way to `d`.
    #[must_use]
    pub(crate) fn new(arm: f64, radius: f64, step: f64, max_velocity: f64, max_accel: f64) -> Self {
        let half = step / 2.0;
        let at = |ratio: f64| {
            let above2 = arm * arm / (ratio * ratio + 1.0) - half * half;
            (ratio * above2.max(0.0).sqrt() + half - radius).abs()
        };
        Self {
            slow_radius: at(3.0),
            very_slow_radius: at(6.0),
            max_velocity,
            max_accel,
        }
    }

    /// Which share of the limits a move between places `from` and `to` has, by the
    /// squares of their distances from the middle.
    #[must_use]
    pub(crate) fn share(&self, from2: f64, to2: f64) -> f64 {
        let far2 = from2.max(to2);
        if far2 <= self.slow_radius * self.slow_radius {
            1.0
        } else if far2 <= self.very_slow_radius * self.very_slow_radius {
            0.5
        } else {
            0.25
        }
    }
}

/// The `[extruder]` of a `printer.cfg`.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct KlipperExtruder {
    /// Greatest speed of moves that only feed filament, mm/s
    /// (`max_extrude_only_velocity`).
    pub max_only_velocity: f64,
    /// Their greatest acceleration, mm/s² (`max_extrude_only_accel`).
    pub max_only_accel: f64,
    /// By how much the speed of the filament may change at once, mm/s
    /// (`instantaneous_corner_velocity`).
    pub corner_velocity: f64,
    /// Longest move that only feeds filament, mm (`max_extrude_only_distance`).
    pub max_only_distance: f64,
    /// Greatest cross-section of what is laid down, mm² (`max_extrude_cross_section`).
    pub max_cross_section: f64,
    /// Diameter of the filament, mm.
    pub filament_diameter: f64,
    /// Diameter of the nozzle, mm.
    pub nozzle_diameter: f64,
}
