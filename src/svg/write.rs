//! Outlines back to SVG, to look at and to compare.

use super::drawing::{Drawing, Outline, hex};
use crate::geom::Point;
use std::fmt::Write;

/// A drawing as SVG: one path an outline, as a line of 0.1 mm in its colour, on a
/// page of the drawing's size. A user unit is 1 mm; coordinates have four decimals.
///
/// What was read from it is drawn at the same place, fills as their edges.
///
/// # Complexity
/// O(spans).
///
/// # Examples
/// ```
/// let svg = br#"<svg xmlns="http://www.w3.org/2000/svg" width="20mm" height="10mm"
///     viewBox="0 0 20 10"><path d="M1 2H9" stroke="red"/></svg>"#;
/// let drawing = trajet::svg::read(svg, &trajet::svg::SvgOptions::default())?;
/// let text = trajet::svg::write(&drawing);
/// assert!(text.contains(r##"<path stroke="#ff0000" d="M1 2L9 2"/>"##));
/// # Ok::<(), trajet::Error>(())
/// ```
#[must_use]
pub fn write(drawing: &Drawing) -> String {
    let [w, h] = drawing.size_mm.map(Short);
    let mut text = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{w}mm\" height=\"{h}mm\" viewBox=\"0 0 {w} {h}\">\n\
         <g fill=\"none\" stroke-width=\"0.1\">\n"
    );
    for outline in &drawing.outlines {
        let color = hex(outline.color);
        // Writing to a string cannot fail.
        let _ = write!(text, "<path stroke=\"{color}\" d=\"");
        data(outline, drawing.size_mm[1], &mut text);
        text.push_str("\"/>\n");
    }
    text.push_str("</g>\n</svg>\n");
    text
}

/// Path data of an outline on a page `height` mm high.
fn data(outline: &Outline, height: f64, text: &mut String) {
    let down = |p: Point| (Short(p.x), Short(height - p.y));
    let (x, y) = down(outline.start);
    let _ = write!(text, "M{x} {y}");
    let mut from = outline.start;
    let last = outline.spans.len().saturating_sub(1);
    for (i, span) in outline.spans.iter().enumerate() {
        let chord = from.distance(span.end);
        let bulge = span.bulge.abs();
        let sagitta = 0.5 * chord * bulge;
        let (x, y) = down(span.end);
        if sagitta > ROUNDING {
            let radius = Short(0.25 * chord * (bulge + 1.0 / bulge));
            let large = u8::from(bulge > 1.0);
            // Counter-clockwise is against the angles of a page whose Y goes down.
            let sweep = u8::from(span.bulge < 0.0);
            let _ = write!(text, "A{radius} {radius} 0 {large} {sweep} {x} {y}");
        } else if !(outline.closed && i == last) {
            let _ = write!(text, "L{x} {y}");
        }
        from = span.end;
    }
    if outline.closed {
        text.push('Z');
    }
}

/// Half of the last decimal, mm: flatter arcs are lines as they are written.
const ROUNDING: f64 = 0.5e-4;

/// A number with at most four decimals.
struct Short(f64);

impl std::fmt::Display for Short {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let text = format!("{:.4}", self.0);
        let text = text.trim_end_matches('0').trim_end_matches('.');
        f.write_str(if text == "-0" { "0" } else { text })
    }
}

#[cfg(test)]
mod tests {
    use super::super::{SvgOptions, read};
    use super::*;

    #[test]
    fn what_is_written_reads_back_the_same() {
        let svg = r#"<svg xmlns="http://www.w3.org/2000/svg" width="40mm" height="30mm" viewBox="0 0 40 30">
            <circle cx="9" cy="8" r="5" stroke="blue" fill="none"/>
            <path d="M1 1A9 9 0 1 1 5 9M20 20H30V25z" stroke="red" fill="none"/>
            <path d="M1 25C9 0 20 40 39 5" stroke="lime" fill="none"/></svg>"#;
        let options = SvgOptions::default();
        let first = read(svg.as_bytes(), &options).unwrap();
        let again = read(write(&first).as_bytes(), &options).unwrap();
        assert_eq!(first.outlines.len(), again.outlines.len());
        for (a, b) in first.outlines.iter().zip(&again.outlines) {
            assert_eq!(
                (a.closed, a.color, a.spans.len()),
                (b.closed, b.color, b.spans.len())
            );
            assert!(a.start.distance(b.start) < 1e-4);
            for (s, t) in a.spans.iter().zip(&b.spans) {
                assert!(s.end.distance(t.end) < 1e-4 && (s.bulge - t.bulge).abs() < 1e-3);
            }
        }
    }
}
