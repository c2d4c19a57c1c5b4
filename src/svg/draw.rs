//! One element that is drawn: its stroke and its fill as outlines.

use super::dash::{Dashes, Ruler, dashes};
use super::drawing::{Outline, PaintedBy};
use super::outline::{Run, runs};
use super::path::Step;
use super::shape;
use super::style::{Paint, Style};
use super::walk::{Context, Level, Walk};
use crate::diag::Severity;
use crate::geom::Point;
use roxmltree::Node;
use std::sync::Arc;

impl<'a, 'input> Walk<'a, 'input, '_> {
    /// Draws a shape, or says why an element is none; gives its markers.
    pub(super) fn draw(
        &mut self,
        name: &str,
        node: Node<'a, 'input>,
        here: &Context,
    ) -> Option<Level<'a, 'input>> {
        let units = self.units(here);
        let Some((steps, error)) = shape::steps(name, node, &units) else {
            let (code, what) = match name {
                "image" => ("svg/image", "is a raster image and was left out"),
                "foreignObject" => ("svg/foreign-object", "is not SVG and was left out"),
                _ => ("svg/unknown-element", "is not known and was left out"),
            };
            self.tree
                .say(&mut self.found, node, code, Severity::Warning, what, "");
            return None;
        };
        if let Some(e) = error {
            let what = format!("was drawn up to an error in its data: {e}");
            self.warn(node, "svg/bad-data", &what);
        }
        if self.measured.is_some() {
            self.add_to_measure(&steps, here);
            return None;
        }
        if !here.style.visible {
            self.note(node, "svg/hidden", "is hidden and was left out");
            return None;
        }
        let mut style = here.style.clone();
        if name == "line" {
            // It has no inside.
            style.fill = Paint::None;
        }
        [style.fill, style.stroke] = here.paints(&style);
        if (style.fill, style.stroke) == (Paint::None, Paint::None) {
            self.note(
                node,
                "svg/not-painted",
                "has neither stroke nor fill that can be seen",
            );
        } else {
            self.paint(node, &steps, here, &style);
        }
        let marked = matches!(name, "path" | "line" | "polyline" | "polygon");
        marked.then(|| self.markers(node, &steps, here)).flatten()
    }

    /// Makes outlines of the fill, then the stroke, of one shape: the order in
    /// which they are painted. The paints of `style` are those that are seen, by
    /// [`Context::paints`].
    pub(super) fn paint(
        &mut self,
        node: Node<'a, 'input>,
        steps: &[Step],
        here: &Context,
        style: &Style,
    ) {
        let before = self.outlines.len();
        let mut drawn = false;
        let options = self.under_clip(here);
        // Dashes leave gaps in the edge.
        let stroked = style.stroke != Paint::None && style.dashes.is_none();
        let like = self.outline_of(node, here, style);
        for (paint, painted_by) in [
            (style.fill, PaintedBy::Fill),
            (style.stroke, PaintedBy::Stroke),
        ] {
            let color = match paint {
                Paint::Rgb(c) => c,
                Paint::Server(c) => {
                    let what = "is painted by a gradient or pattern; only its outline was taken";
                    self.warn(node, "svg/paint-server", what);
                    c
                }
                _ => continue,
            };
            let fill = painted_by == PaintedBy::Fill;
            let mut found = match runs(steps, &here.map, fill, &options) {
                Some(found) if here.map.is_finite() => found,
                _ => {
                    let what =
                        "has a coordinate that is too large or not a number; it was left out";
                    self.say(node, "svg/out-of-range", Severity::Error, what);
                    return;
                }
            };
            for run in found.iter_mut().filter(|run| run.closed && !fill) {
                run.ring = Some(self.rings);
                self.rings += 1;
            }
            let found = match &style.dashes {
                Some(pattern) if !fill => self.dash(node, found, pattern, here, style),
                _ => found,
            };
            drawn |= !found.is_empty();
            let found = match (&here.clip, fill) {
                (None, _) => found.into_iter().map(|run| (run, false)).collect(),
                (Some(region), true) => self.cut_fill(node, found, style.rule, region),
                (Some(region), false) => self.cut_lines(node, found, region),
            };
            let like = Outline {
                color,
                painted_by,
                ..like.clone()
            };
            self.outlines.extend(found.into_iter().map(|(run, cut)| {
                let Run {
                    start,
                    spans,
                    closed,
                    deviation_mm,
                    ring,
                } = run;
                Outline {
                    start,
                    spans,
                    closed,
                    deviation_mm,
                    ring: ring.filter(|_| !closed),
                    stroked: stroked && fill && !cut,
                    ..like.clone()
                }
            }));
        }
        if self.outlines.len() == before {
            let (code, what) = if drawn {
                (
                    "svg/clipped-away",
                    "lies outside of its clip and was left out",
                )
            } else {
                ("svg/no-outline", "has no length and was left out")
            };
            self.note(node, code, what);
        } else {
            self.shapes += 1;
        }
    }

    /// The dashes of the runs of an element.
    fn dash(
        &mut self,
        node: Node<'a, 'input>,
        found: Vec<Run>,
        pattern: &Dashes,
        here: &Context,
        style: &Style,
    ) -> Vec<Run> {
        let whole = "is dashed; it was taken as a whole line";
        let map = if style.unscaled {
            &self.page
        } else {
            &here.map
        };
        let Some(ruler) = Ruler::new(map) else {
            self.warn(node, "svg/dashes", whole);
            return found;
        };
        let length: f64 = found.iter().map(|run| ruler.run(run)).sum();
        // What the author calls the length of the line is 1 to 1 where nothing is said.
        let said = node
            .attribute("pathLength")
            .and_then(|t| t.trim().parse().ok());
        let unit = said
            .filter(|l: &f64| l.is_finite() && *l > 0.0)
            .map_or(1.0, |l| length / l);
        let pieces = pattern.pieces(length / unit) + found.len() as f64;
        if pieces.is_nan() || pieces > self.dashes_left as f64 {
            let what = format!("{whole}: the dashes are too many");
            self.warn(node, "svg/dashes", &what);
            return found;
        }
        self.dashes_left -= pieces as usize;
        if pattern.has_dots() {
            let what = "has dashes of no length, which were left out";
            self.note(node, "svg/dashes", what);
        }
        found
            .iter()
            .flat_map(|run| dashes(run, pattern, style.dash_offset, unit, &ruler))
            .collect()
    }

    /// An outline of an element as it is before it has runs and a paint.
    fn outline_of(&self, node: Node<'a, 'input>, here: &Context, style: &Style) -> Outline {
        let attribute = |name| node.attribute(name).map(Arc::from);
        let (line, column) = self.tree.place(node);
        Outline {
            start: Point::default(),
            spans: Vec::new(),
            closed: false,
            deviation_mm: 0.0,
            color: [0; 3],
            painted_by: PaintedBy::Stroke,
            stroked: false,
            ring: None,
            rule: style.rule,
            shape: self.shapes,
            id: attribute("id"),
            class: attribute("class"),
            layer: here.layer.clone(),
            group: here.group,
            line,
            column,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::outline_length;
    use super::super::{Drawing, SvgOptions, read, toolpath};
    use crate::operations::{Cut, Operations};

    const RED: [u8; 3] = [255, 0, 0];
    const BLUE: [u8; 3] = [0, 0, 255];

    fn draw(body: &str) -> Drawing {
        let text = format!(
            r#"<svg xmlns="http://www.w3.org/2000/svg" width="100mm" height="100mm" viewBox="0 0 100 100">{body}</svg>"#
        );
        read(text.as_bytes(), &SvgOptions::default()).unwrap()
    }

    fn colors(d: &Drawing) -> Vec<[u8; 3]> {
        d.outlines.iter().map(|o| o.color).collect()
    }

    #[test]
    fn dashes_that_do_not_scale_are_as_long_everywhere() {
        let d = draw(
            r#"<g transform="scale(3 1)" vector-effect="non-scaling-stroke" stroke-dasharray="19">
            <path d="M0 0h10" stroke="red" vector-effect="non-scaling-stroke"/><path d="M0 0h10" stroke="blue"/></g>"#,
        );
        // 19 px of the page are 5.03 mm; 19 user units are 57 mm, longer than the line.
        let length = |i: usize| outline_length(&d.outlines[i]);
        assert_eq!(colors(&d), [RED, RED, RED, BLUE]);
        assert!((length(0) - 19.0 * 25.4 / 96.0).abs() < 1e-6 && (length(3) - 30.0).abs() < 1e-6);
        assert_eq!(d.diagnostics.as_slice().len(), 1);
    }

    #[test]
    fn what_is_referred_to_and_missing_is_said_as_that() {
        let d = draw(
            r##"<g fill="none"><path id="f" d="M0 0h9v9z" fill="url(#x)"/><path id="s" d="M0 0h9" stroke="url(#x)"/>
            <path id="m" d="M0 0h9" stroke="red" marker-mid="url(#x)"/><path id="o" d="M0 0h9v9z" fill="url(#x) red"/></g>"##,
        );
        let said: Vec<&str> = d
            .diagnostics
            .as_slice()
            .iter()
            .filter(|x| x.code.0 == "svg/broken-reference")
            .map(|x| x.message.as_str())
            .collect();
        assert_eq!(
            said,
            [
                "path \"f\" has a fill that is not in the drawing: url(#x)",
                "path \"s\" has a stroke that is not in the drawing: url(#x)",
                "path \"m\" has a marker-mid that is not in the drawing: url(#x)",
            ]
        );
        assert_eq!(colors(&d), [RED, RED]);
    }

    #[test]
    fn the_edge_of_a_fill_is_whole_under_a_dashed_stroke() {
        let d = draw(r#"<path fill="lime" stroke="red" stroke-dasharray="1 2" d="M0 0h3v3h-3z"/>"#);
        assert!(d.outlines[0].closed && !d.outlines[0].stroked);
        assert_eq!(d.outlines.len(), 5);
        let plan = toolpath(&d, &Operations::default(), &Cut::default()).unwrap();
        assert_eq!(plan.toolpath.paths().count(), 5);
    }
}
