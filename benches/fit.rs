//! Simplify and arc fit: time by the number of vertices.

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use std::hint::black_box;
use trajet::algo::arc_fit::{Limits, arc_fit};
use trajet::algo::simplify::simplify;
use trajet::geom::Point;

const TOLERANCE: f64 = 0.025;

/// A curve whose curvature wanders, with coordinates to a micrometre.
fn wander(n: usize, step: f64) -> Vec<Point> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 11) as f64 / (1_u64 << 53) as f64 - 0.5
    };
    let (mut at, mut heading, mut curvature) = (Point::default(), 0.0_f64, 0.0);
    let round = |v: f64| (v * 1000.0).round() / 1000.0;
    (0..n)
        .map(|_| {
            curvature += 0.05 * next() - 0.02 * curvature;
            heading += curvature * step;
            at = at + Point::new(heading.cos(), heading.sin()) * step;
            Point::new(round(at.x), round(at.y))
        })
        .collect()
}

/// One piece for all: the worst case of trying longer and longer stretches.
fn circle(n: usize) -> Vec<Point> {
    (0..n)
        .map(|i| (i as f64 * 5.0 / n as f64).sin_cos())
        .map(|(s, c)| Point::new(100.0 * c, 100.0 * s))
        .collect()
}

fn fits(c: &mut Criterion) {
    let limits = Limits::new(TOLERANCE);
    for (name, make) in [
        ("wander", (|n| wander(n, 0.4)) as fn(usize) -> Vec<Point>),
        ("circle", circle),
    ] {
        let mut group = c.benchmark_group(name);
        let _ = group.sample_size(10);
        for n in [1_000, 10_000, 100_000, 1_000_000] {
            let points = make(n);
            let _ = group.throughput(Throughput::Elements(n as u64));
            let _ = group.bench_with_input(BenchmarkId::new("arcs", n), &points, |b, p| {
                b.iter(|| arc_fit(black_box(p), &limits, |_, _| true));
            });
            let _ = group.bench_with_input(BenchmarkId::new("lines", n), &points, |b, p| {
                b.iter(|| simplify(black_box(p), TOLERANCE, limits.corner));
            });
        }
        group.finish();
    }
}

criterion_group!(benches, fits);
criterion_main!(benches);
