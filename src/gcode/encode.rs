//! Writing single lines: the words that bring the machine from the state it is
//! in to the one that is wanted.

use super::arc::radii_agree;
use super::dialect::Dialect;
use super::interpret::Interpreter;
use super::lex::Line;
use super::modal::{FeedMode, Modal, Motion};
use super::number;
use crate::error::{Error, ErrorKind};
use crate::geom::{Point, Point3, arc_center, midpoint, sweep};
use crate::motion::{Plane, Rate, SpindleMode};
use crate::toolpath::{Approach, Attributes, Path, Segment, Toolpath};
use std::f64::consts::TAU;

/// Decimals of F and S; zeros at the end are not written.
const NUMBER_DECIMALS: usize = 6;

/// Writes lines and knows the state in which they leave the machine.
pub(super) struct Writer {
    out: Vec<u8>,
    machine: Interpreter,
    lexed: Line,
    text: Vec<u8>,
    line_end: &'static [u8],
    decimals: usize,
    refused: Option<String>,
}

impl Writer {
    pub(super) fn new(
        dialect: &'static Dialect,
        decimals: u8,
        line_end: &'static [u8],
        capacity: usize,
    ) -> Self {
        Self {
            out: Vec::with_capacity(capacity),
            machine: Interpreter::new(dialect),
            lexed: Line::default(),
            text: Vec::new(),
            line_end,
            decimals: usize::from(decimals),
            refused: None,
        }
    }

