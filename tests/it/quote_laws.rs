//! What holds for every quote and every tariff.
#![cfg(feature = "serde")]

use proptest::prelude::*;
use trajet::ErrorKind;
use trajet::estimate::Estimate;
use trajet::geom::Point3;
use trajet::money::Amount;
use trajet::motion::Wait;
use trajet::quote::{
    Customer, JobUse, Lang, MachineRate, Material, Per, Quote, Request, SheetPrice, Tariff, Vat,
    quote, render,
};

fn job(seconds: f64, w: f64, h: f64) -> JobUse {
    let mut e = Estimate::default();
    e.seconds = seconds;
    e.burn_bounds.add(Point3::new(0.0, 0.0, 0.0));
    e.burn_bounds.add(Point3::new(w, h, 0.0));
    JobUse::new("a", &e)
}

fn tariff(machine: &str, rest: &str) -> Tariff {
    let text = format!("currency = \"EUR\"\n[machine]\n{machine}\n{rest}");
    Tariff::from_toml(&text).unwrap_or_else(|e| panic!("{text}: {e}"))
}

const SHEETS: &str = "[materials.m2]\nprice_per_m2 = 18.35\nwaste_percent = 7.5\nmargin_mm = 3\n\
                      [materials.sheet]\nprice_per_sheet = 9.5\nsheet_mm = [600, 400]\nmargin_mm = 5\n";

/// The amounts of one tariff for one job and so many pieces.
fn net(tariff: &Tariff, job: JobUse, quantity: u32) -> Quote {
    quote(&[job], tariff, &Request::default().with_quantity(quantity))
        .unwrap_or_else(|e| panic!("{e}"))
}

#[test]
fn last_bits_of_a_float_are_not_billed() {
    let t = tariff("rate = 1\nper = \"minute\"\nstep_minutes = 1", SHEETS);
    // 0.1 s six hundred times is a little more than a minute in floats.
    let minute: f64 = (0..600).map(|_| 0.1).sum();
    assert!(minute > 60.0);
    assert_eq!(net(&t, job(minute, 1.0, 1.0), 1).net.to_decimal(2), "1.00");
    assert_eq!(net(&t, job(60.01, 1.0, 1.0), 1).net.to_decimal(2), "2.00");
    // Two of 300 mm with their margin fill the 600 mm of a sheet.
    let request = Request::default().with_material("sheet").with_quantity(2);
    let wide = quote(&[job(1.0, 290.000_000_01, 390.0)], &t, &request).unwrap();
    assert_eq!(wide.lines[1].quantity, 1000);
    let wider = quote(&[job(1.0, 290.1, 390.0)], &t, &request).unwrap();
    assert_eq!(wider.lines[1].quantity, 2000);
}

#[test]
fn what_is_out_of_all_proportion_is_refused() {
    let t = tariff("rate = 1000000\nper = \"minute\"", SHEETS);
    let most = Request::default().with_quantity(u32::MAX);
    for (seconds, w, material) in [
        (3e9, 1.0, "m2"),
        (f64::NAN, 1.0, "m2"),
        (-1.0, 1.0, "m2"),
        (0.5, 1.0, "m2"),
        (0.0, 1e12, "m2"),
        (0.0, f64::NAN, "m2"),
        (0.0, f64::NAN, "sheet"),
        (0.0, f64::INFINITY, "sheet"),
        (0.0, 590.0, "sheet"),
    ] {
        let mut used = job(seconds, 1.0, 300.0);
        used.size_mm[0] = w;
        let got = quote(&[used], &t, &most.clone().with_material(material));
        let error = got.expect_err(&format!("{seconds} s, {w} mm of {material}"));
        assert_eq!(error.kind(), ErrorKind::InvalidConfig);
    }
}

#[test]
fn tariffs_that_make_no_sense_are_refused() {
    let sound = "currency = \"EUR\"\n[machine]\nrate = 1\nper = \"minute\"\n";
    assert!(Tariff::from_toml(sound).is_ok());
    for (text, said) in [
        (sound.replace("EUR", "euro"), "currency"),
        (
            format!("{sound}before_minutes = 900000000000000\n"),
            "before_minutes",
        ),
        (
            format!("{sound}step_minutes = 900000000000000\n"),
            "step_minutes",
        ),
        (
            format!("{sound}start_fee_waived_from_minutes = -1\n"),
            "waived",
        ),
        (
            format!("{sound}[materials.oak]\nprice_per_m2 = -3\n"),
            "oak",
        ),
        (
            format!(
                "{sound}{}",
                SHEETS.replace("price_per_sheet", "waste_percent = 5\nprice_per_sheet")
            ),
            "whole sheets",
        ),
        (format!("{sound}colour = 1\n"), "line 5"),
    ] {
        let error = Tariff::from_toml(&text).expect_err(&text).to_string();
        assert!(error.contains(said), "{said}: {error}");
    }
}

#[test]
fn a_tariff_can_be_built_without_a_file() {
    let amount = |text: &str| text.parse::<Amount>().unwrap_or_else(|e| panic!("{e}"));
    let built = Tariff::new("EUR", MachineRate::new(amount("12"), Per::Slice(1800)))
        .with_customer("school", Customer::Discount(500_000))
        .with_material(
            "m2",
            Material::new(SheetPrice::Area(amount("18.35")))
                .with_margin(3.0)
                .with_waste(75_000),
        )
        .with_vat(Vat::Rate(200_000));
    let (m2, _) = SHEETS.split_once("[materials.sheet]").unwrap_or_default();
    let read = tariff(
        "rate = 12\nper = \"slice\"\nslice_minutes = 30",
        &format!("{m2}[customers.school]\ndiscount_percent = 50\n[vat]\npercent = 20"),
    );
    assert_eq!(built, read);
}

