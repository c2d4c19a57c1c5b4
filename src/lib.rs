//! trajet: a toolpath compiler for lab machines.

pub mod diag;
pub mod error;
pub mod estimate;
pub mod geom;
pub mod motion;
pub mod par;
mod source;
#[cfg(feature = "svg")]
pub mod svg;

pub use error::{Error, ErrorKind};
pub use source::Source;
