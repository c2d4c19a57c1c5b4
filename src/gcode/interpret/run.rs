//! One block obeyed: all of it is checked first, then its words take effect in a
//! fixed order, whatever their order on the line. A refused block changes nothing.

use super::super::block::{Block, Flow, Once, Refusal};
use super::super::dialect::{Dwell, Length, Lines, Saves};
use super::super::lex::{Form, Line, Word};
use super::super::modal::{Modal, Motion};
use super::modes::{Feed, feed, modes};
use super::moves::{Setting, Step, is_reachable};
use super::{Effect, Ignored, Interpreter, Notice, Outcome, Then, settings};
use crate::geom::Point3;
use crate::motion::{self, Command, SpindleMode, Wait};
use std::sync::Arc;

/// Which command the axis words belong to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Owner {
    None,
    Once,
    ToolLength,
    Motion,
}

impl Interpreter {
    /// A line of RS274: all its words are one block.
    pub(super) fn block(&mut self, bytes: &[u8], line: &Line, out: &mut Vec<Command>) -> Outcome {
        let refused = |why| Outcome::ignored(Ignored::Refused(why));
        self.looked.set(false);
        self.notice_exponents(bytes, &line.words);
        let block = Block::sort(&line.words, self.dialect, &|w| self.value(bytes, w));
        let block = match block {
            Ok(block) => block,
            Err(why) => return refused(why),
        };
        let assigns = match self.assign(bytes, line) {
            Ok(any) => any,
            Err(why) => return refused(why),
        };
        // Parameters count before the words of the line act.
        if assigns {
            self.settle();
        }
        match self.obey(block, out) {
            Ok((_, then)) if assigns || self.looked.get() => Outcome {
                effect: Effect::Fence,
                ignored: None,
                then,
            },
            Ok((effect, then)) => Outcome {
                effect,
                ignored: None,
                then,
            },
            Err(why) => refused(why),
        }
    }

    /// `X1E5` reads as two words; whoever wrote it may have meant one number.
    pub(super) fn notice_exponents(&mut self, bytes: &[u8], words: &[Word]) {
        for pair in words.windows(2) {
            let (a, e) = (pair[0], pair[1]);
            if e.letter != b'E' || e.form != Form::Integer || !b"XYZIJKRF".contains(&a.letter) {
                continue;
            }
            let digit = |at: u32| bytes.get(at as usize).is_some_and(u8::is_ascii_digit);
            // In a line without any blanks an E word always follows a digit.
            let spaced = a.at > 0 && bytes.get(a.at as usize - 1) == Some(&b' ');
            if digit(e.at.wrapping_sub(1)) && spaced {
                self.notices.push(Notice::Exponent(e));
            }
        }
    }

