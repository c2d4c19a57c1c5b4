use crate::motion::SpindleMode;

/// How operations are run that do not say it themselves.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cut {
    /// Feed, mm/s. `None`: [`Cut::FEED`], which is said.
    pub feed: Option<f64>,
    /// S value. `None`: `power_max`, which is said.
    pub power: Option<f64>,
    /// The machine's greatest S value.
    pub power_max: f64,
    /// Laser mode.
    pub spindle: SpindleMode,
}

impl Cut {
    /// The feed that is taken where none is given, mm/s.
    pub const FEED: f64 = 20.0;
}

impl Default for Cut {
    fn default() -> Self {
        Self {
            feed: None,
            power: None,
            power_max: 1000.0,
            spindle: SpindleMode::Dynamic,
        }
    }
}

/// An operation as it is run, in the order of work.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Planned {
    /// The operation's name. Colours that are not mapped are of `cut`.
    pub name: String,
    /// The colours of what it runs as `#rrggbb`, in order of appearance.
    pub colors: Vec<String>,
    /// How many times it is run.
    pub passes: u32,
    /// Paths of one pass.
    pub paths: usize,
    /// Their length, mm.
    pub length_mm: f64,
    /// Feed, mm/s.
    pub feed: f64,
    /// S value.
    pub power: f64,
}
