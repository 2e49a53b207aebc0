//! Somebody else's system: that of Node.js, which is written in C (uvwasi), in the engine V8.

use std::process::Command;

use crate::Ran;
use crate::guests::Case;

/// Runs a guest. Its streams are the process's own, and so is its code, unless it traps.
const SCRIPT: &str = r#"
import { WASI } from "node:wasi";
import { readFileSync } from "node:fs";
const { file, args, environ, instead } = JSON.parse(readFileSync(process.argv[1]));
const env = Object.fromEntries(environ);
const wasi = new WASI({ version: "preview1", args, env, returnOnExit: true });
const calls = { ...wasi.wasiImport };
if (instead) {
  calls[instead.call] = () => {
    if (instead.answer === null) throw new RangeError(instead.call);
    return instead.answer;
  };
}
const imports = { wasi_snapshot_preview1: calls };
const { instance } = await WebAssembly.instantiate(readFileSync(file), imports);
try {
  process.exitCode = wasi.start(instance);
} catch (error) {
  if (!(error instanceof WebAssembly.RuntimeError)) throw error;
  process.exitCode = 250;
}
"#;

/// What the script says of a trap.
const TRAPPED: i32 = 250;

pub fn run(module: &[u8], case: &Case) -> Ran {
    run_with(module, case, None)
}

/// An answer that a call gets instead of Node's own: a number, or an exception if there is none.
pub struct Instead {
    pub call: &'static str,
    pub answer: Option<u16>,
}

pub fn run_with(module: &[u8], case: &Case, instead: Option<Instead>) -> Ran {
    let folder = tempfile::tempdir().unwrap();
    let (file, order) = (
        folder.path().join("guest.wasm"),
        folder.path().join("order.json"),
    );
    std::fs::write(&file, module).unwrap();
    let instead = instead
        .map(|Instead { call, answer }| serde_json::json!({ "call": call, "answer": answer }));
    let text = serde_json::json!({
        "file": file, "args": case.args, "environ": case.environ, "instead": instead,
    });
    std::fs::write(&order, text.to_string()).unwrap();
    let output = Command::new("node")
        // Version 18 wants the second, and later ones take it.
        .args(["--no-warnings", "--experimental-wasi-unstable-preview1"])
        .args(["--input-type=module", "--eval", SCRIPT])
        .arg(&order)
        .env_remove("NODE_OPTIONS")
        .output()
        .expect("Node.js is the reference, so `node` must be there (apt-get install nodejs)");
    let code = output.status.code().expect("no signal ended Node.js");
    Ran {
        stdout: output.stdout,
        stderr: output.stderr,
        code: (code != TRAPPED).then_some(code as u32),
    }
}
