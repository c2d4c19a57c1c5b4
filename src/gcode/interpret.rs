//! The interpreter: a modal machine that takes one line after another and says
//! what the controller is told by it.
//!
//! It follows GRBL 1.1: what it accepts, in which order the words of a line take
//! effect, and that a line with anything unknown in it is ignored whole. The IR
//! builder and the streaming estimator both drive this one machine.

use super::arc;
use super::block::{Block, Flow, Once, Refusal};
use super::lex::{Fault, FaultKind, Kind, Line};
use super::modal::{Modal, Motion};
use crate::geom::Point3;
use crate::motion::{Beam, Command, Move, Rate, SpindleMode, Wait};

/// Bytes of a line that GRBL's buffer holds after blanks and comments are gone.
const LINE_BYTES: u32 = 79;

/// The greatest tool number that GRBL takes.
const MAX_TOOL: f64 = 255.0;

/// What kind of line it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Nothing at all: blank, comment, line number.
    Inert,
    /// Modal state may have changed.
    State,
    /// The machine stands still for a set time.
    Dwell,
    /// One move, perhaps with changes of state.
    Move,
    /// Anything else: nothing may be moved across it.
    Fence,
}

/// Why a line has no effect although it is not blank.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Ignored {
    /// The firmware answers with an error.
    Refused(Refusal),
    /// A part of it is no word.
    Syntax(Fault),
    /// A system command (`$…`).
    System,
}

/// What became of a line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Outcome {
    /// What kind of line it was.
    pub effect: Effect,
    /// Set when the line was ignored.
    pub ignored: Option<Ignored>,
}

/// The modal machine.
#[derive(Clone, Debug, Default)]
pub struct Interpreter {
    modal: Modal,
    position: Point3,
    systems: [Point3; 6],
    shift: Point3,
    tool_length: f64,
    homes: [Point3; 2],
}

impl Interpreter {
    /// A machine as GRBL starts: at the origin, G0 G17 G21 G90 G94 G54 M5 M9.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The modal state after the last line.
    #[must_use]
    pub const fn modal(&self) -> &Modal {
        &self.modal
    }

    /// Where the head is after the last line, machine coordinates, mm.
    #[must_use]
    pub const fn position(&self) -> Point3 {
        self.position
    }

    /// Puts the machine into a state that it was in before, at a place.
    ///
    /// Stored positions and offsets other than the current one are kept.
    pub fn set_state(&mut self, modal: &Modal, position: Point3) {
        self.modal = *modal;
        self.position = position;
    }

    /// Obeys one line; what the controller is told is added to `out`, in the
    /// order in which it obeys.
    pub fn execute(&mut self, bytes: &[u8], line: &Line, out: &mut Vec<Command>) -> Outcome {
        let ignored = |why| Outcome {
            effect: Effect::Fence,
            ignored: Some(why),
        };
        match line.kind {
            Kind::Blank => {
                return Outcome {
                    effect: Effect::Inert,
                    ignored: None,
                };
            }
            Kind::System => {
                if is_homing(bytes) {
                    out.push(Command::Wait(Wait::Homing));
                }
                return ignored(Ignored::System);
            }
            Kind::Block => {}
        }
        if let Some(fault) = line.fault
            && fault.kind != FaultKind::OpenComment
        {
            return ignored(Ignored::Syntax(fault));
        }
        if line.stored > LINE_BYTES {
            return ignored(Ignored::Refused(Refusal::TooLong));
        }
        match Block::sort(&line.words).and_then(|block| self.run(block, out)) {
            Ok(effect) => Outcome {
                effect,
                ignored: None,
            },
            Err(refusal) => ignored(Ignored::Refused(refusal)),
        }
    }

