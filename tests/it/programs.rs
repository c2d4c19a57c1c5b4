//! Random programs: whatever they do, they come back whole, and optimised they
//! burn the same. The written result must never need the safety net that keeps
//! the input when a check fails.
//!
//! `programs/dialects.rs` makes programs of every dialect, and breaks them.

#[path = "programs/dialects.rs"]
mod dialects;

use crate::spending::all_ways_add_up;
use proptest::prelude::*;
use std::io::Read;
use trajet::diag::Diagnostics;
use trajet::estimate::{breakdown, breakdown_stream, estimate, estimate_stream};
use trajet::gcode::{self, Dialect, EmitOptions, RunLimits, emit, findings};
use trajet::job::{Job, KEPT_UNVERIFIED, OpenOptions, OptimizeOptions};
use trajet::machine::preset;
use trajet::par;
use trajet::pass::Objective;
use trajet::{ErrorKind, Source};

fn number() -> impl Strategy<Value = String> {
    prop_oneof![
        (-40_i32..40).prop_map(|v| v.to_string()),
        (-4000_i32..4000).prop_map(|v| format!("{:.2}", f64::from(v) / 100.0)),
    ]
}

/// Lines that laser programs are made of, and some that are none.
fn line() -> impl Strategy<Value = String> {
    let xy = (number(), number())
        .prop_map(|(x, y)| format!("X{x} Y{y}"))
        .boxed();
    prop_oneof![
        6 => xy.clone().prop_map(|p| format!("G0 {p}")),
        10 => xy.clone().prop_map(|p| format!("G1 {p}")),
        3 => xy.clone(),
        2 => (xy.clone(), 1_u32..900).prop_map(|(p, s)| format!("G1 {p} S{s}")),
        1 => xy.clone().prop_map(|p| format!("G1 {p} S0")),
        2 => (xy.clone(), 1_u32..30).prop_map(|(p, r)| format!("G2 {p} R{r}")),
        2 => (number(), number()).prop_map(|(i, j)| format!("G3 I{i} J{j}")),
        2 => (number(), number()).prop_map(|(i, j)| format!("G2 X0 I{i} J{j}")),
        2 => (1_u32..3000).prop_map(|f| format!("F{f}")),
        2 => (0_u32..1000).prop_map(|s| format!("S{s}")),
        2 => Just("M5".to_owned()),
        2 => Just("M3".to_owned()),
        2 => (0_u32..900).prop_map(|s| format!("M4 S{s}")),
        1 => Just("G4 P0.2".to_owned()),
        1 => Just("G91".to_owned()),
        1 => Just("G90".to_owned()),
        1 => Just("G20".to_owned()),
        1 => Just("G21".to_owned()),
        1 => Just("M8".to_owned()),
        1 => Just("M9".to_owned()),
        1 => Just("; a comment".to_owned()),
        1 => Just("(in brackets)".to_owned()),
        1 => Just(String::new()),
        1 => Just("G92 X1 Y1".to_owned()),
        1 => Just("M106".to_owned()),
        1 => Just("G0 Z3".to_owned()),
        1 => Just("G1 Z-1".to_owned()),
        1 => Just("G80".to_owned()),
        1 => Just("M2".to_owned()),
        1 => Just("G55".to_owned()),
        1 => Just("N10 G1 X3 (words and a comment)".to_owned()),
        1 => Just("G18".to_owned()),
        1 => Just("G17".to_owned()),
        1 => (number(), number()).prop_map(|(x, z)| format!("G18 G2 X{x} Z{z} R90")),
        1 => Just("M7".to_owned()),
        1 => Just("T2".to_owned()),
        1 => Just("/G1 X7".to_owned()),
    ]
}

fn program() -> impl Strategy<Value = String> {
    let end = prop_oneof![Just("\n"), Just("\r\n")];
    let lines = prop::collection::vec(line(), 0..60);
    (lines, end, any::<bool>(), any::<bool>()).prop_map(|(lines, end, last, numbered)| {
        let mut lines: Vec<String> = std::iter::once("G21 G90 F900".to_owned())
            .chain(lines)
            .collect();
        if numbered {
            for (i, line) in lines.iter_mut().enumerate() {
                if line.starts_with(|c: char| c.is_ascii_uppercase()) && !line.starts_with('N') {
                    line.insert_str(0, &format!("N{} ", 10 * i + 10));
                }
            }
        }
        if last {
            lines.push(String::new());
        }
        lines.join(end)
    })
}

