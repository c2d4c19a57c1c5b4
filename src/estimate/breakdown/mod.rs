//! Where the time of a job goes.
//!
//! A planner says of each piece of time which command it was spent on; here the pieces
//! are added up in several ways at once while the program is read. Each way has a fixed
//! number of places, and what would need more is put together with its neighbour, so that
//! the memory does not grow with the file. Each way adds up to the seconds of the
//! [`Estimate`](super::Estimate), to 1e-9 of them.

mod layers;
mod ledger;
mod ranges;
mod speeds;
mod spots;
mod works;

pub(super) use ledger::Ledger;
pub use speeds::SPEED_BOUNDS;

use crate::geom::Point3;
use crate::motion::SpindleMode;

/// Where the time of a job goes, in several ways, each of which adds up to all of it to
/// 1e-9. What an estimate counts beside its seconds (waits) is not in here.
///
/// # Words
/// - *lost*: what a move takes beyond its length at the asked speed: speeding up, slowing
///   down, corners, limits. Also all time at a stop.
/// - *print*: a program in which a move lays down filament. There, work is what lays it.
/// - *role*: what a slicer says that a line of a print is for, such as `Inner wall`.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Breakdown {
    /// All of it, s.
    pub seconds: f64,
    /// By what the machine does.
    pub kinds: Kinds,
    /// By operation, the longest first; at most [`Breakdown::MOST_OPERATIONS`].
    pub operations: Vec<OperationTime>,
    /// By layer, in the order in which they are begun; at most [`Breakdown::MOST_LAYERS`],
    /// of which each is several where there are more. Layers are where a slicer's
    /// comments begin them, else where work goes on at another height.
    pub layers: Vec<LayerTime>,
    /// By lines of the program, at most [`Breakdown::MOST_RANGES`] of equally many lines.
    pub ranges: Vec<RangeTime>,
    /// Moves of the head by their speed: entry k is below `SPEED_BOUNDS[k]`, the last one
    /// above all. See [`SpeedTime`].
    pub speeds: Vec<SpeedTime>,
    /// The short stretches of lines where most time is lost, the worst first; at most
    /// [`Breakdown::MOST_SPOTS`].
    pub spots: Vec<Spot>,
}

impl Breakdown {
    /// The most operations that are kept apart.
    pub const MOST_OPERATIONS: usize = 64;
    /// The most layers that are kept apart.
    pub const MOST_LAYERS: usize = 1024;
    /// The most ranges of lines.
    pub const MOST_RANGES: usize = 64;
    /// The most slow spots.
    pub const MOST_SPOTS: usize = 10;

    /// Multiplies all times.
    fn multiply(&mut self, scale: f64) {
        let Kinds {
            work,
            work_lost,
            travel,
            travel_lost,
            filament,
            dwell,
            stopped,
        } = &mut self.kinds;
        let mut all = vec![&mut self.seconds, work, work_lost, travel, travel_lost];
        all.extend([filament, dwell, stopped]);
        let operations = self.operations.iter_mut();
        all.extend(operations.flat_map(|o| [&mut o.seconds, &mut o.lost]));
        all.extend(
            self.layers
                .iter_mut()
                .flat_map(|l| [&mut l.seconds, &mut l.lost]),
        );
        all.extend(
            self.ranges
                .iter_mut()
                .flat_map(|r| [&mut r.seconds, &mut r.lost]),
        );
        all.extend(
            self.speeds
                .iter_mut()
                .flat_map(|s| [&mut s.reached, &mut s.asked]),
        );
        all.extend(self.spots.iter_mut().map(|s| &mut s.lost));
        for time in all {
            *time *= scale;
        }
    }
}

/// Time by what the machine does, s. The fields add up to all of it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Kinds {
    /// Work, as if all of it were run at its asked speed.
    pub work: f64,
    /// What work takes beyond that.
    pub work_lost: f64,
    /// All other motion of the head, as if it were run at its asked speed.
    pub travel: f64,
    /// What that takes beyond.
    pub travel_lost: f64,
    /// Moves of filament alone.
    pub filament: f64,
    /// Programmed dwells.
    pub dwell: f64,
    /// Standing still because the firmware forces a stop.
    pub stopped: f64,
}

