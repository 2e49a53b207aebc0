//! The static site behind a plain file server, below a path prefix.

use crate::repository;
use axum::Router;
use kata_zones::Zone;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::OnceLock;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tower_http::services::ServeDir;

/// The prefix of a project page on a static host.
pub const PREFIX: &str = "/some/project";

/// Builds the site once for all tests of a binary and answers its folder.
pub fn build() -> PathBuf {
    static SITE: OnceLock<PathBuf> = OnceLock::new();
    SITE.get_or_init(|| {
        let out = repository::target().join("book-tests/site");
        let output = repository::run(
            &repository::root(),
            &["build", "--out", out.to_str().unwrap()],
        );
        assert!(
            output.status.success(),
            "the site does not build:\n{}",
            repository::words(&output)
        );
        out
    })
    .clone()
}

/// Serves a folder until it is dropped.
pub struct FileServer {
    addr: SocketAddr,
    task: JoinHandle<()>,
}

impl FileServer {
    /// Serves the built site, with no header beyond what any file server sends.
    pub async fn start() -> Self {
        let folder = tokio::task::spawn_blocking(build).await.unwrap();
        let router = Router::new().nest_service(PREFIX, ServeDir::new(folder));
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let addr = listener.local_addr().unwrap();
        let task = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { addr, task }
    }

    /// The site's address, with a slash at the end.
    pub fn url(&self) -> String {
        format!("http://{}{PREFIX}/", self.addr)
    }
}

impl Drop for FileServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// The address of a zone's chapter below the site's.
pub fn chapter(base: &str, zone: &Zone) -> String {
    format!("{base}{}/{}.html", zone.manifest.part.folder(), zone.slug)
}
