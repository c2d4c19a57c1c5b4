//! A GRBL `$$` dump: lines `$id=value`, with whatever a sender puts around them.

use super::{Firmware, Machine, Source, bed};
use crate::diag::{Code, Diagnostic, Diagnostics, Severity};
use crate::error::{Error, ErrorKind};

/// A setting that the file leaves out; a stated default is used.
pub const SETTING_ASSUMED: Code = Code("machine/setting-assumed");
/// The firmware was built with limits of jerk, which no planner here has.
pub const JERK: Code = Code("machine/jerk");

/// Settings that the time model needs, with what they mean.
const NEEDED: [(u16, &str); 15] = [
    (1, "step idle delay"),
    (11, "junction deviation"),
    (12, "arc tolerance"),
    (30, "greatest spindle speed"),
    (31, "least spindle speed"),
    (32, "laser mode"),
    (100, "X steps per mm"),
    (101, "Y steps per mm"),
    (102, "Z steps per mm"),
    (110, "X greatest rate"),
    (111, "Y greatest rate"),
    (112, "Z greatest rate"),
    (120, "X acceleration"),
    (121, "Y acceleration"),
    (122, "Z acceleration"),
];

/// The figure that a needed setting is a part of.
const fn figure(id: u16) -> &'static str {
    match id {
        1 => "idle_delay_ms",
        11 => "junction_deviation",
        12 => "arc_tolerance",
        30 => "power_max",
        31 => "power_min",
        32 => "laser_mode",
        100..=102 => "steps_per_mm",
        110..=112 => "max_rate",
        _ => "acceleration",
    }
}

/// grblHAL's own numbers: their presence tells it from GRBL.
const HAL_ONLY: [u16; 9] = [28, 376, 384, 392, 393, 394, 398, 539, 673];

/// Jerk of the axes in builds of grblHAL that have it.
const HAL_JERK: std::ops::RangeInclusive<u16> = 800..=805;

/// The number and value of a settings line, whatever stands before the `$` and
/// after the number.
pub(super) fn setting(line: &str) -> Option<(u16, &str)> {
    let at = line.find('$')?;
    let (id, value) = line[at + 1..].split_once('=')?;
    let id = id.trim().parse().ok()?;
    let value = value.trim_start();
    let end = value
        .find(|c: char| c.is_whitespace() || c == '(')
        .unwrap_or(value.len());
    Some((id, &value[..end]))
}

/// Reads a dump; what it leaves out keeps the value of GRBL's defaults, with a note.
pub(super) fn read(name: &str, text: &str) -> Result<(Machine, Diagnostics), Error> {
    let mut machine = Machine {
        name: name.into(),
        ..Machine::default()
    };
    // Without `$130` to `$132` nothing is known about the bed.
    let mut travel = [0.0; 3];
    let mut seen = std::collections::BTreeSet::new();
    for (i, line) in text.lines().enumerate() {
        if let Some((id, value)) = setting(line) {
            set(&mut machine, &mut travel, id, value, i + 1)?;
            let _ = seen.insert(id);
        } else {
            options(&mut machine, line);
        }
    }
    machine.bed = bed::of(travel, [None; 3]);
    let jerk = seen.range(HAL_JERK).next().copied();
    if jerk.is_some() || HAL_ONLY.iter().any(|id| seen.contains(id)) || text.contains("grblHAL") {
        machine.firmware = Firmware::GrblHal;
        // Its idle lock runs beside the program.
        machine.idle_delay = None;
        if !seen.contains(&398) && !text.contains("[OPT:") {
            machine.planner_blocks = 100;
        }
    }
    let mut left_out = Vec::new();
    for (id, what) in NEEDED {
        if !seen.contains(&id) {
            let source = Source::guess("GRBL's default, the file leaves out a part of it");
            let _ = machine.sources.insert(figure(id).into(), source);
            left_out.push(format!("${id} ({what})"));
        }
    }
    let mut diagnostics = Diagnostics::new();
    // One note has them all: of many, some would only be counted.
    if !left_out.is_empty() {
        diagnostics.push(Diagnostic::new(
            SETTING_ASSUMED,
            Severity::Note,
            format!(
                "not in the file, so GRBL's defaults are taken: {}",
                left_out.join(", ")
            ),
        ));
    }
    if let Some(id) = jerk {
        diagnostics.push(Diagnostic::new(
            JERK,
            Severity::Note,
            format!(
                "${id}: this grblHAL limits jerk, which lowers accelerations; that is not \
                 modelled, and jobs take longer than is said"
            ),
        ));
    }
    machine.validate()?;
    Ok((machine, diagnostics))
}

