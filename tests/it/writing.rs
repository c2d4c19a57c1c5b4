//! What is written: plain numbers, modal words that change something, arcs that
//! the firmware draws as they were meant, line numbers, and each dialect's own ways.

use proptest::prelude::*;
use std::f64::consts::TAU;
use std::fmt::Write;
use trajet::gcode::lex::{Form, Kind, Line, Word};
use trajet::gcode::{self, Dialect, EmitOptions, Run, findings};
use trajet::geom::Point3;
use trajet::job::{Job, KEPT_UNVERIFIED, OpenOptions, OptimizeOptions, Optimized};
use trajet::machine::{ArcFormat, ArcSupport, preset};
use trajet::motion::{Arc, Beam, Command, Plane, SpindleMode};
use trajet::pass::Objective;
use trajet::toolpath::{Attributes, Toolpath};

fn rewriting() -> impl Iterator<Item = &'static Dialect> {
    let all = Dialect::all().iter().copied();
    all.filter(|d| d.grammar.rewrites)
}

/// Optimises, and fails when the result needed the net that keeps the input.
fn optimize(program: &str, dialect: &'static Dialect) -> Optimized {
    optimize_as(program, dialect, ArcFormat::Center)
}

/// The same for a machine whose arcs are written so.
fn optimize_as(program: &str, dialect: &'static Dialect, format: ArcFormat) -> Optimized {
    let mut machine = preset("diode-laser").unwrap();
    machine.arcs = Some(ArcSupport::default().with_format(format));
    let options = OpenOptions::default().with_dialect(dialect);
    let job = Job::open(program.into(), Some(&machine), &options).unwrap();
    let done = job
        .optimize(&Objective::Travel, &OptimizeOptions::default())
        .unwrap();
    let kept = done.diagnostics.has(KEPT_UNVERIFIED);
    assert!(!kept, "{}: {:?}\n{program}", dialect.name, done.diagnostics);
    done
}

fn text(done: &Optimized) -> String {
    String::from_utf8(done.gcode.clone()).unwrap()
}

fn words(line: &str, dialect: &Dialect) -> Vec<Word> {
    let mut lexed = Line::default();
    lexed.lex(line.as_bytes(), &dialect.lexis);
    assert_eq!(lexed.faults, [], "{line}");
    assert_eq!(lexed.held, None, "{line}");
    lexed.words
}

/// The arcs of a program with their beginnings.
fn arcs(program: &[u8], dialect: &'static Dialect) -> Vec<(Point3, Point3, Arc)> {
    let source = trajet::Source::new(program.to_vec());
    let (mut run, mut at, mut out) = (Run::new(&source, dialect), Point3::default(), Vec::new());
    while let Some(done) = run.step() {
        assert_eq!(done.outcome.ignored, None, "line {}", done.line);
        for command in run.commands() {
            if let Command::Move(m) = command {
                if let Some(arc) = m.arc
                    && m.beam != Beam::Rapid
                {
                    out.push((at, m.to, arc));
                }
                at = m.to;
            }
        }
    }
    out
}

/// Six cuts of 2 mm that no one would make in this order.
fn scattered() -> String {
    let mut out = String::new();
    for (x, y) in [(1, 1), (90, 90), (5, 0), (80, 90), (10, 0), (70, 90)] {
        writeln!(out, "G0 X{x}. Y{y}.\nG1 X{}. F1000 S500", x + 2).unwrap();
    }
    out
}

