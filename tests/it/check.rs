//! What `check` finds, and how diagnostics are shown.
//!
//! `UPDATE_GOLDENS=1 cargo test --all-features it check` writes the goldens anew.

use proptest::prelude::*;
use std::fs;
use std::path::Path;
use trajet::check;
use trajet::diag::{Code, Diagnostic, Diagnostics, RenderOptions, Severity, render, summary};
use trajet::gcode::{self, Dialect, findings};
use trajet::geom::{Bounds, Point3};
use trajet::machine::{self, Machine};
use trajet::{Lang, Source};

/// A laser of 400 mm by 300 mm, 6000 mm/min in X and 3000 in Y, S to 1000.
const LASER: &str = "$1=25\n$11=0.010\n$12=0.002\n$30=1000\n$31=0\n$32=1\n\
                     $100=80\n$101=80\n$102=80\n$110=6000\n$111=3000\n$112=600\n\
                     $120=700\n$121=500\n$122=100\n$130=400\n$131=300\n$132=50\n";

fn laser() -> Machine {
    machine::read("lab laser", LASER.as_bytes()).unwrap().0
}

/// The same controller without laser mode.
fn mill() -> Machine {
    let dump = LASER.replace("$32=1", "$32=0");
    machine::read("mill", dump.as_bytes()).unwrap().0
}

/// A printer whose Klipper has no `[gcode_arcs]`.
fn without_arcs() -> Machine {
    let cfg = b"[printer]\nmax_velocity: 100\nmax_accel: 1000\nkinematics: cartesian\n";
    machine::read("printer.cfg", cfg).unwrap().0
}

/// An arc that is left out leaves no bed.
#[test]
fn what_the_machine_leaves_out_is_not_checked() {
    let mut machine = without_arcs();
    machine.bed = Some(Bounds {
        min: Point3::default(),
        max: Point3::new(100.0, 100.0, 100.0),
    });
    let program = "G1 X90 Y50 F6000\nG3 X90 Y80 J15\nG1 X10\n";
    let klipper = Setup {
        machine: Some(machine),
        ..by("klipper")
    };
    let said = found(program, &klipper);
    assert!(
        said.has(machine::ARCS_NOT_RUN) && !said.has(check::OUTSIDE_BED),
        "{said:?}"
    );
}

/// Who reads the program, and on which machine it runs.
struct Setup {
    dialect: &'static Dialect,
    machine: Option<Machine>,
}

fn none() -> Setup {
    by("grbl")
}

fn on(machine: Machine) -> Setup {
    Setup {
        machine: Some(machine),
        ..none()
    }
}

fn by(dialect: &str) -> Setup {
    Setup {
        dialect: Dialect::by_name(dialect).unwrap(),
        machine: None,
    }
}

/// What the machine says.
fn found(text: &str, setup: &Setup) -> Diagnostics {
    check::program(
        &Source::new(text.into()),
        setup.dialect,
        setup.machine.as_ref(),
    )
}

/// What reading it and the machine say.
fn all(bytes: Vec<u8>, setup: &Setup) -> (Source, Diagnostics) {
    let program = gcode::read(bytes, setup.dialect);
    let mut all = program.diagnostics.clone();
    let machine = setup.machine.as_ref();
    all.extend(check::program(&program.source, setup.dialect, machine));
    (program.source, all)
}

fn the(code: Code, all: &Diagnostics) -> &Diagnostic {
    all.into_iter().find(|d| d.code == code).unwrap()
}

