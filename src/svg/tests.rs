use super::*;
use crate::diag::Code;
use crate::error::ErrorKind;
use crate::geom::{Point, length};
use crate::operations::{Cut, Operations};

fn draw(body: &str) -> Drawing {
    let text = format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:inkscape="http://www.inkscape.org/namespaces/inkscape" width="100mm" height="100mm" viewBox="0 0 100 100">{body}</svg>"#
    );
    let mut drawing = read(text.as_bytes(), &SvgOptions::default()).unwrap();
    // What the tests here count is what is followed once.
    drawing.outlines.retain(|o| !o.stroked);
    drawing
}

fn only_its_size_is_said(d: &Drawing) {
    let mut said = d.diagnostics.as_slice().iter();
    assert!(said.all(|x| x.code.0 == "svg/size"), "{:?}", d.diagnostics);
}

pub(super) fn outline_length(o: &Outline) -> f64 {
    let mut from = o.start;
    let mut sum = 0.0;
    for s in &o.spans {
        sum += length(from, s.end, s.bulge);
        from = s.end;
    }
    sum
}

fn colors(d: &Drawing) -> Vec<[u8; 3]> {
    d.outlines.iter().map(|o| o.color).collect()
}

const RED: [u8; 3] = [255, 0, 0];
const BLUE: [u8; 3] = [0, 0, 255];
const LIME: [u8; 3] = [0, 255, 0];

