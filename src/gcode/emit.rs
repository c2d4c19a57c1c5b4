//! Toolpath to G-code: verbatim where nothing was changed, written anew where
//! it was.
//!
//! A step is copied from the source when the machine is in the state under which
//! it was read; otherwise the machine is first brought into that state (laser
//! off, travel, the modal words that differ), and what was turned round, started
//! elsewhere or fused is written segment by segment. The state is not modelled a
//! second time: every line that is written goes through the interpreter.

use super::dialect::Dialect;
use super::lex::{Kind, Line};
use super::modal::{FeedMode, Modal, Motion};
use super::read::Program;
use super::write::{Numbering, Writer};
use crate::error::Error;
use crate::geom::Point3;
use crate::machine::ArcFormat;
use crate::motion::SpindleMode;
use crate::toolpath::{Approach, Origin, Path, Raw, RawEffect, Step, Toolpath};
use std::ops::Range;

/// How G-code is written.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct EmitOptions {
    /// Decimals of coordinates in mm; one more in inches. 4 is a tenth of a micrometre.
    pub decimals: u8,
    /// How arcs that are written anew say where they run. Default by their centre.
    pub arc_format: ArcFormat,
}

impl EmitOptions {
    /// Coordinates with so many decimals in mm.
    #[must_use]
    pub const fn with_decimals(mut self, decimals: u8) -> Self {
        self.decimals = decimals;
        self
    }

    /// The same with arcs written otherwise.
    #[must_use]
    pub const fn with_arc_format(mut self, format: ArcFormat) -> Self {
        self.arc_format = format;
        self
    }
}

impl Default for EmitOptions {
    fn default() -> Self {
        Self {
            decimals: 4,
            arc_format: ArcFormat::Center,
        }
    }
}

/// Writes `toolpath`, which was read as `program` and perhaps edited since.
///
/// `emit(p, &p.toolpath)` is the source, byte for byte. Where the source numbers
/// its lines, or ends them with checksums, those of an edited program are new.
///
/// # Errors
/// [`crate::ErrorKind::Verification`] when a line that was written anew would not
/// be accepted by the firmware.
///
/// # Complexity
/// O(bytes of the source and the result).
pub fn emit(
    program: &Program,
    toolpath: &Toolpath,
    options: &EmitOptions,
) -> Result<Vec<u8>, Error> {
    let mut emitter = Emitter {
        program,
        toolpath,
        writer: Writer::new(
            program.dialect,
            options,
            line_end(program),
            program.source.bytes().len(),
        ),
        line: Line::default(),
    };
    // What is still as it was read, up to the first step that is not, needs no
    // check of the state it was read in.
    let mut untouched = 0;
    for step in toolpath.steps() {
        if let Some(lines) = as_read(step)
            && lines.start == untouched
        {
            untouched = lines.end;
            emitter.copy(lines);
            if let Some((state, at)) = exit_of(toolpath, step) {
                emitter.writer.now_at(program.states.get(state), at);
            }
            continue;
        }
        untouched = u32::MAX;
        match step {
            Step::Raw(raw) => emitter.raw(raw),
            Step::Path(path) => match &path.origin {
                Some(origin) if path.printed => emitter.print(path, origin),
                Some(origin) => emitter.path(path, origin),
                None => {
                    for lines in &path.absorbed {
                        emitter.comments(lines.clone());
                    }
                    emitter.writer.fresh(toolpath, path);
                }
            },
        }
    }
    // The file ends in the state and at the place where the source ends: nothing
    // stays on.
    emitter.writer.set_exact(true);
    let last = program.toolpath.steps().last();
    if let Some((state, at)) = last.and_then(|step| exit_of(&program.toolpath, step)) {
        emitter.writer.end_as(program.states.get(state), at);
    }
    let out = emitter.writer.finish()?;
    if out == program.source.bytes() {
        return Ok(out);
    }
    Ok(match Numbering::of(&program.source, program.dialect) {
        Some(numbering) => numbering.renumber(out, program.dialect),
        None => out,
    })
}

