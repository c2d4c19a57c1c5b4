use super::{Draft, flag, number, numbers};
use crate::machine::{Firmware, RepRapFirmware, Retraction, Value};

/// Figures that have to be given.
pub(super) const NEEDED: [&str; 5] = [
    "max_speed",
    "acceleration",
    "reprapfirmware.filament_max_speed",
    "reprapfirmware.filament_acceleration",
    "reprapfirmware.jerk",
];

/// The firmware's own limits where a file says nothing else.
pub(super) const START: RepRapFirmware = RepRapFirmware {
    filament_steps_per_mm: 420.0,
    filament_max_rate: 20.0,
    filament_acceleration: 250.0,
    print_acceleration: 10_000.0,
    travel_acceleration: 10_000.0,
    jerk: [15.0, 15.0, 0.2, 2.0],
    joins_all: false,
    least_speed: 0.5,
    retraction: None,
};

/// Moves that a Duet 2 looks ahead.
const BLOCKS: usize = 40;

impl Draft {
    pub(super) fn set_reprapfirmware(&mut self, key: &str, value: &Value) -> Result<(), String> {
        let r = &mut self.reprapfirmware;
        match key {
            "filament_steps_per_mm" => r.filament_steps_per_mm = number(value)?,
            "filament_max_speed" => r.filament_max_rate = number(value)?,
            "filament_acceleration" => r.filament_acceleration = number(value)?,
            "print_acceleration" => r.print_acceleration = number(value)?,
            "travel_acceleration" => r.travel_acceleration = number(value)?,
            "jerk" => r.jerk = numbers(value)?,
            "joins_all" => r.joins_all = flag(value)?,
            _ => r.least_speed = number(value)?,
        }
        Ok(())
    }

    pub(super) fn finish_reprapfirmware(&mut self, retraction: Option<Retraction>) {
        if !self.has("steps_per_mm") {
            self.machine.steps_per_mm = [80.0, 80.0, 4000.0];
        }
        if !self.has("planner_blocks") {
            self.machine.planner_blocks = BLOCKS;
        }
        for name in [
            "steps_per_mm",
            "planner_blocks",
            "reprapfirmware.filament_steps_per_mm",
            "reprapfirmware.print_acceleration",
            "reprapfirmware.travel_acceleration",
            "reprapfirmware.joins_all",
            "reprapfirmware.least_speed",
        ] {
            self.assume(name, "RepRapFirmware's default");
        }
        self.reprapfirmware.retraction = retraction;
        self.machine.firmware = Firmware::RepRapFirmware(Box::new(self.reprapfirmware.clone()));
    }
}
