//! The edit that starts a closed path elsewhere.

use super::cut::{at, part};
use super::{Edit, Path, Segment};
use crate::geom::sweep;
use std::f64::consts::TAU;

/// Two arcs are the halves of one circle when their sweeps are off by no more, rad.
const SAME_SWEEP: f64 = 1e-9;

impl Edit<'_> {
    /// Starts a closed path with another of its segments, at a share of its length. A
    /// segment that is started within becomes two; a circle of two arcs stays that.
    pub(super) fn start_elsewhere(&mut self, path: &mut Path, first: usize, share: f64) {
        let range = path.segments.start as usize..path.segments.end as usize;
        let segments = &mut self.toolpath.segments[range];
        if let Some(before) = first.checked_sub(1) {
            path.start = segments[before].end;
            segments.rotate_left(first);
        }
        if share <= 0.0 {
            return;
        }
        let start = path.start;
        if let [one, other] = segments
            && is_circle(one, other)
        {
            let middle = at(one.end, other, share);
            path.start = at(start, one, share);
            (one.end, other.end) = (middle, path.start);
            return;
        }
        let cut = segments[0];
        let parts = [part(start, &cut, share, 1.0), part(start, &cut, 0.0, share)];
        let [Some((begin, head)), Some((_, tail))] = parts else {
            return;
        };
        let arena = &mut self.toolpath.segments;
        let rest = path.segments.start as usize + 1..path.segments.end as usize;
        let from = arena.len() as u32;
        arena.push(head);
        arena.extend_from_within(rest);
        arena.push(tail);
        path.segments = from..arena.len() as u32;
        path.start = begin;
    }
}

/// Whether a closed path of two segments is a circle, in one operation.
fn is_circle(one: &Segment, other: &Segment) -> bool {
    one.attr == other.attr
        && (sweep(one.bulge) - sweep(other.bulge)).abs() <= SAME_SWEEP
        && (2.0 * sweep(one.bulge).abs() - TAU).abs() <= SAME_SWEEP
}

#[cfg(test)]
#[allow(clippy::float_cmp)] // exact values are meant
mod tests {
    use super::*;
    use crate::geom::{Point, Point3, arc_center, length};
    use crate::toolpath::{Attributes, Placement, Toolpath, verify};

    const START: Point3 = Point3::new(10.0, 0.0, 0.0);

    fn closed(segments: &[(f64, f64, f64)]) -> Toolpath {
        let mut t = Toolpath::new(Point3::default());
        let segments = segments
            .iter()
            .map(|&(x, y, bulge)| (Point3::new(x, y, 0.0), bulge));
        t.push_path(START, segments, Attributes::default(), 0);
        t
    }

    /// The path started at a share of a segment, checked to burn the same.
    fn started(t: &Toolpath, first: usize, share: f64, reversed: bool) -> Vec<(Point, f64)> {
        let mut edited = t.clone();
        let placement = Placement {
            step: 0,
            reversed,
            first,
            share,
        };
        let begin = t.place(t.paths().next().unwrap(), first, share);
        edited.edit().arrange(0..1, &[placement]);
        assert!(verify(t, &edited, 1e-9).is_ok());
        let path = edited.paths().next().unwrap();
        assert!(path.is_changed() && edited.is_closed(path));
        assert_eq!(path.start, begin);
        let long = |t: &Toolpath| -> f64 {
            let path = t.paths().next().unwrap();
            let segments = t.with_starts(path);
            segments
                .map(|(from, s)| length(from.xy(), s.end.xy(), s.bulge))
                .sum()
        };
        assert!((long(t) - long(&edited)).abs() < 1e-9);
        let segments = edited.segments(path).iter();
        segments.map(|s| (s.end.xy(), s.bulge)).collect()
    }

    #[test]
    fn a_line_becomes_two() {
        let t = closed(&[(20.0, 0.0, 0.0), (20.0, 8.0, 0.0), (10.0, 0.0, 0.0)]);
        let p = |x, y| (Point::new(x, y), 0.0);
        let ends = started(&t, 1, 0.25, false);
        assert_eq!(
            ends,
            [p(20.0, 8.0), p(10.0, 0.0), p(20.0, 0.0), p(20.0, 2.0)]
        );
        let ends = started(&t, 1, 0.25, true);
        assert_eq!(
            ends,
            [p(20.0, 0.0), p(10.0, 0.0), p(20.0, 8.0), p(20.0, 2.0)]
        );
    }

    #[test]
    fn an_arc_becomes_two_with_its_centre() {
        let t = closed(&[(20.0, 0.0, -0.6), (20.0, 8.0, 0.0), (10.0, 0.0, 0.3)]);
        let centre = arc_center(START.xy(), Point::new(20.0, 0.0), -0.6).unwrap();
        let ends = started(&t, 0, 0.3, false);
        assert_eq!(ends.len(), 4);
        let begin = ends[3].0;
        for (from, (to, bulge)) in [(begin, ends[0]), (START.xy(), ends[3])] {
            let own = arc_center(from, to, bulge).unwrap();
            assert!(own.distance(centre) < 1e-12);
            assert!(bulge < 0.0);
        }
        assert!((sweep(ends[0].1) + sweep(ends[3].1) - sweep(-0.6)).abs() < 1e-12);
    }

    #[test]
    fn a_circle_stays_two_halves() {
        for turn in [1.0, -1.0] {
            let t = closed(&[(30.0, 0.0, turn), (10.0, 0.0, turn)]);
            for (first, share) in [(0, 0.5), (1, 0.125)] {
                let ends = started(&t, first, share, false);
                assert_eq!(ends.len(), 2);
                let middle = ends[0].0.lerp(ends[1].0, 0.5);
                assert!(middle.distance(Point::new(20.0, 0.0)) < 1e-12);
                assert_eq!([ends[0].1, ends[1].1], [turn; 2]);
            }
        }
    }

    #[test]
    fn two_arcs_that_are_no_circle_are_cut() {
        let t = closed(&[(30.0, 0.0, 0.4), (10.0, 0.0, 0.4)]);
        assert_eq!(started(&t, 1, 0.5, true).len(), 3);
    }
}
