//! Rasters: left alone unless asked; islands in a better order, white swept or skipped,
//! rows burned as they were.

use proptest::prelude::*;
use std::fmt::Write;
use trajet::diag::Code;
use trajet::estimate::estimate;
use trajet::gcode::{self, Dialect};
use trajet::geom::{Point, Point3};
use trajet::job::{Job, OpenOptions, OptimizeOptions, Optimized};
use trajet::machine::{Machine, preset};
use trajet::motion::Rate;
use trajet::pass::{Context, Objective, Pass, RASTER_KEPT, RASTER_ORDERED, Rasters};
use trajet::toolpath::{Difference, Path, Rerun, Role, Toolpath, verify};
use trajet::{ErrorKind, Source};

/// How a raster is written.
#[derive(Clone, Copy, Debug)]
struct Style {
    /// Run-up and run-out of its rows, mm.
    overscan: f64,
    /// The word that passes white.
    white: &'static str,
    /// The word between rows.
    join: &'static str,
    one_way: bool,
    /// Power changes along what is burned.
    grey: bool,
    pitch: f64,
}

const PLAIN: Style = Style {
    overscan: 3.0,
    white: "G1",
    join: "G0",
    one_way: false,
    grey: false,
    pitch: 1.0,
};

/// Boxes (left, bottom, width, height) as a raster would burn them, row by row.
fn rows(boxes: &[[f64; 4]], style: Style) -> String {
    let top = boxes.iter().map(|b| b[1] + b[3]).fold(0.0, f64::max);
    let (mut out, mut forward) = (String::new(), true);
    for k in 0..=(top / style.pitch) as u32 {
        let y = f64::from(k) * style.pitch;
        let mut ends: Vec<f64> = boxes
            .iter()
            .filter(|b| (b[1]..=b[1] + b[3]).contains(&y))
            .flat_map(|b| [b[0], b[0] + b[2]])
            .collect();
        if ends.is_empty() {
            continue;
        }
        let lead = if forward {
            style.overscan
        } else {
            ends.reverse();
            -style.overscan
        };
        let (first, last) = (ends[0], ends[ends.len() - 1]);
        writeln!(out, "{} X{} Y{y} S0", style.join, first - lead).unwrap();
        writeln!(out, "G1 X{first} S0").unwrap();
        for (i, pair) in ends.chunks(2).enumerate() {
            if i > 0 {
                writeln!(out, "{} X{} S0", style.white, pair[0]).unwrap();
            }
            if style.grey {
                let middle = f64::midpoint(pair[0], pair[1]);
                writeln!(out, "G1 X{middle} S{}", 100 + 10 * k).unwrap();
            }
            writeln!(out, "G1 X{} S300", pair[1]).unwrap();
        }
        writeln!(out, "G1 X{} S0", last + lead).unwrap();
        forward |= style.one_way;
        if !style.one_way {
            forward = !forward;
        }
    }
    out
}

fn program(body: &str) -> String {
    format!("G21 G90\nM4 S0\nG1 F6000\n{body}M5\nG0 X0 Y0\nM2\n")
}

/// Four boxes on a page, each far from the next along the rows.
const PAGE: [[f64; 4]; 4] = [
    [10.0, 5.0, 12.0, 10.0],
    [240.0, 4.0, 12.0, 12.0],
    [20.0, 60.0, 8.0, 8.0],
    [250.0, 58.0, 10.0, 9.0],
];

fn co2() -> Machine {
    preset("co2-laser").unwrap()
}

fn time(machine: &Machine) -> Objective {
    Objective::Time(Box::new(machine.clone()))
}

/// Orders the rasters of a program, which is checked, and again by reading it back.
fn ordered(text: &str, objective: &Objective) -> Optimized {
    let job = Job::open(text.as_bytes().to_vec(), None, &OpenOptions::default()).unwrap();
    let options = OptimizeOptions::default().with_order_rasters(true);
    let done = job.optimize(objective, &options).unwrap();
    assert_eq!(
        burned(&read(text)),
        burned(&read(std::str::from_utf8(&done.gcode).unwrap())),
        "each piece as it was, in the same direction"
    );
    done
}

