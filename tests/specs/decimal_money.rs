//! A right `Decimal` holds what its text says, up to 28 digits, and `round` goes to
//! the nearest amount, ties as asked. A right `Money` is exact up to 28 digits:
//! it adds, splits, prints and parses without losing one, and answers a typed
//! error where it cannot. A right invoice rounds each line once, adds the lines
//! as printed, and rounds tax once for each rate. How numbers are held is free.
//! Beyond 38 digits a product may be exact or an overflow, but never rounded.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use js_sys::Array;
use num_bigint::BigInt;
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::*;

use crate::zone::{self, Currency, Decimal, Money, MoneyError, Rounding};

#[path = "decimal_money/cases.rs"]
mod cases;
#[path = "decimal_money/draw.rs"]
mod draw;
#[path = "decimal_money/ends.rs"]
mod ends;
#[path = "decimal_money/exact.rs"]
mod exact;
#[path = "decimal_money/expect.rs"]
mod expect;
#[path = "decimal_money/intl.rs"]
mod intl;
#[path = "decimal_money/picture.rs"]
mod picture;
#[path = "decimal_money/properties.rs"]
mod properties;
#[path = "shared/random.rs"]
mod random;

use Currency::{Jpy, Kwd, Usd};
use Rounding::{HalfEven, HalfUp};
use cases::{
    BESIDE_A_TIE, KNOWN_ROUNDINGS, LONG_FRACTIONS, MALFORMED, PRINTED, PRODUCTS, SHARES, TIES,
    TOO_FINE, TOO_LONG,
};
use draw::{CURRENCIES, ROUNDINGS};
use ends::largest;
use exact::{number, printed, printed_units, units};
use expect::{decimal, expect_invoice, expect_printed, expect_rounded, lines, money, shown};

wasm_bindgen_test_configure!(run_in_dedicated_worker);

/// Seeds of each property here; natively there is time for more.
const SEEDS: core::ops::Range<u64> = 0..400;

/// What the page draws: rows of task, digits of the numbers, percent of wrong answers.
#[wasm_bindgen]
pub fn show() -> Array {
    picture::rows()
}

/// The reference of this spec rounds as the definition of rounding says.
#[wasm_bindgen_test]
fn the_judge_is_right_about_known_roundings() {
    for (text, half_even, half_up) in KNOWN_ROUNDINGS {
        for (rounding, expected) in [(HalfEven, half_even), (HalfUp, half_up)] {
            let judged = printed(&units(&number(text), Usd, rounding), Usd);
            assert_eq!(
                judged.as_deref(),
                Some(expected),
                "the judge is wrong about {text}, {rounding:?}"
            );
        }
    }
    let nines = "9".repeat(28).parse::<BigInt>().unwrap();
    assert_eq!(printed(&nines, Jpy), Some("9".repeat(28)));
    assert_eq!(printed(&(nines + 1), Jpy), None, "28 digits are the most");
}

/// 0.10 + 0.20 is 0.30, and ten dimes are a dollar.
#[wasm_bindgen_test]
fn a_tenth_and_two_tenths_are_three_tenths() {
    let lesson = "Most decimal fractions are no binary fractions: an f64 holds the nearest one, \
                  and the difference shows as soon as two amounts are compared.";
    let sum = money("0.10", Usd).plus(money("0.20", Usd));
    assert!(
        sum == Ok(money("0.30", Usd)),
        "0.10 + 0.20 equals 0.30, but the sum is {sum:?} and 0.30 is {:?}. {lesson}",
        money("0.30", Usd)
    );
    let dime = money("0.10", Usd);
    let dollar = (0..10).try_fold(money("0", Usd), |sum, _| sum.plus(dime));
    assert!(
        dollar == Ok(money("1", Usd)),
        "ten times 0.10 equals 1.00, but the sum is {dollar:?}. {lesson}"
    );
}

