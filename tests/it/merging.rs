//! What touches is one path: as few pen-downs as there can be, straight on at
//! crossings, and no more travel for it.

use proptest::prelude::*;
use trajet::geom::{Point, Point3};
use trajet::pass::{
    Context, Effort, Merge, Objective, Pass, Pipeline, Reorder, pen_down_bound, summarize,
};
use trajet::toolpath::{Attributes, Toolpath, verify};

type Line = (Point, Point);

fn at(p: Point) -> Point3 {
    Point3::new(p.x, p.y, 0.0)
}

fn burns() -> Attributes {
    Attributes {
        spindle: trajet::motion::SpindleMode::Dynamic,
        power: 500.0,
        rate: trajet::motion::Rate::Feed(20.0),
        ..Attributes::default()
    }
}

/// A drawing of lines, each a path of its own, in the order that a seed gives.
fn drawing(lines: &[Line], seed: u64) -> Toolpath {
    let mut random = Random(seed);
    let mut lines = lines.to_vec();
    for i in (1..lines.len()).rev() {
        lines.swap(i, random.below(i + 1));
    }
    let mut t = Toolpath::new(Point3::default());
    for (a, b) in lines {
        let (a, b) = if random.below(2) == 0 { (a, b) } else { (b, a) };
        t.push_path(at(a), [(at(b), 0.0)], burns(), 0);
    }
    t
}

struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % n
    }
}

/// The edges of a honeycomb, each once.
fn honeycomb(columns: i32, rows: i32) -> Vec<Line> {
    // The corners lie on a grid of halves: `x` in half widths, `y` in half sides.
    let corner = |x: i32, y: i32| Point::new(f64::from(x) * 2.598, f64::from(y) * 1.5);
    let mut edges = std::collections::BTreeSet::new();
    for j in 0..rows {
        for i in 0..columns {
            let (x, y) = (2 * i + 1 + j % 2, 3 * j + 2);
            let ring = [(0, -2), (1, -1), (1, 1), (0, 2), (-1, 1), (-1, -1)];
            for k in 0..6 {
                let end = |(dx, dy): (i32, i32)| (x + dx, y + dy);
                let (a, b) = (end(ring[k]), end(ring[(k + 1) % 6]));
                let _ = edges.insert((a.min(b), a.max(b)));
            }
        }
    }
    let line = |((a, b), (c, d))| (corner(a, b), corner(c, d));
    edges.into_iter().map(line).collect()
}

/// A street map: a lattice with its corners moved, of which so many of a hundred
/// edges are there.
fn streets(side: usize, share: usize, seed: u64) -> Vec<Line> {
    let mut random = Random(seed);
    let corners: Vec<Point> = (0..side * side)
        .map(|i| {
            let mut off = || random.below(1000) as f64 / 250.0;
            Point::new(
                (i % side) as f64 * 10.0 + off(),
                (i / side) as f64 * 10.0 + off(),
            )
        })
        .collect();
    let mut out = Vec::new();
    for i in 0..side * side {
        let right = (i % side + 1 < side).then_some(i + 1);
        let up = (i + side < side * side).then_some(i + side);
        for j in right.into_iter().chain(up) {
            if random.below(100) < share {
                out.push((corners[i], corners[j]));
            }
        }
    }
    out
}

/// Each of some points with those that are nearest to it.
fn neighbours(points: usize, each: usize, seed: u64) -> Vec<Line> {
    let mut random = Random(seed);
    let all: Vec<Point> = (0..points)
        .map(|_| {
            Point::new(
                random.below(10_000) as f64 / 100.0,
                random.below(10_000) as f64 / 100.0,
            )
        })
        .collect();
    let mut edges = std::collections::BTreeSet::new();
    for i in 0..points {
        let mut near: Vec<usize> = (0..points).filter(|&j| j != i).collect();
        near.sort_by(|&a, &b| all[i].distance(all[a]).total_cmp(&all[i].distance(all[b])));
        for &j in &near[..each] {
            let _ = edges.insert((i.min(j), i.max(j)));
        }
    }
    edges.into_iter().map(|(i, j)| (all[i], all[j])).collect()
}

/// Runs the passes of these names.
fn optimized(before: &Toolpath, names: &[&str]) -> Toolpath {
    let mut after = before.clone();
    let mut context = Context {
        effort: Effort::Fast,
        ..Context::default()
    };
    let pipeline = Pipeline::standard(0.01).unwrap().only(names).unwrap();
    let _ = pipeline.run(&mut after, &mut context).unwrap();
    let _ = verify(before, &after, 0.01).unwrap();
    after
}

