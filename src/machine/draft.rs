//! A machine in the making, figure by figure: from a profile, from a table of presets.

mod reprapfirmware;
mod smoothieware;

use super::figures::{KEYS, Value};
use super::values::{at_least_0, count, finite, flag, number, numbers, text};
use super::{
    ArcFormat, ArcSupport, Calibration, Corners, DeltaRim, Firmware, Klipper, KlipperExtruder,
    Machine, Marlin, RepRapFirmware, Retraction, Smoothieware, Source, Wait, bed,
};
use crate::error::{Error, ErrorKind};
use std::collections::BTreeSet;

/// A machine that has some of its figures.
#[derive(Debug)]
pub(super) struct Draft {
    machine: Machine,
    firmware: String,
    travel: Option<[f64; 3]>,
    origin: Option<[f64; 3]>,
    bed: [Option<[f64; 3]>; 2],
    has_arcs: bool,
    arcs: ArcSupport,
    klipper: Klipper,
    /// A delta's radii.
    rim: [Option<f64>; 2],
    extruder: KlipperExtruder,
    marlin: Marlin,
    reprapfirmware: RepRapFirmware,
    smoothieware: Smoothieware,
    retraction: Retraction,
    seen: BTreeSet<&'static str>,
}

/// Figures that have to be given.
const NEEDED_GRBL: [&str; 2] = ["max_rate", "acceleration"];
const NEEDED_KLIPPER: [&str; 2] = ["klipper.max_velocity", "klipper.max_accel"];
const NEEDED_MARLIN: [&str; 5] = [
    "max_speed",
    "acceleration",
    "marlin.filament_max_speed",
    "marlin.filament_acceleration",
    "marlin.print_acceleration",
];

/// Figures of GRBL that are taken from its defaults when they are not given.
const ASSUMED_GRBL: [&str; 7] = [
    "steps_per_mm",
    "junction_deviation",
    "arc_tolerance",
    "idle_delay_ms",
    "laser_mode",
    "power_max",
    "planner_blocks",
];

/// What grblHAL holds in its planner where `$398` says nothing else.
const HAL_BLOCKS: usize = 100;

impl Draft {
    /// A machine of this name of which nothing is known.
    pub(super) fn new(name: &str) -> Self {
        Self {
            machine: Machine {
                name: name.into(),
                bed: None,
                ..Machine::default()
            },
            firmware: "grbl".into(),
            travel: None,
            origin: None,
            bed: [None; 2],
            has_arcs: true,
            arcs: ArcSupport::default(),
            klipper: Klipper {
                max_velocity: 0.0,
                max_accel: 0.0,
                minimum_cruise_ratio: 0.5,
                accel_to_decel: false,
                square_corner_velocity: 5.0,
                max_z_velocity: 0.0,
                max_z_accel: 0.0,
                extruder: None,
                retraction: None,
                arc_resolution: None,
                rim: None,
            },
            rim: [None; 2],
            extruder: KlipperExtruder {
                max_only_velocity: 0.0,
                max_only_accel: 0.0,
                corner_velocity: 1.0,
                max_only_distance: 50.0,
                max_cross_section: 0.0,
                filament_diameter: 1.75,
                nozzle_diameter: 0.4,
            },
            marlin: Marlin {
                filament_steps_per_mm: 500.0,
                filament_max_rate: 0.0,
                filament_acceleration: 0.0,
                print_acceleration: 0.0,
                retract_acceleration: 0.0,
                travel_acceleration: 0.0,
                corners: Corners::Deviation(0.013),
                least_print_speed: 0.0,
                least_travel_speed: 0.0,
                least_segment_seconds: 0.02,
                retraction: None,
                volumetric_diameter: None,
            },
            reprapfirmware: reprapfirmware::START,
            smoothieware: smoothieware::START,
            retraction: Retraction::NONE,
            seen: BTreeSet::new(),
        }
    }

