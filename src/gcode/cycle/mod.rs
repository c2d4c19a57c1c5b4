//! Canned cycles: G73, G74 and G81 to G89, from words to moves. G76 is
//! [`Thread`].
//!
//! [`resolve`] makes one [`Cycle`] of a line's words and of what earlier lines left
//! ([`Sticky`]); [`unfold`] makes strokes of it. Both are pure: they know neither
//! lines nor the machine's offsets. All places are in the program's own coordinate
//! system, since R, depth and level are numbers of it; the caller shifts strokes.
//!
//! The rules are LinuxCNC's, checked against its interpreter; [`Rules`] holds what
//! other controls do differently. Words of this module: the *clear plane* is R, the
//! *level* is where the third axis stood when the first of a series of cycles began
//! (G98 goes back there), and a *hole* is one repeat.
//!
//! Left to the caller: F of 0, G93, cutter compensation and rotary words are faults
//! in LinuxCNC; each series of moves is made in exact-path mode (G61).
//!
//! Two things are not as LinuxCNC 2.9 does them: it taps along the wrong axes in G18
//! and G19, and rounding makes it peck once more now and then without a cut.

mod resolve;
mod rules;
mod strokes;
mod thread;

pub(crate) use resolve::resolve;
pub(crate) use rules::Rules;
pub(crate) use strokes::{Stroke, unfold};
pub(crate) use thread::{Pass, Thread};

use super::polar::{Polar, PolarFault};
use crate::geom::{Point, Point3};
use crate::motion::{Plane, SpindleMode};

/// What is done at a hole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// G73: pecks that only break the chip.
    ChipBreak,
    /// G74: left-hand tapping with a floating chuck.
    TapLeft,
    /// G81: drill.
    Drill,
    /// G82: drill and dwell.
    DrillDwell,
    /// G83: pecks that clear the hole.
    Peck,
    /// G84: right-hand tapping with a floating chuck.
    TapRight,
    /// G85: ream; out at feed.
    Ream,
    /// G86: bore; out with the spindle stopped.
    Bore,
    /// G87: counterbore from below.
    BackBore,
    /// G88: bore; the operator brings the tool out.
    ManualBore,
    /// G89: bore, dwell; out at feed.
    BoreDwell,
}

impl Kind {
    /// The kind that G `number` asks for.
    pub(crate) fn of_g(number: u16) -> Option<Self> {
        Some(match number {
            73 => Self::ChipBreak,
            74 => Self::TapLeft,
            81 => Self::Drill,
            82 => Self::DrillDwell,
            83 => Self::Peck,
            84 => Self::TapRight,
            85 => Self::Ream,
            86 => Self::Bore,
            87 => Self::BackBore,
            88 => Self::ManualBore,
            89 => Self::BoreDwell,
            _ => return None,
        })
    }

    /// Whether the cycle reads the word `letter` beside R, the axes and the repeats;
    /// LinuxCNC refuses a P, Q, I, J or K that nothing reads.
    pub(crate) fn reads(self, letter: u8, rules: &Rules) -> bool {
        match letter {
            b'P' => self.dwells() || self.taps() || rules.dwell_optional,
            b'Q' => self.pecks(),
            b'I' | b'J' | b'K' => self == Self::BackBore || (self.pecks() && rules.pecks_shrink),
            _ => false,
        }
    }

    fn pecks(self) -> bool {
        matches!(self, Self::ChipBreak | Self::Peck)
    }

    fn taps(self) -> bool {
        matches!(self, Self::TapLeft | Self::TapRight)
    }

    fn dwells(self) -> bool {
        matches!(
            self,
            Self::DrillDwell | Self::Bore | Self::ManualBore | Self::BoreDwell
        )
    }
}

/// A line's words, lengths in program units as written.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Words {
    /// X, Y and Z.
    pub(crate) axes: [Option<f64>; 3],
    /// `@` (program units) and `^` (radians).
    pub(crate) polar: Polar,
    /// I, J and K, where K is not the repeats.
    pub(crate) offsets: [Option<f64>; 3],
    /// R.
    pub(crate) clear: Option<f64>,
    /// Q.
    pub(crate) peck: Option<f64>,
    /// P, seconds.
    pub(crate) dwell: Option<f64>,
    /// L, or what the rules name instead.
    pub(crate) repeats: Option<f64>,
}

