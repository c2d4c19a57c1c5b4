//! `trajet optimize`.

use crate::Failure;
use crate::args::{Objective as Goal, Optimize, Rasters};
use crate::files::{self, Reading};
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Value, json};
use std::process::ExitCode;
use std::time::{Duration, Instant};
use trajet::diag::{Code, Diagnostic, Diagnostics, Severity};
use trajet::estimate::{Estimate, estimate};
use trajet::job::{Job, OptimizeOptions, Optimized};
use trajet::machine::Machine;
use trajet::operations::Planned;
use trajet::pass::{Cool, Objective, PassReport, Summary, Watch};
use trajet::report::{self, MapOptions, Trace};
use trajet::{Source, par};

/// Steps of the progress bar.
const STEPS: u64 = 1000;

#[allow(clippy::disallowed_methods)] // the deadline of --time-budget is this program's own
pub(crate) fn run(args: &Optimize) -> Result<ExitCode, Failure> {
    let began = Instant::now();
    let given = args.machine.is_some();
    let (machine, mut diagnostics) = match &args.machine {
        Some(name) => files::machine(name)?,
        None => files::machine_of(&args.input)?,
    };
    let known = given || files::is_of_program(&machine);
    let reading =
        Reading::new(&args.cut, known.then_some(&machine))?.with_tolerance(args.tolerance);
    let job = files::open(&args.input, Some(&machine), &reading)?;
    diagnostics.extend(only_arcs(args, &job));
    if job.is_drawing()
        && !files::is_dash(&args.output)
        && files::is_same(&args.output, &args.input)
    {
        let file = args.input.display();
        return Err(format!(
            "{file}: --output would replace the drawing; name another file"
        ));
    }
    let objective = match args.objective {
        Some(Goal::Travel) => Objective::Travel,
        Some(Goal::Time) => Objective::Time(Box::new(machine.clone())),
        None if given => Objective::Time(Box::new(machine.clone())),
        None => Objective::Travel,
    };
    // Hidden by itself when standard error is no terminal.
    let progress = ProgressBar::new(STEPS).with_message("ordering");
    progress.set_style(style());
    progress.enable_steady_tick(Duration::from_millis(100));
    let (bar, budget) = (progress.clone(), args.time_budget);
    let watch = Watch::new(move |share| {
        bar.set_position((share * STEPS as f64) as u64);
        budget.is_none_or(|seconds| began.elapsed().as_secs_f64() < seconds)
    });
    let mut options = OptimizeOptions::default()
        .with_tolerance(args.tolerance)
        .with_seed(args.seed)
        .with_overlaps(args.remove_overlaps.into())
        .with_overlap_distance(args.overlap_distance)
        .with_split(args.split.into())
        .with_order_rasters(args.rasters == Rasters::Order)
        .with_fit_arcs(args.fit_arcs)
        .with_helices(args.helices)
        .with_simplify(args.simplify)
        .with_only(args.only.clone())
        .with_skip(args.skip.clone())
        .with_group_parts(args.group_parts)
        .with_whole_outlines(args.whole_outlines)
        .with_before(args.before.clone())
        .with_passes(args.passes.into())
        .with_effort(args.effort.into())
        .with_watch(watch)
        .with_start_anywhere(args.start_anywhere)
        .with_bound(args.bound);
    options.cool = args
        .cool
        .map(|seconds| Cool::new(seconds, machine.clone()).with_distance(args.cool_distance));
    let done = par::with_threads(args.threads.into(), || job.optimize(&objective, &options));
    progress.finish_and_clear();
    let done = done.map_err(|e| format!("{}: {e}", args.input.display()))?;

    let before = estimate(
        &Source::new(done.gcode_before.clone()),
        done.reading,
        &machine,
    );
    let after = estimate(&Source::new(done.gcode.clone()), done.reading, &machine);
    let drawn = args.map.as_ref().map(|_| draw(&done, &before, &after));
    // Both are ready before one is touched: a failure leaves both as they were.
    let program = files::prepare(&args.output, &done.gcode)?;
    let map = match (&args.map, &drawn) {
        (Some(path), Some(svg)) => Some(files::prepare(path, svg.as_bytes())?),
        _ => None,
    };
    files::finish(program)?;
    map.map_or(Ok(()), files::finish)?;
    diagnostics.extend(done.diagnostics.clone());
    if args.json {
        let mut all = report(args, &done, &before, &after, &machine, &diagnostics);
        if job.is_drawing() {
            all["operations"] = operations(&job);
        }
        let text = format!("{all:#}\n");
        if files::is_dash(&args.output) {
            files::say(text.trim_end());
        } else {
            files::write("-".as_ref(), text.as_bytes())?;
        }
    } else {
        files::say_all(&args.input, Some(job.source()), &diagnostics);
        files::say(&in_words(&before, &after, &done, &machine));
        if let Some(bound) = done.travel_bound {
            files::say(&gap_in_words(after.travel_mm, bound));
        }
    }
    Ok(files::done(diagnostics.worst()))
}

