//! CRC-32C three times, each plain: bit by bit to judge by, and all three for the picture to race.

use contract::POLYNOMIAL;

/// The polynomial of CRC-32, of zip and Ethernet, in the same order of bits.
pub const CRC_32: u32 = 0xedb8_8320;

/// The CRC-32C, bit by bit.
pub fn crc32c(bytes: &[u8]) -> u32 {
    !register(POLYNOMIAL, u32::MAX, bytes)
}

/// The register after these bytes, bit by bit, for any polynomial.
pub fn register(polynomial: u32, mut state: u32, bytes: &[u8]) -> u32 {
    for byte in bytes {
        state ^= u32::from(*byte);
        for _ in 0..8 {
            let carry = if state & 1 == 1 { polynomial } else { 0 };
            state = state >> 1 ^ carry;
        }
    }
    state
}

/// Eight tables, the first of which is enough to go byte by byte.
pub fn tables() -> Box<[[u32; 256]; 8]> {
    let mut tables = Box::new([[0; 256]; 8]);
    for byte in 0..=255_u8 {
        let zeros = [byte, 0, 0, 0, 0, 0, 0, 0];
        for (n, table) in tables.iter_mut().enumerate() {
            table[usize::from(byte)] = register(POLYNOMIAL, 0, &zeros[..=n]);
        }
    }
    tables
}

/// The register after these bytes, with one lookup a byte.
pub fn by_table(tables: &[[u32; 256]; 8], state: u32, bytes: &[u8]) -> u32 {
    bytes.iter().fold(state, |state, byte| {
        tables[0][usize::from(state as u8 ^ byte)] ^ state >> 8
    })
}

/// The register after these bytes, eight lookups at a time.
pub fn by_eight(tables: &[[u32; 256]; 8], state: u32, bytes: &[u8]) -> u32 {
    let (words, rest) = bytes.as_chunks::<8>();
    let state = words.iter().fold(state, |state, word| {
        let word = u64::from_le_bytes(*word) ^ u64::from(state);
        word.to_le_bytes()
            .iter()
            .enumerate()
            .fold(0, |sum, (n, byte)| sum ^ tables[7 - n][usize::from(*byte)])
    });
    by_table(tables, state, rest)
}

/// Bytes without a pattern that a checksum could be lucky with.
pub fn noise(length: usize) -> Vec<u8> {
    let at = |i: u64| ((i * i + 7 * i) >> 3) as u8;
    (0..length as u64).map(at).collect()
}
