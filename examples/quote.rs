//! Prices a job by a tariff, in French.
//!
//! `cargo run --features serde --example quote -- examples/coaster.svg examples/tariffs/fablab.toml`
#![allow(clippy::print_stdout, clippy::print_stderr)] // an example talks

use std::error::Error;
use std::{env, fs};
use trajet::job::{Job, OpenOptions, OptimizeOptions};
use trajet::machine;
use trajet::pass::Objective;
use trajet::quote::{JobUse, Lang, Request, Tariff, quote, render};
use trajet::{Source, estimate::estimate};

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = env::args().skip(1);
    let (Some(input), Some(tariff)) = (args.next(), args.next()) else {
        return Err("usage: quote IN.gcode|IN.svg TARIFF.toml".into());
    };
    let machine = machine::preset("diode-laser").ok_or("no such preset")?;
    let tariff = Tariff::from_toml(&fs::read_to_string(tariff)?)?;

    let job = Job::open(fs::read(&input)?, Some(&machine), &OpenOptions::default())?;
    let done = job.optimize(&Objective::Travel, &OptimizeOptions::default())?;
    let used = JobUse::new(
        &*input,
        &estimate(&Source::new(done.gcode), done.reading, &machine),
    );

    let request = Request::default()
        .with_material("plywood 3 mm")
        .with_customer("member")
        .with_quantity(4);
    print!(
        "{}",
        render::text(&quote(&[used], &tariff, &request)?, Lang::Fr)
    );
    Ok(())
}
