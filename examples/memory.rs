//! How much memory the IR of a program takes beside the program itself.
//!
//! `cargo run --release --example memory -- [raster|vector|print] [MEGABYTES]`
//!
//! Prints the peak that the operating system saw, and what is in it. Linux only:
//! it reads `/proc/self/status`.
#![allow(clippy::print_stdout)] // an example talks

#[path = "../benches/inputs/mod.rs"]
mod inputs;

use inputs::Input;
use std::error::Error;
use trajet::gcode::{self, Dialect};
use trajet::toolpath::{Attributes, Segment, Step};

/// A row of the process's status, bytes.
fn status(row: &str) -> Result<f64, Box<dyn Error>> {
    let text = std::fs::read_to_string("/proc/self/status")?;
    let line = text.lines().find(|l| l.starts_with(row)).ok_or("no row")?;
    let kib = line.split_ascii_whitespace().nth(1).ok_or("no number")?;
    Ok(kib.parse::<f64>()? * 1024.0)
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args().skip(1);
    let kind = args.next().unwrap_or_else(|| "raster".into());
    let input = Input::ALL.into_iter().find(|i| i.name() == kind);
    let input = input.ok_or("give raster, vector or print")?;
    let megabytes: usize = args.next().map_or(Ok(60), |a| a.parse())?;

    let bytes = input.program(megabytes * 1_000_000);
    let size = bytes.len() as f64;
    let dialect = Dialect::detect(&bytes).dialect;
    let before = status("VmRSS")?;
    let program = gcode::read(bytes, dialect);
    let (peak, after) = (status("VmHWM")?, status("VmRSS")?);

    let lines = program.source.line_count();
    let steps = program.toolpath.steps().len();
    let segments: usize = program.toolpath.paths().map(|p| p.segments.len()).sum();
    let attributes = program.toolpath.attributes().as_slice().len();
    let parts = [
        ("segments", segments, size_of::<Segment>()),
        ("steps", steps, size_of::<Step>()),
        ("attributes", attributes, size_of::<Attributes>()),
    ];
    println!("{kind}: {size} bytes, {:.1} a line", size / lines as f64);
    println!("memory for a byte of the source, beside it:");
    let mut rest = (peak - before) / size;
    for (what, count, each) in parts {
        let share = (count * each) as f64 / size;
        rest -= share;
        println!("{share:>8.3}  {count} {what} of {each} bytes");
    }
    println!("{rest:>8.3}  lines, tables and the rest");
    println!("{:>8.3}  peak", (peak - before) / size);
    println!("{:>8.3}  kept", (after - before) / size);
    Ok(())
}
