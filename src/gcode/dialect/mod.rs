//! Dialects as data: what each firmware reads, and what its commands do.
//!
//! A [`Dialect`] is a table. How bytes become words stands in its [`Lexis`], how
//! words become commands in its [`Grammar`], and what each G and M number does in
//! lists of `(number in tenths, what it does)`. The lexer and the interpreter ask
//! the table; neither knows a firmware by name. Adding a dialect is adding a table.
//!
//! # Words
//! - *inert*: it changes nothing that trajet models (a fan, a message).
//! - *setting*: it changes state of the firmware that lasts, but moves nothing.
//! - *fence*: nothing may be moved across it.

mod detect;
mod fanuc;
mod grbl;
mod grblhal;
mod klipper;
mod lexis;
mod linuxcnc;
mod lists;
mod marlin;
mod reprapfirmware;
mod smoothieware;

pub use detect::Detected;
pub(crate) use lexis::Class;
pub use lexis::{Blanks, Case, Checksum, Delete, Lexis, Limit, Parens};

pub use super::arc::Radii;
use super::contour;
use super::cycle::Rules;
use super::modal::{Cutter, FeedMode, Modal, Motion};
use crate::machine::Firmware;
use crate::motion::{Plane, SpindleMode, Wait};

/// What one firmware makes of G-code.
#[derive(Debug)]
pub struct Dialect {
    /// The short name, for example `grbl`.
    pub name: &'static str,
    /// The name in messages, for example `GRBL 1.1`.
    pub title: &'static str,
    /// How bytes become words.
    pub lexis: Lexis,
    /// How words become commands.
    pub grammar: Grammar,
    /// What G numbers do, in lists by tenths: G38.2 is 382. The first entry counts.
    pub(crate) g: &'static [&'static [(u16, Does)]],
    /// The same for M numbers.
    pub(crate) m: &'static [&'static [(u16, Does)]],
    /// What commands with names do, in upper case (Klipper).
    pub(crate) named: &'static [(&'static str, Does)],
}

/// All dialects, by name.
static ALL: [&Dialect; 9] = [
    &grbl::GRBL,
    &grblhal::GRBLHAL,
    &marlin::MARLIN,
    &klipper::KLIPPER,
    &smoothieware::SMOOTHIEWARE,
    &reprapfirmware::REPRAPFIRMWARE,
    &linuxcnc::LINUXCNC,
    &fanuc::FANUC,
    &fanuc::HAAS,
];

impl Dialect {
    /// GRBL 1.1.
    pub const GRBL: &'static Self = &grbl::GRBL;
    /// grblHAL.
    pub const GRBLHAL: &'static Self = &grblhal::GRBLHAL;
    /// Marlin 2.
    pub const MARLIN: &'static Self = &marlin::MARLIN;
    /// Klipper.
    pub const KLIPPER: &'static Self = &klipper::KLIPPER;
    /// Smoothieware.
    pub const SMOOTHIEWARE: &'static Self = &smoothieware::SMOOTHIEWARE;
    /// RepRapFirmware 3.
    pub const REPRAPFIRMWARE: &'static Self = &reprapfirmware::REPRAPFIRMWARE;
    /// LinuxCNC, the whole language of RS274/NGC.
    pub const LINUXCNC: &'static Self = &linuxcnc::LINUXCNC;
    /// Fanuc controls, and what is like them.
    pub const FANUC: &'static Self = &fanuc::FANUC;
    /// Haas controls.
    pub const HAAS: &'static Self = &fanuc::HAAS;

    /// The dialect of that name.
    #[must_use]
    pub fn by_name(name: &str) -> Option<&'static Self> {
        ALL.into_iter().find(|d| d.name == name)
    }

    /// All dialects.
    #[must_use]
    pub fn all() -> &'static [&'static Self] {
        &ALL
    }

    /// The dialect that a firmware reads.
    #[must_use]
    pub const fn of(firmware: &Firmware) -> &'static Self {
        match firmware {
            Firmware::Grbl => Self::GRBL,
            Firmware::GrblHal => Self::GRBLHAL,
            Firmware::Klipper(_) => Self::KLIPPER,
            Firmware::Marlin(_) => Self::MARLIN,
            Firmware::RepRapFirmware(_) => Self::REPRAPFIRMWARE,
            Firmware::Smoothieware(_) => Self::SMOOTHIEWARE,
        }
    }

    pub(crate) fn g(&self, tenths: u16) -> Option<Does> {
        look_up(self.g, tenths)
    }

    pub(crate) fn m(&self, tenths: u16) -> Option<Does> {
        if self.grammar.user_m && (1000..2000).contains(&tenths) {
            return Some(Does::Waits(Wait::Macro));
        }
        look_up(self.m, tenths)
    }

    /// Whether `M73` says how far the program is; elsewhere it is another command or none.
    pub(crate) fn has_progress(&self) -> bool {
        matches!(self.m(730), Some(Does::Inert))
    }

    pub(crate) fn named(&self, name: &str) -> Option<Does> {
        let of_name = |(n, _): &&(&str, Does)| n.eq_ignore_ascii_case(name);
        self.named.iter().find(of_name).map(|(_, does)| *does)
    }
}

