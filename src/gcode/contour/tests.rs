use super::*;

/// Pieces through points given as X and Z, the first of which is where the contour
/// begins.
fn lines(points: &[(f64, f64)]) -> Vec<Piece> {
    let mut from = Point::default();
    let mut out = Vec::new();
    for &(x, z) in points {
        let to = Point::new(z, x);
        out.push(Piece {
            from,
            to,
            round: None,
        });
        from = to;
    }
    out
}

fn trace(contour: &[Piece], start: (f64, f64), what: &Turning) -> String {
    let mut out = Vec::new();
    let start = Point::new(start.1, start.0);
    match turn(contour, start, what, 1000, &mut out) {
        Ok(()) => out.iter().map(shown).collect::<Vec<_>>().join(" | "),
        Err(fault) => format!("{fault:?}"),
    }
}

/// R, F or A, then X and Z.
fn shown(stroke: &Stroke) -> String {
    let near = |v: f64| (v * 1e4).round() / 1e4 + 0.0;
    let (letter, p) = match stroke {
        Stroke::Rapid(p) => ("R", p),
        Stroke::Feed(p, None) => ("F", p),
        Stroke::Feed(p, Some(_)) => ("A", p),
    };
    format!("{letter} {} {}", near(p.y), near(p.x))
}

fn rough(pockets: Pockets, step: f64, allowance: f64) -> Turning {
    Turning::Rough {
        facing: false,
        pockets,
        allowance,
        step,
        escape: 0.1,
    }
}

/// A step, a pocket, a step: what `rs274` makes of it.
const POCKET: [(f64, f64); 6] = [
    (2.0, 0.0),
    (2.0, -5.0),
    (7.3, -5.0),
    (4.0, -9.0),
    (4.0, -12.0),
    (9.6, -12.0),
];
const LEVELS: &str = "R 10 1 | R 10 1 | F 10 -12 | R 10.1 -11.9 | R 10.1 0.9 | R 10 1 | \
     R 6 0.5 | F 6 -5 | R 6.1 -4.9 | R 6.1 0.4 | R 6 0.5 | R 2 0";

#[test]
fn a_pocket_is_cut_after_the_rest() {
    let contour = lines(&POCKET);
    let all = trace(&contour, (10.0, 1.0), &rough(Pockets::All, 4.0, 0.0));
    let pocket = "F 2 -5 | F 7.3 -5 | F 6 -6.5758 | F 6 -12 | R 6.1 -11.9 | R 6.1 -6.6758 | \
         F 6 -6.5758 | F 4 -9 | F 4 -12 | F 9.6 -12 | F 10 -12";
    assert_eq!(all, format!("{LEVELS} | {pocket}"));
}

#[test]
fn pockets_may_be_left_out_or_cut_alone() {
    let contour = lines(&POCKET);
    let none = trace(&contour, (10.0, 1.0), &rough(Pockets::None, 4.0, 0.0));
    let over = "F 2 0 | F 2 -5 | F 2 -5 | F 7.3 -5 | F 7.3 -12 | F 9.6 -12 | F 9.6 -12 | F 10 -12";
    assert_eq!(none, format!("{LEVELS} | {over}"));
    let only = trace(&contour, (10.0, 1.0), &rough(Pockets::Only, 2.0, 0.0));
    assert_eq!(
        only,
        "R 10 1 | R 10 1 | R 2 0 | F 2 -5 | F 7.3 -5 | F 7.3 -12 | R 7.4 -11.9 | \
         R 7.4 -5.1 | F 7.3 -5 | F 5.3 -7.4242 | F 5.3 -12 | R 5.4 -11.9 | R 5.4 -7.5242 | \
         F 5.3 -7.4242 | F 4 -9 | F 4 -12 | F 9.6 -12 | F 10 -12"
    );
}

