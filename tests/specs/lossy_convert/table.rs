//! The truth table: one number, and what each conversion makes of it.
//!
//! The x86 columns are not quoted: `solutions/lossy-convert/tests/native.rs` runs the
//! instructions on x86-64 and compares. The spec runs the other columns in the
//! browser at hand.

const MIN: i32 = i32::MIN;
const MAX: i32 = i32::MAX;

/// One number, converted to an `i32` in six ways.
pub struct Row {
    /// The number as text. JavaScript reads it as an `f64`, all others as an `f32`.
    pub input: &'static str,
    /// What an `f32` makes of it (`Math.fround`).
    pub float: f32,
    /// x86 `cvtps2dq`, which rounds to nearest, ties to even.
    pub cvtps2dq: i32,
    /// x86 `cvttps2dq`, which truncates.
    pub cvttps2dq: i32,
    /// wasm `i32.trunc_f32_s`; it traps where this is `None`.
    pub trunc: Option<i32>,
    /// wasm `i32.trunc_sat_f32_s` and `i32x4.trunc_sat_f32x4_s`; Rust's `as i32`.
    pub trunc_sat: i32,
    /// JavaScript `x | 0`, of the number itself.
    pub or_zero: i32,
}

/// Ordinary numbers, ties, the edges of `i32` and what lies beyond them.
#[rustfmt::skip]
pub const ROWS: [Row; 28] = [
    //  input           float              cvtps2dq       cvttps2dq      trunc                trunc_sat      x | 0
    row("0",            0.0,               0,             0,             Some(0),             0,             0),
    row("-0",           -0.0,              0,             0,             Some(0),             0,             0),
    row("1e-40",        1e-40,             0,             0,             Some(0),             0,             0),
    row("0.49999997",   0.49999997,        0,             0,             Some(0),             0,             0),
    row("0.5",          0.5,               0,             0,             Some(0),             0,             0),
    row("1.5",          1.5,               2,             1,             Some(1),             1,             1),
    row("2.5",          2.5,               2,             2,             Some(2),             2,             2),
    row("-0.5",         -0.5,              0,             0,             Some(0),             0,             0),
    row("-1.5",         -1.5,              -2,            -1,            Some(-1),            -1,            -1),
    row("-2.5",         -2.5,              -2,            -2,            Some(-2),            -2,            -2),
    row("4194305.5",    4_194_305.5,       4_194_306,     4_194_305,     Some(4_194_305),     4_194_305,     4_194_305),
    row("8388607.5",    8_388_607.5,       8_388_608,     8_388_607,     Some(8_388_607),     8_388_607,     8_388_607),
    row("8388609",      8_388_609.0,       8_388_609,     8_388_609,     Some(8_388_609),     8_388_609,     8_388_609),
    row("16777216",     16_777_216.0,      16_777_216,    16_777_216,    Some(16_777_216),    16_777_216,    16_777_216),
    row("16777217",     16_777_216.0,      16_777_216,    16_777_216,    Some(16_777_216),    16_777_216,    16_777_217),
    row("16777219",     16_777_220.0,      16_777_220,    16_777_220,    Some(16_777_220),    16_777_220,    16_777_219),
    row("2147483520",   2_147_483_520.0,   2_147_483_520, 2_147_483_520, Some(2_147_483_520), 2_147_483_520, 2_147_483_520),
    row("2147483647",   2_147_483_648.0,   MIN,           MIN,           None,                MAX,           MAX),
    row("2147483648",   2_147_483_648.0,   MIN,           MIN,           None,                MAX,           MIN),
    row("2147483904",   2_147_483_904.0,   MIN,           MIN,           None,                MAX,           -2_147_483_392),
    row("4294967296",   4_294_967_296.0,   MIN,           MIN,           None,                MAX,           0),
    row("3.4028235e38", f32::MAX,          MIN,           MIN,           None,                MAX,           0),
    row("inf",          f32::INFINITY,     MIN,           MIN,           None,                MAX,           0),
    row("-2147483648",  -2_147_483_648.0,  MIN,           MIN,           Some(MIN),           MIN,           MIN),
    row("-2147483649",  -2_147_483_648.0,  MIN,           MIN,           Some(MIN),           MIN,           MAX),
    row("-2147483904",  -2_147_483_904.0,  MIN,           MIN,           None,                MIN,           2_147_483_392),
    row("-inf",         f32::NEG_INFINITY, MIN,           MIN,           None,                MIN,           0),
    row("NaN",          f32::NAN,          MIN,           MIN,           None,                0,             0),
];

