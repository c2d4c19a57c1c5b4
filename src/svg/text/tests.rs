use super::tiny_font::{UNITS, WIDTH, tiny_font};
use crate::diag::{Code, Diagnostic, Severity};
use crate::geom::Point;
use crate::svg::{Drawing, Fonts, Outline, PaintedBy, SvgOptions, read};

/// Draws `body` on a page of 100 by 100 units of `unit` mm, with the tiny font.
fn scaled(body: &str, unit: f64) -> Drawing {
    let mm = 100.0 * unit;
    let text = format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="{mm}mm" height="{mm}mm" viewBox="0 0 100 100" font-family="Tiny">{body}</svg>"#
    );
    let fonts = Fonts::none().with_data(tiny_font("Tiny"));
    read(text.as_bytes(), &SvgOptions::default().with_fonts(fonts)).unwrap()
}

fn draw(body: &str) -> Drawing {
    scaled(body, 1.0)
}

/// Least x and y and greatest x and y, in units of the page, y downward.
fn bounds(o: &Outline) -> [f64; 4] {
    let mut b = [f64::INFINITY, f64::INFINITY, -f64::INFINITY, -f64::INFINITY];
    for p in std::iter::once(o.start).chain(o.spans.iter().map(|s| s.end)) {
        let p = Point::new(p.x, 100.0 - p.y);
        b = [b[0].min(p.x), b[1].min(p.y), b[2].max(p.x), b[3].max(p.y)];
    }
    b
}

#[track_caller]
fn assert_bounds(drawing: &Drawing, expected: &[[f64; 4]]) {
    assert_near(drawing, expected, 1e-4);
}

#[track_caller]
fn assert_near(drawing: &Drawing, expected: &[[f64; 4]], within: f64) {
    let found: Vec<_> = drawing.outlines.iter().map(bounds).collect();
    let near = found.len() == expected.len()
        && found
            .iter()
            .flatten()
            .zip(expected.iter().flatten())
            .all(|(a, b)| (a - b).abs() < within);
    let said: Vec<_> = drawing.diagnostics.into_iter().collect();
    assert!(near, "{found:?}\n{expected:?}\n{said:?}");
}

fn find<'d>(drawing: &'d Drawing, code: &'static str) -> Vec<&'d Diagnostic> {
    let of_code = |d: &&Diagnostic| d.code == Code(code);
    drawing.diagnostics.into_iter().filter(of_code).collect()
}

/// An `A` of 10 units at that place: a square of half an em.
fn square(x: f64, y: f64) -> [f64; 4] {
    [x, y - 5.0, x + 5.0, y]
}

#[test]
fn letters_of_no_size_are_no_error() {
    let d = draw(
        r#"<text id="t" y="30" font-size="0">A<tspan font-size="2em">A</tspan></text><text font-size="0"/>"#,
    );
    assert!(d.outlines.is_empty());
    let said = find(&d, "svg/no-outline");
    assert_eq!(said.len(), 1);
    assert_eq!(
        said[0].message,
        "text \"t\" has letters of no size and was left out"
    );
    assert!(find(&d, "svg/out-of-range").is_empty());
}

