//! Klipper: one command a line, and commands with names.

use super::lists::{MOVES, PRINTER, PRINTER_M};
use super::marlin::COMMANDS;
use super::{
    Blanks, Checksum, Dialect, Does, Dwell, Extruder, Grammar, Lexis, Parens, Saves, Sets,
};
use crate::motion::{Plane, Wait};

/// Inches are an error.
const MORE: &[(u16, Does)] = &[
    (100, Does::Retract(true)),
    (110, Does::Retract(false)),
    (170, Does::Plane(Plane::Xy)),
    (180, Does::Plane(Plane::Zx)),
    (190, Does::Plane(Plane::Yz)),
    (210, Does::Inches(false)),
    (900, Does::Relative(false)),
    (910, Does::Relative(true)),
];

/// Motors, limits and factors; M200 to M203 and M205 to M208 are unknown to it.
const LIMITS: &[(u16, Does)] = &[
    (180, Does::Waits(Wait::Motors)),
    (840, Does::Waits(Wait::Motors)),
    (2040, Does::Sets(Sets::HeadAcceleration)),
    (2200, Does::Sets(Sets::HeadFeedFactor)),
    (2210, Does::Sets(Sets::HeadFlowFactor)),
];

/// Commands with names that come with Klipper; any other is somebody's macro.
const NAMED: &[(&str, Does)] = &[
    ("SET_VELOCITY_LIMIT", Does::Sets(Sets::Head)),
    ("SET_PRESSURE_ADVANCE", Does::Setting),
    ("SET_RETRACTION", Does::Sets(Sets::Retraction)),
    ("SET_GCODE_OFFSET", Does::Sets(Sets::Offset)),
    ("SAVE_GCODE_STATE", Does::SaveState(Saves::Keep)),
    ("RESTORE_GCODE_STATE", Does::SaveState(Saves::Restore)),
    ("SET_GCODE_VARIABLE", Does::Setting),
    ("SET_HEATER_TEMPERATURE", Does::Inert),
    ("SET_FAN_SPEED", Does::Inert),
    ("SET_LED", Does::Inert),
    ("SET_DISPLAY_TEXT", Does::Inert),
    ("SET_PIN", Does::Inert),
    ("SET_IDLE_TIMEOUT", Does::Inert),
    ("SET_PRINT_STATS_INFO", Does::Inert),
    ("EXCLUDE_OBJECT", Does::Inert),
    ("EXCLUDE_OBJECT_DEFINE", Does::Inert),
    ("EXCLUDE_OBJECT_START", Does::Inert),
    ("EXCLUDE_OBJECT_END", Does::Inert),
    ("RESPOND", Does::Inert),
    ("TURN_OFF_HEATERS", Does::Inert),
    ("TEMPERATURE_WAIT", Does::Waits(Wait::Heating)),
    ("BED_MESH_CALIBRATE", Does::Waits(Wait::Levelling)),
    ("BED_MESH_PROFILE", Does::Setting),
    ("BED_MESH_CLEAR", Does::Setting),
    ("QUAD_GANTRY_LEVEL", Does::Waits(Wait::Levelling)),
    ("Z_TILT_ADJUST", Does::Waits(Wait::Levelling)),
    ("SCREWS_TILT_CALCULATE", Does::Waits(Wait::Levelling)),
    ("PAUSE", Does::Waits(Wait::Operator)),
    ("ACTIVATE_EXTRUDER", Does::Waits(Wait::Drain)),
    ("SYNC_EXTRUDER_MOTION", Does::Waits(Wait::Drain)),
];

pub(super) static KLIPPER: Dialect = Dialect {
    name: "klipper",
    title: "Klipper",
    lexis: Lexis {
        parens: Parens::Stray,
        blanks: Blanks::BeforeNumber,
        checksum: Checksum::PassedOver,
        quotes: true,
        named: true,
        raw_text: &[230, 1170, 1180],
        ..Lexis::PLAIN
    }
    .with_classes(),
    grammar: Grammar {
        arc_radius: false,
        arc_relative: false,
        arc_turns: false,
        dwell: Dwell::Millis,
        extruder: Some(Extruder::Either),
        ..COMMANDS
    },
    g: &[MOVES, PRINTER, MORE],
    m: &[LIMITS, PRINTER_M],
    named: NAMED,
};
