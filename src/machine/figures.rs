//! The figures of a machine by name, with their units: what a profile holds line by
//! line, and what is shown of a machine.
//!
//! Figures that mean nothing to a machine's firmware are left out where they are what
//! any machine begins with.

use super::{
    Calibration, Corners, Firmware, Klipper, KlipperExtruder, Machine, Marlin, RepRapFirmware,
    Retraction, Smoothieware, Wait, bed,
};

/// One figure of a machine.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Figure {
    /// Its name in a profile, with its table: `max_rate`, `klipper.max_accel`.
    pub name: String,
    /// What it is, in its unit.
    pub value: Value,
    /// The unit, for example `mm/min`; empty for what has none.
    pub unit: &'static str,
    /// What it says, with the firmware's own name for it.
    pub what: &'static str,
}

/// What a figure is.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Value {
    /// A number.
    Number(f64),
    /// Numbers of X, Y, Z, and of E where there are four; of two, from and to.
    Numbers(Vec<f64>),
    /// Yes or no.
    Flag(bool),
    /// A word.
    Text(String),
}

/// Name, unit and meaning of each figure, in the order of a profile; those of a table
/// stand together.
pub(super) const KEYS: [(&str, &str, &str); 90] = [
    ("name", "", "what the machine is called"),
    (
        "firmware",
        "",
        "grbl, grbl-hal, klipper, marlin, reprapfirmware or smoothieware",
    ),
    ("steps_per_mm", "1/mm", "X, Y, Z; $100 to $102, M92"),
    (
        "max_rate",
        "mm/min",
        "greatest speed of X, Y, Z; $110 to $112",
    ),
    ("max_speed", "mm/s", "greatest speed of X, Y, Z; M203"),
    ("acceleration", "mm/s²", "X, Y, Z; $120 to $122, M201"),
    ("travel", "mm", "of X, Y, Z, 0 is not known; $130 to $132"),
    (
        "origin",
        "mm",
        "from the low ends of X, Y, Z to a program's zero",
    ),
    (
        "bed_min",
        "mm",
        "low ends of X, Y, Z, seen from a program's zero",
    ),
    (
        "bed_max",
        "mm",
        "high ends of X, Y, Z, seen from a program's zero",
    ),
    ("junction_deviation", "mm", "$11"),
    (
        "arcs",
        "",
        "whether it runs G2 and G3; without, curves become lines",
    ),
    ("least_arc", "mm", "the shortest arc that is worth it"),
    ("greatest_radius", "mm", "of arcs"),
    ("upright_arcs", "", "whether it runs arcs in G18 and G19"),
    (
        "arc_format",
        "",
        "words that tell where an arc runs: IJ, or R, the radius",
    ),
    ("arc_tolerance", "mm", "$12"),
    (
        "idle_delay_ms",
        "ms",
        "wait after each stop, 0 or 255 is none; $1",
    ),
    ("idle_delay", "s", "wait after each stop, 0 is none"),
    (
        "spindle_on_delay",
        "s",
        "wait after M3 and M4, not for a laser; $394",
    ),
    (
        "spindle_off_delay",
        "s",
        "wait after M5, not for a laser; $539",
    ),
    ("coolant_on_delay", "s", "wait after M7 and M8; $673"),
    ("laser_mode", "", "$32"),
    ("power_max", "S", "full power; $30"),
    ("power_min", "S", "least power; $31"),
    (
        "planner_blocks",
        "",
        "how many blocks the planner holds; $I, $398",
    ),
    ("feed_override", "%", "of programmed feeds, 10 to 200"),
    ("rapid_override", "%", "of rapids: 100, 50 or 25"),
    ("klipper.max_velocity", "mm/s", "greatest speed of the head"),
    (
        "klipper.max_accel",
        "mm/s²",
        "greatest acceleration of the head",
    ),
    (
        "klipper.minimum_cruise_ratio",
        "",
        "share of short moves at constant speed",
    ),
    (
        "klipper.square_corner_velocity",
        "mm/s",
        "speed of a right-angled corner",
    ),
    ("klipper.max_z_velocity", "mm/s", "greatest speed of Z"),
    ("klipper.max_z_accel", "mm/s²", "greatest acceleration of Z"),
    (
        "klipper.arc_resolution",
        "mm",
        "pieces of arcs; without, G2 and G3 are not run",
    ),
    (
        "klipper.accel_to_decel",
        "",
        "whether the host is one that knows ACCEL_TO_DECEL",
    ),
    (
        "klipper.slow_radius",
        "mm",
        "from the middle of a delta: half of the limits beyond",
    ),
    (
        "klipper.very_slow_radius",
        "mm",
        "from the middle of a delta: a quarter of the limits beyond",
    ),
    ("klipper.extruder.nozzle_diameter", "mm", ""),
    ("klipper.extruder.filament_diameter", "mm", ""),
    ("klipper.extruder.max_extrude_only_velocity", "mm/s", ""),
    ("klipper.extruder.max_extrude_only_accel", "mm/s²", ""),
    ("klipper.extruder.instantaneous_corner_velocity", "mm/s", ""),
    ("klipper.extruder.max_extrude_only_distance", "mm", ""),
    ("klipper.extruder.max_extrude_cross_section", "mm²", ""),
    ("marlin.filament_steps_per_mm", "1/mm", "M92 E"),
    ("marlin.filament_max_speed", "mm/s", "M203 E"),
    ("marlin.filament_acceleration", "mm/s²", "M201 E"),
    ("marlin.print_acceleration", "mm/s²", "M204 P"),
    ("marlin.retract_acceleration", "mm/s²", "M204 R"),
    ("marlin.travel_acceleration", "mm/s²", "M204 T"),
    (
        "marlin.jerk",
        "mm/s",
        "X, Y, Z, E, for classic jerk; M205 X Y Z E",
    ),
    ("marlin.junction_deviation", "mm", "instead of jerk; M205 J"),
    ("marlin.least_print_speed", "mm/s", "M205 S"),
    ("marlin.least_travel_speed", "mm/s", "M205 T"),
    (
        "marlin.least_segment_seconds",
        "s",
        "of a piece while few are held; M205 B",
    ),
    (
        "marlin.volumetric_diameter",
        "mm",
        "where E counts in mm³; M200 D",
    ),
    ("reprapfirmware.filament_steps_per_mm", "1/mm", "M92 E"),
    (
        "reprapfirmware.filament_max_speed",
        "mm/s",
        "M203 E, which is per minute",
    ),
    ("reprapfirmware.filament_acceleration", "mm/s²", "M201 E"),
    ("reprapfirmware.print_acceleration", "mm/s²", "M204 P"),
    ("reprapfirmware.travel_acceleration", "mm/s²", "M204 T"),
    (
        "reprapfirmware.jerk",
        "mm/s",
        "X, Y, Z, E; M566, which is per minute",
    ),
    (
        "reprapfirmware.joins_all",
        "",
        "whether moves of all kinds go into each other; M566 P",
    ),
    (
        "reprapfirmware.least_speed",
        "mm/s",
        "M203 I, which is per minute",
    ),
    (
        "smoothieware.acceleration",
        "mm/s²",
        "of every move along its path; acceleration",
    ),
    (
        "smoothieware.z_junction_deviation",
        "mm",
        "of moves in Z alone; without, as the others",
    ),
    (
        "smoothieware.seek_speed",
        "mm/s",
        "of G0; default_seek_rate, which is per minute",
    ),
    (
        "smoothieware.arc_segment",
        "mm",
        "least pieces of arcs; mm_per_arc_segment",
    ),
    ("smoothieware.filament_steps_per_mm", "1/mm", ""),
    ("smoothieware.filament_max_speed", "mm/s", ""),
    (
        "smoothieware.filament_acceleration",
        "mm/s²",
        "of filament alone",
    ),
    ("retraction.length", "mm", "drawn back by G10; M207 S"),
    ("retraction.speed", "mm/s", "M207 F"),
    ("retraction.extra", "mm", "fed beyond that by G11; M208 S"),
    ("retraction.return_speed", "mm/s", "M208 F"),
    ("retraction.hop", "mm", "lift of the head meanwhile; M207 Z"),
    ("waits.operator", "s", "each time the operator has to act"),
    ("waits.probe", "s", "each probing move"),
    ("waits.homing", "s", "each homing cycle"),
    ("waits.tool-change", "s", "each tool change"),
    ("waits.heating", "s", "each wait until something is hot"),
    (
        "waits.levelling",
        "s",
        "each time the bed is probed or levelled",
    ),
    ("waits.spindle", "s", "each turn of the spindle to a place"),
    ("waits.clamp", "s", "each time a clamp opens or closes"),
    ("waits.thread", "s", "each move in step with the spindle"),
    ("waits.macro", "s", "each macro"),
    (
        "calibration.scale",
        "",
        "all times are multiplied by it; of trajet calibrate",
    ),
    (
        "calibration.band",
        "",
        "19 of 20 jobs take from so many to so many times that",
    ),
    ("calibration.jobs", "", "in the log"),
];

