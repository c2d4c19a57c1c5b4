//! Clips in force: put on elements, and applied to their outlines.
//!
//! An element carries the [`Region`] that all the clips around it leave to be seen.
//! Work for clips is counted over the whole drawing, since a small file can ask for
//! much: what goes beyond is taken whole, and said.

use super::clip::{Kept, Region, Stencil, area, split};
use super::drawing::{FillRule, Span};
use super::options::SvgOptions;
use super::outline::Run;
use super::style::Effects;
use super::walk::{Context, Walk};
use crate::error::Error;
use crate::geom::Point;
use roxmltree::{Node, NodeId};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Most clips on top of each other.
const DEPTH: usize = 64;

/// How often edges may be looked at for clips in one drawing.
const WORK: usize = 30_000_000;

/// The part of the tolerance that is for moving points to where edges meet; curves
/// under a clip have the rest.
const ROOM: f64 = 1.0 / 64.0;

/// What clipping keeps from element to element.
#[derive(Debug)]
pub(super) struct Clips {
    /// How often edges may still be looked at.
    pub(super) left: usize,
    /// Clip paths already drawn, by the node and the bits of where they were put.
    pub(super) made: BTreeMap<(usize, [u64; 8]), Arc<Stencil>>,
    /// Number of edges of those.
    pub(super) edges: usize,
    /// The clip paths being drawn, to find loops.
    pub(super) chain: Vec<NodeId>,
}

impl Default for Clips {
    fn default() -> Self {
        Self {
            left: WORK,
            made: BTreeMap::new(),
            edges: 0,
            chain: Vec::new(),
        }
    }
}

impl Context {
    /// Clips to a rectangle of user units: left, top, width and height.
    pub(super) fn clip_to(&mut self, [x, y, w, h]: [f64; 4]) {
        let corners = [(x, y), (x + w, y), (x + w, y + h), (x, y + h)];
        let corners = corners.map(|(x, y)| self.map.point(Point::new(x, y)));
        if !corners.iter().all(|p| p.is_finite()) {
            // Nor are the coordinates of what is inside, which is said there.
            return;
        }
        let spans = [1, 2, 3, 0].map(|i| Span {
            end: corners[i],
            bulge: 0.0,
        });
        let run = Run {
            start: corners[0],
            spans: spans.to_vec(),
            closed: true,
            deviation_mm: 0.0,
            ring: None,
        };
        self.put_on(&[Arc::new(Stencil::new(&[(vec![run], FillRule::NonZero)]))]);
    }

    fn put_on(&mut self, stencils: &[Arc<Stencil>]) {
        let around = self.clip.as_deref();
        let region = around.map_or_else(Region::default, Region::clone);
        self.clip = Some(Arc::new(region.with(stencils)));
    }
}

impl<'a, 'input> Walk<'a, 'input, '_> {
    /// Puts the element's `clip-path`, in its own user units, on top of the clips
    /// around it. Whether anything of the element can still be seen.
    pub(super) fn apply_clip(
        &mut self,
        node: Node<'a, 'input>,
        effects: &Effects<'a>,
        here: &mut Context,
    ) -> Result<bool, Error> {
        let Some(value) = effects.clip.filter(|_| self.measured.is_none()) else {
            return Ok(true);
        };
        let list = self.stencils(node, node, value, here)?;
        if list.iter().any(|s| s.len() == 0) {
            let what = "has a clip path that shows nothing, and was left out";
            self.warn(node, "svg/clipped-away", what);
            return Ok(false);
        }
        if !list.is_empty() && self.has_room_for_clip(node, here, list.len()) {
            here.put_on(&list);
        }
        Ok(true)
    }

    /// Clips to the viewport of an element: left, top, width and height in the user
    /// units around it.
    pub(super) fn clip_to_viewport(
        &mut self,
        node: Node<'a, 'input>,
        rect: [f64; 4],
        here: &mut Context,
    ) {
        if self.measured.is_none() && self.has_room_for_clip(node, here, 1) {
            here.clip_to(rect);
        }
    }

    /// Whether more clips may be put on; says where not.
    pub(super) fn has_room_for_clip(
        &mut self,
        node: Node<'a, 'input>,
        here: &Context,
        more: usize,
    ) -> bool {
        let has = here.clip.as_ref().map_or(0, |c| c.depth()) + more <= DEPTH;
        if !has {
            let what = format!("lies in more than {DEPTH} clips; its own was not applied");
            self.warn(node, "svg/clip-path", &what);
        }
        has
    }

    /// The options by which curves under a clip are drawn: the rest of the tolerance
    /// is for where they are cut.
    pub(super) fn under_clip(&self, here: &Context) -> SvgOptions {
        let mut options = self.options.clone();
        if here.clip.is_some() {
            options.tolerance *= 1.0 - ROOM;
        }
        options
    }

    /// What a region leaves of the closed runs of a fill; and of each, whether the
    /// region's edge is part of it.
    pub(super) fn cut_fill(
        &mut self,
        node: Node<'a, 'input>,
        runs: Vec<Run>,
        rule: FillRule,
        region: &Region,
    ) -> Vec<(Run, bool)> {
        let tolerance = self.options.tolerance;
        let room = tolerance * ROOM;
        let left = area(runs, rule, region, room, tolerance, &mut self.clips.left);
        if left.failed {
            self.say_not_cut(node);
        }
        left.runs
    }

    /// What a region leaves of lines.
    pub(super) fn cut_lines(
        &mut self,
        node: Node<'a, 'input>,
        runs: Vec<Run>,
        region: &Region,
    ) -> Vec<(Run, bool)> {
        let least = self.options.tolerance;
        // Two lines that follow the same curve, each within the tolerance.
        let touch = 2.0 * self.options.tolerance;
        let mut list = Vec::new();
        for run in runs {
            match split(run, region, touch, least, &mut self.clips.left) {
                Kept::Whole(run) => list.push((run, false)),
                Kept::Parts(parts) => list.extend(parts.into_iter().map(|p| (p, true))),
                Kept::Failed(run) => {
                    self.say_not_cut(node);
                    list.push((run, false));
                }
            }
        }
        list
    }

    fn say_not_cut(&mut self, node: Node<'a, 'input>) {
        let what = "is not cut at its clip, which is too intricate; it was taken whole";
        self.warn(node, "svg/clip-path", what);
    }
}
