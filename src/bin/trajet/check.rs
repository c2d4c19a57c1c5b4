//! `trajet check`.

use crate::Failure;
use crate::args::{Check as Args, Cut};
use crate::files::{self, Reading};
use serde_json::{Value, json};
use std::path::Path;
use std::process::ExitCode;
use trajet::check;
use trajet::diag::{Diagnostics, RenderOptions, codes, render, summary};
use trajet::job::Job;
use trajet::machine::Machine;
use trajet::{Lang, Source};

pub(crate) fn run(args: &Args) -> Result<ExitCode, Failure> {
    let lang = args.lang.into();
    if let Some(entry) = &args.explain {
        let text = format!(
            "{}: {}\n\n{}\n",
            entry.code,
            entry.title(lang),
            entry.explanation(lang)
        );
        files::write("-".as_ref(), text.as_bytes())?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut machine = None;
    if let Some(name) = &args.machine {
        let (named, about) = files::machine(name)?;
        files::say_all(name.as_ref(), None, &about);
        machine = Some(named);
    }
    let machine = machine.as_ref();
    // Nothing is written: what a drawing would be cut with need not be said.
    let cut = Cut {
        feed: args.cut.feed.or(Some(1.0)),
        power: args.cut.power.or(Some(1.0)),
        ..args.cut.clone()
    };
    let reading = Reading::new(&cut, machine)?.said_of(&args.cut);
    let how = RenderOptions::default()
        .with_lang(lang)
        .with_titles(true)
        .with_color(files::wants_color(&std::io::stdout()));
    let (mut text, mut all) = (String::new(), Vec::new());
    let (mut unreadable, mut worst) = (false, None);
    for input in &args.inputs {
        let job = match files::open(input, machine, &reading) {
            Ok(job) => job,
            Err(why) => {
                files::say(&format!("trajet: {why}"));
                unreadable = true;
                all.push(json!({ "file": input.display().to_string(), "error": why }));
                continue;
            }
        };
        let found = findings(&job, machine);
        worst = worst.max(found.worst());
        if args.json {
            all.push(in_json(input, &job, &found, lang));
        } else {
            in_words(&mut text, input, job.source(), &found, &how);
        }
    }
    if args.json {
        text = format!(
            "{:#}\n",
            json!({ "schema": "trajet.check/1", "files": all })
        );
    }
    files::write("-".as_ref(), text.as_bytes())?;
    Ok(if unreadable {
        ExitCode::from(files::UNUSABLE)
    } else {
        files::done(worst)
    })
}

/// What reading the file says, and what the machine says.
fn findings(job: &Job, machine: Option<&Machine>) -> Diagnostics {
    let mut found = job.diagnostics.clone();
    if !job.is_drawing() {
        found.extend(check::program(job.source(), job.reading(), machine));
    } else if let Some(machine) = machine {
        found.extend(check::drawing(job.toolpath(), machine));
    }
    found
}

fn in_words(
    text: &mut String,
    input: &Path,
    source: &Source,
    found: &Diagnostics,
    how: &RenderOptions,
) {
    let name = input.display().to_string();
    let details = render(&name, Some(source), found, how);
    if !text.is_empty() {
        text.push('\n');
    }
    text.push_str(&details);
    if !details.is_empty() {
        text.push('\n');
    }
    let colon = match how.lang {
        Lang::Fr => "\u{a0}:",
        _ => ":",
    };
    text.push_str(&format!("{name}{colon} {}\n", summary(found, how.lang)));
}

fn in_json(input: &Path, job: &Job, found: &Diagnostics, lang: Lang) -> Value {
    let diagnostics: Vec<Value> = found
        .into_iter()
        .map(|d| {
            let title = codes::find(d.code.0).map(|e| e.title(lang));
            let mut value = json!(d);
            value["title"] = json!(title);
            value
        })
        .collect();
    json!({
        "file": input.display().to_string(),
        "dialect": if job.is_drawing() { "svg" } else { job.dialect().name },
        "diagnostics": diagnostics,
    })
}
