//! What the colours, layers, classes and ids of a drawing mean, and how it is run.
#![cfg(all(feature = "svg", feature = "serde"))]

use trajet::ErrorKind;
use trajet::diag::{Code, Severity};
use trajet::gcode;
use trajet::job::{Job, OpenOptions, OptimizeOptions};
use trajet::motion::{Rate, SpindleMode};
use trajet::operations::{Cut, Operations, Unmapped};
use trajet::pass::Objective;
use trajet::svg::{Drawing, Plan, SvgOptions, read, toolpath};
use trajet::toolpath::{Attributes, Toolpath, verify};

fn drawing(body: &str) -> Drawing {
    read(svg(body).as_bytes(), &SvgOptions::default()).unwrap()
}

fn svg(body: &str) -> String {
    format!(
        "<svg xmlns='http://www.w3.org/2000/svg' xmlns:inkscape='http://www.inkscape.org/namespaces/inkscape' \
         width='100mm' height='100mm' viewBox='0 0 100 100' fill='none'>{body}</svg>"
    )
}

fn plan(body: &str, table: &str) -> Plan {
    let table = Operations::from_toml(table).unwrap();
    toolpath(&drawing(body), &table, &Cut::default()).unwrap()
}

/// The attributes of each path, and the x at which it starts.
fn paths(t: &Toolpath) -> Vec<(Attributes, f64)> {
    t.paths()
        .map(|p| (*t.attributes().get(t.segments(p)[0].attr), p.start.x))
        .collect()
}

/// The names of the operations, as often as they have paths, in order.
fn names(plan: &Plan) -> Vec<(&str, usize)> {
    plan.operations
        .iter()
        .map(|o| (o.name.as_str(), o.paths))
        .collect()
}

fn said(plan: &Plan, code: &'static str) -> Vec<(Severity, u32, String)> {
    let all = plan.diagnostics.as_slice().iter();
    all.filter(|d| d.code == Code(code))
        .map(|d| (d.severity, d.count, d.message.clone()))
        .collect()
}

/// Ten strokes, at x = 0 to 9, with what tells each apart.
fn strokes(attributes: &[&str]) -> String {
    let one = |(i, a): (usize, &&str)| format!("<path d='M{i} 0v5' {a}/>\n");
    attributes.iter().enumerate().map(one).collect()
}

#[test]
fn the_table_that_ships_engraves_scores_and_cuts_last() {
    let body = strokes(&[
        "stroke='red'",
        "stroke='lime'",
        "stroke='black'",
        "stroke='#00f'",
        "stroke='#123'",
        "stroke='lime'",
        "stroke='#f00'",
    ]);
    let plan = toolpath(&drawing(&body), &Operations::default(), &Cut::default()).unwrap();
    let order: Vec<f64> = paths(&plan.toolpath).iter().map(|p| p.1).collect();
    assert_eq!(order, [2.0, 3.0, 1.0, 5.0, 4.0, 0.0, 6.0]);
    let numbers: Vec<u32> = paths(&plan.toolpath)
        .iter()
        .map(|p| p.0.operation)
        .collect();
    assert_eq!(numbers, [0, 1, 2, 2, 3, 4, 4]);
    let expected = [
        ("engrave", 1),
        ("score", 1),
        ("cut", 2),
        ("cut", 1),
        ("cut", 2),
    ];
    assert_eq!(names(&plan), expected);
    assert_eq!(plan.operations[2].colors, ["#00ff00"]);
    let unmapped = said(&plan, "svg/unmapped-color");
    assert_eq!(unmapped.len(), 2);
    assert!(unmapped[0].1 == 2 && unmapped[0].2.contains("#00ff00: it is cut"));
    assert_eq!(unmapped[0].0, Severity::Note);
    assert!(said(&plan, "svg/cut-assumed")[0].2.contains("F1200 S1000"));
}

#[test]
fn a_drawing_of_one_colour_is_one_operation_in_its_own_order() {
    for color in ["red", "black", "#0000ff", "green"] {
        let body = strokes(&[&*format!("stroke='{color}'"); 9]);
        let plan = toolpath(&drawing(&body), &Operations::default(), &Cut::default()).unwrap();
        for (i, (attributes, x)) in paths(&plan.toolpath).into_iter().enumerate() {
            assert_eq!((attributes.operation, x), (0, i as f64));
        }
    }
}

