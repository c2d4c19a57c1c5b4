//! G-code to toolpath: which lines are travel, which are a path, which a fence.
//!
//! Every line of the source ends up in exactly one step, in order, so that the
//! steps as read write the file back byte for byte.
//!
//! A path *opens* with its first feed move and closes with the next travel or
//! fence. Lines of state and dwells after its last move stay with it (an `M5`
//! ends the cut before it); comments after them go with the next path. The
//! travel to a path and the comments before are its *approach*, the rest its *body*.

mod prints;

use super::dialect::{Dialect, Does};
use super::interpret::{Effect, Interpreter};
use super::lex::{Form, Line, Word};
use super::modal::{Modal, ModalTable, Motion};
use super::run::{Done, Reading, Run};
use super::survey::{Meaning, survey};
use super::write::are_referred;
use super::{findings, lower};
use crate::diag::Diagnostics;
use crate::geom::Point3;
use crate::motion::{Beam, Command, Move, Rate, SpindleMode};
use crate::source::{Lines, Source};
use crate::toolpath::{
    Approach, Attributes, Origin, Path, Raw, RawEffect, Role, Segment, Step, Toolpath,
};

/// A G-code file, read.
#[derive(Clone, Debug)]
pub struct Program {
    /// The file as it came.
    pub source: Source,
    /// What it does.
    pub toolpath: Toolpath,
    /// The modal states that the toolpath's provenance numbers.
    pub states: ModalTable,
    /// How it is read.
    pub dialect: &'static Dialect,
    /// What works the material in it.
    pub meaning: Meaning,
    /// What there is to say about it.
    pub diagnostics: Diagnostics,
}

/// Reads G-code of a dialect; [`Dialect::detect`] finds it. Never fails: what is
/// not understood becomes a fence and a diagnostic, and every byte is kept.
///
/// Lines of loops and subroutines are run, for their time and for where they lead;
/// the lines themselves are a fence.
///
/// # Complexity
/// O(lines run · log(distinct modal states)).
#[must_use]
pub fn read(bytes: Vec<u8>, how: impl Into<Reading>) -> Program {
    let how = how.into();
    let source = Source::new(bytes);
    let mut builder = Builder {
        meaning: survey(&source, how),
        ..Builder::default()
    };
    let mut run = Run::new(source.in_order(), how);
    builder.now = builder.spot(run.machine());
    builder.pending.entry = builder.now;
    while let Some(done) = run.step() {
        builder.step(&run, done);
    }
    findings::of_run(&mut builder.diagnostics, &run);
    builder.finish(source, how.dialect)
}

/// A modal state's number and a place.
#[derive(Clone, Copy, Debug, Default)]
struct Spot {
    state: u32,
    at: Point3,
}

/// Lines that no step has yet: comments, then travel, then what follows it.
#[derive(Clone, Debug, Default)]
struct Pending {
    start: u32,
    entry: Spot,
    /// The line after the last travel, and where that led.
    travel: Option<(u32, Spot)>,
    approach: Option<Approach>,
    /// Feed moves with the spindle off; more than one is somebody's intention.
    feed_moves: u32,
    lifts: bool,
    dwell: f64,
    /// How many lines dwell; `G4 P0` does, for no time.
    dwells: u32,
    /// Spindle mode and S during the dwell.
    dwell_beam: (SpindleMode, f64),
}

/// The path that feed moves are being added to.
#[derive(Clone, Debug)]
struct Open {
    path: Path,
    origin: Origin,
    /// Where the head and the state are after the line `origin.body.end - 1`.
    exit: Spot,
    tail_dwell: f64,
    /// Lines that dwell after the last feed move.
    tail_dwells: u32,
}

#[derive(Default)]
struct Builder {
    meaning: Meaning,
    /// The modal state, and its number with the place, after the last line.
    modal: Modal,
    now: Spot,
    toolpath: Toolpath,
    states: ModalTable,
    diagnostics: Diagnostics,
    pending: Pending,
    open: Option<Open>,
    /// Lines that a step has, or that are pending.
    lines: u32,
    /// Lines are being run in another order than that of the file: up to where it
    /// goes on as it should, all of them are one fence.
    away: bool,
    /// Whether any line moves.
    moves: bool,
    /// The first line that moves in a loop, a subroutine or a cycle, where nothing
    /// is put into another order, and how many such lines are run.
    looped: Option<(u32, u32)>,
    /// The step of the last path that lays filament.
    print: Option<usize>,
}

