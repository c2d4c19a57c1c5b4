use super::*;
use crate::geom::{distance_to, midpoint, point_at, sweep};
use proptest::prelude::*;
use std::f64::consts::{PI, TAU};

/// Lines and arcs as (start, end, bulge).
type Chain = Vec<(Point, Point, f64)>;

fn chain(points: &[Point], fit: &Fit) -> Chain {
    let pieces = match fit {
        Fit::Circle { opposite, ccw, .. } => {
            let bulge = if *ccw { 1.0 } else { -1.0 };
            return vec![(points[0], *opposite, bulge), (*opposite, points[0], bulge)];
        }
        Fit::Pieces(pieces) => pieces,
    };
    let mut from = 0;
    let mut out = Vec::new();
    for p in pieces {
        assert!(p.last > from);
        // In two halves: distances are to arcs of a half turn at most.
        let (a, b) = (points[from], points[p.last]);
        let m = midpoint(a, b, (p.sweep / 4.0).tan());
        let bulge = (p.sweep / 8.0).tan();
        out.extend([(a, m, bulge), (m, b, bulge)]);
        from = p.last;
    }
    out
}

fn as_chain(points: &[Point]) -> Chain {
    points.windows(2).map(|w| (w[0], w[1], 0.0)).collect()
}

/// Greatest distance from samples of one chain to the other.
fn one_way(from: &Chain, to: &Chain, samples: u32) -> f64 {
    let share = f64::from(samples);
    let all = from
        .iter()
        .flat_map(|&(a, b, k)| (0..=samples).map(move |i| point_at(a, b, k, f64::from(i) / share)));
    let near = |p: Point| {
        let each = to.iter().map(|&(a, b, k)| distance_to(a, b, k, p));
        each.fold(f64::INFINITY, f64::min)
    };
    all.map(near).fold(0.0, f64::max)
}

fn direction((a, b, bulge): (Point, Point, f64), at_end: bool) -> f64 {
    let half = sweep(bulge) / 2.0;
    (b - a).y.atan2((b - a).x) + if at_end { half } else { -half }
}

fn count(fit: &Fit) -> usize {
    match fit {
        Fit::Circle { .. } => 1,
        Fit::Pieces(pieces) => pieces.len(),
    }
}

/// Everything that is promised of a fit; gives the number of pieces.
fn check(points: &[Point], limits: &Limits) -> usize {
    let fit = arc_fit(points, limits, |_, _| true);
    let (new, old) = (chain(points, &fit), as_chain(points));
    assert_eq!(new[0].0, points[0]);
    assert_eq!(new[new.len() - 1].1, points[points.len() - 1]);
    let said = match &fit {
        Fit::Circle { deviation, .. } => *deviation,
        Fit::Pieces(p) => p.iter().map(|p| p.deviation).fold(0.0, f64::max),
    };
    let off = one_way(&new, &old, 24).max(one_way(&old, &new, 5));
    assert!(said <= limits.tolerance, "{said}");
    assert!(off <= said + 1e-9, "{off}, said {said}");
    if let Fit::Pieces(pieces) = &fit {
        joints(points, limits, pieces);
    }
    count(&fit)
}

/// Corners are kept, and elsewhere pieces meet no sharper than they may.
fn joints(points: &[Point], limits: &Limits, pieces: &[Piece]) {
    let stops = corners(points, 2.0 * limits.tolerance, limits.corner);
    let ends: Vec<usize> = pieces.iter().map(|p| p.last).collect();
    assert!(
        stops.iter().all(|s| ends.contains(s)),
        "a corner is rounded"
    );
    let starts = std::iter::once(0).chain(ends.iter().copied());
    let whole: Vec<(Point, Point, f64)> = starts
        .zip(pieces)
        .map(|(s, p)| (points[s], points[p.last], (p.sweep / 4.0).tan()))
        .collect();
    let turns = turns(points);
    for (w, end) in whole.windows(2).zip(&ends) {
        let kink = direction(w[1], false) - direction(w[0], true);
        let kink = kink.sin().atan2(kink.cos()).abs();
        let most = turns[*end].abs() + 2.0 * limits.kink + 1e-9;
        assert!(
            kink <= most || turns[*end].abs() > limits.corner || stops.contains(end),
            "{kink} at {end}, {most} may be"
        );
    }
}

/// Fewest pieces by trying all stretches.
fn fewest(points: &[Point], limits: &Limits) -> usize {
    let turns = turns(points);
    let course = span::Course {
        points,
        turns: &turns,
        limits,
    };
    let stops = corners(points, 2.0 * limits.tolerance, limits.corner);
    let mut least = vec![usize::MAX; points.len()];
    least[0] = 0;
    for i in 0..points.len() {
        for j in i + 1..points.len() {
            if j == i + 1 || course.span(i, j).is_some() {
                least[j] = least[j].min(least[i] + 1);
            }
            if stops.contains(&j) {
                break;
            }
        }
    }
    least[points.len() - 1]
}

