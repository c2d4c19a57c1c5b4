//! What a user may ask of the order: parts, paths before others, passes.

use trajet::ErrorKind;
use trajet::diag::Code;
use trajet::gcode;
use trajet::job::{Job, OpenOptions, OptimizeOptions, Optimized};
use trajet::machine::preset;
use trajet::operations::{Operation, Operations, Power};
use trajet::pass::{Cool, Effort, Meeting, Objective, Overlaps, PassOrder};

fn open(text: &str) -> Job {
    Job::open(text.as_bytes().to_vec(), None, &OpenOptions::default()).unwrap()
}

fn run(job: &Job, options: &OptimizeOptions) -> Optimized {
    let options = options.clone().with_effort(Effort::Fast);
    let done = job.optimize(&Objective::Travel, &options).unwrap();
    assert!(!done.diagnostics.has(Code("job/kept-unverified")));
    done
}

/// Where each path of the written program begins, to the mm, as it is read back.
fn starts(done: &Optimized) -> Vec<[i32; 2]> {
    let written = gcode::read(done.gcode.clone(), done.reading);
    let t = &written.toolpath;
    let burns = t.paths().filter(|p| !p.segments.is_empty());
    burns
        .map(|p| [p.start.x.round() as i32, p.start.y.round() as i32])
        .collect()
}

fn before(orders: &[&str]) -> OptimizeOptions {
    let all = orders.iter().map(|text| text.parse().unwrap());
    OptimizeOptions::default().with_before(all)
}

const RED: &str = "fill='none' stroke='red'";

/// `shape` in a drawing of 200 mm by 200 mm.
fn drawing(body: &str) -> String {
    format!(
        "<svg xmlns='http://www.w3.org/2000/svg' xmlns:inkscape='http://www.inkscape.org/namespaces/inkscape' \
         width='200mm' height='200mm' viewBox='0 0 200 200'>{body}</svg>"
    )
}

/// Nine plates with three holes and a slot each, drawn outlines first, then holes, then
/// slots; between the plates, lines on their own.
fn plates() -> String {
    let mut body = String::new();
    let corners: Vec<(u32, u32)> = (0..9).map(|i| (10 + i % 3 * 60, 10 + i / 3 * 60)).collect();
    for (x, y) in &corners {
        body += &format!("<rect x='{x}' y='{y}' width='50' height='50' {RED}/>");
    }
    for k in 0..3 {
        for (x, y) in &corners {
            let (x, y) = (x + 8 + 16 * k, y + 4 + 14 * (k % 2));
            body += &format!("<rect x='{x}' y='{y}' width='6' height='6' {RED}/>");
        }
    }
    for (x, y) in &corners {
        body += &format!("<path d='M{} {}h30' {RED}/>", x + 5, y + 45);
    }
    for i in 0..4 {
        body += &format!("<path d='M{} 65h6' {RED}/>", 20 + 40 * i);
    }
    drawing(&body)
}

/// Which plate a place is in; none for what lies between.
fn plate([x, y]: [i32; 2]) -> Option<(i32, i32)> {
    let of = |v: i32| ((v - 10).rem_euclid(60) <= 50).then(|| (v - 10).div_euclid(60));
    Some((of(x)?, of(y - 10)?))
}

