//! Numbers and texts that fixed-point code gets wrong, with the right answers.
//!
//! Where three answers stand side by side they are: to nearest, toward zero, down.

use contract::ParseError::{self, OutOfRange, TooPrecise};

/// 1 in millionths.
pub const ONE: i64 = 1_000_000;
const MIN: i64 = i64::MIN;
const MAX: i64 = i64::MAX;

/// Tenths, rounded to whole numbers.
pub const TENTHS: [(i128, [i128; 3]); 10] = [
    (-25, [-2, -2, -3]),
    (-15, [-2, -1, -2]),
    (-11, [-1, -1, -2]),
    (-5, [0, 0, -1]),
    (-1, [0, 0, -1]),
    (0, [0, 0, 0]),
    (5, [0, 0, 0]),
    (6, [1, 0, 0]),
    (15, [2, 1, 1]),
    (25, [2, 2, 2]),
];

/// Whole numbers whose product fits, but most not on its way.
pub const PRODUCTS: [(i64, i64); 7] = [
    (3_037, 3_037), // the last square that fits an i64 with the scale on it twice
    (3_038, 3_038),
    (-3_038, 3_038),
    (4_000, 4_000),
    (9_300_000, 1),
    (1_000_000_000_000, 9),
    (-3_000_000, -3_000_000),
];

/// Millionths whose product lies at an end of the range.
pub const ENDS_OF_PRODUCTS: [(i64, i64); 19] = [
    (MAX, ONE),
    (MAX, -ONE),
    (MIN, ONE),
    (MIN, -ONE), // the one number without a positive twin
    (MAX, ONE + 1),
    (MAX, ONE - 1),
    (MIN, MIN),
    (MAX, MAX),
    (MIN, MAX),
    (MIN, 0),
    (MIN, 1),
    (1 << 62, 2 * ONE),    // just beyond the upper end
    (-(1 << 62), 2 * ONE), // just the lower one
    (3_037_000_499_976, 3_037_000_499_976),
    (3_037_000_499_977, 3_037_000_499_977),
    // Half a unit beyond an end: there the rounding decides whether it fits.
    (1_500_000, 6_148_914_691_236_517_205),
    (-1_500_000, 6_148_914_691_236_517_205),
    (137_088_500_000, 67_280_421_310_721),
    (-137_088_500_000, 67_280_421_310_721),
];

/// Millionths, neither of them zero, whose quotient lies at an end of the range.
pub const ENDS_OF_QUOTIENTS: [(i64, i64); 16] = [
    (MAX, ONE),
    (MAX, -ONE),
    (MIN, ONE),
    (MIN, -ONE),
    (MAX, ONE - 1),
    (MIN, ONE - 1),
    (MIN, -ONE - 1),
    (MAX, 1),
    (MIN, -1),
    (MIN, MIN),
    (MAX, MIN),
    (1, MIN),
    // Half a unit beyond an end.
    (3_689_348_814_741_910_323, 400_000),
    (-3_689_348_814_741_910_323, 400_000),
    (3_689_348_814_741_910_323, -400_000),
    (-3_689_348_814_741_910_323, -400_000),
];

/// Numbers, their thirds, and three times these.
pub const THIRDS: [(i64, [i64; 3], [i64; 3]); 3] = [
    (1, [333_333; 3], [999_999; 3]),
    (
        2,
        [666_667, 666_666, 666_666],
        [2_000_001, 1_999_998, 1_999_998],
    ),
    (
        -1,
        [-333_333, -333_333, -333_334],
        [-999_999, -999_999, -1_000_002],
    ),
];

/// Text that is a whole number of millionths.
pub const EXACT_TEXT: [(&str, i64); 13] = [
    ("0", 0),
    ("-0", 0),
    ("0.000001", 1),
    ("-0.000001", -1),
    ("0.1", 100_000),
    ("-0.5", -500_000),
    ("+12.25", 12_250_000),
    ("007.5", 7_500_000),
    ("1.50000000000000000000", 1_500_000),
    ("9007199254.740993", 9_007_199_254_740_993), // 2^53 + 1 millionths
    ("-123456789012.345679", -123_456_789_012_345_679),
    ("9223372036854.775807", MAX),
    ("-9223372036854.775808", MIN),
];

