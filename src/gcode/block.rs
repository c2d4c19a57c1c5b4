//! A line's words sorted into commands and values, with GRBL's rules of what may
//! stand together. A line that breaks one is refused whole, as the firmware does.

use super::lex::Word;
use super::modal::Motion;
use crate::motion::{Plane, SpindleMode};

/// Why a line is refused. The firmware then ignores all of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Refusal {
    /// A word that this firmware does not know.
    Unknown(Word),
    /// Two commands of one modal group.
    SameGroup(Word),
    /// A letter that stands twice.
    Repeated(Word),
    /// A number out of its range.
    Range(Word),
    /// A value that no command of the line uses.
    Unused(u8),
    /// A command without the value that it needs.
    Missing(&'static str),
    /// A feed move before any feed was given, or G93 without F.
    NoFeed,
    /// An arc that cannot be drawn.
    Arc(&'static str),
    /// A move in G80 mode, or another command that is not possible in this state.
    Mode(&'static str),
    /// More bytes than the firmware's line buffer holds.
    TooLong,
}

/// A command that stands for one line only (modal group 0).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Once {
    #[default]
    None,
    Dwell,
    SetOffsets,
    Home(usize),
    StoreHome(usize),
    Shift,
    ClearShift,
}

/// The program flow command of a line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Flow {
    #[default]
    Run,
    Pause,
    OptionalPause,
    End,
}

/// One line's commands and values.
#[derive(Clone, Debug, Default)]
pub(crate) struct Block {
    pub(crate) once: Once,
    pub(crate) machine: bool,
    pub(crate) motion: Option<Motion>,
    pub(crate) plane: Option<Plane>,
    pub(crate) inches: Option<bool>,
    pub(crate) relative: Option<bool>,
    pub(crate) inverse_time: Option<bool>,
    pub(crate) system: Option<u8>,
    /// G43.1 (true) or G49.
    pub(crate) tool_length: Option<bool>,
    pub(crate) spindle: Option<SpindleMode>,
    pub(crate) flood: Option<bool>,
    pub(crate) flow: Flow,
    values: [Option<f64>; 26],
    seen: u16,
}

/// Modal groups as bits, for finding two of one.
#[derive(Clone, Copy)]
enum Group {
    Once,
    Motion,
    Plane,
    Distance,
    ArcDistance,
    FeedMode,
    Units,
    Cutter,
    ToolLength,
    System,
    Control,
    Flow,
    Spindle,
    Coolant,
}

impl Block {
    /// Sorts `words`.
    pub(crate) fn sort(words: &[Word]) -> Result<Self, Refusal> {
        let mut block = Self::default();
        for &word in words {
            match word.letter {
                b'G' => block.g(word)?,
                b'M' => block.m(word)?,
                b'F' | b'I'..=b'L' | b'N' | b'P' | b'R'..=b'T' | b'X'..=b'Z' => {
                    let slot = &mut block.values[usize::from(word.letter - b'A')];
                    if slot.is_some() {
                        return Err(Refusal::Repeated(word));
                    }
                    let negative = matches!(word.letter, b'F' | b'N' | b'P' | b'S' | b'T');
                    if !word.value.is_finite() || negative && word.value < 0.0 {
                        return Err(Refusal::Range(word));
                    }
                    *slot = Some(word.value);
                }
                _ => return Err(Refusal::Unknown(word)),
            }
        }
        Ok(block)
    }

    /// The value of `letter`, which counts as used from now on.
    pub(crate) fn take(&mut self, letter: u8) -> Option<f64> {
        self.values[usize::from(letter - b'A')].take()
    }

    /// The value of `letter`, not used by this.
    pub(crate) fn get(&self, letter: u8) -> Option<f64> {
        self.values[usize::from(letter - b'A')]
    }

    /// The X, Y and Z words.
    pub(crate) fn axes(&self) -> [Option<f64>; 3] {
        [self.get(b'X'), self.get(b'Y'), self.get(b'Z')]
    }

    /// The X, Y and Z words, used by this.
    pub(crate) fn take_axes(&mut self) -> [Option<f64>; 3] {
        [self.take(b'X'), self.take(b'Y'), self.take(b'Z')]
    }

