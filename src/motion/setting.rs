/// What a program sets of the firmware's limits and factors, for all that follows.
/// `None` is left as it is.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Setting {
    /// Accelerations by what a move does, mm/s² (M204).
    Acceleration {
        /// Of moves that feed filament.
        print: Option<f64>,
        /// Of moves of filament alone.
        retract: Option<f64>,
        /// Of moves without filament.
        travel: Option<f64>,
    },
    /// Steps per mm of X, Y, Z, E (M92).
    StepsPerMm([Option<f64>; 4]),
    /// Greatest acceleration of X, Y, Z, E, mm/s² (M201).
    AxisAcceleration([Option<f64>; 4]),
    /// Greatest speed of X, Y, Z, E, mm/s (M203).
    AxisRate([Option<f64>; 4]),
    /// By how much the speed of X, Y, Z, E may change at once, mm/s (M205, M566).
    Jerk([Option<f64>; 4]),
    /// Whether moves of every kind go into each other without a stop, rather than those
    /// of one kind (M566 P).
    JoinsAll(bool),
    /// Speed of G0, mm/s, where it has one of its own (F on a line with G0).
    SeekSpeed(f64),
    /// Junction deviation, mm (M205 J).
    JunctionDeviation(f64),
    /// Least speeds, mm/s (M205 S and T).
    LeastSpeed {
        /// Of moves that feed filament.
        print: Option<f64>,
        /// Of all others.
        travel: Option<f64>,
    },
    /// Least time of a piece while few of them are planned, s (M205 B).
    LeastSegment(f64),
    /// Share of the programmed feed that is run; 1 is all of it (M220).
    FeedFactor(f64),
    /// The share of the feed is kept for later, or is again what was kept (M220 B, R).
    /// With both they change places.
    KeptFeedFactor {
        /// Keeps it.
        keep: bool,
        /// Brings back what was kept; all of the feed where nothing was.
        restore: bool,
    },
    /// Share of the programmed filament that is fed (M221).
    FlowFactor(f64),
    /// The filament is said to be here, in units of E (G92 E).
    FilamentPlace(f64),
    /// What E counts in (M200).
    Volumetric {
        /// In mm³ of filament rather than in mm.
        on: Option<bool>,
        /// Diameter of the filament, mm.
        diameter: Option<f64>,
    },
    /// The limits of Klipper's head (`SET_VELOCITY_LIMIT`).
    Head {
        /// Greatest speed, mm/s.
        velocity: Option<f64>,
        /// Greatest acceleration, mm/s².
        accel: Option<f64>,
        /// Share of a short move that is run at constant speed.
        minimum_cruise_ratio: Option<f64>,
        /// Speed of a right-angled corner, mm/s.
        square_corner_velocity: Option<f64>,
    },
    /// Acceleration of the ramps that the minimum cruise ratio makes gentle, mm/s²
    /// (`ACCEL_TO_DECEL`); hosts of Klipper from before August 2025 know it.
    GentleAcceleration(f64),
    /// What G10 and G11 do (M207, M208, `SET_RETRACTION`).
    Retraction {
        /// Filament drawn back, mm.
        length: Option<f64>,
        /// How fast, mm/s.
        speed: Option<f64>,
        /// Filament fed beyond that when it comes again, mm.
        extra: Option<f64>,
        /// How fast it comes again, mm/s.
        return_speed: Option<f64>,
        /// How far the head is lifted meanwhile, mm.
        hop: Option<f64>,
    },
}
