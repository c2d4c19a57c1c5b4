use crate::diag::Code;
use crate::geom::Point;
use crate::svg::tests::outline_length;
use crate::svg::{Drawing, Outline, PaintedBy, SvgOptions, read};
use std::f64::consts::PI;

fn draw(body: &str) -> Drawing {
    let text = format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="100mm" height="100mm" viewBox="0 0 100 100">{body}</svg>"#
    );
    read(text.as_bytes(), &SvgOptions::default()).unwrap()
}

/// Length of all outlines, to a hundredth.
fn total(body: &str) -> f64 {
    let sum: f64 = draw(body).outlines.iter().map(outline_length).sum();
    (sum * 100.0).round() / 100.0
}

fn has(drawing: &Drawing, code: &'static str) -> bool {
    drawing.diagnostics.has(Code(code))
}

/// A line over the page at y = 50, 100 mm long.
const LINE: &str = r#"<path d="M0 50h100" stroke="red" fill="none"/>"#;

#[test]
fn what_a_clip_path_may_say() {
    let near = |a: f64, b: f64| (a - b).abs() < 0.015;
    for (clip, left) in [
        (
            r#"<clipPath id="c"><rect x="10" width="30" height="100"/></clipPath>"#,
            30.0,
        ),
        // Two shapes that overlap, one turned; hidden ones add nothing.
        (
            r#"<clipPath id="c"><rect x="10" width="30" height="100"/><rect x="35" width="100" height="10" transform="rotate(90 35 0)"/>
            <rect width="100" height="100" display="none"/><rect width="100" height="100" visibility="hidden"/></clipPath>"#,
            // The second runs from x = 25 to 35.
            30.0,
        ),
        // The rule of the clip, which inherits, and not that of the fill.
        (
            r#"<g clip-rule="evenodd"><clipPath id="c"><path fill-rule="nonzero" d="M10 0h40v100h-40zM20 0h20v100h-20z"/></clipPath></g>"#,
            20.0,
        ),
        (
            r#"<clipPath id="c"><path fill-rule="evenodd" d="M10 0h40v100h-40zM20 0h20v100h-20z"/></clipPath>"#,
            40.0,
        ),
        // By `use`, moved and scaled; the paint does not count.
        (
            r##"<defs><rect id="r" x="10" width="10" height="100" fill="none"/></defs>
            <clipPath id="c" transform="scale(2 1)"><use href="#r" x="5" transform="translate(1)"/></clipPath>"##,
            20.0,
        ),
        // Parts of the box around the element; a line has none, so its group does.
        (
            r#"<clipPath id="c" clipPathUnits="objectBoundingBox"><circle cx=".5" cy=".5" r=".25"/></clipPath>"#,
            50.0,
        ),
        // Its own clip path, and one on what is in it.
        (
            r##"<clipPath id="a"><rect x="20" width="50" height="100"/></clipPath>
            <clipPath id="c" clip-path="url(#a)"><rect x="10" width="30" height="100"/></clipPath>"##,
            20.0,
        ),
        (
            r##"<clipPath id="a"><rect x="20" width="50" height="100"/></clipPath>
            <clipPath id="c"><rect x="10" width="30" height="100" clip-path="url(#a)"/><rect x="80" width="5" height="100"/></clipPath>"##,
            25.0,
        ),
    ] {
        let box_of = r#"<path d="M0 0L100 100" fill="none"/>"#;
        for how in [
            r#"clip-path="url(#c)""#,
            r#"style="clip-path: url( '#c' )""#,
            r#"class="k""#,
        ] {
            let sheet = "<style>.k { clip-path: url(\"#c\") }</style>";
            let body = format!("{sheet}{clip}<g {how}>{box_of}{LINE}</g>");
            assert!(near(total(&body), left), "{clip} {how} {}", total(&body));
        }
    }
}

#[test]
fn clips_around_clips_leave_what_all_do() {
    let body = format!(
        r##"<clipPath id="a"><rect x="10" width="50" height="100"/></clipPath>
        <clipPath id="b"><rect x="40" width="50" height="100"/></clipPath>
        <g clip-path="url(#a)"><g clip-path="url(#b)">{LINE}</g></g>"##
    );
    assert!((total(&body) - 20.0).abs() < 1e-9);
}

