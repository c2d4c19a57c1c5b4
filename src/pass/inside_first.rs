//! Inner contours before the ones around them.

use super::{Context, Pass, PassReport, shape};
use crate::algo::loops::{self, Link};
use crate::algo::nest::{self, Nesting};
use crate::error::{Error, positive_mm};
use crate::geom::{Point, point_at, sweep};
use crate::toolpath::{Path, Toolpath};
use std::collections::BTreeMap;
use std::ops::Range;

/// Adds the order "what lies inside is cut before what is around it" for each
/// region. A part that is cut free may shift or fall; what is inside it must be
/// done by then.
///
/// A contour is a closed path, or several open ones of one operation that form a
/// simple loop by touching end to end, or the parts of an outline that is run with gaps
/// ([`Path::ring`](crate::toolpath::Path::ring)), as long as they are few: many gaps
/// hold what is inside. Contours that cross are not nested.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct InsideFirst {
    /// Ends nearer than this touch, mm. Default 0.005.
    pub touch: f64,
    /// How far an arc may be from the chords that stand for it here, mm. It
    /// matters only for what comes this near to a contour. Default 0.05.
    pub flatness: f64,
    /// Whether parts are finished one after another: a part is an outermost contour with
    /// all that lies inside it; what lies in none is a part of its own. Default not.
    pub group_parts: bool,
}

impl InsideFirst {
    /// The same with parts finished one after another, or not.
    #[must_use]
    pub const fn with_group_parts(mut self, group: bool) -> Self {
        self.group_parts = group;
        self
    }

    /// The same with another distance below which ends touch, mm.
    #[must_use]
    pub const fn with_touch(mut self, touch: f64) -> Self {
        self.touch = touch;
        self
    }
}

impl Default for InsideFirst {
    fn default() -> Self {
        Self {
            touch: 0.005,
            flatness: 0.05,
            group_parts: false,
        }
    }
}

impl Pass for InsideFirst {
    fn name(&self) -> &'static str {
        "inside-first"
    }

    fn run(&self, toolpath: &mut Toolpath, context: &mut Context) -> Result<PassReport, Error> {
        let _ = positive_mm("touch", self.touch)?;
        let _ = positive_mm("flatness", self.flatness)?;
        let mut changed = 0;
        if self.group_parts {
            context.parts = (0..toolpath.steps().len() as u32).collect();
        }
        for region in toolpath.regions() {
            let forest = Forest::of(toolpath, region, self);
            let edges = forest.edges();
            changed += edges.len();
            context.before.extend(edges);
            if self.group_parts {
                forest.number_parts(&mut context.parts);
            }
        }
        Ok(PassReport {
            changed,
            ..PassReport::new(self.name())
        })
    }
}

/// Most parts of a contour with gaps. Each of what is inside is ordered before each of
/// them, which takes as many orders.
const MOST_PARTS: usize = 64;

/// A ring of points and the steps that draw it.
struct Contour {
    ring: Vec<Point>,
    steps: Vec<u32>,
}

/// A contour or another path, as often as it is drawn, with the steps of each time.
struct Thing {
    times: Vec<Vec<u32>>,
    /// The contour around it, by its place among the things.
    around: Option<usize>,
}

/// What lies inside of what in a region, contours first and other paths behind them.
struct Forest(Vec<Thing>);

impl Forest {
    fn of(toolpath: &Toolpath, region: Range<usize>, config: &InsideFirst) -> Self {
        let paths: Vec<(u32, &Path)> = region
            .filter_map(|i| Some((i as u32, toolpath.steps()[i].as_path()?)))
            .collect();
        let (contours, items) = contours(toolpath, &paths, config);
        if contours.is_empty() {
            return Self(Vec::new());
        }
        let mut things = Vec::new();
        // What is drawn again lies where it lay.
        let mut known: BTreeMap<(u64, u64), usize> = BTreeMap::new();
        let mut is_new = |steps: Vec<u32>| {
            let parts = steps.iter().filter_map(|&s| {
                let path = toolpath.steps()[s as usize].as_path()?;
                Some(shape::signature(toolpath, path, config.touch))
            });
            let all = parts.fold((0_u64, 0_u64), |a, b| {
                (a.0.wrapping_add(b.0), a.1.wrapping_add(b.1))
            });
            let at = *known.entry(all).or_insert(things.len());
            if at < things.len() {
                let thing: &mut Thing = &mut things[at];
                thing.times.push(steps);
                return false;
            }
            things.push(Thing {
                times: vec![steps],
                around: None,
            });
            true
        };
        let rings: Vec<Vec<Point>> = contours
            .into_iter()
            .filter_map(|c| is_new(c.steps).then_some(c.ring))
            .collect();
        let lines: Vec<Vec<Point>> = items
            .into_iter()
            .filter_map(|(step, points)| is_new(vec![step]).then_some(points))
            .collect();
        if !rings.is_empty() {
            let [r, l] = [&rings, &lines].map(|v| v.iter().map(Vec::as_slice).collect::<Vec<_>>());
            let Nesting { rings, items } = nest::nest(&r, &l, config.touch);
            for (thing, around) in things.iter_mut().zip(rings.into_iter().chain(items)) {
                thing.around = around.map(|i| i as usize);
            }
        }
        Self(things)
    }