#[test]
fn the_nearest_rule_decides() {
    let table = "[ids]\nx = 'a'\n[classes]\nq = 'b'\n[layers]\nL = 'c'\n[strokes]\nred = 'd'\n[fills]\nred = 'e'\n[colors]\nred = 'f'\nblue = 'f'\n\
        [operations.a]\n[operations.b]\n[operations.c]\n[operations.d]\n[operations.e]\n[operations.f]\n";
    let of = |body: &str| {
        let plan = plan(body, table);
        let names: Vec<String> = plan.operations.into_iter().map(|o| o.name).collect();
        names.join("")
    };
    let path = |a: &str| format!("<path d='M0 0h9v9' {a}/>");
    let layer =
        |inner: String| format!("<g inkscape:groupmode='layer' inkscape:label='L'>{inner}</g>");
    assert_eq!(of(&layer(path("id='x' class='p q' stroke='red'"))), "a");
    assert_eq!(of(&layer(path("class='p q' stroke='red'"))), "b");
    assert_eq!(of(&layer(path("class='p' stroke='red'"))), "c");
    assert_eq!(of(&path("class='p' stroke='red'")), "d");
    assert_eq!(of(&path("fill='red'")), "e");
    assert_eq!(of(&path("fill='blue'")), "f");
    assert_eq!(of(&path("stroke='#010000'")), "cut");
}

#[test]
fn layers_of_other_programs_are_groups_with_an_id() {
    let table = "[layers]\nMarks = 'engrave'\n";
    let body = "<g id='Marks'><g id='inner'><path d='M0 0h9' stroke='red'/></g></g><g><g id='Marks'><path d='M0 0h9' stroke='red'/></g></g>";
    assert_eq!(names(&plan(body, table)), [("engrave", 1), ("cut", 1)]);
}

#[test]
fn rules_for_names_are_for_what_is_inside_the_nearest_first() {
    let table = "[ids]\nx = 'a'\n[classes]\nq = 'b'\n[layers]\nL = 'c'\nM = 'd'\n\
        [operations.a]\n[operations.b]\n[operations.c]\n[operations.d]\n";
    let of = |body: &str| {
        let plan = plan(body, table);
        let names: Vec<String> = plan.operations.into_iter().map(|o| o.name).collect();
        names.join("")
    };
    let layer = |name: &str, inner: &str| {
        format!("<g inkscape:groupmode='layer' inkscape:label='{name}'>{inner}</g>")
    };
    let path = "<path id='p' d='M0 0h9v9' stroke='red'/>";
    assert_eq!(of(&layer("L", &layer("other", path))), "c");
    assert_eq!(of(&layer("L", &layer("M", path))), "d");
    assert_eq!(of(&layer("L", &format!("<g class='z q'>{path}</g>"))), "b");
    assert_eq!(of(&format!("<g class='q'>{}</g>", layer("L", path))), "c");
    assert_eq!(of(&format!("<g id='x' class='q'><a>{path}</a></g>")), "a");
    // Of a `use`, and of what it shows; the definition alone is not drawn.
    let defs = format!("<defs>{path}<g id='x'>{path}</g></defs>");
    assert_eq!(of(&format!("{defs}<use class='q' href='#p'/>")), "b");
    assert_eq!(of(&format!("{defs}<use class='q' href='#x'/>")), "a");
    let symbol = format!("<symbol id='s' class='q' overflow='visible'>{path}</symbol>");
    assert_eq!(of(&format!("{symbol}<use href='#s'/>")), "b");
    // What stands on a shape goes with it.
    let marker = "<marker id='m' overflow='visible'><path stroke='lime' d='M0 0h1'/></marker>";
    let marked = "<path class='q' marker-end='url(#m)' stroke='red' d='M0 0h9'/>";
    assert_eq!(of(&format!("{marker}{marked}")), "b");
}

#[test]
fn names_that_nothing_has_are_said() {
    let table = "[ids]\nx = 'cut'\nno = 'cut'\n[classes]\nq = 'cut'\nr = 'cut'\n[colors]\nlime = 'cut'\n\
        [layers]\nL = 'cut'\n'Ma pièce' = 'cut'\nM = 'cut'\n";
    let body =
        "<g id='Ma_pi_xE8_ce_1_' class='q'><path id='x' class='s q' d='M0 0h9' stroke='red'/></g>";
    let plan = plan(body, table);
    let said: Vec<String> = said(&plan, "svg/unused-rule")
        .into_iter()
        .map(|f| f.2)
        .collect();
    let name = |what: &str| format!("the table has a rule for the {what}, which nothing drawn has");
    let want = ["id \"no\"", "class \"r\"", "layer \"L\"", "layer \"M\""];
    assert_eq!(said, want.map(name));
    let all = plan.diagnostics.as_slice().iter();
    let help: Vec<_> = all.filter_map(|d| d.help.as_deref()).collect();
    assert_eq!(
        help[..2],
        ["the layers of the drawing are \"Ma_pi_xE8_ce_1_\""; 2]
    );
}

