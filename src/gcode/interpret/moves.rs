//! What a line's motion comes to: straight moves, arcs, cycles, splines.

use super::super::arc;
use super::super::block::{Block, Refusal};
use super::super::cycle;
use super::super::dialect::{Dwell, Extruder};
use super::super::modal::{Cutter, FeedMode, Modal, Motion};
use super::super::polar::Polar;
use super::super::spline::{self, Nurbs, NurbsLine};
use super::super::turns;
use super::frames::{Axes, Frames, turned};
use super::{Interpreter, Notice};
use crate::geom::{Point, Point3, arc_center};
use crate::motion::{Arc, Beam, Command, Move, Plane, Rate, SpindleMode, Wait};

pub(super) use cycle::Sticky;

/// Strokes or arcs that one line may come to.
const MOST_LEGS: usize = 1_000_000;
/// How far the lines and arcs of a spline may be from it, mm.
const SPLINE_TOLERANCE: f64 = 0.001;

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

/// One piece of a series.
#[derive(Clone, Copy, Debug)]
pub(super) enum Leg {
    Rapid(Point3),
    Line(Point3),
    Arc(Point3, Arc),
    Dwell(f64),
    Spindle(SpindleMode),
    Wait(Wait),
}

/// What a series leaves for the next line.
#[derive(Debug)]
pub(super) enum After {
    Nothing,
    Cycle(Sticky),
    Cubic(Point),
    Nurbs(Option<Nurbs>),
}

/// The setting in which a line's motion is worked out.
pub(super) struct Setting<'a> {
    pub(super) new: &'a Modal,
    pub(super) frames: &'a Frames,
    pub(super) moves: bool,
}