    /// Sets one figure; the message of what is wrong names it.
    pub(super) fn set(&mut self, name: &str, value: Value) -> Result<(), String> {
        let Some((known, ..)) = KEYS.into_iter().find(|(known, ..)| *known == name) else {
            return Err(format!("a machine has no figure {name}"));
        };
        if !self.seen.insert(known) {
            return Err(format!("{name} is given twice"));
        }
        let set = match known.rsplit_once('.') {
            None => self.set_shared(known, &value),
            Some(("waits", key)) => self.set_wait(key, &value),
            Some(("calibration", key)) => self.set_calibration(key, &value),
            Some(("smoothieware", key)) => self.set_smoothieware(key, &value),
            Some(("reprapfirmware", key)) => self.set_reprapfirmware(key, &value),
            Some(("klipper", "accel_to_decel")) => {
                flag(&value).map(|on| self.klipper.accel_to_decel = on)
            }
            Some((_, key)) if known.starts_with("marlin") => self.set_marlin(key, &value),
            Some((_, key)) => number(&value).and_then(|v| self.set_number(known, key, v)),
        };
        set.map_err(|what| format!("{name} {what}"))
    }

    /// The same with an error of its own, for what comes from no line of a profile.
    pub(super) fn put(&mut self, name: &str, value: Value) -> Result<(), Error> {
        self.set(name, value)
            .map_err(|what| Error::new(ErrorKind::InvalidConfig, what))
    }

    fn set_shared(&mut self, name: &str, value: &Value) -> Result<(), String> {
        let m = &mut self.machine;
        match name {
            "name" => m.name = text(value)?,
            "firmware" => self.firmware = text(value)?,
            "steps_per_mm" => m.steps_per_mm = numbers(value)?,
            "max_rate" => m.max_rate = numbers(value)?.map(|v| v / 60.0),
            "max_speed" => m.max_rate = numbers(value)?,
            "acceleration" => m.acceleration = numbers(value)?,
            "travel" => self.travel = Some(finite(numbers(value)?)?.map(f64::abs)),
            "origin" => self.origin = Some(finite(numbers(value)?)?),
            "bed_min" => self.bed[0] = Some(numbers(value)?),
            "bed_max" => self.bed[1] = Some(numbers(value)?),
            "junction_deviation" => m.junction_deviation = number(value)?,
            "arcs" => self.has_arcs = flag(value)?,
            "least_arc" => self.arcs.least_length = number(value)?,
            "greatest_radius" => self.arcs.greatest_radius = number(value)?,
            "upright_arcs" => self.arcs.upright = flag(value)?,
            "arc_format" => {
                let format = ArcFormat::by_letters(&text(value)?);
                self.arcs.format = format.ok_or("must be \"IJ\" or \"R\"")?;
            }
            "arc_tolerance" => m.arc_tolerance = number(value)?,
            // As `$1`: 0 waits for nothing, 255 keeps the motors on.
            "idle_delay_ms" => {
                let ms = at_least_0(number(value)?)?;
                m.idle_delay = (ms > 0.0 && ms < 255.0).then_some(ms / 1000.0);
            }
            "idle_delay" => {
                let s = at_least_0(number(value)?)?;
                m.idle_delay = (s > 0.0).then_some(s);
            }
            "spindle_on_delay" => m.switching.spindle_on = number(value)?,
            "spindle_off_delay" => m.switching.spindle_off = number(value)?,
            "coolant_on_delay" => m.switching.coolant_on = number(value)?,
            "laser_mode" => m.laser_mode = flag(value)?,
            "power_max" => m.power_max = number(value)?,
            "power_min" => m.power_min = number(value)?,
            "planner_blocks" => m.planner_blocks = count(value)?,
            "feed_override" => m.feed_override = number(value)?,
            _ => m.rapid_override = number(value)?,
        }
        Ok(())
    }

    fn set_wait(&mut self, key: &str, value: &Value) -> Result<(), String> {
        let seconds = at_least_0(number(value)?)?;
        let wait = Wait::by_name(key).ok_or("is no wait")?;
        let _ = self.machine.waits.insert(wait, seconds);
        Ok(())
    }

