//! The edit that makes one path of parts of several.

use super::{Edit, Path, Step};
use std::ops::Range;

/// Parts of paths that become one path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Splice {
    /// The step in whose place it stands, one of those of its parts.
    pub step: usize,
    /// What it is made of, in order: steps and ranges of their segments, which all
    /// together are all segments of these steps.
    pub parts: Vec<(usize, Range<usize>)>,
}

impl Edit<'_> {
    /// Makes one path of each of `splices`, which are in the order of the steps that they
    /// stand for; the other steps of its parts are gone. Each part begins where the one
    /// before it ends. Gives for each step of before the number that it, or what it is a
    /// part of, has now.
    ///
    /// # Panics
    /// When a step is no path or rigid, or is of two splices, or its segments are not each
    /// there once.
    ///
    /// # Complexity
    /// O(steps + segments of the splices).
    pub fn splice(&mut self, splices: &[Splice]) -> Vec<u32> {
        let old = std::mem::take(&mut self.toolpath.steps);
        let mut stands_for: Vec<Option<usize>> = vec![None; old.len()];
        for (i, splice) in splices.iter().enumerate() {
            for (step, _) in &splice.parts {
                let was = stands_for[*step].replace(i);
                assert!(was.is_none_or(|s| s == i), "step {step} is in two splices");
            }
        }
        let mut number = vec![0; splices.len()];
        let mut steps = Vec::with_capacity(old.len());
        for (i, step) in old.iter().enumerate() {
            match stands_for[i] {
                None => steps.push(step.clone()),
                Some(s) if splices[s].step == i => {
                    number[s] = steps.len() as u32;
                    steps.push(Step::Path(self.spliced(&old, &splices[s])));
                }
                Some(_) => {}
            }
        }
        self.toolpath.steps = steps;
        let mut kept = 0;
        let slot = |(i, s): (usize, &Option<usize>)| {
            let stands = s.is_none_or(|s| splices[s].step == i);
            kept += u32::from(stands);
            s.map_or(kept.wrapping_sub(1), |s| number[s])
        };
        stands_for.iter().enumerate().map(slot).collect()
    }

    fn spliced(&mut self, old: &[Step], splice: &Splice) -> Path {
        let of = |step: usize| {
            let path = old[step].as_path().filter(|p| !p.rigid);
            path.unwrap_or_else(|| panic!("step {step} is no path or rigid"))
        };
        let mut whole = of(splice.step).clone();
        if let Some((step, range)) = splice.parts.first() {
            whole.start = self.toolpath.place(of(*step), range.start, 0.0);
        }
        let begin = self.toolpath.segments.len();
        let mut steps: Vec<usize> = Vec::new();
        for (step, range) in &splice.parts {
            let first = of(*step).segments.start as usize;
            let segments = first + range.start..first + range.end;
            self.toolpath.segments.extend_from_within(segments);
            steps.push(*step);
        }
        steps.sort_unstable();
        steps.dedup();
        let end = self.toolpath.segments.len();
        let all: usize = steps.iter().map(|&s| of(s).segments.len()).sum();
        assert_eq!(end - begin, all, "each segment is there once");
        for path in steps.into_iter().filter(|s| *s != splice.step).map(of) {
            if let Some(o) = &path.origin {
                whole.absorbed.push(o.approach.start..o.body.end);
            }
            whole.absorbed.extend_from_slice(&path.absorbed);
        }
        whole.segments = begin as u32..end as u32;
        whole.changed = true;
        whole
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geom::Point3;
    use crate::toolpath::{Attributes, Toolpath};

    #[test]
    fn a_ring_is_drawn_on_a_line() {
        let p = |x, y| Point3::new(x, y, 0.0);
        let mut t = Toolpath::new(p(0.0, 0.0));
        let a = Attributes::default();
        let line = [p(1.0, 0.0), p(2.0, 0.0)].map(|p| (p, 0.0));
        let ring = [p(1.0, 0.0), p(2.0, 3.0), p(1.0, 3.0)].map(|p| (p, 0.0));
        t.push_path(p(1.0, 3.0), ring, a, 0);
        t.push_path(p(7.0, 7.0), [(p(8.0, 8.0), 0.0)], a, 1);
        t.push_path(p(0.0, 0.0), line, a, 2);
        let parts = vec![(2, 0..1), (0, 1..3), (0, 0..1), (2, 1..2)];
        let slots = t.edit().splice(&[Splice { step: 2, parts }]);
        assert_eq!(slots, [1, 0, 1]);
        assert_eq!(t.steps().len(), 2);
        let whole = t.steps()[1].as_path().unwrap();
        assert_eq!(whole.start, p(0.0, 0.0));
        let ends: Vec<_> = t.segments(whole).iter().map(|s| s.end).collect();
        let around = [p(2.0, 3.0), p(1.0, 3.0), p(1.0, 0.0)];
        assert_eq!(ends, [&[p(1.0, 0.0)], &around[..], &[p(2.0, 0.0)]].concat());
        assert!(whole.is_changed());
    }
}
