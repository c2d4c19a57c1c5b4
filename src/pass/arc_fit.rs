//! Runs of lines become arcs, and fewer lines.

use super::fitting::{Fitting, fit_runs};
use super::runs::{self, Run};
use super::{Context, Objective, Pass, PassReport};
use crate::algo::arc_fit::{Fit, Limits, Piece, arc_fit};
use crate::diag::{Code, Diagnostic, Severity};
use crate::error::Error;
use crate::geom::{Point3, midpoint};
use crate::machine::ArcSupport;
use crate::motion::Plane;
use crate::toolpath::{Segment, Toolpath};
use std::f64::consts::PI;

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
}

impl ArcFit {
    /// One that keeps so near to the lines.
    #[must_use]
    pub const fn new(fitting: Fitting) -> Self {
        Self { fitting, kink: 0.1 }
    }

    /// The same with another kink, rad.
    #[must_use]
    pub const fn with_kink(mut self, kink: f64) -> Self {
        self.kink = kink;
        self
    }

    fn limits(&self, arcs: &ArcSupport) -> Limits {
        Limits::new(self.fitting.tolerance)
            .with_corner(self.fitting.corner)
            .with_kink(self.kink)
            .with_greatest_radius(arcs.greatest_radius)
            .with_least_length(arcs.least_length)
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
        let runs = runs::Limits {
            filament: self.fitting.filament,
        };
        let name = (self.name(), "arcs");
        Ok(fit_runs(name, toolpath, context, &runs, |run, old| {
            if run.plane != Plane::Xy && !arcs.upright {
                return None;
            }
            fit(run, old, &limits)
        }))
    }
}

/// The segments that stand for a run; `None` where they are as many.
fn fit(run: &Run, old: &[Segment], limits: &Limits) -> Option<(Vec<Segment>, f64)> {
    let pieces = match arc_fit(&run.points, limits, |_, _| true) {
        Fit::Pieces(pieces) => pieces,
        Fit::Circle {
            opposite,
            ccw,
            deviation,
        } => {
            let whole = runs::joined(old, if ccw { 1.0 } else { -1.0 })?;
            return Some((halves(whole, run.lift(opposite)), deviation));
        }
    };
    if pieces.len() == old.len() {
        return None;
    }
    let mut out = Vec::with_capacity(pieces.len());
    let (mut from, mut worst) = (0, 0.0_f64);
    for Piece {
        last,
        sweep,
        deviation,
        ..
    } in pieces
    {
        worst = worst.max(deviation);
        let bulge = (sweep / 4.0).tan();
        if sweep.abs() <= PI {
            out.extend(runs::joined(&old[from..last], bulge));
        } else {
            let middle = midpoint(run.points[from], run.points[last], bulge);
            let whole = runs::joined(&old[from..last], (sweep / 8.0).tan())?;
            out.extend(halves(whole, run.lift(middle)));
        }
        from = last;
    }
    Some((out, worst))
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
