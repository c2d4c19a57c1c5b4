//! Paths cut where others meet them: fewer trails, and what is burned stays.

use crate::support::optimize_with as run;
use proptest::prelude::*;
use trajet::job::{Job, OpenOptions, OptimizeOptions, Optimized, SPLIT_IN_VAIN};
use trajet::pass::{
    Context, Dedupe, InsideFirst, Meeting, Merge, Objective, Overlaps, PassOrder, Pipeline,
    Reorder, Split, summarize,
};

fn drawing(body: &str) -> String {
    format!(
        "<svg xmlns='http://www.w3.org/2000/svg' width='100mm' height='100mm' \
         viewBox='0 0 100 100' fill='none' stroke='red'>{body}</svg>"
    )
}

fn split(meeting: Meeting) -> OptimizeOptions {
    OptimizeOptions::default().with_split(Some(meeting))
}

/// Trails, travel in mm and length burned in mm.
fn figures(done: &Optimized) -> (usize, f64, f64) {
    let s = summarize(&done.after);
    (s.paths, s.travel_mm, s.burn_mm)
}

/// A grid of lines through the whole of it.
fn grid(n: i32) -> String {
    let lines = (0..=n).map(|i| {
        let (v, end) = (10 + 10 * i, 10 + 10 * n);
        format!("<path d='M10 {v}H{end}'/><path d='M{v} {end}V10'/>")
    });
    drawing(&lines.collect::<String>())
}

#[test]
fn a_grid_is_drawn_in_fewer_trails_with_less_travel() {
    let (whole, cut) = (
        run(&grid(6), &OptimizeOptions::default()),
        run(&grid(6), &split(Meeting::Crossings)),
    );
    let [(trails, travel, burned), (fewer, less, as_much)] = [figures(&whole), figures(&cut)];
    assert!((burned - as_much).abs() < 0.01, "{burned} {as_much}");
    // Corners of two; five inner crossings on each side of three: twenty odd ends.
    assert_eq!(cut.pen_down_bound, 10);
    assert_eq!(fewer, 10);
    assert!(
        fewer < trails && less < travel,
        "{trails} {travel} {fewer} {less}"
    );
    assert!(!cut.diagnostics.has(SPLIT_IN_VAIN));
    // Ends that lie on the outer lines alone help as well.
    let ends = run(&grid(6), &split(Meeting::Ends));
    assert!(figures(&ends).1 <= travel + 1e-6);
}

#[test]
fn parts_that_share_edges_become_a_net() {
    // Six bricks; what two of them share is burned once.
    let bricks: String = (0..6)
        .map(|i| {
            let (x, y) = (10 + 20 * (i % 3) + 10 * (i / 3), 10 + 10 * (i / 3));
            format!("<rect x='{x}' y='{y}' width='20' height='10'/>")
        })
        .collect();
    let once =
        |options: OptimizeOptions| run(&drawing(&bricks), &options.with_overlaps(Overlaps::All));
    let whole = once(OptimizeOptions::default());
    let cut = once(split(Meeting::Ends));
    let [(_, travel, burned), (trails, less, as_much)] = [figures(&whole), figures(&cut)];
    assert!((burned - as_much).abs() < 0.01);
    assert!(less <= travel);
    assert_eq!(trails, cut.pen_down_bound);
}

#[test]
fn arcs_are_cut_too() {
    let text = drawing(
        "<circle cx='50' cy='50' r='20'/><path d='M20 50H80'/><path d='M50 20V80'/>\
         <path d='M5 5H6'/>",
    );
    let cut = run(&text, &split(Meeting::Crossings));
    // Four ends stick out, four crossings and the middle have four lines each.
    assert_eq!(cut.pen_down_bound, 3);
    assert_eq!(figures(&cut).0, 3);
    assert!(!cut.diagnostics.has(SPLIT_IN_VAIN));
}

#[test]
fn what_does_not_help_is_left_as_it_is_and_said() {
    // A T: three ends more or less, there is one way to go.
    let text = drawing("<path d='M10 10h20'/><path d='M20 10v20'/><path d='M80 80h5'/>");
    let done = run(&text, &split(Meeting::Ends));
    let plain = run(&text, &OptimizeOptions::default());
    assert!(done.diagnostics.has(SPLIT_IN_VAIN));
    assert_eq!(done.gcode, plain.gcode);
    assert!(!plain.diagnostics.has(SPLIT_IN_VAIN));
}

#[test]
fn other_operations_do_not_cut() {
    let text = drawing("<path d='M10 10h20'/><path d='M20 10v20M40 10v9' stroke='blue'/>");
    let done = run(&text, &split(Meeting::Crossings));
    assert!(
        done.passes
            .iter()
            .all(|p| p.name != "split" || p.changed == 0)
    );
}

