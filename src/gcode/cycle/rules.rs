//! What differs between controls in canned cycles.

/// How a control reads and runs canned cycles.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Rules {
    /// The word of the repeats: L, or Fanuc's K.
    pub(crate) repeats: u8,
    /// No repeats (L0, K0) keep the words for later lines and move nothing; else
    /// they are a fault.
    pub(crate) may_skip: bool,
    /// Words given for one cycle serve the next kind of cycle too, until G80.
    pub(crate) words_shared: bool,
    /// P may be left out where there is a dwell; there is none then.
    pub(crate) dwell_optional: bool,
    /// The sign of Q is ignored; else it must be above 0.
    pub(crate) peck_unsigned: bool,
    /// G73 and G83 take I, J and K in place of Q: the first cut, what each next one
    /// is less, and the least cut.
    pub(crate) pecks_shrink: bool,
    /// How far G73 backs off to break the chip, mm.
    pub(crate) chip_break: f64,
    /// How far above the last depth G83's way back down ends, mm.
    pub(crate) peck_back: f64,
    /// G74, G84 and G89 feed out to R and go on from there by a rapid; else they
    /// feed all the way.
    pub(crate) feed_to_r: bool,
    /// G88 goes up by a rapid once the operator lets it go on; else the program goes
    /// on as if the operator had brought the tool up.
    pub(crate) manual_rises: bool,
    /// Tapping and boring need a spindle that turns, and the right way.
    pub(crate) spindle_checked: bool,
    /// G87 is the back bore with I, J and K; else it is unknown here.
    pub(crate) back_bore: bool,
}

impl Rules {
    /// LinuxCNC 2.9, as its interpreter does it. Both peck distances are 0.010 inch.
    pub(crate) const LINUXCNC: Self = Self {
        repeats: b'L',
        may_skip: false,
        words_shared: false,
        dwell_optional: false,
        peck_unsigned: false,
        pecks_shrink: false,
        chip_break: 0.254,
        peck_back: 0.254,
        feed_to_r: false,
        manual_rises: false,
        spindle_checked: true,
        back_bore: true,
    };

    /// Fanuc 16i to 30i. The peck distances are parameters 5114 and 5115 of the
    /// machine; 1 mm is assumed. Fanuc's G87 has another geometry and needs a
    /// parameter for its direction.
    pub(crate) const FANUC: Self = Self {
        repeats: b'K',
        may_skip: true,
        words_shared: true,
        dwell_optional: true,
        peck_unsigned: true,
        pecks_shrink: false,
        chip_break: 1.0,
        peck_back: 1.0,
        feed_to_r: true,
        manual_rises: true,
        spindle_checked: false,
        back_bore: false,
    };

    /// Haas mills. The peck distance is setting 22 of the machine; 0.050 inch is
    /// assumed.
    pub(crate) const HAAS: Self = Self {
        repeats: b'L',
        pecks_shrink: true,
        chip_break: 1.27,
        peck_back: 1.27,
        ..Self::FANUC
    };
}
