//! Text, digit by digit

use contract::ParseError;
use wasm_bindgen_test::*;

use super::cases::{
    BEYOND, ENDS_OF_TEXT, EXACT_TEXT, HALF_WRITTEN, INEXACT_SCIENTIFIC, INEXACT_TEXT, NONSENSE,
    PRINTED, SCIENTIFIC, far_nonsense, long_scientific, zeros,
};
use super::exact::{self, ROUNDINGS, Shown, in_range, rounded};
use super::expect::{
    expect_read, expect_read_or_malformed, expect_rounded, expect_rounded_or_malformed,
};
use super::random::Random;
use crate::zone::Micros;

/// Text is read as it is written, with no binary float in between.
#[wasm_bindgen_test]
fn text_is_read_digit_by_digit() {
    let lesson = "An f64 on the way holds 53 bits, and no decimal fraction but halves, quarters \
                  and the like. It rounds before you do.";
    for (text, rights) in INEXACT_TEXT {
        for (how, right) in ROUNDINGS.into_iter().zip(rights) {
            expect_rounded("", text, how, Ok(right), lesson);
        }
    }
    let exact = EXACT_TEXT.map(|(text, right)| (text.to_owned(), right));
    for (text, right) in zeros().into_iter().chain(exact) {
        expect_read("", &text, Ok(right), lesson);
        for how in ROUNDINGS {
            expect_rounded("", &text, how, Ok(right), lesson);
        }
    }
}

/// A digit beyond the sixth place is refused, or rounded as asked: never dropped in silence.
#[wasm_bindgen_test]
fn digits_beyond_the_sixth_place_are_never_dropped_in_silence() {
    for (text, _) in INEXACT_TEXT {
        expect_read(
            "",
            text,
            Err(ParseError::TooPrecise),
            "Somebody wrote those digits. If they do not fit and nobody said how to round, the \
             honest answer is that they do not fit.",
        );
    }
    let zeros = "0".repeat(400);
    let above_half = format!("0.0000005{zeros}1");
    let below_half = format!("0.0000014{}", "9".repeat(400));
    let below_zero = format!("-0.{zeros}1");
    for (text, rights) in [
        (above_half, [1, 0, 0]),
        (below_half, [1, 1, 1]),
        (below_zero, [0, 0, -1]),
    ] {
        let refused = Err(ParseError::TooPrecise);
        expect_read(
            "",
            &text,
            refused,
            "The last digit counts, wherever it stands.",
        );
        for (how, right) in ROUNDINGS.into_iter().zip(rights) {
            let lesson = "The last digit counts, wherever it stands.";
            expect_rounded("", &text, how, Ok(right), lesson);
        }
    }
}

/// JavaScript writes 0.0000001 as `1e-7`: that is read exactly or refused, but is not 0.
#[wasm_bindgen_test]
fn scientific_notation_is_read_exactly_or_refused() {
    let lesson = "`String(0.0000001)` is \"1e-7\" in JavaScript, so such text will come.";
    for (text, right) in SCIENTIFIC {
        expect_read_or_malformed(text, right, lesson);
    }
    for (text, right) in long_scientific() {
        expect_read_or_malformed(&text, right, lesson);
    }
    for (text, rights) in INEXACT_SCIENTIFIC {
        for (how, right) in ROUNDINGS.into_iter().zip(rights) {
            expect_rounded_or_malformed(text, how, right, lesson);
        }
    }
}

/// Text beyond the range is `OutOfRange`, however long; at the very end rounding decides.
#[wasm_bindgen_test]
fn text_beyond_the_range_is_refused() {
    let lesson = "The nearest number that fits is not what was written.";
    let long = "1".repeat(400);
    for text in BEYOND.into_iter().chain([&*long]) {
        expect_read("", text, Err(ParseError::OutOfRange), lesson);
        for how in ROUNDINGS {
            expect_rounded("", text, how, Err(ParseError::OutOfRange), lesson);
        }
    }
    for (text, rights) in ENDS_OF_TEXT {
        for (how, right) in ROUNDINGS.into_iter().zip(rights) {
            expect_rounded("", text, how, right, lesson);
        }
    }
}

/// What is no decimal number is `Malformed`, even if a float parser takes it.
#[wasm_bindgen_test]
fn nonsense_is_refused() {
    let lesson = "A float's parser knows NaN and inf; cast to an integer they are 0 and the \
                  largest number.";
    for text in NONSENSE {
        expect_read("", text, Err(ParseError::Malformed), lesson);
        for how in ROUNDINGS {
            expect_rounded("", text, how, Err(ParseError::Malformed), lesson);
        }
    }
    for text in far_nonsense() {
        let lesson = "Text is read to its end, also where its digits are too many or too fine: \
                      whoever stops early takes half of it.";
        expect_read("", &text, Err(ParseError::Malformed), lesson);
        for how in ROUNDINGS {
            expect_rounded("", &text, how, Err(ParseError::Malformed), lesson);
        }
    }
    for (text, right) in HALF_WRITTEN {
        expect_read_or_malformed(text, Ok(right), "Take it or leave it, but take it whole.");
    }
}

/// Random decimals with up to 15 places, against exact fractions.
#[wasm_bindgen_test]
fn random_text_matches_exact_fractions() {
    for seed in 1..=4 {
        let mut random = Random::new(seed);
        for at in 0..3_000 {
            let (text, numerator, denominator) = random.decimal();
            for how in ROUNDINGS {
                let right = in_range(rounded(numerator * exact::SCALE, denominator, how.0));
                expect_rounded(
                    format_args!("(seed {seed}, text {at}) "),
                    &text,
                    how,
                    right.ok_or(ParseError::OutOfRange),
                    "The judge took the text for an exact fraction and rounded it once.",
                );
            }
        }
    }
}

/// What is printed is exact, plain, and reads back as the same number.
#[wasm_bindgen_test]
fn every_number_survives_printing_and_reading() {
    for (raw, text) in PRINTED {
        let printed = Micros::from_raw(raw).to_string();
        assert!(
            printed == text,
            "{raw} millionths print as {text:?}, but came as {printed:?}"
        );
    }
    for seed in 1..=2 {
        let mut random = Random::new(seed);
        for at in 0..5_000 {
            let value = Micros::from_raw(random.any_i64());
            let again = value.to_string().parse();
            assert!(
                again == Ok(value),
                "(seed {seed}, number {at}) {} printed as {:?} and was read back as {again:?}",
                Shown(value.raw()),
                value.to_string(),
            );
        }
    }
}
