use crate::error::Error;
use crate::machine::figures::KEYS;
use crate::machine::{Machine, Source, Sources, Value};
use std::fmt::Write;

impl Machine {
    /// The machine as a profile (TOML): every figure, with its unit, and with its source
    /// where there is one. It reads as the same machine to the bit.
    ///
    /// # Errors
    /// As [`Machine::validate`].
    pub fn to_profile(&self) -> Result<String, Error> {
        self.validate()?;
        let mut text = String::new();
        let mut open = "";
        let figures = self.figures();
        for figure in &figures {
            let (table, key) = figure.name.rsplit_once('.').unwrap_or(("", &figure.name));
            if table != open {
                line(&mut text, format_args!("\n[{table}]"));
                open = table;
            }
            let guess = self.sources.get(&figure.name).is_some_and(|s| s.guess);
            let says: Vec<&str> = [figure.unit, figure.what, if guess { "a guess" } else { "" }]
                .into_iter()
                .filter(|t| !t.is_empty())
                .collect();
            let comment = match says.join("; ") {
                says if says.is_empty() => says,
                says => format!("  # {says}"),
            };
            line(
                &mut text,
                format_args!("{key} = {}{comment}", in_toml(&figure.value)),
            );
        }
        if !self.sources.is_empty() {
            text.push_str("\n[sources]\n");
        }
        for (name, source) in in_order(&self.sources) {
            let name = if name.contains('.') {
                quoted(name)
            } else {
                name.clone()
            };
            line(
                &mut text,
                format_args!("{name} = {}", quoted(&source.written())),
            );
        }
        Ok(text)
    }
}

/// Sources in the order of the figures.
fn in_order(sources: &Sources) -> Vec<(&String, &Source)> {
    let place = |name: &String| KEYS.iter().position(|(key, ..)| key == name);
    let mut all: Vec<_> = sources.iter().collect();
    all.sort_by_key(|(name, _)| place(name).unwrap_or(usize::MAX));
    all
}

fn line(text: &mut String, what: std::fmt::Arguments<'_>) {
    // Writing to a string cannot fail.
    let _ = writeln!(text, "{what}");
}

fn in_toml(value: &Value) -> String {
    match value {
        Value::Number(v) => number(*v),
        Value::Numbers(all) => {
            let all: Vec<String> = all.iter().map(|v| number(*v)).collect();
            format!("[{}]", all.join(", "))
        }
        Value::Flag(v) => v.to_string(),
        Value::Text(v) => quoted(v),
    }
}

/// The shortest number that reads as the same one.
fn number(v: f64) -> String {
    let plain = v.fract() == 0.0 && v.abs() < 1e15 && (v != 0.0 || v.is_sign_positive());
    if plain {
        format!("{v:.0}")
    } else {
        format!("{v:?}")
    }
}

fn quoted(text: &str) -> String {
    toml::Value::String(text.into()).to_string()
}

#[cfg(test)]
mod tests {
    use crate::geom::{Bounds, Point3};
    use crate::machine::{
        ArcFormat, ArcSupport, Calibration, Firmware, Machine, Source, Wait, presets, read,
    };
    use proptest::prelude::*;

    fn comes_back(machine: &Machine) {
        let text = machine.to_profile().unwrap();
        let (again, _) = read("another", text.as_bytes()).unwrap_or_else(|e| panic!("{e}\n{text}"));
        assert_eq!(&again, machine, "\n{text}");
    }

    #[test]
    fn every_preset_comes_back_whole() {
        for preset in presets() {
            comes_back(&preset.machine().unwrap());
        }
        let mut odd = Machine {
            name: "a \"name\"\nof two lines".into(),
            idle_delay: Some(0.3),
            feed_override: 130.0,
            rapid_override: 25.0,
            switching: crate::machine::Switching {
                spindle_on: 4.5,
                spindle_off: 0.1,
                coolant_on: 2.0,
            },
            arcs: None,
            bed: None,
            ..Machine::default()
        };
        let _ = odd.waits.insert(Wait::ToolChange, 60.5);
        let _ = odd
            .sources
            .insert("name".into(), Source::guess("so said he"));
        comes_back(&odd);
        let config = b"M584 X0\nM201 X2000 Y1999.5\nM566 X601 Y600 Z0 E7 P1\nM207 S0.7\n";
        comes_back(&read("duet", config).unwrap().0);
        let config = b"default_seek_rate 4001\nacceleration 2000.5\nz_junction_deviation 0\n\
            mm_max_arc_error 0.01\njunction_deviation 0.01\nextruder.e.max_speed 49\n";
        comes_back(&read("smoothie", config).unwrap().0);
        let config = b"[printer]\nkinematics: delta\nmax_velocity: 300\nmax_accel: 3000\n\
            max_accel_to_decel: 1200\ndelta_radius: 174.75\n[stepper_a]\narm_length: 333\n";
        let delta = read("delta.cfg", config).unwrap().0;
        let Firmware::Klipper(klipper) = &delta.firmware else {
            panic!("{:?}", delta.firmware)
        };
        assert!(klipper.rim.is_some() && klipper.accel_to_decel);
        comes_back(&delta);
        odd.idle_delay = None;
        odd.arcs = Some(ArcSupport::default().with_format(ArcFormat::Radius));
        odd.calibration = Some(Calibration::new(1.03, Some([0.96, 1.05]), 12));
        comes_back(&odd);
    }

    #[test]
    fn lines_say_their_unit_and_what_is_guessed() {
        let mut machine = Machine::default();
        let source = Source::guess("as it was before");
        let _ = machine.sources.insert("max_rate".into(), source);
        let text = machine.to_profile().unwrap();
        let line = text.lines().find(|l| l.starts_with("max_rate")).unwrap();
        assert_eq!(
            line,
            "max_rate = [500, 500, 500]  # mm/min; greatest speed of X, Y, Z; $110 to $112; a guess"
        );
        assert!(text.ends_with("[sources]\nmax_rate = \"guess: as it was before\"\n"));
    }

    proptest! {
        #[test]
        fn any_numbers_come_back_to_the_bit(
            rate in prop::array::uniform3(1e-3..1e5_f64),
            acceleration in prop::array::uniform3(1e-3..1e6_f64),
            idle in prop::option::of(1e-6..10.0_f64),
            low in prop::array::uniform3(prop_oneof![Just(0.0), Just(f64::NEG_INFINITY), -500.0..0.0_f64]),
            high in prop::array::uniform3(prop_oneof![Just(f64::INFINITY), 1.0..500.0_f64]),
        ) {
            comes_back(&Machine {
                max_rate: rate,
                acceleration,
                idle_delay: idle,
                bed: Some(Bounds { min: Point3::from(low), max: Point3::from(high) }),
                ..Machine::default()
            });
        }
    }
}
