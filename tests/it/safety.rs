//! "Safe by default": each line of the list, with programs that tempt an
//! optimiser to break it.

use crate::support::{events, optimize, text};
use std::fmt::Write;
use trajet::gcode::{self, Dialect, Effect, findings};
use trajet::job::{self, Job, OpenOptions, OptimizeOptions};
use trajet::machine::preset;
use trajet::pass::Objective;

/// Horizontal cuts of 1 mm at the given places, one operation.
fn cuts(at: &[(i32, i32)], s: u32) -> String {
    let mut out = String::new();
    for (x, y) in at {
        writeln!(out, "G0 X{x} Y{y}\nG1 X{} Y{y} F1000 S{s}", x + 1).unwrap();
    }
    out
}

const SCATTERED: [(i32, i32); 6] = [(0, 0), (90, 90), (5, 0), (80, 90), (10, 0), (70, 90)];

fn burns(program: &str) -> Vec<String> {
    events(program)
        .into_iter()
        .filter(|e| e.starts_with("burn"))
        .collect()
}

#[test]
fn scattered_cuts_get_shorter() {
    let program = format!(
        "G21 G90\nM4 S0\n{}M5\nG0 X0 Y0\nM2\n",
        cuts(&SCATTERED, 500)
    );
    let done = optimize(&program);
    let (before, after) = done.summaries();
    assert!(after.travel_mm < 0.6 * before.travel_mm, "{after:?}");
    assert_eq!(after.segments, before.segments);
}

#[test]
fn operations_keep_their_sequence() {
    let program = format!(
        "G21 G90\nM4 S0\n{}{}{}M5\nM2\n",
        cuts(&SCATTERED, 200),
        cuts(&SCATTERED, 800),
        cuts(&[(33, 33), (0, 50), (34, 34)], 200)
    );
    let done = optimize(&program);
    let powers: Vec<&str> = text(&done)
        .lines()
        .filter_map(|l| l.find(" S").map(|i| l[i + 2..].to_owned()))
        .filter(|s| s != "0")
        .map(|s| if s.starts_with('2') { "score" } else { "cut" })
        .collect::<Vec<_>>()
        .into_iter()
        .fold(Vec::new(), |mut runs, p| {
            if runs.last() != Some(&p) {
                runs.push(p);
            }
            runs
        });
    assert!(done.summaries().1.travel_mm < done.summaries().0.travel_mm);
    assert_eq!(powers, ["score", "cut", "score"]);
}

#[test]
fn inner_contours_come_first() {
    let square = |x: i32, y: i32, w: i32| {
        format!(
            "G0 X{x} Y{y}\nG1 X{} Y{y} F1000 S500\nX{} Y{}\nX{x} Y{}\nX{x} Y{y}\n",
            x + w,
            x + w,
            y + w,
            y + w,
        )
    };
    // The outer squares are nearer to the start than what is in them.
    let program = format!(
        "G21 G90\nM4 S0\n{}{}{}{}M5\nM2\n",
        square(0, 0, 40),
        square(50, 0, 40),
        square(60, 10, 5),
        square(10, 10, 5)
    );
    let done = optimize(&program);
    let place = |corner: (f64, f64)| {
        done.after
            .paths()
            .position(|p| {
                done.after
                    .segments(p)
                    .iter()
                    .any(|s| (s.end.x, s.end.y) == corner)
            })
            .unwrap()
    };
    assert!(place((15.0, 15.0)) < place((40.0, 40.0)));
    assert!(place((65.0, 15.0)) < place((90.0, 40.0)));
}

#[test]
fn a_contour_of_separate_lines_comes_after_what_is_in_it() {
    let line = |a: (i32, i32), b: (i32, i32)| {
        format!("G0 X{} Y{}\nG1 X{} Y{} F1000 S500\n", a.0, a.1, b.0, b.1)
    };
    let program = format!(
        "G21 G90\nM4 S0\n{}{}{}{}{}M5\nM2\n",
        line((0, 0), (40, 0)),
        line((40, 40), (0, 40)),
        line((40, 0), (40, 40)),
        line((0, 40), (0, 0)),
        line((20, 20), (21, 20)),
    );
    let done = optimize(&program);
    let inner = done.after.paths().position(|p| p.start.y == 20.0).unwrap();
    assert_eq!(inner, 0);
}

#[test]
fn raster_rows_keep_order_and_direction() {
    // Bottom to top, always to the right: the fly-back tempts to reverse rows,
    // and 1-bit power makes all rows one operation.
    let mut rows = String::from("G21 G90\nM4 S0\nF3000\n");
    for y in 0..20 {
        writeln!(
            rows,
            "G0 X0 Y{0:.1}\nG1 X2 S0\nG1 X10 S1000\nG1 X12 S0",
            f64::from(y) * 0.1
        )
        .unwrap();
    }
    rows.push_str("M5\nM2\n");
    assert_eq!(text(&optimize(&rows)), rows);

    // White skipped by rapids.
    let mut rows = String::from("G21 G90\nM4 S500\nF3000\n");
    for y in 0..20 {
        let y = f64::from(y) * 0.1;
        writeln!(rows, "G0 X0 Y{y:.1}\nG1 X2\nG0 X5\nG1 X9").unwrap();
    }
    rows.push_str("M5\nM2\n");
    assert_eq!(text(&optimize(&rows)), rows);
}

