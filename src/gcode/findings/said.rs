//! What is said of one line: the words of its diagnostics.

use super::{
    BAD_ARC, BAD_BLOCK, BAD_CYCLE, BAD_FLOW, BAD_SPLINE, BAD_VALUE, CHECKSUM, DELETES_FILE,
    ENDLESS, EXPONENT, FOREIGN, LEAST_INCREMENT, LINE_TOO_LONG, LOOP_LIMIT, LOST_WORDS, MACRO,
    MAYBE_COMMENT, NO_FEED, OPEN_COMMENT, REAL_TIME, SYNTAX, SYSTEM_COMMAND, TOOL_LENGTH,
    UNCOMPENSATED, UNKNOWN_WORD, UNMODELLED, UNUSED_WORD,
};
use crate::diag::{Diagnostic, Severity};
use crate::gcode::block::Refusal;
use crate::gcode::dialect::Dialect;
use crate::gcode::interpret::{Ignored, Notice};
use crate::gcode::lex::{Fault, FaultKind, Line, Word};
use crate::gcode::ngc::{FaultKind as ValueFault, FlowFaultKind};

/// What is said of a line that was obeyed, and where in it.
#[cold]
pub(super) fn of_notice(notice: Notice, line: &Line, dialect: &Dialect) -> (Diagnostic, u32) {
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
pub(super) fn of_fault(kind: FaultKind, dialect: &Dialect) -> Diagnostic {
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
pub(super) fn of_ignored(why: Ignored, line: &Line, dialect: &Dialect) -> Diagnostic {
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
        Ignored::Flow(FlowFaultKind::TooManyMoves, _) => Diagnostic::new(
            LOOP_LIMIT,
            Severity::Error,
            "cycles, arcs of several turns and splines come to more moves than the limit allows; the rest is not run",
        )
        .with_help("look for a number that is far too great, or raise the limit"),
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
            Refusal::NoNumber(w) => Diagnostic::new(
                BAD_VALUE,
                Severity::Warning,
                format!(
                    "the value of {} is no plain number: what {title} makes of it is not known",
                    w.letter as char
                ),
            )
            .with_help("the line is kept as it is and nothing moves across it; places and times from here on may be others"),
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
            Refusal::TooManyMoves => {
                let what = flow_fault(FlowFaultKind::TooManyMoves);
                new(LOOP_LIMIT, Severity::Error, what.into())
            }
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
        FlowFaultKind::TooManyMoves => "lines come to too many moves",
        FlowFaultKind::Endless => "the program begins again for ever",
        FlowFaultKind::Value(kind) => value_fault(kind),
    }
}

pub(super) fn place(why: Ignored, line: &Line) -> u32 {
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
