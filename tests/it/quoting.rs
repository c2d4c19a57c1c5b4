//! Quotes: prices by hand, renderings by golden files.
//!
//! `UPDATE_GOLDENS=1 cargo test --all-features quoting` writes the goldens anew.
#![cfg(feature = "serde")]

use std::fs;
use std::path::Path;
use trajet::estimate::Estimate;
use trajet::geom::Point3;
use trajet::money::Amount;
use trajet::motion::Wait;
use trajet::quote::{JobUse, Lang, Quote, Request, Tariff, quote, render};

const TARIFF: &str = include_str!("../../examples/tariffs/fablab.toml");

fn job(seconds: f64, w: f64, h: f64) -> JobUse {
    let mut e = Estimate::default();
    e.seconds = seconds;
    e.burn_bounds.add(Point3::new(0.0, 0.0, 0.0));
    e.burn_bounds.add(Point3::new(w, h, 0.0));
    JobUse::new("coaster <1>, \"A\".svg", &e)
}

fn amount(text: &str) -> Amount {
    text.parse().unwrap()
}

fn priced(tariff: &str, job: JobUse, request: &Request) -> Quote {
    quote(&[job], &Tariff::from_toml(tariff).unwrap(), request).unwrap()
}

#[test]
fn prices_by_hand() {
    // 10 min + 3 min around = 13 min at 0.50, and the fee.
    let q = priced(TARIFF, job(600.0, 90.0, 90.0), &Request::default());
    assert_eq!(q.net, amount("9.50"));
    // A second more starts a minute.
    let q = priced(TARIFF, job(601.0, 90.0, 90.0), &Request::default());
    assert_eq!(q.net, amount("10.00"));
    // The least is 5 min.
    let q = priced(TARIFF, job(1.0, 90.0, 90.0), &Request::default());
    assert_eq!(q.net, amount("5.50"));
    // From 30 min on there is no fee; members pay 0.30.
    let member = Request::default().with_customer("member");
    let q = priced(TARIFF, job(27.0 * 60.0, 90.0, 90.0), &member);
    assert_eq!(q.net, amount("9.00"));
    // Half price: 13 min at 0.25 and a fee of 1.50.
    let school = Request::default().with_customer("school");
    let q = priced(TARIFF, job(600.0, 90.0, 90.0), &school);
    assert_eq!(q.net, amount("4.75"));
    // (90 + 10)² mm² · 4 · 1.1 = 0.044 m² at 18.00 = 0.79.
    let four = Request::default()
        .with_material("plywood 3 mm")
        .with_quantity(4);
    let q = priced(TARIFF, job(60.0, 90.0, 90.0), &four);
    assert_eq!(q.lines[2].amount, amount("0.79"));
    // 100 × 100 mm: 24 on a sheet of 600 × 400.
    let many = Request::default()
        .with_material("acrylic 3 mm")
        .with_quantity(25);
    let q = priced(TARIFF, job(60.0, 90.0, 90.0), &many);
    assert_eq!(q.lines.last().unwrap().amount, amount("19.00"));
}

#[test]
fn tax_is_on_the_sum_and_the_sum_is_of_the_lines() {
    let vat = TARIFF.replace(
        "note = \"TVA non applicable, art. 293 B du CGI\"",
        "percent = 5.5",
    );
    let request = Request::default().with_material("plywood 3 mm");
    let q = priced(&vat, job(600.0, 90.0, 90.0), &request);
    let sum: Amount = q.lines.iter().map(|l| l.amount).sum();
    assert_eq!(q.net, sum);
    // 9.70 · 5.5 % = 0.5335.
    assert_eq!(q.net, amount("9.70"));
    assert_eq!(q.vat.unwrap().1, amount("0.53"));
    assert_eq!(q.total, amount("10.23"));
}

#[test]
fn wrong_requests_name_what_there_is() {
    let tariff = Tariff::from_toml(TARIFF).unwrap();
    let fails = |request: Request| {
        quote(&[job(60.0, 900.0, 90.0)], &tariff, &request)
            .unwrap_err()
            .to_string()
    };
    assert!(fails(Request::default().with_material("oak")).contains("acrylic 3 mm, plywood 3 mm"));
    assert!(fails(Request::default().with_customer("vip")).contains("member, school"));
    assert!(fails(Request::default().with_quantity(0)).contains("at least 1"));
    assert!(
        fails(Request::default().with_material("acrylic 3 mm")).contains("larger than a sheet")
    );
}

#[test]
fn wrong_tariffs_name_the_key() {
    for (what, with, said) in [
        ("rate = 0.50", "rat = 0.50", "rat"),
        ("rate = 0.50", "rate = -1", "machine.rate"),
        ("rate = 0.50", "rate = 0.123456", "four decimals"),
        ("rate = 0.50", "rate = nan", "four decimals"),
        ("per = \"minute\"", "per = \"day\"", "day"),
        ("per = \"minute\"", "per = \"slice\"", "slice_minutes"),
        (
            "discount_percent = 50",
            "discount_percent = 150",
            "discount_percent",
        ),
        ("discount_percent = 50", "", "school"),
        ("sheet_mm = [600, 400]", "", "acrylic"),
        ("sheet_mm = [600, 400]", "sheet_mm = [0, 400]", "acrylic"),
        ("step_minutes = 1 ", "step_minutes = 0 ", "step_minutes"),
    ] {
        assert!(TARIFF.contains(what), "{what}");
        let error = Tariff::from_toml(&TARIFF.replacen(what, with, 1)).unwrap_err();
        assert!(error.to_string().contains(said), "{with}: {error}");
    }
}

#[test]
fn renderings() {
    let mut used = job(754.0, 90.0, 90.0);
    used.unknown.push((Wait::Operator, 2));
    let request = Request::default()
        .with_material("plywood 3 mm")
        .with_customer("school")
        .with_quantity(120);
    let vat = TARIFF.replace(
        "note = \"TVA non applicable, art. 293 B du CGI\"",
        "percent = 20",
    );
    let tariff = Tariff::from_toml(&vat).unwrap();
    let q = quote(&[used], &tariff, &request).unwrap();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/goldens");
    let update = std::env::var_os("UPDATE_GOLDENS").is_some();
    for (lang, tag) in [(Lang::En, "en"), (Lang::Fr, "fr")] {
        for (form, text) in [
            ("txt", render::text(&q, lang)),
            ("json", render::json(&q, lang)),
            ("csv", render::csv(&q, lang)),
            ("html", render::html(&q, lang)),
        ] {
            let file = folder.join(format!("quote.{tag}.{form}"));
            if update {
                fs::create_dir_all(&folder).unwrap();
                fs::write(&file, &text).unwrap();
            }
            let golden = fs::read_to_string(&file).unwrap();
            assert_eq!(text, golden, "{}", file.display());
        }
    }
}
