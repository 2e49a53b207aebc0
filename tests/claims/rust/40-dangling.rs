// Row 40: rustc --edition 2024 --crate-type lib tests/claims/rust/40-dangling.rs
pub fn create_dangling_pointer() -> &'static i32 {
    let x = 42;
    &x
}