impl Builder {
    fn spot(&mut self, machine: &Interpreter) -> Spot {
        Spot {
            state: self.states.intern(machine.modal()),
            at: machine.position(),
        }
    }

    fn step<L: Lines>(&mut self, run: &Run<L>, done: Done) {
        let i = done.line as u32;
        let before = self.now;
        self.now = self.spot(run.machine());
        let reached =
            before.state == self.now.state || self.modal.is_in_reach_of(run.machine().modal());
        self.modal = *run.machine().modal();
        findings::of_step(&mut self.diagnostics, run, &done);
        let moves = run.commands().iter().any(|c| matches!(c, Command::Move(_)));
        self.moves |= moves;
        let cycle = matches!(run.machine().modal().motion, Motion::Cycle(_));
        if moves && (done.nested || cycle && done.outcome.effect == Effect::Fence) {
            let (_, count) = self.looped.get_or_insert((i, 0));
            *count = count.saturating_add(1);
        }
        let dialect = run.machine().dialect();
        let printed = prints::printed(&done, run.commands());
        self.end_print(i, printed);
        if done.outcome.effect == Effect::Fence && goes_on(run.words(), dialect) {
            self.close();
            self.keep_mode(before);
            if dialect.grammar.modal_motion {
                self.keep_print();
            }
        }
        if done.nested {
            self.depart(before);
            return;
        }
        if self.away || i != self.lines {
            self.arrive(i, before);
        }
        self.lines = i + 1;
        // A line with `/` may be left out by a switch of the control; what a line
        // sets by an expression depends on the parameters at its place.
        let computes = |w: &Word| w.form == Form::Expression;
        let sets = done.outcome.effect == Effect::State;
        let stays =
            !reached || run.words().deleted || sets && run.words().words.iter().any(computes);
        match done.outcome.effect {
            Effect::Inert => {}
            _ if stays => self.fence(i, before),
            Effect::State => self.state(i),
            Effect::Dwell => self.dwell(i, run.commands()),
            Effect::Fence => self.fence(i, before),
            Effect::Move => match run.commands() {
                [.., Command::Move(m)] if printed => {
                    self.print(i, before, *m);
                }
                [.., Command::Move(m)] if self.meaning.is_travel(m.beam) => {
                    if m.arc.is_some() {
                        // Nobody travels in arcs; the mode that it leaves is
                        // only left by it.
                        self.fence(i, before);
                    } else {
                        self.travel(i, before, *m);
                    }
                }
                [.., Command::Move(m)] => self.feed(i, before, *m),
                _ => self.fence(i, before),
            },
        }
    }

    /// The program leaves the order of its lines.
    fn depart(&mut self, before: Spot) {
        if !self.away {
            self.away = true;
            self.close();
            self.keep_mode(before);
            self.flush(self.lines, before);
        }
    }

    /// Lines follow that are copied and may go on in the motion mode there is. Where
    /// that can only be had by a move of its kind, the last path stays in place.
    fn keep_mode(&mut self, before: Spot) {
        let settable = matches!(
            self.states.get(before.state).motion,
            Motion::Rapid | Motion::Linear | Motion::Cancelled
        );
        let mut steps = self.toolpath.steps.iter_mut().rev();
        if !settable && let Some(Step::Path(path)) = steps.find(|s| s.as_path().is_some()) {
            (path.pinned, path.rigid, path.whole) = (true, true, true);
        }
    }

    /// It is back in order at line `i`: all lines up to there are a fence.
    fn arrive(&mut self, i: u32, before: Spot) {
        if !self.away {
            self.close();
            self.flush(self.lines, before);
        }
        self.away = false;
        self.fence_to(i, before);
    }

    fn state(&mut self, i: u32) {
        let now = self.now;
        if let Some(open) = &mut self.open {
            open.origin.body.end = i + 1;
            open.exit = now;
        } else if self.pending.travel.is_none() {
            self.raw(i + 1, RawEffect::SetsState);
        }
    }