/// Numbers of one value are equal, also if one of them is a product: 0.07 times 100 is 7.
#[wasm_bindgen_test]
fn equal_numbers_are_equal() {
    for (left, right, product) in PRODUCTS {
        let answer = decimal(left).times(decimal(right));
        assert!(
            answer == Ok(decimal(product)),
            "{left} * {right} equals {product}, but the answer was {answer:?} and {product} is \
             {:?}. An invoice has one tax for each rate, so it must see that two rates are one",
            decimal(product)
        );
    }
    assert!(
        decimal("19") == decimal("19.00") && decimal("19") != decimal("1.9"),
        "19 is 19.00 and not 1.9: numbers are equal by value, not by their digits"
    );
}

/// Half a cent goes to the even neighbour or away from zero, as asked.
#[wasm_bindgen_test]
fn half_a_cent_rounds_as_asked() {
    let lesson = "1.005 lies exactly between 1.00 and 1.01. The nearest f64 does not: it is \
                  1.00499999999999989, and there is no tie left to round as asked.";
    for (text, currency, half_even, half_up) in TIES {
        expect_rounded(text, currency, HalfEven, half_even, lesson);
        expect_rounded(text, currency, HalfUp, half_up, lesson);
    }
}

/// A number beside a tie goes to the nearer side, however close it is.
#[wasm_bindgen_test]
fn beside_a_tie_the_nearer_side_wins() {
    let lesson = "The last digit decides, be it the eleventh or the 25th. Who drops it first, or rounds twice, sees a tie \
                  where there is none.";
    for rounding in [HalfEven, HalfUp] {
        for (text, expected) in BESIDE_A_TIE {
            expect_rounded(text, Usd, rounding, expected, lesson);
        }
    }
}

/// Yen have no digits after the point, dollars two, dinars three.
#[wasm_bindgen_test]
fn each_currency_has_its_digits() {
    for (currency, text, printed) in PRINTED {
        let case = format!("{text}, parsed and printed in {currency:?},");
        let lesson = "ISO 4217 says how many digits a currency has.";
        expect_printed(&case, Money::parse(text, currency), Some(printed), lesson);
    }
    for (currency, text, at) in TOO_FINE {
        let digits = currency.fraction_digits();
        let answer = Money::parse(text, currency);
        assert!(
            answer == Err(MoneyError::TooFine { at, digits }),
            "{text} has more digits than {currency:?}: expected TooFine {{ at: {at}, digits: \
             {digits} }}, the first digit too many, but the answer was {}. Parsing an amount must \
             not round it in silence",
            shown(&answer)
        );
    }
}

/// The browser, which knows ISO 4217 too, agrees about each currency's digits.
#[wasm_bindgen_test]
fn the_browser_knows_the_same_currencies() {
    for (currency, code) in [(Jpy, "JPY"), (Usd, "USD"), (Kwd, "KWD")] {
        let ours = currency.fraction_digits();
        assert_eq!(
            intl::fraction_digits(code),
            Some(ours as f64),
            "Intl.NumberFormat and fraction_digits() disagree about {code}"
        );
    }
}

/// A printed amount crosses to JavaScript as text, and `Intl` shows every digit of it.
#[wasm_bindgen_test]
fn javascript_shows_every_digit() {
    for currency in CURRENCIES {
        for text in [largest(currency), format!("-{}", largest(currency))] {
            let printed = money(&text, currency).to_string();
            let shown = intl::shown(&printed, currency.fraction_digits());
            assert_eq!(
                shown.as_deref(),
                Some(text.as_str()),
                "{text} in {currency:?}, printed and then formatted by Intl.NumberFormat, has lost \
                 digits on the way. A JavaScript number holds 15 to 17 of them; text holds all"
            );
        }
    }
}

