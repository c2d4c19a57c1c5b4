//! `trajet calibrate`.

use crate::Failure;
use crate::args::Calibrate as Args;
use crate::files;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::fmt::Write;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use trajet::Source;
use trajet::calibrate::{Calibrated, TimedJob, calibrate, read_log};
use trajet::gcode::{Dialect, Reading};
use trajet::job::Format;

pub(crate) fn run(args: &Args) -> Result<ExitCode, Failure> {
    let (machine, about) = files::machine(&args.machine)?;
    files::say_all(args.machine.as_ref(), None, &about);
    let text = String::from_utf8(files::read(&args.log)?)
        .map_err(|_| format!("{}: the log is not UTF-8 text", args.log.display()))?;
    let log = read_log(&text).map_err(|e| files::at(&args.log, &e))?;
    let reading = Reading::from(Dialect::of(&machine.firmware));
    let mut sources = BTreeMap::new();
    let mut jobs = Vec::new();
    for logged in log {
        let of_line = |why: &str| format!("{}:{}: {why}", args.log.display(), logged.line);
        // Files are where the log is, unless they say otherwise.
        let folder = args.log.parent().unwrap_or(Path::new(""));
        let source = match sources.entry(folder.join(&logged.file)) {
            Entry::Occupied(read) => Arc::clone(read.get()),
            Entry::Vacant(new) => {
                let source = source(new.key(), args.output.as_deref());
                Arc::clone(new.insert(source.map_err(|why| of_line(&why))?))
            }
        };
        jobs.push(TimedJob {
            name: logged.file,
            source,
            reading,
            seconds: logged.seconds,
        });
    }
    let done = calibrate(&jobs, &machine).map_err(|e| files::at(&args.log, &e))?;
    files::say_all(&args.log, None, &done.diagnostics);
    if let Some(output) = &args.output {
        let profile = done.machine.to_profile().map_err(|e| e.to_string())?;
        files::write(output, profile.as_bytes())?;
    }
    let text = in_words(&jobs, &done);
    if args.output.as_deref().is_some_and(files::is_dash) {
        files::say(text.trim_end());
    } else {
        files::write("-".as_ref(), text.as_bytes())?;
    }
    Ok(files::done(done.diagnostics.worst()))
}

/// The program of a job, which the result is not to replace.
fn source(place: &Path, output: Option<&Path>) -> Result<Arc<Source>, Failure> {
    if files::is_dash(place) {
        return Err("a job of a log is a file, not standard input".into());
    }
    if output.is_some_and(|out| !files::is_dash(out) && files::is_same(place, out)) {
        return Err("this job would be replaced; name another file with --output".into());
    }
    let bytes = files::read(place)?;
    match Format::of(&bytes) {
        Ok(Format::Gcode) => Ok(Arc::new(Source::new(bytes))),
        Ok(_) => Err("a drawing has no time of its own; log the G-code".into()),
        Err(e) => Err(files::at(place, &e)),
    }
}

fn in_words(jobs: &[TimedJob], done: &Calibrated) -> String {
    let mut text = format!(
        "{:<32}{:>11}{:>11}{:>8}{:>11}{:>8}{:>9}\n",
        "job", "measured s", "before s", "%", "now s", "%", "by rest"
    );
    let off = |seconds: Option<f64>, measured: f64| match seconds {
        Some(s) => format!("{:+.1}", 100.0 * (s / measured - 1.0)),
        None => "-".into(),
    };
    let all = |seconds: Option<f64>| seconds.map_or("-".into(), |s| format!("{s:.1}"));
    for (job, [before, now, foretold]) in jobs.iter().zip(&done.jobs) {
        let name: String = job
            .name
            .chars()
            .filter(|c| !c.is_control())
            .take(31)
            .collect();
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "{name:<32}{:>11.1}{:>11}{:>8}{:>11}{:>8}{:>9}",
            job.seconds,
            all(*before),
            off(*before, job.seconds),
            all(*now),
            off(*now, job.seconds),
            off(*foretold, job.seconds),
        );
    }
    let percent = |e: Option<f64>| e.map_or("unknown".into(), |e| format!("{:.2} %", 100.0 * e));
    let [before, now, foretold] = done.errors;
    let _ = writeln!(
        text,
        "error (root of mean square): {} before, {} now, {} of jobs foretold by the others",
        percent(before),
        percent(now),
        percent(foretold),
    );
    for (limit, factor) in &done.changed {
        let _ = writeln!(text, "{}: times {factor:.3}", limit.name());
    }
    if let Some(c) = done.machine.calibration {
        let _ = writeln!(text, "all times: times {:.4}", c.scale);
        if let Some([low, high]) = c.band {
            let _ = writeln!(
                text,
                "19 of 20 jobs: {:+.1} % to {:+.1} %",
                100.0 * (low - 1.0),
                100.0 * (high - 1.0)
            );
        }
    }
    text
}