#[test]
fn each_part_is_finished_before_the_next_inner_first() {
    let job = open(&plates());
    let together = OptimizeOptions::default().with_group_parts(true);
    let done = run(&job, &together);
    let starts = starts(&done);
    assert_eq!(starts.len(), 9 * 5 + 4);
    let plates: Vec<_> = starts.iter().map(|&s| plate(s)).collect();
    let mut runs: Vec<_> = plates
        .chunk_by(|a, b| a == b)
        .filter_map(|r| r[0])
        .collect();
    assert_eq!(runs.len(), 9, "{plates:?}");
    runs.sort_unstable();
    runs.dedup();
    assert_eq!(runs.len(), 9);
    // The outline is the last of each: its corners are those of a plate.
    for run in starts.chunk_by(|a, b| plate(*a) == plate(*b)) {
        if plate(run[0]).is_some() {
            let [x, y] = run[4];
            assert!(
                (x - 10) % 60 % 50 == 0 && (y - 20) % 60 % 50 == 0,
                "{run:?}"
            );
        }
    }
    assert!(done.diagnostics.has(Code("pass/parts")));
    let said = done.diagnostics.as_slice();
    let said = said.iter().find(|d| d.code == Code("pass/parts")).unwrap();
    assert!(said.message.starts_with("13 parts,"), "{}", said.message);
    // It costs something, and not without being asked.
    let free = run(&job, &OptimizeOptions::default());
    assert!(free.summaries().1.travel_mm < done.summaries().1.travel_mm);
    assert!(!free.diagnostics.has(Code("pass/parts")));
    // What is in order already is left so.
    let again = Job::open(done.gcode.clone(), None, &OpenOptions::default()).unwrap();
    let again = run(&again, &together);
    assert!(again.summaries().1.travel_mm <= again.summaries().0.travel_mm + 0.01);
}

#[test]
fn parts_are_known_when_what_was_drawn_twice_is_gone() {
    let square = |x: u32| format!("<path d='M{x} 10h20v20h-20z' {RED}/>");
    let hole = |x: u32| format!("<path d='M{x} 15h5v5h-5z' {RED}/>");
    let body = [10, 10, 60, 60, 110].map(square).concat() + &[15, 65, 115].map(hole).concat();
    let options = OptimizeOptions::default()
        .with_group_parts(true)
        .with_overlaps(Overlaps::All);
    let done = run(&open(&drawing(&body)), &options);
    let plates: Vec<_> = starts(&done).iter().map(|[x, _]| x / 50).collect();
    assert_eq!(plates.len(), 6);
    assert_eq!(plates.chunk_by(|a, b| a == b).count(), 3, "{plates:?}");
}

#[test]
fn ids_classes_and_layers_come_before_others() {
    // From left to right, as they are shortest.
    let mut body = String::new();
    for i in 0..4 {
        let x = 10 + 30 * i;
        body += &format!(
            "<path id='p{i}' class='c{} all' d='M{x} 190h10' {RED}/>",
            i % 2
        );
    }
    body += &format!(
        "<g inkscape:groupmode='layer' inkscape:label='Far away' id='far'>\
         <g><path d='M150 20h10' {RED}/></g></g>"
    );
    let job = open(&drawing(&body));
    let free = starts(&run(&job, &OptimizeOptions::default()));
    assert_eq!(free, [[10, 10], [40, 10], [70, 10], [100, 10], [150, 180]]);
    let order = |orders: &[&str]| -> Vec<i32> {
        let done = run(&job, &before(orders));
        starts(&done).iter().map(|s| s[0] / 10 * 10).collect()
    };
    let at = |all: &[i32], x: i32| all.iter().position(|v| *v == x || *v == x + 10).unwrap();
    let all = order(&["#p3=#p0"]);
    assert!(at(&all, 100) < at(&all, 10), "{all:?}");
    let all = order(&[".c1=.c0"]);
    let odd = at(&all, 40).max(at(&all, 100));
    assert!(odd < at(&all, 10).min(at(&all, 70)), "{all:?}");
    let all = order(&["Far away=.all"]);
    assert_eq!(at(&all, 150), 0, "{all:?}");
    let all = order(&["#far=#p0", "#p0=#p1"]);
    assert!(at(&all, 150) < at(&all, 10) && at(&all, 10) < at(&all, 40));
    // Travel grows, and that is said.
    let done = run(&job, &before(&["Far away=.all"]));
    assert!(
        done.diagnostics.has(Code("job/order-costs"))
            || done.summaries().1.travel_mm <= done.summaries().0.travel_mm
    );
}