#[test]
fn findings_have_the_place_of_the_first_element_and_count_elements() {
    let body = "\n  <path id='q' fill='lime' d='M0 0h2v2zM5 5h2v2z'/>\n<path fill='black' d='M0 0h2v2zM5 5h2v2z'/>";
    let plan = plan(body, "[colors]\nblack = 'engrave'\n");
    let found: Vec<_> = plan
        .diagnostics
        .as_slice()
        .iter()
        .filter(|d| d.line.is_some())
        .map(|d| (d.code.0, d.line.unwrap(), d.column.unwrap(), d.count))
        .collect();
    assert_eq!(
        found,
        [("svg/unmapped-color", 2, 3, 1), ("svg/fill-edge", 3, 1, 1)]
    );
    assert!(
        said(&plan, "svg/unmapped-color")[0]
            .2
            .ends_with("it is cut (first at \"q\")")
    );
}

#[test]
fn each_operation_has_what_its_table_gives() {
    let table = "[colors]\nred = 'cut'\nblue = 'score'\nblack = 'engrave'\nlime = 'ignore'\ngray = 'off'\n\
        [operations.score]\nfeed_mm_min = 600\npower = 12\nmode = 'constant'\n\
        [operations.off]\nskip = true\n\
        [operations.cut]\nfeed_mm_min = 60\npower_percent = 50\n";
    let body = strokes(&[
        "stroke='red'",
        "stroke='blue'",
        "stroke='black'",
        "stroke='lime'",
        "stroke='gray'",
    ]);
    let table = Operations::from_toml(table).unwrap();
    let cut = Cut {
        feed: Some(7.0),
        power: Some(70.0),
        power_max: 400.0,
        ..Cut::default()
    };
    let plan = toolpath(&drawing(&body), &table, &cut).unwrap();
    let run: Vec<_> = paths(&plan.toolpath)
        .iter()
        .map(|(a, x)| (*x, a.rate, a.power, a.spindle))
        .collect();
    let (m3, m4) = (SpindleMode::Constant, SpindleMode::Dynamic);
    assert_eq!(
        run,
        [
            (2.0, Rate::Feed(7.0), 70.0, m4),
            (1.0, Rate::Feed(10.0), 12.0, m3),
            (0.0, Rate::Feed(1.0), 200.0, m4),
        ]
    );
    assert!(said(&plan, "svg/cut-assumed").is_empty());
    let skipped = said(&plan, "svg/skipped");
    assert!(skipped.len() == 2 && skipped[0].2.contains("ignore") && skipped[1].2.contains("off"));
    // Only what was really taken is said.
    let cut = Cut { power: None, ..cut };
    let plan = toolpath(&drawing(&body), &table, &cut).unwrap();
    assert!(
        said(&plan, "svg/cut-assumed")[0]
            .2
            .contains("gives no power: S400")
    );
}

#[test]
fn colours_without_an_operation_are_a_choice() {
    let body = strokes(&[
        "stroke='lime'",
        "stroke='red'",
        "stroke='lime'",
        "stroke='#123456'",
    ]);
    let table = |choice: &str| format!("unmapped = '{choice}'\n[colors]\nred = 'cut'\n");
    assert_eq!(
        names(&plan(&body, &table("cut"))),
        [("cut", 2), ("cut", 1), ("cut", 1)]
    );
    let skipped = plan(&body, &table("skip"));
    assert_eq!(names(&skipped), [("cut", 1)]);
    let found = said(&skipped, "svg/unmapped-color");
    assert!(found[0].0 == Severity::Warning && found[0].1 == 2 && found[0].2.ends_with("left out"));
    // What is cut with an operation that is left out is left out, and said to be.
    let off = plan(
        &body,
        &format!("{}[operations.cut]\nskip = true\n", table("cut")),
    );
    assert!(off.operations.is_empty());
    assert!(said(&off, "svg/unmapped-color")[0].2.ends_with("left out"));
    let strict = Operations::from_toml(&table("error")).unwrap();
    let why = toolpath(&drawing(&body), &strict, &Cut::default()).unwrap_err();
    assert_eq!(why.kind(), ErrorKind::InvalidConfig);
    let why = why.to_string();
    assert!(why.contains("#00ff00 (line 1), #123456 (line 4)"), "{why}");
    // A rule by id needs no colour.
    let ids = Operations::from_toml("unmapped = 'error'\n[ids]\na = 'cut'").unwrap();
    let named = drawing("<path id='a' d='M0 0h9' stroke='lime'/>");
    assert!(toolpath(&named, &ids, &Cut::default()).is_ok());
}