/// Checks that a drawing is merged into as few paths as there can be, at no more than
/// 2 % of travel.
fn check(lines: &[Line], seed: u64) -> Toolpath {
    let before = drawing(lines, seed);
    let after = optimized(&before, &["reorder", "merge"]);
    let apart = optimized(&before, &["reorder"]);
    let least = pen_down_bound(&before, &Reorder::default());
    assert_eq!(after.paths().count(), least, "seed {seed}");
    let [merged, apart] = [&after, &apart].map(|t| summarize(t).travel_mm);
    assert!(merged <= apart * 1.02 + 1e-6, "{merged} {apart}");
    after
}

/// The angles by which a toolpath turns within its paths, added up, rad.
fn turns(t: &Toolpath) -> f64 {
    let mut sum = 0.0;
    for path in t.paths() {
        let ends: Vec<Point> = t.with_starts(path).map(|(a, _)| a.xy()).collect();
        let all = [ends, vec![t.end_of(path).xy()]].concat();
        sum += trajet::algo::corner::turns(&all)
            .iter()
            .map(|a| a.abs())
            .sum::<f64>();
    }
    sum
}

#[test]
fn honeycombs_have_as_few_paths_as_can_be() {
    for (columns, rows, seed) in [(1, 1, 1), (3, 2, 2), (6, 7, 3)] {
        let _ = check(&honeycomb(columns, rows), seed);
    }
}

#[test]
fn streets_have_as_few_paths_as_can_be() {
    for (side, share, seed) in [(6, 100, 1), (9, 90, 2), (9, 90, 3)] {
        let _ = check(&streets(side, share, seed), seed);
    }
}

#[test]
fn random_graphs_have_as_few_paths_as_can_be() {
    for seed in 1..4 {
        let _ = check(&neighbours(60, 3, seed), seed);
    }
}

#[test]
fn lines_go_straight_on_where_they_cross() {
    let before = drawing(&streets(9, 100, 5), 5);
    let ordered = optimized(&before, &["reorder"]);
    let merged = |straight| {
        let mut t = ordered.clone();
        let pass = Merge::default().with_straight(straight);
        let _ = pass.run(&mut t, &mut Context::default()).unwrap();
        let _ = verify(&before, &t, 0.01).unwrap();
        t
    };
    let (with, without) = (merged(true), merged(false));
    assert_eq!(with.paths().count(), without.paths().count());
    let travel = |t: &Toolpath| summarize(t).travel_mm;
    assert!((travel(&with) - travel(&without)).abs() < 1e-6);
    // The order can be kept: then what follows each other is fused, and that is all.
    let mut kept = ordered.clone();
    let pass = Merge::default().with_keep_order(true);
    let _ = pass.run(&mut kept, &mut Context::default()).unwrap();
    let ends = |t: &Toolpath| -> Vec<Point> {
        let of = |p| t.with_starts(p).map(|(a, _)| a.xy()).collect::<Vec<_>>();
        t.paths().flat_map(of).collect()
    };
    assert_eq!(ends(&kept), ends(&ordered));
    // Most corners of a lattice are crossings, where two of three ways turn.
    assert!(
        turns(&with) < turns(&without) / 2.0,
        "{} {}",
        turns(&with),
        turns(&without)
    );
    // With a machine's time as the objective it is kept because it takes less.
    let machine = trajet::machine::preset("diode-laser").unwrap();
    let mut timed = ordered;
    let mut context = Context {
        objective: Objective::Time(Box::new(machine)),
        ..Context::default()
    };
    let _ = Merge::default().run(&mut timed, &mut context).unwrap();
    assert!((turns(&timed) - turns(&with)).abs() < 1e-9);
}

#[test]
fn operations_are_never_joined() {
    let mut before = Toolpath::new(Point3::default());
    let point = |x: f64, y: f64| Point3::new(x, y, 0.0);
    let strong = Attributes {
        power: 900.0,
        ..burns()
    };
    // A cross of which each line has a power of its own, in two halves each.
    for (a, b, attributes) in [
        (point(0.0, 5.0), point(5.0, 5.0), burns()),
        (point(5.0, 5.0), point(10.0, 5.0), burns()),
        (point(5.0, 0.0), point(5.0, 5.0), strong),
        (point(5.0, 5.0), point(5.0, 10.0), strong),
    ] {
        before.push_path(a, [(b, 0.0)], attributes, 0);
    }
    let after = optimized(&before, &["reorder", "merge"]);
    assert_eq!(after.paths().count(), 2);
    for path in after.paths() {
        let [a, b] = after.segments(path) else {
            panic!("two halves each");
        };
        assert_eq!(a.attr, b.attr);
    }
}

