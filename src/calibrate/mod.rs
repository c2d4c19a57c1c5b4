//! A lab's own machine from its log: how long jobs really took.
//!
//! A settings dump says what the firmware is told, not what the machine makes of it, and
//! presets are guesses. [`calibrate`] takes jobs with their measured times and changes as
//! little of a machine as explains them: a scale on all times, the acceleration of X and
//! Y, their greatest speed, and how corners are taken.
//!
//! # How
//! The errors are those of the logarithm of time, so that a short job counts as much as a
//! long one. For a set of limits they are made least by the damped method of Gauss and
//! Newton (Marquardt, <https://doi.org/10.1137/0111030>) with slopes from differences; a
//! scale is solved for beside it.
//!
//! A limit more always fits the log better. What counts is how well each job is foretold
//! by all others: the error with one left out, taken from the leverage of each job (Allen,
//! <https://doi.org/10.1080/00401706.1974.10489157>). Limits are added while that falls by
//! a fifth or more, and taken away again where it does not rise. Of few jobs few limits are
//! fitted, of one job the scale alone.
//!
//! # Limits
//! X and Y are changed together. What a program sets itself (M204, M205) is not changed,
//! and speed and acceleration of Z are not. Waits that the machine's owner has given a time
//! are taken off the measured times. Those that nobody knows are in them: log jobs without
//! such, or take them off.
//!
//! # Words
//! - *factor*: what a limit is multiplied by.
//! - *leverage*: how much a job pulls the fit to itself; 1 is a job that alone decides.

mod fit;
mod limit;
mod log;
mod solve;

pub use limit::Limit;
pub use log::{Logged, read_log};

use crate::diag::{Code, Diagnostic, Diagnostics, Severity};
use crate::error::{Error, ErrorKind};
use crate::estimate::{Estimate, estimate, estimate_understood};
use crate::gcode::Reading;
use crate::machine::{Calibration, Machine, Source as Origin, Waited};
use crate::par;
use crate::source::Source;
use fit::{Fit, Times};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The log has too few jobs to be sure of what it says.
pub const FEW_JOBS: Code = Code("calibrate/few-jobs");
/// The jobs of the log are so alike that they tell nothing of the limits.
pub const ALIKE_JOBS: Code = Code("calibrate/alike-jobs");
/// A limit is as far from what it was as is searched, or the scale is far from 1: it may
/// explain something else.
pub const FAR_LIMIT: Code = Code("calibrate/far-limit");
/// A job waits for what no model knows, and the log has that time too.
pub const UNKNOWN_WAITS: Code = Code("calibrate/unknown-waits");

/// From so many jobs on nothing is said of their number.
const ENOUGH_JOBS: usize = 5;
/// A scale beyond this, or below one over it, is no property of a machine.
const FAR_SCALE: f64 = 3.0;
/// Jobs whose times change alike, to this share, when a limit changes.
const ALIKE: f64 = 0.02;

/// A job of the log.
#[derive(Clone, Debug)]
pub struct TimedJob {
    /// What it is called in reports.
    pub name: String,
    /// The program. Jobs that share it are estimated once.
    pub source: Arc<Source>,
    /// How it is read.
    pub reading: Reading,
    /// How long it took, s.
    pub seconds: f64,
}

/// What a log says of a machine.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Calibrated {
    /// The machine with its limits changed, and its [`Calibration`].
    pub machine: Machine,
    /// The limits that were changed, with their factors.
    pub changed: Vec<(Limit, f64)>,
    /// For each job of the log, s, without waits: estimated before, estimated now, and
    /// foretold by the other jobs alone (`None` of a single job).
    pub jobs: Vec<[Option<f64>; 3]>,
    /// Root of the mean square of the logarithmic errors: before, now, and foretold; 0.01
    /// is about 1 %.
    pub errors: [Option<f64>; 3],
    /// What there is to say.
    pub diagnostics: Diagnostics,
}