    /// Checks all of the block first, then obeys: a refused line changes nothing.
    fn run(&mut self, mut block: Block, out: &mut Vec<Command>) -> Result<Effect, Refusal> {
        let old = self.modal;
        let mut new = old;
        let _line_number = block.take(b'N');
        let use_of_axes = self.use_of_axes(&block)?;
        let moves = use_of_axes == Axes::Motion && block.axes().iter().any(Option::is_some);

        new.inverse_time = block.inverse_time.unwrap_or(old.inverse_time);
        new.inches = block.inches.unwrap_or(old.inches);
        new.plane = block.plane.unwrap_or(old.plane);
        new.relative = block.relative.unwrap_or(old.relative);
        new.motion = block.motion.unwrap_or(old.motion);
        let unit = new.unit_mm();
        new.feed = feed(&old, &new, block.take(b'F'), moves)?;
        new.speed = block.take(b'S').unwrap_or(old.speed);
        new.tool = tool(block.take(b'T'), old.tool)?;
        new.spindle = block.spindle.unwrap_or(old.spindle);
        new.flood = block.flood.unwrap_or(old.flood);
        new.system = block.system.unwrap_or(old.system);

        let dwell = match block.once {
            Once::Dwell => Some(block.take(b'P').ok_or(Refusal::Missing("P"))?),
            _ => None,
        };
        let mut after = Stores {
            systems: self.systems,
            shift: self.shift,
            tool_length: self.tool_length,
            homes: self.homes,
        };
        if use_of_axes == Axes::ToolLength {
            let [x, y, z] = block.take_axes();
            match (x, y, z) {
                (None, None, Some(z)) => after.tool_length = z * unit,
                _ => return Err(Refusal::Mode("G43.1 takes a Z word and no other axis")),
            }
        } else if block.tool_length == Some(false) {
            after.tool_length = 0.0;
        }
        let target = self.special(&mut block, &new, unit, &mut after)?;
        let step = if use_of_axes == Axes::Motion {
            self.motion(&mut block, &new, unit, moves)?
        } else {
            None
        };
        if let Some(letter) = block.unused() {
            return Err(Refusal::Unused(letter));
        }

        let offsets_change = new.system != old.system
            || block.tool_length.is_some()
            || matches!(
                block.once,
                Once::SetOffsets | Once::StoreHome(_) | Once::Shift | Once::ClearShift
            );
        self.tell_state(&old, &new, moves, out);
        if let Some(seconds) = dwell {
            out.push(Command::Dwell { seconds });
        }
        if offsets_change {
            out.push(Command::Wait(Wait::Offsets));
        }
        self.systems = after.systems;
        self.shift = after.shift;
        self.tool_length = after.tool_length;
        self.homes = after.homes;
        new.offset = self.offset_of(new.system);
        self.modal = new;
        if let Some(places) = target {
            for to in places.into_iter().flatten() {
                self.go(to, None, Beam::Rapid, out);
            }
        }
        let probing = new.motion == Motion::Probe && step.is_some();
        if let Some(step) = step {
            if probing {
                out.push(Command::Wait(Wait::Probe));
                self.position = step.to;
            } else {
                let beam = beam(&new);
                self.go(step.to, step.arc, beam, out);
            }
        }
        let ends = self.flow(block.flow, out);
        let fence = ends
            || offsets_change
            || probing
            || block.machine
            || matches!(block.once, Once::Home(_))
            || dwell.is_some() && step.is_some();
        Ok(if fence {
            Effect::Fence
        } else if step.is_some() {
            Effect::Move
        } else if dwell.is_some() {
            Effect::Dwell
        } else {
            Effect::State
        })
    }

    /// Which command the axis words belong to.
    fn use_of_axes(&self, block: &Block) -> Result<Axes, Refusal> {
        let once = matches!(block.once, Once::SetOffsets | Once::Home(_) | Once::Shift);
        let motion = block.motion.is_some_and(|m| m != Motion::Cancelled);
        let length = block.tool_length == Some(true);
        if usize::from(once) + usize::from(motion) + usize::from(length) > 1 {
            return Err(Refusal::Mode("two commands of the line use its axis words"));
        }
        Ok(if once {
            Axes::Once
        } else if length {
            Axes::ToolLength
        } else if motion || block.axes().iter().any(Option::is_some) {
            Axes::Motion
        } else {
            Axes::None
        })
    }

