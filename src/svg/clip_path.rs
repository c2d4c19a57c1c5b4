//! `clipPath` elements, and the values that refer to them.
//!
//! A clip path is drawn once for each place that it is put at, and kept for the
//! elements that follow: programs often give the same one to each of many.

use super::affine::Affine;
use super::clip::{Region, Stencil};
use super::drawing::FillRule;
use super::outline::{Run, runs};
use super::shape;
use super::style::{Effects, Style};
use super::tree::{href, svg_name};
use super::units::Of;
use super::walk::{Context, Walk};
use crate::diag::Severity;
use crate::error::Error;
use roxmltree::Node;
use std::sync::Arc;

/// Clip paths that refer to each other are followed so far.
const CHAIN: usize = 16;

/// Most clip paths, and edges of theirs, that are kept.
const KEPT: usize = 10_000;
const KEPT_EDGES: usize = 2_000_000;

/// A shape in a clip path: closed runs, and what of them is inside.
type Shape = (Vec<Run>, FillRule);

impl<'a, 'input> Walk<'a, 'input, '_> {
    /// The stencils of a `clip-path` value of `node`, which clips `on` in its user
    /// units `here`; none where there is no clip path that can be followed, which is
    /// said.
    pub(super) fn stencils(
        &mut self,
        node: Node<'a, 'input>,
        on: Node<'a, 'input>,
        value: &str,
        here: &Context,
    ) -> Result<Vec<Arc<Stencil>>, Error> {
        let Some(target) = self.clip_target(node, value) else {
            return Ok(Vec::new());
        };
        let ((style, _), effects) = self.style_where_written(target);
        self.clips.chain.push(target.id());
        let mut list = match effects.clip {
            // It clips the clip path where that is put, whatever the transform and
            // the units of that.
            Some(value) => self.stencils(target, on, value, here)?,
            None => Vec::new(),
        };
        list.push(self.stencil(target, on, (style, &effects), here)?);
        let _ = self.clips.chain.pop();
        Ok(list)
    }

    fn clip_target(&mut self, node: Node<'a, 'input>, value: &str) -> Option<Node<'a, 'input>> {
        let Some(url) = url(value) else {
            let what = format!("is clipped by {value}, which is not followed; it was taken whole");
            self.warn(node, "svg/clip-path", &what);
            return None;
        };
        let target = url.strip_prefix('#').and_then(|id| self.tree.by_id(id));
        let Some(target) = target.filter(|t| svg_name(*t) == Some("clipPath")) else {
            let what = format!(
                "is clipped by {url}, which is no clip path in the drawing; it was taken whole"
            );
            self.warn(node, "svg/broken-reference", &what);
            return None;
        };
        if self.clips.chain.contains(&target.id()) {
            let what = "is clipped by a clip path that needs itself; it was taken whole";
            self.say(node, "svg/reference-loop", Severity::Error, what);
            return None;
        }
        if self.clips.chain.len() >= CHAIN {
            let what = format!(
                "is clipped by more than {CHAIN} clip paths, one through the other; it was taken whole"
            );
            self.warn(node, "svg/clip-path", &what);
            return None;
        }
        Some(target)
    }

    /// The stencil of a `clipPath` itself, drawn or as kept.
    fn stencil(
        &mut self,
        target: Node<'a, 'input>,
        on: Node<'a, 'input>,
        (style, effects): (Style, &Effects<'a>),
        here: &Context,
    ) -> Result<Arc<Stencil>, Error> {
        let mut inner = here.clone();
        inner.clip = None;
        inner.style = style;
        if target.attribute("clipPathUnits") == Some("objectBoundingBox") {
            let Some(unit) = self.measure(on, here)? else {
                // Without a width or height nothing of it shows (CSS Masking 1, 5.1).
                return Ok(Arc::new(Stencil::new(&[])));
            };
            inner.map = inner.map.then_inner(&unit);
            inner.view = [1.0, 1.0];
        }
        let Affine { x, y, o } = inner.map;
        let place = [x.x, x.y, y.x, y.y, o.x, o.y, inner.view[0], inner.view[1]];
        let key = (target.id().get_usize(), place.map(f64::to_bits));
        if let Some(made) = self.clips.made.get(&key) {
            return Ok(Arc::clone(made));
        }
        self.apply_transform(target, effects, &mut inner);
        let mut shapes = Vec::new();
        for child in target.children().filter(Node::is_element) {
            shapes.extend(self.clip_shape(child, &inner)?);
        }
        let made = Arc::new(Stencil::new(&shapes));
        let clips = &mut self.clips;
        clips.left = clips.left.saturating_sub(made.len());
        if clips.made.len() >= KEPT || clips.edges + made.len() > KEPT_EDGES {
            clips.made.clear();
            clips.edges = 0;
        }
        clips.edges += made.len();
        let _ = clips.made.insert(key, Arc::clone(&made));
        Ok(made)
    }

    /// One child of a `clipPath`; `None` where it adds nothing.
    fn clip_shape(
        &mut self,
        child: Node<'a, 'input>,
        around: &Context,
    ) -> Result<Option<Shape>, Error> {
        let mut here = around.clone();
        let mut node = child;
        let mut clips: Vec<Arc<Stencil>> = Vec::new();
        // The child, and what it shows where it is a `use`.
        for is_shown in [false, true] {
            let Some(name) = svg_name(node).filter(|n| !DESCRIPTIVE.contains(n)) else {
                return Ok(None);
            };
            self.count()?;
            let Some(effects) = self.apply_style(node, &mut here) else {
                return Ok(None);
            };
            self.apply_transform(node, &effects, &mut here);
            if let Some(value) = effects.clip {
                clips.extend(self.stencils(node, node, value, &here)?);
            }
            if name != "use" || is_shown {
                break;
            }
            let units = self.units(&here);
            let side = |name, of| node.attribute(name).and_then(|t| units.parse(t, of));
            let x = side("x", Of::Width).unwrap_or(0.0);
            let y = side("y", Of::Height).unwrap_or(0.0);
            here.map = here.map.then_inner(&Affine::translate(x, y));
            let target = href(node).and_then(|h| h.strip_prefix('#'));
            let Some(target) = target.and_then(|id| self.tree.by_id(id)) else {
                let what = "in a clip path refers to nothing that is in the drawing";
                self.warn(node, "svg/broken-reference", what);
                return Ok(None);
            };
            node = target;
        }
        let Some((runs, rule)) = self.clip_runs(node, &here) else {
            return Ok(None);
        };
        if clips.is_empty() {
            return Ok(Some((runs, rule)));
        }
        let region = Region::default().with(&clips);
        let list = self.cut_fill(node, runs, rule, &region);
        Ok(Some((list.into_iter().map(|(run, _)| run).collect(), rule)))
    }

    fn clip_runs(&mut self, node: Node<'a, 'input>, here: &Context) -> Option<Shape> {
        let name = svg_name(node)?;
        let units = self.units(here);
        let Some((steps, error)) = shape::steps(name, node, &units) else {
            let (code, what) = match name {
                "text" => ("svg/text", "is text in a clip path and was left out"),
                _ => (
                    "svg/clip-path",
                    "cannot be part of a clip path and was left out of it",
                ),
            };
            self.warn(node, code, what);
            return None;
        };
        if let Some(e) = error {
            let what = format!("was drawn up to an error in its data: {e}");
            self.warn(node, "svg/bad-data", &what);
        }
        if !here.style.visible {
            self.note(node, "svg/hidden", "is hidden and was left out");
            return None;
        }
        let found = runs(&steps, &here.map, true, &self.under_clip(here));
        let found = found.filter(|_| here.map.is_finite());
        if found.is_none() {
            let what = "has a coordinate that is too large or not a number; it was left out";
            self.say(node, "svg/out-of-range", Severity::Error, what);
        }
        Some((found?, here.style.clip_rule))
    }
}

/// What a `clip-path` value refers to; `None` for other values.
fn url(value: &str) -> Option<&str> {
    let (inner, _) = value.trim().strip_prefix("url(")?.split_once(')')?;
    Some(inner.trim().trim_matches(['"', '\'']).trim())
}

/// Elements that draw nothing in a clip path, and are not meant to.
const DESCRIPTIVE: [&str; 8] = [
    "animate",
    "animateTransform",
    "desc",
    "metadata",
    "script",
    "set",
    "style",
    "title",
];

#[cfg(test)]
mod tests;
