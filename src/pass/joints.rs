//! Trails that meet, joined anew: fewer of them, or such that they turn less.

use super::again::hold;
use super::batch::{Batch, Unit, cut};
use super::fewer::held;
use super::{Context, Reorder};
use crate::algo::straight::{End, Stroke};
use crate::geom::{Point, sweep};
use crate::toolpath::{Path, Placement, Toolpath};
use std::ops::Range;

/// What makes another order of strokes that meet within a distance, mm.
pub(super) type Joins = fn(&[Stroke], f64) -> Option<Vec<(u32, bool)>>;

/// An arrangement of the paths of each region with ends that are no farther from each
/// other than `touch` mm joined anew by `joins`; `may_fuse` are the paths that may
/// become one with others. Regions that stay as they are are left out.
///
/// Where something lies inside of something else, what `joins` makes of a batch must
/// keep that, and paths keep the direction that they must keep. Else each trail of the
/// batch stays in its place and is rearranged alone, unless it holds such paths.
///
/// # Complexity
/// That of `joins`, and of [`super::InsideFirst`] where something would change.
pub(super) fn rearranged(
    toolpath: &Toolpath,
    touch: f64,
    context: &Context,
    may_fuse: impl Fn(&Path) -> bool,
    joins: Joins,
) -> Vec<(Range<usize>, Vec<Placement>)> {
    let config = Reorder::default().with_touch(touch);
    let mut out = Vec::new();
    for region in toolpath.regions() {
        let mut nested: Option<Vec<(usize, usize)>> = None;
        let mut changed = false;
        let mut keeps_passes = true;
        let mut last: Option<&Unit> = None;
        let mut plan = Vec::with_capacity(region.len());
        let mut batches = cut(toolpath, region.clone(), &config);
        hold(&mut batches, &context.before);
        for batch in &batches {
            let mut part = Part::new(toolpath, batch, &may_fuse);
            let mut order = (!batch.kept).then(|| joins(&part.strokes, touch)).flatten();
            if let Some(whole) = &order {
                let edges = nested.get_or_insert_with(|| held(toolpath, &region, touch, context));
                part.before = batch.edges(edges);
                if !part.keeps(whole) {
                    order = part.by_trails(touch, joins);
                }
            }
            changed |= order.is_some();
            let order = order.unwrap_or_else(|| as_it_is(0..batch.units.len()));
            for (i, (unit, reversed)) in order.into_iter().enumerate() {
                let reversed = reversed && !part.closed[unit as usize];
                let unit = &batch.units[unit as usize];
                if let Some(last) = last.filter(|_| i == 0) {
                    keeps_passes &=
                        last.signature != unit.signature || last.steps.end == unit.steps.start;
                }
                last = Some(unit);
                let steps = unit.steps.clone();
                plan.extend(steps.map(|step| Placement {
                    step,
                    reversed,
                    first: 0,
                    share: 0.0,
                }));
            }
        }
        // What is burned again does not come right after itself.
        if changed && keeps_passes {
            out.push((region, plan));
        }
    }
    out
}

/// A batch as strokes.
struct Part {
    strokes: Vec<Stroke>,
    /// Whether each begins where it ends: it keeps its direction, which changes nothing
    /// for its neighbours.
    closed: Vec<bool>,
    /// Which must keep their direction.
    one_way: Vec<bool>,
    /// Which must come before others.
    before: Vec<(u32, u32)>,
}