#[test]
fn what_is_inside_stays_before_what_is_around_it() {
    let mut before = Toolpath::new(Point3::default());
    let point = |x: f64, y: f64| Point3::new(x, y, 0.0);
    let square = |r: f64| [(r, -r), (r, r), (-r, r), (-r, -r)].map(|(x, y)| (point(x, y), 0.0));
    // A cross within a frame that is drawn first, side by side.
    let mut from = point(-20.0, -20.0);
    for side in square(20.0) {
        before.push_path(from, [side], burns(), 0);
        from = side.0;
    }
    for (x, y) in [(5.0, 0.0), (0.0, 5.0), (-5.0, 0.0), (0.0, -5.0)] {
        before.push_path(point(0.0, 0.0), [(point(x, y), 0.0)], burns(), 0);
    }
    let after = optimized(&before, &["inside-first", "reorder", "merge"]);
    let inner = |p: &trajet::toolpath::Path| p.start.x.abs() < 6.0 && p.start.y.abs() < 6.0;
    let order: Vec<bool> = after.paths().map(inner).collect();
    assert_eq!(order, [true, true, false]);
    assert!(after.is_closed(after.paths().last().unwrap()));
    let cross: f64 = turns(&after);
    assert!((cross - 1.5 * std::f64::consts::PI).abs() < 1e-6, "{cross}");
}

#[test]
fn a_share_that_is_none_is_refused() {
    let mut t = drawing(&honeycomb(1, 1), 1);
    for spare in [-0.1, f64::NAN, f64::INFINITY] {
        let pass = Merge::default().with_spare(spare);
        assert!(pass.run(&mut t, &mut Context::default()).is_err());
    }
}

#[test]
fn a_trail_is_not_left_for_what_lies_beside_it() {
    // A long line in pieces, and a tick beside each joint: to go there and back costs
    // less than to come by again, unless a pen-down counts.
    let mut lines: Vec<Line> = (0..20)
        .map(|i| {
            (
                Point::new(f64::from(i) * 10.0, 0.0),
                Point::new(f64::from(i + 1) * 10.0, 0.0),
            )
        })
        .collect();
    lines.push((Point::new(100.0, 0.4), Point::new(100.2, 0.4)));
    // Far away, so that there is travel to spare.
    lines.push((Point::new(-300.0, 200.0), Point::new(-310.0, 200.0)));
    lines.push((Point::new(300.0, -300.0), Point::new(310.0, -300.0)));
    let before = drawing(&lines, 1);
    let run = |spare| {
        let mut t = optimized(&before, &["reorder"]);
        let pass = Merge::default().with_spare(spare);
        let _ = pass.run(&mut t, &mut Context::default()).unwrap();
        let _ = verify(&before, &t, 0.01).unwrap();
        (t.paths().count(), summarize(&t).travel_mm)
    };
    let (without, with) = (run(0.0), run(0.5));
    assert_eq!(pen_down_bound(&before, &Reorder::default()), 4);
    assert_eq!((without.0, with.0), (5, 4));
    assert!(without.1 < with.1 && with.1 <= without.1 * 1.5);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, max_shrink_iters: 50, ..ProptestConfig::default() })]

    #[test]
    fn connected_drawings_have_as_few_paths_as_can_be(
        picks in prop::collection::vec(0_usize..40, 4..40),
        seed in 0_u64..1000,
    ) {
        // Edges of a lattice of five by five, each picked one joined to what is there.
        let lattice = streets(5, 100, 9);
        let mut lines: Vec<Line> = vec![lattice[picks[0]]];
        for &k in &picks[1..] {
            let touches = |(a, b): &Line| lines.iter().any(|(c, d)| [c, d].iter().any(|p| *p == a || *p == b));
            let mut rest = lattice.iter().cycle().skip(k).take(lattice.len());
            if let Some(next) = rest.find(|l| !lines.contains(l) && touches(l)) {
                lines.push(*next);
            }
        }
        // To begin elsewhere for one trail less may be too far.
        let before = drawing(&lines, seed);
        let trails = optimized(&before, &["reorder", "merge"]).paths().count();
        let least = pen_down_bound(&before, &Reorder::default());
        prop_assert!((least..=least + 1).contains(&trails), "{trails} {least}");
    }
}