#[test]
fn the_size_of_what_is_run_is_said_where_it_is_not_all() {
    let body = "<path d='M0 0h50' stroke='red'/><path d='M0 0v9h20' stroke='lime'/>";
    let size = |unmapped: &str| {
        let plan = plan(
            body,
            &format!("unmapped = '{unmapped}'\n[colors]\nred = 'ignore'\n"),
        );
        said(&plan, "svg/size")
    };
    assert_eq!(size("cut")[0].2, "what is run is 20.00 mm by 9.00 mm");
    assert!(size("skip").is_empty());
    assert!(said(&plan(body, ""), "svg/size").is_empty());
}

#[test]
fn an_edge_with_a_stroke_is_followed_once() {
    let both = "<rect width='9' height='9' fill='black' stroke='red'/>";
    // Nothing hatches: the stroke is the edge.
    let table = "[colors]\nblack = 'engrave'\nred = 'cut'\nlime = 'ignore'\n";
    let edges = plan(both, table);
    assert_eq!(names(&edges), [("cut", 1)]);
    assert_eq!(said(&edges, "svg/fill-edge")[0].1, 1);
    // A stroke that is not run leaves the edge to the fill.
    let ignored = both.replace("red", "lime");
    assert_eq!(names(&plan(&ignored, table)), [("engrave", 1)]);
    let only_fill = both.replace("red", "none");
    assert_eq!(names(&plan(&only_fill, table)), [("engrave", 1)]);
    // An area is hatched whatever its stroke is; strokes have no area.
    let hatched = format!("{table}[operations.engrave]\nfill = {{ spacing_mm = 1 }}\n");
    let filled = plan(both, &hatched);
    assert_eq!(names(&filled), [("engrave", 9), ("cut", 1)]);
    assert!(said(&filled, "svg/fill-edge").is_empty());
    let black = plan(&both.replace("red", "black"), &hatched);
    assert_eq!(names(&black), [("engrave", 10)]);
}

#[test]
fn an_area_that_no_line_meets_is_followed() {
    // Two bars with a gap where the only row would be.
    let body = "<path fill='black' d='M0 0h9v.1h-9z M0 .4h9v.1h-9z'/>";
    let table = "[fills]\nblack = 'engrave'\n[operations.engrave]\nfill = { spacing_mm = 1 }\n";
    let plan = plan(body, table);
    assert_eq!(names(&plan), [("engrave", 2)]);
    assert_eq!(said(&plan, "svg/fill-thin")[0].1, 1);
}

#[test]
fn what_is_too_much_is_refused_before_it_is_made() {
    let square = "M0 0h99v99h-99z";
    let path = |data: &str| format!("<path fill='black' d='{data}'/>");
    let fails = |body: &str, operation: &str| {
        let table = format!("[fills]\nblack = 'engrave'\n[operations.engrave]\n{operation}");
        let table = Operations::from_toml(&table).unwrap();
        let why = toolpath(&drawing(body), &table, &Cut::default()).map(|_| ());
        let why = why.unwrap_err();
        assert_eq!(why.kind(), ErrorKind::Limit);
        assert!(why.to_string().contains("larger spacing"), "{why}");
    };
    // Of 99,000 lines, each meets 60 edges.
    let thirty = path(&square.repeat(30));
    fails(&thirty, "fill = { spacing_mm = 0.001 }");
    // Twice 66,000 lines, a hundred times.
    let two = path(square).repeat(2);
    fails(&two, "passes = 100\nfill = { spacing_mm = 0.0015 }");
}

const JOB: &str = "<rect x='1' y='1' width='98' height='98' stroke='red'/>\
    <path d='M80 20h10v10h-10z' stroke='red'/><path d='M10 80h10' stroke='red'/>\
    <circle cx='20' cy='20' r='12' fill='black'/>\
    <path fill='black' fill-rule='evenodd' d='M60 60h30v30h-30z M70 70h10v10h-10z'/>\
    <path fill='black' d='M70 10h4v8h-4z'/><path d='M40 40h5' stroke='black'/>";

fn job(spacing: f64, bidirectional: bool) -> Job {
    let table = format!(
        "[colors]\nred = 'cut'\nblack = 'engrave'\n[operations.engrave]\n\
         fill = {{ spacing_mm = {spacing}, angle_deg = 30, bidirectional = {bidirectional} }}\npasses = 2\n\
         [operations.cut]\npasses = 3\n"
    );
    let options = OpenOptions::default().with_operations(Operations::from_toml(&table).unwrap());
    Job::open(svg(JOB).into_bytes(), None, &options).unwrap()
}

