//! What an edit puts in the place of other segments is checked by itself, and excuses
//! nothing else.

use trajet::geom::Point3;
use trajet::motion::Plane;
use trajet::toolpath::{
    Attributes, Difference, Placement, Replacement, Segment, Toolpath, verify, verify_written,
};

const STEPS: usize = 40;

/// A place on a circle of 10 mm, by steps of 0.05 rad.
fn on(i: usize) -> Point3 {
    let (s, c) = (0.05 * i as f64).sin_cos();
    Point3::new(10.0 * s, 10.0 - 10.0 * c, 0.0)
}

/// How far a chord of it is from the arc.
fn sag() -> f64 {
    10.0 * (1.0 - 0.025_f64.cos())
}

/// Its chords, and a line elsewhere.
fn chords() -> Toolpath {
    let mut t = Toolpath::new(on(0));
    let ends = (1..=STEPS).map(|i| (on(i), 0.0));
    t.push_path(on(0), ends, Attributes::default(), 0);
    let far = |x| Point3::new(x, 50.0, 0.0);
    t.push_path(far(0.0), [(far(20.0), 0.0)], Attributes::default(), 1);
    t
}

/// The arc of all chords, bent by `bend` more.
fn arc(t: &Toolpath, bend: f64) -> Segment {
    let path = t.paths().next().unwrap();
    let last = t.segments(path)[STEPS - 1];
    let bulge = (0.05 * STEPS as f64 / 4.0).tan() + bend;
    Segment { bulge, ..last }
}

fn replaced(t: &Toolpath, new: Vec<Segment>, within: f64) -> Toolpath {
    let mut after = t.clone();
    let all = Replacement {
        step: 0,
        run: 0..STEPS,
        new,
        within,
    };
    after.edit().replace("test", &[all]);
    after
}

fn strayed(found: Result<f64, Difference>) -> bool {
    matches!(found, Err(Difference::Strayed { line: 0, .. }))
}

#[test]
fn it_is_as_near_as_was_said_and_counts_for_the_tolerance() {
    let before = chords();
    let after = replaced(&before, vec![arc(&before, 0.0)], sag());
    assert!((verify(&before, &after, 0.01).unwrap() - sag()).abs() < 1e-9);
    // The tolerance is that of all.
    assert!(strayed(verify(&before, &after, 0.9 * sag())));
    let untrue = replaced(&before, vec![arc(&before, 0.0)], 0.9 * sag());
    assert!(strayed(verify(&before, &untrue, 0.01)));
    for bend in [0.01, -0.01, 10.0, -0.5] {
        let bent = replaced(&before, vec![arc(&before, bend)], 0.01);
        assert!(strayed(verify(&before, &bent, 0.01)), "{bend}");
    }
}

#[test]
fn a_detour_or_another_run_is_found() {
    let before = chords();
    let whole = arc(&before, 0.0);
    let path = before.paths().next().unwrap();
    let old = before.segments(path).to_vec();
    let off = |p: Point3, dy: f64| Point3::new(p.x, p.y + dy, 0.0);
    let to = |end: Point3| Segment {
        end,
        bulge: 0.0,
        ..whole
    };
    // A spike, and some of it there and back.
    let mut spike = old.clone();
    let _ = spike.splice(20..20, [to(off(on(20), 1.0)), to(on(20))]);
    let mut again = old.clone();
    let _ = again.splice(20..20, [to(on(15)), to(on(20))]);
    let mut shortcut = old;
    let _ = shortcut.drain(5..30);
    let lifted = vec![to(Point3 { z: 1.0, ..on(20) }), whole];
    for new in [spike, again, shortcut, lifted] {
        let after = replaced(&before, new, 0.005);
        assert!(strayed(verify(&before, &after, 0.01)));
    }
}

#[test]
fn filament_is_not_lost() {
    let before = chords();
    let fed = Segment {
        filament: 0.5,
        ..arc(&before, 0.0)
    };
    assert!(strayed(verify(
        &before,
        &replaced(&before, vec![fed], sag()),
        0.01
    )));
}

#[test]
fn it_excuses_nothing_else() {
    let before = chords();
    let after = replaced(&before, vec![arc(&before, 0.0)], sag());
    // Another line is gone, or new, or it is not what was replaced that was there.
    let mut more = before.clone();
    let end = Point3::new(0.0, 90.0, 0.0);
    more.push_path(on(0), [(end, 0.0)], Attributes::default(), 7);
    let missing = verify(&more, &after, 0.01);
    assert!(
        matches!(missing, Err(Difference::Missing { line: 7, .. })),
        "{missing:?}"
    );
    let mut added = after.clone();
    added.push_path(on(0), [(end, 0.0)], Attributes::default(), 7);
    let found = verify(&before, &added, 0.01);
    assert!(
        matches!(found, Err(Difference::Added { line: 7, .. })),
        "{found:?}"
    );
    let mut other = Toolpath::new(on(0));
    let moved = |p: Point3| Point3::new(p.x + 0.5, p.y, 0.0);
    let ends = (1..=STEPS).map(|i| (moved(on(i)), 0.0));
    other.push_path(moved(on(0)), ends, Attributes::default(), 0);
    let far = |x| Point3::new(x, 50.0, 0.0);
    other.push_path(far(0.0), [(far(20.0), 0.0)], Attributes::default(), 1);
    assert!(verify(&other, &after, 0.01).is_err());
    // What is read back is held to what was replaced, not to what was there.
    assert!(verify_written(&before, &after, &after, 0.01).is_ok());
    assert!(verify_written(&before, &after, &other, 0.01).is_err());
    assert!(verify_written(&before, &after, &added, 0.01).is_err());
    assert!(verify_written(&other, &after, &after, 0.01).is_err());
}

#[test]
fn it_may_be_moved_turned_and_replaced_once_more() {
    let before = chords();
    let mut after = replaced(&before, vec![arc(&before, 0.0)], sag());
    let place = |step, reversed| Placement {
        step,
        reversed,
        first: 0,
        share: 0.0,
    };
    after
        .edit()
        .arrange(0..2, &[place(1, false), place(0, true)]);
    assert!((verify(&before, &after, 0.01).unwrap() - sag()).abs() < 1e-9);
    // By two passes: what each of them moved adds up.
    let path = after.paths().nth(1).unwrap().clone();
    let turned = after.segments(&path)[0];
    let flatter = Segment {
        bulge: turned.bulge + 0.0005,
        ..turned
    };
    let all = Replacement {
        step: 1,
        run: 0..1,
        new: vec![flatter],
        within: 0.008,
    };
    after.edit().replace("another", &[all]);
    let moved = verify(&before, &after, 0.02).unwrap();
    assert!((moved - sag() - 0.008).abs() < 1e-9, "{moved}");
    assert!(strayed(verify(&before, &after, 0.01)));
}

#[test]
fn arcs_lie_in_the_plane_of_their_attributes() {
    let attributes = Attributes {
        plane: Plane::Zx,
        ..Attributes::default()
    };
    let upright = |p: Point3| Point3::new(p.y, 3.0, p.x);
    let mut before = Toolpath::new(upright(on(0)));
    let ends = (1..=STEPS).map(|i| (upright(on(i)), 0.0));
    before.push_path(upright(on(0)), ends, attributes, 0);
    let after = replaced(&before, vec![arc(&before, 0.0)], sag());
    assert!(verify(&before, &after, 0.01).is_ok());
    let other = replaced(&before, vec![arc(&before, -1.2)], sag());
    assert!(strayed(verify(&before, &other, 0.01)));
}
