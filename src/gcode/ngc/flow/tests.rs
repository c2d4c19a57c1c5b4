use super::super::expr::evaluate;
use super::super::params::assignment;
use super::*;

/// Lines, and how many times one was asked for.
struct Program<'a>(Vec<&'a [u8]>, u64);

impl Lines for Program<'_> {
    fn line(&mut self, index: usize) -> Option<&[u8]> {
        self.1 += 1;
        self.0.get(index).copied()
    }
}

struct NoReadout;

impl Readout for NoReadout {
    fn numbered(&self, _: u32) -> Option<f64> {
        None
    }

    fn named(&self, name: &[u8]) -> Option<f64> {
        (name == b"_x").then_some(3.0)
    }
}

/// Runs a program of assignments, O-words, `M98 P.. L..`, `M99`, `M2`, and lines
/// `T<value>` whose values are what it gives.
fn run(text: &str, limits: Limits) -> Result<Vec<f64>, FlowFault> {
    let mut lines = Program(text.split('\n').map(str::as_bytes).collect(), 0);
    run_lines(&mut lines, limits)
}

fn run_lines(lines: &mut Program, limits: Limits) -> Result<Vec<f64>, FlowFault> {
    let mut flow = Flow::new(limits, false);
    let mut p = Parameters::new();
    let mut trace = Vec::new();
    let mut at = 0;
    while at < lines.0.len() {
        flow.begin(at, 0)?;
        let line = lines.0[at];
        let value = |p: &Parameters, from: usize| {
            let scope = p.scope(&NoReadout);
            evaluate(&line[from..], &scope).map_err(|f| fault(FlowFaultKind::Value(f.kind), at, 0))
        };
        at = match parse(line) {
            Some(word) => flow.obey(at, &word.unwrap(), lines, &mut p, &NoReadout)?,
            None if line.starts_with(b"M98P") => {
                let (number, used) = value(&p, 4)?;
                let runs = match line.get(4 + used) {
                    Some(b'L') => Some(value(&p, 5 + used)?.0),
                    _ => None,
                };
                flow.call_program(at, number, runs, lines, &mut p)?
            }
            None if line == b"M99" => match flow.end_program(at, &mut p)? {
                AfterProgram::Line(next) => next,
                AfterProgram::Endless => return Err(fault(FlowFaultKind::Endless, at, 0)),
            },
            None if line == b"M2" => return Ok(trace),
            None => {
                if line.starts_with(b"T") {
                    trace.push(value(&p, 1)?.0);
                }
                let mut from = 0;
                while let Some(length) = assignment(&line[from..]) {
                    let _ = p
                        .assign(&line[from..], &NoReadout)
                        .map_err(|f| fault(FlowFaultKind::Value(f.kind), at, 0))?;
                    from += length;
                }
                p.commit();
                at + 1
            }
        };
    }
    match flow.at_end() {
        Some(fault) => Err(fault),
        None => Ok(trace),
    }
}

fn traced(text: &str) -> Vec<i64> {
    let trace = run(text, Limits::default()).unwrap_or_else(|f| panic!("{text}: {f:?}"));
    trace.iter().map(|v| v.round() as i64).collect()
}

fn fault_of(text: &str) -> (FlowFaultKind, usize) {
    let limits = Limits {
        lines: 1000,
        calls: 10,
    };
    let fault = run(text, limits).expect_err(text);
    (fault.kind, fault.line)
}

#[test]
fn branches() {
    let program = |v: i32| {
        format!(
            "#1={v}\no1 if [#1 EQ 0]\nT0\no1 elseif [#1 EQ 1] (c)\nT1\no1 elseif [#1 EQ 2]\nT2\no1 else ; c\nT3\no1 endif\nT9"
        )
    };
    for v in 0..4 {
        assert_eq!(traced(&program(v)), [i64::from(v), 9]);
    }
    assert_eq!(traced("o1 if [0]\nT1\no1 endif\nT2"), [2]);
    assert_eq!(traced("/n1 O1 IF[1]\nT1\n n2 o 1 e n d i f"), [1]);
    // What is skipped is not evaluated.
    let skipped = "o1 if [0]\no2 if [1/0]\no2 endif\no1 elseif [1]\nT1\no1 elseif [1/0]\no1 endif";
    assert_eq!(traced(skipped), [1]);
}

#[test]
fn loops() {
    let three = "#1=0\no1 while [#1 LT 3]\n#1=[#1+1]\nT#1\no1 endwhile\nT9";
    assert_eq!(traced(three), [1, 2, 3, 9]);
    assert_eq!(traced("o1 while [0]\nT1\no1 endwhile\nT9"), [9]);
    assert_eq!(
        traced("o1 do\n#1=[#1+1]\nT#1\no1 while [#1 LT 3]\nT9"),
        [1, 2, 3, 9]
    );
    assert_eq!(traced("o1 do\nT1\no1 while [0]"), [1]);
    assert_eq!(traced("o1 repeat [2.6]\nT1\no1 endrepeat"), [1, 1, 1]);
    for none in ["0.4", "-3", "0"] {
        assert_eq!(
            traced(&format!("o1 repeat [{none}]\nT1\no1 endrepeat\nT2")),
            [2]
        );
    }
    let nested = "o1 repeat [2]\no2 repeat [3]\nT1\no2 endrepeat\nT2\no1 endrepeat";
    assert_eq!(traced(nested), [1, 1, 1, 2, 1, 1, 1, 2]);
}