#[test]
fn every_dialect_writes_what_it_reads() {
    for (name, begin, end) in [
        ("grbl", "G21 G90\nM4 S0\n", "M5\nG0 X0 Y0\nM2\n"),
        ("grblhal", "G21 G90 G94\nM4 S0\n", "M5\nG0 X0 Y0\nM30\n"),
        (
            "linuxcnc",
            "%\nG21 G90 G64 P0.01\nM3 S0\n",
            "M5\nG0 X0 Y0\nM2\n",
        ),
        ("linuxcnc", "G17 G21 G40 G49 G80 G90\n", "M2\n"),
        (
            "fanuc",
            "%\nO1000 (PART)\nG21 G90 G17 G40 G80\nM3 S0\n",
            "M5\nM30\n%\n",
        ),
        ("fanuc", "%\nG21 G90\n", "G28 G91 Z0\nM30\n%\n"),
        (
            "haas",
            "%\nO00100\nG21 G90 G54\nM3 S0\n",
            "M5\nG0 X0. Y0.\nM30\n%\n",
        ),
    ] {
        let dialect = Dialect::by_name(name).unwrap();
        let program = format!("{begin}{}{end}", scattered());
        let done = optimize(&program, dialect);
        let (before, after) = done.summaries();
        assert!(
            after.travel_mm < 0.6 * before.travel_mm,
            "{name}: {after:?}"
        );
        let out = text(&done);
        assert!(
            out.starts_with(begin) && out.ends_with(end),
            "{name}: {out}"
        );
    }
    let named = ["grbl", "grblhal", "linuxcnc", "fanuc", "haas"];
    assert!(rewriting().all(|d| named.contains(&d.name)));
}

#[test]
fn lengths_have_a_point_where_one_without_counts_less() {
    for dialect in rewriting() {
        let program = format!(
            "G21 G90\nM3 S0\n{}G0 X50. Y50.\nG2 X60. I5. J0.\nM5\nM2\n",
            scattered()
        );
        let done = optimize(&program, dialect);
        let source: Vec<&str> = program.lines().collect();
        let (mut with, mut without) = (0, 0);
        for line in text(&done).lines().filter(|l| !source.contains(l)) {
            for w in words(line, dialect)
                .iter()
                .filter(|w| b"XYZIJK".contains(&w.letter))
            {
                match w.form {
                    Form::Decimal => with += 1,
                    _ => without += 1,
                }
            }
        }
        assert!(with + without > 0, "{}", text(&done));
        if dialect.grammar.least_increment.is_some() {
            assert_eq!(without, 0, "{}", text(&done));
        } else {
            assert_eq!(with, 0, "{}", text(&done));
        }
    }
}

#[test]
fn a_pierce_dwells_as_long_in_every_dialect() {
    for dialect in rewriting() {
        let g4 = match dialect.grammar.dwell {
            gcode::dialect::Dwell::Seconds => "G4 P0.25",
            _ => "G4 P250",
        };
        let mut program = String::from("G21 G90\n");
        for (x, y) in [(0, 0), (90, 90), (5, 0), (80, 90)] {
            let cut = format!("G0 X{x}. Y{y}.\nM3 S500\n{g4}\nG1 X{}. F1000\nM5\n", x + 2);
            program.push_str(&cut);
        }
        program.push_str("M2\n");
        let done = optimize(&program, dialect);
        assert!(done.summaries().1.travel_mm < done.summaries().0.travel_mm);
        assert_eq!(text(&done).matches(g4).count(), 4, "{}", text(&done));
    }
}

#[test]
fn modal_words_stand_where_they_change_something() {
    let mut t = Toolpath::new(Point3::default());
    let p = |x: f64, y: f64| Point3::new(x, y, 0.0);
    for i in 0..4 {
        let x = f64::from(i) * 10.0;
        let attributes = Attributes {
            rate: trajet::motion::Rate::Feed(if i < 2 { 10.0 } else { 20.0 }),
            power: 300.0,
            spindle: SpindleMode::Dynamic,
            ..Attributes::default()
        };
        let segments = [
            (p(x + 1.0, 0.0), 0.0),
            (p(x + 1.0, 1.0), 0.5),
            (p(x, 1.0), 0.5),
            (p(x, 0.0), -0.5),
            (p(x, -3.0), 0.0),
        ];
        t.push_path(p(x, 0.0), segments, attributes, i as u32);
    }
    let out = gcode::encode(&t, &EmitOptions::default()).unwrap();
    let (mut motion, mut feed, mut speed, mut moves) = (0.0, 0.0, 0.0, 0);
    for line in std::str::from_utf8(&out).unwrap().lines().skip(1) {
        for w in words(line, Dialect::GRBL) {
            let last = match w.letter {
                b'G' if w.value <= 3.0 => &mut motion,
                b'F' => &mut feed,
                b'S' if moves > 0 => &mut speed,
                b'G' => panic!("{line}"),
                _ => continue,
            };
            moves += 1;
            assert!(*last != w.value || w.letter == b'G' && moves == 1, "{line}");
            *last = w.value;
        }
    }
    assert_eq!(arcs(&out, Dialect::GRBL).len(), 12);
}

