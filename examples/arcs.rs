//! How many commands arcs would save: lines in, lines and arcs out.
//!
//! ```sh
//! cargo run --release --example arcs -- print.gcode 0.025
//! ```
//!
//! Programs of printers are read too, although they cannot be written anew yet:
//! extrusions that follow each other with one feed, height and amount of filament
//! to the millimetre are a path each.

#![allow(clippy::print_stdout, clippy::disallowed_methods)] // an example talks, and has a clock

use std::time::Instant;
use trajet::Source;
use trajet::gcode::{Dialect, Run};
use trajet::geom::Point3;
use trajet::motion::{Command, Move, Rate};
use trajet::pass::{ArcFit, Context, Fitting, Pass, Simplify, summarize};
use trajet::toolpath::{Attributes, Toolpath};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let file = args.next().ok_or("usage: arcs FILE [TOLERANCE_MM]")?;
    let tolerance: f64 = args.next().map_or(Ok(0.025), |a| a.parse())?;
    let bytes = std::fs::read(&file)?;
    let size = bytes.len() as f64 / 1e6;
    let begun = Instant::now();
    let dialect = Dialect::detect(&bytes).dialect;
    let lines = paths(&Source::new(bytes), dialect);
    let read = begun.elapsed().as_secs_f64();
    println!(
        "{size:.1} MB of {}, {} lines in {} paths, read in {read:.2} s",
        dialect.name,
        summarize(&lines).segments,
        summarize(&lines).paths,
    );
    let passes: [&dyn Pass; 2] = [
        &Simplify::new(Fitting::default().with_tolerance(tolerance)),
        &ArcFit::new(Fitting::default().with_tolerance(tolerance)),
    ];
    for pass in passes {
        let (mut fitted, begun) = (lines.clone(), Instant::now());
        let report = pass.run(&mut fitted, &mut Context::default())?;
        let seconds = begun.elapsed().as_secs_f64();
        let (mut commands, mut arcs) = (0, 0);
        for path in fitted.paths() {
            let mut segments = fitted.segments(path).iter().peekable();
            while let Some(s) = segments.next() {
                commands += 1;
                if s.bulge != 0.0 {
                    arcs += 1;
                    // The halves of one arc are written as one.
                    let _ = segments.next_if(|t| t.bulge.to_bits() == s.bulge.to_bits());
                }
            }
        }
        println!(
            "{}: {commands} commands, {arcs} of them arcs, {:.4} mm off at most, {seconds:.2} s",
            report.name, report.deviation_mm,
        );
    }
    Ok(())
}

/// The feed moves of a program; each path has one feed, and one amount of filament
/// to the mm but for 5 %.
fn paths(source: &Source, dialect: &'static Dialect) -> Toolpath {
    let mut run = Run::new(source.in_order(), dialect);
    let mut out = Toolpath::new(Point3::default());
    let mut at = Point3::default();
    let mut start = at;
    let mut open: Vec<(Point3, f64)> = Vec::new();
    let (mut rate, mut fed) = (Rate::Rapid, (0.0_f64, 0.0_f64));
    let mut close = |start: Point3, rate: Rate, open: &mut Vec<(Point3, f64)>| {
        if !open.is_empty() {
            let attributes = Attributes {
                rate,
                ..Attributes::default()
            };
            out.push_path(start, open.drain(..), attributes, 0);
        }
    };
    while run.step().is_some() {
        for command in run.commands() {
            let Command::Move(Move {
                to,
                arc: None,
                rate: Rate::Feed(v),
                filament,
                ..
            }) = command
            else {
                close(start, rate, &mut open);
                if let Command::Move(m) = command {
                    at = m.to;
                }
                continue;
            };
            let (new, length) = (Rate::Feed(*v), at.distance(*to));
            let each = if length > 0.0 { filament / length } else { 0.0 };
            let wide = (fed.0.min(each), fed.1.max(each));
            let even = wide.1 - wide.0 <= 0.05 * wide.0.abs().min(wide.1.abs());
            if open.is_empty() || !even || new != rate || length == 0.0 {
                close(start, rate, &mut open);
                (start, rate, fed) = (at, new, (each, each));
            } else {
                fed = wide;
            }
            at = *to;
            if length > 0.0 {
                open.push((*to, 0.0));
            }
        }
    }
    close(start, rate, &mut open);
    out
}
