//! The quick way and the long way come to the same.

use super::super::super::dialect::Dialect;
use super::super::super::lex::Line;
use super::super::Interpreter;
use crate::motion::Command;
use proptest::prelude::*;

/// Two machines, one of which goes the long way only.
struct Pair {
    quick: Interpreter,
    long: Interpreter,
    line: Line,
    told: [Vec<Command>; 2],
}

impl Pair {
    fn new(dialect: &'static Dialect) -> Self {
        let mut long = Interpreter::new(dialect);
        long.set_quick(false);
        Self {
            quick: Interpreter::new(dialect),
            long,
            line: Line::default(),
            told: [Vec::new(), Vec::new()],
        }
    }

    /// Whether `text` is obeyed the quick way, and whatever differs.
    fn obey(&mut self, text: &str) -> (bool, Option<String>) {
        let bytes = text.as_bytes();
        self.line.lex(bytes, &self.quick.dialect().lexis);
        let [told, other] = &mut self.told;
        told.clear();
        other.clear();
        let mut probe = Interpreter::new(self.quick.dialect());
        probe.set_state(self.quick.modal(), self.quick.position());
        let plain = self.line.kind == super::super::Kind::Block
            && probe
                .plain_line(bytes, &self.line, &mut Vec::new())
                .is_some();
        let a = self.quick.execute(bytes, &self.line, told);
        let b = self.long.execute(bytes, &self.line, other);
        // All of the state, but for the way that it takes.
        self.long.set_quick(true);
        let one = format!("{a:?}\n{told:?}\n{:?}", self.quick);
        let two = format!("{b:?}\n{other:?}\n{:?}", self.long);
        self.long.set_quick(false);
        (plain, (one != two).then(|| format!("{text}\n{one}\n{two}")))
    }
}

fn number() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => (-90_000_i32..90_000).prop_map(|v| format!("{:.3}", f64::from(v) / 1000.0)),
        2 => (-99_i32..99).prop_map(|v| v.to_string()),
        1 => (0_u32..90).prop_map(|v| format!(".{v:02}")),
        1 => Just("0".to_owned()),
        1 => Just("-0".to_owned()),
    ]
}

/// Words of plain lines, and a few that make others of them.
fn word() -> impl Strategy<Value = String> {
    let with = |letters: &'static str| {
        let letter = prop::sample::select(letters.chars().collect::<Vec<_>>());
        (letter, number()).prop_map(|(l, n)| format!("{l}{n}"))
    };
    const ODD: &[&str] = &[
        "G2",
        "G53",
        "G90",
        "G4",
        "M3",
        "M5",
        "T1",
        "X[1+2]",
        "Y#1",
        "X1E5",
        "X",
        "X1e400",
        "G1.5",
        "G80",
        "(c)",
        "*7",
        "e3",
        "x2",
        "@3",
        "X999999999999999999999",
    ];
    const MODE: &[&str] = &["G0", "G1", "G00", "G01", "G1.", "N7", "N-1", "g1"];
    prop_oneof![
        10 => with("XYZ"),
        3 => with("E"),
        2 => with("FS"),
        1 => (1_u32..9000).prop_map(|f| format!("F{f}")),
        1 => with("ABCUVWIJKRPN"),
        4 => prop::sample::select(MODE).prop_map(str::to_owned),
        1 => prop::sample::select(ODD).prop_map(str::to_owned),
    ]
}

/// Lines that set the state in which plain ones come.
const STATES: &[&str] = &[
    "G1 F600",
    "G0",
    "G20",
    "G21",
    "G90",
    "G91",
    "M82",
    "M83",
    "G92 X1 Y2 E0",
    "G92.1",
    "G55",
    "G10 L2 P2 X5 Z-1",
    "G10 L2 P1 R30",
    "G93",
    "G94",
    "G95",
    "G7",
    "G8",
    "G41 D1",
    "G40",
    "M3 S500",
    "M4",
    "M5",
    "G38.2 X3",
    "G2 X1 Y1 R4",
    "G81 X1 Z-1 R1",
    "G98 G83 Z-1 R1 Q.5",
    "G80",
    "G90.1",
    "G5 I1 J1 P1 Q1 X2 Y2",
    "#1=3",
    "#5221=4",
    "A5",
    "G43.1 Z3",
    "G28",
    "M6 T2",
    "G52 X1",
    "M70",
    "M72",
    "G5.2 X1 Y1 P1 L3",
    "G10 L1 P1 Z3",
    "G43 H1",
    "%",
    "; comment",
    "",
];

fn line() -> impl Strategy<Value = String> {
    let words = prop::collection::vec(word(), 1..6);
    prop_oneof![
        6 => (words, any::<bool>(), prop::sample::select(&["", "G1 ", "G0 ", "N3 G1 "][..]))
            .prop_map(|(w, spaced, lead)| format!("{lead}{}", w.join(if spaced { " " } else { "" }))),
        2 => prop::sample::select(STATES).prop_map(str::to_owned),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn both_ways_come_to_the_same(
        which in 0..Dialect::all().len(),
        lines in prop::collection::vec(line(), 1..16),
    ) {
        let mut pair = Pair::new(Dialect::all()[which]);
        for text in lines {
            let (_, differs) = pair.obey(&text);
            prop_assert!(differs.is_none(), "{}", differs.unwrap_or_default());
        }
    }
}

#[test]
fn the_lines_of_long_programs_are_plain() {
    for (dialect, lines) in [
        (
            Dialect::GRBL,
            &["G1 X1 Y2 F600", "X3 S20", "Y4", "G0 X0", "X1 Y1"][..],
        ),
        (Dialect::LINUXCNC, &["N1 G1 X1 F600", "X3 Z-1", "G0 Z5"]),
        (
            Dialect::MARLIN,
            &[
                "G1 X1 Y2 E.5",
                "G1 F1200",
                "G1 E-.8 F2100",
                "G0 X9 Y9 F9000",
            ],
        ),
        (
            Dialect::KLIPPER,
            &["G1 X1 Y2 E.5", "G0 X9 Y9 F9000", "G1 Z.2"],
        ),
        (Dialect::SMOOTHIEWARE, &["G1 X1 Y2 E.5", "X3 S.5"]),
        (Dialect::REPRAPFIRMWARE, &["G1 X1 Y2 E.5", "G0 X1"]),
    ] {
        let mut pair = Pair::new(dialect);
        for text in lines {
            assert_eq!(pair.obey(text), (true, None), "{text} of {}", dialect.name);
        }
    }
}

#[test]
fn others_are_not() {
    for (dialect, lines) in [
        (
            Dialect::GRBL,
            &[
                "G1 X1 E2 F600",
                "X1 X2",
                "X1 (a) I2",
                "G1 X1",
                "S-1 X1",
                "F60",
            ][..],
        ),
        (Dialect::LINUXCNC, &["X[1]", "G53 X1", "A1", "N-3 X1"]),
        (Dialect::MARLIN, &["X1 G1", "X1", "G2 X1 I2", "G1 X1E5 G1"]),
        (Dialect::FANUC, &["G0 X1"]),
    ] {
        let mut pair = Pair::new(dialect);
        for text in lines {
            assert_eq!(pair.obey(text), (false, None), "{text} of {}", dialect.name);
        }
    }
}