#[test]
fn line_numbers_are_renewed() {
    for dialect in rewriting() {
        let lines = format!(
            "G21 G90\n(a comment)\n\nM3 S0\n{}M0\n{}M5\nM2\n",
            scattered(),
            scattered()
        );
        let (mut program, mut n) = (String::new(), 100);
        for line in lines.lines() {
            if line.starts_with(|c: char| c.is_ascii_uppercase()) {
                write!(program, "N{n} ").unwrap();
                n += 5;
            }
            writeln!(program, "{line}").unwrap();
        }
        let done = optimize(&program, dialect);
        assert!(done.summaries().1.travel_mm < 0.6 * done.summaries().0.travel_mm);
        let mut want = 100.0;
        for line in text(&done).lines() {
            let words = words(line, dialect);
            match words.first() {
                Some(w) => {
                    assert_eq!((w.letter, w.value), (b'N', want), "{line}");
                    want += 5.0;
                }
                None => assert!(line.is_empty() || line == "(a comment)", "{line}"),
            }
        }
        assert!(want > 200.0);
        // What has nothing to be made shorter comes back with the numbers it has.
        let kept = "N7 G21 G90\nN3 M3 S0\nN3 G1 X5. F900 S5\nN1 M5\n";
        assert_eq!(text(&optimize(kept, dialect)), kept);
    }
}

#[test]
fn numbers_that_are_referred_to_stay() {
    for jump in [
        "IF [#1 GT 5] GOTO 30",
        "WHILE [#1 LT 5] DO1",
        "END1",
        "M99 P20",
        "M97 P30",
        "G71 P30 Q40",
    ] {
        let program = format!(
            "%\nG21 G90\nN20 M3 S0\nN30 {}{jump}\nM5\nM30\n%\n",
            scattered()
        );
        for dialect in [Dialect::FANUC, Dialect::HAAS] {
            let done = optimize(&program, dialect);
            assert_eq!(text(&done), program, "{jump}");
            assert!(done.diagnostics.has(findings::NUMBERS_REFERRED), "{jump}");
        }
    }
    // Behind the end of the program too.
    let program = format!("G21 G90\nM3 S0\n{}M5\nM30\nO200\nM99 P5\n", scattered());
    assert_eq!(text(&optimize(&program, Dialect::FANUC)), program);
}

#[test]
fn lines_stay_as_short_as_the_firmware_takes() {
    // Far out, with every word there is on a line: 79 bytes do not hold the feed.
    let mut program = String::from("G21 G90\nM4 S0\n");
    for (x, y) in [(1, 1), (90, 90), (5, 0), (80, 90), (10, 0), (70, 90)] {
        let (x, y) = (-1_000_000.1 - f64::from(x), -1_000_000.1 - f64::from(y));
        let (x, y) = (x + 1e-5, y + 1e-5);
        write!(
            program,
            "G0 X{x:.5} Y{y:.5}\nG1 X{:.5} F1234.56 S500.12\n",
            x - 2.0
        )
        .unwrap();
        writeln!(
            program,
            "G3 X{x:.5} Y{y:.5} I{:.5} J0.00001 F2345.678\nG1 Y{:.5}",
            1.0,
            y + 1.5
        )
        .unwrap();
    }
    program.push_str("M5\nM2\n");
    let options = OptimizeOptions::default().with_tolerance(2e-5);
    let job = Job::open(program.into(), None, &OpenOptions::default()).unwrap();
    let done = job.optimize(&Objective::Travel, &options).unwrap();
    assert!(
        !done.diagnostics.has(KEPT_UNVERIFIED),
        "{:?}",
        done.diagnostics
    );
    assert!(done.summaries().1.travel_mm < done.summaries().0.travel_mm);
    for line in text(&done).lines() {
        let _ = words(line, Dialect::GRBL);
        assert!(line.bytes().filter(|b| *b != b' ').count() <= 79, "{line}");
    }
}

