//! Runs of lines become arcs, and fewer lines.

use super::climb::Turn;
use super::fitting::{Fitting, fit_runs};
use super::runs::{self, Run};
use super::{Context, Objective, Pass, PassReport, climb};
use crate::algo::arc_fit::{Fit, Limits, Piece, arc_fit};
use crate::diag::{Code, Diagnostic, Severity};
use crate::error::Error;
use crate::geom::{Point3, arc_center, midpoint};
use crate::machine::{ArcFormat, ArcSupport};
use crate::motion::Plane;
use crate::toolpath::{Segment, Toolpath};
use std::f64::consts::{PI, TAU};
use std::ops::Range;

/// The machine runs no arcs; lines were kept.
pub const NO_ARCS: Code = Code("pass/no-arcs");

/// Makes arcs, and longer lines, of runs of short lines.
///
/// No point of what comes out is farther than the tolerance from the lines that
/// were there, nor the reverse; ends and corners stay. Lines of another feed,
/// power, height or filament are never joined, and arcs that were there stay. Paths
/// that can only be written as their source has them, and lines of engraved areas,
/// stay as they are, and so does what it has made before.
///
/// With [`Objective::Time`] it asks that machine which arcs it runs. Where the whole
/// job would take longer with arcs than it did, only those paths get arcs that do not,
/// and where that does not help, none.
///
/// It is not in [`super::Pipeline::standard`]: nobody's program gets other commands
/// without being asked.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ArcFit {
    /// How near it keeps to the lines that were there.
    pub fitting: Fitting,
    /// How far the direction of an arc at its end may be outside of those of the two
    /// lines that meet there, rad. Default 0.1 (6°).
    pub kink: f64,
    /// Whether lines on one slope become helices: arcs along which the height changes
    /// evenly. Default not: lines of another height are never joined.
    pub helices: bool,
    /// How the arcs will be written. By their radius none turns farther than that can
    /// say, as on a machine that wants it so. Default by their centre.
    pub format: ArcFormat,
}

impl ArcFit {
    /// One that keeps so near to the lines.
    #[must_use]
    pub const fn new(fitting: Fitting) -> Self {
        Self {
            fitting,
            kink: 0.1,
            helices: false,
            format: ArcFormat::Center,
        }
    }

    /// The same with another kink, rad.
    #[must_use]
    pub const fn with_kink(mut self, kink: f64) -> Self {
        self.kink = kink;
        self
    }

    /// The same with helices or without.
    #[must_use]
    pub const fn with_helices(mut self, helices: bool) -> Self {
        self.helices = helices;
        self
    }

    /// The same for arcs that will be written so.
    #[must_use]
    pub const fn with_format(mut self, format: ArcFormat) -> Self {
        self.format = format;
        self
    }

    fn limits(&self, arcs: &ArcSupport) -> Limits {
        Limits::new(self.fitting.tolerance)
            .with_corner(self.fitting.corner)
            .with_kink(self.kink)
            .with_greatest_radius(arcs.greatest_radius)
            .with_least_length(arcs.least_length)
            .with_greatest_sweep(match (self.format, arcs.format) {
                (ArcFormat::Center, ArcFormat::Center) => TAU,
                // Rounding may turn what is written a hair farther.
                _ => ArcFormat::MOST_BY_RADIUS * (1.0 - 1e-3),
            })
    }
}

impl Default for ArcFit {
    fn default() -> Self {
        Self::new(Fitting::default())
    }
}

