//! Numbers and texts that money gets wrong, with the right answers.

use contract::Currency::{self, Jpy, Kwd, Usd};
use contract::MoneyError;
use contract::Rounding::{HalfEven, HalfUp};

use super::expect::{decimal, money};
use crate::zone::{Decimal, Money};

/// Texts, and what they are in cents: half to even, half up.
pub const KNOWN_ROUNDINGS: [(&str, &str, &str); 8] = [
    ("1.005", "1.00", "1.01"),
    ("1.015", "1.02", "1.02"),
    ("-1.005", "-1.00", "-1.01"),
    ("-0.005", "0.00", "-0.01"),
    ("1.0049999999999999999999", "1.00", "1.00"),
    ("1.0050000000000000000001", "1.01", "1.01"),
    ("-1.0050000000000000000001", "-1.01", "-1.01"),
    ("7", "7.00", "7.00"),
];

/// Numbers halfway between two amounts, which they are half to even, and half up.
pub const TIES: [(&str, Currency, &str, &str); 14] = [
    ("1.005", Usd, "1.00", "1.01"),
    ("1.015", Usd, "1.02", "1.02"),
    ("1.025", Usd, "1.02", "1.03"),
    ("2.675", Usd, "2.68", "2.68"),
    ("0.125", Usd, "0.12", "0.13"),
    ("8.345", Usd, "8.34", "8.35"),
    ("-1.005", Usd, "-1.00", "-1.01"),
    ("-1.015", Usd, "-1.02", "-1.02"),
    ("-0.125", Usd, "-0.12", "-0.13"),
    ("0.5", Jpy, "0", "1"),
    ("1.5", Jpy, "2", "2"),
    ("-2.5", Jpy, "-2", "-3"),
    ("1.0005", Kwd, "1.000", "1.001"),
    ("4.0355", Kwd, "4.036", "4.036"),
];

/// Numbers beside a tie, and what they are in cents.
pub const BESIDE_A_TIE: [(&str, &str); 8] = [
    ("1.0049999999", "1.00"),
    ("1.0050000001", "1.01"),
    ("1.004999999999999999999999", "1.00"),
    ("1.005000000000000000000001", "1.01"),
    ("-1.004999999999999999999999", "-1.00"),
    ("-1.005000000000000000000001", "-1.01"),
    ("0.0049999999999999999999999999", "0.00"),
    ("0.0000000000000000000000000001", "0.00"),
];

/// Texts, and how the currency prints them.
pub const PRINTED: [(Currency, &str, &str); 7] = [
    (Jpy, "1234", "1234"),
    (Usd, "1234", "1234.00"),
    (Kwd, "1234", "1234.000"),
    (Usd, "0.05", "0.05"),
    (Usd, "0.5", "0.50"),
    (Kwd, "0.005", "0.005"),
    (Kwd, "-0.05", "-0.050"),
];

/// Texts with more digits than the currency, and the first byte that is too much.
pub const TOO_FINE: [(Currency, &str, usize); 4] = [
    (Jpy, "12.0", 3),
    (Usd, "1.005", 4),
    (Usd, "-1.000", 5),
    (Kwd, "0.0005", 5),
];

/// Factors and a text that says their product.
pub const PRODUCTS: [(&str, &str, &str); 7] = [
    ("0.07", "100", "7"),
    ("0.5", "2", "1"),
    ("2.5", "-0.4", "-1.00"),
    ("1.25", "0.8", "1.0"),
    ("0", "0.19", "0"),
    ("-0.01", "0.0", "0"),
    ("1.10", "1.10", "1.21"),
];

/// Factors with many digits after the point: an `i128` holds the product, or nearly.
pub const LONG_FRACTIONS: [(&str, &str); 5] = [
    ("0.9999999999999999999", "0.9999999999999999999"),
    ("0.7071067811865475244", "0.7071067811865475244"),
    ("-0.9999999999999999999", "1.4999999999999999999"),
    (
        "0.0000000000000000000000000001",
        "0.0000000000000000000000000001",
    ),
    (
        "0.0000000000000000000000000001",
        "-9999999999999999999999999999",
    ),
];

/// Rates that are finer than ten places, amounts in dollars, and the percentages: half to even,
/// half up.
pub const FINE_RATES: [(&str, &str, &str, &str); 6] = [
    ("0.00500000001", "100.00", "0.01", "0.01"),
    ("0.0050000000000000001", "100.00", "0.01", "0.01"),
    ("0.0149999999999999999999999999", "100.00", "0.01", "0.01"),
    (
        "-0.0050000000000000000000000001",
        "100.00",
        "-0.01",
        "-0.01",
    ),
    ("0.0000000000125", "100000000000.00", "0.01", "0.01"),
    ("0.0000000000125", "-12000000000000.00", "-1.50", "-1.50"),
];

/// Lines whose sums leave the range in some orders and come back: quantity, price in yen, tax.
pub const ANY_ORDER: [[[&str; 3]; 3]; 2] = [
    [
        ["1", "9999999999999999999999999999", "0"],
        ["3", "2", "0"],
        ["-1", "7", "0"],
    ],
    [
        ["8", "1000000000000000000000000000", "0"],
        ["5", "1000000000000000000000000000", "30"],
        ["-4", "1000000000000000000000000000", "25"],
    ],
];

