//! The interpreter: a modal machine that takes one line after another and says
//! what the controller is told by it.
//!
//! What the words mean stands in the table of the [`Dialect`]; the order in which
//! the words of a line take effect, and what a move is, stands here and is the
//! same for all. The IR builder and the streaming estimator both drive this one
//! machine.

mod change;
mod frames;
mod modes;
mod moves;
mod named;
mod plain;
mod printer;
mod run;
mod saved;
mod series;
mod settings;
mod states;
mod turning;
mod values;

pub(crate) use frames::Frames;

use super::block::Refusal;
use super::dialect::{Dialect, Lines};
use super::lex::{Fault, FaultKind, Kind, Line, Word};
use super::modal::Modal;
use super::ngc;
use crate::geom::{Point, Point3};
use crate::motion::{Command, Wait};
use frames::Axes;
use std::cell::Cell;

/// What kind of line it was.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Effect {
    /// Nothing at all: blank, comment, line number.
    #[default]
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
    /// For the firmware's console, or in its own language of conditions.
    Foreign,
    /// A macro of the machine's owner.
    Macro,
    /// An O-word or a call that cannot be followed, and the place in its line.
    Flow(ngc::FlowFaultKind, u32),
}

/// Something in a line that was obeyed, but perhaps not as its writer meant it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Notice {
    /// A part of it is no word.
    Fault(Fault),
    /// A letter whose value no command uses.
    Unused(u8),
    /// A command behind the one that the firmware reads, which is lost.
    Lost(Word),
    /// `X1E5`: a number with an exponent, were this not G-code.
    Exponent(Word),
    /// A number without a point counted in least increments.
    Increment,
    /// The path is that of the program, not of the cutter beside it.
    Uncompensated,
    /// A tool whose length is not known; it counts as 0.
    ToolLength(u32),
    /// The firmware would delete a file.
    DeletesFile,
    /// What a command does is not modelled.
    Unmodelled,
    /// A letter that stands twice; the firmware takes one of the two values.
    Repeated(u8),
}

/// Where a program goes on after a line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Then {
    /// With the next line.
    #[default]
    Next,
    /// With a subprogram (M98), so many times.
    Call {
        /// Its number.
        program: u32,
        /// How many times.
        repeats: u32,
    },
    /// With a subroutine, whose path is the contour of a turning cycle.
    Contour(u32),
    /// Where it was called from (M99).
    Return,
    /// Nowhere: the program is over.
    End,
}

/// What became of a line.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Outcome {
    /// What kind of line it was.
    pub effect: Effect,
    /// Set when the line was ignored.
    pub ignored: Option<Ignored>,
    /// Where the program goes on.
    pub then: Then,
}

impl Outcome {
    pub(crate) const fn ignored(why: Ignored) -> Self {
        Self {
            effect: Effect::Fence,
            ignored: Some(why),
            then: Then::Next,
        }
    }

    pub(crate) const fn fence() -> Self {
        Self::of(Effect::Fence)
    }

    const fn of(effect: Effect) -> Self {
        Self {
            effect,
            ignored: None,
            then: Then::Next,
        }
    }
}

/// The modal machine.
#[derive(Debug)]
pub struct Interpreter {
    dialect: &'static Dialect,
    modal: Modal,
    position: Point3,
    /// A B C U V W.
    others: [f64; 6],
    frames: Frames,
    /// The E that the program believes in, mm.
    filament: f64,
    /// The tool in the spindle, as M6 put it there.
    loaded: u32,
    /// States kept by M70 and M73, one for each level of calls that has any.
    saved: Vec<saved::Saved>,
    /// Whether the machine runs arcs.
    arcs: bool,
    /// How many calls have not returned.
    level: usize,
    /// What is saved under names, and the factors and offsets that it is saved with.
    states: states::States,
    /// The turning cycle whose contour the subroutine is.
    reading: Option<turning::Reading>,
    /// Where the last probing move ended, in the program's coordinates and unit of
    /// then.
    probed: Axes,
    /// What the program takes for its having met something there (#5070). Nobody
    /// knows that here: a probe is taken to reach its target without.
    touched: f64,
    /// The line that is obeyed, from 1.
    line: usize,
    cycle: series::Sticky,
    /// From the last G5 to its second control point, for one that goes on.
    smooth: Option<Point>,
    nurbs: Option<super::spline::Nurbs>,
    /// What NURBS took so far.
    fitted: u64,
    /// Where the dialect has any; lent out while a line assigns to them.
    params: Option<Box<ngc::Parameters>>,
    /// Whether the last line read a parameter that only the machine knows.
    looked: Cell<bool>,
    /// A mark `%` was seen: the next one ends the program.
    marked: bool,
    notices: Vec<Notice>,
    /// What may stand on a line that is obeyed the quick way.
    plain: plain::Slots,
}

impl Interpreter {
    /// A machine as its firmware starts: at the origin, nothing on.
    #[must_use]
    pub fn new(dialect: &'static Dialect) -> Self {
        let grammar = &dialect.grammar;
        Self {
            dialect,
            modal: Modal {
                motion: grammar.first_motion,
                spindle: grammar.first_spindle,
                feed: grammar.first_feed,
                returns_to_r: grammar.first_to_r,
                ..Modal::START
            },
            position: Point3::default(),
            others: [0.0; 6],
            frames: Frames::default(),
            filament: 0.0,
            loaded: 0,
            saved: Vec::new(),
            arcs: true,
            level: 0,
            states: states::States::default(),
            reading: None,
            probed: [0.0; 9],
            touched: 0.0,
            line: 0,
            cycle: series::Sticky::default(),
            smooth: None,
            nurbs: None,
            fitted: 0,
            params: dialect.lexis.expressions.then(Box::default),
            looked: Cell::new(false),
            marked: false,
            notices: Vec::new(),
            plain: plain::Slots::of(dialect),
        }
    }

