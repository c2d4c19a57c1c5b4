//! Every word of a quote, in English and French.

use super::compute::{Line, LineKind, Note, Unit};
use crate::lang::Lang;
use crate::money::Amount;
use crate::motion::Wait;

/// No-break space, and the narrow one that French puts between thousands.
const NBSP: char = '\u{a0}';
const NARROW: char = '\u{202f}';

impl Lang {
    pub(super) const fn title(self) -> &'static str {
        self.pick("Quote", "Devis")
    }

    pub(super) const fn headings(self) -> [&'static str; 5] {
        match self {
            Self::En => ["Description", "Quantity", "Unit", "Unit price", "Amount"],
            Self::Fr => [
                "Désignation",
                "Quantité",
                "Unité",
                "Prix unitaire",
                "Montant",
            ],
        }
    }

    /// Headings of net, tax and total; without a tax only the total is shown.
    pub(super) fn totals(self, vat: Option<i64>) -> [String; 3] {
        let rate = vat.map_or(String::new(), |v| self.percent(v));
        match self {
            Self::En => ["Net total".into(), format!("VAT {rate}"), "Total".into()],
            Self::Fr if vat.is_some() => {
                ["Total HT".into(), format!("TVA {rate}"), "Total TTC".into()]
            }
            Self::Fr => ["Total HT".into(), "TVA".into(), "Total".into()],
        }
    }

    pub(super) fn what(self, line: &Line) -> String {
        match &line.kind {
            LineKind::MachineTime { jobs } => {
                let what = self.pick("Machine time", "Temps machine");
                let colon = self.pick(":", "\u{a0}:");
                format!("{what}{colon} {}", jobs.join(", "))
            }
            LineKind::StartFee => self.pick("Start fee", "Forfait de mise en route").into(),
            LineKind::Material { name } => {
                let what = self.pick("Material", "Matière");
                let colon = self.pick(":", "\u{a0}:");
                format!("{what}{colon} {name}")
            }
        }
    }

    pub(super) fn unit(self, unit: Unit) -> String {
        match unit {
            Unit::Minute => "min".into(),
            Unit::Hour => "h".into(),
            Unit::Slice(s) => format!(
                "{}{NBSP}{}{NBSP}min",
                self.pick("started", "tranche de"),
                self.number(s * 1000 / 60)
            ),
            Unit::Piece => self.pick("piece", "pièce").into(),
            Unit::SquareMetre => "m²".into(),
            Unit::Sheet => self.pick("sheet", "plaque").into(),
        }
    }

    pub(super) fn note(self, note: &Note) -> String {
        match note {
            Note::Time {
                piece_seconds,
                around_seconds,
                quantity,
            } => {
                let piece = self.clock(*piece_seconds);
                let colon = self.pick(":", "\u{a0}:");
                let time = self.pick("Machine time", "Temps machine");
                let mut text = format!("{time}{colon} {quantity}{NBSP}×{NBSP}{piece}");
                if *around_seconds > 0 {
                    let around = self.clock(*around_seconds);
                    let when = self.pick("before and after the run", "avant et après le passage");
                    text.push_str(&format!(", plus {around} {when}"));
                }
                text
            }
            Note::FreeTime(seconds) => format!(
                "{} {}",
                self.pick("Free time taken off:", "Temps offert déduit\u{a0}:"),
                self.clock(*seconds)
            ),
            Note::UnknownTime { wait, count } => format!(
                "{} {} ({count}{NBSP}×)",
                self.pick("Not counted:", "Non compté\u{a0}:"),
                self.wait(*wait)
            ),
            Note::Customer(group) => {
                format!("{} {group}", self.pick("Rate for:", "Tarif\u{a0}:"))
            }
            Note::Minimum => self
                .pick("The least time is billed", "La durée minimale est facturée")
                .into(),
            Note::StartFeeWaived => self
                .pick(
                    "No start fee for a job of this length",
                    "Mise en route offerte pour cette durée",
                )
                .into(),
            Note::Tax(text) => text.clone(),
        }
    }

    const fn wait(self, wait: Wait) -> &'static str {
        match wait {
            Wait::Operator => self.pick("waits for the operator", "attente de l’opérateur"),
            Wait::Probe => self.pick("probing", "palpage"),
            Wait::Homing => self.pick("homing", "prise d’origine"),
            Wait::ToolChange => self.pick("tool changes", "changement d’outil"),
            Wait::Heating => self.pick("heating", "chauffe"),
            Wait::Levelling => self.pick("bed levelling", "nivellement du plateau"),
            Wait::Spindle => self.pick("spindle positioning", "orientation de la broche"),
            Wait::Clamp => self.pick("clamping", "bridage"),
            Wait::Thread => self.pick("threading", "filetage"),
            Wait::Macro => self.pick("macros", "macros"),
            Wait::Offsets | Wait::End | Wait::Drain | Wait::Motors => self.pick("stops", "arrêts"),
        }
    }

    /// `1,234.50 €` or `1 234,50 €`.
    pub(super) fn money(self, amount: Amount, currency: &str, decimals: usize) -> String {
        let plain = self.grouped(&amount.to_decimal(decimals));
        let sign = match currency {
            "EUR" => "€",
            "USD" => "$",
            "GBP" => "£",
            code => code,
        };
        format!("{plain}{NBSP}{sign}")
    }

    /// A price of one unit: at least the currency's decimals, more where it has more.
    pub(super) fn price(self, amount: Amount, currency: &str, decimals: usize) -> String {
        let exact = (decimals..4)
            .find(|&d| amount.to_decimal(d).parse() == Ok(amount))
            .unwrap_or(4);
        self.money(amount, currency, exact)
    }

    /// Thousandths as a number without trailing zeros.
    pub(super) fn number(self, thousandths: i64) -> String {
        let text = Amount::from_parts(thousandths.saturating_mul(10)).to_decimal(3);
        let text = text.trim_end_matches('0').trim_end_matches('.');
        self.grouped(text)
    }

    pub(super) fn percent(self, parts: i64) -> String {
        let text = Amount::from_parts(parts).to_decimal(4);
        let text = text.trim_end_matches('0').trim_end_matches('.');
        let gap = self.pick("", "\u{a0}");
        format!("{}{gap}%", self.grouped(text))
    }

    fn clock(self, seconds: i64) -> String {
        let (h, m, s) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
        if h > 0 {
            format!("{h}{NBSP}h{NBSP}{m:02}{NBSP}min{NBSP}{s:02}{NBSP}s")
        } else if m > 0 {
            format!("{m}{NBSP}min{NBSP}{s:02}{NBSP}s")
        } else {
            format!("{s}{NBSP}s")
        }
    }

    /// Thousands apart, and the language's decimal sign.
    fn grouped(self, plain: &str) -> String {
        let (sign, plain) = match plain.strip_prefix('-') {
            Some(rest) => ("-", rest),
            None => ("", plain),
        };
        let (whole, part) = match plain.split_once('.') {
            Some((w, p)) => (w, Some(p)),
            None => (plain, None),
        };
        let (gap, point) = match self {
            Self::En => (',', '.'),
            Self::Fr => (NARROW, ','),
        };
        let mut out = String::from(sign);
        for (i, c) in whole.chars().enumerate() {
            if i > 0 && (whole.len() - i).is_multiple_of(3) {
                out.push(gap);
            }
            out.push(c);
        }
        if let Some(part) = part {
            out.push(point);
            out.push_str(part);
        }
        out
    }
}
