// The shop under workerd, in plain JavaScript.

import shop from "shop.txt";
import { Engine } from "./engine.js";
import { answer } from "./service.js";

const engine = new Engine(shop);

export default {
  async fetch(request) {
    const { pathname, search } = new URL(request.url);
    const text = answer(engine, pathname + search, await request.text());
    return new Response(text, { headers: { "content-type": "application/json" } });
  },
};
