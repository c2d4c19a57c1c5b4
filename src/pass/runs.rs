//! The stretches of a path that can be fitted anew: lines that follow each other
//! with one feed, power, tool and operation, at one height, with one amount of
//! filament to the millimetre.

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
    /// The height over that plane.
    pub(super) height: f64,
}

impl Run {
    /// A point of the plane, in space.
    pub(super) fn lift(&self, p: Point) -> Point3 {
        let ([i, j, k], mut out) = (self.plane.axes(), [0.0; 3]);
        (out[i], out[j], out[k]) = (p.x, p.y, self.height);
        out.into()
    }
}

/// What lines that follow each other may differ by.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    /// The filament for each mm, as a share of it.
    pub(super) filament: f64,
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
            (Some(open), Some(line)) => open.take(line, limits.filament),
            _ => false,
        };
        if goes_on {
            if let Some(run) = &mut open {
                run.run.segments.end = i + 1;
            }
            continue;
        }
        out.extend(open.take().map(|o| o.run));
        open = line.map(|l| Open::new(i, &l));
    }
    out.extend(open.map(|o| o.run));
    out.retain(|run| run.segments.len() > 1);
    out
}

/// One straight segment in its plane.
struct Line {
    from: Point,
    to: Point,
    height: f64,
    plane: Plane,
    attr: u32,
    /// Filament to the mm.
    fed: f64,
}

impl Line {
    /// `None` for what has no length, is bent, or changes its height.
    fn of(from: Point3, s: &Segment, plane: Plane) -> Option<Self> {
        let [i, j, k] = plane.axes();
        let (a, b) = (from.to_array(), s.end.to_array());
        let (from, to) = (Point::new(a[i], a[j]), Point::new(b[i], b[j]));
        let level = a[k].to_bits() == b[k].to_bits();
        let length = from.distance(to);
        (s.bulge == 0.0 && level && length > 0.0 && length.is_finite()).then(|| Self {
            from,
            to,
            height: a[k],
            plane,
            attr: s.attr,
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
}

impl Open {
    fn new(i: usize, line: &Line) -> Self {
        Self {
            run: Run {
                segments: i..i + 1,
                points: vec![line.from, line.to],
                plane: line.plane,
                height: line.height,
            },
            attr: line.attr,
            fed: (line.fed, line.fed),
        }
    }

    /// Adds a line, if it belongs to the run.
    fn take(&mut self, line: &Line, filament: f64) -> bool {
        let fed = (self.fed.0.min(line.fed), self.fed.1.max(line.fed));
        let even = fed.1 - fed.0 <= filament * fed.0.abs().min(fed.1.abs());
        let same = line.attr == self.attr && line.height.to_bits() == self.run.height.to_bits();
        if same && even {
            self.fed = fed;
            self.run.points.push(line.to);
        }
        same && even
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pass::{ArcFit, Context, Fitting, Pass, Simplify};
    use crate::toolpath::Attributes;

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
        let mut t = t.clone();
        let pass = ArcFit::new(Fitting::default().with_tolerance(0.02));
        let _ = pass.run(&mut t, &mut Context::default()).unwrap();
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
