//! G-code in and out.
//!
//! [`read`] makes a [`Program`] of any bytes and never fails; [`emit`] writes one
//! back, byte for byte where nothing was changed.

mod arc;
mod block;
#[allow(dead_code)]
mod cycle;
mod emit;
mod encode;
pub mod findings;
mod interpret;
pub mod lex;
mod lower;
mod modal;
pub mod number;
#[allow(dead_code)]
mod polar;
mod read;
mod run;
#[allow(dead_code)]
mod spline;
mod survey;
#[allow(dead_code)]
mod turns;

pub use block::Refusal;
pub use emit::{EmitOptions, emit, encode};
pub use interpret::{Effect, Ignored, Interpreter, Outcome};
pub use modal::{Modal, ModalTable, Motion};
pub use read::{Program, read};
pub use run::{Done, Run};
pub use survey::{Meaning, survey};
