//! What holds for every pass and any drawing: the same is burned within what the pass
//! says, a second time it finds nothing to do, and where the drawing lies, how it is
//! turned and in which order it comes changes nothing that counts.

use proptest::prelude::*;
use std::collections::BTreeSet;
use trajet::geom::{Point, Point3, midpoint};
use trajet::motion::{Rate, SpindleMode};
use trajet::pass::{
    Context, Dedupe, Effort, InsideFirst, Meeting, Merge, Overlaps, Pass, PassReport, Reorder,
    Split, pen_down_bound, summarize,
};
use trajet::toolpath::{Attributes, Toolpath, verify};

/// Its start, and the end and bulge of each segment.
type Shape = (Point, Vec<(Point, f64)>);

/// What is the rounding of sums, mm.
const ROUNDING: f64 = 1e-6;

/// Squares, bars, corners, arcs and circles on a lattice, so that they share ends, edges
/// and places where they cross.
fn shapes() -> impl Strategy<Value = Vec<Shape>> {
    let item = (0_u8..6, 0_i32..5, 0_i32..5, 1_i32..4, 0_u8..2);
    prop::collection::vec(item, 2..12).prop_map(|items| {
        let shape = |(kind, x, y, size, turned): (u8, i32, i32, i32, u8)| {
            let at = |dx: i32, dy: i32| {
                let (dx, dy) = if turned == 0 { (dx, dy) } else { (dy, dx) };
                Point::new(f64::from(x + dx) * 10.0, f64::from(y + dy) * 10.0)
            };
            let line = |p| (p, 0.0);
            let s = size;
            match kind {
                0 => (
                    at(0, 0),
                    vec![at(s, 0), at(s, s), at(0, s), at(0, 0)]
                        .into_iter()
                        .map(line)
                        .collect(),
                ),
                1 => (at(0, 0), vec![line(at(s, 0))]),
                2 => (at(0, 0), vec![line(at(s, 0)), line(at(s, s))]),
                3 => (at(0, 0), vec![(at(s, 0), 1.0)]),
                4 => (at(0, 0), vec![(at(s, 0), 1.0), (at(0, 0), 1.0)]),
                _ => (at(0, 0), vec![line(at(1, 0)), line(at(s + 1, 0))]),
            }
        };
        let mut seen = BTreeSet::new();
        let all = items.into_iter().map(shape);
        all.filter(|shape| seen.insert(what(shape))).collect()
    })
}

/// What a shape draws, wherever it begins: one that comes again is a pass, whose place in
/// the order matters.
fn what((start, segments): &Shape) -> Vec<[i64; 6]> {
    let mut from = *start;
    let mut out: Vec<[i64; 6]> = segments
        .iter()
        .map(|&(to, bulge)| {
            let key = |p: Point| [p.x, p.y].map(|v| (v * 10.0).round() as i64);
            let (a, b, m) = (key(from), key(to), key(midpoint(from, to, bulge)));
            from = to;
            let ([x, y], [u, v]) = (a.min(b), a.max(b));
            [x, y, u, v, m[0], m[1]]
        })
        .collect();
    out.sort_unstable();
    out
}

fn toolpath(shapes: &[Shape]) -> Toolpath {
    let at = |p: Point| Point3::new(p.x, p.y, 0.0);
    let burns = Attributes {
        spindle: SpindleMode::Dynamic,
        power: 500.0,
        rate: Rate::Feed(20.0),
        ..Attributes::default()
    };
    let mut t = Toolpath::new(Point3::default());
    for (start, segments) in shapes {
        let ends = segments.iter().map(|(p, bulge)| (at(*p), *bulge));
        t.push_path(at(*start), ends, burns, 0);
    }
    t
}

/// The same drawing elsewhere, turned, and in another order.
fn moved(shapes: &[Shape], angle: f64, by: (f64, f64), seed: usize) -> Vec<Shape> {
    let (s, c) = angle.sin_cos();
    let place = |p: Point| Point::new(c * p.x - s * p.y + by.0, s * p.x + c * p.y + by.1);
    let shape = |(start, segments): &Shape| {
        let segments = segments.iter().map(|(p, bulge)| (place(*p), *bulge));
        (place(*start), segments.collect())
    };
    let mut out: Vec<Shape> = shapes.iter().map(shape).collect();
    for i in (1..out.len()).rev() {
        out.swap(i, (seed * 31 + i * 17) % (i + 1));
    }
    out
}

type Boxed = Box<dyn Pass>;

