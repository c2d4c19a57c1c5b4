//! SVG to outlines: lines and arcs in mm, with the colour and layer they had.
//!
//! [`read`] takes the bytes of a drawing and gives a [`Drawing`]: what a machine
//! can follow, at the size it was meant to have, and a diagnostic for everything
//! that was drawn but could not be turned into outlines.
//!
//! Each element is one outline or more, from its fill and from its stroke, cut at the
//! clip paths and viewports around it. The page itself clips nothing. Stroke width does
//! not count: a hairline of width 0 is the usual way to draw a cut, and is kept.
//!
//! [`toolpath`] makes a [`Plan`] of it by a table of [`Operations`]: colours, layers,
//! classes and ids say what is cut, scored or engraved, in which order and how often,
//! and which areas are filled with lines.
//!
//! Where the file gives no size in mm, the pixels of the program that wrote it decide,
//! or the options do; the size that came out is always said (`svg/size`).
//!
//! Y grows downward in SVG and upward here; the page's bottom-left corner is (0, 0).
//!
//! # Limits
//! Images, masks, filters, patterns, and clip paths by the basic shapes of CSS are
//! reported, not applied; so are scripts, animations and the rules of style sheets that
//! begin with `@`, and text without the feature `text` or without [`Fonts`].
//! External references are never opened. Lines that fill areas have no overscan: the
//! head slows down on them where they end.

mod affine;
mod choose;
mod clip;
mod clip_path;
mod clipping;
mod convert;
mod css;
mod dash;
mod decode;
mod draw;
mod drawing;
mod entities;
mod extent;
mod fill;
mod generator;
mod lower;
mod marker;
mod measure;
mod options;
mod outline;
mod outside;
mod path;
mod selector;
mod shape;
mod size;
mod style;
mod text;
mod transform;
mod tree;
mod units;
mod unread;
mod walk;
mod write;

pub(crate) use choose::is_layer;
pub use drawing::{Drawing, FillRule, Group, Outline, PaintedBy, Span};
pub use lower::{Element, Plan, toolpath};
pub use options::SvgOptions;
pub use text::Fonts;
pub use write::write;

use crate::error::Error;
#[cfg(doc)]
use crate::operations::Operations;

/// Reads an SVG drawing.
///
/// # Errors
/// - [`InvalidConfig`](crate::ErrorKind::InvalidConfig): an option cannot be used.
/// - [`Malformed`](crate::ErrorKind::Malformed): not UTF-8 or UTF-16, or not well-formed XML.
/// - [`Unsupported`](crate::ErrorKind::Unsupported): XML, but not SVG.
/// - [`Limit`](crate::ErrorKind::Limit): more elements, or deeper, than the options allow.
///
/// # Complexity
/// O(bytes · log(bytes) + elements drawn × style rules for their id, classes or name).
///
/// # Examples
/// ```
/// let svg = br#"<svg xmlns="http://www.w3.org/2000/svg" width="20mm" height="10mm"
///     viewBox="0 0 20 10"><circle cx="10" cy="5" r="4" stroke="red" fill="none"/></svg>"#;
/// let drawing = trajet::svg::read(svg, &trajet::svg::SvgOptions::default())?;
/// assert!((drawing.size_mm[0] - 20.0).abs() < 1e-9);
/// assert_eq!(drawing.outlines[0].spans.len(), 2);
/// assert_eq!(drawing.outlines[0].color, [255, 0, 0]);
/// # Ok::<(), trajet::Error>(())
/// ```
pub fn read(text: &[u8], options: &SvgOptions) -> Result<Drawing, Error> {
    options.check()?;
    let text = decode::decode(text)?;
    convert::convert(&text, options)
}

#[cfg(test)]
mod tests;
