//! Runs of lines become fewer lines.

use super::fitting::{Fitting, fit_runs};
use super::runs::{self, Limits};
use super::{Context, Pass, PassReport};
use crate::algo::simplify::simplify;
use crate::error::Error;
use crate::geom::{Point, distance_to};
use crate::toolpath::Toolpath;

/// Leaves out vertices where the lines stay within a tolerance without them.
///
/// Ends, corners and what lies between are kept: no point of the new lines is
/// farther than the tolerance from the old ones, nor the reverse. Lines of another
/// feed, power, height or filament are never joined. Paths that can only be written
/// as their source has them, and lines of engraved areas, stay as they are, and so do
/// lines that it has made before.
///
/// With [`super::Objective::Time`], where the whole job would take longer than it did, only
/// those paths change that do not, and where that does not help, none.
///
/// It is not in [`super::Pipeline::standard`]: nobody's program loses vertices
/// without being asked.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Simplify {
    /// How near it keeps to the lines that were there.
    pub fitting: Fitting,
}

impl Simplify {
    /// One that keeps so near to the lines.
    #[must_use]
    pub const fn new(fitting: Fitting) -> Self {
        Self { fitting }
    }
}

impl Pass for Simplify {
    fn name(&self) -> &'static str {
        "simplify"
    }

    fn run(&self, toolpath: &mut Toolpath, context: &mut Context) -> Result<PassReport, Error> {
        self.fitting.check()?;
        let Fitting {
            tolerance,
            corner,
            filament,
        } = self.fitting;
        let name = (self.name(), "fewer lines");
        let limits = Limits {
            filament,
            slope: None,
            prints: false,
        };
        Ok(fit_runs(name, toolpath, context, &limits, |run, old| {
            let kept = simplify(&run.points, tolerance, corner);
            if kept.len() == run.points.len() {
                return None;
            }
            let lines = kept
                .windows(2)
                .flat_map(|w| runs::joined(&old[w[0]..w[1]], 0.0));
            Some((lines.collect(), deviation(&run.points, &kept)))
        }))
    }
}

/// How far points that are left out are from the lines, at most, mm.
fn deviation(points: &[Point], kept: &[usize]) -> f64 {
    let spans = kept.windows(2).map(|w| &points[w[0]..=w[1]]);
    let off = |span: &[Point]| {
        let ends = [span[0], span[span.len() - 1]];
        let each = span.iter().map(|p| distance_to(ends[0], ends[1], 0.0, *p));
        each.fold(0.0, f64::max)
    };
    spans.map(off).fold(0.0, f64::max)
}