    fn dwell(&mut self, i: u32, commands: &[Command]) {
        let seconds: f64 = commands
            .iter()
            .map(|c| match c {
                Command::Dwell { seconds } => *seconds,
                _ => 0.0,
            })
            .sum();
        let now = self.now;
        if let Some(open) = &mut self.open {
            open.origin.body.end = i + 1;
            open.exit = now;
            open.tail_dwell += seconds;
            open.tail_dwells += 1;
        } else if self.pending.travel.is_some() {
            let modal = self.modal;
            self.pending.dwell += seconds;
            self.pending.dwells += 1;
            self.pending.dwell_beam = (modal.spindle, modal.speed);
        } else {
            self.raw(i + 1, RawEffect::Fence);
        }
    }

    fn travel(&mut self, i: u32, before: Spot, m: Move) {
        self.close();
        if self.pending.dwells > 0 {
            // It dwelt at a place where nothing is cut: that is kept as it is.
            self.park(i, before);
        }
        let after = self.now;
        self.pending.travel = Some((i + 1, after));
        self.pending.lifts |= before.at.z.to_bits() != after.at.z.to_bits();
        self.pending.approach = Some(match m.beam {
            Beam::Rapid => Approach::Rapid,
            _ => Approach::Feed(m.rate),
        });
        self.pending.feed_moves += u32::from(m.beam != Beam::Rapid);
    }

    fn feed(&mut self, i: u32, before: Spot, m: Move) {
        let after = self.now;
        let attributes = self.attributes(&m);
        let attr = self.toolpath.attributes.intern(attributes);
        let open = match &mut self.open {
            Some(open) => open,
            None => {
                let mut path = Path::new(before.at, 0..0);
                // A pierce dwells with the beam of the cut; any other dwell is
                // kept as the source has it.
                path.rigid = self.pending.dwells > 0
                    && (self.pending.dwells > 1
                        || self.pending.dwell <= 0.0
                        || self.pending.dwell_beam != (attributes.spindle, attributes.power));
                path.whole = path.rigid;
                let fresh = self.pending.open(path, i, &self.toolpath);
                self.open.insert(fresh)
            }
        };
        // A dwell between two cuts of one path is at a place that only the
        // source's own order reaches.
        let dwells = open.tail_dwells > 0;
        open.path.entry_dwell += std::mem::take(&mut open.tail_dwell);
        let inverse = matches!(m.rate, Rate::Inverse(_));
        let lifts = before.at.z.to_bits() != m.to.z.to_bits();
        open.path.pinned |= inverse || lifts;
        open.path.lifts |= lifts;
        // Overscan and run-up belong to the direction in which they were made.
        let whole = dwells || inverse || attributes.role == Role::Dark;
        open.path.whole |= whole;
        open.path.rigid |= whole || lifts;
        open.add(&mut self.toolpath.segments, i, [before, after], &m, attr);
    }

    fn fence(&mut self, i: u32, before: Spot) {
        self.close();
        self.flush(i, before);
        self.fence_to(i + 1, self.now);
    }

    /// Pending lines up to `end` are a fence, one with that before it if there is one.
    fn fence_to(&mut self, end: u32, now: Spot) {
        let start = self.pending.start;
        if let Some(Step::Raw(raw)) = self.toolpath.steps.last_mut()
            && raw.effect == RawEffect::Fence
            && raw.lines.end == start
        {
            raw.lines.end = end;
            (raw.exit, raw.exit_at) = (now.state, now.at);
            self.pending = Pending::at(end, now);
            return;
        }
        self.raw_to(end, RawEffect::Fence, now);
    }

    /// Ends the open path; what follows its last line of meaning is pending.
    fn close(&mut self) {
        let Some(mut open) = self.open.take() else {
            return;
        };
        open.path.exit_dwell = open.tail_dwell;
        open.path.rigid |= open.tail_dwells > 0;
        open.path.whole |= open.tail_dwells > 0;
        open.origin.exit = open.exit.state;
        self.pending = Pending::at(open.origin.body.end, open.exit);
        open.path.origin = Some(open.origin);
        self.toolpath.steps.push(Step::Path(open.path));
    }

    /// Makes a step of pending lines up to `end`, where the head is at `now`.
    fn flush(&mut self, end: u32, now: Spot) {
        if self.pending.travel.is_some() {
            self.park(end, now);
        } else if self.pending.start < end {
            self.raw_to(end, RawEffect::Inert, now);
        }
    }

    /// A travel that leads to no cut: a path without segments, kept in place.
    fn park(&mut self, end: u32, now: Spot) {
        let path = Path::new(now.at, 0..0);
        let mut open = std::mem::take(&mut self.pending).open(path, end, &self.toolpath);
        open.path.pinned = true;
        (open.path.rigid, open.path.whole) = (true, true);
        open.origin.exit = now.state;
        open.path.origin = Some(open.origin);
        self.toolpath.steps.push(Step::Path(open.path));
        self.pending = Pending::at(end, now);
    }