#[test]
fn letters_stand_where_they_are_put() {
    assert_eq!((UNITS, WIDTH), (1000, 600), "an em of 10 moves on by 6");
    for (body, expected) in [
        (
            r#"<text x="20" y="30" font-size="10">AA</text>"#,
            vec![square(20.0, 30.0), square(26.0, 30.0)],
        ),
        (
            r#"<text x="20" y="30" font-size="10" text-anchor="middle">A</text>"#,
            vec![square(17.0, 30.0)],
        ),
        (
            r#"<text x="20" y="30" font-size="10" text-anchor="end">AA</text>"#,
            vec![square(8.0, 30.0), square(14.0, 30.0)],
        ),
        (
            r#"<text x="1 20" y="30 40" font-size="10">AA</text>"#,
            vec![square(1.0, 30.0), square(20.0, 40.0)],
        ),
        (
            r#"<text x="1" y="30" dx="0 2" dy="0,3" font-size="10">AA</text>"#,
            vec![square(1.0, 30.0), square(9.0, 33.0)],
        ),
        (
            r#"<text x="1" y="30" rotate="90" font-size="10">A</text>"#,
            vec![[1.0, 30.0, 6.0, 35.0]],
        ),
        (
            r#"<text y="30" font-size="10">A</text>"#,
            vec![square(0.0, 30.0)],
        ),
        (
            r#"<text y="30" font-size="10"><tspan x="50">A</tspan></text>"#,
            vec![square(50.0, 30.0)],
        ),
        (
            r#"<text font-size="10"><tspan x="50" y="30">A</tspan><tspan x="50" dy="1.2em">A</tspan></text>"#,
            vec![square(50.0, 30.0), square(50.0, 42.0)],
        ),
        (
            r#"<text x="10%" y="1cm" font-size="10">A</text>"#,
            vec![square(10.0, 96.0 / 2.54)],
        ),
        (
            r#"<text x="2" y="30" font-size="10" letter-spacing=".1em">AA</text>"#,
            vec![square(2.0, 30.0), square(9.0, 30.0)],
        ),
        (
            r#"<text x="2" y="30" font-size="10" word-spacing="3">A A</text>"#,
            vec![square(2.0, 30.0), square(17.0, 30.0)],
        ),
        (
            r#"<text x="2" y="30" font-size="10" textLength="31">AA</text>"#,
            vec![square(2.0, 30.0), square(27.0, 30.0)],
        ),
        (
            r#"<text x="2" y="30" font-size="10">A<tspan baseline-shift="20%">A</tspan></text>"#,
            vec![square(2.0, 30.0), square(8.0, 28.0)],
        ),
        (
            r#"<text x="2" y="30" font-size="5"><tspan font-size="2em">A</tspan></text>"#,
            vec![square(2.0, 30.0)],
        ),
        (
            r#"<g style="font:normal 10px Tiny"><text x="2" y="30">A</text></g>"#,
            vec![square(2.0, 30.0)],
        ),
        (
            r#"<style>tspan{font-size:10px;letter-spacing:1px}</style><text x="2" y="30">
            <tspan>AA</tspan></text>"#,
            vec![square(2.0, 30.0), square(9.0, 30.0)],
        ),
        (
            r#"<text x="2" y="30" font-size="10" xml:space="preserve"> A</text>"#,
            vec![square(8.0, 30.0)],
        ),
        (
            r#"<text x="2" y="30" font-size="10" style="white-space:pre"> A</text>"#,
            vec![square(8.0, 30.0)],
        ),
        (
            r#"<g transform="translate(1 2) scale(2)"><text x="2" y="30" font-size="5">A</text></g>"#,
            vec![square(5.0, 62.0)],
        ),
        (
            r#"<text x="2" y="30" font-size="10" text-transform="uppercase">a</text>"#,
            vec![],
        ),
        (
            r#"<text x="2" y="30" font-size="10" style="text-transform:uppercase">a</text>"#,
            vec![square(2.0, 30.0)],
        ),
    ] {
        let drawing = draw(body);
        let found: Vec<_> = drawing.outlines.iter().map(bounds).collect();
        assert!(found.len() == expected.len(), "{body}: {found:?}");
        assert_bounds(&drawing, &expected);
    }
}

#[test]
fn what_a_use_shows_takes_its_font_from_the_use() {
    let drawing = draw(
        r##"<defs font-size="3"><text id="t" x="1" y="1">A</text></defs>
        <use href="#t" x="20" y="30" font-size="10" stroke="red" fill="none"/>"##,
    );
    // `defs` is around the text where it stands, not where it is shown.
    assert_bounds(&drawing, &[square(21.0, 31.0)]);
    assert_eq!(drawing.outlines[0].color, [255, 0, 0]);
    assert_eq!(drawing.outlines[0].id.as_deref(), Some("t"));
}

