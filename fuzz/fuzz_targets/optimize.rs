//! Optimising any program never panics, and never needs its own safety net: the
//! result burns what the source burns.
#![no_main]

use libfuzzer_sys::fuzz_target;
use trajet::job::{Job, KEPT_UNVERIFIED, OpenOptions, OptimizeOptions};
use trajet::pass::Objective;

fuzz_target!(|bytes: &[u8]| {
    let Ok(job) = Job::open(bytes.to_vec(), None, &OpenOptions::default()) else {
        return;
    };
    if job.is_drawing() {
        return;
    }
    let done = job.optimize(&Objective::Travel, &OptimizeOptions::default());
    let done = done.expect("a program can always be written");
    assert!(!done.diagnostics.has(KEPT_UNVERIFIED), "{:?}", done.diagnostics);
});