    fn set_calibration(&mut self, key: &str, value: &Value) -> Result<(), String> {
        // Without a scale of its own it is found to be none when the machine is whole.
        let empty = Calibration::new(f64::NAN, None, 0);
        let c = self.machine.calibration.get_or_insert(empty);
        match key {
            "scale" => c.scale = number(value)?,
            "band" => c.band = Some(numbers(value)?),
            _ => c.jobs = count(value)? as u32,
        }
        Ok(())
    }

    /// A number of Klipper, its extruder, or of retraction.
    fn set_number(&mut self, name: &str, key: &str, v: f64) -> Result<(), String> {
        let (k, e, r) = (&mut self.klipper, &mut self.extruder, &mut self.retraction);
        *(match key {
            "max_velocity" => &mut k.max_velocity,
            "max_accel" => &mut k.max_accel,
            "minimum_cruise_ratio" => &mut k.minimum_cruise_ratio,
            "square_corner_velocity" => &mut k.square_corner_velocity,
            "max_z_velocity" => &mut k.max_z_velocity,
            "max_z_accel" => &mut k.max_z_accel,
            "arc_resolution" => k.arc_resolution.insert(v),
            "slow_radius" => self.rim[0].insert(v),
            "very_slow_radius" => self.rim[1].insert(v),
            "nozzle_diameter" => &mut e.nozzle_diameter,
            "filament_diameter" => &mut e.filament_diameter,
            "max_extrude_only_velocity" => &mut e.max_only_velocity,
            "max_extrude_only_accel" => &mut e.max_only_accel,
            "instantaneous_corner_velocity" => &mut e.corner_velocity,
            "max_extrude_only_distance" => &mut e.max_only_distance,
            "max_extrude_cross_section" => &mut e.max_cross_section,
            "length" => &mut r.length,
            "speed" => &mut r.speed,
            "extra" => &mut r.extra,
            "return_speed" => &mut r.return_speed,
            "hop" => &mut r.hop,
            _ => return Err(format!("({name}) is no number")),
        }) = v;
        Ok(())
    }

    fn set_marlin(&mut self, key: &str, value: &Value) -> Result<(), String> {
        let m = &mut self.marlin;
        match key {
            "filament_steps_per_mm" => m.filament_steps_per_mm = number(value)?,
            "filament_max_speed" => m.filament_max_rate = number(value)?,
            "filament_acceleration" => m.filament_acceleration = number(value)?,
            "print_acceleration" => m.print_acceleration = number(value)?,
            "retract_acceleration" => m.retract_acceleration = number(value)?,
            "travel_acceleration" => m.travel_acceleration = number(value)?,
            "jerk" => m.corners = Corners::Jerk(numbers(value)?),
            "junction_deviation" => m.corners = Corners::Deviation(number(value)?),
            "least_print_speed" => m.least_print_speed = number(value)?,
            "least_travel_speed" => m.least_travel_speed = number(value)?,
            "least_segment_seconds" => m.least_segment_seconds = number(value)?,
            _ => m.volumetric_diameter = Some(number(value)?),
        }
        Ok(())
    }

    /// Says where figures come from that were not given.
    fn assume(&mut self, name: &'static str, what: &str) {
        if !self.has(name) {
            let source = Source::guess(what);
            let _ = self.machine.sources.insert(name.into(), source);
        }
    }

    fn has(&self, name: &str) -> bool {
        self.seen.contains(name)
    }

    fn has_table(&self, table: &str) -> bool {
        self.seen.iter().any(|name| name.starts_with(table))
    }

