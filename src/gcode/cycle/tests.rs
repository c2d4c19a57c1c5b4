use super::*;
use std::fmt::Write;

/// Runs a program of cycles and writes its strokes: `R x y z` for a rapid, `F` for a
/// feed, `D` for a dwell, `M3`, `M4` and `M5`, `O` for orient, `M0` for the operator.
/// A fault ends it with `!`. G0 lines are written too.
///
/// The tool starts at (1, 2, 3) with M3, G17, G21, G90 and `to_level` false. Lines
/// are parted by `;`.
fn trace(program: &str, rules: Rules) -> String {
    let mut setting = Setting {
        plane: Plane::Xy,
        at: Point3::new(1.0, 2.0, 3.0),
        unit: 1.0,
        relative: false,
        to_level: false,
        spindle: SpindleMode::Constant,
        rules,
    };
    let mut sticky = Sticky::default();
    let mut kind = None;
    let mut text = String::new();
    for line in program.split(';') {
        let mut words = Words::default();
        let mut any = false;
        for word in line.split_whitespace() {
            let (letter, number) = word.split_at(1);
            let value: f64 = number.parse().unwrap();
            let letter = letter.as_bytes()[0];
            match (letter, number) {
                (b'G', "17") => setting.plane = Plane::Xy,
                (b'G', "18") => setting.plane = Plane::Zx,
                (b'G', "19") => setting.plane = Plane::Yz,
                (b'G', "20") => setting.unit = 25.4,
                (b'G', "21") => setting.unit = 1.0,
                (b'G', "90" | "91") => setting.relative = number == "91",
                (b'G', "98" | "99") => setting.to_level = number == "98",
                (b'G', "0" | "80") => {
                    kind = None;
                    sticky.leave();
                }
                (b'G', n) => kind = Some(Kind::of_g(n.parse().unwrap()).unwrap()),
                (b'M', "3") => setting.spindle = SpindleMode::Constant,
                (b'M', "4") => setting.spindle = SpindleMode::Dynamic,
                (b'M', "5") => setting.spindle = SpindleMode::Off,
                (l, _) if l == rules.repeats => words.repeats = Some(value),
                (b'X'..=b'Z', _) => words.axes[usize::from(letter - b'X')] = Some(value),
                (b'I'..=b'K', _) => words.offsets[usize::from(letter - b'I')] = Some(value),
                (b'@', _) => words.polar.radius = Some(value),
                (b'^', _) => words.polar.angle = Some(value.to_radians()),
                (b'R', _) => words.clear = Some(value),
                (b'Q', _) => words.peck = Some(value),
                (b'P', _) => words.dwell = Some(value),
                _ => panic!("{word}"),
            }
            any |= !matches!(letter, b'G' | b'M');
        }
        let Some(kind) = kind else {
            let mut at = setting.at.to_array();
            for (at, word) in at.iter_mut().zip(words.axes) {
                *at = word.map_or(*at, |w| w * setting.unit);
            }
            setting.at = at.into();
            if any {
                write_stroke(Stroke::Rapid(setting.at), &mut text);
            }
            continue;
        };
        if !any {
            continue;
        }
        let mut strokes = Vec::new();
        let end = resolve(kind, &words, &setting, &mut sticky)
            .and_then(|cycle| unfold(&cycle, 10_000, &mut strokes));
        for stroke in strokes {
            write_stroke(stroke, &mut text);
        }
        match end {
            Ok(end) => setting.at = end,
            Err(fault) => {
                write!(text, "!{fault:?}").unwrap();
                break;
            }
        }
    }
    text.trim_end_matches(' ')
        .trim_end_matches('|')
        .trim()
        .to_owned()
}