#[test]
fn what_is_inside_comes_before_all_parts_of_an_outline() {
    // Two parts with a common corner line; a hole in each.
    let text = drawing(
        "<rect x='10' y='10' width='20' height='20'/><rect x='30' y='20' width='20' height='20'/>\
         <circle cx='20' cy='20' r='3'/><circle cx='40' cy='30' r='3'/><path d='M50 25h9M10 15h-5'/>",
    );
    let done = run(
        &text,
        &split(Meeting::Crossings).with_overlaps(Overlaps::All),
    );
    let t = &done.after;
    let paths: Vec<_> = t.paths().collect();
    // Middle of each hole, with the half width of the square around it.
    for (x, y) in [(20.0, 80.0), (40.0, 70.0)] {
        let is_hole = |p: &&trajet::toolpath::Path| {
            let bends = t.segments(p).iter().all(|s| s.bulge != 0.0);
            bends && (p.start.x - x).hypot(p.start.y - y) < 4.0
        };
        let hole = paths.iter().position(is_hole).unwrap();
        assert!(t.is_closed(paths[hole]));
        for before in &paths[..hole] {
            for (a, s) in t.with_starts(before) {
                let (dx, dy) = ((a.x + s.end.x) / 2.0 - x, (a.y + s.end.y) / 2.0 - y);
                let around = dx.abs().max(dy.abs());
                assert!((around - 10.0).abs() > 0.01, "{dx} {dy} before the hole");
            }
        }
    }
}

#[test]
fn the_pass_by_name_is_the_same() {
    let named = OptimizeOptions::default().with_only(["split", "reorder", "merge"]);
    let done = run(&grid(3), &named);
    assert!(
        done.passes
            .iter()
            .any(|p| p.name == "split" && p.changed > 0)
    );
    let without = split(Meeting::Ends).with_skip(["split"]);
    let done = run(&grid(3), &without);
    assert!(done.passes.iter().all(|p| p.name != "split"));
}

#[test]
fn what_is_named_must_have_what_else_is_asked_for() {
    let job = Job::open(grid(2).into(), None, &OpenOptions::default()).unwrap();
    let refused = |options: &OptimizeOptions| {
        let done = job.optimize(&Objective::Travel, options);
        done.unwrap_err().to_string()
    };
    let only = split(Meeting::Ends).with_only(["reorder"]);
    assert!(refused(&only).contains("split needs the pass split"));
    let only = OptimizeOptions::default().with_only(["reorder"]);
    let only = only.with_overlaps(Overlaps::All);
    assert!(refused(&only).contains("overlaps needs the pass dedupe"));
    let skip = OptimizeOptions::default().with_start_anywhere(true);
    let skip = skip.with_skip(["reorder"]);
    assert!(refused(&skip).contains("start_anywhere needs the pass reorder"));
}

#[test]
fn each_piece_of_a_path_is_burned_in_all_its_passes_at_once() {
    let lines = ["0 10>40 10", "0 20>40 20", "10 0>10 40", "20 0>20 40"];
    let mut text = String::from("G21 G90\nM4 S500 F1200\n");
    for line in [lines, lines].concat() {
        let [from, to] = [0, 1].map(|k| line.split('>').nth(k).unwrap().replace(' ', " Y"));
        text += &format!("G0 X{from}\nG1 X{to}\n");
    }
    let job = Job::open(text.into(), None, &OpenOptions::default()).unwrap();
    let mut toolpath = job.toolpath().clone();
    let pipeline = Pipeline::standard_with(
        0.01,
        InsideFirst::default(),
        Dedupe::default().with_overlaps(Overlaps::Keep),
        Reorder::default().with_passes(PassOrder::Path),
        Merge::default(),
    );
    let pipeline = pipeline
        .unwrap()
        .with_split(Split::default().with_meeting(Meeting::Crossings))
        .skip(&["merge"])
        .unwrap();
    let _ = pipeline
        .run(&mut toolpath, &mut Context::default())
        .unwrap();
    let middles: Vec<[i32; 2]> = toolpath
        .paths()
        .filter(|p| !p.segments.is_empty())
        .map(|p| {
            let m = p.start.xy().lerp(toolpath.end_of(p).xy(), 0.5);
            [m.x, m.y].map(|v| v.round() as i32)
        })
        .collect();
    assert_eq!(middles.len(), 24);
    assert!(middles.chunks(2).all(|c| c[0] == c[1]), "{middles:?}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, max_shrink_iters: 40, ..ProptestConfig::default() })]

    #[test]
    fn what_is_burned_stays_and_travel_never_grows(
        lines in prop::collection::vec((0_i32..9, 0_i32..9, 0_i32..9, 0_i32..9), 2..14),
    ) {
        let body: String = lines
            .iter()
            .filter(|l| (l.0, l.1) != (l.2, l.3))
            .map(|(a, b, c, d)| {
                format!("<path d='M{} {}L{} {}'/>", 10 * a + 5, 10 * b + 5, 10 * c + 5, 10 * d + 5)
            })
            .collect();
        prop_assume!(!body.is_empty());
        let text = drawing(&body);
        let whole = run(&text, &OptimizeOptions::default());
        let cut = run(&text, &split(Meeting::Crossings));
        prop_assert!(figures(&cut).1 <= figures(&whole).1 + 1e-6);
        prop_assert!(figures(&cut).0 >= cut.pen_down_bound);
    }
}