#[test]
fn break_and_continue() {
    let inside = |open: &str, word: &str, close: &str| {
        format!("{open}\n#1=[#1+1]\no2 if [#1 EQ 2]\no1 {word}\no2 endif\nT#1\n{close}\nT9")
    };
    for (open, close) in [
        ("o1 while [#1 LT 4]", "o1 endwhile"),
        ("o1 do", "o1 while [#1 LT 4]"),
        ("o1 repeat [4]", "o1 endrepeat"),
    ] {
        assert_eq!(
            traced(&inside(open, "continue", close)),
            [1, 3, 4, 9],
            "{open}"
        );
        assert_eq!(traced(&inside(open, "break", close)), [1, 9], "{open}");
    }
    let outer = "o1 repeat [2]\no2 while [1]\no1 continue\no2 endwhile\nT1\no1 endrepeat\nT2";
    assert_eq!(traced(outer), [2]);
}

#[test]
fn subroutines() {
    let nested = "o1 sub\nT#1\n#1=9\no2 call [#1+1]\nT#1\no1 endsub\n\
                  o2 sub\n#1=[#1*2]\no2 endsub [#1]\no1 call [4]\nT#<_value>\nT#1";
    assert_eq!(traced(nested), [4, 9, 0, 0]);
    let value = "o1 sub\no2 if [#1]\no1 return [5]\no2 endif\nT7\no1 endsub\n\
                 o1 call [1]\nT#<_value>T\no1 call\nT#<_value_returned>";
    assert_eq!(traced(value), [5, 7, 0]);
    // Before its definition, by a name, by a computed label, by another label.
    assert_eq!(
        traced("o1 call [1](c)[2]\nT9\nM2\no1 sub\nT#1\nT#2\no1 endsub"),
        [1, 2, 9]
    );
    assert_eq!(traced("o<a B> sub\nT1\no<ab> endsub\no<A b> call"), [1]);
    assert_eq!(
        traced("o3 sub\nT1\no3 endsub\n#1=1\no[#1+2] call\no#[0+1] call [1]\no1 sub\no1 endsub"),
        [1]
    );
    assert_eq!(
        traced("o1 sub\nT1\no2 return\nT2\no1 endsub\no1 call\nT3"),
        [1, 3]
    );
    let recursive =
        "o1 sub\nT#1\no2 if [#1 GT 1]\no1 call [#1-1]\no2 endif\nT#1\no1 endsub\no1 call [3]";
    assert_eq!(traced(recursive), [3, 2, 1, 1, 2, 3]);
    // A return leaves the loops of its call, and only those.
    let returns = "o1 sub\no2 repeat [5]\nT#1\no1 return\no2 endrepeat\no1 endsub\n\
                   o3 repeat [2]\no1 call [1]\no3 endrepeat\nT9";
    assert_eq!(traced(returns), [1, 1, 9]);
    // The loop of the caller is not the loop of the same line in the call.
    let same_line = "o1 sub\n#2=0\no2 while [#2 LT 2]\n#2=[#2+1]\nT[#1*10+#2]\no3 if [#1 LT 1 AND #2 EQ 1]\n\
                     o1 call [1]\no3 endif\no2 endwhile\no1 endsub\no1 call";
    assert_eq!(traced(same_line), [1, 11, 12, 2]);
}

#[test]
fn programs() {
    let fanuc = "O1\n#1=0\nM98P100L5\nT[#1*100]\nM2\nO100\n#1=[#1+1]\nM98P200L5\nM99\nO200\n#1=[#1+0.01]\nM99";
    assert_eq!(traced(fanuc), [525]);
    assert_eq!(traced("M98P7L0\nT1\nM2\nO7\nT2\nM99"), [1]);
    assert_eq!(
        traced("O7 (first)\no1 if [#1 EQ 0]\n#1=1\nM98P7\no1 else\nT5\nM99\no1 endif\nT2"),
        [5, 2]
    );
    // The machine would run it for ever.
    assert_eq!(fault_of("O1\nT1\nM99"), (FlowFaultKind::Endless, 2));
}