    pub(super) const fn modal(&self) -> &Modal {
        self.machine.modal()
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

    /// The result, if the firmware takes every line of it.
    pub(super) fn finish(self) -> Result<Vec<u8>, Error> {
        match self.refused {
            None => Ok(self.out),
            Some(text) => Err(Error::new(
                ErrorKind::Verification,
                format!("the line `{text}` cannot be written: the firmware would refuse it"),
            )),
        }
    }

    /// Turns the spindle or laser off if it is on.
    pub(super) fn beam_off(&mut self) {
        if self.modal().spindle != SpindleMode::Off {
            self.line("M5");
        }
    }

    /// Leaves nothing on that is off in `end`, and the head where it ends.
    pub(super) fn end_as(&mut self, end: &Modal, at: Point3) {
        if end.spindle == SpindleMode::Off {
            self.beam_off();
        }
        if !self.is_near(at) {
            self.settle(end, at, Approach::Rapid, false);
        }
        if !end.flood && self.modal().flood {
            self.line("M9");
        }
        if end.spindle != self.modal().spindle {
            self.text.extend_from_slice(&spindle_word(end.spindle)[1..]);
            if end.speed.to_bits() != self.modal().speed.to_bits() {
                self.speed_word(end.speed);
            }
            self.end_line();
        }
    }

    /// Gives the machine the motion mode of `want`, which differs only in rare
    /// sources that rely on it without saying so.
    pub(super) fn set_motion(&mut self, want: &Modal) {
        if want.motion == self.modal().motion {
            return;
        }
        match want.motion {
            Motion::Rapid => self.line("G0"),
            // No cutting mode is taken while the feed is 0.
            Motion::Linear if self.modal().feed <= 0.0 => {
                self.line("G1 F1");
                self.line("F0");
            }
            Motion::Linear => self.line("G1"),
            Motion::Cancelled => self.line("G80"),
            // All others always name themselves where they begin.
            _ => {}
        }
    }

    /// Brings the head to `to` with the beam off, and the machine into `want`,
    /// except for the motion mode.
    ///
    /// `lit` says that the source makes this very travel with the spindle on and
    /// relies on rapids being dark: then S and a spindle that starts stand on the
    /// line of the rapid. Otherwise the spindle is off until the head is there.
    pub(super) fn settle(&mut self, want: &Modal, to: Point3, approach: Approach, lit: bool) {
        let waits = !lit && !self.is_near(to);
        if want.spindle == SpindleMode::Off || waits {
            self.beam_off();
        }
        let cur = *self.modal();
        let mut words = Vec::new();
        if want.inches != cur.inches {
            words.push(if want.inches { "G20" } else { "G21" });
        }
        if cur.relative {
            words.push("G90");
        }
        if want.plane != cur.plane {
            words.push(plane_word(want.plane));
        }
        if cur.feed_mode != FeedMode::PerMinute {
            words.push("G94");
        }
        if want.flood != cur.flood {
            words.push(if want.flood { "M8" } else { "M9" });
        }
        if !words.is_empty() {
            self.line(&words.join(" "));
        }
        self.travel(want, to, approach, lit);
        self.words_at_rest(want);
    }

    /// Writes the segments of a path from where the head is.
    pub(super) fn body(&mut self, toolpath: &Toolpath, path: &Path) {
        if self.modal().relative {
            self.line("G90");
        }
        if self.modal().feed_mode != FeedMode::PerMinute {
            self.line("G94");
        }
        let segments = toolpath.segments(path);
        let mut from = path.start;
        let mut i = 0;
        while let Some(s) = segments.get(i) {
            let attributes = *toolpath.attributes().get(s.attr);
            let pierces = i == 0 && path.entry_dwell > 0.0;
            self.start_beam(&attributes, pierces);
            if pierces {
                self.text.extend_from_slice(b"G4 P");
                number::format(&mut self.text, path.entry_dwell, 3);
                self.end_line();
            }
            let whole = segments
                .get(i + 1)
                .and_then(|next| self.one_arc(from, s, next, attributes.plane));
            if let Some((center, to)) = whole {
                self.arc(to, center, s.bulge < 0.0, &attributes);
                i += 2;
                from = to;
            } else {
                self.segment(from, s.end, s.bulge, &attributes);
                i += 1;
                from = s.end;
            }
        }
    }

    /// The centre and end of the arc that two segments are the halves of, if they
    /// are, and if it can be written as one.
    fn one_arc(
        &self,
        from: Point3,
        first: &Segment,
        second: &Segment,
        plane: Plane,
    ) -> Option<(Point, Point3)> {
        let [i, j, _] = plane.axes();
        let flat = |p: Point3| Point::new(p.to_array()[i], p.to_array()[j]);
        let (a, m, b) = (flat(from), flat(first.end), flat(second.end));
        let alike = first.line == second.line
            && first.attr == second.attr
            && (first.bulge - second.bulge).abs() <= 1e-9;
        if !alike || first.bulge == 0.0 {
            return None;
        }
        let (center, other) = (
            arc_center(a, m, first.bulge)?,
            arc_center(m, b, second.bulge)?,
        );
        let (start, end) = (self.rounded(a), self.rounded(b));
        let offset = self.rounded(center - start);
        // Ends a hair apart would be read as a full circle, or none.
        let clear = start == end && a == b || start.distance(end) >= 2.0 * self.step();
        let one = center.distance(other) < self.step() / 2.0
            && clear
            && sweep(first.bulge).abs() * 2.0 <= TAU + 1e-9
            && radii_agree(offset.norm(), (end - start - offset).norm());
        one.then_some((center, second.end))
    }

    /// The rapid, or the feed move with the spindle off, to the start of a path.
    fn travel(&mut self, want: &Modal, to: Point3, approach: Approach, lit: bool) {
        let cur = *self.modal();
        let starts = lit
            && want.spindle != SpindleMode::Off
            && (want.spindle != cur.spindle || want.speed.to_bits() != cur.speed.to_bits());
        if self.is_near(to) && !starts {
            return;
        }
        let here = self.machine.position();
        if to.z > here.z && !self.same_length(to.z, here.z) {
            let lifted = Point3::new(here.x, here.y, to.z);
            self.text.extend_from_slice(b"G0");
            self.coordinates(lifted, [false, false, true]);
            self.end_line();
        }
        let lowers = to.z < here.z && !self.same_length(to.z, here.z);
        match approach {
            Approach::Feed(rate @ Rate::Feed(v)) if want.spindle == SpindleMode::Off => {
                self.text.extend_from_slice(b"G1");
                self.coordinates(to, [true, true, false]);
                if self.feed_differs(rate) {
                    self.feed_word(v);
                }
            }
            _ => {
                self.text.extend_from_slice(b"G0");
                self.coordinates(to, [true, true, false]);
            }
        }
        if starts && want.spindle != cur.spindle {
            self.text.extend_from_slice(spindle_word(want.spindle));
        }
        if (starts || want.spindle == SpindleMode::Off)
            && want.speed.to_bits() != cur.speed.to_bits()
        {
            self.speed_word(want.speed);
        }
        self.end_line();
        if lowers {
            self.text.extend_from_slice(b"G0");
            self.coordinates(to, [false, false, true]);
            self.end_line();
        }
    }

    /// The rest of the state. A spindle is started here only where the source has
    /// it on at rest.
    fn words_at_rest(&mut self, want: &Modal) {
        if want.spindle != self.modal().spindle {
            self.text.extend_from_slice(spindle_word(want.spindle));
        }
        if want.relative && !self.modal().relative {
            self.text.extend_from_slice(b" G91");
        }
        let inverse = want.feed_mode == FeedMode::Inverse;
        if inverse && self.modal().feed_mode == FeedMode::PerMinute {
            self.text.extend_from_slice(b" G93");
        }
        let rate = Rate::Feed(want.feed);
        if !inverse && self.feed_differs(rate) {
            self.feed_word(want.feed);
        }
        if want.speed.to_bits() != self.modal().speed.to_bits() {
            self.speed_word(want.speed);
        }
        if !self.text.is_empty() {
            let _ = self.text.remove(0);
            self.end_line();
        }
    }

    /// Starts the beam at rest where the source does so: when its mode changes,
    /// or for a pierce.
    fn start_beam(&mut self, a: &Attributes, pierces: bool) {
        if a.spindle != self.modal().spindle
            || pierces && a.power.to_bits() != self.modal().speed.to_bits()
        {
            self.text.extend_from_slice(&spindle_word(a.spindle)[1..]);
            if a.power.to_bits() != self.modal().speed.to_bits() {
                self.speed_word(a.power);
            }
            self.end_line();
        }
        if a.flood != self.modal().flood {
            self.line(if a.flood { "M8" } else { "M9" });
        }
    }

    fn segment(&mut self, from: Point3, to: Point3, bulge: f64, a: &Attributes) {
        let arc = self.arc_words(to, bulge, a.plane);
        match arc {
            ArcWords::Line => self.line_to(to, a),
            ArcWords::Arc { center } => self.arc(to, center, bulge < 0.0, a),
            ArcWords::Split => {
                // Two halves have rounder numbers to hold than the whole; the
                // recursion ends because a half's sagitta is a quarter.
                let (middle, half) = halves(from, to, bulge, a.plane);
                self.segment(from, middle, half, a);
                self.segment(middle, to, half, a);
            }
        }
    }

    /// One G2 or G3 from where the head is.
    fn arc(&mut self, to: Point3, center: Point, clockwise: bool, a: &Attributes) {
        if self.modal().plane != a.plane {
            self.text.extend_from_slice(plane_word(a.plane).as_bytes());
            self.text.push(b' ');
        }
        self.motion_word(if clockwise {
            Motion::ArcCw
        } else {
            Motion::ArcCcw
        });
        let [i, j, third] = a.plane.axes();
        let here = self.machine.position().to_array();
        let mut axes = [true; 3];
        axes[third] = !self.same_length(to.to_array()[third], here[third]);
        self.coordinates(to, axes);
        let offset = self.rounded(center - self.rounded(Point::new(here[i], here[j])));
        for (axis, v) in [(i, offset.x), (j, offset.y)] {
            self.text.extend_from_slice(&[b' ', b'I' + axis as u8]);
            let (v, decimals) = (v / self.modal().unit_mm(), self.decimals());
            number::format(&mut self.text, v, decimals);
        }
        self.rate_and_power(a);
        self.end_line();
    }

    fn line_to(&mut self, to: Point3, a: &Attributes) {
        self.motion_word(Motion::Linear);
        let here = self.machine.position().to_array();
        let there = to.to_array();
        let mut axes = [0, 1, 2].map(|i| !self.same_length(here[i], there[i]));
        if axes == [false; 3] {
            axes[0] = true;
        }
        self.coordinates(to, axes);
        self.rate_and_power(a);
        self.end_line();
    }

    /// How an arc from where the head is can be written such that the firmware
    /// draws it: its radii must agree after rounding, and no short arc may turn
    /// into a full circle.
    fn arc_words(&self, to: Point3, bulge: f64, plane: Plane) -> ArcWords {
        if bulge == 0.0 {
            return ArcWords::Line;
        }
        let [i, j, _] = plane.axes();
        let flat = |p: Point3| Point::new(p.to_array()[i], p.to_array()[j]);
        let (a, b) = (
            self.rounded(flat(self.machine.position())),
            self.rounded(flat(to)),
        );
        let step = self.step();
        // The height of the bow over its chord.
        if a.distance(b) * bulge.abs() / 2.0 < step || a.distance(b) < 2.0 * step {
            return ArcWords::Line;
        }
        let Some(center) = arc_center(a, b, bulge) else {
            return ArcWords::Line;
        };
        let offset = self.rounded(center - a);
        let (start, end) = (offset.norm(), (b - a - offset).norm());
        if radii_agree(start, end) && bulge.abs() <= 2.5 {
            ArcWords::Arc { center }
        } else {
            ArcWords::Split
        }
    }

    fn rate_and_power(&mut self, a: &Attributes) {
        if let Rate::Feed(v) = a.rate
            && self.feed_differs(a.rate)
        {
            self.feed_word(v);
        }
        if a.power.to_bits() != self.modal().speed.to_bits() {
            self.speed_word(a.power);
        }
    }

    fn motion_word(&mut self, motion: Motion) {
        if self.modal().motion != motion {
            self.text.extend_from_slice(match motion {
                Motion::Linear => b"G1",
                Motion::ArcCw => b"G2",
                Motion::ArcCcw => b"G3",
                _ => b"G0",
            });
        }
    }

    fn coordinates(&mut self, to: Point3, axes: [bool; 3]) {
        let modal = *self.modal();
        let v = (to - modal.offset).to_array();
        let decimals = self.decimals();
        for i in 0..3 {
            if axes[i] {
                if !self.text.is_empty() && self.text.last() != Some(&b' ') {
                    self.text.push(b' ');
                }
                self.text.push(b'X' + i as u8);
                number::format(&mut self.text, v[i] / modal.unit_mm(), decimals);
            }
        }
    }

    fn feed_differs(&self, rate: Rate) -> bool {
        match rate {
            Rate::Feed(v) => {
                let (a, b) = (v, self.modal().feed);
                // What was written and read back is the same feed.
                (a - b).abs() > 1e-9 * a.max(b)
            }
            Rate::Rapid | Rate::Inverse(_) => false,
        }
    }

    fn feed_word(&mut self, mm_per_s: f64) {
        self.text.extend_from_slice(b" F");
        let per_minute = mm_per_s * 60.0 / self.modal().unit_mm();
        number::format(&mut self.text, per_minute, NUMBER_DECIMALS);
    }

    fn speed_word(&mut self, speed: f64) {
        self.text.extend_from_slice(b" S");
        number::format(&mut self.text, speed, NUMBER_DECIMALS);
    }

    fn end_line(&mut self) {
        let text = std::mem::take(&mut self.text);
        self.verbatim(&text);
        self.out.extend_from_slice(self.line_end);
        self.lexed.lex(&text, &self.machine.dialect().lexis);
        let outcome = self.machine.execute(&text, &self.lexed, &mut Vec::new());
        if outcome.ignored.is_some() && self.refused.is_none() {
            self.refused = Some(String::from_utf8_lossy(&text).into_owned());
        }
        self.text = text;
        self.text.clear();
    }

    const fn decimals(&self) -> usize {
        self.decimals + self.modal().inches as usize
    }

    /// The smallest length that can be written, mm.
    fn step(&self) -> f64 {
        10_f64.powi(-(self.decimals() as i32)) * self.modal().unit_mm()
    }

    fn same_length(&self, a: f64, b: f64) -> bool {
        (a - b).abs() <= 0.51 * self.step()
    }

    fn is_near(&self, at: Point3) -> bool {
        let here = self.machine.position();
        self.same_length(here.x, at.x)
            && self.same_length(here.y, at.y)
            && self.same_length(here.z, at.z)
    }

    fn rounded(&self, p: Point) -> Point {
        let step = self.step();
        Point::new((p.x / step).round() * step, (p.y / step).round() * step)
    }
}

enum ArcWords {
    Line,
    Arc { center: Point },
    Split,
}

/// The middle of an arc and the bulge of its halves.
fn halves(from: Point3, to: Point3, bulge: f64, plane: Plane) -> (Point3, f64) {
    let [i, j, third] = plane.axes();
    let flat = |p: Point3| Point::new(p.to_array()[i], p.to_array()[j]);
    let m = midpoint(flat(from), flat(to), bulge);
    let mut p = [0.0; 3];
    p[i] = m.x;
    p[j] = m.y;
    p[third] = f64::midpoint(from.to_array()[third], to.to_array()[third]);
    (p.into(), (bulge.atan() / 2.0).tan())
}

const fn plane_word(plane: Plane) -> &'static str {
    match plane {
        Plane::Xy => "G17",
        Plane::Zx => "G18",
        Plane::Yz => "G19",
    }
}

const fn spindle_word(mode: SpindleMode) -> &'static [u8] {
    match mode {
        SpindleMode::Off => b" M5",
        SpindleMode::Constant => b" M3",
        SpindleMode::Dynamic => b" M4",
    }
}
