use super::tariff::{Customer, MachineRate, Per, SheetPrice, Tariff, Vat};
use crate::error::{Error, ErrorKind};
use crate::estimate::Estimate;
use crate::money::Amount;
use crate::motion::Wait;

/// Parts of a hundred per cent in ten-thousandths of a per cent.
const WHOLE: i64 = 100 * 10_000;
/// A century: longer work is a mistake, and its sums would not fit.
const MOST_SECONDS: f64 = 3.2e9;
/// Ten thousand million units of a currency.
const TOO_MUCH: Amount = Amount::from_parts(10_000_000_000 * 10_000);

/// What one job uses, for one piece.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct JobUse {
    /// Its name on the quote.
    pub name: String,
    /// How long it takes the machine, with the waits that its owner has given a time, s;
    /// counted to the millisecond.
    pub seconds: f64,
    /// Width and height of the rectangle round what is worked, mm; counted to the micrometre.
    pub size_mm: [f64; 2],
    /// What takes a time that no model knows, and how often.
    pub unknown: Vec<(Wait, u64)>,
}

impl JobUse {
    /// What a job uses by its estimate.
    #[must_use]
    pub fn new(name: impl Into<String>, estimate: &Estimate) -> Self {
        let size = estimate.burn_bounds.size();
        Self {
            name: name.into(),
            seconds: estimate.seconds_with_waits(),
            size_mm: [size.x, size.y],
            unknown: estimate.unknown.clone(),
        }
    }
}

/// What is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Request {
    /// A material of the tariff; none is the customer's own.
    pub material: Option<String>,
    /// How many times all jobs are made; at least 1.
    pub quantity: u32,
    /// A customer group of the tariff; none pays the full rate.
    pub customer: Option<String>,
}

impl Request {
    /// The same with a material.
    #[must_use]
    pub fn with_material(mut self, name: impl Into<String>) -> Self {
        self.material = Some(name.into());
        self
    }

    /// The same for so many pieces.
    #[must_use]
    pub const fn with_quantity(mut self, quantity: u32) -> Self {
        self.quantity = quantity;
        self
    }

    /// The same for a customer of this group.
    #[must_use]
    pub fn with_customer(mut self, group: impl Into<String>) -> Self {
        self.customer = Some(group.into());
        self
    }
}

impl Default for Request {
    fn default() -> Self {
        Self {
            material: None,
            quantity: 1,
            customer: None,
        }
    }
}

/// A priced quote. Lines add up to the net total exactly.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Quote {
    /// ISO 4217 code of all amounts.
    pub currency: String,
    /// What is charged.
    pub lines: Vec<Line>,
    /// What the reader should know.
    pub notes: Vec<Note>,
    /// Sum of the lines.
    pub net: Amount,
    /// Rate in ten-thousandths of a per cent, and the tax.
    pub vat: Option<(i64, Amount)>,
    /// What is to be paid.
    pub total: Amount,
}

/// One line of a quote.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Line {
    /// What it is for.
    pub kind: LineKind,
    /// How much, in thousandths of the unit.
    pub quantity: i64,
    /// The unit.
    pub unit: Unit,
    /// Price of one unit.
    pub unit_price: Amount,
    /// Quantity times unit price as they are written, rounded to the currency's
    /// smallest coin, so that whoever checks the line gets the same.
    pub amount: Amount,
}

/// What a line is for.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum LineKind {
    /// Machine time for these jobs.
    MachineTime {
        /// Their names.
        jobs: Vec<String>,
    },
    /// The fee for a start.
    StartFee,
    /// A material.
    Material {
        /// Its name in the tariff.
        name: String,
    },
}

/// The unit of a line's quantity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Unit {
    /// Minutes.
    Minute,
    /// Hours.
    Hour,
    /// Started slices of so many seconds.
    Slice(i64),
    /// Pieces.
    Piece,
    /// Square metres.
    SquareMetre,
    /// Whole sheets.
    Sheet,
}

/// Something the reader should know.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Note {
    /// Machine time of one piece and run-up and run-down, s.
    Time {
        /// All jobs once, rounded to a second.
        piece_seconds: i64,
        /// Run-up and run-down.
        around_seconds: i64,
        /// How many pieces.
        quantity: u32,
    },
    /// Time that is not part of the price because no model knows it.
    UnknownTime {
        /// What it is.
        wait: Wait,
        /// How often it happens.
        count: u64,
    },
    /// The group whose rate applies.
    Customer(String),
    /// Free time that was taken off, s.
    FreeTime(i64),
    /// The least time was billed.
    Minimum,
    /// The start fee is waived.
    StartFeeWaived,
    /// The law's note about tax.
    Tax(String),
}

