//! Properties over random amounts, each for one seed. The spec tries some hundred
//! seeds in the browser, and `solutions/decimal-money/tests/native.rs` many more natively.

use num_bigint::BigInt;

use super::draw::{CURRENCIES, Draw, ROUNDINGS};
use super::exact::{number, printed, printed_units, units};
use super::expect::{decimal, expect_invoice, expect_printed, money};
use contract::{Currency, MoneyError, PRODUCT_DIGITS, Rounding};

/// A number at or beside a tie rounds as the definition says.
#[track_caller]
pub fn roundings_are_exact(seed: u64) {
    let mut draw = Draw::new(seed);
    let currency = draw.pick(&CURRENCIES);
    for _ in 0..4 {
        let text = match draw.below(4) {
            0 => draw.number(28, 28),
            _ => draw.near_tie(currency),
        };
        for rounding in ROUNDINGS {
            let exact = printed(&units(&number(&text), currency, rounding), currency);
            let case = format!("seed {seed}: {text} in {currency:?}, {rounding:?},");
            let answer = decimal(&text).round(currency, rounding);
            let lesson = "Rounding sees all digits at once, and rounds once.";
            expect_printed(&case, answer, exact.as_deref(), lesson);
        }
    }
}

/// A rounded product of two numbers is exact, or an overflow if it is too long.
#[track_caller]
pub fn products_are_exact(seed: u64) {
    let mut draw = Draw::new(seed);
    let currency = draw.pick(&CURRENCIES);
    let rounding = draw.pick(&ROUNDINGS);
    let most = draw.pick(&[8, 14, 19, 28]);
    let (left, right) = match draw.below(2) {
        0 => (draw.number(most, 10), draw.number(most, 10)),
        // A long amount and a rate: the product has more digits than the answer.
        _ => {
            let places = currency.fraction_digits();
            let whole = 28 - places - draw.below(4);
            let rate = format!("0.{}", draw.positive(9, 0));
            (draw.positive(whole, places), rate)
        }
    };
    expect_product(&format!("seed {seed}: "), &left, &right, currency, rounding);
}

/// The same for factors with any number of digits after the point.
#[track_caller]
pub fn fractions_are_exact(seed: u64) {
    let mut draw = Draw::new(seed);
    let (currency, rounding) = (draw.pick(&CURRENCIES), draw.pick(&ROUNDINGS));
    let (left, right) = (draw.number(28, 27), draw.number(28, 27));
    expect_product(&format!("seed {seed}: "), &left, &right, currency, rounding);
}

/// Fails unless the rounded product is exact, or refused because it is too long.
#[track_caller]
pub fn expect_product(seed: &str, left: &str, right: &str, currency: Currency, rounding: Rounding) {
    let product = decimal(left).times(decimal(right));
    let answer = product.and_then(|product| product.round(currency, rounding));
    if answer == Err(MoneyError::Overflow) && digits(left) + digits(right) > PRODUCT_DIGITS {
        return; // refused, which is honest
    }
    let exact = units(&(number(left) * number(right)), currency, rounding);
    let case = format!("{seed}{left} * {right} in {currency:?}, {rounding:?},");
    let lesson = "A product has as many digits as its factors together. Keep them all until the \
                  one rounding at the end.";
    expect_printed(&case, answer, printed(&exact, currency).as_deref(), lesson);
}

/// A percentage of an amount is exact, however fine the rate.
#[track_caller]
pub fn percentages_are_exact(seed: u64) {
    let mut draw = Draw::new(seed);
    let (currency, rounding) = (draw.pick(&CURRENCIES), draw.pick(&ROUNDINGS));
    let (amount, percent) = (draw.amount(currency), draw.number(10, 8));
    expect_percentage(
        &format!("seed {seed}: "),
        &percent,
        &amount,
        currency,
        rounding,
    );
}

/// The same for a rate with as many digits as are sure to be held.
#[track_caller]
pub fn fine_percentages_are_exact(seed: u64) {
    let mut draw = Draw::new(seed);
    let (currency, rounding) = (draw.pick(&CURRENCIES), draw.pick(&ROUNDINGS));
    let amount = draw.amount(currency);
    let most = (PRODUCT_DIGITS - digits(&amount)).min(28);
    let percent = draw.number(most, most - 1);
    expect_percentage(
        &format!("seed {seed}: "),
        &percent,
        &amount,
        currency,
        rounding,
    );
}

