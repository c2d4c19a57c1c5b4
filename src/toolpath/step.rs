use crate::geom::Point3;
use crate::motion::Rate;
use std::ops::Range;

/// One step of a toolpath.
#[derive(Clone, Debug)]
pub enum Step {
    /// The head works along a path.
    Path(Path),
    /// Lines of the source that are kept as they are.
    Raw(Raw),
}

impl Step {
    /// The path, if it is one.
    #[must_use]
    pub const fn as_path(&self) -> Option<&Path> {
        match self {
            Self::Path(p) => Some(p),
            Self::Raw(_) => None,
        }
    }
}

/// What the head does between two travels.
#[derive(Clone, Debug)]
pub struct Path {
    /// Where it starts, machine coordinates, mm.
    pub start: Point3,
    /// Its segments in the arena. None: the head only goes to `start`.
    pub segments: Range<u32>,
    /// How the head gets to `start`.
    pub approach: Approach,
    /// Dwell at the start before the first segment (pierce), s.
    pub entry_dwell: f64,
    /// Dwell at the end after the last segment, s.
    pub exit_dwell: f64,
    /// It stays where it is in the sequence, and nothing moves across it.
    pub pinned: bool,
    /// It can be run only as its source has it: no other direction or start.
    pub rigid: bool,
    /// It is written only as its source has it: none of its segments may be replaced.
    pub whole: bool,
    /// It lays filament. Then it is pinned and rigid, each of its lines holds one move, and
    /// where segments that follow each other are replaced, lines are written in the place
    /// of theirs; nothing else of it changes.
    pub printed: bool,
    /// The head changes its height on the way to it or along it.
    pub lifts: bool,
    /// The engraved area that it is a line of: lines of one number that follow each
    /// other keep their order and direction.
    pub raster: Option<u32>,
    /// The closed outline that it is a part of, where gaps are left in that: parts of
    /// one number, in their order, go around it.
    pub ring: Option<u32>,
    /// Where it came from; `None` when it comes from no G-code.
    pub origin: Option<Origin>,
    /// Lines of other paths that were fused into this one, for their comments.
    pub(crate) absorbed: Vec<Range<u32>>,
    /// Whether geometry or direction differ from the origin's body.
    pub(crate) changed: bool,
}

impl Path {
    pub(crate) const fn new(start: Point3, segments: Range<u32>) -> Self {
        Self {
            start,
            segments,
            approach: Approach::Rapid,
            entry_dwell: 0.0,
            exit_dwell: 0.0,
            pinned: false,
            rigid: false,
            whole: false,
            printed: false,
            lifts: false,
            raster: None,
            ring: None,
            origin: None,
            absorbed: Vec::new(),
            changed: false,
        }
    }

    /// Whether the body differs from what the source says.
    #[must_use]
    pub const fn is_changed(&self) -> bool {
        self.changed
    }
}

/// How the head gets to the start of a path.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Approach {
    /// By a rapid (G0).
    Rapid,
    /// By a feed move with the spindle off: the source travels like that.
    Feed(Rate),
}

/// Where in the source a path came from. States are numbers of the front end's
/// table of modal states.
#[derive(Clone, Debug)]
pub struct Origin {
    /// Lines that lead to the start, the last travel included.
    pub approach: Range<u32>,
    /// Lines from the start to the end of the path.
    pub body: Range<u32>,
    /// State before the approach.
    pub entry: u32,
    /// Where the head was before the approach, mm.
    pub entry_at: Point3,
    /// State at the start, before the body.
    pub arrival: u32,
    /// State after the body.
    pub exit: u32,
}

/// Lines of the source that are kept as they are.
#[derive(Clone, Debug)]
pub struct Raw {
    /// The lines, from 0.
    pub lines: Range<u32>,
    /// What they mean for the passes.
    pub effect: RawEffect,
    /// State before them.
    pub entry: u32,
    /// Where the head is before them, mm.
    pub entry_at: Point3,
    /// State after them.
    pub exit: u32,
    /// Where the head is after them, mm.
    pub exit_at: Point3,
}

/// What a raw step means for the passes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RawEffect {
    /// Blank lines and comments.
    Inert,
    /// Modal state only, all of it captured in the attributes of later paths.
    SetsState,
    /// Anything else: nothing moves across it.
    Fence,
}
