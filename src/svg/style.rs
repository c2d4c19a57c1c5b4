//! The computed style of an element, as far as outlines need it.

use super::dash::Dashes;
use super::drawing::FillRule;
use super::tree::Tree;
use super::units::{Of, Units};
use roxmltree::NodeId;
use std::str::FromStr;
use std::sync::Arc;
use svgtypes::{Color, FuncIRI, Paint as SvgPaint, PaintFallback};

/// What is inherited.
#[derive(Clone, Debug)]
pub(super) struct Style {
    pub(super) color: [u8; 3],
    pub(super) fill: Paint,
    pub(super) stroke: Paint,
    pub(super) rule: FillRule,
    /// What is inside of a shape in a clip path.
    pub(super) clip_rule: FillRule,
    pub(super) visible: bool,
    /// Whether fill and stroke are wholly transparent.
    pub(super) unseen: [bool; 2],
    /// User units.
    pub(super) stroke_width: f64,
    pub(super) dashes: Option<Arc<Dashes>>,
    /// User units.
    pub(super) dash_offset: f64,
    /// Whether dashes have their lengths in pixels of the page, whatever the
    /// transforms. Not inherited.
    pub(super) unscaled: bool,
    /// The `marker` elements for the first point, those between, and the last.
    pub(super) markers: [Option<NodeId>; 3],
    /// User units.
    pub(super) font: f64,
}

/// What holds for one element and what it contains as a whole.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Effects<'d> {
    pub(super) hidden: bool,
    /// The value of `clip-path`.
    pub(super) clip: Option<&'d str>,
    /// The value of the property `transform`, which replaces the attribute.
    pub(super) transform: Option<&'d str>,
    /// The value of `transform-origin`.
    pub(super) origin: Option<&'d str>,
    /// Whether what lies outside of the element's viewport shows.
    pub(super) overflows: bool,
    pub(super) mask: bool,
    pub(super) filter: bool,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Paint {
    None,
    /// The element's own `color`, looked up where it is used.
    Current,
    /// The fill or the stroke of what a marker stands on.
    ContextFill,
    ContextStroke,
    Rgb([u8; 3]),
    /// A gradient or pattern, and the colour that stands for it.
    Server([u8; 3]),
}

impl Default for Style {
    fn default() -> Self {
        Self {
            color: [0; 3],
            fill: Paint::Rgb([0; 3]),
            stroke: Paint::None,
            rule: FillRule::NonZero,
            clip_rule: FillRule::NonZero,
            visible: true,
            unseen: [false; 2],
            stroke_width: 1.0,
            dashes: None,
            dash_offset: 0.0,
            unscaled: false,
            markers: [None; 3],
            font: 16.0,
        }
    }
}

impl Style {
    /// The style of a child with these declarations, the weakest first, and the
    /// declarations that could not be read. What they refer to is looked up in `tree`.
    pub(super) fn child<'d>(
        &self,
        declarations: &[(&'d str, &'d str)],
        units: &Units,
        tree: &Tree<'_, '_>,
    ) -> (Self, Effects<'d>, Vec<(&'d str, &'d str)>) {
        let mut s = self.clone();
        s.unscaled = false;
        let mut fx = Effects::default();
        let mut bad = Vec::new();
        for &(name, value) in declarations {
            let value = value.trim();
            let set = value != "none";
            let understood = match name {
                "color" => rgb(value).map(|c| s.color = c).is_some(),
                "fill" => {
                    let paint = paint(value, self.fill, tree).map(|p| s.fill = p);
                    paint.is_some() && !is_missing(value, tree)
                }
                "stroke" => {
                    let paint = paint(value, self.stroke, tree).map(|p| s.stroke = p);
                    paint.is_some() && !is_missing(value, tree)
                }
                "fill-rule" => {
                    s.rule = rule(value, self.rule);
                    true
                }
                "clip-rule" => {
                    s.clip_rule = rule(value, self.clip_rule);
                    true
                }
                "visibility" => {
                    s.visible = match value {
                        "hidden" | "collapse" => false,
                        "inherit" => self.visible,
                        _ => true,
                    };
                    true
                }
                "font-size" => {
                    let parent = Units {
                        font: self.font,
                        ..*units
                    };
                    let size = parent
                        .parse(value, Of::Font)
                        .or_else(|| font_size(value, self.font));
                    s.font = size.unwrap_or(self.font);
                    true
                }
                "stroke-width" => {
                    value == "inherit" || {
                        let width = units.parse(value, Of::Diagonal).filter(|w| *w >= 0.0);
                        width.map(|w| s.stroke_width = w).is_some()
                    }
                }
                "stroke-dasharray" => {
                    value == "inherit" || dashes(value, units).map(|d| s.dashes = d).is_some()
                }
                "stroke-dashoffset" => {
                    value == "inherit" || {
                        let offset = units.parse(value, Of::Diagonal);
                        offset.map(|o| s.dash_offset = o).is_some()
                    }
                }
                "marker" | "marker-start" | "marker-mid" | "marker-end" => {
                    let which = match name {
                        "marker-start" => 0..1,
                        "marker-mid" => 1..2,
                        "marker-end" => 2..3,
                        _ => 0..3,
                    };
                    let iri = FuncIRI::from_str(value).ok();
                    let id = iri.and_then(|iri| tree.by_id(iri.0)).map(|n| n.id());
                    if value != "inherit" {
                        s.markers[which].fill(id);
                    }
                    !set || value == "inherit" || id.is_some()
                }
                "fill-opacity" | "stroke-opacity" if value != "inherit" => {
                    let clear = is_clear(value);
                    s.unseen[usize::from(name == "stroke-opacity")] = clear == Some(true);
                    clear.is_some()
                }
                "opacity" if value != "inherit" => {
                    let clear = is_clear(value);
                    fx.hidden |= clear == Some(true);
                    clear.is_some()
                }
                // The attribute of this name is read elsewhere.
                "transform" => {
                    fx.transform = Some(value);
                    true
                }
                "transform-origin" => {
                    fx.origin = Some(value);
                    true
                }
                // A stroke of any width has the same outline, but for its dashes.
                "vector-effect" => {
                    s.unscaled = value == "non-scaling-stroke";
                    !set || s.unscaled
                }
                "transform-box" => value == "view-box",
                // Of transforms and of shapes, by style alone; nothing reads them.
                "translate" | "rotate" | "scale" | "offset-path" => !set,
                "cx" | "cy" | "r" | "rx" | "ry" | "x" | "y" | "d" => {
                    matches!(value, "auto" | "none")
                }
                "width" | "height" => value == "auto" || value.ends_with('%'),
                "display" => {
                    fx.hidden |= !set;
                    true
                }
                "clip-path" => {
                    fx.clip = set.then_some(value);
                    true
                }
                "overflow" => {
                    fx.overflows = matches!(value, "visible" | "auto");
                    true
                }
                "mask" => {
                    fx.mask = set;
                    true
                }
                "filter" => {
                    fx.filter = set;
                    true
                }
                _ => true,
            };
            if !understood {
                bad.push((name, value));
            }
        }
        (s, fx, bad)
    }
}