fn read(text: &str) -> Toolpath {
    gcode::read(text.into(), Dialect::GRBL).toolpath
}

/// What is burned, in µm with its direction and power, sorted.
fn burned(t: &Toolpath) -> Vec<[i64; 5]> {
    let mut all: Vec<_> = burns(t).map(|(_, b)| b).collect();
    all.sort_unstable();
    all
}

/// What is burned, in order, with the length of the dark move right before it.
fn burns(t: &Toolpath) -> impl Iterator<Item = (f64, [i64; 5])> {
    let mut dark = 0.0;
    let um = |v: f64| (v * 1000.0).round() as i64;
    t.paths()
        .flat_map(|p| t.with_starts(p).map(move |(from, s)| (from, *s, p.start)))
        .filter_map(move |(from, s, start)| {
            if from == start {
                dark = 0.0;
            }
            let a = t.attributes().get(s.attr);
            if a.role == Role::Dark {
                dark = from.distance(s.end);
                return None;
            }
            Some((dark, [from.x, from.y, s.end.x, s.end.y, a.power].map(um)))
        })
        .collect::<Vec<_>>()
        .into_iter()
}

fn seconds(bytes: &[u8], machine: &Machine) -> f64 {
    estimate(&Source::new(bytes.to_vec()), Dialect::GRBL, machine).seconds
}

#[test]
fn rows_are_left_alone_unless_asked() {
    let text = program(&rows(&PAGE, PLAIN));
    let job = Job::open(text.clone().into(), None, &OpenOptions::default()).unwrap();
    let done = job
        .optimize(&time(&co2()), &OptimizeOptions::default())
        .unwrap();
    assert_eq!(String::from_utf8(done.gcode).unwrap(), text);
    assert!(!done.diagnostics.has(RASTER_KEPT));
}

#[test]
fn islands_are_run_one_after_another_in_less_time() {
    for style in [
        PLAIN,
        Style {
            join: "G1",
            ..PLAIN
        },
        Style {
            white: "G0",
            ..PLAIN
        },
        Style {
            one_way: true,
            grey: true,
            ..PLAIN
        },
    ] {
        let text = program(&rows(&PAGE, style));
        let done = ordered(&text, &time(&co2()));
        assert!(done.diagnostics.has(RASTER_ORDERED), "{style:?}");
        let (was, is) = (
            seconds(text.as_bytes(), &co2()),
            seconds(&done.gcode, &co2()),
        );
        assert!(is < 0.8 * was, "{is} of {was} s, {style:?}");
        // Each island is done before the next, its rows in sequence.
        let after = read(std::str::from_utf8(&done.gcode).unwrap());
        let mut visits: Vec<(usize, Vec<i64>)> = Vec::new();
        for (dark, [x, y, ..]) in burns(&after) {
            let (x, y) = (x as f64 / 1000.0, y as f64 / 1000.0);
            let of = PAGE.iter().position(|b| {
                (b[0]..=b[0] + b[2]).contains(&x) && (b[1]..=b[1] + b[3]).contains(&y)
            });
            let of = of.unwrap();
            match visits.last_mut() {
                Some((last, ys)) if *last == of => ys.push((y * 1000.0) as i64),
                _ => visits.push((of, vec![(y * 1000.0) as i64])),
            }
            let edge = x == PAGE[of][0] || x == PAGE[of][0] + PAGE[of][2];
            assert!(
                !edge || dark >= style.overscan - 1e-3,
                "a run-up of {dark} mm"
            );
        }
        assert_eq!(visits.len(), PAGE.len(), "{style:?}");
        for (_, ys) in visits {
            assert!(ys.is_sorted() || ys.iter().rev().is_sorted(), "{ys:?}");
        }
    }
}