#[test]
fn a_copied_circle_begins_where_it_ends() {
    // Rounded to four decimals its start would lie a hair before its end.
    let mut program = String::from("G21 G90\nM4 S0\nF900\n");
    for (x, y) in [(1, 1), (90, 90), (5, 0), (80, 90), (10, 0), (70, 90)] {
        let line = format!("X{x}.597506 Y{y}.257499");
        writeln!(program, "G0 {line}\nG3 {line} I-0.597506 J0.801864 S100").unwrap();
    }
    program.push_str("M5\nM2\n");
    for dialect in rewriting() {
        let done = optimize(&program, dialect);
        assert!(done.summaries().1.travel_mm < done.summaries().0.travel_mm);
        let all = arcs(&done.gcode, dialect);
        assert_eq!(all.iter().filter(|(a, b, _)| a == b).count(), 6);
    }
}

#[test]
fn lines_that_are_copied_find_the_motion_mode_they_go_on_in() {
    let mut cuts = String::new();
    for (x, y) in [(90, 90), (5, 0), (80, 90), (10, 0), (70, 90), (0, 0)] {
        writeln!(cuts, "G0 X{x}. Y{y}.\nG1 X{}. F1000 S500", x + 2).unwrap();
    }
    // The arc comes last in the source and would be cut first; behind it a line
    // that is kept goes on with the arc, or does not care, or names its own mode.
    for (fence, next) in [
        ("X3. Y7. I1. J0. M7", ""),
        ("M0", "X3. Y7. I1. J0.\n"),
        ("M0\nG2 X3. Y7. I1. J0. T4", "G1 X9. Y9.\n"),
        ("M0\n#1=3\nX[#1] Y7. I1. J0.", ""),
    ] {
        let program = format!(
            "G21 G90\nM3 S0\nG0 X0. Y1.\nG1 X1. F900 S500\n{cuts}G0 X1. Y3.\n\
             G2 X1. Y7. I0. J2. F1000\n{fence}\n{next}{cuts}M5\nM2\n"
        );
        let done = optimize(&program, Dialect::LINUXCNC);
        assert!(done.summaries().1.travel_mm < done.summaries().0.travel_mm);
        assert_eq!(
            arcs(&done.gcode, Dialect::LINUXCNC).len(),
            arcs(program.as_bytes(), Dialect::LINUXCNC).len(),
            "{fence}"
        );
    }
}

#[test]
fn a_line_that_a_switch_leaves_out_is_never_written_anew() {
    let program = format!(
        "G21 G90\nM3 S0\n{}/G1 X3. Y3.\n{}M5\nM2\n",
        scattered(),
        scattered()
    );
    let done = optimize(&program, Dialect::LINUXCNC);
    assert!(text(&done).contains("\n/G1 X3. Y3.\n"));
    assert!(done.summaries().1.travel_mm < done.summaries().0.travel_mm);
}

#[test]
fn a_value_that_a_parameter_gives_is_left_where_it_is_computed() {
    let program = format!(
        "G21 G90\n#1=0\no1 while [#1 LT 2]\n#1=[#1+1]\no1 endwhile\nF[#1*300]\nM3 S0\n\
         G0 X50 Y50\nG1 X52 S500\n{}M2\n",
        scattered()
    );
    let read = gcode::read(program.clone().into_bytes(), Dialect::LINUXCNC);
    let same = gcode::emit(&read, &read.toolpath, &EmitOptions::default()).unwrap();
    assert_eq!(String::from_utf8(same).unwrap(), program);

    let done = optimize(&program, Dialect::LINUXCNC);
    let out = text(&done);
    assert!(out.contains("\nF[#1*300]\n"), "{out}");
    assert!(!out.contains("F0"), "{out}");
    assert!(done.summaries().1.travel_mm < done.summaries().0.travel_mm);
}

