use super::*;
use crate::geom::distance_to;
use proptest::prelude::*;

/// Greatest distance from 1,500 points of the curve to the chain, and from 8
/// points of each span of the chain to the points of the curve.
fn measured(at: impl Fn(f64) -> Point, chain: &[(Point, f64)]) -> f64 {
    let points: Vec<Point> = (0..=1500).map(|i| at(f64::from(i) / 1500.0)).collect();
    let mut spans = Vec::new();
    let mut from = points[0];
    for &(to, bulge) in chain {
        spans.push((from, to, bulge));
        from = to;
    }
    let there = points
        .iter()
        .map(|&p| {
            spans
                .iter()
                .map(|&(a, b, k)| distance_to(a, b, k, p))
                .fold(f64::INFINITY, f64::min)
        })
        .fold(0.0, f64::max);
    let back = spans
        .iter()
        .flat_map(|&(a, b, k)| {
            (0..8).map(move |i| crate::geom::point_at(a, b, k, f64::from(i) / 8.0))
        })
        .map(|p| {
            points
                .windows(2)
                .map(|w| distance_to(w[0], w[1], 0.0, p))
                .fold(f64::INFINITY, f64::min)
        })
        .fold(0.0, f64::max);
    there.max(back)
}

pub(super) fn bezier([a, b, c, d]: [Point; 4], t: f64) -> Point {
    let s = 1.0 - t;
    a * (s * s * s) + b * (3.0 * s * s * t) + c * (3.0 * s * t * t) + d * (t * t * t)
}

fn cubic(p: [(f64, f64); 4]) -> [Point; 4] {
    p.map(|(x, y)| Point::new(x, y))
}

fn check_cubic(p: [Point; 4], tolerance: f64) -> usize {
    let mut out = Vec::new();
    let said = fit_cubic(p, tolerance, &mut out);
    assert_eq!(out.last().unwrap().0, p[3]);
    let off = measured(|t| bezier(p, t), &out);
    // The yardstick itself is good to about a chord's sag of 1/1500 of the curve.
    assert!(
        said <= tolerance && off <= said * 1.02 + 1e-4,
        "{off}, said {said}, on {p:?}"
    );
    let mut lines = Vec::new();
    let said = flatten_cubic(p, tolerance, &mut lines);
    let chain: Vec<_> = lines.iter().map(|&q| (q, 0.0)).collect();
    assert_eq!(chain.last().unwrap().0, p[3]);
    let off = measured(|t| bezier(p, t), &chain);
    assert!(
        said <= tolerance && off <= said * 1.02 + 1e-4,
        "{off} in lines, said {said}, on {p:?}"
    );
    out.len()
}

#[test]
fn special_cubics() {
    for p in [
        // Straight; straight with a standing start; all in one place.
        [(0.0, 0.0), (1.0, 1.0), (2.0, 2.0), (3.0, 3.0)],
        [(0.0, 0.0), (0.0, 0.0), (3.0, 3.0), (3.0, 3.0)],
        [(2.0, 2.0), (2.0, 2.0), (2.0, 2.0), (2.0, 2.0)],
        // Straight, but past its end and back.
        [(0.0, 0.0), (9.0, 0.0), (-6.0, 0.0), (3.0, 0.0)],
        // Cusp, loop, closed loop, S, quarter circle.
        [(0.0, 0.0), (10.0, 10.0), (0.0, 10.0), (10.0, 0.0)],
        [(0.0, 0.0), (20.0, 10.0), (-10.0, 10.0), (10.0, 0.0)],
        [(0.0, 0.0), (20.0, 20.0), (-20.0, 20.0), (0.0, 0.0)],
        [(0.0, 0.0), (10.0, 0.0), (0.0, 10.0), (10.0, 10.0)],
        [(10.0, 0.0), (10.0, 5.523), (5.523, 10.0), (0.0, 10.0)],
        [(0.0, 0.0), (0.0, 0.0), (0.0, 10.0), (10.0, 10.0)],
        // An S whose middle lies on its chord but for rounding: no line.
        [
            (59.5, 60.0),
            (58.333333, 61.166667),
            (54.666667, 59.833333),
            (53.5, 61.0),
        ],
        [
            (15.742708, 1.058333),
            (15.434027, 0.749652),
            (14.463889, 1.102431),
            (14.155208, 0.79375),
        ],
    ] {
        let n = check_cubic(cubic(p), 0.01);
        let naive = bisected(&Cubic::new(cubic(p)), 0.0, 1.0, 0.01);
        assert!(n <= naive, "{n} spans, {naive} by bisection, for {p:?}");
    }
}

