//! Rules of the house that no lint knows.

use std::fs;
use std::path::Path;

fn sources(folder: &Path, out: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, out);
        } else if path.extension().is_some_and(|e| e == "rs") {
            out.push((
                path.display().to_string(),
                fs::read_to_string(&path).unwrap(),
            ));
        }
    }
}

#[test]
fn files_are_short_and_floats_are_ordered_totally() {
    let mut files = Vec::new();
    sources(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("src"),
        &mut files,
    );
    assert!(files.len() > 30);
    let mut wrong = Vec::new();
    for (name, text) in files {
        let code = text
            .lines()
            .filter(|l| !l.trim().is_empty() && !l.trim_start().starts_with("//"));
        if code.clone().count() > 500 {
            wrong.push(format!("{name}: more than 500 lines of code"));
        }
        for line in code {
            if line.contains(".partial_cmp(") {
                wrong.push(format!("{name}: use total_cmp, not partial_cmp"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
