//! The one mutator of a toolpath.

use super::{Path, Segment, Step, Toolpath};
use crate::geom::Point3;
use std::ops::Range;

/// Where a path goes in a new arrangement.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Placement {
    /// The step that the path is now.
    pub step: usize,
    /// Whether it is to be run from its end to its start.
    pub reversed: bool,
    /// For a closed path: the segment to begin with, before any reversal.
    pub first: usize,
    /// For a closed path: where in that segment it begins, as a share of the segment's
    /// length, from 0 to below 1. Above 0 the segment lies in the XY plane; it becomes
    /// two.
    pub share: f64,
}

impl Placement {
    /// Whether the path keeps its direction and start.
    #[must_use]
    pub fn stays(&self) -> bool {
        !self.reversed && self.first == 0 && self.share <= 0.0
    }
}

/// Changes a toolpath; made by [`Toolpath::edit`].
#[derive(Debug)]
pub struct Edit<'a> {
    pub(super) toolpath: &'a mut Toolpath,
}

impl Toolpath {
    /// The only way to change paths: it keeps track of what no longer is as the
    /// source has it.
    pub const fn edit(&mut self) -> Edit<'_> {
        Edit { toolpath: self }
    }
}

impl Edit<'_> {
    /// Puts the paths of a region into the order of `placements`.
    ///
    /// # Panics
    /// When `placements` does not name each step of `region` once, a step is no
    /// path, or a rigid path is to be reversed or started elsewhere.
    ///
    /// # Complexity
    /// O(paths + segments of the paths that are turned or started elsewhere).
    pub fn arrange(&mut self, region: Range<usize>, placements: &[Placement]) {
        assert_eq!(
            region.len(),
            placements.len(),
            "one placement for each step"
        );
        let mut old: Vec<Option<Step>> = self.toolpath.steps[region.clone()]
            .iter()
            .cloned()
            .map(Some)
            .collect();
        for (slot, placement) in region.clone().zip(placements) {
            let step = old[placement.step - region.start].take();
            let Some(Step::Path(mut path)) = step else {
                panic!("step {} is placed twice or is no path", placement.step);
            };
            self.turn(&mut path, placement);
            self.toolpath.steps[slot] = Step::Path(path);
        }
    }

    /// Makes one path of each group of consecutive paths. Each group is a range
    /// of steps; groups are in order and do not overlap. The start of a later
    /// path of the group moves to the end of the one before.
    ///
    /// # Panics
    /// When a step of a group is no path or is rigid.
    ///
    /// # Complexity
    /// O(steps + segments of the groups).
    pub fn fuse(&mut self, groups: &[Range<usize>]) {
        let mut steps = Vec::with_capacity(self.toolpath.steps.len());
        let mut groups = groups.iter().filter(|g| g.len() > 1).peekable();
        let old = std::mem::take(&mut self.toolpath.steps);
        let mut i = 0;
        while i < old.len() {
            match groups.peek() {
                Some(g) if g.start == i => {
                    steps.push(Step::Path(self.fused(&old[(*g).clone()])));
                    i = g.end;
                    let _ = groups.next();
                }
                _ => {
                    steps.push(old[i].clone());
                    i += 1;
                }
            }
        }
        self.toolpath.steps = steps;
    }

    fn fused(&mut self, steps: &[Step]) -> Path {
        let arena = &mut self.toolpath.segments;
        let begin = arena.len() as u32;
        let mut whole: Option<Path> = None;
        for step in steps {
            let path = step.as_path().filter(|p| !p.rigid);
            let path = path.unwrap_or_else(|| panic!("only paths that are not rigid are fused"));
            arena.extend_from_within(path.segments.start as usize..path.segments.end as usize);
            match &mut whole {
                None => whole = Some(path.clone()),
                Some(w) => {
                    w.exit_dwell = path.exit_dwell;
                    if let Some(o) = &path.origin {
                        w.absorbed.push(o.approach.start..o.body.end);
                    }
                    w.absorbed.extend_from_slice(&path.absorbed);
                }
            }
        }
        let mut whole = whole.unwrap_or_else(|| panic!("a group holds at least two paths"));
        whole.segments = begin..arena.len() as u32;
        whole.changed = true;
        whole
    }

    fn turn(&mut self, path: &mut Path, placement: &Placement) {
        if placement.stays() {
            return;
        }
        assert!(!path.rigid, "a rigid path keeps its direction and start");
        self.start_elsewhere(path, placement.first, placement.share);
        if placement.reversed {
            let range = path.segments.start as usize..path.segments.end as usize;
            path.start = reverse(path.start, &mut self.toolpath.segments[range]);
        }
        path.changed = true;
    }
}

/// Turns a run of segments round; gives its new start.
fn reverse(start: Point3, segments: &mut [Segment]) -> Point3 {
    let new_start = segments.last().map_or(start, |s| s.end);
    let mut from = start;
    for s in segments.iter_mut() {
        std::mem::swap(&mut s.end, &mut from);
        s.bulge = -s.bulge;
    }
    segments.reverse();
    new_start
}

#[cfg(test)]
#[allow(clippy::float_cmp)] // exact values are meant
mod tests {
    use super::*;
    use crate::toolpath::Attributes;

    fn square() -> Toolpath {
        let p = |x, y| Point3::new(x, y, 0.0);
        let mut t = Toolpath::new(p(0.0, 0.0));
        t.push_path(
            p(0.0, 0.0),
            [(p(1.0, 0.0), 0.5), (p(1.0, 1.0), 0.0), (p(0.0, 0.0), 0.0)],
            Attributes::default(),
            0,
        );
        t.push_path(p(5.0, 0.0), [(p(6.0, 0.0), 0.0)], Attributes::default(), 1);
        t
    }

    #[test]
    fn reverse_twice_is_nothing() {
        let mut t = square();
        let before = t.clone();
        let place = |step, reversed| Placement {
            step,
            reversed,
            first: 0,
            share: 0.0,
        };
        t.edit().arrange(0..2, &[place(1, true), place(0, true)]);
        let first = t.steps()[0].as_path().unwrap();
        assert_eq!(first.start.x, 6.0);
        assert!(first.is_changed());
        t.edit().arrange(0..2, &[place(1, true), place(0, true)]);
        for (a, b) in t.paths().zip(before.paths()) {
            assert_eq!(a.start, b.start);
            assert_eq!(t.segments(a), before.segments(b));
        }
    }

    #[test]
    fn start_elsewhere_then_reversed() {
        let mut t = square();
        let at = |step, reversed, first| Placement {
            step,
            reversed,
            first,
            share: 0.0,
        };
        t.edit().arrange(0..2, &[at(0, true, 1), at(1, false, 0)]);
        let p = t.steps()[0].as_path().unwrap();
        assert_eq!(p.start, Point3::new(1.0, 0.0, 0.0));
        let ends: Vec<_> = t
            .segments(p)
            .iter()
            .map(|s| (s.end.xy(), s.bulge))
            .collect();
        assert_eq!(ends[0].1, -0.5);
        assert_eq!(ends[2].0, p.start.xy());
    }

    #[test]
    fn fuse_joins_segments() {
        let mut t = square();
        t.edit().fuse(std::slice::from_ref(&(0..2)));
        assert_eq!(t.steps().len(), 1);
        let p = t.steps()[0].as_path().unwrap();
        assert_eq!(t.segments(p).len(), 4);
    }
}
