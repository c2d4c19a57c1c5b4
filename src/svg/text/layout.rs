//! The layout of one small document, and the outlines that come of it.

use super::super::affine::Affine;
use super::super::path::Step;
use super::catalogue::Catalogue;
use super::glyph::Glyphs;
use super::pick::{Instead, Loaded, Picker};
use super::write::Written;
use crate::geom::Point;
use std::panic::{AssertUnwindSafe, catch_unwind};
use usvg::tiny_skia_path::{PathSegment, Transform};

/// The outlines of a text.
#[derive(Default)]
pub(super) struct Laid {
    /// Steps in user units, by the number of the element whose style they have, in
    /// the order in which they are painted.
    pub(super) parts: Vec<(usize, Vec<Step>)>,
    pub(super) instead: Vec<Instead>,
    /// Characters for which no font has a glyph.
    pub(super) missing: Vec<String>,
    /// What other fonts lent.
    pub(super) borrowed: Vec<Borrowed>,
    /// Characters that are pictures or have colours, and whether an outline was there.
    pub(super) pictures: Vec<(String, bool)>,
    /// Whether a text came back at all.
    pub(super) is_whole: bool,
    /// Characters that came back, in bytes.
    pub(super) bytes: usize,
    /// Characters that were given, in bytes, after blanks were joined.
    pub(super) bytes_given: usize,
}

/// Characters that another font lent.
#[derive(Debug, PartialEq)]
pub(super) struct Borrowed {
    pub(super) font: String,
    /// The first of those that the text's own font lacks.
    pub(super) lacking: String,
    /// Whether it drew characters that the text's own font has, too: the layout takes
    /// the whole piece from a font that has all of it.
    pub(super) whole: bool,
}

/// Lays out a document. The fonts that it loads stay in `loaded`.
pub(super) fn lay_out(
    written: &Written,
    catalogue: &Catalogue,
    loaded: &mut Loaded,
    glyphs: &mut Glyphs,
) -> Laid {
    let mut laid = Laid::default();
    // A text whose box has no height or width, as a dash in a font of single lines,
    // comes back only when it has a stroke.
    for stroke in ["", " stroke=\"#000\" stroke-width=\"1\""] {
        let picker = Picker::new(catalogue, &written.families, std::mem::take(loaded));
        let svg = written
            .svg
            .replacen("><defs>", &format!("{stroke}><defs>"), 1);
        let tree = {
            let options = usvg::Options {
                fontdb: picker.db(),
                font_resolver: picker.resolver(),
                ..usvg::Options::default()
            };
            // Asserts in the layout can fail for odd fonts; that must not end the program.
            catch_unwind(AssertUnwindSafe(|| usvg::Tree::from_str(&svg, &options)))
        };
        let chosen;
        (*loaded, laid.instead, chosen) = picker.finish();
        let Ok(Ok(tree)) = tree else { continue };
        let mut stack: Vec<&usvg::Node> = tree.root().children().iter().rev().collect();
        while let Some(node) = stack.pop() {
            match node {
                usvg::Node::Group(group) => stack.extend(group.children().iter().rev()),
                usvg::Node::Text(text) => {
                    laid.is_whole = true;
                    laid.take(text, written, catalogue, loaded, &chosen, glyphs);
                }
                _ => {}
            }
        }
        if laid.is_whole {
            break;
        }
    }
    laid
}

