//! grblHAL: GRBL with expressions, O-words, splines and cycles.

use super::grbl::BLOCKS;
use super::lists::{CYCLES, MODES, MORE_SYSTEMS, MOVES, RS274, RS274_M, RS274_M_MORE};
use super::{Delete, Dialect, Does, Grammar, Length, Letters, Lexis, Limit};
use crate::gcode::modal::Motion;

/// What grblHAL adds to GRBL, apart from cycles.
const MORE: &[(u16, Does)] = &[
    (50, Does::Motion(Motion::Cubic)),
    (51, Does::Motion(Motion::Quadratic)),
    (70, Does::Diameter(true)),
    (80, Does::Diameter(false)),
    (330, Does::Motion(Motion::Thread)),
    (430, Does::ToolLength(Length::Table)),
    (432, Does::ToolLength(Length::Add)),
    (500, Does::Unmodelled),
    (510, Does::Unmodelled),
    (650, Does::Unmodelled),
    (660, Does::Unmodelled),
    (670, Does::Unmodelled),
    (760, Does::Motion(Motion::ThreadCycle)),
    (960, Does::SpindleControl),
    (970, Does::SpindleControl),
];

pub(super) static GRBLHAL: Dialect = Dialect {
    name: "grblhal",
    title: "grblHAL",
    lexis: Lexis {
        system: true,
        delete: Delete::AtStart,
        real_time: true,
        controls: true,
        percent: true,
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
        tool_table: true,
        length_first: true,
        full_circles: true,
        idle_modes: true,
        max_tool: 99_999.0,
        ends: true,
        ..BLOCKS
    },
    g: &[MOVES, MODES, RS274, MORE_SYSTEMS, MORE, CYCLES],
    m: &[RS274_M, RS274_M_MORE],
    named: &[],
};