/// What firmware only has tables of its own for.
const SHARED: [&str; 14] = [
    "name",
    "firmware",
    "max_rate",
    "max_speed",
    "acceleration",
    "travel",
    "origin",
    "bed_min",
    "bed_max",
    "arcs",
    "least_arc",
    "greatest_radius",
    "upright_arcs",
    "arc_format",
];

impl Machine {
    /// Its figures, in the order of a profile.
    #[must_use]
    pub fn figures(&self) -> Vec<Figure> {
        let start = Self::default();
        let mut all = Vec::new();
        for (name, unit, what) in KEYS {
            let Some(value) = get(self, name) else {
                continue;
            };
            if is_used(&self.firmware, name) || get(&start, name).as_ref() != Some(&value) {
                all.push(Figure {
                    name: name.into(),
                    value,
                    unit,
                    what,
                });
            }
        }
        all
    }
}

/// Whether a figure means something to the firmware.
pub(super) fn is_used(firmware: &Firmware, name: &str) -> bool {
    let grbl = matches!(firmware, Firmware::Grbl | Firmware::GrblHal);
    let smoothie = matches!(firmware, Firmware::Smoothieware(_));
    // They count in steps.
    let printer = smoothie || matches!(firmware, Firmware::Marlin(_) | Firmware::RepRapFirmware(_));
    match name {
        "steps_per_mm" | "planner_blocks" => grbl || printer,
        "junction_deviation" | "arc_tolerance" => grbl || smoothie,
        // Most controllers do not wait.
        "spindle_on_delay" | "spindle_off_delay" | "coolant_on_delay" => false,
        // What a printer's head does not have.
        "feed_override" | "rapid_override" => false,
        _ => grbl || name.contains('.') || SHARED.contains(&name),
    }
}

