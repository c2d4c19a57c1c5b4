//! Draws a text element, and says what could not be drawn as it was meant.

use super::super::drawing::FillRule;
use super::super::style::Paint;
use super::super::walk::{Context, Walk};
use super::NEXT_STEP;
use super::glyph::Glyphs;
use super::layout::{Borrowed, Laid, lay_out};
use super::pick::{Instead, Loaded};
use super::read::{MOST_STEPS, Read, Refused};
use super::write;
use crate::diag::{Code, Diagnostic, Severity};
use roxmltree::Node;

/// What drawing text leaves behind for the next text.
pub(in crate::svg) struct Texts {
    /// Steps of layout that are left.
    pub(super) left: u64,
    loaded: Loaded,
    glyphs: Glyphs,
}

impl Default for Texts {
    fn default() -> Self {
        Self {
            left: MOST_STEPS,
            loaded: Loaded::default(),
            glyphs: Glyphs::default(),
        }
    }
}

impl<'a, 'input> Walk<'a, 'input, '_> {
    /// Draws a `text` element.
    pub(in crate::svg) fn draw_text(&mut self, node: Node<'a, 'input>, here: &Context) {
        let options = self.options;
        if options.fonts.is_none() {
            self.left_out(
                node,
                "is text and was left out: no fonts were given",
                NEXT_STEP,
            );
            return;
        }
        let read = match self.read_text(node, here) {
            Ok(read) => read,
            Err(why) => {
                let what = match why {
                    Refused::Deep => "has elements nested too deeply and was left out",
                    Refused::Long => {
                        "is left out: with it, the drawing has more text than is laid out"
                    }
                };
                self.tree.say(
                    &mut self.found,
                    node,
                    "svg/text-limit",
                    Severity::Error,
                    what,
                    NEXT_STEP,
                );
                return;
            }
        };
        if read.is_blank {
            return;
        }
        if read.elements.iter().all(|e| e.style.font <= 0.0) {
            self.note(
                node,
                "svg/no-outline",
                "has letters of no size and was left out",
            );
            return;
        }
        let catalogue = options.fonts.catalogue();
        if catalogue.is_empty() {
            let help = "install fonts, name a folder of fonts (--font-dir), or turn the text into \
                        paths in the drawing program";
            self.left_out(node, "is text and was left out: no font was found", help);
            return;
        }
        let Some(written) = write::write(&read) else {
            let what = "has a size or position that is too large or not a number; it was left out";
            self.say(node, "svg/out-of-range", Severity::Error, what);
            return;
        };
        for (i, name) in &written.bad {
            let what = format!("has a {name} that cannot be read");
            self.warn(read.elements[*i].node, "svg/bad-data", &what);
        }
        let mut texts = std::mem::take(&mut self.texts);
        let laid = lay_out(&written, catalogue, &mut texts.loaded, &mut texts.glyphs);
        self.texts = texts;
        self.say_fonts(node, &laid);
        self.paint_text(node, here, &read, laid);
    }

    fn paint_text(
        &mut self,
        node: Node<'a, 'input>,
        here: &Context,
        read: &Read<'a, 'input>,
        laid: Laid,
    ) {
        let along = !read.paths.is_empty();
        if along && (!laid.is_whole || laid.bytes < laid.bytes_given) {
            self.warn(
                node,
                "svg/text-off-path",
                "is longer than the path that it runs along; what is beyond was left out",
            );
        } else if !laid.is_whole {
            let what = "could not be laid out and was left out";
            self.left_out(node, what, NEXT_STEP);
        }
        for (i, steps) in laid.parts {
            let Some(element) = read.elements.get(i).filter(|_| !steps.is_empty()) else {
                continue;
            };
            // Colours that depend on where they are used are the part's own.
            let mut at = here.clone();
            at.style = element.style.clone();
            at.style.rule = FillRule::NonZero;
            [at.style.fill, at.style.stroke] = at.paints(&at.style);
            if !at.style.visible {
                self.note(element.node, "svg/hidden", "is hidden and was left out");
            } else if (at.style.fill, at.style.stroke) == (Paint::None, Paint::None) {
                let what = "has neither stroke nor fill that can be seen";
                self.note(element.node, "svg/not-painted", what);
            } else {
                self.paint(node, &steps, &at, &at.style);
            }
        }
    }

    fn left_out(&mut self, node: Node<'a, 'input>, what: &str, help: &str) {
        let severity = Severity::Warning;
        self.tree
            .say(&mut self.found, node, "svg/text", severity, what, help);
    }

    fn say_fonts(&mut self, node: Node<'a, 'input>, laid: &Laid) {
        for Instead {
            missing,
            used,
            named,
        } in &laid.instead
        {
            let severity = if *named || missing.is_empty() {
                Severity::Note
            } else {
                Severity::Warning
            };
            let what = if missing.is_empty() {
                format!("text names no font; {used} was used")
            } else {
                let names = missing.join(", ");
                format!("the font {names} is not there; {used} was used")
            };
            let help = match severity {
                Severity::Warning => {
                    "install the font, name its folder (--font-dir), or turn the text into paths \
                     in the drawing program"
                }
                _ => "",
            };
            self.say_of_drawing(node, "svg/font-missing", severity, what, help);
        }
        for Borrowed {
            font,
            lacking,
            whole,
        } in &laid.borrowed
        {
            let whole = if *whole { " for the whole piece" } else { "" };
            let what = format!("the text's font has no “{lacking}”; {font} was used{whole}");
            self.say_of_drawing(node, "svg/glyph-missing", Severity::Note, what, "");
        }
        for text in &laid.missing {
            let what = format!("no font has “{text}”{}; it was left out", code_points(text));
            let help = "install a font that has it, or turn the text into paths in the drawing \
                        program";
            self.say_of_drawing(node, "svg/glyph-missing", Severity::Warning, what, help);
        }
        for (text, has_outline) in &laid.pictures {
            let what = if *has_outline {
                format!("“{text}” has colours in its font; only its outline was taken")
            } else {
                format!("“{text}” is a picture in its font and was left out")
            };
            self.say_of_drawing(node, "svg/glyph-picture", Severity::Warning, what, "");
        }
    }
}

impl<'a, 'input> Walk<'a, 'input, '_> {
    /// A finding that is one for all texts alike, so that it is said once and counted.
    fn say_of_drawing(
        &mut self,
        node: Node<'a, 'input>,
        code: &'static str,
        severity: Severity,
        what: String,
        help: &str,
    ) {
        let (line, column) = self.tree.place(node);
        let mut d = Diagnostic::new(Code(code), severity, what).at(line, column);
        if !help.is_empty() {
            d = d.with_help(help);
        }
        self.found.push(d);
    }
}

/// The characters as U+ numbers: what no font has cannot be shown to the reader.
fn code_points(text: &str) -> String {
    let all: Vec<String> = text
        .chars()
        .take(4)
        .map(|c| format!("U+{:04X}", u32::from(c)))
        .collect();
    format!(" ({})", all.join(" "))
}
