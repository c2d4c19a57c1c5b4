use crate::diag::Diagnostics;
use crate::geom::Point;
use std::sync::Arc;

/// A drawing as outlines.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Drawing {
    /// Width and height of the page, mm.
    pub size_mm: [f64; 2],
    /// Pixels per inch by which user units became mm.
    pub dpi: f64,
    /// The outlines in the order in which they are drawn.
    pub outlines: Vec<Outline>,
    /// What there is to say about the drawing.
    pub diagnostics: Diagnostics,
}

/// One connected run of lines and arcs.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Outline {
    /// First point, mm.
    pub start: Point,
    /// The lines and arcs from there.
    pub spans: Vec<Span>,
    /// Whether the last span ends at `start`.
    pub closed: bool,
    /// Greatest deviation of the spans from the curves drawn, as measured, mm.
    pub deviation_mm: f64,
    /// Red, green and blue of the stroke, or of the fill where there is no stroke.
    pub color: [u8; 3],
    /// Which paint made this an outline.
    pub painted_by: PaintedBy,
    /// `id` of the element.
    pub id: Option<Arc<str>>,
    /// Name of the nearest layer around the element.
    pub layer: Option<Arc<str>>,
    /// Line of the element in the source, from 1.
    pub line: u32,
}

/// A line or an arc to `end`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Span {
    /// Where it ends, mm.
    pub end: Point,
    /// tan(sweep / 4): 0 is a line, above 0 an arc counter-clockwise.
    pub bulge: f64,
}

/// The paint of an outline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PaintedBy {
    /// The element has a stroke.
    Stroke,
    /// The element is only filled; the outline is the edge of the fill.
    Fill,
}
