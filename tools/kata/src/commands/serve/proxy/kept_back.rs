//! A copy of the book without solutions has no proxy, for one of them holds its rules.

use super::config;
use crate::commands::serve::guard::Names;
use crate::commands::withheld;
use anyhow::bail;
use axum::extract::Request;
use axum::response::Response;
use std::ops::ControlFlow;
use std::path::Path;

/// There is none.
pub enum Proxy {}

/// What the file asks for and cannot have is not passed over without a word.
pub fn new(root: &Path, _: &Names, _: u16) -> anyhow::Result<Option<Proxy>> {
    match config::read(root)?.first() {
        None => Ok(None),
        Some(way) => bail!(
            "{}:{}: there is no proxy: {}",
            config::FILE,
            way.line,
            withheld::why("proxy-bridge")
        ),
    }
}

impl Proxy {
    pub async fn answer(&self, _: Request) -> ControlFlow<Response, Request> {
        match *self {}
    }
}