    /// A letter whose value nothing has used.
    pub(crate) fn unused(&self) -> Option<u8> {
        let at = self.values.iter().position(Option::is_some)?;
        Some(b'A' + at as u8)
    }

    fn claim(&mut self, group: Group, word: Word) -> Result<(), Refusal> {
        let bit = 1 << group as u16;
        if self.seen & bit != 0 {
            return Err(Refusal::SameGroup(word));
        }
        self.seen |= bit;
        Ok(())
    }

    fn g(&mut self, word: Word) -> Result<(), Refusal> {
        let group = match tenths(word.value) {
            Some(0) => self.set_motion(Motion::Rapid),
            Some(10) => self.set_motion(Motion::Linear),
            Some(20) => self.set_motion(Motion::ArcCw),
            Some(30) => self.set_motion(Motion::ArcCcw),
            Some(382..=385) => self.set_motion(Motion::Probe),
            Some(800) => self.set_motion(Motion::Cancelled),
            Some(40) => self.set_once(Once::Dwell),
            Some(100) => self.set_once(Once::SetOffsets),
            Some(280) => self.set_once(Once::Home(0)),
            Some(281) => self.set_once(Once::StoreHome(0)),
            Some(300) => self.set_once(Once::Home(1)),
            Some(301) => self.set_once(Once::StoreHome(1)),
            Some(530) => {
                self.machine = true;
                Group::Once
            }
            Some(920) => self.set_once(Once::Shift),
            Some(921) => self.set_once(Once::ClearShift),
            Some(n @ (170 | 180 | 190)) => {
                self.plane = Some([Plane::Xy, Plane::Zx, Plane::Yz][(n as usize - 170) / 10]);
                Group::Plane
            }
            Some(n @ (200 | 210)) => {
                self.inches = Some(n == 200);
                Group::Units
            }
            Some(n @ (900 | 910)) => {
                self.relative = Some(n == 910);
                Group::Distance
            }
            // Offsets of arc centres are always relative, cutter compensation is
            // always off and path control always exact: nothing changes.
            Some(911) => Group::ArcDistance,
            Some(400) => Group::Cutter,
            Some(610) => Group::Control,
            Some(n @ (431 | 490)) => {
                self.tool_length = Some(n == 431);
                Group::ToolLength
            }
            Some(n @ (540 | 550 | 560 | 570 | 580 | 590)) => {
                self.system = Some(((n - 540) / 10) as u8);
                Group::System
            }
            Some(n @ (930 | 940)) => {
                self.inverse_time = Some(n == 930);
                Group::FeedMode
            }
            _ => return Err(Refusal::Unknown(word)),
        };
        self.claim(group, word)
    }

    fn m(&mut self, word: Word) -> Result<(), Refusal> {
        let group = match tenths(word.value) {
            Some(0) => self.set_flow(Flow::Pause),
            Some(10) => self.set_flow(Flow::OptionalPause),
            Some(20 | 300) => self.set_flow(Flow::End),
            Some(30) => self.set_spindle(SpindleMode::Constant),
            Some(40) => self.set_spindle(SpindleMode::Dynamic),
            Some(50) => self.set_spindle(SpindleMode::Off),
            Some(n @ (80 | 90)) => {
                self.flood = Some(n == 80);
                Group::Coolant
            }
            _ => return Err(Refusal::Unknown(word)),
        };
        self.claim(group, word)
    }

    fn set_motion(&mut self, motion: Motion) -> Group {
        self.motion = Some(motion);
        Group::Motion
    }

    fn set_once(&mut self, once: Once) -> Group {
        self.once = once;
        Group::Once
    }

    fn set_flow(&mut self, flow: Flow) -> Group {
        self.flow = flow;
        Group::Flow
    }

    fn set_spindle(&mut self, mode: SpindleMode) -> Group {
        self.spindle = Some(mode);
        Group::Spindle
    }
}

/// A command number in tenths; `None` when it is no such number.
fn tenths(value: f64) -> Option<i64> {
    let n = (value * 10.0).round();
    // Command numbers have one decimal; the slack is for the binary form of .1 to .9.
    ((value * 10.0 - n).abs() < 1e-6 && (0.0..10_000.0).contains(&n)).then_some(n as i64)
}
