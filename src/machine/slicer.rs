//! The settings that slicers leave in the comments of a G-code file.
//!
//! PrusaSlicer and SuperSlicer end a file with `; prusaslicer_config = begin` and a line
//! `; key = value` for each setting, OrcaSlicer and Bambu Studio have
//! `; CONFIG_BLOCK_START`, older ones just the list. A setting with values for the modes
//! normal and stealth, or for several extruders, counts with its first.
//!
//! They are what the slicer counts with, not what the printer has: a slicer knows of no
//! steps, and of a Klipper's limits only what its user has copied.

use super::draft::Draft;
use super::figures::Value;
use super::{Machine, Source, guesses};
use crate::diag::Diagnostics;
use crate::error::{Error, ErrorKind};
use std::collections::BTreeMap;
use std::io::{Read, Seek, SeekFrom};

/// How much of a program's beginning, and of its end, is searched for settings, bytes.
const SEARCHED: u64 = 1 << 20;

/// Settings by name.
type Settings<'a> = BTreeMap<&'a str, &'a str>;

/// The machine that a program was sliced for, by the settings in its comments; `None`
/// where it has none. `name` is what it is called where they give no name.
///
/// A megabyte at either end is looked at, whatever the size of the program.
///
/// ```
/// use trajet::machine::{Firmware, read_program};
///
/// let program = "G1 X1\n; gcode_flavor = klipper\n; machine_max_feedrate_x = 300,200\n\
///                ; machine_max_acceleration_x = 5000\n";
/// let found = read_program("print", std::io::Cursor::new(program))?;
/// let (machine, notes) = found.ok_or("no settings")?;
/// assert!(matches!(machine.firmware, Firmware::Klipper(k) if k.max_velocity == 300.0));
/// assert!(!notes.as_slice().is_empty());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`ErrorKind::Io`] where it cannot be read, [`ErrorKind::InvalidConfig`] for settings
/// that no machine has or that lack what its firmware needs,
/// [`ErrorKind::Unsupported`] for firmware that is not known.
pub fn read_program<R: Read + Seek>(
    name: &str,
    mut program: R,
) -> Result<Option<(Machine, Diagnostics)>, Error> {
    let ends = both_ends(&mut program)
        .map_err(|e| Error::new(ErrorKind::Io, format!("cannot be read: {e}")))?;
    let text = String::from_utf8_lossy(&ends);
    let Some(settings) = settings(&text) else {
        return Ok(None);
    };
    machine(name, &settings).map(Some)
}

/// What is searched of a program.
fn both_ends<R: Read + Seek>(program: &mut R) -> std::io::Result<Vec<u8>> {
    let length = program.seek(SeekFrom::End(0))?;
    let mut bytes = Vec::new();
    let _ = program.seek(SeekFrom::Start(0))?;
    let whole = length <= 2 * SEARCHED;
    let head = if whole { length } else { SEARCHED };
    let _ = program.by_ref().take(head).read_to_end(&mut bytes)?;
    if !whole {
        // The line that is cut in two ends here.
        bytes.push(b'\n');
        let _ = program.seek(SeekFrom::End(-(SEARCHED as i64)))?;
        let _ = program.take(SEARCHED).read_to_end(&mut bytes)?;
    }
    Ok(bytes)
}

/// The settings in the comments of a program, if it has those of a machine. Where there
/// are several blocks, the last counts.
pub(super) fn settings(text: &str) -> Option<Settings<'_>> {
    let mut settings = Settings::new();
    for line in text.lines() {
        let Some(comment) = line.trim_start().strip_prefix(';') else {
            continue;
        };
        let comment = comment.trim();
        if comment == "CONFIG_BLOCK_START" || comment.ends_with("_config = begin") {
            settings.clear();
        } else if let Some((key, value)) = comment.split_once('=') {
            let key = key.trim();
            if is_used(key) {
                let _ = settings.insert(key, value.trim());
            }
        }
    }
    let limits = settings.keys().any(|key| key.starts_with("machine_max_"));
    (limits && settings.contains_key("gcode_flavor")).then_some(settings)
}

fn is_used(key: &str) -> bool {
    const OTHERS: [&str; 16] = [
        "gcode_flavor",
        "printer_settings_id",
        "printer_model",
        "nozzle_diameter",
        "filament_diameter",
        "use_firmware_retraction",
        "retract_length",
        "retraction_length",
        "retract_speed",
        "retraction_speed",
        "deretract_speed",
        "deretraction_speed",
        "retract_restart_extra",
        "use_volumetric_e",
        "machine_min_extruding_rate",
        "machine_min_travel_rate",
    ];
    key.starts_with("machine_max_") || OTHERS.contains(&key)
}

