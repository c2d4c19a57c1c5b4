//! GRBL 1.1, and what the RS274 family has in common with it.

use super::lists::{MODES, MOVES, RS274, RS274_M};
use super::{Delete, Dialect, Dwell, Grammar, Letters, Lexis, Limit, Lines, Radii};
use crate::gcode::cycle::Rules;
use crate::gcode::modal::Motion;
use crate::motion::SpindleMode;

/// What controllers of the RS274 family have in common, as GRBL has it.
pub(super) const BLOCKS: Grammar = Grammar {
    lines: Lines::Block,
    letters: Letters::of("FIJKLNPRSTXYZ"),
    strict: true,
    modal_motion: true,
    rapids: true,
    seek_apart: false,
    arc_radius: true,
    arc_relative: true,
    arc_turns: false,
    dwell: Dwell::Seconds,
    extruder: None,
    first_feed: 0.0,
    first_motion: Motion::Rapid,
    first_spindle: SpindleMode::Off,
    max_line: 1e7,
    max_tool: 255.0,
    ends: false,
    least_increment: None,
    tool_table: false,
    length_first: false,
    full_circles: false,
    idle_modes: false,
    keeps_feed: false,
    feed_before_units: false,
    first_to_r: false,
    splines_once: false,
    radii: Some(Radii::GRBL),
    radius_slack: 0.0,
    cycles: Rules::LINUXCNC,
    user_m: false,
    rewrites: true,
};

pub(super) static GRBL: Dialect = Dialect {
    name: "grbl",
    title: "GRBL 1.1",
    lexis: Lexis {
        system: true,
        delete: Delete::Anywhere,
        real_time: true,
        controls: true,
        limit: Some(Limit {
            bytes: 79,
            packed: true,
            comments: false,
            cuts: false,
        }),
        ..Lexis::PLAIN
    }
    .with_classes(),
    grammar: BLOCKS,
    g: &[MOVES, MODES, RS274],
    m: &[RS274_M],
    named: &[],
};
