//! A drawing as trajet has it.

use crate::pixels::{Frame, Picture};
use resvg::{tiny_skia, usvg};
use trajet::svg::{Drawing, Fonts, SvgOptions, read, write};

/// What of trajet's reading is compared.
pub struct Ours {
    pub drawing: Drawing,
    /// Total length of the outlines, mm.
    pub length: f64,
}

pub fn import(bytes: &[u8], tolerance: f64, fonts: &Fonts) -> Result<Ours, trajet::Error> {
    let options = SvgOptions::default().with_fonts(fonts.clone());
    let drawing = read(bytes, &options.with_tolerance(tolerance))?;
    let length = drawing.outlines.iter().map(outline_length).sum();
    Ok(Ours { drawing, length })
}

fn outline_length(outline: &trajet::svg::Outline) -> f64 {
    let mut from = outline.start;
    let mut sum = 0.0;
    for span in &outline.spans {
        let chord = from.distance(span.end);
        let quarter = span.bulge.abs().atan();
        sum += if quarter < 1e-7 {
            chord
        } else {
            // Radius times sweep, with half the chord = radius times sin(sweep / 2).
            chord * 2.0 * quarter / (2.0 * quarter).sin()
        };
        from = span.end;
    }
    sum
}

/// The outlines as trajet writes them and resvg draws them.
pub fn picture(mut drawing: Drawing, frame: &Frame) -> Result<Picture, String> {
    // resvg takes arcs for cubics to a tenth of a user unit, which is 1 mm as
    // trajet writes: enough for a page of many metres.
    let grow = GROWN_SIDE / drawing.size_mm[0].max(drawing.size_mm[1]);
    drawing.size_mm = drawing.size_mm.map(|v| v * grow);
    for outline in &mut drawing.outlines {
        outline.start = outline.start * grow;
        for span in &mut outline.spans {
            span.end = span.end * grow;
        }
    }
    let scale = frame.scale / grow;
    let options = usvg::Options {
        style_sheet: Some(format!("path {{ stroke-width: {} }}", frame.line / scale)),
        ..usvg::Options::default()
    };
    let text = write(&drawing);
    let tree = usvg::Tree::from_str(&text, &options).map_err(|e| format!("trajet's own: {e}"))?;
    let mut pixmap = frame.pixmap();
    // usvg's pixels are of 1/96 inch, whatever the page.
    let scale = (scale * 25.4 / 96.0) as f32;
    resvg::render(
        &tree,
        tiny_skia::Transform::from_scale(scale, scale),
        &mut pixmap.as_mut(),
    );
    Ok(Picture::of(&pixmap, frame))
}

/// Longer side of the page that resvg is given, mm.
const GROWN_SIDE: f64 = 10_000.0;