/// Options of fitting were given that printers' programs do not get.
const ONLY_ARCS: Code = Code("job/only-arcs");

/// What there is to say where more than arcs is asked for of a printer's program.
fn only_arcs(args: &Optimize, job: &Job) -> Diagnostics {
    let mut said = Diagnostics::new();
    if job.is_drawing() || job.dialect().grammar.rewrites {
        return said;
    }
    let only = args.only.iter().any(|name| name == "simplify");
    for (name, asked) in [
        ("--simplify", args.simplify),
        ("--only simplify", only),
        ("--helices", args.helices),
    ] {
        if asked {
            let title = job.dialect().title;
            let what =
                format!("{name} changes nothing in a program for {title}, which gets arcs only");
            said.push(
                Diagnostic::new(ONLY_ARCS, Severity::Note, what).with_help("ask with --fit-arcs"),
            );
        }
    }
    said
}

fn style() -> ProgressStyle {
    ProgressStyle::with_template("{spinner} {msg} {wide_bar} {percent} %")
        .unwrap_or_else(|_| ProgressStyle::default_bar())
}

fn draw(done: &Optimized, before: &Estimate, after: &Estimate) -> String {
    let trace = |t, e: &Estimate| {
        Trace::of(t)
            .with_seconds(e.seconds)
            .with_pen_downs(e.pen_downs)
    };
    report::map(
        &trace(&done.before, before),
        &trace(&done.after, after),
        &MapOptions::default(),
    )
}

fn in_words(before: &Estimate, after: &Estimate, done: &Optimized, machine: &Machine) -> String {
    let share = |a: f64, b: f64| if a > 0.0 { (b / a - 1.0) * 100.0 } else { 0.0 };
    let removed_mm = done.removed_mm();
    let removed = if removed_mm > 0.0 {
        format!("overlaps {removed_mm:.0} mm removed, ")
    } else {
        String::new()
    };
    let fits = |p: &PassReport| ["arc-fit", "simplify"].contains(&p.name) && p.changed > 0;
    let fitted = if done.passes.iter().any(fits) {
        let (a, b) = done.summaries();
        let off = done.max_deviation_mm;
        format!(
            "segments {} -> {} at most {off:.4} mm off, ",
            a.segments, b.segments
        )
    } else {
        String::new()
    };
    format!(
        "{removed}{fitted}travel {:.0} -> {:.0} mm ({:+.1} %), pen-downs {} -> {}, time {:.1} -> {:.1} s ({:+.1} %) on {}",
        before.travel_mm,
        after.travel_mm,
        share(before.travel_mm, after.travel_mm),
        before.pen_downs,
        after.pen_downs,
        before.seconds,
        after.seconds,
        share(before.seconds, after.seconds),
        machine.name,
    )
}

/// How far the travel is from a lower bound.
fn gap_in_words(travel_mm: f64, bound: f64) -> String {
    let gap = (bound > 0.0).then(|| (travel_mm / bound - 1.0) * 100.0);
    gap.map_or_else(
        || "no lower bound on the travel is known but 0".into(),
        |gap| format!("no order travels less than {bound:.0} mm; this one is at most {gap:.1} % over the least"),
    )
}

fn report(
    args: &Optimize,
    done: &Optimized,
    before: &Estimate,
    after: &Estimate,
    machine: &Machine,
    diagnostics: &Diagnostics,
) -> Value {
    let (a, b) = done.summaries();
    let mut bounds = json!({ "pen_downs": done.pen_down_bound });
    if let Some(mm) = done.travel_bound {
        bounds["travel_mm"] = json!(mm);
    }
    json!({
        "schema": "trajet.optimize/1",
        "input": args.input.display().to_string(),
        "machine": machine.name,
        "before": side(before, &a),
        "after": side(after, &b),
        "bounds": bounds,
        "stopped_early": done.stopped_early,
        "max_deviation_mm": done.max_deviation_mm,
        "removed_mm": done.removed_mm(),
        "passes": done.passes.iter().map(|p| json!({
            "name": p.name,
            "changed": p.changed,
            "deviation_mm": p.deviation_mm,
            "removed_mm": p.removed_mm,
        })).collect::<Vec<_>>(),
        "diagnostics": diagnostics.as_slice(),
    })
}

/// What is done with a drawing, in the order of work.
fn operations(job: &Job) -> Value {
    let one = |o: &Planned| {
        json!({
            "name": o.name,
            "colors": o.colors,
            "passes": o.passes,
            "paths": o.paths,
            "length_mm": o.length_mm,
            "feed_mm_min": o.feed * 60.0,
            "power": o.power,
        })
    };
    job.operations().iter().map(one).collect()
}

fn side(e: &Estimate, s: &Summary) -> Value {
    json!({
        "seconds": e.seconds,
        "travel_mm": e.travel_mm,
        "travel_seconds": e.travel_seconds,
        "burn_mm": e.burn_mm,
        "pen_downs": e.pen_downs,
        "paths": s.paths,
        "segments": s.segments,
    })
}
