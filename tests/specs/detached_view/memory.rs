//! Linear memory: how large it is, and how to fill it, make it grow and lose a view.

use core::arch::wasm32;
use core::hint::black_box;
use js_sys::Uint8Array;

/// The size of linear memory, in pages of 64 KiB.
pub fn pages() -> usize {
    wasm32::memory_size(0)
}

/// Allocates blocks of every small size and fills them, as a busy program would.
pub fn blocks(count: usize) -> Vec<Vec<u8>> {
    (0..count)
        .map(|i| black_box(vec![0xa5; 16 + i % 16 * 8]))
        .collect()
}

/// Allocates blocks until one makes the memory grow: now no free room of that size is left.
pub fn allocate_until_growth(block: usize) -> Vec<Vec<u8>> {
    let before = pages();
    let mut ballast = Vec::with_capacity(64);
    while pages() == before {
        ballast.push(black_box(Vec::with_capacity(block)));
    }
    ballast
}

/// An array of 16 bytes whose buffer is gone: a view of memory that has grown since.
pub fn detached() -> Uint8Array {
    // SAFETY: the view is of a constant, and is never written to.
    let view = unsafe { Uint8Array::view(&[0xee; 16]) };
    let before = wasm32::memory_grow(0, 1);
    assert_ne!(
        before,
        usize::MAX,
        "this engine refused one more page of memory"
    );
    assert!(
        view.length() == 0,
        "growth did not detach the view: this engine is not what the spec knows"
    );
    view
}
