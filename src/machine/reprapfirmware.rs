use super::Retraction;

/// What RepRapFirmware sets beyond other firmware. Steps, speeds and accelerations of X,
/// Y and Z are those of the machine.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct RepRapFirmware {
    /// Steps per mm of filament (`M92 E`).
    pub filament_steps_per_mm: f64,
    /// Greatest speed of the filament, mm/s (`M203 E`, which is per minute).
    pub filament_max_rate: f64,
    /// Greatest acceleration of the filament, mm/s² (`M201 E`).
    pub filament_acceleration: f64,
    /// Acceleration of moves in X and Y that feed filament, mm/s² (`M204 P`).
    pub print_acceleration: f64,
    /// Acceleration of all other moves in X and Y, mm/s² (`M204 T`).
    pub travel_acceleration: f64,
    /// By how much the speed of X, Y, Z, E may change at once, mm/s (`M566`, which is per
    /// minute).
    pub jerk: [f64; 4],
    /// Whether moves of every kind go into each other without a stop (`M566 P`).
    pub joins_all: bool,
    /// Least speed of all moves, mm/s (`M203 I`, which is per minute).
    pub least_speed: f64,
    /// Firmware retraction (`M207`); `None`: G10 and G11 do nothing.
    pub retraction: Option<Retraction>,
}
