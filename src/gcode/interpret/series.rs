//! Lines that come to a series of moves: cycles, splines, threads, arcs of several
//! turns.

use super::super::block::{Block, Refusal};
use super::super::cycle::{self, Thread};
use super::super::dialect::Dwell;
use super::super::modal::{Modal, Motion};
use super::super::polar::Polar;
use super::super::spline::{self, Nurbs, NurbsLine};
use super::super::turns::{self, TurnsFault};
use super::Interpreter;
use super::frames::Axes;
use super::moves::{Setting, Step};
use crate::geom::{Point, Point3, arc_center};
use crate::motion::{Arc, Command, Plane, SpindleMode, Wait};

pub(super) use cycle::Sticky;

/// Strokes or arcs that one line may come to.
pub(super) const MOST_LEGS: usize = 1_000_000;
/// Lines and arcs that one NURBS may come to; each of them has to be fitted.
const MOST_PIECES: usize = 125_000;
/// What all NURBS of a program may take to fit, see [`Nurbs::work`].
const MOST_WORK: u64 = 20_000_000;
/// How far the lines and arcs of a spline may be from it, mm.
const SPLINE_TOLERANCE: f64 = 0.001;

/// One piece of a series.
#[derive(Clone, Copy, Debug)]
pub(super) enum Leg {
    /// A rapid.
    Rapid(Point3),
    /// A straight cut.
    Line(Point3),
    /// In step with the spindle, by so many mm for a turn.
    Synced(Point3, f64),
    /// Where the axes beside X, Y and Z go with the next piece.
    Axes([f64; 6]),
    /// The tool is there from here on.
    Place(Point3),
    /// An arc.
    Arc(Point3, Arc),
    /// A dwell, s.
    Dwell(f64),
    /// The spindle is set.
    Spindle(SpindleMode),
    /// The machine waits.
    Wait(Wait),
}

/// What a series leaves for the next line.
#[derive(Debug)]
pub(super) enum After {
    Nothing,
    Cycle(Sticky),
    Cubic(Point),
    /// The next line of a NURBS, or its end.
    Nurbs(Option<NurbsLine>),
}

