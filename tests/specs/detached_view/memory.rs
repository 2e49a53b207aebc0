//! Linear memory: how large it is, and how to fill it, make it grow and lose a view.

use core::arch::wasm32;
use core::hint::black_box;
use js_sys::{ArrayBuffer, ArrayBufferOptions, Uint8Array};
use wasm_bindgen::{JsValue, externref_heap_live_count};

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

/// An array of 16 bytes, zeros, from offset 8 on of a buffer that has been made shorter since:
/// `left` bytes.
pub fn shrunk(left: usize) -> Uint8Array {
    let buffer = ArrayBuffer::new_with_options(32, &ArrayBufferOptions::new(32));
    let array = Uint8Array::new_with_byte_offset_and_length(&buffer, 8, 16);
    assert!(
        buffer.resize(left).is_ok(),
        "this engine refused to make a resizable buffer shorter"
    );
    array
}

/// Fills wasm-bindgen's table of JavaScript's values, but for `spare` places, and takes all free memory
/// that its books could grow into. Returns what it holds on to.
///
/// The table doubles, so `capacity` is a power of two: one that it has not grown past. Its books are
/// 4 bytes a value. Below 2^14 values they could grow into what is left of the last page.
pub fn fill_table(capacity: u32, spare: u32) -> (Vec<JsValue>, Vec<Vec<u8>>) {
    let missing = capacity - spare - externref_heap_live_count();
    let values = (0..missing).map(JsValue::from).collect();
    (values, allocate_until_growth(capacity as usize * 4))
}