impl Kinds {
    /// All of it, s.
    #[must_use]
    pub fn seconds(&self) -> f64 {
        let motion = self.work + self.work_lost + self.travel + self.travel_lost + self.filament;
        motion + self.dwell + self.stopped
    }
}

/// What is done in an operation.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Doing {
    /// Rapids; in a print all motion that lays nothing down.
    Travel,
    /// Moves of filament alone.
    Filament,
    /// What the slicer says that it is.
    Role(String),
    /// Feed moves with these settings. Where there are too many of them, powers are put
    /// together first, then feeds: so a photo is one operation, with all its powers.
    Settings {
        /// The T number in force.
        tool: u32,
        /// State of the spindle or laser.
        spindle: SpindleMode,
        /// Least and greatest asked speed, mm/s; 0 is inverse time.
        feed: [f64; 2],
        /// Least and greatest S value.
        power: [f64; 2],
    },
    /// What more operations there are than are kept apart.
    Others,
}

/// Time of an operation.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct OperationTime {
    /// What is done.
    pub doing: Doing,
    /// Its time with the stops and dwells that follow its moves, s.
    pub seconds: f64,
    /// What of that is lost, s.
    pub lost: f64,
    /// Length of its moves, mm; arcs are made of their chords.
    pub mm: f64,
    /// The first line of it, from 1, and the last.
    pub lines: [u32; 2],
}

/// Time of a layer, or of several that follow each other.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct LayerTime {
    /// The first layer of it and the last. The first of a job is 1; 0 is what comes
    /// before the first comment of a slicer.
    pub layers: [u32; 2],
    /// Least and greatest height of its work, mm in machine coordinates; `None` where
    /// nothing is worked.
    pub z: Option<[f64; 2]>,
    /// Its time, s.
    pub seconds: f64,
    /// What of that is lost, s.
    pub lost: f64,
    /// The first line of it, from 1, and the last.
    pub lines: [u32; 2],
}

/// Time of a range of lines.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct RangeTime {
    /// The first line of it that takes time, from 1, and the last.
    pub lines: [u32; 2],
    /// Its time, s.
    pub seconds: f64,
    /// What of that is lost, s.
    pub lost: f64,
}

/// Moves of the head by their speed: whoever asks for a feed sees here what comes of it.
/// Where `asked` is high and `reached` is not, the machine is too weak, or the path too
/// crooked, for the feed.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct SpeedTime {
    /// Time of the straight pieces whose mean speed is in here, s.
    pub reached: f64,
    /// What the pieces would take whose asked speed is in here, were it reached
    /// throughout, s.
    pub asked: f64,
}

/// Why time is lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Why {
    /// The machine comes to rest, or stands: a change of the spindle, coolant or offsets,
    /// the beginning and the end.
    Stop,
    /// A programmed dwell.
    Dwell,
    /// Z moves, which is slow on most machines.
    ZMove,
    /// The path turns by more than 15°.
    Corner,
    /// Moves that are too short for their speed, in a path that hardly turns: curves made
    /// of small lines.
    ShortMoves,
    /// Speeding up and slowing down in a path that goes straight on: another feed, or a
    /// limit of the machine.
    Ramp,
    /// Filament is moved and the head is not.
    Filament,
}

impl Why {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Stop,
        Self::Dwell,
        Self::ZMove,
        Self::Corner,
        Self::ShortMoves,
        Self::Ramp,
        Self::Filament,
    ];

    /// A short name for reports, for example `corner`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Stop => "stop",
            Self::Dwell => "dwell",
            Self::ZMove => "z-move",
            Self::Corner => "corner",
            Self::ShortMoves => "short-moves",
            Self::Ramp => "ramp",
            Self::Filament => "filament",
        }
    }
}

/// A short stretch of lines that loses much time.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Spot {
    /// The first line of it, from 1, and the last; at most 25 lines.
    pub lines: [u32; 2],
    /// What is lost there, s, all times together.
    pub lost: f64,
    /// How often it is run; more than 1 in loops.
    pub times: u64,
    /// What most of it is lost on.
    pub why: Why,
    /// Where most of it is lost, mm in machine coordinates.
    pub at: Point3,
}
