//! Style sheets: which declarations hold for an element.

use roxmltree::Node;
use simplecss::{AttributeOperator, Declaration, Element, PseudoClass, Rule, StyleSheet};
use svgtypes::FontShorthand;

/// The rules of all `style` elements, the weakest first.
pub(super) struct Sheet<'a> {
    rules: Vec<Rule<'a>>,
}

impl<'a> Sheet<'a> {
    /// The rules of each text, in the order of the document.
    pub(super) fn parse(texts: impl Iterator<Item = &'a str>) -> Self {
        let mut sheet = StyleSheet::new();
        for text in texts {
            sheet.parse_more(text);
        }
        let mut rules = sheet.rules;
        // Stable: of two rules alike, the later one stays the stronger.
        rules.sort_by_key(|r| r.selector.specificity());
        Self { rules }
    }

    /// The declarations for `node`, the weakest first: presentation attributes,
    /// style sheet, `style` attribute, then what is marked important.
    pub(super) fn declarations<'s>(&'s self, node: Node<'s, '_>) -> Vec<(&'s str, &'s str)> {
        let mut list: Vec<(&str, &str)> = node
            .attributes()
            .filter(|a| a.namespace().is_none() && PROPERTIES.contains(&a.name()))
            .map(|a| (node_name(a.name()), a.value()))
            .collect();
        let mut important = Vec::new();
        let mut add = |d: &Declaration<'s>| {
            let to = if d.important {
                &mut important
            } else {
                &mut list
            };
            match d.name {
                "font" => to.extend(font(d.value)),
                _ => to.push((d.name, d.value)),
            }
        };
        for rule in &self.rules {
            if rule.selector.matches(&XmlElement(node)) {
                rule.declarations.iter().for_each(&mut add);
            }
        }
        if let Some(text) = node.attribute("style") {
            for d in simplecss::DeclarationTokenizer::from(text) {
                add(&d);
            }
        }
        list.extend(important);
        list
    }
}

/// What the shorthand `font` sets; what it does not name it sets back.
fn font(value: &str) -> Vec<(&'static str, &str)> {
    let Ok(parts) = FontShorthand::from_str(value) else {
        return Vec::new();
    };
    vec![
        ("font-style", parts.font_style.unwrap_or("normal")),
        ("font-variant", parts.font_variant.unwrap_or("normal")),
        ("font-weight", parts.font_weight.unwrap_or("normal")),
        ("font-stretch", parts.font_stretch.unwrap_or("normal")),
        ("font-size", parts.font_size),
        ("font-family", parts.font_family),
    ]
}

/// The properties that are read.
const PROPERTIES: [&str; 38] = [
    "alignment-baseline",
    "baseline-shift",
    "clip-path",
    "clip-rule",
    "color",
    "direction",
    "display",
    "dominant-baseline",
    "fill",
    "fill-rule",
    "filter",
    "font-family",
    "font-optical-sizing",
    "font-size",
    "font-stretch",
    "font-style",
    "font-variant",
    "font-variation-settings",
    "font-weight",
    "kerning",
    "letter-spacing",
    "marker",
    "marker-end",
    "marker-mid",
    "marker-start",
    "mask",
    "overflow",
    "stroke",
    "stroke-dasharray",
    "stroke-dashoffset",
    "stroke-width",
    "text-anchor",
    "text-decoration",
    "unicode-bidi",
    "visibility",
    "white-space",
    "word-spacing",
    "writing-mode",
];

/// The constant of the same name, which outlives the node.
fn node_name(name: &str) -> &'static str {
    PROPERTIES
        .iter()
        .find(|p| **p == name)
        .copied()
        .unwrap_or("")
}

struct XmlElement<'a, 'input>(Node<'a, 'input>);

impl Element for XmlElement<'_, '_> {
    fn parent_element(&self) -> Option<Self> {
        self.0.parent_element().map(XmlElement)
    }

    fn prev_sibling_element(&self) -> Option<Self> {
        self.0.prev_sibling_element().map(XmlElement)
    }

    fn has_local_name(&self, local_name: &str) -> bool {
        self.0.tag_name().name() == local_name
    }

    fn attribute_matches(&self, local_name: &str, operator: AttributeOperator<'_>) -> bool {
        self.0
            .attribute(local_name)
            .is_some_and(|value| operator.matches(value))
    }

    fn pseudo_class_matches(&self, class: PseudoClass<'_>) -> bool {
        class == PseudoClass::FirstChild && self.0.prev_sibling_element().is_none()
    }
}
