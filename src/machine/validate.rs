use super::{ArcFormat, Firmware, Machine, Value};
use crate::error::{Error, ErrorKind};

/// Figures of printers that may be 0; what else has a name is more than that.
const MAY_BE_0: [&str; 14] = [
    "klipper.minimum_cruise_ratio",
    "klipper.square_corner_velocity",
    "klipper.extruder.instantaneous_corner_velocity",
    "klipper.extruder.max_extrude_only_distance",
    "marlin.jerk",
    "marlin.least_print_speed",
    "marlin.least_travel_speed",
    "marlin.least_segment_seconds",
    "reprapfirmware.jerk",
    "smoothieware.z_junction_deviation",
    "smoothieware.arc_segment",
    "retraction.length",
    "retraction.extra",
    "retraction.hop",
];

impl Machine {
    /// Checks that every limit can be used.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidConfig`] that names the first limit that is not a
    /// finite number above 0, or an override that the firmware has not.
    pub fn validate(&self) -> Result<(), Error> {
        let wrong = |what: String| Err(Error::new(ErrorKind::InvalidConfig, what));
        let check = |name: &str, v: f64| {
            if v.is_finite() && v > 0.0 {
                Ok(())
            } else {
                wrong(format!("{name} must be a finite number above 0, not {v}"))
            }
        };
        let check_0 = |name: &str, v: f64| {
            if v.is_finite() && v >= 0.0 {
                Ok(())
            } else {
                wrong(format!(
                    "{name} must be a finite number of at least 0, not {v}"
                ))
            }
        };
        for (i, axis) in ["x", "y", "z"].iter().enumerate() {
            check(&format!("steps per mm of {axis}"), self.steps_per_mm[i])?;
            check(&format!("greatest rate of {axis}"), self.max_rate[i])?;
            check(&format!("acceleration of {axis}"), self.acceleration[i])?;
        }
        check_0("the junction deviation", self.junction_deviation)?;
        check("the arc tolerance", self.arc_tolerance)?;
        let arcs = self.arcs.unwrap_or_default();
        check("the greatest radius", arcs.greatest_radius)?;
        check_0("the least arc", arcs.least_length)?;
        let center_only = matches!(
            self.firmware,
            Firmware::Klipper(_) | Firmware::Smoothieware(_)
        );
        if arcs.format == ArcFormat::Radius && center_only {
            let name = self.firmware.name();
            return wrong(format!("{name} reads arcs with I and J only, not with R"));
        }
        check("the greatest power", self.power_max)?;
        check_0("the least power", self.power_min)?;
        check("the idle delay", self.idle_delay.unwrap_or(1.0))?;
        let s = self.switching;
        check_0("the wait after the spindle is on", s.spindle_on)?;
        check_0("the wait after the spindle is off", s.spindle_off)?;
        check_0("the wait after coolant is on", s.coolant_on)?;
        check("the number of planner blocks", self.planner_blocks as f64)?;
        if let Some(bed) = &self.bed {
            let ends = bed.min.to_array().into_iter().zip(bed.max.to_array());
            for ((min, max), axis) in ends.zip(["X", "Y", "Z"]) {
                if min.is_nan() || max.is_nan() || min >= max {
                    return wrong(format!("the bed goes from {min} to {max} in {axis}"));
                }
            }
        }
        for (wait, seconds) in &self.waits {
            check_0(&format!("the time of {}", wait.name()), *seconds)?;
        }
        if self.calibration.is_some_and(|c| !c.is_valid()) {
            return wrong("the calibration must have a scale above 0 and a band around 1".into());
        }
        self.check_overrides().or_else(wrong)?;
        if matches!(self.firmware, Firmware::Grbl | Firmware::GrblHal) {
            return Ok(());
        }
        if let Firmware::Klipper(k) = &self.firmware
            && k.minimum_cruise_ratio >= 1.0
        {
            let ratio = k.minimum_cruise_ratio;
            return wrong(format!("minimum_cruise_ratio must be below 1, not {ratio}"));
        }
        for figure in self.figures() {
            if !figure.name.contains('.') {
                continue;
            }
            let values = match figure.value {
                Value::Number(v) => vec![v],
                Value::Numbers(all) => all,
                Value::Flag(_) | Value::Text(_) => continue,
            };
            let may_be_0 =
                MAY_BE_0.contains(&figure.name.as_str()) || figure.name.starts_with("waits.");
            // Marlin takes back less than it drew, too.
            let may_be_less =
                figure.name == "retraction.extra" && matches!(self.firmware, Firmware::Marlin(_));
            for v in values {
                if may_be_less && v.is_finite() {
                    continue;
                }
                if may_be_0 {
                    check_0(&figure.name, v)?;
                } else {
                    check(&figure.name, v)?;
                }
            }
        }
        Ok(())
    }

    fn check_overrides(&self) -> Result<(), String> {
        let (feed, rapid) = (self.feed_override, self.rapid_override);
        if !(10.0..=200.0).contains(&feed) {
            return Err(format!("the feed override must be 10 to 200 %, not {feed}"));
        }
        let grbl = matches!(self.firmware, Firmware::Grbl | Firmware::GrblHal);
        let steps: &[f64] = if grbl { &[100.0, 50.0, 25.0] } else { &[100.0] };
        if steps.iter().any(|s| s.total_cmp(&rapid).is_eq()) {
            return Ok(());
        }
        Err(if grbl {
            format!("the rapid override must be 100, 50 or 25 %, not {rapid}")
        } else {
            format!("{} has no override of rapids", self.firmware.name())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_machine_has_is_named() {
        fn bed(min: [f64; 3]) -> Option<crate::geom::Bounds> {
            Some(crate::geom::Bounds {
                min: min.into(),
                max: [1.0; 3].into(),
            })
        }
        type Change = fn(&mut Machine);
        let cases: [(Change, &str); 9] = [
            (|m| m.bed = bed([f64::NAN, 0.0, 0.0]), "in X"),
            (|m| m.power_min = f64::NAN, "least power"),
            (|m| m.feed_override = 201.0, "10 to 200"),
            (|m| m.rapid_override = 75.0, "100, 50 or 25"),
            (|m| m.acceleration[1] = 0.0, "acceleration of y"),
            (|m| m.switching.coolant_on = -1.0, "coolant"),
            (|m| m.max_rate[2] = f64::INFINITY, "greatest rate of z"),
            (
                |m| m.waits.extend([(crate::machine::Wait::Homing, -1.0)]),
                "homing",
            ),
            (
                |m| m.arcs = m.arcs.map(|a| a.with_least_length(f64::NAN)),
                "least arc",
            ),
        ];
        for (change, named) in cases {
            let mut machine = Machine::default();
            machine.validate().unwrap();
            change(&mut machine);
            let e = machine.validate().unwrap_err().to_string();
            assert!(e.contains(named), "{e}");
        }
    }
}
