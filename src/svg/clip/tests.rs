use super::area::Left;
use super::cross::meetings;
use super::region::segs;
use super::seg::{Rect, Seg};
use super::tree::Tree;
use super::*;
use crate::geom::Point;
use crate::svg::drawing::{FillRule, Span};
use crate::svg::outline::Run;
use proptest::prelude::*;
use std::sync::Arc;

const ROOM: f64 = 1e-4;
const TOUCH: f64 = 0.02;

const fn plenty() -> usize {
    100_000_000
}

/// A closed contour of points, each with the bulge of the segment to the next.
fn closed(points: &[(f64, f64, f64)]) -> Run {
    let at = |i: usize| Point::new(points[i].0, points[i].1);
    let n = points.len();
    let spans = (0..n).filter(|&i| at(i) != at((i + 1) % n)).map(|i| Span {
        end: at((i + 1) % n),
        bulge: points[i].2,
    });
    Run {
        start: at(0),
        spans: spans.collect(),
        closed: true,
        deviation_mm: 0.001,
        ring: None,
    }
}

fn open(points: &[(f64, f64, f64)]) -> Run {
    let mut run = closed(points);
    let _ = run.spans.pop();
    run.closed = false;
    run
}

fn rect(x: f64, y: f64, w: f64, h: f64) -> Run {
    closed(&[
        (x, y, 0.0),
        (x + w, y, 0.0),
        (x + w, y + h, 0.0),
        (x, y + h, 0.0),
    ])
}

fn circle(x: f64, y: f64, r: f64) -> Run {
    closed(&[(x - r, y, 1.0), (x + r, y, 1.0)])
}

fn region(shapes: &[(Vec<Run>, FillRule)]) -> Region {
    Region::default().with(&[Arc::new(Stencil::new(shapes))])
}

fn one(run: &Run) -> Region {
    region(&[(vec![copy(run)], FillRule::NonZero)])
}

fn copy(run: &Run) -> Run {
    Run {
        start: run.start,
        spans: run.spans.clone(),
        ..*run
    }
}

fn length(runs: &[Run]) -> f64 {
    runs.iter().flat_map(segs).map(|s| s.length()).sum()
}

fn parts(kept: Kept) -> Vec<Run> {
    match kept {
        Kept::Whole(run) => vec![run],
        Kept::Parts(list) => list,
        Kept::Failed(_) => panic!("too much work"),
    }
}

fn winding(runs: &[Run], p: Point) -> i32 {
    runs.iter().flat_map(segs).map(|s| s.winding(p)).sum()
}

fn is_inside(rule: FillRule, n: i32) -> bool {
    super::region::inside(rule, n)
}

fn off(runs: &[Run], p: Point) -> f64 {
    runs.iter()
        .flat_map(segs)
        .map(|s| crate::geom::distance_to(s.from, s.to, s.bulge, p))
        .fold(f64::INFINITY, f64::min)
}

#[test]
fn fractions_and_parts_agree_for_any_bulge() {
    for bulge in [
        0.0, 1e-12, -1e-6, 1e-3, -0.2, 0.29, 0.31, -0.7, 1.0, -1.0, 1.7,
    ] {
        let seg = Seg {
            from: Point::new(3.0, -2.0),
            to: Point::new(7.0, 1.0),
            bulge,
        };
        for i in 0..=20 {
            let t = f64::from(i) / 20.0;
            let p = seg.at(t);
            assert!((seg.fraction(p) - t).abs() < 1e-9, "{bulge} {t}");
            assert!(seg.off(p) < 1e-9, "{bulge} {t}");
            let half = crate::geom::midpoint(seg.from, p, seg.part(0.0, t));
            assert!(half.distance(seg.at(t / 2.0)) < 1e-9, "{bulge} {t}");
            let (a, b) = (seg.at(t - 1e-6), seg.at(t + 1e-6));
            let way = (b - a) * (1.0 / b.distance(a));
            assert!(way.distance(seg.tangent(t)) < 1e-5, "{bulge} {t}");
        }
    }
}

