//! Commands that change where program coordinates lie, or lead to stored places.

use super::super::block::{Block, Once, Refusal};
use super::super::dialect::Length;
use super::super::modal::Modal;
use super::frames::{Axes, Frames, LETTERS};
use super::moves::is_reachable;
use super::{Interpreter, Notice};

/// The most tools in the table.
const MOST_TOOLS: usize = 100_000;

/// What a line does to the frames, and where it leads on the way home.
#[derive(Debug, Default)]
pub(super) struct Change {
    /// The frames as they will be; `None` where they stay.
    pub(super) frames: Option<Box<Frames>>,
    /// For G28 and G30: over the first, if any, to the second.
    pub(super) home: Option<[Option<Axes>; 2]>,
    /// Where a homing cycle leaves the head.
    pub(super) homed: Option<Axes>,
    /// A tool with its length for the table.
    pub(super) tool: Option<(u32, Axes)>,
    /// A tool whose length is not known.
    pub(super) unknown_tool: Option<u32>,
}

impl Change {
    /// Whether a machine could reach the places of G28 and G30.
    pub(super) fn is_reachable(&self) -> bool {
        let mut places = self.home.iter().flatten().flatten();
        places.all(|to| to.iter().copied().all(is_reachable))
    }

    pub(super) fn notice(&self) -> Option<Notice> {
        self.unknown_tool.map(Notice::ToolLength)
    }
}

impl Interpreter {
    /// What the line's offset commands come to; nothing is changed yet.
    pub(super) fn change(
        &self,
        block: &mut Block,
        new: &Modal,
        length_axes: bool,
    ) -> Result<Change, Refusal> {
        let mut change = Change::default();
        if let Some(length) = block.tool_length {
            self.tool_length(block, new, length, length_axes, &mut change)?;
        }
        match block.once {
            Once::None | Once::Dwell | Once::Retract(_) | Once::Contour(_) => {}
            Once::SetOffsets => {
                change.tool = self.set_offsets(block, new, self.fresh(&mut change))?;
            }
            Once::Shift | Once::LocalShift => self.shift(block, new, self.fresh(&mut change))?,
            Once::ClearShift => {
                let frames = self.fresh(&mut change);
                (frames.shift, frames.kept_shift) = ([0.0; 9], [0.0; 9]);
                frames.shifted = false;
            }
            Once::SuspendShift => {
                let frames = self.fresh(&mut change);
                frames.kept_shift = frames.shift;
                frames.shift = [0.0; 9];
                frames.shifted = false;
            }
            Once::RestoreShift => {
                let frames = self.fresh(&mut change);
                frames.shift = frames.kept_shift;
                frames.shifted = true;
            }
            Once::StoreHome(i) => self.fresh(&mut change).homes[i] = self.axes(),
            Once::Home(i) => change.home = Some(self.home(block, new, i)),
            Once::FindHome => self.find_home(block, &mut change),
        }
        Ok(change)
    }

