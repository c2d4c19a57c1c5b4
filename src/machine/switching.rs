/// How long a controller waits by itself after it has switched something, s. 0 is not
/// at all.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Switching {
    /// After the spindle is switched on or turns the other way (grblHAL, `$394`).
    pub spindle_on: f64,
    /// After the spindle is switched off (grblHAL, `$539`).
    pub spindle_off: f64,
    /// After coolant is switched while any is on (grblHAL, `$673`).
    pub coolant_on: f64,
}
