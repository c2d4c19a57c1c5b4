//! One line of a file as a terminal can show it, with the place of a caret.
//!
//! Bytes that are no UTF-8, and characters that a terminal would obey rather than
//! show, have stand-ins; a long line is cut around the caret.

use unicode_width::UnicodeWidthChar;

/// Columns that a tab takes, wherever it stands.
const TAB: usize = 4;

/// Stands for what was cut off.
const CUT: &str = "...";

/// What is shown of a line.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Excerpt {
    /// The text, without its line end.
    pub(super) text: String,
    /// Columns before the caret.
    pub(super) caret: usize,
}

/// What to show of `line` for a caret under byte `at` (from 0), in no more than
/// `width` columns or so.
///
/// # Complexity
/// O(width), however long the line is.
pub(super) fn excerpt(line: &[u8], at: usize, width: usize) -> Excerpt {
    let width = width.max(4 * CUT.len());
    let end = line
        .iter()
        .rposition(|b| !matches!(b, b'\n' | b'\r'))
        .map_or(0, |i| i + 1);
    let line = &line[..end];
    let at = at.min(line.len());
    // No character has more than four bytes.
    let from = boundary(line, at.saturating_sub(4 * width));
    let to = boundary(line, (at + 4 * width).min(line.len()));
    let (cells, caret) = cells(&line[from..to], at - from);
    let (text, caret) = cut(&cells, caret, width, from > 0, to < line.len());
    Excerpt { text, caret }
}

/// Text without anything that a terminal would obey.
pub(super) fn plain(text: &str) -> String {
    text.chars().map(stand_in).collect()
}

/// The start of the character that holds byte `at`.
fn boundary(line: &[u8], at: usize) -> usize {
    let back = (0..4.min(at + 1)).find(|k| line.get(at - k).is_none_or(|b| b & 0xc0 != 0x80));
    at - back.unwrap_or(0)
}

/// A character and the columns that it takes.
type Cell = (char, usize);

/// The characters of `bytes`, and which of them holds byte `at`.
fn cells(bytes: &[u8], at: usize) -> (Vec<Cell>, usize) {
    let mut out: Vec<Cell> = Vec::new();
    let mut caret = None;
    let mut offset = 0;
    for chunk in bytes.utf8_chunks() {
        for c in chunk.valid().chars() {
            offset += c.len_utf8();
            if offset > at && caret.is_none() {
                caret = Some(out.len());
            }
            if c == '\t' {
                out.extend([(' ', 1); TAB]);
            } else {
                let shown = stand_in(c);
                out.push((shown, shown.width().unwrap_or(0)));
            }
        }
        offset += chunk.invalid().len();
        if offset > at && caret.is_none() {
            caret = Some(out.len());
        }
        if !chunk.invalid().is_empty() {
            out.push((char::REPLACEMENT_CHARACTER, 1));
        }
    }
    let caret = caret.unwrap_or(out.len());
    (out, caret)
}

/// What is shown for a character that a terminal would obey.
fn stand_in(c: char) -> char {
    match c {
        '\0'..='\x1f' => char::from_u32(0x2400 + u32::from(c)).unwrap_or(' '),
        '\x7f' => '\u{2421}',
        // Further controls, and marks that turn the direction of text around.
        '\u{80}'..='\u{9f}'
        | '\u{200e}'
        | '\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2066}'..='\u{2069}' => char::REPLACEMENT_CHARACTER,
        c => c,
    }
}

