//! From a [`Cycle`] to what the machine does.

use super::{Back, Cycle, Fault, Holes, Kind, Pecks};
use crate::geom::{Point, Point3};
use crate::motion::{Plane, SpindleMode};

/// One step of a cycle.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Stroke {
    /// A rapid to a place in program coordinates, mm.
    Rapid(Point3),
    /// A move at the feed to a place in program coordinates, mm.
    Feed(Point3),
    /// Stand still for so many seconds.
    Dwell(f64),
    /// Turn the spindle so.
    Spindle(SpindleMode),
    /// Bring the stopped spindle to its set angle; the time is unknown.
    Orient,
    /// Wait for the operator, as M0 does.
    Operator,
}

/// A move or a last cut of less than this, mm, is what rounding leaves of none.
const NOTHING: f64 = 1e-6;

/// Strokes of one hole that are not pecks; none has more.
const PLAIN_STROKES: f64 = 16.0;
/// Strokes of one peck.
const PECK_STROKES: f64 = 3.0;

/// Appends the strokes of `cycle`. Moves of no length are left out.
///
/// The result is where the program goes on from. After G88 this is above the tool,
/// unless the rules let it rise: the operator is taken to have raised it.
///
/// # Errors
/// [`Fault::TooMany`] when there could be more than `limit` strokes; nothing is
/// appended then.
///
/// # Complexity
/// O(strokes), of which a line may ask for any number: hence the limit.
pub(crate) fn unfold(cycle: &Cycle, limit: usize, out: &mut Vec<Stroke>) -> Result<Point3, Fault> {
    if cycle.repeats == 0 {
        return Ok(cycle.start);
    }
    let pecks = cycle
        .pecks
        .map_or(0.0, |p| (cycle.clear - cycle.bottom) / p.first.min(p.least));
    let strokes = f64::from(cycle.repeats) * (PLAIN_STROKES + PECK_STROKES * pecks);
    // What is no number is refused too.
    if strokes.is_nan() || strokes > limit as f64 {
        return Err(Fault::TooMany);
    }
    let [a, b, c] = cycle.plane.axes();
    let start = cycle.start.to_array();
    let mut tool = Tool {
        plane: cycle.plane,
        at: cycle.start,
        out,
    };
    let mut hole = Point::new(start[a], start[b]);
    let mut height = start[c];
    let mut level = cycle.level;
    if level < cycle.clear {
        tool.rapid(hole, cycle.clear);
        level = cycle.clear;
        height = cycle.clear;
    }
    let rest = if cycle.to_level { level } else { cycle.clear };
    for nr in 0..cycle.repeats {
        hole = match cycle.holes {
            Holes::At(p) => p,
            Holes::Step(step) => hole + step,
            Holes::Turn(step) => step.target(hole, true).map_err(Fault::Polar)?,
        };
        // From below the level, G98 rises on the way to the hole.
        let over = if nr == 0 && height > cycle.clear {
            height
        } else {
            rest
        };
        tool.rapid(hole, over);
        tool.rapid(hole, cycle.clear);
        make_hole(cycle, hole, rest, &mut tool);
    }
    Ok(place(cycle.plane, hole, rest))
}

