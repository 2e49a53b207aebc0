//! Bytes that are no text, many of them, and from memory that has only just grown.

use std::io::{IoSlice, Write, stderr, stdout};

fn main() {
    let mut out = stdout();
    out.write_all(b"bytes\n\xff\xfe\0\x80\n").unwrap();
    let pieces = [
        IoSlice::new(b"three "),
        IoSlice::new(b""),
        IoSlice::new(b"pieces\n"),
    ];
    let taken = out.write_vectored(&pieces).unwrap();
    assert!(taken > 0);
    out.flush().unwrap();
    for round in 1..4_usize {
        // Half a character at the end of each piece.
        let grown = "🦀日é".repeat(20_000 * round);
        out.write_all(&grown.as_bytes()[..grown.len() - 1]).unwrap();
        stderr().write_all(&grown.as_bytes()[..10]).unwrap();
    }
}
