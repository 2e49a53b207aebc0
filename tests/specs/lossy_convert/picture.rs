//! What the page draws: the truth table, made anew in the reader's engine.

use contract::Lossy;
use js_sys::Array;
use wasm_bindgen::JsValue;

use super::engine::{self, Engine};
use super::table::{COUNTS, ROWS};
use crate::zone;

/// What an engine without an instruction answers.
const ABSENT: &str = "absent";

/// A number beyond the table, for the unsigned instruction: below 2^32, above 2^31.
const UNSIGNED: [&str; 8] = [
    "1.5",
    "2147483648",
    "2147483904",
    "4294967296",
    "inf",
    "-1.5",
    "-2147483648",
    "NaN",
];

/// Rows of three kinds, told apart by their first column.
///
/// - "float": input, cvtps2dq and cvttps2dq (from the table), `trunc` (or "trap"),
///   `trunc_sat`, its SIMD form, relaxed SIMD (or "absent"), `x | 0`, then the
///   variant's `checked` (a number or a reason), `saturating`, `x86_round` in a
///   vector, and `x86_round` in the tail.
/// - "unsigned": input, `trunc_sat` unsigned, relaxed SIMD unsigned (or "absent").
/// - "count": input, its `f32`, back on x86 (from the table), back with `as i32`,
///   the variant's `exact_floats` ("exact" or a reason), and its way back by `checked`.
pub fn rows() -> Array {
    let engine = Engine::here();
    let floats = ROWS.iter().map(|row| {
        let number: f64 = row.input.parse().expect("the table holds numbers");
        let float: f32 = row.input.parse().expect("the table holds numbers");
        let rounded = zone::x86_round(&[float; 5]);
        Array::of(&[
            "float".into(),
            row.input.into(),
            row.cvtps2dq.into(),
            row.cvttps2dq.into(),
            or(engine.trunc(float), "trap"),
            (float as i32).into(),
            engine::trunc_sat(float)[0].into(),
            or(engine.relaxed(float), ABSENT),
            engine::or_zero(number).into(),
            first(zone::checked(&[float])),
            zone::saturating(&[float])[0].into(),
            rounded[0].into(),
            rounded[4].into(),
        ])
    });
    let unsigned = UNSIGNED.iter().map(|&input| {
        let float: f32 = input.parse().expect("the table holds numbers");
        Array::of(&[
            "unsigned".into(),
            input.into(),
            engine::trunc_sat_unsigned(float).into(),
            or(engine.relaxed_unsigned(float), ABSENT),
        ])
    });
    let counts = COUNTS.iter().map(|row| {
        let float = row.count as f32;
        Array::of(&[
            "count".into(),
            row.count.into(),
            f64::from(float).into(),
            row.back_on_x86.into(),
            (float as i32).into(),
            zone::exact_floats(&[row.count]).map_or_else(reason, |_| "exact".into()),
            first(zone::checked(&zone::floats(&[row.count]))),
        ])
    });
    floats.chain(unsigned).chain(counts).collect()
}

fn or<T: Into<JsValue>>(answer: Option<T>, word: &str) -> JsValue {
    answer.map_or_else(|| word.into(), T::into)
}

/// The only number of an answer, or the name of the reason why there is none.
fn first(answer: Result<Vec<i32>, Lossy>) -> JsValue {
    answer.map_or_else(reason, |whole| whole[0].into())
}

fn reason(lossy: Lossy) -> JsValue {
    format!("{:?}", lossy.reason).into()
}
