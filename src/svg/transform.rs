//! The transform of an element: of its attribute, or of a style, which is the stronger.
//!
//! A style writes other units and functions than the attribute does (CSS Transforms 1):
//! `translate(5px, 1mm) rotate(45deg)`. Functions of space are not read.

use super::affine::{Affine, degrees};
use super::style::Effects;
use super::units::{Of, Units};
use super::walk::{Context, Walk};
use roxmltree::Node;
use svgtypes::Angle;

impl<'a, 'input> Walk<'a, 'input, '_> {
    /// Enters the user units of an element.
    pub(super) fn apply_transform(
        &mut self,
        node: Node<'a, 'input>,
        effects: &Effects<'a>,
        here: &mut Context,
    ) {
        let units = self.units(here);
        let (map, source) = match (effects.transform, node.attribute("transform")) {
            (Some(text), _) => (of_style(text, &units), text),
            (None, Some(text)) => (Affine::parse(text), text),
            (None, None) => return,
        };
        let Some(map) = map else {
            let what =
                format!("has a transform that cannot be read ({source}); it was drawn without it");
            self.warn(node, "svg/bad-transform", &what);
            return;
        };
        let about = match effects.origin.map(|text| (text, origin(text, &units))) {
            None => Affine::IDENTITY,
            Some((_, Some([x, y]))) => Affine::translate(x, y),
            Some((text, None)) => {
                let what = format!(
                    "is transformed about {text}, which cannot be read; it was drawn without its transform"
                );
                self.warn(node, "svg/bad-transform", &what);
                return;
            }
        };
        let back = Affine::translate(-about.o.x, -about.o.y);
        here.map = here
            .map
            .then_inner(&about)
            .then_inner(&map)
            .then_inner(&back);
    }
}

/// The value of the property `transform`; `None` where it cannot be read.
fn of_style(text: &str, units: &Units) -> Option<Affine> {
    let mut all = Affine::IDENTITY;
    let mut rest = text.trim();
    if rest.eq_ignore_ascii_case("none") {
        return Some(all);
    }
    while !rest.is_empty() {
        let (name, after) = rest.split_once('(')?;
        let (inner, after) = after.split_once(')')?;
        let values: Vec<&str> = inner
            .split(|c: char| c == ',' || c.is_ascii_whitespace())
            .filter(|v| !v.is_empty())
            .collect();
        all = all.then_inner(&function(&name.to_ascii_lowercase(), &values, units)?);
        rest = after.trim_start_matches(|c: char| c == ',' || c.is_ascii_whitespace());
    }
    Some(all)
}

fn function(name: &str, values: &[&str], units: &Units) -> Option<Affine> {
    let x = |v: &str| units.parse(v, Of::Width);
    let y = |v: &str| units.parse(v, Of::Height);
    let tan = |v: &str| Some(angle(v)?.to_radians().tan());
    let skew = |x: f64, y: f64| Affine::new(1.0, y, x, 1.0, 0.0, 0.0);
    Some(match (name.trim(), values) {
        ("translate", [a]) | ("translatex", [a]) => Affine::translate(x(a)?, 0.0),
        ("translate", [a, b]) => Affine::translate(x(a)?, y(b)?),
        ("translatey", [b]) => Affine::translate(0.0, y(b)?),
        ("scale", [a]) => Affine::scale(factor(a)?, factor(a)?),
        ("scale", [a, b]) => Affine::scale(factor(a)?, factor(b)?),
        ("scalex", [a]) => Affine::scale(factor(a)?, 1.0),
        ("scaley", [b]) => Affine::scale(1.0, factor(b)?),
        ("rotate" | "rotatez", [a]) => {
            let (s, c) = degrees(angle(a)?);
            Affine::new(c, s, -s, c, 0.0, 0.0)
        }
        ("skew" | "skewx", [a]) => skew(tan(a)?, 0.0),
        ("skew", [a, b]) => skew(tan(a)?, tan(b)?),
        ("skewy", [b]) => skew(0.0, tan(b)?),
        ("matrix", [a, b, c, d, e, f]) => {
            Affine::new(factor(a)?, factor(b)?, factor(c)?, factor(d)?, x(e)?, y(f)?)
        }
        _ => return None,
    })
}

/// A number or a percentage.
fn factor(text: &str) -> Option<f64> {
    let number = |t: &str| t.parse().ok().filter(|n: &f64| n.is_finite());
    match text.strip_suffix('%') {
        Some(percent) => Some(number(percent)? / 100.0),
        None => number(text),
    }
}

/// An angle in degrees.
fn angle(text: &str) -> Option<f64> {
    let angle: Angle = text.parse().ok()?;
    Some(angle.to_degrees()).filter(|a| a.is_finite())
}

