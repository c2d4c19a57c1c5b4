//! How long ordering takes, over a growing number of strokes.
//!
//! `cargo bench --bench order`

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use std::hint::black_box;
use trajet::algo::tour::{Options, Problem, Stroke, order};
use trajet::geom::Point;

/// Numbers from 0 to 1 that are the same everywhere (SplitMix64).
struct Random(u64);

impl Random {
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }
}

/// Short segments, uniform on a bed of 300 mm.
fn segments(n: usize) -> Vec<Stroke> {
    let mut r = Random(n as u64);
    let length = 300.0 / (n as f64).sqrt();
    (0..n)
        .map(|_| {
            let a = Point::new(300.0 * r.next(), 300.0 * r.next());
            let angle = std::f64::consts::TAU * r.next();
            let b = a + Point::new(angle.cos(), angle.sin()) * (length * r.next());
            Stroke::Open {
                ends: [a, b],
                reversible: true,
            }
        })
        .collect()
}

/// Closed squares with four starts each.
fn squares(n: usize) -> (Vec<Stroke>, Vec<Point>) {
    let mut r = Random(n as u64);
    let side = 100.0 / (n as f64).sqrt();
    let mut starts = Vec::new();
    let strokes = (0..n)
        .map(|_| {
            let p = Point::new(300.0 * r.next(), 300.0 * r.next());
            let first = starts.len() as u32;
            for (x, y) in [(0.0, 0.0), (side, 0.0), (side, side), (0.0, side)] {
                starts.push(p + Point::new(x, y));
            }
            Stroke::Closed {
                starts: first..first + 4,
            }
        })
        .collect();
    (strokes, starts)
}

fn bench(c: &mut Criterion) {
    let mut group = c.benchmark_group("order");
    let _ = group.sample_size(10);
    for n in [1_000, 10_000] {
        let _ = group.throughput(Throughput::Elements(n as u64));
        let open = segments(n);
        let (closed, starts) = squares(n);
        for (name, strokes, starts, kicks) in [
            ("segments, descent", &open, &[][..], 0),
            ("segments", &open, &[][..], 10),
            ("closed squares", &closed, &starts[..], 10),
        ] {
            let problem = Problem {
                strokes,
                starts,
                start: Point::new(0.0, 0.0),
                end: None,
                before: &[],
            };
            let options = Options::default().with_kicks(kicks);
            let _ = group.bench_with_input(BenchmarkId::new(name, n), &problem, |b, problem| {
                b.iter(|| order(black_box(problem), &|a, b| a.distance(b), &options));
            });
        }
    }
    group.finish();
}

criterion_group!(benches, bench);
criterion_main!(benches);
