//! The segments of a path, from where the head is.

use super::super::modal::{FeedMode, Motion};
use super::Writer;
use super::arc::{LARGEST_RADIUS, Meant};
use super::words::{plane_word, spindle_word};
use crate::geom::{Point, Point3, midpoint};
use crate::motion::Plane;
use crate::toolpath::{Attributes, Path, Segment, Toolpath};

/// How often an arc is halved at most.
const MOST_HALVINGS: u32 = 8;
/// Into so many lines an arc may be cut because its radius is too large.
const MOST_LINES: f64 = 64.0;

/// A piece of an arc, in machine coordinates, mm.
#[derive(Clone, Copy)]
struct Piece {
    from: Point3,
    to: Point3,
    bulge: f64,
    halvings: u32,
}

impl Writer {
    /// Writes the segments of a path from where the head is.
    pub(in crate::gcode) fn body(&mut self, toolpath: &Toolpath, path: &Path) {
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
                self.dwell(path.entry_dwell);
            }
            let next = segments.get(i + 1);
            if let Some(next) = next
                && self.one_arc(from, s, next, &attributes)
            {
                i += 2;
                from = next.end;
            } else {
                self.segment(from, s.end, s.bulge, &attributes);
                i += 1;
                from = s.end;
            }
        }
    }

    /// Goes to the end of a path as exactly as places are written now.
    pub(in crate::gcode) fn end_body(&mut self, toolpath: &Toolpath, path: &Path) {
        if let Some(last) = toolpath.segments(path).last()
            && !self.is_near(last.end)
        {
            self.line_to(last.end, &toolpath.attributes().get(last.attr).clone());
        }
    }

    /// Starts the beam at rest where the source does so: when its mode changes,
    /// or for a pierce.
    fn start_beam(&mut self, a: &Attributes, pierces: bool) {
        if a.spindle != self.modal().spindle
            || pierces && a.power.to_bits() != self.modal().speed.to_bits()
        {
            self.word(spindle_word(a.spindle));
            if a.power.to_bits() != self.modal().speed.to_bits() {
                self.speed_word(a.power);
            }
            self.end_line();
        }
        if a.flood != self.modal().flood {
            self.line(if a.flood { "M8" } else { "M9" });
        }
    }

    /// Writes two segments as one arc, if they are the halves of one and it can be
    /// written so; gives whether.
    fn one_arc(&mut self, from: Point3, first: &Segment, second: &Segment, a: &Attributes) -> bool {
        let alike = first.line == second.line
            && first.attr == second.attr
            && (first.bulge - second.bulge).abs() <= 1e-9;
        if !alike {
            return false;
        }
        let third = a.plane.axes()[2];
        let [low, mid, high] = [from, first.end, second.end].map(|p| p.to_array()[third]);
        let step = self.step();
        let even = (f64::midpoint(low, high) - mid).abs() <= step / 2.0;
        let points = [from, first.end, second.end].map(|p| flat(p, a.plane));
        match Meant::whole(points, first.bulge, step) {
            Some(meant) => even && self.arc(&meant, second.end, first.bulge < 0.0, a),
            None => false,
        }
    }

    fn segment(&mut self, from: Point3, to: Point3, bulge: f64, a: &Attributes) {
        let mut written = false;
        let mut pieces = vec![Piece {
            from,
            to,
            bulge,
            halvings: 0,
        }];
        while let Some(piece) = pieces.pop() {
            let last = pieces.is_empty();
            let Some(meant) = Meant::of(
                flat(piece.from, a.plane),
                flat(piece.to, a.plane),
                piece.bulge,
            ) else {
                self.line_to(piece.to, a);
                continue;
            };
            if meant.height() < self.step() {
                // A piece of an arc that rounding leaves no length of says nothing.
                if !self.is_near(piece.to) || last && !written {
                    self.line_to(piece.to, a);
                    written = true;
                }
                continue;
            }
            // Each halving leaves a quarter of the height.
            let lines = (meant.height() / self.step()).sqrt();
            let straight = meant.radius() > LARGEST_RADIUS && lines <= MOST_LINES;
            if !straight && self.arc(&meant, piece.to, piece.bulge < 0.0, a) {
                written = true;
                continue;
            }
            if piece.halvings == MOST_HALVINGS {
                // Coordinates too large for their own arcs; the check of the result tells.
                self.line_to(piece.to, a);
                written = true;
                continue;
            }
            let (middle, half) = halves(&piece, a.plane);
            for (from, to) in [(middle, piece.to), (piece.from, middle)] {
                pieces.push(Piece {
                    from,
                    to,
                    bulge: half,
                    halvings: piece.halvings + 1,
                });
            }
        }
    }

    /// One G2 or G3 from where the head is, if there is one that the firmware
    /// draws as meant; gives whether it was written.
    fn arc(&mut self, meant: &Meant, to: Point3, clockwise: bool, a: &Attributes) -> bool {
        let here = self.machine.position();
        let there = self.emitted(to);
        let ends = [here, there].map(|p| flat(p, a.plane));
        let Some(words) = meant.words(ends[0], ends[1], self.step(), self.arc_format) else {
            return false;
        };
        if self.modal().plane != a.plane {
            self.word(plane_word(a.plane));
        }
        self.motion_word(if clockwise {
            Motion::ArcCw
        } else {
            Motion::ArcCcw
        });
        let third = a.plane.axes()[2];
        let mut axes = [true; 3];
        axes[third] = !self.same_length(to.to_array()[third], here.to_array()[third]);
        self.coordinates(to, axes);
        self.arc_words(words, a.plane);
        self.rate_and_power(a);
        if !self.fits() {
            self.text.clear();
            self.feed = None;
            return false;
        }
        self.end_line();
        true
    }

    fn line_to(&mut self, to: Point3, a: &Attributes) {
        self.motion_word(Motion::Linear);
        let (here, there) = (self.machine.position().to_array(), to.to_array());
        let mut axes = [0, 1, 2].map(|i| !self.same_length(here[i], there[i]));
        if axes == [false; 3] {
            axes[0] = true;
        }
        self.coordinates(to, axes);
        self.rate_and_power(a);
        self.end_line();
    }
}

/// A place in the plane of arcs.
fn flat(p: Point3, plane: Plane) -> Point {
    let [i, j, _] = plane.axes();
    Point::new(p.to_array()[i], p.to_array()[j])
}

/// The middle of an arc and the bulge of its halves.
fn halves(piece: &Piece, plane: Plane) -> (Point3, f64) {
    let [i, j, third] = plane.axes();
    let (from, to) = (piece.from.to_array(), piece.to.to_array());
    let m = midpoint(flat(piece.from, plane), flat(piece.to, plane), piece.bulge);
    let mut p = [0.0; 3];
    (p[i], p[j]) = (m.x, m.y);
    p[third] = f64::midpoint(from[third], to[third]);
    (p.into(), (piece.bulge.atan() / 2.0).tan())
}
