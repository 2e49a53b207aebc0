// The shop under workerd, in WebAssembly. A module is an import there: nobody may compile bytes at run time.

import module from "engine.wasm";
import shop from "shop.txt";
import { answer } from "./service.js";
import { Engine } from "./wasm.js";

const engine = new Engine(module, shop);

export default {
  async fetch(request) {
    const { pathname, search } = new URL(request.url);
    const text = answer(engine, pathname + search, await request.text());
    return new Response(text, { headers: { "content-type": "application/json" } });
  },
};
