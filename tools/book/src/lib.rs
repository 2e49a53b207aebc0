//! Turns a chapter tree with kata directives into a site.
//!
//! A chapter says `{{#kata detached-view}}`, and the reader gets a panel: the
//! broken code, the spec, the wrong turns, the hints and the solution, all
//! server-rendered so that the page reads well without JavaScript and nothing
//! moves when the page's own modules bring it to life.
//!
//! The same preprocessor runs in two ways: inside [`build_site`], which is what
//! the command line uses, and as a child of a stock `mdbook build` through
//! [`preprocess_stdio`].
#![cfg(not(target_family = "wasm"))]
#![warn(missing_docs)]

mod assets;
pub mod claims;
mod csp;
mod directive;
mod html;
pub mod measured;
mod mode;
mod offline;
mod panel;
mod preprocess;
mod scan;
mod search;
mod shell;
mod site;
mod start;
mod zone_list;

pub use mode::Mode;
pub use offline::list_files;
pub use preprocess::{preprocess_stdio, preprocess_supports};
pub use site::{SiteOptions, build_site};