#[test]
fn orders_that_cannot_be_are_said() {
    let path = |id: &str, x: i32, color: &str| {
        format!("<path id='{id}' d='M{x} 10h10' fill='none' stroke='{color}'/>\n")
    };
    let body = path("a", 10, "red") + &path("b", 40, "red") + &path("s", 70, "blue");
    let job = open(&drawing(&body));
    let fails = |job: &Job, orders: &[&str]| {
        let why = job.optimize(&Objective::Travel, &before(orders));
        let why = why.map(|_| ()).unwrap_err();
        assert_eq!(why.kind(), ErrorKind::InvalidConfig);
        why.to_string()
    };
    // A circle names its members.
    let why = fails(&job, &["#a=#b", "#b=#a"]);
    assert!(why.contains("line 1") && why.contains("line 2"), "{why}");
    // What is scored comes first, whatever is asked for.
    let done = run(&job, &before(&["#a=#s"]));
    assert!(done.diagnostics.has(Code("pass/before-broken")));
    let done = run(&job, &before(&["#s=#a"]));
    assert!(!done.diagnostics.has(Code("pass/before-broken")));
    // What is not there.
    let done = run(&job, &before(&["#nothing=#a", ".a=#b"]));
    let unmatched = |d: &&trajet::diag::Diagnostic| d.code == Code("job/before-unmatched");
    let said = done.diagnostics.as_slice().iter().filter(unmatched);
    assert_eq!(said.map(|d| d.count).sum::<u32>(), 2);
    // An outline before what is in it.
    let nested = format!(
        "<rect id='out' x='10' y='10' width='90' height='90' {RED}/>\n\
         <rect id='in' x='20' y='20' width='10' height='10' {RED}/>"
    );
    let nested = open(&drawing(&nested));
    let why = fails(&nested, &["#out=#in"]);
    assert!(why.contains("inside-first"), "{why}");
    let alone = before(&["#out=#in"]).with_skip(["inside-first"]);
    assert_eq!(starts(&run(&nested, &alone))[0][0] % 90, 10);
    // A program has lines, and no ids.
    let why = fails(&open("G21 G90\nM4 S100 F600\nG1 X10\n"), &["#a=3"]);
    assert!(why.contains("12-40"), "{why}");
    // What is asked for needs the passes that do it.
    let options = before(&["#a=#b"]).with_skip(["reorder"]);
    assert!(job.optimize(&Objective::Travel, &options).is_err());
}

#[test]
fn parts_that_wait_for_each_other_are_one() {
    let body: String = (0..2)
        .map(|i| {
            let x = 10 + 80 * i;
            format!(
                "<rect class='out' x='{x}' y='10' width='60' height='60' {RED}/>\
                 <rect id='a{i}' x='{}' y='20' width='10' height='10' {RED}/>\
                 <rect id='b{i}' x='{}' y='20' width='10' height='10' {RED}/>",
                x + 5,
                x + 30,
            )
        })
        .collect();
    let job = open(&drawing(&body));
    let options = before(&["#a0=#b1", "#a1=#b0"]).with_group_parts(true);
    let done = run(&job, &options);
    assert!(done.diagnostics.has(Code("pass/parts-joined")));
    assert!(!done.diagnostics.has(Code("pass/parts-apart")));
    assert!(!done.diagnostics.has(Code("pass/before-broken")));
    let one_way = before(&["#a1=#b0"]).with_group_parts(true);
    let done = run(&job, &one_way);
    assert!(!done.diagnostics.has(Code("pass/parts-joined")));
    // The second plate, whole, and then the first.
    let right: Vec<bool> = starts(&done).iter().map(|s| s[0] >= 90).collect();
    assert_eq!(right, [true, true, true, false, false, false]);
}

#[test]
fn lines_of_a_program_come_before_others() {
    let text = "G21 G90\nM4 S100 F600\nG0 X10\nG1 X20\nG0 X30\nG1 X40\nG1 Y5\nG0 X60 Y0\nG1 X70\nM5\nG0 X0\n";
    let job = open(text);
    let xs = |orders: &[&str]| -> Vec<i32> {
        starts(&run(&job, &before(orders)))
            .iter()
            .map(|s| s[0] / 10)
            .collect()
    };
    let order = xs(&["9=6-7"]);
    let at = |x: &[i32]| order.iter().position(|v| x.contains(v)).unwrap();
    assert!(at(&[6, 7]) < at(&[3, 4]), "{order:?}");
    // Line 7 is on the second path too.
    assert_eq!(xs(&["9=7"]), order);
}

