// Reads {shop, requests} from its input and prints the numbers of each quote, a line each.

import { readFileSync } from "node:fs";
import { Engine } from "./engine.js";
import { numbers } from "./numbers.js";

const { shop, requests } = JSON.parse(readFileSync(0, "utf8"));
const engine = new Engine(shop);
const answers = requests.map(({ to, lines }) => numbers(() => engine.quote(to, lines)).join(" "));
console.log(answers.join("\n"));