/// Whether an opacity is 0; `None` where it is no opacity.
fn is_clear(value: &str) -> Option<bool> {
    let number: f64 = value
        .strip_suffix('%')
        .unwrap_or(value)
        .trim()
        .parse()
        .ok()?;
    Some(number <= 0.0)
}

fn rule(value: &str, inherited: FillRule) -> FillRule {
    match value {
        "evenodd" => FillRule::EvenOdd,
        "inherit" => inherited,
        _ => FillRule::NonZero,
    }
}

/// A size by name, in user units. The steps of names are those of browsers.
fn font_size(name: &str, around: f64) -> Option<f64> {
    Some(match name {
        "xx-small" => 9.0,
        "x-small" => 10.0,
        "small" => 13.0,
        "medium" => 16.0,
        "large" => 18.0,
        "x-large" => 24.0,
        "xx-large" => 32.0,
        "xxx-large" => 48.0,
        "smaller" => around / 1.2,
        "larger" => around * 1.2,
        _ => return None,
    })
}

fn rgb(value: &str) -> Option<[u8; 3]> {
    Color::from_str(value)
        .ok()
        .map(|c| [c.red, c.green, c.blue])
}

fn paint(value: &str, inherited: Paint, tree: &Tree<'_, '_>) -> Option<Paint> {
    if value.eq_ignore_ascii_case("currentcolor") {
        return Some(Paint::Current);
    }
    // A colour profile after the colour (`#fff icc-color(…)`) adds nothing here.
    let value = value.split(" icc-color(").next().unwrap_or(value);
    Some(match SvgPaint::from_str(value).ok()? {
        SvgPaint::None => Paint::None,
        SvgPaint::Inherit => inherited,
        SvgPaint::CurrentColor => Paint::Current,
        SvgPaint::Color(c) if c.alpha == 0 => Paint::None,
        SvgPaint::Color(c) => Paint::Rgb([c.red, c.green, c.blue]),
        SvgPaint::FuncIRI(id, fallback) => match fallback {
            Some(PaintFallback::Color(c)) if tree.paints(id) => {
                Paint::Server([c.red, c.green, c.blue])
            }
            _ if tree.paints(id) => Paint::Server([0; 3]),
            Some(PaintFallback::Color(c)) => Paint::Rgb([c.red, c.green, c.blue]),
            Some(PaintFallback::CurrentColor) => Paint::Current,
            // SVG 2, 13.2: a reference to nothing paints nothing.
            Some(PaintFallback::None) | None => Paint::None,
        },
        SvgPaint::ContextFill => Paint::ContextFill,
        SvgPaint::ContextStroke => Paint::ContextStroke,
    })
}

/// Whether a paint is of a server that is not there, and says no other.
fn is_missing(value: &str, tree: &Tree<'_, '_>) -> bool {
    match SvgPaint::from_str(value) {
        Ok(SvgPaint::FuncIRI(id, None)) => tree.by_id(id).is_none(),
        _ => false,
    }
}

/// The value of `stroke-dasharray`; `None` where it cannot be read.
#[allow(clippy::option_option)] // A value that is read, and may be a whole line.
fn dashes(value: &str, units: &Units) -> Option<Option<Arc<Dashes>>> {
    if value == "none" {
        return Some(None);
    }
    let lengths = value
        .split(|c: char| c == ',' || c.is_ascii_whitespace())
        .filter(|part| !part.is_empty())
        .map(|part| units.parse(part, Of::Diagonal).filter(|l| *l >= 0.0))
        .collect::<Option<Vec<f64>>>()?;
    Some(Dashes::new(lengths).map(Arc::new))
}
