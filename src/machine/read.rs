use super::{Machine, config_g, grbl_dump, marlin_dump, printer_cfg, slicer, smoothie_config};
use crate::diag::Diagnostics;
use crate::error::{Error, ErrorKind};
use std::path::Path;

/// Files that settings include: their names and what they hold.
pub type Included = Vec<(String, Vec<u8>)>;

/// Reads a settings file as it is: a GRBL `$$` dump (0.9, 1.1, grblHAL), what
/// Marlin prints for M503, RepRapFirmware's `config.g`, Smoothieware's `config`, Klipper's `printer.cfg`, Moonraker's JSON of its settings, a
/// G-code file with a slicer's settings in it, or a trajet TOML profile, told apart by
/// content. `name` is what the machine is called when the file gives it no name.
///
/// What a file leaves out is a note in the diagnostics, and a guess among the sources. A `printer.cfg`
/// that includes other files is read by [`read_file`] or [`read_with`].
///
/// # Errors
/// [`ErrorKind::InvalidConfig`] for values that no machine has,
/// [`ErrorKind::Malformed`] for broken TOML, JSON and `printer.cfg`,
/// [`ErrorKind::Unsupported`] for settings of other firmware, for files that are no
/// settings, and for one that includes others.
pub fn read(name: &str, bytes: &[u8]) -> Result<(Machine, Diagnostics), Error> {
    read_with(name, bytes, &mut |pattern, _| {
        Err(Error::new(
            ErrorKind::Unsupported,
            format!("the file includes {pattern}; it has to be read where the others are"),
        ))
    })
}

/// The same of a file, which may include others in its folder or elsewhere.
///
/// # Errors
/// As [`read`]; [`ErrorKind::Io`] for a file that cannot be read,
/// [`ErrorKind::Limit`] for too many of them.
pub fn read_file(path: &Path) -> Result<(Machine, Diagnostics), Error> {
    let name = path.to_string_lossy();
    let bytes = std::fs::read(path).map_err(|e| {
        let message = format!("{name} cannot be read: {e}");
        Error::new(ErrorKind::Io, message)
    })?;
    read_with(&name, &bytes, &mut printer_cfg::from_folder())
}

/// The same as [`read`], where `include` gives the files that an `[include …]` of a
/// `printer.cfg` stands for, by their names, in order. It is told the pattern and the
/// name of the file that the pattern stands in; that of the first is `name`.
///
/// ```
/// use trajet::machine::{Firmware, read_with};
///
/// let main = b"[include limits.cfg]\n[extruder]\nnozzle_diameter: 0.6\n";
/// let (machine, _) = read_with("printer.cfg", main, &mut |pattern, _| {
///     let limits = b"[printer]\nmax_velocity: 300\nmax_accel: 5000\n";
///     Ok(vec![(pattern.to_string(), limits.to_vec())])
/// })?;
/// assert!(matches!(machine.firmware, Firmware::Klipper(k) if k.max_accel == 5000.0));
/// # Ok::<(), trajet::Error>(())
/// ```
///
/// # Errors
/// As [`read`], and what `include` gives.
pub fn read_with(
    name: &str,
    bytes: &[u8],
    include: &mut dyn FnMut(&str, &str) -> Result<Included, Error>,
) -> Result<(Machine, Diagnostics), Error> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let text = String::from_utf8_lossy(bytes);
    let unsupported = |what: &str| Err(Error::new(ErrorKind::Unsupported, what));
    // A program may hold any of what follows.
    if let Some(settings) = slicer::settings(&text) {
        return slicer::machine(name, &settings);
    }
    if is_profile(&text) {
        return profile(name, &text);
    }
    if printer_cfg::is_json(&text) {
        return printer_cfg::read_json(name, &text);
    }
    if printer_cfg::is_config(&text) {
        return printer_cfg::read(name, &text, include);
    }
    if text.lines().any(|l| grbl_dump::setting(l).is_some()) {
        return grbl_dump::read(name, &text);
    }
    if smoothie_config::is_config(&text) {
        return smoothie_config::read(name, &text);
    }
    if config_g::is_config(&text) {
        return config_g::read(name, &text);
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
            "these are no machine settings; give the answer to GRBL's $$ or Marlin's M503, a printer.cfg, \
             a sliced file, or a trajet TOML profile",
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