#[test]
fn what_stays_in_loops_and_cycles_is_said() {
    for (body, line, lines) in [
        ("o1 repeat [3]\nG1 X1 F300 S200\nX0\no1 endrepeat\n", 4, 6),
        ("G81 X3 Y4 Z-1 R1 F100\nX5\nG80\n", 3, 2),
    ] {
        let program = format!("G21 G90\nM3 S0\n{body}{}M2\n", scattered());
        let program = gcode::read(program.into_bytes(), Dialect::LINUXCNC);
        let mut said = program.diagnostics.as_slice().iter();
        let found = said.find(|d| d.code == findings::KEPT_IN_PLACE).unwrap();
        assert_eq!((found.line, found.count), (Some(line), lines), "{body}");
    }
    let plain = gcode::read(scattered().into_bytes(), Dialect::LINUXCNC);
    assert!(!plain.diagnostics.has(findings::KEPT_IN_PLACE));
}

#[test]
fn what_no_word_of_ours_sets_stays_in_place() {
    // Mist, a tool that is prepared, the return level of cycles.
    for line in ["M7", "T3", "G99"] {
        let program = format!(
            "G21 G90\nM3 S0\n{}{line}\n{}M5\nM2\n",
            scattered(),
            scattered()
        );
        let done = optimize(&program, Dialect::LINUXCNC);
        let cuts = |t: &str| {
            t.lines()
                .filter(|l| l.starts_with("G1") || l.starts_with('X'))
                .count()
        };
        let out = text(&done);
        let (a, b) = out.split_once(&format!("\n{line}\n")).unwrap();
        assert!(cuts(a) > 0 && cuts(b) > 0);
        assert!(done.summaries().1.travel_mm < done.summaries().0.travel_mm);
    }
}

/// An arc somewhere: radius, where on its circle it begins, turn, pitch.
type Case = (f64, f64, f64, f64, [f64; 2]);

