//! What a line's motion comes to: straight moves, arcs, cycles, splines.

use super::super::arc;
use super::super::block::{Block, Once, Refusal};
use super::super::modal::{Cutter, FeedMode, Modal, Motion};
use super::super::polar::Polar;
use super::super::turns;
use super::frames::{Axes, Frames, turned};
use super::series::{After, Leg};
use super::{Interpreter, Notice};
use crate::geom::{FARTHEST, Point, Point3};
use crate::motion::{Arc, Beam, Command, Move, Plane, Rate, SpindleMode};

/// What the motion of a line comes to.
#[derive(Debug)]
pub(super) enum Step {
    /// No motion.
    None,
    /// A straight move.
    Line(Axes),
    /// An arc.
    Arc(Axes, Arc),
    /// A probing move.
    Probe(Axes),
    /// A series of its own, with what it leaves for the next line.
    Many(Vec<Leg>, After),
}

impl Step {
    /// Whether a machine could reach all places.
    pub(super) fn is_reachable(&self) -> bool {
        let fine = |p: &Point3| p.to_array().into_iter().all(is_reachable);
        match self {
            Self::None => true,
            Self::Line(to) | Self::Arc(to, _) | Self::Probe(to) => {
                to.iter().copied().all(is_reachable)
            }
            Self::Many(legs, _) => legs.iter().all(|leg| match leg {
                Leg::Rapid(p) | Leg::Line(p) | Leg::Arc(p, ..) => fine(p),
                Leg::Synced(p, _) | Leg::Place(p) => fine(p),
                Leg::Axes(to) => to.iter().copied().all(is_reachable),
                Leg::Dwell(_) | Leg::Spindle(_) | Leg::Wait(_) => true,
            }),
        }
    }
}

/// Whether a machine could reach a coordinate, mm or degrees.
pub(super) fn is_reachable(v: f64) -> bool {
    v.abs() <= FARTHEST
}

/// The setting in which a line's motion is worked out.
pub(super) struct Setting<'a> {
    pub(super) new: &'a Modal,
    pub(super) frames: &'a Frames,
    pub(super) moves: bool,
}

impl Interpreter {
    /// The move that the line asks for, if any; nothing is changed yet.
    pub(super) fn motion(&self, block: &mut Block, s: &Setting) -> Result<Step, Refusal> {
        let (new, grammar) = (s.new, &self.dialect.grammar);
        if block.machine && !matches!(new.motion, Motion::Rapid | Motion::Linear) {
            return Err(Refusal::Mode("G53 goes with G0 and G1 only"));
        }
        let needs_feed = !matches!(new.motion, Motion::Rapid | Motion::Cancelled)
            && !new.motion.is_synchronous();
        if needs_feed && new.feed <= 0.0 && (s.moves || !grammar.idle_modes) {
            return Err(Refusal::NoFeed);
        }
        match new.motion {
            Motion::Cancelled => Err(Refusal::Mode("axis words in G80 mode")),
            Motion::Rapid | Motion::Linear => Ok(match self.end(block, s)? {
                to if s.moves => Step::Line(to),
                _ => Step::None,
            }),
            Motion::Probe if !s.moves => Err(Refusal::Missing("an axis word")),
            Motion::Probe => Ok(Step::Probe(self.end(block, s)?)),
            Motion::ArcCw | Motion::ArcCcw => self.arc(block, s),
            _ if !s.moves && block.motion.is_none() => Ok(Step::None),
            Motion::Cycle(n) => self.cycle(block, s, n),
            Motion::Cubic | Motion::Quadratic => self.spline(block, s),
            Motion::Nurbs | Motion::NurbsEnd => self.nurbs(block, s),
            Motion::Thread | Motion::RigidTap => self.thread(block, s),
            Motion::ThreadCycle => self.thread_cycle(block, s),
        }
    }

    /// Where the axis words lead; they are used by this.
    pub(super) fn end(&self, block: &mut Block, s: &Setting) -> Result<Axes, Refusal> {
        let polar = std::mem::take(&mut block.polar);
        let x_or_y = block.has_any(b"XY");
        let words = self.take_axes(block, s.new);
        let mut to = self.target(&words, s.new, s.frames, block.machine);
        if polar != [None; 2] {
            let polar = Polar {
                radius: polar[0].map(|r| r * s.new.unit_mm()),
                angle: polar[1].map(f64::to_radians),
            };
            let bad = |_| Refusal::Mode("the polar words @ and ^ give no place here");
            polar.check(s.new.plane, x_or_y).map_err(bad)?;
            let mut place = s.frames.program(&self.axes(), s.new.system);
            let at = Point::new(place[0], place[1]);
            let p = polar.target(at, s.new.relative).map_err(bad)?;
            (place[0], place[1]) = (p.x, p.y);
            let placed = s.frames.machine(&place, s.new.system);
            (to[0], to[1]) = (placed[0], placed[1]);
        }
        Ok(to)
    }

