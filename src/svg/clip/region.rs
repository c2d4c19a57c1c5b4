use super::seg::{Rect, Seg};
use super::tree::Tree;
use crate::geom::Point;
use crate::svg::drawing::FillRule;
use crate::svg::outline::Run;
use std::sync::Arc;

/// Sine of the greatest angle at which a line still runs along an edge.
const ALONG: f64 = 0.2;

/// One clip path: what lies inside any of its shapes shows through.
#[derive(Debug)]
pub(in crate::svg) struct Stencil {
    tree: Tree,
    /// What is inside of each shape.
    rules: Vec<FillRule>,
    /// Greatest deviation of its edges from the curves drawn, mm.
    pub(super) deviation_mm: f64,
}

impl Stencil {
    /// A stencil of shapes, each of closed runs.
    ///
    /// # Complexity
    /// O(n log n) for n spans.
    pub(in crate::svg) fn new(shapes: &[(Vec<Run>, FillRule)]) -> Self {
        let mut contours = Vec::new();
        let mut deviation_mm = 0.0_f64;
        for (part, (runs, _)) in shapes.iter().enumerate() {
            for run in runs {
                deviation_mm = deviation_mm.max(run.deviation_mm);
                contours.push((segs(run).collect(), part as u32));
            }
        }
        Self {
            tree: Tree::new(&contours),
            rules: shapes.iter().map(|(_, rule)| *rule).collect(),
            deviation_mm,
        }
    }

    /// How many segments its edges have: where 0, nothing shows through.
    pub(in crate::svg) fn len(&self) -> usize {
        self.tree.segs.len()
    }

    fn contains(&self, p: Point, sums: &mut Vec<(u32, i32)>) -> bool {
        self.tree.winding(p, sums);
        sums.iter()
            .any(|&(part, n)| inside(self.rules[part as usize], n))
    }

    /// Whether an edge runs along `way` (a unit vector) within `slack` mm of `p`.
    fn along(&self, p: Point, way: Point, slack: f64) -> bool {
        let mut found = false;
        self.tree.near(&Rect { min: p, max: p }, slack, |i| {
            let edge = &self.tree.segs[i];
            let t = edge.fraction(p);
            let room = slack / edge.length();
            found = edge.off(p) <= slack
                && (-room..=1.0 + room).contains(&t)
                && edge.tangent(t).cross(way).abs() <= ALONG;
            !found
        });
        found
    }
}

/// What several stencils on top of each other leave to be seen. Its edge belongs
/// to it.
#[derive(Clone, Debug, Default)]
pub(in crate::svg) struct Region {
    stencils: Vec<Arc<Stencil>>,
}

impl Region {
    /// The region with more stencils on top.
    pub(in crate::svg) fn with(&self, more: &[Arc<Stencil>]) -> Self {
        Self {
            stencils: self.stencils.iter().chain(more).cloned().collect(),
        }
    }

    /// How many stencils there are.
    pub(in crate::svg) fn depth(&self) -> usize {
        self.stencils.len()
    }

    pub(super) fn deviation_mm(&self) -> f64 {
        self.stencils
            .iter()
            .map(|s| s.deviation_mm)
            .fold(0.0, f64::max)
    }

    pub(super) fn contains(&self, p: Point, sums: &mut Vec<(u32, i32)>) -> bool {
        self.stencils.iter().all(|s| s.contains(p, sums))
    }

    /// As [`contains`](Self::contains), and where `p` is outside, the edges that
    /// keep it out run along `way` within `slack` mm of it.
    pub(super) fn contains_along(
        &self,
        p: Point,
        way: Point,
        slack: f64,
        sums: &mut Vec<(u32, i32)>,
    ) -> bool {
        self.stencils
            .iter()
            .all(|s| s.contains(p, sums) || s.along(p, way, slack))
    }

    /// Calls `found` with each edge whose box is within `slack` mm of `rect`; stops
    /// where it gives `false`.
    pub(super) fn edges(&self, rect: &Rect, slack: f64, mut found: impl FnMut(&Seg) -> bool) {
        let mut go_on = true;
        for stencil in &self.stencils {
            if go_on {
                stencil.tree.near(rect, slack, |i| {
                    go_on = found(&stencil.tree.segs[i]);
                    go_on
                });
            }
        }
    }

    /// Whether any edge's box is within `slack` mm of `rect`.
    pub(super) fn has_edges(&self, rect: &Rect, slack: f64) -> bool {
        let mut found = false;
        self.edges(rect, slack, |_| {
            found = true;
            false
        });
        found
    }
}

pub(super) fn inside(rule: FillRule, winding: i32) -> bool {
    match rule {
        FillRule::NonZero => winding != 0,
        FillRule::EvenOdd => winding % 2 != 0,
    }
}

/// The spans of a run, each with both its ends.
pub(super) fn segs(run: &Run) -> impl Iterator<Item = Seg> + '_ {
    let mut from = run.start;
    run.spans.iter().map(move |span| {
        let seg = Seg {
            from,
            to: span.end,
            bulge: span.bulge,
        };
        from = span.end;
        seg
    })
}

pub(super) fn rect_of(run: &Run) -> Rect {
    segs(run).fold(Rect::EMPTY, |r, s| r.union(&s.rect()))
}