#[test]
fn passes_of_a_contour_are_not_stacked() {
    let places = [(0, 0), (50, 50), (1, 30), (60, 10)];
    let program = format!("G21 G90\nM4 S0\n{0}{0}{0}M5\nM2\n", cuts(&places, 500));
    let done = optimize(&program);
    let order = burns(&text(&done));
    assert_eq!(order.len(), 12);
    let shape = |e: &String| {
        let mut ends: Vec<&str> = e.trim_start_matches("burn ").split('>').collect();
        ends.sort_unstable();
        ends.join(">")
    };
    let shapes: Vec<String> = order.iter().map(shape).collect();
    for pass in shapes.chunks(4) {
        let mut p = pass.to_vec();
        p.sort();
        p.dedup();
        assert_eq!(p.len(), 4, "a pass burns each contour once: {shapes:?}");
    }
    for w in shapes.windows(2) {
        assert_ne!(w[0], w[1], "{shapes:?}");
    }
}

#[test]
fn passes_that_follow_at_once_stay_together() {
    let twice: String = SCATTERED
        .iter()
        .map(|p| format!("{0}{0}", cuts(&[*p], 500)))
        .collect();
    let program = format!("G21 G90\nM4 S0\n{twice}M5\nG0 X0 Y0\nM2\n");
    let done = optimize(&program);
    assert!(done.summaries().1.travel_mm < done.summaries().0.travel_mm);
    let order = burns(&text(&done));
    for pair in order.chunks(2) {
        assert_eq!(pair[0], pair[1], "{order:?}");
    }
}

#[test]
fn passes_with_the_same_operation_again_later_are_not_stacked() {
    // Score, cut, and the same cuts again: the second cut must not begin where
    // the first one ended.
    let a = [(0, 0), (30, 0), (60, 0)];
    let program = format!(
        "G21 G90\nM4 S0\n{}{}{}M5\nM2\n",
        cuts(&a, 500),
        cuts(&[(30, 0), (60, 0), (0, 0)], 500),
        cuts(&[(60, 0), (30, 0)], 500)
    );
    let done = optimize(&program);
    let order = burns(&text(&done));
    for w in order.windows(2) {
        assert_ne!(w[0], w[1], "{order:?}");
    }
}

#[test]
fn dwells_stay_with_their_path() {
    let pierced = |(x, y): &(i32, i32)| {
        format!(
            "G0 X{x} Y{y}\nM3 S500\nG4 P0.{x}5\nG1 X{} Y{y} F1000\nM5\n",
            x + 1
        )
    };
    let body: String = SCATTERED.iter().map(pierced).collect();
    let program = format!("G21 G90\n{body}G0 X0 Y0\nM2\n");
    let done = optimize(&program);
    assert!(done.summaries().1.travel_mm < done.summaries().0.travel_mm);
    let dwell = |t: &trajet::toolpath::Toolpath| {
        let mut all: Vec<(i64, u64)> = t
            .paths()
            .filter(|p| !p.segments.is_empty())
            .map(|p| {
                let x = p.start.x.min(t.end_of(p).x) as i64;
                (x, (p.entry_dwell * 1000.0).round() as u64)
            })
            .collect();
        all.sort_unstable();
        all
    };
    assert_eq!(
        dwell(&done.before),
        dwell(&gcode::read(done.gcode.clone(), Dialect::GRBL).toolpath)
    );
}

#[test]
fn the_head_ends_where_the_program_made_it_end() {
    for end in ["M5\nG0 X120 Y7\nM2\n", "M5\nM2\n", "M5\n", "M5\nG0 X3 Y3"] {
        let program = format!("G21 G90\nM4 S0\n{}{end}", cuts(&SCATTERED, 500));
        let done = optimize(&program);
        assert!(done.summaries().1.travel_mm < done.summaries().0.travel_mm);
        let last = |bytes: &[u8]| {
            let mut machine = gcode::Interpreter::new(Dialect::GRBL);
            let mut line = gcode::lex::Line::default();
            for l in bytes.split(|b| *b == b'\n') {
                line.lex(l, &Dialect::GRBL.lexis);
                let _ = machine.execute(l, &line, &mut Vec::new());
            }
            (machine.position(), machine.modal().spindle)
        };
        assert_eq!(last(program.as_bytes()), last(&done.gcode), "{end}");
    }
}