    /// Whether plain moves are obeyed by a quick way of their own, which they are at
    /// first. Nothing comes out differently without it: tests compare the two.
    pub fn set_quick(&mut self, on: bool) {
        self.plain = if on {
            plain::Slots::of(self.dialect)
        } else {
            plain::Slots::NONE
        };
    }

    /// Says whether the firmware runs arcs, which it does at first. Where it does not,
    /// it knows no such command: its place, E and F count for nothing. Dialects in which
    /// a line is a block always run them.
    pub const fn set_arcs(&mut self, on: bool) {
        self.arcs = on;
    }

    /// The dialect that it reads.
    #[must_use]
    pub const fn dialect(&self) -> &'static Dialect {
        self.dialect
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

    /// Where all axes are, X Y Z A B C U V W, machine coordinates, mm and degrees.
    #[must_use]
    pub fn axes(&self) -> [f64; 9] {
        let Point3 { x, y, z } = self.position;
        let [a, b, c, u, v, w] = self.others;
        [x, y, z, a, b, c, u, v, w]
    }

    /// What there is to say about the last line although it was obeyed.
    #[must_use]
    pub fn notices(&self) -> &[Notice] {
        &self.notices
    }

    /// Puts the machine into a state, at a place. Of offsets only those of the
    /// state's own coordinate system are right from here on.
    pub fn set_state(&mut self, modal: &Modal, position: Point3) {
        self.modal = *modal;
        self.position = position;
        self.frames.stand_in(modal);
    }

    /// Says which line comes next, from 0.
    pub(in crate::gcode) const fn set_line(&mut self, index: usize) {
        self.line = index + 1;
    }

    /// Obeys one line; what the controller is told is added to `out`, in the
    /// order in which it obeys.
    pub fn execute(&mut self, bytes: &[u8], line: &Line, out: &mut Vec<Command>) -> Outcome {
        self.notices.clear();
        match line.kind {
            Kind::Block => {}
            Kind::Blank => return Outcome::of(Effect::Inert),
            Kind::Percent => return self.percent(),
            Kind::System => {
                if is_homing(bytes) {
                    out.push(Command::Wait(Wait::Homing));
                }
                return Outcome::ignored(Ignored::System);
            }
            Kind::Foreign => {
                out.push(Command::Wait(Wait::Macro));
                return Outcome::ignored(Ignored::Foreign);
            }
            Kind::Named => return self.named(bytes, line, out),
            Kind::Flow => {
                // Whoever runs whole programs follows these.
                return Outcome::ignored(Ignored::Flow(ngc::FlowFaultKind::NotInFile, 0));
            }
        }
        if (!line.faults.is_empty() || line.held.is_some())
            && let Some(refused) = self.faults(bytes, line)
        {
            return refused;
        }
        if let Some(outcome) = self.plain_line(bytes, line, out) {
            return outcome;
        }
        match self.dialect.grammar.lines {
            Lines::Block => self.block(bytes, line, out),
            Lines::Command | Lines::Commands => self.commands(bytes, line, out),
        }
    }

    /// Notes what is no word; a strict firmware refuses the line for it.
    #[cold]
    fn faults(&mut self, bytes: &[u8], line: &Line) -> Option<Outcome> {
        let bad = |f: &&Fault| f.kind == FaultKind::BadChecksum;
        let fault = if self.dialect.grammar.strict {
            line.worst()
        } else {
            let fault = line.faults.iter().find(bad).copied();
            fault.or_else(|| self.hides_command(line))
        };
        if let Some(fault) = fault {
            return Some(Outcome::ignored(Ignored::Syntax(fault)));
        }
        let refuses = |l: super::dialect::Limit| !l.cuts;
        if line.held.is_some() && self.dialect.lexis.limit.is_some_and(refuses) {
            return Some(Outcome::ignored(Ignored::Refused(Refusal::TooLong)));
        }
        let bare = self.may_be_bare(line);
        let is_fine = |f: &Fault| {
            let letter = bytes.get(f.at as usize).map(u8::to_ascii_uppercase);
            f.kind == FaultKind::NoNumber && letter.is_some_and(|l| bare.contains(&l))
        };
        let faults = line.faults.iter().filter(|f| !is_fine(f));
        self.notices.extend(faults.map(|f| Notice::Fault(*f)));
        None
    }

    /// A mark: the first begins the program, where it has two the second ends it.
    fn percent(&mut self) -> Outcome {
        let ends = self.marked && self.dialect.grammar.ends;
        self.marked = true;
        Outcome {
            effect: if ends { Effect::Fence } else { Effect::State },
            then: if ends { Then::End } else { Then::Next },
            ignored: None,
        }
    }
}

fn is_homing(bytes: &[u8]) -> bool {
    let mut plain = bytes.iter().filter(|b| (b'!'..=b'~').contains(*b));
    plain.next() == Some(&b'$') && plain.next().is_some_and(|b| b.eq_ignore_ascii_case(&b'H'))
}

#[cfg(test)]
mod tests;
