use super::Retraction;

/// What Marlin sets beyond other firmware. Steps, speeds and accelerations of X, Y and Z
/// are those of the machine.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Marlin {
    /// Steps per mm of filament (`M92 E`).
    pub filament_steps_per_mm: f64,
    /// Greatest speed of the filament, mm/s (`M203 E`).
    pub filament_max_rate: f64,
    /// Greatest acceleration of the filament, mm/s² (`M201 E`).
    pub filament_acceleration: f64,
    /// Acceleration of moves that feed filament, mm/s² (`M204 P`).
    pub print_acceleration: f64,
    /// Acceleration of moves of filament alone, mm/s² (`M204 R`).
    pub retract_acceleration: f64,
    /// Acceleration of moves without filament, mm/s² (`M204 T`).
    pub travel_acceleration: f64,
    /// How corners are taken.
    pub corners: Corners,
    /// Least speed of moves that feed filament, mm/s (`M205 S`).
    pub least_print_speed: f64,
    /// Least speed of all others, mm/s (`M205 T`).
    pub least_travel_speed: f64,
    /// Least time of a piece while few of them are planned, s (`M205 B`, which is in
    /// microseconds).
    pub least_segment_seconds: f64,
    /// Firmware retraction (`M207`, `M208`); `None`: the build has none, G10 and G11 do
    /// nothing.
    pub retraction: Option<Retraction>,
    /// Diameter of the filament, mm, where E counts in mm³ (`M200 D`); `None`: in mm.
    pub volumetric_diameter: Option<f64>,
}

/// How Marlin limits the speed of corners.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Corners {
    /// Classic jerk: by how much the speed of X, Y, Z, E may change at once, mm/s
    /// (`M205 X Y Z E`).
    Jerk([f64; 4]),
    /// Junction deviation, mm (`M205 J`).
    Deviation(f64),
}
