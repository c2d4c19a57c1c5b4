//! Diagnostics of the G-code front end, with their codes.

use super::block::Refusal;
use super::interpret::Ignored;
use super::lex::{FaultKind, Line, Word};
use super::survey::Meaning;
use crate::diag::{Code, Diagnostic, Diagnostics, Severity};
use crate::motion::{Command, Wait};
use crate::toolpath::Toolpath;

/// A part of a line is no word; the firmware ignores the line.
pub const SYNTAX: Code = Code("gcode/syntax");
/// A word that GRBL does not know; it ignores the line.
pub const UNKNOWN_WORD: Code = Code("gcode/unknown-word");
/// Words that cannot stand together, or miss a value; GRBL ignores the line.
pub const BAD_BLOCK: Code = Code("gcode/bad-block");
/// A feed move before any feed was given; GRBL ignores the line.
pub const NO_FEED: Code = Code("gcode/no-feed");
/// An arc that cannot be drawn; GRBL ignores the line.
pub const BAD_ARC: Code = Code("gcode/bad-arc");
/// A line with more bytes than GRBL's buffer; it ignores the line.
pub const LINE_TOO_LONG: Code = Code("gcode/line-too-long");
/// A system command of the firmware; nothing is moved across it.
pub const SYSTEM_COMMAND: Code = Code("gcode/system-command");
/// A command whose end or duration only the machine knows.
pub const UNKNOWN_TIME: Code = Code("gcode/unknown-time");
/// A comment that is not closed; it ends with its line.
pub const OPEN_COMMENT: Code = Code("gcode/open-comment");
/// Nobody can tell what burns; nothing is changed.
pub const LASER_UNCLEAR: Code = Code("gcode/laser-unclear");
/// Paths that are kept in place because they move Z or use inverse time.
pub const KEPT_IN_PLACE: Code = Code("gcode/kept-in-place");
/// The file holds no motion.
pub const NO_MOTION: Code = Code("gcode/no-motion");

/// Says what there is to say about line `i` (from 0).
pub(super) fn of_line(
    to: &mut Diagnostics,
    i: u32,
    line: &Line,
    ignored: Option<Ignored>,
    commands: &[Command],
) {
    if let Some(fault) = line.fault
        && fault.kind == FaultKind::OpenComment
    {
        let d = Diagnostic::new(
            OPEN_COMMENT,
            Severity::Note,
            "the comment is not closed; it ends with its line",
        );
        to.push(d.at(i + 1, fault.at + 1));
    }
    for command in commands {
        if let Command::Wait(wait) = command
            && let Some(what) = unknown_time(*wait)
        {
            let d = Diagnostic::new(UNKNOWN_TIME, Severity::Note, what);
            to.push(
                d.at(i + 1, 1)
                    .with_help("its time is not part of the total"),
            );
        }
    }
    if let Some(why) = ignored {
        to.push(of_ignored(why, line).at(i + 1, place(why, line) + 1));
    }
}

/// Says what there is to say about the file as a whole.
pub(super) fn of_program(to: &mut Diagnostics, meaning: Meaning, toolpath: &Toolpath) {
    if meaning == Meaning::Unclear {
        to.push(
            Diagnostic::new(
                LASER_UNCLEAR,
                Severity::Warning,
                "the spindle or laser is started but S is never above 0 while it cuts, \
                 so it is unclear what burns; the file is left as it is",
            )
            .with_help("give the power with S on the M3 or M4 line or on the cuts"),
        );
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
    if toolpath.paths().next().is_none() {
        to.push(Diagnostic::new(
            NO_MOTION,
            Severity::Warning,
            "the file holds no motion that GRBL 1.1 understands",
        ));
    }
}

fn unknown_time(wait: Wait) -> Option<&'static str> {
    Some(match wait {
        Wait::Operator => "the program waits for the operator (M0)",
        Wait::Probe => "a probing move ends where it touches; its target is taken instead",
        Wait::Homing => "homing ends where the switches are; the position is taken as unchanged",
        Wait::ToolChange => "the program waits for a tool change",
        Wait::Offsets | Wait::End => return None,
    })
}

fn of_ignored(why: Ignored, line: &Line) -> Diagnostic {
    let refused =
        "GRBL 1.1 ignores the whole line; it is kept as it is and nothing moves across it";
    let new =
        |code, severity, what: String| Diagnostic::new(code, severity, what).with_help(refused);
    let word = |w: Word| format!("{}{}", w.letter as char, w.value);
    match why {
        Ignored::System => Diagnostic::new(
            SYSTEM_COMMAND,
            Severity::Note,
            "a system command is kept as it is and nothing moves across it",
        ),
        Ignored::Syntax(fault) => new(
            SYNTAX,
            Severity::Warning,
            match fault.kind {
                FaultKind::NoNumber => "a letter has no number".into(),
                FaultKind::StrayByte | FaultKind::OpenComment => "this begins no word".into(),
            },
        ),
        Ignored::Refused(refusal) => match refusal {
            Refusal::Unknown(w) => {
                let what = format!("{} is not a command of GRBL 1.1", word(w));
                new(UNKNOWN_WORD, Severity::Warning, what)
            }
            Refusal::SameGroup(w) => {
                let what = format!("{} stands with another command of its group", word(w));
                new(BAD_BLOCK, Severity::Error, what)
            }
            Refusal::Repeated(w) => {
                let what = format!("{} stands twice in one line", w.letter as char);
                new(BAD_BLOCK, Severity::Error, what)
            }
            Refusal::Range(w) => {
                let what = format!("the value of {} is out of range", w.letter as char);
                new(BAD_BLOCK, Severity::Error, what)
            }
            Refusal::Unused(letter) => {
                let what = format!("no command of the line uses {}", letter as char);
                new(BAD_BLOCK, Severity::Error, what)
            }
            Refusal::Missing(what) => new(BAD_BLOCK, Severity::Error, format!("{what} is missing")),
            Refusal::Mode(what) => new(BAD_BLOCK, Severity::Error, what.into()),
            Refusal::NoFeed => {
                let what = "a feed move has no feed: F was never given, or must stand on each line";
                new(NO_FEED, Severity::Error, what.into())
            }
            Refusal::Arc(what) => new(
                BAD_ARC,
                Severity::Error,
                format!("the arc is wrong: {what}"),
            ),
            Refusal::TooLong => {
                let what = format!(
                    "the line has {} bytes, more than the 79 that fit",
                    line.stored
                );
                new(LINE_TOO_LONG, Severity::Error, what)
            }
        },
    }
}

fn place(why: Ignored, line: &Line) -> u32 {
    match why {
        Ignored::Syntax(fault) => fault.at,
        Ignored::Refused(
            Refusal::Unknown(w) | Refusal::SameGroup(w) | Refusal::Repeated(w) | Refusal::Range(w),
        ) => w.at,
        Ignored::Refused(Refusal::Unused(letter)) => line
            .words
            .iter()
            .find(|w| w.letter == letter)
            .map_or(0, |w| w.at),
        _ => line.words.first().map_or(0, |w| w.at),
    }
}