#[test]
fn white_in_a_row_is_skipped_where_that_is_faster() {
    let text = program(&rows(
        &[
            [10.0, 0.0, 10.0, 5.0],
            [80.0, 0.0, 10.0, 5.0],
            [10.0, 6.0, 80.0, 1.0],
        ],
        PLAIN,
    ));
    let done = ordered(&text, &time(&co2()));
    let new = String::from_utf8(done.gcode).unwrap();
    // A rapid along the first row, between a run-out and a run-up.
    assert!(
        new.contains("\nX20 S300\nX23 S0\nG0 X77 Y0\nG1 X80\n"),
        "{new}"
    );
    // A machine whose rapids are no faster than the feed.
    let slow = preset("grbl").unwrap();
    let done = ordered(&text, &time(&slow));
    assert_eq!(String::from_utf8(done.gcode).unwrap(), text);
    assert!(done.diagnostics.has(RASTER_KEPT));
}

#[test]
fn a_whole_page_stays_as_it_is() {
    let style = Style {
        grey: true,
        ..PLAIN
    };
    let text = program(&rows(&[[0.0, 0.0, 150.0, 30.0]], style));
    for objective in [time(&co2()), Objective::Travel] {
        let done = ordered(&text, &objective);
        assert_eq!(String::from_utf8(done.gcode).unwrap(), text);
        assert!(done.diagnostics.has(RASTER_KEPT));
    }
}

#[test]
fn without_a_machine_the_dark_way_decides_and_overscan_must_be_known() {
    let text = program(&rows(&PAGE, PLAIN));
    let done = ordered(&text, &Objective::Travel);
    let (was, is) = done.summaries();
    assert!(is.travel_mm < 0.3 * was.travel_mm, "{is:?} of {was:?}");
    let text = program(&rows(
        &PAGE,
        Style {
            overscan: 0.0,
            ..PLAIN
        },
    ));
    let done = ordered(&text, &Objective::Travel);
    assert_eq!(String::from_utf8(done.gcode).unwrap(), text);
    assert!(done.diagnostics.has(RASTER_KEPT));
    // With a machine the run-up is: 100 mm/s at 3000 mm/s² take 1.667 mm.
    let done = ordered(&text, &time(&co2()));
    let after = read(std::str::from_utf8(&done.gcode).unwrap());
    let run_ups: Vec<f64> = burns(&after).map(|b| b.0).filter(|mm| *mm > 0.0).collect();
    assert!(run_ups.len() > 5);
    assert!(
        run_ups.iter().all(|mm| (mm - 5.0 / 3.0).abs() < 1e-3),
        "{run_ups:?}"
    );
}

#[test]
fn what_is_burned_again_has_as_much_in_between_as_before() {
    let once = rows(&PAGE, PLAIN);
    let done = ordered(&program(&format!("{once}{once}")), &time(&co2()));
    assert!(done.diagnostics.has(RASTER_ORDERED));
    let after = read(std::str::from_utf8(&done.gcode).unwrap());
    let all: Vec<[i64; 5]> = burns(&after).map(|b| b.1).collect();
    let (first, second) = all.split_at(all.len() / 2);
    assert_eq!(first, second, "the second pass goes as the first did");
    // The second time by other rows: nobody can tell what comes how soon.
    let other = rows(
        &PAGE,
        Style {
            pitch: 1.25,
            ..PLAIN
        },
    );
    let text = program(&format!("{once}{other}"));
    let done = ordered(&text, &time(&co2()));
    assert_eq!(String::from_utf8(done.gcode).unwrap(), text);
    // Beside it is another thing.
    let beside: Vec<[f64; 4]> = PAGE
        .iter()
        .map(|b| [b[0], b[1] + 80.0, b[2], b[3]])
        .collect();
    let other = rows(
        &beside,
        Style {
            pitch: 1.25,
            ..PLAIN
        },
    );
    let done = ordered(&program(&format!("{once}{other}")), &time(&co2()));
    assert!(done.diagnostics.has(RASTER_ORDERED));
}

