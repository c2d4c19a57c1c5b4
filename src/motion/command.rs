use super::{Setting, Wait};
use crate::geom::{Point, Point3};

/// One thing the machine is told, in the order in which the firmware obeys.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Command {
    /// Move to a place.
    Move(Move),
    /// The spindle or laser is set to another mode (M3, M4, M5).
    SpindleMode(SpindleMode),
    /// The S value changes. `moving` when the same line also moves an axis.
    SpindleSpeed {
        /// The new S value, in the program's own unit.
        speed: f64,
        /// Whether the line that sets it also moves.
        moving: bool,
    },
    /// A line without axis words switches between a cutting motion (G1, G2, G3:
    /// `cutting`) and a rapid or none (G0, G80). Some firmware stops for it.
    MotionMode {
        /// Whether the new motion mode is a cutting one.
        cutting: bool,
    },
    /// The axes A, B, C, U, V and W go to these places with the move that follows,
    /// degrees and mm. No planner here takes their time into account.
    Axes([f64; 6]),
    /// The head is at this place from here on, however it got there: homing and
    /// probing end where a switch says.
    Place(Point3),
    /// Coolant outputs change.
    Coolant {
        /// Whether any is on from here on.
        on: bool,
    },
    /// Stand still.
    Dwell {
        /// Seconds, as programmed.
        seconds: f64,
    },
    /// Limits and factors change.
    Setting(Setting),
    /// Filament is drawn back by the firmware (G10), or comes again (G11).
    Retract {
        /// Drawn back rather than fed again.
        back: bool,
    },
    /// The machine stops for another reason.
    Wait(Wait),
}

/// A straight move or an arc.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Move {
    /// Where it ends, machine coordinates, mm.
    pub to: Point3,
    /// The arc to follow there; `None` is a straight line.
    pub arc: Option<Arc>,
    /// How fast.
    pub rate: Rate,
    /// Whether it works on the material.
    pub beam: Beam,
    /// Filament fed along it, mm; less than 0 is drawn back.
    pub filament: f64,
}

/// How an arc goes to its end point.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Arc {
    /// The plane of the circle; the third axis moves linearly.
    pub plane: Plane,
    /// From the start point to the centre, in the plane's own axes, mm.
    pub offset: Point,
    /// Radius, mm.
    pub radius: f64,
    /// G2 rather than G3, seen from the positive end of the third axis.
    pub clockwise: bool,
}

/// The plane of arcs: which axes are first, second and third.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Plane {
    /// G17: X, Y; Z is the third.
    #[default]
    Xy,
    /// G18: Z, X; Y is the third.
    Zx,
    /// G19: Y, Z; X is the third.
    Yz,
}

impl Plane {
    /// Indices (0 X, 1 Y, 2 Z) of the first, second and third axis.
    #[must_use]
    pub const fn axes(self) -> [usize; 3] {
        match self {
            Self::Xy => [0, 1, 2],
            Self::Zx => [2, 0, 1],
            Self::Yz => [1, 2, 0],
        }
    }
}

/// How fast a move goes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Rate {
    /// As fast as the axes allow (G0).
    Rapid,
    /// Along the path, mm/s (G94).
    Feed(f64),
    /// Once per so many seconds for the whole move: 1/s (G93).
    Inverse(f64),
}

/// What a move does to the material, as far as one line can tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Beam {
    /// A rapid: nothing is meant to be worked.
    Rapid,
    /// A feed move with the spindle off (M5, or never started).
    Stopped,
    /// A feed move with the spindle on at S0: a deliberate dark move.
    Dark,
    /// A feed move with the spindle on and S above 0.
    On,
}

/// State of the spindle or laser.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum SpindleMode {
    /// M5.
    #[default]
    Off,
    /// M3: clockwise, or constant laser power.
    Constant,
    /// M4: counter-clockwise, or laser power that follows the speed.
    Dynamic,
}
