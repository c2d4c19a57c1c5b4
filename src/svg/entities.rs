//! How large a text grows where its entities are replaced by what they stand for.
//!
//! A few hundred bytes of entities made of entities stand for gigabytes; so does one
//! long entity named often. What they come to is counted before any is replaced.

use memchr::memmem::find;
use std::collections::BTreeMap;

/// Entities inside of entities, deeper than which the XML reader refuses them.
const DEPTH: usize = 12;

/// Bytes that the references in `text` to its own entities stand for, in sum; no
/// less than that where a comment or the like holds what looks like one.
///
/// # Complexity
/// O(n log n) for n bytes.
pub(super) fn expanded(text: &str) -> u64 {
    let Some(first) = find(text.as_bytes(), b"<!ENTITY") else {
        return 0;
    };
    let mut values: BTreeMap<&str, &str> = BTreeMap::new();
    let mut rest = &text[first..];
    while let Some((name, value, after)) = declaration(rest) {
        // Of two alike, the first counts (XML 1.0, 4.2).
        let _ = values.entry(name).or_insert(value);
        rest = match find(after.as_bytes(), b"<!ENTITY") {
            Some(at) => &after[at..],
            None => after,
        };
    }
    let names: BTreeMap<&str, usize> = values.keys().zip(0..).map(|(n, i)| (*n, i)).collect();
    let inner: Vec<(u64, Vec<usize>)> = values
        .values()
        .map(|v| (v.len() as u64, references(v, &names).collect()))
        .collect();
    let mut sizes = vec![0_u64; inner.len()];
    for _ in 0..DEPTH {
        sizes = inner
            .iter()
            .map(|(own, named)| {
                named
                    .iter()
                    .fold(*own, |sum, i| sum.saturating_add(sizes[*i]))
            })
            .collect();
    }
    references(rest, &names).fold(0, |sum, i| sum.saturating_add(sizes[i]))
}

/// Name and value of the declaration at the start of a text, and what follows; the
/// value is empty for one outside of the file, which is not opened.
fn declaration(text: &str) -> Option<(&str, &str, &str)> {
    let text = text.strip_prefix("<!ENTITY")?.trim_start();
    let end = text.find(|c: char| c.is_ascii_whitespace() || c == '>')?;
    let (name, text) = text.split_at(end);
    let text = text.trim_start();
    let Some(quote) = text.chars().next().filter(|c| matches!(c, '"' | '\'')) else {
        return Some((name, "", text));
    };
    let (value, after) = text[1..].split_once(quote)?;
    Some((name, value, after))
}

/// The entities that a text refers to.
fn references<'t>(
    text: &'t str,
    names: &'t BTreeMap<&str, usize>,
) -> impl Iterator<Item = usize> + 't {
    memchr::memchr_iter(b'&', text.as_bytes()).filter_map(|at| {
        let name = &text[at + 1..];
        // The next one begins where this one has no end, so that no byte is read twice.
        let end = name.bytes().position(|c| matches!(c, b';' | b'&'))?;
        names.get(&name[..end]).copied()
    })
}

#[cfg(test)]
mod tests {
    use super::expanded;

    #[test]
    fn entities_count_as_often_as_they_are_named() {
        let dtd = "<!DOCTYPE svg [<!ENTITY a 'xx'><!ENTITY b '&a;&a;y&c;'>
            <!ENTITY c \"zzz\"><!ENTITY d SYSTEM 'file:///e'>]>";
        assert_eq!(expanded(&format!("{dtd}<svg>&a;&lt;&d;&#9;</svg>")), 2);
        // The value itself, as it is copied, and what is in it.
        assert_eq!(
            expanded(&format!("{dtd}<svg>&b;&b;</svg>")),
            2 * (10 + 2 + 2 + 3)
        );
        assert_eq!(expanded("<svg>&a;</svg>"), 0);
    }

    #[test]
    fn loops_and_towers_come_to_an_end() {
        let tower: String = (1..60)
            .map(|i| format!("<!ENTITY e{i} '{}'>", format!("&e{};", i - 1).repeat(40)))
            .collect();
        let text = format!("<!DOCTYPE s [<!ENTITY e0 'q'>{tower}<!ENTITY l '&l;&l;'>]>");
        assert!(expanded(&format!("{text}<s>&e9;</s>")) > 1 << 50);
        assert!(expanded(&format!("{text}<s>&e59;&l;</s>")) > 1 << 10);
    }
}
