//! G-code in and out, in every dialect.
//!
//! [`read`] makes a [`Program`] of any bytes and never fails; [`emit`] writes one
//! back, byte for byte where nothing was changed.
//!
//! ```text
//!  bytes ─► lex ─► words ─► interpret ─► motion::Command ─► read ─► Toolpath ─► emit
//!            ▲                ▲   ▲                          │                    │
//!            └─── dialect ────┘   run, ngc: which line next   └► findings   write ◄┘
//! ```
//!
//! A [`Dialect`] is the table that the lexer and the interpreter look things up in.
//! A [`Run`] takes a program line by line, where loops and calls lead it; the IR, the
//! estimate and the checks all stand on one. What a line comes to (arcs, cycles,
//! splines, threads) is worked out in a module each, on plain data.
//!
//! # Limits
//! Subroutines stand in the same file. Conditions and loops of RepRapFirmware and of
//! macro B are kept, not followed. Only controllers of the RS274 family are written
//! anew ([`dialect::Grammar::rewrites`]); of prints, lines that lay filament, which keep
//! their order.

mod arc;
mod block;
mod contour;
mod cycle;
pub mod dialect;
mod emit;
pub mod findings;
mod interpret;
pub mod lex;
mod lower;
mod modal;
mod ngc;
pub mod number;
mod polar;
mod read;
mod run;
mod spline;
mod survey;
mod turns;
mod write;

pub use block::Refusal;
pub use dialect::{Detected, Dialect};
pub use emit::{EmitOptions, emit, encode};
pub use interpret::{Effect, Ignored, Interpreter, Notice, Outcome, Then};
pub use modal::{Cutter, FeedMode, Modal, ModalTable, Motion};
pub use ngc::{FaultKind as ValueFault, FlowFaultKind};
pub use read::{Program, read};
pub use run::{Done, Reading, Run, RunLimits};
pub use survey::{Meaning, survey};
pub(crate) use write::without_number;
