use super::*;
use proptest::prelude::*;
use std::collections::BTreeMap;

const TOUCH: f64 = 0.001;

fn p(x: f64, y: f64) -> Point {
    Point::new(x, y)
}

fn line(a: Point, b: Point) -> Stroke {
    Stroke {
        ends: [End { at: a, out: a - b }, End { at: b, out: b - a }],
        free: true,
    }
}

fn lines(points: &[(f64, f64)]) -> Vec<Stroke> {
    let points: Vec<Point> = points.iter().map(|&(x, y)| p(x, y)).collect();
    points.windows(2).map(|w| line(w[0], w[1])).collect()
}

/// The strokes as they are run.
fn run(strokes: &[Stroke], order: &[(u32, bool)]) -> Vec<Stroke> {
    let turned = |s: &Stroke, reversed| match (s.ends, reversed) {
        ([a, b], true) => Stroke { ends: [b, a], ..*s },
        _ => *s,
    };
    order
        .iter()
        .map(|&(i, reversed)| turned(&strokes[i as usize], reversed))
        .collect()
}

/// Joints, travel in mm, and turn in rad.
fn measure(strokes: &[Stroke]) -> (usize, f64, f64) {
    let mut sum = (0, 0.0, 0.0);
    for w in strokes.windows(2) {
        let (a, b) = (&w[0].ends[1], &w[1].ends[0]);
        let hop = a.at.distance(b.at);
        if hop <= TOUCH {
            sum.0 += 1;
            sum.2 += turn(a, b);
        }
        sum.1 += hop;
    }
    sum
}

/// Checks what is promised; gives the turn before and after.
fn check(strokes: &[Stroke]) -> (f64, f64) {
    let before = measure(strokes);
    let Some(order) = straighten(strokes, TOUCH) else {
        return (before.2, before.2);
    };
    let mut seen: Vec<u32> = order.iter().map(|o| o.0).collect();
    seen.sort_unstable();
    assert_eq!(seen, (0..strokes.len() as u32).collect::<Vec<_>>());
    let now = run(strokes, &order);
    let after = measure(&now);
    assert_eq!(before.0, after.0, "joints");
    assert!((before.1 - after.1).abs() < 1e-9, "travel");
    assert!(after.2 < before.2);
    let at = |s: &[Stroke]| (s[0].ends[0].at, s[s.len() - 1].ends[1].at);
    assert_eq!(at(strokes), at(&now), "begins and ends where it did");
    (before.2, after.2)
}

#[test]
fn a_crossing_is_run_straight() {
    // Two corners that meet at (1, 1), then the way from one to the other.
    let mut strokes = lines(&[(0.0, 1.0), (1.0, 1.0), (1.0, 0.0)]);
    strokes.extend(lines(&[(2.0, 1.0), (1.0, 1.0), (1.0, 2.0)]));
    let (before, after) = check(&strokes);
    assert!((before - std::f64::consts::PI).abs() < 1e-9);
    assert!(after.abs() < 1e-9);
}

#[test]
fn a_branch_begins_where_it_leaves_a_straight_line() {
    let corner = lines(&[(0.0, 0.0), (1.0, 0.0), (1.0, 1.0)]);
    let mut strokes = corner.clone();
    strokes.extend(lines(&[(2.0, 0.0), (1.0, 0.0)]));
    strokes.extend(lines(&[(5.0, 0.0), (6.0, 0.0)]));
    let (_, after) = check(&strokes);
    assert!(after.abs() < 1e-9);
    // Where the branch would be a ring with the way back, it cannot.
    let mut strokes = corner;
    strokes.extend(lines(&[(1.0, 0.0), (2.0, 0.0)]));
    assert!(straighten(&strokes, TOUCH).is_none());
}

#[test]
fn no_ring_is_split_off() {
    // Straight on at the crossing of an eight would leave the second loop alone: one
    // turns round it the other way instead, or not at all.
    let eight = lines(&[
        (0.0, 0.0),
        (1.0, 1.0),
        (2.0, 2.0),
        (2.0, 0.0),
        (1.0, 1.0),
        (0.0, 2.0),
        (0.0, 0.0),
    ]);
    let (before, after) = check(&eight);
    assert!((before - after).abs() < 1e-9);
    // From a corner into it and out again, where straight on is a way as well.
    let corner = lines(&[
        (0.0, 0.0),
        (1.0, 1.0),
        (2.0, 0.0),
        (2.0, 2.0),
        (1.0, 1.0),
        (0.0, 2.0),
    ]);
    let (before, after) = check(&corner);
    assert!(after < before - 3.0);
}