/// For each finding a program that has it, with its severity and place, and one
/// that is as near to it as can be and has not.
#[test]
fn each_finding_is_where_it_should_be_and_not_where_it_should_not() {
    use Severity::{Error, Unsafe, Warning};
    let long = |n: usize| format!("G1 X1 F900 ({})\n", "x".repeat(n - 13));
    let cases = [
        (
            machine::ARCS_NOT_RUN,
            Warning,
            on(without_arcs()),
            "G1 X9 F900\nF600 G2 X11 I1\n",
            (2, 6),
            "G1 X9 F900\nX1\nG1 X3\n",
        ),
        // Bed: a line, a rapid, an arc that swings out, a negative, Z, inches.
        (
            check::OUTSIDE_BED,
            Unsafe,
            on(laser()),
            "G1 X10 F900\nG1 Y1 X401\n",
            (2, 7),
            "G1 X10 F900\nG1 Y1 X400\n",
        ),
        (
            check::OUTSIDE_BED,
            Unsafe,
            on(laser()),
            "G0 Y300.1\n",
            (1, 4),
            "G0 Y300.0005\n",
        ),
        (
            check::OUTSIDE_BED,
            Unsafe,
            on(laser()),
            "G0 X200 Y10\nG2 X170 I-15 F900\n",
            (2, 4),
            "G0 X200 Y10\nG3 X170 I-15 F900\n",
        ),
        (
            check::OUTSIDE_BED,
            Unsafe,
            on(laser()),
            "G91\nG0 X5\nG0 X-5.1\n",
            (3, 4),
            "G91\nG0 X5\nG0 X-5\n",
        ),
        (
            check::OUTSIDE_BED,
            Unsafe,
            on(laser()),
            "G0 Z51\n",
            (1, 4),
            "G0 Z-50\n",
        ),
        (
            check::OUTSIDE_BED,
            Unsafe,
            on(laser()),
            "G20\nG0 X16\n",
            (2, 4),
            "G20\nG0 X15.7\n",
        ),
        (
            check::OUTSIDE_BED,
            Unsafe,
            on(laser()),
            "G0 X-1\n",
            (1, 4),
            "G53 G0 X-1\n",
        ),
        (
            check::OUTSIDE_BED,
            Unsafe,
            on(laser()),
            "G0 X401\n",
            (1, 4),
            "G28 X401\n",
        ),
        // Feeds: along Y, a diagonal of both axes, an arc, inches, inverse time.
        (
            check::FEED_ABOVE_LIMIT,
            Warning,
            on(laser()),
            "G1 Y10 F3001\n",
            (1, 8),
            "G1 Y10 F3000\n",
        ),
        (
            check::FEED_ABOVE_LIMIT,
            Warning,
            on(laser()),
            "G1 X10 Y10 F4300\n",
            (1, 12),
            "G1 X10 Y10 F4200\n",
        ),
        (
            check::FEED_ABOVE_LIMIT,
            Warning,
            on(laser()),
            "G2 X10 I5 F3100\n",
            (1, 11),
            "G2 X10 I5 F3000\n",
        ),
        (
            check::FEED_ABOVE_LIMIT,
            Warning,
            on(laser()),
            "G20 G1 X1 F240\n",
            (1, 11),
            "G20 G1 X1 F236\n",
        ),
        (
            check::FEED_ABOVE_LIMIT,
            Warning,
            on(laser()),
            "G93 G1 X10 F601\n",
            (1, 12),
            "G93 G1 X10 F600\n",
        ),
        // Power: on the cut, before M3, and S that no spindle hears.
        (
            check::POWER_ABOVE_MAX,
            Warning,
            on(laser()),
            "M4 S0\nG1 X1 F900 S1001\nM5\n",
            (2, 12),
            "M4 S0\nG1 X1 F900 S1000\nM5\n",
        ),
        (
            check::POWER_ABOVE_MAX,
            Warning,
            on(laser()),
            "S2000\nM4\nM5\n",
            (2, 1),
            "S2000\nM5\n",
        ),
        // The end: no M5; S0; M2 and M30 switch off; the line that switched it on.
        (
            check::LASER_ON_AT_END,
            Unsafe,
            none(),
            "M3 S9\nG1 X1 F900\n",
            (1, 1),
            "M3 S9\nG1 X1 F900\nM2\n",
        ),
        (
            check::LASER_ON_AT_END,
            Unsafe,
            on(laser()),
            "M3\nG1 X1 F9 S5\n",
            (1, 1),
            "M3\nG1 X1 F9 S5\nS0\n",
        ),
        (
            check::LASER_ON_AT_END,
            Warning,
            on(laser()),
            "M4 S9\nG1 X1 F900\n",
            (1, 1),
            "M4 S9\nG1 X1 F900\nM5\n",
        ),
        (
            check::LASER_ON_AT_END,
            Warning,
            on(laser()),
            "M3 S9\nG0 X1\n",
            (1, 1),
            "M3 S9\nG0 X1\nM30\n",
        ),
        (
            check::LASER_ON_AT_END,
            Unsafe,
            on(mill()),
            "M4 S9\n",
            (1, 1),
            "M4 S9\nM5\n",
        ),
        (
            check::LASER_ON_AT_END,
            Unsafe,
            by("marlin"),
            "M3 S9\nM30\n\n",
            (1, 1),
            "M3 S9\nM30\nM5\n",
        ),
        // Rapids: constant power, either on a machine without laser mode.
        (
            check::LASER_ON_RAPID,
            Unsafe,
            on(mill()),
            "M3 S9\nG1 X5 F9\nG0 X9\nM5\n",
            (3, 1),
            "M3 S9\nG1 X5 F9\nM5\nG0 X9\n",
        ),
        (
            check::LASER_ON_RAPID,
            Unsafe,
            on(mill()),
            "M4 S9\nG0 X9\nM5\n",
            (2, 1),
            "M4 S0\nG0 X9\nM5\n",
        ),
        (
            check::LASER_ON_RAPID,
            Unsafe,
            on(mill()),
            "M3 S9\nG1 X5 F9\nG0 X9\nM5\n",
            (3, 1),
            "M3 S9\nG1 X5 Z-1 F9\nG0 X9\nM5\n",
        ),
        (
            check::LASER_ON_RAPID,
            Warning,
            none(),
            "M3 S9\nG0 X9\nM5\n",
            (2, 1),
            "M4 S9\nG0 X9\nM5\n",
        ),
        (
            check::LASER_ON_RAPID,
            Warning,
            none(),
            "M3 S9\nG0 X9\nM5\n",
            (2, 1),
            "M3 S9\nG0 X0\nM5\n",
        ),
        // Files that M30 deletes.
        (
            findings::DELETES_FILE,
            Error,
            by("marlin"),
            "G0 X1\nG0 X2\nM30\n",
            (3, 1),
            "G0 X1\nM2\n",
        ),
        (
            findings::DELETES_FILE,
            Error,
            by("reprapfirmware"),
            "M30\n",
            (1, 1),
            "; M30\n",
        ),
        (
            findings::DELETES_FILE,
            Error,
            by("smoothieware"),
            "M30\n",
            (1, 1),
            "M3\nM5\n",
        ),
        // A laser that the firmware itself darkens outside of cuts is not left on.
        (
            check::LASER_ON_AT_END,
            Unsafe,
            by("smoothieware"),
            "M3 S5\nG1 X1 F600\n",
            (1, 1),
            "G1 X1 F600 S0.5\nG0 X2\n",
        ),
        // Lines.
        (
            findings::LINE_TOO_LONG,
            Error,
            by("grblhal"),
            &*long(256),
            (1, 1),
            &*long(255),
        ),
        (
            findings::LOST_WORDS,
            Warning,
            by("marlin"),
            &*long(96),
            (1, 96),
            &*long(96).replace('(', ";("),
        ),
        // Arcs that GRBL takes although they do not close.
        (
            check::ARC_RADII,
            Warning,
            none(),
            "G2 X200.1 I100 F900\n",
            (1, 11),
            "G2 X200.004 I100 F900\n",
        ),
        // Numbers.
        (
            findings::EXPONENT,
            Warning,
            none(),
            "G1 Y2 F9\nG1 X1.5E-5\n",
            (2, 8),
            "G1 Y2 F9\nG1 X1.5 E-5\n",
        ),
        (
            findings::EXPONENT,
            Warning,
            none(),
            "G1 X1E5\n",
            (1, 6),
            "X1E5\n",
        ),
        (
            findings::EXPONENT,
            Warning,
            by("marlin"),
            "G1 X1E5\n",
            (1, 6),
            "G1X1E5\nG1 X1.2 E5.25\n",
        ),
    ];
    let all_of = |text: &str, setup: &Setup| all(text.into(), setup).1;
    for (code, severity, options, with, place, without) in cases {
        let all = all_of(with, &options);
        assert!(all.has(code), "{code} in {with}");
        let d = the(code, &all);
        assert_eq!(
            (d.severity, d.line.unwrap(), d.column.unwrap()),
            (severity, place.0, place.1),
            "{code} in {with}"
        );
        assert_eq!(d.lines.first(), d.line.as_ref());
        let not = all_of(without, &options);
        assert!(!not.has(code), "{code} not in {without}: {not:?}");
    }
}

