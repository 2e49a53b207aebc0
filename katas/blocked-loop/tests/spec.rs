use kata_blocked_loop as zone;
#[path = "../../../tests/specs/blocked_loop.rs"]
mod spec;
