# workerd serve worker-wasm.capnp --socket-addr=http=127.0.0.1:PORT
using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [(name = "main", worker = .shop)],
  sockets = [(name = "http", http = (), service = "main")],
);

const shop :Workerd.Worker = (
  modules = [
    (name = "worker-wasm.js", esModule = embed "worker-wasm.js"),
    (name = "service.js", esModule = embed "service.js"),
    (name = "numbers.js", esModule = embed "numbers.js"),
    (name = "errors.js", esModule = embed "errors.js"),
    (name = "shop.txt", text = embed "shop.txt"),
    (name = "wasm.js", esModule = embed "wasm.js"),
    (name = "engine.wasm", wasm = embed "engine.wasm"),
  ],
  compatibilityDate = "2026-11-01",
);
