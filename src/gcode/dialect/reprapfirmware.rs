//! RepRapFirmware 3: several commands a line, and a language of conditions that is not
//! followed.

use super::lists::{MODES, MORE_SYSTEMS, MOVES, PRINTER, PRINTER_M};
use super::marlin::COMMANDS;
use super::{
    Blanks, Checksum, Dialect, Does, Extruder, Grammar, Lexis, Limit, Lines, Parens, Sets,
};
use crate::gcode::modal::Motion;
use crate::motion::{SpindleMode, Wait};

const MORE: &[(u16, Does)] = &[
    (100, Does::Retract(true)),
    (110, Does::Retract(false)),
    (300, Does::Waits(Wait::Probe)),
    (310, Does::Setting),
    (320, Does::Waits(Wait::Levelling)),
    (382, Does::Motion(Motion::Probe)),
    (383, Does::Motion(Motion::Probe)),
    (384, Does::Motion(Motion::Probe)),
    (385, Does::Motion(Motion::Probe)),
    (530, Does::MachineCoordinates),
    (540, Does::System(0)),
    (550, Does::System(1)),
    (560, Does::System(2)),
    (570, Does::System(3)),
    (580, Does::System(4)),
    (590, Does::System(5)),
    (600, Does::Inert),
    (680, Does::Unmodelled),
    (690, Does::Unmodelled),
];

/// Limits and factors.
const LIMITS: &[(u16, Does)] = &[
    (2000, Does::Sets(Sets::Volumetric)),
    (2010, Does::Sets(Sets::AxisAcceleration)),
    (2030, Does::Sets(Sets::AxisRatePerMinute)),
    (2040, Does::Sets(Sets::Acceleration)),
    (2050, Does::Sets(Sets::Corners)),
    (2070, Does::Sets(Sets::RetractBoth)),
    (2200, Does::Sets(Sets::FeedFactor)),
    (2210, Does::Sets(Sets::FlowFactor)),
    (5660, Does::Sets(Sets::JerkPerMinute)),
];

const MORE_M: &[(u16, Does)] = &[
    (20, Does::End),
    (30, Does::Spindle(SpindleMode::Constant)),
    (40, Does::Spindle(SpindleMode::Dynamic)),
    (50, Does::Spindle(SpindleMode::Off)),
    (300, Does::DeletesFile),
    (980, Does::Waits(Wait::Macro)),
    (1160, Does::Waits(Wait::Heating)),
    (1200, Does::Setting),
    (1210, Does::Setting),
    (2060, Does::Setting),
    (2880, Does::Unmodelled),
    (2910, Does::Waits(Wait::Operator)),
    (4510, Does::Setting),
    (4520, Does::Setting),
    (4530, Does::Setting),
    (4860, Does::Inert),
    (5660, Does::Setting),
    (5670, Does::Setting),
    (5680, Does::Setting),
    (5820, Does::Unmodelled),
    (5970, Does::Inert),
    (9060, Does::Setting),
    (9990, Does::Unmodelled),
];

pub(super) static REPRAPFIRMWARE: Dialect = Dialect {
    name: "reprapfirmware",
    title: "RepRapFirmware 3",
    lexis: Lexis {
        // Comments only while the machine is one for CNC (M453).
        parens: Parens::Maybe,
        blanks: Blanks::BeforeNumber,
        quotes: true,
        meta: true,
        checksum: Checksum::Checked,
        raw_text: &[230, 280, 300, 320, 1170],
        limit: Some(Limit {
            bytes: 255,
            packed: false,
            comments: false,
            cuts: false,
        }),
        ..Lexis::PLAIN
    }
    .with_classes(),
    grammar: Grammar {
        lines: Lines::Commands,
        modal_motion: true,
        extruder: Some(Extruder::Apart),
        first_feed: 50.0,
        ..COMMANDS
    },
    g: &[MOVES, MORE, PRINTER, MODES, MORE_SYSTEMS],
    m: &[LIMITS, PRINTER_M, MORE_M],
    named: &[],
};
