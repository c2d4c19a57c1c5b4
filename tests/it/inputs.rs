//! Inputs that G-code readers get wrong: what each dialect makes of them.
//!
//! The tables are `inputs/*.txt`. A line `= …` is an input (with the escapes
//! `\n \r \t \0 \xNN \\`), the lines after it say for each dialect
//! `dialects: words | what the machine does | diagnostics`:
//!
//! - words as lexed, lines apart by `/`; `[kind]` for a line that is no block,
//!   `"…"` for a text behind the words, `…` for a value that is no plain number;
//! - `>x,y,z` a move, `~x,y,z` an arc, `=x,y,z` a place without a move, waits by
//!   name, `state`, `fence` or nothing for a line without commands;
//! - diagnostics as `code@line:column`; those about the file as a whole left out.
//!
//! Lines with `#` say why. `UPDATE_GOLDENS=1 cargo test --test it inputs` writes
//! the results anew: what changes is to be read against the firmware, line by line.
//!
//! Every input also obeys the laws of `inputs/laws.rs` in every dialect.

#[path = "inputs/cover.rs"]
mod cover;
#[path = "inputs/laws.rs"]
pub(crate) mod laws;

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use trajet::Source;
use trajet::gcode::lex::{Form, Kind, Line};
use trajet::gcode::{self, Dialect, Effect, Reading, Run, RunLimits};
use trajet::geom::Point3;
use trajet::motion::Command;

/// The bytes that the escapes of a table stand for.
fn unescape(text: &str) -> Vec<u8> {
    let mut out = Vec::new();
    let mut rest = text.bytes();
    while let Some(b) = rest.next() {
        if b != b'\\' {
            out.push(b);
            continue;
        }
        out.push(match rest.next() {
            Some(b'n') => b'\n',
            Some(b'r') => b'\r',
            Some(b't') => b'\t',
            Some(b'0') => 0,
            Some(b'\\') => b'\\',
            Some(b'x') => {
                let digits = [rest.next().unwrap(), rest.next().unwrap()];
                u8::from_str_radix(std::str::from_utf8(&digits).unwrap(), 16).unwrap()
            }
            other => panic!("no such escape: {other:?} in {text}"),
        });
    }
    out
}

/// A number as short as it goes, without the noise of the last digits.
fn short(v: f64) -> String {
    let rounded = (v * 1e6).round() / 1e6;
    if v.abs() < 1e9 {
        format!("{}", rounded + 0.0)
    } else {
        format!("{v:e}")
    }
}

fn place(p: Point3) -> String {
    p.to_array().map(short).join(",")
}

/// The words of one line.
fn words_of(bytes: &[u8], line: &Line) -> String {
    let mut out: Vec<String> = Vec::new();
    match line.kind {
        Kind::Blank | Kind::Block => {}
        kind => out.push(format!("[{kind:?}]").to_lowercase()),
    }
    for w in &line.words {
        let letter = w.letter as char;
        out.push(match w.form {
            Form::Integer | Form::Decimal => format!("{letter}{}", short(w.value)),
            Form::Expression | Form::Opaque => format!("{letter}…"),
        });
    }
    if let Some(at) = line.text
        && line.kind == Kind::Block
    {
        let text = String::from_utf8_lossy(&bytes[at as usize..]);
        out.push(format!("{:?}", text.trim()));
    }
    out.join(" ")
}

