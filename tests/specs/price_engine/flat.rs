//! What a quote leaves behind

#![allow(
    clippy::drop_non_drop,
    reason = "an answer of another design may have to give something back"
)]

use super::expect::{SMALL, country, engine, lines, quoted, refused, sums};
use super::ledger::{live, stays_flat};
use super::{random::Random, trace};
use contract::parses;
use wasm_bindgen_test::*;

const TIMES: usize = 10_000;

/// As few rules as make a shop, so that also an engine that reads them all the time is done in a while.
const TINY: &str = "shop tiny currency=EUR rounding=half-even\nitem pen id=1 class=zero price=0.05\n\
                    tax germany to=DE standard=19 reduced=7\n";

/// Rules are read when they come, and never again: not for a quote, and not for a line.
#[wasm_bindgen_test]
fn rules_are_read_once() {
    let before = parses();
    let engine = engine(SMALL);
    for _ in 0..1_000 {
        let _answer = quoted(&engine, "DE", &[(1, 1), (2, 3)]);
    }
    let read = parses() - before;
    assert!(
        read == 1,
        "one set of rules came and 1,000 quotes were made of two lines each, and rules were read {read} times. \
         Reading is most of the work, and its result is the same each time: keep that, not the text."
    );
    let before = parses();
    for _ in 0..10 {
        engine.swap(SMALL).unwrap();
        let _ = engine.quote(country("DE"), lines(&[(9, 1)]));
        let _ = engine.quote(country("XX"), lines(&[(1, 1)]));
    }
    let read = parses() - before;
    assert!(
        read <= 10,
        "new rules came 10 times, with two refused quotes after each, and rules were read {read} times"
    );
}

/// Ten thousand quotes, of as many baskets, leave memory as it was. All answers are dropped.
#[wasm_bindgen_test]
fn ten_thousand_quotes_leave_memory_flat() {
    let engine = engine(TINY);
    let random = &mut Random::new(1);
    stays_flat("quotes whose answers were dropped", TIMES, |_| {
        let basket: Vec<(u32, u32)> = (0..1 + random.below(2))
            .map(|_| (1, 1 + random.below(9_999) as u32))
            .collect();
        drop(quoted(&engine, "DE", &basket));
    });
}

/// Quotes that are refused leave memory as it was, whichever line is at fault.
#[wasm_bindgen_test]
fn refused_quotes_leave_memory_flat() {
    let engine = engine(TINY);
    stays_flat("refused quotes", TIMES, |index| {
        let mut basket = [(1, 2); 2];
        basket[index % 2] = [(9, 1), (1, 0), (1, 10_000)][index % 3];
        let to = ["DE", "DE", "XX"][index % 3];
        assert!(
            engine.quote(country(to), lines(&basket)).is_err(),
            "{basket:?} to {to} cannot be quoted"
        );
    });
}

/// New rules take the place of the old: a thousand times leave memory as it was, accepted or refused, also if quotes
/// were refused by them. An engine that is dropped takes all with it.
#[wasm_bindgen_test]
fn a_thousand_swaps_leave_memory_flat() {
    let engine = engine(SMALL);
    stays_flat("swaps", 1_000, |index| {
        let bad = index % 3 == 0;
        let rules = if bad { &SMALL[1..] } else { SMALL };
        assert!(
            engine.swap(rules).is_err() == bad,
            "rules were accepted that are not valid, or the other way round"
        );
        drop(quoted(&engine, "DE", &[(1, 20), (2, 1)]));
        refused(&engine, "DE", &[(1, 1), (9, 1)]);
        refused(&engine, "XX", &[(1, 1)]);
    });
    stays_flat("engines, with a quote each", 300, |_| {
        let engine = super::expect::engine(SMALL);
        drop(quoted(&engine, "DE", &[(1, 1), (2, 1)]));
    });
}

/// An answer that is held keeps its numbers and its place, whatever the engine does meanwhile.
#[wasm_bindgen_test]
fn an_answer_that_is_held_keeps_its_numbers() {
    let engine = engine(SMALL);
    let basket = [(1, 2), (2, 3)];
    let held = quoted(&engine, "DE", &basket);
    let (totals, prices, place) = (held.totals(), held.lines().to_vec(), held.lines().as_ptr());
    for request in trace::requests(3, 20, 50) {
        let others: Vec<(u32, u32)> = request.lines.iter().map(|&(_, n)| (3, n.max(1))).collect();
        drop(quoted(&engine, "DK", &others));
    }
    engine.swap(&SMALL.replace("3.35", "9.99")).unwrap();
    let again = quoted(&engine, "DE", &basket);
    drop(engine);
    assert!(
        held.totals() == totals && held.lines() == prices,
        "an answer said {:?} when it was made; 51 quotes later it says {:?}, and its lines are {:?}. A buffer \
         that all answers share belongs to the last one.",
        sums(totals),
        sums(held.totals()),
        held.lines(),
    );
    assert!(
        held.lines().as_ptr() == place,
        "the lines of an answer that is held have moved in memory. A host reads them by their address while the answer \
         lives."
    );
    drop(again);
    let before = live().blocks;
    drop(held);
    assert!(
        live().blocks <= before,
        "dropping an answer allocated something"
    );
}
