//! Orders the paths of each CSV file and prints the travel that is left.
//!
//! A line is `layer,parent,closed,x0 y0 x1 y1 …` in mm; `parent` is the number of
//! the line that must come after it, or -1. The head starts at the origin.
//!
//! `cargo run --release --example travel -- [--free] [--kicks N] FILE.csv...`
//! (`--free` leaves the parents out).
#![allow(clippy::print_stdout, clippy::print_stderr, clippy::disallowed_methods)] // an example talks, and times

use std::process::ExitCode;
use std::time::Instant;
use trajet::algo::tour::{Options, Problem, Stroke, as_given, cost, order};
use trajet::geom::Point;

#[derive(Default)]
struct Instance {
    strokes: Vec<Stroke>,
    starts: Vec<Point>,
    before: Vec<(u32, u32)>,
}

impl Instance {
    fn read(text: &str) -> Option<Self> {
        let mut all = Self::default();
        for line in text
            .lines()
            .filter(|l| !l.starts_with('#') && !l.is_empty())
        {
            let mut columns = line.splitn(4, ',');
            let (_layer, parent) = (columns.next()?, columns.next()?.parse::<i64>().ok()?);
            let closed = columns.next()? == "1";
            let numbers: Vec<f64> = columns
                .next()?
                .split(' ')
                .map(|n| n.parse().ok())
                .collect::<Option<_>>()?;
            let points: Vec<Point> = numbers
                .chunks_exact(2)
                .map(|p| Point::new(p[0], p[1]))
                .collect();
            let number = all.strokes.len() as u32;
            if let Ok(parent) = u32::try_from(parent) {
                all.before.push((number, parent));
            }
            let (first, last) = (*points.first()?, *points.last()?);
            all.strokes.push(if closed {
                let begin = all.starts.len() as u32;
                all.starts.extend(&points[..points.len() - 1]);
                Stroke::Closed {
                    starts: begin..all.starts.len() as u32,
                }
            } else {
                Stroke::Open {
                    ends: [first, last],
                    reversible: true,
                }
            });
        }
        Some(all)
    }
}

fn main() -> ExitCode {
    let mut args = std::env::args().skip(1).peekable();
    let (mut free, mut options) = (false, Options::default());
    while let Some(flag) = args.next_if(|a| a.starts_with("--")) {
        match (flag.as_str(), args.peek().and_then(|a| a.parse().ok())) {
            ("--free", _) => free = true,
            ("--kicks", Some(kicks)) => {
                options = options.with_kicks(kicks);
                let _ = args.next();
            }
            _ => {
                eprintln!("travel: unknown option {flag}");
                return ExitCode::from(2);
            }
        }
    }
    for file in args {
        let instance = match std::fs::read_to_string(&file).map(|t| Instance::read(&t)) {
            Ok(Some(instance)) => instance,
            Ok(None) => {
                eprintln!("{file}: not a table of paths");
                return ExitCode::FAILURE;
            }
            Err(e) => {
                eprintln!("{file}: {e}");
                return ExitCode::FAILURE;
            }
        };
        let problem = Problem {
            strokes: &instance.strokes,
            starts: &instance.starts,
            start: Point::default(),
            end: None,
            before: if free { &[] } else { &instance.before },
        };
        let hop = |a: Point, b: Point| a.distance(b);
        let began = Instant::now();
        let visits = order(&problem, &hop, &options);
        let seconds = began.elapsed().as_secs_f64();
        println!(
            "{file}: {} paths, {:.0} -> {:.0} mm in {seconds:.2} s",
            problem.strokes.len(),
            cost(&problem, &hop, &as_given(&problem)),
            cost(&problem, &hop, &visits),
        );
    }
    ExitCode::SUCCESS
}
