//! LinuxCNC: the whole language of RS274/NGC.

use super::grbl::BLOCKS;
use super::lists::{CUTTER, CYCLES, MODES, MORE_SYSTEMS, MOVES, RS274, RS274_M, RS274_M_MORE};
use super::{Delete, Dialect, Does, Grammar, Length, Letters, Lexis, Limit, Radii};
use crate::gcode::contour::{Kind, Pockets};
use crate::gcode::modal::{FeedMode, Motion};

/// What LinuxCNC has beyond the family.
const MORE: &[(u16, Does)] = &[
    (640, Does::PathControl),
    (611, Does::PathControl),
    (430, Does::ToolLength(Length::Table)),
    (432, Does::ToolLength(Length::Add)),
    (50, Does::Motion(Motion::Cubic)),
    (51, Does::Motion(Motion::Quadratic)),
    (52, Does::Motion(Motion::Nurbs)),
    (53, Does::Motion(Motion::NurbsEnd)),
    (70, Does::Diameter(true)),
    (80, Does::Diameter(false)),
    (330, Does::Motion(Motion::Thread)),
    (331, Does::Motion(Motion::RigidTap)),
    (520, Does::LocalShift),
    (700, Does::Contour(Kind::Finish)),
    (710, rough(false, Pockets::All)),
    (711, rough(false, Pockets::None)),
    (712, rough(false, Pockets::Only)),
    (720, rough(true, Pockets::All)),
    (721, rough(true, Pockets::None)),
    (722, rough(true, Pockets::Only)),
    (760, Does::Motion(Motion::ThreadCycle)),
    (901, Does::ArcAbsolute(true)),
    (922, Does::SuspendShift),
    (923, Does::RestoreShift),
    (950, Does::Feed(FeedMode::PerTurn)),
    (960, Does::SpindleControl),
    (970, Does::SpindleControl),
];

const fn rough(facing: bool, pockets: Pockets) -> Does {
    Does::Contour(Kind::Rough { facing, pockets })
}

pub(super) static LINUXCNC: Dialect = Dialect {
    name: "linuxcnc",
    title: "LinuxCNC",
    lexis: Lexis {
        percent: true,
        delete: Delete::AtStart,
        expressions: true,
        limit: Some(Limit {
            bytes: 255,
            packed: false,
            comments: true,
            cuts: false,
        }),
        ..Lexis::PLAIN
    }
    .with_classes(),
    grammar: Grammar {
        letters: Letters::of("ABCDEFHIJKLNOPQRSTUVWXYZ"),
        arc_turns: true,
        first_motion: Motion::Cancelled,
        tool_table: true,
        length_first: true,
        full_circles: true,
        idle_modes: true,
        feed_before_units: true,
        first_to_r: true,
        splines_once: true,
        radii: Some(Radii::LINUXCNC),
        radius_slack: 0.00127,
        max_line: f64::INFINITY,
        max_tool: 1e9,
        ends: true,
        user_m: true,
        ..BLOCKS
    },
    g: &[MOVES, MODES, RS274, MORE, CYCLES, CUTTER, MORE_SYSTEMS],
    m: &[RS274_M, RS274_M_MORE],
    named: &[],
};
