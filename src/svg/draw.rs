//! One element that is drawn: its stroke and its fill as outlines.

use super::drawing::{FillRule, Outline, PaintedBy};
use super::outline::{Run, runs};
use super::path::Step;
use super::shape;
use super::style::{Paint, Style};
use super::walk::{Context, Walk};
use crate::diag::Severity;
use roxmltree::Node;
use std::sync::Arc;

impl<'a, 'input> Walk<'a, 'input, '_> {
    /// Draws a shape, or says why an element is none.
    pub(super) fn draw(&mut self, name: &str, node: Node<'a, 'input>, here: &Context) {
        let units = self.units(here);
        let Some((steps, error)) = shape::steps(name, node, &units) else {
            let (code, what) = match name {
                "text" => ("svg/text", "is text and was left out"),
                "image" => ("svg/image", "is a raster image and was left out"),
                "foreignObject" => ("svg/foreign-object", "is not SVG and was left out"),
                _ => ("svg/unknown-element", "is not known and was left out"),
            };
            let help = match name {
                "text" => "turn it into paths in the drawing program",
                _ => "",
            };
            self.tree
                .say(&mut self.found, node, code, Severity::Warning, what, help);
            return;
        };
        if let Some(e) = error {
            let what = format!("was drawn up to an error in its data: {e}");
            self.warn(node, "svg/bad-data", &what);
        }
        let style = here.style;
        if !style.visible {
            self.note(node, "svg/hidden", "is hidden and was left out");
            return;
        }
        if style.markers && matches!(name, "path" | "line" | "polyline" | "polygon") {
            self.warn(node, "svg/marker", "has markers, which were left out");
        }
        let fill = if name == "line" {
            // It has no inside.
            Paint::None
        } else {
            style.fill
        };
        if (fill, style.stroke) == (Paint::None, Paint::None) {
            self.note(node, "svg/not-painted", "has neither stroke nor fill");
            return;
        }
        self.paint(node, &steps, here, &Style { fill, ..style });
    }

    /// Makes outlines of the fill, then the stroke, of one shape: the order in
    /// which they are painted.
    pub(super) fn paint(
        &mut self,
        node: Node<'a, 'input>,
        steps: &[Step],
        here: &Context,
        style: &Style,
    ) {
        let before = self.outlines.len();
        let stroked = style.stroke != Paint::None;
        for (paint, painted_by) in [
            (style.fill, PaintedBy::Fill),
            (style.stroke, PaintedBy::Stroke),
        ] {
            let color = match paint {
                Paint::None => continue,
                Paint::Rgb(c) => c,
                Paint::Current => style.color,
                Paint::Server(c) => {
                    let what = "is painted by a gradient or pattern; only its outline was taken";
                    self.warn(node, "svg/paint-server", what);
                    c
                }
            };
            let fill = painted_by == PaintedBy::Fill;
            if style.dashed && !fill {
                self.warn(
                    node,
                    "svg/dashes",
                    "is dashed; it was taken as a whole line",
                );
            }
            let found = match runs(steps, &here.map, fill, self.options) {
                Some(found) if here.map.is_finite() => found,
                _ => {
                    let what =
                        "has a coordinate that is too large or not a number; it was left out";
                    self.say(node, "svg/out-of-range", Severity::Error, what);
                    return;
                }
            };
            self.outline(node, found, here, |outline| Outline {
                color,
                painted_by,
                stroked: stroked && fill,
                rule: style.rule,
                ..outline
            });
        }
        if self.outlines.len() == before {
            self.note(node, "svg/no-outline", "has no length and was left out");
        } else {
            self.shapes += 1;
        }
    }

    /// Adds runs as outlines of an element; `painted` gives them their paint.
    fn outline(
        &mut self,
        node: Node<'a, 'input>,
        found: Vec<Run>,
        here: &Context,
        painted: impl Fn(Outline) -> Outline,
    ) {
        let (line, _) = self.tree.place(node);
        let attribute = |name| node.attribute(name).map(Arc::from);
        let (id, class): (Option<Arc<str>>, Option<Arc<str>>) =
            (attribute("id"), attribute("class"));
        let shape = self.shapes;
        self.outlines.extend(found.into_iter().map(|run| {
            let Run {
                start,
                spans,
                closed,
                deviation_mm,
            } = run;
            painted(Outline {
                start,
                spans,
                closed,
                deviation_mm,
                color: [0; 3],
                painted_by: PaintedBy::Stroke,
                stroked: false,
                rule: FillRule::NonZero,
                shape,
                id: id.clone(),
                class: class.clone(),
                layer: here.layer.clone(),
                line,
            })
        }));
    }
}
