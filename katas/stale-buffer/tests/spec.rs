use kata_stale_buffer as zone;
#[path = "../../../tests/specs/stale_buffer.rs"]
mod spec;
