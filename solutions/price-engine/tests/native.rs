//! The rules' own checks, and the engine beside plain JavaScript's: 10,000 quotes, the same to the last digit.
#![cfg(not(target_family = "wasm"))]
// In a test a panic is the verdict; helpers of tests are tests too.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use solution_price_engine as zone;

#[allow(dead_code, reason = "the spec uses the rest")]
#[path = "../../../tests/specs/price_engine/expect.rs"]
mod expect;
#[path = "../../../tests/specs/shared/random.rs"]
mod random;
#[allow(dead_code, reason = "the spec uses the rest")]
#[path = "../../../tests/specs/price_engine/trace.rs"]
mod trace;

#[test]
fn digest() {
    let engine = expect::engine(&trace::shop());
    let found = trace::digest(
        trace::requests(67, 2_000)
            .iter()
            .flat_map(|request| expect::numbers(&engine, request)),
    );
    assert_eq!(found, 0, "{found:#x}");
}