/// Numbers from -0.5 to 0.5.
pub(super) fn numbers(seed: u64) -> impl FnMut() -> f64 {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 11) as f64 / (1_u64 << 53) as f64 - 0.5
    }
}

/// A curve of arcs, lines, kinks and corners as a polyline with rounded coordinates.
pub(super) fn wander(seed: u64, n: usize, step: f64, digits: i32) -> Vec<Point> {
    let mut next = numbers(seed);
    let scale = 10_f64.powi(digits);
    let mut at = Point::new(next() * 100.0, next() * 100.0);
    let (mut heading, mut curvature) = (next() * 6.0, 0.0);
    let mut out: Vec<Point> = Vec::new();
    for i in 0..n {
        let p = Point::new(
            (at.x * scale).round() / scale,
            (at.y * scale).round() / scale,
        );
        if out.last() != Some(&p) {
            out.push(p);
        }
        if i % 17 == 0 {
            curvature = if next() > 0.3 { 0.0 } else { next() * 0.8 };
        }
        if next() > 0.485 {
            heading += next() * 5.0;
        }
        let length = step * (1.0 + next());
        heading += 0.5 * curvature * length;
        at = at + Point::new(heading.cos(), heading.sin()) * length;
        heading += 0.5 * curvature * length;
    }
    out
}

fn round(radius: f64, from: f64, sweep: f64, chords: u32) -> Vec<Point> {
    (0..=chords)
        .map(|i| {
            let (s, c) = (from + sweep * f64::from(i) / f64::from(chords)).sin_cos();
            Point::new(10.0 + radius * c, 20.0 + radius * s)
        })
        .collect()
}

/// What others do, ArcWelder for one: from each
/// vertex the arc through three of the vertices grows by one at a time, while
/// vertices and middles of chords stay within the tolerance.
fn grown(points: &[Point], tolerance: f64) -> usize {
    let fits = |p: &[Point]| {
        (1..p.len() - 1).any(|m| {
            let (u, v) = (p[m] - p[0], p[p.len() - 1] - p[0]);
            let offset = Point::new(
                v.y * u.dot(u) - u.y * v.dot(v),
                u.x * v.dot(v) - v.x * u.dot(u),
            ) * (0.5 / u.cross(v));
            let (center, radius) = (p[0] + offset, offset.norm());
            let off = |q: Point| (q.distance(center) - radius).abs() <= tolerance;
            let turn = |w: &[Point]| (w[0] - center).cross(w[1] - center);
            let ways = p.windows(2).map(turn).filter(|t| *t > 0.0).count();
            radius < 9999.0
                && (ways == 0 || ways == p.len() - 1)
                && p.windows(2).all(|w| off(w[1]) && off(w[0].lerp(w[1], 0.5)))
        })
    };
    let (mut i, mut pieces) = (0, 0);
    while i + 1 < points.len() {
        let mut j = i + 1;
        while j + 1 < points.len() && fits(&points[i..=j + 1]) {
            j += 1;
        }
        pieces += 1;
        i = j;
    }
    pieces
}

#[test]
fn within_one_per_cent_of_the_fewest_and_fewer_than_grown() {
    let (mut ours, mut least, mut rival, mut lines) = (0, 0, 0, 0);
    for (k, (tolerance, step)) in [(0.005, 0.1), (0.005, 0.4), (0.025, 0.4), (0.025, 1.0)]
        .into_iter()
        .enumerate()
    {
        for seed in 0..8 {
            let points = wander(seed + 100 * k as u64, 90, step, 3);
            let limits = Limits::new(tolerance);
            lines += points.len() - 1;
            ours += check(&points, &limits);
            least += fewest(&points, &limits);
            rival += grown(&points, tolerance);
        }
    }
    println!("{lines} lines, {ours} pieces, {least} at least, {rival} grown");
    assert!(100 * ours <= 101 * least, "{ours} pieces, {least} would do");
    assert!(ours < rival, "{ours} pieces, {rival} grown one by one");
}

