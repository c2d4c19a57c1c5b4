//! Neighbours whose ends touch become one path.

use super::{Context, Pass, PassReport, shape};
use crate::error::{Error, positive_mm};
use crate::toolpath::{Path, Step, Toolpath};
use std::ops::Range;

/// Fuses paths that follow each other, touch, and belong to one operation, so
/// that the beam stays on. Runs after [`super::Reorder`]: fused before, bad ends
/// would be frozen.
///
/// What is burned again at once stays two paths, and so do a path that begins
/// with a pierce and the lines of an engraved area.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Merge {
    /// Ends nearer than this touch, mm. The start of the second path moves onto
    /// the end of the first. Default 0.005.
    pub touch: f64,
}

impl Merge {
    /// The same with another distance below which ends touch, mm.
    #[must_use]
    pub const fn with_touch(mut self, touch: f64) -> Self {
        self.touch = touch;
        self
    }
}

impl Default for Merge {
    fn default() -> Self {
        Self { touch: 0.005 }
    }
}

impl Pass for Merge {
    fn name(&self) -> &'static str {
        "merge"
    }

    fn run(&self, toolpath: &mut Toolpath, _: &mut Context) -> Result<PassReport, Error> {
        let touch = positive_mm("touch", self.touch)?;
        let mut groups: Vec<Range<usize>> = Vec::new();
        let mut deviation_mm = 0.0_f64;
        for i in 1..toolpath.steps().len() {
            let (Step::Path(a), Step::Path(b)) = (&toolpath.steps()[i - 1], &toolpath.steps()[i])
            else {
                continue;
            };
            let gap = toolpath.end_of(a).distance(b.start);
            if gap > touch || !may_fuse(toolpath, a, b, touch) {
                continue;
            }
            deviation_mm = deviation_mm.max(gap);
            match groups.last_mut() {
                Some(g) if g.end == i => g.end = i + 1,
                _ => groups.push(i - 1..i + 1),
            }
        }
        toolpath.edit().fuse(&groups);
        Ok(PassReport {
            changed: groups.iter().map(|g| g.len() - 1).sum(),
            deviation_mm,
            ..PassReport::new(self.name())
        })
    }
}

fn may_fuse(toolpath: &Toolpath, a: &Path, b: &Path, touch: f64) -> bool {
    let free = |p: &Path| !p.rigid && !p.pinned && p.raster.is_none() && !p.segments.is_empty();
    free(a)
        && free(b)
        && a.exit_dwell == 0.0
        && b.entry_dwell == 0.0
        && shape::operation(toolpath, a) == shape::operation(toolpath, b)
        && shape::signature(toolpath, a, touch) != shape::signature(toolpath, b, touch)
}
