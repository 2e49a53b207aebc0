// Starts a Go program for js/wasm under Node.js, with what the programs here ask of their host:
// the instance, and the import of 14-exports. `go run -exec` calls it with the program and its arguments.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { webcrypto } from "node:crypto";
import { tmpdir } from "node:os";

const goroot = execFileSync("go", ["env", "GOROOT"], { encoding: "utf8" }).trim();
const require = createRequire(import.meta.url);
globalThis.crypto ??= webcrypto;
globalThis.fs = require("node:fs");
globalThis.path = require("node:path");
require(`${goroot}/lib/wasm/wasm_exec.js`);
const go = new Go();
go.argv = process.argv.slice(2);
go.env = { TMPDIR: tmpdir() };
go.exit = process.exit;
go.importObject.env = { host_mul: (a, b) => a * b };
const { instance } = await WebAssembly.instantiate(readFileSync(process.argv[2]), go.importObject);
globalThis.instance = instance;
await go.run(instance);
