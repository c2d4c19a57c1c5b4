//! The stretches of a path that can be fitted anew: lines that follow each other
//! with one feed, power, tool and operation, at one height or where that is asked for
//! on one slope, with one amount of filament to the millimetre.

use crate::geom::{Point, Point3};
use crate::motion::{Plane, Rate};
use crate::toolpath::{Path, Segment, Toolpath};
use std::collections::BTreeSet;
use std::ops::Range;

/// Lines that follow each other.
#[derive(Clone, Debug)]
pub(super) struct Run {
    /// The segments, by their numbers within the path.
    pub(super) segments: Range<usize>,
    /// Where they begin and end, in their plane.
    pub(super) points: Vec<Point>,
    /// The plane of their attributes.
    pub(super) plane: Plane,
    /// The height over that plane at each of the points.
    pub(super) heights: Vec<f64>,
}

impl Run {
    /// A point of the plane at a height over it, in space.
    pub(super) fn lift(&self, p: Point, height: f64) -> Point3 {
        let ([i, j, k], mut out) = (self.plane.axes(), [0.0; 3]);
        (out[i], out[j], out[k]) = (p.x, p.y, height);
        out.into()
    }

    /// Whether all of it is at one height.
    pub(super) fn is_level(&self) -> bool {
        let mut both = self.heights.windows(2);
        both.all(|w| w[0].to_bits() == w[1].to_bits())
    }
}

/// What lines that follow each other may differ by.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    /// The filament for each mm, as a share of it.
    pub(super) filament: f64,
    /// How far the heights of their ends may be from one slope, mm; `None`: they are at
    /// one height.
    pub(super) slope: Option<f64>,
    /// Whether paths that lay filament are looked at.
    pub(super) prints: bool,
}

/// The segments that a pass put in the place of others, whichever way they are run.
pub(super) struct Done(BTreeSet<[[u64; 3]; 2]>);

/// What the pass `by` has done to a toolpath. It is not done again: what it moved would
/// be moved once more.
pub(super) fn done(toolpath: &Toolpath, by: &str) -> Done {
    let mine = toolpath.replaced().iter().filter(|r| r.by == by);
    let segments = mine.flat_map(|r| {
        let starts = std::iter::once(r.from).chain(r.new.iter().map(|s| s.end));
        starts.zip(&r.new).map(|(from, s)| Done::key(from, s.end))
    });
    Done(segments.collect())
}

impl Done {
    fn key(from: Point3, to: Point3) -> [[u64; 3]; 2] {
        let mut ends = [from, to].map(|p| p.to_array().map(f64::to_bits));
        ends.sort_unstable();
        ends
    }

    fn holds(&self, from: Point3, s: &Segment) -> bool {
        self.0.contains(&Self::key(from, s.end))
    }
}

/// One segment in the place of several, with their filament.
pub(super) fn joined(old: &[Segment], bulge: f64) -> Option<Segment> {
    let (first, last) = (old.first()?, old.last()?);
    let filament: f64 = old.iter().map(|s| f64::from(s.filament)).sum();
    Some(Segment {
        end: last.end,
        bulge,
        filament: filament as f32,
        ..*first
    })
}

/// The runs of at least two lines of a path, without what is done.
pub(super) fn of_path(toolpath: &Toolpath, path: &Path, limits: &Limits, done: &Done) -> Vec<Run> {
    let mut out: Vec<Run> = Vec::new();
    let mut open: Option<Open> = None;
    for (i, (from, s)) in toolpath.with_starts(path).enumerate() {
        let attributes = toolpath.attributes().get(s.attr);
        let line = match attributes.rate {
            Rate::Inverse(_) => None,
            _ if done.holds(from, s) => None,
            _ => Line::of(from, s, attributes.plane),
        };
        let goes_on = match (&mut open, &line) {
            (Some(open), Some(line)) => open.take(line, limits),
            _ => false,
        };
        if goes_on {
            if let Some(run) = &mut open {
                run.run.segments.end = i + 1;
            }
            continue;
        }
        out.extend(open.take().map(|o| o.run));
        open = line.and_then(|l| Open::new(i, &l, limits));
    }
    out.extend(open.map(|o| o.run));
    out.retain(|run| run.segments.len() > 1);
    out
}

/// One straight segment in its plane.
struct Line {
    from: Point,
    to: Point,
    heights: (f64, f64),
    plane: Plane,
    attr: u32,
    length: f64,
    /// Filament to the mm.
    fed: f64,
}

