// The shop under Node: node node.js (js | wasm) PORT

import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { answer } from "./service.js";

const [kind, port] = process.argv.slice(2);
const file = (name) => readFileSync(new URL(name, import.meta.url));
const shop = file("shop.txt").toString();

async function open() {
  if (kind === "js") return new (await import("./engine.js")).Engine(shop);
  const { Engine } = await import("./wasm.js");
  return new Engine(new WebAssembly.Module(file("engine.wasm")), shop);
}

const engine = await open();
const server = createServer((request, response) => {
  const parts = [];
  request.on("data", (part) => parts.push(part));
  request.on("end", () => {
    const text = answer(engine, request.url, Buffer.concat(parts).toString());
    response.writeHead(200, { "content-type": "application/json", "content-length": Buffer.byteLength(text) });
    response.end(text);
  });
});
server.listen(Number(port), "127.0.0.1");