    pub(super) fn obey(
        &mut self,
        mut block: Block,
        out: &mut Vec<Command>,
    ) -> Result<(Effect, Then), Refusal> {
        let grammar = &self.dialect.grammar;
        let old = self.modal;
        if block.take(b'N').is_some_and(|n| n > grammar.max_line) {
            return Err(Refusal::Mode("the line number is out of range"));
        }
        let owner = self.owner(&block)?;
        let moves = owner == Owner::Motion && self.has_targets(&block);
        let mut new = modes(&block, &old, grammar.extruder);
        // To GRBL even those of G92, G10, G28 and G43.1 are too many.
        if !grammar.idle_modes && new.motion == Motion::Cancelled && block.has_any(b"XYZ") {
            return Err(Refusal::Mode("axis words in G80 mode"));
        }
        if let Some(increment) = grammar.least_increment {
            let increment = if new.inches {
                increment / 10.0
            } else {
                increment
            };
            if block.count_increments(increment) {
                self.notices.push(Notice::Increment);
            }
        }
        let unit = if grammar.feed_before_units {
            old.unit_mm()
        } else {
            new.unit_mm()
        };
        // What a printer's command takes as its own is no modal value: the S of M104.
        let apart = grammar.lines != Lines::Block;
        let own = |block: &Block, letter| apart && block.owns(letter);
        let word = if own(&block, b'F') {
            None
        } else {
            let word = block.take(b'F');
            let word = word.filter(|f| !grammar.keeps_feed || *f > 0.0);
            word.map(|f| Feed { f, unit })
        };
        let seeks = grammar.seek_apart && word.is_some() && new.motion == Motion::Rapid;
        // Where modes that cannot run are refused, a motion word has to have its F as well.
        let asks = moves || block.motion.is_some() && !grammar.idle_modes;
        new.feed = feed(&old, &new, word, asks, grammar)?;
        let seek = seeks.then_some(new.feed).map(motion::Setting::SeekSpeed);
        if seeks {
            new.feed = old.feed;
        }
        let dwell = self.dwell(&mut block)?;
        if !own(&block, b'S') {
            new.speed = block.take(b'S').unwrap_or(old.speed);
        }
        let changes = !apart || block.wait == Some(Wait::ToolChange);
        let word = if changes { block.take(b'T') } else { None };
        new.tool = match word {
            Some(t) if t > grammar.max_tool => {
                return Err(Refusal::Mode("the tool number is out of range"));
            }
            Some(t) => t as u32,
            None => old.tool,
        };
        let e = block.get(b'E').filter(|_| grammar.extruder.is_some());
        let e = e.map(|e| e * new.unit_mm());
        if !e.is_none_or(is_reachable) {
            return Err(Refusal::Mode("no machine has so much filament"));
        }

        let change = self.change(&mut block, &new, owner == Owner::ToolLength)?;
        if !change.is_reachable() {
            return Err(Refusal::Mode("no machine reaches this place"));
        }
        let step = self.step(&mut block, &new, owner, moves, change.frames.as_deref())?;
        let set_tool = self.set_loaded(&mut block)?;
        if block.saves == Some(Saves::Restore) && !self.has_saved() {
            return Err(Refusal::Mode("no state was kept by M70 or M73"));
        }
        let filament_place = e.filter(|_| block.once == Once::Shift);
        let filament = self.feed_filament(&mut block, &new);
        let mut then = self.then(&mut block)?;
        let contour = match block.once {
            Once::Contour(kind) => Some(self.contour(&mut block, kind, &new)?),
            _ => None,
        };
        if let Some(letter) = block.unused() {
            if grammar.strict {
                return Err(Refusal::Unused(letter));
            }
            self.notices.push(Notice::Unused(letter));
        }

        if let Some(sets) = block.sets {
            settings::tell(sets, &block, new.unit_mm(), out)?;
            self.states.note(sets, out.last());
        }
        // Nothing is refused from here on.
        self.notices.extend(change.notice());
        if block.deletes_file {
            self.notices.push(Notice::DeletesFile);
        }
        if block.unmodelled {
            self.notices.push(Notice::Unmodelled);
        }
        self.notices.extend(block.repeated.map(Notice::Repeated));
        let offsets_change =
            new.system != old.system || block.tool_length.is_some() || change.frames.is_some();
        self.tell_state(&old, &new, moves, out);
        out.extend(seek.map(Command::Setting));
        if let Some(seconds) = dwell {
            out.push(Command::Dwell { seconds });
        }
        // A tool length that stays as it was is nothing to wait for.
        let same_length = new.system == old.system
            && block.once == Once::None
            && change
                .frames
                .as_ref()
                .is_some_and(|f| f.tool.map(f64::to_bits) == self.frames.tool.map(f64::to_bits));
        if offsets_change && !same_length {
            out.push(Command::Wait(Wait::Offsets));
        }
        out.extend(
            filament_place
                .map(motion::Setting::FilamentPlace)
                .map(Command::Setting),
        );
        if let Some(frames) = change.frames {
            self.frames = *frames;
        }
        if let Some((number, length)) = change.tool {
            let _ = Arc::make_mut(&mut self.frames.tools).insert(number, length);
        }
        self.frames.tell(&mut new);
        self.modal = new;
        let prints = match &step {
            Step::Line(to) | Step::Arc(to, _) => {
                let arc = matches!(step, Step::Arc(..));
                self.prints(Point3::new(to[0], to[1], to[2]), arc, filament)
            }
            _ => false,
        };
        let mut fence = offsets_change
            || block.fence
            || block.machine
            || matches!(
                block.once,
                Once::Home(_) | Once::FindHome | Once::Retract(_)
            )
            || dwell.is_some() && !matches!(step, Step::None)
            || !prints && !new.is_plain();
        if let Once::Retract(back) = block.once {
            out.push(Command::Retract { back });
        }
        if let Some(wait) = block.wait {
            self.wait(wait, &old, out);
            fence = true;
        }
        for to in change.home.into_iter().flatten().flatten() {
            let _ = self.go_all(&to, None, true, 0.0, out);
        }
        if let Some([x, y, z, ..]) = change.homed {
            self.position = Point3::new(x, y, z);
            out.push(Command::Wait(Wait::Homing));
            out.push(Command::Place(self.position));
        }
        let moved = !matches!(step, Step::None);
        if moved {
            self.notice_move(&new);
        }
        fence |= moved && filament != 0.0 && !prints;
        fence |= self.make(step, filament, out);
        if let Some(tool) = set_tool {
            self.loaded = tool;
        }
        fence |= self.save(block.saves, out);
        if grammar.splines_once {
            match new.motion {
                Motion::Cubic | Motion::Quadratic => self.modal.motion = old.motion,
                Motion::NurbsEnd => self.modal.motion = Motion::Cancelled,
                _ => {}
            }
        }
        if let Some((reading, program)) = contour {
            self.reading = Some(reading);
            then = Then::Contour(program);
        }
        fence |= self.flow(block.flow, out) || then != Then::Next;
        Ok((
            if fence || !grammar.rewrites && moved && !prints {
                Effect::Fence
            } else if moved {
                Effect::Move
            } else if dwell.is_some() {
                Effect::Dwell
            } else {
                Effect::State
            },
            then,
        ))
    }

