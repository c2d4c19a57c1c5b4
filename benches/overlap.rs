//! How long the removal of overlaps takes, over a growing number of lines, a third of
//! which lie on others.
//!
//! `cargo bench --bench overlap`

mod strokes;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use std::hint::black_box;
use strokes::Random;
use trajet::algo::overlap::{Piece, Stroke, overlaps, remove};
use trajet::geom::Point;

const NEAR: f64 = 0.02;

/// Seven lines in ten anywhere, the others on one of those: copies, turned copies,
/// parts, and what reaches further.
fn scattered(n: usize) -> Vec<Piece> {
    let mut r = Random(n as u64);
    // As dense for any number.
    let side = 3.0 * (n as f64).sqrt();
    let mut pieces: Vec<Piece> = Vec::with_capacity(n);
    let own = n * 7 / 10;
    for i in 0..n {
        let (from, to) = if i < own {
            let a = Point::new(side * r.next(), side * r.next());
            let angle = std::f64::consts::TAU * r.next();
            (
                a,
                a + Point::new(angle.cos(), angle.sin()) * (1.0 + 2.0 * r.next()),
            )
        } else {
            let p = pieces[(own as f64 * r.next()) as usize];
            match i % 4 {
                0 => (p.from, p.to),
                1 => (p.to, p.from),
                2 => (p.from.lerp(p.to, 0.2), p.from.lerp(p.to, 0.7)),
                _ => (p.from.lerp(p.to, 0.5), p.from.lerp(p.to, 1.4)),
            }
        };
        pieces.push(Piece {
            from,
            to,
            bulge: 0.0,
            group: 0,
        });
    }
    pieces
}

/// Long parallel lines close to each other, every third one drawn again in part.
fn hatch(n: usize) -> Vec<Piece> {
    (0..n)
        .map(|i| {
            let (k, again) = (i - i % 4, i % 4 == 3);
            let place = f64::from(if again { k as u32 } else { i as u32 }) * 0.1;
            let reach = if again { 150.0 } else { 300.0 };
            // Neither along an axis nor short.
            let (sin, cos) = 0.7_f64.sin_cos();
            let at = |x: f64| Point::new(x * cos - place * sin, x * sin + place * cos);
            Piece {
                from: at(0.0),
                to: at(reach),
                bulge: 0.0,
                group: 0,
            }
        })
        .collect()
}

fn bench(c: &mut Criterion) {
    let mut group = c.benchmark_group("overlap");
    let _ = group.sample_size(10);
    for n in [10_000, 100_000, 1_000_000] {
        let _ = group.throughput(Throughput::Elements(n as u64));
        for (name, pieces) in [("scattered", scattered(n)), ("hatch", hatch(n))] {
            let strokes: Vec<Stroke> = (0..n as u32)
                .map(|i| Stroke {
                    pieces: i..i + 1,
                    closed: false,
                    fixed: false,
                    stays: false,
                    least_hole: 0.2,
                    least_end: 0.2,
                })
                .collect();
            let _ = group.bench_with_input(BenchmarkId::new(name, n), &pieces, |b, pieces| {
                b.iter(|| {
                    let found = overlaps(black_box(pieces), &strokes, NEAR);
                    remove(pieces, &strokes, &found, NEAR)
                });
            });
        }
    }
    group.finish();
}

criterion_group!(benches, bench);
criterion_main!(benches);
