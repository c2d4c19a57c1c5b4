//! Programs of every dialect, and what is left of them once they are broken.

use crate::inputs::laws;
use proptest::prelude::*;
use proptest::sample::Index;
use trajet::Source;
use trajet::estimate::{estimate, estimate_stream};
use trajet::gcode::{self, Dialect, FlowFaultKind, Ignored, Reading, Run, RunLimits};
use trajet::machine::preset;

type Lines = BoxedStrategy<String>;

fn number() -> BoxedStrategy<String> {
    prop_oneof![
        4 => (-900_i32..900).prop_map(|v| format!("{}.", v)),
        4 => (-90_000_i32..90_000).prop_map(|v| format!("{:.3}", f64::from(v) / 1000.0)),
        1 => (0_u32..90).prop_map(|v| format!(".{v:02}")),
        1 => (0_u32..90).prop_map(|v| format!("-{v}.")),
    ]
    .boxed()
}

/// `X… Y…`, with blanks or without.
fn place() -> BoxedStrategy<String> {
    (number(), number(), any::<bool>())
        .prop_map(|(x, y, spaced)| {
            let gap = if spaced { " " } else { "" };
            format!("X{x}{gap}Y{y}")
        })
        .boxed()
}

/// What nearly all dialects read alike.
fn common() -> Lines {
    prop_oneof![
        6 => place().prop_map(|p| format!("G0 {p}")),
        10 => (place(), 1_u32..4000).prop_map(|(p, f)| format!("G1 {p} F{f}.")),
        4 => (place(), 0_u32..1000).prop_map(|(p, s)| format!("G1 {p} S{s}")),
        2 => (number(), number()).prop_map(|(i, j)| format!("G2 I{i} J{j} F600.")),
        2 => number().prop_map(|z| format!("G1 Z{z} F100.")),
        1 => Just("G90".to_owned()),
        1 => Just("G91".to_owned()),
        1 => Just("G21".to_owned()),
        1 => Just("; a comment (of a kind)".to_owned()),
        1 => Just(String::new()),
        1 => place().prop_map(|p| format!("G92 {p}")),
        1 => Just("G28".to_owned()),
        1 => Just("G4 P1.5".to_owned()),
    ]
    .boxed()
}

/// Blocks of RS274: modal lines, several commands, offsets, spindle and coolant.
fn blocks() -> Lines {
    prop_oneof![
        8 => common(),
        4 => place(),
        2 => place().prop_map(|p| format!("G90 G54 G0 {p} M8")),
        2 => (place(), 1_u32..40).prop_map(|(p, r)| format!("G3 {p} R{r}.")),
        1 => number().prop_map(|v| format!("G10 L20 P2 X{v} Y0.")),
        1 => Just("M3 S900".to_owned()),
        1 => Just("M4 S200".to_owned()),
        1 => Just("M5".to_owned()),
        1 => Just("(in brackets)".to_owned()),
        1 => Just("N120 G55".to_owned()),
        1 => Just("/G0 Z5.".to_owned()),
        1 => Just("G20".to_owned()),
        1 => Just("G93 G1 X5. F10.".to_owned()),
        1 => Just("G94".to_owned()),
        1 => Just("G18 G2 X5. Z0. I2.5 F300.".to_owned()),
        1 => Just("G17".to_owned()),
        1 => Just("G53 G0 X1. Y1.".to_owned()),
        1 => Just("M0".to_owned()),
    ]
    .boxed()
}

fn expression() -> BoxedStrategy<String> {
    let leaf = prop_oneof![
        number(),
        (1_u32..12).prop_map(|n| format!("#{n}")),
        Just("#<size>".to_owned()),
        Just("#<_depth>".to_owned()),
        (0_u32..360).prop_map(|v| format!("sin[{v}]")),
    ];
    let op = prop_oneof![Just("+"), Just("-"), Just("*"), Just(" MOD "), Just(" GT ")];
    leaf.prop_recursive(3, 12, 2, move |inner| {
        (inner.clone(), op.clone(), inner).prop_map(|(a, op, b)| format!("[{a}{op}{b}]"))
    })
    .prop_map(|e| {
        if e.starts_with('[') {
            e
        } else {
            format!("[{e}]")
        }
    })
    .boxed()
}

