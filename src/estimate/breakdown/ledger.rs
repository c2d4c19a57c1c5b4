use super::super::comments::{Says, says};
use super::layers::Layers;
use super::ranges::Ranges;
use super::speeds::Speeds;
use super::spots::{Slow, Spots};
use super::works::{Piece, Work, Works};
use super::{Breakdown, Kinds, RangeTime, Why};
use crate::estimate::marks::Marks;
use crate::estimate::watch::Watch;
use crate::gcode::{Done, Meaning, Modal, Run};
use crate::geom::{Point, Point3};
use crate::motion::{Beam, Command, Move, Planner, Rate, Spent, SpentOn};
use crate::source::Lines;

/// A path that turns by more than this has a corner: the cosine of 15°.
const CORNER_COS: f64 = 0.965_925_826_289_068_3;
/// A move of whose length Z is more than this share is one of Z.
const Z_SHARE: f64 = 0.5;

/// What a move does with filament.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Filament {
    /// Nothing is laid down.
    #[default]
    None,
    /// It is laid down along the way.
    Laid,
    /// It is moved, and the head is not.
    Alone,
}

/// What is known of a command when the planner gets it.
#[derive(Clone, Copy, Debug)]
struct Known {
    line: u32,
    work: Work,
    filament: Filament,
    layer: u32,
    /// The height that it works at, mm.
    worked: Option<f64>,
    corners: [bool; 2],
    z_move: bool,
    to: Point3,
}

/// Adds up the pieces of time while a program is run.
#[derive(Clone, Debug)]
pub(in crate::estimate) struct Ledger {
    marks: Marks<Known>,
    spent: Vec<Spent>,
    /// Line, settings and role of the commands that come now.
    line: u32,
    modal: Modal,
    role: Option<Work>,
    /// What the last move was for; what is no move goes with it.
    work: Work,
    /// Where the head is told to be, in which direction it goes, and the mark of the
    /// move that brought it there.
    at: Point3,
    heading: Option<[f64; 3]>,
    moved: u32,
    /// Whether a move has laid filament, and whether a spindle was on.
    prints: bool,
    powered: bool,
    /// Seconds of motion, and what of it is lost, by what it does to the material and
    /// with filament: which of it is work is known at the end.
    motion: [[[f64; 2]; 3]; 4],
    kinds: Kinds,
    works: Works,
    layers: Layers,
    ranges: Ranges,
    speeds: Speeds,
    spots: Spots,
}

impl Ledger {
    pub(in crate::estimate) fn new() -> Self {
        Self {
            marks: Marks::new(),
            spent: Vec::new(),
            line: 0,
            modal: Modal::START,
            role: None,
            work: Work::Travel,
            at: Point3::default(),
            heading: None,
            moved: 0,
            prints: false,
            powered: false,
            motion: [[[0.0; 2]; 3]; 4],
            kinds: Kinds::default(),
            works: Works::new(),
            layers: Layers::new(),
            ranges: Ranges::new(Breakdown::MOST_RANGES),
            speeds: Speeds::new(),
            spots: Spots::new(),
        }
    }

    /// Where the time went, of a program in which this works the material; all times are
    /// multiplied by `scale`.
    pub(in crate::estimate) fn close(mut self, meaning: Meaning, scale: f64) -> Breakdown {
        for beam in [Beam::Rapid, Beam::Stopped, Beam::Dark, Beam::On] {
            for filament in [Filament::None, Filament::Laid, Filament::Alone] {
                let [seconds, lost] = self.motion[beam as usize][filament as usize];
                let k = &mut self.kinds;
                let is_work = if self.prints {
                    filament == Filament::Laid
                } else {
                    meaning.is_work(beam)
                };
                if filament == Filament::Alone {
                    k.filament += seconds;
                } else if is_work {
                    k.work += seconds - lost;
                    k.work_lost += lost;
                } else {
                    k.travel += seconds - lost;
                    k.travel_lost += lost;
                }
            }
        }
        let range = |bin: &super::ranges::Bin| RangeTime {
            lines: bin.lines.map(|l| l.saturating_add(1)),
            seconds: bin.seconds,
            lost: bin.lost,
        };
        let mut all = Breakdown {
            seconds: self.kinds.seconds(),
            kinds: self.kinds,
            operations: self.works.all(),
            layers: self.layers.all(),
            ranges: self.ranges.counted().map(range).collect(),
            speeds: self.speeds.all(),
            spots: self.spots.all(),
        };
        all.multiply(scale);
        all
    }

    /// Counts what the planner has run since the last time.
    fn count(&mut self, planner: &mut dyn Planner) {
        let mut spent = std::mem::take(&mut self.spent);
        planner.take_spent(&mut spent);
        for piece in spent.drain(..) {
            self.piece(&piece);
        }
        self.spent = spent;
    }

