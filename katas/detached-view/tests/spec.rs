use kata_detached_view as zone;
#[path = "../../../tests/specs/detached_view.rs"]
mod spec;