    /// Which command the axis words belong to.
    fn owner(&self, block: &Block) -> Result<Owner, Refusal> {
        let once = match block.once {
            Once::SetOffsets | Once::Home(_) | Once::Shift | Once::LocalShift => true,
            Once::FindHome | Once::Retract(_) | Once::Contour(_) => true,
            // G4 X is a dwell on some controls.
            Once::Dwell => self.dialect.grammar.dwell == Dwell::MillisOrX,
            _ => false,
        };
        let motion = block.motion.is_some_and(|m| m != Motion::Cancelled);
        let length = match block.tool_length {
            Some(Length::Words) => true,
            Some(Length::Add) => block.get(b'H').is_none() && !motion,
            _ => false,
        };
        if usize::from(once) + usize::from(motion) + usize::from(length) > 1 {
            return Err(Refusal::Mode("two commands of the line use its axis words"));
        }
        let strict = self.dialect.grammar.strict;
        Ok(if once {
            Owner::Once
        } else if length {
            Owner::ToolLength
        } else if motion
            || self.has_targets(block) && (strict || !block.has_command()) && !block.unmodelled
            || self.goes_on(block)
        {
            Owner::Motion
        } else {
            Owner::None
        })
    }

    /// Whether the line goes on with an arc or a spline without axis words.
    fn goes_on(&self, block: &Block) -> bool {
        let grammar = &self.dialect.grammar;
        let strict = grammar.strict || !block.has_command();
        match self.modal.motion {
            m if m.is_arc() => strict && grammar.full_circles && block.has_any(b"IJK"),
            Motion::Nurbs => strict && block.has_any(b"P") && !block.has_command(),
            _ => false,
        }
    }

    fn step(
        &mut self,
        block: &mut Block,
        new: &Modal,
        owner: Owner,
        moves: bool,
        frames: Option<&super::Frames>,
    ) -> Result<Step, Refusal> {
        if owner != Owner::Motion {
            if new.motion != self.modal.motion && block.motion.is_some() {
                self.cycle.leave();
            }
            return Ok(Step::None);
        }
        let own = frames.is_none() || !self.dialect.grammar.length_first;
        let frames = if own {
            &self.frames
        } else {
            frames.unwrap_or(&self.frames)
        };
        let step = self.motion(block, &Setting { new, frames, moves })?;
        if !step.is_reachable() {
            return Err(Refusal::Mode("no machine reaches this place"));
        }
        if !matches!(new.motion, Motion::Cycle(_)) {
            self.cycle.leave();
        }
        Ok(step)
    }

    /// The tool that M61 says is in the spindle.
    fn set_loaded(&self, block: &mut Block) -> Result<Option<u32>, Refusal> {
        if !block.sets_tool {
            return Ok(None);
        }
        let tool = block.take(b'Q').ok_or(Refusal::Missing("Q"))?;
        if (0.0..=self.dialect.grammar.max_tool).contains(&tool) {
            Ok(Some(tool as u32))
        } else {
            Err(Refusal::Mode("the tool number is out of range"))
        }
    }