    /// What is needed, and what two figures say of one thing.
    fn agree(&self) -> Result<(), String> {
        let needed: &[&str] = match self.firmware.as_str() {
            "grbl" | "grbl-hal" => &NEEDED_GRBL,
            "klipper" => &NEEDED_KLIPPER,
            "marlin" => &NEEDED_MARLIN,
            "reprapfirmware" => &reprapfirmware::NEEDED,
            "smoothieware" => &smoothieware::NEEDED,
            other => {
                return Err(format!(
                    "the firmware {other} is not known; give grbl, grbl-hal, klipper, marlin, \
                     reprapfirmware or smoothieware"
                ));
            }
        };
        for name in needed {
            let other = match *name {
                "max_rate" => "max_speed",
                "max_speed" => "max_rate",
                name => name,
            };
            if !self.has(name) && !self.has(other) {
                return Err(format!("{name} is missing"));
            }
        }
        for of in ["klipper", "marlin", "reprapfirmware", "smoothieware"] {
            if self.firmware != of && self.has_table(&format!("{of}.")) {
                return Err(format!(
                    "figures of {of} are given, but the firmware is {}",
                    self.firmware
                ));
            }
        }
        if self.has_table("retraction.") && self.firmware == "smoothieware" {
            return Err("what Smoothieware draws back by itself is not modelled".into());
        }
        if self.has_table("retraction.") && self.firmware.starts_with("grbl") {
            return Err("GRBL draws no filament back".into());
        }
        for [a, b] in [
            ["max_rate", "max_speed"],
            ["idle_delay_ms", "idle_delay"],
            ["travel", "bed_min"],
            ["marlin.jerk", "marlin.junction_deviation"],
        ] {
            if self.has(a) && self.has(b) {
                return Err(format!("{a} and {b} say the same; give one"));
            }
        }
        let pieces = self.has("klipper.arc_resolution");
        if self.firmware == "klipper" && self.has("arcs") && self.has_arcs != pieces {
            return Err(if pieces {
                "arcs are run as pieces of klipper.arc_resolution; arcs = false denies it".into()
            } else {
                "arcs = true needs klipper.arc_resolution: without, Klipper runs none".into()
            });
        }
        for [a, b] in [
            ["bed_min", "bed_max"],
            ["klipper.slow_radius", "klipper.very_slow_radius"],
        ] {
            if self.has(a) != self.has(b) {
                return Err(format!("{a} and {b} go together"));
            }
        }
        Ok(())
    }

    /// The machine, with what was assumed among its sources.
    pub(super) fn finish(mut self) -> Result<Machine, Error> {
        self.agree()
            .map_err(|what| Error::new(ErrorKind::InvalidConfig, what))?;
        let retraction = self.has_table("retraction.").then_some(self.retraction);
        match self.firmware.as_str() {
            "klipper" => self.finish_klipper(retraction),
            "marlin" => self.finish_marlin(retraction),
            "smoothieware" => self.finish_smoothieware(),
            "reprapfirmware" => self.finish_reprapfirmware(retraction),
            hal => self.finish_grbl(hal == "grbl-hal"),
        }
        // Marlin has arcs in the plane XY alone unless a build is made otherwise.
        if self.firmware == "marlin" && !self.has("upright_arcs") {
            self.arcs.upright = false;
        }
        let mut machine = self.machine;
        // Klipper runs arcs as the pieces of a length that it is told, or not at all.
        let runs_arcs = match &machine.firmware {
            Firmware::Klipper(k) => k.arc_resolution.is_some(),
            _ => self.has_arcs,
        };
        machine.arcs = runs_arcs.then_some(self.arcs);
        machine.bed = match self.bed {
            [Some(min), Some(max)] => Some(crate::geom::Bounds {
                min: min.into(),
                max: max.into(),
            }),
            _ => {
                let origin = self.origin.map_or([None; 3], |o| o.map(Some));
                self.travel.and_then(|t| bed::of(t, origin))
            }
        };
        machine.validate()?;
        Ok(machine)
    }

    fn finish_grbl(&mut self, hal: bool) {
        let of = if hal { "grblHAL's" } else { "GRBL's" };
        if hal {
            self.machine.firmware = Firmware::GrblHal;
            if !self.has("planner_blocks") {
                self.machine.planner_blocks = HAL_BLOCKS;
            }
            // Its idle lock runs beside the program.
            if !self.has("idle_delay_ms") && !self.has("idle_delay") {
                self.machine.idle_delay = None;
            }
        }
        for name in ASSUMED_GRBL {
            if name == "idle_delay_ms" && (hal || self.has("idle_delay")) {
                continue;
            }
            self.assume(name, &format!("{of} default"));
        }
    }

