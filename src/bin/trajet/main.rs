//! The program `trajet`.
fn main() {}
