//! What survives the trip

use super::{
    client,
    describe::{arrives, innermost, nested},
    stage::{ECHO, a_function, asked, get, instance_of, list, object, set},
};
use js_sys::{
    Array, ArrayBuffer, BigInt, DataView, Date, Error, Function, JsString, Map, Object, RangeError,
    Reflect, RegExp, Set, Symbol, SyntaxError, TypeError, Uint8Array,
};
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::*;

/// `NaN`, `-0`, infinity, `BigInt`, `undefined` and every text arrive as they are. JSON knows none of the
/// first five.
#[wasm_bindgen_test]
async fn plain_values_arrive_as_they_are() {
    let lone = JsString::from_char_code1(0xd800);
    let object: Function = get(&js_sys::global(), "Object").unchecked_into();
    let boxed = |value: &JsValue| object.call1(&JsValue::UNDEFINED, value).unwrap();
    arrives([
        ("NaN", f64::NAN.into(), "NaN"),
        ("-0", (-0.0).into(), "-0"),
        ("infinity", f64::NEG_INFINITY.into(), "-Infinity"),
        (
            "the smallest number above 0",
            f64::from_bits(1).into(),
            "5e-324",
        ),
        (
            "a BigInt above 2^64",
            BigInt::from(1_180_591_620_717_411_303_424_i128).into(),
            "1180591620717411303424n",
        ),
        ("a BigInt below 0", BigInt::from(-1).into(), "-1n"),
        ("undefined", JsValue::UNDEFINED, "undefined"),
        ("null", JsValue::NULL, "null"),
        ("true", true.into(), "true"),
        ("an empty text", "".into(), r#""""#),
        (
            "a text with a zero and an emoji",
            "a\0 🦀".into(),
            r#""a\u0000 🦀""#,
        ),
        ("half a pair of UTF-16 units", lone.into(), r#""\ud800""#),
        (
            "a Boolean object",
            boxed(&false.into()),
            "Boolean object false",
        ),
        ("a Number object", boxed(&(-0.0).into()), "Number object -0"),
        (
            "a String object",
            boxed(&"text".into()),
            r#"String object "text""#,
        ),
    ])
    .await;
}

/// A `Map` and a `Set` keep their entries, in their order, whatever their keys are.
#[wasm_bindgen_test]
async fn maps_and_sets_keep_their_entries() {
    let map = Map::new();
    map.set(&2.into(), &"two".into());
    map.set(&f64::NAN.into(), &1.into());
    map.set(&object([("a", 1.into())]), &Set::new(&list([3.into()])));
    map.set(&"2".into(), &JsValue::UNDEFINED);
    let set = Set::new(&list(["b".into(), "a".into(), map.clone().into()]));
    arrives([
        (
            "a Map with keys of four kinds",
            map.into(),
            r#"Map { 2 => "two", NaN => 1, Object { a: 1 } => Set { 3 }, "2" => undefined }"#,
        ),
        (
            "a Set that holds it",
            set.into(),
            r#"Set { "b", "a", Map { 2 => "two", NaN => 1, Object { a: 1 } => Set { 3 }, "2" => undefined } }"#,
        ),
        ("an empty Map", Map::new().into(), "Map {  }"),
    ])
    .await;
}

/// A `Date` is a `Date` on the other side, also an invalid one. A `RegExp` keeps source and flags, and starts
/// from 0.
#[wasm_bindgen_test]
async fn dates_and_regular_expressions_stay_what_they_are() {
    let date = |ms: f64| -> JsValue { Date::new(&ms.into()).into() };
    let used = RegExp::new("a+/b", "giu");
    used.set_last_index(7);
    arrives([
        ("a Date", date(1_795_824_000_123.0), "Date 1795824000123"),
        ("a Date before 1970", date(-1.0), "Date -1"),
        ("a Date that is none", date(f64::NAN), "Date NaN"),
        (
            "a RegExp that has been used",
            used.into(),
            r"RegExp /a+\/b/giu at 0",
        ),
    ])
    .await;
}

/// An `ArrayBuffer`, every typed array and a `DataView` keep their bits and their place in their
/// buffer, and two views of one buffer are two views of one buffer.
#[wasm_bindgen_test]
async fn buffers_and_views_keep_every_bit() {
    let (buffer, bytes) = buffer_of(&[1, 0, 0, 0, 0, 0, 240, 191, 0, 0, 0, 0, 0, 0, 0, 128]);
    let at_8 = |class: &str| -> JsValue {
        let class: Function = get(&js_sys::global(), class).unchecked_into();
        Reflect::construct(&class, &Array::of3(&buffer, &8.into(), &1.into())).unwrap()
    };
    let of_all = format!("of ArrayBuffer [{bytes}]");
    for (class, item, size) in [
        ("Uint8Array", "0", 1),
        ("Int8Array", "0", 1),
        ("Uint8ClampedArray", "0", 1),
        ("Uint16Array", "0", 2),
        ("Int16Array", "0", 2),
        ("Uint32Array", "0", 4),
        ("Int32Array", "0", 4),
        ("Float32Array", "0", 4),
        ("Float64Array", "-0", 8),
        ("BigInt64Array", "-9223372036854775808n", 8),
        ("BigUint64Array", "9223372036854775808n", 8),
    ] {
        let description = format!("{class} [{item}] at 8, {size} bytes {of_all}");
        arrives([(class, at_8(class), &description)]).await;
    }
    let part = Uint8Array::new_with_byte_offset_and_length(&buffer, 6, 2);
    let data = DataView::new(&buffer, 4, 3);
    arrives([
        (
            "an ArrayBuffer",
            buffer.clone().into(),
            format!("ArrayBuffer [{bytes}]").as_str(),
        ),
        (
            "an empty ArrayBuffer",
            ArrayBuffer::new(0).into(),
            "ArrayBuffer []",
        ),
        (
            "two views of one buffer",
            list([part.into(), data.into(), buffer.into()]).into(),
            &format!(
                "Array of 3 {{ 0: Uint8Array [240 191] at 6, 2 bytes {of_all}, \
                 1: DataView at 4, 3 bytes of #2, 2: #2 }}"
            ),
        ),
    ])
    .await;
}

fn buffer_of(bytes: &[u8]) -> (ArrayBuffer, String) {
    let text: Vec<String> = bytes.iter().map(u8::to_string).collect();
    (Uint8Array::from(bytes).buffer(), text.join(" "))
}

/// An error is an error of the same type on the other side, with its message.
#[wasm_bindgen_test]
async fn errors_keep_their_type_and_their_message() {
    let named = Error::new("with a name of its own");
    set(&named, "name", &"Mishap".into());
    arrives([
        ("an Error", Error::new("boom").into(), "Error Error: boom"),
        (
            "a RangeError",
            RangeError::new("too far").into(),
            "RangeError RangeError: too far",
        ),
        (
            "a TypeError",
            TypeError::new("").into(),
            "TypeError TypeError: ",
        ),
        (
            "a SyntaxError",
            SyntaxError::new("((").into(),
            "SyntaxError SyntaxError: ((",
        ),
        // A name that is none of the standard ones becomes Error.
        (
            "an Error with a name of its own",
            named.into(),
            "Error Error: with a name of its own",
        ),
    ])
    .await;
}

/// A cycle is a cycle on the other side, and what two hold together is one object still.
#[wasm_bindgen_test]
async fn cycles_and_shared_references_stay_what_they_are() {
    let ring = object([("name", "ring".into())]);
    set(&ring, "self", &ring);
    set(&ring, "list", &list([ring.clone(), 1.into()]));
    let shared = object([("n", 1.into())]);
    let map = Map::new();
    map.set(&shared, &shared);
    map.set(&"map".into(), &map);
    let pair = list([shared.clone(), shared, map.into()]);
    arrives([
        (
            "an object that holds itself",
            ring,
            r#"Object { name: "ring", self: #0, list: Array of 2 { 0: #0, 1: 1 } }"#,
        ),
        (
            "one object in three places, once as a key",
            pair.into(),
            r#"Array of 3 { 0: Object { n: 1 }, 1: #1, 2: Map { #1 => #1, "map" => #2 } }"#,
        ),
    ])
    .await;
}

/// A sparse array keeps its length and its holes, and named properties of an array come along.
#[wasm_bindgen_test]
async fn sparse_arrays_keep_their_holes() {
    let sparse = Array::new_with_length(12);
    sparse.set(3, 1.into());
    sparse.set(5, JsValue::UNDEFINED);
    set(&sparse, "unit", &"mm".into());
    arrives([
        (
            "an array with two values in twelve places",
            sparse.into(),
            r#"Array of 12 { 3: 1, 5: undefined, unit: "mm" }"#,
        ),
        (
            "an array of holes",
            Array::new_with_length(3).into(),
            "Array of 3 {  }",
        ),
        ("an empty array", Array::new().into(), "Array of 0 {  }"),
    ])
    .await;
}

/// What is deep inside arrives, too: 300 objects, arrays and maps, one in the other.
#[wasm_bindgen_test]
async fn deep_values_arrive_whole() {
    const DEPTH: usize = 300;
    let client = client(ECHO);
    let core = Set::new(&list([BigInt::from(7).into()]));
    let answer = asked(
        "a value 300 deep",
        &client,
        &nested(DEPTH, &core),
        &Array::new(),
    )
    .await;
    let answer = answer.unwrap_or_else(|error| panic!("a value 300 deep can be cloned: {error}"));
    let (depth, core) = innermost(DEPTH, &answer);
    let core: Set = core.dyn_into().unwrap_or_else(|other| {
        panic!(
            "300 objects, arrays and maps, one in the other, and then a Set. The way to it ends after {depth} \
             at {other:?}"
        )
    });
    assert!(
        core.has(&BigInt::from(7).into()),
        "the Set at the end of 300 levels held 7n, and arrived without it"
    );
}

/// A class instance arrives as a plain object with the properties that are its own. Of a Rust struct that
/// is the number that wasm-bindgen keeps in it, an address in the memory of another instance.
#[wasm_bindgen_test]
async fn a_class_instance_arrives_as_a_plain_object() {
    let class = object([("area", a_function()), ("unit", "mm".into())]);
    let instance = instance_of(&class);
    set(&instance, "width", &3.into());
    let frozen = Object::<JsValue>::freeze(instance_of(&class).unchecked_ref());
    let keyed = object([("shown", 1.into())]);
    Reflect::set(&keyed, &Symbol::for_("hidden"), &2.into()).unwrap();
    arrives([
        (
            "an instance with a method in its class",
            instance,
            "Object { width: 3 }",
        ),
        ("a frozen one", frozen.into(), "Object {  }"),
        (
            "an object with a symbol for a key",
            keyed,
            "Object { shown: 1 }",
        ),
    ])
    .await;

    let client = client(ECHO);
    let parcel = JsValue::from(SpecParcel { weight: 7 });
    assert!(get(&parcel, "weight") == 7, "here the struct has a weight");
    let sent = asked("a struct", &client, &parcel, &Array::new())
        .await
        .unwrap_or_else(|error| panic!("a struct is an object of JavaScript's, too: {error}"));
    let keys = Reflect::own_keys(&sent).unwrap();
    assert!(
        get(&sent, "weight").is_undefined() && keys.length() == 1,
        "a Rust struct was sent, and what arrived is {sent:?}. Its fields are in linear memory: send a plain \
         object, or bytes"
    );
}

/// A struct as wasm-bindgen exports it.
#[wasm_bindgen]
pub struct SpecParcel {
    /// Reached through an accessor of its class.
    pub weight: u32,
}
