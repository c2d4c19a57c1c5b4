//! Fanuc and Haas controls: RS274 with least increments, M98 and more cycles. Lines of
//! macro B (`IF`, `WHILE`, `GOTO`) are not followed.

use super::grbl::BLOCKS;
use super::lists::{CUTTER, CYCLES, MODES, MOVES, RS274, RS274_M, RS274_M_MORE};
use super::{Delete, Dialect, Does, Dwell, Grammar, Length, Letters, Lexis};
use crate::gcode::cycle::Rules;
use crate::gcode::modal::FeedMode;
use crate::motion::Wait;

/// What Fanuc and Haas controls have beyond the family.
const MORE: &[(u16, Does)] = &[
    (430, Does::ToolLength(Length::Table)),
    (50, Does::PathControl),
    (90, Does::PathControl),
    (120, Does::Unmodelled),
    (130, Does::Unmodelled),
    (150, Does::Inert),
    (160, Does::Unmodelled),
    (310, Does::Unmodelled),
    (500, Does::Unmodelled),
    (510, Does::Unmodelled),
    (520, Does::LocalShift),
    (541, Does::Unmodelled),
    (640, Does::PathControl),
    (650, Does::Unmodelled),
    (660, Does::Unmodelled),
    (670, Does::Inert),
    (680, Does::Unmodelled),
    (690, Does::Inert),
    (950, Does::Feed(FeedMode::PerTurn)),
    (960, Does::SpindleControl),
    (970, Does::SpindleControl),
    (1030, Does::Setting),
    (1540, Does::Unmodelled),
    (1870, Does::PathControl),
];

const MORE_M: &[(u16, Does)] = &[
    (100, Does::Waits(Wait::Clamp)),
    (110, Does::Waits(Wait::Clamp)),
    (290, Does::Inert),
    (310, Does::Inert),
    (330, Does::Inert),
    (410, Does::Inert),
    (880, Does::Inert),
    (890, Does::Inert),
    (970, Does::Unmodelled),
];

const LEXIS: Lexis = Lexis {
    percent: true,
    delete: Delete::Numbered,
    controls: true,
    expressions: true,
    macro_b: true,
    ..Lexis::PLAIN
}
.with_classes();

const GRAMMAR: Grammar = Grammar {
    letters: Letters::of("ABCDEFHIJKLNOPQRSTUVWXYZ"),
    arc_turns: false,
    dwell: Dwell::MillisOrX,
    tool_table: true,
    length_first: true,
    full_circles: true,
    idle_modes: true,
    max_line: f64::INFINITY,
    max_tool: 1e9,
    ends: true,
    least_increment: Some(0.001),
    cycles: Rules::FANUC,
    ..BLOCKS
};

const G: &[&[(u16, Does)]] = &[MOVES, MODES, MORE, RS274, CYCLES, CUTTER];
const M: &[&[(u16, Does)]] = &[RS274_M, RS274_M_MORE, MORE_M];

pub(super) static FANUC: Dialect = Dialect {
    name: "fanuc",
    title: "Fanuc",
    lexis: LEXIS,
    grammar: GRAMMAR,
    g: G,
    m: M,
    named: &[],
};

pub(super) static HAAS: Dialect = Dialect {
    name: "haas",
    title: "Haas",
    lexis: LEXIS,
    grammar: Grammar {
        cycles: Rules::HAAS,
        ..GRAMMAR
    },
    g: G,
    m: M,
    named: &[],
};