#[test]
fn operations_keep_their_sequence() {
    let first = rows(&PAGE, PLAIN);
    let above: Vec<[f64; 4]> = PAGE
        .iter()
        .map(|b| [b[0], b[1] + 80.0, b[2], b[3]])
        .collect();
    let text = program(&format!("{first}G1 F5000\n{}", rows(&above, PLAIN)));
    let done = ordered(&text, &time(&co2()));
    assert!(done.diagnostics.has(RASTER_ORDERED));
    let after = read(std::str::from_utf8(&done.gcode).unwrap());
    let feeds: Vec<Rate> = after
        .paths()
        .filter_map(|p| after.segments(p).first())
        .map(|s| after.attributes().get(s.attr).rate)
        .collect();
    assert!(feeds.is_sorted_by(|a, b| a == b || *a == Rate::Feed(100.0)));
}

#[test]
fn a_pen_draws_no_dark_moves() {
    let rows = rows(
        &PAGE,
        Style {
            white: "G0",
            ..PLAIN
        },
    );
    let plain: Vec<&str> = rows
        .lines()
        .filter_map(|l| l.rsplit_once(' '))
        .map(|l| l.0)
        .collect();
    let text = format!("G21 G90\nG1 F6000\n{}\nM2\n", plain.join("\n"));
    let done = ordered(&text, &time(&co2()));
    assert!(!done.diagnostics.has(RASTER_ORDERED));
}

#[test]
fn comments_modes_and_what_is_around_a_raster_stay() {
    let cut = "; cut\nM3\nG0 X300 Y100\nG1 X310 F600 S900\nY110\nM5\n";
    for (relative, join) in [(false, "G0"), (true, "G1")] {
        let mut body = rows(&PAGE, Style { join, ..PLAIN });
        if relative {
            // The last box alone, by increments.
            body.push_str("G91\nG0 X20 Y20\nG1 X5 S0\nX5 S300\nX30 S0\nX5 S300\nX5 S0\nG0 X-50 Y1\nG1 X5\nX5 S300\nX30 S0\nX5 S300\nX5 S0\nG90\n");
        }
        let text = program(&format!("; engrave\n{body}M5\n{cut}"));
        let done = ordered(&text, &time(&co2()));
        assert!(done.diagnostics.has(RASTER_ORDERED));
        let new = String::from_utf8(done.gcode).unwrap();
        let at = |s: &str| new.find(s).unwrap_or_else(|| panic!("no {s} in {new}"));
        // A comment behind the last row stands among the lines that end the raster.
        assert!(at("; engrave") < at("S300") && at("; cut") < at("X310"));
        assert!(at("S300") < at("X310"), "operations keep their sequence");
        let relative_lines = new.lines().filter(|l| l.contains("G91")).count();
        assert_eq!(relative_lines, 0, "{new}");
    }
}

#[cfg(all(feature = "svg", feature = "serde"))]
#[test]
fn engraved_areas_of_drawings_are_cut_into_islands() {
    let svg = r#"<svg xmlns="http://www.w3.org/2000/svg" width="300mm" height="40mm" viewBox="0 0 300 40">
        <path fill="black" d="M5 5h10v10h-10z M280 10h10v12h-10z M130 25h10v10h-10z"/></svg>"#;
    let table = "[colors]\nblack = \"engrave\"\n[operations.engrave]\nfeed_mm_min = 6000\n\
                 fill = { spacing_mm = 0.5 }\n";
    let operations = trajet::operations::Operations::from_toml(table).unwrap();
    let options = OpenOptions::default().with_operations(operations);
    let job = Job::open(svg.into(), None, &options).unwrap();
    let order = OptimizeOptions::default().with_order_rasters(true);
    let kept = job
        .optimize(&time(&co2()), &OptimizeOptions::default())
        .unwrap();
    let done = job.optimize(&time(&co2()), &order).unwrap();
    assert!(done.diagnostics.has(RASTER_ORDERED));
    let (was, is) = (seconds(&kept.gcode, &co2()), seconds(&done.gcode, &co2()));
    assert!(is < 0.95 * was, "{is} of {was} s");
}

