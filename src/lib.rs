//! trajet: a toolpath compiler for lab machines.

pub mod algo;
pub mod diag;
pub mod error;
pub mod estimate;
pub mod gcode;
pub mod geom;
pub mod job;
pub mod machine;
pub mod money;
pub mod motion;
pub mod par;
pub mod pass;
mod source;
#[cfg(feature = "svg")]
pub mod svg;

pub mod quote;
pub mod report;
pub mod toolpath;

pub use error::{Error, ErrorKind};
pub use source::Source;
