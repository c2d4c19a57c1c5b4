//! Every diagnostic code is explained, in both languages.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use trajet::Lang;
use trajet::diag::codes;

fn rust_files(folder: &Path, out: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            rust_files(&path, out);
        } else if path.extension().is_some_and(|e| e == "rs") {
            out.push(path);
        }
    }
}

/// String literals of the form `family/some-words`, outside comments and tests.
fn literals(text: &str) -> Vec<(bool, String)> {
    let mut out = Vec::new();
    for line in text.lines() {
        if line.starts_with("#[cfg(test)]") {
            break;
        }
        if line.trim_start().starts_with("//") {
            continue;
        }
        for (i, part) in line.split('"').enumerate() {
            let word =
                |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_lowercase() || b == b'-');
            if i % 2 == 1
                && part
                    .split_once('/')
                    .is_some_and(|(a, b)| word(a) && word(b))
            {
                let before = line.split(part).next().unwrap();
                out.push((before.ends_with("Code(\""), part.to_owned()));
            }
        }
    }
    out
}

#[test]
fn every_code_has_an_entry_and_every_entry_a_code() {
    let table: BTreeSet<String> = codes::all().map(|e| e.code.to_owned()).collect();
    let families: BTreeSet<&str> = table.iter().map(|c| c.split('/').next().unwrap()).collect();
    let mut files = Vec::new();
    rust_files(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("src"),
        &mut files,
    );
    let mut used = BTreeSet::new();
    for file in files {
        if file.ends_with("tests.rs") {
            continue;
        }
        for (named, text) in literals(&fs::read_to_string(&file).unwrap()) {
            if named || families.contains(text.split('/').next().unwrap()) {
                let _ = used.insert(text);
            }
        }
    }
    let missing: Vec<_> = used.difference(&table).collect();
    assert!(missing.is_empty(), "not in src/_docs/codes.md: {missing:?}");
    let orphaned: Vec<_> = table.difference(&used).collect();
    assert!(orphaned.is_empty(), "no code of the crate: {orphaned:?}");
    assert!(used.len() > 40);
}

#[test]
fn entries_are_whole_and_in_order() {
    let text = include_str!("../../src/_docs/codes.md");
    let headings: Vec<_> = text
        .lines()
        .filter_map(|l| l.strip_prefix("## `")?.strip_suffix('`'))
        .collect();
    let found: Vec<_> = codes::all().collect();
    assert_eq!(found.iter().map(|e| e.code).collect::<Vec<_>>(), headings);
    assert!(headings.is_sorted());
    assert_eq!(text.matches("\n### ").count(), 2 * headings.len());
    for e in found {
        assert_eq!(codes::find(e.code), Some(e));
        for lang in [Lang::En, Lang::Fr] {
            let (title, body) = (e.title(lang), e.explanation(lang));
            assert!((10..=70).contains(&title.chars().count()), "{title}");
            assert!(!title.ends_with('.'), "{title}");
            assert!(body.len() > 60 && body.ends_with('.'), "{}: {body}", e.code);
        }
        assert_ne!(e.title(Lang::En), e.title(Lang::Fr));
        assert_ne!(e.explanation(Lang::En), e.explanation(Lang::Fr));
    }
    assert_eq!(codes::find("gcode/nothing"), None);
}
