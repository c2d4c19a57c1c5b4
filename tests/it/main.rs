//! All integration tests, as one binary.

mod house;
mod layers;
mod quote_laws;
mod safety;
mod support;
