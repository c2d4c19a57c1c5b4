//! The properties of text that an element hands down, in user units.

use super::super::units::{Of, Units};
use std::fmt::Write as _;
use std::sync::Arc;

/// A property with lengths resolved, so that it means the same wherever it is written.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    Word(String),
    /// User units.
    Length(f64),
}

pub(super) type Property = (&'static str, Value);

/// What an element takes over from those around it. Few elements change it: it is
/// shared until one does.
#[derive(Clone, Debug, Default)]
pub(in crate::svg) struct Inherited(Arc<Vec<Property>>);

impl Inherited {
    /// What a child with these declarations, the weakest first, hands down.
    /// `units` are those of the child.
    pub(in crate::svg) fn child(&self, declarations: &[(&str, &str)], units: &Units) -> Self {
        self.with(&self.own(declarations, units))
    }

    /// The same with properties of a child in the place of those that it has.
    pub(super) fn with(&self, own: &[Property]) -> Self {
        let mut all = self.clone();
        for (name, value) in own.iter().filter(|(name, _)| !OF_ONE.contains(name)) {
            let list = Arc::make_mut(&mut all.0);
            match list.iter_mut().find(|(n, _)| n == name) {
                // Lines drawn by an element around are not taken away by one inside.
                Some((_, Value::Word(lines))) if *name == "text-decoration" => {
                    if let Value::Word(more) = value
                        && !lines.contains(more.as_str())
                        && lines.len() < LONGEST
                    {
                        let _ = write!(lines, " {more}");
                    }
                }
                Some(old) => old.1 = value.clone(),
                None => list.push((name, value.clone())),
            }
        }
        all
    }

    pub(super) fn all(&self) -> &[Property] {
        &self.0
    }

    pub(super) fn word(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|p| p.0 == name)
            .and_then(|p| match &p.1 {
                Value::Word(w) => Some(w.as_str()),
                Value::Length(_) => None,
            })
    }

    /// The properties that a child sets by its declarations, the weakest first.
    pub(super) fn own(&self, declarations: &[(&str, &str)], units: &Units) -> Vec<Property> {
        let mut own: Vec<Property> = Vec::new();
        for &(name, value) in declarations {
            let Some(name) = known(name) else { continue };
            let Some(value) = self.read(name, value.trim(), units) else {
                continue;
            };
            own.retain(|p| p.0 != name);
            own.push((name, value));
        }
        own
    }

    /// A declared value; `None` where what is inherited stays.
    fn read(&self, name: &str, value: &str, units: &Units) -> Option<Value> {
        if value.is_empty() || value == "inherit" || value.len() > LONGEST {
            return None;
        }
        let word = || Some(Value::Word(value.to_owned()));
        match name {
            "letter-spacing" | "word-spacing" => Some(Value::Length(if value == "normal" {
                0.0
            } else {
                units.parse(value, Of::Diagonal)?
            })),
            // A share is of the size of the font.
            "baseline-shift" => match units.parse(value, Of::Font) {
                Some(length) => Some(Value::Length(length)),
                None => word(),
            },
            "font-weight" => {
                let mut text = String::new();
                let _ = write!(text, "{}", weight(value, self.word(name))?);
                Some(Value::Word(text))
            }
            _ => word(),
        }
    }
}

/// Longer values are not those of drawing programs.
const LONGEST: usize = 4096;

/// What is not handed down, but holds for the element itself.
const OF_ONE: [&str; 2] = ["alignment-baseline", "baseline-shift"];

/// The properties that are read, and the name by which the layout knows them.
const KNOWN: [(&str, &str); 23] = [
    ("alignment-baseline", "alignment-baseline"),
    ("baseline-shift", "baseline-shift"),
    ("direction", "direction"),
    ("dominant-baseline", "dominant-baseline"),
    ("font-family", "font-family"),
    ("font-kerning", "font-kerning"),
    ("font-optical-sizing", "font-optical-sizing"),
    ("font-stretch", "font-stretch"),
    ("font-style", "font-style"),
    ("font-variant", "font-variant"),
    ("font-variant-caps", "font-variant"),
    ("font-variation-settings", "font-variation-settings"),
    ("font-weight", "font-weight"),
    ("kerning", "kerning"),
    ("letter-spacing", "letter-spacing"),
    ("text-anchor", "text-anchor"),
    ("text-decoration", "text-decoration"),
    ("text-decoration-line", "text-decoration"),
    ("text-transform", "text-transform"),
    ("unicode-bidi", "unicode-bidi"),
    ("white-space", "white-space"),
    ("word-spacing", "word-spacing"),
    ("writing-mode", "writing-mode"),
];

fn known(name: &str) -> Option<&'static str> {
    KNOWN.iter().find(|k| k.0 == name).map(|k| k.1)
}

/// A weight as one of the nine hundreds that fonts have names for. The steps of
/// `bolder` and `lighter` are those of CSS Fonts 4, 2.2.
fn weight(value: &str, around: Option<&str>) -> Option<u16> {
    let around: u16 = around.and_then(|w| w.parse().ok()).unwrap_or(400);
    Some(match value {
        "normal" => 400,
        "bold" => 700,
        "bolder" => match around {
            ..=300 => 400,
            400 | 500 => 700,
            _ => 900,
        },
        "lighter" => match around {
            ..=500 => 100,
            600 | 700 => 400,
            _ => 700,
        },
        _ => {
            let number: f64 = value.parse().ok().filter(|n: &f64| n.is_finite())?;
            ((number / 100.0).round().clamp(1.0, 9.0) * 100.0) as u16
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn units(font: f64) -> Units {
        Units {
            dpi: 96.0,
            view: [300.0, 400.0],
            font,
        }
    }

    #[test]
    fn lengths_are_those_of_the_element_that_sets_them() {
        let outer = Inherited::default().child(
            &[("letter-spacing", "0.5em"), ("baseline-shift", "20%")],
            &units(10.0),
        );
        let inner = outer.child(&[("word-spacing", "1mm")], &units(99.0));
        assert_eq!(inner.all()[0], ("letter-spacing", Value::Length(5.0)));
        assert_eq!(
            inner.all().len(),
            2,
            "a shift of the baseline is not handed down"
        );
        let Value::Length(mm) = inner.all()[1].1 else {
            panic!("a length")
        };
        assert!((mm - 96.0 / 25.4).abs() < 1e-12);
        let own = outer.own(&[("baseline-shift", "20%")], &units(50.0));
        assert_eq!(own, [("baseline-shift", Value::Length(10.0))]);
    }

    #[test]
    fn weights_are_hundreds() {
        for (value, around, found) in [
            ("normal", None, Some(400)),
            ("bolder", None, Some(700)),
            ("bolder", Some("700"), Some(900)),
            ("lighter", Some("700"), Some(400)),
            ("lighter", None, Some(100)),
            ("649", None, Some(600)),
            ("1e9", None, Some(900)),
            ("-5", None, Some(100)),
            ("NaN", None, None),
            ("heavy", Some("300"), None),
        ] {
            assert_eq!(weight(value, around), found, "{value}");
        }
    }

    #[test]
    fn decorations_add_up() {
        let all = ["underline", "line-through", "none"]
            .iter()
            .fold(Inherited::default(), |around, line| {
                around.child(&[("text-decoration", line)], &units(1.0))
            });
        assert_eq!(
            all.word("text-decoration"),
            Some("underline line-through none")
        );
    }
}
