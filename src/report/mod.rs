//! What a person looks at: maps of a job before and after.

mod map;
mod path_data;
mod trace;

pub use map::{MapOptions, map};
pub use trace::Trace;
