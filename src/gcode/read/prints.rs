//! Paths that lay filament: moves that follow each other line by line, with nothing
//! in between and nothing else on their lines.
//!
//! They never leave their place. A comment, a command, travel or a retraction ends
//! such a path, so what stands between two of them stays between them.

use super::{Builder, Spot};
use crate::gcode::interpret::Effect;
use crate::gcode::run::Done;
use crate::motion::{Command, Move};
use crate::toolpath::{Path, Step};

/// Whether a line is a move that lays filament.
pub(super) fn printed(done: &Done, commands: &[Command]) -> bool {
    done.outcome.effect == Effect::Move
        && matches!(commands, [.., Command::Move(m)] if m.filament > 0.0)
}

impl Builder {
    /// Ends a path that lays filament before line `i`, unless that goes on with it.
    pub(super) fn end_print(&mut self, i: u32, prints: bool) {
        let goes_on = |o: &super::Open| prints && o.origin.body.end == i;
        if self
            .open
            .as_ref()
            .is_some_and(|o| o.path.printed && !goes_on(o))
        {
            self.close();
        }
    }

    /// Line `i` lays filament.
    pub(super) fn print(&mut self, i: u32, before: Spot, m: Move) {
        if self.open.as_ref().is_some_and(|o| !o.path.printed) {
            self.close();
        }
        if self.open.is_none() {
            // Comments before it are a step of their own.
            self.flush(i, before);
            let path = Path::new(before.at, 0..0);
            let mut open = self.pending.open(path, i, &self.toolpath);
            (open.path.pinned, open.path.rigid, open.path.printed) = (true, true, true);
            self.open = Some(open);
            self.print = Some(self.toolpath.steps.len());
        }
        let attributes = self.attributes(&m);
        let attr = self.toolpath.attributes.intern(attributes);
        let now = self.now;
        if let Some(open) = &mut self.open {
            open.add(&mut self.toolpath.segments, i, [before, now], &m, attr);
        }
    }

    /// Lines follow that go on in the motion mode there is, which an arc in the place of
    /// lines would change: the last path that lays filament is written as it is.
    pub(super) fn keep_print(&mut self) {
        if let Some(at) = self.print.take()
            && let Some(Step::Path(path)) = self.toolpath.steps.get_mut(at)
        {
            path.whole = true;
        }
    }
}
