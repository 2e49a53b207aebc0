use kata_proxy_bridge as zone;
#[path = "../../../tests/specs/proxy_bridge.rs"]
mod spec;

#[cfg(not(target_family = "wasm"))]
compile_error!("A spec runs in a browser, so it is built for wasm32-unknown-unknown.");
