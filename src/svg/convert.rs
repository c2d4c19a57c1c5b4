//! The document as a whole: XML, page, and the size once the content is known.

use super::affine::Affine;
use super::css::Sheet;
use super::drawing::Drawing;
use super::entities;
use super::options::SvgOptions;
use super::outside;
use super::size::{self, Page};
use super::tree::{Tree, svg_name};
use super::walk;
use crate::diag::{Code, Diagnostic, Diagnostics, Severity};
use crate::error::{Error, ErrorKind};
use crate::geom::{Bounds, Point};
use roxmltree::{Document, ParsingOptions};

/// Bytes that the entities of a drawing may stand for. Drawing programs use them for
/// names of namespaces and repeated styles.
const MOST_EXPANDED: u64 = 1 << 26;

pub(super) fn convert(text: &str, options: &SvgOptions) -> Result<Drawing, Error> {
    if entities::expanded(text) > MOST_EXPANDED {
        return Err(Error::new(
            ErrorKind::Limit,
            "the entities of the drawing stand for too much text; save it as plain SVG",
        ));
    }
    let limit = u32::try_from(options.max_elements.saturating_mul(4)).unwrap_or(u32::MAX);
    let parsing = ParsingOptions {
        allow_dtd: true,
        nodes_limit: limit,
        entity_resolver: None,
    };
    let doc = Document::parse_with_options(text, parsing).map_err(xml_error)?;
    let root = doc.root_element();
    if svg_name(root) != Some("svg") {
        let name = root.tag_name().name();
        return Err(Error::new(
            ErrorKind::Unsupported,
            format!("the file is XML, but its root is {name}, not svg; export it as SVG"),
        ));
    }
    let tree = Tree::new(&doc);
    let texts = doc
        .descendants()
        .filter(|n| svg_name(*n) == Some("style"))
        .flat_map(|n| n.children().filter_map(|c| c.text()));
    let sheet = Sheet::parse(texts);
    let page = size::page(root, &text[..root.range().start], options);
    let mut diagnostics = Diagnostics::new();
    for name in &page.bad {
        let what = format!("has a {name} that cannot be used");
        tree.say(
            &mut diagnostics,
            root,
            "svg/bad-size",
            Severity::Warning,
            &what,
            "",
        );
    }
    let mm = 25.4 / page.dpi;
    let map = Affine::new(mm, 0.0, 0.0, -mm, 0.0, page.px[1].unwrap_or(0.0) * mm);
    let (outlines, found) = walk::walk(root, &tree, &sheet, &page, map, options)?;
    diagnostics.extend(found);
    let mut drawing = Drawing {
        size_mm: page.px.map(|px| px.unwrap_or(0.0) * mm),
        dpi: page.dpi,
        outlines,
        diagnostics,
    };
    fit_page(&mut drawing, &page);
    if page.px.iter().all(Option::is_some) {
        outside::say_outside(&mut drawing);
    }
    say_size(&mut drawing, &page);
    Ok(drawing)
}

/// Gives a page without a size that of its content, from its top-left corner.
fn fit_page(drawing: &mut Drawing, page: &Page) {
    let mut bounds = Bounds::EMPTY;
    for outline in &drawing.outlines {
        bounds.union(&outside::bounds(outline));
    }
    if page.px[0].is_none() && !bounds.is_empty() {
        drawing.size_mm[0] = bounds.max.x.max(0.0);
    }
    if page.px[1].is_none() && !bounds.is_empty() {
        let height = (-bounds.min.y).max(0.0);
        drawing.size_mm[1] = height;
        let up = Point::new(0.0, height);
        for outline in &mut drawing.outlines {
            outline.start = outline.start + up;
            for span in &mut outline.spans {
                span.end = span.end + up;
            }
        }
    }
}

fn say_size(drawing: &mut Drawing, page: &Page) {
    if drawing.outlines.is_empty() {
        let d = Diagnostic::new(
            Code("svg/empty"),
            Severity::Warning,
            "the drawing holds no outlines",
        );
        drawing
            .diagnostics
            .push(d.with_help("turn text and images into paths in the drawing program"));
    }
    let Some(why) = page.guess else { return };
    let [w, h] = drawing.size_mm;
    let from = if page.px.iter().any(Option::is_none) {
        "; the page has no size, so that of the content is used"
    } else {
        ""
    };
    let message =
        format!("pixels were taken as {why}{from}: the drawing is {w:.2} mm by {h:.2} mm");
    let d = Diagnostic::new(Code("svg/size-guessed"), Severity::Note, message);
    drawing
        .diagnostics
        .push(d.with_help("if that is wrong, give the dpi, or set width and height in mm"));
}

fn xml_error(e: roxmltree::Error) -> Error {
    use roxmltree::Error as Xml;
    match e {
        Xml::NodesLimitReached | Xml::AttributesLimitReached | Xml::NamespacesLimitReached => {
            Error::new(
                ErrorKind::Limit,
                format!("the drawing is too large: {e}; split it or raise the limit of elements"),
            )
        }
        Xml::EntityReferenceLoop(at) => Error::new(
            ErrorKind::Limit,
            format!("{at}: entities refer to each other too deeply; save the drawing as plain SVG"),
        ),
        _ => Error::new(
            ErrorKind::Malformed,
            format!(
                "{}: the drawing is not well-formed XML: {e}; open it in a drawing program and save it again",
                e.pos()
            ),
        ),
    }
}
