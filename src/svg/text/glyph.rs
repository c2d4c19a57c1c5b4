//! The outline of one glyph, in the units of its font.

use super::super::path::Step;
use crate::geom::Point;
use skrifa::outline::{DrawSettings, OutlinePen};
use skrifa::raw::TableProvider;
use skrifa::{FontRef, GlyphId, MetadataProvider, Tag, prelude::Size};
use std::collections::BTreeMap;
use std::sync::Arc;
use usvg::FontVariation;
use usvg::fontdb::{Database, ID};

/// What a font has for a glyph.
#[derive(Debug, Default)]
pub(super) struct Glyph {
    pub(super) steps: Vec<Step>,
    /// The font shows a picture or colours in its place.
    pub(super) is_picture: bool,
}

/// Glyphs by font, number and the place on the font's axes.
type Key = (ID, u32, Vec<([u8; 4], u32)>);

/// Glyphs that were read, so that each is read once.
#[derive(Default)]
pub(super) struct Glyphs(BTreeMap<Key, Arc<Glyph>>);

impl Glyphs {
    pub(super) fn get(
        &mut self,
        db: &Database,
        font: ID,
        glyph: u32,
        axes: &[FontVariation],
    ) -> Arc<Glyph> {
        let at = axes.iter().map(|v| (v.tag, v.value.to_bits())).collect();
        let found = self.0.entry((font, glyph, at)).or_insert_with(|| {
            let read = db.with_face_data(font, |data, index| {
                let font = FontRef::from_index(data, index).ok()?;
                Some(read(&font, GlyphId::new(glyph), axes))
            });
            Arc::new(read.flatten().unwrap_or_default())
        });
        Arc::clone(found)
    }
}

fn read(font: &FontRef<'_>, glyph: GlyphId, axes: &[FontVariation]) -> Glyph {
    let at = axes.iter().map(|v| (Tag::from_be_bytes(v.tag), v.value));
    let location = font.axes().location(at);
    let mut pen = Pen::default();
    if let Some(outline) = font.outline_glyphs().get(glyph) {
        // A glyph that breaks off is drawn as far as it goes, like path data.
        let _ = outline.draw(
            DrawSettings::unhinted(Size::unscaled(), &location),
            &mut pen,
        );
    }
    let in_svg = || {
        let table = font.svg().ok()?;
        table.glyph_data(glyph).ok()?
    };
    Glyph {
        steps: pen.0,
        is_picture: font.color_glyphs().get(glyph).is_some()
            || in_svg().is_some()
            || font
                .bitmap_strikes()
                .glyph_for_size(Size::unscaled(), glyph)
                .is_some(),
    }
}

#[derive(Default)]
struct Pen(Vec<Step>);

fn point(x: f32, y: f32) -> Point {
    Point::new(f64::from(x), f64::from(y))
}

impl OutlinePen for Pen {
    fn move_to(&mut self, x: f32, y: f32) {
        self.0.push(Step::Move(point(x, y)));
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.0.push(Step::Line(point(x, y)));
    }

    fn quad_to(&mut self, bx: f32, by: f32, x: f32, y: f32) {
        self.0.push(Step::Quadratic(point(bx, by), point(x, y)));
    }

    fn curve_to(&mut self, bx: f32, by: f32, cx: f32, cy: f32, x: f32, y: f32) {
        let (b, c) = (point(bx, by), point(cx, cy));
        self.0.push(Step::Cubic(b, c, point(x, y)));
    }

    fn close(&mut self) {
        self.0.push(Step::Close);
    }
}