/// Text that has to be rounded.
pub const INEXACT_TEXT: [(&str, [i64; 3]); 10] = [
    ("1.0000005", [1_000_000; 3]),
    ("1.0000015", [1_000_002, 1_000_001, 1_000_001]),
    ("-1.0000005", [-1_000_000, -1_000_000, -1_000_001]),
    ("4.0000025", [4_000_002; 3]),
    ("0.12345649999999999999999", [123_456; 3]),
    ("-0.12345650000000000000001", [-123_457, -123_456, -123_457]),
    ("0.0000001", [0; 3]),
    ("-0.0000001", [0, 0, -1]),
    ("0.0000009", [1, 0, 0]),
    ("3.1415926", [3_141_593, 3_141_592, 3_141_592]),
];

/// Text with an exponent, read without rounding.
pub const SCIENTIFIC: [(&str, Result<i64, ParseError>); 12] = [
    ("1e-7", Err(TooPrecise)),
    ("-1e-7", Err(TooPrecise)),
    ("2.5e-6", Err(TooPrecise)),
    ("1e-6", Ok(1)),
    ("-12.5e3", Ok(-12_500_000_000)),
    ("0.0000001E+12", Ok(100_000_000_000)),
    ("1e21", Err(OutOfRange)),
    ("-1e99999999999999999999", Err(OutOfRange)),
    ("0e99999999999999999999", Ok(0)),
    ("9007199254740993e-6", Ok(9_007_199_254_740_993)), // 2^53 + 1 millionths
    ("10.000005e-1", Err(TooPrecise)),
    ("9.223372036854775808e12", Err(OutOfRange)),
];

/// Text with an exponent that has to be rounded.
pub const INEXACT_SCIENTIFIC: [(&str, [i64; 3]); 6] = [
    ("5e-7", [0; 3]),
    ("-1e-7", [0, 0, -1]),
    ("2.5e-6", [2; 3]),
    ("-9e-99999999999999999999", [0, 0, -1]),
    ("10.000005e-1", [1_000_000; 3]),
    (
        "90071992547409935e-7",
        [
            9_007_199_254_740_994,
            9_007_199_254_740_993,
            9_007_199_254_740_993,
        ],
    ),
];

/// Text beyond the range, whatever the rounding.
pub const BEYOND: [&str; 4] = [
    "9223372036854.775808",
    "-9223372036854.775809",
    "10000000000000",
    "99999999999999999999999999999999999999999",
];

/// Text less than a unit beyond the range: there the rounding decides whether it fits.
pub const ENDS_OF_TEXT: [(&str, [Result<i64, ParseError>; 3]); 4] = [
    ("9223372036854.7758074", [Ok(MAX); 3]),
    ("9223372036854.7758075", [Err(OutOfRange), Ok(MAX), Ok(MAX)]),
    (
        "-9223372036854.7758085",
        [Ok(MIN), Ok(MIN), Err(OutOfRange)],
    ),
    (
        "-9223372036854.77580850001",
        [Err(OutOfRange), Ok(MIN), Err(OutOfRange)],
    ),
];

/// What is no decimal number, though the parser of a float or a patient one takes some of it.
pub const NONSENSE: [&str; 36] = [
    "",
    " ",
    "-",
    "+",
    ".",
    "-.",
    "--1",
    "+-1",
    "-+1",
    "++1",
    "1.-5",
    "1.+5",
    "1.5.",
    "1-",
    "1.2.3",
    "1,5",
    "1 000",
    "1_000",
    " 1",
    "1 ",
    "1\n",
    "0x10",
    "12a",
    "NaN",
    "nan",
    "inf",
    "-inf",
    "Infinity",
    "e5",
    "1e",
    "1e+",
    "1e1.5",
    "½",
    "１",
    "1\u{2212}1",
    "\u{2212}1",
];

/// Text that lacks digits on one side of the point.
pub const HALF_WRITTEN: [(&str, i64); 4] = [
    (".5", 500_000),
    ("-.000001", -1),
    ("5.", 5_000_000),
    ("-12.", -12_000_000),
];

