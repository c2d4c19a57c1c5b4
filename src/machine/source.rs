use super::{Firmware, Machine, SETTING_ASSUMED};
use crate::diag::{Code, Diagnostic, Diagnostics, Severity};
use std::collections::BTreeMap;

/// The planner of the machine's firmware was never checked against the firmware.
pub const UNCHECKED_PLANNER: Code = Code("machine/unchecked-planner");

/// Where a figure of a machine comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Source {
    /// In words: a document, a settings file, what was thought.
    pub text: String,
    /// Nobody has measured or published it for this machine.
    pub guess: bool,
}

impl Source {
    /// What begins the text of a guess where sources are written.
    const GUESS: &str = "guess: ";

    /// Something that was read in that place.
    #[must_use]
    pub fn known(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            guess: false,
        }
    }

    /// Something that was taken because nothing is known.
    #[must_use]
    pub fn guess(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            guess: true,
        }
    }

    /// As it is written: a guess begins with `guess: `.
    #[must_use]
    pub fn written(&self) -> String {
        let begin = if self.guess { Self::GUESS } else { "" };
        format!("{begin}{}", self.text)
    }

    /// What [`Source::written`] wrote.
    #[must_use]
    pub fn read(written: &str) -> Self {
        match written.strip_prefix(Self::GUESS) {
            Some(text) => Self::guess(text),
            None => Self::known(written),
        }
    }
}

/// The sources of a machine's figures, by their names in a profile (`max_rate`,
/// `klipper.max_accel`). A figure that is not here is as its file has it.
pub type Sources = BTreeMap<String, Source>;

/// Says which figures of a machine are guesses, by why they were guessed, in one note;
/// in another that the model of its firmware is one, where that was never checked.
#[must_use]
pub fn guesses(machine: &Machine) -> Diagnostics {
    let mut by_text: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (name, source) in machine.sources.iter().filter(|(_, s)| s.guess) {
        by_text.entry(&source.text).or_default().push(name);
    }
    let why: Vec<String> = by_text
        .into_iter()
        .map(|(text, names)| format!("{} ({text})", names.join(", ")))
        .collect();
    let mut diagnostics = Diagnostics::new();
    if matches!(
        machine.firmware,
        Firmware::RepRapFirmware(_) | Firmware::Smoothieware(_)
    ) {
        let what = format!(
            "times of {} are those of rules that were not checked against the firmware",
            machine.firmware.name()
        );
        diagnostics.push(
            Diagnostic::new(UNCHECKED_PLANNER, Severity::Note, what)
                .with_help("compare them with a job that was timed; `trajet calibrate` fits them"),
        );
    }
    // One note has them all: of many, some would only be counted.
    if !why.is_empty() {
        let what = format!(
            "guessed of the machine {}: {}",
            machine.name,
            why.join("; ")
        );
        diagnostics.push(
            Diagnostic::new(SETTING_ASSUMED, Severity::Note, what)
                .with_help("its own settings give the time that it takes"),
        );
    }
    diagnostics
}