    fn piece(&mut self, piece: &Spent) {
        let Some(known) = self.marks.run(piece.mark).copied() else {
            return;
        };
        let seconds = piece.seconds;
        let lost = match piece.on {
            SpentOn::Move(beam) => {
                let lost = seconds - piece.at_speed;
                let sums = &mut self.motion[beam as usize][known.filament as usize];
                sums[0] += seconds;
                sums[1] += lost;
                if known.filament != Filament::Alone {
                    self.speeds.add(piece.mm, seconds, piece.at_speed);
                }
                self.spots.moved(Slow {
                    mark: piece.mark,
                    line: known.line,
                    seconds,
                    at_speed: piece.at_speed,
                    corners: known.corners,
                    z_move: known.z_move,
                    filament: known.filament == Filament::Alone,
                    to: known.to,
                });
                lost
            }
            SpentOn::Dwell => {
                self.kinds.dwell += seconds;
                self.spots.rested(known.line, seconds, Why::Dwell, known.to);
                0.0
            }
            SpentOn::Stop => {
                self.kinds.stopped += seconds;
                self.spots.rested(known.line, seconds, Why::Stop, known.to);
                seconds
            }
            SpentOn::Unknown(_) => {
                self.spots.rested(known.line, 0.0, Why::Stop, known.to);
                0.0
            }
        };
        let is_move = matches!(piece.on, SpentOn::Move(_));
        self.works.add(
            known.work,
            Piece {
                seconds,
                lost,
                mm: if is_move { piece.mm } else { 0.0 },
                line: known.line,
            },
        );
        let (number, bin) = self.layers.at(known.layer);
        bin.add(number, known.line, seconds, lost);
        if let Some(z) = known.worked {
            bin.reach(z);
        }
        self.ranges
            .at(known.line)
            .add(known.line, known.line, seconds, lost);
    }

    /// What is known of a move, before the planner gets it.
    fn of_move(&mut self, m: &Move) -> Known {
        let (from, to) = (self.at.to_array(), m.to.to_array());
        let way = [0, 1, 2].map(|i| to[i] - from[i]);
        let stays = m.arc.is_none() && way.iter().all(|d| *d == 0.0);
        let filament = if stays && m.filament != 0.0 {
            Filament::Alone
        } else if m.filament > 0.0 {
            Filament::Laid
        } else {
            Filament::None
        };
        self.prints |= filament == Filament::Laid;
        self.powered |= m.beam == Beam::On || m.beam == Beam::Dark;
        let is_work = match (self.prints, self.powered) {
            (true, _) => filament == Filament::Laid,
            (false, true) => m.beam == Beam::On,
            (false, false) => m.beam != Beam::Rapid && !stays,
        };
        let length = Point3::from(way).norm();
        let mut corner = false;
        if !stays {
            let (begins, ends) = headings(m, way);
            corner = match (&self.heading, &begins) {
                (Some(a), Some(b)) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2] < CORNER_COS,
                _ => false,
            };
            self.heading = ends;
        }
        if corner && let Some(before) = self.marks.get_mut(self.moved) {
            before.corners[1] = true;
        }
        self.at = m.to;
        self.work = self.work_of(m, filament);
        let worked = is_work.then_some(m.to.z);
        Known {
            line: self.line,
            work: self.work,
            filament,
            layer: self.layers.moves(worked),
            worked,
            corners: [corner, false],
            z_move: m.arc.is_none() && way[2].abs() > Z_SHARE * length,
            to: m.to,
        }
    }

    fn work_of(&self, m: &Move, filament: Filament) -> Work {
        match (filament, self.role) {
            (Filament::Alone, _) => Work::Filament,
            (Filament::Laid, Some(role)) => role,
            (Filament::None, _) if self.prints || m.beam == Beam::Rapid => Work::Travel,
            _ => Work::Settings {
                tool: self.modal.tool,
                spindle: self.modal.spindle,
                feed: match m.rate {
                    Rate::Feed(v) => v,
                    Rate::Rapid | Rate::Inverse(_) => 0.0,
                },
                power: self.modal.speed,
            },
        }
    }
}

impl<L: Lines> Watch<L> for Ledger {
    const KEEPS: bool = true;

    fn line(&mut self, run: &mut Run<L>, done: &Done) {
        self.line = done.line as u32;
        self.modal = *run.machine().modal();
        if run.commands().is_empty() && run.words().comment {
            match says(run.bytes(done.line)) {
                Some(Says::Layer | Says::Height) => self.layers.announced(),
                Some(Says::Role(name)) => self.role = Some(self.works.role(name)),
                None => {}
            }
        }
    }

    fn command(&mut self, command: &Command, planner: &mut dyn Planner) {
        self.count(planner);
        let known = match command {
            Command::Move(m) => self.of_move(m),
            other => {
                if let Command::Place(at) = other {
                    self.at = *at;
                    self.heading = None;
                }
                Known {
                    line: self.line,
                    work: self.work,
                    filament: Filament::None,
                    layer: self.layers.now(),
                    worked: None,
                    corners: [false; 2],
                    z_move: false,
                    to: self.at,
                }
            }
        };
        let mark = self.marks.push(known);
        if matches!(command, Command::Move(_)) {
            self.moved = mark;
        }
        planner.mark(mark);
    }

    fn over(&mut self, _: &Run<L>, planner: &mut dyn Planner) {
        self.count(planner);
    }
}

/// The directions in which a move begins and ends, of length 1; `None` where it has none.
fn headings(m: &Move, way: [f64; 3]) -> (Option<[f64; 3]>, Option<[f64; 3]>) {
    let Some(arc) = &m.arc else {
        let heading = unit(way);
        return (heading, heading);
    };
    // Across the radius, at both ends.
    let [a, b, c] = arc.plane.axes();
    let side = if arc.clockwise { -1.0 } else { 1.0 };
    let start = Point::new(-arc.offset.x, -arc.offset.y);
    let end = Point::new(start.x + way[a], start.y + way[b]);
    let across = |from_center: Point| {
        let mut heading = [0.0; 3];
        heading[a] = -side * from_center.y;
        heading[b] = side * from_center.x;
        // The climb beside the way around, as if that were the chord.
        let chord = Point::new(way[a], way[b]).norm();
        if chord > 0.0 {
            heading[c] = way[c] / chord * from_center.norm();
        }
        unit(heading)
    };
    (across(start), across(end))
}

fn unit(way: [f64; 3]) -> Option<[f64; 3]> {
    let length = Point3::from(way).norm();
    (length > 0.0).then(|| way.map(|d| d / length))
}
