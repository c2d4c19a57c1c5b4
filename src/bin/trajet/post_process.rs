//! `trajet post-process`.

use crate::Failure;
use crate::args::PostProcess as Args;
use crate::estimate::clock;
use crate::files;
use std::io::Cursor;
use std::path::Path;
use std::process::ExitCode;
use trajet::Source;
use trajet::diag::Diagnostics;
use trajet::gcode::Dialect;
use trajet::job::Format;
use trajet::machine::{self, Machine};
use trajet::retime::{RetimeOptions, Retimed, retime};

/// How a file of PrusaSlicer begins that is no text.
const BINARY: &[u8] = b"GCDE";

pub(crate) fn run(args: &Args) -> Result<ExitCode, Failure> {
    let named = match &args.machine {
        Some(name) => Some(files::machine(name)?),
        None => None,
    };
    let mut options = RetimeOptions::default().with_add_progress(args.add_progress);
    if let Some(name) = &args.stealth_machine {
        let (stealth, about) = files::machine(name)?;
        files::say_all(name.as_ref(), None, &about);
        options = options.with_stealth(stealth);
    }
    let bytes = files::read(&args.input)?;
    if bytes.starts_with(BINARY) {
        return Err(format!(
            "{}: it is binary G-code; let the slicer write text",
            args.input.display()
        ));
    }
    let format = Format::of(&bytes).map_err(|e| files::at(&args.input, &e))?;
    if format != Format::Gcode {
        return Err(format!("{}: it is no G-code", args.input.display()));
    }
    let (machine, about) = match named {
        Some(named) => named,
        None => own_machine(&args.input, &bytes)?,
    };
    let of = args
        .machine
        .as_ref()
        .map_or(&*args.input, |name| name.as_ref());
    files::say_all(of, None, &about);
    let dialect = match args.dialect {
        Some(Some(dialect)) => dialect,
        Some(None) => Dialect::detect(&bytes).dialect,
        None => Dialect::of(&machine.firmware),
    };
    let source = Source::new(bytes);
    let done = retime(&source, dialect, &machine, &options);
    let output = args.output.as_ref().unwrap_or(&args.input);
    files::say_all(&args.input, Some(&source), &done.diagnostics);
    if !done.moves {
        return Err(format!(
            "{}: nothing in it moves as {} reads it; name the printer or --dialect",
            args.input.display(),
            dialect.title
        ));
    }
    // A file that has no times is not touched, unless it is to go elsewhere.
    let same = !files::is_dash(output) && files::is_same(output, &args.input);
    if !args.dry_run && (done.bytes != source.bytes() || !same) {
        files::write(output, &done.bytes)?;
    }
    files::say(&in_words(&args.input, &done, args.dry_run));
    Ok(ExitCode::SUCCESS)
}

/// The machine that the slicer's settings in the file are. Without it nothing is assumed:
/// a wrong time is no better than the slicer's.
fn own_machine(input: &Path, bytes: &[u8]) -> Result<(Machine, Diagnostics), Failure> {
    let name = input.display().to_string();
    let none =
        format!("{name}: no slicer's settings of the printer are in it; name it with --machine");
    machine::read_program(&name, Cursor::new(bytes))
        .map_err(|e| format!("{name}: a slicer's settings cannot be used: {e}; give --machine"))?
        .ok_or(none)
}

fn in_words(input: &Path, done: &Retimed, dry: bool) -> String {
    let mut text = format!("{}: {}", input.display(), clock(done.seconds));
    if let Some(claimed) = done.claimed {
        text += &format!(", the slicer said {}", clock(claimed));
    }
    let would = if dry { "would be " } else { "" };
    text += &format!("; {} lines {would}rewritten", done.rewritten);
    if done.added > 0 {
        text += &format!(", {} {would}added", done.added);
    }
    text
}
