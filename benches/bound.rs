//! How long a lower bound on travel takes, over a growing number of strokes.
//!
//! `cargo bench --bench bound`

mod strokes;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use std::hint::black_box;
use strokes::segments;
use trajet::algo::bound::{Instance, Options, travel};
use trajet::geom::Point;

fn bench(c: &mut Criterion) {
    let mut group = c.benchmark_group("bound");
    let _ = group.sample_size(10);
    for n in [1_000, 4_000, 16_000] {
        let _ = group.throughput(Throughput::Elements(n as u64));
        let strokes = segments(n);
        let instance = Instance {
            strokes: &strokes,
            starts: &[],
            from: Some(Point::default()),
            to: Some(Point::default()),
            touch: 0.005,
        };
        for (name, trees) in [("matching", 0), ("with the ascent", 400)] {
            let options = Options::default().with_trees(trees);
            let _ = group.bench_with_input(BenchmarkId::new(name, n), &instance, |b, instance| {
                b.iter(|| travel(black_box(instance), &options));
            });
        }
    }
    group.finish();
}

criterion_group!(benches, bench);
criterion_main!(benches);