fn get(m: &Machine, name: &str) -> Option<Value> {
    let numbers = |v: &[f64]| Some(Value::Numbers(v.to_vec()));
    let number = |v: f64| Some(Value::Number(v));
    if let Some((table, key)) = name.rsplit_once('.') {
        let v = match (table, &m.firmware) {
            ("klipper", Firmware::Klipper(k)) if key == "accel_to_decel" => {
                return k.accel_to_decel.then_some(Value::Flag(true));
            }
            ("klipper", Firmware::Klipper(k)) => of_klipper(k, key)?,
            ("klipper.extruder", Firmware::Klipper(k)) => of_extruder(k.extruder.as_ref()?, key)?,
            ("marlin", Firmware::Marlin(m)) => return of_marlin(m, key),
            ("reprapfirmware", Firmware::RepRapFirmware(r)) => return of_reprapfirmware(r, key),
            ("smoothieware", Firmware::Smoothieware(s)) => of_smoothieware(s, key)?,
            ("retraction", Firmware::RepRapFirmware(r)) => {
                of_retraction(r.retraction.as_ref()?, key)?
            }
            ("retraction", Firmware::Klipper(k)) => of_retraction(k.retraction.as_ref()?, key)?,
            ("retraction", Firmware::Marlin(m)) => of_retraction(m.retraction.as_ref()?, key)?,
            ("calibration", _) => return of_calibration(m.calibration?, key),
            ("waits", _) => *m.waits.get(&Wait::by_name(key)?)?,
            _ => return None,
        };
        return number(v);
    }
    let arcs = m.arcs.as_ref();
    match name {
        "name" => Some(Value::Text(m.name.clone())),
        "firmware" => Some(Value::Text(m.firmware.name().into())),
        "steps_per_mm" => numbers(&m.steps_per_mm),
        "max_rate" => numbers(&per_minute(m)?),
        // What follows from others is not said twice: one could be changed alone.
        "max_speed" if per_minute(m).is_none() => {
            let head = of_head(m, |k| [k.max_velocity, k.max_velocity, k.max_z_velocity]);
            numbers(&m.max_rate).filter(|_| head != Some(m.max_rate))
        }
        "acceleration" => {
            let head = of_head(m, |k| [k.max_accel, k.max_accel, k.max_z_accel]);
            numbers(&m.acceleration).filter(|_| head != Some(m.acceleration))
        }
        "travel" => numbers(&travel(m)?.0),
        "origin" => numbers(&travel(m)?.1?),
        "bed_min" if travel(m).is_none() => numbers(&m.bed?.min.to_array()),
        "bed_max" if travel(m).is_none() => numbers(&m.bed?.max.to_array()),
        "junction_deviation" => number(m.junction_deviation),
        "arcs" => Some(Value::Flag(m.arcs.is_some())),
        "least_arc" => number(arcs?.least_length),
        "greatest_radius" => number(arcs?.greatest_radius),
        "upright_arcs" => Some(Value::Flag(arcs?.upright)),
        "arc_format" => Some(Value::Text(arcs?.format.letters().into())),
        "arc_tolerance" => number(m.arc_tolerance),
        "idle_delay_ms" => number(idle_ms(m)?),
        "idle_delay" if idle_ms(m).is_none() => number(m.idle_delay?),
        "spindle_on_delay" => number(m.switching.spindle_on),
        "spindle_off_delay" => number(m.switching.spindle_off),
        "coolant_on_delay" => number(m.switching.coolant_on),
        "laser_mode" => Some(Value::Flag(m.laser_mode)),
        "power_max" => number(m.power_max),
        "power_min" => number(m.power_min),
        "planner_blocks" => number(m.planner_blocks as f64),
        "feed_override" => number(m.feed_override),
        "rapid_override" => number(m.rapid_override),
        _ => None,
    }
}

