//! What Marlin's M503 prints: commands that would set it up anew, each line behind
//! `echo:` where it comes from a live printer.
//!
//! Which letters M205 has says which model of corners the build has: J for junction
//! deviation, X, Y, Z and E for classic jerk. Builds without firmware retraction print no
//! M207 and M208; Marlin's defaults are taken for a program that has G10 and G11 all
//! the same.

use super::commands::Commands;
use super::{Corners, Firmware, Machine, Marlin, Retraction, Source, Sources, guesses};
use crate::diag::Diagnostics;
use crate::error::Error;

/// Settings with the defaults of Marlin's own configuration: number, letter, the figure
/// that it is or is a part of, default. Speeds in mm/s but for the F of M207 and M208,
/// which is in mm/min.
const DEFAULTS: [(u16, u8, &str, f64); 29] = [
    (920, b'X', "steps_per_mm", 80.0),
    (920, b'Y', "steps_per_mm", 80.0),
    (920, b'Z', "steps_per_mm", 400.0),
    (920, b'E', "marlin.filament_steps_per_mm", 500.0),
    (2010, b'X', "acceleration", 3000.0),
    (2010, b'Y', "acceleration", 3000.0),
    (2010, b'Z', "acceleration", 100.0),
    (2010, b'E', "marlin.filament_acceleration", 10_000.0),
    (2030, b'X', "max_speed", 300.0),
    (2030, b'Y', "max_speed", 300.0),
    (2030, b'Z', "max_speed", 5.0),
    (2030, b'E', "marlin.filament_max_speed", 25.0),
    (2040, b'P', "marlin.print_acceleration", 3000.0),
    (2040, b'R', "marlin.retract_acceleration", 3000.0),
    (2040, b'T', "marlin.travel_acceleration", 3000.0),
    (2050, b'J', "marlin.junction_deviation", 0.013),
    (2050, b'S', "marlin.least_print_speed", 0.0),
    (2050, b'T', "marlin.least_travel_speed", 0.0),
    (2050, b'B', "marlin.least_segment_seconds", 20_000.0),
    (2050, b'X', "marlin.jerk", 10.0),
    (2050, b'Y', "marlin.jerk", 10.0),
    (2050, b'Z', "marlin.jerk", 0.3),
    (2050, b'E', "marlin.jerk", 5.0),
    (2070, b'S', "retraction.length", 3.0),
    (2070, b'F', "retraction.speed", 2700.0),
    (2070, b'Z', "retraction.hop", 0.0),
    (2080, b'S', "retraction.extra", 0.0),
    (2080, b'F', "retraction.return_speed", 480.0),
    (2000, b'D', "marlin.volumetric_diameter", 1.75),
];

/// Reads a dump; what it leaves out keeps the value of Marlin's defaults, as a guess.
pub(super) fn read(name: &str, text: &str) -> Result<(Machine, Diagnostics), Error> {
    let mut dump = Dump {
        commands: Commands::read(text),
        guessed: Sources::new(),
    };
    let marlin = Marlin {
        filament_steps_per_mm: dump.above_0(920, b'E')?,
        filament_max_rate: dump.above_0(2030, b'E')?,
        filament_acceleration: dump.above_0(2010, b'E')?,
        print_acceleration: dump.by_kind(b'P')?,
        retract_acceleration: dump.by_kind(b'R')?,
        travel_acceleration: dump.by_kind(b'T')?,
        corners: dump.corners()?,
        least_print_speed: dump.get(2050, b'S', 0.0)?,
        least_travel_speed: dump.get(2050, b'T', 0.0)?,
        least_segment_seconds: dump.get(2050, b'B', 0.0)? / 1e6,
        retraction: Some(dump.retraction()?),
        volumetric_diameter: dump.volumetric()?,
    };
    dump.guess("planner_blocks", OF);
    let base = Machine::default();
    let machine = Machine {
        name: name.into(),
        steps_per_mm: dump.xyz(920)?,
        max_rate: dump.xyz(2030)?,
        acceleration: dump.xyz(2010)?,
        sources: dump.guessed,
        bed: None,
        junction_deviation: match marlin.corners {
            Corners::Deviation(d) => d,
            Corners::Jerk(_) => base.junction_deviation,
        },
        // Builds have arcs in the plane XY unless they are made otherwise.
        arcs: base.arcs.map(|a| a.with_upright(false)),
        idle_delay: None,
        laser_mode: false,
        planner_blocks: 16,
        firmware: Firmware::Marlin(Box::new(marlin)),
        ..base
    };
    machine.validate()?;
    let notes = guesses(&machine);
    Ok((machine, notes))
}

