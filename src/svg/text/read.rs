//! A text element with everything resolved that depends on the rest of the drawing.

use super::super::affine::Affine;
use super::super::path::{self, Step};
use super::super::shape;
use super::super::style::Style;
use super::super::tree::{href, svg_name};
use super::super::units::Units;
use super::super::walk::{Context, Walk};
use super::inherit::{Inherited, Property};
use super::write;
use roxmltree::Node;
use std::collections::BTreeMap;

/// Steps of layout that all text of a drawing may take: 300,000 words of 10 letters
/// in elements of their own, or a text of 35,000 letters in one piece. A step takes
/// about 0.1 µs.
pub(super) const MOST_STEPS: u64 = 20_000_000;

/// Elements and positions of one text: the layout takes about 14 kB for each.
const MOST_PARTS: usize = 10_000;

/// Elements inside each other within one text: the layout goes down by recursion.
const DEEPEST: usize = 32;

/// Steps for an element, whatever it holds.
const PER_ELEMENT: u64 = 50;

/// Characters in a row that cost a step each once more: the layout looks for a
/// character by counting from the start of its piece.
const COUNTED_AT_ONCE: u64 = 64;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// `text` itself, `tspan` and `a`.
    Span,
    /// `textPath`, along the path of that number.
    Along(usize),
}

pub(super) struct Element<'a, 'input> {
    pub(super) node: Node<'a, 'input>,
    pub(super) kind: Kind,
    pub(super) style: Style,
    pub(super) units: Units,
    /// What it hands down, its own included.
    pub(super) handed: Inherited,
    /// What it sets itself.
    pub(super) own: Vec<Property>,
    /// Whether runs of blanks stay.
    pub(super) keeps_blanks: bool,
    pub(super) displayed: bool,
}

pub(super) enum Item<'a> {
    /// Begins the element of that number.
    Open(usize),
    Text(&'a str),
    Close,
}

/// A text element.
#[derive(Default)]
pub(super) struct Read<'a, 'input> {
    pub(super) elements: Vec<Element<'a, 'input>>,
    pub(super) items: Vec<Item<'a>>,
    /// The paths that parts run along, in user units.
    pub(super) paths: Vec<Vec<Step>>,
    /// All characters, blanks included.
    pub(super) chars: usize,
    /// Whether there is anything to see.
    pub(super) is_blank: bool,
}

/// Why a text is not laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refused {
    Deep,
    Long,
}

/// Pieces that are shaped at once: how long they are and of how many parts.
#[derive(Default)]
struct Piece {
    chars: u64,
    parts: u64,
    /// Segments of the path that it runs along.
    path: u64,
}

impl Piece {
    /// Each part is shaped with the whole piece, and each character is looked for.
    fn steps(&self) -> u64 {
        let shape = self.chars.saturating_mul(self.parts);
        let find = self.chars.saturating_mul(self.chars) / COUNTED_AT_ONCE;
        let along = self.path.saturating_mul(self.chars + 4);
        shape.saturating_add(find).saturating_add(along)
    }
}

