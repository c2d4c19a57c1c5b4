//! Counts and lengths of a toolpath.

use crate::geom::length;
use crate::toolpath::{Role, Step, Toolpath};

/// Counts and lengths of a toolpath, fences left out.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Summary {
    /// Paths that hold segments.
    pub paths: usize,
    /// Segments.
    pub segments: usize,
    /// Length that is worked, mm.
    pub burn_mm: f64,
    /// Length of all other motion, dark moves included, mm.
    pub travel_mm: f64,
}

/// Counts and measures a toolpath.
///
/// # Complexity
/// O(segments).
#[must_use]
pub fn summarize(toolpath: &Toolpath) -> Summary {
    let mut sum = Summary::default();
    let mut at = toolpath.start();
    for step in toolpath.steps() {
        match step {
            Step::Raw(raw) => at = raw.exit_at,
            Step::Path(path) => {
                sum.travel_mm += at.distance(path.start);
                sum.paths += usize::from(!path.segments.is_empty());
                for (from, s) in toolpath.with_starts(path) {
                    let flat = length(from.xy(), s.end.xy(), s.bulge);
                    let mm = flat.hypot(s.end.z - from.z);
                    match toolpath.attributes().get(s.attr).role {
                        Role::Burn => sum.burn_mm += mm,
                        Role::Dark => sum.travel_mm += mm,
                    }
                    sum.segments += 1;
                }
                at = toolpath.end_of(path);
            }
        }
    }
    sum
}
