//! What the sections say of a machine, with Klipper's defaults and checks.

use super::super::SETTING_ASSUMED;
use super::super::source::{Source, Sources, guesses};
use super::super::{ArcSupport, DeltaRim, Firmware, Klipper, KlipperExtruder, Machine, Retraction};
use super::sections::{Sections, Value};
use crate::diag::{Code, Diagnostic, Diagnostics, Severity};
use crate::error::{Error, ErrorKind, shown};
use crate::geom::{Bounds, Point3};
use std::f64::consts::{PI, SQRT_2};

/// A kind of machine whose own limits are not modelled.
const KINEMATICS: Code = Code("machine/kinematics");

/// Kinematics whose limits are those of the head and of Z.
const PLAIN: [&str; 7] = [
    "cartesian",
    "corexy",
    "corexz",
    "hybrid_corexy",
    "hybrid_corexz",
    "generic_cartesian",
    "polar",
];
const DELTA: &str = "delta";

/// The least that a value may be.
#[derive(Clone, Copy)]
enum Least {
    /// Above 0.
    Above,
    /// 0 or more.
    Zero,
    /// 1 or more.
    One,
    /// Anything.
    Any,
}

/// The sections, and what there is to say about them.
struct Reader<'a> {
    sections: &'a Sections,
    found: Diagnostics,
    /// The figures that were guessed, by their names in a profile.
    guessed: Sources,
}

