//! What values come to: expressions, and the parameters that show the machine.

use super::super::block::Refusal;
use super::super::lex::{Line, Word};
use super::super::modal::{Cutter, FeedMode, Motion};
use super::super::ngc::{self, Readout};
use super::Interpreter;
use super::frames::Axes;
use crate::motion::{Plane, SpindleMode};

/// The release of LinuxCNC whose language is read.
const MAJOR: f64 = 2.9;

impl Interpreter {
    /// The value of a word that is an expression.
    pub(super) fn value(&self, bytes: &[u8], word: &Word) -> Result<f64, Refusal> {
        let at = word.at as usize + 1;
        let Some(params) = &self.params else {
            return Err(Refusal::NoNumber(*word));
        };
        let scope = params.scope(self);
        let value = ngc::evaluate(bytes.get(at..).unwrap_or_default(), &scope);
        self.looked.set(self.looked.get() | scope.reads().is_some());
        match value {
            Ok((v, _)) => Ok(v),
            Err(fault) => Err(Refusal::Value(fault.kind, fault.at + at as u32)),
        }
    }

    /// Reads the assignments of a line; they count from [`Interpreter::settle`] on.
    /// Gives whether there are any.
    pub(super) fn assign(&mut self, bytes: &[u8], line: &Line) -> Result<bool, Refusal> {
        let mut any = false;
        for word in line.words.iter().filter(|w| w.letter == b'#') {
            any = true;
            let text = bytes.get(word.at as usize..).unwrap_or_default();
            let done = self.steer(|params, readout| {
                let done = params.assign(text, readout);
                if done.is_err() {
                    params.discard();
                }
                done
            });
            if let Err(fault) = done {
                return Err(Refusal::Value(fault.kind, fault.at + word.at));
            }
        }
        Ok(any)
    }

    /// Lends the parameters out, with the machine that they show.
    pub(in crate::gcode) fn steer<T>(
        &mut self,
        with: impl FnOnce(&mut ngc::Parameters, &Self) -> T,
    ) -> T {
        let mut params = self.params.take().unwrap_or_default();
        let done = with(&mut params, self);
        self.params = Some(params);
        done
    }

    /// Makes the assignments of a line count, those to offsets and homes too.
    pub(super) fn settle(&mut self) {
        let Some(params) = &mut self.params else {
            return;
        };
        for (index, value) in params.held() {
            let (first, slot) = match index {
                5061..=5069 => (5061, &mut self.probed),
                5070 => {
                    self.touched = value;
                    continue;
                }
                5161..=5169 => (5161, &mut self.frames.homes[0]),
                5181..=5189 => (5181, &mut self.frames.homes[1]),
                5211..=5219 => (5211, &mut self.frames.shift),
                5221..=5390 if (index - 5221) % 20 < 9 => {
                    let system = (index - 5221) / 20;
                    (
                        5221 + 20 * system,
                        &mut self.frames.systems[system as usize],
                    )
                }
                5230..=5390 if index % 20 == 10 => {
                    let system = (index - 5230) / 20;
                    self.frames.rotations[system as usize] = value.to_radians();
                    continue;
                }
                _ => continue,
            };
            slot[(index - first) as usize] = value;
        }
        params.commit();
    }
}

/// Places are in the units of the program, stored offsets in mm and degrees, as a
/// machine whose own unit is mm has them.
impl Readout for Interpreter {
    fn numbered(&self, index: u32) -> Option<f64> {
        let of = |axes: &Axes, first: u32| axes[(index - first) as usize];
        Some(match index {
            5021..=5029 => of(&self.in_units(self.axes()), 5021),
            5061..=5069 => of(&self.probed, 5061),
            5070 => self.touched,
            5161..=5169 => of(&self.frames.homes[0], 5161),
            5181..=5189 => of(&self.frames.homes[1], 5181),
            5210 => f64::from(u8::from(self.frames.shifted)),
            5211..=5219 => of(&self.frames.shift, 5211),
            5220 => f64::from(self.modal.system) + 1.0,
            5221..=5390 => {
                let (system, axis) = ((index - 5221) / 20, (index - 5221) % 20);
                match axis {
                    0..=8 => self.frames.systems[system as usize][axis as usize],
                    9 => self.frames.rotations[system as usize].to_degrees(),
                    _ => return None,
                }
            }
            5400 => f64::from(self.loaded),
            5401..=5409 => {
                let table = self.frames.tools.get(&self.loaded);
                of(&self.in_units(table.copied().unwrap_or_default()), 5401)
            }
            5420..=5428 => of(&self.in_units(self.place()), 5420),
            _ => return None,
        })
    }