impl Line {
    /// `None` for what has no length or is bent.
    fn of(from: Point3, s: &Segment, plane: Plane) -> Option<Self> {
        let [i, j, k] = plane.axes();
        let (a, b) = (from.to_array(), s.end.to_array());
        let (from, to) = (Point::new(a[i], a[j]), Point::new(b[i], b[j]));
        let length = from.distance(to);
        (s.bulge == 0.0 && length > 0.0 && length.is_finite()).then(|| Self {
            from,
            to,
            heights: (a[k], b[k]),
            plane,
            attr: s.attr,
            length,
            fed: f64::from(s.filament) / length,
        })
    }
}

/// A run that lines are being added to.
struct Open {
    run: Run,
    attr: u32,
    /// Least and most filament to the mm.
    fed: (f64, f64),
    length: f64,
    /// Least and greatest slope from the first point that pass all others.
    slopes: (f64, f64),
}

impl Open {
    /// A run of one line; `None` where that changes its height and may not.
    fn new(i: usize, line: &Line, limits: &Limits) -> Option<Self> {
        let mut open = Self {
            run: Run {
                segments: i..i + 1,
                points: vec![line.from, line.to],
                plane: line.plane,
                heights: vec![line.heights.0, line.heights.1],
            },
            attr: line.attr,
            fed: (line.fed, line.fed),
            length: 0.0,
            slopes: (f64::NEG_INFINITY, f64::INFINITY),
        };
        open.climb(line, limits.slope).then_some(open)
    }

    /// Whether a line goes on at the same height or on the same slope, which it then
    /// narrows down.
    fn climb(&mut self, line: &Line, slope: Option<f64>) -> bool {
        let first = self.run.heights[0];
        let Some(slack) = slope else {
            let (a, b) = (line.heights.0.to_bits(), line.heights.1.to_bits());
            return (a, b) == (first.to_bits(), first.to_bits());
        };
        let (length, rise) = (self.length + line.length, line.heights.1 - first);
        let low = self.slopes.0.max((rise - slack) / length);
        let high = self.slopes.1.min((rise + slack) / length);
        if low <= high {
            (self.length, self.slopes) = (length, (low, high));
        }
        low <= high
    }

    /// Adds a line, if it belongs to the run.
    fn take(&mut self, line: &Line, limits: &Limits) -> bool {
        let fed = (self.fed.0.min(line.fed), self.fed.1.max(line.fed));
        let even = fed.1 - fed.0 <= limits.filament * fed.0.abs().min(fed.1.abs());
        let goes_on = line.attr == self.attr && even && self.climb(line, limits.slope);
        if goes_on {
            self.fed = fed;
            self.run.points.push(line.to);
            self.run.heights.push(line.heights.1);
        }
        goes_on
    }
}

#[cfg(test)]
#[allow(clippy::float_cmp)] // exact values are meant
mod tests {
    use super::*;
    use crate::pass::{ArcFit, Context, Fitting, Pass, Simplify};
    use crate::toolpath::{Attributes, verify};

    /// An arc of 40 chords at a height, with so much filament to the mm for each.
    fn printed(z: impl Fn(f64) -> f64, fed: impl Fn(f64) -> f64) -> Toolpath {
        let at = |i: i32| {
            let (s, c) = (f64::from(i) * 0.05).sin_cos();
            Point3::new(20.0 * s, 20.0 - 20.0 * c, z(f64::from(i)))
        };
        let mut t = Toolpath::new(at(0));
        let ends = (1..=40).map(|i| (at(i), 0.0));
        t.push_path(at(0), ends, Attributes::default(), 0);
        for (i, s) in t.segments.iter_mut().enumerate() {
            s.filament = (fed(i as f64) * at(i as i32).distance(s.end)) as f32;
        }
        t
    }

    fn fitted(t: &Toolpath) -> Vec<Segment> {
        fitted_by(&ArcFit::new(Fitting::default().with_tolerance(0.02)), t)
    }

    fn fitted_by(pass: &ArcFit, before: &Toolpath) -> Vec<Segment> {
        let mut t = before.clone();
        let report = pass.run(&mut t, &mut Context::default()).unwrap();
        let moved = verify(before, &t, pass.fitting.tolerance).unwrap();
        assert!((moved - report.deviation_mm).abs() < 1e-9);
        let path = t.paths().next().unwrap();
        t.segments(path).to_vec()
    }