/// What a step told the machine.
fn deeds(run: &Run<&Source>, effect: Effect, out: &mut Vec<String>) {
    for command in run.commands() {
        out.push(match command {
            Command::Move(m) => {
                let mut text =
                    format!("{}{}", if m.arc.is_some() { '~' } else { '>' }, place(m.to));
                if m.filament != 0.0 {
                    let _ = write!(text, "+{}", short(m.filament));
                }
                text
            }
            Command::Place(p) => format!("={}", place(*p)),
            Command::Axes(others) => format!("axes {}", others.map(short).join(",")),
            Command::Dwell { seconds } => format!("dwell {}", short(*seconds)),
            Command::Wait(wait) => wait.name().to_owned(),
            Command::Setting(setting) => format!("{setting:?}"),
            Command::Retract { back } => if *back { "retract" } else { "unretract" }.into(),
            Command::SpindleMode(mode) => format!("{mode:?}").to_lowercase(),
            Command::SpindleSpeed { speed, .. } => format!("S{}", short(*speed)),
            _ => continue,
        });
    }
    match effect {
        Effect::Fence if run.commands().is_empty() => out.push("fence".into()),
        Effect::State if run.commands().is_empty() => out.push("state".into()),
        _ => {}
    }
}

/// What a dialect makes of an input, as the tables say it.
fn describe(bytes: &[u8], dialect: &'static Dialect) -> String {
    let source = Source::new(bytes.to_vec());
    let mut line = Line::default();
    let lexed: Vec<String> = (0..source.line_count())
        .map(|i| {
            line.lex(source.line(i), &dialect.lexis);
            words_of(source.line(i), &line)
        })
        .collect();
    let limits = RunLimits::default().with_lines(100);
    let how = Reading::from(dialect).with_limits(limits);
    let mut run = Run::new(&source, how);
    let mut done = Vec::new();
    while let Some(step) = run.step() {
        deeds(&run, step.outcome.effect, &mut done);
    }
    let found = gcode::read(bytes.to_vec(), dialect).diagnostics;
    let said: Vec<String> = found
        .into_iter()
        .filter_map(|d| {
            let code = d.code.0.strip_prefix("gcode/")?;
            Some(format!("{code}@{}:{}", d.line?, d.column?))
        })
        .collect();
    let columns = [lexed.join(" / "), done.join(" "), said.join(" ")];
    columns
        .map(|c| c.trim().to_owned())
        .join(" | ")
        .trim_end()
        .to_owned()
}

/// The table with its results written anew, and what breaks a law.
fn regenerate(table: &str) -> (String, Vec<String>) {
    let (mut out, mut broken) = (String::new(), Vec::new());
    for line in table.lines() {
        if line.starts_with('#') || line.is_empty() {
            let _ = writeln!(out, "{line}");
        }
        let Some(input) = line.strip_prefix('=') else {
            continue;
        };
        let _ = writeln!(out, "{line}");
        let bytes = unescape(input.strip_prefix(' ').unwrap_or(input));
        let mut groups: Vec<(String, Vec<&str>)> = Vec::new();
        for dialect in Dialect::all() {
            broken.extend(laws::hold(&bytes, dialect).err());
            let text = describe(&bytes, dialect);
            match groups.iter_mut().find(|(t, _)| *t == text) {
                Some((_, names)) => names.push(dialect.name),
                None => groups.push((text, vec![dialect.name])),
            }
        }
        for (text, names) in groups {
            let _ = writeln!(out, "{}: {text}", names.join(" "));
        }
    }
    (out, broken)
}

fn check(name: &str) {
    let path: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/it/inputs")
        .join(name)
        .with_extension("txt");
    let table = fs::read_to_string(&path).unwrap();
    let (now, broken) = regenerate(&table);
    if std::env::var_os("UPDATE_GOLDENS").is_some() {
        fs::write(&path, &now).unwrap();
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
    if std::env::var_os("UPDATE_GOLDENS").is_some() {
        return;
    }
    for (i, (is, was)) in now.lines().zip(table.lines()).enumerate() {
        assert_eq!(is, was, "{name}.txt:{}", i + 1);
    }
    assert_eq!(now, table);
}

macro_rules! tables {
    ($($name:ident)*) => {$(
        #[test]
        fn $name() {
            check(stringify!($name));
        }
    )*};
}

tables! {
    numbers blanks line_ends comments line_numbers marks commands words texts
    expressions o_words klipper reprapfirmware grbl real_time encodings
}
