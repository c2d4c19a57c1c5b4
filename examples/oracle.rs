//! Compares estimates with durations that a real firmware took: a folder with
//! programs, settings files, and a `seconds.csv` of file, settings, seconds.
//!
//! `cargo run --release --example oracle -- FOLDER`
//!
//! Fails when a row is off by more than its settings' kind allows.
#![allow(clippy::print_stdout, clippy::print_stderr)] // an example talks

use std::collections::BTreeMap;
use std::error::Error;
use std::path::Path;
use trajet::Source;
use trajet::estimate::estimate;
use trajet::gcode::Dialect;

/// By the ending of the settings file: how far a row may be off, and the median, in %.
const LIMITS: [(&str, f64, f64); 3] = [
    // GRBL's answer to `$$`.
    ("txt", 0.2, 0.02),
    // Klipper; each arc is cut by the firmware's own rounding of its length.
    ("cfg", 0.02, 0.01),
    // What Marlin prints for M503.
    ("m503", 0.02, 0.01),
];

fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::args().nth(1).ok_or("name the folder")?;
    let folder = Path::new(&folder);
    let table = std::fs::read_to_string(folder.join("seconds.csv"))?;
    let mut errors: BTreeMap<usize, Vec<f64>> = BTreeMap::new();
    let mut left_out = 0;
    println!(
        "{:<34} {:<17} {:>11} {:>11} {:>9}",
        "file", "settings", "firmware s", "trajet s", "error %"
    );
    for row in table.lines().skip(1) {
        let cells: Vec<&str> = row.split(',').collect();
        let [file, settings, seconds, ..] = cells[..] else {
            return Err(format!("a short row: {row}").into());
        };
        let is_kind = |limits: &(&str, f64, f64)| settings.ends_with(limits.0);
        let Some(kind) = LIMITS.iter().position(is_kind) else {
            left_out += 1;
            continue;
        };
        let truth: f64 = seconds.parse()?;
        let (machine, _) = trajet::machine::read_file(&folder.join(settings))?;
        let source = Source::new(std::fs::read(folder.join(file))?);
        let ours = estimate(&source, Dialect::of(&machine.firmware), &machine).seconds;
        let error = (ours / truth - 1.0) * 100.0;
        println!("{file:<34} {settings:<17} {truth:>11.3} {ours:>11.3} {error:>9.4}");
        errors.entry(kind).or_default().push(error.abs());
    }
    let mut outside = false;
    for (kind, mut errors) in errors {
        let (ending, most, most_median) = LIMITS[kind];
        errors.sort_by(f64::total_cmp);
        let (median, worst) = (errors[errors.len() / 2], errors[errors.len() - 1]);
        println!(
            "{} rows of .{ending}: median {median:.4} %, worst {worst:.4} % (at most {most_median} and {most})",
            errors.len()
        );
        outside |= worst > most || median > most_median;
    }
    if left_out > 0 {
        println!("{left_out} rows are of firmware without a planner here");
    }
    if outside {
        return Err("outside the limits".into());
    }
    Ok(())
}
