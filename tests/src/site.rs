//! The static site behind a plain file server, below a path prefix.

use crate::repository;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::Response;
use kata_zones::Zone;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::OnceLock;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
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

/// What sets a host apart from a plain file server.
#[derive(Debug, Clone, Copy, Default)]
pub struct Host {
    /// Lines that the site's service worker runs before its own.
    pub worker_lines: &'static str,
    /// A header of every answer.
    pub header: Option<(&'static str, &'static str)>,
}

/// Serves a folder until it is stopped or dropped.
pub struct FileServer {
    addr: SocketAddr,
    task: JoinHandle<()>,
    /// Serving ends when this is dropped.
    until: oneshot::Sender<()>,
}

impl FileServer {
    /// Serves the built site, with no header beyond what any file server sends. Pages tell
    /// [`Browser::page_errors`](crate::page::Browser::page_errors) what went wrong on them.
    pub async fn start() -> Self {
        Self::start_as(Host::default()).await
    }

    /// The same, where the site's service worker runs some lines of the test before its own.
    pub async fn start_with(worker_lines: &'static str) -> Self {
        Self::start_as(Host {
            worker_lines,
            ..Host::default()
        })
        .await
    }

    /// The same, at a host that has its own ways.
    pub async fn start_as(host: Host) -> Self {
        let folder = tokio::task::spawn_blocking(build).await.unwrap();
        let router = Router::new()
            .nest_service(PREFIX, ServeDir::new(folder))
            .layer(middleware::from_fn_with_state(host, amended));
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let addr = listener.local_addr().unwrap();
        let (until, dropped) = oneshot::channel::<()>();
        let serving = axum::serve(listener, router).with_graceful_shutdown(async {
            let _ = dropped.await;
        });
        let task = tokio::spawn(async move { serving.await.unwrap() });
        Self { addr, task, until }
    }

    /// Closes every connection and takes no other: from now on the site is out of reach.
    pub async fn stop(self) {
        drop(self.until);
        self.task.await.unwrap();
    }

    /// The site's address, with a slash at the end.
    pub fn url(&self) -> String {
        format!("http://{}{PREFIX}/", self.addr)
    }

    /// An address of the same site that no browser takes for secure, as it takes none of a local network.
    pub fn insecure_url(&self) -> String {
        format!(
            "http://{}:{}{PREFIX}/",
            Ipv4Addr::UNSPECIFIED,
            self.addr.port()
        )
    }
}

/// Notes every error of the page, before anything else on it runs. In the document, and above its
/// policy: it works in every engine, where a driver's console log does not. `load` is the page's own `import`: what a
/// driver imports has another instance of each module in Firefox.
const WATCH: &str = "<script>globalThis.pageErrors = [];
globalThis.load = (url) => import(url);
for (const kind of ['error', 'unhandledrejection', 'securitypolicyviolation'])
  addEventListener(kind, (e) => pageErrors.push(`${kind}: ${e.message ?? e.reason ?? e.blockedURI ?? e.target?.src}`), true);
const { error } = console;
console.error = (...args) => { pageErrors.push(args.map(String).join(' ')); error(...args); };
</script>";

/// The query of a request whose answer takes its time.
pub const SLOW: &str = "slow";

async fn amended(State(host): State<Host>, request: Request, next: Next) -> Response {
    let is_worker = request.uri().path().ends_with("/lab-worker.js");
    if request.uri().query() == Some(SLOW) {
        tokio::time::sleep(Duration::from_secs(3)).await;
    }
    let mut response = next.run(request).await;
    if let Some((name, value)) = host.header {
        let value = HeaderValue::from_static(value);
        response.headers_mut().append(name, value);
    }
    if response.status() != StatusCode::OK {
        return response;
    }
    let is_page = response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    let (mut parts, body) = response.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap();
    if !is_page && !is_worker {
        return Response::from_parts(parts, Body::from(body));
    }
    parts.headers.remove(header::CONTENT_LENGTH);
    let text = String::from_utf8(body.to_vec()).unwrap();
    let text = if is_page {
        text.replacen("<head>", &format!("<head>{WATCH}"), 1)
    } else {
        format!("{}{text}", host.worker_lines)
    };
    Response::from_parts(parts, Body::from(text))
}

/// The address of a zone's chapter below the site's.
pub fn chapter(base: &str, zone: &Zone) -> String {
    format!("{base}{}/{}.html", zone.manifest.part.folder(), zone.slug)
}