    /// Machine coordinates of the words' target.
    pub(super) fn target(
        &self,
        words: &[Option<f64>; 9],
        new: &Modal,
        frames: &Frames,
        machine: bool,
    ) -> Axes {
        let here = self.axes();
        let angle = frames.rotations[usize::from(new.system)];
        if machine {
            return std::array::from_fn(|i| words[i].unwrap_or(here[i]));
        }
        if angle == 0.0 {
            let offset = frames.offset(new.system);
            return std::array::from_fn(|i| match words[i] {
                Some(v) if new.relative => here[i] + v,
                Some(v) => v + offset[i],
                None => here[i],
            });
        }
        let mut place = frames.program(&here, new.system);
        for (slot, word) in place.iter_mut().zip(words) {
            if let Some(v) = word {
                *slot = if new.relative { *slot + v } else { *v };
            }
        }
        let mut to = frames.machine(&place, new.system);
        for i in 2..9 {
            if words[i].is_none() {
                to[i] = here[i];
            }
        }
        to
    }

    fn arc(&self, block: &mut Block, s: &Setting) -> Result<Step, Refusal> {
        let (new, grammar) = (s.new, &self.dialect.grammar);
        let [a, b, _] = new.plane.axes();
        let unit = new.unit_mm();
        let bare = !block.has_any(&[b'X' + a as u8, b'X' + b as u8]) && block.polar == [None; 2];
        let by_radius = block.get(b'R').is_some();
        if bare && (!grammar.full_circles || by_radius) {
            if !s.moves && block.motion.is_some() && grammar.idle_modes {
                return Ok(Step::None);
            }
            return Err(Refusal::Missing("an axis word in the arc's plane"));
        }
        let angle = s.frames.rotations[usize::from(new.system)];
        if angle != 0.0 && new.plane != Plane::Xy {
            return Err(Refusal::Arc(
                "its plane is turned with the coordinate system",
            ));
        }
        if by_radius && !grammar.arc_radius {
            return Err(Refusal::Arc("this firmware takes no R; give its centre"));
        }
        if new.relative && !grammar.arc_relative {
            return Err(Refusal::Arc("this firmware takes no arcs under G91"));
        }
        let to = self.end(block, s)?;
        let mut offsets = [b'I', b'J', b'K'].map(|c| block.get(c).map(|v| v * unit));
        let from = self.axes();
        if new.arc_absolute && !by_radius {
            let origin = s.frames.machine(&[0.0; 9], new.system);
            for axis in [a, b] {
                let Some(v) = offsets[axis] else {
                    return Err(Refusal::Missing("the arc's centre"));
                };
                offsets[axis] = Some(v + origin[axis] - from[axis]);
            }
        }
        if angle != 0.0 && !by_radius {
            let (i, j) = (offsets[0].unwrap_or(0.0), offsets[1].unwrap_or(0.0));
            let turned = turned(Point::new(i, j), angle);
            (offsets[0], offsets[1]) = (Some(turned.x), Some(turned.y));
        }
        let form = arc::Form {
            radius: block.take(b'R').map(|r| r * unit),
            offsets: if by_radius { [None; 3] } else { offsets },
            radius_slack: grammar.radius_slack,
            radii: grammar.radii.map(|r| (r, new.inches)),
        };
        let place = |p: &Axes| Point3::new(p[0], p[1], p[2]);
        let clockwise = new.motion == Motion::ArcCw;
        let arc = arc::resolve(place(&from), place(&to), &form, new.plane, clockwise)?;
        let circle = [arc.radius, arc.offset.x, arc.offset.y];
        if !circle.into_iter().all(is_reachable) {
            return Err(Refusal::Mode("no machine reaches this place"));
        }
        if !by_radius {
            for c in [b'I', b'J', b'K'] {
                let _ = block.take(c);
            }
        }
        if grammar.arc_turns
            && let Some(p) = block.take(b'P')
        {
            let bad = |_| Refusal::Arc("P must be a number of turns, 1 or more");
            let count = turns::count(p).map_err(bad)?;
            if count > 1 {
                return self.turns(&to, &arc, count).map_err(bad);
            }
        }
        Ok(Step::Arc(to, arc))
    }
}