#[test]
fn a_line_through_a_circle_keeps_its_chord() {
    let region = one(&circle(0.0, 0.0, 5.0));
    let line = open(&[(-9.0, 3.0, 0.0), (9.0, 3.0, 0.0)]);
    let kept = parts(split(line, &region, TOUCH, 0.0, &mut plenty()));
    assert_eq!(kept.len(), 1);
    assert!(kept[0].start.distance(Point::new(-4.0, 3.0)) < 1e-12);
    assert!(kept[0].spans[0].end.distance(Point::new(4.0, 3.0)) < 1e-12);
    assert!(!kept[0].closed);
    // A circle across the edge of a square: one arc, across its own start.
    let square = one(&rect(-10.0, -10.0, 10.0, 20.0));
    let kept = parts(split(
        circle(0.0, 0.0, 5.0),
        &square,
        TOUCH,
        0.0,
        &mut plenty(),
    ));
    assert_eq!(kept.len(), 1);
    assert!((length(&kept) - 5.0 * std::f64::consts::PI).abs() < 1e-9);
    assert_eq!(kept[0].spans.len(), 2);
    assert!(kept[0].spans.iter().all(|s| s.bulge > 0.4));
    assert!(kept[0].start.distance(Point::new(0.0, 5.0)) < 1e-9);
}

#[test]
fn what_the_edge_does_not_cross_is_untouched_or_gone() {
    let region = one(&rect(0.0, 0.0, 10.0, 10.0));
    let inside = circle(5.0, 5.0, 2.0);
    let Kept::Whole(same) = split(copy(&inside), &region, TOUCH, 0.0, &mut plenty()) else {
        panic!("cut");
    };
    assert_eq!((same.start, &same.spans), (inside.start, &inside.spans));
    assert!(
        parts(split(
            circle(20.0, 5.0, 2.0),
            &region,
            TOUCH,
            0.0,
            &mut plenty()
        ))
        .is_empty()
    );
    // Around the region, and across nothing.
    assert!(
        parts(split(
            circle(5.0, 5.0, 20.0),
            &region,
            TOUCH,
            0.0,
            &mut plenty()
        ))
        .is_empty()
    );
    let left = area(
        vec![circle(5.0, 5.0, 20.0)],
        FillRule::NonZero,
        &region,
        ROOM,
        0.01,
        &mut plenty(),
    );
    assert_eq!(left.runs.len(), 1);
    assert!(left.runs[0].1 && (length(&[copy(&left.runs[0].0)]) - 40.0).abs() < 1e-9);
    // Along the edge, on it or a little off: all of it shows.
    for d in [0.0, 1e-12, -1e-12, 0.01, -0.01] {
        let on = rect(d, d, 10.0 - 2.0 * d, 10.0 - 2.0 * d);
        assert!(
            matches!(
                split(on, &region, TOUCH, 0.0, &mut plenty()),
                Kept::Whole(_)
            ),
            "{d}"
        );
    }
    let same = rect(0.0, 0.0, 10.0, 10.0);
    let left = area(
        vec![copy(&same)],
        FillRule::NonZero,
        &region,
        ROOM,
        0.01,
        &mut plenty(),
    );
    assert_eq!(
        (left.runs[0].0.spans.clone(), left.runs[0].1),
        (same.spans, false)
    );
}

#[test]
fn a_fill_across_the_edge_keeps_its_arcs() {
    let region = one(&rect(0.0, 0.0, 10.0, 10.0));
    let fills = vec![
        circle(0.0, 5.0, 3.0),
        circle(5.0, 5.0, 1.0),
        circle(30.0, 5.0, 1.0),
    ];
    let left = area(fills, FillRule::NonZero, &region, ROOM, 0.01, &mut plenty());
    assert!(!left.failed);
    assert_eq!(left.runs.len(), 2);
    let half = left.runs.iter().find(|(_, cut)| *cut).unwrap();
    assert_eq!(half.0.spans.len(), 3);
    let arcs = half.0.spans.iter().filter(|s| s.bulge != 0.0).count();
    assert_eq!(arcs, 2);
    assert!((length(&[copy(&half.0)]) - (3.0 * std::f64::consts::PI + 6.0)).abs() < 1e-6);
    assert!(half.0.deviation_mm <= 0.001 + ROOM);
}