/// A few lines with loops, calls, cycles, splines and polar words.
fn language() -> Lines {
    let loops = prop_oneof![
        (1_u32..5, 100_u32..110)
            .prop_map(|(n, o)| format!("o{o} repeat [{n}]\nG91 G0 X1.\nG90\no{o} endrepeat")),
        (1_u32..5, 110_u32..120).prop_map(|(n, o)| format!(
            "#1=0\no{o} while [#1 lt {n}]\n#1=[#1+1]\nG0 X#1 Y[#1*2]\no{o} endwhile"
        )),
        (expression(), 120_u32..130)
            .prop_map(|(e, o)| format!("o{o} if {e}\nG0 X1.\no{o} else\nG0 X2.\no{o} endif")),
        (expression(), 130_u32..140)
            .prop_map(|(e, o)| format!("o{o} sub\nG0 X#1\no{o} endsub\no{o} call {e}")),
        (140_u32..150).prop_map(|o| format!("o{o} do\n#2=[#2+1]\no{o} while [#2 lt 3]")),
    ];
    prop_oneof![
        8 => blocks(),
        3 => loops,
        3 => expression().prop_map(|e| format!("G0 X{e}")),
        2 => expression().prop_map(|e| format!("#<size>={e}")),
        1 => expression().prop_map(|e| format!("#<_depth>={e} #3={e}")),
        2 => (place(), 1_u32..4).prop_map(|(p, l)| format!("G91 G81 {p} Z-2. R1. L{l} F200.\nG80 G90")),
        1 => place().prop_map(|p| format!("G83 {p} Z-9. R1. Q2. F200.\nX5.\nG80")),
        1 => place().prop_map(|p| format!("G5 I1. J1. P-1. Q1. {p} F300.")),
        1 => place().prop_map(|p| format!("G5.1 I3. J2. {p} F300.")),
        1 => Just("G5.2 X0. Y1. P1. L3\nX2. Y2. P1.\nX3. Y0. P1.\nG5.3".to_owned()),
        1 => number().prop_map(|a| format!("G0 @5. ^{a}")),
        1 => Just("G2 X4. Y0. I2. J0. P3 F300.".to_owned()),
        1 => Just("G43 H2\nG49".to_owned()),
        1 => Just("G0 A90. B45.".to_owned()),
    ]
    .boxed()
}

/// What printers add.
fn printer() -> Lines {
    prop_oneof![
        8 => common(),
        6 => (place(), 1_i32..90).prop_map(|(p, e)| format!("G1 {p} E.{e:02}")),
        2 => Just("G92 E0".to_owned()),
        1 => Just("M82".to_owned()),
        1 => Just("M83".to_owned()),
        1 => Just("M104 S200".to_owned()),
        1 => Just("M109 S210".to_owned()),
        1 => Just("M106 S255".to_owned()),
        1 => Just("M117 any text; G0 X1".to_owned()),
        1 => Just("T1".to_owned()),
        1 => Just("M204 S500".to_owned()),
        1 => Just("M400".to_owned()),
        1 => Just("N7 G0 X3".to_owned()),
    ]
    .boxed()
}

/// Lines of a dialect.
fn line_of(dialect: &'static Dialect) -> Lines {
    let one = |text: &'static str| Just(text.to_owned()).boxed();
    match dialect.name {
        "grbl" => prop_oneof![9 => blocks(), 1 => one("$H"), 1 => one("$J=G91X1F100")].boxed(),
        "grblhal" => prop_oneof![9 => language(), 1 => one("$H"), 1 => one("[ESP420]")].boxed(),
        "linuxcnc" => prop_oneof![9 => language(), 1 => one("%"), 1 => one("M66 P0 L3 Q1")].boxed(),
        "fanuc" | "haas" => {
            prop_oneof![9 => language(), 1 => one("O1000 (PART)"), 1 => one("/2 G0 X1.")].boxed()
        }
        "klipper" => prop_oneof![
            9 => printer(),
            1 => one("SET_VELOCITY_LIMIT ACCEL=3000"),
            1 => one("START_PRINT BED=60"),
            1 => one("RESPOND MSG=\"a; b\""),
        ]
        .boxed(),
        "reprapfirmware" => prop_oneof![
            9 => printer(),
            1 => one("G1 X{var.x + 1} Y2"),
            1 => one("  while iterations < 3"),
            1 => one("M98 P\"a \"\" b.g\""),
            1 => one("M92 E420:420"),
        ]
        .boxed(),
        "smoothieware" => {
            prop_oneof![9 => printer(), 1 => one("fire 50"), 1 => one("G0 X1 (cut) Y2")].boxed()
        }
        _ => prop_oneof![
            9 => printer(),
            1 => one("M862.3 P \"MK3S\""),
            1 => one("G5 I1 J1 P-1 Q1 X5 Y5"),
            1 => one("M23 /file (2).gco"),
        ]
        .boxed(),
    }
}

/// A program, and the name of the dialect that it is for.
fn program() -> impl Strategy<Value = (&'static str, String)> {
    (0..Dialect::all().len()).prop_flat_map(|i| {
        let dialect = Dialect::all()[i];
        let lines = prop::collection::vec(line_of(dialect), 0..30);
        (lines, prop_oneof![Just("\n"), Just("\r\n"), Just("\r")]).prop_map(move |(lines, end)| {
            let text = lines.join("\n").replace('\n', end);
            (dialect.name, text)
        })
    })
}

