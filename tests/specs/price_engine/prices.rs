//! What a basket costs

use super::expect::{SMALL, costs, engine, numbers, quoted};
use super::trace::{DIGEST, digest, requests, shop};
use contract::{Line, LinePrice};
use wasm_bindgen_test::*;

/// From a tier's quantity on, each piece costs what the tier says. Each line counts for itself.
#[wasm_bindgen_test]
fn tiers_set_the_price_of_a_piece() {
    let rules: String = SMALL
        .lines()
        .filter(|line| !line.starts_with("promo"))
        .map(|line| format!("{line}\n"))
        .collect();
    let engine = engine(&rules);
    for (quantity, net) in [(1, 335), (9, 3015), (10, 2990), (49, 14651), (50, 12500)] {
        let answer = quoted(&engine, "DE", &[(1, quantity)]);
        let found = answer.totals().net;
        assert!(
            found == net,
            "{quantity} pens are {net} cents: 3.35 each, from 10 on 2.99, from 50 on 2.50. The quote says {found}."
        );
    }
    costs(
        &engine,
        "DK",
        &[(1, 5), (1, 5)],
        [0, 3350, 838, 4188],
        "Two lines of 5 are not a line of 10: each has its own quantity.",
    );
}

/// Of the promotions that fit a line, the one with the lowest rank applies, alone.
#[wasm_bindgen_test]
fn the_lowest_rank_applies_alone() {
    let engine = engine(SMALL);
    let why = "From 20 pens on rank 1 takes 5% off, from 5 on rank 2 takes 10%, and from 100 of anything on rank 3 takes 1%.";
    for (basket, discount, net) in [
        ((1, 4), 0, 1340),
        ((1, 5), 168, 1507),
        ((1, 20), 299, 5681),
        ((1, 100), 1250, 23750),
        ((2, 100), 2000, 198_000),
    ] {
        let totals = quoted(&engine, "DK", &[basket]).totals();
        assert!(
            (totals.discount, totals.net) == (discount, net),
            "{basket:?}: {discount} cents are taken off and {net} are left; the quote says {} and {}. {why}",
            totals.discount,
            totals.net,
        );
    }
}

/// Tax depends on the destination and on the class of each item, and is rounded once for a class.
#[wasm_bindgen_test]
fn tax_is_rounded_once_for_a_class() {
    let engine = engine(SMALL);
    let why = "Tax is of the sum of a class's lines, rounded once.";
    costs(&engine, "DE", &[(1, 1)], [0, 335, 64, 399], why);
    costs(
        &engine,
        "DE",
        &[(1, 1), (1, 1), (1, 1)],
        [0, 1005, 191, 1196],
        why,
    );
    costs(
        &engine,
        "DE",
        &[(1, 1), (2, 1), (3, 1)],
        [0, 2430, 204, 2634],
        why,
    );
    costs(
        &engine,
        "DK",
        &[(1, 1), (2, 1), (3, 1)],
        [0, 2430, 584, 3014],
        why,
    );
    costs(
        &engine,
        "DE",
        &[(3, 3)],
        [0, 285, 0, 285],
        "Stamps are not taxed.",
    );
}

/// Halves go where the shop says.
#[wasm_bindgen_test]
fn halves_go_where_the_shop_says() {
    let shop = |policy| {
        engine(&format!(
            "shop s currency=USD rounding={policy}\nitem a id=1 class=standard price=0.10\n\
             promo half rank=1 from=5 percent=45\ntax us to=US standard=5 reduced=0\n"
        ))
    };
    let why = "45% of 50 is 22.5, and 5% of 10 and of 30 are 0.5 and 1.5.";
    for (policy, few, more, many) in [
        ("half-even", [0, 10, 0, 10], [0, 30, 2, 32], [22, 28, 1, 29]),
        ("half-up", [0, 10, 1, 11], [0, 30, 2, 32], [23, 27, 1, 28]),
    ] {
        let engine = shop(policy);
        costs(&engine, "US", &[(1, 1)], few, why);
        costs(&engine, "US", &[(1, 3)], more, why);
        costs(&engine, "US", &[(1, 5)], many, why);
    }
}

/// Amounts are whole minor units of the shop's currency: yen have no digits after the point, dinars three.
#[wasm_bindgen_test]
fn each_currency_has_its_minor_units() {
    for (currency, price, net) in [
        ("JPY", "120", 120),
        ("USD", "1.2", 120),
        ("KWD", "1.205", 1205),
    ] {
        let engine = engine(&format!(
            "shop s currency={currency} rounding=half-up\nitem a id=1 class=zero price={price}\n\
             tax here to=DE standard=0 reduced=0\n"
        ));
        costs(&engine, "DE", &[(1, 2)], [0, net * 2, 0, net * 2], currency);
    }
}

/// The answer has each line with its price, in the order of the basket, and they add up. An empty basket costs
/// nothing.
#[wasm_bindgen_test]
fn each_line_has_its_price() {
    let engine = engine(SMALL);
    let basket = [(2, 1), (1, 20), (2, 1), (3, 100)];
    let prices = [
        [2000, 0, 2000],
        [299, 299, 5681],
        [2000, 0, 2000],
        [95, 95, 9405],
    ];
    let due: Vec<LinePrice> = basket
        .iter()
        .zip(prices)
        .map(|(&(item, quantity), [unit, discount, net])| LinePrice {
            line: Line { item, quantity },
            unit,
            discount,
            net,
        })
        .collect();
    let answer = quoted(&engine, "DE", &basket);
    assert!(
        answer.lines() == due,
        "the lines of {basket:?} are {due:?}, but the answer has {:?}",
        answer.lines()
    );
    let totals = answer.totals();
    assert!(
        (totals.discount, totals.net) == (394, 19_086) && totals.total == totals.net + totals.tax,
        "the discounts of the lines add up to 394 and their nets to 19086, but the totals are {totals:?}"
    );
    let empty = quoted(&engine, "DE", &[]);
    assert!(
        empty.lines().is_empty() && empty.totals().total == 0,
        "an empty basket costs nothing, and the answer was {:?}",
        empty.totals()
    );
}

/// Two hundred requests from a seed, to a shop of 20 items, give the same numbers in every engine, natively and
/// in plain JavaScript.
#[wasm_bindgen_test]
fn the_trace_has_the_same_numbers_everywhere() {
    let engine = engine(&shop(20));
    let found = digest(
        requests(67, 20, 200)
            .iter()
            .flat_map(|request| numbers(&engine, request)),
    );
    assert!(
        found == DIGEST,
        "200 quotes have the digest {found:#018x}, and {DIGEST:#018x} elsewhere: at least one number differs. The \
         other rules of this group say which kind."
    );
}