impl PartialEq for Dialect {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

fn look_up(lists: &[&[(u16, Does)]], tenths: u16) -> Option<Does> {
    let mut entries = lists.iter().copied().flatten();
    entries.find(|(n, _)| *n == tenths).map(|(_, does)| *does)
}

/// How the words of a line become commands.
#[derive(Debug)]
pub struct Grammar {
    /// Which commands may stand on one line.
    pub lines: Lines,
    /// Letters that may carry a value, besides G and M.
    pub letters: Letters,
    /// What happens to a line with a word that the firmware does not know.
    pub strict: bool,
    /// A line of axis words alone repeats the last motion command.
    pub modal_motion: bool,
    /// G0 goes as fast as the axes allow, rather than with the feed.
    pub rapids: bool,
    /// F on a line with G0 sets the speed of that, and not the feed.
    pub seek_apart: bool,
    /// R gives the radius of an arc.
    pub arc_radius: bool,
    /// Arcs may be given under G91.
    pub arc_relative: bool,
    /// P gives full turns of an arc.
    pub arc_turns: bool,
    /// How the P of a dwell counts, and the other word for seconds.
    pub dwell: Dwell,
    /// E feeds filament.
    pub extruder: Option<Extruder>,
    /// Feed before any F, mm/s; 0 is none.
    pub first_feed: f64,
    /// The motion mode in which a program begins.
    pub first_motion: Motion,
    /// State of the spindle or laser in which a program begins.
    pub first_spindle: SpindleMode,
    /// The greatest number that N takes.
    pub max_line: f64,
    /// The greatest number that T takes.
    pub max_tool: f64,
    /// M2 or M30 end the program: what follows is not read.
    pub ends: bool,
    /// A number without a point counts in this many mm (inches by a tenth of it):
    /// the least increment of older controls.
    pub least_increment: Option<f64>,
    /// Tools have lengths in a table; offsets can be turned and set for every axis.
    pub tool_table: bool,
    /// The tool length of a line counts for its own move.
    pub length_first: bool,
    /// An arc may stand without axis words: a full circle.
    pub full_circles: bool,
    /// A cutting mode may be set while no feed was given.
    pub idle_modes: bool,
    /// An F of 0 or less leaves the feed as it was.
    pub keeps_feed: bool,
    /// F counts in the unit that was in force before its own line.
    pub feed_before_units: bool,
    /// Canned cycles return to their R level until G98 is given.
    pub first_to_r: bool,
    /// G5 and G5.1 stand for their own line: the motion mode before them goes on. After
    /// G5.3 there is none.
    pub splines_once: bool,
    /// How far the radii of an arc at its two ends may differ: refused beyond it.
    pub radii: Option<Radii>,
    /// By how much, in mm, R may be too small to reach the end of an arc.
    pub radius_slack: f64,
    /// How canned cycles are run.
    pub(crate) cycles: Rules,
    /// M100 to M199 are programs of the machine's owner.
    pub user_m: bool,
    /// Whether trajet may write lines anew in this dialect; otherwise a file stays
    /// as it is, but for lines that lay filament.
    pub rewrites: bool,
}

/// A set of letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Letters(u32);

impl Letters {
    /// The upper-case letters of `text`.
    #[must_use]
    pub const fn of(text: &str) -> Self {
        let (bytes, mut mask, mut i) = (text.as_bytes(), 0, 0);
        while i < bytes.len() {
            mask |= 1 << (bytes[i] - b'A');
            i += 1;
        }
        Self(mask)
    }

    /// Whether an upper-case letter is one of them.
    #[must_use]
    pub const fn has(self, letter: u8) -> bool {
        letter.is_ascii_uppercase() && self.0 & 1 << (letter - b'A') != 0
    }
}

/// Which commands may stand on one line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lines {
    /// RS274: any number, one of each modal group, obeyed in a fixed order.
    Block,
    /// One command; the other words are its values.
    Command,
    /// Several commands, obeyed one after the other.
    Commands,
}

