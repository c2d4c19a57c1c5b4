//! A line's words sorted into commands and values by the dialect's table, with the
//! rules of what may stand together.

use super::contour;
use super::dialect::{Dialect, Does, Length, Lines, Saves, Sets};
use super::lex::{Form, Word};
use super::modal::{Cutter, FeedMode, Motion};
use super::ngc;
use crate::motion::{Plane, SpindleMode, Wait};

/// Why a line is refused. A strict firmware then ignores all of it.
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
    /// A value that is no number here: a text, a list, an expression in braces.
    NoNumber(Word),
    /// An expression that has no value, and the place of the fault in the line.
    Value(ngc::FaultKind, u32),
    /// A value that no command of the line uses.
    Unused(u8),
    /// A command without the value that it needs.
    Missing(&'static str),
    /// A feed move before any feed was given, or G93 without F.
    NoFeed,
    /// An arc that cannot be drawn.
    Arc(&'static str),
    /// A canned cycle that cannot be run.
    Cycle(&'static str),
    /// A spline that cannot be drawn.
    Spline(&'static str),
    /// A move in G80 mode, or another command that is not possible in this state.
    Mode(&'static str),
    /// More bytes than the firmware's line buffer holds.
    TooLong,
    /// A curve that comes to more moves than a line may.
    TooManyMoves,
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
    SuspendShift,
    RestoreShift,
    LocalShift,
    FindHome,
    Retract(bool),
    Contour(contour::Kind),
}

/// The program flow command of a line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Flow {
    #[default]
    Run,
    Pause,
    OptionalPause,
    End,
    Call,
    Return,
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
    pub(crate) arc_absolute: Option<bool>,
    pub(crate) filament_relative: Option<bool>,
    pub(crate) returns_to_r: Option<bool>,
    pub(crate) diameter: Option<bool>,
    pub(crate) feed_mode: Option<FeedMode>,
    pub(crate) system: Option<u8>,
    pub(crate) cutter: Option<Cutter>,
    pub(crate) tool_length: Option<Length>,
    pub(crate) spindle: Option<SpindleMode>,
    pub(crate) mist: Option<bool>,
    pub(crate) flood: Option<bool>,
    pub(crate) flow: Flow,
    pub(crate) wait: Option<Wait>,
    /// Limits or factors that it sets.
    pub(crate) sets: Option<Sets>,
    /// M70 to M73.
    pub(crate) saves: Option<Saves>,
    /// It does something that nothing may be moved across.
    pub(crate) fence: bool,
    pub(crate) deletes_file: bool,
    /// M61.
    pub(crate) sets_tool: bool,
    /// What a command does is not modelled.
    pub(crate) unmodelled: bool,
    /// A letter that stands twice, where the firmware takes one of the two.
    pub(crate) repeated: Option<u8>,
    /// `@` and `^`.
    pub(crate) polar: [Option<f64>; 2],
    values: [f64; 26],
    have: u32,
    /// Letters whose number has no decimal point.
    integers: u32,
    seen: u32,
    /// Letters that the commands take as their own.
    uses: u32,
    /// Letters whose value is no number here.
    opaque: u32,
}

impl Block {
    /// Sorts `words`; `value` gives what an expression comes to.
    pub(crate) fn sort(
        words: &[Word],
        dialect: &Dialect,
        value: &impl Fn(&Word) -> Result<f64, Refusal>,
    ) -> Result<Self, Refusal> {
        let mut block = Self::default();
        for word in words {
            block.add(word, dialect, value)?;
        }
        let left = block.opaque & !block.uses;
        let no_number = |w: &&Word| w.form == Form::Opaque && left & bit(w.letter) != 0;
        match words.iter().find(no_number) {
            Some(w) if left != 0 => Err(Refusal::NoNumber(*w)),
            _ => Ok(block),
        }
    }

    fn add(
        &mut self,
        word: &Word,
        dialect: &Dialect,
        value: &impl Fn(&Word) -> Result<f64, Refusal>,
    ) -> Result<(), Refusal> {
        let v = match word.form {
            Form::Integer | Form::Decimal => word.value,
            _ if word.letter == b'#' => return Ok(()),
            Form::Expression => value(word)?,
            Form::Opaque if matches!(word.letter, b'G' | b'M') => {
                return Err(Refusal::NoNumber(*word));
            }
            Form::Opaque if dialect.grammar.letters.has(word.letter) => {
                // A command whose values do not matter may have it.
                self.opaque |= bit(word.letter);
                return Ok(());
            }
            Form::Opaque => return Err(Refusal::Unknown(*word)),
        };
        match word.letter {
            b'G' | b'M' => {
                let tenths = tenths(v).ok_or(Refusal::Unknown(*word))?;
                let does = if word.letter == b'G' {
                    dialect.g(tenths)
                } else {
                    dialect.m(tenths)
                };
                let does = does.ok_or(Refusal::Unknown(*word))?;
                let bit = 1 << group(does);
                if self.seen & bit != 0 && dialect.grammar.lines == Lines::Block {
                    return Err(Refusal::SameGroup(*word));
                }
                self.seen |= bit;
                self.command(does);
            }
            b'@' | b'^' => {
                let slot = &mut self.polar[usize::from(word.letter == b'^')];
                if slot.is_some() {
                    return Err(Refusal::Repeated(*word));
                }
                *slot = Some(v);
            }
            letter if dialect.grammar.letters.has(letter) => {
                let (i, bit) = (usize::from(letter - b'A'), 1_u32 << (letter - b'A'));
                if self.have & bit != 0 {
                    if dialect.grammar.strict {
                        return Err(Refusal::Repeated(*word));
                    }
                    self.repeated = Some(letter);
                    // Those who look a letter up in the line find its first.
                    if dialect.grammar.lines == Lines::Commands {
                        return Ok(());
                    }
                }
                let negative = matches!(letter, b'F' | b'N' | b'S' | b'T')
                    || letter == b'P' && !dialect.lexis.expressions;
                if !v.is_finite() || negative && v < 0.0 && dialect.grammar.strict {
                    return Err(Refusal::Range(*word));
                }
                self.have |= bit;
                self.values[i] = v;
                if word.form == Form::Integer {
                    self.integers |= bit;
                }
            }
            _ => return Err(Refusal::Unknown(*word)),
        }
        Ok(())
    }

    /// The same on a line with these letters without a number, a bit each.
    pub(crate) const fn with_bare(mut self, bare: u32) -> Self {
        self.opaque |= bare;
        self
    }

    /// The value of `letter`, which counts as used from now on.
    pub(crate) fn take(&mut self, letter: u8) -> Option<f64> {
        let v = self.get(letter);
        self.have &= !(1 << (letter - b'A'));
        v
    }

    /// The value of `letter`, not used by this.
    pub(crate) fn get(&self, letter: u8) -> Option<f64> {
        let has = self.have & 1 << (letter - b'A') != 0;
        has.then(|| self.values[usize::from(letter - b'A')])
    }

    /// Whether a command takes `letter` as its own, whatever it says.
    pub(crate) const fn owns(&self, letter: u8) -> bool {
        self.uses & bit(letter) != 0
    }

    /// Whether `letter` stands on the line, with a value or without.
    pub(crate) const fn names(&self, letter: u8) -> bool {
        (self.have | self.opaque) & bit(letter) != 0
    }

    /// Whether any of `letters` has a value.
    pub(crate) fn has_any(&self, letters: &[u8]) -> bool {
        letters.iter().any(|l| self.have & 1 << (l - b'A') != 0)
    }

    /// Counts numbers without a point in least increments of `mm` from now on, as
    /// older controls do; gives whether there were any.
    pub(crate) fn count_increments(&mut self, increment: f64) -> bool {
        const LENGTHS: &[u8] = b"ABCIJKQRUVWXYZ";
        let mut any = false;
        for l in LENGTHS {
            let bit = 1 << (l - b'A');
            if self.have & self.integers & bit != 0 {
                let v = &mut self.values[usize::from(l - b'A')];
                any |= *v != 0.0;
                *v *= increment;
            }
        }
        self.integers = 0;
        any
    }

    /// The X, Y and Z words, used by this.
    pub(crate) fn take_axes(&mut self) -> [Option<f64>; 3] {
        [self.take(b'X'), self.take(b'Y'), self.take(b'Z')]
    }

    /// Uses up whatever is there.
    pub(crate) const fn take_all(&mut self) {
        self.have = 0;
    }

    /// Whether a command stands on the line.
    pub(crate) const fn has_command(&self) -> bool {
        self.seen != 0
    }

    /// A letter whose value nothing has used.
    pub(crate) const fn unused(&self) -> Option<u8> {
        let left = self.have & !self.uses;
        if left == 0 {
            return None;
        }
        Some(b'A' + left.trailing_zeros() as u8)
    }

    fn command(&mut self, does: Does) {
        match does {
            Does::Motion(m) => self.motion = Some(m),
            Does::Dwell => self.once = Once::Dwell,
            Does::SetOffsets => self.once = Once::SetOffsets,
            Does::Home(i) => self.once = Once::Home(usize::from(i)),
            Does::StoreHome(i) => self.once = Once::StoreHome(usize::from(i)),
            Does::MachineCoordinates => self.machine = true,
            Does::Shift => self.once = Once::Shift,
            Does::ClearShift => self.once = Once::ClearShift,
            Does::SuspendShift => self.once = Once::SuspendShift,
            Does::RestoreShift => self.once = Once::RestoreShift,
            Does::LocalShift => self.once = Once::LocalShift,
            Does::FindHome => self.once = Once::FindHome,
            Does::Contour(kind) => self.once = Once::Contour(kind),
            Does::Retract(back) => self.once = Once::Retract(back),
            Does::Plane(p) => self.plane = Some(p),
            Does::Inches(v) => self.inches = Some(v),
            Does::Relative(v) => self.relative = Some(v),
            Does::ArcAbsolute(v) => self.arc_absolute = Some(v),
            Does::FilamentRelative(v) => self.filament_relative = Some(v),
            Does::ReturnsToR(v) => self.returns_to_r = Some(v),
            Does::Diameter(v) => self.diameter = Some(v),
            Does::Feed(mode) => self.feed_mode = Some(mode),
            Does::System(n) => self.system = Some(n),
            Does::Cutter(c) => self.cutter = Some(c),
            Does::ToolLength(l) => self.tool_length = Some(l),
            Does::Spindle(mode) => self.spindle = Some(mode),
            Does::Mist => self.mist = Some(true),
            Does::Flood => self.flood = Some(true),
            Does::CoolantOff => (self.mist, self.flood) = (Some(false), Some(false)),
            Does::Pause => self.flow = Flow::Pause,
            Does::OptionalPause => self.flow = Flow::OptionalPause,
            Does::End => self.flow = Flow::End,
            Does::CallProgram => self.flow = Flow::Call,
            Does::EndProgram => self.flow = Flow::Return,
            Does::ToolChange => self.wait = Some(Wait::ToolChange),
            Does::Waits(wait) => self.wait = Some(wait),
            Does::SaveState(saves) => self.saves = Some(saves),
            Does::Sets(sets) => (self.fence, self.sets) = (true, Some(sets)),
            Does::SpindleControl | Does::Outputs | Does::Setting => self.fence = true,
            Does::Unmodelled => (self.fence, self.unmodelled) = (true, true),
            Does::SetTool => (self.fence, self.sets_tool) = (true, true),
            Does::DeletesFile => (self.fence, self.deletes_file) = (true, true),
            // How exactly corners are followed counts for all that comes after.
            Does::PathControl | Does::Overrides => self.fence = true,
            Does::Inert => {}
        }
        self.uses |= uses(does);
    }
}

/// The place of an upper-case letter in a mask.
const fn bit(letter: u8) -> u32 {
    1 << (letter - b'A')
}

/// Letters that a command takes as its own, whatever they say.
fn uses(does: Does) -> u32 {
    let letters = |text: &str| text.bytes().fold(0, |mask, b| mask | 1 << (b - b'A'));
    match does {
        Does::PathControl => letters("PQR"),
        Does::Outputs => letters("EPQLR"),
        Does::SpindleControl => letters("DSP"),
        Does::Overrides => letters("P"),
        Does::ToolLength(_) => letters("H"),
        Does::Cutter(_) => letters("DHL"),
        Does::Setting
        | Does::Sets(_)
        | Does::Inert
        | Does::Waits(_)
        | Does::DeletesFile
        | Does::Unmodelled => u32::MAX,
        _ => 0,
    }
}

/// The modal group of a command, for finding two of one.
const fn group(does: Does) -> u32 {
    match does {
        Does::Dwell
        | Does::SetOffsets
        | Does::Home(_)
        | Does::StoreHome(_)
        | Does::MachineCoordinates
        | Does::Shift
        | Does::ClearShift
        | Does::SuspendShift
        | Does::RestoreShift
        | Does::LocalShift
        | Does::FindHome
        | Does::Retract(_) => 0,
        Does::Motion(_) | Does::Contour(_) => 1,
        Does::Plane(_) => 2,
        Does::Relative(_) => 3,
        Does::ArcAbsolute(_) => 4,
        Does::Feed(_) => 5,
        Does::Inches(_) => 6,
        Does::Cutter(_) => 7,
        Does::ToolLength(_) => 8,
        Does::System(_) => 9,
        Does::PathControl => 10,
        Does::Pause | Does::OptionalPause | Does::End | Does::CallProgram | Does::EndProgram => 11,
        Does::Spindle(_) => 12,
        Does::Flood | Does::CoolantOff => 13,
        Does::ReturnsToR(_) => 14,
        Does::SpindleControl => 15,
        Does::Diameter(_) => 16,
        Does::ToolChange | Does::SetTool => 17,
        Does::Overrides => 18,
        Does::Outputs => 19,
        Does::SaveState(_) => 20,
        Does::Mist => 21,
        Does::FilamentRelative(_) => 22,
        Does::Setting
        | Does::Sets(_)
        | Does::Inert
        | Does::Waits(_)
        | Does::DeletesFile
        | Does::Unmodelled => 23,
    }
}

/// A command number in tenths; `None` when it is no such number.
fn tenths(value: f64) -> Option<u16> {
    let t = value * 10.0;
    let whole = t.round();
    ((t - whole).abs() < 1e-6 && (0.0..65_536.0).contains(&whole)).then_some(whole as u16)
}