fn arc_case() -> impl Strategy<Value = Case> {
    let turn = prop_oneof![6 => -0.99_f64..0.99, 1 => Just(1.0), 1 => Just(-1.0)];
    let pitch = prop_oneof![3 => Just(0.0), 1 => -3.0_f64..3.0];
    let log_radius = -2.5_f64..3.5;
    (
        log_radius,
        0.0..TAU,
        turn,
        pitch,
        [-200.0_f64..200.0, -200.0_f64..200.0],
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    /// Arcs of every size, in all planes and both units, under an odd offset.
    #[test]
    fn arcs_are_drawn_as_they_were_meant(
        cases in prop::collection::vec(arc_case(), 3..9),
        plane in 0_usize..3,
        inches in any::<bool>(),
        offset in 0.0_f64..1.0,
        name in prop::sample::select(rewriting().map(|d| d.name).collect::<Vec<_>>()),
        format in prop::sample::select(vec![ArcFormat::Center, ArcFormat::Radius]),
    ) {
        let dialect = Dialect::by_name(name).unwrap();
        let (g, [x, y, z], [i, j]) = [
            ("G17", ['X', 'Y', 'Z'], ['I', 'J']),
            ("G18", ['Z', 'X', 'Y'], ['K', 'I']),
            ("G19", ['Y', 'Z', 'X'], ['J', 'K']),
        ][plane];
        let unit = if inches { "G20" } else { "G21" };
        let mut program = format!("{unit} G90 {g}\nG92 X{offset:.7}\nM4 S0\nF900\n");
        for (log_radius, at, turn, pitch, center) in cases {
            let r = 10_f64.powf(log_radius);
            let on = |angle: f64| {
                let (s, c) = angle.sin_cos();
                (center[0] + r * c, center[1] + r * s)
            };
            let (a, b) = (on(at), on(if turn.abs() < 1.0 { at + turn * TAU } else { at }));
            let g = if turn > 0.0 { "G3" } else { "G2" };
            writeln!(program, "G0 {x}{:.6} {y}{:.6} {z}0.", a.0, a.1).unwrap();
            writeln!(
                program,
                "{g} {x}{:.6} {y}{:.6} {z}{:.6} {i}{:.6} {j}{:.6} S100",
                b.0, b.1, pitch, center[0] - a.0, center[1] - a.1
            ).unwrap();
        }
        program.push_str("M5\nM2\n");
        let done = optimize_as(&program, dialect, format);
        let source: Vec<&str> = program.lines().collect();
        for line in text(&done).lines() {
            let letters: Vec<u8> = words(line, dialect).iter().map(|w| w.letter).collect();
            let wrong: &[u8] = if format == ArcFormat::Radius { b"IJK" } else { b"R" };
            let in_format = !letters.iter().any(|l| wrong.contains(l));
            prop_assert!(in_format || source.contains(&line), "{}", line);
            let plain = !line.contains(['e', 'E']) && !line.contains("-0 ") && !line.ends_with("-0");
            prop_assert!(plain || source.contains(&line), "{}", line);
        }
        let full = |program: &[u8]| {
            let all = arcs(program, dialect);
            all.iter().filter(|(a, b, _)| a.distance(*b) < 1e-3).count()
        };
        let step = if inches { 25.4e-5 } else { 1e-4 };
        for (a, b, arc) in arcs(&done.gcode, dialect) {
            let flat = |p: Point3| {
                let ([i, j, _], p) = (arc.plane.axes(), p.to_array());
                trajet::geom::Point::new(p[i], p[j])
            };
            let (start, end) = (arc.offset.norm(), (flat(b) - flat(a) - arc.offset).norm());
            prop_assert!((start - end).abs() < 2.0 * step + 1e-6, "{start} {end}");
        }
        prop_assert!(full(&done.gcode) <= full(program.as_bytes()));
    }

    /// Places from the smallest to far beyond any machine.
    #[test]
    fn huge_and_tiny_coordinates_are_plain(
        at in prop::collection::vec((-9_i32..9, -1.0_f64..1.0, -9_i32..9, -1.0_f64..1.0), 3..9),
        name in prop::sample::select(rewriting().map(|d| d.name).collect::<Vec<_>>()),
    ) {
        let dialect = Dialect::by_name(name).unwrap();
        let mut program = String::from("G21 G90\nM4 S0\nF900\n");
        for (i, x, j, y) in at {
            let (x, y) = (x * 10_f64.powi(i), y * 10_f64.powi(j));
            writeln!(program, "G0 X{x:.9} Y{y:.9}\nG1 X{:.9} S5", x + 1.0).unwrap();
        }
        program.push_str("M5\nM2\n");
        let done = optimize(&program, dialect);
        let source: Vec<&str> = program.lines().collect();
        for line in text(&done).lines().filter(|l| !source.contains(l)) {
            let _ = words(line, dialect);
            prop_assert!(!line.contains(['e', 'E']) && !line.contains("-0 ") && !line.ends_with("-0"));
            // Where copied lines begin, the source's own decimals are kept.
            let decimals = |w: &str| w.split_once('.').map_or(0, |(_, d)| d.len());
            prop_assert!(line.split(' ').all(|w| decimals(w) <= 10), "{}", line);
        }
    }
}

#[test]
fn decimals_follow_the_tolerance() {
    // Two lines that meet, the second drawn towards the first: it is turned round.
    for (unit, tolerance, least, most) in [
        ("G21", 0.1, 3, 4),
        ("G21", 0.01, 3, 4),
        ("G21", 0.0001, 5, 6),
        ("G20", 0.01, 4, 5),
        ("G20", 0.0001, 6, 7),
    ] {
        let program = format!(
            "{unit} G90\nM4 S0\nG0 X0 Y0\nG1 X1.123456789 Y1 F900 S5\n\
             G0 X5.123456789 Y1.3\nG1 X1.123456789 Y1.000000001\nM5\nG0 X9 Y1.3\nM2\n"
        );
        let options = OpenOptions::default().with_dialect(Dialect::GRBL);
        let job = Job::open(program.clone().into(), None, &options).unwrap();
        let options = OptimizeOptions::default().with_tolerance(tolerance);
        let done = job.optimize(&Objective::Travel, &options).unwrap();
        let out = text(&done);
        let x = out
            .lines()
            .filter(|l| !program.contains(l))
            .flat_map(|l| l.split(' '))
            .find_map(|w| w.strip_prefix("X5."))
            .unwrap_or_else(|| panic!("{out}"));
        assert!((least..=most).contains(&x.len()), "{tolerance}: {out}");
        let step = 0.1_f64.powi(x.len() as i32) * if unit == "G20" { 25.4 } else { 1.0 };
        assert!(step / 2.0 <= tolerance / 8.0, "{tolerance}: {out}");
    }
}

#[test]
fn arcs_that_firmware_cannot_draw_are_lines() {
    // Too flat for a centre, or of a radius that single precision cannot hold; each
    // is drawn away from the next, so that it is turned round.
    for (r, height, lines) in [("200000.", 0.006_25, 4..=16), ("20000000.", 0.0, 1..=1)] {
        let program = format!(
            "G21 G90\nM4 S0\nF900\nG0 X100. Y0.\nG2 X0. Y0. R{r} S100\n\
             G0 X300. Y0.\nG1 X250.\nM5\nG0 X400. Y0.\nM2\n"
        );
        for dialect in rewriting() {
            let done = optimize(&program, dialect);
            assert!(done.summaries().1.travel_mm < done.summaries().0.travel_mm);
            assert_eq!(arcs(&done.gcode, dialect).len(), 0, "{}", text(&done));
            let added = done.gcode.split(|b| *b == b'\n').count();
            let cuts = added - program.lines().count();
            assert!(lines.contains(&(cuts + 1)), "{cuts} {}", text(&done));
            let most = done.after.bounds().min.y.abs();
            assert!((most - height).abs() < 1e-3, "{most}");
        }
    }
}

#[test]
fn planes_of_arcs_are_named_when_they_change() {
    let mut program = String::from("G21 G90\nM4 S0\nF900\n");
    for (x, y) in [(0, 0), (90, 90), (5, 0), (80, 90), (10, 0), (70, 90)] {
        let plane = if y == 0 { "G17" } else { "G18" };
        let half = if y == 0 {
            "Y2. J1. I0."
        } else {
            "X87. I1. K0."
        };
        write!(
            program,
            "G0 X{x}. Y{y}.\n{plane} G2 {} S50\n",
            half.replace("87", &(x + 2).to_string())
        )
        .unwrap();
    }
    program.push_str("M5\nM2\n");
    for dialect in rewriting() {
        let done = optimize(&program, dialect);
        let planes: Vec<Plane> = arcs(&done.gcode, dialect)
            .iter()
            .map(|a| a.2.plane)
            .collect();
        assert_eq!(planes.iter().filter(|p| **p == Plane::Xy).count(), 3);
        assert_eq!(planes.len(), 6);
    }
}

#[test]
fn comment_lines_get_no_number() {
    let mut line = Line::default();
    line.lex(b"(only)", &Dialect::GRBL.lexis);
    assert_eq!(line.kind, Kind::Blank);
    let mut program = String::from("N1 G21 G90\nN2 M4 S0\n");
    for (i, l) in scattered().lines().enumerate() {
        writeln!(program, "N{} {l} (cut {i})", i + 3).unwrap();
    }
    program.push_str("N99 M5\n");
    let done = optimize(&program, Dialect::GRBL);
    let out = text(&done);
    assert!(done.summaries().1.travel_mm < done.summaries().0.travel_mm);
    for i in 0..12 {
        assert_eq!(out.matches(&format!("(cut {i})")).count(), 1, "{out}");
    }
    for l in out.lines() {
        assert!(l.starts_with('N') != l.starts_with('('), "{l}");
    }
}
