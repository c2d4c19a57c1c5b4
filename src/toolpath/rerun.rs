//! The edit that runs the rows of a raster in another way.

use super::{Attributes, Edit, Path, Role, Segment, Step};
use crate::geom::Point3;
use std::ops::Range;

/// A path that takes the place of others; a rapid leads to it.
#[derive(Clone, Debug, PartialEq)]
pub struct Rerun {
    /// Where it starts, mm.
    pub start: Point3,
    /// Its segments.
    pub segments: Vec<Segment>,
}

/// A dark move that an edit made, or left out: it works nothing, so it may be made or
/// not, but [`super::verify`] wants each to be known.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Dark {
    /// Where it begins, mm.
    pub from: Point3,
    /// The segment.
    pub segment: Segment,
    /// Whether it was made; else it was left out.
    pub made: bool,
}

impl Edit<'_> {
    /// The number of attributes that new segments may have.
    pub fn intern(&mut self, attributes: Attributes) -> u32 {
        self.toolpath.attributes.intern(attributes)
    }

    /// Puts other paths in the place of `steps`. They burn the same; dark moves may be
    /// others, and are kept in [`super::Toolpath::darks`], where [`super::verify`] finds
    /// them. All become the lines of one engraved area, of the number `raster`.
    ///
    /// # Panics
    /// When a step of the range is no path, or pinned.
    ///
    /// # Complexity
    /// O(steps + segments of the range).
    pub fn rerun(&mut self, steps: Range<usize>, runs: &[Rerun], raster: u32) {
        let toolpath = &mut *self.toolpath;
        let old: Vec<Step> = toolpath.steps.drain(steps.clone()).collect();
        let dark = |s: &Segment| toolpath.attributes.get(s.attr).role == Role::Dark;
        let mut darks = Vec::new();
        let mut lines: Vec<Range<u32>> = Vec::new();
        for step in &old {
            let path = step.as_path().filter(|p| !p.pinned);
            let path = path.unwrap_or_else(|| panic!("only paths that may move are run anew"));
            let left = toolpath.with_starts(path).filter(|(_, s)| dark(s));
            darks.extend(left.map(|(from, s)| Dark {
                from,
                segment: *s,
                made: false,
            }));
            let own = path.origin.iter().map(|o| o.approach.start..o.body.end);
            for range in own.chain(path.absorbed.iter().cloned()) {
                match lines.last_mut() {
                    Some(last) if last.end == range.start => last.end = range.end,
                    _ => lines.push(range),
                }
            }
        }
        let mut new = Vec::with_capacity(runs.len());
        for run in runs {
            let mut from = run.start;
            for segment in &run.segments {
                if dark(segment) {
                    darks.push(Dark {
                        from,
                        segment: *segment,
                        made: true,
                    });
                }
                from = segment.end;
            }
            let begin = toolpath.segments.len() as u32;
            toolpath.segments.extend_from_slice(&run.segments);
            let mut path = Path::new(run.start, begin..toolpath.segments.len() as u32);
            path.raster = Some(raster);
            path.changed = true;
            new.push(Step::Path(path));
        }
        if let Some(Step::Path(first)) = new.first_mut() {
            // Their comments stand before the first of them.
            first.absorbed = lines;
        }
        toolpath.darks.append(&mut darks);
        let _ = toolpath.steps.splice(steps.start..steps.start, new);
    }
}
