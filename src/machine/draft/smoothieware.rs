use super::{Draft, number};
use crate::machine::{Firmware, Smoothieware, Value};

/// Figures that have to be given.
pub(super) const NEEDED: [&str; 2] = ["max_speed", "smoothieware.acceleration"];

/// The firmware's own limits where a file says nothing else.
pub(super) const START: Smoothieware = Smoothieware {
    acceleration: 100.0,
    z_junction_deviation: None,
    seek_speed: 100.0 / 60.0,
    arc_segment: 0.0,
    filament_steps_per_mm: 1.0,
    filament_max_rate: 1000.0,
    filament_acceleration: 1000.0,
};

/// Moves that it looks ahead (`planner_queue_size`).
const BLOCKS: usize = 32;
/// Its junction deviation and arc tolerance, mm.
const DEVIATION_D: f64 = 0.05;
const ARC_D: f64 = 0.01;

impl Draft {
    pub(super) fn set_smoothieware(&mut self, key: &str, value: &Value) -> Result<(), String> {
        let s = &mut self.smoothieware;
        let value = number(value)?;
        match key {
            "acceleration" => s.acceleration = value,
            "z_junction_deviation" => s.z_junction_deviation = Some(value),
            "seek_speed" => s.seek_speed = value,
            "arc_segment" => s.arc_segment = value,
            "filament_steps_per_mm" => s.filament_steps_per_mm = value,
            "filament_max_speed" => s.filament_max_rate = value,
            _ => s.filament_acceleration = value,
        }
        Ok(())
    }

    pub(super) fn finish_smoothieware(&mut self) {
        let given = |has: bool, v: f64, or: f64| if has { v } else { or };
        let [deviation, arc] = ["junction_deviation", "arc_tolerance"].map(|n| self.has(n));
        let [steps, accel, blocks] =
            ["steps_per_mm", "acceleration", "planner_blocks"].map(|n| self.has(n));
        let m = &mut self.machine;
        m.junction_deviation = given(deviation, m.junction_deviation, DEVIATION_D);
        m.arc_tolerance = given(arc, m.arc_tolerance, ARC_D);
        if !steps {
            m.steps_per_mm = [80.0, 80.0, 2560.0];
        }
        if !accel {
            m.acceleration = [self.smoothieware.acceleration; 3];
        }
        if !blocks {
            m.planner_blocks = BLOCKS;
        }
        for name in [
            "steps_per_mm",
            "planner_blocks",
            "junction_deviation",
            "arc_tolerance",
            "smoothieware.seek_speed",
            "smoothieware.arc_segment",
            "smoothieware.filament_steps_per_mm",
            "smoothieware.filament_max_speed",
            "smoothieware.filament_acceleration",
        ] {
            self.assume(name, "Smoothieware's default");
        }
        self.assume("acceleration", "as that of the head");
        self.machine.firmware = Firmware::Smoothieware(Box::new(self.smoothieware.clone()));
    }
}