    fn finish_klipper(&mut self, retraction: Option<Retraction>) {
        const OF: &str = "Klipper's default";
        for name in [
            "klipper.minimum_cruise_ratio",
            "klipper.square_corner_velocity",
            "klipper.max_z_velocity",
            "klipper.max_z_accel",
        ] {
            self.assume(name, OF);
        }
        let given = |has: bool, v: f64, or: f64| if has { v } else { or };
        let [z_v, z_a] = ["klipper.max_z_velocity", "klipper.max_z_accel"].map(|n| self.has(n));
        let k = &mut self.klipper;
        k.max_z_velocity = given(z_v, k.max_z_velocity, k.max_velocity);
        k.max_z_accel = given(z_a, k.max_z_accel, k.max_accel);
        k.retraction = retraction;
        let both = self.rim[0].zip(self.rim[1]);
        k.rim = both.map(|(slow_radius, very_slow_radius)| DeltaRim {
            slow_radius,
            very_slow_radius,
            max_velocity: k.max_velocity,
            max_accel: k.max_accel,
        });
        if self.has_table("klipper.extruder.") {
            for (name, ..) in KEYS
                .into_iter()
                .filter(|k| k.0.starts_with("klipper.extruder."))
            {
                self.assume(name, OF);
            }
            let named = |key: &str| {
                self.seen
                    .contains(format!("klipper.extruder.{key}").as_str())
            };
            let (k, e) = (&self.klipper, &self.extruder);
            // What is laid down may be four times as large as the nozzle's square, and
            // filament alone may move as fast as that needs.
            let section = 4.0 * e.nozzle_diameter * e.nozzle_diameter;
            let filament = std::f64::consts::PI * (0.5 * e.filament_diameter).powi(2);
            let ratio = section / filament;
            let speed = given(
                named("max_extrude_only_velocity"),
                e.max_only_velocity,
                k.max_velocity * ratio,
            );
            let accel = given(
                named("max_extrude_only_accel"),
                e.max_only_accel,
                k.max_accel * ratio,
            );
            let section = given(
                named("max_extrude_cross_section"),
                e.max_cross_section,
                section,
            );
            self.klipper.extruder = Some(KlipperExtruder {
                max_only_velocity: speed,
                max_only_accel: accel,
                max_cross_section: section,
                ..self.extruder.clone()
            });
        }
        let k = &self.klipper;
        if !self.has("max_speed") && !self.has("max_rate") {
            self.machine.max_rate = [k.max_velocity, k.max_velocity, k.max_z_velocity];
        }
        if !self.has("acceleration") {
            self.machine.acceleration = [k.max_accel, k.max_accel, k.max_z_accel];
        }
        self.machine.firmware = Firmware::Klipper(Box::new(self.klipper.clone()));
    }

    fn finish_marlin(&mut self, retraction: Option<Retraction>) {
        const OF: &str = "Marlin's default";
        if !self.has("steps_per_mm") {
            self.machine.steps_per_mm = [80.0, 80.0, 400.0];
        }
        for name in [
            "steps_per_mm",
            "planner_blocks",
            "marlin.filament_steps_per_mm",
            "marlin.least_segment_seconds",
        ] {
            self.assume(name, OF);
        }
        if !self.has("marlin.jerk") {
            self.assume("marlin.junction_deviation", OF);
        }
        if !self.has("planner_blocks") {
            self.machine.planner_blocks = 16;
        }
        let [retract, travel] =
            ["marlin.retract_acceleration", "marlin.travel_acceleration"].map(|n| self.has(n));
        let m = &mut self.marlin;
        if !retract {
            m.retract_acceleration = m.print_acceleration;
        }
        if !travel {
            m.travel_acceleration = m.print_acceleration;
        }
        m.retraction = retraction;
        self.assume("marlin.retract_acceleration", "as that of printing");
        self.assume("marlin.travel_acceleration", "as that of printing");
        self.machine.firmware = Firmware::Marlin(Box::new(self.marlin.clone()));
    }
}
