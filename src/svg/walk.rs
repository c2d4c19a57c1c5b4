//! The walk over the elements, in the order in which they are drawn.
//!
//! The way back is kept on a stack of our own, one level for each element entered,
//! so that neither deep nesting nor `use` can overflow the program's.

use super::affine::Affine;
use super::clip::Region;
use super::clipping::Clips;
use super::css::Sheet;
use super::drawing::{Group, Outline};
use super::marker::Stamps;
use super::options::SvgOptions;
use super::size::{Page, view_box, viewport};
use super::style::{Effects, Paint, Style};
use super::text::Inherited;
#[cfg(feature = "text")]
use super::text::Texts;
use super::tree::{Tree, href, layer_name, svg_name};
use super::units::{Of, Units};
use super::unread::ANIMATIONS;
use crate::diag::{Diagnostics, Severity};
use crate::error::{Error, ErrorKind};
use crate::geom::Bounds;
use roxmltree::{Node, NodeId};
use std::sync::Arc;

/// Draws everything below `root` through `map`, from pixels of the page to mm.
pub(super) fn walk<'a, 'input>(
    root: Node<'a, 'input>,
    tree: &'a Tree<'a, 'input>,
    sheet: &'a Sheet<'a>,
    page: &Page,
    map: Affine,
    options: &SvgOptions,
) -> Result<Drawn, Error> {
    // A page without a size: the size that browsers give to a replaced element.
    let view = [page.px[0].unwrap_or(300.0), page.px[1].unwrap_or(150.0)];
    let context = Context {
        map,
        style: Style::default(),
        text: Inherited::default(),
        view,
        given: Some(view),
        layer: None,
        group: None,
        uses: None,
        painted: [Paint::None; 2],
        clip: None,
    };
    let mut walk = Walk {
        tree,
        sheet,
        options,
        dpi: page.dpi,
        page: map,
        view,
        uses: Vec::new(),
        seen: 0,
        dashes_left: options.max_elements,
        rings: 0,
        shapes: 0,
        #[cfg(feature = "text")]
        texts: Texts::default(),
        outlines: Vec::new(),
        groups: Vec::new(),
        found: Diagnostics::new(),
        clips: Clips::default(),
        measured: None,
    };
    walk.run(Level::only(root, context))?;
    Ok(Drawn {
        outlines: walk.outlines,
        groups: walk.groups,
        found: walk.found,
    })
}

/// What a walk comes to.
pub(super) struct Drawn {
    pub(super) outlines: Vec<Outline>,
    pub(super) groups: Vec<Group>,
    pub(super) found: Diagnostics,
}

/// What an element takes over from the one around it.
#[derive(Clone)]
pub(super) struct Context {
    /// From user units to mm.
    pub(super) map: Affine,
    pub(super) style: Style,
    /// Properties of text.
    pub(super) text: Inherited,
    /// Size of the nearest viewport in its user units, for percentages.
    pub(super) view: [f64; 2],
    /// Size for an `svg` entered next, where the page or a `use` sets it.
    given: Option<[f64; 2]>,
    pub(super) layer: Option<Arc<str>>,
    /// The innermost element around that has a name, in [`Walk::groups`].
    pub(super) group: Option<u32>,
    /// The innermost `use` or marker around the element, in [`Walk::uses`].
    uses: Option<usize>,
    /// Fill and stroke of that `use`, or of what the marker stands on.
    pub(super) painted: [Paint; 2],
    /// What all the clips around it leave to be seen.
    pub(super) clip: Option<Arc<Region>>,
}

impl Context {
    /// The paint that a paint comes to here.
    pub(super) const fn paint(&self, paint: Paint) -> Paint {
        match paint {
            Paint::ContextFill => self.painted[0],
            Paint::ContextStroke => self.painted[1],
            Paint::Current => Paint::Rgb(self.style.color),
            _ => paint,
        }
    }

    /// The fill and the stroke of a style as they are seen here: what is wholly
    /// transparent is none.
    pub(super) fn paints(&self, style: &Style) -> [Paint; 2] {
        let seen = |paint, unseen| {
            if unseen {
                Paint::None
            } else {
                self.paint(paint)
            }
        };
        let [fill, stroke] = style.unseen;
        [seen(style.fill, fill), seen(style.stroke, stroke)]
    }

    /// Inside a viewport whose content has this size, user units.
    pub(super) const fn enter_view(&mut self, size: [f64; 2]) {
        self.view = size;
    }
}

