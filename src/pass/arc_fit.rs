//! Runs of lines become arcs, and fewer lines.

use super::runs::{self, Refit, Run};
use super::{Context, Objective, Pass, PassReport, seconds};
use crate::algo::arc_fit::{Fit, Limits, Piece, arc_fit};
use crate::diag::{Code, Diagnostic, Severity};
use crate::error::{Error, positive_mm};
use crate::geom::{Point3, midpoint};
use crate::machine::{ArcSupport, Machine};
use crate::motion::Plane;
use crate::par;
use crate::toolpath::{Segment, Toolpath};
use std::f64::consts::PI;

/// Arcs would have taken longer on the machine; lines were kept.
pub const ARCS_SLOWER: Code = Code("pass/arcs-slower");
/// The machine runs no arcs; lines were kept.
pub const NO_ARCS: Code = Code("pass/no-arcs");

/// Makes arcs, and longer lines, of runs of short lines.
///
/// No point of what comes out is farther than the tolerance from the lines that
/// were there, nor the reverse; ends and corners stay. Lines of another feed,
/// power, height or filament are never joined, and arcs that were there stay. Paths
/// that can only be written as their source has them, and lines of engraved areas,
/// stay as they are.
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
    /// How far arcs and lines may be apart, mm. Default 0.005.
    pub tolerance: f64,
    /// A turn above this is a corner, which stays, rad. Default 0.7 (40°).
    pub corner: f64,
    /// How far the direction of an arc at its end may be outside of those of the two
    /// lines that meet there, rad. Default 0.1 (6°).
    pub kink: f64,
    /// How much the filament for each mm may differ between lines that become one
    /// arc, as a share of it. Default 0.05.
    pub filament: f64,
}

impl ArcFit {
    /// The same with another tolerance, mm.
    #[must_use]
    pub const fn with_tolerance(mut self, tolerance: f64) -> Self {
        self.tolerance = tolerance;
        self
    }

    /// The same with another angle that makes a corner, rad.
    #[must_use]
    pub const fn with_corner(mut self, corner: f64) -> Self {
        self.corner = corner;
        self
    }

    /// The same with another kink, rad.
    #[must_use]
    pub const fn with_kink(mut self, kink: f64) -> Self {
        self.kink = kink;
        self
    }

    /// The same with another share by which filament may differ.
    #[must_use]
    pub const fn with_filament(mut self, filament: f64) -> Self {
        self.filament = filament;
        self
    }

    /// New segments for all paths.
    fn fitted(&self, toolpath: &Toolpath, arcs: &ArcSupport) -> Vec<Refit> {
        let limits = Limits::new(self.tolerance)
            .with_corner(self.corner)
            .with_kink(self.kink)
            .with_greatest_radius(arcs.greatest_radius)
            .with_least_length(arcs.least_length);
        runs::refit(toolpath, self.filament, |run, old| {
            if run.plane != Plane::Xy && !arcs.upright {
                return None;
            }
            fit(run, old, &limits)
        })
    }
}

impl Default for ArcFit {
    fn default() -> Self {
        Self {
            tolerance: 0.005,
            corner: 0.7,
            kink: 0.1,
            filament: 0.05,
        }
    }
}

impl Pass for ArcFit {
    fn name(&self) -> &'static str {
        "arc-fit"
    }

    fn run(&self, toolpath: &mut Toolpath, context: &mut Context) -> Result<PassReport, Error> {
        let _ = positive_mm("tolerance", self.tolerance)?;
        let mut report = PassReport::new(self.name());
        let machine = match &context.objective {
            Objective::Time(machine) => Some((**machine).clone()),
            Objective::Travel => None,
        };
        let Some(arcs) = machine
            .as_ref()
            .map_or(Some(ArcSupport::default()), |m| m.arcs)
        else {
            context.diagnostics.push(Diagnostic::new(
                NO_ARCS,
                Severity::Note,
                "the machine runs no arcs; lines are kept",
            ));
            return Ok(report);
        };
        let mut new = self.fitted(toolpath, &arcs);
        let all = new.len();
        let before = toolpath.clone();
        reshape(toolpath, &new);
        if let Some(machine) = &machine {
            let limit = seconds::of_toolpath(&before, machine);
            let is_slower = |t: &Toolpath| seconds::of_toolpath(t, machine) > limit;
            if is_slower(toolpath) {
                toolpath.clone_from(&before);
                keep_faster(toolpath, &mut new, machine);
                reshape(toolpath, &new);
                if is_slower(toolpath) {
                    *toolpath = before;
                    new.clear();
                }
            }
        }
        if new.len() < all {
            context.diagnostics.push(Diagnostic::new(
                ARCS_SLOWER,
                Severity::Note,
                format!(
                    "{} of {all} paths would take longer with arcs; their lines are kept",
                    all - new.len()
                ),
            ));
        }
        report.changed = new.len();
        report.deviation_mm = new.iter().map(|n| n.deviation).fold(0.0, f64::max);
        Ok(report)
    }
}

fn reshape(toolpath: &mut Toolpath, new: &[Refit]) {
    for n in new {
        toolpath.edit().reshape(n.step, &n.segments);
    }
}

/// Leaves out what would take longer than the lines that are there.
fn keep_faster(toolpath: &Toolpath, new: &mut Vec<Refit>, machine: &Machine) {
    let faster = par::map(new, |_, n| {
        let Some(path) = toolpath.steps()[n.step].as_path() else {
            return false;
        };
        let seconds = |s: &[Segment]| seconds::of_segments(toolpath, path.start, s, machine);
        seconds(&n.segments) <= seconds(toolpath.segments(path))
    });
    let mut faster = faster.into_iter();
    new.retain(|_| faster.next().unwrap_or(false));
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
