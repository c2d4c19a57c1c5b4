/// What G10 and G11 do where the firmware draws filament back by itself.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Retraction {
    /// Filament drawn back, mm.
    pub length: f64,
    /// How fast it is drawn back, mm/s.
    pub speed: f64,
    /// Filament fed beyond that length when it comes again, mm.
    pub extra: f64,
    /// How fast it comes again, mm/s.
    pub return_speed: f64,
    /// How far the head is lifted meanwhile, mm.
    pub hop: f64,
}

impl Retraction {
    /// Nothing drawn back, at speeds of 20 and 10 mm/s, and no lift: Klipper's defaults.
    pub const NONE: Self = Self {
        length: 0.0,
        speed: 20.0,
        extra: 0.0,
        return_speed: 10.0,
        hop: 0.0,
    };
}
