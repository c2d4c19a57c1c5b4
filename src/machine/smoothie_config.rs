//! Smoothieware's `config`: a key and a value a line, `#` before comments.

use super::draft::Draft;
use super::{Machine, Value, guesses};
use crate::diag::Diagnostics;
use crate::error::{Error, ErrorKind};
use std::collections::BTreeMap;

/// Keys that only such a file has at the start of a line.
const OWN: [&str; 3] = ["alpha_steps_per_mm", "default_seek_rate", "alpha_step_pin"];

/// Keys of one number: figure, key, what it is multiplied by.
const ROWS: [(&str, &str, f64); 7] = [
    ("smoothieware.acceleration", "acceleration", 1.0),
    ("smoothieware.seek_speed", "default_seek_rate", 1.0 / 60.0),
    ("smoothieware.arc_segment", "mm_per_arc_segment", 1.0),
    ("planner_blocks", "planner_queue_size", 1.0),
    ("smoothieware.filament_steps_per_mm", "steps_per_mm", 1.0),
    ("smoothieware.filament_max_speed", "max_speed", 1.0),
    ("smoothieware.filament_acceleration", "acceleration", 1.0),
];

/// The motors of X, Y and Z, with the greatest speeds of their axes without any key,
/// mm/min.
const AXES: [(&str, &str, f64, f64); 3] = [
    ("alpha", "x", 60_000.0, 80.0),
    ("beta", "y", 60_000.0, 80.0),
    ("gamma", "z", 300.0, 2560.0),
];
/// The greatest speed of a motor without any key, mm/min.
const MOTOR_RATE: f64 = 30_000.0;

struct Config<'a> {
    /// Line and value by key; the last counts.
    values: BTreeMap<&'a str, (usize, &'a str)>,
}

fn words(line: &str) -> Option<(&str, &str)> {
    let line = line.split('#').next().unwrap_or_default();
    let mut words = line.split_ascii_whitespace();
    Some((words.next()?, words.next()?))
}

/// Whether a text is such a file.
pub(super) fn is_config(text: &str) -> bool {
    let mut keys = text.lines().filter_map(words);
    keys.any(|(key, _)| OWN.contains(&key))
}

impl Config<'_> {
    fn number(&self, key: &str) -> Result<Option<f64>, Error> {
        let Some((line, text)) = self.values.get(key) else {
            return Ok(None);
        };
        let v = text.parse().ok().filter(|v: &f64| v.is_finite());
        v.map(Some).ok_or_else(|| {
            let what = format!("line {line}: {key} has no number: `{text}`");
            Error::new(ErrorKind::InvalidConfig, what)
        })
    }

    /// A value of the first extruder, whatever it is called.
    fn of_extruder(&self, what: &str) -> Result<Option<f64>, Error> {
        let is = |key: &&&str| {
            let mut parts = key.split('.');
            parts.next() == Some("extruder") && parts.nth(1) == Some(what) && parts.next().is_none()
        };
        match self.values.keys().find(is) {
            Some(key) => self.number(key),
            None => Ok(None),
        }
    }
}

