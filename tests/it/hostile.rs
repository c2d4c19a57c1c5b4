//! Inputs made to exhaust a reader: what they cost is bounded, and it is said. Work
//! is counted rather than timed; `.ci/check_hostile.py` runs the same at full size.

use std::fmt::Write;
use trajet::Source;
use trajet::diag::{Code, Diagnostics};
use trajet::gcode::lex::{FaultKind, Line};
use trajet::gcode::{
    self, Dialect, FlowFaultKind, Ignored, Outcome, Reading, Run, RunLimits, findings,
};

const LINUXCNC: &Dialect = Dialect::LINUXCNC;

/// How many steps a program of LinuxCNC takes, and what became of the last.
fn steps(text: &str, limits: RunLimits) -> (usize, Outcome) {
    let source = Source::new(text.into());
    let mut run = Run::new(&source, Reading::from(LINUXCNC).with_limits(limits));
    let (mut count, mut last) = (0, Outcome::default());
    while let Some(done) = run.step() {
        (count, last) = (count + 1, done.outcome);
    }
    (count, last)
}

fn read(text: &str) -> Diagnostics {
    gcode::read(text.into(), LINUXCNC).diagnostics
}

fn times(found: &Diagnostics, code: Code) -> u32 {
    let of_code = found.into_iter().filter(|d| d.code == code);
    of_code.map(|d| d.count).sum()
}

fn flow(outcome: &Outcome) -> Option<FlowFaultKind> {
    match outcome.ignored {
        Some(Ignored::Flow(kind, _)) => Some(kind),
        _ => None,
    }
}

#[test]
fn one_endless_line_costs_no_more_than_a_long_one() {
    const SHAPES: [(&str, &str); 10] = [
        ("G0 X", "1"),
        ("", "X"),
        ("G1", "X1"),
        ("G0 X", "["),
        ("G0 X1", " "),
        ("(", "a"),
        ("M118 P", "\"\""),
        ("N1", "*1"),
        ("", "N1M5"),
        ("", "#1=1"),
    ];
    let mut line = Line::default();
    for (begin, repeated) in SHAPES {
        let text = begin.to_owned() + &repeated.repeat((2 << 20) / repeated.len());
        for name in ["grbl", "klipper", "reprapfirmware", "fanuc"] {
            line.lex(text.as_bytes(), &Dialect::by_name(name).unwrap().lexis);
            assert!(line.words.len() <= Line::LONGEST / 2, "{begin}{repeated}");
            assert!(line.faults.len() <= Line::MOST_FAULTS);
            assert_eq!(line.faults[0].kind, FaultKind::Overflow);
            assert_eq!(line.faults[0].at as usize, Line::LONGEST);
        }
    }
}

#[test]
fn brackets_without_end() {
    for text in ["[".repeat(20_000), "[1+".repeat(70), "sin[".repeat(60)] {
        for dialect in [Dialect::LINUXCNC, Dialect::GRBLHAL, Dialect::FANUC] {
            let found = gcode::read(format!("G0 X{text}\n").into(), dialect).diagnostics;
            let said = times(&found, findings::BAD_VALUE) + times(&found, findings::LINE_TOO_LONG);
            assert_eq!(said, 1, "{found:?}");
        }
    }
}

#[test]
fn calls_cost_one_step_for_each_line() {
    const CALLS: usize = 10_000;
    let text =
        format!("o1 sub\nG0 X#1\no1 endsub\no2 repeat [{CALLS}]\no1 call [7]\no2 endrepeat\n");
    let (count, last) = steps(&text, RunLimits::default());
    assert_eq!(flow(&last), None);
    // The call, two lines of the subroutine and the end of the loop; around them the
    // definition and the beginning of the loop.
    assert_eq!(count, 4 * CALLS + 2);
    let flat = "o1 sub\nG0 X#1\no1 endsub\n".to_owned() + &"o1 call [7]\n".repeat(CALLS);
    assert_eq!(steps(&flat, RunLimits::default()).0, 3 * CALLS + 1);
}