impl Interpreter {
    /// Whether a value on the line is the target of a motion.
    pub(super) fn has_targets(&self, block: &Block) -> bool {
        let grammar = &self.dialect.grammar;
        block.has_any(b"XYZ")
            || block.polar != [None; 2]
            || block.has_any(b"ABCUVW")
            || grammar.extruder.is_some() && block.has_any(b"E")
    }

    /// How much filament the E word feeds, mm; it counts from now on. The E of a
    /// command that sets a limit of the filament feeds none.
    pub(super) fn feed_filament(&mut self, block: &mut Block, new: &Modal) -> f64 {
        let Some(extruder) = self.dialect.grammar.extruder else {
            return 0.0;
        };
        if block.owns(b'E') {
            return 0.0;
        }
        let Some(e) = block.take(b'E').map(|v| v * new.unit_mm()) else {
            return 0.0;
        };
        if block.once == Once::Shift {
            self.filament = e;
            return 0.0;
        }
        self.feed_by(e, extruder.is_relative(new))
    }

    /// The same of an E word of so many mm.
    pub(super) fn feed_by(&mut self, e: f64, relative: bool) -> f64 {
        let fed = if relative { e } else { e - self.filament };
        self.filament += fed;
        fed
    }

    /// Whether a move that feeds so much filament prints along a line or an arc at one
    /// height, under a state in which it can be written anew.
    pub(super) fn prints(&self, to: Point3, arc: bool, filament: f64) -> bool {
        let level = to.z.to_bits() == self.position.z.to_bits();
        let goes = arc || to.xy() != self.position.xy();
        filament > 0.0 && level && goes && self.modal.is_plain_for_prints()
    }

    /// Tells the controller of a straight move or an arc, and goes there.
    pub(super) fn go(
        &mut self,
        to: Point3,
        arc: Option<Arc>,
        rapid: bool,
        filament: f64,
        out: &mut Vec<Command>,
    ) {
        let m = &self.modal;
        let beam = if filament > 0.0 && (to != self.position || arc.is_some()) {
            Beam::On
        } else if rapid {
            Beam::Rapid
        } else if m.spindle == SpindleMode::Off {
            Beam::Stopped
        } else if m.speed > 0.0 {
            Beam::On
        } else {
            Beam::Dark
        };
        let rate = if rapid && self.dialect.grammar.rapids {
            Rate::Rapid
        } else {
            self.rate()
        };
        out.push(Command::Move(Move {
            to,
            arc,
            rate,
            beam,
            filament,
        }));
        self.position = to;
    }

    /// How fast a cutting move goes.
    fn rate(&self) -> Rate {
        let m = &self.modal;
        match m.feed_mode {
            FeedMode::PerMinute => Rate::Feed(m.feed),
            FeedMode::Inverse => Rate::Inverse(m.feed),
            FeedMode::PerTurn => Rate::Feed(m.feed * m.speed / 60.0),
        }
    }

    /// Tells the controller of a straight move by `pitch` mm for each turn of the
    /// spindle, and goes there.
    pub(super) fn go_synced(&mut self, to: Point3, pitch: f64, out: &mut Vec<Command>) {
        out.push(Command::Move(Move {
            to,
            arc: None,
            rate: Rate::Feed(pitch * self.modal.speed / 60.0),
            beam: Beam::On,
            filament: 0.0,
        }));
        self.position = to;
    }

    /// The same with all axes; gives whether others than X, Y and Z move.
    pub(super) fn go_all(
        &mut self,
        to: &Axes,
        arc: Option<Arc>,
        rapid: bool,
        filament: f64,
        out: &mut Vec<Command>,
    ) -> bool {
        let turns = self.turn_to(to, out);
        self.go(Point3::new(to[0], to[1], to[2]), arc, rapid, filament, out);
        turns
    }

    /// Tells the controller where the axes beside X, Y and Z go with the next move;
    /// gives whether they move.
    pub(super) fn turn_to(&mut self, to: &Axes, out: &mut Vec<Command>) -> bool {
        let [_, _, _, others @ ..] = *to;
        let turns = others.map(f64::to_bits) != self.others.map(f64::to_bits);
        if turns {
            out.push(Command::Axes(others));
            self.others = others;
        }
        turns
    }

    /// What there is to say about a move under this state.
    pub(super) fn notice_move(&mut self, new: &Modal) {
        if new.cutter != Cutter::Off && new.motion.is_cutting() {
            self.notices.push(Notice::Uncompensated);
        }
    }
}
