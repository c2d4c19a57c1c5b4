//! How long ordering takes, over a growing number of strokes.
//!
//! `cargo bench --bench order`

mod strokes;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use std::hint::black_box;
use strokes::{Random, segments};
use trajet::algo::tour::{Options, Problem, Stroke, order};
use trajet::geom::Point;

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
                groups: &[],
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
