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
    /// The elements around them that have a name, each after those around it.
    pub groups: Vec<Group>,
    /// What there is to say about the drawing.
    pub diagnostics: Diagnostics,
}

/// An element with others in it: a group, a layer, or a `use` of what it shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Group {
    /// `id` of the element.
    pub id: Option<Arc<str>>,
    /// `class` of the element, as it stands there.
    pub class: Option<Arc<str>>,
    /// Its name where it is a layer.
    pub layer: Option<Arc<str>>,
    /// The next one around it, by its place in [`Drawing::groups`].
    pub around: Option<u32>,
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
    /// Red, green and blue of the paint.
    pub color: [u8; 3],
    /// Which paint made this an outline.
    pub painted_by: PaintedBy,
    /// Whether this is the edge of a fill on which the same element has a stroke
    /// too: whoever follows both draws the edge twice. Not where the edge of a clip
    /// is part of it.
    pub stroked: bool,
    /// What of the outlines of one fill is its inside.
    pub rule: FillRule,
    /// Number of the closed outline of which dashes or a clip leave this: parts of one
    /// number, in their order, go around it.
    pub ring: Option<u32>,
    /// Number of the element among those drawn, from 0: its outlines share it, and
    /// stand together. What a `use` shows counts anew each time.
    pub shape: u32,
    /// `id` of the element.
    pub id: Option<Arc<str>>,
    /// `class` of the element, as it stands there.
    pub class: Option<Arc<str>>,
    /// Name of the nearest layer around the element.
    pub layer: Option<Arc<str>>,
    /// The nearest element around it that has a name, by its place in
    /// [`Drawing::groups`].
    pub group: Option<u32>,
    /// Line of the element in the source, from 1.
    pub line: u32,
    /// Column of the element in the source, from 1, in bytes.
    pub column: u32,
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
    /// The element has a fill; the outline is its edge, closed.
    Fill,
}

/// What is inside of outlines that cross or lie in each other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FillRule {
    /// What the outlines go around in sum.
    #[default]
    NonZero,
    /// What lies inside an odd number of outlines.
    EvenOdd,
}

/// A colour as CSS writes it.
pub(super) fn hex([r, g, b]: [u8; 3]) -> String {
    format!("#{r:02x}{g:02x}{b:02x}")
}