impl Laid {
    fn take(
        &mut self,
        text: &usvg::Text,
        written: &Written,
        catalogue: &Catalogue,
        loaded: &Loaded,
        chosen: &[usize],
        glyphs: &mut Glyphs,
    ) {
        let back = Affine {
            o: written.origin,
            ..Affine::scale(1.0 / written.scale, 1.0 / written.scale)
        };
        self.bytes_given = text.chunks().iter().map(|c| c.text().len()).sum();
        for span in text.layouted() {
            for line in [&span.overline, &span.underline].into_iter().flatten() {
                self.line(line, &back);
            }
            let number = span.fill.as_ref().and_then(|f| number(f.paint()));
            for glyph in &span.positioned_glyphs {
                self.bytes += glyph.text.len();
                let Some(number) = number else { continue };
                if glyph.id.0 == 0 {
                    remember(&mut self.missing, glyph.text.clone());
                    continue;
                }
                if let Some(face) = loaded.face(glyph.font).filter(|f| !chosen.contains(f)) {
                    self.borrow(&glyph.text, face, chosen, catalogue);
                }
                let found = glyphs.get(loaded.db(), glyph.font, glyph.id.0, &span.variations);
                if found.is_picture {
                    let has_outline = !found.steps.is_empty();
                    remember(&mut self.pictures, (glyph.text.clone(), has_outline));
                }
                let map = back.then_inner(&affine(glyph.outline_transform()));
                let steps = self.part(number);
                steps.extend(found.steps.iter().map(|s| s.through(&map)));
            }
            if let Some(line) = &span.line_through {
                self.line(line, &back);
            }
        }
    }

    fn borrow(&mut self, text: &str, face: usize, chosen: &[usize], catalogue: &Catalogue) {
        let font = catalogue.name(face);
        let at = self.borrowed.iter().position(|b| b.font == font);
        let at = at.unwrap_or_else(|| {
            self.borrowed.push(Borrowed {
                font: font.to_owned(),
                lacking: String::new(),
                whole: false,
            });
            self.borrowed.len() - 1
        });
        let borrowed = &mut self.borrowed[at];
        for c in text.chars() {
            if chosen.iter().any(|own| catalogue.has(*own, c)) {
                borrowed.whole = true;
            } else if borrowed.lacking.len() < MOST_SAID && !borrowed.lacking.contains(c) {
                borrowed.lacking.push(c);
            }
        }
    }

    /// A line under, over or through the text.
    fn line(&mut self, path: &usvg::Path, back: &Affine) {
        let Some(number) = path.fill().and_then(|f| number(f.paint())) else {
            return;
        };
        let at =
            |p: usvg::tiny_skia_path::Point| back.point(Point::new(f64::from(p.x), f64::from(p.y)));
        let steps = self.part(number);
        steps.extend(path.data().segments().map(|segment| match segment {
            PathSegment::MoveTo(p) => Step::Move(at(p)),
            PathSegment::LineTo(p) => Step::Line(at(p)),
            PathSegment::QuadTo(b, p) => Step::Quadratic(at(b), at(p)),
            PathSegment::CubicTo(b, c, p) => Step::Cubic(at(b), at(c), at(p)),
            PathSegment::Close => Step::Close,
        }));
    }

    /// The steps of the last part, if it has the style of that element, or of a new one.
    fn part(&mut self, number: usize) -> &mut Vec<Step> {
        if self.parts.last().is_none_or(|p| p.0 != number) {
            self.parts.push((number, Vec::new()));
        }
        let last = self.parts.len() - 1;
        &mut self.parts[last].1
    }
}

/// As many kinds of findings as are said of one text.
const MOST_SAID: usize = 16;

fn remember<T: PartialEq>(list: &mut Vec<T>, new: T) {
    if list.len() < MOST_SAID && !list.contains(&new) {
        list.push(new);
    }
}

/// The number of the element that is painted in this colour.
fn number(paint: &usvg::Paint) -> Option<usize> {
    match paint {
        usvg::Paint::Color(c) => {
            Some(usize::from(c.red) << 16 | usize::from(c.green) << 8 | usize::from(c.blue))
        }
        _ => None,
    }
}

fn affine(t: Transform) -> Affine {
    let [a, b, c, d, e, f] = [t.sx, t.ky, t.kx, t.sy, t.tx, t.ty].map(f64::from);
    Affine::new(a, b, c, d, e, f)
}