/// Where what M503 does not print comes from.
const OF: &str = "Marlin's default";
/// The same of a figure of several axes.
const PART_OF: &str = "Marlin's default, where the file leaves out an axis";

struct Dump {
    commands: Commands,
    guessed: Sources,
}

impl Dump {
    fn get(&mut self, code: u16, letter: u8, least: f64) -> Result<f64, Error> {
        if let Some(v) = self.commands.number(code, letter, least)? {
            return Ok(v);
        }
        let default = DEFAULTS.iter().find(|d| (d.0, d.1) == (code, letter));
        let (figure, v) = default.map_or(("", 0.0), |d| (d.2, d.3));
        let axes = DEFAULTS.iter().filter(|d| d.2 == figure).count() > 1;
        self.guess(figure, if axes { PART_OF } else { OF });
        Ok(v)
    }

    fn above_0(&mut self, code: u16, letter: u8) -> Result<f64, Error> {
        self.get(code, letter, f64::MIN_POSITIVE)
    }

    fn xyz(&mut self, code: u16) -> Result<[f64; 3], Error> {
        Ok([
            self.above_0(code, b'X')?,
            self.above_0(code, b'Y')?,
            self.above_0(code, b'Z')?,
        ])
    }

    /// M204 P, R or T; older builds print S for P and T.
    fn by_kind(&mut self, letter: u8) -> Result<f64, Error> {
        let both = self.commands.number(2040, b'S', f64::MIN_POSITIVE)?;
        match both {
            Some(v) if letter != b'R' && self.commands.value(2040, letter).is_none() => Ok(v),
            _ => self.above_0(2040, letter),
        }
    }

    fn corners(&mut self) -> Result<Corners, Error> {
        let jerk = *b"XYZE";
        let has = |letter: &u8| self.commands.value(2050, *letter).is_some();
        if has(&b'J') || !jerk[..3].iter().any(has) {
            let text = self.commands.value(2050, b'J').map(|v| v.text.clone());
            let deviation = self.above_0(2050, b'J')?;
            let places = text.as_ref().and_then(|t| Some(t.split_once('.')?.1.len()));
            if places == Some(2) {
                self.guess(
                    "marlin.junction_deviation",
                    "as M503 prints it, with two decimals",
                );
            }
            return Ok(Corners::Deviation(deviation));
        }
        let mut values = [0.0; 4];
        for (v, letter) in values.iter_mut().zip(jerk) {
            *v = self.get(2050, letter, 0.0)?;
        }
        Ok(Corners::Jerk(values))
    }

    fn retraction(&mut self) -> Result<Retraction, Error> {
        Ok(Retraction {
            length: self.get(2070, b'S', 0.0)?,
            speed: self.above_0(2070, b'F')? / 60.0,
            hop: self.get(2070, b'Z', 0.0)?,
            extra: self.get(2080, b'S', f64::NEG_INFINITY)?,
            return_speed: self.above_0(2080, b'F')? / 60.0,
        })
    }

    /// `M200 S0 D1.75` and `M200 D0` are off, `M200 D1.75` and `M200 S1 D1.75` are on.
    /// Builds without volumetric extrusion print none of it.
    fn volumetric(&mut self) -> Result<Option<f64>, Error> {
        let diameter = self.commands.number(2000, b'D', 0.0)?;
        let on = self.commands.number(2000, b'S', 0.0)?;
        if diameter == Some(0.0) || on.map_or(diameter.is_none(), |on| on == 0.0) {
            return Ok(None);
        }
        self.above_0(2000, b'D').map(Some)
    }

    fn guess(&mut self, figure: &str, why: &str) {
        let _ = self.guessed.insert(figure.into(), Source::guess(why));
    }
}

#[cfg(test)]
#[allow(clippy::float_cmp)] // exact values are meant
mod tests {
    use super::*;