const fn row(
    input: &'static str,
    float: f32,
    cvtps2dq: i32,
    cvttps2dq: i32,
    trunc: Option<i32>,
    trunc_sat: i32,
    or_zero: i32,
) -> Row {
    Row {
        input,
        float,
        cvtps2dq,
        cvttps2dq,
        trunc,
        trunc_sat,
        or_zero,
    }
}

/// A whole number on its way to an `f32` and back.
pub struct Count {
    /// The number.
    pub count: i32,
    /// The nearest `f32`, ties to even: x86 `cvtdq2ps`, wasm `f32.convert_i32_s`
    /// and `f32x4.convert_i32x4_s`, Rust's `as f32`.
    pub float: f32,
    /// What x86's `cvtps2dq` and `cvttps2dq` make of that.
    pub back_on_x86: i32,
    /// What `i32.trunc_sat_f32_s` makes of that.
    pub back_on_wasm: i32,
}

/// Numbers with 24 bits, with more, and at the edges of `i32`.
#[rustfmt::skip]
pub const COUNTS: [Count; 20] = [
    //    count         float             back on x86     on wasm
    count(0,              0.0,              0,              0),
    count(1,              1.0,              1,              1),
    count(-1,             -1.0,             -1,             -1),
    count(8_388_609,      8_388_609.0,      8_388_609,      8_388_609),
    count(16_777_215,     16_777_215.0,     16_777_215,     16_777_215),
    count(16_777_216,     16_777_216.0,     16_777_216,     16_777_216),
    count(16_777_217,     16_777_216.0,     16_777_216,     16_777_216),
    count(16_777_218,     16_777_218.0,     16_777_218,     16_777_218),
    count(16_777_219,     16_777_220.0,     16_777_220,     16_777_220),
    count(-16_777_217,    -16_777_216.0,    -16_777_216,    -16_777_216),
    count(33_554_433,     33_554_432.0,     33_554_432,     33_554_432),
    count(33_554_435,     33_554_436.0,     33_554_436,     33_554_436),
    count(2_147_483_520,  2_147_483_520.0,  2_147_483_520,  2_147_483_520),
    count(2_147_483_583,  2_147_483_520.0,  2_147_483_520,  2_147_483_520),
    count(2_147_483_584,  2_147_483_648.0,  MIN,            MAX),
    count(MAX,            2_147_483_648.0,  MIN,            MAX),
    count(MIN,            -2_147_483_648.0, MIN,            MIN),
    count(MIN + 1,        -2_147_483_648.0, MIN,            MIN),
    count(-2_147_483_583, -2_147_483_520.0, -2_147_483_520, -2_147_483_520),
    count(-2_147_483_520, -2_147_483_520.0, -2_147_483_520, -2_147_483_520),
];

const fn count(count: i32, float: f32, back_on_x86: i32, back_on_wasm: i32) -> Count {
    Count {
        count,
        float,
        back_on_x86,
        back_on_wasm,
    }
}

/// Bits of NaNs: quiet and signalling, of both signs, with and without a payload.
pub const NANS: [u32; 7] = [
    0x7fc0_0000,
    0xffc0_0000,
    0x7f80_0001,
    0xff80_0001,
    0x7fff_ffff,
    0xffff_ffff,
    0x7fab_cdef,
];
