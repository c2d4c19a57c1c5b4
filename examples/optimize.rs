//! The smallest useful program over trajet: makes a G-code or SVG job shorter.
//!
//! `cargo run --example optimize -- examples/coaster.svg coaster.gcode`
#![allow(clippy::print_stdout, clippy::print_stderr)] // an example talks

use std::error::Error;
use std::{env, fs};
use trajet::Source;
use trajet::estimate::estimate;
use trajet::job::{Job, OpenOptions, OptimizeOptions};
use trajet::machine;
use trajet::pass::Objective;

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = env::args().skip(1);
    let (Some(input), Some(output)) = (args.next(), args.next()) else {
        return Err("usage: optimize IN.gcode|IN.svg OUT.gcode [GRBL-SETTINGS]".into());
    };
    // The machine: its own `$$` dump, or a preset.
    let machine = match args.next() {
        Some(file) => machine::read_file(file.as_ref())?.0,
        None => machine::preset("diode-laser").ok_or("no such preset")?,
    };

    let job = Job::open(fs::read(&input)?, Some(&machine), &OpenOptions::default())?;
    let objective = Objective::Time(Box::new(machine.clone()));
    let done = job.optimize(&objective, &OptimizeOptions::default())?;

    // What was guessed, kept as it is, or not understood.
    for diagnostic in &done.diagnostics {
        eprintln!("{input}: {diagnostic}");
    }
    // Durations are those of the firmware's own planner.
    let before = estimate(
        &Source::new(done.gcode_before.clone()),
        done.reading,
        &machine,
    );
    let after = estimate(&Source::new(done.gcode.clone()), done.reading, &machine);
    println!(
        "travel {:.0} -> {:.0} mm, time {:.1} -> {:.1} s, pen-downs {} (at least {})",
        before.travel_mm,
        after.travel_mm,
        before.seconds,
        after.seconds,
        after.pen_downs,
        done.pen_down_bound,
    );
    fs::write(output, &done.gcode)?;
    Ok(())
}
