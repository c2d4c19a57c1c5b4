//! RepRapFirmware's `config.g`: the commands that it runs when it starts.
//!
//! Conditions and expressions are not followed: of several values of one thing the last
//! counts, and one that is no plain number is an error.

use super::commands::{Commands, command};
use super::draft::Draft;
use super::{Machine, Source, Value, guesses};
use crate::diag::Diagnostics;
use crate::error::{Error, ErrorKind};

/// A figure as `config.g` has it.
struct Row {
    figure: &'static str,
    code: u16,
    letters: &'static [u8],
    /// What its numbers are multiplied by.
    scale: f64,
    /// They are more than 0, or at least that.
    above_0: bool,
    /// The firmware's defaults, in the unit of the figure.
    defaults: &'static [f64],
}

const fn row(
    figure: &'static str,
    code: u16,
    letters: &'static [u8],
    defaults: &'static [f64],
) -> Row {
    Row {
        figure,
        code,
        letters,
        scale: 1.0,
        above_0: true,
        defaults,
    }
}

impl Row {
    const fn per_minute(self) -> Self {
        Self {
            scale: 1.0 / 60.0,
            ..self
        }
    }

    const fn or_0(self) -> Self {
        Self {
            above_0: false,
            ..self
        }
    }
}

const ROWS: [Row; 15] = [
    row("steps_per_mm", 920, b"XYZ", &[80.0, 80.0, 4000.0]),
    row("max_speed", 2030, b"XYZ", &[100.0, 100.0, 5.0]).per_minute(),
    row("acceleration", 2010, b"XYZ", &[500.0, 500.0, 20.0]),
    row("reprapfirmware.filament_steps_per_mm", 920, b"E", &[420.0]),
    row("reprapfirmware.filament_max_speed", 2030, b"E", &[20.0]).per_minute(),
    row("reprapfirmware.filament_acceleration", 2010, b"E", &[250.0]),
    row("reprapfirmware.print_acceleration", 2040, b"P", &[10_000.0]),
    row(
        "reprapfirmware.travel_acceleration",
        2040,
        b"T",
        &[10_000.0],
    ),
    row(
        "reprapfirmware.jerk",
        5660,
        b"XYZE",
        &[15.0, 15.0, 0.2, 2.0],
    )
    .per_minute()
    .or_0(),
    row("reprapfirmware.least_speed", 2030, b"I", &[0.5]).per_minute(),
    row("retraction.length", 2070, b"S", &[2.0]).or_0(),
    row("retraction.speed", 2070, b"F", &[1000.0 / 60.0]).per_minute(),
    row("retraction.extra", 2070, b"R", &[0.0]).or_0(),
    row("retraction.return_speed", 2070, b"T", &[1000.0 / 60.0]).per_minute(),
    row("retraction.hop", 2070, b"Z", &[0.0]).or_0(),
];

/// Commands that only RepRapFirmware has, in tenths: M563, M566, M584, M669, M950.
const OWN: [u16; 5] = [5630, 5660, 5840, 6690, 9500];

/// Whether a text has commands that set up a RepRapFirmware.
pub(super) fn is_config(text: &str) -> bool {
    text.lines()
        .filter_map(command)
        .any(|(code, _)| OWN.contains(&code))
}

/// Reads a `config.g`; what it leaves out keeps the firmware's default, as a guess.
pub(super) fn read(name: &str, text: &str) -> Result<(Machine, Diagnostics), Error> {
    let commands = Commands::read(text);
    let mut draft = Draft::new(name);
    let mut guessed = Vec::new();
    let mut set = |name: &str, value| draft.put(name, value);
    set("firmware", Value::Text("reprapfirmware".into()))?;
    for row in &ROWS {
        let least = if row.above_0 { f64::MIN_POSITIVE } else { 0.0 };
        let mut values = Vec::new();
        let mut left_out = false;
        for (letter, default) in row.letters.iter().zip(row.defaults) {
            let given = commands.number(row.code, *letter, least)?;
            // Without T filament comes again as fast as it is drawn back.
            let given = match given {
                None if row.figure == "retraction.return_speed" => {
                    commands.number(row.code, b'F', least)?
                }
                given => given,
            };
            left_out |= given.is_none();
            values.push(given.map_or(*default, |v| v * row.scale));
        }
        if left_out {
            let why = if values.len() > 1 {
                "RepRapFirmware's default, where the file leaves out an axis"
            } else {
                "RepRapFirmware's default"
            };
            guessed.push((row.figure.to_string(), Source::guess(why)));
        }
        let value = match values.as_slice() {
            [v] => Value::Number(*v),
            _ => Value::Numbers(values),
        };
        set(row.figure, value)?;
    }
    if let Some(policy) = commands.number(5660, b'P', 0.0)? {
        set("reprapfirmware.joins_all", Value::Flag(policy != 0.0))?;
    }
    let [low, high] = bed(text)?;
    if high.iter().any(|v| v.is_finite()) {
        set("bed_min", Value::Numbers(low.to_vec()))?;
        set("bed_max", Value::Numbers(high.to_vec()))?;
    }
    let mut machine = draft.finish()?;
    machine.sources.extend(guessed);
    let notes = guesses(&machine);
    Ok((machine, notes))
}

