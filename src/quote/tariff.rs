use crate::error::{Error, ErrorKind};
use crate::money::Amount;
use std::collections::BTreeMap;

/// A year, s.
const YEAR: i64 = 366 * 86_400;

/// A lab's prices.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Tariff {
    /// ISO 4217 code, for example `EUR`.
    pub currency: String,
    /// Machine time.
    pub machine: MachineRate,
    /// Groups of customers by name.
    pub customers: BTreeMap<String, Customer>,
    /// Sheet materials by name.
    pub materials: BTreeMap<String, Material>,
    /// Value-added tax.
    pub vat: Vat,
}

/// The price of machine time.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct MachineRate {
    /// Price of one unit of time.
    pub rate: Amount,
    /// That unit.
    pub per: Per,
    /// Billed time is rounded up to a multiple of this, s; for slices, to the slice.
    pub step_seconds: i64,
    /// Run-up, once a quote, s.
    pub before_seconds: i64,
    /// Run-down, once a quote, s.
    pub after_seconds: i64,
    /// Taken off before rounding, s.
    pub free_seconds: i64,
    /// Billed at least, s.
    pub minimum_seconds: i64,
    /// Fee once a quote.
    pub start_fee: Amount,
    /// No start fee when at least so much is billed, s.
    pub start_fee_waived_from_seconds: Option<i64>,
}

/// A unit of machine time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Per {
    /// One minute.
    Minute,
    /// One hour.
    Hour,
    /// A slice of so many seconds; a started slice counts whole.
    Slice(i64),
}

impl Per {
    /// Its length, s.
    #[must_use]
    pub const fn seconds(self) -> i64 {
        match self {
            Self::Minute => 60,
            Self::Hour => 3600,
            Self::Slice(s) => s,
        }
    }
}

/// What a group of customers pays for machine time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Customer {
    /// A rate of their own, in the machine's unit of time.
    Rate(Amount),
    /// A discount on machine time and start fee, in ten-thousandths of a per cent.
    Discount(i64),
}

/// A sheet material.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Material {
    /// How it is sold.
    pub price: SheetPrice,
    /// Added on each side of the job's bounding rectangle, mm.
    pub margin_mm: f64,
    /// Added to the area for waste, in ten-thousandths of a per cent.
    pub waste: i64,
}

/// How a sheet material is sold.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum SheetPrice {
    /// By the square metre.
    Area(Amount),
    /// By whole sheets.
    Sheet {
        /// Price of one.
        price: Amount,
        /// Width and height, mm.
        size_mm: [f64; 2],
    },
}

/// Value-added tax.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Vat {
    /// A rate in ten-thousandths of a per cent.
    Rate(i64),
    /// None, with the note that the law asks for.
    None {
        /// That note.
        note: Option<String>,
    },
}

impl MachineRate {
    /// A price of one unit of time; no fee, no minimum, billed by the tenth of a
    /// minute (or by the slice).
    #[must_use]
    pub const fn new(rate: Amount, per: Per) -> Self {
        Self {
            rate,
            per,
            step_seconds: match per {
                Per::Slice(s) => s,
                _ => 6,
            },
            before_seconds: 0,
            after_seconds: 0,
            free_seconds: 0,
            minimum_seconds: 0,
            start_fee: Amount::ZERO,
            start_fee_waived_from_seconds: None,
        }
    }
}

impl Material {
    /// A material at a price, without margin or waste.
    #[must_use]
    pub const fn new(price: SheetPrice) -> Self {
        Self {
            price,
            margin_mm: 0.0,
            waste: 0,
        }
    }

    /// The same with so much added on each side of the job, mm.
    #[must_use]
    pub const fn with_margin(mut self, mm: f64) -> Self {
        self.margin_mm = mm;
        self
    }

    /// The same with an area for waste, in ten-thousandths of a per cent.
    #[must_use]
    pub const fn with_waste(mut self, parts: i64) -> Self {
        self.waste = parts;
        self
    }
}

impl Tariff {
    /// A tariff of machine time alone, without tax.
    #[must_use]
    pub fn new(currency: impl Into<String>, machine: MachineRate) -> Self {
        Self {
            currency: currency.into(),
            machine,
            customers: BTreeMap::new(),
            materials: BTreeMap::new(),
            vat: Vat::None { note: None },
        }
    }

