//! What every measured module exports: four loops, and two answers to look at.
//!
//! `cargo kata bench crates` compiles this beside one contender. It is a plain
//! `cdylib`: no wasm-bindgen, no imports.

use core::fmt::Write;
use core::hint::black_box;

mod contender;
use contender::Number;

/// Amounts of an ordinary shop, and what they are multiplied by.
const AMOUNTS: [&str; 8] = [
    "0.05",
    "1.99",
    "12.34",
    "249.5",
    "1234.56",
    "87654.32",
    "1234567.89",
    "99999999.99",
];
const RATES: [&str; 8] = [
    "0.19", "0.07", "1.0825", "0.5", "3", "0.333", "12.5", "1.0001",
];

/// Text that cannot be read ends the module: the page reports it. No message,
/// for messages would count as bytes.
fn number(text: &str) -> Number {
    match contender::parse(text) {
        Some(number) => number,
        None => core::arch::wasm32::unreachable(),
    }
}

#[unsafe(no_mangle)]
pub extern "C" fn add(times: usize) {
    let amounts = AMOUNTS.map(number);
    for i in 0..times {
        let (left, right) = (&amounts[i % 8], &amounts[(i + 3) % 8]);
        black_box(contender::add(black_box(left), black_box(right)));
    }
}

#[unsafe(no_mangle)]
pub extern "C" fn multiply(times: usize) {
    let (amounts, rates) = (AMOUNTS.map(number), RATES.map(number));
    for i in 0..times {
        let (left, right) = (&amounts[i % 8], &rates[(i + i / 8) % 8]);
        black_box(contender::multiply(black_box(left), black_box(right)));
    }
}

#[unsafe(no_mangle)]
pub extern "C" fn parse(times: usize) {
    for i in 0..times {
        black_box(number(black_box(AMOUNTS[i % 8])));
    }
}

#[unsafe(no_mangle)]
pub extern "C" fn print(times: usize) {
    let amounts = AMOUNTS.map(number);
    let mut text = String::with_capacity(64);
    for i in 0..times {
        text.clear();
        // Writing to a String cannot fail.
        let _ = write!(text, "{}", black_box(&amounts[i % 8]));
        black_box(text.as_str());
    }
}

/// The text of 0.1 + 0.2 (question 0) or of 1.015 to cents, half to even (1):
/// its address in the upper half, its length in the lower.
#[unsafe(no_mangle)]
pub extern "C" fn answer(question: u32) -> u64 {
    let number = match question {
        0 => contender::add(&number("0.1"), &number("0.2")),
        _ => contender::multiply(&number("1.015"), &number("1")),
    };
    let text = number.to_string().leak();
    ((text.as_ptr() as u64) << 32) | text.len() as u64
}