/// The low and high ends of X, Y and Z by M208: `X0:200`, or `X200 S0` and `X0 S1`, mm;
/// not known is infinite.
fn bed(text: &str) -> Result<[[f64; 3]; 2], Error> {
    let mut ends = [[f64::NEG_INFINITY; 3], [f64::INFINITY; 3]];
    let lines = text.lines().zip(1_usize..);
    for (words, line) in lines.filter_map(|(l, n)| Some((command(l).filter(|c| c.0 == 2080)?.1, n)))
    {
        let low = words.split_ascii_whitespace().any(|w| w == "S1");
        for word in words.split_ascii_whitespace() {
            let Some(axis) = b"XYZ".iter().position(|a| *a == word.as_bytes()[0]) else {
                continue;
            };
            let number = |text: &str| {
                text.parse()
                    .ok()
                    .filter(|v: &f64| v.is_finite())
                    .ok_or_else(|| {
                        let what = format!("line {line}: M208 {word} has no number");
                        Error::new(ErrorKind::InvalidConfig, what)
                    })
            };
            match word[1..].split_once(':') {
                Some((min, max)) => (ends[0][axis], ends[1][axis]) = (number(min)?, number(max)?),
                None => ends[usize::from(!low)][axis] = number(&word[1..])?,
            }
        }
    }
    // A high end alone begins at 0.
    let [low, high] = &mut ends;
    for (low, high) in low.iter_mut().zip(high) {
        if high.is_finite() && !low.is_finite() {
            *low = 0.0;
        }
    }
    Ok(ends)
}

#[cfg(test)]
#[allow(clippy::float_cmp)] // exact values are meant
mod tests {
    use super::*;
    use crate::machine::{Firmware, RepRapFirmware, read};

    const CONFIG: &str = "; a lab's own\nM550 P\"Lab\"\nM669 K1\nM584 X0 Y1 Z2 E3\n\
        M92 X100.00 Y100.00 Z400.00 E420.00:430.00\nM566 X600.00 Y600.00 Z60.00 E300.00:300.00 P1\n\
        M203 X12000.00 Y12000.00 Z600.00 E3600.00 I6\nM201 X2000.00 Y2000.00 Z100.00 E1000.00\n\
        M204 P1500 T2000\nM208 X0 Y-5 Z0 S1\nM208 X230 Y210 Z200 S0\n\
        M207 S0.8 R0.1 F2400 T1200 Z0.2\n";

    fn duet(text: &str) -> (Machine, RepRapFirmware, Diagnostics) {
        let (machine, notes) = read("m", text.as_bytes()).unwrap();
        let Firmware::RepRapFirmware(r) = machine.firmware.clone() else {
            panic!("{machine:?}");
        };
        (machine, *r, notes)
    }

    #[test]
    fn a_config_is_read() {
        let (m, r, notes) = duet(CONFIG);
        assert_eq!(m.steps_per_mm, [100.0, 100.0, 400.0]);
        let speeds = [
            m.max_rate[0],
            m.max_rate[2],
            r.filament_max_rate,
            r.least_speed,
        ];
        for (v, expected) in speeds.into_iter().zip([200.0, 10.0, 60.0, 0.1]) {
            assert!((v - expected).abs() < 1e-9, "{v}");
        }
        assert_eq!(
            (m.acceleration[2], r.filament_acceleration),
            (100.0, 1000.0)
        );
        assert_eq!(
            (r.print_acceleration, r.travel_acceleration),
            (1500.0, 2000.0)
        );
        for (v, expected) in r.jerk.into_iter().zip([10.0, 10.0, 1.0, 5.0]) {
            assert!((v - expected).abs() < 1e-9, "{v}");
        }
        assert!(r.joins_all && r.filament_steps_per_mm == 420.0);
        let back = r.retraction.unwrap();
        assert_eq!((back.length, back.extra, back.hop), (0.8, 0.1, 0.2));
        assert!((back.speed - 40.0).abs() < 1e-9 && (back.return_speed - 20.0).abs() < 1e-9);
        let bed = m.bed.unwrap();
        assert_eq!((bed.min.y, bed.max.x, bed.max.z), (-5.0, 230.0, 200.0));
        // Only how many moves it looks ahead stands in no file.
        assert_eq!(m.sources.keys().collect::<Vec<_>>(), ["planner_blocks"]);
        let codes: Vec<_> = notes.as_slice().iter().map(|d| d.code).collect();
        assert!(codes.contains(&crate::machine::UNCHECKED_PLANNER));
    }

    #[test]
    fn what_is_left_out_is_guessed() {
        let (m, r, notes) = duet("M584 X0\nM201 X2000 Y2000\nM208 X0:300\nM207 S1 F1800\n");
        assert_eq!(m.acceleration, [2000.0, 2000.0, 20.0]);
        assert_eq!(r.jerk, [15.0, 15.0, 0.2, 2.0]);
        assert!(!r.joins_all);
        let back = r.retraction.unwrap();
        assert_eq!(back.speed.to_bits(), back.return_speed.to_bits());
        assert_eq!(m.bed.unwrap().max.x, 300.0);
        for name in [
            "acceleration",
            "reprapfirmware.jerk",
            "reprapfirmware.joins_all",
        ] {
            assert!(m.sources[name].guess, "{name}");
            let said = |d: &crate::diag::Diagnostic| d.message.contains(name);
            assert!(notes.as_slice().iter().any(said), "{name}");
        }
    }

    #[test]
    fn what_has_no_number_is_an_error() {
        for (text, said) in [
            ("M584 X0\nM566 X{var.jerk}\n", "line 2: M566 X{var.jerk}"),
            ("M584 X0\nM208 Xa\n", "line 2: M208 Xa"),
            ("M584 X0\nM201 X0\n", "must be above 0"),
        ] {
            let e = read("m", text.as_bytes()).unwrap_err().to_string();
            assert!(e.contains(said), "{e}");
        }
    }
}
