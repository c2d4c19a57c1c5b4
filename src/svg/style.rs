//! The computed style of an element, as far as outlines need it.

use super::drawing::FillRule;
use super::units::{Of, Units};
use std::str::FromStr;
use svgtypes::{Color, Paint as SvgPaint, PaintFallback};

/// What is inherited.
#[derive(Clone, Copy, Debug)]
pub(super) struct Style {
    pub(super) color: [u8; 3],
    pub(super) fill: Paint,
    pub(super) stroke: Paint,
    pub(super) rule: FillRule,
    pub(super) visible: bool,
    pub(super) dashed: bool,
    pub(super) markers: bool,
    /// User units.
    pub(super) font: f64,
}

/// What holds for one element and what it contains as a whole.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Effects {
    pub(super) hidden: bool,
    pub(super) clip: bool,
    pub(super) mask: bool,
    pub(super) filter: bool,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Paint {
    None,
    /// The element's own `color`, looked up where it is used.
    Current,
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
            visible: true,
            dashed: false,
            markers: false,
            font: 16.0,
        }
    }
}

impl Style {
    /// The style of a child with these declarations, the weakest first, and the
    /// declarations that could not be read. `known` says whether an id exists.
    pub(super) fn child<'d>(
        &self,
        declarations: &[(&'d str, &'d str)],
        units: &Units,
        known: impl Fn(&str) -> bool,
    ) -> (Self, Effects, Vec<(&'d str, &'d str)>) {
        let mut s = *self;
        let mut fx = Effects::default();
        let mut bad = Vec::new();
        for &(name, value) in declarations {
            let value = value.trim();
            let set = value != "none";
            let understood = match name {
                "color" => rgb(value).map(|c| s.color = c).is_some(),
                "fill" => paint(value, self.fill, &known)
                    .map(|p| s.fill = p)
                    .is_some(),
                "stroke" => paint(value, self.stroke, &known)
                    .map(|p| s.stroke = p)
                    .is_some(),
                "fill-rule" => {
                    s.rule = match value {
                        "evenodd" => FillRule::EvenOdd,
                        "inherit" => self.rule,
                        _ => FillRule::NonZero,
                    };
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
                    // Sizes by name (`medium`) matter to text only.
                    s.font = parent.parse(value, Of::Font).unwrap_or(self.font);
                    true
                }
                "stroke-dasharray" => {
                    s.dashed = if value == "inherit" { self.dashed } else { set };
                    true
                }
                "marker" | "marker-start" | "marker-mid" | "marker-end" => {
                    s.markers |= set && value != "inherit";
                    true
                }
                "display" => {
                    fx.hidden = !set;
                    true
                }
                "clip-path" => {
                    fx.clip = set;
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

fn rgb(value: &str) -> Option<[u8; 3]> {
    Color::from_str(value)
        .ok()
        .map(|c| [c.red, c.green, c.blue])
}

fn paint(value: &str, inherited: Paint, known: impl Fn(&str) -> bool) -> Option<Paint> {
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
            Some(PaintFallback::Color(c)) if known(id) => Paint::Server([c.red, c.green, c.blue]),
            _ if known(id) => Paint::Server([0; 3]),
            Some(PaintFallback::Color(c)) => Paint::Rgb([c.red, c.green, c.blue]),
            Some(PaintFallback::CurrentColor) => Paint::Current,
            // SVG 2, 13.2: a reference to nothing paints nothing.
            Some(PaintFallback::None) | None => Paint::None,
        },
        SvgPaint::ContextFill | SvgPaint::ContextStroke => return None,
    })
}
