//! Prints: they stay as they are but where arcs are asked for, and then only lines
//! that lay filament become others; the filament is the same to the last decimal.

use proptest::prelude::*;
use std::f64::consts::TAU;
use std::fmt::Write;
use trajet::gcode::{self, Dialect, EmitOptions, Program};
use trajet::job::{Job, OpenOptions, OptimizeOptions};
use trajet::machine::{ArcFormat, ArcSupport, Corners, Firmware, preset};
use trajet::pass::{ArcFit, Context, Fitting, Objective, Overlaps, Pass};
use trajet::toolpath::{Path, Step, verify_written};

const TOLERANCE: f64 = 0.025;
/// Filament to the mm.
const FED: f64 = 0.033;
const PRINTERS: [&Dialect; 4] = [
    Dialect::MARLIN,
    Dialect::KLIPPER,
    Dialect::SMOOTHIEWARE,
    Dialect::REPRAPFIRMWARE,
];

fn read(text: &str, dialect: &'static Dialect) -> Program {
    gcode::read(text.into(), dialect)
}

/// With arcs where there may be some.
fn fitted(program: &Program) -> String {
    fitted_as(program, Context::default(), ArcFormat::Center)
}

/// The same with arcs in a format, on the machine of a context.
fn fitted_as(program: &Program, mut context: Context, format: ArcFormat) -> String {
    let mut after = program.toolpath.clone();
    let pass = ArcFit::new(Fitting::default().with_tolerance(TOLERANCE));
    let _ = pass.run(&mut after, &mut context).unwrap();
    let options = EmitOptions::default().with_arc_format(format);
    let out = gcode::emit(program, &after, &options).unwrap();
    let written = gcode::read(out.clone(), program.dialect).toolpath;
    let _ = verify_written(&program.toolpath, &after, &written, TOLERANCE + 1e-3).unwrap();
    String::from_utf8(out).unwrap()
}

/// A ring of lines, at `(x, y)`, E relative with five decimals.
fn ring(x: f64, y: f64, r: f64, count: u32) -> String {
    let mut out = String::new();
    let at = |i: u32| {
        let (s, c) = (TAU * f64::from(i) / f64::from(count)).sin_cos();
        (x + r * c, y + r * s)
    };
    let (x, y) = at(0);
    writeln!(out, "G1 X{x:.3} Y{y:.3} F9000\nG1 F1200").unwrap();
    for i in 1..=count {
        let (x, y) = at(i);
        let e = FED * TAU * r / f64::from(count);
        writeln!(out, "G1 X{x:.3} Y{y:.3} E{e:.5}").unwrap();
    }
    out
}

const HEAD: &str = "G21\nG90\nM83\nG1 Z0.2 F720\n";

fn layer() -> String {
    let (a, b) = (ring(50.0, 50.0, 10.0, 60), ring(90.0, 50.0, 4.0, 40));
    format!("{HEAD};TYPE:Perimeter\n{a}G1 E-0.8 F2100\n;TYPE:Infill\nM204 S800\n{b}M104 S0\n")
}

/// What is fed in all, in units of the last decimal but nine, E relative.
fn fed(text: &str) -> i64 {
    let words = text.lines().filter(|l| l.starts_with('G'));
    let e = words.filter_map(|l| l.split(" E").nth(1));
    e.map(|e| {
        let e = e.split(' ').next().unwrap();
        (e.parse::<f64>().unwrap() * 1e5).round() as i64
    })
    .sum()
}

#[test]
fn rings_become_circles_and_all_else_stays() {
    for dialect in PRINTERS {
        let text = layer();
        let program = read(&text, dialect);
        let prints: Vec<&Path> = program.toolpath.paths().collect();
        assert_eq!(prints.len(), 2, "{}", dialect.name);
        for path in prints {
            let how = (path.printed, path.pinned, path.whole);
            assert_eq!(how, (true, true, false), "{}", dialect.name);
        }
        let out = fitted(&program);
        let arcs = out.lines().filter(|l| l.starts_with("G3 ")).count();
        assert_eq!(arcs, 2, "{}\n{out}", dialect.name);
        assert_eq!(fed(&out), fed(&text));
        let others = |text: &str| -> Vec<String> {
            let lays = |l: &&str| l.starts_with('G') && l.contains(" X") && l.contains(" E");
            text.lines()
                .filter(|l| !lays(l))
                .map(str::to_owned)
                .collect()
        };
        assert_eq!(others(&out), others(&text));
        // Nothing is left to do.
        assert_eq!(fitted(&read(&out, dialect)), out);
    }
}

