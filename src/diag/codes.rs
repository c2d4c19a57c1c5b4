//! What each code means, in English and French.
//!
//! The table is one document that people read as well, and that [`all`] and
//! [`find`] take apart: a second-level heading with the code, then a third-level
//! heading with the title and below it the explanation, in English first, then in
//! French. It follows.
//!
#![doc = include_str!("../_docs/codes.md")]

use crate::lang::Lang;

const TABLE: &str = include_str!("../_docs/codes.md");

/// What one code means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The code, for example `gcode/unknown-word`.
    pub code: &'static str,
    english: Text,
    french: Text,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Text {
    title: &'static str,
    body: &'static str,
}

impl Entry {
    /// A few words that say what kind of finding it is.
    #[must_use]
    pub const fn title(&self, lang: Lang) -> &'static str {
        self.text(lang).title
    }

    /// What it means and what can be done, in one paragraph or more.
    #[must_use]
    pub const fn explanation(&self, lang: Lang) -> &'static str {
        self.text(lang).body
    }

    const fn text(&self, lang: Lang) -> &Text {
        match lang {
            Lang::En => &self.english,
            Lang::Fr => &self.french,
        }
    }
}

/// All codes with their meaning, in the order of the alphabet.
///
/// # Complexity
/// O(size of the table), which is a few tens of kilobytes.
pub fn all() -> impl Iterator<Item = Entry> {
    TABLE.split("\n## `").skip(1).filter_map(entry)
}

/// What `code` means; `None` when trajet has no such code.
///
/// # Complexity
/// As [`all`].
#[must_use]
pub fn find(code: &str) -> Option<Entry> {
    all().find(|e| e.code == code)
}

/// A section of the table, from behind its heading's first backtick.
fn entry(section: &'static str) -> Option<Entry> {
    let (code, texts) = section.split_once("`\n")?;
    let mut texts = texts.split("\n### ").skip(1).map(text);
    Some(Entry {
        code,
        english: texts.next()??,
        french: texts.next()??,
    })
}

fn text(part: &'static str) -> Option<Text> {
    let (title, body) = part.split_once('\n')?;
    Some(Text {
        title: title.trim(),
        body: body.trim(),
    })
}
