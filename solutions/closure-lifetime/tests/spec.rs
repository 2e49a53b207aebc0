use solution_closure_lifetime as zone;
#[path = "../../../tests/specs/closure_lifetime.rs"]
mod spec;
