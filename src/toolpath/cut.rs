//! The edit that takes away what is burned by another path.

use super::{Edit, Path, Segment, Step};
use crate::geom::{Point3, point_at, sweep};
use std::ops::Range;

/// A part of a path that is to be taken away.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cut {
    /// The step that the path is.
    pub step: usize,
    /// The segment, by its number within the path; it lies in the XY plane.
    pub segment: usize,
    /// Where the part begins, as a share of the segment's length.
    pub from: f64,
    /// Where it ends.
    pub to: f64,
}

/// What was taken away because another path burns it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Removed {
    /// Where it began, mm.
    pub from: Point3,
    /// The segment, cut to what was taken away.
    pub segment: Segment,
    /// How far it may be from what burns there, mm.
    pub within: f64,
    /// How many steps that nothing is moved across came before it.
    pub(super) region: u32,
}

impl Edit<'_> {
    /// Takes parts of paths away because others burn within `within` mm of them. What
    /// is left of a path are paths, one for each run without a gap, at its place; a
    /// path that is taken away whole leaves none, and its comments go with it.
    ///
    /// `cuts` are in the order of steps, segments and places. For each step of before
    /// comes the range of those that it became. What was taken away is kept in
    /// [`super::Toolpath::removed`], where [`super::verify`] finds it.
    ///
    /// # Panics
    /// When a cut names no segment of a path, or a path that is rigid or pinned.
    ///
    /// # Complexity
    /// O(steps + segments of the paths that lose something).
    pub fn take_away(&mut self, cuts: &[Cut], within: f64) -> Vec<Range<u32>> {
        let old = std::mem::take(&mut self.toolpath.steps);
        let mut became = Vec::with_capacity(old.len());
        let mut steps = Vec::with_capacity(old.len());
        let mut rest = cuts;
        let mut region = 0;
        for (i, step) in old.into_iter().enumerate() {
            let first = steps.len() as u32;
            let count = rest.iter().take_while(|c| c.step == i).count();
            let (mine, others) = rest.split_at(count);
            rest = others;
            region += u32::from(step.as_path().is_none_or(|p| p.pinned));
            match step {
                Step::Path(path) if count > 0 => {
                    assert!(!path.rigid && !path.pinned, "a rigid path stays whole");
                    steps.extend(self.remains(&path, mine, within, region));
                }
                step => {
                    assert!(count == 0, "step {i} is no path");
                    steps.push(step);
                }
            }
            became.push(first..steps.len() as u32);
        }
        assert!(rest.is_empty(), "cuts are in the order of steps");
        self.toolpath.steps = steps;
        became
    }

    /// The paths that are left of `path`.
    fn remains(&mut self, path: &Path, cuts: &[Cut], within: f64, region: u32) -> Vec<Step> {
        let closed = self.toolpath.is_closed(path);
        let whole: Vec<(Point3, Segment)> = self
            .toolpath
            .with_starts(path)
            .map(|(from, s)| (from, *s))
            .collect();
        let mut runs: Vec<Vec<(Point3, Segment)>> = vec![Vec::new()];
        let mut rest = cuts;
        for (k, (from, segment)) in whole.iter().enumerate() {
            let count = rest.iter().take_while(|c| c.segment == k).count();
            let (mine, others) = rest.split_at(count);
            rest = others;
            let mut at = 0.0;
            for cut in mine {
                push(&mut runs, part(*from, segment, at, cut.from));
                if let Some((from, segment)) = part(*from, segment, cut.from, cut.to) {
                    self.toolpath.removed.push(Removed {
                        from,
                        segment,
                        within,
                        region,
                    });
                }
                at = cut.to;
                runs.push(Vec::new());
            }
            push(&mut runs, part(*from, segment, at, 1.0));
        }
        assert!(rest.is_empty(), "cuts are in the order of segments");
        // What is left of a closed path goes on across its start.
        if closed && runs.len() > 1 && !runs[0].is_empty() {
            let first = std::mem::take(&mut runs[0]);
            if let Some(last) = runs.last_mut() {
                last.extend(first);
            }
        }
        runs.retain(|run| !run.is_empty());
        let mut out = Vec::with_capacity(runs.len());
        for (n, run) in runs.iter().enumerate() {
            let begin = self.toolpath.segments.len() as u32;
            self.toolpath.segments.extend(run.iter().map(|(_, s)| *s));
            let mut rest = path.clone();
            rest.start = run[0].0;
            rest.segments = begin..self.toolpath.segments.len() as u32;
            rest.changed = true;
            if n > 0 {
                rest.absorbed.clear();
                if let Some(origin) = &mut rest.origin {
                    // The comments stand before the first of them.
                    origin.approach = origin.body.end..origin.body.end;
                    origin.body = origin.body.end..origin.body.end;
                }
            }
            out.push(Step::Path(rest));
        }
        out
    }
}

/// Adds what is there to the last run.
fn push(runs: &mut [Vec<(Point3, Segment)>], part: Option<(Point3, Segment)>) {
    if let Some(run) = runs.last_mut() {
        run.extend(part);
    }
}

/// A segment cut to a part of it. `None` when that has no length.
pub(super) fn part(start: Point3, s: &Segment, from: f64, to: f64) -> Option<(Point3, Segment)> {
    if from >= to {
        return None;
    }
    let begin = at(start, s, from);
    let end = at(start, s, to);
    let bulge = if from <= 0.0 && to >= 1.0 || s.bulge == 0.0 {
        s.bulge
    } else {
        (sweep(s.bulge) * (to - from) / 4.0).tan()
    };
    Some((begin, Segment { end, bulge, ..*s }))
}

/// The point at a share of a segment's length, which lies in the XY plane.
pub(super) fn at(start: Point3, s: &Segment, share: f64) -> Point3 {
    if share <= 0.0 {
        start
    } else if share >= 1.0 {
        s.end
    } else {
        let p = point_at(start.xy(), s.end.xy(), s.bulge, share);
        Point3::new(p.x, p.y, start.z)
    }
}
