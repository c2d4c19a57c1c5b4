//! The edit that puts other segments in the place of some that follow each other.

use super::{Edit, Path, Segment, Step, Toolpath};
use crate::geom::Point3;
use std::ops::Range;

/// Segments that are to take the place of others.
#[derive(Clone, Debug, PartialEq)]
pub struct Replacement {
    /// The step that the path is.
    pub step: usize,
    /// Those that go, by their numbers within the path; all of one attributes.
    pub run: Range<usize>,
    /// Those that come, with the same attributes, to the same end.
    pub new: Vec<Segment>,
    /// How far the two may be apart at most, mm.
    pub within: f64,
}

/// Segments that took the place of others; [`super::verify`] checks each such pair by
/// itself.
#[derive(Clone, Debug, PartialEq)]
pub struct Replaced {
    /// The pass that did it.
    pub by: &'static str,
    /// Where both begin, mm.
    pub from: Point3,
    /// What was there.
    pub old: Vec<Segment>,
    /// What came in its place.
    pub new: Vec<Segment>,
    /// How far the two may be apart at most, mm.
    pub within: f64,
}

impl Edit<'_> {
    /// Puts other segments in the place of runs of a path's own. `by` is the name of the
    /// pass that does it; what it did is kept in [`Toolpath::replaced`].
    ///
    /// `all` are in the order of steps and runs, and no two of them overlap.
    ///
    /// # Panics
    /// When a step is no path or is whole, a run is empty or not there, or the new
    /// segments have another end or other attributes.
    ///
    /// # Complexity
    /// O(segments of the paths that change).
    pub fn replace(&mut self, by: &'static str, all: &[Replacement]) {
        for of_path in all.chunk_by(|a, b| a.step == b.step) {
            self.replace_in_path(by, of_path);
        }
    }

    fn replace_in_path(&mut self, by: &'static str, all: &[Replacement]) {
        let toolpath = &mut *self.toolpath;
        let Some(step) = all.first().map(|r| r.step) else {
            return;
        };
        let path = toolpath.steps.get(step).and_then(Step::as_path).cloned();
        let Some(mut path) = path else {
            panic!("step {step} is no path");
        };
        assert!(!path.whole, "the path is written as its source has it");
        let segments = toolpath.with_replacements(&path, all);
        let mut done = 0;
        for r in all {
            assert!(done <= r.run.start, "replacements are in order");
            done = r.run.end;
            let old = toolpath.segments(&path);
            let gone = &old[r.run.clone()];
            let same_end = gone.last().map(|s| s.end) == r.new.last().map(|s| s.end);
            assert!(
                same_end && !gone.is_empty(),
                "what is replaced keeps its end"
            );
            let mut both = gone.iter().chain(&r.new).map(|s| s.attr);
            assert!(
                both.all(|attr| attr == gone[0].attr),
                "what is replaced keeps its attributes"
            );
            let before = r.run.start.checked_sub(1).map(|i| old[i].end);
            let replaced = Replaced {
                by,
                from: before.unwrap_or(path.start),
                old: gone.to_vec(),
                new: r.new.clone(),
                within: r.within,
            };
            toolpath.replaced.push(replaced);
        }
        let begin = toolpath.segments.len() as u32;
        toolpath.segments.extend(segments);
        path.segments = begin..toolpath.segments.len() as u32;
        path.changed = true;
        toolpath.steps[step] = Step::Path(path);
    }
}

impl Toolpath {
    /// The segments of a path as they are with replacements made, all of that path.
    pub(crate) fn with_replacements(&self, path: &Path, all: &[Replacement]) -> Vec<Segment> {
        let old = self.segments(path);
        let mut out = Vec::with_capacity(old.len());
        let mut done = 0;
        for r in all {
            out.extend_from_slice(&old[done..r.run.start]);
            out.extend_from_slice(&r.new);
            done = r.run.end;
        }
        out.extend_from_slice(&old[done..]);
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::toolpath::Attributes;

    /// A path of three lines.
    fn lines() -> Toolpath {
        let p = |x, y| Point3::new(x, y, 0.0);
        let mut t = Toolpath::new(p(0.0, 0.0));
        let ends = [(1.0, 0.0), (2.0, 0.0), (2.0, 1.0)];
        let segments = ends.map(|(x, y)| (p(x, y), 0.0));
        t.push_path(t.start(), segments, Attributes::default(), 0);
        t
    }

    fn first_two_by(new: Segment) -> Replacement {
        Replacement {
            step: 0,
            run: 0..2,
            new: vec![new],
            within: 0.0,
        }
    }

    #[test]
    fn the_rest_of_the_path_stays_and_it_is_kept_in_mind() {
        let mut t = lines();
        let old = t.segments.clone();
        t.edit().replace("it", &[first_two_by(old[1])]);
        let path = t.paths().next().unwrap();
        assert_eq!(t.segments(path), &old[1..]);
        assert!(path.is_changed());
        let [replaced] = t.replaced() else { panic!() };
        assert_eq!((replaced.by, replaced.from), ("it", t.start()));
        assert_eq!(
            (&replaced.old[..], &replaced.new[..]),
            (&old[..2], &old[1..2])
        );
    }

    #[test]
    #[should_panic(expected = "keeps its end")]
    fn another_end_is_refused() {
        let mut t = lines();
        let last = t.segments[2];
        t.edit().replace("it", &[first_two_by(last)]);
    }

    #[test]
    #[should_panic(expected = "keeps its attributes")]
    fn other_attributes_are_refused() {
        let mut t = lines();
        let other = Segment {
            attr: 7,
            ..t.segments[1]
        };
        t.edit().replace("it", &[first_two_by(other)]);
    }
}