/// The hole itself, from the clear plane to `rest`.
fn make_hole(cycle: &Cycle, hole: Point, rest: f64, tool: &mut Tool<'_>) {
    let &Cycle {
        clear,
        bottom,
        rules,
        ..
    } = cycle;
    let out_at_feed = if rules.feed_to_r { clear } else { rest };
    match cycle.kind {
        Kind::Drill | Kind::DrillDwell => {
            tool.feed(hole, bottom);
            tool.dwell(cycle.dwell);
            tool.rapid(hole, rest);
        }
        Kind::ChipBreak | Kind::Peck => {
            if let Some(pecks) = cycle.pecks {
                peck(cycle, pecks, hole, tool);
            }
            tool.feed(hole, bottom);
            tool.dwell(cycle.dwell);
            tool.rapid(hole, rest);
        }
        Kind::TapLeft | Kind::TapRight => {
            let (inward, outward) = match cycle.kind {
                Kind::TapLeft => (SpindleMode::Dynamic, SpindleMode::Constant),
                _ => (SpindleMode::Constant, SpindleMode::Dynamic),
            };
            tool.feed(hole, bottom);
            tool.spin(SpindleMode::Off);
            tool.spin(outward);
            tool.dwell(cycle.dwell);
            tool.feed(hole, out_at_feed);
            tool.spin(SpindleMode::Off);
            tool.spin(inward);
            tool.rapid(hole, rest);
        }
        Kind::Ream => {
            tool.feed(hole, bottom);
            tool.dwell(cycle.dwell);
            tool.feed(hole, clear);
            tool.rapid(hole, rest);
        }
        Kind::Bore => {
            tool.feed(hole, bottom);
            tool.dwell(cycle.dwell);
            tool.spin(SpindleMode::Off);
            tool.rapid(hole, rest);
            tool.spin(turning(cycle));
        }
        Kind::BackBore => {
            if let Some(back) = cycle.back {
                bore_from_below(cycle, back, hole, rest, tool);
            }
        }
        Kind::ManualBore => {
            tool.feed(hole, bottom);
            tool.dwell(cycle.dwell);
            tool.spin(SpindleMode::Off);
            tool.out.push(Stroke::Operator);
            tool.spin(turning(cycle));
            if rules.manual_rises {
                tool.rapid(hole, rest);
            }
        }
        Kind::BoreDwell => {
            tool.feed(hole, bottom);
            tool.dwell(cycle.dwell);
            tool.feed(hole, out_at_feed);
            tool.rapid(hole, rest);
        }
    }
}

/// All cuts but the last.
fn peck(cycle: &Cycle, pecks: Pecks, hole: Point, tool: &mut Tool<'_>) {
    let &Cycle { clear, rules, .. } = cycle;
    let depth = clear - cycle.bottom;
    let (mut cut, mut done) = (pecks.first, pecks.first);
    while depth - done > NOTHING {
        tool.feed(hole, clear - done);
        if cycle.kind == Kind::Peck {
            tool.rapid(hole, clear);
            tool.rapid(hole, clear - done + rules.peck_back);
        } else {
            tool.rapid(hole, clear - done + rules.chip_break);
        }
        if cut > pecks.least {
            cut = (cut - pecks.less).max(pecks.least);
        }
        done += cut;
    }
}

/// G87: down beside the axis with the spindle stopped, in, up at feed and down, and
/// out the same way.
fn bore_from_below(cycle: &Cycle, back: Back, hole: Point, rest: f64, tool: &mut Tool<'_>) {
    let beside = hole + back.shift;
    tool.rapid(beside, cycle.clear);
    tool.spin(SpindleMode::Off);
    tool.out.push(Stroke::Orient);
    tool.rapid(beside, cycle.bottom);
    tool.rapid(hole, cycle.bottom);
    tool.spin(turning(cycle));
    tool.feed(hole, back.top);
    tool.feed(hole, cycle.bottom);
    tool.spin(SpindleMode::Off);
    tool.out.push(Stroke::Orient);
    tool.rapid(beside, cycle.bottom);
    tool.rapid(beside, rest);
    tool.rapid(hole, rest);
    tool.spin(turning(cycle));
}

/// How the spindle is started again: as it turned, or clockwise where the control
/// does not ask that it turns.
fn turning(cycle: &Cycle) -> SpindleMode {
    match cycle.spindle {
        SpindleMode::Off => SpindleMode::Constant,
        mode => mode,
    }
}

fn place(plane: Plane, hole: Point, height: f64) -> Point3 {
    let [a, b, c] = plane.axes();
    let mut p = [0.0; 3];
    (p[a], p[b], p[c]) = (hole.x, hole.y, height);
    p.into()
}

struct Tool<'a> {
    plane: Plane,
    at: Point3,
    out: &'a mut Vec<Stroke>,
}

impl Tool<'_> {
    fn rapid(&mut self, hole: Point, height: f64) {
        self.go(hole, height, Stroke::Rapid);
    }

    fn feed(&mut self, hole: Point, height: f64) {
        self.go(hole, height, Stroke::Feed);
    }

    fn go(&mut self, hole: Point, height: f64, stroke: impl Fn(Point3) -> Stroke) {
        let to = place(self.plane, hole, height);
        if to.distance(self.at) >= NOTHING {
            self.at = to;
            self.out.push(stroke(to));
        }
    }

    fn dwell(&mut self, seconds: Option<f64>) {
        self.out.extend(seconds.map(Stroke::Dwell));
    }

    fn spin(&mut self, mode: SpindleMode) {
        self.out.push(Stroke::Spindle(mode));
    }
}
