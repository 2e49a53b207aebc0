//! The guest's bytes are what its text is assembled to, and what an assembler says of a text in the article.
#![cfg(not(target_family = "wasm"))]
// In a test a panic is the verdict.
#![allow(clippy::unwrap_used)]

#[allow(dead_code, reason = "the spec uses the rest")]
#[path = "../../../tests/specs/out_of_bounds/guest.rs"]
mod guest;

#[test]
fn the_bytes_are_the_texts() {
    for pages in [0, 1, 2] {
        let text = guest::TEXT.replace(
            "(memory (export \"memory\") 1 64)",
            &format!("(memory (export \"memory\") {pages} 64)"),
        );
        let bytes = wat::parse_str(text).unwrap();
        let literal = bytes.escape_ascii();
        assert!(
            guest::with_pages(pages) == bytes,
            "guest.rs holds other bytes than its text is assembled to, with {pages} pages:\n{literal}"
        );
    }
}

/// The article's text has comments of one semicolon.
#[test]
fn a_single_semicolon_is_no_comment() {
    let commented = |mark: &str| wat::parse_str(format!("(module\n(memory 1) {mark} one page\n)"));
    let error = commented(";").unwrap_err().to_string();
    assert!(error.contains("expected `(`"), "{error}");
    assert!(commented(";;").is_ok());
}