/// The part of `cells` around the caret that fits, with marks where it was cut.
fn cut(
    cells: &[Cell],
    caret: usize,
    width: usize,
    more_before: bool,
    more_after: bool,
) -> (String, usize) {
    let columns = |cells: &[Cell]| cells.iter().map(|c| c.1).sum::<usize>();
    let before = columns(&cells[..caret]);
    let whole = !more_before && !more_after && columns(cells) <= width;
    let mut first = 0;
    if !whole && (more_before || before + CUT.len() >= width) {
        // The caret stands in the middle of what is shown.
        let mut room = width / 2 - CUT.len();
        first = caret;
        while first > 0 && cells[first - 1].1 <= room {
            first -= 1;
            room -= cells[first].1;
        }
    }
    let cut_before = more_before || first > 0;
    let mut text = String::new();
    if cut_before {
        text.push_str(CUT);
    }
    let mut room = width - text.len();
    if !whole {
        room -= CUT.len();
    }
    let mut last = first;
    while last < cells.len() && cells[last].1 <= room {
        room -= cells[last].1;
        last += 1;
    }
    text.extend(cells[first..last].iter().map(|c| c.0));
    if more_after || last < cells.len() {
        text.push_str(CUT);
    }
    let lead = if cut_before { CUT.len() } else { 0 };
    (text, lead + columns(&cells[first..caret]))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The text, and the character over the caret.
    fn show(line: &[u8], at: usize, width: usize) -> (String, Option<char>) {
        let e = excerpt(line, at, width);
        let mut column = 0;
        let over = e.text.chars().find(|c| {
            let here = column;
            column += c.width().unwrap_or(0);
            here >= e.caret && c.width() != Some(0)
        });
        (e.text, over)
    }

    #[test]
    fn carets_stand_under_their_byte() {
        for (line, at, text, over) in [
            (b"G1 X1\r\n" as &[u8], 3, "G1 X1", Some('X')),
            (b"G1 X1\r\n", 99, "G1 X1", None),
            (b"", 0, "", None),
            (b"\tG1\tX1", 4, "    G1    X1", Some('X')),
            ("(é) X1".as_bytes(), 5, "(é) X1", Some('X')),
            ("(漢字) X1".as_bytes(), 9, "(漢字) X1", Some('X')),
            (b"(\xe9\xff) X1", 5, "(\u{fffd}\u{fffd}) X1", Some('X')),
            (
                b"(\xe9\xff) X1",
                2,
                "(\u{fffd}\u{fffd}) X1",
                Some('\u{fffd}'),
            ),
            (b"\x1b[2J X1", 5, "\u{241b}[2J X1", Some('X')),
            ("\u{202e}X1".as_bytes(), 3, "\u{fffd}X1", Some('X')),
        ] {
            let got = show(line, at, 80);
            assert_eq!(got, (text.to_owned(), over), "{text}");
        }
    }

    #[test]
    fn long_lines_are_cut_around_the_caret() {
        let line = format!("{}X{}", "1234567890".repeat(1000), "abc".repeat(1000));
        for width in [12, 13, 40, 80] {
            for at in [
                0, 5, 11, 12, 5000, 9_999, 10_000, 10_001, 12_990, 12_999, 13_001,
            ] {
                let e = excerpt(line.as_bytes(), at, width);
                assert!(e.text.chars().count() <= width, "{width} {at} {}", e.text);
                let byte = line.as_bytes().get(at).map(|b| *b as char);
                assert_eq!(e.text.chars().nth(e.caret), byte, "{width} {at}");
            }
        }
        assert_eq!(
            excerpt(line.as_bytes(), 10_000, 20).text,
            "...4567890Xabcabc..."
        );
        let wide = "漢".repeat(5000);
        let e = excerpt(wide.as_bytes(), 3 * 2500 + 1, 41);
        assert!(
            e.text.starts_with("...漢") && e.text.ends_with("漢..."),
            "{}",
            e.text
        );
    }

    #[test]
    fn a_line_that_just_fits_is_whole() {
        let line = "x".repeat(40);
        for at in [0, 20, 39] {
            assert_eq!(excerpt(line.as_bytes(), at, 40).text, line);
            assert!(excerpt(line.as_bytes(), at, 39).text.len() <= 39);
        }
    }

    #[test]
    fn any_bytes_and_any_place_can_be_shown() {
        for seed in 0..2000_u32 {
            let line: Vec<u8> = (0..seed % 97)
                .map(|i| {
                    (seed
                        .wrapping_mul(2_654_435_761)
                        .wrapping_add(i * i * 40_503)
                        >> 13) as u8
                })
                .collect();
            for at in 0..line.len() + 2 {
                let e = excerpt(&line, at, 12 + (seed % 50) as usize);
                assert!(!e.text.contains(['\n', '\r', '\u{1b}']));
            }
        }
    }
}
