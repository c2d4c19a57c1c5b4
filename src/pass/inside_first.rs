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
}

impl InsideFirst {
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
        for region in toolpath.regions() {
            let edges = edges(toolpath, region, self);
            changed += edges.len();
            context.before.extend(edges);
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

/// The steps of a region that must come before others, with those.
pub(super) fn edges(
    toolpath: &Toolpath,
    region: Range<usize>,
    config: &InsideFirst,
) -> Vec<(u32, u32)> {
    let paths: Vec<(u32, &Path)> = region
        .filter_map(|i| Some((i as u32, toolpath.steps()[i].as_path()?)))
        .collect();
    let (contours, items) = contours(toolpath, &paths, config);
    if contours.is_empty() {
        return Vec::new();
    }
    let rings: Vec<&[Point]> = contours.iter().map(|c| c.ring.as_slice()).collect();
    let points: Vec<&[Point]> = items.iter().map(|(_, p)| p.as_slice()).collect();
    let Nesting { rings, items: of } = nest::nest(&rings, &points, config.touch);
    let mut edges = Vec::new();
    for (inner, outer) in rings.iter().enumerate() {
        if let Some(outer) = outer {
            for &a in &contours[inner].steps {
                edges.extend(contours[*outer as usize].steps.iter().map(|&b| (a, b)));
            }
        }
    }
    for ((step, _), outer) in items.iter().zip(&of) {
        if let Some(outer) = outer {
            edges.extend(contours[*outer as usize].steps.iter().map(|&b| (*step, b)));
        }
    }
    edges
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
fn flatten(toolpath: &Toolpath, path: &Path, flatness: f64) -> Vec<Point> {
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
