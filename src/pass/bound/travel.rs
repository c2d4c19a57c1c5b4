//! The least travel.

use crate::algo::bound::{Instance, Options, least_hop, travel};
use crate::algo::tour::Stroke;
use crate::geom::Point;
use crate::pass::Reorder;
use crate::pass::batch::{Batch, Unit, cut};
use crate::pass::starts::Starts;
use crate::pass::stroke::{self, end_of_unit, start_of_unit};
use crate::toolpath::{Path, RawEffect, Role, Step, Toolpath};
use std::ops::Range;

/// A lower bound on the travel, in mm, of any program that burns the paths of
/// `toolpath` with their batches (an operation of a region, one pass) in sequence,
/// whatever their order, direction and start within a batch. Ends nearer than
/// `config.touch` may be fused. It is compared with
/// [`crate::estimate::Estimate::travel_mm`], up to the rounding of written numbers.
///
/// Batches whose ends are not known from what stays in place are each bounded on
/// their own, with the least hop from one to the next. Heights, what fences move,
/// and which paths must come before others are left out: they only make travel
/// longer.
///
/// Where closed paths may be started anywhere ([`Reorder::start_anywhere`]), that is
/// bounded by points along them, less how far they are apart, which leaves less of it.
///
/// # Complexity
/// That of [`travel`] for each batch.
#[must_use]
pub fn travel_bound(toolpath: &Toolpath, config: &Reorder) -> f64 {
    let mut sum = Travel {
        toolpath,
        config,
        at: Place::At(toolpath.start().xy()),
        mm: 0.0,
    };
    let mut regions = toolpath.regions().into_iter().peekable();
    let mut i = 0;
    while i < toolpath.steps().len() {
        if let Some(region) = regions.next_if(|r| r.start == i) {
            i = region.end;
            sum.region(region);
            continue;
        }
        match &toolpath.steps()[i] {
            Step::Path(path) => {
                if let Some(entry) = entry_of(path) {
                    sum.go(entry);
                }
                sum.go(path.start.xy());
                sum.mm += dark_length(toolpath, path);
                sum.at = Place::At(toolpath.end_of(path).xy());
            }
            Step::Raw(raw) if raw.effect == RawEffect::Fence => {
                sum.go(raw.entry_at.xy());
                sum.at = Place::At(raw.exit_at.xy());
            }
            // The head stays where the writer has left it.
            Step::Raw(_) => {}
        }
        i += 1;
    }
    if let Some(end) = last_place(toolpath) {
        sum.go(end);
    }
    sum.mm
}

/// Where the head is.
enum Place {
    At(Point),
    /// No farther from one of these points than that, mm.
    Among(Vec<Point>, f64),
}

struct Travel<'a> {
    toolpath: &'a Toolpath,
    config: &'a Reorder,
    at: Place,
    mm: f64,
}

