use crate::gcode::Modal;
use crate::gcode::lex::Word;
use crate::geom::Point3;
use crate::motion::{Command, Move, SpindleMode};

/// One obeyed line, as the checks see it.
pub(super) struct Step<'a> {
    /// From 1.
    pub(super) line: u32,
    pub(super) words: &'a [Word],
    /// What the machine was told, in order.
    pub(super) commands: &'a [Command],
    /// The modal state before the line.
    pub(super) before: &'a Modal,
    /// The modal state after the line.
    pub(super) after: &'a Modal,
    /// Where the head was before the line, machine coordinates, mm.
    pub(super) from: Point3,
}

impl Step<'_> {
    /// The moves of the line, each with where it starts.
    pub(super) fn moves(&self) -> impl Iterator<Item = (Point3, &Move)> {
        let mut at = self.from;
        self.commands.iter().filter_map(move |c| match c {
            Command::Move(m) => Some((std::mem::replace(&mut at, m.to), m)),
            _ => None,
        })
    }

    /// The line and the column of its first word with one of `letters`, those that
    /// come first in `letters` preferred; else of its first word.
    pub(super) fn place(&self, letters: &[u8]) -> (u32, u32) {
        let word = letters
            .iter()
            .find_map(|l| self.words.iter().find(|w| w.letter == *l))
            .or(self.words.first());
        (self.line, word.map_or(1, |w| w.at + 1))
    }

    /// Whether the line holds this command, for example `G53` as 530 tenths.
    pub(super) fn has(&self, letter: u8, tenths: i64) -> bool {
        self.words
            .iter()
            .any(|w| w.letter == letter && (w.value * 10.0).round() as i64 == tenths)
    }
}

/// Whether the spindle or laser is on with a power.
pub(super) fn is_lit(modal: &Modal) -> bool {
    modal.spindle != SpindleMode::Off && modal.speed > 0.0
}
