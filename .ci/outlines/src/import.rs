//! Every file is read: no panic, each within a time limit.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// The longest that one drawing may take.
const LIMIT: Duration = Duration::from_secs(5);

pub fn run(files: &[PathBuf]) -> bool {
    let start = Instant::now();
    let fonts = trajet::svg::Fonts::system();
    let answers = crate::on_all(files, |file| {
        let bytes = std::fs::read(file).expect("the file can be read");
        let start = Instant::now();
        let what = match catch_unwind(AssertUnwindSafe(|| {
            crate::ours::import(&bytes, 0.01, &fonts)
        })) {
            Ok(Ok(_)) => "imported".to_owned(),
            Ok(Err(e)) => format!("refused: {:?}", e.kind()),
            Err(_) => "PANIC".to_owned(),
        };
        (what, start.elapsed())
    });
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let mut good = !files.is_empty();
    for (file, (what, took)) in files.iter().zip(&answers) {
        *counts.entry(what).or_default() += 1;
        if what == "PANIC" || *took > LIMIT {
            println!(
                "{}: {what} after {:.1} s",
                file.display(),
                took.as_secs_f64()
            );
            good = false;
        } else if what != "imported" {
            println!("{}: {what}", file.display());
        }
    }
    for (what, count) in counts {
        println!("{count:6} {what}");
    }
    if let Some((file, (_, took))) = files.iter().zip(&answers).max_by_key(|(_, (_, t))| *t) {
        println!("slowest: {:.2} s, {}", took.as_secs_f64(), file.display());
    }
    println!(
        "{} files in {:.1} s",
        files.len(),
        start.elapsed().as_secs_f64()
    );
    good
}
