//! The beam where it should be dark: rapids, and the end of the program.

use super::step::{Step, is_lit};
use super::tally::Tally;
use super::{LASER_ON_AT_END, LASER_ON_RAPID};
use crate::diag::{Diagnostics, Severity};
use crate::gcode::Modal;
use crate::motion::{Beam, SpindleMode};

pub(super) struct BeamCheck {
    /// Whether the firmware darkens the beam in rapids; `None`: not known.
    laser_mode: Option<bool>,
    state: Modal,
    /// Where the program last switched the spindle or laser; `None`: it never did,
    /// and the firmware itself darkens the beam outside of cuts.
    switched_on: Option<(u32, u32)>,
    rapids: Tally,
    /// S of the first of them, and whether it is of constant power.
    first: (f64, bool),
    /// Z moves while the spindle works: this is milling.
    mills: bool,
}

impl BeamCheck {
    pub(super) fn new(laser_mode: Option<bool>, start: &Modal) -> Self {
        Self {
            laser_mode,
            state: *start,
            switched_on: None,
            rapids: Tally::default(),
            first: (0.0, false),
            mills: false,
        }
    }

    pub(super) fn step(&mut self, step: &Step<'_>) {
        let was = self.state.spindle;
        self.state = *step.after;
        if self.state.spindle != was {
            self.switched_on = Some(step.place(b"M"));
        }
        for (from, m) in step.moves() {
            self.mills |= m.beam == Beam::On && (m.to.z - from.z) != 0.0;
            // Lifting a lit head burns where it stood.
            let lit = self.switched_on.is_some() && is_lit(&self.state);
            let hot = m.beam == Beam::Rapid && lit && from.distance(m.to) > 0.0;
            if hot && self.rapids.add(step.place(b"GXYZ")) {
                let constant = self.state.spindle == SpindleMode::Constant;
                self.first = (self.state.speed, constant);
            }
        }
    }

    pub(super) fn finish(self, found: &mut Diagnostics) {
        self.say_rapids(found);
        self.say_end(found);
    }

    fn say_rapids(&self, found: &mut Diagnostics) {
        let (speed, constant) = self.first;
        let (severity, what, help) = match self.laser_mode {
            // M4 asks for the laser mode.
            _ if self.rapids.is_empty() || self.mills => return,
            Some(true) => return,
            None if !constant => return,
            None => (
                Severity::Warning,
                format!(
                    "a rapid is made with the beam on (S{speed}): without laser mode ($32=0) \
                     it burns"
                ),
                "give the machine with --machine, or switch the laser off before rapids",
            ),
            Some(false) => (
                Severity::Unsafe,
                format!(
                    "a rapid is made with the beam on (S{speed}), and the machine is not in \
                     laser mode"
                ),
                "set $32=1 on a laser, or switch the laser off (M5 or S0) before rapids",
            ),
        };
        let d = self.rapids.clone().finding(LASER_ON_RAPID, severity, what);
        found.push(d.with_help(help));
    }

    fn say_end(&self, found: &mut Diagnostics) {
        let Some(place) = self.switched_on.filter(|_| is_lit(&self.state)) else {
            return;
        };
        let speed = self.state.speed;
        // In laser mode M4 is dark at rest, and M3 in G0.
        let dark = match self.state.spindle {
            SpindleMode::Dynamic => self.laser_mode != Some(false),
            _ => self.laser_mode == Some(true) && !self.state.motion.is_cutting(),
        };
        let (severity, what) = if dark {
            (
                Severity::Warning,
                format!("the program ends with the laser armed (S{speed}): no M5 follows"),
            )
        } else {
            (
                Severity::Unsafe,
                format!("the program ends with the laser or spindle on (S{speed}): no M5 follows"),
            )
        };
        let mut tally = Tally::default();
        let _ = tally.add(place);
        let d = tally.finding(LASER_ON_AT_END, severity, what);
        found.push(d.with_help("end the program with M5"));
    }
}