    fn named(&self, name: &[u8]) -> Option<f64> {
        let m = &self.modal;
        let is = |v: bool| f64::from(u8::from(v));
        Some(match name {
            b"_feed" => match m.feed_mode {
                FeedMode::PerMinute => m.feed * 60.0 / m.unit_mm(),
                FeedMode::Inverse => m.feed * 60.0,
                FeedMode::PerTurn => m.feed / m.unit_mm(),
            },
            b"_rpm" => m.speed,
            b"_metric" => is(!m.inches),
            b"_imperial" => is(m.inches),
            b"_absolute" => is(!m.relative),
            b"_incremental" => is(m.relative),
            b"_inverse_time" => is(m.feed_mode == FeedMode::Inverse),
            b"_units_per_minute" => is(m.feed_mode == FeedMode::PerMinute),
            b"_units_per_rev" => is(m.feed_mode == FeedMode::PerTurn),
            b"_ijk_absolute_mode" => is(m.arc_absolute),
            b"_lathe_diameter_mode" => is(m.diameter),
            b"_lathe_radius_mode" => is(!m.diameter),
            b"_retract_r_plane" => is(m.returns_to_r),
            b"_retract_old_z" => is(!m.returns_to_r),
            b"_spindle_on" => is(m.spindle != SpindleMode::Off),
            b"_spindle_cw" => is(m.spindle == SpindleMode::Constant),
            b"_spindle_rpm_mode" | b"_feed_override" | b"_speed_override" | b"_feed_hold" => 1.0,
            b"_spindle_css_mode" | b"_adaptive_feed" | b"_task" | b"_remap_level" | b"_vminor" => {
                0.0
            }
            b"_vmajor" => MAJOR,
            b"_line" => self.line as f64,
            b"_mist" => is(m.mist),
            b"_flood" => is(m.flood),
            b"_tool_offset" => is(self.frames.tool.iter().any(|v| *v != 0.0)),
            b"_current_tool" | b"_current_pocket" => f64::from(self.loaded),
            b"_selected_tool" | b"_selected_pocket" => f64::from(m.tool),
            b"_coord_system" => match m.system {
                n @ 0..=5 => 540.0 + 10.0 * f64::from(n),
                n => 585.0 + f64::from(n),
            },
            b"_ccomp" => match m.cutter {
                Cutter::Off => 400.0,
                Cutter::Left => 410.0,
                Cutter::Right => 420.0,
            },
            b"_plane" => match m.plane {
                Plane::Xy => 170.0,
                Plane::Zx => 180.0,
                Plane::Yz => 190.0,
            },
            b"_motion_mode" => motion_mode(m.motion),
            _ => {
                let (machine, letter) = match name.strip_prefix(b"_abs_") {
                    Some(l) => (true, l),
                    None => (false, name.strip_prefix(b"_")?),
                };
                let [letter] = letter else { return None };
                let letters = super::frames::LETTERS;
                let axis = letters
                    .iter()
                    .position(|l| l.eq_ignore_ascii_case(letter))?;
                let place = if machine { self.axes() } else { self.place() };
                self.in_units(place)[axis]
            }
        })
    }
}

impl Interpreter {
    /// Where the head is in program coordinates, mm and degrees.
    pub(super) fn place(&self) -> Axes {
        self.frames.program(&self.axes(), self.modal.system)
    }

    /// Millimetres to the program's units; degrees stay.
    pub(super) fn in_units(&self, mut axes: Axes) -> Axes {
        let unit = self.modal.unit_mm();
        for (i, v) in axes.iter_mut().enumerate() {
            if !(3..6).contains(&i) {
                *v /= unit;
            }
        }
        axes
    }
}

/// Ten times the G number of a motion mode.
fn motion_mode(motion: Motion) -> f64 {
    match motion {
        Motion::Rapid => 0.0,
        Motion::Linear => 10.0,
        Motion::ArcCw => 20.0,
        Motion::ArcCcw => 30.0,
        Motion::Probe => 382.0,
        Motion::Cancelled => 800.0,
        Motion::Cycle(n) => f64::from(n) * 10.0,
        Motion::Cubic => 50.0,
        Motion::Quadratic => 51.0,
        Motion::Nurbs => 52.0,
        Motion::NurbsEnd => 53.0,
        Motion::Thread => 330.0,
        Motion::RigidTap => 331.0,
        Motion::ThreadCycle => 760.0,
    }
}