impl Pass for ArcFit {
    fn name(&self) -> &'static str {
        "arc-fit"
    }

    fn run(&self, toolpath: &mut Toolpath, context: &mut Context) -> Result<PassReport, Error> {
        self.fitting.check()?;
        let arcs = match &context.objective {
            Objective::Time(machine) => machine.arcs,
            Objective::Travel => Some(ArcSupport::default()),
        };
        let Some(arcs) = arcs else {
            context.diagnostics.push(Diagnostic::new(
                NO_ARCS,
                Severity::Note,
                "the machine runs no arcs; lines are kept",
            ));
            return Ok(PassReport::new(self.name()));
        };
        let limits = self.limits(&arcs);
        // On a slope the heights take up to half of the tolerance.
        let slope = self.fitting.tolerance * SLOPE;
        let runs = runs::Limits {
            filament: self.fitting.filament,
            slope: self.helices.then_some(slope),
            prints: true,
        };
        let name = (self.name(), "arcs");
        Ok(fit_runs(name, toolpath, context, &runs, |run, old| {
            if run.plane != Plane::Xy && !arcs.upright {
                return None;
            }
            if run.is_level() {
                return fit(run, old, &limits, |_, _| Some(0.0));
            }
            let mut narrow = limits.clone();
            narrow.tolerance *= FLAT;
            let most = limits.tolerance;
            fit(run, old, &narrow, |stretch, turn| {
                let off = climb::off_slope(&run.points, &run.heights, stretch, turn);
                Some(off + most * SPARE).filter(|off| off.hypot(narrow.tolerance) <= most)
            })
        }))
    }
}

/// The share of the tolerance by which heights may be off one slope of a run. Between two
/// of its points they are off by twice that at most.
const SLOPE: f64 = 0.25;
/// The share of the tolerance that is left in the plane for runs on a slope.
const FLAT: f64 = 0.8;
/// The share of the tolerance by which heights may be off between vertices.
const SPARE: f64 = 0.05;

/// The segments that stand for a run; `None` where they are as many. `climb` says how far
/// the heights are off along a piece over those vertices, or that it will not do.
fn fit(
    run: &Run,
    old: &[Segment],
    limits: &Limits,
    climb: impl Fn(Range<usize>, Turn) -> Option<f64>,
) -> Option<(Vec<Segment>, f64)> {
    let ends = |a: usize, b: usize| f64::midpoint(run.heights[a], run.heights[b]);
    let pieces = match arc_fit(&run.points, limits, |_, _| true) {
        Fit::Pieces(pieces) => pieces,
        Fit::Circle {
            opposite,
            ccw,
            deviation,
        } => {
            let whole = runs::joined(old, if ccw { 1.0 } else { -1.0 })?;
            let center = run.points[0].lerp(opposite, 0.5);
            let last = run.points.len() - 1;
            let off = climb(0..last, Turn::Round(center))?;
            let halves = halves(whole, run.lift(opposite, ends(0, last)));
            return Some((halves, deviation.hypot(off)));
        }
    };
    let mut out = Vec::with_capacity(pieces.len());
    let (mut from, mut worst) = (0, 0.0_f64);
    for Piece {
        last,
        sweep,
        deviation,
        ..
    } in pieces
    {
        let (stretch, bulge) = (from..last, (sweep / 4.0).tan());
        from = last;
        let (a, b) = (run.points[stretch.start], run.points[last]);
        let turn = arc_center(a, b, bulge).map_or(Turn::None, Turn::Round);
        let joins = stretch.len() > 1;
        let Some(off) = (if joins {
            climb(stretch.clone(), turn)
        } else {
            Some(0.0)
        }) else {
            out.extend_from_slice(&old[stretch]);
            continue;
        };
        worst = worst.max(deviation.hypot(off));
        if sweep.abs() <= PI {
            out.extend(runs::joined(&old[stretch], bulge));
        } else {
            let middle = run.lift(midpoint(a, b, bulge), ends(stretch.start, last));
            let whole = runs::joined(&old[stretch], (sweep / 8.0).tan())?;
            out.extend(halves(whole, middle));
        }
    }
    (out.len() < old.len()).then_some((out, worst))
}

/// The two halves of an arc of more than a half turn: one place of each.
fn halves(whole: Segment, middle: Point3) -> Vec<Segment> {
    let filament = whole.filament / 2.0;
    let second = Segment { filament, ..whole };
    vec![
        Segment {
            end: middle,
            ..second
        },
        second,
    ]
}