    #[test]
    fn filament_is_kept_and_uneven_filament_is_not_joined() {
        let even = printed(|_| 0.2, |_| 0.033);
        let arcs = fitted(&even);
        assert_eq!(arcs.len(), 1);
        let total = |s: &[Segment]| s.iter().map(|s| f64::from(s.filament)).sum::<f64>();
        assert!((total(&arcs) - total(&even.segments)).abs() < 1e-6);
        // Within 5 %: one. A tenth more from the middle on: two, each with its own.
        assert_eq!(fitted(&printed(|_| 0.2, |i| 0.033 + 0.00003 * i)).len(), 1);
        let step = printed(|_| 0.2, |i| if i < 20.0 { 0.033 } else { 0.0363 });
        let arcs = fitted(&step);
        assert_eq!(arcs.len(), 2);
        assert!((f64::from(arcs[1].filament / arcs[0].filament) - 1.1).abs() < 1e-3);
        // Nothing fed and something fed are two things.
        let none = printed(|_| 0.2, |i| if i < 20.0 { 0.0 } else { 0.033 });
        assert_eq!(fitted(&none).len(), 2);
        assert!(fitted(&none)[0].filament.abs() < f32::MIN_POSITIVE);
    }

    #[test]
    fn heights_are_not_joined() {
        assert_eq!(fitted(&printed(|i| 0.01 * i, |_| 0.033)).len(), 40);
        let layers = printed(|i| if i < 20.5 { 0.2 } else { 0.4 }, |_| 0.033);
        // One arc on each layer, and the line between.
        assert_eq!(fitted(&layers).len(), 3);
    }

    #[test]
    fn slopes_become_helices_where_asked() {
        let helices = ArcFit::new(Fitting::default().with_tolerance(0.02)).with_helices(true);
        let fitted = |z: &dyn Fn(f64) -> f64| fitted_by(&helices, &printed(z, |_| 0.033));
        // One slope, also with heights that are rounded as in a file.
        let rounded = |i: f64| (0.0123 * i * 1e3).round() / 1e3;
        for z in [
            &|i: f64| 0.01 * i,
            &rounded as &dyn Fn(f64) -> f64,
            &|i: f64| -0.3 * i,
        ] {
            let arcs = fitted(z);
            assert_eq!(arcs.len(), 1);
            assert!(arcs[0].end.z == z(40.0) && arcs[0].bulge.abs() > 0.1);
        }
        // Up, then level: two, of which the first ends where the slope does.
        let bend = |i: f64| 0.05 * i.min(20.0);
        let arcs = fitted(&bend);
        assert!(arcs.len() <= 4, "{arcs:?}");
        // Steps are no slope.
        assert!(fitted(&|i| 0.2 * (i / 10.0).floor()).len() >= 4);
    }

    #[test]
    fn a_turn_of_a_thread_is_one_circle_that_climbs() {
        let at = |i: i32| {
            let (s, c) = (f64::from(i % 60) * std::f64::consts::TAU / 60.0).sin_cos();
            Point3::new(10.0 * s, 10.0 * c, -0.05 * f64::from(i))
        };
        let mut t = Toolpath::new(at(0));
        let ends = (1..=60).map(|i| (at(i), 0.0));
        t.push_path(at(0), ends, Attributes::default(), 0);
        let pass = ArcFit::new(Fitting::default().with_tolerance(0.02)).with_helices(true);
        let arcs = fitted_by(&pass, &t);
        assert_eq!(arcs.len(), 2);
        assert!((arcs[0].end.z + 1.5).abs() < 1e-9 && arcs[1].end.z == at(60).z);
    }

    #[test]
    fn other_planes_have_arcs_of_their_own() {
        let mut t = printed(|_| 0.0, |_| 0.0);
        let attributes = Attributes {
            plane: Plane::Zx,
            ..Attributes::default()
        };
        let turned: Vec<(Point3, f64)> = t
            .segments
            .iter()
            .map(|s| (Point3::new(s.end.y, 3.0, s.end.x), 0.0))
            .collect();
        t = Toolpath::new(Point3::new(0.0, 3.0, 0.0));
        t.push_path(t.start(), turned, attributes, 0);
        let arcs = fitted(&t);
        assert_eq!(arcs.len(), 1);
        assert!((arcs[0].bulge - 0.5_f64.tan()).abs() < 1e-3, "{arcs:?}");
    }

    #[test]
    fn what_is_whole_or_a_raster_stays() {
        for change in [
            (|p: &mut Path| p.whole = true) as fn(&mut Path),
            |p| p.pinned = true,
            |p| p.raster = Some(0),
        ] {
            let mut t = printed(|_| 0.2, |_| 0.0);
            if let crate::toolpath::Step::Path(p) = &mut t.steps[0] {
                change(p);
            }
            let passes: [&dyn Pass; 2] = [&ArcFit::default(), &Simplify::default()];
            for pass in passes {
                let report = pass.run(&mut t, &mut Context::default()).unwrap();
                assert_eq!(report.changed, 0);
            }
            assert!(!t.paths().any(Path::is_changed));
        }
    }
}
