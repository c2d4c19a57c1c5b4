//! The modal state: everything that one line leaves behind for the next.

use crate::geom::Point3;
use crate::motion::{Plane, SpindleMode};
use std::cmp::Ordering;

/// The motion mode (modal group 1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Motion {
    /// G0.
    #[default]
    Rapid,
    /// G1.
    Linear,
    /// G2.
    ArcCw,
    /// G3.
    ArcCcw,
    /// G38.2 to G38.5.
    Probe,
    /// G80, or nothing yet.
    Cancelled,
    /// A canned cycle: G73, G74, G81 to G89.
    Cycle(u8),
    /// G5: a cubic spline.
    Cubic,
    /// G5.1: a quadratic spline.
    Quadratic,
    /// G5.2: control points of a NURBS.
    Nurbs,
    /// G5.3: the end of a NURBS.
    NurbsEnd,
    /// G33: in step with the spindle.
    Thread,
    /// G33.1: in step with the spindle, there and back.
    RigidTap,
    /// G76: a whole thread, pass by pass.
    ThreadCycle,
}

impl Motion {
    /// Whether the mode is a cutting one: everything but G0, G80 and probing.
    #[must_use]
    pub const fn is_cutting(self) -> bool {
        !matches!(self, Self::Rapid | Self::Probe | Self::Cancelled)
    }

    /// Whether lines and arcs are fitted to the programmed curve: G5 to G5.3.
    #[must_use]
    pub const fn is_spline(self) -> bool {
        matches!(
            self,
            Self::Cubic | Self::Quadratic | Self::Nurbs | Self::NurbsEnd
        )
    }

    /// Whether moves are in step with the spindle: G33, G33.1, G76.
    #[must_use]
    pub const fn is_synchronous(self) -> bool {
        matches!(self, Self::Thread | Self::RigidTap | Self::ThreadCycle)
    }

    /// Whether the mode is G2 or G3.
    #[must_use]
    pub const fn is_arc(self) -> bool {
        matches!(self, Self::ArcCw | Self::ArcCcw)
    }
}

/// What F means (modal group 5).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum FeedMode {
    /// G94: length per minute.
    #[default]
    PerMinute,
    /// G93: the whole move once per so many minutes.
    Inverse,
    /// G95: length per turn of the spindle.
    PerTurn,
}

/// Cutter radius compensation (modal group 7).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cutter {
    /// G40.
    #[default]
    Off,
    /// G41.
    Left,
    /// G42.
    Right,
}

/// What one line leaves behind for the next, apart from the position.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Modal {
    /// Motion mode.
    pub motion: Motion,
    /// Plane of arcs.
    pub plane: Plane,
    /// G20 rather than G21.
    pub inches: bool,
    /// G91 rather than G90.
    pub relative: bool,
    /// G90.1 rather than G91.1: arc centres are places, not offsets.
    pub arc_absolute: bool,
    /// E words are relative (M83).
    pub filament_relative: bool,
    /// G99 rather than G98: cycles return to their R level.
    pub returns_to_r: bool,
    /// G7: X words are diameters.
    pub diameter: bool,
    /// What F means.
    pub feed_mode: FeedMode,
    /// Cutter radius compensation.
    pub cutter: Cutter,
    /// M3, M4 or M5.
    pub spindle: SpindleMode,
    /// M7.
    pub mist: bool,
    /// M8.
    pub flood: bool,
    /// Work coordinate system, 0 is G54.
    pub system: u8,
    /// The last T word.
    pub tool: u32,
    /// Feed, mm/s; 1/s where it is inverse, mm per turn where it is per turn.
    /// 0 while none was given.
    pub feed: f64,
    /// The S value.
    pub speed: f64,
    /// What program coordinates are added to, mm: work offset, G92, tool length.
    pub offset: Point3,
    /// How far program coordinates are turned about Z before that, rad.
    pub rotation: f64,
}

