//! Parameters that show the state of the machine instead of a stored value.
//!
//! They change without being assigned to, so no copy of them is kept: the
//! interpreter is asked when one is read. Two sorts matter to whoever moves lines
//! about: those that the lines before decide alone (modes, offsets, tool) and
//! those that also depend on where the machine is (position, probe, input).

/// What reading a parameter depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Volatile {
    /// Modes, offsets and the tool.
    State,
    /// Where the machine is, or what it sensed.
    Machine,
}

/// The interpreter, as far as parameters show it.
pub(crate) trait Readout {
    /// A parameter for which [`volatile_number`] has an answer, in the units of
    /// the program. `None`: what was last assigned counts (0 at first).
    fn numbered(&self, index: u32) -> Option<f64>;

    /// A predefined name (see [`predefined`]), or one of the forms
    /// `_ini[section]name` and `_hal[pin]`; without blanks, in lower case.
    /// `None`: there is no such parameter.
    fn named(&self, name: &[u8]) -> Option<f64>;
}

/// What the numbered parameter depends on; `None` for a stored value.
pub(crate) const fn volatile_number(index: u32) -> Option<Volatile> {
    match index {
        // Absolute position; probe result; input (M66); relative position.
        5021..=5029 | 5061..=5070 | 5399 | 5420..=5428 => Some(Volatile::Machine),
        // Applied tool offset; homes; G92 and G52; the coordinate systems; tool.
        5081..=5089
        | 5161..=5169
        | 5181..=5189
        | 5210..=5230
        | 5241..=5250
        | 5261..=5270
        | 5281..=5290
        | 5301..=5310
        | 5321..=5330
        | 5341..=5350
        | 5361..=5370
        | 5381..=5390
        | 5400..=5413 => Some(Volatile::State),
        _ => None,
    }
}

/// Whether a program may not assign to the numbered parameter: positions and
/// the tool's data. (Offsets and homes may be written; they count when the
/// machine next reads them.)
pub(crate) const fn is_read_only(index: u32) -> bool {
    matches!(index, 5021..=5029 | 5400..=5413 | 5420..=5428)
}

/// What the predefined name depends on; `None` for a name that the program
/// makes. Programs cannot assign to these.
pub(crate) fn predefined(name: &[u8]) -> Option<Volatile> {
    if let Ok(i) = PREDEFINED.binary_search_by_key(&name, |(known, _)| known) {
        return Some(PREDEFINED[i].1);
    }
    let outside = name.starts_with(b"_ini[") || name.starts_with(b"_hal[");
    outside.then_some(Volatile::State)
}

const S: Volatile = Volatile::State;
const M: Volatile = Volatile::Machine;

/// LinuxCNC's predefined named parameters, sorted.
const PREDEFINED: [(&[u8], Volatile); 59] = [
    (b"_a", M),
    (b"_abs_a", M),
    (b"_abs_b", M),
    (b"_abs_c", M),
    (b"_abs_u", M),
    (b"_abs_v", M),
    (b"_abs_w", M),
    (b"_abs_x", M),
    (b"_abs_y", M),
    (b"_abs_z", M),
    (b"_absolute", S),
    (b"_adaptive_feed", S),
    (b"_b", M),
    (b"_c", M),
    (b"_call_level", S),
    (b"_ccomp", S),
    (b"_coord_system", S),
    (b"_current_pocket", S),
    (b"_current_tool", S),
    (b"_feed", S),
    (b"_feed_hold", S),
    (b"_feed_override", S),
    (b"_flood", S),
    (b"_ijk_absolute_mode", S),
    (b"_imperial", S),
    (b"_incremental", S),
    (b"_inverse_time", S),
    (b"_lathe_diameter_mode", S),
    (b"_lathe_radius_mode", S),
    (b"_line", S),
    (b"_metric", S),
    (b"_mist", S),
    (b"_motion_mode", S),
    (b"_plane", S),
    (b"_remap_level", S),
    (b"_retract_old_z", S),
    (b"_retract_r_plane", S),
    (b"_rpm", S),
    (b"_selected_pocket", S),
    (b"_selected_tool", S),
    (b"_speed_override", S),
    (b"_spindle_css_mode", S),
    (b"_spindle_cw", S),
    (b"_spindle_on", S),
    (b"_spindle_rpm_mode", S),
    (b"_task", S),
    (b"_tool_offset", S),
    (b"_u", M),
    (b"_units_per_minute", S),
    (b"_units_per_rev", S),
    (b"_v", M),
    (b"_value", S),
    (b"_value_returned", S),
    (b"_vmajor", S),
    (b"_vminor", S),
    (b"_w", M),
    (b"_x", M),
    (b"_y", M),
    (b"_z", M),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_names_are_sorted() {
        assert!(PREDEFINED.windows(2).all(|pair| pair[0].0 < pair[1].0));
        for (name, sort) in PREDEFINED {
            assert_eq!(predefined(name), Some(sort));
        }
        assert_eq!(predefined(b"_ini[axis_x]max"), Some(Volatile::State));
        assert_eq!(predefined(b"_mine"), None);
        assert_eq!(predefined(b"x"), None);
    }

    #[test]
    fn what_cannot_be_written_is_never_a_stored_value() {
        for index in 1..=super::super::expr::LAST_NUMBER {
            if is_read_only(index) {
                assert!(volatile_number(index).is_some(), "{index}");
            }
        }
        assert_eq!(volatile_number(5421), Some(Volatile::Machine));
        assert_eq!(volatile_number(5221), Some(Volatile::State));
        assert_eq!(volatile_number(5020), None);
        assert!(!is_read_only(5221) && !is_read_only(5399));
    }
}
