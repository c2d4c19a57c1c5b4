//! All integration tests, as one binary.

mod house;
mod layers;
mod safety;
mod support;
