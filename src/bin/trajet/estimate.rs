//! `trajet estimate`.

use crate::Failure;
use crate::args::Estimate as Args;
use crate::files::{self, Reading};
use crate::spending;
use serde_json::{Value, json};
use std::fmt::Write;
use std::io::Read;
use std::path::Path;
use std::process::ExitCode;
use trajet::diag::Diagnostics;
use trajet::estimate::{Breakdown, Estimate, breakdown_stream, estimate_stream};
use trajet::gcode::Dialect;
use trajet::job::Format;
use trajet::machine::Machine;
use trajet::par;

pub(crate) fn run(args: &Args) -> Result<ExitCode, Failure> {
    let named = match &args.machine {
        Some(name) => Some(files::machine(name)?),
        None => None,
    };
    let reading = Reading::new(&args.cut, named.as_ref().map(|(machine, _)| machine))?;
    let done = par::map(&args.inputs, |_, input| {
        let (mut machine, said) = match &named {
            Some(named) => named.clone(),
            None => files::machine_of(input)?,
        };
        overrides(args, &mut machine)?;
        let sliced = named.is_none() && files::is_of_program(&machine);
        let own = sliced.then(|| Dialect::of(&machine.firmware));
        let own = own.filter(|_| args.cut.dialect.is_none());
        let (e, parts, about_job) = one(input, &machine, &reading, own, args.top)?;
        let mut diagnostics = said;
        diagnostics.extend(about_job);
        Ok::<_, Failure>((e, parts, machine.name, diagnostics))
    });
    let mut jobs = Vec::new();
    let mut text = String::new();
    let (mut unusable, mut worst) = (false, None);
    for (input, done) in args.inputs.iter().zip(done) {
        let (e, parts, machine, diagnostics) = match done {
            Ok(done) => done,
            Err(why) => {
                files::say(&format!("trajet: {why}"));
                unusable = true;
                jobs.push(json!({ "file": input.display().to_string(), "error": why }));
                continue;
            }
        };
        worst = worst.max(diagnostics.worst());
        if args.json {
            let mut job = in_json(input, &e, &diagnostics);
            job["machine"] = json!(machine);
            if let Some(parts) = &parts {
                job["breakdown"] = spending::in_json(parts);
            }
            jobs.push(job);
        } else {
            let source = files::source_to_show(input, &diagnostics);
            files::say_all(input, source.as_ref(), &diagnostics);
            in_words(&mut text, input, &e);
            if let Some(parts) = &parts {
                spending::in_words(&mut text, &e, parts);
            }
        }
    }
    if args.json {
        let all = json!({
            "schema": "trajet.estimate/1",
            "machine": named.map(|(machine, _)| machine.name),
            "jobs": jobs,
        });
        text = format!("{all:#}\n");
    }
    files::write("-".as_ref(), text.as_bytes())?;
    Ok(if unusable {
        ExitCode::from(files::UNUSABLE)
    } else {
        files::done(worst)
    })
}

/// Sets the overrides that the command line gives.
fn overrides(args: &Args, machine: &mut Machine) -> Result<(), Failure> {
    machine.feed_override = args.feed_override.unwrap_or(machine.feed_override);
    machine.rapid_override = args.rapid_override.unwrap_or(machine.rapid_override);
    machine.validate().map_err(|e| e.to_string())
}

/// One file, with where its time goes if `top` asks for it: a program is never held
/// whole, a drawing is. `own` is the dialect that a program says it is in.
fn one(
    input: &Path,
    machine: &Machine,
    reading: &Reading,
    own: Option<&'static Dialect>,
    top: bool,
) -> Result<(Estimate, Option<Breakdown>, Diagnostics), Failure> {
    let mut read = files::reader(input)?;
    let (format, head) = Format::of_reader(&mut read).map_err(|e| files::at(input, &e))?;
    if format == Format::Gcode {
        let read = head.as_slice().chain(read);
        let (dialect, limits) = (reading.dialect().or(own), reading.limits());
        let done = if top {
            let done = breakdown_stream(read, dialect, limits, machine);
            done.map(|(e, parts, diagnostics)| (e, Some(parts), diagnostics))
        } else {
            let done = estimate_stream(read, dialect, limits, machine);
            done.map(|(e, diagnostics)| (e, None, diagnostics))
        };
        let (e, parts, mut diagnostics) = done.map_err(|e| files::at(input, &e))?;
        diagnostics.extend(reading.about_programs());
        return Ok((e, parts, diagnostics));
    }
    let bytes = files::rest(input, read, head)?;
    let job = files::open_bytes(input, bytes, Some(machine), reading)?;
    let (e, parts) = files::breakdown(input, &job, machine)?;
    Ok((e, top.then_some(parts), job.diagnostics))
}