#[test]
fn an_edge_through_the_point_where_others_meet() {
    // Twice a half circle that runs into a line, a rounding apart: where one of them
    // crosses that line, the other and the line's double are as near as can be.
    let half = |d: f64| closed(&[(7.0, 3.0, -1.0), (8.0, 7.0 + d, 0.0), (4.0, 8.0, 0.0)]);
    let clip = [(vec![half(5.6e-11)], FillRule::NonZero)];
    check_area(&[half(0.0)], FillRule::NonZero, &clip);
}

#[test]
fn overlapping_and_nested_stencils() {
    // Two shapes of one clip path are one area; two clip paths leave what both do.
    let two = [
        (vec![rect(0.0, 0.0, 6.0, 10.0)], FillRule::NonZero),
        (vec![rect(4.0, 0.0, 6.0, 10.0)], FillRule::EvenOdd),
    ];
    let line = || open(&[(-5.0, 5.0, 0.0), (15.0, 5.0, 0.0)]);
    let kept = parts(split(line(), &region(&two), TOUCH, 0.0, &mut plenty()));
    assert_eq!(kept.len(), 1);
    assert_eq!(kept[0].spans.len(), 1);
    let both = one(&two[0].0[0]).with(&[Arc::new(Stencil::new(&two[1..]))]);
    let kept = parts(split(line(), &both, TOUCH, 0.0, &mut plenty()));
    assert!((length(&kept) - 2.0).abs() < 1e-9);
    let left = area(
        vec![rect(-5.0, 2.0, 30.0, 2.0)],
        FillRule::NonZero,
        &both,
        ROOM,
        0.01,
        &mut plenty(),
    );
    assert!((length(&[copy(&left.runs[0].0)]) - 8.0).abs() < 1e-9);
    let left = area(
        vec![rect(-5.0, 2.0, 30.0, 2.0)],
        FillRule::NonZero,
        &region(&two),
        ROOM,
        0.01,
        &mut plenty(),
    );
    assert_eq!(left.runs.len(), 1);
    assert!((length(&[copy(&left.runs[0].0)]) - 24.0).abs() < 1e-9);
}

#[test]
fn ten_thousand_edges_over_ten_thousand_spans() {
    // A comb over a zigzag: every tooth is cut by every line of the zigzag's row.
    let n = 2_500;
    let mut comb: Vec<(f64, f64, f64)> = Vec::new();
    for i in 0..n {
        let x = f64::from(i);
        comb.extend([
            (x, 0.0, 0.0),
            (x, 10.0, 0.0),
            (x + 0.5, 10.0, 0.0),
            (x + 0.5, 0.0, 0.0),
        ]);
    }
    comb.extend([(f64::from(n), -1.0, 0.0), (0.0, -1.0, 0.0)]);
    let region = one(&closed(&comb));
    let zigzag: Vec<(f64, f64, f64)> = (0..4 * n)
        .map(|i| (f64::from(i) / 4.0, if i % 2 == 0 { 4.0 } else { 6.0 }, 0.1))
        .collect();
    let kept = parts(split(open(&zigzag), &region, TOUCH, 0.0, &mut plenty()));
    assert_eq!(kept.len(), n as usize);
    let band: Vec<Run> = (0..n)
        .map(|i| rect(f64::from(i) + 0.25, 3.0, 0.5, 3.0))
        .collect();
    let mut work = 10_000_000;
    let left = area(band, FillRule::NonZero, &region, ROOM, 0.01, &mut work);
    assert_eq!((left.runs.len(), left.failed), (n as usize, false));
    let spent = 10_000_000 - work;
    assert!(spent < 200 * n as usize, "{spent}");
    // Where the work left does not reach, all is there as it was.
    let left = area(
        vec![rect(0.25, 3.0, 9.0, 3.0)],
        FillRule::NonZero,
        &region,
        ROOM,
        0.01,
        &mut 10,
    );
    assert!(left.failed && left.runs.len() == 1 && !left.runs[0].1);
    let cut = split(open(&zigzag), &region, TOUCH, 0.0, &mut 10);
    assert!(matches!(cut, Kept::Failed(_)));
}