/// Fits a machine to a log.
///
/// # Errors
/// [`ErrorKind::InvalidConfig`] where there is no job, or one that moves nothing, or whose
/// measured or estimated time is no finite number above 0.
///
/// # Complexity
/// Some 30 to 120 estimates of all programs, in parallel by program.
pub fn calibrate(jobs: &[TimedJob], machine: &Machine) -> Result<Calibrated, Error> {
    let wrong = |text: String| Error::new(ErrorKind::InvalidConfig, text);
    if jobs.is_empty() {
        return Err(wrong("the log has no jobs".into()));
    }
    let mut base = machine.clone();
    base.calibration = None;
    let (programs, of) = programs(jobs);
    let understood = par::map(&programs, |_, job| {
        estimate_understood(&job.source, job.reading, &base)
    });
    let mut diagnostics = Diagnostics::new();
    for (job, (_, how)) in programs.iter().zip(&understood) {
        if !how.moves {
            let title = job.reading.dialect.title;
            return Err(wrong(format!(
                "{} holds no motion that {title} understands",
                job.name
            )));
        }
        for d in &how.diagnostics {
            let mut d = d.clone();
            d.message = format!("{}: {}", job.name, d.message);
            diagnostics.push(d);
        }
    }
    let estimates: Vec<&Estimate> = of.iter().map(|i| &understood[*i].0).collect();
    for (job, e) in jobs.iter().zip(&estimates) {
        // What the owner has given a time is none of the planner's.
        let measured = job.seconds - waits(e);
        for (what, seconds) in [("measured", measured), ("estimated", e.seconds)] {
            if !(seconds.is_finite() && seconds > 0.0) {
                let text = format!("the {what} time of {} is {seconds} s", job.name);
                return Err(wrong(text));
            }
        }
    }
    let before: Vec<f64> = estimates.iter().map(|e| e.seconds).collect();
    let measured: Vec<f64> = jobs
        .iter()
        .zip(&estimates)
        .map(|(job, e)| job.seconds - waits(e))
        .collect();
    let run = |factors: &[f64; Limit::ALL.len()]| {
        let machine = limit::with(&base, factors);
        let seconds = par::map(&programs, |_, job| {
            estimate(&job.source, job.reading, &machine).seconds
        });
        of.iter().map(|i| seconds[*i]).collect()
    };
    let mut times = Times::new(&measured, &before, &run);
    let fit = fit::best(&mut times);

    say_of_jobs(&mut diagnostics, jobs, &estimates, &mut times);
    let changed: Vec<(Limit, f64)> = fit.factors();
    for (limit, factor) in &changed {
        if limit.is_far(*factor) {
            let text = format!(
                "{} was multiplied by {factor:.3}, the most that is tried; it may stand for something else",
                limit.name()
            );
            diagnostics.push(Diagnostic::new(FAR_LIMIT, Severity::Warning, text));
        }
    }
    if fit.scale.ln().abs() > FAR_SCALE.ln() {
        let text = format!(
            "all times are multiplied by {:.4}; the log or the machine's settings are probably those of something else",
            fit.scale
        );
        diagnostics.push(
            Diagnostic::new(FAR_LIMIT, Severity::Warning, text)
                .with_help("times are seconds, or 1:02:03; compare them with what the jobs took"),
        );
    }
    let mut machine = limit::with(&base, &fit.all_factors());
    for (limit, factor) in &changed {
        let source = format!("times {factor:.3} by a log of {} jobs", jobs.len());
        for name in limit.figures(&machine) {
            let _ = machine
                .sources
                .insert((*name).into(), Origin::known(&source));
        }
    }
    machine.calibration = Some(Calibration::new(fit.scale, fit.band(), jobs.len() as u32));
    Ok(report(
        machine,
        changed,
        &before,
        &measured,
        &fit,
        diagnostics,
    ))
}

/// The jobs with a program of their own, and for each job which of these has its program.
fn programs(jobs: &[TimedJob]) -> (Vec<&TimedJob>, Vec<usize>) {
    let mut programs: Vec<&TimedJob> = Vec::new();
    // The address only tells the same from other; the order is that of the jobs.
    let mut known: BTreeMap<*const Source, Vec<usize>> = BTreeMap::new();
    let mut of = Vec::with_capacity(jobs.len());
    for job in jobs {
        let same = known.entry(Arc::as_ptr(&job.source)).or_default();
        let found = same.iter().find(|i| programs[**i].reading == job.reading);
        let i = found.copied().unwrap_or(programs.len());
        if i == programs.len() {
            programs.push(job);
            same.push(i);
        }
        of.push(i);
    }
    (programs, of)
}

/// What waits take that the machine's owner has given a time, s.
fn waits(e: &Estimate) -> f64 {
    e.waits.iter().map(Waited::seconds).sum()
}

fn report(
    machine: Machine,
    changed: Vec<(Limit, f64)>,
    before: &[f64],
    measured: &[f64],
    fit: &Fit,
    diagnostics: Diagnostics,
) -> Calibrated {
    let rms = |errors: &[f64]| {
        let sum: f64 = errors.iter().map(|e| e * e).sum();
        (sum / errors.len() as f64).sqrt()
    };
    let raw: Vec<f64> = measured
        .iter()
        .zip(before)
        .map(|(m, t)| (m / t).ln())
        .collect();
    let jobs = (0..before.len())
        .map(|i| {
            let foretold = fit.left_out.as_ref().map(|e| measured[i] / e[i].exp());
            let now = measured[i] / fit.errors[i].exp();
            [Some(before[i]), Some(now), foretold]
        })
        .collect();
    Calibrated {
        machine,
        changed,
        jobs,
        errors: [
            Some(rms(&raw)),
            Some(rms(&fit.errors)),
            fit.left_out.as_ref().map(|e| rms(e)),
        ],
        diagnostics,
    }
}

fn say_of_jobs(
    said: &mut Diagnostics,
    jobs: &[TimedJob],
    estimates: &[&Estimate],
    times: &mut Times<'_>,
) {
    let n = jobs.len();
    if n < ENOUGH_JOBS {
        let what = if n == 1 {
            "one job gives a scale and no error; log more".to_owned()
        } else {
            format!("{n} jobs are few: the error is not known well")
        };
        said.push(
            Diagnostic::new(FEW_JOBS, Severity::Warning, what)
                .with_help("log ten jobs or more: long lines, short lines, rasters, curves"),
        );
    }
    if n > 1 && times.spread() < ALIKE {
        said.push(
            Diagnostic::new(
                ALIKE_JOBS,
                Severity::Warning,
                "the jobs are so alike that they say nothing of single limits",
            )
            .with_help("log jobs of other kinds: long lines, short lines, rasters, curves"),
        );
    }
    for (job, e) in jobs.iter().zip(estimates) {
        if let Some((wait, count)) = e.unknown.first() {
            let text = format!(
                "{} waits for what no model knows ({}, {count} times): its measured time has that too",
                job.name,
                wait.name()
            );
            said.push(Diagnostic::new(UNKNOWN_WAITS, Severity::Warning, text));
        }
    }
}