/// What the program has set when the line comes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Setting {
    /// The plane; holes go along its third axis.
    pub(crate) plane: Plane,
    /// Where the tool is, program coordinates, mm.
    pub(crate) at: Point3,
    /// Millimetres in a program unit.
    pub(crate) unit: f64,
    /// G91.
    pub(crate) relative: bool,
    /// G98 (true) or G99. LinuxCNC starts with G99, Fanuc and Haas with G98.
    pub(crate) to_level: bool,
    /// How the spindle turns: `Constant` is M3, `Dynamic` is M4.
    pub(crate) spindle: SpindleMode,
    /// The control's ways.
    pub(crate) rules: Rules,
}

/// What one cycle leaves for the next line: numbers in program units, as they were
/// written. LinuxCNC keeps numbers, not places: after G20 or G21 they are read again
/// in the new unit, even the level.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Sticky {
    kind: Option<Kind>,
    clear: Option<f64>,
    depth: Option<f64>,
    peck: Option<f64>,
    offsets: [Option<f64>; 3],
    level: Option<f64>,
    dwell: Option<f64>,
}

impl Sticky {
    /// To be called when another motion mode is set (G0 to G3, G33, G38, G80, even
    /// without axis words): the series of cycles is over. Only P lives on, for a G74
    /// or G84 without P.
    pub(crate) fn leave(&mut self) {
        *self = Self {
            dwell: self.dwell,
            ..Self::default()
        };
    }
}

/// One line's holes, ready to be made. Lengths in mm, program coordinates.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Cycle {
    /// What is done at each hole.
    pub(crate) kind: Kind,
    /// The plane; the holes go along its third axis.
    pub(crate) plane: Plane,
    /// Where the tool is.
    pub(crate) start: Point3,
    /// Where the holes are, in the plane's own axes.
    pub(crate) holes: Holes,
    /// How many.
    pub(crate) repeats: u32,
    /// Third axis where the series began.
    pub(crate) level: f64,
    /// Third axis of the clear plane (R).
    pub(crate) clear: f64,
    /// Third axis of the bottom.
    pub(crate) bottom: f64,
    /// Whether the way out is to the level (G98) rather than to the clear plane.
    pub(crate) to_level: bool,
    /// The cuts of G73 and G83.
    pub(crate) pecks: Option<Pecks>,
    /// Dwell at the bottom, s; `None` is no dwell.
    pub(crate) dwell: Option<f64>,
    /// The way round of G87.
    pub(crate) back: Option<Back>,
    /// How the spindle turns at the start.
    pub(crate) spindle: SpindleMode,
    /// The control's ways.
    pub(crate) rules: Rules,
}

/// Where the holes of a line are, in the plane's first and second axis.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Holes {
    /// All at one place (G90), mm.
    At(Point),
    /// Each a step further than the one before (G91), mm.
    Step(Point),
    /// As `Step`, in polar coordinates round the origin.
    Turn(Polar),
}

/// The cuts of a pecking cycle, mm: the first, what each next one is less, the least.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Pecks {
    /// The first cut.
    pub(crate) first: f64,
    /// What each next cut is less; 0 or more.
    pub(crate) less: f64,
    /// The least cut that `less` leads to.
    pub(crate) least: f64,
}

/// G87's own measures, mm.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Back {
    /// From the hole to where the tool fits through, in the plane's own axes.
    pub(crate) shift: Point,
    /// Third axis where the counterbore ends, above the bottom.
    pub(crate) top: f64,
}

/// Why a line is no cycle. LinuxCNC stops the program; some faults it finds only
/// after the moves that come before the first hole.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Fault {
    /// The line has neither an axis word nor a polar one.
    NoAxis,
    /// A word is missing that the first line of this cycle needs, by its letter: R,
    /// the third axis, P, Q, I, J or K.
    Missing(u8),
    /// The clear plane is below the bottom.
    ClearBelowBottom,
    /// A cut of G73 or G83 is not above 0.
    Peck,
    /// The dwell is below 0.
    Dwell,
    /// The repeats are not a whole number of 1 or more.
    Repeats,
    /// The cycle needs a turning spindle.
    SpindleStopped,
    /// The spindle turns the wrong way for this tap.
    SpindleDirection,
    /// The polar words give no place.
    Polar(PolarFault),
    /// The control has another cycle under this number, which is not known here.
    Unknown,
    /// P or J of G76 is not above 0, or K not above J.
    Thread,
    /// A number is too large to compute with.
    Range,
    /// There are more strokes than the caller allows.
    TooMany,
}

#[cfg(test)]
mod tests;
