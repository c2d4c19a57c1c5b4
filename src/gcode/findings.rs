//! Diagnostics of the G-code front end, with their codes.

use super::block::Refusal;
use super::dialect::{Detected, Dialect};
use super::interpret::{Ignored, Notice};
use super::lex::{Fault, FaultKind, Line, Word};
use super::ngc::{FaultKind as ValueFault, FlowFaultKind};
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
/// Programs of this dialect are not written anew yet; the file is left as it is.
pub const KEPT_DIALECT: Code = Code("gcode/kept-dialect");
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
/// The program refers to its line numbers; the file is left as it is.
pub const NUMBERS_REFERRED: Code = Code("gcode/numbers-referred");
/// The file holds no motion.
pub const NO_MOTION: Code = Code("gcode/no-motion");

/// Says what there is to say about one step of a run.
pub(crate) fn of_step<L: Lines>(to: &mut Diagnostics, run: &Run<L>, done: &Done) {
    let notices = run.machine().notices();
    let commands = run.commands();
    if done.outcome.ignored.is_none() && notices.is_empty() && commands.len() == 1 {
        // Nearly every line: one move, and nothing to say.
        if matches!(commands[0], Command::Move(_)) {
            return;
        }
    }
    let (i, line) = (done.line as u32, run.words());
    let dialect = run.machine().dialect();
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
    for notice in notices {
        let (d, at) = of_notice(*notice, line, dialect);
        to.push(d.at(i + 1, at + 1));
    }
    if let Some(why) = done.outcome.ignored {
        for fault in line.faults.iter().filter(|f| f.kind.is_harmless()) {
            to.push(of_fault(fault.kind, dialect).at(i + 1, fault.at + 1));
        }
        to.push(of_ignored(why, line, dialect).at(i + 1, place(why, line) + 1));
    } else if line.kind == super::lex::Kind::Blank {
        for fault in &line.faults {
            to.push(of_fault(fault.kind, dialect).at(i + 1, fault.at + 1));
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
) {
    if !dialect.grammar.rewrites && moves {
        to.push(Diagnostic::new(
            KEPT_DIALECT,
            Severity::Note,
            format!(
                "programs for {} are read and timed, but not written anew yet; \
                 the file is left as it is",
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
}

/// Says that the program refers to its line numbers, on line `at` from 0.
pub(super) fn of_numbers(to: &mut Diagnostics, at: Option<u32>) {
    if let Some(i) = at {
        to.push(
            Diagnostic::new(
                NUMBERS_REFERRED,
                Severity::Note,
                "the program goes to lines by their numbers; it is left as it is",
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
        Wait::Offsets | Wait::End | Wait::Drain => return None,
    })
}

/// What is said of a line that was obeyed, and where in it.
#[cold]
fn of_notice(notice: Notice, line: &Line, dialect: &Dialect) -> (Diagnostic, u32) {
    let title = dialect.title;
    let name = |w: Word| format!("{}{}", w.letter as char, w.value);
    let of_letter = |l: u8| {
        line.words
            .iter()
            .find(|w| w.letter == l)
            .map_or(0, |w| w.at)
    };
    match notice {
        Notice::Fault(fault) => (of_fault(fault.kind, dialect), fault.at),
        Notice::Unused(letter) => (
            Diagnostic::new(
                UNUSED_WORD,
                Severity::Note,
                format!("{title} does nothing with {} here", letter as char),
            ),
            of_letter(letter),
        ),
        Notice::Lost(w) => (
            Diagnostic::new(
                LOST_WORDS,
                Severity::Warning,
                format!("{title} reads one command a line; {} is lost", name(w)),
            )
            .with_help("put it on a line of its own"),
            w.at,
        ),
        Notice::Exponent(w) => (
            Diagnostic::new(
                EXPONENT,
                Severity::Warning,
                format!("{} is a word of its own, not an exponent", name(w)),
            )
            .with_help("write the number out, or put a blank before E if it is meant"),
            w.at,
        ),
        Notice::Increment => (
            Diagnostic::new(
                LEAST_INCREMENT,
                Severity::Warning,
                format!("{title} counts a number without a decimal point in thousandths of a mm or ten-thousandths of an inch"),
            )
            .with_help("write a decimal point where whole mm or inches are meant"),
            0,
        ),
        Notice::Uncompensated => (
            Diagnostic::new(
                UNCOMPENSATED,
                Severity::Warning,
                "the cutter runs beside the programmed path (G41, G42); times are those of the path itself",
            ),
            0,
        ),
        Notice::ToolLength(tool) => (
            Diagnostic::new(
                TOOL_LENGTH,
                Severity::Note,
                format!("the length of tool {tool} is not known; it counts as 0"),
            ),
            0,
        ),
        Notice::Unmodelled => (
            Diagnostic::new(
                UNMODELLED,
                Severity::Warning,
                format!("what this command does on {title} is not modelled"),
            )
            .with_help("places and times from here on may be others"),
            line.words.first().map_or(0, |w| w.at),
        ),
        Notice::Repeated(letter) => (
            Diagnostic::new(
                LOST_WORDS,
                Severity::Warning,
                format!(
                    "{} stands twice in one command; {title} takes one of the two",
                    letter as char
                ),
            ),
            of_letter(letter),
        ),
        Notice::DeletesFile => (
            Diagnostic::new(
                DELETES_FILE,
                Severity::Error,
                format!("on {title} this deletes a file from the card"),
            )
            .with_help("end a program with M2, or with nothing"),
            line.words.first().map_or(0, |w| w.at),
        ),
    }
}

#[cold]
fn of_fault(kind: FaultKind, dialect: &Dialect) -> Diagnostic {
    let title = dialect.title;
    match kind {
        FaultKind::NoNumber => Diagnostic::new(SYNTAX, Severity::Warning, "a letter has no number"),
        FaultKind::StrayByte => Diagnostic::new(SYNTAX, Severity::Warning, "this begins no word"),
        FaultKind::OpenText => Diagnostic::new(SYNTAX, Severity::Warning, "this is not closed"),
        FaultKind::OpenComment => Diagnostic::new(
            OPEN_COMMENT,
            Severity::Note,
            "the comment is not closed; it ends with its line",
        ),
        FaultKind::RealTime => Diagnostic::new(
            REAL_TIME,
            Severity::Warning,
            format!("{title} takes these bytes for real-time commands, or drops them"),
        ),
        FaultKind::CutOff => Diagnostic::new(
            LOST_WORDS,
            Severity::Warning,
            format!("{title} reads nothing behind this on its line"),
        )
        .with_help("put the comment at the end of the line"),
        FaultKind::MaybeComment => Diagnostic::new(
            MAYBE_COMMENT,
            Severity::Note,
            format!("{title} takes ( ) for a comment only if it was built so"),
        )
        .with_help("write comments with ;"),
        FaultKind::BadChecksum => Diagnostic::new(
            CHECKSUM,
            Severity::Error,
            "the checksum does not fit the line, which is not obeyed",
        ),
        FaultKind::Overflow => Diagnostic::new(
            LOST_WORDS,
            Severity::Warning,
            format!("the line is longer than {title} holds; what is beyond is lost"),
        ),
    }
}

#[cold]
fn of_ignored(why: Ignored, line: &Line, dialect: &Dialect) -> Diagnostic {
    let title = dialect.title;
    let refused = if dialect.grammar.strict {
        format!("{title} ignores the whole line; it is kept as it is and nothing moves across it")
    } else {
        format!("{title} does not obey it; it is kept as it is and nothing moves across it")
    };
    let new = |code, severity, what: String| {
        Diagnostic::new(code, severity, what).with_help(refused.clone())
    };
    let word = |w: Word| format!("{}{}", w.letter as char, w.value);
    match why {
        Ignored::System => Diagnostic::new(
            SYSTEM_COMMAND,
            Severity::Note,
            "a system command is kept as it is and nothing moves across it",
        ),
        Ignored::Foreign => Diagnostic::new(
            FOREIGN,
            Severity::Note,
            format!("a line for the console of {title} or in its own language; what it does is not known"),
        ),
        Ignored::Macro => Diagnostic::new(
            MACRO,
            Severity::Note,
            "a macro: only the machine knows what it does and how long it takes",
        ),
        Ignored::Syntax(fault) => {
            let d = of_fault(fault.kind, dialect);
            if d.help.is_none() { d.with_help(refused) } else { d }
        }
        Ignored::Flow(FlowFaultKind::TooLong, _) => Diagnostic::new(
            LOOP_LIMIT,
            Severity::Error,
            "more lines are run inside of loops and subroutines than the limit allows; the rest is not run",
        )
        .with_help("a loop may never end; raise the limit if it does"),
        Ignored::Flow(FlowFaultKind::Endless, _) => Diagnostic::new(
            ENDLESS,
            Severity::Note,
            "M99 begins the main program again, for ever; one round of it is taken",
        ),
        Ignored::Flow(kind, _) => new(BAD_FLOW, Severity::Error, flow_fault(kind).into()),
        Ignored::Refused(refusal) => match refusal {
            Refusal::Unknown(w) => {
                let what = format!("{} is not a command of {title}", word(w));
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
            Refusal::NoNumber(w) => {
                let what = format!("the value of {} is known to the machine only", w.letter as char);
                new(BAD_VALUE, Severity::Warning, what)
            }
            Refusal::Value(kind, _) => new(BAD_VALUE, Severity::Error, value_fault(kind).into()),
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
            Refusal::Cycle(what) => new(
                BAD_CYCLE,
                Severity::Error,
                format!("the cycle is wrong: {what}"),
            ),
            Refusal::Spline(what) => new(
                BAD_SPLINE,
                Severity::Error,
                format!("the spline is wrong: {what}"),
            ),
            Refusal::TooLong => {
                let (held, most) = (
                    line.held.unwrap_or(0),
                    dialect.lexis.limit.map_or(0, |l| l.bytes),
                );
                let what = format!("the line has {held} bytes, more than the {most} that fit");
                new(LINE_TOO_LONG, Severity::Error, what)
            }
        },
    }
}

const fn value_fault(kind: ValueFault) -> &'static str {
    match kind {
        ValueFault::NoValue => "a value is missing",
        ValueFault::UnbalancedBracket => "a [ has no ]",
        ValueFault::BadOperator => "neither an operator nor ] stands behind a value",
        ValueFault::UnknownFunction => "there is no such function",
        ValueFault::NoArgument => "a function has no argument in brackets",
        ValueFault::NotAParameter => "exists[] asks for one parameter",
        ValueFault::OpenName => "the name of a parameter has no >",
        ValueFault::NameTooLong => "the name of a parameter is too long",
        ValueFault::TooDeep => "brackets are nested too deep",
        ValueFault::UnknownParameter => "the named parameter was never set",
        ValueFault::NotAnInteger => "a number must be whole here",
        ValueFault::NoSuchParameter => "there is no parameter of this number",
        ValueFault::Domain => "a function or a division has no result",
        ValueFault::NotFinite => "the result is too large",
        ValueFault::ReadOnly => "this parameter can only be read",
        ValueFault::NoEqualSign => "an assignment has no =",
        ValueFault::TooManyNames => "there are too many named parameters",
    }
}

const fn flow_fault(kind: FlowFaultKind) -> &'static str {
    match kind {
        FlowFaultKind::NotInFile => "the subroutine that is called does not stand in this file",
        FlowFaultKind::Mismatch => "no O-word that this could belong to is open",
        FlowFaultKind::NestedSub => "a sub stands inside of a sub",
        FlowFaultKind::NotInSub => "this stands outside of a subroutine",
        FlowFaultKind::MixedStyles => "a subroutine (O100 sub) and a program (O100) are mixed up",
        FlowFaultKind::Unclosed => "what begins here has no end",
        FlowFaultKind::NoBracket => "a condition or an argument must stand in brackets",
        FlowFaultKind::Trailing => "something stands behind the O-word that does not belong there",
        FlowFaultKind::TooManyArguments => "a call has more than 30 arguments",
        FlowFaultKind::TooDeep => "calls are nested too deep",
        FlowFaultKind::TooLong => "too many lines are run",
        FlowFaultKind::Endless => "the program begins again for ever",
        FlowFaultKind::Value(kind) => value_fault(kind),
    }
}

fn place(why: Ignored, line: &Line) -> u32 {
    match why {
        Ignored::Syntax(Fault { at, .. }) | Ignored::Flow(_, at) => at,
        Ignored::Refused(Refusal::Value(_, at)) => at,
        Ignored::Refused(
            Refusal::Unknown(w)
            | Refusal::SameGroup(w)
            | Refusal::Repeated(w)
            | Refusal::Range(w)
            | Refusal::NoNumber(w),
        ) => w.at,
        Ignored::Refused(Refusal::Unused(letter)) => line
            .words
            .iter()
            .find(|w| w.letter == letter)
            .map_or(0, |w| w.at),
        _ => line.words.first().map_or(0, |w| w.at),
    }
}