/// Whole numbers of more than 28 digits.
pub const TOO_LONG: [&str; 5] = [
    "10000000000000000000000000000",               // 29 digits
    "18446744073709551616000000000",               // 2^64, shifted
    "170141183460469231731687303715884105728",     // 2^127
    "340282366920938463463374607431768211457",     // 2^128 + 1
    "1000000000000000000000000000000000000000001", // more than any i128
];

/// Amounts, over how many, the largest share and the smallest.
pub const SHARES: [(&str, Currency, usize, &str, &str); 6] = [
    ("100.00", Usd, 3, "33.34", "33.33"),
    ("0.05", Usd, 3, "0.02", "0.01"),
    ("-100.00", Usd, 3, "-33.33", "-33.34"),
    ("2", Jpy, 3, "1", "0"),
    ("1.000", Kwd, 7, "0.143", "0.142"),
    ("0.00", Usd, 4, "0.00", "0.00"),
];

/// What is no decimal number, and the first byte that is wrong.
pub const MALFORMED: [(&str, usize); 33] = [
    ("", 0),
    ("-", 1),
    ("+1", 0),
    ("--1", 1),
    (".5", 0),
    ("-.5", 1),
    ("5.", 2),
    (".", 0),
    ("1.2.3", 3),
    ("1,5", 1),
    ("1,000.00", 1),
    ("1 000", 1),
    ("1_000", 1),
    (" 1", 0),
    ("1 ", 1),
    ("1\n", 1),
    ("1.-5", 2),
    ("1e3", 1),
    ("0x10", 1),
    ("12-", 2),
    ("NaN", 0),
    ("inf", 0),
    ("-infinity", 1),
    ("$5", 0),
    ("5 USD", 1),
    ("5€", 1),
    ("−5", 0),   // a minus sign, but not the one on the keyboard
    ("１２", 0), // digits, but not those of ASCII
    ("1.٣", 2),
    ("1\0", 1),
    ("+-1", 0),
    ("-+1", 1),
    ("1.+5", 2),
];

/// Ways to nothing from below, each with its name.
pub fn minus_nothing(currency: Currency) -> Vec<(String, Result<Money, MoneyError>)> {
    let zero = format!("-{:.1$}", 0.0, currency.fraction_digits());
    let cent = decimal("1").round(currency, HalfUp);
    let tiny = decimal("-0.0004").round(currency, HalfEven);
    let share = money(&zero, currency).split(3).map(|shares| shares[2]);
    vec![
        (format!("-0 in {currency:?}"), Money::parse("-0", currency)),
        (
            format!("{zero} in {currency:?}"),
            Money::parse(&zero, currency),
        ),
        (format!("-0.0004 in {currency:?}, rounded,"), tiny),
        (
            format!("1 + -1 in {currency:?}"),
            cent.and_then(|one| one.plus(money("-1", currency))),
        ),
        (
            format!("-5 percent of 0 in {currency:?}"),
            money("0", currency).percent(decimal("-5"), HalfEven),
        ),
        (
            format!("-0 percent of 5 in {currency:?}"),
            money("5", currency).percent(decimal("-0"), HalfUp),
        ),
        (format!("a third of {zero} in {currency:?}"), share),
    ]
}

/// Numbers with forty zeros that change nothing, and the same without them.
pub fn zeros() -> Vec<(String, String)> {
    let (zeros, nines) = ("0".repeat(40), "9".repeat(28));
    let half = format!("{}.5", "9".repeat(27));
    let one = format!("1{}", "0".repeat(27));
    let tiny = format!("0.{}1", "0".repeat(27));
    let mut pairs = vec![
        (format!("0.{zeros}"), "0".to_owned()),
        (format!("{zeros}.{zeros}"), "0".to_owned()),
    ];
    for sign in ["", "-"] {
        for plain in ["1.5", &nines, &half, &one, &tiny] {
            let point = if plain.contains('.') { "" } else { "." };
            let right = format!("{sign}{plain}");
            pairs.push((format!("{sign}{zeros}{plain}"), right.clone()));
            pairs.push((format!("{sign}{plain}{point}{zeros}"), right.clone()));
            pairs.push((format!("{sign}{zeros}{plain}{point}{zeros}"), right));
        }
    }
    pairs
}

/// Long numbers, no two of them equal. Put on one scale, many of them leave an `i128`.
pub fn long_numbers() -> Vec<(String, Decimal)> {
    let nines = "9".repeat(28);
    let texts = [
        nines.clone(),
        format!("-{nines}"),
        format!("{}8", &nines[1..]),
        format!("0.{nines}"),
        format!("0.{}8", &nines[1..]),
        format!("{}.{}", &nines[..14], &nines[14..]),
        format!("{}.{}", &nines[..13], &nines[13..]),
        format!("-{}.{}", &nines[..13], &nines[13..]),
        format!("{}.{}8", &nines[..13], &nines[14..]),
        format!("0.{}1", "0".repeat(27)),
        format!("-0.{}1", "0".repeat(27)),
        format!("0.{}2", "0".repeat(27)),
        format!("1{}", "0".repeat(27)),
        format!("1.{}1", "0".repeat(26)),
        "1".to_owned(),
        "0".to_owned(),
    ];
    texts.map(|text| (text.clone(), decimal(&text))).into()
}
