//! What of a document no outline is made from, whatever is drawn: style sheets that are
//! not read, scripts and animations.

use super::css::Sheet;
use super::tree::{Tree, svg_name};
use crate::diag::{Diagnostics, Severity};
use roxmltree::{Document, Node};

/// Elements that change others as time goes by.
pub(super) const ANIMATIONS: [&str; 7] = [
    "animate",
    "animateColor",
    "animateMotion",
    "animateTransform",
    "discard",
    "mpath",
    "set",
];

/// Says what is not read. `styles` are the elements that the texts of `sheet` are from.
pub(super) fn say_unread(
    doc: &Document<'_>,
    tree: &Tree<'_, '_>,
    sheet: &Sheet<'_>,
    styles: &[Node<'_, '_>],
    found: &mut Diagnostics,
) {
    let mut warn = |node, code, what: &str| {
        tree.say(found, node, code, Severity::Warning, what, "");
    };
    let named = |n: &Node<'_, '_>| match n.pi() {
        Some(pi) => pi.target == "xml-stylesheet",
        // Of HTML, which browsers follow here too.
        None => n.tag_name().name() == "link" && n.attribute("rel") == Some("stylesheet"),
    };
    for node in doc.root().descendants().filter(named) {
        let what = "names a style sheet in another file, which is never opened";
        warn(node, "svg/style-sheet", what);
    }
    for (text, rule) in &sheet.unread {
        let what = format!("has rules for {rule}, which are not read");
        warn(styles[*text], "svg/style-sheet", &what);
    }
    for node in doc.descendants() {
        match svg_name(node) {
            Some("script") => warn(node, "svg/script", "is not run"),
            Some("mpath") => {}
            Some(name) if ANIMATIONS.contains(&name) => {
                let what = "is an animation; what it moves or changes was drawn as it stands";
                warn(node, "svg/animation", what);
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{SvgOptions, read};

    #[test]
    fn what_is_not_read_is_said_with_its_place() {
        let svg = "<?xml-stylesheet href='a.css'?>\n<svg xmlns='http://www.w3.org/2000/svg' width='9mm' height='9mm'><h:link xmlns:h='http://www.w3.org/1999/xhtml' rel='stylesheet' href='b.css'/>
<style id='s'>@charset 'x'; @media print { path { fill: red } } @import url(b.css);
path:nth-child(2), path { fill: blue } a:hover { fill: red }</style>
<script id='j'>draw()</script><path d='M1 1h2v2z'><animate id='t'/><set/></path>
<switch id='w'><path systemLanguage='xx' d='M0 0h1v1z'/></switch></svg>";
        let drawing = read(svg.as_bytes(), &SvgOptions::default()).unwrap();
        let said: Vec<String> = drawing
            .diagnostics
            .as_slice()
            .iter()
            .filter(|d| !d.code.0.starts_with("svg/size"))
            .map(|d| {
                format!(
                    "{}:{} {} {}",
                    d.line.unwrap(),
                    d.column.unwrap(),
                    d.code,
                    d.message
                )
            })
            .collect();
        assert_eq!(
            said,
            [
                "1:1 svg/style-sheet xml-stylesheet names a style sheet in another file, which is never opened",
                "2:66 svg/style-sheet link names a style sheet in another file, which is never opened",
                "3:1 svg/style-sheet style \"s\" has rules for @media print, which are not read",
                "3:1 svg/style-sheet style \"s\" has rules for @import url(b.css), which are not read",
                "3:1 svg/style-sheet style \"s\" has rules for path:nth-child(2), which are not read",
                "5:1 svg/script script \"j\" is not run",
                "5:51 svg/animation animate \"t\" is an animation; what it moves or changes was drawn as it stands",
                "5:68 svg/animation set is an animation; what it moves or changes was drawn as it stands",
                "6:1 svg/switch switch \"w\" has no child for the language `en` without extensions; it was left out",
            ]
        );
        assert_eq!(drawing.outlines.len(), 1);
        assert_eq!(drawing.outlines[0].color, [0, 0, 255]);
    }
}
