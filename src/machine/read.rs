use super::{Machine, grbl_dump, slicer};
use crate::diag::Diagnostics;
use crate::error::{Error, ErrorKind};

/// Reads a settings file as it is: a GRBL `$$` dump (0.9, 1.1, grblHAL), a G-code
/// file with a slicer's settings in it, or a trajet TOML profile, told apart by
/// content. `name` is what the machine is called when the file gives it no name.
///
/// What a file leaves out is a note in the diagnostics, and a guess among the sources.
///
/// # Errors
/// [`ErrorKind::InvalidConfig`] for values that no machine has,
/// [`ErrorKind::Malformed`] for broken TOML, [`ErrorKind::Unsupported`] for
/// settings of other firmware and for files that are no settings.
pub fn read(name: &str, bytes: &[u8]) -> Result<(Machine, Diagnostics), Error> {
    let text = String::from_utf8_lossy(bytes);
    let unsupported = |what: &str| Err(Error::new(ErrorKind::Unsupported, what));
    // A program may hold any of what follows.
    if let Some(settings) = slicer::settings(&text) {
        return slicer::machine(name, &settings);
    }
    if is_profile(&text) {
        return profile(name, &text);
    }
    if text.lines().any(|l| grbl_dump::setting(l).is_some()) {
        return grbl_dump::read(name, &text);
    }
    let begins = |what: &str| text.lines().any(|l| l.trim_start().starts_with(what));
    if begins("[printer]") || begins("[stepper_x]") {
        return unsupported(
            "this is a Klipper printer.cfg, which is not read yet; give a GRBL $$ dump or a profile",
        );
    }
    if text
        .lines()
        .any(|l| l.contains("M203 ") || l.contains("M201 "))
    {
        return unsupported(
            "this is a Marlin M503 dump, which is not read yet; give a GRBL $$ dump or a profile",
        );
    }
    // A dump may come with odd bytes from the wire; a profile is a text file.
    if !text.contains('=') || std::str::from_utf8(bytes).is_err() {
        return unsupported(
            "these are no machine settings; give a GRBL $$ dump or a trajet TOML profile",
        );
    }
    profile(name, &text)
}

/// Whether lines give figures as only a profile does. Its comments and sources may hold
/// what settings of firmware look like.
fn is_profile(text: &str) -> bool {
    const KEYS: [&str; 5] = [
        "firmware",
        "steps_per_mm",
        "max_rate",
        "max_speed",
        "acceleration",
    ];
    text.lines()
        .filter_map(|line| line.split_once('='))
        .any(|(key, _)| KEYS.contains(&key.trim()))
}

#[cfg(feature = "serde")]
fn profile(name: &str, text: &str) -> Result<(Machine, Diagnostics), Error> {
    super::profile::read(name, text)
}

#[cfg(not(feature = "serde"))]
fn profile(_: &str, _: &str) -> Result<(Machine, Diagnostics), Error> {
    Err(Error::new(
        ErrorKind::Unsupported,
        "this build reads no TOML profiles; build it with the feature `serde`",
    ))
}