impl Travel<'_> {
    fn hop(&self, a: Point, b: Point) -> f64 {
        let mm = a.distance(b);
        if mm <= self.config.touch { 0.0 } else { mm }
    }

    /// The least hop between points of which the ends may be so far off, mm.
    fn least(&self, a: &[Point], b: &[Point], off: f64) -> f64 {
        let hop = least_hop(a, b, self.config.touch);
        if off > 0.0 {
            (hop - off - self.config.touch).max(0.0)
        } else {
            hop
        }
    }

    /// The head goes to a place that is known.
    fn go(&mut self, to: Point) {
        self.mm += match &self.at {
            Place::At(at) => self.hop(*at, to),
            Place::Among(points, off) => self.least(points, &[to], *off),
        };
        self.at = Place::At(to);
    }

    fn region(&mut self, region: Range<usize>) {
        let toolpath = self.toolpath;
        for path in toolpath.steps()[region.clone()]
            .iter()
            .filter_map(Step::as_path)
        {
            self.mm += dark_length(toolpath, path);
        }
        let end = stop_after(toolpath, region.end);
        let batches = cut(toolpath, region, self.config);
        for (k, batch) in batches.iter().enumerate() {
            for unit in &batch.units {
                self.mm += self.within(unit);
            }
            if batch.kept {
                for unit in &batch.units {
                    self.go(start_of_unit(toolpath, unit));
                    self.at = Place::At(end_of_unit(toolpath, unit));
                }
                continue;
            }
            let to = match batches.get(k + 1) {
                None => end,
                Some(next) => next
                    .units
                    .first()
                    .filter(|_| next.kept)
                    .map(|unit| start_of_unit(toolpath, unit)),
            };
            self.batch(batch, to);
        }
    }

    /// The travel from path to path of a unit, which stay as they are.
    fn within(&self, unit: &Unit) -> f64 {
        let paths: Vec<&Path> = self.toolpath.steps()[unit.steps.clone()]
            .iter()
            .filter_map(Step::as_path)
            .collect();
        paths
            .windows(2)
            .map(|w| self.hop(self.toolpath.end_of(w[0]).xy(), w[1].start.xy()))
            .sum()
    }

    fn batch(&mut self, batch: &Batch, to: Option<Point>) {
        let (config, toolpath) = (self.config, self.toolpath);
        let anywhere = config.start_anywhere.then(|| {
            let closed = std::slice::from_ref(batch);
            Starts::of(toolpath, closed, 0.0)
        });
        // Ends of closed paths are within half of the spacing of a point.
        let off = anywhere.as_ref().map_or(0.0, |s| s.spacing / 2.0);
        let mut starts = Vec::new();
        let strokes: Vec<Stroke> = batch
            .units
            .iter()
            .map(|unit| stroke::stroke(toolpath, unit, anywhere.as_ref(), &mut starts))
            .collect();
        let ends = || {
            let open = strokes.iter().filter_map(|s| match s {
                Stroke::Open { ends, .. } => Some(ends),
                Stroke::Closed { .. } => None,
            });
            let mut all: Vec<Point> = open.flatten().copied().collect();
            all.extend(&starts);
            all
        };
        let from = match &self.at {
            Place::At(at) => Some(*at),
            Place::Among(points, before) => {
                self.mm += self.least(points, &ends(), off + before);
                None
            }
        };
        let instance = Instance {
            strokes: &strokes,
            starts: &starts,
            from,
            to,
            touch: self.config.touch,
        };
        let between = travel(&instance, &Options::default());
        let closed = strokes
            .iter()
            .filter(|s| matches!(s, Stroke::Closed { .. }));
        let ends_off = 2.0 * off * closed.count() as f64;
        let fused = if off > 0.0 {
            config.touch * (strokes.len() + 1) as f64
        } else {
            0.0
        };
        self.mm += (between - ends_off - fused).max(0.0);
        self.at = to.map_or_else(|| Place::Among(ends(), off), Place::At);
    }
}

/// Where the way down to a path begins that is the source's own.
fn entry_of(path: &Path) -> Option<Point> {
    let origin = path.origin.as_ref().filter(|_| path.lifts)?;
    Some(origin.entry_at.xy())
}

/// The place that the head must reach after the steps before `i`, if what comes next
/// stays in place.
fn stop_after(toolpath: &Toolpath, i: usize) -> Option<Point> {
    let moves = |s: &&Step| !matches!(s, Step::Raw(r) if r.effect != RawEffect::Fence);
    match toolpath.steps()[i..].iter().find(moves) {
        Some(Step::Path(path)) if path.pinned => entry_of(path).or(Some(path.start.xy())),
        Some(Step::Path(_)) => None,
        Some(Step::Raw(raw)) => Some(raw.entry_at.xy()),
        None => last_place(toolpath),
    }
}

/// Where the program ends; `None` for a drawing, which ends anywhere.
fn last_place(toolpath: &Toolpath) -> Option<Point> {
    match toolpath.steps().last()? {
        Step::Path(path) => path.origin.as_ref().map(|_| toolpath.end_of(path).xy()),
        Step::Raw(raw) => Some(raw.exit_at.xy()),
    }
}

/// What a path travels without the beam, mm.
fn dark_length(toolpath: &Toolpath, path: &Path) -> f64 {
    let dark = toolpath
        .with_starts(path)
        .filter(|(_, s)| toolpath.attributes().get(s.attr).role == Role::Dark);
    dark.map(|(from, s)| crate::geom::length(from.xy(), s.end.xy(), s.bulge))
        .sum()
}
