//! Reads each G-code file and writes it back unedited: the bytes must be the same.
//!
//! `cargo run --example roundtrip -- FILE...`
#![allow(clippy::print_stdout, clippy::print_stderr)] // an example talks

use std::process::ExitCode;
use trajet::gcode::{Dialect, EmitOptions, emit, read};

fn main() -> ExitCode {
    let mut different = 0;
    for file in std::env::args_os().skip(1) {
        let name = file.to_string_lossy().into_owned();
        let bytes = match std::fs::read(&file) {
            Ok(bytes) => bytes,
            Err(e) => {
                eprintln!("{name}: {e}");
                return ExitCode::FAILURE;
            }
        };
        let dialect = Dialect::detect(&bytes).dialect;
        let program = read(bytes, dialect);
        let same = emit(&program, &program.toolpath, &EmitOptions::default())
            .is_ok_and(|out| out == program.source.bytes());
        let paths = program.toolpath.paths().count();
        println!(
            "{name}: {}, {} lines, {paths} paths, {} diagnostics, {}",
            dialect.name,
            program.source.line_count(),
            program.diagnostics.as_slice().len(),
            if same { "same bytes" } else { "DIFFERENT" }
        );
        different += usize::from(!same);
    }
    if different == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