#[test]
fn what_is_not_free_keeps_its_neighbours() {
    let mut strokes = lines(&[(0.0, 1.0), (1.0, 1.0), (1.0, 0.0)]);
    strokes.extend(lines(&[(2.0, 1.0), (1.0, 1.0), (1.0, 2.0)]));
    strokes[1].free = false;
    assert!(straighten(&strokes, TOUCH).is_none());
}

#[test]
fn ends_that_touch_through_others_only_are_not_joined() {
    let mut strokes = lines(&[(0.0, 1.0), (1.0, 1.0), (1.0, 0.0)]);
    strokes.extend(lines(&[(2.0, 1.0), (1.0, 1.0), (1.0, 2.0)]));
    for stroke in &mut strokes[2..] {
        for end in &mut stroke.ends {
            end.at = end.at + p(0.0008, 0.0);
        }
    }
    assert!(straighten(&strokes, TOUCH).is_some());
    for stroke in &mut strokes[2..] {
        for end in &mut stroke.ends {
            end.at = end.at + p(0.0004, 0.0);
        }
    }
    // In between, such that all are one node.
    strokes.extend(lines(&[(1.0006, 1.0), (1.0006, 5.0)]));
    assert!(straighten(&strokes, TOUCH).is_none());
}

#[test]
fn many_lines_through_one_point_are_run_straight() {
    let n = 40;
    let at = |k: i32| {
        let (s, c) = (f64::from(k) * std::f64::consts::PI / f64::from(n)).sin_cos();
        p(c, s)
    };
    // Each ray is followed by the one beside it.
    let mut strokes = Vec::new();
    for k in 0..n {
        strokes.push(line(at(2 * k), p(0.0, 0.0)));
        strokes.push(line(p(0.0, 0.0), at(2 * k + 1)));
    }
    let (before, after) = check(&strokes);
    assert!(before > 100.0 && after < 4.0, "{before} {after}");
    // So many that they are left alone: still as it was.
    let star: Vec<Stroke> = (0..500)
        .flat_map(|_| [line(at(0), p(0.0, 0.0)), line(p(0.0, 0.0), at(7))])
        .collect();
    let _ = check(&star);
}

/// Checks what is promised of fused strokes; gives the joints before and after.
fn check_fused(strokes: &[Stroke]) -> (usize, usize) {
    let before = measure(strokes);
    let Some(order) = fuse(strokes, TOUCH) else {
        return (before.0, before.0);
    };
    let mut seen: Vec<u32> = order.iter().map(|o| o.0).collect();
    seen.sort_unstable();
    assert_eq!(seen, (0..strokes.len() as u32).collect::<Vec<_>>());
    let now = run(strokes, &order);
    let after = measure(&now);
    assert!(after.0 > before.0);
    // From a place, and to one.
    for (from, to) in [(p(-3.0, 0.5), p(4.0, -2.0)), (p(1.0, 1.0), p(1.0, 1.0))] {
        let all = |s: &[Stroke]| {
            from.distance(s[0].ends[0].at) + measure(s).1 + s[s.len() - 1].ends[1].at.distance(to)
        };
        assert!(all(&now) < all(strokes) + 1e-9);
    }
    (before.0, after.0)
}

#[test]
fn trails_that_end_where_another_begins_become_one() {
    // There and back between the two halves of a line.
    let mut strokes = lines(&[(0.0, 0.0), (1.0, 0.0)]);
    strokes.extend(lines(&[(5.0, 5.0), (1.0, 4.0)]));
    strokes.extend(lines(&[(2.0, 0.0), (1.0, 0.0)]));
    assert_eq!(check_fused(&strokes), (0, 1));
    // The other way round, what lies between would be a ring of its own.
    strokes[2] = line(p(1.0, 0.0), p(2.0, 0.0));
    assert_eq!(check_fused(&strokes), (0, 0));
    // Unless it meets the rest somewhere.
    strokes.push(line(p(2.0, 0.0), p(5.0, 5.0)));
    assert_eq!(check_fused(&strokes), (1, 3));
    strokes[0].free = false;
    assert_eq!(check_fused(&strokes), (1, 1));
}