impl Reader<'_> {
    /// The number of a key, where it stands.
    fn number(&self, section: &str, key: &str, least: Least) -> Result<Option<f64>, Error> {
        let Some(Value { text, place }) = self.sections.get(section, key) else {
            return Ok(None);
        };
        let wrong = |what: &str| {
            let message = format!("{place}: {key} of [{section}] {what}: `{}`", shown(text));
            Err(Error::new(ErrorKind::InvalidConfig, message))
        };
        let number = text.parse::<f64>().ok().filter(|v| v.is_finite());
        let Some(v) = number else {
            return wrong("is no number");
        };
        match least {
            Least::Above if v <= 0.0 => wrong("must be above 0"),
            Least::Zero if v < 0.0 => wrong("must not be below 0"),
            Least::One if v < 1.0 => wrong("must be 1 or more"),
            _ => Ok(Some(v)),
        }
    }

    /// The same, or Klipper's default, which is a guess.
    fn or(&mut self, section: &str, key: &str, least: Least, default: f64) -> Result<f64, Error> {
        let number = self.number(section, key, least)?;
        if number.is_none() {
            let table = if section == "printer" {
                "klipper"
            } else {
                "klipper.extruder"
            };
            let source = Source::guess("Klipper's default, not in the file");
            let _ = self.guessed.insert(format!("{table}.{key}"), source);
        }
        Ok(number.unwrap_or(default))
    }

    /// A limit of the head: as it is now, or as it is configured.
    fn head(&self, key: &str, least: Least) -> Result<Option<f64>, Error> {
        let now = self.number("toolhead", key, least)?;
        Ok(now.or(self.number("printer", key, least)?))
    }

    fn needed(&self, key: &str) -> Result<f64, Error> {
        self.head(key, Least::Above)?.ok_or_else(|| {
            let message = format!("[printer] has no {key}, without which Klipper does not start");
            Error::new(ErrorKind::InvalidConfig, message)
        })
    }

    fn klipper(&mut self) -> Result<Klipper, Error> {
        let (max_velocity, max_accel) = (self.needed("max_velocity")?, self.needed("max_accel")?);
        let ratio = self.head("minimum_cruise_ratio", Least::Zero)?;
        let old = self.head("max_accel_to_decel", Least::Above)?;
        let ratio = match (ratio, old) {
            (Some(ratio), _) => ratio,
            (None, Some(a)) => 1.0 - (a / max_accel).min(1.0),
            (None, None) => self.or("printer", "minimum_cruise_ratio", Least::Zero, 0.5)?,
        };
        if ratio >= 1.0 {
            return Err(Error::new(
                ErrorKind::InvalidConfig,
                format!("minimum_cruise_ratio of [printer] must be below 1, not {ratio}"),
            ));
        }
        let corner = match self.head("square_corner_velocity", Least::Zero)? {
            Some(v) => v,
            None => self.or("printer", "square_corner_velocity", Least::Zero, 5.0)?,
        };
        // The defaults go by the configured limits of the head, not by those of now.
        let own = |key, now| Ok(self.number("printer", key, Least::Above)?.unwrap_or(now));
        let (own_v, own_a) = (
            own("max_velocity", max_velocity)?,
            own("max_accel", max_accel)?,
        );
        let retraction = self.retraction()?;
        let arcs = self.sections.has("gcode_arcs");
        let resolution = self.number("gcode_arcs", "resolution", Least::Above)?;
        Ok(Klipper {
            max_velocity,
            max_accel,
            minimum_cruise_ratio: ratio,
            accel_to_decel: old.is_some(),
            square_corner_velocity: corner,
            max_z_velocity: self.or("printer", "max_z_velocity", Least::Above, own_v)?,
            max_z_accel: self.or("printer", "max_z_accel", Least::Above, own_a)?,
            extruder: self.extruder(own_v, own_a)?,
            retraction,
            arc_resolution: arcs.then_some(resolution.unwrap_or(1.0)),
            rim: self.rim(own_v, own_a)?,
        })
    }

    /// The hot end. Its limits without being told are those at which the head lays down
    /// a square of four nozzles' size.
    fn extruder(&mut self, max_v: f64, max_a: f64) -> Result<Option<KlipperExtruder>, Error> {
        const NAME: &str = "extruder";
        if !self.sections.has(NAME) {
            self.found.push(Diagnostic::new(
                SETTING_ASSUMED,
                Severity::Note,
                "[extruder] is not in the file; filament has no limits of its own",
            ));
            return Ok(None);
        }
        let nozzle_diameter = self.or(NAME, "nozzle_diameter", Least::Above, 0.4)?;
        let filament_diameter = self.or(NAME, "filament_diameter", Least::Above, 1.75)?;
        let widest = 4.0 * nozzle_diameter * nozzle_diameter;
        let filament = PI * (filament_diameter / 2.0) * (filament_diameter / 2.0);
        let ratio = widest / filament;
        let quiet = |key, least, default| {
            Ok::<f64, Error>(self.number(NAME, key, least)?.unwrap_or(default))
        };
        let corner_velocity = quiet("instantaneous_corner_velocity", Least::Zero, 1.0)?;
        let max_only_distance = quiet("max_extrude_only_distance", Least::Zero, 50.0)?;
        let max_cross_section = quiet("max_extrude_cross_section", Least::Above, widest)?;
        Ok(Some(KlipperExtruder {
            max_only_velocity: self.or(
                NAME,
                "max_extrude_only_velocity",
                Least::Above,
                max_v * ratio,
            )?,
            max_only_accel: self.or(NAME, "max_extrude_only_accel", Least::Above, max_a * ratio)?,
            corner_velocity,
            max_only_distance,
            max_cross_section,
            filament_diameter,
            nozzle_diameter,
        }))
    }

    fn retraction(&self) -> Result<Option<Retraction>, Error> {
        const NAME: &str = "firmware_retraction";
        if !self.sections.has(NAME) {
            return Ok(None);
        }
        let get = |key, least, default| {
            Ok::<f64, Error>(self.number(NAME, key, least)?.unwrap_or(default))
        };
        let none = Retraction::NONE;
        Ok(Some(Retraction {
            length: get("retract_length", Least::Zero, none.length)?,
            speed: get("retract_speed", Least::One, none.speed)?,
            extra: get("unretract_extra_length", Least::Zero, none.extra)?,
            return_speed: get("unretract_speed", Least::One, none.return_speed)?,
            hop: 0.0,
        }))
    }

    /// Where a delta machine goes slower, where all is there that it follows from.
    fn rim(&self, max_v: f64, max_a: f64) -> Result<Option<DeltaRim>, Error> {
        let kinematics = self.sections.get("printer", "kinematics");
        let radius = self.number("printer", "delta_radius", Least::Above)?;
        let first = self.number(TOWERS[0], "arm_length", Least::Above)?;
        let (Some(radius), Some(first)) = (radius, first) else {
            return Ok(None);
        };
        if kinematics.is_none_or(|k| k.text != DELTA) {
            return Ok(None);
        }
        // The shortest step counts.
        let (mut arm, mut step) = (first, f64::INFINITY);
        for tower in TOWERS {
            let own = self.number(tower, "arm_length", Least::Above)?;
            arm = arm.min(own.unwrap_or(first));
            step = self.steps(tower)?.map_or(step, |s| step.min(1.0 / s));
        }
        let step = if step.is_finite() { step } else { 0.0 };
        Ok(Some(DeltaRim::new(arm, radius, step, max_v, max_a)))
    }

    /// Where the head can go; Klipper's coordinates are those of its steppers.
    fn bed(&self) -> Result<Option<Bounds>, Error> {
        let (mut min, mut max) = ([f64::NEG_INFINITY; 3], [f64::INFINITY; 3]);
        for (i, name) in AXES.iter().enumerate() {
            if let Some(high) = self.number(name, "position_max", Least::Any)? {
                let low = self.number(name, "position_min", Least::Any)?;
                (min[i], max[i]) = (low.unwrap_or(0.0), high);
            }
        }
        let known = max.iter().any(|m| m.is_finite());
        Ok(known.then(|| Bounds {
            min: Point3::from(min),
            max: Point3::from(max),
        }))
    }

    /// Steps for each mm, where all is there that they follow from.
    fn steps(&self, axis: &str) -> Result<Option<f64>, Error> {
        let turn_d = self.number(axis, "rotation_distance", Least::Above)?;
        let micro = self.number(axis, "microsteps", Least::Above)?;
        let (Some(turn_d), Some(micro)) = (turn_d, micro) else {
            return Ok(None);
        };
        let whole = self.number(axis, "full_steps_per_rotation", Least::Above)?;
        let gears = self
            .sections
            .get(axis, "gear_ratio")
            .map_or("", |v| &v.text);
        let mut ratio = 1.0;
        for pair in gears.split(',').filter(|p| !p.trim().is_empty()) {
            let part = |s: &str| s.trim().parse::<f64>().ok().filter(|v| *v > 0.0);
            let parts = pair.split_once(':').map(|(a, b)| (part(a), part(b)));
            let Some((Some(a), Some(b))) = parts else {
                return Ok(None);
            };
            ratio *= a / b;
        }
        Ok(Some(whole.unwrap_or(200.0) * micro * ratio / turn_d))
    }

    fn kinematics(&mut self, klipper: &Klipper) {
        let Some(value) = self.sections.get("printer", "kinematics") else {
            return;
        };
        // Forks have limited_corexy and the like.
        let name = value.text.trim_start_matches("limited_");
        if !PLAIN.contains(&name) && klipper.rim.is_none() {
            self.found.push(Diagnostic::new(
                KINEMATICS,
                Severity::Note,
                format!(
                    "the machine's kinematics are {}; limits that only they have are not modelled",
                    shown(&value.text)
                ),
            ));
        }
    }
}

