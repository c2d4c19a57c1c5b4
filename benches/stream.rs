//! How fast a program is read: to words, to motion and seconds, to the IR, and
//! back to bytes.
//!
//! `cargo bench --bench stream`, or with `-- seconds/` how fast `estimate` is alone: a
//! raster and a print line by line from a reader, in constant memory, as lines and bytes
//! a second of the processor.

mod inputs;
mod processor;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use inputs::Input;
use processor::Processor;
use std::fmt::Write;
use std::hint::black_box;
use trajet::Source;
use trajet::estimate::{estimate, estimate_stream};
use trajet::gcode::lex::Line;
use trajet::gcode::{Dialect, EmitOptions, RunLimits, emit, read};
use trajet::machine::preset;

/// A laser raster: many short moves, power changing along the rows.
fn raster(rows: u32) -> Vec<u8> {
    let mut text = String::from("G21 G90\nM4 S0\nF6000\n");
    for y in 0..rows {
        let _ = writeln!(text, "G0 X0 Y{:.1}", f64::from(y) * 0.1);
        for x in 1..200 {
            let s = (x * 37 + y * 91) % 1000;
            let _ = writeln!(text, "G1 X{:.2} S{s}", f64::from(x) * 0.35);
        }
    }
    text.push_str("M5\nM2\n");
    text.into_bytes()
}

/// A vector cut: polygons with arcs.
fn vector(count: u32) -> Vec<u8> {
    let mut text = String::from("G21 G90\nM4 S0\n");
    for i in 0..count {
        let (x, y) = (f64::from(i % 100) * 3.0, f64::from(i / 100) * 3.0);
        let _ = writeln!(
            text,
            "G0 X{x:.3} Y{y:.3}\nG1 X{:.3} F1200 S700\nG3 X{:.3} Y{:.3} I0 J1\nG1 X{x:.3}\nY{y:.3}",
            x + 2.0,
            x + 2.0,
            y + 2.0
        );
    }
    text.push_str("M5\nM2\n");
    text.into_bytes()
}

/// How large the programs are that are timed as a stream, bytes.
const SIZE: usize = 4 << 20;

/// Seconds of long programs, from a reader.
fn seconds(c: &mut Criterion<Processor>) {
    let machine = preset("diode-laser").expect("a preset");
    let mut group = c.benchmark_group("seconds");
    let _ = group.sample_size(20);
    for input in Input::ALL {
        let bytes = input.program(SIZE);
        let dialect = Dialect::detect(&bytes).dialect;
        let _ = group.throughput(Throughput::ElementsAndBytes {
            elements: Source::new(bytes.clone()).line_count() as u64,
            bytes: bytes.len() as u64,
        });
        let _ = group.bench_function(input.name(), |b| {
            let limits = RunLimits::default();
            b.iter(|| estimate_stream(black_box(&bytes[..]), Some(dialect), limits, &machine));
        });
    }
    group.finish();
}

fn bench(c: &mut Criterion<Processor>) {
    let machine = preset("diode-laser").expect("a preset");
    for (name, bytes) in [("raster", raster(300)), ("vector", vector(10_000))] {
        let mut group = c.benchmark_group(name);
        let _ = group.sample_size(20);
        let _ = group.throughput(Throughput::Bytes(bytes.len() as u64));
        let source = Source::new(bytes.clone());
        let program = read(bytes.clone(), Dialect::GRBL);
        let _ = group.bench_function("lex", |b| {
            let mut line = Line::default();
            b.iter(|| {
                let mut words = 0;
                for i in 0..source.line_count() {
                    line.lex(source.line(i), &Dialect::GRBL.lexis);
                    words += line.words.len();
                }
                words
            });
        });
        let _ = group.bench_function("estimate", |b| {
            b.iter(|| estimate(black_box(&source), Dialect::GRBL, &machine));
        });
        let _ = group.bench_function("read", |b| {
            b.iter(|| read(black_box(bytes.clone()), Dialect::GRBL))
        });
        let _ = group.bench_function("emit", |b| {
            b.iter(|| emit(&program, &program.toolpath, &EmitOptions::default()));
        });
        group.finish();
    }
}

criterion_group! {
    name = benches;
    config = Criterion::default().with_measurement(Processor);
    targets = seconds, bench
}
criterion_main!(benches);