impl Interpreter {
    /// Runs a series, and keeps what it leaves.
    pub(super) fn run_series(&mut self, legs: &[Leg], after: After, out: &mut Vec<Command>) {
        for leg in legs {
            match *leg {
                Leg::Rapid(p) => self.go(p, None, true, 0.0, out),
                Leg::Line(p) => self.go(p, None, false, 0.0, out),
                Leg::Synced(p, pitch) => self.go_synced(p, pitch, out),
                Leg::Axes(others) => {
                    out.push(Command::Axes(others));
                    self.others = others;
                }
                Leg::Arc(p, arc) => self.go(p, Some(arc), false, 0.0, out),
                Leg::Place(p) => {
                    self.position = p;
                    out.push(Command::Place(p));
                }
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
            After::Nurbs(None) => {
                self.fitted += self.nurbs.take().map_or(0, |n| n.work());
            }
            After::Nurbs(Some(line)) => {
                let start = self.position.xy();
                let nurbs = self.nurbs.get_or_insert_with(|| Nurbs::new(start));
                // It was checked before the line was obeyed.
                let _ = nurbs.add(&line);
            }
        }
    }

    pub(super) fn cycle(
        &self,
        block: &mut Block,
        s: &Setting,
        number: u8,
    ) -> Result<Step, Refusal> {
        let new = s.new;
        let Some(kind) = cycle::Kind::of_g(u16::from(number)) else {
            return Err(Refusal::Cycle("this cycle is not known"));
        };
        let rules = self.dialect.grammar.cycles;
        let mut axes = block.take_axes();
        if new.diameter {
            axes[0] = axes[0].map(|x| x / 2.0);
        }
        let mut words = cycle::Words {
            axes,
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
            xyz(&s.frames.machine(&q, new.system))
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
        // Somebody brought it there.
        if last.is_some_and(|p| p.distance(machine(end)) > 1e-9) {
            legs.push(Leg::Place(machine(end)));
        }
        Ok(Step::Many(legs, After::Cycle(sticky)))
    }

    /// G33: a move in step with the spindle, and for G33.1 back again.
    pub(super) fn thread(&self, block: &mut Block, s: &Setting) -> Result<Step, Refusal> {
        if s.new.spindle == SpindleMode::Off {
            return Err(Refusal::Mode("the spindle must turn"));
        }
        let pitch = block.take(b'K').ok_or(Refusal::Missing("K"))? * s.new.unit_mm();
        let to = self.end(block, s)?;
        let mut legs = vec![Leg::Wait(Wait::Thread)];
        if s.new.motion == Motion::RigidTap {
            legs.push(Leg::Synced(xyz(&to), pitch));
            legs.push(Leg::Synced(self.position, pitch));
        } else {
            legs.extend(self.turned_axes(&to, 1.0));
            legs.push(Leg::Synced(xyz(&to), pitch));
        }
        Ok(Step::Many(legs, After::Nothing))
    }

    /// G76.
    pub(super) fn thread_cycle(&self, block: &mut Block, s: &Setting) -> Result<Step, Refusal> {
        let new = s.new;
        if new.spindle == SpindleMode::Off {
            return Err(Refusal::Mode("the spindle must turn"));
        }
        let to = self.end(block, s)?;
        if to[3..6] != self.others[..3] {
            return Err(Refusal::Mode("G76 moves no rotary axis"));
        }
        let thread = thread_words(block, new)?;
        thread.check().map_err(cycle_fault)?;
        let place = s.frames.program(&self.axes(), new.system);
        let unit = new.unit_mm();
        let from = Point::new(place[0] / unit, place[2] / unit);
        let end = s.frames.program(&to, new.system)[2] / unit;
        let mut passes = Vec::new();
        thread
            .passes(from, end, MOST_LEGS, &mut passes)
            .map_err(cycle_fault)?;
        let machine = |p: Point| {
            let mut q = place;
            (q[0], q[2]) = (p.x * unit, p.y * unit);
            xyz(&s.frames.machine(&q, new.system))
        };
        let mut legs = vec![Leg::Wait(Wait::Thread)];
        legs.extend(passes.into_iter().map(|pass| match pass {
            cycle::Pass::Rapid(p) => Leg::Rapid(machine(p)),
            cycle::Pass::Cut(p, pitch) => Leg::Synced(machine(p), pitch * unit),
        }));
        legs.push(Leg::Rapid(xyz(&to)));
        Ok(Step::Many(legs, After::Nothing))
    }

    /// Arcs one after the other, round and round to the end of one of several turns.
    pub(super) fn turns(&self, to: &Axes, arc: &Arc, count: u32) -> Result<Step, TurnsFault> {
        let mut arcs = Vec::new();
        turns::unwind(self.position, xyz(to), arc, count, MOST_LEGS, &mut arcs)?;
        let mut legs = Vec::with_capacity(arcs.len());
        for (end, arc, share) in arcs {
            legs.extend(self.turned_axes(to, share));
            legs.push(Leg::Arc(end, arc));
        }
        Ok(Step::Many(legs, After::Nothing))
    }

    /// The axes beside X, Y and Z on a share of their way; `None` where they rest.
    fn turned_axes(&self, to: &Axes, share: f64) -> Option<Leg> {
        let others: [f64; 6] = std::array::from_fn(|i| {
            let (from, to) = (self.others[i], to[i + 3]);
            if share < 1.0 {
                from + (to - from) * share
            } else {
                to
            }
        });
        let same = others.map(f64::to_bits) == self.others.map(f64::to_bits);
        (!same).then_some(Leg::Axes(others))
    }

    pub(super) fn spline(&self, block: &mut Block, s: &Setting) -> Result<Step, Refusal> {
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

    pub(super) fn nurbs(&self, block: &mut Block, s: &Setting) -> Result<Step, Refusal> {
        let z = self.position.z;
        if s.new.motion == Motion::NurbsEnd {
            let none = Err(Refusal::Spline("G5.3 without G5.2 before it"));
            let Some(nurbs) = &self.nurbs else {
                return none;
            };
            if self.fitted + nurbs.work() > MOST_WORK {
                return Err(Refusal::TooManyMoves);
            }
            let mut out = Vec::new();
            let _ = nurbs
                .finish(SPLINE_TOLERANCE, MOST_PIECES, &mut out)
                .map_err(spline_fault)?;
            return Ok(Step::Many(self.bulges(&out, z), After::Nurbs(None)));
        }
        let has = [block.get(b'X').is_some(), block.get(b'Y').is_some()];
        let to = self.end(block, s)?;
        let line = NurbsLine {
            target: [has[0].then_some(to[0]), has[1].then_some(to[1])],
            weight: block.take(b'P'),
            order: block.take(b'L'),
        };
        let checked = match &self.nurbs {
            Some(nurbs) => nurbs.check(&line),
            None => Nurbs::new(self.position.xy()).check(&line),
        };
        let _ = checked.map_err(spline_fault)?;
        Ok(Step::Many(Vec::new(), After::Nurbs(Some(line))))
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
}

/// The words of G76; in diameter mode I, J and K are differences of diameters.
fn thread_words(block: &mut Block, new: &Modal) -> Result<Thread, Refusal> {
    let mut word = |letter: u8| block.take(letter);
    let across = if new.diameter { 0.5 } else { 1.0 };
    let pitch = word(b'P').ok_or(Refusal::Missing("P"))?;
    let (Some(i), Some(j), Some(k)) = (word(b'I'), word(b'J'), word(b'K')) else {
        return Err(Refusal::Missing("I, J or K"));
    };
    let whole = |v: f64, most: f64| {
        let fits = (0.0..=most).contains(&v) && (v - v.round()).abs() < 1e-4;
        fits.then(|| v.round() as u32)
            .ok_or(Refusal::Cycle("H or L is not one of its numbers"))
    };
    let springs = whole(word(b'H').unwrap_or(0.0), f64::from(u32::MAX))?;
    let tapers = whole(word(b'L').unwrap_or(0.0), 3.0)?;
    Ok(Thread {
        pitch,
        crest: i * across,
        first: j * across,
        depth: k * across,
        degression: word(b'R').unwrap_or(1.0),
        angle: word(b'Q').unwrap_or(0.0).to_radians(),
        springs,
        taper: word(b'E').unwrap_or(0.0),
        tapered: [tapers & 1 != 0, tapers & 2 != 0],
    })
}

const fn xyz(p: &Axes) -> Point3 {
    Point3::new(p[0], p[1], p[2])
}

const fn cycle_fault(fault: cycle::Fault) -> Refusal {
    use cycle::Fault;
    Refusal::Cycle(match fault {
        Fault::NoAxis => "it has no axis word",
        Fault::Missing(b'R') => "R is missing",
        Fault::Missing(b'Q') => "Q is missing",
        Fault::Missing(b'P') => "P is missing",
        Fault::Missing(_) => "a word that it needs is missing",
        Fault::ClearBelowBottom => "R is below the bottom of the hole",
        Fault::Peck => "Q must be above 0",
        Fault::Dwell => "P must not be below 0",
        Fault::Repeats => "the repeats must be a whole number, 1 or more",
        Fault::SpindleStopped => "the spindle must turn",
        Fault::SpindleDirection => "the spindle turns the wrong way",
        Fault::Polar(_) => "the polar words @ and ^ give no place here",
        Fault::Unknown => "this control has another cycle of this number",
        Fault::Thread => "P and J must be above 0, and K above J",
        Fault::Range => "a number is too large",
        Fault::TooMany => return Refusal::TooManyMoves,
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
        Fault::TooMany => "it would make more than a million moves",
    })
}
