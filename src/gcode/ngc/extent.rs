//! How far a value reaches, found without computing it.
//!
//! A lexer needs to know where a word ends before anything is known of the
//! parameters. Skimming asks less than evaluating: brackets must close, names
//! must end, and that is all. What has the look of a value but none is given
//! its length all the same, so that evaluating it can say what is wrong and no
//! byte is skimmed twice.

use super::math::Function;
use super::text::{is_blank, keyword, name, peek};
use crate::gcode::number;

/// What a name before `[` stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Named {
    /// A function of one value.
    Function(Function),
    /// `atan[y]/[x]`.
    Atan,
    /// `exists[#<name>]`.
    Exists,
}

const NAMES: [(&[u8], Named); 14] = [
    (b"abs", Named::Function(Function::Abs)),
    (b"acos", Named::Function(Function::Acos)),
    (b"asin", Named::Function(Function::Asin)),
    (b"atan", Named::Atan),
    (b"cos", Named::Function(Function::Cos)),
    (b"exists", Named::Exists),
    (b"exp", Named::Function(Function::Exp)),
    (b"fix", Named::Function(Function::Fix)),
    (b"fup", Named::Function(Function::Fup)),
    (b"ln", Named::Function(Function::Ln)),
    (b"round", Named::Function(Function::Round)),
    (b"sin", Named::Function(Function::Sin)),
    (b"sqrt", Named::Function(Function::Sqrt)),
    (b"tan", Named::Function(Function::Tan)),
];

/// The function named at `at`, and the offset behind its name.
pub(crate) fn function(text: &[u8], at: usize) -> Option<(Named, usize)> {
    NAMES
        .iter()
        .find_map(|(word, named)| Some((*named, keyword(text, at, word)?)))
}

/// How many bytes the value at the start of `text` takes, blanks before it
/// included: a number, `[ .. ]`, `#` with what it points by, or a function, each
/// with any signs before it. `None` when there is none.
///
/// A bracket or a name that is not closed reaches to the end of the text, or to
/// the `;` of a comment.
///
/// # Complexity
/// O(length of the value); no recursion.
pub(crate) fn extent(text: &[u8]) -> Option<usize> {
    let mut at = 0;
    let mut parameter = false;
    while let Some((i, byte)) = peek(text, at) {
        match byte {
            b'+' | b'-' => at = i + 1,
            b'#' => {
                parameter = true;
                at = i + 1;
                if let Some((open, b'<')) = peek(text, at) {
                    return Some(name(text, open).map_or(text.len(), |inside| inside.end + 1));
                }
            }
            b'[' => return Some(brackets(text, i)),
            b'0'..=b'9' | b'.' => {
                if let Some(number) = number::parse(&text[i..], true) {
                    return Some(i + number.used);
                }
                break;
            }
            _ => {
                if let Some(end) = call(text, i) {
                    return Some(end);
                }
                break;
            }
        }
    }
    parameter.then_some(at)
}

/// The end of the call of a function that begins at `at`.
fn call(text: &[u8], at: usize) -> Option<usize> {
    let (named, end) = function(text, at)?;
    let (open, b'[') = peek(text, end)? else {
        return None;
    };
    let end = brackets(text, open);
    if named == Named::Atan
        && let Some((slash, b'/')) = peek(text, end)
        && let Some((open, b'[')) = peek(text, slash + 1)
    {
        return Some(brackets(text, open));
    }
    Some(end)
}

/// The end of the bracket that opens at `open`.
fn brackets(text: &[u8], open: usize) -> usize {
    let mut depth = 0_usize;
    let mut hash = false;
    let mut at = open;
    while let Some(&byte) = text.get(at) {
        match byte {
            b'[' => depth += 1,
            b']' => {
                depth -= 1;
                if depth == 0 {
                    return at + 1;
                }
            }
            b'<' if hash => match name(text, at) {
                Some(inside) => at = inside.end,
                None => return text.len(),
            },
            b'(' => match memchr::memchr(b')', &text[at..]) {
                Some(close) => at += close,
                None => return text.len(),
            },
            b';' => return at,
            _ => {}
        }
        hash = byte == b'#' || (hash && is_blank(byte));
        at += 1;
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_has_its_length() {
        for (value, rest) in [
            ("1.5", "Y2"),
            (" - 1. 5", " Y2"),
            ("--5", ""),
            ("[1+[2*3]]", "Y[3]"),
            (" [ 1 ]", " "),
            ("#1", "#2"),
            ("##2", "=3"),
            ("# < a b >", "x"),
            ("#[1+2]", "="),
            ("#<_ini[sec]name>", "]"),
            ("[#<a]>+1]", "]"),
            ("[# <a]>+1]", "]"),
            ("#sin[30]", "Y"),
            ("-#-1", "Y"),
            ("sin[30]", "Y"),
            ("S i N [30]", "Y"),
            ("atan[1]/[2]", "/[3]"),
            ("atan [1] / [2]", ""),
            ("atan[1]", "Y"),
            ("exists[#<x]>]", "Y"),
            ("[1 (no ] here) 2]", "Y"),
            ("[1", "; ]"),
            ("[[1]", ""),
            ("#<open", ""),
            ("##", "Y"),
        ] {
            let text = format!("{value}{rest}");
            assert_eq!(extent(text.as_bytes()), Some(value.len()), "{text}");
        }
    }

    #[test]
    fn nothing_has_none() {
        for text in [
            "", "  ", "-", "+-", ".", "-.", "X1", "sin 30", "sine[3]", "]", "<a>", "=1", "(1)",
        ] {
            assert_eq!(extent(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn long_values_are_skimmed_in_one_go() {
        for (piece, closing) in [
            ("[", "]"),
            ("#", "1"),
            ("-", "1"),
            ("#[", "]"),
            ("abs[", "]"),
        ] {
            let n = 300_000;
            let text = piece.repeat(n) + &closing.repeat(n);
            assert_eq!(extent(text.as_bytes()), Some(text.len()), "{piece}");
        }
    }
}
