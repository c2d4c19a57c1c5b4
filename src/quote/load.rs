//! A tariff from TOML.

use super::tariff::{Customer, MachineRate, Material, Per, SheetPrice, Tariff, Vat};
use crate::error::{Error, ErrorKind};
use crate::money::Amount;
use serde::Deserialize;
use std::collections::BTreeMap;

/// A decimal number, kept exact: what TOML writes, not what a float makes of it.
#[derive(Clone, Copy, Deserialize)]
#[serde(try_from = "toml::Value")]
struct Decimal(Amount);

impl TryFrom<toml::Value> for Decimal {
    type Error = String;

    fn try_from(value: toml::Value) -> Result<Self, String> {
        let text = match &value {
            toml::Value::Integer(i) => i.to_string(),
            // The shortest text that reads back as this float is what was written.
            toml::Value::Float(f) => format!("{f}"),
            toml::Value::String(s) => s.clone(),
            _ => return Err("a number is expected".into()),
        };
        text.parse().map(Decimal).map_err(|e| format!("{e}"))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    currency: String,
    machine: MachineTable,
    #[serde(default)]
    customers: BTreeMap<String, CustomerTable>,
    #[serde(default)]
    materials: BTreeMap<String, MaterialTable>,
    vat: Option<VatTable>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MachineTable {
    rate: Decimal,
    per: PerName,
    slice_minutes: Option<Decimal>,
    step_minutes: Option<Decimal>,
    before_minutes: Option<Decimal>,
    after_minutes: Option<Decimal>,
    free_minutes: Option<Decimal>,
    minimum_minutes: Option<Decimal>,
    start_fee: Option<Decimal>,
    start_fee_waived_from_minutes: Option<Decimal>,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum PerName {
    Minute,
    Hour,
    Slice,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CustomerTable {
    rate: Option<Decimal>,
    discount_percent: Option<Decimal>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MaterialTable {
    price_per_m2: Option<Decimal>,
    price_per_sheet: Option<Decimal>,
    sheet_mm: Option<[f64; 2]>,
    #[serde(default)]
    margin_mm: f64,
    waste_percent: Option<Decimal>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct VatTable {
    percent: Option<Decimal>,
    note: Option<String>,
}

impl Tariff {
    /// Reads a tariff; its keys are in the [module's docs](super).
    ///
    /// # Errors
    /// [`ErrorKind::Malformed`] with line and column for broken TOML and unknown
    /// keys; [`ErrorKind::InvalidConfig`] for values out of range or keys that do
    /// not go together.
    pub fn from_toml(text: &str) -> Result<Self, Error> {
        let file: File = toml::from_str(text).map_err(|e| {
            Error::new(
                ErrorKind::Malformed,
                format!("the tariff cannot be read: {}", e.to_string().trim_end()),
            )
        })?;
        let m = file.machine;
        let per = match (m.per, m.slice_minutes) {
            (PerName::Minute, None) => Per::Minute,
            (PerName::Hour, None) => Per::Hour,
            (PerName::Slice, Some(minutes)) => Per::Slice(seconds(minutes)),
            (PerName::Slice, None) => return Err(wrong("machine.slice_minutes is missing")),
            (_, Some(_)) => {
                return Err(wrong(
                    "machine.slice_minutes goes with per = \"slice\" only",
                ));
            }
        };
        let time = |v: Option<Decimal>| v.map_or(0, seconds);
        let plain = MachineRate::new(m.rate.0, per);
        let step_seconds = match (per, m.step_minutes) {
            (_, None) => plain.step_seconds,
            (Per::Slice(_), Some(_)) => {
                return Err(wrong(
                    "machine.step_minutes has no meaning with per = \"slice\"",
                ));
            }
            (_, Some(minutes)) => seconds(minutes),
        };
        let machine = MachineRate {
            step_seconds,
            before_seconds: time(m.before_minutes),
            after_seconds: time(m.after_minutes),
            free_seconds: time(m.free_minutes),
            minimum_seconds: time(m.minimum_minutes),
            start_fee: m.start_fee.map_or(Amount::ZERO, |d| d.0),
            start_fee_waived_from_seconds: m.start_fee_waived_from_minutes.map(seconds),
            ..plain
        };
        let customers = file.customers.into_iter().map(|(name, c)| {
            let customer = match (c.rate, c.discount_percent) {
                (Some(rate), None) => Customer::Rate(rate.0),
                (None, Some(percent)) => Customer::Discount(percent.0.parts()),
                _ => {
                    return Err(wrong(&format!(
                        "customers.{name} takes rate or discount_percent, one of them"
                    )));
                }
            };
            Ok((name, customer))
        });
        let materials = file.materials.into_iter().map(|(name, m)| {
            let price = match (m.price_per_m2, m.price_per_sheet, m.sheet_mm) {
                (Some(price), None, None) => SheetPrice::Area(price.0),
                (None, Some(price), Some(size_mm)) => SheetPrice::Sheet {
                    price: price.0,
                    size_mm,
                },
                _ => {
                    return Err(wrong(&format!(
                        "materials.{name} takes price_per_m2, or price_per_sheet with sheet_mm"
                    )));
                }
            };
            let material = Material {
                price,
                margin_mm: m.margin_mm,
                waste: m.waste_percent.map_or(0, |d| d.0.parts()),
            };
            Ok((name, material))
        });
        let vat = match file.vat {
            None => Vat::None { note: None },
            Some(VatTable {
                percent: Some(p),
                note: None,
            }) => Vat::Rate(p.0.parts()),
            Some(VatTable {
                percent: None,
                note,
            }) => Vat::None { note },
            Some(_) => return Err(wrong("vat takes percent or note, one of them")),
        };
        let tariff = Self {
            currency: file.currency,
            machine,
            customers: customers.collect::<Result<_, Error>>()?,
            materials: materials.collect::<Result<_, Error>>()?,
            vat,
        };
        tariff.validate()?;
        Ok(tariff)
    }
}

/// Minutes to whole seconds.
fn seconds(minutes: Decimal) -> i64 {
    // Too many minutes saturate, and are refused by `Tariff::validate`.
    minutes
        .0
        .times(60, 1)
        .rounded_to(Amount::from_parts(10_000))
        .parts()
        / 10_000
}

fn wrong(what: &str) -> Error {
    Error::new(ErrorKind::InvalidConfig, format!("tariff: {what}"))
}
