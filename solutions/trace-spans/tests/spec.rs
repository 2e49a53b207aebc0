use solution_trace_spans as zone;
#[path = "../../../tests/specs/trace_spans.rs"]
mod spec;

#[cfg(not(target_family = "wasm"))]
compile_error!("A spec runs in a browser, so it is built for wasm32-unknown-unknown.");