/// Amounts of 28 digits are exact to the last one.
#[wasm_bindgen_test]
fn amounts_of_28_digits_are_exact() {
    let lesson = "28 digits do not fit an f64 (15 to 17) or an i64 (18). They fit an i128.";
    for currency in CURRENCIES {
        let largest = largest(currency);
        let less = format!("{}8", &largest[..27 + usize::from(currency != Jpy)]);
        let unit = format!("{:.1$}", 0.0, currency.fraction_digits());
        let unit = format!("{}1", &unit[..unit.len() - 1]);
        let [less, unit] = [less, unit].map(|text| (money(&text, currency), text));
        let case = format!("{} + {} in {currency:?}", less.1, unit.1);
        expect_printed(&case, less.0.plus(unit.0), Some(&largest), lesson);

        let whole = money(&largest, currency);
        let case = format!("100 percent of {largest} in {currency:?}");
        let answer = whole.percent(decimal("100"), HalfUp);
        expect_printed(&case, answer, Some(&largest), lesson);
    }
}

/// A product is rounded once, also when it has 30 digits.
#[wasm_bindgen_test]
fn long_products_are_rounded_once() {
    let lesson = "The exact product ends in .46 of a unit. Many decimal types keep 28 digits of \
                  it and say nothing: .46 becomes .5, and that is rounded once more.";
    for (text, exact) in [
        (
            "7000000000000000000000000054",
            "6930000000000000000000000053",
        ),
        (
            "-7000000000000000000000000054",
            "-6930000000000000000000000053",
        ),
    ] {
        for rounding in [HalfEven, HalfUp] {
            let case = format!("99 percent of {text} in Jpy, {rounding:?},");
            let answer = money(text, Jpy).percent(decimal("99"), rounding);
            expect_printed(&case, answer, Some(exact), lesson);

            let case = format!("{text} * 0.99 in Jpy, {rounding:?},");
            let product = decimal(text).times(decimal("0.99"));
            let answer = product.and_then(|product| product.round(Jpy, rounding));
            expect_printed(&case, answer, Some(exact), lesson);
        }
    }
}

/// Digits far after the point count, or the product is refused: no panic, no wrapping.
#[wasm_bindgen_test]
fn long_fractions_are_exact_or_refused() {
    for (left, right) in LONG_FRACTIONS {
        for currency in CURRENCIES {
            for rounding in ROUNDINGS {
                properties::expect_product("", left, right, currency, rounding);
            }
        }
    }
    // One digit more than a number may have. Holding it would be fine; dropping it is not.
    let beside_a_tie = "0.00500000000000000000000000001".parse::<Decimal>();
    let rounded = beside_a_tie.and_then(|number| number.round(Usd, HalfEven));
    assert!(
        rounded == Err(MoneyError::Overflow) || rounded == Ok(money("0.01", Usd)),
        "0.005 and a little more is 0.01 or an overflow, but the answer was {}. Digits must not \
         be dropped in silence",
        shown(&rounded)
    );
}

/// What has more than 28 digits is an overflow: no panic, no wrapping, no rounding.
#[wasm_bindgen_test]
fn too_many_digits_are_an_overflow() {
    let lesson = "Too large is an answer too. It must not be a smaller number, an infinite one or \
                  a panic.";
    for text in TOO_LONG.into_iter().chain([&*"9".repeat(400)]) {
        for text in [text.to_owned(), format!("-{text}"), format!("{text}.0")] {
            let answer = text.parse::<Decimal>();
            assert!(
                answer == Err(MoneyError::Overflow),
                "{text} has too many digits for a Decimal: expected Overflow, but the answer was \
                 {answer:?}. {lesson}"
            );
            let case = format!("{text}, parsed in Kwd,");
            if !text.contains('.') {
                expect_printed(&case, Money::parse(&text, Kwd), None, lesson);
            }
        }
    }
    // 28 digits, but 30 of them in cents.
    let nines = "9".repeat(28);
    expect_printed(
        "28 nines, parsed in Usd,",
        Money::parse(&nines, Usd),
        None,
        lesson,
    );
    let rounded = decimal(&nines).round(Usd, HalfEven);
    expect_printed("28 nines, rounded to Usd,", rounded, None, lesson);
    let rounded = decimal(&format!("{}.5", &nines[1..])).round(Usd, HalfEven);
    expect_printed(
        "27 nines and a half, rounded to Usd,",
        rounded,
        None,
        lesson,
    );
    let square = decimal(&nines).times(decimal(&nines));
    let rounded = square.and_then(|square| square.round(Jpy, HalfEven));
    expect_printed("the square of 28 nines", rounded, None, lesson);

    CURRENCIES.into_iter().for_each(ends::are_overflows);
    ends::carries_are_overflows();
}