    fn fresh<'a>(&self, change: &'a mut Change) -> &'a mut Frames {
        change
            .frames
            .get_or_insert_with(|| Box::new(self.frames.clone()))
    }

    /// G43 and its kin, G49.
    fn tool_length(
        &self,
        block: &mut Block,
        new: &Modal,
        length: Length,
        length_axes: bool,
        change: &mut Change,
    ) -> Result<(), Refusal> {
        let big = self.dialect.grammar.tool_table;
        let offset = match length {
            Length::Off => [0.0; 9],
            Length::Words => {
                let words = self.take_axes(block, new);
                let only_z = words
                    .iter()
                    .enumerate()
                    .all(|(i, w)| w.is_some() == (i == 2));
                if !big && !only_z {
                    return Err(Refusal::Mode("G43.1 takes a Z word and no other axis"));
                }
                let tool = &self.frames.tool;
                std::array::from_fn(|i| words[i].unwrap_or(tool[i]))
            }
            Length::Table | Length::Add => {
                let h = block.take(b'H');
                let words = if length_axes && h.is_none() && length == Length::Add {
                    self.take_axes(block, new)
                } else {
                    [None; 9]
                };
                if words.iter().any(Option::is_some) {
                    words.map(|w| w.unwrap_or(0.0))
                } else {
                    let tool = h.map_or(self.loaded, |h| h as u32);
                    let known = self.frames.tools.get(&tool);
                    // Tool 0 is no tool: it has no length.
                    if known.is_none() && tool != 0 {
                        change.unknown_tool = Some(tool);
                    }
                    known.copied().unwrap_or_default()
                }
            }
        };
        let frames = self.fresh(change);
        if length == Length::Add {
            frames.tool = std::array::from_fn(|i| frames.tool[i] + offset[i]);
        } else {
            frames.tool = offset;
        }
        Ok(())
    }

    /// The axis words in mm and degrees, used by this.
    pub(super) fn take_axes(&self, block: &mut Block, new: &Modal) -> [Option<f64>; 9] {
        let unit = new.unit_mm();
        let letters = self.dialect.grammar.letters;
        std::array::from_fn(|i| {
            let letter = LETTERS[i];
            if i > 2 && !letters.has(letter) {
                return None;
            }
            let scale = if (3..6).contains(&i) { 1.0 } else { unit };
            let v = block.take(letter)? * scale;
            Some(if i == 0 && new.diameter { v / 2.0 } else { v })
        })
    }

    fn shift(&self, block: &mut Block, new: &Modal, frames: &mut Frames) -> Result<(), Refusal> {
        let words = self.take_axes(block, new);
        let filament = self.dialect.grammar.extruder.is_some();
        if words.iter().all(Option::is_none) {
            if filament && block.get(b'E').is_some() {
                return Ok(());
            }
            if !filament {
                return Err(Refusal::Missing("an axis word"));
            }
        }
        let all = words.iter().all(Option::is_none);
        let here = {
            let mut bare = frames.clone();
            bare.shift = [0.0; 9];
            bare.program(&self.axes(), new.system)
        };
        for (i, word) in words.iter().enumerate() {
            // G92 without words counts all axes of a printer from here.
            let word = if all && i < 3 { Some(0.0) } else { *word };
            if let Some(v) = word {
                frames.shift[i] = match block.once {
                    Once::LocalShift => v,
                    _ => here[i] - v,
                };
            }
        }
        frames.kept_shift = frames.shift;
        frames.shifted = true;
        Ok(())
    }

    /// G10: L2 and L20 set a work offset, L1, L10 and L11 a tool, which is given.
    fn set_offsets(
        &self,
        block: &mut Block,
        new: &Modal,
        frames: &mut Frames,
    ) -> Result<Option<(u32, Axes)>, Refusal> {
        let big = self.dialect.grammar.tool_table;
        let p = block.take(b'P').ok_or(Refusal::Missing("P"))?;
        let l = block.take(b'L').ok_or(Refusal::Missing("L"))?;
        let words = self.take_axes(block, new);
        let rotation = if big { block.take(b'R') } else { None };
        if !big && words.iter().all(Option::is_none) {
            return Err(Refusal::Missing("an axis word"));
        }
        if big && matches!(l as i64, 1 | 10 | 11) {
            let tool = self.set_tool(block, p, l as i64, words, new, frames)?;
            return Ok(Some(tool));
        }
        let most = if big { 10.0 } else { 7.0 };
        let index = match p {
            p if !(0.0..most).contains(&p) => {
                return Err(Refusal::Mode(if big {
                    "G10 takes P0 to P9"
                } else {
                    "G10 takes P0 to P6"
                }));
            }
            p if p < 1.0 => usize::from(new.system),
            p => p as usize - 1,
        };
        if let Some(degrees) = rotation {
            frames.rotations[index] = degrees.to_radians();
        }
        let mut bare = frames.clone();
        bare.systems[index] = [0.0; 9];
        let here = self.under(&bare, index);
        for (i, word) in words.iter().enumerate() {
            if let Some(v) = word {
                frames.systems[index][i] = match l as i64 {
                    2 => *v,
                    20 => here(i, *v, &words),
                    _ => return Err(Refusal::Mode("G10 takes L2 or L20")),
                };
            }
        }
        Ok(None)
    }

    /// The offset of a system, so far 0 in `bare`, under which the head stands at
    /// the program coordinates `words`.
    fn under<'a>(
        &'a self,
        bare: &'a Frames,
        index: usize,
    ) -> impl Fn(usize, f64, &[Option<f64>; 9]) -> f64 + 'a {
        move |i, v, words| {
            let here = bare.program(&self.axes(), index as u8);
            let mut wanted = here;
            for (slot, word) in wanted.iter_mut().zip(words) {
                if let Some(w) = word {
                    *slot = *w;
                }
            }
            wanted[i] = v;
            let (from, to) = (
                bare.machine(&wanted, index as u8),
                bare.machine(&here, index as u8),
            );
            to[i] - from[i]
        }
    }

    fn set_tool(
        &self,
        block: &mut Block,
        p: f64,
        l: i64,
        words: [Option<f64>; 9],
        new: &Modal,
        frames: &Frames,
    ) -> Result<(u32, Axes), Refusal> {
        if !(0.0..1e9).contains(&p) {
            return Err(Refusal::Mode("the tool number is out of range"));
        }
        if frames.tools.len() >= MOST_TOOLS && !frames.tools.contains_key(&(p as u32)) {
            return Err(Refusal::Mode("there are too many tools"));
        }
        let old = frames.tools.get(&(p as u32)).copied().unwrap_or_default();
        let mut bare = frames.clone();
        bare.tool = [0.0; 9];
        let here = if l == 11 {
            // From the fixture G59.3, as if nothing were shifted.
            bare.shift = [0.0; 9];
            bare.program(&self.axes(), 8)
        } else {
            bare.program(&self.axes(), new.system)
        };
        let length = std::array::from_fn(|i| match words[i] {
            Some(v) if l == 1 => v,
            Some(v) => here[i] - v,
            None => old[i],
        });
        // Radius and angles of the tool have no part in the path.
        for c in [b'R', b'I', b'J', b'Q'] {
            let _ = block.take(c);
        }
        Ok((p as u32, length))
    }

    fn home(&self, block: &mut Block, new: &Modal, i: usize) -> [Option<Axes>; 2] {
        let homes = &self.frames.homes[i];
        let has = |b: &Block, i: usize| {
            self.dialect.grammar.letters.has(LETTERS[i]) && b.get(LETTERS[i]).is_some()
        };
        let named: [bool; 9] = std::array::from_fn(|i| has(block, i));
        if named.iter().all(|n| !n) {
            return [None, Some(*homes)];
        }
        let words = self.take_axes(block, new);
        let via = self.target(&words, new, &self.frames, false);
        let mixed = |via: &Axes, home: &Axes| -> Axes {
            std::array::from_fn(|i| if named[i] { home[i] } else { via[i] })
        };
        let to = if self.frames.rotations[usize::from(new.system)] == 0.0 {
            mixed(&via, homes)
        } else {
            let place = |p| self.frames.program(p, new.system);
            let to = mixed(&place(&via), &place(homes));
            self.frames.machine(&to, new.system)
        };
        [Some(via), Some(to)]
    }

    /// G28 of printers: the named axes, or all, are at their switches, which is
    /// taken for 0.
    fn find_home(&self, block: &mut Block, change: &mut Change) {
        let axes = [b'X', b'Y', b'Z'].map(|l| block.names(l));
        let all = axes == [false; 3];
        let mut to = self.axes();
        let frames = self.fresh(change);
        for i in 0..3 {
            if all || axes[i] {
                to[i] = 0.0;
                frames.shift[i] = self.states.offset(i);
            }
        }
        change.homed = Some(to);
        block.take_all();
    }
}
