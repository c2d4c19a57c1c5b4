//! Any bytes are run in every dialect: to an end within the limits, to places that
//! are numbers, with a time that is one, and the same by the quick way and the long one.
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
        let mut long = Run::new(&source, how);
        long.machine_mut().set_quick(false);
        let mut steps = 0_u64;
        while let Some(done) = run.step() {
            assert!(done.line < source.line_count());
            assert!(run.machine().position().is_finite());
            let same = long.step().map(|d| format!("{d:?}"));
            assert_eq!(Some(format!("{done:?}")), same);
            let told = |run: &Run<&Source>| {
                let m = run.machine();
                let state = (m.modal(), m.axes(), m.notices());
                format!("{state:?} {:?}", run.commands())
            };
            assert_eq!(told(&run), told(&long));
            steps += 1;
        }
        assert!(steps <= source.line_count() as u64 + 2_001);
        let e = estimate(&source, how, &machine);
        assert!(e.seconds >= 0.0 && !e.travel_mm.is_nan() && !e.burn_mm.is_nan());
    }
});
