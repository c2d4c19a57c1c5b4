use crate::error::{Error, ErrorKind};
use crate::motion::SpindleMode;
use std::collections::BTreeMap;

/// The operation that cuts through.
pub const CUT: &str = "cut";
/// The operation that marks lines.
pub const SCORE: &str = "score";
/// The operation that marks areas.
pub const ENGRAVE: &str = "engrave";
/// The operation that is never run.
pub const IGNORE: &str = "ignore";

/// Which parts of a drawing are which operation, and how each is run.
///
/// Rules map to names of operations. The nearest element, from the one drawn outwards,
/// that has a rule in `ids`, `classes` or `layers`, in this order, decides; where none
/// has one, `strokes` or `fills`, and then `colors`.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Operations {
    /// The operations in the order of work.
    pub list: Vec<Operation>,
    /// By the colour of a stroke or a fill: red, green, blue.
    pub colors: BTreeMap<[u8; 3], String>,
    /// By the colour of a stroke.
    pub strokes: BTreeMap<[u8; 3], String>,
    /// By the colour of a fill.
    pub fills: BTreeMap<[u8; 3], String>,
    /// By the name of the layer.
    pub layers: BTreeMap<String, String>,
    /// By a class of the element or of one around it.
    pub classes: BTreeMap<String, String>,
    /// By the id of the element or of one around it.
    pub ids: BTreeMap<String, String>,
    /// What is done with colours that no rule names.
    pub unmapped: Unmapped,
}

/// What is done with a colour that no rule names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Deserialize),
    serde(rename_all = "lowercase")
)]
pub enum Unmapped {
    /// It is cut, colour after colour, before the operation `cut`.
    #[default]
    Cut,
    /// It is left out.
    Skip,
    /// Nothing is made of the drawing.
    Error,
}

/// How an operation is run.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Operation {
    /// What rules call it.
    pub name: String,
    /// Feed, mm/s. `None`: that of [`super::Cut`].
    pub feed: Option<f64>,
    /// Power. `None`: that of [`super::Cut`].
    pub power: Option<Power>,
    /// Laser mode. `None`: that of [`super::Cut`].
    pub spindle: Option<SpindleMode>,
    /// How many times all of it is run, one time after the other; 1 to
    /// [`Operation::MOST_PASSES`].
    pub passes: u32,
    /// How areas are filled. `None`: their edge is followed.
    pub fill: Option<Hatch>,
    /// Whether it is left out.
    pub skip: bool,
}

/// Power of a laser or speed of a spindle.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Power {
    /// An S value.
    S(f64),
    /// A share of the machine's greatest S value, 0 to 1.
    Share(f64),
}

/// How an area is filled with lines.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hatch {
    /// From line to line, mm.
    pub spacing: f64,
    /// Direction of the lines, counter-clockwise from the x axis, rad.
    pub angle: f64,
    /// Whether every other line is run backwards.
    pub bidirectional: bool,
}

impl Operation {
    /// Least distance of the lines that fill areas, mm: a tenth of what the finest
    /// beams burn.
    pub const LEAST_SPACING: f64 = 0.001;

    /// Most passes of one operation.
    pub const MOST_PASSES: u32 = 100;

    /// An operation that is run once, along edges, with what is given elsewhere.
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            feed: None,
            power: None,
            spindle: None,
            passes: 1,
            fill: None,
            skip: false,
        }
    }

    /// The first value that cannot be used: its name in a table, and what it must be.
    pub(super) fn problem(&self) -> Option<(&'static str, String)> {
        let above_0 = |v: f64| v.is_finite() && v > 0.0;
        let most = Self::MOST_PASSES;
        if self.feed.is_some_and(|v| !above_0(v)) {
            return Some(("feed_mm_min", "must be a number above 0".into()));
        }
        match self.power {
            Some(Power::S(s)) if !above_0(s) => {
                return Some((
                    "power",
                    "must be a number above 0; `skip = true` leaves an operation out".into(),
                ));
            }
            Some(Power::Share(s)) if !(above_0(s) && s <= 1.0) => {
                return Some((
                    "power_percent",
                    "must be above 0, and 100 at most; `skip = true` leaves an operation out"
                        .into(),
                ));
            }
            _ => {}
        }
        if !(1..=most).contains(&self.passes) {
            return Some(("passes", format!("must be 1 to {most}")));
        }
        let hatch = self.fill?;
        let least = Self::LEAST_SPACING;
        if !(hatch.spacing.is_finite() && hatch.spacing >= least) {
            return Some((
                "spacing_mm",
                format!(
                    "must be a number of at least {least}; give the width that the beam burns, such as 0.1"
                ),
            ));
        }
        (!hatch.angle.is_finite()).then(|| ("angle_deg", "must be a finite number".into()))
    }
}