/// Writes a toolpath that comes from no G-code as a program of its own: mm,
/// absolute, the laser in the mode of the first path, off while it travels, and
/// off at the end.
///
/// # Errors
/// [`crate::ErrorKind::Verification`] when a line would not be accepted by the
/// firmware, for example a coordinate that is not finite.
///
/// # Complexity
/// O(segments).
pub fn encode(toolpath: &Toolpath, options: &EmitOptions) -> Result<Vec<u8>, Error> {
    let mut writer = Writer::new(Dialect::GRBL, options, b"\n", 0);
    writer.line("G21 G90 G17 G94");
    let mode = toolpath
        .paths()
        .find_map(|p| toolpath.segments(p).first())
        .map_or(SpindleMode::Off, |s| {
            toolpath.attributes().get(s.attr).spindle
        });
    writer.line(match mode {
        SpindleMode::Off => "M5",
        SpindleMode::Constant => "M3 S0",
        SpindleMode::Dynamic => "M4 S0",
    });
    for path in toolpath.paths() {
        writer.fresh(toolpath, path);
    }
    writer.line("M5");
    writer.line("M2");
    writer.finish()
}

struct Emitter<'a> {
    program: &'a Program,
    toolpath: &'a Toolpath,
    writer: Writer,
    line: Line,
}

impl Emitter<'_> {
    fn raw(&mut self, raw: &Raw) {
        self.writer.set_exact(true);
        if raw.effect == RawEffect::Fence {
            let entry = *self.program.states.get(raw.entry);
            if !self.writer.is_at(&entry, raw.entry_at) {
                self.writer
                    .settle(&entry, raw.entry_at, Approach::Rapid, false);
                self.writer.set_motion(&entry);
            }
        }
        if raw.effect == RawEffect::Fence {
            // It may loop, or set offsets: what it comes to was found when it was read.
            self.copy(raw.lines.clone());
            let mut exit = *self.program.states.get(raw.exit);
            let (entry, now) = (self.program.states.get(raw.entry), self.writer.modal());
            if now.motion != entry.motion && exit.motion == entry.motion {
                // The mode of an arc is not set without one, and these lines did
                // not need it. Whether they set it themselves is not known: a mode
                // that nothing is written in makes the next line name its own.
                exit.motion = Motion::Probe;
            }
            self.writer.now_at(&exit, raw.exit_at);
            return;
        }
        for i in raw.lines.clone() {
            self.writer
                .verbatim_executed(self.program.source.line(i as usize));
        }
    }

    /// A path that lays filament: all before it is where it was, so the machine is in
    /// the state in which its lines were read.
    fn print(&mut self, path: &Path, origin: &Origin) {
        let states = &self.program.states;
        self.copy(origin.approach.clone());
        if path.is_changed() {
            self.writer.set_exact(true);
            self.writer.now_at(states.get(origin.entry), path.start);
            let body = origin.body.clone();
            let source = &self.program.source;
            self.writer.print(source, self.toolpath, path, body);
        } else {
            self.copy(origin.body.clone());
        }
        let end = self.toolpath.end_of(path);
        self.writer.now_at(states.get(origin.exit), end);
    }

    fn path(&mut self, path: &Path, origin: &Origin) {
        let states = &self.program.states;
        let exit = states.get(origin.exit);
        let end = self.toolpath.end_of(path);
        let mut entry = *states.get(origin.entry);
        self.writer.set_exact(true);
        if path.pinned && path.lifts && !self.writer.is_at(&entry, origin.entry_at) {
            // The way down to the work is the source's own.
            self.writer
                .settle(&entry, origin.entry_at, Approach::Rapid, false);
            self.writer.set_motion(&entry);
            entry = *self.writer.modal();
        }
        if !path.is_changed() && self.writer.is_at(&entry, origin.entry_at) {
            self.copy(origin.approach.start..origin.body.end);
            self.writer.now_at(exit, end);
            return;
        }
        if path.pinned && path.is_changed() && self.writer.is_at(&entry, origin.entry_at) {
            // It stays in place: the way to it is the source's own, and it ends just there.
            self.copy(origin.approach.clone());
            self.writer.now_at(states.get(origin.arrival), path.start);
            self.comments(origin.body.clone());
            self.writer.set_exact(false);
            self.writer.body(self.toolpath, path);
            self.writer.set_exact(true);
            self.writer.end_body(self.toolpath, path);
            return;
        }
        self.comments(origin.approach.clone());
        let mut arrival = *states.get(origin.arrival);
        let first = self.toolpath.segments(path).first();
        if let Some(s) = first
            && !path.rigid
            && (arrival.speed > 0.0 || arrival.spindle == SpindleMode::Off)
            && self.toolpath.attributes().get(s.attr).power.to_bits() != arrival.speed.to_bits()
        {
            // The body sets its own power; that of the cut before it in the
            // source need not be brought along. An S0 there is: it keeps the
            // travel dark where rapids are not.
            arrival.speed = self.writer.modal().speed;
        }
        let lit = !origin.approach.is_empty();
        self.writer.set_exact(!path.is_changed());
        self.writer.settle(&arrival, path.start, path.approach, lit);
        if path.rigid {
            self.writer.set_motion(&arrival);
        }
        if !path.is_changed() && self.writer.is_at(&arrival, path.start) {
            self.copy(origin.body.clone());
            self.writer.now_at(exit, end);
            return;
        }
        self.writer.set_exact(false);
        self.comments(origin.body.clone());
        for range in &path.absorbed {
            self.comments(range.clone());
        }
        self.writer.body(self.toolpath, path);
        if exit.spindle == SpindleMode::Off {
            self.writer.beam_off();
        }
    }

    fn copy(&mut self, lines: Range<u32>) {
        self.writer.verbatim(
            self.program
                .source
                .lines(lines.start as usize..lines.end as usize),
        );
    }

    /// Keeps the comments of lines that are written anew.
    fn comments(&mut self, lines: Range<u32>) {
        for i in lines {
            let text = self.program.source.line(i as usize);
            self.line.lex(text, &self.program.dialect.lexis);
            if !self.line.comment {
                continue;
            }
            if self.line.kind == Kind::Blank {
                self.writer.verbatim(text);
            } else if let Some(at) = text.iter().position(|b| matches!(b, b'(' | b';')) {
                let text = text[at..].trim_ascii_end();
                let end = match text.iter().position(|b| *b == b')') {
                    Some(close) if text[0] == b'(' => close + 1,
                    _ => text.len(),
                };
                self.writer.verbatim(&text[..end]);
            }
        }
    }
}

