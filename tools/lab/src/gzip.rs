//! The little of gzip that it takes to break it.

/// A gzip header (RFC 1952): deflate, no name, no time, unknown system.
const HEADER: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
/// The most that one stored block holds.
const BLOCK: usize = u16::MAX as usize;
/// The start of a last block of type 3, which deflate (RFC 1951) calls an error.
const NO_BLOCK: u8 = 0b111;

/// `data` as stored blocks, which any decoder unpacks, and then a block of a type that there is not.
pub(crate) fn garbled(data: &[u8]) -> Vec<u8> {
    let mut bytes = HEADER.to_vec();
    for block in data.chunks(BLOCK) {
        // A chunk is at most as long as a u16 can say.
        let length = u16::try_from(block.len()).unwrap_or(u16::MAX);
        bytes.push(0);
        bytes.extend(length.to_le_bytes());
        bytes.extend((!length).to_le_bytes());
        bytes.extend(block);
    }
    bytes.push(NO_BLOCK);
    bytes
}