#[test]
fn words_of_straight_moves_that_are_not_known_here_keep_their_lines() {
    // To RepRapFirmware R is a place to count from.
    for word in [" R1", " I1", " J0"] {
        let turned = |l: &str| {
            let lays = l.contains(" E0.");
            format!("{l}{}\n", if lays { word } else { "" })
        };
        let text: String = layer().lines().map(turned).collect();
        let program = read(&text, Dialect::REPRAPFIRMWARE);
        assert_eq!(fitted(&program), text);
    }
}

#[test]
fn arcs_may_be_written_with_their_radius() {
    let mut machine = preset("prusa-mk3s").unwrap();
    if let Firmware::Marlin(marlin) = &mut machine.firmware {
        // No corner of a ring costs time, be it of lines or of the pieces of arcs.
        marlin.corners = Corners::Deviation(1.0);
    }
    machine.arcs = Some(ArcSupport::default().with_format(ArcFormat::Radius));
    let text = layer();
    let program = read(&text, Dialect::MARLIN);
    let context = Context {
        objective: Objective::Time(Box::new(machine)),
        ..Context::default()
    };
    let out = fitted_as(&program, context, ArcFormat::Radius);
    // A turn in thirds, and a small one whose lines take less time.
    let arcs = out.lines().filter(|l| l.starts_with("G3 ")).count();
    assert_eq!(arcs, 3, "{out}");
    let in_format = |l: &str| l.contains(" R") && !l.contains(['I', 'J']);
    assert!(out.lines().filter(|l| l.starts_with("G3 ")).all(in_format));
    assert_eq!(fed(&out), fed(&text));
}

#[test]
fn a_ring_with_a_gap_is_no_circle() {
    // As slicers leave it at a seam.
    let ring = ring(50.0, 50.0, 10.0, 90);
    let (open, _) = ring.rsplit_once("G1 ").unwrap();
    let text = format!("{HEAD}{open}G1 X59.999 Y49.850 E0.01810\n");
    let out = fitted(&read(&text, Dialect::MARLIN));
    let last = out.lines().last().unwrap();
    assert!(last.starts_with("G3 X59.999 Y49.85"), "{out}");
    assert!(out.lines().count() <= HEAD.lines().count() + 4, "{out}");
    assert_eq!(fed(&out), fed(&text));
}

#[test]
fn how_the_source_writes_is_how_arcs_are_written() {
    let lines = |head: &str, line: &dyn Fn(u32, f64, f64) -> String| {
        let mut text = format!("G90\n{head}\nG1 X10 Y0 Z0.3 F3000\n");
        for i in 1..=10 {
            let (s, c) = (f64::from(i) * 0.1).sin_cos();
            text += &line(i, 10.0 * c, 10.0 * s);
        }
        fitted(&read(&text, Dialect::MARLIN))
    };
    // Without the centre, which has some freedom.
    let last = |text: String| -> String {
        let words = text.lines().last().unwrap().split(' ');
        let (centre, others): (Vec<&str>, _) = words.partition(|w| w.starts_with(['I', 'J']));
        assert!(
            centre[0].starts_with("I-9.9") || centre[0].starts_with("I-10."),
            "{text}"
        );
        let zero = ["J0.0", "J-0.0"].iter().any(|z| centre[1].starts_with(z));
        assert_eq!(
            zero,
            text.contains(" E0.") || text.contains(" E7."),
            "{text}"
        );
        others.join(" ")
    };
    // Zeros before the point as in the source; the sum of what is fed.
    let bare = lines("M83", &|_, x, y| format!("G1 X{x:.3} Y{y:.3} E.0331\n"));
    assert_eq!(last(bare), "G3 X5.403 Y8.415 E.331");
    let full = lines("M83", &|_, x, y| format!("G1 X{x:.3} Y{y:.3} E0.0331\n"));
    assert_eq!(last(full), "G3 X5.403 Y8.415 E0.331");
    // Absolute: the last word, to the last zero.
    let absolute = lines("M82\nG92 E7", &|i, x, y| {
        format!("G1 X{x:.3} Y{y:.3} E{:.5}\n", 7.0 + 0.033 * f64::from(i))
    });
    assert_eq!(last(absolute), "G3 X5.403 Y8.415 E7.33000");
    // The feed stays where it stands on the lines, and so does the end of lines.
    let crlf = lines("M83\r", &|_, x, y| {
        format!("G1 X{x:.3} Y{y:.3} E.0331 F1200\r\n")
    });
    assert!(crlf.ends_with("E.331 F1200\n"), "{crlf}");
}