fn write_stroke(stroke: Stroke, text: &mut String) {
    let number = |v: f64| {
        let v = (v * 1e3).round() / 1e3;
        format!("{}", if v == 0.0 { 0.0 } else { v })
    };
    let place = |p: Point3| p.to_array().map(number).join(" ");
    let step = match stroke {
        Stroke::Rapid(p) => format!("R {}", place(p)),
        Stroke::Feed(p) => format!("F {}", place(p)),
        Stroke::Dwell(s) => format!("D {}", number(s)),
        Stroke::Spindle(SpindleMode::Off) => "M5".to_owned(),
        Stroke::Spindle(SpindleMode::Constant) => "M3".to_owned(),
        Stroke::Spindle(SpindleMode::Dynamic) => "M4".to_owned(),
        Stroke::Orient => "O".to_owned(),
        Stroke::Operator => "M0".to_owned(),
    };
    write!(text, "{step} | ").unwrap();
}

/// Programs and the moves that LinuxCNC 2.9's interpreter makes of them, without those
/// of no length.
const LINUXCNC: &[(&str, &str)] = &[
    (
        "G81 X4 Y5 Z1.5 R2.8",
        "R 4 5 3 | R 4 5 2.8 | F 4 5 1.5 | R 4 5 2.8",
    ),
    (
        "G98 G81 X4 Y5 Z1.5 R2.8;X7",
        "R 4 5 3 | R 4 5 2.8 | F 4 5 1.5 | R 4 5 3 | R 7 5 3 | R 7 5 2.8 | F 7 5 1.5 | \
         R 7 5 3",
    ),
    (
        "G82 X4 Y5 Z1 R2 P0.5;X5 P0;X6",
        "R 4 5 3 | R 4 5 2 | F 4 5 1 | D 0.5 | R 4 5 2 | R 5 5 2 | F 5 5 1 | D 0 | \
         R 5 5 2 | R 6 5 2 | F 6 5 1 | D 0 | R 6 5 2",
    ),
    (
        "G83 X4 Y5 Z0 R2 Q0.75",
        "R 4 5 3 | R 4 5 2 | F 4 5 1.25 | R 4 5 2 | R 4 5 1.504 | F 4 5 0.5 | R 4 5 2 | \
         R 4 5 0.754 | F 4 5 0 | R 4 5 2",
    ),
    (
        "G83 X4 Y5 Z1.75 R2 Q0.125",
        "R 4 5 3 | R 4 5 2 | F 4 5 1.875 | R 4 5 2 | R 4 5 2.129 | F 4 5 1.75 | R 4 5 2",
    ),
    (
        "G73 X4 Y5 Z0 R2 Q0.75",
        "R 4 5 3 | R 4 5 2 | F 4 5 1.25 | R 4 5 1.504 | F 4 5 0.5 | R 4 5 0.754 | \
         F 4 5 0 | R 4 5 2",
    ),
    (
        "G98 G84 X4 Y5 Z0 R2 P1 L2",
        "R 4 5 3 | R 4 5 2 | F 4 5 0 | M5 | M4 | D 1 | F 4 5 3 | M5 | M3 | R 4 5 2 | \
         F 4 5 0 | M5 | M4 | D 1 | F 4 5 3 | M5 | M3",
    ),
    (
        "M4;G74 X4 Y5 Z0 R2",
        "R 4 5 3 | R 4 5 2 | F 4 5 0 | M5 | M3 | D 0 | F 4 5 2 | M5 | M4",
    ),
    (
        "G82 X4 Z1 R2 P0.75;G84 X5 Z1 R2",
        "R 4 2 3 | R 4 2 2 | F 4 2 1 | D 0.75 | R 4 2 2 | R 5 2 2 | F 5 2 1 | M5 | M4 | \
         D 0.75 | F 5 2 2 | M5 | M3",
    ),
    (
        "G98 G85 X4 Y5 Z0 R2",
        "R 4 5 3 | R 4 5 2 | F 4 5 0 | F 4 5 2 | R 4 5 3",
    ),
    (
        "G86 X4 Y5 Z0 R2 P0.5",
        "R 4 5 3 | R 4 5 2 | F 4 5 0 | D 0.5 | M5 | R 4 5 2 | M3",
    ),
    (
        "G87 X4 Y5 Z0 R2 I0.25 J0.5 K1;X5 K0.5",
        "R 4 5 3 | R 4 5 2 | R 4.25 5.5 2 | M5 | O | R 4.25 5.5 0 | R 4 5 0 | M3 | \
         F 4 5 1 | F 4 5 0 | M5 | O | R 4.25 5.5 0 | R 4.25 5.5 2 | R 4 5 2 | M3 | \
         R 5 5 2 | R 5.25 5.5 2 | M5 | O | R 5.25 5.5 0 | R 5 5 0 | M3 | F 5 5 0.5 | \
         F 5 5 0 | M5 | O | R 5.25 5.5 0 | R 5.25 5.5 2 | R 5 5 2 | M3",
    ),
    (
        "G91 G87 X4 Y5 Z-2 R-1 I0.25 J0.5 K1",
        "R 5 7 3 | R 5 7 2 | R 5.25 7.5 2 | M5 | O | R 5.25 7.5 0 | R 5 7 0 | M3 | \
         F 5 7 1 | F 5 7 0 | M5 | O | R 5.25 7.5 0 | R 5.25 7.5 2 | R 5 7 2 | M3",
    ),
    (
        "G18 G98 G87 X4 Z5 Y0 R1.5 I0.25 J1 K0.5",
        "R 4 2 5 | R 4 1.5 5 | R 4.25 1.5 5.5 | M5 | O | R 4.25 0 5.5 | R 4 0 5 | M3 | \
         F 4 1 5 | F 4 0 5 | M5 | O | R 4.25 0 5.5 | R 4.25 2 5.5 | R 4 2 5 | M3",
    ),
    (
        "G88 X4 Y5 Z0 R2 P0.5 L2",
        "R 4 5 3 | R 4 5 2 | F 4 5 0 | D 0.5 | M5 | M0 | M3 | R 4 5 2 | F 4 5 0 | D 0.5 | \
         M5 | M0 | M3",
    ),
    (
        "G98 G89 X4 Y5 Z0 R2 P0.5",
        "R 4 5 3 | R 4 5 2 | F 4 5 0 | D 0.5 | F 4 5 3",
    ),
    ("G81 Z1 R2", "R 1 2 2 | F 1 2 1 | R 1 2 2"),
    (
        "G81 X4 Z1 R2;Z0.5;Y7 R1",
        "R 4 2 3 | R 4 2 2 | F 4 2 1 | R 4 2 2 | F 4 2 0.5 | R 4 2 2 | R 4 7 2 | \
         R 4 7 1 | F 4 7 0.5 | R 4 7 1",
    ),
    (
        "G81 X4 Z1 R2 L2;X5",
        "R 4 2 3 | R 4 2 2 | F 4 2 1 | R 4 2 2 | F 4 2 1 | R 4 2 2 | R 5 2 2 | F 5 2 1 | \
         R 5 2 2",
    ),
    (
        "G91 G81 X4 Y1 Z-1 R2 L3",
        "R 1 2 5 | R 5 3 5 | F 5 3 4 | R 5 3 5 | R 9 4 5 | F 9 4 4 | R 9 4 5 | R 13 5 5 | \
         F 13 5 4 | R 13 5 5",
    ),
    (
        "G91 G81 G98 X4 Y1 Z-1 R-1 L2;X1",
        "R 5 3 3 | R 5 3 2 | F 5 3 1 | R 5 3 3 | R 9 4 3 | R 9 4 2 | F 9 4 1 | R 9 4 3 | \
         R 10 4 3 | R 10 4 2 | F 10 4 1 | R 10 4 3",
    ),
    (
        "G91 G81 G99 X4 Y1 Z-1 R-1 L2;X1",
        "R 5 3 3 | R 5 3 2 | F 5 3 1 | R 5 3 2 | R 9 4 2 | F 9 4 1 | R 9 4 2 | R 10 4 2 | \
         F 10 4 1 | R 10 4 2",
    ),
    (
        "G99 G81 X4 Z-1 R5;X5",
        "R 1 2 5 | R 4 2 5 | F 4 2 -1 | R 4 2 5 | R 5 2 5 | F 5 2 -1 | R 5 2 5",
    ),
    (
        "G98 G81 X4 Z-1 R5;X5 R4",
        "R 1 2 5 | R 4 2 5 | F 4 2 -1 | R 4 2 5 | R 4 2 4 | R 5 2 4 | F 5 2 -1 | \
         R 5 2 4",
    ),
    (
        "G98 G81 X4 Z1 R2;G0 Z9;G81 X5 Z1 R2",
        "R 4 2 3 | R 4 2 2 | F 4 2 1 | R 4 2 3 | R 4 2 9 | R 5 2 9 | R 5 2 2 | F 5 2 1 | \
         R 5 2 9",
    ),
    (
        "G99 G81 X4 Z-1 R2;G98 X5",
        "R 4 2 3 | R 4 2 2 | F 4 2 -1 | R 4 2 2 | R 5 2 3 | R 5 2 2 | F 5 2 -1 | \
         R 5 2 3",
    ),
    (
        "G99 G81 X4 Z-1 R2;G0 X9;G98 G81 X5 Z-1 R2",
        "R 4 2 3 | R 4 2 2 | F 4 2 -1 | R 4 2 2 | R 9 2 2 | R 5 2 2 | F 5 2 -1 | \
         R 5 2 2",
    ),
    (
        "G99 G81 X4 Z1 R2;G98 G82 X5 Z0 R1 P1",
        "R 4 2 3 | R 4 2 2 | F 4 2 1 | R 4 2 2 | R 5 2 2 | R 5 2 1 | F 5 2 0 | D 1 | \
         R 5 2 3",
    ),
    (
        "G18 G81 X4 Z5 Y1 R1.5",
        "R 4 2 5 | R 4 1.5 5 | F 4 1 5 | R 4 1.5 5",
    ),
    (
        "G19 G81 X0 Y4 Z5 R0.5",
        "R 1 4 5 | R 0.5 4 5 | F 0 4 5 | R 0.5 4 5",
    ),
    (
        "G91 G18 G81 X4 Z5 Y-1 R-0.5 L2",
        "R 5 2 8 | R 5 1.5 8 | F 5 0.5 8 | R 5 1.5 8 | R 9 1.5 13 | F 9 0.5 13 | \
         R 9 1.5 13",
    ),
    (
        "G91 G19 G83 X-1 Y4 Z5 R-0.5 Q0.5",
        "R 1 6 8 | R 0.5 6 8 | F 0 6 8 | R 0.5 6 8 | R 0.254 6 8 | F -0.5 6 8 | \
         R 0.5 6 8",
    ),
    (
        "G81 X4 Z1 R2;G18 X5 Y1",
        "R 4 2 3 | R 4 2 2 | F 4 2 1 | R 4 2 2 | R 5 2 2 | F 5 1 2 | R 5 2 2",
    ),
    (
        "G81 X4 Z1 R2;G91 X1 Z-1",
        "R 4 2 3 | R 4 2 2 | F 4 2 1 | R 4 2 2 | R 4 2 5 | R 5 2 5 | F 5 2 4 | R 5 2 5",
    ),
    (
        "G91 G81 X4 Z-1 R-1;G90 X1",
        "R 5 2 3 | R 5 2 2 | F 5 2 1 | R 5 2 2 | R 1 2 2 | R 1 2 -1",
    ),
    ("G81 @5 ^90 Z1 R2", "R 0 5 3 | R 0 5 2 | F 0 5 1 | R 0 5 2"),
    (
        "G91 G81 @5 Z-1 R-1 L2",
        "R 3.236 6.472 3 | R 3.236 6.472 2 | F 3.236 6.472 1 | R 3.236 6.472 2 | \
         R 5.472 10.944 2 | F 5.472 10.944 1 | R 5.472 10.944 2",
    ),
    (
        "G91 G81 @1 ^10 Z-1 R-1 L3",
        "R 0.923 3.102 3 | R 0.923 3.102 2 | F 0.923 3.102 1 | R 0.923 3.102 2 | \
         R 0.484 4.208 2 | F 0.484 4.208 1 | R 0.484 4.208 2 | R -0.314 5.227 2 | \
         F -0.314 5.227 1 | R -0.314 5.227 2",
    ),
    (
        "G0 Z-2;G81 X4 Z-3 R-1",
        "R 1 2 -2 | R 1 2 -1 | R 4 2 -1 | F 4 2 -3 | R 4 2 -1",
    ),
    // After G20 the kept numbers are inches, the level too.
    (
        "G98 G81 X4 Z1 R2;G20 X0.5",
        "R 4 2 3 | R 4 2 2 | F 4 2 1 | R 4 2 3 | R 12.7 2 76.2 | R 12.7 2 50.8 | \
         F 12.7 2 25.4 | R 12.7 2 76.2",
    ),
];