/// Products are exact; beyond 38 digits they may be refused, never rounded.
#[wasm_bindgen_test]
fn random_products_are_exact() {
    for seed in SEEDS {
        properties::products_are_exact(seed);
    }
    for seed in SEEDS {
        properties::fractions_are_exact(seed);
    }
}

/// Percentages are exact, however fine the rate.
#[wasm_bindgen_test]
fn random_percentages_are_exact() {
    for seed in SEEDS {
        properties::percentages_are_exact(seed);
    }
}

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
            properties::expect_fair_shares("", &largest(currency), currency, parts);
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

/// What is printed parses to the same amount, and prints the same again.
#[wasm_bindgen_test]
fn print_and_parse_round_trip() {
    for (text, currency) in [("0", Jpy), ("0.00", Usd), ("-0.01", Usd), ("-7", Jpy)] {
        properties::expect_round_trip("", text, currency);
    }
    for text in ["-0", "-0.00", "-0.000"] {
        let zero = Money::parse(text, Kwd);
        expect_printed(
            text,
            zero,
            Some("0.000"),
            "Nothing is neither above nor below zero.",
        );
    }
    let tiny = decimal("-0.004").round(Usd, HalfEven);
    expect_printed(
        "-0.004 in Usd",
        tiny,
        Some("0.00"),
        "Nobody owes minus nothing.",
    );
    for seed in SEEDS {
        properties::printed_amounts_parse(seed);
    }
}

/// Text that is no decimal number is refused, with the place and what stands there.
#[wasm_bindgen_test]
fn bad_text_is_refused_with_the_place() {
    for (text, at) in MALFORMED {
        let found = text[at..].chars().next();
        let expected = MoneyError::Malformed { at, found };
        for (what, answer) in [
            ("Money::parse", Money::parse(text, Kwd).err()),
            ("Decimal's from_str", text.parse::<Decimal>().err()),
        ] {
            assert!(
                answer == Some(expected),
                "{what} must refuse {text:?} with {expected:?}, but answered {answer:?}. A parser \
                 that guesses turns somebody's typing error into somebody's money"
            );
        }
    }
    let message = MoneyError::Malformed {
        at: 3,
        found: Some('€'),
    }
    .to_string();
    assert!(
        message.contains('3') && message.contains('€'),
        "the error's text must say where and what, for whoever typed it: {message:?}"
    );
}

/// Lines add up to the net as they are printed, net and taxes to the total.
#[wasm_bindgen_test]
fn an_invoice_adds_up() {
    let line = |quantity: &str, price: &str, tax: &str| [quantity, price, tax].map(str::to_owned);
    let texts = [
        line("3", "0.335", "19"),     // 1.005: a tie in the line
        line("37.415", "1.869", "7"), // litres of fuel, priced finer than cents
        line("0.1", "0.2", "19"),
        line("-1", "2.50", "19"),          // a return
        line("1000000", "0.0000015", "0"), // calls of a service
    ];
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

/// Random invoices are what exact arithmetic makes of them.
#[wasm_bindgen_test]
fn random_invoices_match_exact_arithmetic() {
    for seed in SEEDS {
        properties::invoices_are_exact(seed);
    }
}

/// Random numbers round as exact arithmetic does, most of them at or beside a tie.
#[wasm_bindgen_test]
fn random_roundings_match_exact_arithmetic() {
    for seed in SEEDS {
        properties::roundings_are_exact(seed);
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
