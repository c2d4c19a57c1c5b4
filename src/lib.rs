//! trajet: a toolpath compiler for lab machines.
//!
//! It reads G-code or SVG, lowers it to one toolpath IR, improves that with
//! passes, writes G-code back, and says how long the job takes and what it costs.
//!
//! ```text
//!  bytes ──► gcode | svg ──► Toolpath ──► passes ──► gcode::emit ──► bytes
//!                               │
//!                               └─► motion ─► Estimate ─► + Tariff ─► Quote
//! ```
//!
//! Start with [`job::Job`]:
//!
//! ```
//! use trajet::job::{Job, OpenOptions, OptimizeOptions};
//! use trajet::pass::Objective;
//!
//! let program = b"G21 G90\nM4 S0\nG0 X50 Y50\nG1 X60 F1000 S500\n\
//!                 G0 X0 Y0\nG1 X10\nG0 X65 Y50\nG1 X70\nM5\nG0 X0 Y0\nM2\n";
//! let job = Job::open(program.to_vec(), None, &OpenOptions::default())?;
//! let done = job.optimize(&Objective::Travel, &OptimizeOptions::default())?;
//! let (before, after) = done.summaries();
//! assert!(after.travel_mm < before.travel_mm);
//! # Ok::<(), trajet::Error>(())
//! ```
//!
//! # The layers
//! A file imports only from the rows above its own; a test reads the imports.
//!
//! | row | modules |
//! |---|---|
//! | 1 | [`error`](Error), [`diag`], [`geom`], [`Source`], [`Stream`], [`Lang`] |
//! | 2 | [`par`], [`money`], [`machine`] |
//! | 3 | [`motion`]: what a machine is told, planners |
//! | 4 | [`toolpath`]: the IR, edits, `verify`; [`operations`]: what a drawing means |
//! | 5 | [`algo`]: tours, nesting, graphs, on plain slices |
//! | 6 | [`gcode`], [`svg`], [`pass`] |
//! | 7 | [`estimate`], [`check`]: what the machine would say |
//! | 8 | [`quote`], [`report`], [`retime`], [`calibrate`]: what comes of the times |
//! | 9 | [`job`]: the facade |
//!
//! # Units
//! Lengths are mm, times s, speeds mm/s, accelerations mm/s², all `f64`; money is
//! an integer. Only reading and writing converts.
//!
//! # Errors and diagnostics
//! [`Error`] is for what stops the work. What there is to say about the content
//! of a file is a [`diag::Diagnostic`] with a stable code, and never stops it.

pub mod algo;
pub mod calibrate;
pub mod check;
pub mod diag;
mod error;
pub mod estimate;
pub mod gcode;
pub mod geom;
pub mod job;
mod lang;
pub mod machine;
pub mod money;
pub mod motion;
pub mod operations;
pub mod par;
pub mod pass;
pub mod quote;
pub mod report;
pub mod retime;
mod source;
#[cfg(feature = "svg")]
pub mod svg;
pub mod toolpath;

pub use error::{Error, ErrorKind};
pub use lang::Lang;
pub use source::{InOrder, Lines, Source, Stream};
