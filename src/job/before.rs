//! Orders that the user asks for: these paths before those.

use super::{Form, Job};
use crate::diag::{Code, Diagnostic, Diagnostics, Severity};
use crate::error::{Error, ErrorKind};
use std::fmt;
use std::str::FromStr;

/// An order that was asked for names no path.
pub const BEFORE_UNMATCHED: Code = Code("job/before-unmatched");

/// Most pairs of paths of all orders together.
const MOST_PAIRS: usize = 1_000_000;

/// Some paths come before others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Before {
    /// What comes first.
    pub first: Pick,
    /// What comes later.
    pub then: Pick,
}

/// Which paths are meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pick {
    /// What an element of a drawing with this `id` draws, or has in it.
    Id(String),
    /// What elements of a drawing with this class draw, or have in them.
    Class(String),
    /// What a layer of a drawing with this name has in it; of a program, what burns on a
    /// line or on a range of lines, such as `12` or `12-40`, from 1.
    Name(String),
}

impl fmt::Display for Pick {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Id(id) => write!(f, "#{id}"),
            Self::Class(class) => write!(f, ".{class}"),
            Self::Name(name) => f.write_str(name),
        }
    }
}

impl fmt::Display for Before {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}={}", self.first, self.then)
    }
}

impl FromStr for Pick {
    type Err = Error;

    /// Reads `#id`, `.class`, or the name of a layer or lines.
    fn from_str(text: &str) -> Result<Self, Error> {
        let text = text.trim();
        let (name, pick): (&str, fn(String) -> Self) = match text.as_bytes().first() {
            Some(b'#') => (&text[1..], Self::Id),
            Some(b'.') => (&text[1..], Self::Class),
            _ => (text, Self::Name),
        };
        if name.is_empty() {
            return Err(wrong(
                "name paths by #id, .class, a layer, or lines such as 12-40".into(),
            ));
        }
        Ok(pick(name.to_owned()))
    }
}

impl FromStr for Before {
    type Err = Error;

    /// Reads `FIRST=THEN`.
    fn from_str(text: &str) -> Result<Self, Error> {
        let Some((first, then)) = text.split_once('=') else {
            return Err(wrong(format!("write FIRST=THEN, not {text}")));
        };
        Ok(Self {
            first: first.parse()?,
            then: then.parse()?,
        })
    }
}

fn wrong(message: String) -> Error {
    Error::new(ErrorKind::InvalidConfig, message)
}

impl Job {
    /// Pairs of steps of which the first comes before the second.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidConfig`] for an id or a class of a program, and for a name that
    /// is no line; [`ErrorKind::Limit`] for too many pairs.
    pub(super) fn pairs(
        &self,
        all: &[Before],
        said: &mut Diagnostics,
    ) -> Result<Vec<(u32, u32)>, Error> {
        let mut pairs = Vec::new();
        for before in all {
            let first = self.picked(&before.first)?;
            let then = self.picked(&before.then)?;
            for (pick, steps) in [(&before.first, &first), (&before.then, &then)] {
                if steps.is_empty() {
                    let message = format!("no path is {pick}: the order {before} asks for nothing");
                    said.push(
                        Diagnostic::new(BEFORE_UNMATCHED, Severity::Warning, message)
                            .with_help("what is left out or only travelled is no path"),
                    );
                }
            }
            let count = first.len().saturating_mul(then.len());
            if pairs.len().saturating_add(count) > MOST_PAIRS {
                return Err(Error::new(
                    ErrorKind::Limit,
                    format!(
                        "{before} and what is asked for before it are more than {MOST_PAIRS} pairs of paths; name fewer, or make operations of them, which keep their sequence"
                    ),
                ));
            }
            for &a in &first {
                pairs.extend(then.iter().filter(|b| **b != a).map(|&b| (a, b)));
            }
        }
        pairs.sort_unstable();
        pairs.dedup();
        Ok(pairs)
    }

    /// The steps that are meant.
    fn picked(&self, pick: &Pick) -> Result<Vec<u32>, Error> {
        match &self.form {
            Form::Program(_) => self.on_lines(pick),
            #[cfg(feature = "svg")]
            Form::Drawing(art) => Ok(art.named(pick)),
            #[cfg(not(feature = "svg"))]
            Form::Drawing(_) => Ok(Vec::new()),
        }
    }

    fn on_lines(&self, pick: &Pick) -> Result<Vec<u32>, Error> {
        let lines = match pick {
            Pick::Name(text) => lines(text),
            Pick::Id(_) | Pick::Class(_) => None,
        };
        let Some([from, to]) = lines else {
            return Err(wrong(format!(
                "{pick} names no lines; paths of a program are named by a line or a range of lines, such as 12 or 12-40"
            )));
        };
        let toolpath = self.toolpath();
        let meant = |step: &u32| {
            let path = toolpath.steps()[*step as usize].as_path();
            path.is_some_and(|p| {
                let mut all = toolpath.segments(p).iter().map(|s| s.line + 1);
                all.any(|line| (from..=to).contains(&line))
            })
        };
        Ok((0..toolpath.steps().len() as u32).filter(meant).collect())
    }
}

/// `12` or `12-40`.
fn lines(text: &str) -> Option<[u32; 2]> {
    let (from, to) = text.split_once('-').unwrap_or((text, text));
    let [from, to] = [from.trim().parse().ok()?, to.trim().parse().ok()?];
    (1 <= from && from <= to).then_some([from, to])
}

#[cfg(feature = "svg")]
impl super::Art {
    fn named(&self, pick: &Pick) -> Vec<u32> {
        use std::sync::Arc;
        let is = |id: &Option<Arc<str>>, class: &Option<Arc<str>>| match pick {
            Pick::Id(wanted) => id.as_deref() == Some(wanted),
            Pick::Class(wanted) => class
                .as_deref()
                .is_some_and(|c| c.split_ascii_whitespace().any(|c| c == wanted)),
            Pick::Name(_) => false,
        };
        // Each group stands after those around it.
        let mut inside: Vec<bool> = Vec::with_capacity(self.groups.len());
        for group in &self.groups {
            let around = group.around.and_then(|i| inside.get(i as usize)).copied();
            let layer = match pick {
                Pick::Name(wanted) => {
                    let name = group.layer.as_deref();
                    name.is_some_and(|name| crate::svg::is_layer(name, wanted))
                }
                Pick::Id(_) | Pick::Class(_) => false,
            };
            inside.push(around == Some(true) || layer || is(&group.id, &group.class));
        }
        let meant = |e: &crate::svg::Element| {
            let of_group = e.group.and_then(|i| inside.get(i as usize)).copied();
            is(&e.id, &e.class) || of_group == Some(true)
        };
        (0..)
            .zip(&self.elements)
            .filter(|(_, e)| meant(e))
            .map(|(step, _)| step)
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn orders_are_read_and_written() {
        for text in ["#a=.b", "Layer 1=12-40", ".x=#y"] {
            assert_eq!(text.parse::<Before>().unwrap().to_string(), text);
        }
        for text in ["", "#a", "#=#b", "=", "a="] {
            assert!(text.parse::<Before>().is_err(), "{text}");
        }
        assert_eq!(lines("12-40"), Some([12, 40]));
        assert_eq!(lines("7"), Some([7, 7]));
        for text in ["0", "9-3", "x", "1-", "-4"] {
            assert_eq!(lines(text), None, "{text}");
        }
    }
}
