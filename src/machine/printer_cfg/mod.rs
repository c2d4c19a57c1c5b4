//! Klipper's own settings: `printer.cfg`, and the same as Moonraker gives them in JSON.
//!
//! Both become [`Sections`]; what they mean is the same for both. What is left out has
//! Klipper's default, with a note. A `printer.cfg` that includes others needs whoever
//! reads it to say what they hold.

mod folder;
mod meaning;
#[cfg(feature = "serde")]
mod moonraker;
mod sections;

pub(super) use folder::from_folder;
pub(super) use sections::Include;

use super::Machine;
use crate::diag::Diagnostics;
use crate::error::Error;

/// Whether the text has a section that a `printer.cfg` has.
pub(super) fn is_config(text: &str) -> bool {
    const BEGIN: [&str; 5] = ["[printer]", "[stepper_", "[include ", "[mcu", "[extruder]"];
    let begins = |line: &str| BEGIN.iter().any(|b| line.starts_with(b));
    text.lines().any(|line| begins(line.trim_start()))
}

/// Whether the text is JSON.
pub(super) fn is_json(text: &str) -> bool {
    text.trim_start().starts_with('{')
}

/// Reads a `printer.cfg`; `include` gives the files that a pattern stands for.
pub(super) fn read(
    name: &str,
    text: &str,
    include: &mut Include,
) -> Result<(Machine, Diagnostics), Error> {
    meaning::machine(name, &sections::read(name, text, include)?)
}

/// Reads what Moonraker answers.
#[cfg(feature = "serde")]
pub(super) fn read_json(name: &str, text: &str) -> Result<(Machine, Diagnostics), Error> {
    meaning::machine(name, &moonraker::sections(text)?)
}

/// Reads what Moonraker answers.
#[cfg(not(feature = "serde"))]
pub(super) fn read_json(_: &str, _: &str) -> Result<(Machine, Diagnostics), Error> {
    Err(Error::new(
        crate::error::ErrorKind::Unsupported,
        "this build reads no JSON; build it with the feature `serde`",
    ))
}

#[cfg(test)]
mod tests;
