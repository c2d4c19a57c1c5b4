//! Any bytes that are read as G-code and written unedited come back as they were.
#![no_main]

use libfuzzer_sys::fuzz_target;
use trajet::gcode::{EmitOptions, emit, read};

fuzz_target!(|bytes: &[u8]| {
    let program = read(bytes.to_vec());
    let out = emit(&program, &program.toolpath, &EmitOptions::default());
    assert_eq!(out.expect("the source is written back"), bytes);
});