/// A way to break a program at a place.
#[derive(Clone, Debug)]
enum Break {
    CutLine,
    Double,
    Drop,
    Put(Vec<u8>),
    SwapBrackets,
    JoinLines,
    Reverse,
}

fn breaks() -> impl Strategy<Value = Vec<(Break, Index)>> {
    let way = prop_oneof![
        1 => Just(Break::CutLine),
        3 => Just(Break::Double),
        3 => Just(Break::Drop),
        3 => prop::collection::vec(any::<u8>(), 1..4).prop_map(Break::Put),
        3 => "[-+.\\[\\]()#<>;*/%\"{}:$!~?@^'OGMXEN0-9 ]{1,4}".prop_map(|s| Break::Put(s.into())),
        1 => Just(Break::SwapBrackets),
        1 => Just(Break::JoinLines),
        1 => Just(Break::Reverse),
    ];
    prop::collection::vec((way, any::<Index>()), 1..8)
}

fn broken(text: &str, breaks: &[(Break, Index)]) -> Vec<u8> {
    let mut bytes = text.as_bytes().to_vec();
    for (way, index) in breaks {
        if bytes.is_empty() {
            break;
        }
        let at = index.index(bytes.len());
        let line_end = bytes[at..]
            .iter()
            .position(|b| *b == b'\n')
            .map_or(bytes.len(), |n| at + n);
        match way {
            Break::CutLine => drop(bytes.drain(at..line_end)),
            Break::Double => bytes.insert(at, bytes[at]),
            Break::Drop => drop(bytes.remove(at)),
            Break::Put(more) => drop(bytes.splice(at..at, more.iter().copied())),
            Break::SwapBrackets => {
                for b in &mut bytes[at..line_end] {
                    *b = match *b {
                        b'[' => b']',
                        b']' => b'[',
                        b'(' => b')',
                        b')' => b'(',
                        b => b,
                    };
                }
            }
            Break::JoinLines => drop(bytes.drain(line_end..(line_end + 1).min(bytes.len()))),
            Break::Reverse => bytes[at..line_end].reverse(),
        }
    }
    bytes
}

/// A program that a limit ends takes the ten million lines of the default limit
/// when it is read; these tests are about others.
fn ends(bytes: &[u8], dialect: &'static Dialect) -> bool {
    let source = Source::new(bytes.to_vec());
    let limits = RunLimits::default().with_lines(2_000);
    let how = Reading::from(dialect).with_limits(limits);
    let mut run = Run::new(&source, how);
    let mut ends = true;
    while let Some(done) = run.step() {
        let why = done.outcome.ignored;
        ends &= !matches!(why, Some(Ignored::Flow(FlowFaultKind::TooLong, _)));
        assert!(run.machine().position().is_finite());
    }
    ends
}

/// Everything that holds for any bytes.
fn check(bytes: &[u8], dialect: &str) -> Result<(), TestCaseError> {
    let dialect = Dialect::by_name(dialect).unwrap();
    let detected = Dialect::detect(bytes).dialect;
    prop_assert!(Dialect::all().iter().any(|d| d.name == detected.name));
    if !ends(bytes, dialect) {
        return Ok(());
    }
    laws::hold(bytes, dialect).map_err(TestCaseError::fail)?;
    let machine = preset("diode-laser").unwrap();
    let source = Source::new(bytes.to_vec());
    let whole = estimate(&source, dialect, &machine);
    prop_assert!(
        whole.seconds >= 0.0 && whole.seconds.is_finite(),
        "{whole:?}"
    );
    let (streamed, said) =
        estimate_stream(bytes, Some(dialect), RunLimits::default(), &machine).unwrap();
    prop_assert_eq!(format!("{:?}", streamed), format!("{:?}", whole));
    let found = gcode::read(bytes.to_vec(), dialect).diagnostics;
    for d in found.into_iter().chain(&said) {
        prop_assert!(
            d.line.is_none_or(|l| l as usize <= source.line_count()),
            "{d:?}"
        );
        prop_assert!(d.count as usize <= 20 * bytes.len() + 20, "{d:?}");
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn programs_of_every_dialect_obey_the_laws((dialect, text) in program()) {
        check(text.as_bytes(), dialect)?;
    }

    #[test]
    fn so_they_do_read_as_another(((_, text), i) in (program(), any::<Index>())) {
        check(text.as_bytes(), i.get(Dialect::all()).name)?;
    }

    #[test]
    fn broken_programs_obey_the_laws(((dialect, text), breaks) in (program(), breaks())) {
        check(&broken(&text, &breaks), dialect)?;
    }
}