impl Modal {
    /// The state in which GRBL starts.
    pub const START: Self = Self {
        motion: Motion::Rapid,
        plane: Plane::Xy,
        inches: false,
        relative: false,
        arc_absolute: false,
        filament_relative: false,
        returns_to_r: false,
        diameter: false,
        feed_mode: FeedMode::PerMinute,
        cutter: Cutter::Off,
        spindle: SpindleMode::Off,
        mist: false,
        flood: false,
        system: 0,
        tool: 0,
        feed: 0.0,
        speed: 0.0,
        offset: Point3::new(0.0, 0.0, 0.0),
        rotation: 0.0,
    };

    /// Millimetres to one of the program's units of length.
    #[must_use]
    pub const fn unit_mm(&self) -> f64 {
        if self.inches { 25.4 } else { 1.0 }
    }

    /// Whether lines under this state can be written anew by what the IR holds of
    /// them. Others are kept in place.
    #[must_use]
    pub(crate) fn is_plain(&self) -> bool {
        self.feed_mode != FeedMode::PerTurn
            && self.cutter == Cutter::Off
            && self.rotation == 0.0
            && !(self.arc_absolute || self.diameter || self.filament_relative)
    }

    /// Whether moves of a print under this state can be written anew: places are
    /// absolute and in mm, in the XY plane.
    #[must_use]
    pub(crate) fn is_plain_for_prints(&self) -> bool {
        let other = Self {
            filament_relative: false,
            ..*self
        };
        other.is_plain()
            && self.feed_mode == FeedMode::PerMinute
            && self.plane == Plane::Xy
            && !(self.inches || self.relative)
    }

    /// Whether the words that stand between two paths bring one state into the
    /// other. What else changes (tool, mist, offsets, return level) stays in place.
    #[must_use]
    pub(crate) fn is_in_reach_of(&self, other: &Self) -> bool {
        let rest = Self {
            motion: self.motion,
            plane: self.plane,
            inches: self.inches,
            relative: self.relative,
            feed_mode: self.feed_mode,
            spindle: self.spindle,
            flood: self.flood,
            feed: self.feed,
            speed: self.speed,
            ..*other
        };
        self.total_cmp(&rest).is_eq()
    }

    fn numbers(&self) -> [f64; 6] {
        [
            self.feed,
            self.speed,
            self.offset.x,
            self.offset.y,
            self.offset.z,
            self.rotation,
        ]
    }

    /// A total order, for tables of states.
    #[must_use]
    pub fn total_cmp(&self, other: &Self) -> Ordering {
        let plain = |m: &Self| {
            (
                (m.motion, m.plane, m.inches, m.relative, m.feed_mode),
                (m.spindle, m.mist, m.flood, m.system, m.tool),
                (m.arc_absolute, m.filament_relative, m.returns_to_r),
                (m.diameter, m.cutter),
            )
        };
        let by_number = || {
            self.numbers()
                .iter()
                .zip(other.numbers().iter())
                .map(|(a, b)| a.total_cmp(b))
                .find(|o| o.is_ne())
                .unwrap_or(Ordering::Equal)
        };
        plain(self).cmp(&plain(other)).then_with(by_number)
    }
}

impl Default for Modal {
    fn default() -> Self {
        Self::START
    }
}

/// Interned modal states: equal states share one number.
#[derive(Clone, Debug, Default)]
pub struct ModalTable {
    states: Vec<Modal>,
    by_value: std::collections::BTreeMap<Key, u32>,
    last: Option<u32>,
}

#[derive(Clone, Copy, Debug)]
struct Key(Modal);

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}
impl Eq for Key {}
impl PartialOrd for Key {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Key {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.total_cmp(&other.0)
    }
}

impl ModalTable {
    /// The number of `state`; equal states have equal numbers.
    pub fn intern(&mut self, state: &Modal) -> u32 {
        if let Some(id) = self.last
            && self.states[id as usize].total_cmp(state).is_eq()
        {
            return id;
        }
        let next = self.states.len() as u32;
        let id = *self.by_value.entry(Key(*state)).or_insert(next);
        if id == next {
            self.states.push(*state);
        }
        self.last = Some(id);
        id
    }

    /// The state of number `id`.
    ///
    /// # Panics
    /// When the table never gave that number.
    #[must_use]
    pub fn get(&self, id: u32) -> &Modal {
        &self.states[id as usize]
    }
}