/// Two plates in two passes of one operation, and a scored line.
fn twice(passes: u32) -> Job {
    let mut score = Operation::new("score");
    score.power = Some(Power::S(100.0));
    let mut cut = Operation::new("cut");
    cut.passes = passes;
    let mut table = Operations::default();
    table.list = vec![score, cut];
    let body: String = (0..2)
        .map(|i| {
            let x = 20 + 80 * i;
            format!(
                "<rect x='{x}' y='100' width='60' height='60' {RED}/>\
                 <rect x='{}' y='110' width='10' height='10' {RED}/>\
                 <path d='M{} 130h20' {RED}/>",
                x + 10,
                x + 20,
            )
        })
        .collect();
    let body = drawing(&(body + "<path d='M150 195h30' fill='none' stroke='blue'/>"));
    let options = OpenOptions::default().with_operations(table);
    Job::open(body.into_bytes(), None, &options).unwrap()
}

/// The lengths of the paths as they follow each other: outline, hole, line, score.
fn lengths(done: &Optimized) -> Vec<(u32, bool)> {
    let written = gcode::read(done.gcode.clone(), done.reading);
    let t = &written.toolpath;
    let burns = t.paths().filter(|p| !p.segments.is_empty());
    burns
        .map(|p| {
            let mm: f64 = t.with_starts(p).map(|(from, s)| from.distance(s.end)).sum();
            (mm.round() as u32, p.start.x > 90.0)
        })
        .collect()
}

#[test]
fn passes_follow_path_by_path_or_pass_by_pass() {
    let job = twice(3);
    let order = |order| {
        let done = run(&job, &OptimizeOptions::default().with_passes(order));
        assert!(!done.passes.is_empty());
        lengths(&done)
    };
    let by_pass = order(PassOrder::Source);
    assert_eq!(by_pass.len(), 1 + 3 * 6);
    assert_eq!(by_pass, order(PassOrder::Layer));
    for pass in by_pass[1..].chunks(6) {
        let mut sorted = pass.to_vec();
        sorted.sort_unstable();
        assert_eq!(
            sorted,
            [20, 20, 40, 40, 240, 240]
                .map(|v| v)
                .iter()
                .enumerate()
                .map(|(i, &v)| (v, i % 2 == 1))
                .collect::<Vec<_>>()
        );
    }
    let by_path = order(PassOrder::Path);
    assert_eq!(by_path[0].0, 30, "operations keep their sequence");
    let shapes: Vec<_> = by_path[1..].chunk_by(|a, b| a == b).collect();
    assert_eq!(shapes.len(), 6, "{by_path:?}");
    assert!(shapes.iter().all(|s| s.len() == 3));
    // Inner first: an outline is run, all three times, after what is in it.
    for right in [false, true] {
        let of_plate: Vec<u32> = shapes
            .iter()
            .filter(|s| s[0].1 == right)
            .map(|s| s[0].0)
            .collect();
        assert_eq!(of_plate[2], 240, "{by_path:?}");
    }
}

#[test]
fn passes_of_a_program_are_known_by_their_shape() {
    let shape = |x: u32| format!("G0 X{x} Y0\nG1 X{}\nG1 Y10\n", x + 10);
    let start = "G21 G90\nM4 S100 F600\n";
    let by_path = [0, 0, 30, 30, 60, 60].map(shape).concat();
    let by_pass = [0, 30, 60, 0, 30, 60].map(shape).concat();
    let order = |body: &str, order| -> Vec<i32> {
        let job = open(&format!("{start}{body}M5\n"));
        let done = run(&job, &OptimizeOptions::default().with_passes(order));
        let written = gcode::read(done.gcode.clone(), done.reading);
        let paths = written.toolpath.paths().filter(|p| !p.segments.is_empty());
        paths.map(|p| p.start.x as i32 / 30).collect()
    };
    assert_eq!(order(&by_path, PassOrder::Source), [0, 0, 1, 1, 2, 2]);
    assert_eq!(order(&by_path, PassOrder::Layer), [0, 1, 2, 0, 1, 2]);
    assert_eq!(order(&by_pass, PassOrder::Source), [0, 1, 2, 0, 1, 2]);
    // Every other pass of an open path is turned round, so that nothing is travelled
    // between the two.
    assert_eq!(order(&by_pass, PassOrder::Path), [0, 1, 2]);
    let job = open(&format!("{start}{by_pass}M5\n"));
    let by_path = OptimizeOptions::default().with_passes(PassOrder::Path);
    let (was, is) = run(&job, &by_path).summaries();
    assert_eq!((was.burn_mm, is.burn_mm), (120.0, 120.0));
    assert!(is.travel_mm < 100.0, "{}", is.travel_mm);
}