fn in_json(input: &Path, e: &Estimate, diagnostics: &Diagnostics) -> Value {
    let bounds = if e.bounds.is_empty() {
        Value::Null
    } else {
        json!({ "min": e.bounds.min.to_array(), "max": e.bounds.max.to_array() })
    };
    json!({
        "file": input.display().to_string(),
        "seconds": e.seconds,
        "seconds_low": e.seconds_low,
        "seconds_high": e.seconds_high,
        "cutting_seconds": e.cutting_seconds,
        "travel_seconds": e.travel_seconds,
        "dwell_seconds": e.dwell_seconds,
        "stopped_seconds": e.stopped_seconds,
        "burn_mm": e.burn_mm,
        "travel_mm": e.travel_mm,
        "pen_downs": e.pen_downs,
        "blocks": e.blocks,
        "stops": e.stops,
        "bounds_mm": bounds,
        "filament_mm": e.filament_mm,
        "seconds_with_waits": e.seconds_with_waits(),
        "waits": e.waits.iter().map(|w| json!({
            "what": w.wait.name(),
            "count": w.count,
            "seconds_each": w.seconds_each,
            "seconds": w.seconds(),
        })).collect::<Vec<_>>(),
        "unknown": e.unknown.iter().map(|(wait, count)| json!({
            "what": wait.name(),
            "count": count,
        })).collect::<Vec<_>>(),
        "diagnostics": diagnostics.as_slice(),
    })
}

fn in_words(text: &mut String, input: &Path, e: &Estimate) {
    // Writing to a string cannot fail.
    let _ = write!(
        text,
        "{}: {}  cutting {:.1} s over {:.0} mm, travel {:.1} s over {:.0} mm, \
         dwell {:.1} s, stops {:.1} s, {} pen-downs",
        input.display(),
        clock(e.seconds),
        e.cutting_seconds,
        e.burn_mm,
        e.travel_seconds,
        e.travel_mm,
        e.dwell_seconds,
        e.stopped_seconds,
        e.pen_downs,
    );
    if let Some((low, high)) = e.seconds_low.zip(e.seconds_high) {
        let _ = write!(
            text,
            "; 19 of 20 such jobs take {} to {}",
            clock(low),
            clock(high)
        );
    }
    for (wait, count) in &e.unknown {
        let _ = write!(text, "; not counted: {} ({count} times)", wait.name());
    }
    text.push('\n');
    for w in &e.waits {
        let _ = writeln!(
            text,
            "  {}: {} times {:.1} s, as the machine's profile says",
            w.wait.name(),
            w.count,
            w.seconds_each,
        );
    }
    if !e.waits.is_empty() {
        let _ = writeln!(text, "  with these: {}", clock(e.seconds_with_waits()));
    }
}

/// `1 h 02 min 03.4 s`, as short as it goes.
pub(crate) fn clock(seconds: f64) -> String {
    let tenths = (seconds * 10.0).round();
    let (hours, rest) = ((tenths / 36_000.0).floor(), tenths % 36_000.0);
    let (minutes, s) = ((rest / 600.0).floor(), rest % 600.0 / 10.0);
    if hours > 0.0 {
        format!("{hours} h {minutes:02} min {s:04.1} s")
    } else if minutes > 0.0 {
        format!("{minutes} min {s:04.1} s")
    } else {
        format!("{s:.1} s")
    }
}
