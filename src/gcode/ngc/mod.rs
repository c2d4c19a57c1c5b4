//! The RS274/NGC language: expressions, parameters, and the flow of control.
//!
//! | file | what it knows |
//! |---|---|
//! | `text` | blanks, case, names |
//! | `fault` | what can be wrong with a value |
//! | `math` | operators and functions |
//! | `extent` | how far a value reaches |
//! | `expr` | what a value is |
mod expr;
mod extent;
mod fault;
mod flow;
mod index;
mod math;
mod oword;
mod params;
mod readout;
mod text;

pub(crate) use expr::evaluate;
pub(crate) use extent::extent;
pub use fault::FaultKind;
pub use flow::FlowFaultKind;
pub(crate) use flow::{AfterProgram, Flow, FlowFault, Limits};
pub(crate) use index::Lines;
pub(crate) use oword::parse as parse_o_word;
pub(crate) use params::{Parameters, assignment};
pub(crate) use readout::Readout;
