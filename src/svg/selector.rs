//! Selectors of style sheets, matched without going back.
//!
//! From the element towards the root, each part of a selector is tried on all the
//! places that the part before it leaves open. A matcher that tries one place and
//! comes back for the next takes time exponential in the length of `g g g g path`.

use roxmltree::Node;
use simplecss::{AttributeOperator, SelectorToken, SelectorTokenizer};

/// A selector: its parts from the right, the element's own first.
pub(super) struct Selector<'a> {
    parts: Vec<Part<'a>>,
    /// Numbers of ids, of classes and the like, and of names.
    pub(super) specificity: [u8; 3],
}

/// What holds for one element, and where that element stands.
struct Part<'a> {
    tests: Vec<Test<'a>>,
    /// How it stands to the part to the left of it.
    left: Left,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Left {
    End,
    Inside,
    Child,
    After,
}

#[derive(Clone, Copy)]
enum Test<'a> {
    Name(&'a str),
    Attribute(&'a str, AttributeOperator<'a>),
    FirstChild,
    /// What a drawing that nobody points at never is.
    Never,
}

/// What every element that a selector matches has.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Key<'a> {
    Any,
    Name(&'a str),
    Class(&'a str),
    Id(&'a str),
}

impl<'a> Selector<'a> {
    /// Reads one selector; `None` where it cannot be read.
    pub(super) fn parse(text: &'a str) -> Option<Self> {
        let mut parts: Vec<Part<'a>> = Vec::new();
        let mut specificity = [0_u8; 3];
        let mut left = Left::End;
        let mut fresh = true;
        for token in SelectorTokenizer::from(text) {
            let (test, weight) = match token.ok()? {
                SelectorToken::UniversalSelector => (None, None),
                SelectorToken::TypeSelector(name) => (Some(Test::Name(name)), Some(2)),
                SelectorToken::IdSelector(id) => {
                    let is = AttributeOperator::Matches(id);
                    (Some(Test::Attribute("id", is)), Some(0))
                }
                SelectorToken::ClassSelector(class) => {
                    let has = AttributeOperator::Contains(class);
                    (Some(Test::Attribute("class", has)), Some(1))
                }
                SelectorToken::AttributeSelector(name, operator) => {
                    (Some(Test::Attribute(name, operator)), Some(1))
                }
                SelectorToken::PseudoClass("first-child") => (Some(Test::FirstChild), Some(1)),
                SelectorToken::PseudoClass("link" | "visited" | "hover" | "active" | "focus")
                | SelectorToken::LangPseudoClass(_) => (Some(Test::Never), Some(1)),
                SelectorToken::PseudoClass(_) => return None,
                combinator => {
                    if parts.is_empty() {
                        return None;
                    }
                    left = match combinator {
                        SelectorToken::ChildCombinator => Left::Child,
                        SelectorToken::AdjacentCombinator => Left::After,
                        _ => Left::Inside,
                    };
                    fresh = true;
                    continue;
                }
            };
            if fresh {
                let tests = Vec::new();
                parts.push(Part { tests, left });
                fresh = false;
            }
            parts.last_mut()?.tests.extend(test);
            if let Some(kind) = weight {
                let count: &mut u8 = &mut specificity[kind];
                *count = count.saturating_add(1);
            }
        }
        parts.reverse();
        (!parts.is_empty()).then_some(Self { parts, specificity })
    }

    /// The rarest thing by which its elements can be found.
    pub(super) fn key(&self) -> Key<'a> {
        let keys = self.parts[0].tests.iter().map(|test| match *test {
            Test::Name(name) => Key::Name(name),
            Test::Attribute("id", AttributeOperator::Matches(id)) => Key::Id(id),
            Test::Attribute("class", AttributeOperator::Contains(c)) => Key::Class(c),
            _ => Key::Any,
        });
        keys.max().unwrap_or(Key::Any)
    }

    /// Whether it matches `node`. Adds what that took to `steps`.
    pub(super) fn matches(&self, node: Node<'_, '_>, steps: &mut u64) -> bool {
        let mut open = vec![node];
        for part in &self.parts {
            open.retain(|n| part.holds(*n, steps));
            match part.left {
                Left::End => return !open.is_empty(),
                Left::Child => {
                    open = open.iter().filter_map(Node::parent_element).collect();
                }
                Left::After => {
                    open = open.iter().filter_map(Node::prev_sibling_element).collect();
                }
                Left::Inside => {
                    // All stand on one line to the root or beside it, the innermost
                    // first: what is around that is around the rest.
                    let Some(inner) = open.first() else {
                        return false;
                    };
                    open = inner.ancestors().skip(1).filter(Node::is_element).collect();
                }
            }
        }
        false
    }
}

impl Part<'_> {
    fn holds(&self, node: Node<'_, '_>, steps: &mut u64) -> bool {
        self.tests.iter().all(|test| {
            *steps += 1;
            match *test {
                Test::Name(name) => node.tag_name().name() == name,
                Test::Attribute(name, operator) => node.attribute(name).is_some_and(|value| {
                    *steps += value.len() as u64 / 16;
                    match operator {
                        AttributeOperator::Contains(word) => {
                            value.split_ascii_whitespace().any(|w| w == word)
                        }
                        _ => operator.matches(value),
                    }
                }),
                Test::FirstChild => node.prev_sibling_element().is_none(),
                Test::Never => false,
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use simplecss::{Element, PseudoClass};

    /// The tree as the matcher of simplecss sees it, which is the yardstick.
    struct Plain<'a, 'input>(Node<'a, 'input>);

    impl Element for Plain<'_, '_> {
        fn parent_element(&self) -> Option<Self> {
            self.0.parent_element().map(Plain)
        }

        fn prev_sibling_element(&self) -> Option<Self> {
            self.0.prev_sibling_element().map(Plain)
        }

        fn has_local_name(&self, name: &str) -> bool {
            self.0.tag_name().name() == name
        }

        fn attribute_matches(&self, name: &str, operator: AttributeOperator<'_>) -> bool {
            self.0.attribute(name).is_some_and(|v| operator.matches(v))
        }

        fn pseudo_class_matches(&self, class: PseudoClass<'_>) -> bool {
            class == PseudoClass::FirstChild && self.0.prev_sibling_element().is_none()
        }
    }

    const TREE: &str = "<a><b class='x'><a id='i'/><b class='x y'><a/><b/><a class='y'/></b>\
        <a><a><b class='x'><b/><a/></b></a></a></b><a class='y'><b/></a></a>";

    #[test]
    fn chains_of_descendants_are_cheap() {
        let deep = format!("{}{}", "<a>".repeat(400), "</a>".repeat(400));
        let doc = roxmltree::Document::parse(&deep).unwrap();
        let inner = doc.descendants().next_back().unwrap();
        let text = format!("b {}", "a ".repeat(30));
        let selector = Selector::parse(text.trim()).unwrap();
        let mut steps = 0;
        assert!(!selector.matches(inner, &mut steps));
        assert!(steps < 400 * 31, "{steps}");
    }

    proptest! {
        #[test]
        fn matches_as_a_matcher_that_goes_back(parts in proptest::collection::vec(
            (prop_oneof![Just(" "), Just(" > "), Just(" + ")],
             prop_oneof![Just("a"), Just("b"), Just("*"), Just(".x"), Just("a.y"), Just("#i"),
                         Just("b:first-child"), Just("[class]")]),
            1..5,
        )) {
            let text: String = parts.iter().enumerate()
                .flat_map(|(i, (join, part))| [if i == 0 { "" } else { *join }, *part])
                .collect();
            let ours = Selector::parse(&text).unwrap();
            let theirs = simplecss::Selector::parse(&text).unwrap();
            prop_assert_eq!(ours.specificity, theirs.specificity());
            let doc = roxmltree::Document::parse(TREE).unwrap();
            for node in doc.descendants().filter(Node::is_element) {
                let found = ours.matches(node, &mut 0);
                prop_assert_eq!(found, theirs.matches(&Plain(node)), "{} at {:?}", text, node);
            }
        }
    }
}
