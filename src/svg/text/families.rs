//! Names of font families: lists of them, and which names mean the same shapes.

use usvg::fontdb;

/// One entry of `font-family`.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Family {
    Named(String),
    Serif,
    Sans,
    Mono,
    Cursive,
    Fantasy,
}

impl Family {
    pub(super) fn name(&self) -> &str {
        match self {
            Self::Named(name) => name,
            Self::Serif => "serif",
            Self::Sans => "sans-serif",
            Self::Mono => "monospace",
            Self::Cursive => "cursive",
            Self::Fantasy => "fantasy",
        }
    }
}

/// The generic families as the font database calls them.
pub(super) const GENERIC: [(Family, fontdb::Family<'static>); 5] = [
    (Family::Serif, fontdb::Family::Serif),
    (Family::Sans, fontdb::Family::SansSerif),
    (Family::Mono, fontdb::Family::Monospace),
    (Family::Cursive, fontdb::Family::Cursive),
    (Family::Fantasy, fontdb::Family::Fantasy),
];

/// The entries of a `font-family`. Commas inside of quotes do not part them.
pub(super) fn parse(list: &str) -> Vec<Family> {
    let mut all = Vec::new();
    let mut rest = list.trim();
    while !rest.is_empty() {
        let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''));
        let (name, after) = match quote {
            Some(q) => rest[1..].split_once(q).unwrap_or((&rest[1..], "")),
            None => rest.split_once(',').unwrap_or((rest, "")),
        };
        let words: Vec<&str> = name.split_whitespace().collect();
        if !words.is_empty() {
            let name = words.join(" ");
            all.push(match name.to_lowercase().as_str() {
                _ if quote.is_some() => Family::Named(name),
                // The names that Pango knows, which Inkscape writes, count as well.
                "serif" | "ui-serif" => Family::Serif,
                "sans-serif" | "sans" | "system-ui" | "ui-sans-serif" => Family::Sans,
                "monospace" | "mono" | "ui-monospace" => Family::Mono,
                "cursive" => Family::Cursive,
                "fantasy" => Family::Fantasy,
                _ => Family::Named(name),
            });
        }
        rest = match quote {
            Some(_) => after.split_once(',').map_or("", |(_, after)| after),
            None => after,
        }
        .trim_start();
    }
    all
}

/// Families whose letters have the same widths and nearly the same shapes.
pub(super) fn equals(name: &str) -> &'static [&'static str] {
    match name.to_lowercase().as_str() {
        "arial" | "helvetica" | "helvetica neue" => &[
            "Arial",
            "Helvetica",
            "Liberation Sans",
            "Arimo",
            "Nimbus Sans",
        ],
        "times" | "times new roman" => &[
            "Times New Roman",
            "Times",
            "Liberation Serif",
            "Tinos",
            "Nimbus Roman",
        ],
        "courier" | "courier new" => &[
            "Courier New",
            "Courier",
            "Liberation Mono",
            "Cousine",
            "Nimbus Mono PS",
        ],
        "calibri" => &["Carlito"],
        "cambria" => &["Caladea"],
        "bitstream vera sans" => &["DejaVu Sans"],
        "bitstream vera serif" => &["DejaVu Serif"],
        "bitstream vera sans mono" => &["DejaVu Sans Mono"],
        _ => &[],
    }
}

/// The families that usually stand for a generic one.
pub(super) fn usual(family: &Family) -> &'static [&'static str] {
    match family {
        Family::Serif => &[
            "Times New Roman",
            "Liberation Serif",
            "Tinos",
            "DejaVu Serif",
            "Noto Serif",
        ],
        Family::Mono => &[
            "Courier New",
            "Liberation Mono",
            "Cousine",
            "DejaVu Sans Mono",
            "Noto Sans Mono",
        ],
        Family::Named(_) => &[],
        Family::Sans | Family::Cursive | Family::Fantasy => &[
            "Arial",
            "Helvetica",
            "Liberation Sans",
            "Arimo",
            "DejaVu Sans",
            "Noto Sans",
        ],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_parted_outside_of_quotes() {
        let names = |list: &str| -> Vec<String> {
            parse(list).iter().map(|f| f.name().to_owned()).collect()
        };
        assert_eq!(
            names("  Foo   Bar, 'a, b' ,\"c\", sans"),
            ["Foo Bar", "a, b", "c", "sans-serif"]
        );
        assert_eq!(
            names("'serif', serif, , 28 Days"),
            ["serif", "serif", "28 Days"]
        );
        assert_eq!(names("'open"), ["open"]);
        assert!(names(" , ").is_empty() && names("").is_empty());
        assert_eq!(parse("'serif'"), [Family::Named("serif".into())]);
    }
}