#[test]
fn arcs_are_found_again() {
    let limits = Limits::new(0.01);
    for (sweep, pieces) in [(1.0, 1), (-2.5, 1), (4.0, 1), (-5.5, 1), (6.2, 2)] {
        let points = round(5.0, 0.3, sweep, 80);
        let fit = arc_fit(&points, &limits, |_, _| true);
        assert_eq!(check(&points, &limits), pieces, "{sweep}");
        if let Fit::Pieces(p) = &fit
            && pieces == 1
        {
            assert!((p[0].sweep - sweep).abs() < 0.01, "{p:?}");
        }
    }
    let mut circle = round(5.0, 0.3, -TAU, 40);
    circle[40] = circle[0];
    match arc_fit(&circle, &Limits::new(0.02), |_, _| true) {
        Fit::Circle { opposite, ccw, .. } => {
            assert!(
                !ccw && opposite
                    .lerp(circle[0], 0.5)
                    .distance(Point::new(10.0, 20.0))
                    < 1e-9
            );
        }
        Fit::Pieces(p) => panic!("{p:?}"),
    }
    let _ = check(&circle, &Limits::new(0.02));
    // Twice round is no circle.
    let twice = [&circle[..], &circle[1..]].concat();
    assert!(check(&twice, &Limits::new(0.02)) >= 3);
    // Too fine for its chords; a hexagon; one radius too large, one arc too short.
    let many = |points: &[Point], limits: &Limits| check(points, limits) == points.len() - 1;
    assert!(many(&circle, &Limits::new(0.001)));
    assert!(many(&round(5.0, 0.0, TAU, 6), &limits));
    assert!(many(&circle, &Limits::new(0.02).with_greatest_radius(2.0)));
    assert!(many(&circle, &Limits::new(0.02).with_least_length(32.0)));
}

#[test]
fn corners_are_no_arcs() {
    // A square with rounded corners, of which one is none.
    let mut points = round(2.0, -PI / 2.0, PI / 2.0, 12);
    points.insert(0, Point::new(0.0, 18.0));
    points.push(Point::new(12.0, 30.0));
    points.push(Point::new(0.0, 30.0));
    assert_eq!(check(&points, &Limits::new(0.02)), 4);
}

#[test]
fn what_may_not_be_one_piece_is_not() {
    let points = round(5.0, 0.0, 2.0, 40);
    let Fit::Pieces(p) = arc_fit(&points, &Limits::new(0.01), |i, j| i >= 20 || j <= 20) else {
        panic!("it is not closed");
    };
    assert_eq!(p.iter().map(|p| p.last).collect::<Vec<_>>(), [20, 40]);
    let few: [&[Point]; 2] = [&[], &points[..1]];
    for points in few {
        let fit = arc_fit(points, &Limits::new(0.01), |_, _| true);
        assert_eq!(fit, Fit::Pieces(Vec::new()));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_polyline_is_kept_within_tolerance(
        seed: u64,
        step in prop_oneof![Just(0.02), Just(0.2), Just(1.0), Just(5.0)],
        tolerance in prop_oneof![Just(0.002), Just(0.01), Just(0.1)],
        digits in 2..7,
        n in 2_usize..60,
    ) {
        let points = wander(seed, n, step, digits);
        if points.len() > 1 {
            let _ = check(&points, &Limits::new(tolerance));
        }
    }

    #[test]
    fn noise_is_kept_within_tolerance(
        v in proptest::collection::vec((-1.0_f64..1.0, -1.0_f64..1.0), 2..40),
        tolerance in prop_oneof![Just(0.01), Just(0.1), Just(1.0)],
    ) {
        let points: Vec<Point> = v.into_iter().map(|(x, y)| Point::new(x, y)).collect();
        let _ = check(&points, &Limits::new(tolerance));
    }

    #[test]
    fn turned_and_moved_it_has_as_many_pieces(
        seed: u64,
        turn in 0.0..TAU,
        x in -300.0_f64..300.0,
        y in -300.0_f64..300.0,
    ) {
        let points = wander(seed, 60, 0.4, 9);
        let (s, c) = turn.sin_cos();
        let moved: Vec<Point> = points
            .iter()
            .map(|p| Point::new(x + p.x * c - p.y * s, y + p.x * s + p.y * c))
            .collect();
        let limits = Limits::new(0.01);
        prop_assert_eq!(check(&points, &limits), check(&moved, &limits));
    }

    /// Where a scan of many arcs finds one that is well within the tolerance, one is
    /// found.
    #[test]
    fn an_arc_that_is_there_is_found(
        seed: u64,
        n in 3_usize..12,
        bend in prop_oneof![-3.0_f64..-0.3, 0.3_f64..3.0],
        noise in 0.0_f64..0.03,
    ) {
        let mut next = numbers(seed);
        let mut points = round(3.0, 1.0, bend, n as u32);
        for p in &mut points {
            *p = *p + Point::new(next(), next()) * noise;
        }
        let limits = Limits::new(0.02).with_kink(PI);
        let turns = turns(&points);
        let course = span::Course { points: &points, turns: &turns, limits: &limits };
        let last = points.len() - 1;
        let found = course.span(0, last).is_some();
        let strict = Limits::new(0.02 * 0.95);
        let strict = span::Course { points: &points, turns: &turns, limits: &strict };
        let scanned = (1..2000)
            .map(|i| (f64::from(i) / 1000.0 - 1.0) * 1.6)
            .any(|half| strict.arc_off(0, last, half).is_some());
        prop_assert!(found || !scanned);
    }
}
