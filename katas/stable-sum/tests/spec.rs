use kata_stable_sum as zone;
#[path = "../../../tests/specs/stable_sum.rs"]
mod spec;
