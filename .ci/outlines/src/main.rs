//! Drawings as trajet reads them against the same drawings as resvg's parts have them.
//!
//! `outlines compare [--sample N] [--seed S] [--pictures FOLDER] [FILE...]` draws both
//! and prints a line a file; `outlines import [FILE...]` only reads, each within a
//! time limit. Without files, their names come on standard input. Both end with 1 where something is wrong.

mod compare;
mod import;
mod length;
mod original;
mod ours;
mod pixels;

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

fn main() -> ExitCode {
    let mut args = std::env::args().skip(1);
    let command = args.next().unwrap_or_default();
    let (mut sample, mut seed, mut pictures, mut files) = (usize::MAX, 1, None, Vec::new());
    while let Some(arg) = args.next() {
        let mut value = || args.next().expect("an option has a value");
        match arg.as_str() {
            "--sample" => sample = value().parse().expect("a number"),
            "--seed" => seed = value().parse().expect("a number"),
            "--pictures" => pictures = Some(PathBuf::from(value())),
            _ => files.push(PathBuf::from(arg)),
        }
    }
    if files.is_empty() {
        files = std::io::stdin()
            .lines()
            .map(|line| PathBuf::from(line.expect("names are text")))
            .collect();
    }
    files.sort();
    let files = chosen(files, sample, seed);
    let good = match command.as_str() {
        "compare" => compare::run(&files, pictures.as_deref()),
        "import" => import::run(&files),
        _ => {
            eprintln!("outlines compare|import FILE...");
            return ExitCode::from(2);
        }
    };
    if good {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// `count` of the files, always the same for a seed.
fn chosen(mut files: Vec<PathBuf>, count: usize, mut seed: u64) -> Vec<PathBuf> {
    if count >= files.len() {
        return files;
    }
    for i in 0..count {
        // Knuth's multiplier for 64-bit linear congruences; the high bits are good.
        seed = seed
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let rest = files.len() - i;
        files.swap(i, i + (seed >> 33) as usize % rest);
    }
    files.truncate(count);
    files.sort();
    files
}

/// `work` on each file by all processors; the answers in the order of the files.
fn on_all<T: Send>(files: &[PathBuf], work: impl Fn(&PathBuf) -> T + Sync) -> Vec<T> {
    let next = AtomicUsize::new(0);
    let done = Mutex::new(Vec::new());
    let threads = std::thread::available_parallelism().map_or(1, |n| n.get());
    std::thread::scope(|scope| {
        for _ in 0..threads {
            std::thread::Builder::new()
                .stack_size(256 << 20)
                .spawn_scoped(scope, || {
                    loop {
                        let i = next.fetch_add(1, Ordering::Relaxed);
                        let Some(file) = files.get(i) else { break };
                        let answer = work(file);
                        done.lock().expect("no thread has failed").push((i, answer));
                    }
                })
                .expect("a thread starts");
        }
    });
    let mut done = done.into_inner().expect("no thread has failed");
    done.sort_by_key(|(i, _)| *i);
    done.into_iter().map(|(_, answer)| answer).collect()
}