#[test]
fn arcs_stay_arcs_and_runs_that_are_inside_stay_as_they_are() {
    let clip = r#"<clipPath id="c"><rect width="50" height="100"/></clipPath>"#;
    let circle = |x: i32| format!(r#"<circle cx="{x}" cy="50" r="20" stroke="red" fill="blue"/>"#);
    let drawn = draw(&format!(
        r##"{clip}<g clip-path="url(#c)">{}</g>"##,
        circle(50)
    ));
    let [fill, stroke] = &drawn.outlines[..] else {
        panic!("{:?}", drawn.outlines);
    };
    assert_eq!(
        (fill.painted_by, fill.closed, fill.stroked),
        (PaintedBy::Fill, true, false)
    );
    assert!((outline_length(fill) - 20.0 * PI - 40.0).abs() < 1e-6);
    assert_eq!((stroke.closed, stroke.spans.len()), (false, 2));
    assert!((outline_length(stroke) - 20.0 * PI).abs() < 1e-9);
    let quarter = (PI / 8.0).tan();
    let bulges = stroke.spans.iter().map(|s| s.bulge.abs());
    assert!(bulges.into_iter().all(|b| (b - quarter).abs() < 1e-9));
    // Inside: as without the clip.
    let inside = draw(&format!(
        r##"{clip}<g clip-path="url(#c)">{}</g>"##,
        circle(25)
    ));
    assert_eq!(
        inside.outlines,
        draw(&format!(
            "{clip}<g clip-path=\"none\"   >{}</g>",
            circle(25)
        ))
        .outlines
    );
    assert!(inside.outlines[0].stroked);
    // Outside: nothing, and that is said.
    let outside = draw(&format!(
        r##"{clip}<g clip-path="url(#c)">{}</g>"##,
        circle(75)
    ));
    assert!(outside.outlines.is_empty() && has(&outside, "svg/clipped-away"));
    // A curve cut by a curve stays within the tolerance, cut included.
    let curves = draw(
        r##"<clipPath id="c"><ellipse cx="50" cy="50" rx="40" ry="20"/></clipPath>
        <ellipse cx="40" cy="50" rx="20" ry="40" stroke="red" clip-path="url(#c)"/>"##,
    );
    assert!(
        curves
            .outlines
            .iter()
            .all(|o| o.deviation_mm > 0.0 && o.deviation_mm <= 0.01)
    );
    let bent = |o: &Outline| o.spans.iter().all(|s| s.bulge != 0.0);
    assert!(curves.outlines.len() == 3 && curves.outlines.iter().all(bent));
}

#[test]
fn viewports_clip_where_overflow_is_not_visible() {
    let nested = |attributes: &str| {
        total(&format!(
            r#"<svg x="10" y="10" width="50" height="80" {attributes}><path d="M-20 40h200" stroke="red" fill="none"/></svg>"#
        ))
    };
    assert!((nested("") - 50.0).abs() < 1e-9);
    assert!((nested(r#"overflow="scroll""#) - 50.0).abs() < 1e-9);
    assert!((nested(r#"overflow="auto""#) - 200.0).abs() < 1e-9);
    assert!((nested(r#"style="overflow:visible""#) - 200.0).abs() < 1e-9);
    // `slice`: the content is larger than the viewport.
    let slice = nested(r#"viewBox="0 0 100 80" preserveAspectRatio="xMinYMid slice""#);
    assert!((slice - 50.0).abs() < 1e-9);
    let symbol = |attributes: &str| {
        total(&format!(
            r##"<symbol id="s" viewBox="0 0 10 10" {attributes}><path d="M-5 5h20" stroke="red" fill="none"/></symbol><use href="#s" width="20" height="20"/>"##
        ))
    };
    assert!((symbol("") - 20.0).abs() < 1e-9);
    assert!((symbol(r#"overflow="visible""#) - 40.0).abs() < 1e-9);
    let marker = |attributes: &str| {
        total(&format!(
            r##"<marker id="m" markerUnits="userSpaceOnUse" markerWidth="6" markerHeight="6" viewBox="-1 -1 2 2" {attributes}><path d="M-9 0h18" stroke="red" fill="none"/></marker>
            <path d="M50 50v10" stroke="red" fill="none" marker-start="url(#m)"/>"##
        ))
    };
    assert!((marker("") - 16.0).abs() < 1e-9);
    assert!((marker(r#"overflow="visible""#) - 64.0).abs() < 1e-9);
    // The page clips nothing, but what lies outside of it is counted.
    let page = draw(
        r#"<path d="M-50 50h200M10-10h5" stroke="red"/><path d="M-9-9h5M-9 0h5" stroke="red"/><path d="M200 0v5" stroke="red"/>"#,
    );
    let note: Vec<_> = page
        .diagnostics
        .into_iter()
        .filter(|d| d.code.0 == "svg/outside-page")
        .collect();
    assert!(
        note.len() == 1 && note[0].message.starts_with("2 elements"),
        "{note:?}"
    );
    assert!(!has(&draw(LINE), "svg/outside-page"));
}

#[test]
fn what_cannot_be_applied_is_said_and_taken_whole() {
    for (clip, value, code) in [
        ("", "inset(10px)", "svg/clip-path"),
        ("", "circle(50%)", "svg/clip-path"),
        ("", "url(#nowhere)", "svg/broken-reference"),
        ("", "url(other.svg#c)", "svg/broken-reference"),
        (r#"<rect id="c"/>"#, "url(#c)", "svg/broken-reference"),
        (
            r##"<clipPath id="c" clip-path="url(#c)"><rect width="100" height="100"/></clipPath>"##,
            "url(#c)",
            "svg/reference-loop",
        ),
        (
            r##"<clipPath id="c"><rect width="100" height="100" clip-path="url(#d)"/></clipPath>
            <clipPath id="d"><rect width="100" height="100" clip-path="url(#c)"/></clipPath>"##,
            "url(#c)",
            "svg/reference-loop",
        ),
        (
            r#"<clipPath id="c"><rect width="100" height="100"/><g/><text>a</text></clipPath>"#,
            "url(#c)",
            "svg/text",
        ),
        (
            r##"<clipPath id="c"><rect width="100" height="100"/><use href="#g"/></clipPath><g id="g"/>"##,
            "url(#c)",
            "svg/clip-path",
        ),
        (
            r#"<clipPath id="c"><rect width="100" height="100"/><rect width="1e99" height="1"/></clipPath>"#,
            "url(#c)",
            "svg/out-of-range",
        ),
    ] {
        let body = format!(r#"{clip}<g clip-path="{value}">{LINE}</g>"#);
        let drawn = draw(&body);
        assert!(has(&drawn, code), "{body} {:?}", drawn.diagnostics);
        assert!((total(&body) - 100.0).abs() < 1e-9, "{body}");
    }
    for nothing in [
        r#"<clipPath id="c"/>"#,
        r#"<clipPath id="c"><rect width="0" height="9"/></clipPath>"#,
        r#"<clipPath id="c" clipPathUnits="objectBoundingBox"><rect width="1" height="1"/></clipPath>"#,
    ] {
        let drawn = draw(&format!(r#"{nothing}<g clip-path="url(#c)">{LINE}</g>"#));
        assert!(
            drawn.outlines.is_empty() && has(&drawn, "svg/clipped-away"),
            "{nothing}"
        );
    }
}

#[test]
fn deep_and_endless_clips_end() {
    // Each of a hundred clip paths is clipped by the next.
    let mut chain = String::new();
    for i in 0..100 {
        chain += &format!(
            r##"<clipPath id="c{i}" clip-path="url(#c{})"><rect width="99" height="99"/></clipPath>"##,
            i + 1
        );
    }
    let drawn = draw(&format!(r#"{chain}<g clip-path="url(#c0)">{LINE}</g>"#));
    assert!(has(&drawn, "svg/clip-path") && drawn.outlines.len() == 1);
    // A hundred groups, one in the other, all clipped.
    let group = r#"<g clip-path="url(#c)" transform="translate(.1)">"#.repeat(100);
    let clip = r#"<clipPath id="c"><rect x="-20" width="99" height="99"/></clipPath>"#;
    let drawn = draw(&format!("{clip}{group}{LINE}{}", "</g>".repeat(100)));
    assert!(has(&drawn, "svg/clip-path") && drawn.outlines.len() == 1);
    // Ten shapes in each of ten clip paths, each clipped by the next, in another place.
    let mut bomb = String::new();
    for i in 0..12 {
        let shape = |k: i32| {
            format!(
                r##"<rect width="99" height="99" transform="translate(.0{k}{i})" clip-path="url(#b{})"/>"##,
                i + 1
            )
        };
        bomb += &format!(
            r#"<clipPath id="b{i}">{}</clipPath>"#,
            (1..10).map(shape).collect::<String>()
        );
    }
    let text = format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg">{bomb}<g clip-path="url(#b0)">{LINE}</g></svg>"##
    );
    let few = SvgOptions::default().with_max_elements(2_000);
    let error = read(text.as_bytes(), &few).unwrap_err();
    assert_eq!(error.kind(), crate::error::ErrorKind::Limit);
}

#[test]
fn the_same_clip_path_on_each_of_many_is_drawn_once() {
    let n = 2_000;
    let teeth: String = (0..n)
        .map(|i| format!("h{}v{}", 50.0 / f64::from(n), [30, -30][i as usize % 2]))
        .collect();
    let clip = format!(r#"<clipPath id="c"><path d="M0 50{teeth}V0H0z"/></clipPath>"#);
    let shapes: String = (0..n)
        .map(|i| {
            format!(
                r##"<path clip-path="url(#c)" d="M{} 40v60" stroke="red" fill="none"/>"##,
                (f64::from(i) + 0.5) * 50.0 / f64::from(n)
            )
        })
        .collect();
    let drawn = draw(&format!("{clip}{shapes}"));
    assert_eq!(drawn.outlines.len(), n as usize);
    assert!(drawn.outlines.iter().all(|o| {
        let l = outline_length(o);
        (l - 10.0).abs() < 1e-6 || (l - 40.0).abs() < 1e-6
    }));
    assert!(drawn.outlines[0].start.distance(Point::new(0.0125, 60.0)) < 1e-9);
}