#[test]
fn machines_decide_what_is_said() {
    let far = "M3 S2000\nG1 X9999 F90000\nG0 X0\nM5\n";
    let nobody = found(far, &none());
    assert_eq!(nobody.as_slice().len(), 1, "{nobody:?}");
    assert!(nobody.has(check::LASER_ON_RAPID));
    assert_eq!(found(far, &on(laser())).as_slice().len(), 3);
    // A dump without travel says nothing about the bed.
    let dump: String = LASER
        .lines()
        .filter(|l| !l.starts_with("$13"))
        .collect::<Vec<_>>()
        .join("\n");
    let bedless = machine::read("m", dump.as_bytes()).unwrap().0;
    assert!(!found(far, &on(bedless)).has(check::OUTSIDE_BED));
    for name in machine::preset_names() {
        let preset = machine::preset(name).unwrap();
        let has_bed = preset.bed.is_some();
        assert_eq!(
            found(far, &on(preset)).has(check::OUTSIDE_BED),
            has_bed,
            "{name}"
        );
    }
}

#[test]
fn findings_count_and_say_how_far() {
    let mut text = String::from("G21 G90 F900\n");
    for i in 0..100 {
        text.push_str(&format!("G1 X{}\nG1 X0\n", 350 + i));
    }
    let all = found(&text, &on(laser()));
    let d = the(check::OUTSIDE_BED, &all);
    assert_eq!(d.count, 49);
    assert_eq!(d.lines, [104, 106, 108, 110, 112]);
    assert!(
        d.message.contains("X goes to 449.000, above 400"),
        "{}",
        d.message
    );
}