/// The machine of those settings.
pub(super) fn machine(
    name: &str,
    settings: &Settings<'_>,
) -> Result<(Machine, Diagnostics), Error> {
    let named = ["printer_settings_id", "printer_model"]
        .iter()
        .filter_map(|key| settings.get(key))
        .map(|name| name.trim_matches('"'))
        .find(|name| !name.is_empty());
    let mut making = Making {
        draft: Draft::new(named.unwrap_or(name)),
        settings,
        sources: Vec::new(),
    };
    let flavor = settings.get("gcode_flavor").copied().unwrap_or_default();
    match flavor {
        "klipper" => making.klipper()?,
        "marlin" | "marlin2" => {
            making.word("firmware", "marlin", Source::known(SLICER))?;
            making.marlin(flavor == "marlin")?;
        }
        "reprapfirmware" => {
            making.word("firmware", "reprapfirmware", Source::known(SLICER))?;
            making.reprapfirmware()?;
        }
        "reprap" | "smoothie" => {
            let what = format!("settings for {flavor}, which are counted as those of a Marlin");
            making.word("firmware", "marlin", Source::guess(what))?;
            making.marlin(false)?;
        }
        other => {
            return Err(Error::new(
                ErrorKind::Unsupported,
                format!("the slicer's settings are for {other}, which is not modelled"),
            ));
        }
    }
    let sources = making.sources;
    let mut machine = making.draft.finish()?;
    machine.sources.extend(sources);
    let diagnostics = guesses(&machine);
    Ok((machine, diagnostics))
}

/// Where what is read here comes from.
const SLICER: &str = "the slicer's settings in the G-code file";

struct Making<'a> {
    draft: Draft,
    settings: &'a Settings<'a>,
    sources: Vec<(String, Source)>,
}

