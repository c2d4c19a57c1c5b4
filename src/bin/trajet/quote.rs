//! `trajet quote`.

use crate::Failure;
use crate::args::{Format, Quote as Args};
use crate::files::{self, Reading};
use std::process::ExitCode;
use trajet::quote::{JobUse, Request, Tariff, quote, render};

pub(crate) fn run(args: &Args) -> Result<ExitCode, Failure> {
    let (machine, about_machine) = files::machine(&args.machine)?;
    files::say_all(args.machine.as_ref(), None, &about_machine);
    let text = String::from_utf8(files::read(&args.tariff)?)
        .map_err(|_| format!("{}: the tariff is not UTF-8 text", args.tariff.display()))?;
    let tariff = Tariff::from_toml(&text).map_err(|e| format!("{}: {e}", args.tariff.display()))?;
    let reading = Reading::new(&args.cut, Some(&machine))?;
    let mut jobs = Vec::new();
    let mut worst = about_machine.worst();
    for input in &args.inputs {
        let job = files::open(input, Some(&machine), &reading)?;
        files::say_all(input, Some(job.source()), &job.diagnostics);
        worst = worst.max(job.diagnostics.worst());
        let estimate = files::estimate(input, &job, &machine)?;
        let name = match input.file_name() {
            Some(name) if !files::is_dash(input) => name.to_string_lossy().into_owned(),
            _ => "stdin".into(),
        };
        jobs.push(JobUse::new(name, &estimate));
    }
    let mut request = Request::default().with_quantity(args.quantity);
    if let Some(material) = &args.material {
        request = request.with_material(material);
    }
    if let Some(customer) = &args.customer {
        request = request.with_customer(customer);
    }
    let priced = quote(&jobs, &tariff, &request).map_err(|e| e.to_string())?;
    let lang = args.lang.into();
    let out = match args.format {
        Format::Text => render::text(&priced, lang),
        Format::Json => render::json(&priced, lang),
        Format::Csv => render::csv(&priced, lang),
        Format::Html => render::html(&priced, lang),
    };
    files::write("-".as_ref(), out.as_bytes())?;
    Ok(files::done(worst))
}
