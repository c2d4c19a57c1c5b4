//! The box around an element, for what is given in parts of it.

use super::affine::Affine;
use super::outline::runs;
use super::path::Step;
use super::style::Effects;
use super::tree::svg_name;
use super::walk::{Context, Walk};
use crate::error::Error;
use crate::geom::{Bounds, bounds_of};
use roxmltree::Node;

impl<'a, 'input> Walk<'a, 'input, '_> {
    /// The map from the unit square to the box around an element, in the user units
    /// of `here`: of its shapes without their strokes, whether painted, visible and
    /// clipped or not. `None` where it has no width or no height.
    pub(super) fn measure(
        &mut self,
        node: Node<'a, 'input>,
        here: &Context,
    ) -> Result<Option<Affine>, Error> {
        // About as large as on the page, so that the tolerance means the same.
        let scale = here.map.x.cross(here.map.y).abs().sqrt();
        if !(scale.is_finite() && scale > 0.0) {
            return Ok(None);
        }
        let mut inner = here.clone();
        inner.map = Affine::scale(scale, scale);
        inner.clip = None;
        // What there is to say is said when the element is drawn.
        let found = std::mem::take(&mut self.found);
        let outer = self.measured.replace(Bounds::EMPTY);
        let name = svg_name(node).unwrap_or("");
        if let Some(level) = self.open(name, node, &Effects::default(), inner)? {
            self.run(level)?;
        }
        self.found = found;
        let bounds = std::mem::replace(&mut self.measured, outer);
        let bounds = bounds.unwrap_or(Bounds::EMPTY);
        let size = bounds.size();
        let (w, h) = (size.x / scale, size.y / scale);
        let (x, y) = (bounds.min.x / scale, bounds.min.y / scale);
        Ok((w > 0.0 && h > 0.0).then(|| Affine::new(w, 0.0, 0.0, h, x, y)))
    }

    /// Adds a shape to the box that is asked for.
    pub(super) fn add_to_measure(&mut self, steps: &[Step], here: &Context) {
        let Some(bounds) = &mut self.measured else {
            return;
        };
        // A shape too large to draw is left out here as there.
        for run in runs(steps, &here.map, false, self.options).unwrap_or_default() {
            let mut from = run.start;
            for span in run.spans {
                bounds.union(&bounds_of(from, span.end, span.bulge));
                from = span.end;
            }
        }
    }
}
