//! How long a lower bound on travel takes, over a growing number of strokes.
//!
//! `cargo bench --bench bound`

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use std::hint::black_box;
use trajet::algo::bound::{Instance, Options, travel};
use trajet::algo::tour::Stroke;
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
