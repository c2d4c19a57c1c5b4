//! Bytes to text.

use crate::error::{Error, ErrorKind};
use std::borrow::Cow;

/// The text of a file in UTF-8, or UTF-16 with a byte order mark.
pub(super) fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, Error> {
    match bytes {
        [0xEF, 0xBB, 0xBF, rest @ ..] => utf8(rest),
        [0xFF, 0xFE, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xFE, 0xFF, rest @ ..] => utf16(rest, u16::from_be_bytes),
        [0x1F, 0x8B, ..] => Err(Error::new(
            ErrorKind::Unsupported,
            "the drawing is compressed (SVGZ); unpack it first, for example with gunzip",
        )),
        _ => utf8(bytes),
    }
}

fn utf8(bytes: &[u8]) -> Result<Cow<'_, str>, Error> {
    std::str::from_utf8(bytes).map(Cow::Borrowed).map_err(|e| {
        let before = &bytes[..e.valid_up_to()];
        let line = 1 + before.iter().filter(|b| **b == b'\n').count();
        let column = 1 + before.iter().rev().take_while(|b| **b != b'\n').count();
        malformed(format!(
            "{line}:{column}: the drawing is not UTF-8 text; save it again as plain SVG in UTF-8"
        ))
    })
}

fn utf16(bytes: &[u8], read: fn([u8; 2]) -> u16) -> Result<Cow<'_, str>, Error> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let text = char::decode_utf16(pairs.iter().map(|p| read(*p))).collect::<Result<String, _>>();
    match text {
        Ok(text) if rest.is_empty() => Ok(Cow::Owned(text)),
        _ => Err(malformed(
            "the drawing is marked as UTF-16 but is broken; save it again in UTF-8".to_owned(),
        )),
    }
}

fn malformed(message: String) -> Error {
    Error::new(ErrorKind::Malformed, message)
}