    /// The order: what is drawn for the second time comes before its contour's second
    /// time, and so on; the last time of one stands for those that it does not have.
    fn edges(&self) -> Vec<(u32, u32)> {
        let mut edges = Vec::new();
        for thing in &self.0 {
            let Some(around) = thing.around else { continue };
            let (inner, outer) = (&thing.times, &self.0[around].times);
            for k in 0..inner.len().max(outer.len()) {
                let [a, b] = [inner, outer].map(|times| &times[k.min(times.len() - 1)]);
                for &a in a {
                    edges.extend(b.iter().map(|&b| (a, b)));
                }
            }
        }
        edges
    }

    /// Gives the steps of each part the number of its first.
    fn number_parts(&self, parts: &mut [u32]) {
        for thing in &self.0 {
            let mut root = thing;
            // What is around something is larger than it.
            while let Some(around) = root.around {
                root = &self.0[around];
            }
            let part = root.times[0].first().copied();
            for &step in thing.times.iter().flatten() {
                parts[step as usize] = part.unwrap_or(step);
            }
        }
    }
}

/// The steps of a region that must come before others, with those.
pub(super) fn edges(
    toolpath: &Toolpath,
    region: Range<usize>,
    config: &InsideFirst,
) -> Vec<(u32, u32)> {
    Forest::of(toolpath, region, config).edges()
}

/// The contours among `paths`, and the other paths with points on them.
fn contours(
    toolpath: &Toolpath,
    paths: &[(u32, &Path)],
    config: &InsideFirst,
) -> (Vec<Contour>, Vec<(u32, Vec<Point>)>) {
    let mut contours = Vec::new();
    let mut open: Vec<(u32, &Path)> = Vec::new();
    for &(step, path) in paths {
        if toolpath.is_closed(path) {
            contours.push(Contour {
                ring: flatten(toolpath, path, config.flatness),
                steps: vec![step],
            });
        } else if !path.segments.is_empty() {
            open.push((step, path));
        }
    }
    let mut used = vec![false; open.len()];
    let mut parts: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    for (i, (_, path)) in open.iter().enumerate() {
        if let Some(ring) = path.ring {
            parts.entry(ring).or_default().push(i);
        }
    }
    for group in parts.into_values().filter(|g| g.len() <= MOST_PARTS) {
        let mut ring = Vec::new();
        for &i in &group {
            used[i] = true;
            ring.extend(flatten(toolpath, open[i].1, config.flatness));
        }
        let steps = group.iter().map(|&i| open[i].0).collect();
        contours.push(Contour { ring, steps });
    }
    for mut group in by_operation(toolpath, &open) {
        group.retain(|i| !used[*i]);
        let ends: Vec<[Point; 2]> = group
            .iter()
            .map(|&i| [open[i].1.start.xy(), toolpath.end_of(open[i].1).xy()])
            .collect();
        for found in loops::loops(&ends, config.touch) {
            let mut ring = Vec::new();
            let mut steps = Vec::new();
            for Link { stroke, reversed } in found {
                let i = group[stroke as usize];
                used[i] = true;
                steps.push(open[i].0);
                let mut points = flatten(toolpath, open[i].1, config.flatness);
                if reversed {
                    points.reverse();
                }
                ring.extend(points);
            }
            contours.push(Contour { ring, steps });
        }
    }
    let items = open
        .iter()
        .zip(&used)
        .filter(|(_, used)| !**used)
        .map(|((step, path), _)| (*step, flatten(toolpath, path, config.flatness)))
        .collect();
    (contours, items)
}

/// Indices into `open`, grouped by operation, each group in order.
fn by_operation(toolpath: &Toolpath, open: &[(u32, &Path)]) -> Vec<Vec<usize>> {
    let mut groups: BTreeMap<Vec<u32>, Vec<usize>> = BTreeMap::new();
    for (i, (_, path)) in open.iter().enumerate() {
        groups
            .entry(shape::operation(toolpath, path))
            .or_default()
            .push(i);
    }
    groups.into_values().collect()
}

/// The corners of a path, arcs as chords within `flatness` mm, ends included.
pub(super) fn flatten(toolpath: &Toolpath, path: &Path, flatness: f64) -> Vec<Point> {
    let mut points = vec![path.start.xy()];
    for (from, s) in toolpath.with_starts(path) {
        let (a, b) = (from.xy(), s.end.xy());
        if s.bulge != 0.0 {
            // A chord over the angle t of a circle of radius r is off by
            // r (1 - cos(t / 2)), about r t² / 8.
            let angle = sweep(s.bulge).abs();
            let radius = a.distance(b) / 2.0 / (angle / 2.0).sin().abs().max(f64::MIN_POSITIVE);
            let count = (angle / (8.0 * flatness / radius).sqrt())
                .ceil()
                .clamp(1.0, 256.0);
            for k in 1..count as u32 {
                points.push(point_at(a, b, s.bulge, f64::from(k) / count));
            }
        }
        points.push(b);
    }
    points
}