/// Contours on a coarse grid, where everything coincides, or anywhere.
fn contours(grid: bool) -> impl Strategy<Value = Vec<Run>> {
    let point = (0..9_i32, 0..9_i32, 0..5_usize, -0.4..0.4_f64, -0.4..0.4_f64);
    let contour = prop::collection::vec(point, 3..8);
    prop::collection::vec(contour, 1..4).prop_map(move |list| {
        list.iter()
            .map(|points| {
                let place = |&(x, y, b, dx, dy): &(i32, i32, usize, f64, f64)| {
                    let bulge = [0.0, 0.0, 1.0, -1.0, 0.41421356237309503][b];
                    let move_by = if grid { (0.0, 0.0) } else { (dx, dy) };
                    (
                        f64::from(x) + move_by.0,
                        f64::from(y) + move_by.1,
                        if grid { bulge } else { bulge * (1.0 + dx) },
                    )
                };
                closed(&points.iter().map(place).collect::<Vec<_>>())
            })
            .filter(|run| !run.spans.is_empty())
            .collect()
    })
}

fn rule() -> impl Strategy<Value = FillRule> {
    prop_oneof![Just(FillRule::NonZero), Just(FillRule::EvenOdd)]
}

/// The area of a fill cut by a region, checked against what both say of points.
fn check_area(fill: &[Run], rule: FillRule, clip: &[(Vec<Run>, FillRule)]) {
    let left: Left = area(
        fill.iter().map(copy).collect(),
        rule,
        &region(clip),
        ROOM,
        0.0,
        &mut plenty(),
    );
    assert!(!left.failed, "pieces do not close");
    let result: Vec<Run> = left.runs.iter().map(|(run, _)| copy(run)).collect();
    for run in &result {
        assert!(run.closed && run.spans.last().unwrap().end == run.start);
    }
    let mut all: Vec<Run> = fill.iter().map(copy).collect();
    all.extend(clip.iter().flat_map(|c| c.0.iter().map(copy)));
    for i in 0..400 {
        let (x, y) = (f64::from(i % 20), f64::from(i / 20));
        let p = Point::new(x * 0.617 - 2.013, y * 0.611 - 2.007);
        if off(&all, p) < 2.0 * ROOM {
            continue;
        }
        let seen = is_inside(rule, winding(fill, p))
            && clip
                .iter()
                .any(|(runs, rule)| is_inside(*rule, winding(runs, p)));
        let found = is_inside(rule, winding(&result, p));
        assert_eq!(seen, found, "{p:?}");
    }
}