#[test]
fn each_part_is_painted_as_a_shape_would_be() {
    let drawing = draw(
        r##"<linearGradient id="g"><stop/></linearGradient><text y="30" font-size="10" fill="none" stroke="red" stroke-width="0">A<tspan
        fill="blue" stroke="none">A</tspan><tspan fill="url(#g)" stroke="none">A</tspan><tspan visibility="hidden">A</tspan><tspan
        stroke="none" id="n">A</tspan><tspan display="none">A</tspan></text>"##,
    );
    let painted: Vec<_> = drawing
        .outlines
        .iter()
        .map(|o| (o.color, o.painted_by))
        .collect();
    assert_eq!(
        painted,
        [
            ([255, 0, 0], PaintedBy::Stroke),
            ([0, 0, 255], PaintedBy::Fill),
            ([0, 0, 0], PaintedBy::Fill),
        ]
    );
    for code in ["svg/paint-server", "svg/not-painted"] {
        assert_eq!(find(&drawing, code).len(), 1, "{code}");
    }
    assert_eq!(find(&drawing, "svg/hidden").len(), 2);
}

#[test]
fn what_is_wholly_transparent_is_left_out_of_text_too() {
    let drawing = draw(
        r#"<text y="30" font-size="10" fill="red" stroke="blue" fill-opacity="0">A<tspan
        stroke-opacity="0">A</tspan></text>"#,
    );
    let colors: Vec<_> = drawing.outlines.iter().map(|o| o.color).collect();
    assert_eq!(colors, [[0, 0, 255]]);
    assert_eq!(find(&drawing, "svg/not-painted").len(), 1);
}

#[test]
fn lines_of_decoration_are_painted_by_who_draws_them() {
    let drawing = draw(
        r#"<text y="30" font-size="10" fill="red" text-decoration="underline"><tspan fill="blue">A</tspan></text>"#,
    );
    let colors: Vec<_> = drawing.outlines.iter().map(|o| o.color).collect();
    assert_eq!(colors, [[255, 0, 0], [0, 0, 255]]);
    assert_bounds(&drawing, &[[0.0, 30.75, 6.0, 31.25], square(0.0, 30.0)]);
}