fn set(
    m: &mut Machine,
    travel: &mut [f64; 3],
    id: u16,
    value: &str,
    line: usize,
) -> Result<(), Error> {
    let axis = usize::from(id % 10);
    if !matches!(id, 1 | 11 | 12 | 30..=32 | 394 | 398 | 539 | 673 | 100..=102 | 110..=112 | 120..=122 | 130..=132)
    {
        return Ok(());
    }
    let v: f64 = value
        .parse()
        .ok()
        .filter(|v: &f64| v.is_finite())
        .ok_or_else(|| {
            Error::new(
                ErrorKind::InvalidConfig,
                format!("line {line}: ${id} has no number: `{value}`"),
            )
        })?;
    let positive = |v: f64| {
        if v > 0.0 {
            Ok(v)
        } else {
            Err(Error::new(
                ErrorKind::InvalidConfig,
                format!("line {line}: ${id} must be above 0, not {value}"),
            ))
        }
    };
    let at_least_0 = |v: f64| {
        if v >= 0.0 {
            Ok(v)
        } else {
            Err(Error::new(
                ErrorKind::InvalidConfig,
                format!("line {line}: ${id} must be 0 or more, not {value}"),
            ))
        }
    };
    match id {
        // 255 keeps the motors on and never waits.
        1 => m.idle_delay = (v < 255.0 && v > 0.0).then_some(v / 1000.0),
        // 0 stops at every corner.
        11 => m.junction_deviation = at_least_0(v)?,
        12 => m.arc_tolerance = positive(v)?,
        30 => m.power_max = positive(v)?,
        31 => m.power_min = v,
        // 2 is a lathe in grblHAL.
        32 => m.laser_mode = v as i64 == 1,
        394 => m.switching.spindle_on = at_least_0(v)?,
        539 => m.switching.spindle_off = at_least_0(v)?,
        673 => m.switching.coolant_on = at_least_0(v)?,
        398 => m.planner_blocks = positive(v)? as usize,
        100..=102 => m.steps_per_mm[axis] = positive(v)?,
        110..=112 => m.max_rate[axis] = positive(v)? / 60.0,
        120..=122 => m.acceleration[axis] = positive(v)?,
        _ => travel[axis] = v.abs(),
    }
    Ok(())
}

/// `[OPT:V,15,128]` of `$I`: the second item is the number of usable blocks.
fn options(m: &mut Machine, line: &str) {
    let Some(at) = line.find("[OPT:") else {
        return;
    };
    let blocks = line[at..].split(',').nth(1);
    if let Some(n) = blocks.and_then(|b| b.trim_end_matches(']').parse::<usize>().ok())
        && n > 0
    {
        m.planner_blocks = n;
    }
}

#[cfg(test)]
#[allow(clippy::float_cmp)] // exact values are meant
mod tests {
    use super::*;

    #[test]
    fn lines_of_every_kind() {
        assert_eq!(setting("$110=6000.000\r"), Some((110, "6000.000")));
        assert_eq!(
            setting("$110=6000.000 (x max rate, mm/min)"),
            Some((110, "6000.000"))
        );
        assert_eq!(setting("12:01:02 >>> $11 = 0.010"), Some((11, "0.010")));
        assert_eq!(setting("ok"), None);
        assert_eq!(setting("$N0=G21"), None);
    }

    #[test]
    fn no_junction_deviation_is_one() {
        let (m, _) = read("x", "$11=0.000\n").unwrap();
        assert!(m.junction_deviation == 0.0 && m.validate().is_ok());
        let e = read("x", "$11=-0.01").unwrap_err().to_string();
        assert!(e.contains("$11 must be 0 or more"), "{e}");
    }

    #[test]
    fn grblhal_waits_for_its_spindle() {
        let text = "$1=25\n$394=4.0\n$539=0.5\n$673=1\n$398=35\n";
        let (m, d) = read("x", text).unwrap();
        let s = m.switching;
        assert_eq!((s.spindle_on, s.spindle_off, s.coolant_on), (4.0, 0.5, 1.0));
        assert_eq!((m.firmware, m.planner_blocks), (Firmware::GrblHal, 35));
        assert_eq!(m.idle_delay, None);
        assert!(d.as_slice().iter().all(|d| d.code != JERK));
        let (m, d) = read("x", "$120=500\n$800=10000.0\n").unwrap();
        assert_eq!(m.firmware, Firmware::GrblHal);
        let note = d.as_slice().iter().find(|d| d.code == JERK).unwrap();
        assert!(note.message.contains("$800"), "{note:?}");
        let e = read("x", "$394=-1").unwrap_err().to_string();
        assert!(e.contains("$394 must be 0 or more"), "{e}");
    }

    #[test]
    fn a_dump_sets_the_machine_and_says_what_it_lacks() {
        let text = "$1=255\n$110=6000\n$120=700.5\n$32=1\n[OPT:V,35,255]\nok\n";
        let (m, d) = read("x", text).unwrap();
        assert_eq!(m.max_rate[0], 100.0);
        assert_eq!(m.acceleration[0], 700.5);
        assert_eq!((m.idle_delay, m.planner_blocks), (None, 35));
        let said = &d.as_slice()[0].message;
        assert_eq!(said.matches('$').count(), NEEDED.len() - 4, "{said}");
        assert!(said.contains("$11 (junction deviation)") && !said.contains("$110"));
        assert_eq!(m.bed, None);
        let bed = read("x", "$130=300\n$131=200.5").unwrap().0.bed.unwrap();
        assert_eq!((bed.min.x, bed.max.y), (0.0, 200.5));
        assert!(
            read("x", "$120=0")
                .unwrap_err()
                .to_string()
                .contains("$120")
        );
        assert!(
            read("x", "$120=NaN")
                .unwrap_err()
                .to_string()
                .contains("line 1")
        );
    }
}
