//! Runs of lines become fewer lines.

use super::{Context, Pass, PassReport, runs};
use crate::algo::simplify::simplify;
use crate::error::{Error, positive_mm};
use crate::geom::{Point, distance_to};
use crate::toolpath::Toolpath;

/// Leaves out vertices where the lines stay within a tolerance without them.
///
/// Ends, corners and what lies between are kept: no point of the new lines is
/// farther than the tolerance from the old ones, nor the reverse. Lines of another
/// feed, power, height or filament are never joined. Paths that can only be written
/// as their source has them, and lines of engraved areas, stay as they are.
///
/// It is not in [`super::Pipeline::standard`]: nobody's program loses vertices
/// without being asked.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Simplify {
    /// How far new and old lines may be apart, mm. Default 0.005.
    pub tolerance: f64,
    /// A turn above this is a corner, which stays, rad. Default 0.7 (40°).
    pub corner: f64,
    /// How much the filament for each mm may differ between lines that become one,
    /// as a share of it. Default 0.05.
    pub filament: f64,
}

impl Simplify {
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
}

impl Default for Simplify {
    fn default() -> Self {
        Self {
            tolerance: 0.005,
            corner: 0.7,
            filament: 0.05,
        }
    }
}

impl Pass for Simplify {
    fn name(&self) -> &'static str {
        "simplify"
    }

    fn run(&self, toolpath: &mut Toolpath, _: &mut Context) -> Result<PassReport, Error> {
        let _ = positive_mm("tolerance", self.tolerance)?;
        let new = runs::refit(toolpath, self.filament, |run, old| {
            let kept = simplify(&run.points, self.tolerance, self.corner);
            if kept.len() == run.points.len() {
                return None;
            }
            let lines = kept
                .windows(2)
                .flat_map(|w| runs::joined(&old[w[0]..w[1]], 0.0));
            Some((lines.collect(), deviation(&run.points, &kept)))
        });
        let deviation_mm = new.iter().map(|n| n.deviation).fold(0.0, f64::max);
        for n in &new {
            toolpath.edit().reshape(n.step, &n.segments);
        }
        Ok(PassReport {
            changed: new.len(),
            deviation_mm,
            ..PassReport::new(self.name())
        })
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