/// Siblings still to draw in one context, and then what is in some markers.
pub(super) struct Level<'a, 'input> {
    next: Option<Node<'a, 'input>>,
    alone: bool,
    context: Context,
    stamps: Stamps<'a, 'input>,
}

impl<'a, 'input> Level<'a, 'input> {
    /// Only one element.
    fn only(node: Node<'a, 'input>, context: Context) -> Self {
        Self {
            next: Some(node),
            alone: true,
            context,
            stamps: Stamps::default(),
        }
    }

    /// Only markers.
    pub(super) const fn of_stamps(stamps: Stamps<'a, 'input>, context: Context) -> Self {
        Self {
            next: None,
            alone: false,
            context,
            stamps,
        }
    }
}

pub(super) struct Walk<'a, 'input, 'o> {
    pub(super) tree: &'a Tree<'a, 'input>,
    pub(super) sheet: &'a Sheet<'a>,
    pub(super) options: &'o SvgOptions,
    dpi: f64,
    /// From pixels of the page to mm.
    pub(super) page: Affine,
    /// Size of the page in its user units.
    view: [f64; 2],
    /// What each `use` shows, and the `use` around it; markers likewise.
    uses: Vec<(NodeId, Option<usize>)>,
    seen: usize,
    /// How many dashes and gaps lines may still be cut into.
    pub(super) dashes_left: usize,
    /// Closed outlines that may be left in parts.
    pub(super) rings: u32,
    /// Elements that have outlines.
    pub(super) shapes: u32,
    /// Fonts in use, and how much text may follow.
    #[cfg(feature = "text")]
    pub(super) texts: Texts,
    pub(super) outlines: Vec<Outline>,
    pub(super) groups: Vec<Group>,
    pub(super) found: Diagnostics,
    pub(super) clips: Clips,
    /// The box of what is drawn, where only that is asked for.
    pub(super) measured: Option<Bounds>,
}

