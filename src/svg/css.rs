//! Style sheets: which declarations hold for an element.
//!
//! Rules are found by the id, class or name that all of their elements have, so
//! that ten thousand rules for a class each cost an element no more than its own.
//! What matching takes is counted: a sheet that could take hours ends the reading.

use super::selector::{Key, Selector};
use roxmltree::Node;
use std::cell::Cell;
use std::collections::BTreeMap;
use svgtypes::FontShorthand;

/// The rules of all `style` elements.
pub(super) struct Sheet<'a> {
    /// The weakest first.
    rules: Vec<Rule<'a>>,
    /// Declarations of all rules.
    declarations: Vec<Declaration<'a>>,
    /// Places in `rules`, rising, of the rules with a key.
    by_key: BTreeMap<Key<'a>, Vec<usize>>,
    steps: Cell<u64>,
    /// Number of the text, and what of it is not read: at-rules and selectors.
    pub(super) unread: Vec<(usize, String)>,
}

/// A property and what it is set to.
struct Declaration<'a> {
    name: &'a str,
    value: &'a str,
    important: bool,
}

/// One selector and its declarations.
struct Rule<'a> {
    selector: Selector<'a>,
    declarations: std::ops::Range<usize>,
}

/// What finding the rules of all elements may take: seconds.
const MOST_STEPS: u64 = 100_000_000;

impl<'a> Sheet<'a> {
    /// The rules of each text, in the order of the document.
    ///
    /// # Complexity
    /// O(n log n) for n bytes.
    pub(super) fn parse(texts: impl Iterator<Item = &'a str>) -> Self {
        let (mut rules, mut declarations) = (Vec::new(), Vec::new());
        let mut unread: Vec<(usize, String)> = Vec::new();
        for (number, text) in texts.enumerate() {
            for (selectors, block) in Blocks(text) {
                if selectors.starts_with('@') {
                    let harmless = ["@charset", "@namespace"];
                    if !harmless.iter().any(|rule| selectors.starts_with(rule)) {
                        unread.push((number, shortened(selectors)));
                    }
                    continue;
                }
                let from = declarations.len();
                declarations.extend(declarations_in(block));
                let found = from..declarations.len();
                for text in split(selectors, b',') {
                    match Selector::parse(text.trim()) {
                        Some(selector) => rules.push(Rule {
                            selector,
                            declarations: found.clone(),
                        }),
                        None => unread.push((number, shortened(text))),
                    }
                }
            }
        }
        // Stable: of two rules alike, the later one stays the stronger.
        rules.sort_by_key(|r| r.selector.specificity);
        let mut by_key: BTreeMap<Key<'a>, Vec<usize>> = BTreeMap::new();
        for (i, rule) in rules.iter().enumerate() {
            by_key.entry(rule.selector.key()).or_default().push(i);
        }
        Self {
            rules,
            declarations,
            by_key,
            steps: Cell::new(0),
            unread,
        }
    }

    /// Whether finding the rules of the elements asked for so far has taken more
    /// than any drawing made in earnest needs.
    pub(super) fn is_exhausted(&self) -> bool {
        self.steps.get() > MOST_STEPS
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
        for rule in self.matching(node) {
            self.declarations[rule.declarations.clone()]
                .iter()
                .for_each(&mut add);
        }
        if let Some(text) = node.attribute("style") {
            for d in declarations_in(text) {
                add(&d);
            }
        }
        list.extend(important);
        list
    }

    /// The rules that hold for `node`, the weakest first.
    fn matching(&self, node: Node<'_, '_>) -> Vec<&Rule<'a>> {
        if self.rules.is_empty() || self.is_exhausted() {
            return Vec::new();
        }
        let classes = node.attribute("class").unwrap_or("");
        let keys = classes
            .split_ascii_whitespace()
            .map(Key::Class)
            .chain(node.attribute("id").map(Key::Id))
            .chain([Key::Name(node.tag_name().name()), Key::Any]);
        let mut places: Vec<usize> = keys
            .filter_map(|key| self.by_key.get(&key))
            .flatten()
            .copied()
            .collect();
        places.sort_unstable();
        // A class may be named twice.
        places.dedup();
        let mut steps = self.steps.get() + places.len() as u64;
        let mut found = Vec::new();
        for rule in places.into_iter().map(|i| &self.rules[i]) {
            if steps > MOST_STEPS {
                break;
            }
            if rule.selector.matches(node, &mut steps) {
                // A declaration is read again for each element that it holds for.
                steps += 8 * rule.declarations.len() as u64;
                found.push(rule);
            }
        }
        self.steps.set(steps);
        found
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
const PROPERTIES: [&str; 43] = [
    "alignment-baseline",
    "baseline-shift",
    "clip-path",
    "clip-rule",
    "color",
    "direction",
    "display",
    "dominant-baseline",
    "fill",
    "fill-opacity",
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
    "opacity",
    "overflow",
    "stroke",
    "stroke-dasharray",
    "stroke-dashoffset",
    "stroke-opacity",
    "stroke-width",
    "text-anchor",
    "text-decoration",
    "transform-origin",
    "unicode-bidi",
    "vector-effect",
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

/// A selector or the like, as it is named in a message.
fn shortened(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().take(8).collect();
    words.join(" ").chars().take(60).collect()
}

/// Selectors and declarations of the rules in a text. What begins with @ comes with
/// all of its block, or none.
struct Blocks<'a>(&'a str);

impl<'a> Iterator for Blocks<'a> {
    type Item = (&'a str, &'a str);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            self.0 = self.0.trim_start();
            if let Some(comment) = self.0.strip_prefix("/*") {
                self.0 = comment.split_once("*/").map_or("", |(_, rest)| rest);
                continue;
            }
            for mark in ["<!--", "-->"] {
                self.0 = self.0.strip_prefix(mark).unwrap_or(self.0);
            }
            let at_rule = self.0.starts_with('@');
            let end = find(self.0, |c, _| c == b'{' || at_rule && c == b';')?;
            let (selectors, rest) = self.0.split_at(end);
            let Some(rest) = rest.strip_prefix('{') else {
                self.0 = &rest[1..];
                return Some((selectors, ""));
            };
            let close = find(rest, |c, open| c == b'}' && (open == 0 || !at_rule));
            let (block, rest) = rest.split_at(close.unwrap_or(rest.len()));
            self.0 = rest.strip_prefix('}').unwrap_or(rest);
            return Some((selectors, block));
        }
    }
}

