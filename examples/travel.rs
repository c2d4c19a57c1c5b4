//! Orders the paths of each CSV file and prints the travel that is left.
//!
//! A line is `layer,parent,closed,x0 y0 x1 y1 …` in mm; `parent` is the number of
//! the line that must come after it, or -1. The head starts at the origin.
//!
//! `cargo run --release --example travel -- [--free] [--parts] [--kicks N] FILE.csv...`
//! (`--free` leaves the parents out; with `--parts`, an outermost closed path and all
//! within it are finished before the next).
#![allow(clippy::print_stdout, clippy::print_stderr, clippy::disallowed_methods)] // an example talks, and times

use std::process::ExitCode;
use std::time::Instant;
use trajet::algo::nest::nest;
use trajet::algo::tour::{Options, Problem, Stroke, as_given, cost, order};
use trajet::geom::Point;

#[derive(Default)]
struct Instance {
    strokes: Vec<Stroke>,
    starts: Vec<Point>,
    before: Vec<(u32, u32)>,
    /// The outermost closed path around each.
    parts: Vec<u32>,
}

impl Instance {
    fn read(text: &str) -> Option<Self> {
        let mut all = Self::default();
        let mut lines = Vec::new();
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
            lines.push((closed, points.clone()));
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
        all.parts = parts(&lines);
        Some(all)
    }
}

/// For each line the number of the outermost closed one around it; its own if none is.
fn parts(lines: &[(bool, Vec<Point>)]) -> Vec<u32> {
    let of = |closed: bool| (0..lines.len()).filter(move |&i| lines[i].0 == closed);
    let (rings, items): (Vec<usize>, Vec<usize>) = (of(true).collect(), of(false).collect());
    let points =
        |list: &[usize]| -> Vec<&[Point]> { list.iter().map(|&i| lines[i].1.as_slice()).collect() };
    let around = nest(&points(&rings), &points(&items), 1e-3);
    let mut parts: Vec<u32> = (0..lines.len() as u32).collect();
    let all = rings.iter().zip(&around.rings);
    for (&line, ring) in all.chain(items.iter().zip(&around.items)) {
        let mut ring = *ring;
        while let Some(outer) = ring {
            parts[line] = rings[outer as usize] as u32;
            ring = around.rings[outer as usize];
        }
    }
    parts
}

fn main() -> ExitCode {
    let mut args = std::env::args().skip(1).peekable();
    let (mut free, mut parts, mut options) = (false, false, Options::default());
    while let Some(flag) = args.next_if(|a| a.starts_with("--")) {
        match (flag.as_str(), args.peek().and_then(|a| a.parse().ok())) {
            ("--free", _) => free = true,
            ("--parts", _) => parts = true,
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
            groups: if parts { &instance.parts } else { &[] },
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
