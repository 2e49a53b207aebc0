//! Arguments and environment

use super::expect::{answers, outcome, writes};
use super::stage::{Desk, Stage, owned, stage};
use crate::zone::Shim;
use contract::{Call, Errno};
use wasm_bindgen_test::*;

/// Arguments of characters of one to four bytes, and one without any.
const ARGS: [&str; 6] = ["program", "Zoë", "日本語", "🦀", "", "two words"];
/// Variables of all kinds.
const ENVIRON: [(&str, &str); 4] = [
    ("HOME", "/"),
    ("NAME", "Zoë 🦀"),
    ("EMPTY", ""),
    ("SUM", "a=b=c"),
];

/// Where the tests put things.
const A: u32 = 64;
const B: u32 = 128;
const LIST: u32 = 256;
const BYTES: u32 = 1000;

const ARGS_SIZES: Call = Call::ArgsSizesGet { count: A, size: B };
const ENVIRON_SIZES: Call = Call::EnvironSizesGet { count: A, size: B };
const ARGS_GET: Call = Call::ArgsGet {
    list: LIST,
    bytes: BYTES,
};
const ENVIRON_GET: Call = Call::EnvironGet {
    list: LIST,
    bytes: BYTES,
};

/// The addresses of these texts from an address on, and all of their bytes.
fn laid_out<T: AsRef<str>>(texts: &[T], bytes: u32) -> (Vec<u8>, Vec<u8>) {
    let (mut addresses, mut all) = (Vec::new(), Vec::new());
    for text in texts {
        addresses.extend((bytes + all.len() as u32).to_le_bytes());
        all.extend(text.as_ref().bytes());
        all.push(0);
    }
    (addresses, all)
}

/// The environment as texts.
fn pairs() -> Vec<String> {
    ENVIRON
        .map(|(name, value)| format!("{name}={value}"))
        .to_vec()
}

/// Asserts what the sizes are.
fn has_sizes<T: AsRef<str>>(stage: &Stage, call: Call, texts: &[T]) {
    let texts: Vec<&str> = texts.iter().map(AsRef::as_ref).collect();
    let all = laid_out(&texts, 0).1.len();
    let (count, size) = (texts.len() as u32, all as u32);
    answers(
        stage,
        call,
        Errno::Success,
        &format!("the sizes of {texts:?}"),
    );
    let said = (stage.number(A), stage.number(B));
    let (chars, bytes) = texts.iter().fold((0, 0), |(chars, bytes), text| {
        (chars + text.chars().count(), bytes + text.len())
    });
    assert!(
        said == (count, size),
        "{texts:?} are {count} texts of {chars} characters. In UTF-8 these are {bytes} bytes, and with a NUL behind each \
         {size}. Expected {count} and {size}, and the guest is told {} and {}: it makes room for just as many bytes.",
        said.0,
        said.1,
    );
}

/// Sizes are bytes, and the NUL behind each text is one.
#[wasm_bindgen_test]
fn sizes_are_bytes_and_count_the_nul() {
    for args in [&ARGS[..1], &ARGS[..3], &ARGS] {
        has_sizes(&stage(args, &[]), ARGS_SIZES, args);
    }
    has_sizes(&stage(&[], &ENVIRON), ENVIRON_SIZES, &pairs());
}

/// No more is written than the sizes said: a guest makes room for just that.
#[wasm_bindgen_test]
fn no_more_is_written_than_the_sizes_said() {
    let stage = stage(&ARGS, &ENVIRON);
    for (sizes, get) in [(ARGS_SIZES, ARGS_GET), (ENVIRON_SIZES, ENVIRON_GET)] {
        answers(&stage, sizes, Errno::Success, "the sizes");
        let (count, size) = (stage.number(A), stage.number(B));
        let behind = |start: u32, len: u32| stage.bytes()[(start + len) as usize..][..64].to_vec();
        let before = (behind(LIST, count * 4), behind(BYTES, size));
        answers(&stage, get, Errno::Success, "the texts");
        let after = (behind(LIST, count * 4), behind(BYTES, size));
        let over = |a: &[u8], b: &[u8]| a.iter().zip(b).filter(|(a, b)| a != b).count();
        let over = (over(&before.0, &after.0), over(&before.1, &after.1));
        assert!(
            over == (0, 0),
            "{get:?}: the guest was told of {count} texts in {size} bytes. {} bytes behind its list are overwritten, and {} \
             behind its texts. What lies there in a real guest is the next block of its heap.",
            over.0,
            over.1,
        );
    }
}

/// The arguments lie one behind the other, each with a NUL, and the list has their addresses.
#[wasm_bindgen_test]
fn arguments_arrive_with_a_nul_each() {
    let stage = stage(&ARGS, &ENVIRON);
    for (list, bytes) in [(LIST, BYTES), (LIST, BYTES), (5001, 7003), (BYTES, 40_000)] {
        let (addresses, all) = laid_out(&ARGS, bytes);
        let why = format!(
            "the guest asks for its arguments, {ARGS:?}, and may ask again, at another address"
        );
        let parts = [(list, &addresses[..]), (bytes, &all)];
        writes(&stage, Call::ArgsGet { list, bytes }, &parts, &why);
    }
}

/// The environment is texts of name, equals sign and value, in the order that was given.
#[wasm_bindgen_test]
fn the_environment_is_name_equals_value() {
    let stage = stage(&ARGS, &ENVIRON);
    for (list, bytes) in [(LIST, BYTES), (5001, 7003)] {
        let (addresses, all) = laid_out(&pairs(), bytes);
        let why = format!(
            "the guest asks for its environment, {:?}, and may ask again, at another address",
            pairs()
        );
        let parts = [(list, &addresses[..]), (bytes, &all)];
        writes(&stage, Call::EnvironGet { list, bytes }, &parts, &why);
    }
}

/// No texts are 0 texts of 0 bytes, and then nothing is written.
#[wasm_bindgen_test]
fn no_texts_take_no_bytes() {
    let stage = stage(&[], &[]);
    for call in [ARGS_SIZES, ENVIRON_SIZES] {
        let zero = [0; 4];
        writes(
            &stage,
            call,
            &[(A, &zero), (B, &zero)],
            "there are no texts, and so they take 0 bytes",
        );
    }
    for call in [ARGS_GET, ENVIRON_GET] {
        writes(&stage, call, &[], "there are no texts to write");
    }
}

/// A text with a NUL inside is refused before a guest is there: for the guest it would end early.
#[wasm_bindgen_test]
fn a_nul_inside_a_text_is_refused() {
    for (args, environ) in [
        (vec!["program", "a\0b"], vec![]),
        (vec!["\0"], vec![]),
        (vec!["program", "", "ends with it\0"], vec![]),
        (vec!["program"], vec![("NA\0ME", "value")]),
        (vec!["program"], vec![("HOME", "/"), ("NAME", "va\0lue")]),
    ] {
        let (texts, pairs) = owned(&args, &environ);
        let refused = outcome(|| Shim::new(Desk::default(), &texts, &pairs).is_err());
        assert!(
            refused == Some(true),
            "arguments {args:?} and environment {environ:?}: a NUL ends a text for the guest, so what stands behind it would be \
             lost, and the list would be right all the same. Expected Err, came {}.",
            if refused.is_some() { "Ok" } else { "a panic" },
        );
    }
}
