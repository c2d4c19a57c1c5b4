//! `trajet machine`.

use crate::Failure;
use crate::args::{Import, List, Machine as Args, Show};
use crate::files;
use serde_json::{Value as Json, json};
use std::fmt::Write;
use std::path::Path;
use std::process::ExitCode;
use trajet::diag::Diagnostics;
use trajet::machine::{self, Figure, Machine, Source, Value};

pub(crate) fn run(args: &Args) -> Result<ExitCode, Failure> {
    match args {
        Args::Import(a) => import(a),
        Args::List(a) => list(a),
        Args::Show(a) => show(a),
    }
}

fn import(args: &Import) -> Result<ExitCode, Failure> {
    let path = Path::new(&args.file);
    let (mut machine, about) = files::machine(&args.file)?;
    if let Some(name) = &args.name {
        machine.name.clone_from(name);
    } else if machine.name == args.file {
        // A file that gives no name.
        if let Some(stem) = path.file_stem() {
            machine.name = stem.to_string_lossy().into_owned();
        }
    }
    let from = match path.file_name() {
        _ if machine::preset(&args.file).is_some() => format!("the preset {}", args.file),
        Some(name) if !files::is_dash(path) => name.to_string_lossy().into_owned(),
        _ => "standard input".into(),
    };
    for figure in machine.figures() {
        if figure.name != "name" {
            let source = || Source::known(&from);
            let _ = machine.sources.entry(figure.name).or_insert_with(source);
        }
    }
    let profile = machine.to_profile().map_err(|e| files::at(path, &e))?;
    files::say_all(path, None, &about);
    files::write(&args.output, profile.as_bytes())?;
    Ok(files::done(about.worst()))
}

fn list(args: &List) -> Result<ExitCode, Failure> {
    let mut text = String::new();
    let mut all = Vec::new();
    let widest = machine::presets().map(|p| p.name().len()).max();
    for preset in machine::presets() {
        let machine = preset.machine().map_err(|e| e.to_string())?;
        let guesses: Vec<&String> = machine
            .sources
            .iter()
            .filter_map(|(name, source)| source.guess.then_some(name))
            .collect();
        let width = widest.unwrap_or_default();
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{:width$}  {}", preset.name(), preset.title());
        all.push(json!({
            "name": preset.name(),
            "title": preset.title(),
            "firmware": machine.firmware.name(),
            "guesses": guesses,
        }));
    }
    if args.json {
        let all = json!({ "schema": "trajet.machines/1", "machines": all });
        text = format!("{all:#}\n");
    }
    files::write("-".as_ref(), text.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

fn show(args: &Show) -> Result<ExitCode, Failure> {
    let (machine, about) = files::machine(&args.machine)?;
    let preset = machine::presets().find(|p| p.name() == args.machine);
    let title = preset.map(machine::Preset::title);
    let text = if args.json {
        format!("{:#}\n", in_json(&machine, title, &about))
    } else {
        files::say_all(args.machine.as_ref(), None, &about);
        in_words(&machine, title)
    };
    files::write("-".as_ref(), text.as_bytes())?;
    Ok(files::done(about.worst()))
}

fn in_json(machine: &Machine, title: Option<&str>, about: &Diagnostics) -> Json {
    let figures: Vec<Json> = machine
        .figures()
        .iter()
        .map(|f| {
            let source = machine.sources.get(&f.name);
            json!({
                "name": f.name,
                "value": value_in_json(&f.value),
                "unit": f.unit,
                "what": f.what,
                "source": source.map(|s| s.text.as_str()),
                "guess": source.is_some_and(|s| s.guess),
            })
        })
        .collect();
    json!({
        "schema": "trajet.machine/1",
        "name": machine.name,
        "title": title,
        "firmware": machine.firmware.name(),
        "figures": figures,
        "diagnostics": about.as_slice(),
    })
}

fn value_in_json(value: &Value) -> Json {
    match value {
        Value::Number(v) => json!(v),
        Value::Numbers(all) => json!(all),
        Value::Flag(v) => json!(v),
        Value::Text(v) => json!(v),
        _ => Json::Null,
    }
}

fn in_words(machine: &Machine, title: Option<&str>) -> String {
    let figures: Vec<(Figure, String)> = machine
        .figures()
        .into_iter()
        .filter(|f| f.name != "name")
        .map(|f| {
            let value = in_unit(&f);
            (f, value)
        })
        .collect();
    let width = |of: fn(&(Figure, String)) -> usize| figures.iter().map(of).max().unwrap_or(0);
    let (names, values) = (
        width(|(f, _)| f.name.len()),
        width(|(_, value)| value.chars().count()),
    );
    let mut text = match title {
        Some(title) => format!("{}: {title}\n", machine.name),
        None => format!("{}\n", machine.name),
    };
    for (figure, value) in &figures {
        let source = machine.sources.get(&figure.name).map(Source::written);
        let line = format!(
            "  {:names$}  {value:values$}  {}",
            figure.name,
            source.unwrap_or_default()
        );
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

fn in_unit(figure: &Figure) -> String {
    let value = match &figure.value {
        Value::Number(v) => v.to_string(),
        Value::Numbers(all) => {
            let all: Vec<String> = all.iter().map(f64::to_string).collect();
            all.join(", ")
        }
        Value::Flag(v) => if *v { "yes" } else { "no" }.into(),
        Value::Text(v) => v.clone(),
        _ => String::new(),
    };
    format!("{value} {}", figure.unit).trim_end().to_string()
}