impl<'a, 'input> Walk<'a, 'input, '_> {
    /// Draws the elements of a level and what is inside them.
    pub(super) fn run(&mut self, level: Level<'a, 'input>) -> Result<(), Error> {
        let most = self.options.max_depth;
        let mut stack = vec![level];
        while let Some(level) = stack.last_mut() {
            let Some(node) = level.next else {
                match level.stamps.next() {
                    Some((first, context)) => (level.next, level.context) = (Some(first), context),
                    None => drop(stack.pop()),
                }
                continue;
            };
            level.next = if level.alone {
                None
            } else {
                node.next_sibling_element()
            };
            let context = level.context.clone();
            if let Some(inner) = self.enter(node, context)? {
                if stack.len() >= most {
                    return Err(limit(format!(
                        "elements are nested deeper than {most} levels; flatten the drawing or raise the limit",
                    )));
                }
                stack.push(inner);
            }
        }
        Ok(())
    }

    /// Draws one element; the level of what is inside it, where there is any.
    fn enter(
        &mut self,
        node: Node<'a, 'input>,
        around: Context,
    ) -> Result<Option<Level<'a, 'input>>, Error> {
        let Some(name) = svg_name(node).filter(|n| is_drawn(n)) else {
            return Ok(None);
        };
        self.count()?;
        let mut here = around;
        let Some(effects) = self.apply_style(node, &mut here) else {
            return Ok(None);
        };
        self.apply_transform(node, &effects, &mut here);
        if !self.apply_clip(node, &effects, &mut here)? {
            return Ok(None);
        }
        self.open(name, node, &effects, here)
    }

    /// Draws one element whose style and transform have been applied.
    pub(super) fn open(
        &mut self,
        name: &str,
        node: Node<'a, 'input>,
        effects: &Effects<'a>,
        mut here: Context,
    ) -> Result<Option<Level<'a, 'input>>, Error> {
        let given = here.given.take();
        if matches!(name, "g" | "a" | "svg" | "symbol" | "switch" | "use") {
            self.enter_group(node, &mut here);
        }
        match name {
            "g" | "a" => Ok(inside(node, here)),
            "svg" | "symbol" => {
                self.open_svg(node, effects, &mut here, given);
                Ok(inside(node, here))
            }
            "switch" => {
                let child = node
                    .children()
                    .find(|c| svg_name(*c).is_some_and(is_drawn) && applies(*c));
                if child.is_none() {
                    let what =
                        "has no child for the language `en` without extensions; it was left out";
                    self.warn(node, "svg/switch", what);
                }
                Ok(child.map(|child| Level::only(child, here)))
            }
            "use" => self.follow(node, here),
            "text" => {
                self.draw_text(node, &here);
                Ok(None)
            }
            _ => Ok(self.draw(name, node, &here)),
        }
    }

    pub(super) fn count(&mut self) -> Result<(), Error> {
        self.seen += 1;
        if self.seen > self.options.max_elements {
            return Err(limit(format!(
                "more than {} elements are drawn, `use` included; split the drawing or raise the limit",
                self.options.max_elements
            )));
        }
        if self.sheet.is_exhausted() {
            return Err(limit(
                "the style sheet takes too long to apply; save the drawing with styles in its elements".to_owned(),
            ));
        }
        Ok(())
    }

    /// What holds for the element as a whole; `None` where it is not drawn at all.
    pub(super) fn apply_style(
        &mut self,
        node: Node<'a, 'input>,
        here: &mut Context,
    ) -> Option<Effects<'a>> {
        let units = self.units(here);
        let declarations = self.sheet.declarations(node);
        let (style, effects, bad) = here.style.child(&declarations, &units, self.tree);
        here.style = style;
        here.text = here.text.child(&declarations, &self.units(here));
        for (name, value) in bad {
            let (code, why) = if value.starts_with("url(") {
                ("svg/broken-reference", "is not in the drawing")
            } else {
                ("svg/bad-style", "cannot be read")
            };
            self.warn(node, code, &format!("has a {name} that {why}: {value}"));
        }
        if effects.hidden {
            self.note(
                node,
                "svg/hidden",
                "is not displayed, or wholly transparent, and was left out",
            );
            return None;
        }
        let Effects { mask, filter, .. } = effects;
        for (set, code, what) in [
            (mask, "svg/mask", "is masked; it was taken whole"),
            (filter, "svg/filter", "has a filter, which was left out"),
        ] {
            if set {
                self.warn(node, code, what);
            }
        }
        Some(effects)
    }

    /// Enters the viewport of an `svg` (or a `symbol`) of the size `given`.
    fn open_svg(
        &mut self,
        node: Node<'a, 'input>,
        effects: &Effects<'a>,
        here: &mut Context,
        given: Option<[f64; 2]>,
    ) {
        let units = self.units(here);
        let side = |name, of, otherwise| {
            let text = node.attribute(name).unwrap_or("auto");
            units.parse(text, of).unwrap_or(otherwise)
        };
        if node.parent_element().is_some() {
            let (x, y) = (side("x", Of::Width, 0.0), side("y", Of::Height, 0.0));
            here.map = here.map.then_inner(&Affine::translate(x, y));
        }
        let size = given.unwrap_or_else(|| {
            [
                side("width", Of::Width, here.view[0]),
                side("height", Of::Height, here.view[1]),
            ]
        });
        // Things outside of the page are kept: they may lie there to be cut.
        if node.parent_element().is_some() && !effects.overflows {
            self.clip_to_viewport(node, [0.0, 0.0, size[0], size[1]], here);
        }
        here.map = here.map.then_inner(&viewport(node, size));
        here.view = view_box(node).map_or(size, |b| [b.w, b.h]);
    }

    /// What a `use` shows.
    fn follow(
        &mut self,
        node: Node<'a, 'input>,
        mut here: Context,
    ) -> Result<Option<Level<'a, 'input>>, Error> {
        let target = href(node)
            .and_then(|h| h.strip_prefix('#'))
            .and_then(|id| self.tree.by_id(id));
        let Some(target) = target else {
            let what = match href(node) {
                Some(h) => format!("refers to {h}, which is not in the drawing"),
                None => "refers to nothing".to_owned(),
            };
            self.warn(node, "svg/broken-reference", &what);
            return Ok(None);
        };
        if self.shows_itself(node, target, &here) {
            self.say_loop(node);
            return Ok(None);
        }
        let units = self.units(&here);
        let side = |name, of| node.attribute(name).and_then(|t| units.parse(t, of));
        let x = side("x", Of::Width).unwrap_or(0.0);
        let y = side("y", Of::Height).unwrap_or(0.0);
        here.map = here.map.then_inner(&Affine::translate(x, y));
        let handed = (here.style.clone(), here.text.clone());
        here = self.enter_reference(target, &here, handed);
        let (w, h) = (side("width", Of::Width), side("height", Of::Height));
        let name = svg_name(target);
        if matches!(name, Some("svg" | "symbol")) {
            let own = |name, of| target.attribute(name).and_then(|t| units.parse(t, of));
            here.given = Some([
                w.or_else(|| own("width", Of::Width))
                    .unwrap_or(here.view[0]),
                h.or_else(|| own("height", Of::Height))
                    .unwrap_or(here.view[1]),
            ]);
        }
        if name == Some("symbol") {
            let Some(effects) = self.apply_style(target, &mut here) else {
                return Ok(None);
            };
            self.apply_transform(target, &effects, &mut here);
            if !self.apply_clip(target, &effects, &mut here)? {
                return Ok(None);
            }
            return self.open("symbol", target, &effects, here);
        }
        Ok(Some(Level::only(target, here)))
    }

    /// Whether `target`, referred to by `node`, holds it, directly or by way of
    /// other references.
    pub(super) fn shows_itself(
        &self,
        node: Node<'a, 'input>,
        target: Node<'a, 'input>,
        here: &Context,
    ) -> bool {
        let mut outer = here.uses;
        while let Some((id, around)) = outer.map(|i| self.uses[i]) {
            if id == target.id() {
                return true;
            }
            outer = around;
        }
        node.ancestors().any(|n| n == target)
    }

    pub(super) fn say_loop(&mut self, node: Node<'a, 'input>) {
        let what = "shows itself; it was left out";
        self.say(node, "svg/reference-loop", Severity::Error, what);
    }

    /// The context inside of what an element refers to, with the style that it has
    /// there.
    pub(super) fn enter_reference(
        &mut self,
        target: Node<'a, 'input>,
        from: &Context,
        (style, text): (Style, Inherited),
    ) -> Context {
        self.uses.push((target.id(), from.uses));
        Context {
            painted: [from.paint(from.style.fill), from.paint(from.style.stroke)],
            style,
            text,
            uses: Some(self.uses.len() - 1),
            ..from.clone()
        }
    }

    /// Goes into an element that holds others, where it has a name to go by.
    pub(super) fn enter_group(&mut self, node: Node<'a, 'input>, here: &mut Context) {
        let attribute = |name| node.attribute(name).map(Arc::from);
        let group = Group {
            id: attribute("id"),
            class: attribute("class"),
            layer: layer_name(node).map(Arc::from),
            around: here.group,
        };
        let named = group.id.is_some() || group.class.is_some() || group.layer.is_some();
        if !named || self.measured.is_some() {
            return;
        }
        if group.layer.is_some() {
            here.layer.clone_from(&group.layer);
        }
        // Elements are counted, and are fewer.
        here.group = u32::try_from(self.groups.len()).ok();
        self.groups.push(group);
    }

    pub(super) fn units(&self, here: &Context) -> Units {
        Units {
            dpi: self.dpi,
            view: here.view,
            font: here.style.font,
        }
    }

    /// Units where no viewport is known but that of the page.
    pub(super) fn units_of(&self, style: &Style) -> Units {
        Units {
            dpi: self.dpi,
            view: self.view,
            font: style.font,
        }
    }

    pub(super) fn note(&mut self, node: Node<'_, '_>, code: &'static str, what: &str) {
        self.say(node, code, Severity::Note, what);
    }

    pub(super) fn warn(&mut self, node: Node<'_, '_>, code: &'static str, what: &str) {
        self.say(node, code, Severity::Warning, what);
    }

    pub(super) fn say(
        &mut self,
        node: Node<'_, '_>,
        code: &'static str,
        severity: Severity,
        what: &str,
    ) {
        self.tree
            .say(&mut self.found, node, code, severity, what, "");
    }
}

