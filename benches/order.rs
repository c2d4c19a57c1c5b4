//! How long ordering takes, part after part of the search, on drawings of several
//! kinds: each figure holds the parts before it.
//!
//! `cargo bench --bench order`, or `-- 'dots 5000/'` for one drawing, or `-- Kicks` for
//! one part.

mod strokes;

use criterion::{Criterion, SamplingMode, Throughput, criterion_group, criterion_main};
use std::hint::black_box;
use std::time::Duration;
use strokes::{Drawing, dithered, dots, nested, segments, streets};
use trajet::algo::tour::{Options, Stage, order};

type Make = fn(usize) -> Drawing;

const STAGES: [Stage; 5] = [
    Stage::Neighbours,
    Stage::Start,
    Stage::Matching,
    Stage::Descent,
    Stage::Kicks,
];

fn bench(c: &mut Criterion) {
    let random = |n| Drawing::of(segments(n));
    let kinds: [(&str, Make, &[usize]); 5] = [
        ("segments", random, &[1_000, 10_000, 100_000]),
        ("dots", dots, &[5_000, 50_000]),
        ("streets", streets, &[5_000, 50_000]),
        ("dithered rows", dithered, &[20_000]),
        ("nested contours, inner first", nested, &[10_000]),
    ];
    for (kind, make, sizes) in kinds {
        for &n in sizes {
            let drawing = make(n);
            let mut group = c.benchmark_group(format!("order/{kind} {n}"));
            // A search may take seconds: ten of them, and no more, tell enough.
            let _ = group
                .throughput(Throughput::Elements(n as u64))
                .sample_size(10)
                .sampling_mode(SamplingMode::Flat)
                .warm_up_time(Duration::from_millis(100))
                .measurement_time(Duration::from_secs(1));
            for stage in STAGES {
                let options = Options::default().with_stage(stage);
                let _ = group.bench_function(format!("{stage:?}"), |b| {
                    b.iter(|| {
                        order(
                            black_box(&drawing.problem()),
                            &|a, b| a.distance(b),
                            &options,
                        )
                    });
                });
            }
            group.finish();
        }
    }
}

criterion_group!(benches, bench);
criterion_main!(benches);
