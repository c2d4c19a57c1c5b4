//! `SAVE_GCODE_STATE`, `RESTORE_GCODE_STATE` and `SET_GCODE_OFFSET` of Klipper.
//!
//! A state is how coordinates are read, where they count from, the speed, and the
//! factors of M220 and M221. It comes back without motion, and E goes on from the number
//! that it had then, wherever the filament is by now; with `MOVE=1` X, Y and Z go back
//! to their places of then.
//!
//! The offset counts beside that of G92, and lasts over homing. It moves nothing by
//! itself but shifts where the next words lead; with `MOVE=1` the head follows at once.
//! `MOVE_SPEED` is in mm/s, and M220 has no part in it.

use super::super::block::Refusal;
use super::super::dialect::Sets;
use super::moves::is_reachable;
use super::named::Values;
use super::{Ignored, Interpreter, Outcome};
use crate::geom::Point3;
use crate::motion::{Command, Setting, Wait};
use std::collections::BTreeMap;

/// The most states that are kept, and the longest name of one, bytes.
const MOST_STATES: usize = 1000;
const LONGEST_NAME: usize = 1000;

/// What the commands of this file have left behind.
#[derive(Debug)]
pub(super) struct States {
    kept: BTreeMap<Vec<u8>, State>,
    /// The offset of X, Y, Z and E, mm.
    offset: [f64; 4],
    /// Shares of the feed and of the filament that are run (M220, M221).
    factors: [f64; 2],
    /// Whether a macro has run.
    has_macros: bool,
}

#[derive(Clone, Copy, Debug)]
struct State {
    relative: bool,
    filament_relative: bool,
    shift: [f64; 3],
    offset: [f64; 4],
    position: Point3,
    filament: f64,
    feed: f64,
    factors: [f64; 2],
}

impl Default for States {
    fn default() -> Self {
        Self {
            kept: BTreeMap::new(),
            offset: [0.0; 4],
            factors: [1.0; 2],
            has_macros: false,
        }
    }
}

impl States {
    /// The offset of X, Y or Z, which homing leaves.
    pub(super) const fn offset(&self, axis: usize) -> f64 {
        self.offset[axis]
    }

    /// Notes the factor that the last command has set, if it has.
    pub(super) fn note(&mut self, sets: Sets, told: Option<&Command>) {
        match (sets, told) {
            (Sets::HeadFeedFactor, Some(Command::Setting(Setting::FeedFactor(f)))) => {
                self.factors[0] = *f;
            }
            (Sets::HeadFlowFactor, Some(Command::Setting(Setting::FlowFactor(f)))) => {
                self.factors[1] = *f;
            }
            _ => {}
        }
    }
}

impl Interpreter {
    /// `SAVE_GCODE_STATE`.
    pub(super) fn keep_state(&mut self, values: &Values) -> Result<(), Refusal> {
        let name = values.text("NAME").unwrap_or(b"default");
        let [x, y, z, ..] = self.frames.shift;
        let state = State {
            relative: self.modal.relative,
            filament_relative: self.modal.filament_relative,
            shift: [x, y, z],
            offset: self.states.offset,
            position: self.position,
            filament: self.filament,
            feed: self.modal.feed,
            factors: self.states.factors,
        };
        let kept = &mut self.states.kept;
        let new = !kept.contains_key(name);
        if new && (kept.len() >= MOST_STATES || name.len() > LONGEST_NAME) {
            return Err(Refusal::Mode(
                "there are too many saved states, or their names are too long",
            ));
        }
        let _ = kept.insert(name.to_vec(), state);
        Ok(())
    }

    /// Waits for what a macro does.
    pub(super) fn run_macro(&mut self, out: &mut Vec<Command>) -> Outcome {
        self.states.has_macros = true;
        out.push(Command::Wait(Wait::Macro));
        Outcome::ignored(Ignored::Macro)
    }

    /// Whether the state of a name can only have been saved by a macro.
    pub(super) fn is_of_macro(&self, values: &Values) -> bool {
        let name = values.text("NAME").unwrap_or(b"default");
        self.states.has_macros && !self.states.kept.contains_key(name)
    }

    /// `RESTORE_GCODE_STATE`.
    pub(super) fn restore_state(
        &mut self,
        values: &Values,
        out: &mut Vec<Command>,
    ) -> Result<(), Refusal> {
        let name = values.text("NAME").unwrap_or(b"default");
        let state = self.states.kept.get(name).copied();
        let state = state.ok_or(Refusal::Mode("no state of this name was saved"))?;
        self.modal.relative = state.relative;
        self.modal.filament_relative = state.filament_relative;
        self.modal.feed = state.feed;
        self.filament = state.filament;
        self.states.offset = state.offset;
        let [feed, flow] = state.factors;
        if feed.to_bits() != self.states.factors[0].to_bits() {
            out.push(Command::Setting(Setting::FeedFactor(feed)));
        }
        if flow.to_bits() != self.states.factors[1].to_bits() {
            out.push(Command::Setting(Setting::FlowFactor(flow)));
        }
        self.states.factors = state.factors;
        self.frames.shift[..3].copy_from_slice(&state.shift);
        self.shifted(out);
        let _ = self.follow(values, state.position, 0.0, out);
        Ok(())
    }

    /// `SET_GCODE_OFFSET`.
    pub(super) fn offset_all(
        &mut self,
        values: &Values,
        out: &mut Vec<Command>,
    ) -> Result<(), Refusal> {
        let old = self.states.offset;
        let keys = [
            ("X", "X_ADJUST"),
            ("Y", "Y_ADJUST"),
            ("Z", "Z_ADJUST"),
            ("E", "E_ADJUST"),
        ];
        let mut new = old;
        for ((set, adjust), v) in keys.into_iter().zip(&mut new) {
            let by = || values.number(adjust).map(|by| *v + by);
            *v = values.number(set).or_else(by).unwrap_or(*v);
        }
        let [x, y, z, e] = std::array::from_fn(|i| new[i] - old[i]);
        let to = self.position + Point3::new(x, y, z);
        let fed = e / self.states.factors[1];
        if !new
            .into_iter()
            .chain(to.to_array())
            .chain([fed])
            .all(is_reachable)
        {
            return Err(Refusal::Mode("no machine reaches so far"));
        }
        self.states.offset = new;
        for (slot, by) in self.frames.shift.iter_mut().zip([x, y, z]) {
            *slot += by;
        }
        self.shifted(out);
        if !self.follow(values, to, fed, out) {
            // The same filament counts as less.
            self.filament -= fed;
        }
        Ok(())
    }

    /// Places count from elsewhere.
    fn shifted(&mut self, out: &mut Vec<Command>) {
        self.frames.tell(&mut self.modal);
        out.push(Command::Wait(Wait::Offsets));
    }

    /// Goes to a place where the command says `MOVE=1`; gives whether it does.
    fn follow(
        &mut self,
        values: &Values,
        to: Point3,
        filament: f64,
        out: &mut Vec<Command>,
    ) -> bool {
        if values.number("MOVE").is_none_or(|v| v == 0.0) {
            return false;
        }
        let feed = self.modal.feed;
        if let Some(v) = values.number("MOVE_SPEED").filter(|v| *v > 0.0) {
            self.modal.feed = v / self.states.factors[0];
        }
        self.go(to, None, false, filament, out);
        self.modal.feed = feed;
        true
    }
}