/// Prices jobs by a tariff.
///
/// # Errors
/// [`ErrorKind::InvalidConfig`] for a material or group that the tariff does not
/// have (the message lists those it has), no pieces, a part that is larger than
/// its sheet, or a duration, size or sum that is no number or out of all proportion.
pub fn quote(jobs: &[JobUse], tariff: &Tariff, request: &Request) -> Result<Quote, Error> {
    tariff.validate()?;
    if request.quantity == 0 {
        return Err(wrong("the quantity must be at least 1".into()));
    }
    let coin = coin(&tariff.currency);
    let mut q = Quote {
        currency: tariff.currency.clone(),
        lines: Vec::new(),
        notes: Vec::new(),
        net: Amount::ZERO,
        vat: None,
        total: Amount::ZERO,
    };
    machine(jobs, tariff, request, coin, &mut q)?;
    if let Some(name) = &request.material {
        material(jobs, tariff, name, request.quantity, coin, &mut q)?;
    }
    for job in jobs {
        for &(wait, count) in &job.unknown {
            q.notes.push(Note::UnknownTime { wait, count });
        }
    }
    q.net = q.lines.iter().map(|l| l.amount).sum();
    match &tariff.vat {
        Vat::Rate(rate) => q.vat = Some((*rate, q.net.times(*rate, WHOLE).rounded_to(coin))),
        Vat::None { note } => q.notes.extend(note.clone().map(Note::Tax)),
    }
    q.total = q.net + q.vat.map_or(Amount::ZERO, |v| v.1);
    // Sums saturate, and a bill that did must not be believed.
    if q.total >= TOO_MUCH || q.lines.iter().any(|l| l.amount >= TOO_MUCH) {
        return Err(wrong("the price is too large to be counted".into()));
    }
    Ok(q)
}

fn machine(
    jobs: &[JobUse],
    tariff: &Tariff,
    request: &Request,
    coin: Amount,
    q: &mut Quote,
) -> Result<(), Error> {
    let m = &tariff.machine;
    let (rate, fee) = rates(tariff, request, q)?;
    let seconds: f64 = jobs.iter().map(|j| j.seconds).sum();
    let total = seconds * f64::from(request.quantity);
    if !(0.0..MOST_SECONDS).contains(&total) {
        return Err(wrong(format!("a duration of {total} s cannot be priced")));
    }
    let piece = seconds.round() as i64;
    // Up to a whole second, but not for the last bits of a sum of floats: they
    // would start a slice that nobody used.
    let all = ((total * 1000.0).round() as i64 + 999) / 1000;
    let around = m.before_seconds + m.after_seconds;
    q.notes.push(Note::Time {
        piece_seconds: piece,
        around_seconds: around,
        quantity: request.quantity,
    });
    let billed = billed(all + around, m, q);
    let count = thousandths(billed, m.per.seconds());
    let unit = match m.per {
        Per::Minute => Unit::Minute,
        Per::Hour => Unit::Hour,
        Per::Slice(s) => Unit::Slice(s),
    };
    q.lines.push(Line {
        kind: LineKind::MachineTime {
            jobs: jobs.iter().map(|j| j.name.clone()).collect(),
        },
        quantity: count,
        unit,
        unit_price: rate,
        amount: rate.times(count, 1000).rounded_to(coin),
    });
    if fee > Amount::ZERO {
        if m.start_fee_waived_from_seconds.is_some_and(|s| billed >= s) {
            q.notes.push(Note::StartFeeWaived);
        } else {
            q.lines.push(Line {
                kind: LineKind::StartFee,
                quantity: 1000,
                unit: Unit::Piece,
                unit_price: fee,
                amount: fee.rounded_to(coin),
            });
        }
    }
    Ok(())
}

/// The rate and start fee for the customer's group.
fn rates(tariff: &Tariff, request: &Request, q: &mut Quote) -> Result<(Amount, Amount), Error> {
    let m = &tariff.machine;
    let Some(group) = &request.customer else {
        return Ok((m.rate, m.start_fee));
    };
    let Some(customer) = tariff.customers.get(group) else {
        return Err(unknown("customer group", group, tariff.customers.keys()));
    };
    q.notes.push(Note::Customer(group.clone()));
    Ok(match *customer {
        Customer::Rate(rate) => (rate, m.start_fee),
        Customer::Discount(percent) => {
            let rest = WHOLE - percent;
            (m.rate.times(rest, WHOLE), m.start_fee.times(rest, WHOLE))
        }
    })
}