#[test]
fn moves_are_those_of_linuxcnc() {
    for &(program, moves) in LINUXCNC {
        assert_eq!(trace(program, Rules::LINUXCNC), moves, "{program}");
    }
}

#[test]
fn faults_are_those_of_linuxcnc() {
    const CASES: &[(&str, &str)] = &[
        ("G81 R2", "NoAxis"),
        ("G81 X4 Z1 R2;G82 X5 P1", "Missing(90)"),
        ("G81 X4 Y5 Z1", "Missing(82)"),
        ("G81 X4 Y5 R2", "Missing(90)"),
        ("G18 G81 X4 Z5 R1.5", "Missing(89)"),
        ("G19 G81 Y4 Z5 R1.5", "Missing(88)"),
        ("G81 X4 Z1 R2;G0;G81 X5 Z1", "Missing(82)"),
        ("G81 X4 Z1 R2;G80;G81 X5", "Missing(90)"),
        ("G81 X4 Y5 Z3 R2", "ClearBelowBottom"),
        ("G81 X4 Z1 R2;G91 X1", "ClearBelowBottom"),
        ("G83 X4 Z0 R2", "Missing(81)"),
        ("G83 X4 Z0 R2 Q0", "Peck"),
        ("G83 X4 Z1 R2 Q1;G73 X5 Z1 R2", "Missing(81)"),
        ("G82 X4 Z0 R2", "Missing(80)"),
        ("G82 X4 Z1 R2 P1;G86 X5 Z1 R2", "Missing(80)"),
        ("G82 X4 Z1 R2 P1;G0 X0;G82 X5 Z1 R2", "Missing(80)"),
        ("G82 X4 Z1 R2 P-2", "Dwell"),
        ("G87 X4 Z0 R2 I1 J2", "Missing(75)"),
        ("G87 X4 Z0 R2 I1 K2", "Missing(74)"),
        ("G81 X4 Z1 R2 L0", "Repeats"),
        ("G81 X4 Z1 R2 L-1", "Repeats"),
        ("G81 X4 Z1 R2 L1.5", "Repeats"),
        ("M5;G84 X4 Z0 R2", "SpindleStopped"),
        ("M5;G86 X4 Z0 R2 P1", "SpindleStopped"),
        ("M5;G87 X4 Z0 R2 I1 J1 K1", "SpindleStopped"),
        ("M5;G88 X4 Z0 R2 P1", "SpindleStopped"),
        ("M4;G84 X4 Z0 R2", "SpindleDirection"),
        ("G74 X4 Z0 R2", "SpindleDirection"),
        ("G81 @1 X4 Z0 R2", "Polar(WithAxis)"),
        ("G18 G81 @1 Y-4 R2", "Polar(WithAxis)"),
        ("G18 G81 X1 Y-4 R2;@1", "Polar(Plane)"),
    ];
    for &(program, fault) in CASES {
        let trace = trace(program, Rules::LINUXCNC);
        let got = trace.rsplit('!').next().unwrap();
        assert_eq!(got, fault, "{program}");
    }
}