fn of_calibration(c: Calibration, key: &str) -> Option<Value> {
    match key {
        "scale" => Some(Value::Number(c.scale)),
        "band" => Some(Value::Numbers(c.band?.to_vec())),
        "jobs" => Some(Value::Number(f64::from(c.jobs))),
        _ => None,
    }
}

/// What Klipper's limits of the head and of Z are for the axes.
fn of_head(m: &Machine, axes: impl Fn(&Klipper) -> [f64; 3]) -> Option<[f64; 3]> {
    match &m.firmware {
        Firmware::Klipper(k) => Some(axes(k)),
        _ => None,
    }
}

fn of_klipper(k: &Klipper, key: &str) -> Option<f64> {
    Some(match key {
        "max_velocity" => k.max_velocity,
        "max_accel" => k.max_accel,
        "minimum_cruise_ratio" => k.minimum_cruise_ratio,
        "square_corner_velocity" => k.square_corner_velocity,
        "max_z_velocity" => k.max_z_velocity,
        "max_z_accel" => k.max_z_accel,
        "arc_resolution" => k.arc_resolution?,
        "slow_radius" => k.rim?.slow_radius,
        "very_slow_radius" => k.rim?.very_slow_radius,
        _ => return None,
    })
}

fn of_extruder(e: &KlipperExtruder, key: &str) -> Option<f64> {
    Some(match key {
        "nozzle_diameter" => e.nozzle_diameter,
        "filament_diameter" => e.filament_diameter,
        "max_extrude_only_velocity" => e.max_only_velocity,
        "max_extrude_only_accel" => e.max_only_accel,
        "instantaneous_corner_velocity" => e.corner_velocity,
        "max_extrude_only_distance" => e.max_only_distance,
        "max_extrude_cross_section" => e.max_cross_section,
        _ => return None,
    })
}