/// The declarations in a block or a `style` attribute; what is none is passed over.
fn declarations_in(text: &str) -> impl Iterator<Item = Declaration<'_>> {
    split(text, b';').filter_map(|mut text| {
        text = text.trim();
        while let Some(comment) = text.strip_prefix("/*") {
            text = comment.split_once("*/")?.1.trim_start();
        }
        let (name, value) = text.split_once(':')?;
        let value = value.split("/*").next().unwrap_or("").trim();
        let plain = value
            .strip_suffix("important")
            .and_then(|v| v.trim_end().strip_suffix('!'));
        Some(Declaration {
            name: name.trim_end(),
            value: plain.unwrap_or(value).trim_end(),
            important: plain.is_some(),
        })
    })
}

/// The parts of a text between `mark`, but for those in strings and brackets.
fn split(mut text: &str, mark: u8) -> impl Iterator<Item = &str> {
    std::iter::from_fn(move || {
        if text.is_empty() {
            return None;
        }
        let at = find(text, |c, open| c == mark && open == 0).unwrap_or(text.len());
        let part = &text[..at];
        text = text.get(at + 1..).unwrap_or("");
        Some(part)
    })
}

/// The place of the first byte that `stop` wants, told how many brackets are open
/// there; not in comments and strings.
fn find(text: &str, stop: impl Fn(u8, usize) -> bool) -> Option<usize> {
    let bytes = text.as_bytes();
    let (mut i, mut open, mut quote) = (0, 0_usize, None);
    while i < bytes.len() {
        let c = bytes[i];
        match quote {
            Some(q) => {
                if c == b'\\' {
                    i += 1;
                } else if c == q {
                    quote = None;
                }
            }
            None if stop(c, open) => return Some(i),
            None => match c {
                b'"' | b'\'' => quote = Some(c),
                b'{' | b'[' | b'(' => open += 1,
                b'}' | b']' | b')' => open = open.saturating_sub(1),
                b'/' if bytes.get(i + 1) == Some(&b'*') => {
                    i += text.get(i..)?.find("*/")? + 1;
                }
                _ => {}
            },
        }
        i += 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn colors(css: &str, body: &str) -> Vec<String> {
        let text = format!("<svg>{body}</svg>");
        let doc = roxmltree::Document::parse(&text).unwrap();
        let sheet = Sheet::parse([css].into_iter());
        let nodes = doc.root_element().children().filter(Node::is_element);
        let last = |n| sheet.declarations(n).last().map_or("", |d| d.1).to_owned();
        nodes.map(last).collect()
    }

    #[test]
    fn the_stronger_rule_wins_whatever_finds_it() {
        let css = "<!-- .a { fill: red } /* } */ path { fill: blue } #i { fill: green }
            @media print { .a { fill: gray } } @import 'x;y'; [class='q'], .b.a { fill: lime }
            * { fill: black } .c { fill: white ! important } -->";
        let body = "<path class='a'/><path/><g/><g class='b a a'/><path id='i' class='a b'/>
            <path class='c' style='fill:navy'/><g class='q'/>";
        let want = ["red", "blue", "black", "lime", "green", "white", "lime"];
        assert_eq!(colors(css, body), want);
    }

    #[test]
    fn declarations_are_read_past_broken_ones() {
        let text = " a : b c ! important; /* ; */ d:url('e;f') /* g */;h;;i:#0 0;:j";
        let found: Vec<_> = declarations_in(text)
            .map(|d| (d.name, d.value, d.important))
            .collect();
        let want = [
            ("a", "b c", true),
            ("d", "url('e;f')", false),
            ("i", "#0 0", false),
            ("", "j", false),
        ];
        assert_eq!(found, want);
    }

    #[test]
    fn braces_in_strings_are_text_and_a_block_may_lack_its_end() {
        assert_eq!(colors("g{font-family:'}';fill:red", "<g/>"), ["red"]);
        assert_eq!(colors("g{fill:red}x", "<g/>"), ["red"]);
        assert_eq!(colors("}g{fill:red}", "<g/>"), [""]);
        assert_eq!(colors("[a='{,'],g{fill:red}", "<g/>"), ["red"]);
    }

    #[test]
    fn what_matching_may_take_is_bounded() {
        let css = "*{fill:red}".repeat(20_000);
        let text = format!("<svg>{}</svg>", "<g/>".repeat(2_000));
        let doc = roxmltree::Document::parse(&text).unwrap();
        let sheet = Sheet::parse([css.as_str()].into_iter());
        for node in doc.descendants() {
            let _ = sheet.declarations(node);
        }
        assert!(sheet.is_exhausted());
        assert!(sheet.steps.get() < MOST_STEPS + 1_000_000);
    }
}
