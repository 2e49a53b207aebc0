//! Counts what is allocated: the allocator of the whole test module keeps books.

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

struct Books;

static BYTES: AtomicUsize = AtomicUsize::new(0);
static BLOCKS: AtomicUsize = AtomicUsize::new(0);

#[global_allocator]
static ALLOCATOR: Books = Books;

// SAFETY: all work is the system allocator's; this only counts, and its default `realloc` goes through both.
unsafe impl GlobalAlloc for Books {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        BYTES.fetch_add(layout.size(), Relaxed);
        BLOCKS.fetch_add(1, Relaxed);
        // SAFETY: the caller's promises are passed on.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        BYTES.fetch_sub(layout.size(), Relaxed);
        BLOCKS.fetch_sub(1, Relaxed);
        // SAFETY: the caller's promises are passed on.
        unsafe { System.dealloc(block, layout) }
    }
}

/// What is allocated and not freed.
#[derive(Debug, Clone, Copy)]
pub struct Live {
    pub bytes: usize,
    pub blocks: usize,
}

pub fn live() -> Live {
    Live {
        bytes: BYTES.load(Relaxed),
        blocks: BLOCKS.load(Relaxed),
    }
}

/// Asserts that many calls leave no more than 4 KiB: room for whatever an engine reuses.
pub fn stays_flat(what: &str, times: usize, mut call: impl FnMut(usize)) {
    const SLACK: usize = 4096;
    (0..100).for_each(&mut call);
    let before = live();
    (100..100 + times).for_each(call);
    let after = live();
    let bytes = after.bytes.saturating_sub(before.bytes);
    assert!(
        bytes <= SLACK,
        "after {times} {what}, {bytes} bytes more are allocated, in {} blocks. A shop quotes for months, and \
         linear memory never shrinks: whatever is kept for each adds up until nothing is left.",
        after.blocks.saturating_sub(before.blocks),
    );
}
