//! The session's name: bits that nobody can guess

use wasm_bindgen::prelude::*;
use wasm_bindgen_test::*;

use super::fresh::{self, Way};
use super::played::Generator;
use crate::zone::session_id;
use contract::{NoEntropy, SessionId};

/// Whoever opens the page twice has two instances of one module. They begin with the same memory, so a name that is
/// made without asking the browser is the same in both.
#[wasm_bindgen_test]
async fn two_instances_have_two_names() {
    let answers = fresh::run(&[("spec_fresh_name", 0); 2], Way::Quick).await;
    let [first, second] = answers.as_slice() else {
        panic!("{} instances have answered, not two", answers.len())
    };
    for answer in [first, second] {
        assert!(
            answer.code.is_some() || answer.asked > 0,
            "in a fresh instance session_id asked the browser for nothing and then panicked: {}",
            answer.words
        );
    }
    assert!(
        first.asked > 0 || second.asked > 0 || first.words != second.words,
        "two fresh instances asked the browser for nothing, and both named their session {}: an instance that is told \
         nothing from outside computes the same in every tab of every user",
        first.words
    );
}

/// `session_id` in an instance of which the spec has the bare wasm: no import does anything there.
#[wasm_bindgen]
pub fn spec_fresh_name(_: u32) -> u32 {
    fresh::answer(|| match session_id() {
        Ok(name) => (0, name.to_string()),
        Err(error) => (1, error.to_string()),
    })
}

/// Each name is drawn from the browser's generator for secrets: 128 bits, and not from `Math.random`, which anybody
/// can continue who has seen a few of its numbers.
#[wasm_bindgen_test]
fn the_bits_come_from_the_browsers_generator() {
    let generator = Generator::watch();
    // Bits that were drawn in advance are used up first.
    let mut first = name();
    for _ in 0..RESERVE {
        if generator.bits() > 0 {
            break;
        }
        first = name();
    }
    let names = [first, name(), name()];
    let bits = generator.bits();
    drop(generator);
    assert!(
        bits >= 3 * 128,
        "three names were made, {} the first, and {bits} bits were drawn from crypto for them: each has 128, and bits \
         from anywhere else can be guessed",
        names[0]
    );
}

/// All 128 bits are random: none is always 0, always 1, or that of the name before.
#[wasm_bindgen_test]
fn every_bit_of_a_name_is_random() {
    const NAMES: usize = 128;
    let names: Vec<u128> = (0..NAMES).map(|_| u128::from_be_bytes(name().0)).collect();
    for bit in 0..128 {
        let ones = names.iter().filter(|name| *name >> bit & 1 == 1).count();
        // One honest bit in 10^20 would be outside.
        assert!(
            (12..=NAMES - 12).contains(&ones),
            "bit {} was 1 in {ones} of {NAMES} names: all 128 bits have to be random. A UUID of version 4 has 122, \
             and a counter has next to none",
            127 - bit
        );
    }
    let mut sorted = names.clone();
    sorted.sort_unstable();
    sorted.dedup();
    assert_eq!(
        sorted.len(),
        NAMES,
        "{NAMES} names were made in one instance, and some of them are alike"
    );
}

/// Without a generator there is a typed error, and never a weaker name.
#[wasm_bindgen_test]
fn without_a_source_there_is_no_name() {
    for (what, take_away) in [
        (
            "crypto.getRandomValues throws",
            Generator::refuse as fn() -> Generator,
        ),
        ("there is no crypto", Generator::hide),
    ] {
        let generator = take_away();
        use_up();
        let answer = session_id();
        let bits = generator.bits();
        drop(generator);
        // Whoever has kept hold of the generator may still draw from it.
        assert!(
            answer == Err(NoEntropy) || bits >= 128,
            "{what}, and session_id answers {answer:?}: a name that can be guessed is worse than none, because nobody \
             notices"
        );
    }
}

/// How many names at most are made of bits that were drawn in advance.
const RESERVE: usize = 2_000;

/// Makes names until there is none, of bits that were drawn in advance.
pub fn use_up() {
    let _ = (0..RESERVE).find(|_| session_id().is_err());
}

fn name() -> SessionId {
    session_id().expect("this browser has a generator for secrets")
}