#[cfg(feature = "svg")]
#[test]
fn drawings_are_held_against_the_bed() {
    use trajet::job::{Job, OpenOptions};
    let of = |width: u32| {
        let svg = format!(
            "<svg xmlns='http://www.w3.org/2000/svg' width='{width}mm' height='100mm'\n \
             viewBox='0 0 {width} 100'>\n<rect x='1' y='1' width='{}' height='50' stroke='red'/></svg>",
            width - 2
        );
        let job = Job::open(svg.into(), None, &OpenOptions::default()).unwrap();
        check::drawing(job.toolpath(), &laser())
    };
    assert!(of(400).as_slice().is_empty());
    let wide = of(450);
    assert_eq!(the(check::OUTSIDE_BED, &wide).line, Some(3));
}

#[test]
fn drawings_are_held_against_feeds_and_powers() {
    use trajet::job::{Job, OpenOptions};
    let machine = laser();
    let of = |share: f64| {
        let svg = "<svg xmlns='http://www.w3.org/2000/svg' width='50mm' height='50mm'\n \
                   viewBox='0 0 50 50'>\n<path d='M1 1H40' stroke='red'/></svg>";
        let options = OpenOptions::default()
            .with_feed(machine.max_rate[0] * share)
            .with_power(machine.power_max * share);
        let job = Job::open(svg.into(), None, &options).unwrap();
        check::drawing(job.toolpath(), &machine)
    };
    assert!(of(1.0).as_slice().is_empty());
    let much = of(1.01);
    for code in [check::FEED_ABOVE_LIMIT, check::POWER_ABOVE_MAX] {
        assert_eq!(the(code, &much).line, Some(3));
    }
}

