//! Smoothieware: several commands a line; lower case is for its console.

use super::lists::{MODES, MORE_SYSTEMS, MOVES, PRINTER, PRINTER_M};
use super::marlin::COMMANDS;
use super::{Blanks, Case, Checksum, Dialect, Does, Grammar, Length, Lexis, Lines, Parens, Sets};
use crate::gcode::modal::Motion;
use crate::motion::{SpindleMode, Wait};

const MORE: &[(u16, Does)] = &[
    (100, Does::SetOffsets),
    (110, Does::Retract(false)),
    (300, Does::Waits(Wait::Probe)),
    (310, Does::Waits(Wait::Levelling)),
    (320, Does::Waits(Wait::Levelling)),
    (382, Does::Motion(Motion::Probe)),
    (383, Does::Motion(Motion::Probe)),
    (430, Does::ToolLength(Length::Table)),
    (431, Does::ToolLength(Length::Words)),
    (490, Does::ToolLength(Length::Off)),
    (530, Does::MachineCoordinates),
    (540, Does::System(0)),
    (550, Does::System(1)),
    (560, Does::System(2)),
    (570, Does::System(3)),
    (580, Does::System(4)),
    (590, Does::System(5)),
    (921, Does::ClearShift),
];

/// Limits and factors.
const LIMITS: &[(u16, Does)] = &[
    (2030, Does::Sets(Sets::AxisRate)),
    (2040, Does::Sets(Sets::Acceleration)),
    (2050, Does::Sets(Sets::Deviation)),
    (2200, Does::Sets(Sets::FeedFactor)),
    (2210, Does::Sets(Sets::FlowFactor)),
];

const MORE_M: &[(u16, Does)] = &[
    (30, Does::Spindle(SpindleMode::Constant)),
    (40, Does::Spindle(SpindleMode::Dynamic)),
    (50, Does::Spindle(SpindleMode::Off)),
    (20, Does::End),
    (70, Does::Mist),
    (80, Does::Flood),
    (90, Does::CoolantOff),
    (300, Does::DeletesFile),
    (60, Does::ToolChange),
    (280, Does::Unmodelled),
    (1120, Does::Unmodelled),
    (1200, Does::Setting),
    (1210, Does::Setting),
    (9990, Does::Unmodelled),
];

pub(super) static SMOOTHIEWARE: Dialect = Dialect {
    name: "smoothieware",
    title: "Smoothieware",
    lexis: Lexis {
        parens: Parens::Cut,
        blanks: Blanks::Nowhere,
        case: Case::Console,
        checksum: Checksum::Checked,
        raw_text: &[230, 280, 300, 320, 1170],
        ..Lexis::PLAIN
    }
    .with_classes(),
    grammar: Grammar {
        lines: Lines::Commands,
        modal_motion: true,
        rapids: true,
        seek_apart: true,
        arc_radius: false,
        arc_turns: false,
        tool_table: true,
        first_feed: 4000.0 / 60.0,
        // The laser follows S on G1 to G3 alone.
        first_spindle: SpindleMode::Dynamic,
        ..COMMANDS
    },
    g: &[MOVES, MORE, PRINTER, MODES, MORE_SYSTEMS],
    m: &[LIMITS, PRINTER_M, MORE_M],
    named: &[],
};