impl Making<'_> {
    fn klipper(&mut self) -> Result<(), Error> {
        self.word("firmware", "klipper", Source::known(SLICER))?;
        for (name, axis) in [
            ("klipper.max_velocity", "x"),
            ("klipper.max_z_velocity", "z"),
        ] {
            self.number(name, self.speed(axis)?, Source::known(SLICER))?;
        }
        for (name, axis) in [("klipper.max_accel", "x"), ("klipper.max_z_accel", "z")] {
            let of_axis = self.first(&format!("machine_max_acceleration_{axis}"))?;
            self.number(name, of_axis, Source::known(SLICER))?;
        }
        let jerk = self.first("machine_max_jerk_x")?;
        let why = "the slicer's jerk of X; Klipper has its own";
        self.number("klipper.square_corner_velocity", jerk, Source::guess(why))?;
        let why = "where it runs arcs at all";
        self.number("klipper.arc_resolution", Some(1.0), Source::guess(why))?;
        for key in ["nozzle_diameter", "filament_diameter"] {
            let name = format!("klipper.extruder.{key}");
            self.number(&name, self.first(key)?, Source::known(SLICER))?;
        }
        self.retraction()
    }

    /// `legacy`: moves without filament have the acceleration of printing.
    fn marlin(&mut self, legacy: bool) -> Result<(), Error> {
        let known = || Source::known(SLICER);
        self.limits("marlin")?;
        for (name, key) in [
            ("print_acceleration", "machine_max_acceleration_extruding"),
            (
                "retract_acceleration",
                "machine_max_acceleration_retracting",
            ),
            ("travel_acceleration", "machine_max_acceleration_travel"),
            ("least_print_speed", "machine_min_extruding_rate"),
            ("least_travel_speed", "machine_min_travel_rate"),
        ] {
            // A printer that has none leaves 0 there.
            let zero = key.starts_with("machine_min");
            let value = self.first(key)?.filter(|v| zero || *v > 0.0);
            if !(legacy && name == "travel_acceleration") {
                self.number(&format!("marlin.{name}"), value, known())?;
            }
        }
        let deviation = self.first("machine_max_junction_deviation")?;
        if deviation.is_some_and(|mm| mm > 0.0) {
            self.number("marlin.junction_deviation", deviation, known())?;
        } else {
            self.jerk("marlin")?;
        }
        if self.flag("use_volumetric_e") {
            let diameter = self.first("filament_diameter")?;
            self.number("marlin.volumetric_diameter", diameter, known())?;
        }
        self.retraction()
    }

    fn reprapfirmware(&mut self) -> Result<(), Error> {
        self.limits("reprapfirmware")?;
        for (name, key) in [
            ("print_acceleration", "machine_max_acceleration_extruding"),
            ("travel_acceleration", "machine_max_acceleration_travel"),
        ] {
            let value = self.first(key)?.filter(|v| *v > 0.0);
            let name = format!("reprapfirmware.{name}");
            self.number(&name, value, Source::known(SLICER))?;
        }
        self.jerk("reprapfirmware")?;
        self.retraction()
    }

    /// The limits of axes and filament.
    fn limits(&mut self, table: &str) -> Result<(), Error> {
        let known = || Source::known(SLICER);
        self.axes("max_speed", ["x", "y", "z"].map(|axis| self.speed(axis)))?;
        let acceleration = |axis: &str| self.first(&format!("machine_max_acceleration_{axis}"));
        self.axes("acceleration", ["x", "y", "z"].map(acceleration))?;
        let name = format!("{table}.filament_max_speed");
        self.number(&name, self.speed("e")?, known())?;
        let name = format!("{table}.filament_acceleration");
        self.number(&name, self.first("machine_max_acceleration_e")?, known())
    }

    fn jerk(&mut self, table: &str) -> Result<(), Error> {
        let mut jerk = Vec::new();
        for axis in ["x", "y", "z", "e"] {
            jerk.extend(self.first(&format!("machine_max_jerk_{axis}"))?);
        }
        if jerk.len() == 4 {
            let source = Source::known(SLICER);
            self.set(&format!("{table}.jerk"), Value::Numbers(jerk), source)?;
        }
        Ok(())
    }

    /// What the slicer would draw back itself, where it leaves that to the firmware.
    fn retraction(&mut self) -> Result<(), Error> {
        if !self.flag("use_firmware_retraction") {
            return Ok(());
        }
        let why = || Source::guess("what the slicer would draw back; the firmware has its own");
        let either = |a: &str, b: &str| Ok::<_, Error>(self.first(a)?.or(self.first(b)?));
        let length = either("retract_length", "retraction_length")?;
        let speed = either("retract_speed", "retraction_speed")?;
        let back = either("deretract_speed", "deretraction_speed")?;
        let back = back.filter(|v| *v > 0.0).or(speed);
        let extra = self.first("retract_restart_extra")?;
        for (name, value) in [
            ("length", length),
            ("speed", speed),
            ("return_speed", back),
            ("extra", extra),
        ] {
            self.number(&format!("retraction.{name}"), value, why())?;
        }
        Ok(())
    }

    /// The greatest speed of an axis, mm/s: `feedrate` in PrusaSlicer, `speed` in Orca.
    fn speed(&self, axis: &str) -> Result<Option<f64>, Error> {
        let feedrate = self.first(&format!("machine_max_feedrate_{axis}"))?;
        Ok(feedrate.or(self.first(&format!("machine_max_speed_{axis}"))?))
    }

    fn flag(&self, key: &str) -> bool {
        self.settings.get(key).is_some_and(|v| first_of(v) == "1")
    }

    /// The first value of a setting, if it is there.
    fn first(&self, key: &str) -> Result<Option<f64>, Error> {
        let Some(value) = self.settings.get(key).map(|v| first_of(v)) else {
            return Ok(None);
        };
        match value.parse::<f64>() {
            Ok(v) if v.is_finite() => Ok(Some(v)),
            _ => Err(Error::new(
                ErrorKind::InvalidConfig,
                format!("the slicer's setting {key} is no number: `{value}`"),
            )),
        }
    }

    fn axes(&mut self, name: &str, all: [Result<Option<f64>, Error>; 3]) -> Result<(), Error> {
        let mut found = Vec::new();
        for one in all {
            found.extend(one?);
        }
        if found.len() == 3 {
            self.set(name, Value::Numbers(found), Source::known(SLICER))?;
        }
        Ok(())
    }

    fn number(&mut self, name: &str, value: Option<f64>, source: Source) -> Result<(), Error> {
        match value {
            Some(v) => self.set(name, Value::Number(v), source),
            None => Ok(()),
        }
    }

    fn word(&mut self, name: &str, word: &str, source: Source) -> Result<(), Error> {
        self.set(name, Value::Text(word.into()), source)
    }

    fn set(&mut self, name: &str, value: Value, source: Source) -> Result<(), Error> {
        self.draft.put(name, value)?;
        self.sources.push((name.into(), source));
        Ok(())
    }
}

fn first_of(value: &str) -> &str {
    value.split([',', ';']).next().unwrap_or_default().trim()
}

#[cfg(test)]
#[allow(clippy::float_cmp)] // exact values are meant
mod tests {
    use super::*;
    use crate::machine::{Corners, Firmware, read};
    use std::io::Cursor;

    const MARLIN: &str = "\
; gcode_flavor = marlin2
; machine_max_acceleration_e = 5000,5000
; machine_max_acceleration_extruding = 1250,960
; machine_max_acceleration_retracting = 1250,1250
; machine_max_acceleration_travel = 1500,1250
; machine_max_acceleration_x = 1000,960
; machine_max_acceleration_y = 1000,960
; machine_max_acceleration_z = 200,200
; machine_max_feedrate_e = 120,120
; machine_max_feedrate_x = 200,100
; machine_max_feedrate_y = 200,100
; machine_max_feedrate_z = 12,12
; machine_max_jerk_e = 4.5,4.5
; machine_max_jerk_x = 8,8
; machine_max_jerk_y = 8,8
; machine_max_jerk_z = 0.4,0.4
; printer_model = LAB
; retract_length = 0.8
; retract_speed = 35
; deretract_speed = 0
";

