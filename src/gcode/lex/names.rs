//! Lines that begin with a name rather than with a letter and a number.

/// Whether a line begins with a word of RepRapFirmware's own language.
pub(super) fn is_meta(line: &[u8]) -> bool {
    const WORDS: [&[u8]; 12] = [
        b"if",
        b"elif",
        b"else",
        b"while",
        b"break",
        b"continue",
        b"abort",
        b"var",
        b"global",
        b"set",
        b"echo",
        b"skip",
    ];
    let inside = |b: &u8| b.is_ascii_alphanumeric() || *b == b'_';
    let end = line.iter().position(|b| !inside(b));
    let word = &line[..end.unwrap_or(line.len())];
    WORDS.iter().any(|w| w.eq_ignore_ascii_case(word))
}

/// Whether this begins a condition, a loop or a jump of macro B.
pub(super) fn is_macro_b(input: &[u8]) -> bool {
    const WORDS: [&[u8]; 5] = [b"IF", b"WHILE", b"DO", b"END", b"GOTO"];
    WORDS.iter().any(|w| {
        let behind = input.get(w.len()..).unwrap_or_default();
        let value = behind.iter().find(|b| **b != b' ' && **b != b'\t');
        input.len() > w.len()
            && input[..w.len()].eq_ignore_ascii_case(w)
            && matches!(value, Some(b'[' | b'#' | b'0'..=b'9'))
    })
}

/// Whether a line begins with a name: two letters or more, where a command has
/// one letter and a number.
pub(super) fn is_name(line: &[u8]) -> bool {
    let named = |b: &u8| b.is_ascii_alphabetic() || *b == b'_';
    line.iter().take(2).filter(|b| named(b)).count() == 2
}
