use kata_lossy_convert as zone;
#[path = "../../../tests/specs/lossy_convert.rs"]
mod spec;
