//! Diagnostics of the G-code front end, with their codes.

mod said;

use super::dialect::{Detected, Dialect};
use super::run::{Done, Run};
use super::survey::Meaning;
use crate::diag::{Code, Diagnostic, Diagnostics, Severity};
use crate::motion::{Command, Wait};
use crate::source::Lines;
use crate::toolpath::Toolpath;

/// A part of a line is no word; the firmware ignores the line.
pub const SYNTAX: Code = Code("gcode/syntax");
/// A word that the firmware does not know; it ignores the line or the command.
pub const UNKNOWN_WORD: Code = Code("gcode/unknown-word");
/// Words that cannot stand together, or miss a value; the line is ignored.
pub const BAD_BLOCK: Code = Code("gcode/bad-block");
/// A feed move before any feed was given; the line is ignored.
pub const NO_FEED: Code = Code("gcode/no-feed");
/// An arc that cannot be drawn; the line is ignored.
pub const BAD_ARC: Code = Code("gcode/bad-arc");
/// A line with more bytes than the firmware holds; it ignores the line.
pub const LINE_TOO_LONG: Code = Code("gcode/line-too-long");
/// A value, an expression or a parameter that has no number; the line is ignored.
pub const BAD_VALUE: Code = Code("gcode/bad-value");
/// An O-word, a call or a loop that cannot be followed.
pub const BAD_FLOW: Code = Code("gcode/bad-flow");
/// A main program that begins again for ever: one round is taken.
pub const ENDLESS: Code = Code("gcode/endless");
/// Two O-words with one label.
pub const REPEATED_LABEL: Code = Code("gcode/repeated-label");
/// More lines inside of loops than the limit: the rest is not run.
pub const LOOP_LIMIT: Code = Code("gcode/loop-limit");
/// A canned cycle that cannot be run; the line is ignored.
pub const BAD_CYCLE: Code = Code("gcode/bad-cycle");
/// A spline that cannot be drawn; the line is ignored.
pub const BAD_SPLINE: Code = Code("gcode/bad-spline");
/// A value that no command of the line uses; the firmware passes over it.
pub const UNUSED_WORD: Code = Code("gcode/unused-word");
/// Words that the firmware does not read: behind its one command, behind a
/// comment that cuts the line, or beyond its length.
pub const LOST_WORDS: Code = Code("gcode/lost-words");
/// `X1E5`: E is a letter of its own, never an exponent.
pub const EXPONENT: Code = Code("gcode/exponent");
/// A number without a decimal point counts in least increments.
pub const LEAST_INCREMENT: Code = Code("gcode/least-increment");
/// A command is known, but not what it does to times and places.
pub const UNMODELLED: Code = Code("gcode/unmodelled");
/// Cutter radius compensation: the programmed path is taken.
pub const UNCOMPENSATED: Code = Code("gcode/uncompensated");
/// A tool whose length is not known counts as 0 long.
pub const TOOL_LENGTH: Code = Code("gcode/tool-length");
/// `M30` and the like that delete a file on this firmware.
pub const DELETES_FILE: Code = Code("gcode/deletes-file");
/// A checksum that does not fit its line; the firmware asks for it again.
pub const CHECKSUM: Code = Code("gcode/checksum");
/// Bytes that the firmware takes out of the stream before it reads the line.
pub const REAL_TIME: Code = Code("gcode/real-time-bytes");
/// A comment in parentheses that not every build of the firmware takes.
pub const MAYBE_COMMENT: Code = Code("gcode/maybe-comment");
/// A macro of the machine's owner; only the machine knows what it does.
pub const MACRO: Code = Code("gcode/macro");
/// A line for the console, or in the firmware's own language of conditions.
pub const FOREIGN: Code = Code("gcode/foreign-line");
/// Which dialect the program is read as.
pub const DIALECT: Code = Code("gcode/dialect");
/// Of programs of this dialect only lines that lay filament are written anew, where arcs
/// are asked for.
pub const KEPT_DIALECT: Code = Code("gcode/kept-dialect");
/// A system command of the firmware; nothing is moved across it.
pub const SYSTEM_COMMAND: Code = Code("gcode/system-command");
/// A command whose end or duration only the machine knows.
pub const UNKNOWN_TIME: Code = Code("gcode/unknown-time");
/// A comment that is not closed; it ends with its line.
pub const OPEN_COMMENT: Code = Code("gcode/open-comment");
/// Nobody can tell what burns; nothing is changed.
pub const LASER_UNCLEAR: Code = Code("gcode/laser-unclear");
/// Moves that are kept in place: of loops and cycles, or in Z, or by inverse time.
pub const KEPT_IN_PLACE: Code = Code("gcode/kept-in-place");
/// The program refers to its line numbers; the file is left as it is.
pub const NUMBERS_REFERRED: Code = Code("gcode/numbers-referred");
/// The file holds no motion.
pub const NO_MOTION: Code = Code("gcode/no-motion");

