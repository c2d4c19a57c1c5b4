use super::*;
use crate::geom::distance_to;

const START: Point = Point::new(1.0, 2.0);
const END: Point = Point::new(11.0, 7.0);

/// Greatest distance from the points to the chain of (end, bulge) that begins at the
/// first of them.
fn deviation(points: &[Point], chain: &[(Point, f64)]) -> f64 {
    points
        .iter()
        .map(|&p| {
            let mut from = points[0];
            let mut least = f64::INFINITY;
            for &(to, bulge) in chain {
                least = least.min(distance_to(from, to, bulge, p));
                from = to;
            }
            least
        })
        .fold(0.0, f64::max)
}

fn sample(n: u32, at: impl Fn(f64) -> Point) -> Vec<Point> {
    (0..=n).map(|i| at(f64::from(i) / f64::from(n))).collect()
}

fn cubic_at(p: [Point; 4], t: f64) -> Point {
    let s = 1.0 - t;
    p[0] * (s * s * s) + p[1] * (3.0 * s * s * t) + p[2] * (3.0 * s * t * t) + p[3] * (t * t * t)
}

const fn pair(x: f64, y: f64) -> Pair {
    [Some(x), Some(y)]
}

#[test]
fn g5_follows_its_cubic() {
    for tolerance in [0.1, 0.01, 0.001] {
        let mut out = Vec::new();
        let next = cubic(
            [START, END],
            pair(0.0, 9.0),
            pair(-3.0, 4.0),
            None,
            tolerance,
            &mut out,
        );
        assert_eq!(next, Ok(Point::new(3.0, -4.0)));
        let p = [START, Point::new(1.0, 11.0), Point::new(8.0, 11.0), END];
        let off = deviation(&sample(3000, |t| cubic_at(p, t)), &out);
        assert!(off <= tolerance && off > 0.0, "{off} for {tolerance}");
        assert_eq!(out.last().unwrap().0, END);

        let mut marlin = Vec::new();
        cubic_marlin(
            [START, END],
            [None, Some(9.0)],
            pair(-3.0, 4.0),
            tolerance,
            &mut marlin,
        )
        .unwrap();
        assert_eq!(marlin, out);
    }
}

#[test]
fn g5_goes_on_smoothly_without_i_and_j() {
    let mut out = Vec::new();
    let next = cubic(
        [START, END],
        pair(0.0, 9.0),
        pair(-3.0, 4.0),
        None,
        0.01,
        &mut out,
    )
    .unwrap();
    let far = Point::new(30.0, 0.0);
    let (mut smooth, mut given) = (Vec::new(), Vec::new());
    let _ = cubic(
        [END, far],
        [None; 2],
        pair(1.0, 1.0),
        Some(next),
        0.01,
        &mut smooth,
    )
    .unwrap();
    let _ = cubic(
        [END, far],
        pair(3.0, -4.0),
        pair(1.0, 1.0),
        None,
        0.01,
        &mut given,
    )
    .unwrap();
    assert_eq!(smooth, given);
}

#[test]
fn faults_of_g5() {
    let mut out = Vec::new();
    let mut g5 = |ij, pq, before| cubic([START, END], ij, pq, before, 0.1, &mut out);
    let some = pair(1.0, 1.0);
    let before = Some(Point::default());
    assert_eq!(g5([None; 2], some, None), Err(SplineFault::Start));
    assert_eq!(g5([Some(1.0), None], some, before), Err(SplineFault::Start));
    assert_eq!(g5([None, Some(1.0)], some, before), Err(SplineFault::Start));
    assert_eq!(g5(some, [Some(1.0), None], before), Err(SplineFault::End));
    assert_eq!(g5(some, [None; 2], before), Err(SplineFault::End));
    let half = quadratic([START, END], [Some(1.0), None], 0.1, &mut out);
    assert_eq!(half, Err(SplineFault::Start));
    assert!(out.is_empty());
    assert_eq!(check(Plane::Zx, false), Err(SplineFault::Plane));
    assert_eq!(check(Plane::Xy, true), Err(SplineFault::OtherAxis));
    assert_eq!(check(Plane::Xy, false), Ok(()));
}

#[test]
fn g5_1_follows_its_quadratic() {
    let mut out = Vec::new();
    quadratic([START, END], pair(6.0, 9.0), 0.005, &mut out).unwrap();
    let c = START + Point::new(6.0, 9.0);
    let points = sample(3000, |t| {
        let s = 1.0 - t;
        START * (s * s) + c * (2.0 * s * t) + END * (t * t)
    });
    let off = deviation(&points, &out);
    assert!(off <= 0.005 && off > 0.0, "{off}");
}