/// Reads a `config`; what it leaves out is the firmware's default, as a guess.
pub(super) fn read(name: &str, text: &str) -> Result<(Machine, Diagnostics), Error> {
    let mut config = Config {
        values: BTreeMap::new(),
    };
    for (line, text) in (1..).zip(text.lines()) {
        if let Some((key, value)) = words(text) {
            let _ = config.values.insert(key, (line, value));
        }
    }
    let mut draft = Draft::new(name);
    let mut guessed = Vec::new();
    let mut set = |name: &str, value| draft.put(name, value);
    set("firmware", Value::Text("smoothieware".into()))?;
    let accel = config.number("acceleration")?;
    for (figure, key, scale) in ROWS {
        let filament = figure.starts_with("smoothieware.filament");
        let v = if filament {
            config.of_extruder(key)?
        } else {
            config.number(key)?
        };
        if let Some(v) = v {
            set(figure, Value::Number(v * scale))?;
        } else if figure == "smoothieware.acceleration" {
            set(figure, Value::Number(100.0))?;
            guessed.push(figure);
        }
    }
    // 0 switches these off; none is a hair of it.
    for (figure, key) in [
        ("junction_deviation", "junction_deviation"),
        ("arc_tolerance", "mm_max_arc_error"),
    ] {
        if let Some(v) = config.number(key)? {
            set(figure, Value::Number(v.max(f64::MIN_POSITIVE)))?;
        }
    }
    // Less than 0 is as the others.
    if let Some(v) = config.number("z_junction_deviation")?.filter(|v| *v >= 0.0) {
        set("smoothieware.z_junction_deviation", Value::Number(v))?;
    }
    let (mut steps, mut speeds, mut accels) = (Vec::new(), Vec::new(), Vec::new());
    let mut left_out = |figure, given: Option<f64>| {
        if given.is_none() && !guessed.contains(&figure) {
            guessed.push(figure);
        }
        given
    };
    for (motor, axis, rate, per_mm) in AXES {
        let given = config.number(&format!("{motor}_steps_per_mm"))?;
        steps.push(left_out("steps_per_mm", given).unwrap_or(per_mm));
        let of_motor = config.number(&format!("{motor}_max_rate"))?;
        let of_axis = config.number(&format!("{axis}_axis_max_speed"))?;
        let _ = left_out("max_speed", of_axis.or(of_motor));
        let rate = of_axis.unwrap_or(rate).min(of_motor.unwrap_or(MOTOR_RATE));
        speeds.push(rate / 60.0);
        let mut own = config.number(&format!("{motor}_acceleration"))?;
        if axis == "z" {
            own = own.or(config.number("z_acceleration")?.filter(|a| *a > 0.0));
        }
        accels.push(own.or(accel).unwrap_or(100.0));
    }
    set("steps_per_mm", Value::Numbers(steps))?;
    set("max_speed", Value::Numbers(speeds))?;
    set("acceleration", Value::Numbers(accels))?;
    let mut machine = draft.finish()?;
    for figure in guessed {
        let why = "Smoothieware's default, where the file leaves out a part of it";
        let source = super::Source::guess(why);
        let _ = machine.sources.insert(figure.into(), source);
    }
    let notes = guesses(&machine);
    Ok((machine, notes))
}

#[cfg(test)]
#[allow(clippy::float_cmp)] // exact values are meant
mod tests {
    use super::*;
    use crate::machine::{Firmware, Smoothieware, read};

    const CONFIG: &str = "# a lab's own\ndefault_seek_rate 6000 # mm/min\nmm_max_arc_error 0.02\n\
        alpha_steps_per_mm 100\nbeta_steps_per_mm 100\ngamma_steps_per_mm 400\n\
        acceleration 2000\nz_acceleration 300\njunction_deviation 0.03\nz_junction_deviation -1\n\
        x_axis_max_speed 18000\ny_axis_max_speed 18000\nz_axis_max_speed 900\n\
        alpha_max_rate 12000\nextruder.hotend.enable true\nextruder.hotend.steps_per_mm 140\n\
        extruder.hotend.acceleration 500\nextruder.hotend.max_speed 50\n";

    fn smoothie(text: &str) -> (Machine, Smoothieware) {
        let (machine, _) = read("m", text.as_bytes()).unwrap();
        let Firmware::Smoothieware(s) = machine.firmware.clone() else {
            panic!("{machine:?}");
        };
        (machine, *s)
    }

    #[test]
    fn a_config_is_read() {
        let (m, s) = smoothie(CONFIG);
        assert_eq!(m.steps_per_mm, [100.0, 100.0, 400.0]);
        assert_eq!(m.max_rate, [200.0, 300.0, 15.0]);
        assert_eq!(m.acceleration, [2000.0, 2000.0, 300.0]);
        assert_eq!((m.junction_deviation, m.arc_tolerance), (0.03, 0.02));
        assert_eq!(
            (s.acceleration, s.seek_speed, s.z_junction_deviation),
            (2000.0, 100.0, None)
        );
        let filament = (
            s.filament_steps_per_mm,
            s.filament_max_rate,
            s.filament_acceleration,
        );
        assert_eq!(filament, (140.0, 50.0, 500.0));
        let guessed: Vec<_> = m.sources.keys().collect();
        assert_eq!(guessed, ["planner_blocks", "smoothieware.arc_segment"]);
    }

    #[test]
    fn what_is_left_out_is_guessed_and_what_has_no_number_is_an_error() {
        let (m, s) = smoothie("default_seek_rate 3000\nz_junction_deviation 0\n");
        assert_eq!(m.max_rate, [500.0, 500.0, 5.0]);
        assert_eq!((m.planner_blocks, s.acceleration), (32, 100.0));
        assert_eq!(s.z_junction_deviation, Some(0.0));
        for name in ["max_speed", "steps_per_mm", "smoothieware.acceleration"] {
            assert!(m.sources[name].guess, "{name}");
        }
        let e = read("m", b"default_seek_rate 3000\nacceleration fast\n").unwrap_err();
        assert!(e.to_string().contains("line 2: acceleration has no number"));
    }
}