    /// Offsets and stored positions; for G28 and G30 the places to go to.
    fn special(
        &self,
        block: &mut Block,
        new: &Modal,
        unit: f64,
        after: &mut Stores,
    ) -> Result<Option<[Option<Point3>; 2]>, Refusal> {
        match block.once {
            Once::SetOffsets => self.set_offsets(block, new, unit, after).map(|()| None),
            Once::Shift => {
                let words = block.take_axes();
                if words.iter().all(Option::is_none) {
                    return Err(Refusal::Missing("an axis word"));
                }
                let base = after.systems[usize::from(new.system)]
                    + Point3::new(0.0, 0.0, after.tool_length);
                let here = (self.position - base).to_array();
                let mut shift = after.shift.to_array();
                for i in 0..3 {
                    if let Some(v) = words[i] {
                        shift[i] = here[i] - v * unit;
                    }
                }
                after.shift = shift.into();
                Ok(None)
            }
            Once::ClearShift => {
                after.shift = Point3::default();
                Ok(None)
            }
            Once::StoreHome(i) => {
                after.homes[i] = self.position;
                Ok(None)
            }
            Once::Home(i) => {
                let words = block.take_axes();
                let home = self.homes[i].to_array();
                if words.iter().all(Option::is_none) {
                    return Ok(Some([None, Some(home.into())]));
                }
                let via = self.target(words, new, unit, false);
                let mut to = via.to_array();
                for axis in 0..3 {
                    if words[axis].is_some() {
                        to[axis] = home[axis];
                    }
                }
                Ok(Some([Some(via), Some(to.into())]))
            }
            Once::None | Once::Dwell => Ok(None),
        }
    }

    fn set_offsets(
        &self,
        block: &mut Block,
        new: &Modal,
        unit: f64,
        after: &mut Stores,
    ) -> Result<(), Refusal> {
        let p = block.take(b'P').ok_or(Refusal::Missing("P"))?;
        let l = block.take(b'L').ok_or(Refusal::Missing("L"))?;
        let words = block.take_axes();
        if words.iter().all(Option::is_none) {
            return Err(Refusal::Missing("an axis word"));
        }
        let index = match p {
            p if !(0.0..7.0).contains(&p) => {
                return Err(Refusal::Mode("G10 takes P0 to P6"));
            }
            p if p < 1.0 => usize::from(new.system),
            p => p as usize - 1,
        };
        let here =
            (self.position - after.shift - Point3::new(0.0, 0.0, after.tool_length)).to_array();
        let mut system = after.systems[index].to_array();
        for i in 0..3 {
            if let Some(v) = words[i] {
                system[i] = match l as i64 {
                    2 => v * unit,
                    20 => here[i] - v * unit,
                    _ => return Err(Refusal::Mode("G10 takes L2 or L20")),
                };
            }
        }
        after.systems[index] = system.into();
        Ok(())
    }

    /// The move that the line asks for, if any.
    fn motion(
        &self,
        block: &mut Block,
        new: &Modal,
        unit: f64,
        moves: bool,
    ) -> Result<Option<Step>, Refusal> {
        if block.machine && !matches!(new.motion, Motion::Rapid | Motion::Linear) {
            return Err(Refusal::Mode("G53 goes with G0 and G1 only"));
        }
        if new.motion != Motion::Rapid && new.motion != Motion::Cancelled && new.feed <= 0.0 {
            return Err(Refusal::NoFeed);
        }
        let words = block.axes();
        let to = self.target(words, new, unit, block.machine);
        match new.motion {
            Motion::Cancelled => Err(Refusal::Mode("axis words in G80 mode")),
            Motion::Rapid | Motion::Linear => {
                let _ = block.take_axes();
                Ok(moves.then_some(Step { to, arc: None }))
            }
            Motion::Probe => {
                if !moves {
                    return Err(Refusal::Missing("an axis word"));
                }
                let _ = block.take_axes();
                Ok(Some(Step { to, arc: None }))
            }
            Motion::ArcCw | Motion::ArcCcw => {
                let [a, b, _] = new.plane.axes();
                if words[a].is_none() && words[b].is_none() {
                    return Err(Refusal::Missing("an axis word in the arc's plane"));
                }
                let form = arc::Form {
                    radius: block.take(b'R').map(|r| r * unit),
                    offsets: if block.get(b'R').is_some() {
                        [None; 3]
                    } else {
                        [b'I', b'J', b'K'].map(|c| block.get(c).map(|v| v * unit))
                    },
                };
                let arc = arc::resolve(
                    self.position,
                    to,
                    &form,
                    new.plane,
                    new.motion == Motion::ArcCw,
                )?;
                if form.radius.is_none() {
                    for c in [b'I', b'J', b'K'] {
                        let _ = block.take(c);
                    }
                }
                let _ = block.take_axes();
                Ok(Some(Step { to, arc: Some(arc) }))
            }
        }
    }