    fn marlin(text: &str) -> crate::machine::Marlin {
        let (machine, _) = read("print.gcode", text.as_bytes()).unwrap();
        match machine.firmware {
            Firmware::Marlin(m) => *m,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_printer_by_the_settings_in_its_file() {
        let block = format!(
            "M203 X9 Y9\nG1 X1\n; prusaslicer_config = begin\n{MARLIN}; prusaslicer_config = end\n"
        );
        let (machine, notes) = read("print.gcode", block.as_bytes()).unwrap();
        assert_eq!(machine.name, "LAB");
        assert_eq!(machine.max_rate, [200.0, 200.0, 12.0]);
        assert!(machine.sources["steps_per_mm"].guess && !notes.as_slice().is_empty());
        let m = marlin(&block);
        assert_eq!(m.corners, Corners::Jerk([8.0, 8.0, 0.4, 4.5]));
        assert_eq!(
            (m.print_acceleration, m.travel_acceleration),
            (1250.0, 1500.0)
        );
        assert_eq!(m.retraction, None);
        // The plain list of old files is read as well; a block begins anew.
        assert_eq!(marlin(MARLIN), m);
        let orca = MARLIN.replace("feedrate", "speed");
        let twice = format!("{MARLIN}; CONFIG_BLOCK_START\n{orca}; CONFIG_BLOCK_END\n");
        assert_eq!(marlin(&twice), m);
        let legacy = marlin(&MARLIN.replace("marlin2", "marlin"));
        assert_eq!(legacy.travel_acceleration, 1250.0);
        let deviation = format!("{MARLIN}; machine_max_junction_deviation = 0.02,0.01\n");
        assert_eq!(marlin(&deviation).corners, Corners::Deviation(0.02));
        let retracting = format!("{MARLIN}; use_firmware_retraction = 1\n");
        let r = marlin(&retracting).retraction.unwrap();
        assert_eq!((r.length, r.speed, r.return_speed), (0.8, 35.0, 35.0));
    }

    #[test]
    fn other_firmware_is_said_to_be_guessed() {
        let klipper = MARLIN.replace("marlin2", "klipper");
        let (machine, _) = read("print.gcode", klipper.as_bytes()).unwrap();
        let Firmware::Klipper(k) = &machine.firmware else {
            panic!("{machine:?}");
        };
        assert_eq!(
            (k.max_velocity, k.max_accel, k.max_z_velocity),
            (200.0, 1000.0, 12.0)
        );
        assert!(machine.sources["klipper.square_corner_velocity"].guess);
        let duet = MARLIN.replace("marlin2", "reprapfirmware");
        let (machine, _) = read("print.gcode", duet.as_bytes()).unwrap();
        let Firmware::RepRapFirmware(r) = &machine.firmware else {
            panic!("{machine:?}");
        };
        assert_eq!(r.jerk, [8.0, 8.0, 0.4, 4.5]);
        assert_eq!((r.print_acceleration, r.filament_max_rate), (1250.0, 120.0));
        let smoothie = MARLIN.replace("marlin2", "smoothie");
        let (machine, _) = read("print.gcode", smoothie.as_bytes()).unwrap();
        assert!(machine.sources["firmware"].guess);
        let odd = MARLIN.replace("marlin2", "mach3");
        let e = read("print.gcode", odd.as_bytes()).unwrap_err().to_string();
        assert!(e.contains("mach3"), "{e}");
        let broken = MARLIN.replace("200,100", "fast");
        let e = read("print.gcode", broken.as_bytes())
            .unwrap_err()
            .to_string();
        assert!(e.contains("machine_max_feedrate_x"), "{e}");
    }

    #[test]
    fn both_ends_of_a_long_program_are_searched() {
        let fill = "G1 X1 Y1\n".repeat(300_000);
        for text in [format!("{MARLIN}{fill}"), format!("{fill}{MARLIN}")] {
            let found = read_program("print", Cursor::new(text)).unwrap();
            assert_eq!(found.unwrap().0.name, "LAB");
        }
        let middle = format!("{fill}{MARLIN}{fill}");
        assert!(
            read_program("print", Cursor::new(middle))
                .unwrap()
                .is_none()
        );
        assert!(
            read_program("print", Cursor::new("G1 X1\n"))
                .unwrap()
                .is_none()
        );
    }
}
