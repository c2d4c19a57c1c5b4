//! Any bytes are run in every dialect: to an end within the limits, to places that
//! are numbers, and with a time that is one.
#![no_main]

use libfuzzer_sys::fuzz_target;
use trajet::Source;
use trajet::estimate::estimate;
use trajet::gcode::{Dialect, Reading, Run, RunLimits};
use trajet::machine::preset;

fuzz_target!(|bytes: &[u8]| {
    let machine = preset("diode-laser").expect("a preset");
    let source = Source::new(bytes.to_vec());
    let limits = RunLimits::default().with_lines(2_000).with_calls(20);
    for dialect in Dialect::all() {
        let how = Reading::from(*dialect).with_limits(limits);
        let mut run = Run::new(&source, how);
        let mut steps = 0_u64;
        while let Some(done) = run.step() {
            assert!(done.line < source.line_count());
            assert!(run.machine().position().is_finite());
            steps += 1;
        }
        assert!(steps <= source.line_count() as u64 + 2_001);
        let e = estimate(&source, how, &machine);
        assert!(e.seconds >= 0.0 && !e.travel_mm.is_nan() && !e.burn_mm.is_nan());
    }
});
