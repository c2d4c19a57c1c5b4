//! Optimising any program never panics, and what comes back burns what the source
//! burns: the result passed its check, or is the input itself.
//!
//! With `--features strict` it may not even need that net: every program that is
//! written anew has to pass its own check.
#![no_main]

use libfuzzer_sys::fuzz_target;
use trajet::gcode::{self, RunLimits};
use trajet::job::{Job, KEPT_UNVERIFIED, OpenOptions, OptimizeOptions};
use trajet::machine::{ArcFormat, ArcSupport, preset};
use trajet::pass::{Objective, Overlaps};
use trajet::toolpath::verify_written;

fuzz_target!(|bytes: &[u8]| {
    // A loop that never ends is read many times here.
    let options = OpenOptions::default().with_limits(RunLimits::default().with_lines(2_000));
    let mut machine = preset("diode-laser").expect("a preset");
    for (overlaps, fits, format) in [
        (Overlaps::Auto, true, ArcFormat::Center),
        (Overlaps::Partial, false, ArcFormat::Radius),
        (Overlaps::All, true, ArcFormat::Center),
    ] {
        machine.arcs = Some(ArcSupport::default().with_format(format));
        let Ok(job) = Job::open(bytes.to_vec(), Some(&machine), &options) else {
            return;
        };
        if job.is_drawing() {
            return;
        }
        let options = OptimizeOptions::default()
            .with_overlaps(overlaps)
            .with_fit_arcs(fits)
            .with_helices(fits)
            .with_simplify(fits);
        let done = job.optimize(&Objective::Travel, &options);
        let done = done.expect("a program can always be written");
        if done.diagnostics.has(KEPT_UNVERIFIED) {
            assert!(!cfg!(feature = "strict"), "{:?}", done.diagnostics);
            assert_eq!(done.gcode, bytes);
        }
        let written = gcode::read(done.gcode, done.reading);
        let found = verify_written(job.toolpath(), &done.after, &written.toolpath, 0.01);
        assert_eq!(found.err(), None);
    }
});
