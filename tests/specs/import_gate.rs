//! What a gate for plugins must do.
//!
//! A plugin is foreign code. It declares what it wants under names of its own choice, and its start function runs before
//! anybody holds its instance. So what it can do is decided by what it is handed: its own grants, compared before
//! it runs, and nothing that could be found behind them. The plugins here are real modules, and the policy that
//! forbids them is a real page's.

#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "import_gate/document.rs"]
mod document;
#[path = "import_gate/expect.rs"]
mod expect;
#[path = "import_gate/host.rs"]
mod host;
#[path = "import_gate/plugin.rs"]
mod plugin;
#[path = "import_gate/show.rs"]
mod show;
#[path = "import_gate/way_out.rs"]
mod way_out;

#[path = "import_gate/refused.rs"]
mod refused;

#[path = "import_gate/apart.rs"]
mod apart;

#[path = "import_gate/only_a_call.rs"]
mod only_a_call;

#[path = "import_gate/says_why.rs"]
mod says_why;

#[path = "import_gate/works.rs"]
mod works;

use wasm_bindgen_test::*;

wasm_bindgen_test_configure!(run_in_browser);
