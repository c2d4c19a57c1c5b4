//! One drawing, 100 mm by 50 mm with a square of 20 mm on it, as each program
//! writes it: the same millimetres.
#![cfg(feature = "svg")]

use trajet::ErrorKind;
use trajet::diag::Code;
use trajet::geom::{Bounds, bounds_of};
use trajet::svg::{Drawing, SvgOptions, read};

/// How sure it is that the size is right.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Known {
    /// The file gives it in mm.
    Given,
    /// By what is known of the program's pixels, which is a fact.
    Fact,
    /// By a guess; the program does not say.
    Guess,
}
use Known::{Fact, Given, Guess};

/// Name, how sure it is, pixels to the inch, what stands before the root, its
/// attributes with W and H for width and height in user units.
const PROGRAMS: &[(&str, Known, f64, &str, &str)] = &[
    (
        "Inkscape 0.91, page in px",
        Fact,
        90.0,
        "<!-- Created with Inkscape (http://www.inkscape.org/) -->",
        r#"width="W" height="H" inkscape:version="0.91 r13725""#,
    ),
    (
        // The page is in mm, but without a viewBox its user units are pixels still.
        "Inkscape 0.91, page in mm",
        Fact,
        90.0,
        "<!-- Created with Inkscape (http://www.inkscape.org/) -->",
        r#"width="100mm" height="50mm" inkscape:version="0.91 r13725""#,
    ),
    (
        "Inkscape 1.x",
        Given,
        25.4,
        "<!-- Created with Inkscape (http://www.inkscape.org/) -->",
        r#"width="100mm" height="50mm" viewBox="0 0 W H" inkscape:version="1.2.2 (b0a84865, 2022-12-01)""#,
    ),
    (
        "Inkscape 1.x, document in px",
        Fact,
        96.0,
        "<!-- Created with Inkscape (http://www.inkscape.org/) -->",
        r#"width="W" height="H" viewBox="0 0 W H" inkscape:version="1.3 (0e150ed6c4, 2023-07-21)""#,
    ),
    (
        "Illustrator, save as",
        Fact,
        72.0,
        "<!-- Generator: Adobe Illustrator 27.0.0, SVG Export Plug-In . SVG Version: 6.00 Build 0)  -->",
        r#"x="0px" y="0px" width="Wpx" height="Hpx" viewBox="0 0 W H""#,
    ),
    (
        "Illustrator, responsive",
        Fact,
        72.0,
        "<!-- Generator: Adobe Illustrator 27.0.0, SVG Export Plug-In . SVG Version: 6.00 Build 0)  -->",
        r#"x="0px" y="0px" viewBox="0 0 W H""#,
    ),
    (
        "Illustrator, with its own data",
        Fact,
        72.0,
        "",
        r#"xmlns:i="http://ns.adobe.com/AdobeIllustrator/10.0/" viewBox="0 0 W H""#,
    ),
    (
        "Illustrator, export for screens",
        Guess,
        72.0,
        "",
        r#"id="Layer_1" data-name="Layer 1" viewBox="0 0 W H""#,
    ),
    (
        "CorelDRAW",
        Given,
        2540.0,
        "<!-- Creator: CorelDRAW X6 -->",
        r#"width="100mm" height="50mm" version="1.1" viewBox="0 0 W H""#,
    ),
    (
        "LibreOffice",
        Given,
        2540.0,
        "",
        r#"version="1.2" width="100mm" height="50mm" viewBox="0 0 W H" preserveAspectRatio="xMidYMid""#,
    ),
    (
        // Right for a document of 96 dpi only: the file does not say.
        "Affinity, 96 dpi",
        Guess,
        96.0,
        "",
        r#"width="100%" height="100%" viewBox="0 0 W H" xmlns:serif="http://www.serif.com/""#,
    ),
    (
        "Affinity, 96 dpi, without a viewBox",
        Guess,
        96.0,
        "",
        r#"width="Wpx" height="Hpx" xmlns:serif="http://www.serif.com/""#,
    ),
    (
        "Sketch, Figma, by hand",
        Guess,
        96.0,
        "",
        r#"width="W" height="H" viewBox="0 0 W H""#,
    ),
    ("by hand, no page", Guess, 96.0, "", r#"viewBox="0 0 W H""#),
    (
        "by hand, in mm",
        Given,
        25.4,
        "",
        r#"width="100mm" height="50mm" viewBox="0 0 W H""#,
    ),
];

fn written(dpi: f64, before: &str, attributes: &str) -> String {
    let units = |mm: f64| format!("{}", mm / 25.4 * dpi);
    let attributes = attributes
        .replace('W', &units(100.0))
        .replace('H', &units(50.0));
    let [x, y, side] = [10.0, 15.0, 20.0].map(units);
    format!(
        "<?xml version=\"1.0\"?>{before}<svg xmlns=\"http://www.w3.org/2000/svg\" \
         xmlns:inkscape=\"http://www.inkscape.org/namespaces/inkscape\" {attributes}>\
         <rect x=\"{x}\" y=\"{y}\" width=\"{side}\" height=\"{side}\"/></svg>"
    )
}

fn bounds(drawing: &Drawing) -> [f64; 4] {
    let mut all = Bounds::EMPTY;
    for outline in &drawing.outlines {
        let mut from = outline.start;
        for span in &outline.spans {
            all.union(&bounds_of(from, span.end, span.bulge));
            from = span.end;
        }
    }
    [all.min.x, all.min.y, all.max.x, all.max.y]
}

fn check(name: &str, drawing: &Drawing, times: f64) {
    let near = |a: f64, b: f64| (a - b * times).abs() < 1e-6;
    let [w, h] = drawing.size_mm;
    assert!(
        near(w, 100.0) && near(h, 50.0),
        "{name}: the page is {w} by {h}"
    );
    // The square is 15 mm below the upper edge: 50 - 15 - 20 above the lower.
    let found = bounds(drawing);
    for (a, b) in found.iter().zip([10.0, 15.0, 30.0, 35.0]) {
        assert!(near(*a, b), "{name}: {found:?}");
    }
}

fn messages(drawing: &Drawing, code: &'static str) -> Vec<String> {
    let found = drawing.diagnostics.as_slice().iter();
    found
        .filter(|d| d.code == Code(code))
        .map(|d| format!("{d}"))
        .collect()
}

#[test]
fn every_program_means_the_same_millimetres() {
    for &(name, known, dpi, before, attributes) in PROGRAMS {
        let text = written(dpi, before, attributes);
        let drawing = read(text.as_bytes(), &SvgOptions::default()).unwrap();
        check(name, &drawing, 1.0);
        let said = messages(&drawing, "svg/size");
        assert!(
            said.len() == 1 && said[0].contains("100.00 mm by 50.00 mm"),
            "{name}: {said:?}"
        );
        // Pixels are never taken for a number of mm without saying so.
        let guessed = messages(&drawing, "svg/size-guessed");
        assert_eq!(guessed.is_empty(), known == Given, "{name}: {guessed:?}");
        if known != Given {
            assert!(guessed[0].contains(&format!("taken as {dpi} to the inch")));
        }
    }
    assert!(PROGRAMS.iter().any(|p| p.1 == Fact) && PROGRAMS.iter().any(|p| p.1 == Guess));
}

#[test]
fn options_decide_where_the_file_does_not() {
    let affinity =
        r#"width="100%" height="100%" viewBox="0 0 W H" xmlns:serif="http://www.serif.com/""#;
    let print = written(300.0, "", affinity);
    let open = |options: &SvgOptions| read(print.as_bytes(), options).unwrap();
    let guessed = open(&SvgOptions::default());
    assert!(messages(&guessed, "svg/size-guessed")[0].contains("the dpi of the Affinity document"));
    check("guessed", &guessed, 300.0 / 96.0);
    for options in [
        SvgOptions::default().with_dpi(300.0),
        SvgOptions::default().with_width(100.0),
    ] {
        let drawing = open(&options);
        check("told", &drawing, 1.0);
        assert!(messages(&drawing, "svg/size-guessed").is_empty());
    }
    let half = SvgOptions::default().with_dpi(300.0).with_scale(0.5);
    check("half", &open(&half), 0.5);
    // A size in mm is one: the dpi is not asked.
    let mm = written(25.4, "", r#"width="100mm" height="50mm" viewBox="0 0 W H""#);
    let drawing = read(mm.as_bytes(), &SvgOptions::default().with_dpi(300.0)).unwrap();
    check("mm", &drawing, 1.0);
    assert!(messages(&drawing, "svg/size")[0].contains("the dpi changes nothing"));
    let wide = read(mm.as_bytes(), &SvgOptions::default().with_width(250.0)).unwrap();
    check("wide", &wide, 2.5);
}

#[test]
fn a_page_without_a_size_can_be_given_a_width() {
    let text = r#"<svg xmlns="http://www.w3.org/2000/svg"><rect x="96" y="96" width="96" height="96"/></svg>"#;
    let drawing = read(text.as_bytes(), &SvgOptions::default().with_width(100.0)).unwrap();
    let [w, h] = drawing.size_mm;
    assert!((w - 100.0).abs() < 1e-9 && (h - 100.0).abs() < 1e-9);
    assert!((bounds(&drawing)[0] - 50.0).abs() < 1e-9);
    let left = text.replace("x=\"96\"", "x=\"-960\"");
    for text in [left.as_str(), "<svg/>"] {
        let why = read(text.as_bytes(), &SvgOptions::default().with_width(9.0)).unwrap_err();
        assert_eq!(why.kind(), ErrorKind::InvalidConfig, "{why}");
    }
}

#[test]
fn the_tolerance_is_that_of_the_final_size() {
    let text = r#"<svg width="10mm" height="10mm" viewBox="0 0 10 10"><path d="M0 0C0 5 5 5 5 9" fill="none" stroke="red"/></svg>"#;
    let spans = |options: &SvgOptions| {
        let drawing = read(text.as_bytes(), options).unwrap();
        let off = drawing.outlines[0].deviation_mm;
        assert!(off <= options.tolerance, "{off}");
        drawing.outlines[0].spans.len()
    };
    let plain = SvgOptions::default();
    let large = spans(&plain.clone().with_scale(100.0));
    assert!(large > 2 * spans(&plain));
    // As if it had been drawn a hundred times smaller within a hundredth of that.
    assert_eq!(large, spans(&plain.with_tolerance(0.0001)));
}

#[test]
fn sizes_that_mean_nothing_are_refused() {
    let plain = SvgOptions::default();
    for options in [
        plain.clone().with_width(0.0),
        plain.clone().with_width(f64::NAN),
        plain.clone().with_scale(-1.0),
        plain.clone().with_scale(f64::INFINITY),
        plain.clone().with_dpi(0.0),
        plain.with_width(10.0).with_scale(1.0),
    ] {
        let why = read(b"<svg/>", &options).unwrap_err();
        assert_eq!(why.kind(), ErrorKind::InvalidConfig, "{options:?}");
    }
}