impl<'a, 'input> Walk<'a, 'input, '_> {
    /// Reads a text element and takes what its layout costs from what is left.
    pub(super) fn read_text(
        &mut self,
        text: Node<'a, 'input>,
        here: &Context,
    ) -> Result<Read<'a, 'input>, Refused> {
        let declarations = self.sheet.declarations(text);
        let units = self.units(here);
        let mut all = Read {
            is_blank: true,
            ..Read::default()
        };
        all.elements.push(Element {
            node: text,
            kind: Kind::Span,
            style: here.style.clone(),
            units,
            handed: here.text.clone(),
            own: here.text.own(&declarations, &units),
            keeps_blanks: keeps_blanks(&here.text)
                .or_else(|| text.ancestors().find_map(xml_space))
                .unwrap_or(false),
            displayed: true,
        });
        all.items.push(Item::Open(0));
        let mut known_paths = BTreeMap::new();
        let mut piece = Piece::default();
        // The next sibling to read and the element that it is in, for each level.
        let mut stack = vec![(text.first_child(), 0)];
        // Whether the next character begins a piece of its own.
        let mut fresh = false;
        while let Some((next, parent)) = stack.last_mut() {
            let Some(node) = *next else {
                all.items.push(Item::Close);
                // What follows `textPath` begins anew; positions of an element that
                // held no character are lost.
                fresh = all.elements[*parent].kind != Kind::Span;
                let _ = stack.pop();
                continue;
            };
            *next = node.next_sibling();
            let parent = *parent;
            if let Some(words) = node.text().filter(|_| node.is_text()) {
                let count = words.chars().count();
                all.chars += count;
                let blank = words.trim().is_empty();
                all.is_blank &= blank;
                if fresh && !blank {
                    self.spend(piece.steps())?;
                    piece = Piece::default();
                    if let Kind::Along(i) = all.elements[parent].kind {
                        piece.path = all.paths[i].len() as u64;
                    }
                    fresh = false;
                }
                piece.chars += count as u64;
                piece.parts += 1;
                // A text that is too long is found out while it is read.
                if piece.steps() > self.texts.left {
                    return Err(Refused::Long);
                }
                all.items.push(Item::Text(words));
                continue;
            }
            self.spend(PER_ELEMENT)?;
            let Some(element) = self.read_span(
                node,
                &all.elements[parent],
                &mut all.paths,
                &mut known_paths,
            )?
            else {
                continue;
            };
            if stack.len() >= DEEPEST {
                return Err(Refused::Deep);
            }
            fresh |= element.kind != Kind::Span
                || ["x", "y"].iter().any(|name| node.has_attribute(*name));
            all.items.push(Item::Open(all.elements.len()));
            stack.push((node.first_child(), all.elements.len()));
            all.elements.push(element);
        }
        self.spend(piece.steps())?;
        let positions = ["x", "y"]
            .iter()
            .flat_map(|name| all.elements.iter().filter_map(|e| e.node.attribute(*name)))
            .flat_map(write::parts)
            .take(all.chars.min(MOST_PARTS + 1))
            .count();
        if all.elements.len() + positions > MOST_PARTS {
            return Err(Refused::Long);
        }
        Ok(all)
    }

    fn spend(&mut self, steps: u64) -> Result<(), Refused> {
        self.texts.left = self.texts.left.checked_sub(steps).ok_or(Refused::Long)?;
        Ok(())
    }

    /// An element within text; `None` where it brings no text.
    fn read_span(
        &mut self,
        node: Node<'a, 'input>,
        parent: &Element<'a, 'input>,
        paths: &mut Vec<Vec<Step>>,
        known: &mut BTreeMap<u32, usize>,
    ) -> Result<Option<Element<'a, 'input>>, Refused> {
        let Some(name) = svg_name(node) else {
            return Ok(None);
        };
        let kind = match name {
            "tspan" | "a" => Kind::Span,
            "textPath" => match self.path_of(node, parent, paths, known)? {
                Some(i) => Kind::Along(i),
                None => return Ok(None),
            },
            "title" | "desc" | "metadata" | "set" | "animate" | "animateMotion"
            | "animateTransform" => return Ok(None),
            "tref" => {
                self.warn(node, "svg/text", "repeats other text and was left out");
                return Ok(None);
            }
            _ => {
                self.warn(
                    node,
                    "svg/unknown-element",
                    "does not belong into text and was left out",
                );
                return Ok(None);
            }
        };
        let declarations = self.sheet.declarations(node);
        let (style, effects, bad) = parent.style.child(&declarations, &parent.units, self.tree);
        for (name, value) in bad {
            let what = format!("has a {name} that cannot be read: {value}");
            self.warn(node, "svg/bad-style", &what);
        }
        if effects.hidden {
            self.note(node, "svg/hidden", "is not displayed and was left out");
        }
        let units = Units {
            font: style.font,
            ..parent.units
        };
        let own = parent.handed.own(&declarations, &units);
        let sets_blanks = own.iter().any(|p| p.0 == "white-space");
        let handed = parent.handed.with(&own);
        let keeps = if sets_blanks {
            keeps_blanks(&handed)
        } else {
            xml_space(node)
        };
        Ok(Some(Element {
            node,
            kind,
            style,
            units,
            own,
            handed,
            keeps_blanks: keeps.unwrap_or(parent.keeps_blanks),
            displayed: !effects.hidden,
        }))
    }

    /// The number of the path that a `textPath` names.
    fn path_of(
        &mut self,
        node: Node<'a, 'input>,
        parent: &Element<'a, 'input>,
        paths: &mut Vec<Vec<Step>>,
        known: &mut BTreeMap<u32, usize>,
    ) -> Result<Option<usize>, Refused> {
        if svg_name(parent.node) != Some("text") {
            self.warn(
                node,
                "svg/text",
                "is not right inside of text; it was left out",
            );
            return Ok(None);
        }
        // SVG 2, 11.8.1: path data of its own comes before a reference.
        let (owner, data) = match (node.attribute("path"), href(node)) {
            (Some(data), _) => (Some(node), Some(data)),
            (None, link) => {
                let named = link
                    .and_then(|h| h.strip_prefix('#'))
                    .and_then(|id| self.tree.by_id(id));
                (named, named.and_then(|n| n.attribute("d")))
            }
        };
        if let Some(i) = owner.and_then(|n| known.get(&n.id().get())) {
            return Ok(Some(*i));
        }
        self.spend(data.map_or(0, str::len) as u64)?;
        let steps = match (owner, node.attribute("path")) {
            (Some(_), Some(data)) => Some(path::parse(data).0),
            (Some(named), None) => svg_name(named)
                .and_then(|name| shape::steps(name, named, &parent.units))
                .map(|(steps, _)| steps),
            (None, _) => None,
        };
        let (Some(owner), Some(mut steps)) = (owner, steps.filter(|s| s.len() > 1)) else {
            let what = match href(node) {
                Some(h) => format!("runs along {h}, which is no path; its text was left out"),
                None => "runs along no path; its text was left out".to_owned(),
            };
            self.warn(node, "svg/broken-reference", &what);
            return Ok(None);
        };
        let own_map = owner.attribute("transform").filter(|_| owner != node);
        if let Some(map) = own_map.and_then(Affine::parse) {
            for step in &mut steps {
                *step = step.through(&map);
            }
        }
        let _ = known.insert(owner.id().get(), paths.len());
        paths.push(steps);
        Ok(Some(paths.len() - 1))
    }
}

/// Whether `white-space` keeps blanks, where it is set.
fn keeps_blanks(text: &Inherited) -> Option<bool> {
    text.word("white-space")
        .map(|w| w.starts_with("pre") && w != "pre-line" || w == "break-spaces")
}

fn xml_space(node: Node<'_, '_>) -> Option<bool> {
    node.attribute((roxmltree::NS_XML_URI, "space"))
        .map(|value| value == "preserve")
}
