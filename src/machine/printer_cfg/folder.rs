//! The files that an include pattern stands for, from the folder of its file.

use super::sections::Include;
use crate::error::{Error, ErrorKind};
use std::io::Read;
use std::path::{Path, PathBuf};

/// The most places that a pattern may lead to.
const MOST_PLACES: usize = 1_000;

/// The most bytes of all the files of a pattern.
const MOST_BYTES: u64 = 16 << 20;

/// Reads included files where they are: a pattern counts from the folder of the file
/// that it stands in; `*`, `?` and `[abc]` stand for parts of names, and what they
/// find comes in the order of the names. A plain name must be there.
pub(in crate::machine) fn from_folder() -> Box<Include<'static>> {
    Box::new(|pattern, from| {
        let folder = Path::new(from).parent().unwrap_or(Path::new(""));
        let found = places(folder, pattern)?;
        let (mut out, mut left) = (Vec::new(), MOST_BYTES);
        for path in found {
            let cannot = |why: &dyn std::fmt::Display| {
                let message = format!("{} cannot be read: {why}", path.display());
                Error::new(ErrorKind::Io, message)
            };
            // What is no file may have no end.
            let about = std::fs::metadata(&path).map_err(|e| cannot(&e))?;
            if !about.is_file() {
                return Err(cannot(&"it is no file"));
            }
            let mut bytes = Vec::new();
            let file = std::fs::File::open(&path).map_err(|e| cannot(&e))?;
            let read = file.take(left + 1).read_to_end(&mut bytes);
            let length = read.map_err(|e| cannot(&e))? as u64;
            left = left.checked_sub(length).ok_or_else(|| {
                let message = format!("{pattern} stands for more than {MOST_BYTES} bytes");
                Error::new(ErrorKind::Limit, message)
            })?;
            out.push((path.to_string_lossy().into_owned(), bytes));
        }
        Ok(out)
    })
}

fn is_pattern(name: &str) -> bool {
    name.contains(['*', '?', '['])
}

/// The paths, sorted; a pattern that finds none gives none.
fn places(folder: &Path, pattern: &str) -> Result<Vec<PathBuf>, Error> {
    if !is_pattern(pattern) {
        return Ok(vec![folder.join(pattern)]);
    }
    let mut found = vec![folder.to_path_buf()];
    if pattern.starts_with('/') {
        found = vec![PathBuf::from("/")];
    }
    for part in pattern.split('/').filter(|p| !p.is_empty()) {
        let mut next = Vec::new();
        for place in &found {
            if !is_pattern(part) {
                next.push(place.join(part));
                continue;
            }
            let shown = if place.as_os_str().is_empty() {
                Path::new(".")
            } else {
                place
            };
            let Ok(entries) = std::fs::read_dir(shown) else {
                continue;
            };
            for entry in entries.flatten() {
                let name = entry.file_name();
                let name = name.to_string_lossy();
                let hidden = name.starts_with('.') && !part.starts_with('.');
                if !hidden && matches(part, &name) {
                    next.push(place.join(&*name));
                }
            }
        }
        if next.len() > MOST_PLACES {
            let message = format!("{pattern} stands for more than {MOST_PLACES} files");
            return Err(Error::new(ErrorKind::Limit, message));
        }
        found = next;
    }
    found.retain(|path| path.is_file());
    found.sort();
    Ok(found)
}

/// Whether a name is what a pattern stands for.
fn matches(pattern: &str, name: &str) -> bool {
    let pattern: Vec<char> = pattern.chars().collect();
    let name: Vec<char> = name.chars().collect();
    let (mut p, mut n) = (0, 0);
    // The last `*` and how much of the name it has taken.
    let mut star: Option<(usize, usize)> = None;
    while n < name.len() {
        let one = match pattern.get(p) {
            Some('*') => {
                star = Some((p, n));
                p += 1;
                continue;
            }
            Some('?') => Some(p + 1),
            Some('[') => class(&pattern[p..], name[n]).map(|length| p + length),
            Some(c) if *c == name[n] => Some(p + 1),
            _ => None,
        };
        if let Some(next) = one {
            (p, n) = (next, n + 1);
        } else if let Some((at, taken)) = star {
            star = Some((at, taken + 1));
            (p, n) = (at + 1, taken + 1);
        } else {
            return false;
        }
    }
    pattern[p..].iter().all(|c| *c == '*')
}

/// The length of the class `[abc]`, `[a-z]` or `[!abc]` that the pattern begins with,
/// where `c` is in it. Without its end it is a bracket.
fn class(pattern: &[char], c: char) -> Option<usize> {
    let not = pattern.get(1) == Some(&'!');
    let first = if not { 2 } else { 1 };
    let end = pattern.iter().skip(first + 1).position(|c| *c == ']');
    let Some(end) = end.map(|e| e + first + 1) else {
        return (c == '[').then_some(1);
    };
    let inside = &pattern[first..end];
    let mut has = inside.contains(&c);
    for range in inside.windows(3).filter(|w| w[1] == '-') {
        has |= (range[0]..=range[2]).contains(&c);
    }
    (has != not).then_some(end + 1)
}

#[cfg(test)]
mod tests {
    use super::{from_folder, matches};

    #[test]
    fn what_is_no_file_is_not_read() {
        let e = from_folder()(".", "printer.cfg").unwrap_err().to_string();
        assert!(e.contains("no file"), "{e}");
    }

    #[test]
    fn patterns() {
        for (pattern, name, yes) in [
            ("*.cfg", "a.cfg", true),
            ("*.cfg", "a.cfg.bak", false),
            ("a*b*c", "axxbyybc", true),
            ("a*b*c", "axxbyyb", false),
            ("x?.cfg", "x1.cfg", true),
            ("x[0-3].cfg", "x2.cfg", true),
            ("x[!0-3].cfg", "x2.cfg", false),
            ("x[.cfg", "x[.cfg", true),
            ("*", "", true),
            ("", "a", false),
        ] {
            assert_eq!(matches(pattern, name), yes, "{pattern} {name}");
        }
    }
}