#[test]
fn a_dark_move_where_the_head_never_went_is_found_and_a_burn_that_is_missing() {
    let before = read(
        "G21 G90\nM4 S0\nG1 F6000\nG0 X0 Y0\nG1 X5 S0\nX10 S300\nX15 S0\nG0 Y1\nG1 X10\nX5 S300\nX0 S0\n",
    );
    let step = before
        .steps()
        .iter()
        .position(|s| s.as_path().is_some())
        .unwrap();
    let path = before.steps()[step].as_path().unwrap();
    let whole = before.segments(path).to_vec();
    let rerun = |start: Point3, segments: &[_]| {
        let mut after = before.clone();
        let run = Rerun {
            start,
            segments: segments.to_vec(),
        };
        after.edit().rerun(step..step + 1, &[run], 7);
        verify(&before, &after, 0.01)
    };
    assert_eq!(rerun(path.start, &whole), Ok(0.0));
    // Without its run-up, or with a shorter one.
    assert_eq!(rerun(whole[0].end, &whole[1..]), Ok(0.0));
    assert_eq!(rerun(Point3::new(3.0, 0.0, 0.0), &whole), Ok(0.0));
    let beside = rerun(Point3::new(5.0, -3.0, 0.0), &whole);
    assert!(
        matches!(beside, Err(Difference::Added { .. })),
        "{beside:?}"
    );
    let less = rerun(path.start, &whole[..1]);
    assert!(matches!(less, Err(Difference::Missing { .. })), "{less:?}");
}

#[test]
fn configurations_that_cannot_be_used_are_refused() {
    for wrong in [
        Rasters::default().with_gap(0.0),
        Rasters::default().with_gap(f64::NAN),
        Rasters::default().with_touch(-1.0),
    ] {
        let mut t = Toolpath::new(Point3::default());
        let e = wrong.run(&mut t, &mut Context::default()).unwrap_err();
        assert_eq!(e.kind(), ErrorKind::InvalidConfig);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(8))]

    #[test]
    fn any_raster_burns_the_same_and_takes_no_longer(
        boxes in prop::collection::vec((0_u16..250, 0_u16..40, 1_u16..30, 0_u16..9), 1..7),
        overscan in 0_u8..6,
        (skipped, joined, one_way, grey) in any::<(bool, bool, bool, bool)>(),
        angle in 0_u8..4,
    ) {
        // One above the other at most: what overlaps would be burned twice in a row.
        let mut all: Vec<[f64; 4]> = Vec::new();
        for (x, y, w, h) in boxes {
            let b = [x, y, w, h].map(f64::from);
            let clear = |o: &[f64; 4]| {
                b[0] > o[0] + o[2] || o[0] > b[0] + b[2] || b[1] > o[1] + o[3] || o[1] > b[1] + b[3]
            };
            if all.iter().all(clear) {
                all.push(b);
            }
        }
        all.sort_by(|a, b| a[0].total_cmp(&b[0]));
        let style = Style {
            overscan: f64::from(overscan),
            white: if skipped { "G0" } else { "G1" },
            join: if joined { "G1" } else { "G0" },
            one_way,
            grey,
            pitch: 1.0,
        };
        let text = turned(&program(&rows(&all, style)), f64::from(angle) * 0.4);
        for (objective, machine) in [(time(&co2()), co2()), (Objective::Travel, co2())] {
            let done = ordered(&text, &objective);
            prop_assert!(!done.diagnostics.has(trajet::job::KEPT_UNVERIFIED));
            let (was, is) = (seconds(text.as_bytes(), &machine), seconds(&done.gcode, &machine));
            let timed = matches!(objective, Objective::Time(_));
            prop_assert!(!timed || is <= was, "{} > {}", is, was);
            let (was, is) = done.summaries();
            prop_assert!(timed || is.travel_mm <= was.travel_mm + 1e-6);
        }
    }
}

