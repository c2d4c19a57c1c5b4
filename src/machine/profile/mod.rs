//! A trajet machine profile: TOML with the machine's own words and units.
//!
//! ```toml
//! name = "our diode laser"
//! firmware = "grbl"                    # or "grbl-hal", "klipper", "marlin", "reprapfirmware",
//!                                      # "smoothieware"
//! steps_per_mm = [80, 80, 80]          # X, Y, Z
//! max_rate = [6000, 6000, 1000]        # mm/min, as $110 to $112; or max_speed, mm/s
//! acceleration = [700, 500, 100]       # mm/s²
//! travel = [400, 400, 50]              # mm, $130 to $132; 0: not known
//! origin = [0, 0, 25]                  # mm from the low ends to the program's zero
//! junction_deviation = 0.01            # mm, $11
//! arcs = true                          # false: it runs none; curves become lines
//! least_arc = 0                        # mm, the shortest that is worth it
//! greatest_radius = 10000              # mm
//! upright_arcs = true                  # in G18 and G19 too
//! arc_format = "IJ"                    # or "R": arcs are written with their radius
//! arc_tolerance = 0.002                # mm, $12
//! idle_delay_ms = 25                   # $1
//! spindle_on_delay = 0                 # s, after M3 and M4; $394
//! spindle_off_delay = 0                # s, after M5; $539
//! coolant_on_delay = 0                 # s, after M7 and M8; $673
//! laser_mode = true                    # $32
//! power_max = 1000                     # $30
//! power_min = 0                        # $31
//! planner_blocks = 15
//! feed_override = 100                  # %
//! rapid_override = 100                 # %
//!
//! [waits]                              # s each time; in a total of their own
//! homing = 20
//! tool-change = 60
//!
//! [calibration]                        # of `trajet calibrate`
//! scale = 1.03                         # all times are multiplied by it
//! band = [0.96, 1.05]                  # 19 of 20 jobs take so many times that
//! jobs = 12                            # in the log
//!
//! [sources]                            # where figures come from
//! acceleration = "guess: as the old one"
//! ```
//!
//! A printer has its firmware's own table:
//!
//! ```toml
//! firmware = "klipper"
//!
//! [klipper]                            # the names of printer.cfg
//! max_velocity = 300
//! max_accel = 3000
//! arc_resolution = 1                   # [gcode_arcs]
//! slow_radius = 120                    # of a delta: beyond it half of the limits count,
//! very_slow_radius = 130               # and beyond this a quarter
//!
//! [klipper.extruder]
//! nozzle_diameter = 0.4
//!
//! [retraction]                         # G10 and G11
//! length = 0.8
//! speed = 35                           # mm/s
//! ```
//!
//! A profile of GRBL gives `max_rate` and `acceleration`, one of Klipper its
//! `max_velocity` and `max_accel`, one of Marlin the speeds and accelerations of its
//! axes and filament and that of printing, one of RepRapFirmware those and its jerk, one
//! of Smoothieware its speeds and `acceleration`. What else is left out is the firmware's
//! default, which is said. Without `travel` nothing can be said about the bed. Without
//! `origin` a program's zero is at the low ends of X and Y, and anywhere in Z.
//! [`Machine::to_profile`] writes all figures, so that what it wrote reads as the same
//! machine to the bit.

mod write;

use super::draft::Draft;
use super::figures::{KEYS, Value};
use super::{Machine, Source, guesses};
use crate::diag::Diagnostics;
use crate::error::{Error, ErrorKind};
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

pub(super) fn read(name: &str, text: &str) -> Result<(Machine, Diagnostics), Error> {
    let table = DeTable::parse(text).map_err(|e| {
        Error::new(
            ErrorKind::Malformed,
            format!(
                "the machine profile cannot be read: {}",
                e.to_string().trim_end()
            ),
        )
    })?;
    let mut reading = Reading {
        text,
        draft: Draft::new(name),
        sources: Vec::new(),
    };
    reading.table("", table.get_ref())?;
    let Reading { draft, sources, .. } = reading;
    let mut machine = draft.finish()?;
    machine.sources.extend(sources);
    let diagnostics = guesses(&machine);
    Ok((machine, diagnostics))
}

struct Reading<'a> {
    text: &'a str,
    draft: Draft,
    sources: Vec<(String, Source)>,
}

