use kata_fixed_point as zone;
#[path = "../../../tests/specs/fixed_point.rs"]
mod spec;
