//! The program `trajet`: arguments, files and exit codes over the library.
//!
//! Exit codes: 0 done; 1 an input could not be read or used, or a result could
//! not be written; 2 the command line is wrong; 3 done, with findings of severity
//! error or unsafe.

mod args;
mod calibrate;
mod check;
mod estimate;
mod files;
mod machine;
mod optimize;
mod post_process;
mod quote;
mod spending;

use args::Command;
use std::process::ExitCode;

/// What stops the program: one message for the person at the terminal.
type Failure = String;

fn main() -> ExitCode {
    let args = args::parse();
    let done = match &args.command {
        Command::Optimize(a) => optimize::run(a),
        Command::Estimate(a) => estimate::run(a),
        Command::Quote(a) => quote::run(a),
        Command::Check(a) => check::run(a),
        Command::Machine(a) => machine::run(a),
        Command::Calibrate(a) => calibrate::run(a),
        Command::PostProcess(a) => post_process::run(a),
    };
    match done {
        Ok(code) => code,
        Err(message) => {
            files::say(&format!("trajet: {message}"));
            ExitCode::from(files::UNUSABLE)
        }
    }
}