/// A program, the machine and the dialect it is for, and the language.
type Golden = (&'static str, Vec<u8>, Setup, Lang);

fn goldens() -> Vec<Golden> {
    let long = format!(
        "G1 X1 F900 (a\t{}) Q5 ({})\n",
        "long ".repeat(40),
        "tail ".repeat(4000)
    );
    let many: String = (0..30)
        .map(|i| format!("G1 X{i} F900\nM{}\nM999\n", 100 + i))
        .collect();
    let laser_job = b"G21 G90\nM3 S1200\nG1 X10 F9000\nG0 X500 Y20\nG1 X-3\nG0 X0 Y0\n".to_vec();
    vec![
        (
            "words",
            b"G21\nG1 X10 F900\nG1 X20 Q3\nM106 S255\nG1 X30\nM106 S255\n".to_vec(),
            none(),
            Lang::En,
        ),
        (
            "arcs",
            b"G1 X1 F900\nG2 X10 Y0 I3 J0\n\tG3 X0 I-5\nG2 X200 I100 J.2\n".to_vec(),
            none(),
            Lang::En,
        ),
        (
            "bytes",
            b"G1 X1 F900\n(\xe9t\xe9 \x1b[31m) G1 X2 Q1\n\xff\xfeX\n".to_vec(),
            none(),
            Lang::En,
        ),
        (
            "wide",
            "G1 X1 F900\n\t(漢字\tひらがな) G1 X2 Q1\n(e\u{301}🙂) M77\n".into(),
            none(),
            Lang::En,
        ),
        ("long", long.into(), none(), Lang::En),
        ("many", many.into(), none(), Lang::En),
        ("laser", laser_job.clone(), on(laser()), Lang::En),
        ("laser-fr", laser_job, on(mill()), Lang::Fr),
        (
            "marlin",
            b"G28\nG1 X1E-5 F900\nM3 S5\nG1 X5\nM30 job.g\n".to_vec(),
            by("marlin"),
            Lang::En,
        ),
        (
            "endings",
            b"G1 X1\r\nG1 Y\rN5 G1 X2 ( open\r\n$H\nG1 X3 F0 X4".to_vec(),
            none(),
            Lang::Fr,
        ),
        (
            "clean",
            b"G21 G90\nM4 S0\nG0 X1\nG1 X5 F900 S100\nM5\nM2\n".to_vec(),
            on(laser()),
            Lang::En,
        ),
        ("nothing", b"; no motion\n%\n%\n".to_vec(), none(), Lang::Fr),
    ]
}

#[test]
fn rendered_findings_are_as_agreed() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/goldens/check");
    let mut wrong = Vec::new();
    for (name, bytes, options, lang) in goldens() {
        let (source, all) = all(bytes, &options);
        let how = RenderOptions::default().with_lang(lang).with_titles(true);
        let mut text = render(&format!("{name}.nc"), Some(&source), &all, &how);
        text.push_str(&summary(&all, lang));
        text.push('\n');
        let path = folder.join(format!("{name}.txt"));
        if std::env::var_os("UPDATE_GOLDENS").is_some() {
            fs::create_dir_all(&folder).unwrap();
            fs::write(&path, &text).unwrap();
        } else if fs::read_to_string(&path).unwrap_or_default() != text {
            wrong.push(format!("--- {name}\n{text}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

proptest! {
    #[test]
    fn any_bytes_can_be_checked_and_shown(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let (source, all) = all(bytes, &on(laser()));
        let text = render("any", Some(&source), &all, &RenderOptions::default());
        prop_assert!(!text.chars().any(|c| c.is_control() && c != '\n'));
        for d in &all {
            prop_assert!(d.line.is_none_or(|l| l as usize <= source.line_count()));
            prop_assert!(d.lines.len() <= Diagnostic::LINES);
            prop_assert!(d.lines.len() <= d.count as usize);
        }
    }
}
