/// Why the machine stops apart from a dwell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Wait {
    /// A change of offsets or stored positions (G10, G28.1, G54 to G59, G92): short.
    Offsets,
    /// The end of the program (M2, M30).
    End,
    /// The operator has to act (M0): time unknown.
    Operator,
    /// A probing move (G38.x): time unknown.
    Probe,
    /// A homing cycle (`$H`): time unknown.
    Homing,
    /// A tool change: time unknown.
    ToolChange,
    /// Something is heated: time unknown.
    Heating,
    /// The bed is probed or levelled: time unknown.
    Levelling,
    /// The spindle turns to a place (M19): time unknown.
    Spindle,
    /// A clamp opens or closes: time unknown.
    Clamp,
    /// All motion ends before anything follows (M400): short.
    Drain,
    /// The motors are switched off (M84): short.
    Motors,
    /// Motion in step with the spindle: as long as the spindle needs.
    Thread,
    /// A macro or a program of the machine's owner: time unknown.
    Macro,
}

impl Wait {
    /// All of them.
    pub const ALL: [Self; 14] = [
        Self::Offsets,
        Self::End,
        Self::Operator,
        Self::Probe,
        Self::Homing,
        Self::ToolChange,
        Self::Heating,
        Self::Levelling,
        Self::Spindle,
        Self::Clamp,
        Self::Drain,
        Self::Motors,
        Self::Thread,
        Self::Macro,
    ];

    /// The one of that name.
    #[must_use]
    pub fn by_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|w| w.name() == name)
    }

    /// Whether it takes next to no time of its own: the machine stops and goes on.
    #[must_use]
    pub const fn is_short(self) -> bool {
        matches!(self, Self::Offsets | Self::End | Self::Drain | Self::Motors)
    }

    /// A short name for reports, for example `operator`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Offsets => "offsets",
            Self::End => "end",
            Self::Operator => "operator",
            Self::Probe => "probe",
            Self::Homing => "homing",
            Self::ToolChange => "tool-change",
            Self::Heating => "heating",
            Self::Levelling => "levelling",
            Self::Spindle => "spindle",
            Self::Clamp => "clamp",
            Self::Drain => "drain",
            Self::Motors => "motors",
            Self::Thread => "thread",
            Self::Macro => "macro",
        }
    }
}

/// A wait that the machine's owner has given a time.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Waited {
    /// What it is.
    pub wait: Wait,
    /// How often it happens.
    pub count: u64,
    /// How long it takes each time, s.
    pub seconds_each: f64,
}

impl Waited {
    /// So often, so many seconds each.
    #[must_use]
    pub const fn new(wait: Wait, count: u64, seconds_each: f64) -> Self {
        Self {
            wait,
            count,
            seconds_each,
        }
    }

    /// How long it takes in all, s.
    #[must_use]
    pub fn seconds(&self) -> f64 {
        self.count as f64 * self.seconds_each
    }
}