#[test]
fn loops_that_never_end_end_at_the_limit() {
    let limits = RunLimits::default().with_lines(1_000);
    for text in [
        "o1 while [1]\nG0 X1\no1 endwhile\n",
        "o1 do\no1 while [1]\n",
        "o1 repeat [1000000000]\nG0 X1\no1 endrepeat\n",
        "o1 while [1]\no1 continue\no1 endwhile\n",
        "M98 P1 L999999999\nM2\nO1\nG91 G0 X1\nM99\n",
        "o1 sub\no1 call\no1 call\no1 endsub\no1 call\n",
    ] {
        let (count, last) = steps(text, limits);
        assert_eq!(flow(&last), Some(FlowFaultKind::TooLong), "{text}");
        assert!(count <= 1_005, "{text}: {count}");
        let how = Reading::from(LINUXCNC).with_limits(limits);
        let found = gcode::read(text.into(), how).diagnostics;
        assert!(found.has(findings::LOOP_LIMIT), "{text}: {found:?}");
    }
    let (count, last) = steps("G0 X1\nM99\n", RunLimits::default());
    assert_eq!((count, flow(&last)), (2, Some(FlowFaultKind::Endless)));
}

#[test]
fn calls_within_calls_end_at_the_limit() {
    let text = "o1 sub\no1 call\no1 endsub\no1 call\n";
    let (count, _) = steps(text, RunLimits::default().with_calls(50));
    assert!(count < 200, "{count}");
    assert_eq!(times(&read(text), findings::BAD_FLOW), 1);
}

#[test]
fn long_lines_count_for_more_in_a_loop() {
    let limits = RunLimits::default().with_lines(10_000);
    let comment = format!("o1 while [1]\n({})\no1 endwhile\n", "a".repeat(100_000));
    assert!(steps(&comment, limits).0 < 20);
    let branch = format!(
        "o1 while [1]\no2 if [0]\no2 elseif [1{}]\no2 endif\no1 endwhile\n",
        "+1".repeat(50_000)
    );
    assert!(steps(&branch, limits).0 < 30);
    // LinuxCNC holds no such line, so its condition is not evaluated at all.
    let condition = format!("o1 while [1{}]\no1 endwhile\n", "+1".repeat(50_000));
    assert!(read(&condition).has(findings::LINE_TOO_LONG));
}

#[test]
fn moves_that_lines_come_to_are_bounded() {
    let limits = RunLimits::default().with_moves(5_000);
    let cycle = "M3 S100 F100\nG83 X1 Z-10 R1 Q0.1\n";
    for text in [
        "G2 I1 P1000 F100\n".repeat(100),
        format!("{cycle}{}", "X2\n".repeat(1_000)),
        format!("{cycle}o1 while [1]\nX2\no1 endwhile\n"),
    ] {
        let (count, last) = steps(&text, limits);
        assert_eq!(flow(&last), Some(FlowFaultKind::TooManyMoves), "{text}");
        assert!(count < 60, "{count}");
    }
    // A row of holes is far from it.
    let (_, last) = steps(&format!("{cycle}{}", "X2\n".repeat(10)), limits);
    assert_eq!(flow(&last), None);
}

#[test]
fn names_are_bounded() {
    const NAMES: u32 = 70_000;
    let mut text = String::new();
    for i in 0..NAMES {
        writeln!(text, "#<n{i}>={i}").unwrap();
    }
    let refused = times(&read(&text), findings::BAD_VALUE);
    assert_eq!(refused, NAMES - 65_536);
}

#[test]
fn a_program_that_is_wrong_all_over_has_few_diagnostics() {
    const ROUNDS: u32 = 10_000;
    let mut text = String::new();
    for i in 0..ROUNDS {
        let m = i + 1_000;
        writeln!(text, "G{i}.5 Q{i}\nX1 X{i}\n#<a{i}b>\no{i} call\nM{m}").unwrap();
    }
    for dialect in Dialect::all() {
        let found = gcode::read(text.clone().into(), *dialect).diagnostics;
        assert!(found.as_slice().len() <= 12 * Diagnostics::PER_CODE);
        let said: u32 = found.into_iter().map(|d| d.count).sum();
        assert!(said >= 2 * ROUNDS, "{}: {said}", dialect.name);
    }
}