#[test]
fn passes_stay_apart_and_rows_in_order_when_optimised() {
    for bidirectional in [true, false] {
        let job = job(0.5, bidirectional);
        let done = job
            .optimize(&Objective::Travel, &OptimizeOptions::default())
            .unwrap();
        assert!(!done.passes.is_empty(), "something was made shorter");
        assert!(!done.diagnostics.has(Code("job/kept-unverified")));
        let (was, is) = done.summaries();
        assert!(is.travel_mm < was.travel_mm);
        let _ = verify(&done.before, &done.after, 0.01).unwrap();
        // Two passes of engraving, three of cutting, each in one piece.
        let mut numbers: Vec<u32> = paths(&done.after).iter().map(|p| p.0.operation).collect();
        let mut counts = [0; 5];
        for n in &numbers {
            counts[*n as usize] += 1;
        }
        numbers.dedup();
        assert_eq!(numbers, [0, 1, 2, 3, 4]);
        assert!(counts[0] == counts[1] && counts[2] == counts[3] && counts[3] == counts[4]);
        // The rows of each area are still there, together, in order and direction.
        let rows = |t: &Toolpath| {
            let mut all: Vec<(u32, Vec<[f64; 4]>)> = Vec::new();
            for p in t.paths() {
                let Some(raster) = p.raster else { continue };
                let end = t.end_of(p);
                let row = [p.start.x, p.start.y, end.x, end.y];
                match all.last_mut() {
                    Some((r, rows)) if *r == raster => rows.push(row),
                    _ => all.push((raster, vec![row])),
                }
            }
            all.sort_by_key(|(raster, _)| *raster);
            all
        };
        assert_eq!(rows(&done.before).len(), 6);
        assert_eq!(rows(&done.before), rows(&done.after));
        // And the program burns what was planned, pass for pass.
        let written = gcode::read(done.gcode.clone(), done.reading);
        assert_eq!(written.toolpath.paths().count(), done.after.paths().count());
    }
}

#[test]
fn what_is_inside_of_an_outline_with_gaps_comes_first() {
    let outer = "d='M10 10h80v80h-80z' stroke='red'";
    let inner = "<path d='M40 40h9' stroke='red'/>";
    for outline in [
        format!("<path {outer} stroke-dasharray='20 5'/>"),
        format!("<svg width='100' height='60'><path {outer}/></svg>"),
        format!("<svg width='100' height='60'><path {outer} stroke-dasharray='9'/></svg>"),
    ] {
        // The head stands at a corner: the shortest way ends inside.
        let bytes = svg(&format!("{outline}{inner}")).into_bytes();
        let job = Job::open(bytes, None, &OpenOptions::default()).unwrap();
        let done = job
            .optimize(&Objective::Travel, &OptimizeOptions::default())
            .unwrap();
        let first = done.after.paths().next().unwrap();
        assert!((first.start.y - 60.0).abs() < 1e-9, "{outline}");
        let _ = verify(&done.before, &done.after, 0.01).unwrap();
    }
    // In pieces too many to count they are lines of their own.
    let bytes = svg(&format!("<path {outer} stroke-dasharray='1'/>{inner}")).into_bytes();
    let job = Job::open(bytes, None, &OpenOptions::default()).unwrap();
    let done = job
        .optimize(&Objective::Travel, &OptimizeOptions::default())
        .unwrap();
    let first = done.after.paths().next().unwrap();
    assert!((first.start.y - 60.0).abs() > 1.0);
}

#[test]
fn the_hatch_of_a_job_covers_its_areas() {
    let job = job(0.25, true);
    let t = job.toolpath();
    let sum: f64 = t
        .paths()
        .filter(|p| p.raster.is_some())
        .map(|p| p.start.distance(t.end_of(p)))
        .sum();
    let area = std::f64::consts::PI * 144.0 + 900.0 - 100.0 + 32.0;
    let found = sum * 0.25 / 2.0;
    assert!((found - area).abs() < 0.005 * area, "{found} of {area}");
    let engrave = &job.operations()[0];
    assert_eq!((engrave.passes, job.operations()[1].passes), (2, 3));
    assert!((engrave.length_mm - (sum / 2.0 + 5.0)).abs() < 1e-6);
}

#[test]
fn tables_made_by_hand_are_checked_too() {
    let mut table = Operations::default().with_unmapped(Unmapped::Skip);
    let _ = table.layers.insert("x".into(), "nothing".into());
    let why = toolpath(&drawing(""), &table, &Cut::default()).unwrap_err();
    assert!(why.to_string().contains("no operation nothing"));
}
