//! The filter's output for fixed inputs, computed with Python's integers: what
//! every engine and every machine must answer, to the last bit.

use super::random::Random;

/// A fixed input and the output that belongs to it.
pub struct Golden {
    /// What the samples are.
    pub name: &'static str,
    /// The filter's share, in millionths.
    pub share: i64,
    /// The samples, in units of 2^-32.
    pub samples: fn() -> Vec<i64>,
    /// The first four outputs, in the same unit.
    pub first: [i64; 4],
    /// The last output.
    pub last: i64,
    /// [`fingerprint`] of all outputs.
    pub fingerprint: u64,
}

/// A step, noise over the whole range, and noise of a few units.
pub const GOLDEN: [Golden; 3] = [
    Golden {
        name: "a step up to 1 and back",
        share: 50_000,
        samples: || [vec![1 << 32; 2_000], vec![0; 2_000]].concat(),
        first: [214_748_365, 418_759_312, 612_569_711, 796_689_590],
        last: 9,
        fingerprint: 0xf9df_51a2_f008_ac28,
    },
    Golden {
        name: "noise over the whole range (seed 1)",
        share: 300_000,
        samples: || noise(1, 0),
        first: [
            -2_398_658_308_724_939_517,
            -3_085_910_475_007_070_167,
            -2_320_608_767_414_156_965,
            834_668_089_446_387_623,
        ],
        last: -2_814_640_336_382_099_880,
        fingerprint: 0x8b6b_9707_7b2d_c195,
    },
    Golden {
        name: "noise of a few units (seed 2)",
        share: 10_000,
        samples: || noise(2, 52),
        first: [-17, -27, -43, -52],
        last: -34,
        fingerprint: 0xa533_c5f0_e585_08c5,
    },
];

fn noise(seed: u64, shift: u32) -> Vec<i64> {
    let mut random = Random::new(seed);
    (0..10_000).map(|_| random.next() as i64 >> shift).collect()
}

/// FNV-1a over the outputs' bytes, lowest first.
pub fn fingerprint(outputs: &[i64]) -> u64 {
    let bytes = outputs.iter().flat_map(|output| output.to_le_bytes());
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}