#[test]
fn a_spline_that_stays_is_no_move() {
    let mut out = Vec::new();
    let here = [START, START];
    let _ = cubic(here, pair(0.0, 0.0), pair(0.0, 0.0), None, 0.1, &mut out).unwrap();
    quadratic(here, pair(0.0, 0.0), 0.1, &mut out).unwrap();
    let nurbs = nurbs(START, 3.0, &[(START, 1.0), (START, 2.0)]);
    assert_eq!(nurbs.finish(0.1, 100_000, &mut out), Ok(START));
    assert!(out.is_empty());
}

fn nurbs(start: Point, order: f64, points: &[(Point, f64)]) -> Nurbs {
    let mut nurbs = Nurbs::new(start);
    for &(p, w) in points {
        let line = NurbsLine {
            target: pair(p.x, p.y),
            weight: Some(w),
            order: Some(order),
        };
        nurbs.add(&line).unwrap();
    }
    nurbs
}

/// The basis function of index `i` and order `k`, by its definition (Cox and de Boor).
fn basis(knots: &[f64], i: usize, k: usize, u: f64) -> f64 {
    if k == 1 {
        let last = knots[knots.len() - 1];
        let inside = knots[i] <= u && (u < knots[i + 1] || (u >= last && knots[i + 1] >= last));
        return f64::from(u8::from(inside && knots[i] < knots[i + 1]));
    }
    let part = |top: f64, width: f64, b: f64| if width > 0.0 { top / width * b } else { 0.0 };
    let (low, high) = (knots[i + k - 1] - knots[i], knots[i + k] - knots[i + 1]);
    part(u - knots[i], low, basis(knots, i, k - 1, u))
        + part(knots[i + k] - u, high, basis(knots, i + 1, k - 1, u))
}

fn nurbs_at(points: &[(Point, f64)], order: usize, t: f64) -> Point {
    let spans = points.len() - order + 1;
    let mut knots = vec![0.0; order];
    knots.extend((1..spans).map(|i| i as f64));
    knots.extend(vec![spans as f64; order]);
    let mut sum = Point::default();
    let mut weights = 0.0;
    for (i, &(p, w)) in points.iter().enumerate() {
        let b = w * basis(&knots, i, order, t * spans as f64);
        sum = sum + p * b;
        weights += b;
    }
    sum * (1.0 / weights)
}

#[test]
fn nurbs_of_all_orders_follow_their_definition() {
    let shape: Vec<(Point, f64)> = [
        (4.0, 9.0, 1.0),
        (9.0, 9.0, 0.3),
        (12.0, 1.0, 2.0),
        (20.0, -4.0, 1.0),
        (21.0, 8.0, 5.0),
        (14.0, 14.0, 0.8),
        (14.0, 14.0, 1.5),
        (2.0, 17.0, 1.0),
    ]
    .map(|(x, y, w)| (Point::new(x, y), w))
    .to_vec();
    let mut all = vec![(START, 1.0)];
    all.extend(&shape);
    for order in 3..=9_u8 {
        let nurbs = nurbs(START, f64::from(order), &shape);
        let mut out = Vec::new();
        let end = nurbs.finish(0.002, 100_000, &mut out).unwrap();
        assert_eq!(end, shape[7].0);
        assert_eq!(out.last().unwrap().0, end);
        let points = sample(900, |t| nurbs_at(&all, usize::from(order), t));
        let off = deviation(&points, &out);
        assert!(off <= 0.002 && off > 0.0, "order {order}: {off}");
        assert!(out.len() < 100, "order {order}: {} pieces", out.len());
    }
}

/// A full circle is a NURBS of order 3 in the textbook form, but not with these even
/// knots; a quarter is.
#[test]
fn a_quarter_circle_is_one_arc() {
    let corner = Point::new(10.0, 10.0);
    let end = Point::new(0.0, 10.0);
    let nurbs = nurbs(
        Point::new(10.0, 0.0),
        3.0,
        &[(corner, 0.5_f64.sqrt()), (end, 1.0)],
    );
    let mut out = Vec::new();
    let _ = nurbs.finish(1e-6, 100_000, &mut out).unwrap();
    assert_eq!(out.len(), 1);
    assert!((out[0].1 - (std::f64::consts::PI / 8.0).tan()).abs() < 1e-9);
}

#[test]
fn order_4_on_4_points_is_the_cubic() {
    let (c, d) = (Point::new(1.0, 11.0), Point::new(8.0, 11.0));
    let nurbs = nurbs(START, 4.0, &[(c, 1.0), (d, 1.0), (END, 1.0)]);
    let mut out = Vec::new();
    let _ = nurbs.finish(0.01, 100_000, &mut out).unwrap();
    let points = sample(2000, |t| cubic_at([START, c, d, END], t));
    assert!(deviation(&points, &out) <= 0.01);
}