/// The name of a dialect that is written anew.
fn dialect() -> impl Strategy<Value = &'static str> {
    let all = Dialect::all().iter().filter(|d| d.grammar.rewrites);
    prop::sample::select(all.map(|d| d.name).collect::<Vec<_>>())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn unedited_programs_come_back_byte_for_byte(text in program(), name in dialect()) {
        let dialect = Dialect::by_name(name).unwrap();
        let p = gcode::read(text.clone().into(), dialect);
        let out = emit(&p, &p.toolpath, &EmitOptions::default()).unwrap();
        prop_assert_eq!(String::from_utf8(out).unwrap(), text);
    }

    #[test]
    fn any_bytes_come_back(bytes in prop::collection::vec(any::<u8>(), 0..300), name in dialect()) {
        let dialect = Dialect::by_name(name).unwrap();
        let p = gcode::read(bytes.clone(), dialect);
        prop_assert_eq!(emit(&p, &p.toolpath, &EmitOptions::default()).unwrap(), bytes);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn optimised_programs_pass_their_own_check(text in program(), name in dialect()) {
        let options = OpenOptions::default().with_dialect(Dialect::by_name(name).unwrap());
        let Ok(job) = Job::open(text.into(), None, &options) else {
            return Ok(());
        };
        let done = job
            .optimize(&Objective::Travel, &OptimizeOptions::default())
            .unwrap();
        prop_assert!(!done.diagnostics.has(KEPT_UNVERIFIED), "{:?}", done.diagnostics);
    }

    #[test]
    fn a_streamed_estimate_is_that_of_the_whole_file(
        text in program(),
        noise in prop::collection::vec(any::<u8>(), 0..40),
        size in 1_usize..50,
    ) {
        let bytes = [text.as_bytes(), &noise].concat();
        let machine = preset("diode-laser").unwrap();
        let (e, said) = estimate_stream(Pieces(&bytes, size), None, RunLimits::default(), &machine).unwrap();
        let Ok(job) = Job::open(bytes.clone(), None, &OpenOptions::default()) else {
            return Ok(());
        };
        let whole = estimate(&Source::new(bytes), job.dialect(), &machine);
        // Shortest forms that read back differ for any two numbers.
        prop_assert_eq!(format!("{e:?}"), format!("{whole:?}"));
        // Where the time goes, too; of some, because it takes as long again.
        if size % 4 == 0 {
            let (same, parts) = breakdown(job.source(), job.dialect(), &machine);
            prop_assert_eq!(format!("{same:?}"), format!("{whole:?}"));
            all_ways_add_up(&same, &parts);
            let bytes = Pieces(job.source().bytes(), size);
            let streamed = breakdown_stream(bytes, None, RunLimits::default(), &machine);
            let (_, streamed, _) = streamed.unwrap();
            prop_assert_eq!(format!("{streamed:?}"), format!("{parts:?}"));
        }
        let about_the_ir = [findings::KEPT_IN_PLACE, findings::KEPT_DIALECT];
        let without = |d: &Diagnostics| {
            let list = d.as_slice().iter().filter(|d| !about_the_ir.contains(&d.code));
            list.cloned().collect::<Vec<_>>()
        };
        prop_assert_eq!(without(&said), without(&job.diagnostics));
    }
}

/// A reader that gives so many bytes at a time.
struct Pieces<'a>(&'a [u8], usize);

impl Read for Pieces<'_> {
    fn read(&mut self, to: &mut [u8]) -> std::io::Result<usize> {
        let n = self.1.min(to.len());
        self.0.read(&mut to[..n])
    }
}

#[test]
fn a_program_that_breaks_off_has_no_estimate() {
    let machine = preset("diode-laser").unwrap();
    let long = [b"G1 X10 F600\n".to_vec(), vec![b'G'; 2 << 20]].concat();
    let why = estimate_stream(&long[..], None, RunLimits::default(), &machine).unwrap_err();
    assert_eq!(why.kind(), ErrorKind::Limit);
    assert!(why.to_string().starts_with("line 2 is longer"), "{why}");
}

#[test]
fn the_same_bytes_for_any_number_of_threads() {
    let mut text = String::from("G21 G90 F900\nM4 S100\n");
    for i in 0..400_u32 {
        let (x, y) = (i * 7919 % 300, i * 104_729 % 300);
        text.push_str(&format!("G0 X{x} Y{y}\nG1 X{}.5\n", x + 1));
        if i % 100 == 99 {
            text.push_str("M0\n");
        }
    }
    let job = Job::open(text.into(), None, &OpenOptions::default()).unwrap();
    let run = |threads| {
        par::with_threads(threads, || {
            job.optimize(&Objective::Travel, &OptimizeOptions::default())
                .unwrap()
                .gcode
        })
    };
    let one = run(1);
    assert!(one != job.to_gcode().unwrap());
    assert_eq!(one, run(2));
    assert_eq!(one, run(8));
}
