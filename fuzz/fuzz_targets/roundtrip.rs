//! Any bytes that are read as G-code and written unedited come back as they were.
#![no_main]

use libfuzzer_sys::fuzz_target;
use trajet::gcode::{Dialect, EmitOptions, Reading, RunLimits, emit, read};

fuzz_target!(|bytes: &[u8]| {
    for dialect in Dialect::all() {
        let how = Reading::from(*dialect).with_limits(RunLimits::default().with_lines(2_000));
        let program = read(bytes.to_vec(), how);
        let out = emit(&program, &program.toolpath, &EmitOptions::default());
        assert_eq!(out.expect("the source is written back"), bytes);
    }
});
