//! Steps in user units to lines and arcs in mm.

use super::affine::Affine;
use super::drawing::Span;
use super::options::SvgOptions;
use super::path::Step;
use crate::geom::Point;
use crate::geom::fit::{self, EllipseArc};

/// A gap of this many mm at a closing point is the rounding of relative
/// coordinates, which add up: it is closed by moving the last end.
const ROUNDING: f64 = 1e-9;

/// One connected run.
#[derive(Debug, Default)]
pub(super) struct Run {
    pub(super) start: Point,
    pub(super) spans: Vec<Span>,
    pub(super) closed: bool,
    /// Greatest deviation of the spans from the curves, as measured, mm.
    pub(super) deviation_mm: f64,
    /// The closed run that it is a part of.
    pub(super) ring: Option<u32>,
}

/// The runs that steps draw. `close_all` closes each, as filling does. `None` where
/// a coordinate is not finite or lies beyond the farthest allowed.
pub(super) fn runs(
    steps: &[Step],
    map: &Affine,
    close_all: bool,
    options: &SvgOptions,
) -> Option<Vec<Run>> {
    let most = options.max_coordinate;
    let place = |p: Point| {
        let q = map.point(p);
        (q.is_finite() && q.x.abs() <= most && q.y.abs() <= most).then_some(q)
    };
    let mut tracer = Tracer {
        options,
        fill: close_all,
        curved: false,
        done: Vec::new(),
        run: Run::default(),
        at: Point::default(),
        arcs: Vec::new(),
        lines: Vec::new(),
    };
    for step in steps {
        match *step {
            Step::Move(p) => tracer.move_to(place(p)?, close_all),
            Step::Line(p) => tracer.span(place(p)?, 0.0),
            Step::Quadratic(b, c) => {
                let p = [tracer.at, place(b)?, place(c)?];
                tracer.curve(
                    |t, out| fit::fit_quadratic(p, t, out),
                    |t, out| fit::flatten_quadratic(p, t, out),
                );
            }
            Step::Cubic(b, c, d) => {
                let p = [tracer.at, place(b)?, place(c)?, place(d)?];
                tracer.curve(
                    |t, out| fit::fit_cubic(p, t, out),
                    |t, out| fit::flatten_cubic(p, t, out),
                );
            }
            Step::Arc(arc, end) => {
                let end = place(end)?;
                let _ = place(arc.center + arc.u)?;
                let _ = place(arc.center + arc.v)?;
                let arc = EllipseArc {
                    center: place(arc.center)?,
                    u: map.vector(arc.u),
                    v: map.vector(arc.v),
                    ..arc
                };
                tracer.curve(
                    |t, out| fit::fit_ellipse(&arc, end, t, out),
                    |t, out| fit::flatten_ellipse(&arc, end, t, out),
                );
            }
            Step::Close => tracer.close(),
        }
    }
    tracer.finish(close_all);
    Some(tracer.done)
}

struct Tracer<'o> {
    options: &'o SvgOptions,
    /// Whether what is drawn is the edge of a fill.
    fill: bool,
    /// Whether a curve was drawn since the last move.
    curved: bool,
    done: Vec<Run>,
    run: Run,
    at: Point,
    /// Scratch, reused from curve to curve.
    arcs: Vec<(Point, f64)>,
    lines: Vec<Point>,
}

impl Tracer<'_> {
    fn move_to(&mut self, p: Point, close: bool) {
        self.finish(close);
        self.run.start = p;
        self.at = p;
    }

    fn span(&mut self, end: Point, bulge: f64) {
        if end != self.at {
            self.run.spans.push(Span { end, bulge });
            self.at = end;
        }
    }

    fn curve(
        &mut self,
        fit: impl FnOnce(f64, &mut Vec<(Point, f64)>) -> f64,
        flatten: impl FnOnce(f64, &mut Vec<Point>) -> f64,
    ) {
        let tolerance = self.options.tolerance;
        self.curved = true;
        if self.options.arcs {
            let mut found = std::mem::take(&mut self.arcs);
            let off = fit(tolerance, &mut found);
            self.run.deviation_mm = self.run.deviation_mm.max(off);
            for (end, bulge) in found.drain(..) {
                self.span(end, bulge);
            }
            self.arcs = found;
        } else {
            let mut found = std::mem::take(&mut self.lines);
            let off = flatten(tolerance, &mut found);
            self.run.deviation_mm = self.run.deviation_mm.max(off);
            for end in found.drain(..) {
                self.span(end, 0.0);
            }
            self.lines = found;
        }
    }

    fn close(&mut self) {
        let start = self.run.start;
        let gap = self.at.distance(start);
        match self.run.spans.last_mut() {
            Some(last) if gap <= ROUNDING => last.end = start,
            _ => self.span(start, 0.0),
        }
        self.finish(false);
        self.run.start = start;
        self.at = start;
    }

    fn finish(&mut self, close: bool) {
        if close && !self.run.spans.is_empty() {
            self.span(self.run.start, 0.0);
        }
        let mut run = std::mem::take(&mut self.run);
        // A line there and back has nothing inside to fill.
        let curved = std::mem::take(&mut self.curved);
        let flat = self.fill && run.spans.len() <= 2 && !curved;
        if !run.spans.is_empty() && !flat {
            run.closed = self.at == run.start;
            self.done.push(run);
        }
    }
}
