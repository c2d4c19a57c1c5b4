//! Lists of commands that several dialects share.

use super::{Does, Length, Saves};
use crate::gcode::modal::{Cutter, FeedMode, Motion};
use crate::motion::{Plane, SpindleMode, Wait};

/// Straight moves and arcs.
pub(super) const MOVES: &[(u16, Does)] = &[
    (10, Does::Motion(Motion::Linear)),
    (0, Does::Motion(Motion::Rapid)),
    (20, Does::Motion(Motion::ArcCw)),
    (30, Does::Motion(Motion::ArcCcw)),
];

/// Planes, units and distance modes.
pub(super) const MODES: &[(u16, Does)] = &[
    (170, Does::Plane(Plane::Xy)),
    (180, Does::Plane(Plane::Zx)),
    (190, Does::Plane(Plane::Yz)),
    (200, Does::Inches(true)),
    (210, Does::Inches(false)),
    (900, Does::Relative(false)),
    (910, Does::Relative(true)),
];

/// What every controller of the RS274 family has.
pub(super) const RS274: &[(u16, Does)] = &[
    (40, Does::Dwell),
    (100, Does::SetOffsets),
    (280, Does::Home(0)),
    (281, Does::StoreHome(0)),
    (300, Does::Home(1)),
    (301, Does::StoreHome(1)),
    (382, Does::Motion(Motion::Probe)),
    (383, Does::Motion(Motion::Probe)),
    (384, Does::Motion(Motion::Probe)),
    (385, Does::Motion(Motion::Probe)),
    (400, Does::Cutter(Cutter::Off)),
    (431, Does::ToolLength(Length::Words)),
    (490, Does::ToolLength(Length::Off)),
    (530, Does::MachineCoordinates),
    (540, Does::System(0)),
    (550, Does::System(1)),
    (560, Does::System(2)),
    (570, Does::System(3)),
    (580, Does::System(4)),
    (590, Does::System(5)),
    (610, Does::PathControl),
    (800, Does::Motion(Motion::Cancelled)),
    (911, Does::ArcAbsolute(false)),
    (920, Does::Shift),
    (921, Does::ClearShift),
    (930, Does::Feed(FeedMode::Inverse)),
    (940, Does::Feed(FeedMode::PerMinute)),
];

/// Three more coordinate systems.
pub(super) const MORE_SYSTEMS: &[(u16, Does)] = &[
    (591, Does::System(6)),
    (592, Does::System(7)),
    (593, Does::System(8)),
];

/// Canned cycles and where they return to.
pub(super) const CYCLES: &[(u16, Does)] = &[
    (730, Does::Motion(Motion::Cycle(73))),
    (740, Does::Motion(Motion::Cycle(74))),
    (810, Does::Motion(Motion::Cycle(81))),
    (820, Does::Motion(Motion::Cycle(82))),
    (830, Does::Motion(Motion::Cycle(83))),
    (840, Does::Motion(Motion::Cycle(84))),
    (850, Does::Motion(Motion::Cycle(85))),
    (860, Does::Motion(Motion::Cycle(86))),
    (870, Does::Motion(Motion::Cycle(87))),
    (880, Does::Motion(Motion::Cycle(88))),
    (890, Does::Motion(Motion::Cycle(89))),
    (980, Does::ReturnsToR(false)),
    (990, Does::ReturnsToR(true)),
];

/// Cutter radius compensation.
pub(super) const CUTTER: &[(u16, Does)] = &[
    (410, Does::Cutter(Cutter::Left)),
    (420, Does::Cutter(Cutter::Right)),
    (411, Does::Cutter(Cutter::Left)),
    (421, Does::Cutter(Cutter::Right)),
];

/// M numbers of GRBL, which all of the RS274 family share.
pub(super) const RS274_M: &[(u16, Does)] = &[
    (30, Does::Spindle(SpindleMode::Constant)),
    (40, Does::Spindle(SpindleMode::Dynamic)),
    (50, Does::Spindle(SpindleMode::Off)),
    (80, Does::Flood),
    (90, Does::CoolantOff),
    (0, Does::Pause),
    (10, Does::OptionalPause),
    (20, Does::End),
    (300, Does::End),
];

/// M numbers that larger controllers of the family add.
pub(super) const RS274_M_MORE: &[(u16, Does)] = &[
    (60, Does::ToolChange),
    (70, Does::Mist),
    (190, Does::Waits(Wait::Spindle)),
    (480, Does::Overrides),
    (490, Does::Overrides),
    (500, Does::Overrides),
    (510, Does::Overrides),
    (520, Does::Overrides),
    (530, Does::Overrides),
    (600, Does::Pause),
    (610, Does::SetTool),
    (620, Does::Outputs),
    (630, Does::Outputs),
    (640, Does::Outputs),
    (650, Does::Outputs),
    (660, Does::Outputs),
    (670, Does::Outputs),
    (680, Does::Outputs),
    (700, Does::SaveState(Saves::Keep)),
    (710, Does::SaveState(Saves::Forget)),
    (720, Does::SaveState(Saves::Restore)),
    (730, Does::SaveState(Saves::KeepUntilReturn)),
    (980, Does::CallProgram),
    (990, Does::EndProgram),
];

/// G numbers that printers share.
pub(super) const PRINTER: &[(u16, Does)] = &[
    (920, Does::Shift),
    (280, Does::FindHome),
    (40, Does::Dwell),
    (290, Does::Waits(Wait::Levelling)),
    (800, Does::Waits(Wait::Levelling)),
    (340, Does::Waits(Wait::Levelling)),
];

/// M numbers that printers share.
pub(super) const PRINTER_M: &[(u16, Does)] = &[
    (730, Does::Inert),
    (2040, Does::Setting),
    (1060, Does::Inert),
    (1070, Does::Inert),
    (830, Does::FilamentRelative(true)),
    (820, Does::FilamentRelative(false)),
    (1040, Does::Inert),
    (1400, Does::Inert),
    (1410, Does::Inert),
    (1050, Does::Inert),
    (1090, Does::Waits(Wait::Heating)),
    (1900, Does::Waits(Wait::Heating)),
    (1910, Does::Waits(Wait::Heating)),
    (1170, Does::Inert),
    (1180, Does::Inert),
    (170, Does::Inert),
    (180, Does::Inert),
    (840, Does::Inert),
    (1100, Does::Inert),
    (1140, Does::Inert),
    (1150, Does::Inert),
    (1190, Does::Inert),
    (1550, Does::Inert),
    (2000, Does::Setting),
    (2010, Does::Setting),
    (2030, Does::Setting),
    (2050, Does::Setting),
    (2070, Does::Setting),
    (2080, Does::Setting),
    (2200, Does::Setting),
    (2210, Does::Setting),
    (2260, Does::Waits(Wait::Operator)),
    (2900, Does::Setting),
    (3000, Does::Inert),
    (4000, Does::Waits(Wait::Drain)),
    (5720, Does::Setting),
    (5930, Does::Setting),
    (6000, Does::Waits(Wait::ToolChange)),
    (6010, Does::Waits(Wait::Operator)),
    (9000, Does::Setting),
    (0, Does::Waits(Wait::Operator)),
    (10, Does::Waits(Wait::Operator)),
];