/// What numbers of millionths look like in print.
pub const PRINTED: [(i64, &str); 6] = [
    (0, "0"),
    (1, "0.000001"),
    (-500_000, "-0.5"),
    (ONE, "1"),
    (MAX, "9223372036854.775807"),
    (MIN, "-9223372036854.775808"),
];

/// Odd numbers of millionths. Times a half they lie half-way between two millionths.
pub const HALVES: [i64; 8] = [
    1,
    -3,
    18_399_999_999_999, // times 500,000 the last below 9.2 * 10^18
    18_400_000_000_001,
    -18_446_744_073_711, // the first beyond 63 bits
    1_000_000_000_000_003,
    MAX,
    -MAX,
];

/// Divisors in millionths. A million divides by the sixth power of 2, so these leave halves, and the
/// last two, beside them, do not.
pub const DIVISORS: [i64; 6] = [128, 640, 384, 2_000_000, 96, 64];

/// Odd numbers: times 2^25 they are units of 2^-32 that lie half-way between two millionths.
pub const BINARY_TIES: [i64; 10] = [
    1,
    -1,
    3,
    -3,
    5,
    -5,
    (1 << 20) + 1,
    -(1 << 27) - 3,
    (1 << 38) - 1,
    1 - (1 << 38),
];

/// Millionths in units of 2^-32.
pub const BINARY: [(i64, Option<i64>); 8] = [
    (ONE, Some(1 << 32)),
    (100_000, Some(0x1999_999a)), // no number of these units is a tenth
    (-100_000, Some(-0x1999_999a)),
    (1, Some(4_295)),
    (2_147_483_647_999_999, Some(9_223_372_036_854_771_513)),
    (2_147_483_648_000_000, None),
    (-2_147_483_648_000_000, Some(MIN)),
    (-2_147_483_648_000_001, None),
];

/// Text with zeros that change nothing, too many for any integer, and its millionths.
pub fn zeros() -> Vec<(String, i64)> {
    let (few, many) = ("0".repeat(40), "0".repeat(400));
    vec![
        (format!("-{many}7.5"), -7_500_000),
        (format!("1.5{few}"), 1_500_000),
        (format!("-1.5{many}"), -1_500_000),
        (format!("{few}1.5{few}"), 1_500_000),
        (format!("9223372036854.775807{few}"), MAX),
        (format!("-{few}9223372036854.775808{few}"), MIN),
        (format!("0.{many}"), 0),
        (format!("{few}.{few}"), 0),
    ]
}

/// Long digits with an exponent that brings them back, read without rounding.
pub fn long_scientific() -> Vec<(String, Result<i64, ParseError>)> {
    let (few, many) = ("0".repeat(60), "0".repeat(400));
    vec![
        (format!("15{few}e-61"), Ok(1_500_000)),
        (format!("-1{many}e-400"), Ok(-ONE)),
        (format!("0.{few}15e61"), Ok(1_500_000)),
        (format!("0.{many}1e+401"), Ok(ONE)),
        (format!("1{few}e-67"), Err(TooPrecise)),
        (format!("0.{few}1e54"), Err(TooPrecise)),
        (format!("1{few}e-40"), Err(OutOfRange)),
        (format!("0.{few}1e80"), Err(OutOfRange)),
        (format!("0.{few}e999"), Ok(0)),
        (format!("{}e-390", "1".repeat(400)), Err(TooPrecise)),
    ]
}

/// Nonsense behind more digits than there is room for, before the point or after it.
pub fn far_nonsense() -> Vec<String> {
    let starts = [
        "1".repeat(60),
        format!("-{}", "9".repeat(60)),
        "1.0000005".to_owned(),
        "-0.00000009".to_owned(),
        format!("0.{}1", "0".repeat(60)),
        format!("1.5{}", "0".repeat(40)),
    ];
    let tails = ["x", "-", " ", "e", "e+", "e1x", "_0", "\u{661}"];
    let mut texts: Vec<_> = starts
        .iter()
        .flat_map(|start| tails.map(|tail| format!("{start}{tail}")))
        .collect();
    texts.extend(starts.iter().skip(2).map(|start| format!("{start}.5")));
    texts.push(format!("{}.5.5", starts[0]));
    texts
}
