//! What holds for any bytes in any dialect.

use super::cover::uncovered;
use std::fmt::Write;
use trajet::Source;
use trajet::gcode::lex::{Form, Kind, Line, Word};
use trajet::gcode::{self, Dialect, EmitOptions, Interpreter, emit};

/// What breaks a law says which and where.
pub(crate) type Law = Result<(), String>;

/// Checks all laws.
pub(crate) fn hold(bytes: &[u8], dialect: &'static Dialect) -> Law {
    comes_back(bytes, dialect)?;
    let source = Source::new(bytes.to_vec());
    for i in 0..source.line_count() {
        let text = source.line(i);
        no_byte_is_lost(text, dialect)?;
        no_word_is_lost(text, dialect)?;
    }
    Ok(())
}

fn broken(dialect: &Dialect, what: &str, text: &[u8]) -> Law {
    Err(format!("{}: {what}: {}", dialect.name, text.escape_ascii()))
}

/// An unedited file is written back byte for byte.
pub(crate) fn comes_back(bytes: &[u8], dialect: &'static Dialect) -> Law {
    let program = gcode::read(bytes.to_vec(), dialect);
    let back = emit(&program, &program.toolpath, &EmitOptions::default()).unwrap();
    if back != bytes {
        return broken(dialect, "it comes back changed", bytes);
    }
    Ok(())
}

/// Each byte of a line is part of a word, a blank, a comment, a text or a fault.
pub(crate) fn no_byte_is_lost(text: &[u8], dialect: &'static Dialect) -> Law {
    let mut line = Line::default();
    line.lex(text, &dialect.lexis);
    if let Some(at) = uncovered(text, &line, &dialect.lexis) {
        return broken(
            dialect,
            &format!("byte {at} is in nothing of {line:?}"),
            text,
        );
    }
    let places: Vec<u32> = line.words.iter().map(|w| w.at).collect();
    let inside = places.is_sorted()
        && places.iter().all(|at| (*at as usize) < text.len())
        && line.faults.iter().all(|f| f.at as usize <= text.len());
    if !inside || line.faults.len() > Line::MOST_FAULTS {
        return broken(dialect, "places out of order or out of the line", text);
    }
    Ok(())
}

/// Values that a command takes without a model of what they do.
const UNMODELLED: &[(&str, &[u8])] = &[
    ("G64", b"PQ"),
    ("M66", b"EPLQ"),
    ("M67", b"EQ"),
    ("M68", b"EQ"),
    ("G76", b"PZIJRKQHEL"),
    ("G96", b"DS"),
    // Where a dwell has two words for its time, one of them counts.
    ("G4", b"PSX"),
    // Which axes are homed is all that printers read.
    ("G28", b"XYZ"),
    ("G43", b"H"),
    ("G41", b"D"),
    ("G42", b"D"),
];

/// A word of a line that is obeyed without a remark changes something: with
/// another number, the machine does another thing or something is said.
pub(crate) fn no_word_is_lost(text: &[u8], dialect: &'static Dialect) -> Law {
    let mut line = Line::default();
    line.lex(text, &dialect.lexis);
    if line.kind != Kind::Block {
        return Ok(());
    }
    let before = outcome(text, &line, dialect);
    if before.said {
        return Ok(());
    }
    let commands: Vec<String> = line
        .words
        .iter()
        .filter(|w| is_command(w))
        .map(name)
        .collect();
    let known = |w: &Word| {
        UNMODELLED
            .iter()
            .any(|(c, letters)| commands.iter().any(|k| k == c) && letters.contains(&w.letter))
    };
    for i in 0..line.words.len() {
        let w = line.words[i];
        let counts = matches!(w.form, Form::Integer | Form::Decimal);
        // The angle of a polar radius of 0 has no part in it.
        if b"N^".contains(&w.letter) || !counts || known(&w) {
            continue;
        }
        let owner = line.words[..=i].iter().rev().find(|w| is_command(w));
        if !is_command(&w) && owner.is_some_and(|c| takes_anything(c, dialect)) {
            continue;
        }
        let mut other = line.clone();
        other.words[i].value = if is_command(&w) {
            7654.0
        } else if w.letter == b'R' && dialect == Dialect::MARLIN {
            // One too small for its arc is as good as any other that is.
            w.value * 3.0 + 50_000.0
        } else {
            w.value * 3.0 + 1.37
        };
        let after = outcome(text, &other, dialect);
        let counts = after.said
            || after.what != before.what
            || format!("{:?}", after.machine) != format!("{:?}", before.machine);
        if !counts {
            return broken(
                dialect,
                &format!("{} has no part in the line", name(&w)),
                text,
            );
        }
    }
    Ok(())
}

fn is_command(w: &Word) -> bool {
    matches!(w.letter, b'G' | b'M')
}

fn name(w: &Word) -> String {
    format!("{}{}", w.letter as char, w.value)
}

/// What comes of a line, and whether anything is said about it.
struct Came {
    what: String,
    said: bool,
    /// Offsets, tools, stored places: the whole of what it keeps.
    machine: Interpreter,
}

fn outcome(text: &[u8], line: &Line, dialect: &'static Dialect) -> Came {
    let mut machine = Interpreter::new(dialect);
    let mut start = Line::default();
    let start_text: &[u8] = if dialect.grammar.first_feed > 0.0 {
        b"G1"
    } else {
        b"G1 F60."
    };
    start.lex(start_text, &dialect.lexis);
    let _ = machine.execute(start_text, &start, &mut Vec::new());
    let mut told = Vec::new();
    let done = machine.execute(text, line, &mut told);
    let mut what = String::new();
    let _ = write!(
        what,
        "{told:?} {done:?} {:?} {:?}",
        machine.modal(),
        machine.axes()
    );
    Came {
        what,
        said: done.ignored.is_some() || !machine.notices().is_empty(),
        machine,
    }
}

/// Whether a command takes any letter without a remark: what it does is not
/// modelled, or nothing.
fn takes_anything(command: &Word, dialect: &'static Dialect) -> bool {
    let mut text = format!("{}{}", command.letter as char, command.value);
    for l in 'A'..='Z' {
        if dialect.grammar.letters.has(l as u8) && !matches!(l, 'N' | 'O' | 'T') {
            let _ = write!(text, "{l}1");
        }
    }
    let mut line = Line::default();
    line.lex(text.as_bytes(), &dialect.lexis);
    !outcome(text.as_bytes(), &line, dialect).said
}
