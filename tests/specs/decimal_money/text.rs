//! Text in, text out

use contract::Currency::{Jpy, Kwd, Usd};
use contract::MoneyError;
use contract::Rounding::HalfEven;
use wasm_bindgen_test::*;

use super::SEEDS;
use super::cases::{MALFORMED, PRINTED, TOO_FINE, minus_nothing, zeros};
use super::draw::CURRENCIES;
use super::ends::largest;
use super::expect::{decimal, expect_equal, expect_printed, lines, money, shown, texts};
use super::{intl, properties};
use crate::zone::{self, Decimal, Money};

/// What is printed parses to the same amount, and prints the same again.
#[wasm_bindgen_test]
fn print_and_parse_round_trip() {
    for (text, currency) in [("0", Jpy), ("0.00", Usd), ("-0.01", Usd), ("-7", Jpy)] {
        properties::expect_round_trip("", text, currency);
    }
    for seed in SEEDS {
        properties::printed_amounts_parse(seed);
    }
}

/// Minus nothing is nothing: as an amount, a number and a rate.
#[wasm_bindgen_test]
fn minus_nothing_is_nothing() {
    let lesson = "Nothing is neither above nor below zero: -0 equals 0 and prints without a sign.";
    for currency in CURRENCIES {
        let nothing = money("0", currency).to_string();
        for (case, answer) in minus_nothing(currency) {
            expect_printed(&case, answer.clone(), Some(&nothing), lesson);
            assert!(
                answer == Ok(money("0", currency)),
                "{case} equals {nothing}, but comparing them says no. {lesson}"
            );
        }
    }
    for text in ["-0", "-0.0", &format!("-0.{}", "0".repeat(40))] {
        expect_equal(text, text.parse(), "0", lesson);
        expect_equal(
            &format!("{text} * 5"),
            decimal(text).times(decimal("5")),
            "0",
            lesson,
        );
    }
    expect_equal("-0.5 * 0", decimal("-0.5").times(decimal("0")), "0", lesson);
    let rates = texts([["1", "1", "0"], ["1", "1", "-0"], ["1", "1", "-0.00"]]);
    let rates = zone::invoice(&lines(&rates), Usd, HalfEven)
        .unwrap()
        .taxes
        .len();
    assert!(
        rates == 1,
        "lines taxed at 0, -0 and -0.00 percent have one rate, but the invoice says {rates}. {lesson}"
    );
}

/// Zeros that change nothing do not count as digits, however many there are.
#[wasm_bindgen_test]
fn zeros_that_change_nothing_do_not_count() {
    let lesson = "28 digits are the most, but zeros in front of a number or at the end of its \
                  fraction say nothing. Forty of them are as good as none.";
    for (text, plain) in zeros() {
        expect_equal(&text, text.parse(), &plain, lesson);
    }
    let zeros = "0".repeat(40);
    for (text, currency) in [
        ("1.50".to_owned(), Usd),
        (largest(Usd), Usd),
        (largest(Jpy), Jpy),
    ] {
        for sign in ["", "-"] {
            let long = format!("{sign}{zeros}{text}");
            let case = format!("{long} in {currency:?}");
            let right = format!("{sign}{text}");
            expect_printed(&case, Money::parse(&long, currency), Some(&right), lesson);
        }
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

/// The browser, which knows ISO 4217 too, gives a currency as many digits as are printed.
#[wasm_bindgen_test]
fn the_browser_knows_the_same_currencies() {
    for (currency, code) in [(Jpy, "JPY"), (Usd, "USD"), (Kwd, "KWD")] {
        let printed = money("7", currency).to_string();
        let digits = printed
            .split_once('.')
            .map_or(0, |(_, digits)| digits.len());
        assert_eq!(
            intl::fraction_digits(code),
            Some(digits as f64),
            "Intl.NumberFormat gives {code} another number of digits than {printed} has"
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
