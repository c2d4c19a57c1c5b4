//! Seconds that ordering the islands of rasters saves, as in the docs of `pass::Rasters`.
//!
//! A page of 300 × 200 mm with discs and rings on it, engraved at 100 mm/s in rows 0.2 mm
//! apart, to and fro, as laser programs write it: white is swept, 2.5 mm of overscan.
#![allow(clippy::print_stdout)] // an example talks

use std::fmt::Write;
use trajet::job::{Job, OpenOptions, OptimizeOptions};
use trajet::machine::preset;
use trajet::pass::{Objective, RASTER_ORDERED};

const PAGE: [f64; 2] = [300.0, 200.0];
const PITCH: f64 = 0.2;
const OVERSCAN: f64 = 2.5;

/// A disc, or a ring: centre, radius, radius of the hole, mm.
type Shape = [f64; 4];

fn main() -> Result<(), trajet::Error> {
    println!("| page | machine | as written, s | ordered, s | saved | islands |");
    println!("|---|---|---|---|---|---|");
    let pages = [
        ("2 islands", shapes(2, 20.0)),
        ("10 islands", shapes(10, 8.0)),
        ("100 islands", shapes(100, 3.0)),
    ];
    let mut programs: Vec<(&str, String)> = pages
        .iter()
        .map(|(name, page)| (*name, program(|y| row(page, y), false)))
        .collect();
    programs.push(("a photo", program(|_| vec![0.0, PAGE[0]], true)));
    for (name, text) in &programs {
        for machine in ["diode-laser", "co2-laser"] {
            let Some(machine) = preset(machine) else {
                continue;
            };
            let job = Job::open(text.clone().into_bytes(), None, &OpenOptions::default())?;
            let options = OptimizeOptions::default().with_order_rasters(true);
            let objective = Objective::Time(Box::new(machine.clone()));
            let done = job.optimize(&objective, &options)?;
            let before = job.estimate(&machine)?.seconds;
            let after = Job::open(done.gcode.clone(), None, &OpenOptions::default())?
                .estimate(&machine)?
                .seconds;
            let ordered = done.diagnostics.has(RASTER_ORDERED);
            let islands = done.passes.iter().find(|p| p.name == "rasters");
            let islands = islands.filter(|_| ordered).map_or(1, |p| p.changed);
            println!(
                "| {name} | {} | {before:.1} | {after:.1} | {:.1} % | {islands} |",
                machine.name,
                (1.0 - after / before) * 100.0
            );
        }
    }
    Ok(())
}

/// Shapes at random places, no two of which touch.
fn shapes(count: usize, radius: f64) -> Vec<Shape> {
    let mut state = 1_u64;
    let mut random = |below: f64| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (state >> 11) as f64 / (1_u64 << 53) as f64 * below
    };
    let mut out: Vec<Shape> = Vec::new();
    while out.len() < count {
        let [x, y] = PAGE.map(|side| radius + random(side - 2.0 * radius));
        let apart = |s: &Shape| (s[0] - x).hypot(s[1] - y) > 2.5 * radius;
        if out.iter().all(apart) {
            let hole = if out.len() % 2 == 1 {
                0.6 * radius
            } else {
                0.0
            };
            out.push([x, y, radius, hole]);
        }
    }
    out
}

/// Where a row at `y` begins and ends to burn, from left to right.
fn row(page: &[Shape], y: f64) -> Vec<f64> {
    let mut ends = Vec::new();
    for [x, middle, radius, hole] in page {
        for r in [radius, hole] {
            let half = r * r - (y - middle) * (y - middle);
            if half > 0.0 {
                ends.extend([x - half.sqrt(), x + half.sqrt()]);
            }
        }
    }
    ends.sort_by(f64::total_cmp);
    ends
}

/// A raster of such rows; in grey, the power changes every half millimetre.
fn program(row: impl Fn(f64) -> Vec<f64>, grey: bool) -> String {
    let mut out = String::from("G21 G90\nM4 S0\nG1 F6000\n");
    let mut way = 1.0;
    for k in 0..=(PAGE[1] / PITCH) as u32 {
        let y = f64::from(k) * PITCH;
        let mut ends = row(y);
        let (Some(&left), Some(&right)) = (ends.first(), ends.last()) else {
            continue;
        };
        if way < 0.0 {
            ends.reverse();
        }
        let lead = OVERSCAN * way;
        let (first, last) = if way > 0.0 {
            (left, right)
        } else {
            (right, left)
        };
        let _ = writeln!(out, "G0 X{:.3} Y{y:.3} S0", first - lead);
        for pair in ends.chunks(2) {
            let _ = writeln!(out, "G1 X{:.3} S0", pair[0]);
            let steps = if grey {
                ((pair[1] - pair[0]).abs() / 0.5) as u32
            } else {
                1
            };
            for i in 1..=steps {
                let x = pair[0] + (pair[1] - pair[0]) * f64::from(i) / f64::from(steps);
                let _ = writeln!(out, "X{x:.3} S{}", 100 + (i * 37 + k * 53) % 200);
            }
        }
        let _ = writeln!(out, "X{:.3} S0", last + lead);
        way = -way;
    }
    out.push_str("M5\nG0 X0 Y0\nM2\n");
    out
}