fn billed(used: i64, m: &MachineRate, q: &mut Quote) -> i64 {
    let free = m.free_seconds.min(used);
    if free > 0 {
        q.notes.push(Note::FreeTime(free));
    }
    let mut billed = used - free;
    if billed < m.minimum_seconds {
        billed = m.minimum_seconds;
        q.notes.push(Note::Minimum);
    }
    let rest = billed.rem_euclid(m.step_seconds);
    billed + if rest > 0 { m.step_seconds - rest } else { 0 }
}

fn material(
    jobs: &[JobUse],
    tariff: &Tariff,
    name: &str,
    quantity: u32,
    coin: Amount,
    q: &mut Quote,
) -> Result<(), Error> {
    let Some(material) = tariff.materials.get(name) else {
        return Err(unknown("material", name, tariff.materials.keys()));
    };
    let sizes: Vec<[f64; 2]> = jobs
        .iter()
        .map(|j| {
            let with_margin = |v: f64| v + 2.0 * material.margin_mm;
            // The last bits of a float must not push a part off its sheet.
            j.size_mm
                .map(|v| (with_margin(v) * 1000.0).round() / 1000.0)
        })
        .collect();
    if let Some(i) = sizes
        .iter()
        .position(|s| !s.iter().all(|v| *v >= 0.0 && *v < 1e9))
    {
        let [w, h] = jobs[i].size_mm;
        return Err(wrong(format!(
            "{}: a size of {w} × {h} mm cannot be priced",
            jobs[i].name
        )));
    }
    let (count, unit, price) = match material.price {
        SheetPrice::Area(price) => {
            let mm2: f64 = sizes.iter().map(|s| (s[0] * s[1]).round()).sum();
            if !(0.0..1e12).contains(&mm2) {
                return Err(wrong(format!("an area of {mm2} mm² cannot be priced")));
            }
            let all =
                i128::from(mm2 as i64) * i128::from(quantity) * i128::from(WHOLE + material.waste)
                    / i128::from(WHOLE);
            // Thousandths of a square metre are 1000 mm².
            let parts = i64::try_from((all + 999) / 1000).unwrap_or(i64::MAX);
            (parts, Unit::SquareMetre, price)
        }
        SheetPrice::Sheet { price, size_mm } => {
            let mut sheets = 0_i64;
            for (size, job) in sizes.iter().zip(jobs) {
                let fit = per_sheet(*size, size_mm);
                if fit == 0 {
                    return Err(wrong(format!(
                        "{}: {:.0} × {:.0} mm with its margin is larger than a sheet of {name} \
                         ({:.0} × {:.0} mm)",
                        job.name, size[0], size[1], size_mm[0], size_mm[1]
                    )));
                }
                sheets += (i64::from(quantity) + fit - 1) / fit;
            }
            (sheets.saturating_mul(1000), Unit::Sheet, price)
        }
    };
    q.lines.push(Line {
        kind: LineKind::Material { name: name.into() },
        quantity: count,
        unit,
        unit_price: price,
        amount: price.times(count, 1000).rounded_to(coin),
    });
    Ok(())
}

/// How many rectangles go on a sheet in rows and columns, all one way round.
fn per_sheet(part: [f64; 2], sheet: [f64; 2]) -> i64 {
    let along = |s: f64, p: f64| {
        if p > 0.0 {
            (s / p).floor().min(1e6) as i64
        } else {
            1
        }
    };
    let upright = along(sheet[0], part[0]) * along(sheet[1], part[1]);
    let turned = along(sheet[0], part[1]) * along(sheet[1], part[0]);
    upright.max(turned)
}

/// The smallest coin of a currency.
pub(super) fn coin(currency: &str) -> Amount {
    Amount::from_parts(10_i64.pow(4 - decimals(currency) as u32))
}

/// Decimals of a currency (ISO 4217).
pub(super) fn decimals(currency: &str) -> usize {
    match currency {
        "JPY" | "KRW" | "VND" | "CLP" | "ISK" | "XAF" | "XOF" | "XPF" => 0,
        "TND" | "KWD" | "BHD" | "JOD" | "OMR" => 3,
        _ => 2,
    }
}

fn thousandths(value: i64, of: i64) -> i64 {
    (value * 1000 + of / 2) / of
}

fn unknown<'a>(what: &str, name: &str, known: impl Iterator<Item = &'a String>) -> Error {
    let known: Vec<&str> = known.map(String::as_str).collect();
    let list = if known.is_empty() {
        "it has none".into()
    } else {
        format!("it has {}", known.join(", "))
    };
    wrong(format!("the tariff has no {what} `{name}`; {list}"))
}

fn wrong(what: String) -> Error {
    Error::new(ErrorKind::InvalidConfig, what)
}