#[test]
fn a_fault_leaves_the_kept_words() {
    let setting = Setting {
        plane: Plane::Xy,
        at: Point3::default(),
        unit: 1.0,
        relative: false,
        to_level: true,
        spindle: SpindleMode::Off,
        rules: Rules::LINUXCNC,
    };
    let words = Words {
        axes: [Some(1.0), None, Some(-1.0)],
        clear: Some(-2.0),
        ..Words::default()
    };
    let mut sticky = Sticky::default();
    let fault = resolve(Kind::Drill, &words, &setting, &mut sticky);
    assert_eq!(fault, Err(Fault::ClearBelowBottom));
    assert_eq!(sticky, Sticky::default());
}

#[test]
fn what_would_fill_memory_is_refused_whole() {
    for program in [
        "G81 X4 Z1 R2 L4000000000",
        "G83 X4 Z-1000 R2 Q0.0000001",
        "G83 X4 Z-1e300 R2 Q1",
        "G91 G81 X1e99 Z-1 R2 L99999999",
    ] {
        let trace = trace(program, Rules::LINUXCNC);
        assert!(
            matches!(&trace[..], "!TooMany" | "!Range"),
            "{program}: {trace}"
        );
    }
    assert_eq!(trace("G81 X1e200 Z1 R2", Rules::LINUXCNC), "!Range");
}

