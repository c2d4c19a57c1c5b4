//! A trajet machine profile: TOML with the machine's own words and units.
//!
//! ```toml
//! name = "our diode laser"
//! firmware = "grbl"                    # or "grbl-hal"
//! steps_per_mm = [80.0, 80.0, 80.0]    # X, Y, Z
//! max_rate = [6000.0, 6000.0, 1000.0]  # mm/min, as $110 to $112
//! acceleration = [700.0, 500.0, 100.0] # mm/s²
//! travel = [400.0, 400.0, 50.0]        # mm, $130 to $132; 0: not known
//! origin = [0.0, 0.0, 25.0]            # mm from the low ends to the program's zero
//! junction_deviation = 0.01            # mm, $11
//! arcs = true                          # false: it runs none; curves become lines
//! least_arc = 0.0                      # mm, the shortest that is worth it
//! greatest_radius = 10000.0            # mm
//! arc_tolerance = 0.002                # mm, $12
//! idle_delay_ms = 25                   # $1
//! laser_mode = true                    # $32
//! power_max = 1000                     # $30
//! power_min = 0                        # $31
//! planner_blocks = 15
//! ```
//!
//! `max_rate` and `acceleration` must be given; the rest has GRBL's defaults.
//! Without `travel` nothing can be said about the bed. Without `origin` a program's
//! zero is at the low ends of X and Y, and anywhere in Z.

use super::{ArcSupport, Firmware, Machine, bed};
use crate::error::{Error, ErrorKind};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Profile {
    name: Option<String>,
    firmware: Option<Name>,
    steps_per_mm: Option<[f64; 3]>,
    max_rate: [f64; 3],
    acceleration: [f64; 3],
    travel: Option<[f64; 3]>,
    origin: Option<[f64; 3]>,
    junction_deviation: Option<f64>,
    arcs: Option<bool>,
    least_arc: Option<f64>,
    greatest_radius: Option<f64>,
    arc_tolerance: Option<f64>,
    idle_delay_ms: Option<f64>,
    laser_mode: Option<bool>,
    power_max: Option<f64>,
    power_min: Option<f64>,
    planner_blocks: Option<usize>,
}

/// Firmware by its name.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Name {
    Grbl,
    GrblHal,
}

pub(super) fn read(name: &str, text: &str) -> Result<Machine, Error> {
    let p: Profile = toml::from_str(text).map_err(|e| {
        Error::new(
            ErrorKind::Malformed,
            format!(
                "the machine profile cannot be read: {}",
                e.to_string().trim_end()
            ),
        )
    })?;
    let base = Machine::default();
    let travel = p.travel.map(|t| t.map(f64::abs));
    let origin = p.origin.map_or([None; 3], |o| o.map(Some));
    if travel
        .iter()
        .chain(&p.origin)
        .flatten()
        .any(|v| !v.is_finite())
    {
        return Err(Error::new(
            ErrorKind::InvalidConfig,
            "travel and origin must be finite numbers of mm",
        ));
    }
    let mut arcs = ArcSupport::default();
    arcs.least_length = p.least_arc.unwrap_or(arcs.least_length);
    arcs.greatest_radius = p.greatest_radius.unwrap_or(arcs.greatest_radius);
    let machine = Machine {
        name: p.name.unwrap_or_else(|| name.into()),
        firmware: match p.firmware {
            None => base.firmware,
            Some(Name::Grbl) => Firmware::Grbl,
            Some(Name::GrblHal) => Firmware::GrblHal,
        },
        steps_per_mm: p.steps_per_mm.unwrap_or(base.steps_per_mm),
        max_rate: p.max_rate.map(|v| v / 60.0),
        acceleration: p.acceleration,
        bed: travel.and_then(|t| bed::of(t, origin)),
        junction_deviation: p.junction_deviation.unwrap_or(base.junction_deviation),
        arcs: p.arcs.unwrap_or(true).then_some(arcs),
        arc_tolerance: p.arc_tolerance.unwrap_or(base.arc_tolerance),
        idle_delay: match p.idle_delay_ms {
            None => base.idle_delay,
            Some(ms) if ms > 0.0 && ms < 255.0 => Some(ms / 1000.0),
            // As `$1`: 0 waits for nothing, 255 keeps the motors on.
            Some(ms) if ms >= 0.0 => None,
            Some(ms) => {
                return Err(Error::new(
                    ErrorKind::InvalidConfig,
                    format!("idle_delay_ms must be 0 to 255, not {ms}"),
                ));
            }
        },
        laser_mode: p.laser_mode.unwrap_or(base.laser_mode),
        power_max: p.power_max.unwrap_or(base.power_max),
        power_min: p.power_min.unwrap_or(base.power_min),
        planner_blocks: p.planner_blocks.unwrap_or(base.planner_blocks),
    };
    machine.validate()?;
    Ok(machine)
}

#[cfg(test)]
#[allow(clippy::float_cmp)] // exact values are meant
mod tests {
    use super::read;

    #[test]
    fn unknown_keys_and_missing_ones_are_named() {
        let ok = "max_rate = [6000.0, 6000.0, 600.0]\nacceleration = [500.0, 500.0, 50.0]\n";
        assert_eq!(read("m", ok).unwrap().max_rate[2], 10.0);
        let e = read("m", &format!("{ok}speed = 3\n"))
            .unwrap_err()
            .to_string();
        assert!(e.contains("speed") && e.contains("line 3"), "{e}");
        assert!(read("m", "").unwrap_err().to_string().contains("max_rate"));
        let e = read("m", &format!("{ok}idle_delay_ms = -1\n"));
        assert!(e.unwrap_err().to_string().contains("idle_delay_ms"));
        let zero = ok.replace("500.0, 50.0", "0.0, 50.0");
        assert!(
            read("m", &zero)
                .unwrap_err()
                .to_string()
                .contains("acceleration of y")
        );
    }
}