/// Says what there is to say about one step of a run.
#[inline]
pub(crate) fn of_step<L: Lines>(to: &mut Diagnostics, run: &Run<L>, done: &Done) {
    let notices = run.machine().notices();
    let commands = run.commands();
    // Nearly every line: moves, and nothing to say.
    if done.outcome.ignored.is_none()
        && notices.is_empty()
        && run.words().faults.is_empty()
        && !commands.iter().any(|c| matches!(c, Command::Wait(_)))
    {
        return;
    }
    say(to, run, done);
}

#[inline(never)]
fn say<L: Lines>(to: &mut Diagnostics, run: &Run<L>, done: &Done) {
    let (notices, commands) = (run.machine().notices(), run.commands());
    let (i, line) = (done.line as u32, run.words());
    let dialect = run.machine().dialect();
    for command in commands {
        if let Command::Wait(wait) = command
            && let Some(what) = unknown_time(*wait)
        {
            let d = Diagnostic::new(UNKNOWN_TIME, Severity::Note, what);
            to.push(d.at(i + 1, 1).with_help(
                "its time is not part of the total; a machine's profile can give it one",
            ));
        }
    }
    for notice in notices {
        let (d, at) = said::of_notice(*notice, line, dialect);
        to.push(d.at(i + 1, at + 1));
    }
    if let Some(why) = done.outcome.ignored {
        for fault in line.faults.iter().filter(|f| f.kind.is_harmless()) {
            to.push(said::of_fault(fault.kind, dialect).at(i + 1, fault.at + 1));
        }
        to.push(said::of_ignored(why, line, dialect).at(i + 1, said::place(why, line) + 1));
    } else if line.kind == super::lex::Kind::Blank {
        for fault in &line.faults {
            to.push(said::of_fault(fault.kind, dialect).at(i + 1, fault.at + 1));
        }
    }
}

/// Says what there is to say when a run is over.
pub(crate) fn of_run<L: Lines>(to: &mut Diagnostics, run: &Run<L>) {
    for (line, first) in run.repeated_labels() {
        let d = Diagnostic::new(
            REPEATED_LABEL,
            Severity::Warning,
            format!("the label of this O-word is that of line {} too", first + 1),
        );
        to.push(
            d.at(line as u32 + 1, 1)
                .with_help("LinuxCNC refuses it; give each construct a label of its own"),
        );
    }
}

/// Says which dialect was found, or that it is another than the one asked for.
pub(crate) fn of_dialect(to: &mut Diagnostics, found: Detected, asked: Option<&Dialect>) {
    let title = found.dialect.title;
    if let Some(asked) = asked {
        if found.certain && found.dialect != asked {
            to.push(
                Diagnostic::new(
                    DIALECT,
                    Severity::Warning,
                    format!(
                        "the program looks like one for {title}, but is read as {}",
                        asked.title
                    ),
                )
                .with_help("name the dialect with --dialect, or the right machine"),
            );
        }
        return;
    }
    let d = if found.certain {
        Diagnostic::new(
            DIALECT,
            Severity::Note,
            format!("the program is read as one for {title}, by what stands in it"),
        )
    } else {
        Diagnostic::new(
            DIALECT,
            Severity::Note,
            format!("nothing tells the firmware of the program; it is read as {title}"),
        )
    };
    to.push(d.with_help("name another with --dialect"));
}