#[test]
fn inches_round_to_no_stray_moves() {
    assert_eq!(
        trace("G20 G98 G81 X1 Z-1 R0.1;X2", Rules::LINUXCNC),
        "R 25.4 2 3 | R 25.4 2 2.54 | F 25.4 2 -25.4 | R 25.4 2 3 | R 50.8 2 3 | \
         R 50.8 2 2.54 | F 50.8 2 -25.4 | R 50.8 2 3"
    );
}

/// The peck's rest after the cuts is rounding, not a cut.
#[test]
fn cuts_that_add_up_leave_no_rest() {
    let trace = trace("G73 X1 Y2 Z-0.6 R4.9 Q1.1", Rules::LINUXCNC);
    assert_eq!(trace.matches('F').count(), 5);
    assert!(trace.ends_with("F 1 2 -0.6 | R 1 2 4.9"), "{trace}");
}

#[test]
fn fanuc_keeps_words_from_cycle_to_cycle() {
    const CASES: &[(&str, &str)] = &[
        // K0 keeps the words; G82 takes the depth and R of G81 and does not dwell.
        (
            "G98 G81 X4 Z1 R2 K0;X5;G82 X6",
            "R 5 2 3 | R 5 2 2 | F 5 2 1 | R 5 2 3 | R 6 2 3 | R 6 2 2 | F 6 2 1 | R 6 2 3",
        ),
        // The sign of Q is nothing; 1 mm above the last cut.
        (
            "G99 G83 X4 Z0 R2 Q-1.5",
            "R 4 2 3 | R 4 2 2 | F 4 2 0.5 | R 4 2 2 | R 4 2 1.5 | F 4 2 0 | R 4 2 2",
        ),
        // A tap feeds out to R and starts the spindle itself.
        (
            "M5;G98 G84 X4 Z0 R2 P1",
            "R 4 2 3 | R 4 2 2 | F 4 2 0 | M5 | M4 | D 1 | F 4 2 2 | M5 | M3 | R 4 2 3",
        ),
        // After the operator, up.
        (
            "G98 G88 X4 Z0 R2",
            "R 4 2 3 | R 4 2 2 | F 4 2 0 | M5 | M0 | M3 | R 4 2 3",
        ),
        ("G87 X4 Z0 R2 Q1", "!Unknown"),
        (
            "G81 X4 Z0 R2;G80;G81 X5",
            "R 4 2 3 | R 4 2 2 | F 4 2 0 | R 4 2 2 | !Missing(90)",
        ),
    ];
    for &(program, moves) in CASES {
        assert_eq!(trace(program, Rules::FANUC), moves, "{program}");
    }
}

#[test]
fn haas_pecks_shrink_to_the_least() {
    // Cuts of 3, 2, 1.5 and 1.5 reach 8, the rest is 1.
    assert_eq!(
        trace("G99 G73 X4 Z-7 R2 I3 J1 K1.5 P2 L1", Rules::HAAS),
        "R 4 2 3 | R 4 2 2 | F 4 2 -1 | R 4 2 0.27 | F 4 2 -3 | R 4 2 -1.73 | \
         F 4 2 -4.5 | R 4 2 -3.23 | F 4 2 -6 | R 4 2 -4.73 | F 4 2 -7 | D 2 | R 4 2 2"
    );
    assert_eq!(trace("G83 X4 Z-7 R2 I3 J1 K0", Rules::HAAS), "!Peck");
}
