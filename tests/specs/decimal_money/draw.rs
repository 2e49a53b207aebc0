//! Amounts and invoices from a seed: the same on every engine, every day.

use super::exact::Texts;
use super::random::Random;
use contract::{Currency, Rounding};

pub const CURRENCIES: [Currency; 3] = [Currency::Jpy, Currency::Usd, Currency::Kwd];
pub const ROUNDINGS: [Rounding; 2] = [Rounding::HalfEven, Rounding::HalfUp];

/// Numbers grow with the seed, so that the first failure is a short one.
pub struct Draw {
    random: Random,
    size: usize,
}

impl Draw {
    pub fn new(seed: u64) -> Self {
        Self {
            random: Random::new(seed),
            size: 2 + seed as usize / 8,
        }
    }

    /// A whole number below `bound`.
    pub fn below(&mut self, bound: usize) -> usize {
        self.random.below(bound)
    }

    /// A length of at least 1 and at most `most`, shorter for the first seeds.
    fn length(&mut self, most: usize) -> usize {
        1 + self.below(most.min(self.size))
    }

    pub fn pick<T: Copy>(&mut self, items: &[T]) -> T {
        items[self.below(items.len())]
    }

    fn digits(&mut self, count: usize) -> String {
        (0..count)
            .map(|_| char::from(b'0' + self.below(10) as u8))
            .collect()
    }

    /// `count` digits, the first of which is no zero unless it is alone.
    fn whole(&mut self, count: usize) -> String {
        let first = if count == 1 { 0 } else { 1 };
        let lead = char::from(b'0' + (first + self.below(10 - first)) as u8);
        format!("{lead}{}", self.digits(count - 1))
    }

    /// A third of the numbers is negative, but nothing is not.
    fn signed(&mut self, text: String) -> String {
        let is_zero = text.bytes().all(|byte| matches!(byte, b'0' | b'.'));
        match self.pick(&["", "", "-"]) {
            "-" if !is_zero => format!("-{text}"),
            _ => text,
        }
    }

    /// A positive number of exactly `whole` and `fraction` digits.
    pub fn positive(&mut self, whole: usize, fraction: usize) -> String {
        let whole = self.whole(whole);
        match fraction {
            0 => whole,
            _ => format!("{whole}.{}", self.digits(fraction)),
        }
    }

    /// A number of at most `most` digits, up to `finest` of them after the point.
    pub fn number(&mut self, most: usize, finest: usize) -> String {
        let fraction = self.below(finest.min(most - 1) + 1);
        let whole = self.length(most - fraction);
        let text = self.positive(whole, fraction);
        self.signed(text)
    }

    /// An amount of at most 28 digits, written as it prints.
    pub fn amount(&mut self, currency: Currency) -> String {
        let places = currency.fraction_digits();
        let whole = self.length(28 - places);
        let text = self.positive(whole, places);
        self.signed(text)
    }

    /// A number halfway between two amounts, or as close to that as its digits let it be.
    pub fn near_tie(&mut self, currency: Currency) -> String {
        let places = currency.fraction_digits();
        let mut tail = "5".to_owned();
        let room = 28 - places - 2;
        let more = self.below(room);
        match self.below(4) {
            0 => tail.push_str(&"0".repeat(more)),
            1 => tail = format!("4{}", "9".repeat(more)),
            2 => tail = format!("5{}1", "0".repeat(more.saturating_sub(1))),
            _ => {}
        }
        let whole = self.length(28 - places - tail.len());
        let whole = self.whole(whole);
        let text = format!("{whole}.{}{tail}", self.digits(places));
        self.signed(text)
    }

    /// One to eight lines; some rates come twice, spelled in two ways.
    pub fn lines(&mut self) -> Vec<Texts> {
        const RATES: [&str; 8] = ["0", "7", "7.0", "8.25", "19", "19.00", "5.5", "23"];
        (0..1 + self.below(8))
            .map(|_| {
                let (whole, fraction) = (self.length(16), self.below(5));
                [
                    self.number(6, 3),
                    self.positive(whole, fraction),
                    self.pick(&RATES).to_owned(),
                ]
            })
            .collect()
    }
}