fn of_marlin(m: &Marlin, key: &str) -> Option<Value> {
    Some(Value::Number(match (key, m.corners) {
        ("filament_steps_per_mm", _) => m.filament_steps_per_mm,
        ("filament_max_speed", _) => m.filament_max_rate,
        ("filament_acceleration", _) => m.filament_acceleration,
        ("print_acceleration", _) => m.print_acceleration,
        ("retract_acceleration", _) => m.retract_acceleration,
        ("travel_acceleration", _) => m.travel_acceleration,
        ("jerk", Corners::Jerk(jerk)) => return Some(Value::Numbers(jerk.to_vec())),
        ("junction_deviation", Corners::Deviation(mm)) => mm,
        ("least_print_speed", _) => m.least_print_speed,
        ("least_travel_speed", _) => m.least_travel_speed,
        ("least_segment_seconds", _) => m.least_segment_seconds,
        ("volumetric_diameter", _) => m.volumetric_diameter?,
        _ => return None,
    }))
}

fn of_reprapfirmware(r: &RepRapFirmware, key: &str) -> Option<Value> {
    Some(Value::Number(match key {
        "filament_steps_per_mm" => r.filament_steps_per_mm,
        "filament_max_speed" => r.filament_max_rate,
        "filament_acceleration" => r.filament_acceleration,
        "print_acceleration" => r.print_acceleration,
        "travel_acceleration" => r.travel_acceleration,
        "jerk" => return Some(Value::Numbers(r.jerk.to_vec())),
        "joins_all" => return Some(Value::Flag(r.joins_all)),
        "least_speed" => r.least_speed,
        _ => return None,
    }))
}

fn of_smoothieware(s: &Smoothieware, key: &str) -> Option<f64> {
    Some(match key {
        "acceleration" => s.acceleration,
        "z_junction_deviation" => s.z_junction_deviation?,
        "seek_speed" => s.seek_speed,
        "arc_segment" => s.arc_segment,
        "filament_steps_per_mm" => s.filament_steps_per_mm,
        "filament_max_speed" => s.filament_max_rate,
        "filament_acceleration" => s.filament_acceleration,
        _ => return None,
    })
}

fn of_retraction(r: &Retraction, key: &str) -> Option<f64> {
    Some(match key {
        "length" => r.length,
        "speed" => r.speed,
        "extra" => r.extra,
        "return_speed" => r.return_speed,
        "hop" => r.hop,
        _ => return None,
    })
}

/// The greatest speeds as GRBL has them, mm/min, where they are the same to the bit;
/// printers have them a second.
fn per_minute(m: &Machine) -> Option<[f64; 3]> {
    if !matches!(m.firmware, Firmware::Grbl | Firmware::GrblHal) {
        return None;
    }
    let [x, y, z] = m.max_rate.map(|v| scaled(v, 60.0));
    Some([x?, y?, z?])
}

/// The idle delay as GRBL has it, ms, where it is the same to the bit.
fn idle_ms(m: &Machine) -> Option<f64> {
    match m.idle_delay {
        None => Some(255.0),
        Some(s) => scaled(s, 1000.0).filter(|ms| *ms < 255.0),
    }
}

/// What gives `v` to the bit when it is divided by `by`, as short as it can be written.
/// Some numbers are no such quotient.
fn scaled(v: f64, by: f64) -> Option<f64> {
    let x = v * by;
    let short = [1.0, 1e3, 1e6].map(|digits| (x * digits).round() / digits);
    let near = [x, x.next_up(), x.next_down()];
    let mut all = short.into_iter().chain(near);
    all.find(|x| (x / by).to_bits() == v.to_bits())
}

/// The bed as travel and origin, mm, where they give it to the bit.
fn travel(m: &Machine) -> Option<([f64; 3], Option<[f64; 3]>)> {
    let bed = m.bed?;
    let finite = |v: f64| if v.is_finite() { v } else { 0.0 };
    let (min, max) = (bed.min.to_array(), bed.max.to_array());
    let plain = max.map(finite);
    if bed::of(plain, [None; 3]) == Some(bed) {
        return Some((plain, None));
    }
    let origin = min.map(|v| finite(0.0 - v));
    let travel = [0, 1, 2].map(|i| finite(max[i] + origin[i]));
    let same = bed::of(travel, origin.map(Some)) == Some(bed);
    same.then_some((travel, Some(origin)))
}
