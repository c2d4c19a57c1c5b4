//! Inputs made to exhaust a reader.
