use super::{Machine, grbl_dump, marlin_dump};
use crate::diag::Diagnostics;
use crate::error::{Error, ErrorKind};

/// Reads a settings file as it is: a GRBL `$$` dump (0.9, 1.1, grblHAL), what
/// Marlin prints for M503, or a trajet TOML profile, told apart by content. `name` is what the machine is
/// called when the file gives it no name.
///
/// Each setting that a dump leaves out is a note in the diagnostics.
///
/// # Errors
/// [`ErrorKind::InvalidConfig`] for values that no machine has,
/// [`ErrorKind::Malformed`] for broken TOML, [`ErrorKind::Unsupported`] for
/// settings of other firmware and for files that are no settings.
pub fn read(name: &str, bytes: &[u8]) -> Result<(Machine, Diagnostics), Error> {
    let text = String::from_utf8_lossy(bytes);
    let unsupported = |what: &str| Err(Error::new(ErrorKind::Unsupported, what));
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
        return marlin_dump::read(name, &text);
    }
    // A dump may come with odd bytes from the wire; a profile is a text file.
    if !text.contains('=') || std::str::from_utf8(bytes).is_err() {
        return unsupported(
            "these are no machine settings; give a GRBL $$ dump or a trajet TOML profile",
        );
    }
    profile(name, &text).map(|m| (m, Diagnostics::new()))
}

#[cfg(feature = "serde")]
fn profile(name: &str, text: &str) -> Result<Machine, Error> {
    super::profile::read(name, text)
}

#[cfg(not(feature = "serde"))]
fn profile(_: &str, _: &str) -> Result<Machine, Error> {
    Err(Error::new(
        ErrorKind::Unsupported,
        "this build reads no TOML profiles; build it with the feature `serde`",
    ))
}
