//! G-code in and out.
//!
//! [`read`] makes a [`Program`] of any bytes and never fails; [`emit`] writes one
//! back, byte for byte where nothing was changed.

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
