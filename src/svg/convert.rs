//! The document as a whole: XML, page, and the size once the content is known.

use super::affine::Affine;
use super::css::Sheet;
use super::drawing::Drawing;
use super::entities;
use super::extent;
use super::options::SvgOptions;
use super::outside;
use super::size;
use super::tree::{Tree, svg_name};
use super::unread;
use super::walk;
use crate::diag::{Diagnostics, Severity};
use crate::error::{Error, ErrorKind};
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
    let (styles, texts): (Vec<_>, Vec<&str>) = doc
        .descendants()
        .filter(|n| svg_name(*n) == Some("style"))
        .flat_map(|n| n.children().filter_map(move |c| Some((n, c.text()?))))
        .unzip();
    let sheet = Sheet::parse(texts.into_iter());
    let page = size::page(root, &text[..root.range().start], options);
    let mut diagnostics = Diagnostics::new();
    unread::say_unread(&doc, &tree, &sheet, &styles, &mut diagnostics);
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
    let walk_at = |scale: f64| {
        let mm = 25.4 / page.dpi * scale;
        let map = Affine::new(mm, 0.0, 0.0, -mm, 0.0, page.px[1].unwrap_or(0.0) * mm);
        walk::walk(root, &tree, &sheet, &page, map, options)
    };
    let scale = extent::scale(&page, options, |scale| Ok(walk_at(scale)?.outlines))?;
    let drawn = walk_at(scale)?;
    diagnostics.extend(drawn.found);
    let mut drawing = Drawing {
        size_mm: page
            .px
            .map(|px| px.unwrap_or(0.0) * 25.4 / page.dpi * scale),
        dpi: page.dpi,
        outlines: drawn.outlines,
        groups: drawn.groups,
        diagnostics,
    };
    extent::fit_page(&mut drawing, &page);
    if page.px.iter().all(Option::is_some) {
        outside::say_outside(&mut drawing);
    }
    extent::say(&mut drawing, &page, options);
    Ok(drawing)
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
