//! What arcs save in a program, and what it takes to fit them: reading, fitting and
//! writing, without the checks that `trajet optimize` makes of the result. With OUT the
//! result is written there in place of being counted.
//!
//! ```sh
//! cargo run --release --example arcs -- print.gcode 0.025 [OUT]
//! ```

#![allow(clippy::print_stdout)] // an example talks

use cpu_time::ProcessTime;
use trajet::Source;
use trajet::gcode::{self, Dialect, EmitOptions, Run};
use trajet::motion::Command;
use trajet::pass::{ArcFit, Context, Fitting, Pass, summarize};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let file = args.next().ok_or("usage: arcs FILE [TOLERANCE_MM [OUT]]")?;
    let tolerance: f64 = args.next().map_or(Ok(0.025), |a| a.parse())?;
    let bytes = std::fs::read(&file)?;
    let size = bytes.len() as f64 / 1e6;
    let dialect = Dialect::detect(&bytes).dialect;
    let begun = ProcessTime::now();
    let program = gcode::read(bytes, dialect);
    let read = begun.elapsed().as_secs_f64();
    let mut fitted = program.toolpath.clone();
    let pass = ArcFit::new(Fitting::default().with_tolerance(tolerance));
    let report = pass.run(&mut fitted, &mut Context::default())?;
    let fit = begun.elapsed().as_secs_f64() - read;
    let out = gcode::emit(&program, &fitted, &EmitOptions::default())?;
    let written = begun.elapsed().as_secs_f64() - read - fit;
    let count = |bytes: &[u8]| {
        let source = Source::new(bytes.to_vec());
        let mut run = Run::new(source.in_order(), dialect);
        let (mut moves, mut arcs) = (0, 0);
        while run.step().is_some() {
            for command in run.commands() {
                if let Command::Move(m) = command {
                    moves += 1;
                    arcs += usize::from(m.arc.is_some());
                }
            }
        }
        (moves, arcs)
    };
    let all = read + fit + written;
    println!(
        "{size:.1} MB of {}, {:.4} mm off at most; read {read:.3} s, fitted {fit:.3} s, written \
         {written:.3} s: {:.3} s/MB",
        dialect.name,
        report.deviation_mm,
        all / size
    );
    if let Some(to) = args.next() {
        std::fs::write(to, &out)?;
        return Ok(());
    }
    let ((before, _), (after, arcs)) = (count(program.source.bytes()), count(&out));
    println!(
        "{} paths; {before} moves became {after}, {arcs} of them arcs; {:.2} times fewer bytes",
        summarize(&fitted).paths,
        size * 1e6 / out.len() as f64,
    );
    Ok(())
}