/// Inside and outside of a region make up the whole of a line.
fn check_split(line: &Run, clip: &[Run]) {
    let inside = region(&[(clip.iter().map(copy).collect(), FillRule::EvenOdd)]);
    let mut around: Vec<Run> = clip.iter().map(copy).collect();
    around.push(rect(-50.0, -50.0, 100.0, 100.0));
    let outside = region(&[(around, FillRule::EvenOdd)]);
    let touch = 1e-6;
    let a = parts(split(copy(line), &inside, touch, 0.0, &mut plenty()));
    let b = parts(split(copy(line), &outside, touch, 0.0, &mut plenty()));
    for (part, rule) in a.iter().map(|p| (p, 1)).chain(b.iter().map(|p| (p, 0))) {
        for s in segs(part) {
            let m = s.at(0.5);
            assert!(
                winding(clip, m).rem_euclid(2) == rule || off(clip, m) <= 2.0 * touch,
                "{m:?}"
            );
            assert!(off(&[copy(line)], m) < 1e-9);
        }
    }
    // What runs along the edge belongs to both.
    let along: f64 = segs(line)
        .flat_map(|s| (0..200).map(move |i| (s, (f64::from(i) + 0.5) / 200.0)))
        .filter(|(s, t)| off(clip, s.at(*t)) < 1e-7)
        .map(|(s, _)| s.length() / 200.0)
        .sum();
    let (sum, whole) = (length(&a) + length(&b), length(&[copy(line)]));
    assert!(
        sum >= whole - 1e-6
            && sum <= whole + along * 1.05 + 0.5 * f64::from(u8::from(along > 0.0)) + 1e-3,
        "{sum} {whole} {along}"
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn fills_are_cut_right_anywhere(fill in contours(false), a in rule(), clip in contours(false), b in rule(), more in contours(false)) {
        check_area(&fill, a, &[(clip, b), (more, FillRule::NonZero)]);
    }

    #[test]
    fn fills_are_cut_right_where_all_coincides(fill in contours(true), a in rule(), clip in contours(true), b in rule(), more in contours(true)) {
        check_area(&fill, a, &[(clip, b), (more, FillRule::NonZero)]);
    }

    /// The region is the fill again, each point a little off.
    #[test]
    fn fills_are_cut_right_where_all_nearly_coincides(fill in contours(true), a in rule(), off in prop::collection::vec((-1.0..1.0_f64, -1.0..1.0_f64), 32), by in -12..-3_i32) {
        let by = 10.0_f64.powi(by);
        let mut moves = off.iter().cycle();
        let moved = |run: &Run| {
            let mut run = copy(run);
            for span in &mut run.spans {
                let (x, y) = moves.next().unwrap();
                span.end = span.end + Point::new(x * by, y * by);
            }
            run.start = run.spans.last().unwrap().end;
            run
        };
        let clip: Vec<Run> = fill.iter().map(moved).collect();
        check_area(&fill, a, &[(clip, a)]);
    }

    #[test]
    fn lines_are_cut_right_anywhere(line in contours(false), clip in contours(false)) {
        prop_assume!(!line.is_empty());
        check_split(&line[0], &clip);
    }

    #[test]
    fn lines_are_cut_right_where_all_coincides(line in contours(true), clip in contours(true)) {
        prop_assume!(!line.is_empty());
        check_split(&line[0], &clip);
    }

    #[test]
    fn the_tree_counts_as_all_segments_do(runs in contours(true), more in contours(false), x in -1.0..9.0_f64, y in 0..16_u8) {
        let list: Vec<(Vec<Seg>, u32)> = runs.iter().map(|r| (segs(r).collect(), 0)).chain(more.iter().map(|r| (segs(r).collect(), 1))).collect();
        let tree = Tree::new(&list);
        let mut sums = Vec::new();
        for p in [Point::new(x, f64::from(y) / 2.0), Point::new(x.round(), f64::from(y) / 2.0)] {
            tree.winding(p, &mut sums);
            for (part, runs) in [&runs, &more].into_iter().enumerate() {
                let sum = sums.iter().find(|s| s.0 == part as u32).map_or(0, |s| s.1);
                prop_assert_eq!(sum, winding(runs, p));
            }
            let mut near = 0;
            let at = Rect { min: p, max: p };
            tree.near(&at, 0.5, |_| { near += 1; true });
            let all = list.iter().flat_map(|l| &l.0).filter(|s| s.rect().near(&at, 0.5)).count();
            prop_assert_eq!(near, all);
        }
    }

    #[test]
    fn meetings_lie_on_both(a in contours(false), b in contours(true)) {
        for s in a.iter().flat_map(segs) {
            for t in b.iter().flat_map(segs) {
                meetings(&s, &t, 1e-9, |u, v| assert!(s.at(u).distance(t.at(v)) < 1e-7, "{s:?} {t:?} {u} {v}"));
                // As many as a fine look along one finds changes of side of the other.
                let mut count = 0;
                meetings(&s, &t, 1e-9, |_, _| count += 1);
                let n = 400;
                let crossings = (0..n).filter(|i| {
                    let (p, q) = (s.at(f64::from(*i) / f64::from(n)), s.at((f64::from(*i) + 1.0) / f64::from(n)));
                    let on = |p: Point| (1e-3..1.0 - 1e-3).contains(&t.fraction(p));
                    on(p) && on(q) && (t.equation_at(p) > 0.0) != (t.equation_at(q) > 0.0)
                        && t.off(p) < 0.1
                }).count();
                prop_assert!(count >= crossings, "{:?} {:?}: {} of {}", s, t, count, crossings);
            }
        }
    }
}
