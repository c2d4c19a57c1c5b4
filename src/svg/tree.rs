//! The document with what has to be looked up in it: ids, lines, findings.

use crate::diag::{Code, Diagnostic, Diagnostics, Severity};
use roxmltree::{Document, Node, NodeId};
use std::collections::BTreeMap;

const SVG: &str = "http://www.w3.org/2000/svg";
const XLINK: &str = "http://www.w3.org/1999/xlink";
const INKSCAPE: &str = "http://www.inkscape.org/namespaces/inkscape";

/// How many gradients may refer to each other in a chain.
const MOST_TEMPLATES: usize = 32;

pub(super) struct Tree<'a, 'input> {
    doc: &'a Document<'input>,
    ids: BTreeMap<&'a str, Node<'a, 'input>>,
    line_starts: Vec<usize>,
}

impl<'a, 'input> Tree<'a, 'input> {
    pub(super) fn new(doc: &'a Document<'input>) -> Self {
        let mut ids = BTreeMap::new();
        for node in doc.descendants() {
            if let Some(id) = node.attribute("id") {
                // Of two alike, the first counts, as in browsers.
                let _ = ids.entry(id).or_insert(node);
            }
        }
        let text = doc.input_text().as_bytes();
        let line_starts = std::iter::once(0)
            .chain(memchr::memchr_iter(b'\n', text).map(|i| i + 1))
            .collect();
        Self {
            doc,
            ids,
            line_starts,
        }
    }

    pub(super) fn by_id(&self, id: &str) -> Option<Node<'a, 'input>> {
        self.ids.get(id).copied()
    }

    /// Whether an id is that of a gradient or pattern that paints: one without stops
    /// or content, of its own or of the one it refers to, paints nothing (SVG 2,
    /// 14.2.4 and 14.3).
    pub(super) fn paints(&self, id: &str) -> bool {
        let mut at = self.by_id(id);
        for _ in 0..MOST_TEMPLATES {
            let Some(node) = at else { return false };
            let has = |name| node.children().any(|c| svg_name(c) == Some(name));
            let content = match svg_name(node) {
                Some("linearGradient" | "radialGradient") => has("stop"),
                Some("pattern") => node.first_element_child().is_some(),
                // Of a later SVG: it may paint.
                Some("meshgradient" | "hatch" | "solidcolor" | "solidColor") => true,
                _ => return false,
            };
            if content {
                return true;
            }
            at = href(node)
                .and_then(|h| h.strip_prefix('#'))
                .and_then(|id| self.by_id(id));
        }
        false
    }

    /// The element of this number.
    pub(super) fn by_node(&self, id: NodeId) -> Option<Node<'a, 'input>> {
        self.doc.get_node(id)
    }

    /// Line and column of an element, from 1.
    pub(super) fn place(&self, node: Node<'_, '_>) -> (u32, u32) {
        let at = node.range().start;
        let line = self.line_starts.partition_point(|s| *s <= at).max(1);
        (line as u32, (at - self.line_starts[line - 1] + 1) as u32)
    }

    /// Adds a finding about an element, which the message names.
    pub(super) fn say(
        &self,
        to: &mut Diagnostics,
        node: Node<'_, '_>,
        code: &'static str,
        severity: Severity,
        what: &str,
        help: &str,
    ) {
        let name = node.pi().map_or(node.tag_name().name(), |pi| pi.target);
        let message = match node.attribute("id") {
            Some(id) => format!("{name} \"{id}\" {what}"),
            None => format!("{name} {what}"),
        };
        let (line, column) = self.place(node);
        let mut d = Diagnostic::new(Code(code), severity, message).at(line, column);
        if !help.is_empty() {
            d = d.with_help(help);
        }
        to.push(d);
    }
}

/// The name of an SVG element; `None` for elements of other languages. Drawings
/// without any namespace are taken for SVG.
pub(super) fn svg_name<'input>(node: Node<'_, 'input>) -> Option<&'input str> {
    let tag = node.tag_name();
    (node.is_element() && tag.namespace().is_none_or(|ns| ns == SVG)).then(|| tag.name())
}

/// What a `use` refers to.
pub(super) fn href<'a>(node: Node<'a, '_>) -> Option<&'a str> {
    node.attribute("href")
        .or_else(|| node.attribute((XLINK, "href")))
        .map(str::trim)
}

/// The name of a layer: of Inkscape's layers the label, or the id; elsewhere the name
/// (Illustrator's `data-name`) or the id of a group right below the root, which is what
/// other programs make of a layer.
pub(super) fn layer_name<'a>(node: Node<'a, '_>) -> Option<&'a str> {
    if node.attribute((INKSCAPE, "groupmode")) == Some("layer") {
        return node
            .attribute((INKSCAPE, "label"))
            .or_else(|| node.attribute("id"));
    }
    let top = svg_name(node) == Some("g")
        && node.parent_element() == Some(node.document().root_element());
    let name = || node.attribute("data-name").or_else(|| node.attribute("id"));
    top.then(name).flatten()
}

/// The version of Inkscape that wrote the drawing, as major and minor.
pub(super) fn inkscape_version(root: Node<'_, '_>) -> Option<(u32, u32)> {
    let mut parts = root.attribute((INKSCAPE, "version"))?.split('.');
    let number = |p: &str| {
        let digits = p.find(|c: char| !c.is_ascii_digit()).unwrap_or(p.len());
        p[..digits].parse::<u32>().ok()
    };
    Some((number(parts.next()?)?, number(parts.next().unwrap_or("0"))?))
}
