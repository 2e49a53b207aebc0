//! The three browser engines, as the tools see them.
//!
//! [`find`] looks for an engine on this machine, [`install`] brings it there,
//! [`LocalDriver`] runs its WebDriver. With the feature `session`, [`Driver`]
//! is the same for async code, and [`Session`] drives a browser through it.
//!
//! One promise holds everywhere: whatever happens to us, even `SIGKILL`, no
//! browser process and no temporary profile is left behind. The module
//! `process_tree` says how.
#![cfg(not(target_family = "wasm"))]

#[cfg(not(unix))]
compile_error!("The tools need Unix process groups. On Windows, use WSL.");

mod capabilities;
mod engine;
mod find;
mod http;
mod install;
mod local_driver;
mod machine;
mod probe;
mod process_tree;
mod recipe;
mod temporary;

pub use capabilities::capabilities;
pub use engine::{Engine, UnknownEngine};
pub use find::{Found, Missing, find};
pub use http::ask_driver;
pub use install::install;
pub use local_driver::{DriverOptions, LocalDriver};
pub use process_tree::MARK;
pub use temporary::temporary_folder;

#[cfg(feature = "session")]
mod driver;
#[cfg(feature = "session")]
mod sandbox;
#[cfg(feature = "session")]
mod session;
#[cfg(feature = "session")]
mod shutdown;

#[cfg(feature = "session")]
pub use driver::{Driver, launch};
/// The client behind a [`Session`], for page objects in browser tests.
#[cfg(feature = "session")]
pub use fantoccini;
#[cfg(feature = "session")]
pub use session::{Session, SessionOptions, all_closed};
#[cfg(feature = "session")]
pub use shutdown::shutdown_signal;