#[test]
fn text_runs_along_paths() {
    let straight = r#"<path id="p" fill="none" d="M10 50h80" transform="translate(0 5)"/>"#;
    for (text, expected) in [
        (
            r##"<textPath href="#p">AA</textPath>"##,
            vec![square(10.0, 55.0), square(16.0, 55.0)],
        ),
        (
            r##"<textPath xlink:href="#p" startOffset="50%">A</textPath>"##,
            vec![square(50.0, 55.0)],
        ),
        (
            r##"<textPath href="#p" startOffset="5">A</textPath>"##,
            vec![square(15.0, 55.0)],
        ),
        (
            r##"<textPath path="M10 50h80">A</textPath>"##,
            vec![square(10.0, 50.0)],
        ),
        (
            r##"<textPath href="#p" startOffset="78">AA</textPath>"##,
            vec![],
        ),
        (r##"<textPath href="#no">A</textPath>"##, vec![]),
    ] {
        let drawing = draw(&format!(r#"{straight}<text font-size="10">{text}</text>"#));
        assert_near(&drawing, &expected, 1e-3);
        let said = ["svg/text-off-path", "svg/broken-reference"]
            .iter()
            .any(|code| drawing.diagnostics.has(Code(code)));
        assert_eq!(said, expected.is_empty(), "{text}");
    }
    let drawing = draw(
        r##"<circle id="c" cx="50" cy="50" r="20" fill="none"/><text font-size="10"><textPath href="#c" startOffset="25%" text-anchor="middle">A</textPath></text>"##,
    );
    // A quarter around the circle is its lowest point; the letter hangs from there.
    let [left, top, right, bottom] = bounds(&drawing.outlines[0]);
    assert!(
        (top - 70.0).abs() < 0.01 && (bottom - 75.0).abs() < 0.01,
        "{top} {bottom}"
    );
    assert!(
        (left - 48.0).abs() < 0.01 && (right - 53.0).abs() < 0.01,
        "{left} {right}"
    );
}

#[test]
fn digits_hold_in_any_units_and_anywhere() {
    let (body, big) = (
        "<text font-size=\"S\" x=\"X\" y=\"Y\">AB<tspan dx=\"S\">A</tspan></text>",
        4e6,
    );
    let at = |s: f64, x: f64, y: f64| {
        let text = body
            .replace('S', &s.to_string())
            .replace('X', &x.to_string())
            .replace('Y', &y.to_string());
        format!(
            r#"<g transform="scale({}) translate({} {})">{text}</g>"#,
            10.0 / s,
            -x,
            3.0 * s - y
        )
    };
    let expected = [
        square(0.0, 30.0),
        [6.0, 23.0, 11.0, 30.0],
        square(22.0, 30.0),
    ];
    for (s, x, y) in [
        (10.0, 5.0, 5.0),
        (1e-7, 0.0, 1e-6),
        (0.004, 0.1, 0.2),
        (3e7, 0.0, 0.0),
        (2.0, big, -big),
    ] {
        assert_bounds(&draw(&at(s, x, y)), &expected);
    }
    for size in ["0", "-5"] {
        let drawing = draw(&format!(r#"<text font-size="{size}">A</text>"#));
        assert!(drawing.outlines.is_empty(), "{size}");
        assert!(!drawing.diagnostics.as_slice().is_empty(), "{size}");
    }
    for text in [
        r#"<text font-size="1e300" x="1e300">A</text>"#,
        r#"<text font-size="1" x="1 1e300">AA</text>"#,
        r#"<text font-size="1" letter-spacing="1e300">AA</text>"#,
        r#"<text font-size="1" x="1e308">A</text>"#,
    ] {
        let drawing = draw(text);
        assert!(drawing.outlines.is_empty(), "{text}");
        assert_eq!(find(&drawing, "svg/out-of-range").len(), 1, "{text}");
    }
}

#[test]
fn fonts_and_letters_that_are_missing_are_said() {
    let drawing = draw(
        r#"<g font-size="10"><text y="9" font-family="Nowhere, 'Not Here'">A</text>
        <text y="9" font-family="Nowhere, 'Not Here'">B</text><text y="9" font-family="gone,tiny">A</text>
        <text y="9" font-family="Tiny-Regular">A</text><text y="9">AéB😀 é</text></g>"#,
    );
    let [neither, other] = find(&drawing, "svg/font-missing")[..] else {
        panic!("two lists: {:?}", drawing.diagnostics)
    };
    assert_eq!((neither.severity, neither.count), (Severity::Warning, 2));
    assert!(neither.message.contains("Nowhere, Not Here") && neither.message.contains("Tiny"));
    assert_eq!((other.severity, other.count), (Severity::Note, 1));
    let letters = find(&drawing, "svg/glyph-missing");
    assert_eq!(letters.len(), 2);
    assert!(letters[0].message.contains("é") && letters[0].message.contains("U+00E9"));
    // What stands in the font for letters that it lacks is not drawn.
    assert_eq!(drawing.outlines.len(), 6);
}

#[test]
fn another_font_lends_letters() {
    let mut lender = tiny_font("Lender");
    // Its `A` becomes `é`.
    let a = lender
        .windows(8)
        .position(|w| w == [0, 0, 0, b'A', 0, 0, 0, b'A'])
        .unwrap();
    lender[a + 3] = 0xe9;
    lender[a + 7] = 0xe9;
    let fonts = Fonts::none().with_data(tiny_font("Tiny")).with_data(lender);
    let svg = r#"<svg xmlns="http://www.w3.org/2000/svg" width="9mm" height="9mm" viewBox="0 0 9 9"><text y="5" font-size="2" font-family="Tiny">Aé</text></svg>"#;
    let drawing = read(svg.as_bytes(), &SvgOptions::default().with_fonts(fonts)).unwrap();
    assert_eq!(drawing.outlines.len(), 2);
    let [lent] = find(&drawing, "svg/glyph-missing")[..] else {
        panic!("{:?}", drawing.diagnostics)
    };
    assert_eq!(lent.message, "the text's font has no “é”; Lender was used");
}

#[test]
fn without_fonts_text_is_said_to_be_left_out() {
    let svg = br#"<svg xmlns="http://www.w3.org/2000/svg"><text id="t">A</text></svg>"#;
    let nowhere = Fonts::none().with_data(b"no font".to_vec());
    for (fonts, step) in [
        (Fonts::none(), "turn it into paths"),
        (nowhere, "--font-dir"),
    ] {
        let drawing = read(svg, &SvgOptions::default().with_fonts(fonts)).unwrap();
        assert!(drawing.outlines.is_empty());
        let [said] = find(&drawing, "svg/text")[..] else {
            panic!("{:?}", drawing.diagnostics)
        };
        assert!(said.message.contains("text \"t\"") && said.line == Some(1));
        assert!(said.help.as_ref().unwrap().contains(step));
    }
}

#[test]
fn a_letter_without_height_is_drawn() {
    let drawing = draw(r#"<text x="1" y="30" font-size="10" fill="none" stroke="red">-</text>"#);
    assert_bounds(&drawing, &[[1.0, 27.0, 5.0, 27.0]]);
}

#[test]
fn blanks_and_empty_texts_are_nothing_to_say() {
    let drawing = draw("<text/><text> \n </text><text x=\"1\"><tspan/></text>");
    assert!(drawing.outlines.is_empty());
    assert!(find(&drawing, "svg/text").is_empty());
}

#[test]
fn what_does_not_belong_into_text_is_said() {
    let drawing = draw(
        r##"<text y="9">A<rect width="5" height="5"/><tref href="#x"/><title>A</title><a href="x">A</a></text>"##,
    );
    assert_eq!(drawing.outlines.len(), 2);
    assert_eq!(find(&drawing, "svg/unknown-element").len(), 1);
    assert_eq!(find(&drawing, "svg/text").len(), 1);
    let drawing = draw(r#"<text x="1 bad" rotate="one" y="9">AA</text>"#);
    assert_eq!(drawing.outlines.len(), 2);
    assert_eq!(find(&drawing, "svg/bad-data").len(), 2);
}

#[test]
fn texts_made_to_exhaust_the_reader_end_soon() {
    let part = "<tspan>A</tspan>";
    let far = "<path id='p' d='M0 0h1v1h1v1h1v1'/>";
    for (body, refused) in [
        (format!("<text>{}</text>", "A ".repeat(500_000)), true),
        (format!("<text>{}</text>", part.repeat(100_000)), true),
        (
            format!(
                "<text>{}A{}</text>",
                "<tspan>".repeat(900),
                "</tspan>".repeat(900)
            ),
            true,
        ),
        (
            format!(
                "<text>{}A{}</text>",
                "<tspan>".repeat(30),
                "</tspan>".repeat(30)
            ),
            false,
        ),
        (
            format!("<text>{}</text>", "<tspan x='1'/>A ".repeat(20_000)),
            true,
        ),
        (
            format!(
                "<text x='{}'>{}</text>",
                "1 ".repeat(500_000),
                "A".repeat(10)
            ),
            false,
        ),
        (
            format!(
                "{far}<text>{}</text>",
                "<textPath href='#p'>A</textPath>".repeat(300)
            ),
            false,
        ),
        (
            format!("<text font-family='{}'>A</text>", "x,".repeat(500_000)),
            false,
        ),
        (
            format!(
                "<text font-size='1' y='9'>{}</text>",
                "\u{2029}A\u{85}".repeat(50)
            ),
            false,
        ),
        (
            format!("<text y='9'>{}</text>", "\u{202e}\u{2066}א".repeat(300)),
            false,
        ),
    ] {
        let drawing = draw(&body);
        let head: String = body.chars().take(60).collect();
        assert_eq!(
            drawing.diagnostics.has(Code("svg/text-limit")),
            refused,
            "{head}"
        );
    }
}

#[test]
fn much_text_in_small_pieces_is_drawn() {
    let drawing = draw(&"<text y='9' font-size='1'>AB</text>".repeat(1_000));
    assert_eq!(drawing.outlines.len(), 2_000);
}
