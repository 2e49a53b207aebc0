//! What is refused

use super::expect::{SMALL, costs, engine, quoted, refused};
use crate::zone::Engine;
use contract::{Fault, MAX_NET, QuoteError, RuleError};
use wasm_bindgen_test::*;

/// A line that cannot be priced is an error that says which line it is, and why. The first one counts. A destination
/// that no rule taxes comes before them all.
#[wasm_bindgen_test]
fn a_bad_request_is_refused_with_the_reason() {
    let engine = engine(SMALL);
    let item = |index, item| QuoteError::UnknownItem { index, item };
    let quantity = |index, quantity| QuoteError::Quantity { index, quantity };
    for (basket, due) in [
        (&[(9, 1)][..], item(0, 9)),
        (&[(1, 1), (2, 1), (0, 1)], item(2, 0)),
        (&[(1, 1), (2, 0)], quantity(1, 0)),
        (&[(1, 10_000)], quantity(0, 10_000)),
        (&[(1, u32::MAX)], quantity(0, u32::MAX)),
        (&[(9, 0)], quantity(0, 0)),
        (&[(1, 0), (9, 1)], quantity(0, 0)),
        (&[(9, 1), (1, 0)], item(0, 9)),
    ] {
        let error = refused(&engine, "DE", basket);
        assert!(
            error == due,
            "{basket:?} is refused by {due:?}, but the answer was {error:?}"
        );
    }
    for basket in [&[(1, 1)][..], &[], &[(9, 0)]] {
        let error = refused(&engine, "FR", basket);
        assert!(
            error == QuoteError::UnknownDestination,
            "no rule says how France is taxed, so {basket:?} has no price there; the answer was {error:?}"
        );
    }
    costs(
        &engine,
        "DE",
        &[(1, 1)],
        [0, 335, 64, 399],
        "Quotes were refused before; this one is sound.",
    );
}

/// A basket may cost so much and not a cent more. The line that is too much is named.
#[wasm_bindgen_test]
fn a_basket_that_costs_too_much_is_refused() {
    let engine = engine(
        "shop s currency=EUR rounding=half-up\nitem villa id=1 class=standard price=100000.00\n\
         item cent id=2 class=standard price=0.01\ntax germany to=DE standard=100 reduced=7\n",
    );
    let full = [(1, 5_000), (1, 5_000)];
    let total = quoted(&engine, "DE", &full).totals().total;
    assert!(
        total == MAX_NET * 2,
        "10,000 villas cost just what a basket may, and as much tax; the quote says {total}"
    );
    let error = refused(&engine, "DE", &[full[0], full[1], (2, 1), (1, 9_999)]);
    assert!(
        error == QuoteError::TooLarge { index: 2 },
        "with line 2 the basket costs a cent too much, and the answer was {error:?}"
    );
}

/// Rules that are not valid make no engine. The error names the rule.
#[wasm_bindgen_test]
fn bad_rules_make_no_engine() {
    let bad = SMALL.replace("price=2.50", "price=2.505");
    let error: Option<RuleError> = Engine::new(&bad).err();
    let fault = error
        .as_ref()
        .map(|error| (error.line, error.rule.as_str(), &error.fault));
    assert!(
        matches!(
            fault,
            Some((6, "pens-50", Fault::Value { field: "price", .. }))
        ),
        "the price of `pens-50` in line 6 has three digits after the point, and euros have two; the answer was {error:?}"
    );
    assert!(Engine::new("").is_err(), "no rules at all made an engine");
}