#[test]
fn facing_is_turning_with_the_axes_exchanged() {
    let what = rough(Pockets::All, 4.0, 0.5);
    let turned = trace(&lines(&POCKET), (10.0, 1.0), &what);
    let exchanged: Vec<_> = POCKET.iter().map(|&(x, z)| (z, x)).collect();
    let facing = match what {
        Turning::Rough {
            pockets,
            allowance,
            step,
            escape,
            ..
        } => Turning::Rough {
            facing: true,
            pockets,
            allowance,
            step,
            escape,
        },
        other => other,
    };
    let faced = trace(&lines(&exchanged), (1.0, 10.0), &facing);
    let back: Vec<String> = faced
        .split(" | ")
        .map(|s| {
            let words: Vec<&str> = s.split(' ').collect();
            format!("{} {} {}", words[0], words[2], words[1])
        })
        .collect();
    assert_eq!(turned, back.join(" | "));
}

#[test]
fn finishing_goes_along_the_contour_pass_by_pass() {
    let contour = lines(&[(0.0, -10.0), (5.0, -10.0), (5.0, -7.0), (9.0, -7.0)]);
    let what = Turning::Finish {
        from: 1.0,
        to: 0.0,
        passes: 2,
    };
    // The corner that stands out becomes an arc, the other one stays.
    assert_eq!(
        trace(&contour, (20.0, -4.0), &what),
        "R 20 -4 | R 20 -10 | R 0 -10.5 | F 5 -10.5 | A 5.5 -10 | F 5.5 -7.5 | F 9 -7.5 | \
         R 20 -10 | R 0 -10 | F 5 -10 | F 5 -7 | F 9 -7"
    );
}

#[test]
fn an_allowance_takes_away_what_is_too_narrow() {
    let contour = lines(&[
        (0.0, 0.0),
        (0.0, -5.0),
        (0.4, -5.2),
        (5.0, -5.2),
        (5.0, -9.0),
    ]);
    let path = offset(&contour, 1.0);
    let ends: Vec<_> = path[1..].iter().map(|p| (p.to.y, p.to.x)).collect();
    assert_eq!(ends.len(), 4, "{ends:?}");
    assert!((ends[0].0 - 1.0).abs() < 1e-9 && (ends[0].1 + 4.2).abs() < 1e-9);
}

#[test]
fn an_arc_is_followed_down_and_up_again() {
    // A half circle below X5, from Z0 to Z-6. A level at its lowest point is no cut.
    let mut contour = lines(&[(5.0, 0.0), (5.0, -6.0), (8.0, -6.0)]);
    contour[1].round = Some(Round {
        center: Point::new(-3.0, 5.0),
        ccw: false,
    });
    assert_eq!(
        trace(&contour, (6.0, 1.0), &rough(Pockets::All, 2.0, 0.0)),
        "R 6 1 | R 6 1 | F 6 -6 | R 6.1 -5.9 | R 6.1 0.9 | R 6 1 | R 5 0 | \
         A 4 -0.1716 | F 4 -5.8284 | R 4.1 -5.7284 | R 4.1 -0.2716 | F 4 -0.1716 | \
         A 2 -3 | A 5 -6 | F 8 -6"
    );
}

#[test]
fn what_is_no_cycle() {
    let fine = rough(Pockets::All, 1.0, 0.0);
    assert_eq!(trace(&lines(&[(1.0, 0.0)]), (9.0, 1.0), &fine), "Short");
    let back = [(1.0, 0.0), (2.0, -5.0), (3.0, -4.0), (4.0, -9.0)];
    assert_eq!(trace(&lines(&back), (9.0, 1.0), &fine), "Back");
    for step in [0.0, -1.0, f64::NAN] {
        let what = rough(Pockets::All, step, 0.0);
        assert_eq!(trace(&lines(&POCKET), (9.0, 1.0), &what), "Range");
    }
    let many = rough(Pockets::All, 1e-9, 0.0);
    assert_eq!(trace(&lines(&POCKET), (9.0, 1.0), &many), "TooMany");
    let passes = Turning::Finish {
        from: 1.0,
        to: 0.0,
        passes: u32::MAX,
    };
    assert_eq!(trace(&lines(&POCKET), (9.0, 1.0), &passes), "TooMany");
}
