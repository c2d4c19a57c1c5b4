//! A file may import only from the rows above its own (see the crate's docs).

use std::fs;
use std::path::{Path, PathBuf};

/// The rows, top first. Modules of row 1 may be used by everyone.
const ROWS: &[&[&str]] = &[
    &["error", "diag", "geom", "source", "lang"],
    &["par", "money", "machine"],
    &["motion"],
    &["toolpath", "operations"],
    &["algo"],
    &["gcode", "svg", "pass"],
    &["estimate", "check"],
    &["quote", "report", "retime", "calibrate"],
    &["job"],
];

fn row(module: &str) -> Option<usize> {
    ROWS.iter().position(|r| r.contains(&module))
}

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

/// What `algo` may name: it knows neither the IR, nor machines, nor a file format.
const PURE: &[&str] = &["error", "geom", "par"];

/// Modules that a line of code names behind `crate::`.
fn named(line: &str) -> Vec<String> {
    let mut out = Vec::new();
    for part in line.split("crate::").skip(1) {
        let word: String = part
            .chars()
            .take_while(|c| c.is_alphanumeric() || *c == '_')
            .collect();
        // `crate::{a, b}` would name modules that this test does not see.
        assert!(!word.is_empty(), "name one module a line: {line}");
        out.push(word);
    }
    out
}

#[test]
fn imports_only_go_up() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    rust_files(&src, &mut files);
    let mut seen = 0;
    let mut wrong = Vec::new();
    for file in files {
        let inside = file.strip_prefix(&src).unwrap();
        let first = inside.components().next().unwrap().as_os_str();
        let module = first.to_str().unwrap().trim_end_matches(".rs");
        if module == "lib" || module == "bin" {
            continue;
        }
        let own = row(module).unwrap_or_else(|| panic!("{module} stands in no row"));
        for line in fs::read_to_string(&file).unwrap().lines() {
            let code = line.trim_start();
            if code.starts_with("//") || code.contains("pub(in crate::") {
                continue;
            }
            for name in named(line) {
                // `crate::Error` and the like are re-exports of row 1.
                let Some(other) = row(&name) else { continue };
                seen += 1;
                let impure = module == "algo" && !PURE.contains(&name.as_str());
                if name != module && (impure || other >= own && other > 0) {
                    wrong.push(format!("{}: {}", inside.display(), line.trim()));
                }
            }
        }
    }
    assert!(seen > 50, "the test reads imports at all");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn only_one_file_names_rayon_and_one_nom() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    rust_files(&src, &mut files);
    let users = |word: &str| -> Vec<String> {
        files
            .iter()
            .filter(|f| {
                let text = fs::read_to_string(f).unwrap();
                text.lines()
                    .any(|l| !l.trim_start().starts_with("//") && l.contains(word))
            })
            .map(|f| {
                let path = f.strip_prefix(&src).unwrap();
                path.to_string_lossy().replace('\\', "/")
            })
            .collect()
    };
    assert_eq!(users("rayon::"), ["par.rs"]);
    assert_eq!(users("nom::"), ["gcode/lex.rs"]);
}
