use crate::machine::{Corners, Firmware, Machine};

/// A limit that a log may change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Limit {
    /// Acceleration of X and Y; of Klipper's head; of all moves of Marlin,
    /// RepRapFirmware and Smoothieware.
    Acceleration,
    /// Greatest speed of X and Y, or of Klipper's head.
    MaxRate,
    /// How corners are taken: junction deviation, square corner velocity or jerk.
    Cornering,
}

impl Limit {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Acceleration, Self::MaxRate, Self::Cornering];

    /// A short name for reports, for example `acceleration`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Acceleration => "acceleration",
            Self::MaxRate => "max-rate",
            Self::Cornering => "cornering",
        }
    }

    /// The names of the figures that it is, in a profile.
    pub(super) const fn figures(self, machine: &Machine) -> &'static [&'static str] {
        match (self, &machine.firmware) {
            (Self::Acceleration, Firmware::Klipper(_)) => &["acceleration", "klipper.max_accel"],
            (Self::Acceleration, Firmware::Marlin(_)) => &[
                "acceleration",
                "marlin.print_acceleration",
                "marlin.travel_acceleration",
            ],
            (Self::Acceleration, Firmware::RepRapFirmware(_)) => &[
                "acceleration",
                "reprapfirmware.print_acceleration",
                "reprapfirmware.travel_acceleration",
            ],
            (Self::Acceleration, Firmware::Smoothieware(_)) => {
                &["acceleration", "smoothieware.acceleration"]
            }
            (Self::Acceleration, _) => &["acceleration"],
            (Self::MaxRate, Firmware::Klipper(_)) => &["max_speed", "klipper.max_velocity"],
            (
                Self::MaxRate,
                Firmware::Marlin(_) | Firmware::RepRapFirmware(_) | Firmware::Smoothieware(_),
            ) => &["max_speed"],
            (Self::MaxRate, _) => &["max_rate"],
            (Self::Cornering, Firmware::Klipper(_)) => &["klipper.square_corner_velocity"],
            (Self::Cornering, Firmware::Marlin(m)) => match m.corners {
                Corners::Jerk(_) => &["marlin.jerk"],
                Corners::Deviation(_) => &["marlin.junction_deviation"],
            },
            (Self::Cornering, Firmware::RepRapFirmware(_)) => &["reprapfirmware.jerk"],
            (Self::Cornering, _) => &["junction_deviation"],
        }
    }

    /// The greatest factor that is tried; the least is one over it.
    pub(super) const fn most(self) -> f64 {
        match self {
            Self::Acceleration => 8.0,
            Self::MaxRate => 4.0,
            Self::Cornering => 16.0,
        }
    }

    /// Whether a factor is at the end of what is tried.
    pub(super) fn is_far(self, factor: f64) -> bool {
        factor.ln().abs() > 0.999 * self.most().ln()
    }
}

/// The machine with its limits multiplied by these factors.
pub(super) fn with(machine: &Machine, factors: &[f64; Limit::ALL.len()]) -> Machine {
    let mut m = machine.clone();
    let [accel, rate, corner] = *factors;
    for axis in 0..2 {
        m.acceleration[axis] *= accel;
        m.max_rate[axis] *= rate;
    }
    m.junction_deviation *= corner;
    match &mut m.firmware {
        Firmware::Klipper(k) => {
            k.max_accel *= accel;
            k.max_velocity *= rate;
            k.square_corner_velocity *= corner;
        }
        Firmware::Marlin(k) => {
            k.print_acceleration *= accel;
            k.travel_acceleration *= accel;
            match &mut k.corners {
                Corners::Jerk(jerk) => {
                    jerk[0] *= corner;
                    jerk[1] *= corner;
                }
                Corners::Deviation(d) => *d *= corner,
            }
        }
        Firmware::Smoothieware(k) => k.acceleration *= accel,
        Firmware::RepRapFirmware(k) => {
            k.print_acceleration *= accel;
            k.travel_acceleration *= accel;
            k.jerk[0] *= corner;
            k.jerk[1] *= corner;
        }
        Firmware::Grbl | Firmware::GrblHal => {}
    }
    m
}