/// Lines of 40 mm, a millimetre apart, each burned in 2.4 s.
fn hatch(count: u32) -> Job {
    let line = |i: u32| format!("G0 X0 Y{i}\nG1 X40\n");
    let body: String = (0..count).map(line).collect();
    open(&format!("G21 G90\nM4 S100 F1000\n{body}M5\nG0 X0 Y0\n"))
}

#[test]
fn lines_near_each_other_cool_as_far_as_an_order_can_do_it() {
    let machine = || preset("diode-laser").unwrap();
    let cool = |seconds| {
        let cool = Cool::new(seconds, machine()).with_distance(3.0);
        OptimizeOptions::default().with_cool(cool)
    };
    let job = hatch(40);
    let done = run(&job, &cool(4.0));
    assert!(done.diagnostics.has(Code("pass/cooled")));
    assert!(!done.diagnostics.has(Code("pass/hot")));
    // No two lines that follow each other, nor the one before, are near.
    let written = gcode::read(done.gcode.clone(), done.reading);
    let ys: Vec<f64> = written.toolpath.paths().map(|p| p.start.y).collect();
    let near = |a: f64, b: f64| (a - b).abs() < 3.0;
    let apart = |w: &[f64]| !near(w[0], w[1]) && !near(w[0], w[2]);
    assert!(ys[..40].windows(3).all(apart), "{ys:?}");
    // The beam does the same, with no dwell.
    let (was, is) = done.summaries();
    assert!((was.burn_mm - is.burn_mm).abs() < 0.1);
    assert!(!String::from_utf8_lossy(&done.gcode).contains("G4"));
    // Too few lines for so long a time.
    let done = run(&hatch(3), &cool(60.0));
    let said = done.diagnostics.as_slice();
    let hot = said.iter().find(|d| d.code == Code("pass/hot"));
    assert_eq!(hot.map(|d| d.count), Some(2));
    // A hole is still cut before its outline, and each plate before the next.
    let plates = open(&plates());
    let done = run(&plates, &cool(1.0).with_group_parts(true));
    assert!(!done.diagnostics.has(Code("pass/parts-apart")));
    for run in starts(&done).chunk_by(|a, b| plate(*a) == plate(*b)) {
        if plate(run[0]).is_some() {
            let [x, y] = run[4];
            assert!(
                (x - 10) % 60 % 50 == 0 && (y - 20) % 60 % 50 == 0,
                "{run:?}"
            );
        }
    }
    let wrong = OptimizeOptions::default().with_cool(Cool::new(0.0, machine()));
    assert!(job.optimize(&Objective::Travel, &wrong).is_err());
}

#[test]
fn what_is_asked_for_goes_together() {
    let job = open(&plates());
    for asked in 0..32_u32 {
        let is = |bit: u32| asked >> bit & 1 == 1;
        let mut options = OptimizeOptions::default()
            .with_start_anywhere(is(0))
            .with_group_parts(is(1))
            .with_split(is(2).then_some(Meeting::Crossings))
            .with_order_rasters(is(2));
        if is(3) {
            options = options.with_cool(Cool::new(2.0, preset("diode-laser").unwrap()));
        }
        if is(4) {
            options = options.with_passes(PassOrder::Path);
        }
        let done = run(&job, &options);
        assert!(done.pen_down_bound <= done.summaries().1.paths, "{asked}");
        if is(1) {
            let plates: Vec<_> = starts(&done).iter().map(|&s| plate(s)).collect();
            let runs = plates.chunk_by(|a, b| a == b).filter(|r| r[0].is_some());
            assert_eq!(runs.count(), 9, "{asked}: {plates:?}");
        }
    }
}