    fn target(&self, words: [Option<f64>; 3], new: &Modal, unit: f64, machine: bool) -> Point3 {
        let here = self.position.to_array();
        let offset = if machine {
            [0.0; 3]
        } else {
            self.offset_of(new.system).to_array()
        };
        let mut to = here;
        for i in 0..3 {
            if let Some(v) = words[i] {
                to[i] = v * unit
                    + if machine {
                        0.0
                    } else if new.relative {
                        here[i]
                    } else {
                        offset[i]
                    };
            }
        }
        to.into()
    }

    fn offset_of(&self, system: u8) -> Point3 {
        self.systems[usize::from(system)] + self.shift + Point3::new(0.0, 0.0, self.tool_length)
    }

    fn tell_state(&self, old: &Modal, new: &Modal, moves: bool, out: &mut Vec<Command>) {
        if !moves && old.motion.is_cutting() != new.motion.is_cutting() {
            out.push(Command::MotionMode {
                cutting: new.motion.is_cutting(),
            });
        }
        if new.speed.to_bits() != old.speed.to_bits() {
            out.push(Command::SpindleSpeed {
                speed: new.speed,
                moving: moves,
            });
        }
        if new.spindle != old.spindle {
            out.push(Command::SpindleMode(new.spindle));
        }
        if new.flood != old.flood {
            out.push(Command::Coolant);
        }
    }

    fn go(
        &mut self,
        to: Point3,
        arc: Option<crate::motion::Arc>,
        beam: Beam,
        out: &mut Vec<Command>,
    ) {
        let rate = match beam {
            Beam::Rapid => Rate::Rapid,
            _ if self.modal.inverse_time => Rate::Inverse(self.modal.feed),
            _ => Rate::Feed(self.modal.feed),
        };
        out.push(Command::Move(Move {
            to,
            arc,
            rate,
            beam,
        }));
        self.position = to;
    }

    /// Obeys the program flow; `true` when nothing may be moved across it.
    fn flow(&mut self, flow: Flow, out: &mut Vec<Command>) -> bool {
        match flow {
            Flow::Run | Flow::OptionalPause => return false,
            Flow::Pause => out.push(Command::Wait(Wait::Operator)),
            Flow::End => {
                out.push(Command::Wait(Wait::End));
                if self.modal.spindle != SpindleMode::Off {
                    out.push(Command::SpindleMode(SpindleMode::Off));
                }
                self.modal = Modal {
                    motion: Motion::Linear,
                    inches: self.modal.inches,
                    tool: self.modal.tool,
                    feed: self.modal.feed,
                    speed: self.modal.speed,
                    offset: self.offset_of(0),
                    ..Modal::START
                };
            }
        }
        true
    }
}

/// What a move does to the material, as far as the modal state tells.
const fn beam(modal: &Modal) -> Beam {
    if !modal.motion.is_cutting() {
        Beam::Rapid
    } else if matches!(modal.spindle, SpindleMode::Off) {
        Beam::Stopped
    } else if modal.speed > 0.0 {
        Beam::On
    } else {
        Beam::Dark
    }
}

fn is_homing(bytes: &[u8]) -> bool {
    let plain: Vec<u8> = bytes
        .iter()
        .filter(|b| **b > b' ')
        .map(u8::to_ascii_uppercase)
        .collect();
    plain.starts_with(b"$H")
}

fn feed(old: &Modal, new: &Modal, word: Option<f64>, moves: bool) -> Result<f64, Refusal> {
    if new.inverse_time {
        // Once per so many minutes; it must stand on each line that cuts.
        return match word {
            Some(v) => Ok(v / 60.0),
            None if moves && new.motion.is_cutting() => Err(Refusal::NoFeed),
            None if old.inverse_time => Ok(old.feed),
            None => Ok(0.0),
        };
    }
    Ok(match word {
        Some(v) => v * new.unit_mm() / 60.0,
        None if old.inverse_time => 0.0,
        None => old.feed,
    })
}

fn tool(word: Option<f64>, old: u32) -> Result<u32, Refusal> {
    match word {
        None => Ok(old),
        Some(t) if t <= MAX_TOOL => Ok(t as u32),
        Some(_) => Err(Refusal::Mode("the tool number is above 255")),
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Axes {
    None,
    Once,
    ToolLength,
    Motion,
}

/// What a line may store, so that a refused line stores nothing.
struct Stores {
    systems: [Point3; 6],
    shift: Point3,
    tool_length: f64,
    homes: [Point3; 2],
}

#[derive(Clone, Copy)]
struct Step {
    to: Point3,
    arc: Option<crate::motion::Arc>,
}