impl Interpreter {
    /// The move that the line asks for, if any; nothing is changed yet.
    pub(super) fn motion(&mut self, block: &mut Block, s: &Setting) -> Result<Step, Refusal> {
        let (new, grammar) = (s.new, &self.dialect.grammar);
        if block.machine && !matches!(new.motion, Motion::Rapid | Motion::Linear) {
            return Err(Refusal::Mode("G53 goes with G0 and G1 only"));
        }
        let needs_feed = !matches!(new.motion, Motion::Rapid | Motion::Cancelled);
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
            Motion::Thread => self.thread(block, s),
        }
    }

    /// Where the axis words lead; they are used by this.
    fn end(&self, block: &mut Block, s: &Setting) -> Result<Axes, Refusal> {
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
        if by_radius && !grammar.arc_radius {
            return Err(Refusal::Arc("this firmware takes no R; give its centre"));
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
        let angle = s.frames.rotations[usize::from(new.system)];
        if angle != 0.0 && new.plane == Plane::Xy && !by_radius {
            let (i, j) = (offsets[0].unwrap_or(0.0), offsets[1].unwrap_or(0.0));
            let turned = turned(Point::new(i, j), angle);
            (offsets[0], offsets[1]) = (Some(turned.x), Some(turned.y));
        }
        let form = arc::Form {
            radius: block.take(b'R').map(|r| r * unit),
            offsets: if by_radius { [None; 3] } else { offsets },
            exact: grammar.radii_checked,
        };
        let place = |p: &Axes| Point3::new(p[0], p[1], p[2]);
        let clockwise = new.motion == Motion::ArcCw;
        let arc = arc::resolve(place(&from), place(&to), &form, new.plane, clockwise)?;
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
                let mut arcs = Vec::new();
                turns::unwind(place(&from), place(&to), &arc, count, MOST_LEGS, &mut arcs)
                    .map_err(bad)?;
                let legs = arcs.into_iter().map(|(end, arc)| Leg::Arc(end, arc));
                return Ok(Step::Many(legs.collect(), After::Nothing));
            }
        }
        Ok(Step::Arc(to, arc))
    }

    fn cycle(&self, block: &mut Block, s: &Setting, number: u8) -> Result<Step, Refusal> {
        let new = s.new;
        let Some(kind) = cycle::Kind::of_g(u16::from(number)) else {
            return Err(Refusal::Cycle("this cycle is not known"));
        };
        let rules = self.dialect.grammar.cycles;
        let mut words = cycle::Words {
            axes: block.take_axes(),
            polar: Polar {
                radius: block.polar[0].take(),
                angle: block.polar[1].take().map(f64::to_radians),
            },
            clear: block.take(b'R'),
            repeats: block.take(rules.repeats),
            ..cycle::Words::default()
        };
        if kind.reads(b'Q', &rules) {
            words.peck = block.take(b'Q');
        }
        if kind.reads(b'P', &rules) {
            let millis = self.dialect.grammar.dwell == Dwell::MillisOrX;
            let second = if millis { 1000.0 } else { 1.0 };
            words.dwell = block.take(b'P').map(|p| p / second);
        }
        if kind.reads(b'I', &rules) {
            words.offsets = [b'I', b'J', b'K'].map(|c| block.take(c));
        }
        let place = s.frames.program(&self.axes(), new.system);
        let setting = cycle::Setting {
            plane: new.plane,
            at: Point3::new(place[0], place[1], place[2]),
            unit: new.unit_mm(),
            relative: new.relative,
            to_level: !new.returns_to_r,
            spindle: new.spindle,
            rules,
        };
        let mut sticky = self.cycle;
        let cycle = cycle::resolve(kind, &words, &setting, &mut sticky).map_err(cycle_fault)?;
        let mut strokes = Vec::new();
        let end = cycle::unfold(&cycle, MOST_LEGS, &mut strokes).map_err(cycle_fault)?;
        let machine = |p: Point3| {
            let mut q = place;
            [q[0], q[1], q[2]] = p.to_array();
            let m = s.frames.machine(&q, new.system);
            Point3::new(m[0], m[1], m[2])
        };
        let mut legs: Vec<Leg> = strokes
            .into_iter()
            .map(|stroke| match stroke {
                cycle::Stroke::Rapid(p) => Leg::Rapid(machine(p)),
                cycle::Stroke::Feed(p) => Leg::Line(machine(p)),
                cycle::Stroke::Dwell(s) => Leg::Dwell(s),
                cycle::Stroke::Spindle(mode) => Leg::Spindle(mode),
                cycle::Stroke::Orient => Leg::Wait(Wait::Spindle),
                cycle::Stroke::Operator => Leg::Wait(Wait::Operator),
            })
            .collect();
        let last = legs.iter().rev().find_map(|l| match l {
            Leg::Rapid(p) | Leg::Line(p) => Some(*p),
            _ => None,
        });
        if last.is_some_and(|p| p.distance(machine(end)) > 1e-9) {
            legs.push(Leg::Rapid(machine(end)));
        }
        Ok(Step::Many(legs, After::Cycle(sticky)))
    }

    fn spline(&self, block: &mut Block, s: &Setting) -> Result<Step, Refusal> {
        let new = s.new;
        spline::check(new.plane, block.has_any(b"Z")).map_err(spline_fault)?;
        let to = self.end(block, s)?;
        let unit = new.unit_mm();
        let mut pair = |a, b| {
            [
                block.take(a).map(|v| v * unit),
                block.take(b).map(|v| v * unit),
            ]
        };
        let ij = pair(b'I', b'J');
        let mut out = Vec::new();
        let ends = [self.position.xy(), Point::new(to[0], to[1])];
        let after = if new.motion == Motion::Quadratic {
            spline::quadratic(ends, ij, SPLINE_TOLERANCE, &mut out).map_err(spline_fault)?;
            After::Nothing
        } else {
            let pq = pair(b'P', b'Q');
            if self.dialect.grammar.strict {
                let done = spline::cubic(ends, ij, pq, self.smooth, SPLINE_TOLERANCE, &mut out);
                After::Cubic(done.map_err(spline_fault)?)
            } else {
                spline::cubic_marlin(ends, ij, pq, SPLINE_TOLERANCE, &mut out)
                    .map_err(spline_fault)?;
                After::Nothing
            }
        };
        Ok(Step::Many(self.bulges(&out, to[2]), after))
    }

    fn nurbs(&mut self, block: &mut Block, s: &Setting) -> Result<Step, Refusal> {
        let z = self.position.z;
        if s.new.motion == Motion::NurbsEnd {
            let none = Err(Refusal::Spline("G5.3 without G5.2 before it"));
            let Some(nurbs) = &self.nurbs else {
                return none;
            };
            let mut out = Vec::new();
            let _ = nurbs
                .finish(SPLINE_TOLERANCE, &mut out)
                .map_err(spline_fault)?;
            return Ok(Step::Many(self.bulges(&out, z), After::Nurbs(None)));
        }
        let has = [block.get(b'X').is_some(), block.get(b'Y').is_some()];
        let mut nurbs = match &self.nurbs {
            Some(nurbs) => nurbs.clone(),
            None => Nurbs::new(self.position.xy()),
        };
        let to = self.end(block, s)?;
        let line = NurbsLine {
            target: [has[0].then_some(to[0]), has[1].then_some(to[1])],
            weight: block.take(b'P'),
            order: block.take(b'L'),
        };
        nurbs.add(&line).map_err(spline_fault)?;
        Ok(Step::Many(Vec::new(), After::Nurbs(Some(nurbs))))
    }

    /// Lines and arcs by bulge, from where the head is.
    fn bulges(&self, spans: &[(Point, f64)], z: f64) -> Vec<Leg> {
        let mut from = self.position.xy();
        let mut legs = Vec::with_capacity(spans.len());
        for &(to, bulge) in spans {
            let end = Point3::new(to.x, to.y, z);
            legs.push(match arc_center(from, to, bulge) {
                Some(center) if bulge != 0.0 => Leg::Arc(
                    end,
                    Arc {
                        plane: Plane::Xy,
                        offset: center - from,
                        radius: center.distance(from),
                        clockwise: bulge < 0.0,
                    },
                ),
                _ => Leg::Line(end),
            });
            from = to;
        }
        legs
    }

    /// G33: a move in step with the spindle, and for G33.1 back again. G76 is not
    /// taken apart: it ends where it began.
    fn thread(&self, block: &mut Block, s: &Setting) -> Result<Step, Refusal> {
        let Some(pitch) = block.take(b'K') else {
            return Err(Refusal::Missing("K"));
        };
        let mut legs = vec![Leg::Wait(Wait::Thread)];
        if block.get(b'P').is_some() {
            block.take_all();
            return Ok(Step::Many(legs, After::Nothing));
        }
        let _ = pitch;
        let to = self.end(block, s)?;
        legs.push(Leg::Line(Point3::new(to[0], to[1], to[2])));
        Ok(Step::Many(legs, After::Nothing))
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

    /// How much filament the E word feeds, mm; it counts from now on.
    pub(super) fn feed_filament(&mut self, block: &mut Block, new: &Modal) -> f64 {
        let Some(extruder) = self.dialect.grammar.extruder else {
            return 0.0;
        };
        let Some(e) = block.take(b'E').map(|v| v * new.unit_mm()) else {
            return 0.0;
        };
        let relative = new.filament_relative || extruder == Extruder::Either && new.relative;
        let fed = if relative { e } else { e - self.filament };
        self.filament += fed;
        fed
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
        let beam = if filament > 0.0 && to != self.position {
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
            match m.feed_mode {
                FeedMode::PerMinute => Rate::Feed(m.feed),
                FeedMode::Inverse => Rate::Inverse(m.feed),
                FeedMode::PerTurn => Rate::Feed(m.feed * m.speed / 60.0),
            }
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

    /// The same with all axes; gives whether others than X, Y and Z move.
    pub(super) fn go_all(
        &mut self,
        to: &Axes,
        arc: Option<Arc>,
        rapid: bool,
        filament: f64,
        out: &mut Vec<Command>,
    ) -> bool {
        let [x, y, z, a, b, c, u, v, w] = *to;
        let others = [a, b, c, u, v, w];
        let turns = others.map(f64::to_bits) != self.others.map(f64::to_bits);
        if turns {
            out.push(Command::Axes(others));
            self.others = others;
        }
        self.go(Point3::new(x, y, z), arc, rapid, filament, out);
        turns
    }

    /// Runs a series, and keeps what it leaves.
    pub(super) fn run_series(&mut self, legs: &[Leg], after: After, out: &mut Vec<Command>) {
        for leg in legs {
            match *leg {
                Leg::Rapid(p) => self.go(p, None, true, 0.0, out),
                Leg::Line(p) => self.go(p, None, false, 0.0, out),
                Leg::Arc(p, arc) => self.go(p, Some(arc), false, 0.0, out),
                Leg::Dwell(seconds) => out.push(Command::Dwell { seconds }),
                Leg::Spindle(mode) => {
                    out.push(Command::SpindleMode(mode));
                    self.modal.spindle = mode;
                }
                Leg::Wait(wait) => out.push(Command::Wait(wait)),
            }
        }
        match after {
            After::Nothing => {}
            After::Cycle(sticky) => self.cycle = sticky,
            After::Cubic(next) => self.smooth = Some(next),
            After::Nurbs(nurbs) => self.nurbs = nurbs,
        }
    }

    /// What there is to say about a move under this state.
    pub(super) fn notice_move(&mut self, new: &Modal) {
        if new.cutter != Cutter::Off && new.motion.is_cutting() {
            self.notices.push(Notice::Uncompensated);
        }
    }
}

const fn cycle_fault(fault: cycle::Fault) -> Refusal {
    use cycle::Fault;
    Refusal::Cycle(match fault {
        Fault::NoAxis => "it has no axis word",
        Fault::Missing(b'R') => "R is missing",
        Fault::Missing(b'Q') => "Q is missing",
        Fault::Missing(b'P') => "P is missing",
        Fault::Missing(_) => "a word that the first line of a cycle needs is missing",
        Fault::ClearBelowBottom => "R is below the bottom of the hole",
        Fault::Peck => "Q must be above 0",
        Fault::Dwell => "P must not be below 0",
        Fault::Repeats => "the repeats must be a whole number, 1 or more",
        Fault::SpindleStopped => "the spindle must turn",
        Fault::SpindleDirection => "the spindle turns the wrong way",
        Fault::Polar(_) => "the polar words @ and ^ give no place here",
        Fault::Unknown => "this control has another cycle of this number",
        Fault::Range => "a number is too large",
        Fault::TooMany => "it would make more than a million moves",
    })
}

const fn spline_fault(fault: spline::SplineFault) -> Refusal {
    use spline::SplineFault as Fault;
    Refusal::Spline(match fault {
        Fault::Plane => "it needs the plane G17",
        Fault::OtherAxis => "it moves X and Y only",
        Fault::Start => "I and J must both stand on the first line",
        Fault::End => "P and Q are missing",
        Fault::Axes => "X and Y must both be there",
        Fault::Weight => "the weight P must be above 0",
        Fault::LateWeight => "only the first line may have P alone",
        Fault::Order => "the order L is out of range",
        Fault::Range => "a number is too large",
        Fault::TooFewPoints => "there are fewer control points than its order",
    })
}
