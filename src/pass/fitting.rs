//! What the passes that put other lines and arcs in the place of lines share.

use super::runs::{self, Run};
use super::{Context, Objective, PassReport, seconds};
use crate::diag::{Code, Diagnostic, Severity};
use crate::error::{Error, positive_mm};
use crate::machine::Machine;
use crate::par;
use crate::toolpath::{Path, Replacement, Segment, Step, Toolpath};

/// What would have come in the place of lines would have taken longer; they were kept.
pub const FIT_SLOWER: Code = Code("pass/fit-slower");

/// Times that differ by this share are equal.
pub(crate) const SAME_TIME: f64 = 1e-9;

/// How near [`super::Simplify`] and [`super::ArcFit`] keep to the lines that they replace.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Fitting {
    /// How far new and old lines may be apart, mm. Default 0.005.
    pub tolerance: f64,
    /// A turn above this is a corner, which stays, rad. Default 0.7 (40°).
    pub corner: f64,
    /// How much the filament for each mm may differ between lines that become one,
    /// as a share of it. Default 0.05.
    pub filament: f64,
}

impl Fitting {
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

    /// The same with another share by which filament may differ.
    #[must_use]
    pub const fn with_filament(mut self, filament: f64) -> Self {
        self.filament = filament;
        self
    }

    pub(super) fn check(&self) -> Result<(), Error> {
        positive_mm("tolerance", self.tolerance).map(|_| ())
    }
}

impl Default for Fitting {
    fn default() -> Self {
        Self {
            tolerance: 0.005,
            corner: 0.7,
            filament: 0.05,
        }
    }
}

/// What is made of one path: all of its runs that become something else.
struct Refit {
    all: Vec<Replacement>,
}

/// Puts what `fit` gives for runs of lines, with how far that is off, in their place. With
/// a machine, where the job would then take longer, only on paths that do not, and where
/// that does not help, nowhere. `with` says what is put there, for people.
pub(super) fn fit_runs(
    (by, with): (&'static str, &str),
    toolpath: &mut Toolpath,
    context: &mut Context,
    limits: &runs::Limits,
    fit: impl Fn(&Run, &[Segment]) -> Option<(Vec<Segment>, f64)> + Sync,
) -> PassReport {
    let mut new = refits(by, toolpath, limits, fit);
    let all = new.len();
    let apply = |toolpath: &mut Toolpath, new: &[Refit]| {
        for n in new {
            toolpath.edit().replace(by, &n.all);
        }
    };
    if let Objective::Time(machine) = &context.objective {
        let limit = seconds::of_toolpath(toolpath, machine) * (1.0 + SAME_TIME);
        let is_slower = |new: &[Refit]| {
            let mut fitted = toolpath.clone();
            apply(&mut fitted, new);
            seconds::of_toolpath(&fitted, machine) > limit
        };
        if is_slower(&new) {
            keep_faster(toolpath, &mut new, machine);
            if is_slower(&new) {
                new.clear();
            }
        }
    }
    apply(toolpath, &new);
    if new.len() < all {
        let slower = all - new.len();
        let message =
            format!("{slower} of {all} paths would take longer with {with}; their lines are kept");
        let said = Diagnostic::new(FIT_SLOWER, Severity::Note, message);
        context.diagnostics.push(said);
    }
    let within = new.iter().flat_map(|n| &n.all).map(|r| r.within);
    PassReport {
        changed: new.len(),
        deviation_mm: within.fold(0.0, f64::max),
        ..PassReport::new(by)
    }
}

/// What becomes of each path that becomes something else. Paths that are written only as
/// their source has them and lines of engraved areas are left out.
fn refits(
    by: &str,
    toolpath: &Toolpath,
    limits: &runs::Limits,
    fit: impl Fn(&Run, &[Segment]) -> Option<(Vec<Segment>, f64)> + Sync,
) -> Vec<Refit> {
    let done = runs::done(toolpath, by);
    let all = par::map(toolpath.steps(), |step, s| {
        // What stays in place because it changes its height, or lays filament, may do so
        // with other lines.
        let free = |p: &&Path| {
            let there = p.pinned && !p.lifts && !(p.printed && limits.prints);
            !(p.whole || there) && p.raster.is_none()
        };
        let path = s.as_path().filter(free)?;
        let old = toolpath.segments(path);
        let replacement = |run: Run| {
            let (new, within) = fit(&run, &old[run.segments.clone()])?;
            Some(Replacement {
                step,
                run: run.segments,
                new,
                within,
            })
        };
        let runs = runs::of_path(toolpath, path, limits, &done).into_iter();
        let all: Vec<_> = runs.filter_map(replacement).collect();
        (!all.is_empty()).then_some(Refit { all })
    });
    all.into_iter().flatten().collect()
}

/// Leaves out what would take longer than the lines that are there.
fn keep_faster(toolpath: &Toolpath, new: &mut Vec<Refit>, machine: &Machine) {
    let faster = par::map(new, |_, n| {
        let step = n.all.first().and_then(|r| toolpath.steps().get(r.step));
        let Some(path) = step.and_then(Step::as_path) else {
            return false;
        };
        let seconds = |s: &[Segment]| seconds::of_segments(toolpath, path.start, s, machine);
        let fitted = toolpath.with_replacements(path, &n.all);
        seconds(&fitted) <= seconds(toolpath.segments(path)) * (1.0 + SAME_TIME)
    });
    let mut faster = faster.into_iter();
    new.retain(|_| faster.next().unwrap_or(false));
}