    /// The seconds that a dwell asks for.
    fn dwell(&self, block: &mut Block) -> Result<Option<f64>, Refusal> {
        if block.once != Once::Dwell {
            return Ok(None);
        }
        let millis = |v: f64| v / 1000.0;
        let seconds = match self.dialect.grammar.dwell {
            Dwell::Seconds => Some(block.take(b'P').ok_or(Refusal::Missing("P"))?),
            Dwell::Millis => block.take(b'P').map(millis),
            Dwell::MillisOrSeconds => {
                let p = block.take(b'P').map(millis);
                block.take(b'S').or(p)
            }
            Dwell::MillisOrX => {
                let p = block.take(b'P').map(millis);
                let x = block.take(b'X').or_else(|| block.take(b'U'));
                Some(x.or(p).ok_or(Refusal::Missing("P or X"))?)
            }
        };
        match seconds {
            Some(s) if s < 0.0 || !s.is_finite() => Err(Refusal::Mode("the dwell is below 0")),
            seconds => Ok(Some(seconds.unwrap_or(0.0))),
        }
    }

    /// Where the program goes on.
    fn then(&self, block: &mut Block) -> Result<Then, Refusal> {
        Ok(match block.flow {
            Flow::End if self.dialect.grammar.ends => Then::End,
            Flow::Call => {
                let program = block.take(b'P').ok_or(Refusal::Missing("P"))?;
                let repeats = block.take(b'L').unwrap_or(1.0);
                if !(0.0..1e9).contains(&program) || !(0.0..1e9).contains(&repeats) {
                    return Err(Refusal::Mode("P or L of M98 is out of range"));
                }
                Then::Call {
                    program: program as u32,
                    repeats: repeats as u32,
                }
            }
            Flow::Return => {
                let _ = block.take(b'P');
                Then::Return
            }
            _ => Then::Next,
        })
    }

    pub(super) fn tell_state(&self, old: &Modal, new: &Modal, moves: bool, out: &mut Vec<Command>) {
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
        if new.flood != old.flood || new.mist != old.mist {
            out.push(Command::Coolant {
                on: new.flood || new.mist,
            });
        }
    }

    /// Makes the motion; gives whether it is more than one plain move.
    fn make(&mut self, step: Step, filament: f64, out: &mut Vec<Command>) -> bool {
        let rapid = self.modal.motion == Motion::Rapid;
        match step {
            Step::None => false,
            Step::Line(to) => self.go_all(&to, None, rapid, filament, out),
            Step::Arc(to, arc) => self.go_all(&to, Some(arc), false, filament, out),
            Step::Probe(to) => {
                let _ = self.turn_to(&to, out);
                out.push(Command::Wait(Wait::Probe));
                let place = self.frames.program(&to, self.modal.system);
                self.probed = self.in_units(place);
                self.touched = 0.0;
                self.position = Point3::new(to[0], to[1], to[2]);
                out.push(Command::Place(self.position));
                true
            }
            Step::Many(legs, after) => {
                self.run_series(&legs, after, out);
                true
            }
        }
    }

    /// Waits, and does what comes with it.
    fn wait(&mut self, wait: Wait, old: &Modal, out: &mut Vec<Command>) {
        if wait == Wait::ToolChange {
            // A tool that is there already is not changed.
            if self.loaded == self.modal.tool && old.tool == self.modal.tool && self.loaded != 0 {
                return;
            }
            self.loaded = self.modal.tool;
        }
        out.push(Command::Wait(wait));
    }

    /// Obeys the program flow; `true` when nothing may be moved across it.
    fn flow(&mut self, flow: Flow, out: &mut Vec<Command>) -> bool {
        match flow {
            Flow::Run | Flow::OptionalPause => return false,
            Flow::Pause => out.push(Command::Wait(Wait::Operator)),
            Flow::Call | Flow::Return => {}
            Flow::End => self.end_program(out),
        }
        true
    }

    /// What M2 and M30 set back.
    fn end_program(&mut self, out: &mut Vec<Command>) {
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
            ..Modal::START
        };
        self.frames.tell(&mut self.modal);
    }
}
