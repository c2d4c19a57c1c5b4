//! Which bytes of a line a lexed line accounts for, found without the lexer.

use trajet::gcode::dialect::{Blanks, Checksum, Delete, Lexis};
use trajet::gcode::lex::{FaultKind, Form, Kind, Line};
use trajet::gcode::number;

/// The first byte that is part of no word, blank, comment, text or fault.
pub(super) fn uncovered(text: &[u8], line: &Line, lexis: &Lexis) -> Option<usize> {
    let mut seen = vec![false; text.len()];
    let mut mark = |from: usize, to: usize| {
        let to = to.min(text.len());
        seen[from.min(to)..to].fill(true);
    };
    let control = |b: u8| b < b' ' || b == 0x7f;
    let blank = |b: u8| b" \t\r\n".contains(&b) || lexis.controls && control(b);
    for (i, b) in text.iter().enumerate() {
        if blank(*b) {
            mark(i, i + 1);
        }
    }
    if text.starts_with(b"\xef\xbb\xbf") {
        mark(0, 3);
    }
    if line.deleted
        && let Some(at) = text.iter().position(|b| *b == b'/')
    {
        let switch = matches!(text.get(at + 1), Some(b'1'..=b'9'));
        mark(
            at,
            at + 1 + usize::from(switch && lexis.delete == Delete::Numbered),
        );
    }
    if !matches!(line.kind, Kind::Blank | Kind::Block) {
        mark(0, text.len());
    }
    if let Some(at) = line.text {
        mark(at as usize, text.len());
    }
    for w in &line.words {
        let at = w.at as usize;
        let start = at + usize::from(w.letter != b'#');
        let end = match w.form {
            Form::Integer | Form::Decimal => number_end(text, start, lexis),
            Form::Opaque => opaque_end(text, start),
            Form::Expression if w.letter == b'#' => {
                let target = value_end(text, start);
                let equal = skip(text, target);
                match text.get(equal) {
                    Some(b'=') => value_end(text, equal + 1),
                    _ => target,
                }
            }
            Form::Expression => value_end(text, start),
        };
        // A tick stands before a lower-case axis.
        mark(at - usize::from(w.letter.is_ascii_lowercase()), end);
    }
    for f in &line.faults {
        let at = f.at as usize;
        match f.kind {
            // A tick stands before a lower-case axis.
            FaultKind::NoNumber if at > 0 && lexis.meta && text[at - 1] == b'\'' => {
                mark(at - 1, at + 1)
            }
            FaultKind::NoNumber => mark(at, at + 1),
            FaultKind::StrayByte if text[at] == b'"' && lexis.quotes => {
                mark(at, opaque_end(text, at));
            }
            FaultKind::StrayByte => mark(at, at + 1),
            FaultKind::RealTime => mark(at, at + 1),
            FaultKind::MaybeComment => {}
            _ => mark(at, text.len()),
        }
    }
    // Past the most faults a line is not looked at any closer.
    let end = match line.faults.get(Line::MOST_FAULTS - 1) {
        Some(last) => last.at as usize,
        None => text.len(),
    };
    let mut at = 0;
    while at < end {
        match text[at] {
            _ if seen[at] => at += 1,
            b';' if line.comment => return None,
            b'(' if line.comment => {
                at += text[at..]
                    .iter()
                    .position(|b| *b == b')')
                    .unwrap_or(text.len())
                    + 1;
            }
            // A checksum that fits.
            b'*' if lexis.checksum != Checksum::None => {
                at += 1 + number::parse(&text[at + 1..], false).map_or(0, |n| n.used);
            }
            // Taken out of the stream together with those before them.
            b'!' | b'~' | b'?' | 0x18 | 0x80.. if lexis.real_time && at > 0 && seen[at - 1] => {
                seen[at] = true;
            }
            b'/' if lexis.delete == Delete::Anywhere => at += 1,
            _ => return Some(at),
        }
    }
    None
}

fn skip(text: &[u8], mut at: usize) -> usize {
    while text.get(at).is_some_and(|b| matches!(b, b' ' | b'\t')) {
        at += 1;
    }
    at
}

fn number_end(text: &[u8], start: usize, lexis: &Lexis) -> usize {
    let anywhere = lexis.blanks == Blanks::Anywhere;
    let start = if lexis.blanks == Blanks::Nowhere {
        start
    } else {
        skip(text, start)
    };
    start + number::parse(&text[start..], anywhere).unwrap().used
}

/// A text in quotation marks or braces, or a list.
fn opaque_end(text: &[u8], start: usize) -> usize {
    let start = skip(text, start);
    let behind = |close: u8| {
        let end = text[start + 1..].iter().position(|b| *b == close);
        end.map_or(text.len(), |end| start + end + 2)
    };
    match text.get(start) {
        Some(b'"') => {
            let end = behind(b'"');
            if text.get(end) == Some(&b'"') {
                opaque_end(text, end)
            } else {
                end
            }
        }
        Some(b'{') => behind(b'}'),
        _ => {
            let inside = |b: &u8| matches!(b, b'0'..=b'9' | b'.' | b':' | b'+' | b'-');
            let end = text[start..].iter().position(|b| !inside(b));
            start + end.unwrap_or(text.len() - start)
        }
    }
}

/// A value of RS274: signs, `#`, then a number, a name, brackets or a function.
fn value_end(text: &[u8], start: usize) -> usize {
    let mut at = start;
    loop {
        at = skip(text, at);
        match text.get(at) {
            Some(b'+' | b'-' | b'#') => at += 1,
            Some(b'<') => {
                let end = text[at..].iter().position(|b| *b == b'>');
                return end.map_or(text.len(), |end| at + end + 1);
            }
            Some(b'[') => return bracket_end(text, at),
            Some(b'a'..=b'z' | b'A'..=b'Z') => {
                let inside = |b: &u8| b.is_ascii_alphabetic() || matches!(b, b' ' | b'\t');
                let name = text[at..].iter().position(|b| !inside(b));
                let open = at + name.unwrap_or(text.len() - at);
                let end = bracket_end(text, open);
                let slash = skip(text, end);
                let atan = text[at..].to_ascii_lowercase().starts_with(b"atan");
                return match text.get(slash) {
                    Some(b'/') if atan => bracket_end(text, skip(text, slash + 1)),
                    _ => end,
                };
            }
            _ => return number::parse(&text[at..], true).map_or(at, |n| at + n.used),
        }
    }
}

/// Behind the bracket that closes the one at `open`; names and comments in it may
/// hold brackets.
fn bracket_end(text: &[u8], open: usize) -> usize {
    let (mut depth, mut at, mut hash) = (0, open, false);
    while let Some(b) = text.get(at) {
        let close = match b {
            b'<' if hash => b'>',
            b'(' => b')',
            _ => 0,
        };
        if close > 0 {
            let end = text[at..].iter().position(|b| *b == close);
            at += end.unwrap_or(text.len());
        }
        match b {
            b'[' => depth += 1,
            b']' if depth == 1 => return at + 1,
            b']' => depth -= 1,
            b';' => return at,
            _ => {}
        }
        hash = *b == b'#' || hash && matches!(b, b' ' | b'\t' | b'\r' | b'\n');
        at += 1;
    }
    text.len()
}