/// The value of `transform-origin` in user units: of the viewport, which is what
/// elements of SVG are transformed in where nothing else is said.
fn origin(text: &str, units: &Units) -> Option<[f64; 2]> {
    let [w, h] = units.view;
    let place = |word: &str, of| match (word, of) {
        ("center", Of::Width) => Some(w / 2.0),
        ("center", _) => Some(h / 2.0),
        ("left", Of::Width) | ("top", Of::Height) => Some(0.0),
        ("right", Of::Width) => Some(w),
        ("bottom", Of::Height) => Some(h),
        _ => units.parse(word, of),
    };
    let words: Vec<&str> = text.split_ascii_whitespace().collect();
    match words[..] {
        [one] => match place(one, Of::Width) {
            Some(x) => Some([x, h / 2.0]),
            None => Some([w / 2.0, place(one, Of::Height)?]),
        },
        // The depth changes nothing in the plane.
        [a, b] | [a, b, _] => match (place(a, Of::Width), place(b, Of::Height)) {
            (Some(x), Some(y)) => Some([x, y]),
            _ => Some([place(b, Of::Width)?, place(a, Of::Height)?]),
        },
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::{SvgOptions, read};
    use super::*;
    use crate::diag::Code;
    use crate::geom::Point;

    #[test]
    fn a_style_transforms_in_place_of_the_attribute() {
        let starts = |body: &str| {
            let text = format!(
                r#"<svg xmlns="http://www.w3.org/2000/svg" width="100mm" height="100mm" viewBox="0 0 100 100"><style>.t {{ transform: translate(5px, 10%) }}</style>{body}</svg>"#
            );
            let drawing = read(text.as_bytes(), &SvgOptions::default()).unwrap();
            let start = drawing.outlines[0].start;
            let said = drawing.diagnostics.has(Code("svg/bad-transform"));
            (start.x.round(), (100.0 - start.y).round(), said)
        };
        for (body, want) in [
            (
                r#"<path class="t" transform="scale(9)" stroke="red" d="M1 2h3"/>"#,
                (6.0, 12.0, false),
            ),
            (
                r#"<path transform="rotate(90)" transform-origin="center" stroke="red" d="M40 50h3"/>"#,
                (50.0, 40.0, false),
            ),
            (
                r#"<path style="transform:rotate3d(1,0,0,9deg)" stroke="red" d="M1 2h3"/>"#,
                (1.0, 2.0, true),
            ),
            (
                r#"<path style="transform:scale(2);transform-origin:x" stroke="red" d="M1 2h3"/>"#,
                (1.0, 2.0, true),
            ),
            (
                r##"<clipPath id="c" class="t"><rect width="10" height="9"/></clipPath><path clip-path="url(#c)" stroke="red" d="M0 12h30"/>"##,
                (5.0, 12.0, false),
            ),
        ] {
            assert_eq!(starts(body), want, "{body}");
        }
    }

    const UNITS: Units = Units {
        dpi: 96.0,
        view: [200.0, 100.0],
        font: 10.0,
    };

    #[test]
    fn functions_have_units() {
        for (text, x, y) in [
            ("none", 3.0, 4.0),
            ("translate(10px)", 13.0, 4.0),
            ("translate(10%, 1em) scale(2)", 26.0, 18.0),
            ("translateX(1in)translateY(-1)", 99.0, 3.0),
            ("rotate(90deg)", -4.0, 3.0),
            ("rotate(.25turn) , scaleX(50%)", -4.0, 1.5),
            ("rotateZ(100grad) scaleY(2)", -8.0, 3.0),
            ("matrix(0, 1, 1, 0, 5, 6px)", 9.0, 9.0),
            ("skewX(45deg) skewY(0)", 7.0, 4.0),
            ("skew(0, 45deg)", 3.0, 7.0),
        ] {
            let p = of_style(text, &UNITS).unwrap().point(Point::new(3.0, 4.0));
            assert!(p.distance(Point::new(x, y)) < 1e-9, "{text}: {p:?}");
        }
        for text in [
            "rotate3d(1,0,0,9deg)",
            "scale()",
            "translate(1,2",
            "scale(x)",
            "none none",
        ] {
            assert!(of_style(text, &UNITS).is_none(), "{text}");
        }
    }

    #[test]
    fn origins_have_words_and_percentages() {
        for (text, want) in [
            ("0 0", [0.0, 0.0]),
            ("center", [100.0, 50.0]),
            ("top", [100.0, 0.0]),
            ("10px 25%", [10.0, 25.0]),
            ("bottom right 0", [200.0, 100.0]),
            ("left 1em", [0.0, 10.0]),
        ] {
            let [x, y] = origin(text, &UNITS).unwrap();
            assert!(
                (x - want[0]).abs() + (y - want[1]).abs() < 1e-9,
                "{text}: {x} {y}"
            );
        }
        assert!(origin("left left", &UNITS).is_none() && origin("", &UNITS).is_none());
    }
}