#[test]
fn faults() {
    use FlowFaultKind::*;
    for (text, kind, line) in [
        ("o1 call", NotInFile, 0),
        ("T1\no<abs> call [1]", NotInFile, 1),
        ("M98P3", NotInFile, 0),
        ("o1 endif", Mismatch, 0),
        ("o1 else", Mismatch, 0),
        ("o1 endwhile", Mismatch, 0),
        ("o1 break", Mismatch, 0),
        ("o1 if [1]\no1 break\no1 endif", Mismatch, 1),
        ("o1 if [1]\no1 endwhile\no1 endif", Mismatch, 1),
        (
            "o1 while [1]\no1 call\no1 endwhile\no1 sub\no1 break\no1 endsub",
            Mismatch,
            4,
        ),
        (
            "o1 if [1]\no2 while [1]\no1 endif\no2 endwhile",
            Unclosed,
            1,
        ),
        ("o1 if [1]", Unclosed, 0),
        ("o1 while [0]\nT1", Unclosed, 0),
        ("T1\no1 sub\nT2", Unclosed, 1),
        ("o1 call\nM2\no1 sub\nT2", Unclosed, 0),
        ("M98P1\nM2\nO1\nT2", Unclosed, 2),
        (
            "o1 sub\no2 sub\no2 endsub\no1 endsub\no1 call",
            NestedSub,
            1,
        ),
        ("o1 return", NotInSub, 0),
        ("o1 endsub", NotInSub, 0),
        ("o1 call\nM2\nO1\nM99", MixedStyles, 0),
        ("M98P1\nM2\no1 sub\no1 endsub", MixedStyles, 0),
        ("o1 sub\nM99\no1 endsub\no1 call", MixedStyles, 1),
        ("M98P1\nM2\nO1\no1 return", MixedStyles, 3),
        ("o1 if #1\no1 endif", NoBracket, 0),
        ("o1 while\no1 endwhile", NoBracket, 0),
        ("o1 if [1] T1\no1 endif", Trailing, 0),
        ("o1 do [1]\no1 while [0]", Trailing, 0),
        ("o1 sub\no1 endsub\no1 call [1] 2", Trailing, 2),
        ("o1 if [1/0]\no1 endif", Value(FaultKind::Domain), 0),
        (
            "o1 if [0]\no1 elseif [#<a>]\no1 endif",
            Value(FaultKind::UnknownParameter),
            1,
        ),
        ("o[1.5] call", Value(FaultKind::NotAnInteger), 0),
        ("o1 sub\no1 call\no1 endsub\no1 call", TooDeep, 1),
        ("o1 while [1]\no1 endwhile", TooLong, 1),
        ("o1 do\no1 while [1]", TooLong, 1),
        ("o1 repeat [1000000000]\no1 endrepeat", TooLong, 1),
        ("o1 while [1]\no1 continue\no1 endwhile", TooLong, 2),
    ] {
        assert_eq!(fault_of(text), (kind, line), "{text}");
    }
    let many = format!("o1 sub\no1 endsub\no1 call{}", "[1]".repeat(31));
    assert_eq!(fault_of(&many), (TooManyArguments, 2));
    assert_eq!(traced(&many.replace("[1][1]", "[1]")), [0; 0]);
    let place = run(
        "o1 if [0]\no1 elseif [2+sqrt[-1]]\no1 endif",
        Limits::default(),
    );
    assert_eq!(place.unwrap_err().at, 13);
}

#[test]
fn depth() {
    let mut lines = Program(vec![b"o1 if [#<_x>]", b"o1 endif"], 0);
    let mut flow = Flow::new(Limits::default(), false);
    let mut p = Parameters::new();
    let mut obey = |flow: &mut Flow, at: usize| {
        let word = parse(lines.0[at]).unwrap().unwrap();
        flow.obey(at, &word, &mut lines, &mut p, &NoReadout)
            .unwrap()
    };
    assert_eq!(flow.depth(), 0);
    assert_eq!(obey(&mut flow, 0), 1);
    assert_eq!(flow.depth(), 1);
    assert_eq!(obey(&mut flow, 1), 2);
    assert_eq!(flow.depth(), 0);
}

#[test]
fn hostile_programs_end_in_linear_time() {
    let n = 20_000;
    let count = |pattern: &str| {
        (0..n)
            .map(|i| pattern.replace('N', &i.to_string()))
            .collect::<String>()
    };
    let back = |pattern: &str| {
        (0..n)
            .rev()
            .map(|i| pattern.replace('N', &i.to_string()))
            .collect::<String>()
    };
    let limits = Limits {
        lines: 1_000_000,
        calls: 100,
    };
    for text in [
        // Nested and true, nested and false, crossing, never closed, chained.
        count("oN if [1]\n") + &back("oN else\noN endif\n"),
        count("oN if [0]\n") + &back("oN endif\n"),
        count("oN if [1]\n") + &count("oN endif\n"),
        count("o1 if [1]\n"),
        count("oN endif\n"),
        "o1 if [0]\n".to_string() + &count("o1 elseif [0]\n") + "o1 endif",
        count("oN repeat [1]\n") + "o0 break\n" + &back("oN endrepeat\n"),
        "o1 repeat [5]\n".to_string() + &count("oN if [0]\noN endif\n") + "o1 endrepeat",
        "o0 sub\no0 endsub\n".to_string() + &count("o0 call\n"),
        count("o[N] sub\n"),
    ] {
        let mut lines = Program(text.split('\n').map(str::as_bytes).collect(), 0);
        let _ = run_lines(&mut lines, limits);
        let executed = 5 * lines.0.len() as u64;
        assert!(lines.1 <= 8 * executed, "{} of {executed}", lines.1);
    }
}

mod structured;