    const LIVE: &str = "echo:; Linear Units:\necho:  G21 ; (mm)\n\
        echo:; Filament settings (Disabled):\necho:  M200 S0 D1.75\n\
        echo:; Steps per unit:\necho: M92 X80.00 Y80.50 Z400.00 E93.00\n\
        echo:; Max feedrates (units/s):\necho:  M203 X500.00 Y500.00 Z5.00 E25.00\n\
        echo:; Max Acceleration (units/s2):\necho:  M201 X500.00 Y500.00 Z100.00 E5000.00\n\
        echo:; Acceleration (units/s2) (P<print-accel> R<retract-accel> T<travel-accel>):\n\
        echo:  M204 P500.00 R1000.00 T750.00\n\
        echo:; Advanced (B<min_segment_time_us> S<min_feedrate> T<min_travel_feedrate>):\n\
        echo:  M205 B20000.00 S1.00 T2.00 X8.00 Y8.00 Z0.40 E5.00\n\
        echo:; Retract (S<length> F<feedrate> Z<lift>):\necho:  M207 S1.20 W13.00 F2400.00 Z0.30\n\
        echo:  M208 S0.10 W0.00 F600.00\nok\n";

    fn marlin(text: &str) -> (Machine, Marlin, Diagnostics) {
        let (machine, diagnostics) = read("m", text).unwrap();
        let Firmware::Marlin(marlin) = machine.firmware.clone() else {
            panic!("{machine:?}");
        };
        (machine, *marlin, diagnostics)
    }

    #[test]
    fn a_live_printers_dump_is_read_whole() {
        let (m, marlin, d) = marlin(LIVE);
        assert_eq!(m.steps_per_mm, [80.0, 80.5, 400.0]);
        assert_eq!(m.max_rate, [500.0, 500.0, 5.0]);
        assert_eq!(m.acceleration, [500.0, 500.0, 100.0]);
        assert_eq!((m.planner_blocks, m.laser_mode), (16, false));
        let accelerations = (
            marlin.print_acceleration,
            marlin.retract_acceleration,
            marlin.travel_acceleration,
        );
        assert_eq!(accelerations, (500.0, 1000.0, 750.0));
        assert_eq!(marlin.corners, Corners::Jerk([8.0, 8.0, 0.4, 5.0]));
        assert_eq!(marlin.least_travel_speed, 2.0);
        let r = marlin.retraction.unwrap();
        assert_eq!((r.length, r.speed, r.hop), (1.2, 40.0, 0.3));
        assert_eq!((r.extra, r.return_speed), (0.1, 10.0));
        assert_eq!(marlin.volumetric_diameter, None);
        // It prints all that matters but the size of its ring.
        assert_eq!(m.sources.len(), 1);
        assert!(d.as_slice()[0].message.contains("planner_blocks"));
    }

    #[test]
    fn what_is_left_out_is_a_guess_of_its_default() {
        let (m, marlin, d) = marlin("M201 X1000 Y1000 Z200\nM205 J0.02\nM204 S800\n");
        assert_eq!(m.max_rate, [300.0, 300.0, 5.0]);
        assert_eq!(marlin.corners, Corners::Deviation(0.02));
        assert_eq!(m.junction_deviation, 0.02);
        assert_eq!(marlin.print_acceleration, 800.0);
        assert_eq!(marlin.retraction.unwrap().length, 3.0);
        assert_eq!(marlin.least_segment_seconds, 0.02);
        // One note has them all.
        let [note] = d.as_slice() else {
            panic!("{d:?}");
        };
        for name in ["steps_per_mm", "max_speed", "marlin.filament_max_speed"] {
            assert!(
                m.sources[name].guess && note.message.contains(name),
                "{name}"
            );
        }
        assert!(note.message.contains("marlin.retract_acceleration"));
        assert!(
            note.message
                .contains("marlin.junction_deviation (as M503 prints it")
        );
        assert!(!m.sources.contains_key("marlin.print_acceleration"));
        assert!(!m.sources.contains_key("acceleration"));
        assert!(m.sources.contains_key("marlin.filament_acceleration"));
    }

    #[test]
    fn volumetric_extrusion_is_on_or_off() {
        let diameter = |text: &str| marlin(text).1.volumetric_diameter;
        assert_eq!(diameter("M200 D1.8"), Some(1.8));
        assert_eq!(diameter("M200 S1 D2.85"), Some(2.85));
        assert_eq!(diameter("M200 S0 D2.85"), None);
        assert_eq!(diameter("M200 D0"), None);
        assert_eq!(diameter(""), None);
    }

    #[test]
    fn values_that_no_printer_has_are_errors() {
        let said = |text: &str| read("m", text).unwrap_err().to_string();
        assert!(said("M92 X80\nM201 X0 Y1").contains("line 2: M201 X0 must be above 0"));
        assert!(said("M205 X-1").contains("M205 X-1 must be 0 or more"));
        assert!(said("M203 Einf").contains("no number"));
    }
}