impl Part {
    fn new(toolpath: &Toolpath, batch: &Batch, may_fuse: impl Fn(&Path) -> bool) -> Self {
        let mut part = Self {
            strokes: Vec::with_capacity(batch.units.len()),
            closed: Vec::with_capacity(batch.units.len()),
            one_way: Vec::with_capacity(batch.units.len()),
            before: Vec::new(),
        };
        for unit in &batch.units {
            let of = |step: usize| toolpath.steps()[step].as_path();
            let (Some(first), Some(last)) = (of(unit.steps.start), of(unit.steps.end - 1)) else {
                continue;
            };
            let single = unit.steps.len() == 1 && !first.rigid && !unit.fixed;
            part.strokes.push(Stroke {
                ends: [start_of(toolpath, first), end_of(toolpath, last)],
                free: single && may_fuse(first),
            });
            part.closed.push(single && toolpath.is_closed(first));
            part.one_way.push(!single);
        }
        part
    }

    /// Whether an order keeps directions and what must come before others.
    fn keeps(&self, order: &[(u32, bool)]) -> bool {
        let mut place = vec![0; order.len()];
        for (i, (unit, _)) in order.iter().enumerate() {
            place[*unit as usize] = i;
        }
        let turned = |(unit, reversed): &(u32, bool)| *reversed && self.one_way[*unit as usize];
        !order.iter().any(turned)
            // What the input does not keep is not asked for.
            && self
                .before
                .iter()
                .all(|&(a, b)| a >= b || place[a as usize] < place[b as usize])
    }

    /// The order of all, each trail rearranged alone.
    fn by_trails(&self, touch: f64, joins: Joins) -> Option<Vec<(u32, bool)>> {
        let touches = |w: &[Stroke]| w[0].ends[1].at.distance(w[1].ends[0].at) <= touch;
        let joints: Vec<bool> = self.strokes.windows(2).map(touches).collect();
        let mut trail_of = vec![0_usize; self.strokes.len()];
        for (i, joint) in joints.iter().enumerate() {
            trail_of[i + 1] = trail_of[i] + usize::from(!joint);
        }
        let trails = trail_of.last().map_or(0, |t| t + 1);
        let mut stays = vec![false; trails];
        for &(a, b) in &self.before {
            let (a, b) = (trail_of[a as usize], trail_of[b as usize]);
            stays[a] |= a == b;
        }
        for (trail, one_way) in trail_of.iter().zip(&self.one_way) {
            stays[*trail] |= one_way;
        }
        let mut changed = false;
        let mut out = Vec::with_capacity(self.strokes.len());
        for trail in trail_of.chunk_by(|a, b| a == b) {
            let range = out.len()..out.len() + trail.len();
            let new = (!stays[trail[0]])
                .then(|| joins(&self.strokes[range.clone()], touch))
                .flatten();
            changed |= new.is_some();
            match new {
                Some(new) => out.extend(new.iter().map(|&(i, r)| (range.start as u32 + i, r))),
                None => out.extend(as_it_is(range)),
            }
        }
        changed.then_some(out)
    }
}

fn as_it_is(range: Range<usize>) -> Vec<(u32, bool)> {
    range.map(|i| (i as u32, false)).collect()
}

/// Where a path begins, and where it came from if it went on before.
fn start_of(toolpath: &Toolpath, path: &Path) -> End {
    let mut segments = toolpath.with_starts(path);
    let first = segments.find(|(from, s)| from.xy() != s.end.xy());
    let out = first.map_or(Point::new(0.0, 0.0), |(from, s)| {
        -turned(s.end.xy() - from.xy(), -sweep(s.bulge) / 2.0)
    });
    End {
        at: path.start.xy(),
        out,
    }
}

/// Where a path ends, and where it goes on from there.
fn end_of(toolpath: &Toolpath, path: &Path) -> End {
    let segments = toolpath.with_starts(path);
    let last = segments.filter(|(from, s)| from.xy() != s.end.xy()).last();
    let out = last.map_or(Point::new(0.0, 0.0), |(from, s)| {
        turned(s.end.xy() - from.xy(), sweep(s.bulge) / 2.0)
    });
    End {
        at: toolpath.end_of(path).xy(),
        out,
    }
}

fn turned(v: Point, angle: f64) -> Point {
    let (s, c) = angle.sin_cos();
    v * c + v.perp() * s
}
