//! How large a drawing is in the end: what it is scaled by, the size of a page that
//! has none, and what is said of it.

use super::drawing::{Drawing, Outline};
use super::options::SvgOptions;
use super::size::Page;
use crate::diag::{Code, Diagnostic, Severity};
use crate::error::{Error, ErrorKind};
use crate::geom::{Bounds, Point, bounds_of};

/// What lengths are multiplied by. `draw` gives the outlines at a scale: a page
/// without a width is as wide as they are.
///
/// # Errors
/// Those of `draw`, and when the page has no width that could become another.
pub(super) fn scale(
    page: &Page,
    options: &SvgOptions,
    draw: impl Fn(f64) -> Result<Vec<Outline>, Error>,
) -> Result<f64, Error> {
    let Some(wanted) = options.width else {
        return Ok(options.scale.unwrap_or(1.0));
    };
    let width = match page.px[0] {
        Some(px) => px * 25.4 / page.dpi,
        None => bounds(&draw(1.0)?).max.x,
    };
    let scale = wanted / width;
    if scale.is_finite() && scale > 0.0 {
        return Ok(scale);
    }
    Err(Error::new(
        ErrorKind::InvalidConfig,
        format!(
            "the drawing has no width that could become {wanted} mm; give its page a width, or give a scale"
        ),
    ))
}

/// Gives a page without a size that of its content, from its top-left corner.
pub(super) fn fit_page(drawing: &mut Drawing, page: &Page) {
    let bounds = bounds(&drawing.outlines);
    if bounds.is_empty() {
        return;
    }
    if page.px[0].is_none() {
        drawing.size_mm[0] = bounds.max.x.max(0.0);
    }
    if page.px[1].is_none() {
        let height = (-bounds.min.y).max(0.0);
        drawing.size_mm[1] = height;
        let up = Point::new(0.0, height);
        for outline in &mut drawing.outlines {
            outline.start = outline.start + up;
            for span in &mut outline.spans {
                span.end = span.end + up;
            }
        }
    }
}

/// The box around outlines, mm.
pub(super) fn bounds(outlines: &[Outline]) -> Bounds {
    let mut bounds = Bounds::EMPTY;
    for outline in outlines {
        let mut from = outline.start;
        for span in &outline.spans {
            bounds.union(&bounds_of(from, span.end, span.bulge));
            from = span.end;
        }
    }
    bounds
}

/// Says how large the drawing is, and what was guessed.
pub(super) fn say(drawing: &mut Drawing, page: &Page, options: &SvgOptions) {
    let bounds = bounds(&drawing.outlines);
    if drawing.outlines.is_empty() {
        let d = Diagnostic::new(
            Code("svg/empty"),
            Severity::Warning,
            "the drawing holds no outlines",
        );
        drawing
            .diagnostics
            .push(d.with_help("turn text and images into paths in the drawing program"));
    }
    let [w, h] = drawing.size_mm;
    let mut message = format!("the page is {w:.2} mm by {h:.2} mm");
    if page.px.iter().any(Option::is_none) {
        message += ", the size of what is drawn, as it has none of its own";
    } else if !bounds.is_empty() {
        let drawn = bounds.size();
        message += &format!(", what is drawn {:.2} mm by {:.2} mm", drawn.x, drawn.y);
    }
    if page.fixed && options.dpi.is_some() {
        message += "; the file gives it in mm or the like, so the dpi changes nothing";
    }
    drawing
        .diagnostics
        .push(Diagnostic::new(Code("svg/size"), Severity::Note, message));
    let Some(guess) = page.guess else { return };
    let message = format!(
        "pixels were taken as {} to the inch, {}: the drawing is {w:.2} mm by {h:.2} mm",
        page.dpi, guess.words
    );
    let d = Diagnostic::new(Code("svg/size-guessed"), Severity::Note, message);
    drawing.diagnostics.push(d.with_help(guess.help));
}