/// What is done before a pass, and the pass.
fn passes() -> Vec<(Vec<Boxed>, Boxed)> {
    let dedupe = || Box::new(Dedupe::default().with_overlaps(Overlaps::All)) as Boxed;
    let split = Split::default().with_meeting(Meeting::Crossings);
    let inside: fn() -> Boxed = || Box::new(InsideFirst::default());
    let reorder: fn() -> Boxed = || Box::new(Reorder::default());
    vec![
        (vec![], inside()),
        (vec![inside()], dedupe()),
        (vec![inside()], Box::new(split)),
        (vec![inside()], reorder()),
        (vec![], Box::new(Merge::default())),
        (vec![inside(), reorder()], Box::new(Merge::default())),
    ]
}

fn run(pass: &dyn Pass, t: &mut Toolpath, context: &mut Context) -> PassReport {
    pass.run(t, context).unwrap()
}

fn context() -> Context {
    Context {
        effort: Effort::Fast,
        ..Context::default()
    }
}

/// Paths, the length burned and the travel, mm.
fn figures(t: &Toolpath) -> (usize, f64, f64) {
    let s = summarize(t);
    (s.paths, s.burn_mm, s.travel_mm)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, max_shrink_iters: 60, ..ProptestConfig::default() })]

    #[test]
    fn each_pass_burns_the_same_and_is_done_at_once(shapes in shapes()) {
        for (first, pass) in passes() {
            let (mut t, mut shared) = (toolpath(&shapes), context());
            for pass in &first {
                let _ = run(pass.as_ref(), &mut t, &mut shared);
            }
            let (before, name) = (t.clone(), pass.name());
            let free = shared.before.is_empty();
            let report = run(pass.as_ref(), &mut t, &mut shared);
            let moved = verify(&before, &t, report.deviation_mm + ROUNDING);
            prop_assert!(moved.is_ok(), "{name}: {moved:?}");
            let (_, burned, travel) = figures(&before);
            let once = figures(&t);
            prop_assert!((burned - report.removed_mm - once.1).abs() < ROUNDING, "{name}");
            if ["reorder", "merge"].contains(&name) && free {
                prop_assert!(once.2 <= travel * 1.02 + ROUNDING, "{name}: {travel} {once:?}");
            }
            // The same again, of what came out.
            let mut again = t.clone();
            let report = run(pass.as_ref(), &mut again, &mut shared);
            let moved = verify(&before, &again, moved.unwrap_or(0.0) + ROUNDING);
            prop_assert!(moved.is_ok(), "{name}: {moved:?}");
            let twice = figures(&again);
            prop_assert_eq!(twice.0, once.0, "{}", name);
            prop_assert!((twice.1 - once.1).abs() < ROUNDING, "{name}");
            prop_assert!(twice.2 <= once.2 + ROUNDING, "{name}: {once:?} {twice:?}");
            prop_assert!(report.removed_mm < ROUNDING && report.deviation_mm < ROUNDING);
            if ["dedupe", "split"].contains(&name) {
                prop_assert_eq!(report.changed, 0, "{}", name);
            }
        }
    }

    #[test]
    fn place_turn_and_order_of_the_drawing_do_not_matter(
        shapes in shapes(),
        angle in 0.0_f64..6.3,
        by in (-500.0_f64..500.0, -500.0_f64..500.0),
        seed in 0_usize..100,
    ) {
        let drawings = [shapes.clone(), moved(&shapes, angle, by, seed)].map(|s| toolpath(&s));
        let bounds = drawings.each_ref().map(|t| pen_down_bound(t, &Reorder::default()));
        prop_assert_eq!(bounds[0], bounds[1], "bound");
        for (first, pass) in passes() {
            let [a, b] = drawings.clone().map(|mut t| {
                let mut shared = context();
                for pass in &first {
                    let _ = run(pass.as_ref(), &mut t, &mut shared);
                }
                let least = pen_down_bound(&t, &Reorder::default());
                let report = run(pass.as_ref(), &mut t, &mut shared);
                (figures(&t), least, report)
            });
            let name = pass.name();
            prop_assert!((a.0.1 - b.0.1).abs() < ROUNDING, "{name}: {a:?} {b:?}");
            prop_assert!((a.2.removed_mm - b.2.removed_mm).abs() < ROUNDING, "{name}");
            match name {
                "inside-first" => prop_assert_eq!(a.2.changed, b.2.changed),
                "reorder" => prop_assert_eq!(a.0.0, b.0.0),
                // As few as can be is as few anywhere.
                "merge" if a.0.0 == a.1 && b.0.0 == b.1 => prop_assert_eq!(a.1, b.1),
                _ => {}
            }
        }
    }
}