/// The least turn over all orders of at most five strokes with as many joints, as
/// much travel, and the same ends.
fn least(strokes: &[Stroke]) -> f64 {
    let n = strokes.len();
    let goal = measure(strokes);
    let at = |s: &[Stroke]| (s[0].ends[0].at, s[s.len() - 1].ends[1].at);
    let mut orders: Vec<Vec<u32>> = vec![Vec::new()];
    for _ in 0..n {
        orders = orders
            .iter()
            .flat_map(|o| {
                let rest = (0..n as u32).filter(|i| !o.contains(i));
                rest.map(|i| [o.as_slice(), &[i]].concat())
                    .collect::<Vec<_>>()
            })
            .collect();
    }
    let mut best = f64::INFINITY;
    for order in orders {
        for turned in 0..1_u32 << n {
            let with: Vec<(u32, bool)> = order.iter().map(|&i| (i, turned >> i & 1 == 1)).collect();
            let now = run(strokes, &with);
            let (joints, travel, turn) = measure(&now);
            if joints == goal.0 && (travel - goal.1).abs() < 1e-9 && at(&now) == at(strokes) {
                best = best.min(turn);
            }
        }
    }
    best
}

fn node() -> impl Strategy<Value = (i32, i32)> {
    (0..3, 0..3)
}

fn small(most: usize) -> impl Strategy<Value = Vec<Stroke>> {
    let stroke = (node(), node()).prop_filter_map("a length", |(a, b)| {
        let at = |(x, y): (i32, i32)| p(f64::from(x), f64::from(y));
        (a != b).then(|| line(at(a), at(b)))
    });
    prop::collection::vec(stroke, 2..=most)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn what_hangs_together_is_drawn_in_as_few_trails_as_can_be(strokes in small(40)) {
        let ends: Vec<[Point; 2]> = strokes.iter().map(|s| s.ends.map(|e| e.at)).collect();
        let (of, nodes) = graph::nodes(&ends, TOUCH);
        let mut parts = Sets::new(nodes);
        let joined = of.iter().filter(|[a, b]| parts.join(*a, *b)).count();
        let (_, after) = check_fused(&strokes);
        if joined + 1 == nodes {
            let order = fuse(&strokes, TOUCH).map(|order| run(&strokes, &order));
            let now = order.unwrap_or_else(|| strokes.clone());
            let round = now[0].ends[0].at == now[now.len() - 1].ends[1].at;
            let least = graph::least_trails(&ends, TOUCH);
            let trails = strokes.len() - after;
            prop_assert!(trails == least || round && trails == least + 1, "{trails} {least}");
        }
    }

    #[test]
    fn never_below_the_least_of_all_orders(strokes in small(5)) {
        let (before, after) = check(&strokes);
        let least = least(&strokes);
        prop_assert!(after > least - 1e-9 && after <= before);
    }

    #[test]
    fn joints_travel_and_ends_stay(strokes in small(60)) {
        let (_, after) = check(&strokes);
        // Once more finds no more than a little.
        if let Some(order) = straighten(&strokes, TOUCH) {
            let again = check(&run(&strokes, &order));
            prop_assert!(again.1 <= after + 1e-9);
        }
    }
}

#[test]
fn the_least_is_found_in_most_small_drawings() {
    let mut found = BTreeMap::new();
    let mut seed = 1_u64;
    let mut random = |n: u64| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (seed >> 33) % n
    };
    for _ in 0..60 {
        let mut at = p(0.0, 0.0);
        let strokes: Vec<Stroke> = (0..5)
            .map(|_| {
                let from = at;
                while at == from {
                    at = p(random(3) as f64, random(2) as f64);
                }
                line(from, at)
            })
            .collect();
        let (_, after) = check(&strokes);
        let is_least = after < least(&strokes) + 1e-9;
        *found.entry(is_least).or_insert(0) += 1;
    }
    assert!(found[&true] > 52, "{found:?}");
}
