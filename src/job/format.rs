//! Which kind of file it is, told from its first bytes.

use crate::error::{Error, ErrorKind};
use std::io::Read;

/// What a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Format {
    /// A program.
    Gcode,
    /// A drawing.
    Svg,
}

impl Format {
    /// How many bytes of a file are looked at, unless they are all blank.
    pub const HEAD: usize = 4096;

    /// The format of a file that begins with `head`: all of the file, or at least
    /// its first [`Format::HEAD`] bytes and a byte that is no blank.
    ///
    /// ```
    /// use trajet::job::Format;
    ///
    /// assert_eq!(Format::of(b"\n  <svg/>")?, Format::Svg);
    /// assert_eq!(Format::of(b"G21")?, Format::Gcode);
    /// assert!(Format::of(b"\n").is_err());
    /// # Ok::<(), trajet::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`ErrorKind::Unsupported`] for an empty file and for a file of no known
    /// format.
    pub fn of(head: &[u8]) -> Result<Self, Error> {
        if head.iter().all(u8::is_ascii_whitespace) {
            return Err(Error::new(
                ErrorKind::Unsupported,
                "the file is empty; give a G-code or SVG file",
            ));
        }
        if looks_like_xml(head) {
            return Ok(Self::Svg);
        }
        if head.starts_with(&[0x1f, 0x8b]) {
            return Err(Error::new(
                ErrorKind::Unsupported,
                "the file is compressed with gzip (a drawing then is an SVGZ); unpack it first, \
                 for example with `gunzip -c IN.svgz > OUT.svg`",
            ));
        }
        if looks_binary(head) {
            return Err(Error::new(
                ErrorKind::Unsupported,
                "the file is neither G-code nor SVG: it holds binary data; \
                 export it as G-code or SVG first",
            ));
        }
        Ok(Self::Gcode)
    }

    /// The format of what `read` gives, and the bytes that were read for it.
    ///
    /// # Errors
    /// As [`Format::of`]; [`ErrorKind::Unsupported`] also when the first
    /// mebibyte is blank, and [`ErrorKind::Io`] when the reader fails.
    pub fn of_reader<R: Read>(read: &mut R) -> Result<(Self, Vec<u8>), Error> {
        let mut head = Vec::new();
        loop {
            let before = head.len();
            let _ = read
                .by_ref()
                .take(Self::HEAD as u64)
                .read_to_end(&mut head)
                .map_err(|e| Error::new(ErrorKind::Io, format!("cannot be read: {e}")))?;
            let blank = head[before..].trim_ascii_start().is_empty();
            if !blank || head.len() - before < Self::HEAD {
                return Ok((Self::of(&head)?, head));
            }
            if head.len() >= BLANK_LIMIT {
                return Err(Error::new(
                    ErrorKind::Unsupported,
                    format!("the first {BLANK_LIMIT} bytes are blank; give a G-code or SVG file"),
                ));
            }
        }
    }
}

/// How many blank bytes are read in search of the first that tells.
const BLANK_LIMIT: usize = 1 << 20;

/// XML begins with `<`, whatever blanks and marks stand before it.
fn looks_like_xml(bytes: &[u8]) -> bool {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    bytes.trim_ascii_start().first() == Some(&b'<')
        || bytes.starts_with(&[0xff, 0xfe, b'<'])
        || bytes.starts_with(&[0xfe, 0xff, 0, b'<'])
}

/// Text files hold hardly any control bytes.
fn looks_binary(bytes: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(Format::HEAD)];
    let odd = head
        .iter()
        .filter(|b| **b < b' ' && !b.is_ascii_whitespace() || **b == 0x7f)
        .count();
    odd * 20 > head.len()
}

#[cfg(test)]
mod tests {
    use super::Format;
    use std::io::{Read, repeat};

    #[test]
    fn a_reader_is_told_as_the_whole_file_is() {
        let blanks = " \n".repeat(3 * Format::HEAD / 2);
        for text in [
            "",
            " \n",
            "G21",
            "<svg/>",
            "\u{1}\u{2}",
            &format!("{blanks}<svg/>"),
            &format!("{blanks}G21"),
            &format!("G21{}", "\u{1}".repeat(Format::HEAD)),
            &format!("{:4096}\u{1}", "G21"),
            &blanks,
        ] {
            let mut read = text.as_bytes();
            let told = Format::of_reader(&mut read).map(|(format, head)| {
                assert_eq!([&head, read].concat(), text.as_bytes());
                format
            });
            let whole = Format::of(text.as_bytes());
            assert_eq!(told.ok(), whole.ok(), "{text}");
        }
    }

    #[test]
    fn endless_blanks_have_an_end() {
        let mut read = repeat(b' ').chain(&b"G21"[..]);
        let why = Format::of_reader(&mut read).unwrap_err().to_string();
        assert!(why.contains("blank"), "{why}");
    }
}