/// Says what there is to say about what a program moves and burns.
pub(crate) fn of_motion(to: &mut Diagnostics, dialect: &Dialect, meaning: Meaning, moves: bool) {
    if meaning == Meaning::Unclear && (dialect.grammar.rewrites || !moves) {
        to.push(
            Diagnostic::new(
                LASER_UNCLEAR,
                Severity::Warning,
                "the spindle or laser is started but S is never above 0 while it cuts, \
                 so it is unclear what burns; the file is left as it is",
            )
            .with_help("give the power with S on the M3 or M4 line or on the cuts"),
        );
    } else if !moves {
        to.push(Diagnostic::new(
            NO_MOTION,
            Severity::Warning,
            format!(
                "the file holds no motion that {} understands",
                dialect.title
            ),
        ));
    }
}

/// Says what there is to say about the file as a whole.
pub(super) fn of_program(
    to: &mut Diagnostics,
    dialect: &Dialect,
    meaning: Meaning,
    moves: bool,
    toolpath: &Toolpath,
    looped: Option<(u32, u32)>,
) {
    if !dialect.grammar.rewrites && moves {
        to.push(Diagnostic::new(
            KEPT_DIALECT,
            Severity::Note,
            format!(
                "programs for {} are read and timed; of prints arcs may be fitted to what is \
                 laid, all else is left as it is",
                dialect.title
            ),
        ));
        return;
    }
    of_motion(to, dialect, meaning, moves);
    if meaning == Meaning::Unclear {
        return;
    }
    let kept = toolpath
        .paths()
        .filter(|p| p.pinned && !p.segments.is_empty())
        .count();
    if kept > 0 {
        let mut d = Diagnostic::new(
            KEPT_IN_PLACE,
            Severity::Note,
            "paths that move Z, use inverse time or follow a feed move with the laser off \
             are kept in place, and nothing is moved across them",
        );
        d.count = kept as u32;
        to.push(d);
    }
    if let Some((line, count)) = looped {
        let mut d = Diagnostic::new(
            KEPT_IN_PLACE,
            Severity::Note,
            "what moves in loops, subroutines and cycles is kept in place, and nothing is \
             moved across it",
        );
        d.count = count;
        to.push(d.at(line + 1, 1));
    }
}

/// Says that the program refers to its line numbers, on line `at` from 0.
pub(super) fn of_numbers(to: &mut Diagnostics, at: Option<u32>) {
    if let Some(i) = at {
        to.push(
            Diagnostic::new(
                NUMBERS_REFERRED,
                Severity::Note,
                "the program goes to lines by their numbers or loops in macro B; it is left as it is",
            )
            .at(i + 1, 1),
        );
    }
}

fn unknown_time(wait: Wait) -> Option<&'static str> {
    Some(match wait {
        Wait::Operator => "the program waits for the operator",
        Wait::Probe => "a probing move ends where it touches; its target is taken instead",
        Wait::Homing => "homing ends where the switches are; its time is unknown",
        Wait::ToolChange => "the program waits for a tool change",
        Wait::Heating => "the program waits until something is hot",
        Wait::Levelling => "the bed is probed or levelled",
        Wait::Spindle => "the spindle is turned to a place",
        Wait::Clamp => "a clamp opens or closes",
        Wait::Thread => "a move in step with the spindle takes as long as that needs",
        Wait::Macro => "a macro or a line of the firmware's own language is run",
        Wait::Offsets | Wait::End | Wait::Drain | Wait::Motors => return None,
    })
}
