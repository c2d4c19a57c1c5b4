//! Compares estimates with durations that a real firmware took: a folder with
//! programs, settings files, and a `seconds.csv` of file, settings, seconds.
//!
//! `cargo run --release --example oracle -- FOLDER`
//!
//! Fails when a row is off by more than 1 % or the median by more than 0.1 %.
#![allow(clippy::print_stdout, clippy::print_stderr)] // an example talks

use std::error::Error;
use std::path::Path;
use trajet::Source;
use trajet::estimate::estimate;
use trajet::gcode::Dialect;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::args().nth(1).ok_or("name the folder")?;
    let folder = Path::new(&folder);
    let table = std::fs::read_to_string(folder.join("seconds.csv"))?;
    let mut errors = Vec::new();
    println!(
        "{:<34} {:<13} {:>11} {:>11} {:>9}",
        "file", "settings", "firmware s", "trajet s", "error %"
    );
    for row in table.lines().skip(1) {
        let cells: Vec<&str> = row.split(',').collect();
        let [file, settings, seconds, ..] = cells[..] else {
            return Err(format!("a short row: {row}").into());
        };
        let truth: f64 = seconds.parse()?;
        let (machine, _) = trajet::machine::read(settings, &std::fs::read(folder.join(settings))?)?;
        let source = Source::new(std::fs::read(folder.join(file))?);
        let ours = estimate(&source, Dialect::of(&machine.firmware), &machine).seconds;
        let error = (ours / truth - 1.0) * 100.0;
        println!("{file:<34} {settings:<13} {truth:>11.3} {ours:>11.3} {error:>9.4}");
        errors.push(error.abs());
    }
    errors.sort_by(f64::total_cmp);
    let (median, worst) = (errors[errors.len() / 2], errors[errors.len() - 1]);
    println!(
        "{} rows: median {median:.4} %, worst {worst:.4} %",
        errors.len()
    );
    if worst > 1.0 || median > 0.1 {
        return Err("outside the limits of 1 % and 0.1 %".into());
    }
    Ok(())
}
