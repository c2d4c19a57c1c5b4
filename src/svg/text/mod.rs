//! Text to outlines.
//!
//! Shaping and layout are those of `usvg`: bidirectional text, ligatures, kerning,
//! lists of positions, anchors, text on a path, vertical text. It is given one small
//! document for each text element ([`write`]), in which all that depends on the rest
//! of the drawing has been resolved before ([`read`]): the cascade of styles, what is
//! inherited (also through `use`), lengths, and references. Colours do not go
//! through it: each element is painted there in a colour that is its number, and the
//! glyphs that come back in that colour ([`layout`]) are painted in the element's
//! style as shapes are, so that hairlines, gradients and hidden parts are treated
//! alike.
//!
//! In the small document the greatest font size is [`write::EM`] units and the first
//! letter stands near the origin, because the layout counts in `f32`: text in metres
//! and text far from the page's corner keep their digits.
//!
//! Fonts are those that [`Fonts`] names; [`catalogue`] lists them and chooses among
//! them. What is not there is said: families, glyphs, and glyphs that are pictures.
//!
//! # Limits
//! Fonts in the drawing itself (`font`, `@font-face`) are not used, and never fetched.
//! Text is not broken into lines by `inline-size` and `shape-inside`; drawing programs
//! write the broken lines as well. `glyph-orientation`, `side` and `method` of
//! `textPath`, and `tref` are not known. How much is laid out is bounded
//! ([`read::MOST_STEPS`]).

#[cfg(feature = "text")]
mod along;
#[cfg(feature = "text")]
mod catalogue;
#[cfg(feature = "text")]
mod draw;
#[cfg(feature = "text")]
mod families;
mod fonts;
#[cfg(feature = "text")]
mod glyph;
#[cfg(feature = "text")]
mod inherit;
#[cfg(feature = "text")]
mod layout;
#[cfg(feature = "text")]
mod pick;
#[cfg(feature = "text")]
mod read;
#[cfg(not(feature = "text"))]
mod without;
#[cfg(feature = "text")]
mod write;

pub use fonts::Fonts;

#[cfg(not(feature = "text"))]
pub(super) use without::Inherited;
#[cfg(feature = "text")]
pub(super) use {draw::Texts, inherit::Inherited};

/// What helps wherever text cannot be drawn.
const NEXT_STEP: &str = "turn it into paths in the drawing program";

#[cfg(test)]
#[cfg(feature = "text")]
mod tests;
#[cfg(test)]
#[cfg(feature = "text")]
mod tiny_font;
