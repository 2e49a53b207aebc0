//! An allocator that puts a fence behind each block: whoever writes past a buffer breaks
//! it, and is seen when the buffer is freed.

use std::alloc::{GlobalAlloc, Layout, System};
use std::ptr::null_mut;
use std::slice;
use std::sync::atomic::{AtomicUsize, Ordering};

/// As long as a SIMD vector.
const FENCE: [u8; 16] = [0xa5; 16];

#[global_allocator]
static FENCED: Fenced = Fenced;

static BROKEN: AtomicUsize = AtomicUsize::new(0);

/// How many buffers with a broken fence were freed until now.
pub fn broken() -> usize {
    BROKEN.load(Ordering::Relaxed)
}

struct Fenced;

// SAFETY: blocks come from the system's allocator and go back to it with the layout that they
// came with, which is the caller's with room for the fence.
unsafe impl GlobalAlloc for Fenced {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let Some(fenced) = with_fence(layout) else {
            return null_mut();
        };
        // SAFETY: the layout has at least the size of the fence, and the fence lies in the block.
        unsafe {
            let block = System.alloc(fenced);
            if !block.is_null() {
                let fence = block.add(layout.size());
                fence.copy_from_nonoverlapping(FENCE.as_ptr(), FENCE.len());
            }
            block
        }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        let Some(fenced) = with_fence(layout) else {
            return; // no block has such a layout
        };
        // SAFETY: `alloc` made the block with this layout, and wrote the fence.
        unsafe {
            let fence = slice::from_raw_parts(block.add(layout.size()), FENCE.len());
            if fence != FENCE {
                BROKEN.fetch_add(1, Ordering::Relaxed);
            }
            System.dealloc(block, fenced);
        }
    }
}

fn with_fence(layout: Layout) -> Option<Layout> {
    let size = layout.size().checked_add(FENCE.len())?;
    Layout::from_size_align(size, layout.align()).ok()
}
