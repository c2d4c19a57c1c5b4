//! Any bytes that are read as G-code and written unedited come back as they were.
#![no_main]

use libfuzzer_sys::fuzz_target;
use trajet::gcode::{Dialect, EmitOptions, emit, read};

fuzz_target!(|bytes: &[u8]| {
    for dialect in Dialect::all() {
        let program = read(bytes.to_vec(), dialect);
        let out = emit(&program, &program.toolpath, &EmitOptions::default());
        assert_eq!(out.expect("the source is written back"), bytes);
    }
});
