//! The RS274/NGC language: expressions, parameters, and the flow of control.
//!
//! Nothing here knows words, axes or moves. What a line of the language needs of
//! the machine it asks for through `readout::Readout`; what it needs of the
//! program it asks for through `index::Lines`.
//!
//! | module | what it knows |
//! |---|---|
//! | `text` | blanks, case, comments, names |
//! | `fault` | what can be wrong with a value |
//! | `math` | operators and functions |
//! | `extent` | how far a value reaches |
//! | `expr` | what a value is |
//! | `readout` | which parameters show the machine |
//! | `params` | parameters, assignments, the frames of calls |
//! | `oword` | the O-word of a line |
//! | `index` | which O-word belongs to which |
//! | `flow` | which line comes next |
//!
//! Blanks mean nothing and case is folded outside of comments. Everything is
//! bounded: nesting of values by `expr::DEEPEST`, names by their length and
//! number, calls and executed lines by `flow::Limits`; nothing recurses.

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
