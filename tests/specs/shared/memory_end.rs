//! The very end of linear memory, where nothing stands behind a slice: whoever reads
//! past it traps, and does not go on with bytes that are not the slice's.

use core::arch::wasm32::{memory_grow, memory_size};

use js_sys::{Array, Error};
use wasm_bindgen::prelude::*;

/// The size of a page of memory, in bytes.
const PAGE: usize = 65_536;

/// So much is free when the last page is taken: what the code under test allocates
/// finds room and does not make memory grow.
const ROOM: usize = 1 << 20;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = Reflect, js_name = apply, catch)]
    fn apply_and_catch(f: &mut dyn FnMut(), this: &JsValue, args: &Array) -> Result<(), JsValue>;
}

/// The last page of memory, taken from the engine, so that no allocator knows it.
pub struct MemoryEnd {
    page: usize,
}

impl MemoryEnd {
    pub fn new() -> Self {
        drop(vec![1u8; ROOM]);
        let page = memory_grow::<0>(1);
        assert!(page != usize::MAX, "the engine has no page for the spec");
        Self { page }
    }

    /// Calls `run` with `values`, the last of which fills the last bytes of memory. If it
    /// traps, that is its answer: the words of the engine.
    pub fn run<T: Copy>(&mut self, values: &[T], mut run: impl FnMut(&[T])) -> Result<(), String> {
        loop {
            let slice = self.lay(values);
            let outcome = apply_and_catch(&mut || run(slice), &JsValue::NULL, &Array::new());
            if self.is_last() || outcome.is_err() {
                return outcome.map_err(|error| words(&error));
            }
            *self = Self::new(); // memory grew meanwhile, so there was something behind
        }
    }

    fn is_last(&self) -> bool {
        memory_size::<0>() == self.page + 1
    }

    fn lay<T: Copy>(&self, values: &[T]) -> &[T] {
        let bytes = size_of_val(values);
        assert!(bytes <= PAGE, "the spec's slice is longer than a page");
        // `wrapping`: memory of 4 GiB would end at 2^32.
        let start = ((self.page + 1) * PAGE).wrapping_sub(bytes);
        let place = start as *mut T;
        // SAFETY: the page is this value's own, zeroed by the engine, and the slice lies
        // in it; its end is a multiple of 65536, so `place` is aligned for any `T` whose size is a
        // multiple of its alignment, as all are.
        unsafe {
            place.copy_from_nonoverlapping(values.as_ptr(), values.len());
            core::slice::from_raw_parts(place, values.len())
        }
    }
}

fn words(error: &JsValue) -> String {
    match error.dyn_ref::<Error>() {
        Some(error) => String::from(error.message()),
        None => format!("{error:?}"),
    }
}