/// The words of a dwell (G4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dwell {
    /// P in seconds, and it must be there.
    Seconds,
    /// P in milliseconds, S in seconds.
    MillisOrSeconds,
    /// P in milliseconds only.
    Millis,
    /// P in milliseconds, X in seconds.
    MillisOrX,
}

/// How E words are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extruder {
    /// G90 and G91 set E too; M82 and M83 after them win.
    FollowsLast,
    /// E is relative under G91 or M83.
    Either,
    /// M82 and M83 only.
    Apart,
}

impl Extruder {
    /// Whether E words are relative under a state.
    #[must_use]
    pub(crate) fn is_relative(self, modal: &Modal) -> bool {
        modal.filament_relative || self == Self::Either && modal.relative
    }
}

/// What a command does.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Does {
    /// Sets the motion mode, and moves when axis words are there.
    Motion(Motion),
    Dwell,
    SetOffsets,
    /// G28 or G30 of RS274: to a stored position.
    Home(u8),
    StoreHome(u8),
    MachineCoordinates,
    Shift,
    ClearShift,
    SuspendShift,
    RestoreShift,
    LocalShift,
    Plane(Plane),
    Inches(bool),
    Relative(bool),
    ArcAbsolute(bool),
    Feed(FeedMode),
    System(u8),
    Cutter(Cutter),
    ToolLength(Length),
    /// Path control: how exactly corners are followed.
    PathControl,
    /// Where a canned cycle returns to: its R level rather than the old level.
    ReturnsToR(bool),
    Diameter(bool),
    /// Constant surface speed or spindle speed.
    SpindleControl,
    Pause,
    OptionalPause,
    End,
    Spindle(SpindleMode),
    Mist,
    Flood,
    CoolantOff,
    ToolChange,
    SetTool,
    /// Speed and feed overrides enabled or not.
    Overrides,
    /// Digital and analog outputs.
    Outputs,
    SaveState(Saves),
    CallProgram,
    EndProgram,
    /// A homing cycle (G28 of printers).
    FindHome,
    /// Firmware retraction (`true`), and its end.
    Retract(bool),
    /// A turning cycle along the path of a subroutine.
    Contour(contour::Kind),
    FilamentRelative(bool),
    /// Limits or factors of motion.
    Sets(Sets),
    /// State of the firmware that lasts, none of it motion.
    Setting,
    /// Nothing that is modelled.
    Inert,
    /// The machine waits, for a time that no model knows.
    Waits(Wait),
    /// A file is deleted.
    DeletesFile,
    /// Known, but what it does is not modelled.
    Unmodelled,
}

/// Which words set which limits and factors of a printer's firmware.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sets {
    /// M204 of Marlin and RepRapFirmware: P, R, T, and S for P and T.
    Acceleration,
    /// M204 of Klipper: S, or the lesser of P and T.
    HeadAcceleration,
    /// M92.
    StepsPerMm,
    /// M201.
    AxisAcceleration,
    /// M203 in mm/s.
    AxisRate,
    /// M203 in mm/min.
    AxisRatePerMinute,
    /// M205: jerk of axes, J for junction deviation, S and T for least speeds.
    Corners,
    /// M205 of Smoothieware: X is its junction deviation.
    Deviation,
    /// M566: jerk in mm/min.
    JerkPerMinute,
    /// M220.
    FeedFactor,
    /// M221.
    FlowFactor,
    /// M220 of Marlin: S in whole percent; B keeps the factor, R brings it back.
    WholeFeedFactor,
    /// M221 of Marlin: S in whole percent.
    WholeFlowFactor,
    /// M220 of Klipper: without S it is 100 %, and it must be above 0.
    HeadFeedFactor,
    /// M221 of Klipper, likewise.
    HeadFlowFactor,
    /// M200.
    Volumetric,
    /// M207 of Marlin.
    RetractBack,
    /// M208 of Marlin.
    RetractForth,
    /// M207 of RepRapFirmware.
    RetractBoth,
    /// `SET_VELOCITY_LIMIT`.
    Head,
    /// `SET_RETRACTION`.
    Retraction,
    /// `SET_GCODE_OFFSET`.
    Offset,
}

/// What becomes of the modal state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Saves {
    /// M70: it is kept.
    Keep,
    /// M73: it is kept, and comes back when the subroutine ends.
    KeepUntilReturn,
    /// M71: what was kept is forgotten.
    Forget,
    /// M72: it becomes again what was kept.
    Restore,
}

/// Tool length compensation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Length {
    /// G49.
    Off,
    /// G43: from the tool table, by H or the tool in the spindle.
    Table,
    /// G43.1: by axis words.
    Words,
    /// G43.2: added to what there is.
    Add,
}
