//! All integration tests, as one binary.
#![allow(clippy::unwrap_used, clippy::float_cmp)] // tests fail by panicking, exact values are meant

mod bounds;
mod calibrating;
mod check;
mod codes;
mod dedupe;
mod drawings;
mod fitting;
mod hostile;
mod house;
mod inputs;
mod layers;
mod machines;
mod meaning;
mod merging;
mod orders;
mod programs;
mod quote_laws;
mod quoting;
mod rasters;
mod retiming;
mod safety;
mod sizes;
mod spending;
mod splitting;
mod starts;
mod support;
mod tour;
mod verify;
mod writing;
