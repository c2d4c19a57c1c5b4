//! What no order of the paths can go below.

mod pen_downs;
mod travel;

pub use pen_downs::pen_down_bound;
pub use travel::travel_bound;