#[test]
fn one_size_however_it_is_written() {
    let inkscape = r#"xmlns:inkscape="http://www.inkscape.org/namespaces/inkscape""#;
    let illustrator = "<!-- Generator: Adobe Illustrator 24.0 -->";
    for (before, attributes, w) in [
        (
            "",
            r#"width="254mm" viewBox="0 0 100 50""#.to_owned(),
            100.0,
        ),
        (
            "",
            r#"width="10in" height="5in" viewBox="0 0 100 50""#.to_owned(),
            100.0,
        ),
        (
            "",
            r#"width="720pt" height="360pt" viewBox="0 0 72 36""#.to_owned(),
            72.0,
        ),
        (
            "",
            r#"width="60pc" height="30pc" viewBox="0 0 60 30""#.to_owned(),
            60.0,
        ),
        ("", r#"width="25.4cm" height="12.7cm""#.to_owned(), 960.0),
        (
            "",
            r#"width="1016Q" height="508q" viewBox="0 0 1 .5""#.to_owned(),
            1.0,
        ),
        ("", r#"width="960" height="480px""#.to_owned(), 960.0),
        ("", r#"viewBox="0 0 960 480""#.to_owned(), 960.0),
        (
            "",
            r#"width="100%" height="100%" viewBox="0 0 960 480""#.to_owned(),
            960.0,
        ),
        (illustrator, r#"viewBox="0 0 720 360""#.to_owned(), 720.0),
        (
            "",
            format!(r#"{inkscape} inkscape:version="0.91 r13725" width="900" height="450""#),
            900.0,
        ),
        (
            "",
            format!(r#"{inkscape} inkscape:version="1.2.2" width="960" height="480""#),
            960.0,
        ),
    ] {
        let h = w / 2.0;
        let text = format!(
            r#"{before}<svg xmlns="http://www.w3.org/2000/svg" {attributes}><rect width="{w}" height="{h}"/></svg>"#
        );
        let d = read(text.as_bytes(), &SvgOptions::default()).unwrap();
        let [width, height] = d.size_mm;
        assert!(
            (width - 254.0).abs() < 1e-9 && (height - 127.0).abs() < 1e-9,
            "{text}"
        );
        assert!(
            (outline_length(&d.outlines[0]) - 762.0).abs() < 1e-6,
            "{text}"
        );
        let physical = text.contains("viewBox")
            && ["mm", "in\"", "pt", "pc", "Q"]
                .iter()
                .any(|u| text.contains(u));
        assert_eq!(
            d.diagnostics.has(Code("svg/size-guessed")),
            !physical,
            "{text}"
        );
    }
    let text = br#"<svg xmlns="http://www.w3.org/2000/svg" width="72" height="72"/>"#;
    let d = read(text, &SvgOptions::default().with_dpi(72.0)).unwrap();
    assert!((d.size_mm[0] - 25.4).abs() < 1e-12);
    assert!(d.diagnostics.has(Code("svg/empty")) && !d.diagnostics.has(Code("svg/size-guessed")));
}

#[test]
fn a_page_without_a_size_takes_that_of_its_content() {
    let text = br#"<svg xmlns="http://www.w3.org/2000/svg"><path d="M96 96h96v192z"/></svg>"#;
    let d = read(text, &SvgOptions::default()).unwrap();
    assert!((d.size_mm[0] - 50.8).abs() < 1e-9 && (d.size_mm[1] - 76.2).abs() < 1e-9);
    assert!(d.outlines[0].start.distance(Point::new(25.4, 50.8)) < 1e-9);
}

#[test]
fn y_points_up_and_circles_are_two_arcs() {
    let d =
        draw(r#"<circle cx="30" cy="20" r="5"/><rect x="1" y="2" width="20" height="10" rx="3"/>"#);
    let circle = &d.outlines[0];
    assert!(circle.start.distance(Point::new(35.0, 80.0)) < 1e-12 && circle.closed);
    assert_eq!(circle.spans.len(), 2);
    assert!((outline_length(circle) - 10.0 * std::f64::consts::PI).abs() < 1e-9);
    // Clockwise on the page stays clockwise to the eye.
    assert!(circle.spans.iter().all(|s| (s.bulge + 1.0).abs() < 1e-12));
    let rect = &d.outlines[1];
    assert_eq!(rect.spans.len(), 8);
    assert!((outline_length(rect) - (60.0 - 24.0 + 6.0 * std::f64::consts::PI)).abs() < 1e-9);
}

#[test]
fn arcs_that_break_others() {
    // Radii too small to reach: a half ellipse, 2.5 to 1, on that chord.
    let d = draw(r#"<path fill="none" stroke="red" d="M0 0A50 20 0 0 1 100 100"/>"#);
    let o = &d.outlines[0];
    let tip = o
        .spans
        .iter()
        .map(|s| s.end)
        .fold(Point::new(0.0, 0.0), |a, b| if b.y > a.y { b } else { a });
    assert!(o.spans.last().unwrap().end.distance(Point::new(100.0, 0.0)) < 1e-12);
    // Half-axes 50k, 20k with (50/50k)² + (50/20k)² = 1.
    let k = (1.0_f64 + 6.25).sqrt();
    let (a, b) = (50.0 * k, 20.0 * k);
    for s in &o.spans {
        let (x, y) = ((s.end.x - 50.0) / a, (s.end.y - 50.0) / b);
        assert!((x.hypot(y) - 1.0).abs() < 0.01 / b, "{:?}", s.end);
    }
    assert!(
        tip.y > 99.9 && o.spans.len() <= 32,
        "{tip:?}, {} spans",
        o.spans.len()
    );
    let turned = draw(r#"<ellipse cx="50" cy="50" rx="40" ry="10" transform="rotate(30 50 50)"/>"#);
    for s in &turned.outlines[0].spans {
        let p = s.end - Point::new(50.0, 50.0);
        // The page's turn is clockwise with y downward: undo it with y upward.
        let (sin, cos) = 30.0_f64.to_radians().sin_cos();
        let (x, y) = (p.x * cos - p.y * sin, p.x * sin + p.y * cos);
        assert!(((x / 40.0).hypot(y / 10.0) - 1.0).abs() < 0.002, "{p:?}");
    }
    assert!(turned.outlines[0].closed);
}

#[test]
fn style_has_the_right_cascade() {
    let d = draw(
        r##"<style>path{stroke:blue} .a{stroke:red} #x{stroke:lime!important} path.b{stroke:lime} g .c{stroke:#f00}</style>
        <path d="M0 0h9" stroke="red"/><path class="a" d="M0 0h9"/>
        <path id="x" style="stroke:red" d="M0 0h9"/><path class="a b" d="M0 0h9"/>
        <g><path class="c" d="M0 0h9" style="stroke:currentColor;color:blue"/></g>
        <g color="red" stroke="currentColor"><rect width="1" height="1"/></g>
        <g fill="lime"><rect width="1" height="1"/></g><rect width="1" height="1"/>"##,
    );
    assert_eq!(colors(&d), [BLUE, RED, LIME, LIME, BLUE, RED, LIME, [0; 3]]);
    assert_eq!(d.outlines[5].painted_by, PaintedBy::Stroke);
    assert_eq!(d.outlines[6].painted_by, PaintedBy::Fill);
}

#[test]
fn hairlines_stay_and_hidden_things_go() {
    let d = draw(
        r#"<path d="M0 0h9" stroke="red" stroke-width="0"/><path d="M0 0h9" stroke="red" stroke-width="1e-9"/>
        <g display="none"><path d="M0 0h9" stroke="red"/></g>
        <g visibility="hidden"><path d="M0 0h9" stroke="red"/><path visibility="visible" d="M0 0h9" stroke="blue"/></g>
        <path d="M0 0h9" fill="none"/>"#,
    );
    assert_eq!(colors(&d), [RED, RED, BLUE]);
    assert!(d.diagnostics.has(Code("svg/hidden")) && d.diagnostics.has(Code("svg/not-painted")));
}

#[test]
fn use_symbol_nested_svg_and_switch() {
    let d = draw(
        r##"<defs><path id="p" d="M0 0h1"/><symbol id="s" viewBox="0 0 2 2"><path d="M0 0h2"/></symbol></defs>
        <g stroke="red"><use xlink:href="#p" x="5" y="10"/><use href="#s" x="10" width="20" height="20"/></g>
        <svg x="50" y="50" width="20" height="10" viewBox="0 0 10 10" preserveAspectRatio="xMaxYMin slice" stroke="blue"><path d="M0 0h10"/></svg>
        <svg x="50%" width="10%" height="100%" stroke="lime"><line x2="100%"/></svg>
        <switch><path requiredExtensions="x" d="M0 0h1"/><path stroke="lime" d="M0 0v1"/><path d="M0 0h1"/></switch>"##,
    );
    let ends: Vec<_> = d
        .outlines
        .iter()
        .map(|o| (o.start, o.spans[0].end))
        .collect();
    let expected = [
        ((5.0, 90.0), (6.0, 90.0)),
        ((10.0, 100.0), (30.0, 100.0)),
        ((50.0, 50.0), (70.0, 50.0)),
        ((50.0, 100.0), (60.0, 100.0)),
        ((0.0, 100.0), (0.0, 99.0)),
    ];
    assert_eq!(ends.len(), expected.len());
    for ((a, b), (c, e)) in ends.iter().zip(expected) {
        assert!(
            a.distance(Point::new(c.0, c.1)) < 1e-9 && b.distance(Point::new(e.0, e.1)) < 1e-9,
            "{a:?} {b:?}"
        );
    }
    assert_eq!(colors(&d), [RED, RED, BLUE, LIME, LIME]);
}

#[test]
fn layers_ids_lines_and_transforms() {
    let d = draw(
        "\n<g inkscape:groupmode=\"layer\" inkscape:label=\"Cut\" transform=\"translate(10,10) scale(2)\">\n<path id=\"q\" d=\"M1 1h1v1z m5 0l1 1\" stroke=\"red\"/></g>",
    );
    assert_eq!(d.outlines.len(), 2);
    let o = &d.outlines[0];
    assert_eq!(
        (o.layer.as_deref(), o.id.as_deref(), o.line),
        (Some("Cut"), Some("q"), 3)
    );
    assert!(o.start.distance(Point::new(12.0, 88.0)) < 1e-9 && o.closed);
    assert!(d.outlines[1].start.distance(Point::new(22.0, 88.0)) < 1e-9 && !d.outlines[1].closed);
}

#[test]
fn paint_without_content_and_fill_without_inside_are_none() {
    let d = draw(
        r##"<linearGradient id="l"/><linearGradient id="m" href="#l"/><pattern id="p"/>
        <linearGradient id="s"><stop/></linearGradient><radialGradient id="t" href="#s"/>
        <path fill="url(#l)" d="M0 0h1v1"/><path fill="url(#m) red" d="M0 0h1v1"/>
        <path fill="url(#p)" d="M0 0h1v1"/><path d="M0 0h1"/><path d="M0 0h1z"/>
        <path id="t1" fill="url(#t)" d="M0 0h1v1"/><path id="c" d="M0 0c9 0 -4 0 1 0"/>"##,
    );
    let ids: Vec<_> = d.outlines.iter().map(|o| o.id.as_deref()).collect();
    assert_eq!(ids, [None, Some("t1"), Some("c")]);
    assert_eq!(d.outlines[0].color, [255, 0, 0]);
    // A curve that turns back along itself is run as often as it is drawn.
    assert!(d.outlines[2].spans.len() > 2);
}

#[test]
fn what_is_not_drawn_is_said() {
    let d = draw(
        r##"<linearGradient id="l"><stop/></linearGradient><text id="t">hello</text><image id="i" href="x.png"/><foreignObject/><wibble/>
        <g clip-path="url(#c)" mask="url(#m)" filter="url(#f)"><path fill="url(#l)" d="M0 0h1v1"/></g>
        <path stroke="red" stroke-dasharray="0 2" marker-end="url(#k)" d="M0 0h9"/>
        <path id="bad" stroke="red" d="M0 0L10 0 @@@ L20 20"/><path stroke="red" d="L1 1"/>
        <polyline stroke="red" points="0 0 1 1 2"/><use href="#nowhere"/><use href="other.svg#x"/>
        <path stroke="bogus" d="M0 0h1" transform="twist(3)"/><path d="M0 0h1e308" stroke="red"/>
        <path transform="scale(1e308)" d="M0 0h1e10" stroke="red"/><path d="M5 5z" stroke="red"/>"##,
    );
    for code in [
        "text",
        "image",
        "foreign-object",
        "unknown-element",
        "mask",
        "filter",
        "paint-server",
        "dashes",
        "bad-data",
        "broken-reference",
        "bad-style",
        "bad-transform",
        "out-of-range",
        "no-outline",
    ] {
        let full = format!("svg/{code}");
        assert!(
            d.diagnostics
                .as_slice()
                .iter()
                .any(|x| x.code.0 == full && x.line.is_some()),
            "{code}"
        );
    }
    assert!(
        d.diagnostics
            .as_slice()
            .iter()
            .any(|x| x.message.starts_with("text \"t\" "))
    );
    let bad = d
        .outlines
        .iter()
        .find(|o| o.id.as_deref() == Some("bad"))
        .unwrap();
    assert_eq!(bad.spans.len(), 1);
}

#[test]
fn loops_and_bombs_end() {
    let d = draw(
        r##"<g id="a"><path stroke="red" d="M0 0h1"/><use href="#b"/></g><g id="b"><use href="#a"/></g><use id="s" href="#s"/>"##,
    );
    assert!(d.diagnostics.has(Code("svg/reference-loop")) && !d.outlines.is_empty());
    let mut bomb = String::from(r#"<g id="n0"><path d="M0 0h1"/></g>"#);
    for i in 1..12 {
        let uses = format!(r##"<use href="#n{}"/>"##, i - 1).repeat(10);
        bomb += &format!(r#"<g id="n{i}">{uses}</g>"#);
    }
    let text = format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg"><defs>{bomb}</defs><use href="#n11"/></svg>"##
    );
    let few = SvgOptions::default().with_max_elements(10_000);
    assert_eq!(
        read(text.as_bytes(), &few).unwrap_err().kind(),
        ErrorKind::Limit
    );
    let deep = format!(
        "<svg>{}{}</svg>",
        "<g>".repeat(50_000),
        "</g>".repeat(50_000)
    );
    assert_eq!(
        read(deep.as_bytes(), &SvgOptions::default())
            .unwrap_err()
            .kind(),
        ErrorKind::Limit
    );
    let entities = r#"<!DOCTYPE svg [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&c;">]><svg><text>&c;</text></svg>"#;
    assert_eq!(
        read(entities.as_bytes(), &SvgOptions::default())
            .unwrap_err()
            .kind(),
        ErrorKind::Limit
    );
}

#[test]
fn what_cannot_be_read_says_where() {
    let options = SvgOptions::default();
    let fails = |bytes: &[u8]| read(bytes, &options).unwrap_err();
    let e = fails(b"<svg>\n  <g></svg>");
    assert_eq!(e.kind(), ErrorKind::Malformed);
    assert!(e.to_string().starts_with("2:"), "{e}");
    assert_eq!(fails(b"").kind(), ErrorKind::Malformed);
    assert_eq!(fails(b"<html/>").kind(), ErrorKind::Unsupported);
    assert_eq!(fails(b"\x1f\x8b\x08").kind(), ErrorKind::Unsupported);
    assert!(fails(b"<svg>\n\xff</svg>").to_string().starts_with("2:1:"));
    let bad = SvgOptions::default().with_tolerance(f64::NAN);
    assert_eq!(
        read(b"<svg/>", &bad).unwrap_err().kind(),
        ErrorKind::InvalidConfig
    );
    let text = r#"<svg><path d="M0 0h1"/></svg>"#;
    let mut wide = vec![0xFF, 0xFE];
    wide.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
    let marked = [b"\xEF\xBB\xBF", text.as_bytes()].concat();
    let plain = read(text.as_bytes(), &options).unwrap();
    assert_eq!(read(&wide, &options).unwrap(), plain);
    assert_eq!(read(&marked, &options).unwrap(), plain);
}

#[test]
fn lines_only_has_no_arcs() {
    let text = br#"<svg width="100mm" height="100mm" viewBox="0 0 100 100"><circle r="40"/><path d="M0 0C0 50 50 50 50 90"/></svg>"#;
    let d = read(text, &SvgOptions::default().with_arcs(false)).unwrap();
    assert!(
        d.outlines
            .iter()
            .all(|o| o.spans.iter().all(|s| s.bulge == 0.0))
    );
    assert!((outline_length(&d.outlines[0]) - 80.0 * std::f64::consts::PI).abs() < 0.1);
}

#[test]
fn a_fill_and_its_stroke_are_one_shape() {
    let text = r#"<svg xmlns="http://www.w3.org/2000/svg" width="9mm" height="9mm" viewBox="0 0 9 9">
        <path d="M1 1h3v3M2 2h1v1" stroke="red" fill="blue" fill-rule="evenodd" class="a b"/>
        <rect width="2" height="2"/><path d="M0 0h1" stroke="lime" fill="none"/></svg>"#;
    let drawing = read(text.as_bytes(), &SvgOptions::default()).unwrap();
    let of = |o: &Outline| (o.shape, o.painted_by, o.stroked, o.closed, o.color);
    let [black, fill, stroke] = [[0; 3], BLUE, RED];
    assert_eq!(
        drawing.outlines.iter().map(of).collect::<Vec<_>>(),
        [
            (0, PaintedBy::Fill, true, true, fill),
            (0, PaintedBy::Fill, true, true, fill),
            (0, PaintedBy::Stroke, false, false, stroke),
            (0, PaintedBy::Stroke, false, false, stroke),
            (1, PaintedBy::Fill, false, true, black),
            (2, PaintedBy::Stroke, false, false, LIME),
        ]
    );
    assert_eq!(drawing.outlines[0].rule, FillRule::EvenOdd);
    assert_eq!(drawing.outlines[4].rule, FillRule::NonZero);
    assert_eq!(drawing.outlines[2].class.as_deref(), Some("a b"));
    let plan = toolpath(&drawing, &Operations::default(), &Cut::default()).unwrap();
    assert_eq!(plan.toolpath.paths().count(), 4);
}

#[test]
fn dashes_are_cut_one_by_one() {
    let d = draw(
        r##"<path stroke="red" fill="none" stroke-dasharray="6,2" stroke-dashoffset="3" d="M0 0h10v10h-10z"/>
        <g transform="scale(2)"><line y1="20" y2="20" x2="10" stroke="red" stroke-dasharray="1"/></g>
        <path stroke="red" fill="none" pathLength="10" stroke-dasharray="1" d="M0 50h20"/>
        <rect width="9" height="9" fill="red" stroke-dasharray="1"/>"##,
    );
    let of = |line: u32| d.outlines.iter().filter(move |o| o.line == line);
    assert_eq!(of(1).count(), 5);
    assert!(of(1).all(|o| (outline_length(o) - 6.0).abs() < 1e-9 && !o.closed));
    assert_eq!(of(2).count(), 5);
    assert!(of(2).all(|o| (outline_length(o) - 2.0).abs() < 1e-9));
    assert_eq!(of(3).count(), 5);
    assert!(of(3).all(|o| (outline_length(o) - 2.0).abs() < 1e-9));
    // A fill has no dashes.
    assert_eq!(of(4).count(), 1);
    only_its_size_is_said(&d);
}

#[test]
fn dashes_without_end_are_a_whole_line() {
    let d = draw(r#"<path stroke="red" stroke-dasharray="1e-9" d="M0 0h90"/>"#);
    assert_eq!(d.outlines.len(), 1);
    assert!(d.diagnostics.has(Code("svg/dashes")));
}

#[test]
fn markers_stand_on_the_points_they_are_for() {
    let marker = |id: &str, more: &str| {
        format!(
            r##"<marker id="{id}" markerWidth="4" markerHeight="4" {more}><path d="M0 0h1" stroke="blue"/></marker>"##
        )
    };
    let d = draw(&format!(
        r##"{}{}{}<path fill="none" stroke="red" stroke-width="2" d="M10 10h10v10h10"
            marker-start="url(#s)" marker-mid="url(#m)" marker-end="url(#e)"/>"##,
        marker("s", r#"orient="auto-start-reverse""#),
        marker(
            "m",
            r#"orient="auto" markerUnits="userSpaceOnUse" refX="1""#
        ),
        marker("e", r#"viewBox="0 0 8 8" orient="90""#),
    ));
    let blue: Vec<_> = d.outlines.iter().filter(|o| o.color == BLUE).collect();
    let at = |i: usize| (blue[i].start, blue[i].spans[0].end);
    let is = |(a, b): (Point, Point), c: [f64; 4]| {
        let p = |x, y| Point::new(x, 100.0 - y);
        assert!(a.distance(p(c[0], c[1])) < 1e-9, "{a:?} {b:?}");
        assert!(b.distance(p(c[2], c[3])) < 1e-9, "{a:?} {b:?}");
    };
    assert_eq!(blue.len(), 4);
    // Looks back, twice as large: the stroke is 2 wide.
    is(at(0), [10.0, 10.0, 8.0, 10.0]);
    // Half way round the corner, its point (1, 0) on the vertex.
    let h = std::f64::consts::FRAC_1_SQRT_2;
    is(at(1), [20.0 - h, 10.0 - h, 20.0, 10.0]);
    is(at(2), [20.0 - h, 20.0 - h, 20.0, 20.0]);
    // Half as large by its view box, twice by the stroke; turned by its own angle.
    is(at(3), [30.0, 20.0, 30.0, 21.0]);
    only_its_size_is_said(&d);
}

#[test]
fn markers_have_the_style_of_their_place_and_no_loops() {
    let d = draw(
        r##"<g stroke="blue" fill="none"><marker id="m"><path d="M0 0h1"/><path d="M0 1h1" stroke="context-stroke"/></marker></g>
        <marker id="x"><path d="M0 0h1" stroke="red" marker-start="url(#x)"/></marker>
        <polygon points="10 10 20 10 20 20" fill="lime" stroke="red" marker-mid="url(#m)"/>
        <path d="M50 50v9" stroke="red" marker-start="url(#x)"/><rect width="2" height="2" marker-start="url(#m)"/>"##,
    );
    let of = |color: [u8; 3]| d.outlines.iter().filter(|o| o.color == color).count();
    // Two corners lie between the first point and the last.
    assert_eq!(of(BLUE), 2);
    assert_eq!(of(RED), 1 + 2 + 1 + 1);
    assert!(d.diagnostics.has(Code("svg/reference-loop")));
}

#[test]
fn what_is_wholly_transparent_is_left_out_and_said() {
    let d = draw(
        r#"<g stroke="red" fill="blue"><rect width="9" height="9" stroke-opacity="0"/>
        <rect width="9" height="9" fill-opacity="0%"/><rect width="9" height="9" opacity="0"/>
        <rect width="9" height="9" fill-opacity="0" stroke-opacity="0"/>
        <rect width="9" height="9" opacity="0.01"/></g>"#,
    );
    assert_eq!(colors(&d), [BLUE, RED, RED]);
    for code in ["svg/hidden", "svg/not-painted"] {
        assert!(d.diagnostics.has(Code(code)), "{code}");
    }
}