    fn raw(&mut self, end: u32, effect: RawEffect) {
        let now = self.now;
        self.raw_to(end, effect, now);
    }

    fn raw_to(&mut self, end: u32, effect: RawEffect, now: Spot) {
        let entry = self.pending.entry;
        self.toolpath.steps.push(Step::Raw(Raw {
            lines: self.pending.start..end,
            effect,
            entry: entry.state,
            entry_at: entry.at,
            exit: now.state,
            exit_at: now.at,
        }));
        self.pending = Pending::at(end, now);
    }

    fn attributes(&self, m: &Move) -> Attributes {
        let modal = self.modal;
        Attributes {
            rate: m.rate,
            power: modal.speed,
            spindle: modal.spindle,
            flood: modal.flood,
            tool: modal.tool,
            plane: m.arc.map_or(modal.plane, |a| a.plane),
            operation: 0,
            pass: 0,
            role: if self.meaning.is_work(m.beam) {
                Role::Burn
            } else {
                Role::Dark
            },
        }
    }

    fn finish(mut self, source: Source, dialect: &'static Dialect) -> Program {
        self.close();
        let now = self.now;
        self.flush(self.lines, now);
        // Lines that were never run: behind the end of the program, or in a loop
        // that did not end.
        let all = source.line_count() as u32;
        if self.lines < all || self.away {
            self.fence_to(all, now);
        }
        let referred = if dialect.grammar.rewrites {
            are_referred(&source, &self.toolpath, dialect)
        } else {
            None
        };
        if self.meaning == Meaning::Unclear || referred.is_some() {
            for step in &mut self.toolpath.steps {
                if let Step::Path(path) = step {
                    (path.pinned, path.whole) = (true, true);
                }
            }
        }
        findings::of_program(
            &mut self.diagnostics,
            dialect,
            self.meaning,
            self.moves,
            &self.toolpath,
            self.looped,
        );
        findings::of_numbers(&mut self.diagnostics, referred);
        Program {
            source,
            dialect,
            toolpath: self.toolpath,
            states: self.states,
            meaning: self.meaning,
            diagnostics: self.diagnostics,
        }
    }
}

/// Whether a line may depend on the motion mode that was before it.
fn goes_on(line: &Line, dialect: &Dialect) -> bool {
    let sets = |w: &Word| {
        let tenths = (w.value * 10.0).round();
        w.letter == b'G'
            && (0.0..65_536.0).contains(&tenths)
            && matches!(dialect.g(tenths as u16), Some(Does::Motion(_)))
    };
    let uses = |w: &Word| b"XYZABCUVWIJK@^".contains(&w.letter) || w.form == Form::Expression;
    line.words.iter().any(uses) && !line.words.iter().any(sets)
}

impl Open {
    /// Adds the move of line `i`.
    fn add(
        &mut self,
        arena: &mut Vec<Segment>,
        i: u32,
        [from, to]: [Spot; 2],
        m: &Move,
        attr: u32,
    ) {
        lower::segments(arena, from.at, m, attr, i);
        self.path.segments.end = arena.len() as u32;
        self.origin.body.end = i + 1;
        self.exit = to;
    }
}

impl Pending {
    fn at(start: u32, entry: Spot) -> Self {
        Self {
            start,
            entry,
            ..Self::default()
        }
    }

    /// Opens a path whose first move is on line `i`.
    fn open(&self, mut path: Path, i: u32, toolpath: &Toolpath) -> Open {
        let (body, arrival) = self.travel.unwrap_or((i, self.entry));
        path.segments = toolpath.segments.len() as u32..toolpath.segments.len() as u32;
        path.approach = self.approach.unwrap_or(Approach::Rapid);
        path.entry_dwell = self.dwell;
        path.pinned = self.lifts || self.feed_moves > 1;
        path.lifts = self.lifts;
        Open {
            path,
            origin: Origin {
                approach: self.start..body,
                body: body..i,
                entry: self.entry.state,
                entry_at: self.entry.at,
                arrival: arrival.state,
                exit: arrival.state,
            },
            exit: arrival,
            tail_dwell: 0.0,
            tail_dwells: 0,
        }
    }
}