/// How many arcs a plain bisection needs: the baseline to be no worse than.
fn bisected(curve: &Cubic, t0: f64, t1: f64, tolerance: f64) -> usize {
    let fits = super::search::try_biarc(curve, t0, t1)
        .is_some_and(|pair| super::biarc::deviation(curve, t0, t1, &pair) <= tolerance * 0.98);
    if fits {
        2
    } else if super::biarc::chord_deviation(curve, t0, t1) <= tolerance * 0.98 {
        1
    } else {
        let m = 0.5 * (t0 + t1);
        bisected(curve, t0, m, tolerance) + bisected(curve, m, t1, tolerance)
    }
}

#[test]
fn a_circle_is_two_arcs_and_exact() {
    let arc = EllipseArc {
        center: Point::new(5.0, 5.0),
        u: Point::new(3.0, 4.0),
        v: Point::new(-4.0, 3.0),
        start: 0.0,
        sweep: std::f64::consts::TAU,
    };
    let mut out = Vec::new();
    let said = fit_ellipse(&arc, arc.at(0.0), 0.01, &mut out);
    assert_eq!((out.len(), said), (2, 0.0));
    assert!(measured(|t| arc.at(t * arc.sweep), &out) < 2e-5);
    // Mirrored, it turns the other way.
    let mut back = Vec::new();
    let _ = fit_ellipse(
        &EllipseArc { v: -arc.v, ..arc },
        arc.at(0.0),
        0.01,
        &mut back,
    );
    assert!((out[0].1 - 1.0).abs() < 1e-12 && (back[0].1 + 1.0).abs() < 1e-12);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn cubics_stay_within_tolerance(
        v in proptest::array::uniform8(-100.0_f64..100.0),
        tolerance in prop_oneof![Just(0.01), Just(0.1), Just(1.0)],
    ) {
        let p = [(v[0], v[1]), (v[2], v[3]), (v[4], v[5]), (v[6], v[7])];
        let n = check_cubic(cubic(p), tolerance);
        let naive = bisected(&Cubic::new(cubic(p)), 0.0, 1.0, tolerance);
        prop_assert!(n <= naive, "{} spans, {} by bisection", n, naive);
    }

    #[test]
    fn ellipses_stay_within_tolerance(
        v in proptest::array::uniform4(-50.0_f64..50.0),
        start in -7.0_f64..7.0,
        sweep in prop_oneof![-6.25_f64..-0.01, 0.01_f64..6.25, Just(std::f64::consts::TAU)],
    ) {
        let arc = EllipseArc {
            center: Point::new(1.0, 2.0),
            u: Point::new(v[0], v[1]),
            v: Point::new(v[2], v[3]),
            start,
            sweep,
        };
        let end = arc.at(start + sweep);
        let mut out = Vec::new();
        let said = fit_ellipse(&arc, end, 0.01, &mut out);
        prop_assert_eq!(out.last().unwrap().0, end);
        let off = measured(|t| arc.at(start + sweep * t), &out);
        prop_assert!(said <= 0.01 && off <= said * 1.02 + 1e-4, "{} {} on {:?}", off, said, arc);
        prop_assert!(out.len() <= 64, "{} arcs on {:?}", out.len(), arc);
        let mut lines = Vec::new();
        let said = flatten_ellipse(&arc, end, 0.01, &mut lines);
        let chain: Vec<_> = lines.iter().map(|&q| (q, 0.0)).collect();
        let off = measured(|t| arc.at(start + sweep * t), &chain);
        prop_assert!(said <= 0.01 && off <= said * 1.02 + 1e-4, "{} {} in lines on {:?}", off, said, arc);
    }
}