/// The lines of a step, if it is written as it was read.
fn as_read(step: &Step) -> Option<Range<u32>> {
    match step {
        Step::Raw(r) => Some(r.lines.clone()),
        Step::Path(p) if p.is_changed() => None,
        Step::Path(p) => {
            let origin = p.origin.as_ref()?;
            Some(origin.approach.start..origin.body.end)
        }
    }
}

/// State and place of the head after a step as it was read.
fn exit_of(toolpath: &Toolpath, step: &Step) -> Option<(u32, Point3)> {
    match step {
        Step::Raw(r) => Some((r.exit, r.exit_at)),
        Step::Path(p) => Some((p.origin.as_ref()?.exit, toolpath.end_of(p))),
    }
}

/// The line end that the source uses first.
fn line_end(program: &Program) -> &'static [u8] {
    let first = program.source.line(0);
    if first.ends_with(b"\r\n") {
        b"\r\n"
    } else if first.ends_with(b"\r") {
        b"\r"
    } else {
        b"\n"
    }
}

impl Writer {
    /// Writes a path that comes from no source.
    fn fresh(&mut self, toolpath: &Toolpath, path: &Path) {
        let Some(first) = toolpath.segments(path).first() else {
            return;
        };
        let attributes = toolpath.attributes().get(first.attr);
        let arrival = Modal {
            spindle: attributes.spindle,
            speed: 0.0,
            relative: false,
            feed_mode: FeedMode::PerMinute,
            ..*self.modal()
        };
        self.settle(&arrival, path.start, path.approach, true);
        self.body(toolpath, path);
    }
}