fn line(target: Pair, weight: Option<f64>, order: Option<f64>) -> NurbsLine {
    NurbsLine {
        target,
        weight,
        order,
    }
}

#[test]
fn lines_of_a_nurbs() {
    let mut n = Nurbs::new(START);
    // P alone is the weight of the start, on the first line only.
    n.add(&line([None; 2], Some(2.0), Some(4.0))).unwrap();
    assert_eq!(n.points, [(START, 2.0)]);
    // A lower L later changes nothing.
    n.add(&line(pair(5.0, 5.0), Some(1.0), Some(3.0))).unwrap();
    assert_eq!(n.order, 4);
    let before = n.clone();
    let mut fault = |l| n.add(&l).unwrap_err();
    let some = pair(1.0, 1.0);
    assert_eq!(
        fault(line([Some(1.0), None], Some(1.0), None)),
        SplineFault::Axes
    );
    assert_eq!(
        fault(line([None, Some(1.0)], Some(1.0), None)),
        SplineFault::Axes
    );
    assert_eq!(
        fault(line([None; 2], Some(1.0), None)),
        SplineFault::LateWeight
    );
    assert_eq!(fault(line([None; 2], None, None)), SplineFault::Weight);
    for w in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        assert_eq!(fault(line(some, Some(w), None)), SplineFault::Weight);
    }
    assert_eq!(fault(line(some, None, Some(9.0))), SplineFault::Weight);
    for l in [1.5, -1.0, 33.0, f64::NAN] {
        assert_eq!(fault(line(some, Some(1.0), Some(l))), SplineFault::Order);
    }
    assert_eq!(n, before);
    let mut out = Vec::new();
    assert_eq!(
        n.finish(0.1, 100_000, &mut out),
        Err(SplineFault::TooFewPoints)
    );
    assert_eq!(
        Nurbs::new(START).finish(0.1, 100_000, &mut out),
        Err(SplineFault::TooFewPoints)
    );
    assert!(out.is_empty());
}

#[test]
fn the_highest_order_is_computed() {
    let points: Vec<(Point, f64)> = (0..40_u8)
        .map(|i| {
            let a = f64::from(i) * 0.4;
            (
                Point::new(a.cos(), a.sin()) * (10.0 + a),
                1.0 + a.sin() * 0.5,
            )
        })
        .collect();
    let start = Point::new(9.0, 0.0);
    let mut out = Vec::new();
    let _ = nurbs(start, 32.0, &points)
        .finish(0.01, 100_000, &mut out)
        .unwrap();
    // Order 32 on 41 points: 10 spans, each a mean of its 32 control points.
    let mut from = start;
    for &(to, bulge) in &out {
        assert!(to.is_finite() && bulge.is_finite());
        assert!(from.distance(to) < 40.0);
        from = to;
    }
    assert_eq!(from, points[39].0);
}

#[test]
fn absurd_numbers_end_soon() {
    let wide = [
        (Point::new(1e8, 1e8), 1.0),
        (Point::new(-1e8, 1e8), 1e300),
        (Point::new(3.0, 1e-300), 1e-300),
        (Point::new(1e8, 3.0), 1e-12),
        (Point::new(-1e8, 7.0), 1e12),
    ];
    for order in [3.0, 5.0, 6.0] {
        let mut out = Vec::new();
        let end = nurbs(START, order, &wide).finish(0.01, 100_000, &mut out);
        assert_eq!(end, Ok(wide[4].0));
        assert!(out.len() < 10_000, "{}", out.len());
        assert!(out.iter().all(|(p, k)| p.is_finite() && k.is_finite()));
    }
    let mut out = Vec::new();
    cubic_marlin(
        [START, END],
        pair(9e7, -9e7),
        pair(0.0, 1e7),
        0.01,
        &mut out,
    )
    .unwrap();
    assert!(out.len() < 10_000, "{}", out.len());
    out.clear();
    for x in [2e8, 1e300, f64::INFINITY, f64::NAN] {
        let ends = [START, Point::new(x, 0.0)];
        let some = pair(1.0, 1.0);
        let fault = Err(SplineFault::Range);
        assert_eq!(cubic_marlin(ends, some, some, 0.01, &mut out), fault);
        assert_eq!(quadratic(ends, some, 0.01, &mut out), fault);
        let words = line(pair(0.0, x), Some(1.0), None);
        assert_eq!(Nurbs::new(START).add(&words), fault);
    }
    assert!(out.is_empty());
}