impl Operations {
    /// A table without a rule: every colour is unmapped.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            list: Vec::new(),
            colors: BTreeMap::new(),
            strokes: BTreeMap::new(),
            fills: BTreeMap::new(),
            layers: BTreeMap::new(),
            classes: BTreeMap::new(),
            ids: BTreeMap::new(),
            unmapped: Unmapped::Cut,
        }
    }

    /// The same with another choice for colours that no rule names.
    #[must_use]
    pub const fn with_unmapped(mut self, unmapped: Unmapped) -> Self {
        self.unmapped = unmapped;
        self
    }

    /// The operations in the order of work, those that rules use without a table
    /// included: `engrave` and `score` first, `cut` last, `ignore` anywhere.
    #[must_use]
    pub fn in_order(&self) -> Vec<Operation> {
        let is_missing = |name: &&str| self.list.iter().all(|o| o.name != **name);
        let first = [IGNORE, ENGRAVE, SCORE].into_iter().filter(is_missing);
        let last = [CUT].into_iter().filter(is_missing);
        let built_in = |name: &str| Operation {
            skip: name == IGNORE,
            ..Operation::new(name)
        };
        first
            .map(built_in)
            .chain(self.list.iter().cloned())
            .chain(last.map(built_in))
            .collect()
    }

    /// The names that rules use.
    pub(super) fn used(&self) -> impl Iterator<Item = &String> {
        let colors = [&self.colors, &self.strokes, &self.fills].into_iter();
        let names = [&self.layers, &self.classes, &self.ids].into_iter();
        colors
            .flat_map(BTreeMap::values)
            .chain(names.flat_map(BTreeMap::values))
    }

    /// Whether rules may use the name.
    pub(super) fn knows(&self, name: &str) -> bool {
        [CUT, SCORE, ENGRAVE, IGNORE].contains(&name) || self.list.iter().any(|o| o.name == name)
    }

    /// Checks the table as a whole.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidConfig`] for a value out of range, two operations of one
    /// name, one that is called `ignore`, and a rule that names no operation.
    pub fn validate(&self) -> Result<(), Error> {
        let wrong = |message: String| Err(Error::new(ErrorKind::InvalidConfig, message));
        for (i, operation) in self.list.iter().enumerate() {
            let name = &operation.name;
            if name == IGNORE {
                return wrong(format!("operations.{IGNORE}: what is ignored is never run"));
            }
            if self.list[..i].iter().any(|o| o.name == *name) {
                return wrong(format!("operations.{name} is there twice"));
            }
            if let Some((field, must)) = operation.problem() {
                return wrong(format!("operations.{name}.{field} {must}"));
            }
        }
        match self.used().find(|name| !self.knows(name)) {
            Some(name) => wrong(format!("there is no operation {name}")),
            None => Ok(()),
        }
    }
}

impl Default for Operations {
    /// Red is cut, blue is scored, black is engraved, other colours are cut first.
    fn default() -> Self {
        let rule = |rgb, name: &str| (rgb, name.to_owned());
        Self {
            colors: BTreeMap::from([
                rule([255, 0, 0], CUT),
                rule([0, 0, 255], SCORE),
                rule([0, 0, 0], ENGRAVE),
            ]),
            ..Self::new()
        }
    }
}