#[test]
fn what_stands_between_lines_ends_the_arc() {
    let ring = ring(50.0, 50.0, 10.0, 60);
    let lines: Vec<&str> = ring.lines().collect();
    for between in [
        ";TYPE:External perimeter",
        "; anything",
        "",
        "M73 P5 R10",
        "M204 S500",
        "G1 F1500",
        "G1 E-.5 F2100",
        "G4 P10",
        "G92 E0",
        "M117 hello",
        "M221 S95",
    ] {
        let mut with = lines.clone();
        with.insert(30, between);
        let out = fitted(&read(
            &format!("{HEAD}{}\n", with.join("\n")),
            Dialect::MARLIN,
        ));
        let all: Vec<&str> = out.lines().collect();
        let at = all.iter().rposition(|l| *l == between).unwrap();
        let [before, after] = [at - 1, at + 1].map(|i| &all[i][..3]);
        assert_eq!((before, after), ("G3 ", "G3 "), "{between}\n{out}");
        assert_eq!(all.len(), HEAD.lines().count() + 5, "{out}");
    }
}

#[test]
fn what_is_not_plain_stays() {
    let ring = |line: &dyn Fn(&str) -> String| -> String {
        let ring = ring(50.0, 50.0, 10.0, 60);
        ring.lines().map(|l| line(l) + "\n").collect()
    };
    let cases = [
        ("G91\nM83\n", ring(&str::to_owned)),
        ("G90\nG20\nM83\n", ring(&str::to_owned)),
        ("G90\nM83\n", ring(&|l| format!("{l} ; wall"))),
        ("G90\nM83\n", ring(&|l| format!("{l} S5"))),
        ("G90\nM83\n", ring(&|l| format!("{l} Z0.3"))),
        ("G90\nM83\n", ring(&|l| l.replace(" E0", " E-0"))),
        ("G90\nM83\nG18\n", ring(&str::to_owned)),
        ("G90\nM83\nG93\nF9000", ring(&str::to_owned)),
    ];
    for (head, rest) in cases {
        let text = format!("{head}G1 X60 Y50 F3000\n{rest}");
        assert_eq!(fitted(&read(&text, Dialect::MARLIN)), text);
    }
}

#[test]
fn a_line_that_goes_on_in_the_mode_keeps_the_lines_before_it() {
    for dialect in [Dialect::SMOOTHIEWARE, Dialect::REPRAPFIRMWARE] {
        let ring = ring(50.0, 50.0, 10.0, 60);
        let text = format!("{HEAD}{ring}X70 Y50 E.2\n{ring}G1 X70\n");
        let out = fitted(&read(&text, dialect));
        let (kept, rest) = out.split_once("X70 Y50 E.2\n").unwrap();
        assert!(text.starts_with(kept), "{out}");
        assert!(rest.lines().count() < 5, "{out}");
    }
}

#[test]
fn all_other_passes_leave_prints_alone() {
    for dialect in PRINTERS {
        let text = format!("{}{}", layer(), layer());
        let options = OpenOptions::default().with_dialect(dialect);
        let job = Job::open(text.clone().into(), None, &options).unwrap();
        let options = OptimizeOptions::default().with_overlaps(Overlaps::All);
        let done = job.optimize(&Objective::Travel, &options).unwrap();
        assert_eq!(
            String::from_utf8(done.gcode).unwrap(),
            text,
            "{}",
            dialect.name
        );
    }
}

/// Parts of lines of prints, for texts that somebody wrote with malice.
fn words() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        Just("G1 ".to_owned()),
        Just("G2 ".to_owned()),
        Just("G0".to_owned()),
        Just("M82\n".to_owned()),
        Just("M83\n".to_owned()),
        Just("G92 E0\n".to_owned()),
        Just("\n".to_owned()),
        Just("\r".to_owned()),
        Just(";\n".to_owned()),
        Just("N5 ".to_owned()),
        Just(" *7".to_owned()),
        ("[XYEFIJZ] ?", -4_i32..4).prop_map(|(l, n)| format!("{l}{n}")),
        ("[XYE]", "[-+]?[0-9]{0,25}[.]?[0-9]{0,12}").prop_map(|(l, n)| l + &n),
        (0_u32..40).prop_map(|i| {
            let (s, c) = (f64::from(i) * 0.1).sin_cos();
            format!("\nG1 X{:.3} Y{:.3} E.01", 10.0 * c, 10.0 * s)
        }),
        (1_u32..9).prop_map(|n| ring(0.0, 0.0, 3.0, 3 * n)),
    ];
    proptest::collection::vec(word, 0..40).prop_map(|all| all.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn any_text_is_written_back_and_may_be_fitted(text in words()) {
        for dialect in PRINTERS {
            let program = read(&text, dialect);
            let same = gcode::emit(&program, &program.toolpath, &EmitOptions::default());
            prop_assert_eq!(String::from_utf8(same.unwrap()).unwrap(), text.clone());
            let out = fitted(&program);
            let ends = |text: &str| {
                let p = read(text, dialect);
                let last = p.toolpath.steps().last().map(|s| match s {
                    Step::Path(path) => p.toolpath.end_of(path),
                    Step::Raw(raw) => raw.exit_at,
                });
                last.unwrap_or_default()
            };
            prop_assert_eq!(ends(&out), ends(&text));
        }
    }
}
