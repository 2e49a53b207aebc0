use solution_detached_view as zone;
#[path = "../../../tests/specs/detached_view.rs"]
mod spec;
