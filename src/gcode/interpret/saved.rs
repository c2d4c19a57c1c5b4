//! M70 to M73: the modal state is kept, and comes back.
//!
//! There is one state for each level of calls, as if it were a local parameter of
//! the subroutine: it goes when that returns. The motion mode and the tool are no
//! part of it.

use super::super::dialect::Saves;
use super::super::modal::Modal;
use super::{Ignored, Interpreter};
use crate::motion::{Command, Wait};

/// A state that is kept.
#[derive(Debug)]
pub(super) struct Saved {
    /// How many calls there were that had not returned.
    level: usize,
    modal: Modal,
    /// Whether a tool length was in force.
    long: bool,
    /// It comes back when its subroutine returns.
    until_return: bool,
}

impl Interpreter {
    /// Whether M72 has anything to bring back.
    pub(super) fn has_saved(&self) -> bool {
        self.saved.last().is_some_and(|s| s.level == self.level)
    }

    /// Keeps the state or brings it back; gives whether there was such a command.
    pub(super) fn save(&mut self, saves: Option<Saves>, out: &mut Vec<Command>) -> bool {
        let Some(saves) = saves else { return false };
        if saves == Saves::Restore {
            if let Some(saved) = self.saved.pop() {
                self.bring_back(&saved, out);
                self.saved.push(saved);
            }
            return true;
        }
        let level = self.level;
        self.saved.retain(|s| s.level != level);
        if saves != Saves::Forget {
            self.saved.push(Saved {
                level,
                modal: self.modal,
                long: self.frames.tool.iter().any(|v| *v != 0.0),
                until_return: saves == Saves::KeepUntilReturn,
            });
        }
        true
    }

    /// Says how many calls have not returned; states of those that have go, and come
    /// back where M73 says so. Gives why a turning cycle whose contour has been read
    /// is none.
    pub(in crate::gcode) fn set_level(
        &mut self,
        level: usize,
        out: &mut Vec<Command>,
    ) -> Option<Ignored> {
        self.level = level;
        while let Some(saved) = self.saved.pop_if(|s| s.level > level) {
            if saved.until_return {
                self.bring_back(&saved, out);
            }
        }
        self.end_contour(level, out)
    }

    /// As LinuxCNC does, a tool length comes back as that of the tool in the spindle.
    fn bring_back(&mut self, saved: &Saved, out: &mut Vec<Command>) {
        let old = self.modal;
        let table = self.frames.tools.get(&self.loaded).copied();
        self.frames.tool = table.filter(|_| saved.long).unwrap_or_default();
        let mut new = Modal {
            motion: old.motion,
            tool: old.tool,
            ..saved.modal
        };
        self.frames.tell(&mut new);
        self.modal = new;
        self.tell_state(&old, &new, false, out);
        let moved = new.system != old.system
            || new.rotation.to_bits() != old.rotation.to_bits()
            || new.offset != old.offset;
        if moved {
            out.push(Command::Wait(Wait::Offsets));
        }
    }
}