    /// The same with a group of customers.
    #[must_use]
    pub fn with_customer(mut self, name: impl Into<String>, customer: Customer) -> Self {
        let _ = self.customers.insert(name.into(), customer);
        self
    }

    /// The same with a sheet material.
    #[must_use]
    pub fn with_material(mut self, name: impl Into<String>, material: Material) -> Self {
        let _ = self.materials.insert(name.into(), material);
        self
    }

    /// The same with this tax.
    #[must_use]
    pub fn with_vat(mut self, vat: Vat) -> Self {
        self.vat = vat;
        self
    }

    /// Checks that every price and time is in range.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidConfig`] that names the key.
    pub fn validate(&self) -> Result<(), Error> {
        let wrong = |what: String| Err(Error::new(ErrorKind::InvalidConfig, what));
        let m = &self.machine;
        for (key, v) in [
            ("machine.step_minutes", m.step_seconds),
            ("the unit of machine.per", m.per.seconds()),
        ] {
            if v <= 0 || v > YEAR {
                return wrong(format!("tariff: {key} must be above 0 and at most a year"));
            }
        }
        for (key, v) in [
            ("machine.before_minutes", m.before_seconds),
            ("machine.after_minutes", m.after_seconds),
            ("machine.free_minutes", m.free_seconds),
            ("machine.minimum_minutes", m.minimum_seconds),
            (
                "machine.start_fee_waived_from_minutes",
                m.start_fee_waived_from_seconds.unwrap_or(0),
            ),
            ("machine.rate", m.rate.parts()),
            ("machine.start_fee", m.start_fee.parts()),
        ] {
            if v < 0 {
                return wrong(format!("tariff: {key} must not be below 0"));
            }
        }
        for (key, v) in [
            ("machine.before_minutes", m.before_seconds),
            ("machine.after_minutes", m.after_seconds),
            ("machine.free_minutes", m.free_seconds),
            ("machine.minimum_minutes", m.minimum_seconds),
        ] {
            if v > YEAR {
                return wrong(format!("tariff: {key} must be at most a year"));
            }
        }
        let percent = |v: i64| (0..=100 * 10_000).contains(&v);
        for (name, c) in &self.customers {
            match c {
                Customer::Discount(d) if !percent(*d) => {
                    return wrong(format!(
                        "tariff: customers.{name}.discount_percent must be from 0 to 100"
                    ));
                }
                Customer::Rate(r) if r.parts() < 0 => {
                    return wrong(format!("tariff: customers.{name}.rate must not be below 0"));
                }
                _ => {}
            }
        }
        let c = &self.currency;
        if c.len() != 3 || !c.bytes().all(|b| b.is_ascii_uppercase()) {
            return wrong(format!(
                "tariff: currency must be three capital letters like EUR, not `{c}`"
            ));
        }
        for (name, m) in &self.materials {
            let (SheetPrice::Area(price) | SheetPrice::Sheet { price, .. }) = m.price;
            if price.parts() < 0 {
                return wrong(format!(
                    "tariff: the price of materials.{name} must not be below 0"
                ));
            }
            if m.waste > 0 && matches!(m.price, SheetPrice::Sheet { .. }) {
                return wrong(format!(
                    "tariff: materials.{name} is sold by whole sheets, so waste_percent says nothing"
                ));
            }
            let sizes = match m.price {
                SheetPrice::Area(_) => [1.0; 2],
                SheetPrice::Sheet { size_mm, .. } => size_mm,
            };
            let sizes_ok = sizes.iter().all(|v| v.is_finite() && *v > 0.0)
                && m.margin_mm.is_finite()
                && m.margin_mm >= 0.0;
            if !sizes_ok || m.waste < 0 {
                return wrong(format!(
                    "tariff: the sizes of materials.{name} must be finite and not below 0"
                ));
            }
        }
        match self.vat {
            Vat::Rate(v) if !percent(v) => {
                wrong("tariff: vat.percent must be from 0 to 100".into())
            }
            _ => Ok(()),
        }
    }
}
