use solution_finalized_handle as zone;
#[path = "../../../tests/specs/finalized_handle.rs"]
mod spec;