const TOWERS: [&str; 3] = ["stepper_a", "stepper_b", "stepper_c"];
const AXES: [&str; 3] = ["stepper_x", "stepper_y", "stepper_z"];

/// The machine of these sections, called `name`.
pub(super) fn machine(name: &str, sections: &Sections) -> Result<(Machine, Diagnostics), Error> {
    let mut reader = Reader {
        sections,
        found: Diagnostics::new(),
        guessed: Sources::new(),
    };
    let klipper = reader.klipper()?;
    let base = Machine::default();
    let mut steps_per_mm = base.steps_per_mm;
    for (slot, axis) in steps_per_mm.iter_mut().zip(AXES) {
        *slot = reader.steps(axis)?.unwrap_or(*slot);
    }
    reader.kinematics(&klipper);
    let corner_v2 = klipper.square_corner_velocity * klipper.square_corner_velocity;
    let deviation_d = corner_v2 * (SQRT_2 - 1.0) / klipper.max_accel;
    let machine = Machine {
        name: name.into(),
        steps_per_mm,
        max_rate: [
            klipper.max_velocity,
            klipper.max_velocity,
            klipper.max_z_velocity,
        ],
        acceleration: [klipper.max_accel, klipper.max_accel, klipper.max_z_accel],
        bed: reader.bed()?,
        // It may be 0 here, where every corner is a stop.
        junction_deviation: deviation_d.max(f64::MIN_POSITIVE),
        arcs: klipper.arc_resolution.map(|_| ArcSupport::default()),
        idle_delay: None,
        laser_mode: false,
        firmware: Firmware::Klipper(Box::new(klipper)),
        sources: reader.guessed,
        ..base
    };
    machine.validate()?;
    let mut found = reader.found;
    found.extend(guesses(&machine));
    Ok((machine, found))
}