/// Elements that are not drawn where they stand.
const NEVER_DRAWN: [&str; 17] = [
    "clipPath",
    "cursor",
    "defs",
    "desc",
    "filter",
    "font",
    "linearGradient",
    "marker",
    "mask",
    "metadata",
    "pattern",
    "radialGradient",
    "script",
    "style",
    "symbol",
    "title",
    "view",
];

fn is_drawn(name: &str) -> bool {
    !NEVER_DRAWN.contains(&name) && !ANIMATIONS.contains(&name)
}

fn inside<'a, 'input>(node: Node<'a, 'input>, context: Context) -> Option<Level<'a, 'input>> {
    node.first_element_child().map(|first| Level {
        alone: false,
        ..Level::only(first, context)
    })
}

/// Whether a child of `switch` is the one to take. The language is taken as English.
fn applies(node: Node<'_, '_>) -> bool {
    let wants = |name| node.attribute(name).is_some_and(|v| !v.trim().is_empty());
    let language = node.attribute("systemLanguage").is_none_or(|list| {
        list.split(',')
            .any(|l| l.trim() == "en" || l.trim().starts_with("en-"))
    });
    !wants("requiredExtensions") && language
}

fn limit(message: String) -> Error {
    Error::new(ErrorKind::Limit, message)
}
