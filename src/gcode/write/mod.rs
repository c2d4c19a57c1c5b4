//! Writing lines: the words that bring the machine from the state it is in to the
//! one that is wanted.
//!
//! Every line that is written goes through the interpreter, so that the state is
//! not modelled a second time, and a line that the firmware would not take is
//! noticed. Numbers are rounded before anything is computed from them: where an
//! arc's centre lies is worked out from the ends as they stand in the file.
//!
//! # Words
//! - *step*: the smallest length that can be written, in the unit in force.
//! - *emitted*: rounded to the step, in the coordinates of the program.

mod arc;
mod body;
mod decimal;
mod print;
mod renumber;
mod travel;
mod words;

pub(crate) use renumber::without_number;
pub(super) use renumber::{Numbering, are_referred};

use super::dialect::Dialect;
use super::emit::EmitOptions;
use super::interpret::Interpreter;
use super::lex::Line;
use super::modal::Modal;
use super::number;
use crate::error::{Error, ErrorKind};
use crate::geom::Point3;
use crate::machine::ArcFormat;
use std::ops::Range;

/// Decimals of a place from which lines are copied: a circle that begins a hair
/// beside where it ends is no circle.
const EXACT_DECIMALS: usize = 10;
/// How far a place may be off for lines to be copied there, mm.
const EXACT_MM: f64 = 1e-8;

/// Writes lines and knows the state in which they leave the machine.
pub(super) struct Writer {
    out: Vec<u8>,
    machine: Interpreter,
    lexed: Line,
    text: Vec<u8>,
    /// Where in `text` the F word stands, with the blank before it.
    feed: Option<Range<usize>>,
    line_end: &'static [u8],
    decimals: usize,
    arc_format: ArcFormat,
    /// Places are written as exactly as the source has them.
    exact: bool,
    refused: Option<String>,
}

impl Writer {
    pub(super) fn new(
        dialect: &'static Dialect,
        options: &EmitOptions,
        line_end: &'static [u8],
        capacity: usize,
    ) -> Self {
        Self {
            out: Vec::with_capacity(capacity),
            machine: Interpreter::new(dialect),
            lexed: Line::default(),
            text: Vec::new(),
            feed: None,
            line_end,
            decimals: usize::from(options.decimals),
            arc_format: options.arc_format,
            exact: false,
            refused: None,
        }
    }

    pub(super) const fn modal(&self) -> &Modal {
        self.machine.modal()
    }

    /// Whether places are written, and compared, as exactly as the source has them
    /// from now on: lines that are copied rely on it.
    pub(super) const fn set_exact(&mut self, exact: bool) {
        self.exact = exact;
    }

    /// Whether the machine is in this state at this place, as exactly as
    /// coordinates are written.
    pub(super) fn is_at(&self, modal: &Modal, at: Point3) -> bool {
        self.modal().total_cmp(modal).is_eq() && self.is_near(at)
    }

    /// Takes over the state after text that was copied.
    pub(super) fn now_at(&mut self, modal: &Modal, at: Point3) {
        self.machine.set_state(modal, at);
    }

    /// Copies whole lines.
    pub(super) fn verbatim(&mut self, text: &[u8]) {
        if !self.out.is_empty() && !matches!(self.out.last(), Some(b'\n' | b'\r')) {
            self.out.extend_from_slice(self.line_end);
        }
        self.out.extend_from_slice(text);
    }

    /// Copies a line and obeys it.
    pub(super) fn verbatim_executed(&mut self, text: &[u8]) {
        self.verbatim(text);
        self.lexed.lex(text, &self.machine.dialect().lexis);
        let _ = self.machine.execute(text, &self.lexed, &mut Vec::new());
    }

    /// Writes a line of our own and obeys it.
    pub(super) fn line(&mut self, text: &str) {
        self.text.clear();
        self.text.extend_from_slice(text.as_bytes());
        self.end_line();
    }

    /// Makes the result an error: this cannot be written.
    fn refuse(&mut self, why: &str) {
        let _ = self.refused.get_or_insert_with(|| why.to_owned());
    }

    /// The result, if the firmware takes every line of it.
    pub(super) fn finish(self) -> Result<Vec<u8>, Error> {
        match self.refused {
            None => Ok(self.out),
            Some(why) => Err(Error::new(ErrorKind::Verification, why)),
        }
    }

    /// Ends the line in `text` and obeys it. A feed that makes it longer than the
    /// firmware's line is set on a line before it.
    fn end_line(&mut self) {
        let mut text = std::mem::take(&mut self.text);
        let feed = self.feed.take();
        self.lexed.lex(&text, &self.machine.dialect().lexis);
        if self.lexed.held.is_some()
            && let Some(feed) = feed
        {
            let word: Vec<u8> = text.drain(feed).collect();
            self.obey(word.trim_ascii());
        }
        self.obey(&text);
        text.clear();
        self.text = text;
    }

    fn obey(&mut self, text: &[u8]) {
        self.verbatim(text);
        self.out.extend_from_slice(self.line_end);
        self.lexed.lex(text, &self.machine.dialect().lexis);
        let outcome = self.machine.execute(text, &self.lexed, &mut Vec::new());
        let taken = outcome.ignored.is_none() && self.lexed.faults.is_empty();
        if !taken {
            let text = String::from_utf8_lossy(text);
            self.refuse(&format!(
                "the line `{text}` cannot be written: the firmware would refuse it"
            ));
        }
    }

    /// Whether the line so far, without its feed, fits into the firmware's line.
    fn fits(&mut self) -> bool {
        let mut text = self.text.clone();
        if let Some(feed) = self.feed.clone() {
            let _ = text.drain(feed);
        }
        self.lexed.lex(&text, &self.machine.dialect().lexis);
        self.lexed.held.is_none()
    }

    const fn decimals(&self) -> usize {
        if self.exact {
            return EXACT_DECIMALS;
        }
        self.decimals + self.modal().inches as usize
    }

    /// The smallest length that can be written, mm.
    fn step(&self) -> f64 {
        10_f64.powi(-(self.decimals() as i32)) * self.modal().unit_mm()
    }

    fn same_length(&self, a: f64, b: f64) -> bool {
        (a - b).abs() <= (0.51 * self.step()).max(EXACT_MM)
    }

    fn is_near(&self, at: Point3) -> bool {
        let here = self.machine.position();
        self.same_length(here.x, at.x)
            && self.same_length(here.y, at.y)
            && self.same_length(here.z, at.z)
    }

    /// The place to which the coordinates of `p` lead when they are written.
    fn emitted(&self, p: Point3) -> Point3 {
        let (modal, decimals) = (self.modal(), self.decimals());
        let unit = modal.unit_mm();
        let round = |v: f64| number::rounded(v / unit, decimals) * unit;
        let v = p - modal.offset;
        Point3::new(round(v.x), round(v.y), round(v.z)) + modal.offset
    }
}