/// The program with all its places turned about the origin, rad; to four decimals.
fn turned(text: &str, angle: f64) -> String {
    if angle == 0.0 {
        return text.into();
    }
    let (sin, cos) = angle.sin_cos();
    let mut at = Point::new(0.0, 0.0);
    let mut out = String::new();
    for line in text.lines() {
        let mut moved = false;
        let mut rest = String::new();
        for word in line.split(' ') {
            match (word.as_bytes()[0], word[1..].parse::<f64>()) {
                (b'X', Ok(v)) => (at.x, moved) = (v, true),
                (b'Y', Ok(v)) => (at.y, moved) = (v, true),
                _ => write!(rest, "{word} ").unwrap(),
            }
        }
        if moved {
            let (x, y) = (at.x * cos - at.y * sin, at.x * sin + at.y * cos);
            writeln!(out, "{rest}X{x:.4} Y{y:.4}").unwrap();
        } else {
            writeln!(out, "{}", rest.trim_end()).unwrap();
        }
    }
    out
}

/// A page and three lines to the right of it, cut after it; where each of these begins,
/// with the number of its line.
fn page_and_lines() -> (String, Vec<(Point, usize)>) {
    let mut text = program(&rows(&PAGE, PLAIN)).replace("M5\n", "G1 F1200\n");
    text.truncate(text.find("G0 X0 Y0").unwrap());
    let mut lines = Vec::new();
    for x in [270.0, 280.0, 290.0] {
        writeln!(text, "G0 X{x} Y60\nG1 X{x} Y50 S500").unwrap();
        lines.push((Point::new(x, 60.0), text.lines().count()));
    }
    text.push_str("M5\nG0 X0 Y0\nM2\n");
    (text, lines)
}

#[test]
fn orders_behind_a_raster_are_those_that_were_asked_for() {
    let (text, lines) = page_and_lines();
    let job = Job::open(text.into(), None, &OpenOptions::default()).unwrap();
    for [first, then] in [[0, 1], [1, 0], [2, 0], [0, 2], [2, 1], [1, 2]] {
        let order = format!("{}={}", lines[first].1, lines[then].1);
        let options = OptimizeOptions::default()
            .with_order_rasters(true)
            .with_before([order.parse().unwrap()]);
        let done = job.optimize(&time(&co2()), &options).unwrap();
        assert!(done.diagnostics.has(RASTER_ORDERED), "{order}");
        assert!(!done.diagnostics.has(Code("pass/before-broken")), "{order}");
        let after = read(std::str::from_utf8(&done.gcode).unwrap());
        let place = |i: usize| {
            let (x, step) = (lines[i].0.x, |p: &Path| p.start.x);
            after.paths().position(|p| (step(p) - x).abs() < 1e-6)
        };
        assert!(place(first).unwrap() < place(then).unwrap(), "{order}");
    }
}

#[test]
fn a_raster_stays_where_an_order_leads_back_into_it() {
    let (text, lines) = page_and_lines();
    let burned: Vec<usize> = (1..)
        .zip(text.lines())
        .filter(|(_, line)| line.ends_with("S300"))
        .map(|(i, _)| i)
        .collect();
    let (row, last, cut) = (burned[0], burned[burned.len() - 1], lines[0].1);
    let job = Job::open(text.into(), None, &OpenOptions::default()).unwrap();
    let orders = [
        vec![format!("{last}={row}")],
        vec![format!("{row}={cut}"), format!("{cut}={last}")],
    ];
    for orders in orders {
        let options = OptimizeOptions::default()
            .with_order_rasters(true)
            .with_before(orders.iter().map(|o| o.parse().unwrap()));
        let done = job.optimize(&time(&co2()), &options).unwrap();
        assert!(done.diagnostics.has(RASTER_KEPT), "{orders:?}");
        assert!(!done.diagnostics.has(RASTER_ORDERED), "{orders:?}");
        assert!(
            done.diagnostics.has(Code("pass/before-broken")),
            "{orders:?}"
        );
    }
}
