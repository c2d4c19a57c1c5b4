/// What Smoothieware sets beyond other firmware. Steps, speeds and accelerations of X, Y
/// and Z, junction deviation and arc tolerance (`mm_max_arc_error`) are those of the
/// machine.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Smoothieware {
    /// Greatest acceleration of every move along its path, mm/s² (`acceleration`).
    pub acceleration: f64,
    /// Junction deviation of moves in neither X nor Y, mm (`z_junction_deviation`);
    /// `None`: that of the others.
    pub z_junction_deviation: Option<f64>,
    /// Speed of G0 before any F on a line with it, mm/s (`default_seek_rate`, which is
    /// per minute).
    pub seek_speed: f64,
    /// Least length of the pieces of arcs, mm (`mm_per_arc_segment`).
    pub arc_segment: f64,
    /// Steps per mm of filament (`extruder.….steps_per_mm`).
    pub filament_steps_per_mm: f64,
    /// Greatest speed of the filament, mm/s (`extruder.….max_speed`).
    pub filament_max_rate: f64,
    /// Greatest acceleration of moves of filament alone, mm/s²
    /// (`extruder.….acceleration`).
    pub filament_acceleration: f64,
}
