//! Removes the overlaps of the paths of each CSV file, and prints what is left and the
//! processor seconds of the two calls that do it.
//!
//! A line is `layer,parent,closed,x0 y0 x1 y1 …` in mm.
//!
//! `cargo run --release --example overlaps -- FILE.csv...`
#![allow(clippy::print_stdout)] // an example talks

use cpu_time::ProcessTime;
use trajet::algo::overlap::{Piece, Stroke, overlaps, remove};
use trajet::geom::Point;

/// As `trajet optimize` has them when it is not told otherwise, mm.
const NEAR: f64 = 0.02;
const LEAST: f64 = 0.2;

fn read(text: &str) -> Option<(Vec<Piece>, Vec<Stroke>)> {
    let (mut pieces, mut strokes) = (Vec::new(), Vec::new());
    for line in text
        .lines()
        .filter(|l| !l.starts_with('#') && !l.is_empty())
    {
        let (front, numbers) = line.rsplit_once(',')?;
        let numbers: Vec<f64> = numbers
            .split(' ')
            .map(|n| n.parse().ok())
            .collect::<Option<_>>()?;
        let points: Vec<Point> = numbers
            .chunks_exact(2)
            .map(|p| Point::new(p[0], p[1]))
            .collect();
        let begin = pieces.len() as u32;
        pieces.extend(points.windows(2).map(|p| Piece {
            from: p[0],
            to: p[1],
            bulge: 0.0,
            group: 0,
        }));
        strokes.push(Stroke {
            pieces: begin..pieces.len() as u32,
            closed: front.ends_with('1'),
            fixed: false,
            stays: false,
            least_hole: LEAST,
            least_end: LEAST,
        });
    }
    Some((pieces, strokes))
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    for file in std::env::args().skip(1) {
        let (pieces, strokes) =
            read(&std::fs::read_to_string(&file)?).ok_or("not a table of paths")?;
        let began = ProcessTime::now();
        let found = overlaps(&pieces, &strokes, NEAR);
        let removal = remove(&pieces, &strokes, &found, NEAR);
        let seconds = began.elapsed().as_secs_f64();
        let drawn: f64 = pieces.iter().map(Piece::length).sum();
        let taken: f64 = removal
            .taken
            .iter()
            .map(|t| (t.to - t.from) * pieces[t.piece as usize].length())
            .sum();
        println!(
            "{file}: {drawn:.1} -> {:.1} mm in s: {seconds:.5}",
            drawn - taken
        );
    }
    Ok(())
}
