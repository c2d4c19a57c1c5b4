use super::Retraction;
use crate::error::{Error, ErrorKind};

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

impl Klipper {
    /// Checks that every limit can be used.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidConfig`] that names the first that cannot.
    pub fn validate(&self) -> Result<(), Error> {
        let above = [
            ("max_velocity", Some(self.max_velocity)),
            ("max_accel", Some(self.max_accel)),
            ("max_z_velocity", Some(self.max_z_velocity)),
            ("max_z_accel", Some(self.max_z_accel)),
            ("resolution", self.arc_resolution),
        ];
        let e = self.extruder.as_ref();
        let of_filament = [
            ("max_extrude_only_velocity", e.map(|e| e.max_only_velocity)),
            ("max_extrude_only_accel", e.map(|e| e.max_only_accel)),
            ("filament_diameter", e.map(|e| e.filament_diameter)),
            ("nozzle_diameter", e.map(|e| e.nozzle_diameter)),
        ];
        let r = self.retraction.as_ref();
        let speeds = [
            ("retract_speed", r.map(|r| r.speed)),
            ("unretract_speed", r.map(|r| r.return_speed)),
        ];
        let not_below = [
            ("minimum_cruise_ratio", Some(self.minimum_cruise_ratio)),
            ("square_corner_velocity", Some(self.square_corner_velocity)),
            (
                "instantaneous_corner_velocity",
                e.map(|e| e.corner_velocity),
            ),
            ("retract_length", r.map(|r| r.length)),
            ("unretract_extra_length", r.map(|r| r.extra)),
        ];
        let wrong = |name: &str, what: &str, v: f64| {
            let message = format!("{name} must be a finite number {what}, not {v}");
            Err(Error::new(ErrorKind::InvalidConfig, message))
        };
        for (name, v) in above.into_iter().chain(of_filament).chain(speeds) {
            match v {
                Some(v) if !v.is_finite() || v <= 0.0 => return wrong(name, "above 0", v),
                _ => {}
            }
        }
        for (name, v) in not_below {
            match v {
                Some(v) if !v.is_finite() || v < 0.0 => return wrong(name, "not below 0", v),
                _ => {}
            }
        }
        if self.minimum_cruise_ratio >= 1.0 {
            return wrong("minimum_cruise_ratio", "below 1", self.minimum_cruise_ratio);
        }
        Ok(())
    }
}
