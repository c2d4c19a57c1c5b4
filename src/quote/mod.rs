//! What a job costs: machine minutes and sheet material by a lab's tariff.
//!
//! A [`Tariff`] is read from TOML (feature `serde`), [`quote`] makes a [`Quote`]
//! of it and of what jobs use, and [`render`] writes that in English or French as
//! text, JSON, CSV or a page to print.
//!
//! # The tariff
//! ```
//! # #[cfg(feature = "serde")] {
//! # use trajet::quote::{Request, Tariff, quote};
//! let tariff = Tariff::from_toml(r#"
//! currency = "EUR"
//!
//! [machine]
//! rate = 0.50                  # the price of one unit of time
//! per = "minute"               # or "hour", or "slice"
//! ## slice_minutes = 30         # only with per = "slice": started slices count whole
//! step_minutes = 1             # billed time is rounded up to this; default 0.1
//! before_minutes = 2           # run-up, once a quote: file check, extraction
//! after_minutes = 1            # run-down, once a quote
//! free_minutes = 0             # taken off before rounding
//! minimum_minutes = 5          # billed at least
//! start_fee = 3.00             # once a quote
//! start_fee_waived_from_minutes = 15  # no start fee when so much is billed
//!
//! [customers.member]           # groups with a rate of their own …
//! rate = 0.30
//! [customers.school]           # … or a discount on machine time and start fee
//! discount_percent = 50
//!
//! [materials."plywood 3 mm"]   # by area of the job's bounding rectangle …
//! price_per_m2 = 18.00
//! margin_mm = 5                # added on each side
//! waste_percent = 10
//! [materials."acrylic 3 mm"]   # … or by whole sheets
//! price_per_sheet = 9.50
//! sheet_mm = [600, 400]
//!
//! [vat]                        # percent, or the note that the law asks for
//! percent = 20
//! ## note = "TVA non applicable, art. 293 B du CGI"
//! "#)?;
//! let request = Request::default().with_material("plywood 3 mm").with_customer("member");
//! let nothing = quote(&[], &tariff, &request)?;
//! assert_eq!(nothing.net.to_decimal(2), "4.50"); // five minutes at 0.30, and the fee
//! # }
//! # Ok::<(), trajet::Error>(())
//! ```
//! Amounts and minutes have at most four decimals and are exact; unknown keys are
//! refused. The price of a line is its quantity times its unit price as they are
//! written on it, rounded half up to the currency's smallest coin.
//!
//! # Limits
//! Operator time, energy, wear and filament are not priced. Each file gets sheets of
//! its own: parts of two files are not laid on one sheet, and rectangles are laid in
//! rows and columns, all one way round. Time that no model
//! knows (operator waits, probing) is listed in the notes and never counted as
//! nothing without saying so.

mod compute;
#[cfg(feature = "serde")]
mod load;
pub mod render;
mod tariff;
mod words;

pub use crate::lang::Lang;
pub use compute::{JobUse, Line, LineKind, Note, Quote, Request, Unit, quote};
pub use tariff::{Customer, MachineRate, Material, Per, SheetPrice, Tariff, Vat};
