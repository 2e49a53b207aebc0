//! The guests' bytes are what their texts are assembled to, and they end natively as they end in a browser.
#![cfg(not(target_family = "wasm"))]
// In a test a panic is the verdict.
#![allow(clippy::unwrap_used)]

#[allow(dead_code, reason = "the spec uses the rest")]
#[path = "../../../tests/specs/hostile_module/guests.rs"]
mod guests;

#[test]
fn the_bytes_are_the_texts() {
    for guest in guests::WRITTEN {
        let bytes = wat::parse_str(guest.text).unwrap();
        assert!(
            guest.bytes == bytes,
            "guests.rs holds other bytes for {} than its text is assembled to:\n{}",
            guest.name,
            bytes.escape_ascii()
        );
    }
}
