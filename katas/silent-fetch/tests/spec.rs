use kata_silent_fetch as zone;
#[path = "../../../tests/specs/silent_fetch.rs"]
mod spec;