/// Fails unless so many percent of the amount are what exact arithmetic says.
#[track_caller]
fn expect_percentage(
    seed: &str,
    percent: &str,
    amount: &str,
    currency: Currency,
    rounding: Rounding,
) {
    let exact = number(amount) * number(percent) / BigInt::from(100);
    let exact = printed(&units(&exact, currency, rounding), currency);
    let case = format!("{seed}{percent} percent of {amount} in {currency:?}, {rounding:?},");
    let answer = money(amount, currency).percent(decimal(percent), rounding);
    let lesson = "A rate has as many digits as it has: neither it nor the product is rounded on \
                  the way to the amount.";
    expect_printed(&case, answer, exact.as_deref(), lesson);
}

/// An invoice is what exact arithmetic makes of its lines.
#[track_caller]
pub fn invoices_are_exact(seed: u64) {
    let mut draw = Draw::new(seed);
    let (currency, rounding) = (draw.pick(&CURRENCIES), draw.pick(&ROUNDINGS));
    let texts = draw.lines();
    expect_invoice(&format!("seed {seed}"), &texts, currency, rounding);
}

/// Shares of a random amount sum to it.
#[track_caller]
pub fn shares_sum_to_the_whole(seed: u64) {
    let mut draw = Draw::new(seed);
    let currency = draw.pick(&CURRENCIES);
    let text = draw.amount(currency);
    let parts = 1 + draw.below(60);
    expect_fair_shares(&format!("seed {seed}: "), &text, currency, parts);
}

/// Fails unless the shares of `text` sum to it, differ by one minor unit at most, and
/// come in order.
#[track_caller]
pub fn expect_fair_shares(seed: &str, text: &str, currency: Currency, parts: usize) {
    let shares = match money(text, currency).split(parts) {
        Ok(shares) => shares,
        Err(error) => panic!("{seed}{text} in {currency:?} over {parts}: split answered {error}"),
    };
    let units: Vec<BigInt> = shares
        .iter()
        .map(|share| printed_units(&share.to_string()))
        .collect();
    assert!(
        units.len() == parts,
        "{seed}{text} in {currency:?} over {parts}: {} shares came",
        units.len()
    );
    let sum: BigInt = units.iter().sum();
    let sum = printed(&sum, currency).unwrap_or("too large".to_owned());
    let whole = money(text, currency).to_string();
    assert!(
        sum == whole,
        "{seed}the {parts} shares of {text} in {currency:?} sum to {sum}. A share that is rounded \
         by itself loses or makes money: hand out the remainder, one minor unit each"
    );
    let (least, most) = (units.iter().min().unwrap(), units.iter().max().unwrap());
    assert!(
        most - least <= BigInt::from(1),
        "{seed}the {parts} shares of {text} in {currency:?} lie between {} and {}: nobody should \
         carry more than one minor unit of the remainder",
        printed(least, currency).unwrap(),
        printed(most, currency).unwrap()
    );
    // Below zero "larger" may mean either: -33.34 is more of a debt, and less of an amount.
    assert!(
        units.is_sorted_by(|a, b| a >= b)
            || units.is_sorted_by(|a, b| a.magnitude() >= b.magnitude()),
        "{seed}the {parts} shares of {text} in {currency:?} begin with {} and end with {}, but the \
         larger ones come first: whoever splits twice gets the same shares in the same order",
        shares[0],
        shares[parts - 1]
    );
}

/// A random amount, written as it prints, comes back as it was.
#[track_caller]
pub fn printed_amounts_parse(seed: u64) {
    let mut draw = Draw::new(seed);
    let currency = draw.pick(&CURRENCIES);
    let text = draw.amount(currency);
    expect_round_trip(&format!("seed {seed}: "), &text, currency);
}

/// Fails unless `text`, which is written as an amount prints, prints so again.
#[track_caller]
pub fn expect_round_trip(seed: &str, text: &str, currency: Currency) {
    let once = money(text, currency);
    let again = once.to_string();
    assert!(
        again == text && money(&again, currency) == once,
        "{seed}{text} in {currency:?} was parsed and printed, and came back as {again}"
    );
}

/// Significant digits of a decimal text, or more.
fn digits(text: &str) -> usize {
    text.bytes().filter(u8::is_ascii_digit).count()
}
