//! What the engine at hand makes of a number, instruction by instruction.
//!
//! `as i32` is `i32.trunc_sat_f32_s`, and the SIMD instructions have functions of
//! their own. Two kinds have no such name in safe Rust: the instruction that
//! traps, and the relaxed ones, with which a module does not even load where the
//! engine lacks them. So both come as modules of a few bytes, made by hand.

use core::arch::wasm32::{
    f32x4_convert_i32x4, f32x4_extract_lane, f32x4_splat, i32x4_extract_lane, i32x4_splat,
    i32x4_trunc_sat_f32x4, u32x4_trunc_sat_f32x4, v128,
};
use js_sys::{Function, Object, Reflect, Uint8Array, WebAssembly};
use wasm_bindgen::{JsCast, JsValue};

/// ```wat
/// (module
///   (func (export "trunc") (param i32) (result i32)
///     local.get 0  f32.reinterpret_i32  i32.trunc_f32_s))
/// ```
#[rustfmt::skip]
const TRUNC: &[u8] = &[
    0, b'a', b's', b'm', 1, 0, 0, 0,
    1, 6, 1, 0x60, 1, 0x7f, 1, 0x7f,                        // a type: (i32) -> i32
    3, 2, 1, 0,                                             // a function of it
    7, 9, 1, 5, b't', b'r', b'u', b'n', b'c', 0, 0,         // its name
    10, 8, 1, 6, 0, 0x20, 0, 0xbe, 0xa8, 0x0b,              // its body
];

/// ```wat
/// (module
///   (func (export "s") (param i32) (result i32)
///     local.get 0  f32.reinterpret_i32  f32x4.splat
///     i32x4.relaxed_trunc_f32x4_s  i32x4.extract_lane 0)
///   (func (export "u") (param i32) (result i32)
///     local.get 0  f32.reinterpret_i32  f32x4.splat
///     i32x4.relaxed_trunc_f32x4_u  i32x4.extract_lane 0))
/// ```
#[rustfmt::skip]
const RELAXED: &[u8] = &[
    0, b'a', b's', b'm', 1, 0, 0, 0,
    1, 6, 1, 0x60, 1, 0x7f, 1, 0x7f,                        // a type: (i32) -> i32
    3, 3, 2, 0, 0,                                          // two functions of it
    7, 9, 2, 1, b's', 0, 0, 1, b'u', 0, 1,                  // their names
    10, 29, 2,                                              // their bodies
    13, 0, 0x20, 0, 0xbe, 0xfd, 0x13, 0xfd, 0x81, 2, 0xfd, 0x1b, 0, 0x0b,
    13, 0, 0x20, 0, 0xbe, 0xfd, 0x13, 0xfd, 0x82, 2, 0xfd, 0x1b, 0, 0x0b,
];

/// The instructions that only a module of their own can reach.
pub struct Engine {
    trunc: Function,
    relaxed: Option<[Function; 2]>,
}

impl Engine {
    pub fn here() -> Self {
        let trunc = instantiate(TRUNC);
        let relaxed = is_valid(RELAXED).then(|| instantiate(RELAXED));
        Self {
            trunc: export(&trunc, "trunc"),
            relaxed: relaxed.map(|module| ["s", "u"].map(|name| export(&module, name))),
        }
    }

    /// `i32.trunc_f32_s`, or nothing if it traps.
    pub fn trunc(&self, float: f32) -> Option<i32> {
        call(&self.trunc, float).ok()
    }

    /// `i32x4.relaxed_trunc_f32x4_s`, or nothing if the engine has none.
    pub fn relaxed(&self, float: f32) -> Option<i32> {
        let [signed, _] = self.relaxed.as_ref()?;
        Some(call(signed, float).expect("this instruction never traps"))
    }

    /// `i32x4.relaxed_trunc_f32x4_u`, or nothing if the engine has none.
    pub fn relaxed_unsigned(&self, float: f32) -> Option<u32> {
        let [_, unsigned] = self.relaxed.as_ref()?;
        Some(call(unsigned, float).expect("this instruction never traps") as u32)
    }
}

/// `i32x4.trunc_sat_f32x4_s`, in all four lanes.
#[target_feature(enable = "simd128")]
pub fn trunc_sat(float: f32) -> [i32; 4] {
    lanes(i32x4_trunc_sat_f32x4(f32x4_splat(float)))
}

/// `i32x4.trunc_sat_f32x4_u`.
#[target_feature(enable = "simd128")]
pub fn trunc_sat_unsigned(float: f32) -> u32 {
    i32x4_extract_lane::<0>(u32x4_trunc_sat_f32x4(f32x4_splat(float))) as u32
}

/// `f32x4.convert_i32x4_s`, in all four lanes.
#[target_feature(enable = "simd128")]
pub fn convert(count: i32) -> [f32; 4] {
    let floats = f32x4_convert_i32x4(i32x4_splat(count));
    [
        f32x4_extract_lane::<0>(floats),
        f32x4_extract_lane::<1>(floats),
        f32x4_extract_lane::<2>(floats),
        f32x4_extract_lane::<3>(floats),
    ]
}

/// JavaScript's `x | 0`.
pub fn or_zero(number: f64) -> i32 {
    let whole = JsValue::from(number) | JsValue::from(0);
    whole.as_f64().expect("| answers a number") as i32
}

#[target_feature(enable = "simd128")]
fn lanes(whole: v128) -> [i32; 4] {
    [
        i32x4_extract_lane::<0>(whole),
        i32x4_extract_lane::<1>(whole),
        i32x4_extract_lane::<2>(whole),
        i32x4_extract_lane::<3>(whole),
    ]
}

fn is_valid(module: &[u8]) -> bool {
    WebAssembly::validate(&Uint8Array::from(module)).expect("bytes can be validated")
}

fn instantiate(module: &[u8]) -> Object {
    let module = WebAssembly::Module::new(&Uint8Array::from(module)).expect("the module is valid");
    WebAssembly::Instance::new(&module, &Object::new())
        .expect("the module needs nothing")
        .exports()
}

fn export(exports: &Object, name: &str) -> Function {
    let export = Reflect::get(exports, &name.into()).expect("exports can be read");
    export.dyn_into().expect("the export is a function")
}

/// Bits go in, for a float would pass through a JavaScript number, which may change
/// the payload of a NaN.
fn call(function: &Function, float: f32) -> Result<i32, JsValue> {
    let bits = JsValue::from(float.to_bits() as i32);
    let answer = function.call1(&JsValue::UNDEFINED, &bits)?;
    Ok(answer.as_f64().expect("the function answers an i32") as i32)
}