#[test]
fn notes_say_what_is_given_and_what_is_not_known() {
    let t = tariff("rate = 1\nper = \"minute\"\nfree_minutes = 10", "");
    let mut used = job(904.0, 1.0, 1.0);
    used.unknown.push((Wait::ToolChange, 2));
    let q = net(&t, used, 1);
    assert_eq!(q.lines[0].quantity, 5100);
    let notes = |lang| {
        let text = render::text(&q, lang);
        let notes = text.lines().rev().take_while(|l| !l.is_empty());
        notes.map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(
        notes(Lang::En),
        [
            "Not counted: tool changes (2\u{a0}×)",
            "Free time taken off: 10\u{a0}min\u{a0}00\u{a0}s",
            "Machine time: 1\u{a0}×\u{a0}15\u{a0}min\u{a0}04\u{a0}s",
        ]
    );
    assert_eq!(
        notes(Lang::Fr),
        [
            "Non compté\u{a0}: changement d’outil (2\u{a0}×)",
            "Temps offert déduit\u{a0}: 10\u{a0}min\u{a0}00\u{a0}s",
            "Temps machine\u{a0}: 1\u{a0}×\u{a0}15\u{a0}min\u{a0}04\u{a0}s",
        ]
    );
    let json = render::json(&q, Lang::Fr);
    for said in [
        "\"wait\": \"tool-change\"",
        "\"unit\": \"minute\"",
        "\"seconds\": 600",
    ] {
        assert!(json.contains(said), "{json}");
    }
}

#[test]
fn a_rate_of_tax_keeps_its_decimals() {
    for (percent, written) in [
        ("8.875", "8.875"),
        ("5.5", "5.50"),
        ("20", "20.00"),
        ("0", "0.00"),
    ] {
        let t = tariff(
            "rate = 1\nper = \"minute\"",
            &format!("[vat]\npercent = {percent}"),
        );
        let q = net(&t, job(60.0, 1.0, 1.0), 1);
        let row = render::csv(&q, Lang::En);
        assert!(row.contains(&format!(",{written},EUR")), "{row}");
        assert!(render::json(&q, Lang::En).contains(&format!("\"percent\": \"{written}\"")));
    }
}

proptest! {
    #[test]
    fn lines_can_be_checked_by_hand(
        rate in 0_i64..2_000_000,
        per in prop::sample::select(vec!["minute", "hour", "slice\"\nslice_minutes = \"7.5"]),
        times in prop::array::uniform4(0_u32..40),
        fee in 0_i64..100_000,
        discount in 0_u32..=100,
        vat in 0_i64..1_000_000,
        seconds in 0.0..50_000.0_f64,
        (w, h) in (0.0..380.0_f64, 0.0..380.0_f64),
        quantity in 1_u32..200,
        material in prop::sample::select(vec!["m2", "sheet"]),
    ) {
        let decimal = |parts| Amount::from_parts(parts).to_decimal(4);
        let [before, after, free, least] = times;
        let machine = format!(
            "rate = {}\nper = \"{per}\"\nbefore_minutes = {before}\nafter_minutes = {after}\n\
             free_minutes = {free}\nminimum_minutes = {least}\nstart_fee = {}\n",
            decimal(rate),
            decimal(fee),
        );
        let rest = format!(
            "{SHEETS}[customers.some]\ndiscount_percent = {discount}\n[vat]\npercent = {}\n",
            decimal(vat),
        );
        let t = tariff(&machine, &rest);
        let request = |n| Request::default().with_material(material).with_quantity(n);
        let jobs = [job(seconds, w, h), job(seconds / 3.0, h, w)];
        let q = quote(&jobs, &t, &request(quantity)).unwrap();

        let cent = Amount::from_parts(100);
        let mut sum = Amount::ZERO;
        for line in &q.lines {
            prop_assert!(line.amount >= Amount::ZERO && line.quantity >= 0);
            prop_assert_eq!(line.amount.rounded_to(cent), line.amount);
            let by_hand = i128::from(line.unit_price.parts()) * i128::from(line.quantity);
            let off = by_hand - i128::from(line.amount.parts()) * 1000;
            // At most half a cent, and the ten-thousandth that the product is kept in.
            prop_assert!(off.abs() <= 50_500, "{:?}", line);
            sum = sum + line.amount;
        }
        prop_assert_eq!(q.net, sum);
        prop_assert_eq!(q.total, q.net + q.vat.unwrap().1);
        prop_assert_eq!(q.total.rounded_to(cent), q.total);

        // More pieces never cost less, and a discount never costs more.
        let more = quote(&jobs, &t, &request(quantity + 1)).unwrap();
        prop_assert!(more.net >= q.net);
        let discounted = quote(&jobs, &t, &request(quantity).with_customer("some")).unwrap();
        prop_assert!(discounted.net <= q.net);
    }

    #[test]
    fn time_is_never_billed_short(seconds in 0.0..1e6_f64, quantity in 1_u32..50) {
        let t = tariff("rate = 1\nper = \"minute\"\nstep_minutes = 0.5", "");
        let line = &net(&t, job(seconds, 1.0, 1.0), quantity).lines[0];
        let (used, billed) = (seconds * f64::from(quantity), line.quantity as f64 * 0.06);
        prop_assert!(billed >= used - 0.001 && billed < used + 31.0, "{used} {billed}");
        prop_assert_eq!(line.quantity % 500, 0);
    }
}
