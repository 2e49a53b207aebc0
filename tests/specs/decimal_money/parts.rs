//! The parts make the whole

use contract::Currency::{Jpy, Kwd, Usd};
use contract::MoneyError;
use contract::Rounding::{HalfEven, HalfUp};
use wasm_bindgen_test::*;

use super::SEEDS;
use super::cases::{ANY_ORDER, SHARES};
use super::draw::CURRENCIES;
use super::ends::largest;
use super::exact::printed_units;
use super::expect::{expect_invoice, lines, money, orders, shown, texts};
use super::properties;
use crate::zone::{self, Money};

/// Shares sum to the whole and differ by one minor unit at most.
#[wasm_bindgen_test]
fn shares_sum_to_the_whole() {
    for (text, currency, parts, largest, smallest) in SHARES {
        properties::expect_fair_shares("", text, currency, parts);
        let mut shares: Vec<String> = money(text, currency)
            .split(parts)
            .unwrap()
            .iter()
            .map(Money::to_string)
            .collect();
        shares.sort_by_key(|share| printed_units(share));
        let ends = (shares.last().unwrap().as_str(), shares[0].as_str());
        assert!(
            ends == (largest, smallest),
            "{text} in {currency:?} over {parts}: the shares should lie between {smallest} and \
             {largest}, but are {shares:?}. Who rounds every share, or gives one of them all that \
             is left over, is not fair"
        );
    }
    for currency in CURRENCIES {
        for parts in [1, 2, 3, 7, 1000] {
            for text in [largest(currency), format!("-{}", largest(currency))] {
                properties::expect_fair_shares("", &text, currency, parts);
            }
        }
    }
    assert!(
        money("1", Usd).split(0) == Err(MoneyError::NoParts),
        "splitting over 0 parts must answer NoParts, but answered {:?}",
        money("1", Usd).split(0)
    );
}

/// Random amounts over random parts sum to the whole too.
#[wasm_bindgen_test]
fn random_shares_sum_to_the_whole() {
    for seed in SEEDS {
        properties::shares_sum_to_the_whole(seed);
    }
}

/// Lines add up to the net as they are printed, net and taxes to the total.
#[wasm_bindgen_test]
fn an_invoice_adds_up() {
    let texts = texts([
        ["3", "0.335", "19"],     // 1.005: a tie in the line
        ["37.415", "1.869", "7"], // litres of fuel, priced finer than cents
        ["0.1", "0.2", "19"],
        ["-1", "2.50", "19"],          // a return
        ["1000000", "0.0000015", "0"], // calls of a service
    ]);
    for rounding in [HalfEven, HalfUp] {
        for currency in [Usd, Jpy, Kwd] {
            expect_invoice("an invoice of five lines", &texts, currency, rounding);
        }
    }
    let dollars = zone::invoice(&lines(&texts), Usd, HalfUp).unwrap();
    let printed = [dollars.net, dollars.total].map(|amount| amount.to_string());
    assert_eq!(
        printed,
        ["69.96", "74.58"],
        "net and total of an invoice whose sums were made by hand"
    );
    expect_invoice("an invoice of no lines", &[], Usd, HalfEven);
}

/// Tax is rounded once for each rate, on the sum of its lines, never line by line.
#[wasm_bindgen_test]
fn tax_is_rounded_once_for_each_rate() {
    for (price, lines, currency) in [
        ("0.03", 3, Usd),
        ("0.50", 3, Usd),
        ("0.10", 7, Usd),
        ("12", 5, Jpy),
    ] {
        for spelling in [
            ["19", "19"],
            ["19", "19.00"],
            ["8.875", "8.87"],
            ["8.875", "8.88"],
        ] {
            let texts: Vec<_> = (0..lines)
                .map(|index| ["1", price, spelling[index % 2]].map(str::to_owned))
                .collect();
            for rounding in [HalfEven, HalfUp] {
                let case = format!("{lines} lines of {price}");
                expect_invoice(&case, &texts, currency, rounding);
            }
        }
    }
}

/// The order of the lines changes no amount, also at the end of the range.
#[wasm_bindgen_test]
fn the_order_of_the_lines_changes_no_amount() {
    for invoice in ANY_ORDER {
        for texts in orders(invoice) {
            expect_invoice("an invoice at the end of the range", &texts, Jpy, HalfEven);
        }
    }
}

/// Random invoices are what exact arithmetic makes of them.
#[wasm_bindgen_test]
fn random_invoices_match_exact_arithmetic() {
    for seed in SEEDS {
        properties::invoices_are_exact(seed);
    }
}

/// Two currencies have no sum.
#[wasm_bindgen_test]
fn currencies_do_not_mix() {
    for left in CURRENCIES {
        for right in CURRENCIES.into_iter().filter(|&right| right != left) {
            for [a, b] in [["1", "1"], ["0", "1"], ["1", "0"], ["0", "0"]] {
                let (a, b) = (money(a, left), money(b, right));
                let sum = a.plus(b);
                assert!(
                    sum == Err(MoneyError::CurrencyMismatch { left, right }),
                    "{a} {left:?} and {b} {right:?} have no sum, not even if one is nothing: \
                     expected CurrencyMismatch, but the answer was {}",
                    shown(&sum)
                );
                assert!(a != b, "{a} {left:?} and {b} {right:?} are not equal");
            }
        }
    }
}
