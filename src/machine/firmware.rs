use super::{Klipper, Marlin, RepRapFirmware, Smoothieware};

/// What runs on a controller, with the settings that only it has.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub enum Firmware {
    /// GRBL 1.1 on an AVR.
    #[default]
    Grbl,
    /// grblHAL: the same planner, deeper, without the idle lock.
    GrblHal,
    /// Klipper.
    Klipper(Box<Klipper>),
    /// Marlin 2.
    Marlin(Box<Marlin>),
    /// RepRapFirmware 3; its planner was not checked against the firmware.
    RepRapFirmware(Box<RepRapFirmware>),
    /// Smoothieware; its planner was not checked against the firmware.
    Smoothieware(Box<Smoothieware>),
}

impl Firmware {
    /// Its name in a profile, for example `grbl-hal`.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Grbl => "grbl",
            Self::GrblHal => "grbl-hal",
            Self::Klipper(_) => "klipper",
            Self::Marlin(_) => "marlin",
            Self::RepRapFirmware(_) => "reprapfirmware",
            Self::Smoothieware(_) => "smoothieware",
        }
    }
}
