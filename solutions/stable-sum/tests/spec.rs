use solution_stable_sum as zone;
#[path = "../../../tests/specs/stable_sum.rs"]
mod spec;
