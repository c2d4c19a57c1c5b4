//! The modes after a line, by those before it.

use super::super::block::{Block, Refusal};
use super::super::dialect::{Extruder, Grammar};
use super::super::modal::{FeedMode, Modal, Motion};

/// The modes that a block sets, over those that were.
pub(super) fn modes(block: &Block, old: &Modal, extruder: Option<Extruder>) -> Modal {
    let mut new = *old;
    new.feed_mode = block.feed_mode.unwrap_or(old.feed_mode);
    new.inches = block.inches.unwrap_or(old.inches);
    new.plane = block.plane.unwrap_or(old.plane);
    new.relative = block.relative.unwrap_or(old.relative);
    new.motion = block.motion.unwrap_or(old.motion);
    new.spindle = block.spindle.unwrap_or(old.spindle);
    new.mist = block.mist.unwrap_or(old.mist);
    new.flood = block.flood.unwrap_or(old.flood);
    new.system = block.system.unwrap_or(old.system);
    new.arc_absolute = block.arc_absolute.unwrap_or(old.arc_absolute);
    new.returns_to_r = block.returns_to_r.unwrap_or(old.returns_to_r);
    new.diameter = block.diameter.unwrap_or(old.diameter);
    new.cutter = block.cutter.unwrap_or(old.cutter);
    if extruder == Some(Extruder::FollowsLast) {
        new.filament_relative = block.relative.unwrap_or(old.filament_relative);
    }
    new.filament_relative = block.filament_relative.unwrap_or(new.filament_relative);
    new
}

/// An F word, and the mm in its unit of length.
pub(super) struct Feed {
    pub(super) f: f64,
    pub(super) unit: f64,
}

/// The feed after a line, in the unit of its mode; `asks` says whether the line cuts if its
/// motion mode does.
pub(super) fn feed(
    old: &Modal,
    new: &Modal,
    word: Option<Feed>,
    asks: bool,
    grammar: &Grammar,
) -> Result<f64, Refusal> {
    if let Some(Feed { f, unit }) = word {
        return Ok(match new.feed_mode {
            // Once per so many minutes; it must stand on each line that cuts.
            FeedMode::Inverse => f / 60.0,
            FeedMode::PerMinute => f * unit / 60.0,
            FeedMode::PerTurn => f * unit,
        });
    }
    // Where there are no rapids, G0 goes as G1 does.
    let goes = new.motion.is_cutting() || new.motion == Motion::Rapid && !grammar.rapids;
    let cuts = asks && goes && !new.motion.is_synchronous();
    if new.feed_mode == FeedMode::Inverse && cuts {
        return Err(Refusal::NoFeed);
    }
    // F of one line under G93 says nothing about another, and GRBL forgets it.
    let forgets = new.feed_mode == FeedMode::Inverse && !grammar.idle_modes;
    let lasts = old.feed_mode == new.feed_mode && !forgets;
    Ok(if lasts { old.feed } else { 0.0 })
}
