//! The quote engine behind raw exports, as a host without wasm-bindgen calls it. Each feature is a step of the
//! chapter `price-engine`; what is `zone` (the kata or the solution) the manifest says.

use std::cell::{OnceCell, UnsafeCell};
#[cfg(any(feature = "text", feature = "list"))]
use zone::Answer;
use zone::{Country, Engine, Line, QuoteError};

/// Lines in a basket, at most.
const LINES: usize = 64;
const SUMS: usize = 4;
const EACH: usize = 3;

thread_local! {
    static ENGINE: OnceCell<Engine> = const { OnceCell::new() };
}

/// Numbers at a fixed place. The host writes requests and reads answers there, between calls.
struct Desk<T>(UnsafeCell<T>);

// SAFETY: this module has one thread, and nothing here holds a reference across a call.
unsafe impl<T> Sync for Desk<T> {}

static INPUT: Desk<[u32; LINES * 2]> = Desk(UnsafeCell::new([0; LINES * 2]));
static OUTPUT: Desk<[f64; SUMS + LINES * EACH]> = Desk(UnsafeCell::new([0.0; SUMS + LINES * EACH]));

/// Where the host writes items and quantities.
#[unsafe(no_mangle)]
pub extern "C" fn input() -> *mut u32 {
    INPUT.0.get().cast()
}

/// Where the host reads discount, net, tax and total, and price, discount and net of each line.
#[unsafe(no_mangle)]
pub extern "C" fn output() -> *const f64 {
    OUTPUT.0.get().cast()
}

/// Room for a text of so many bytes.
#[unsafe(no_mangle)]
pub extern "C" fn room(bytes: usize) -> *mut u8 {
    Box::leak(vec![0; bytes].into_boxed_slice()).as_mut_ptr()
}

/// Takes back what [`room`] gave.
///
/// # Safety
/// It is the host's own text, and the host is done with it.
unsafe fn taken(text: *mut u8, bytes: usize) -> String {
    // SAFETY: `room` made a boxed slice of this length, and nobody else frees it.
    let bytes = unsafe { Box::from_raw(std::ptr::slice_from_raw_parts_mut(text, bytes)) };
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Puts the first rules in force: 0, or the line of the rule that is wrong.
///
/// # Safety
/// `text` is room for so many bytes, and is given up.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn start(text: *mut u8, bytes: usize) -> usize {
    // SAFETY: as the caller promises.
    let rules = unsafe { taken(text, bytes) };
    match Engine::new(&rules) {
        Ok(engine) => {
            let _ = ENGINE.with(|place| place.set(engine));
            0
        }
        Err(error) => error.line,
    }
}

/// 0 for a quote; else the kind of error, and 8 times its line.
fn code(error: &QuoteError) -> usize {
    match error {
        QuoteError::UnknownDestination => 1,
        QuoteError::UnknownItem { index, .. } => 2 + index * 8,
        QuoteError::Quantity { index, .. } => 3 + index * 8,
        QuoteError::TooLarge { index } => 4 + index * 8,
        QuoteError::Rules(_) => 5,
    }
}

fn engine<T>(run: impl FnOnce(&Engine) -> T) -> Option<T> {
    ENGINE.with(|place| place.get().map(run))
}

/// Quotes by numbers: the destination is two letters, and `count` lines are in the input.
#[cfg(any(feature = "list", feature = "numbers"))]
#[unsafe(no_mangle)]
pub extern "C" fn quote(to: u32, count: usize) -> usize {
    let [first, second, ..] = to.to_le_bytes();
    let Some(to) = Country::new([first, second]) else {
        return 1;
    };
    // SAFETY: see `Desk`: the host is waiting for this call.
    let input = unsafe { &*INPUT.0.get() };
    let lines = input.chunks_exact(2).take(count).map(|pair| Line {
        item: pair[0],
        quantity: pair[1],
    });
    // SAFETY: the same, and it is not the input.
    let (sums, each) = unsafe { &mut *OUTPUT.0.get() }.split_at_mut(SUMS);
    let mut each = each.chunks_exact_mut(EACH);
    let write = |price: zone::LinePrice| {
        if let Some(place) = each.next() {
            place.copy_from_slice(
                &[price.unit, price.discount, price.net].map(|units| units as f64),
            );
        }
    };
    #[cfg(feature = "numbers")]
    let totals = engine(|engine| engine.price(to, lines, write));
    #[cfg(feature = "list")]
    let totals = engine(|engine| {
        let answer: Answer = engine.quote(to, lines)?;
        answer.lines().iter().copied().for_each(write);
        Ok(answer.totals())
    });
    match totals {
        Some(Ok(totals)) => {
            let all = [totals.discount, totals.net, totals.tax, totals.total];
            sums.copy_from_slice(&all.map(|units| units as f64));
            0
        }
        Some(Err(error)) => code(&error),
        None => 5,
    }
}

/// Quotes by text: `DE 1000 2 1001 1`. Answers where the answer stands, with its length in front: the numbers of a
/// quote, or 0 and the code of the error.
///
/// # Safety
/// `text` is room for so many bytes, and is given up.
#[cfg(feature = "text")]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn quote_text(text: *mut u8, bytes: usize) -> *const u8 {
    // SAFETY: as the caller promises.
    let text = unsafe { taken(text, bytes) };
    let mut words = text.split(' ');
    let to: Option<Country> = words.next().and_then(|word| word.parse().ok());
    let number = |word: Option<&str>| word.and_then(|word| word.parse().ok());
    let lines = std::iter::from_fn(|| {
        Some(Line {
            item: number(words.next())?,
            quantity: number(words.next())?,
        })
    });
    let answer: Option<Result<Answer, QuoteError>> =
        to.and_then(|to| engine(|engine| engine.quote(to, lines)));
    let text = match answer {
        Some(Ok(answer)) => {
            let totals = answer.totals();
            let sums = [totals.discount, totals.net, totals.tax, totals.total];
            let each = answer.lines().iter();
            let each = each.flat_map(|price| [price.unit, price.discount, price.net]);
            let words: Vec<String> = sums
                .into_iter()
                .chain(each)
                .map(|units| units.to_string())
                .collect();
            words.join(" ")
        }
        Some(Err(error)) => format!("error {}", code(&error)),
        None => "error 1".to_owned(),
    };
    // The host reads it before the next call: the desk holds the last text.
    thread_local! {
        static LAST: std::cell::RefCell<Vec<u8>> = const { std::cell::RefCell::new(Vec::new()) };
    }
    LAST.with_borrow_mut(|last| {
        last.clear();
        last.extend((text.len() as u32).to_le_bytes());
        last.extend(text.bytes());
        last.as_ptr()
    })
}