#[test]
fn dark_moves_are_kept() {
    // Overscan on both sides of a cut: part of the path, in its direction.
    let body: String = SCATTERED
        .iter()
        .map(|(x, y)| {
            format!(
                "G0 X{} Y{y}\nG1 X{x} F1000 S0\nG1 X{} S500\nG1 X{} S0\n",
                x - 3,
                x + 1,
                x + 4
            )
        })
        .collect();
    let program = format!("G21 G90\nM4 S0\n{body}M5\nM2\n");
    let done = optimize(&program);
    let dark = |s: &str| {
        let mut d: Vec<String> = s
            .lines()
            .filter(|l| l.contains("S0") && l.starts_with("G1"))
            .map(str::to_owned)
            .collect();
        d.sort();
        d
    };
    assert_eq!(dark(&program), dark(&text(&done)));
}

#[test]
fn unclear_power_changes_nothing() {
    let program = format!("G21 G90\nM3 S0\n{}M5\nM2\n", cuts(&SCATTERED, 0));
    let done = optimize(&program);
    assert_eq!(text(&done), program);
    assert!(done.diagnostics.has(findings::LASER_UNCLEAR));
    assert!(done.diagnostics.has(job::ALREADY_SHORT));
}

#[test]
fn a_job_that_would_take_longer_is_kept() {
    // The way is shorter from the left to the right, but it stops more.
    let program = "G21 G90\nM4 S500 F6000\nG0 X45 Y5\nG1 X45 Y10\nG0 X0 Y5\nG1 X10 Y5\nM5\nM2\n";
    let machine = preset("diode-laser").unwrap();
    let job = Job::open(program.into(), Some(&machine), &OpenOptions::default()).unwrap();
    let run = |objective| {
        job.optimize(&objective, &OptimizeOptions::default())
            .unwrap()
    };
    let done = run(Objective::Time(Box::new(machine)));
    assert_eq!(text(&done), program);
    assert!(done.diagnostics.has(job::SLOWER) && done.passes.is_empty());
    assert!(!done.diagnostics.has(job::ALREADY_SHORT));
    let done = run(Objective::Travel);
    assert!(done.summaries().1.travel_mm < done.summaries().0.travel_mm);
    assert!(!done.diagnostics.has(job::SLOWER));
}

#[test]
fn unknown_lines_are_fences() {
    let program = format!(
        "G21 G90\nM4 S0\n{}M106 P1\n{}M5\nM2\n",
        cuts(&SCATTERED, 500),
        cuts(&SCATTERED, 500)
    );
    let done = optimize(&program);
    let e = events(&text(&done));
    let fence = e.iter().position(|s| s == "M106 P1").unwrap();
    let burns = |e: &[String]| e.iter().filter(|s| s.starts_with("burn")).count();
    assert_eq!((burns(&e[..fence]), burns(&e[fence..])), (6, 6));
    assert!(done.diagnostics.has(findings::UNKNOWN_WORD));
    assert!(done.summaries().1.travel_mm < done.summaries().0.travel_mm);
}

#[test]
fn a_framing_run_without_the_laser_is_kept() {
    let frame = "M5\nG0 X0 Y0\nG1 X100 F3000\nG1 Y100\nG1 X0\nG1 Y0\n";
    let program = format!("G21 G90\n{frame}M4 S0\n{}M5\nM2\n", cuts(&SCATTERED, 500));
    let done = optimize(&program);
    assert!(text(&done).contains("G1 X100 F3000\nG1 Y100\nG1 X0\nG1 Y0\n"));
}

#[test]
fn comments_travel_with_their_path() {
    let body: String = SCATTERED
        .iter()
        .map(|p| format!("; cut at {} {}\n{}", p.0, p.1, cuts(&[*p], 500)))
        .collect();
    let program = format!("G21 G90\nM4 S0\n{body}M5\nM2\n");
    let out = text(&optimize(&program));
    for (x, y) in SCATTERED {
        let comment = out.find(&format!("; cut at {x} {y}\n")).unwrap();
        let rest = &out[comment..];
        let cut = rest.lines().nth(1).unwrap();
        assert!(
            cut.starts_with(&format!("G0 X{x} Y{y}")) || cut.contains(&format!("X{} Y{y}", x + 1)),
            "{out}"
        );
    }
}

#[test]
fn the_interpreter_says_what_lines_are() {
    let mut machine = gcode::Interpreter::new(Dialect::GRBL);
    let mut line = gcode::lex::Line::default();
    for (text, effect) in [
        ("", Effect::Inert),
        ("(comment)", Effect::Inert),
        ("G21 G90", Effect::State),
        ("F100", Effect::State),
        ("G4 P1", Effect::Dwell),
        ("G1 X1", Effect::Move),
        ("G92 X0", Effect::Fence),
        ("M0", Effect::Fence),
        ("M106", Effect::Fence),
        ("G28", Effect::Fence),
    ] {
        line.lex(text.as_bytes(), &Dialect::GRBL.lexis);
        let got = machine.execute(text.as_bytes(), &line, &mut Vec::new());
        assert_eq!(got.effect, effect, "{text}");
    }
}
