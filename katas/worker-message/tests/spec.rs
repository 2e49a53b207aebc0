use kata_worker_message as zone;
#[path = "../../../tests/specs/worker_message.rs"]
mod spec;

#[cfg(not(target_family = "wasm"))]
compile_error!("A spec runs in a browser, so it is built for wasm32-unknown-unknown.");
