//! Orders the paths of each CSV file and prints the travel that is left, and the seconds
//! that the search took, by the clock and of all processors.
//!
//! A line is `layer,parent,closed,x0 y0 x1 y1 …` in mm; `parent` is the number of
//! the line that must come after it, or -1. The head starts at the origin.
//!
//! `cargo run --release --example travel -- [--free] [--parts] [--anywhere] [--kicks N]
//! [--stage S] [--segments N]... [FILE.csv]...`
//!
//! `--free` leaves the parents out; with `--parts`, an outermost closed path and all
//! within it are finished before the next; with `--anywhere` closed paths are started at
//! any point, else at corners. `--stage` names the last part of the search: neighbours,
//! start, matching, descent, or kicks. `--segments` orders N random segments, without a
//! file.
#![allow(clippy::print_stdout, clippy::print_stderr, clippy::disallowed_methods)] // an example talks, and times

#[path = "../benches/strokes/mod.rs"]
mod strokes;

use cpu_time::ProcessTime;
use std::process::ExitCode;
use std::time::Instant;
use strokes::segments;
use trajet::algo::nest::nest;
use trajet::algo::tour::anywhere::{Edge, Stop, settle, spacing, spots};
use trajet::algo::tour::{Options, Problem, Stage, Stroke, Visit, as_given, cost, order};
use trajet::geom::Point;

#[derive(Default)]
struct Instance {
    strokes: Vec<Stroke>,
    starts: Vec<Point>,
    before: Vec<(u32, u32)>,
    /// The outermost closed path around each.
    parts: Vec<u32>,
    /// The edges of each closed stroke, none for an open one.
    outlines: Vec<Vec<Edge>>,
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
            let edge = |w: &[Point]| Edge {
                from: w[0],
                to: w[1],
                bulge: 0.0,
                margin: 0.0,
            };
            let edges = points.windows(2).filter(|_| closed).map(edge);
            all.outlines.push(edges.collect());
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

    /// Adds start points between corners; gives how far apart they are, mm.
    fn start_anywhere(&mut self) -> f64 {
        let lengths = self.outlines.iter().flatten().map(Edge::length);
        let closed = self.outlines.iter().filter(|o| !o.is_empty()).count();
        let apart = spacing(lengths.sum(), closed);
        self.starts.clear();
        for (stroke, outline) in self.strokes.iter_mut().zip(&self.outlines) {
            if let Stroke::Closed { starts } = stroke {
                starts.start = self.starts.len() as u32;
                let points = spots(outline, apart);
                self.starts
                    .extend(points.map(|s| outline[s.edge as usize].at(s.share)));
                starts.end = self.starts.len() as u32;
            }
        }
        apart
    }

    /// The travel once all starts are moved to where it is least.
    fn settled(
        &self,
        visits: &[Visit],
        apart: f64,
        hop: &(impl Fn(Point, Point) -> f64 + Sync),
    ) -> f64 {
        let mut stops: Vec<Stop<'_>> = Vec::new();
        for v in visits {
            stops.push(match &self.strokes[v.stroke as usize] {
                Stroke::Open { ends: [a, b], .. } => {
                    Stop::Fixed(if v.reversed { [*b, *a] } else { [*a, *b] })
                }
                Stroke::Closed { .. } => {
                    let outline = &self.outlines[v.stroke as usize];
                    let spot = spots(outline, apart).nth(v.start as usize);
                    Stop::Outline(outline, spot.unwrap_or_default())
                }
            });
        }
        let home = Point::default();
        settle(&mut stops, (home, None), apart, hop);
        let mut at = home;
        let mut sum = 0.0;
        for stop in &stops {
            let [entry, exit] = stop.ends();
            sum += hop(at, entry);
            at = exit;
        }
        sum
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

/// What to order.
enum Source {
    File(String),
    Segments(usize),
}

impl Source {
    fn name(&self) -> String {
        match self {
            Self::File(name) => name.clone(),
            Self::Segments(_) => "random segments".to_owned(),
        }
    }

    fn read(&self) -> Result<Instance, String> {
        match self {
            Self::File(name) => std::fs::read_to_string(name)
                .map_err(|e| e.to_string())
                .and_then(|text| Instance::read(&text).ok_or("not a table of paths".into())),
            Self::Segments(n) => Ok(Instance {
                strokes: segments(*n),
                ..Instance::default()
            }),
        }
    }
}

/// What was asked for.
#[derive(Default)]
struct Asked {
    free: bool,
    parts: bool,
    anywhere: bool,
    options: Options,
    sources: Vec<Source>,
}

impl Asked {
    /// The arguments, or the one that is not understood.
    fn read(mut args: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut asked = Self::default();
        while let Some(arg) = args.next() {
            match arg.as_str() {
                "--free" => asked.free = true,
                "--parts" => asked.parts = true,
                "--anywhere" => asked.anywhere = true,
                "--kicks" | "--segments" | "--stage" => {
                    let value = args.next().unwrap_or_default();
                    let options = asked.options.clone();
                    match (arg.as_str(), value.parse(), stage(&value)) {
                        ("--kicks", Ok(kicks), _) => asked.options = options.with_kicks(kicks),
                        ("--segments", Ok(n), _) => asked.sources.push(Source::Segments(n)),
                        ("--stage", _, Some(last)) => asked.options = options.with_stage(last),
                        _ => return Err(format!("{arg} {value}")),
                    }
                }
                _ if arg.starts_with("--") => return Err(arg),
                _ => asked.sources.push(Source::File(arg)),
            }
        }
        Ok(asked)
    }
}

fn stage(name: &str) -> Option<Stage> {
    Some(match name {
        "neighbours" => Stage::Neighbours,
        "start" => Stage::Start,
        "matching" => Stage::Matching,
        "descent" => Stage::Descent,
        "kicks" => Stage::Kicks,
        _ => return None,
    })
}

fn main() -> ExitCode {
    let asked = match Asked::read(std::env::args().skip(1)) {
        Ok(asked) => asked,
        Err(what) => {
            eprintln!("travel: not understood: {what}");
            return ExitCode::from(2);
        }
    };
    for source in &asked.sources {
        let name = source.name();
        let mut instance = match source.read() {
            Ok(instance) => instance,
            Err(why) => {
                eprintln!("{name}: {why}");
                return ExitCode::FAILURE;
            }
        };
        let apart = asked.anywhere.then(|| instance.start_anywhere());
        let problem = Problem {
            strokes: &instance.strokes,
            starts: &instance.starts,
            start: Point::default(),
            end: None,
            groups: if asked.parts { &instance.parts } else { &[] },
            before: if asked.free { &[] } else { &instance.before },
        };
        let hop = |a: Point, b: Point| a.distance(b);
        let (began, processors) = (Instant::now(), ProcessTime::now());
        let visits = order(&problem, &hop, &asked.options);
        let travel = match apart {
            Some(apart) => instance.settled(&visits, apart, &hop),
            None => cost(&problem, &hop, &visits),
        };
        let (seconds, busy) = (began.elapsed(), processors.elapsed());
        println!(
            "{name}: {} paths, {:.0} -> {travel:.0} mm in {:.2} s, {:.4} s of processors",
            problem.strokes.len(),
            cost(&problem, &hop, &as_given(&problem)),
            seconds.as_secs_f64(),
            busy.as_secs_f64(),
        );
    }
    ExitCode::SUCCESS
}