impl Reading<'_> {
    /// What stands in the table of that name, with a dot at its end. Profiles have
    /// tables in tables in a table at most, so that this ends.
    fn table(&mut self, path: &str, table: &DeTable<'_>) -> Result<(), Error> {
        for (key, value) in table.iter() {
            let name = format!("{path}{}", key.get_ref());
            let at = key.span();
            match value.get_ref() {
                DeValue::Table(sources) if name == "sources" => self.sources(sources)?,
                DeValue::Table(inner) => {
                    let path = format!("{name}.");
                    if !KEYS.iter().any(|(known, ..)| known.starts_with(&path)) {
                        return Err(self.wrong(&at, &format!("there is no table {name}")));
                    }
                    self.table(&path, inner)?;
                }
                value => {
                    let value = plain(value).map_err(|what| self.wrong(&at, what))?;
                    if let Err(what) = self.draft.set(&name, value) {
                        return Err(self.wrong(&at, &what));
                    }
                }
            }
        }
        Ok(())
    }

    fn sources(&mut self, table: &DeTable<'_>) -> Result<(), Error> {
        for (key, value) in table.iter() {
            let name = key.get_ref().to_string();
            if !KEYS.iter().any(|(known, ..)| *known == name) {
                let what = format!("a machine has no figure {name}");
                return Err(self.wrong(&key.span(), &what));
            }
            let DeValue::String(text) = value.get_ref() else {
                return Err(self.wrong(&key.span(), "a source is a text in quotes"));
            };
            self.sources.push((name, Source::read(text)));
        }
        Ok(())
    }

    fn wrong(&self, at: &Range<usize>, what: &str) -> Error {
        let before = self.text.get(..at.start).unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        Error::new(ErrorKind::InvalidConfig, format!("line {line}: {what}"))
    }
}

fn plain(value: &DeValue<'_>) -> Result<Value, &'static str> {
    Ok(match value {
        DeValue::String(text) => Value::Text(text.to_string()),
        DeValue::Boolean(flag) => Value::Flag(*flag),
        DeValue::Array(all) => {
            let all: Option<Vec<f64>> = all.iter().map(number).collect();
            Value::Numbers(all.ok_or("lists hold numbers only")?)
        }
        value => Value::Number(number_of(value).ok_or("this is no figure")?),
    })
}

fn number(value: &Spanned<DeValue<'_>>) -> Option<f64> {
    number_of(value.get_ref())
}

fn number_of(value: &DeValue<'_>) -> Option<f64> {
    match value {
        DeValue::Integer(i) => i64::from_str_radix(i.as_str(), i.radix())
            .ok()
            .map(|i| i as f64),
        DeValue::Float(f) => f.as_str().parse().ok(),
        _ => None,
    }
}

#[cfg(test)]
#[allow(clippy::float_cmp)] // exact values are meant
mod tests {
    use super::read;

    const OK: &str = "max_rate = [6000.0, 6000.0, 600.0]\nacceleration = [500.0, 500.0, 50.0]\n";

    #[test]
    fn unknown_keys_and_missing_ones_are_named() {
        assert_eq!(read("m", OK).unwrap().0.max_rate[2], 10.0);
        assert!(read("m", "").unwrap_err().to_string().contains("max_rate"));
        for (line, said) in [
            ("speed = 3", "line 3: a machine has no figure speed"),
            ("idle_delay_ms = -1", "line 3: idle_delay_ms"),
            (
                "[klipper]\nspeed = 3",
                "line 4: a machine has no figure klipper.speed",
            ),
            ("[odd]\nspeed = 3", "line 3: there is no table odd"),
            (
                "[sources]\nspeed = 'x'",
                "line 4: a machine has no figure speed",
            ),
            ("[sources]\nname = 3", "line 4: a source is a text"),
            ("[waits]\nhoming = -3", "line 4: waits.homing"),
            ("power_max = true", "line 3: power_max must be a number"),
            ("travel = [1, 2]", "line 3: travel must be 3 numbers"),
            (
                "laser_mode = 'yes'",
                "line 3: laser_mode must be true or false",
            ),
            ("[klipper]\nmax_accel = 3", "but the firmware is grbl"),
            ("[retraction]\nlength = 3", "draws no filament back"),
            ("firmware = 'mach3'", "mach3"),
            ("max_speed = [1, 2, 3]", "give one"),
            ("bed_min = [1, 2, 3]", "go together"),
            ("rapid_override = 60", "100, 50 or 25"),
            ("[calibration]\njobs = 3", "the calibration must have"),
            ("[calibration]\nscale = 0", "the calibration must have"),
            (
                "[calibration]\nscale = 1\nband = [1.1, 2]",
                "a band around 1",
            ),
            ("[calibration]\nscale = 1\nband = 2", "must be 2 numbers"),
            ("name = 'a'\nname = 'b'", "line 4"),
        ] {
            let e = read("m", &format!("{OK}{line}\n")).unwrap_err().to_string();
            assert!(e.contains(said), "{line}: {e}");
        }
        let zero = OK.replace("500.0, 50.0", "0.0, 50.0");
        let e = read("m", &zero).unwrap_err().to_string();
        assert!(e.contains("acceleration of y"), "{e}");
        let e = read("m", "firmware = 'klipper'\n").unwrap_err().to_string();
        assert!(e.contains("klipper.max_velocity is missing"), "{e}");
    }

    #[test]
    fn what_is_left_out_is_said() {
        let (machine, notes) = read("m", OK).unwrap();
        assert!(machine.sources["junction_deviation"].guess);
        let said = notes.as_slice()[0].message.clone();
        assert!(
            said.contains("planner_blocks") && !said.contains("max_rate"),
            "{said}"
        );
    }
}
