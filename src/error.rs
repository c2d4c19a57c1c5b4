//! What stops the work. Findings about content are [`crate::diag`] instead.

use thiserror::Error as ThisError;

/// An error of trajet, with a stable [`ErrorKind`].
#[derive(Debug, ThisError)]
#[error("{message}")]
pub struct Error {
    kind: ErrorKind,
    message: String,
}

/// What kind of thing went wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// An option or a setting has a value that cannot be used.
    InvalidConfig,
    /// The input could not be read to its end.
    Io,
    /// The document is not well formed where it has to be (XML, TOML).
    Malformed,
    /// The input is larger or deeper than the configured limit.
    Limit,
    /// The input holds nothing to work on, or is of no known format.
    Unsupported,
    /// A result did not pass its own check; nothing was written.
    Verification,
}

impl Error {
    /// An error of `kind` with a message that says what happened, where, and what to do.
    #[must_use]
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
        }
    }

    /// What kind of thing went wrong.
    #[must_use]
    pub const fn kind(&self) -> ErrorKind {
        self.kind
    }
}

/// Checks that a tolerance or length option is a finite number of mm above 0.
///
/// # Errors
/// [`ErrorKind::InvalidConfig`] that names the option.
pub(crate) fn positive_mm(name: &str, value: f64) -> Result<f64, Error> {
    if value.is_finite() && value > 0.0 {
        Ok(value)
    } else {
        Err(Error::new(
            ErrorKind::InvalidConfig,
            format!("{name} must be a finite number of millimetres above 0, not {value}"),
        ))
    }
}

/// The most characters of a value that a message repeats.
const SHOWN: usize = 60;

/// A value as a message shows it: its beginning, without what a terminal would obey.
pub(crate) fn shown(value: &str) -> String {
    match value.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}...", value[..end].escape_debug()),
        None => value.escape_debug().to_string(),
    }
}
