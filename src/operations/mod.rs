//! What a drawing means: which operation its colours, layers, classes and ids stand
//! for, and how each operation is run.
//!
//! [`Operations`] is a table of a lab. [`Operations::default`] is the one that is used
//! where none is given: red is cut, blue is scored, black is engraved, and every other
//! colour is cut before the red. With the features `serde` and `svg` it is read from
//! TOML by [`Operations::from_toml`].
//!
//! # The table
//! ```
//! # #[cfg(all(feature = "serde", feature = "svg"))] {
//! # use trajet::operations::Operations;
//! let operations = Operations::from_toml(r##"
//! unmapped = "skip"            # or "cut", the default, or "error"
//!
//! [colors]                     # of strokes and fills; any colour of CSS
//! red = "cut"
//! "#0000ff" = "score"
//! [strokes]                    # of strokes only …
//! "rgb(0, 128, 0)" = "ignore"  # never run
//! [fills]                      # … and of fills only
//! black = "engrave"
//! [layers]                     # the label of a layer, or its id without one
//! "Gravure" = "engrave"
//! [classes]                    # a class of the element, or of one around it
//! fold = "score"
//! [ids]                        # its id, or that of one around it
//! frame = "cut"
//!
//! [operations.engrave]         # the order here is the order of work
//! feed_mm_min = 3000
//! power_percent = 30           # of the machine's greatest; or `power`, an S value
//! fill = { spacing_mm = 0.1, angle_deg = 45 }  # hatch areas; also: bidirectional
//! [operations.score]
//! feed_mm_min = 1200
//! power = 200
//! mode = "constant"            # M3; "dynamic" is M4
//! [operations.cut]
//! feed_mm_min = 400
//! power_percent = 100
//! passes = 2                   # all of it, then all of it again
//! # skip = true                # leave it out this time
//! "##)?;
//! assert_eq!(operations.list.len(), 3);
//! # }
//! # Ok::<(), trajet::Error>(())
//! ```
//! The element itself, and then the groups, layers and `use` around it, the nearest
//! first, are asked for a rule by id, class or layer, in this order. Where none has one,
//! the colour of the stroke or fill decides, and then that of either. A layer inside of
//! another so follows the rule of the outer one unless it has its own. Colours are
//! compared by their red, green and blue, exactly. Names of layers that Illustrator
//! turned into ids are found: `Gravure` is `Gravure_1_` too, `Pièce 2` is `Pi_xE8_ce_2`.
//! Names that nothing in the drawing has are reported. `order`, a list of all names under
//! `operations`, gives another order of work.
//!
//! `cut`, `score`, `engrave` and `ignore` need no table of their own; without one they
//! are run with what is given elsewhere, `engrave` and `score` before all others and
//! `cut` after them. Colours that are not mapped come right before `cut`.
//!
//! The edge of a fill is not followed where a stroke on it is run; an operation with
//! `fill` hatches areas whatever their stroke is, and follows its strokes.
//!
//! # Words
//! - *hatch*: parallel lines that fill an area.
//! - *pass*: one run of everything that belongs to an operation.

#[cfg(all(feature = "serde", feature = "svg"))]
mod load;
mod planned;
mod table;

pub use planned::{Cut, Planned};
pub use table::{CUT, ENGRAVE, Hatch, IGNORE, Operation, Operations, Power, SCORE, Unmapped};
