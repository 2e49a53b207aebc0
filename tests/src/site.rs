//! The static site behind a plain file server, below a path prefix.

use crate::repository;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Redirect, Response};
use kata_zones::Zone;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock};
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
#[derive(Debug, Clone, Copy)]
pub struct Host {
    /// Lines that the site's service worker runs before its own.
    pub worker_lines: &'static str,
    /// A header of every answer.
    pub header: Option<(&'static str, &'static str)>,
    /// What it calls scripts, if not JavaScript.
    pub script_type: Option<&'static str>,
    /// It reads the site's `_headers`, and its pages come without the policies that they hold themselves.
    pub reads_headers: bool,
    /// It leads from `page.html` to `page`, and there has the page.
    pub short_addresses: bool,
    /// The name of the build that its pages and service worker say they are of, if another than the site's.
    pub build: Option<&'static str>,
}

impl Host {
    /// A plain file server.
    pub const PLAIN: Self = Self {
        worker_lines: "",
        header: None,
        script_type: None,
        reads_headers: false,
        short_addresses: false,
        build: None,
    };
}

/// Serves a folder until it is stopped or dropped.
pub struct FileServer {
    host: Arc<Mutex<Host>>,
    addr: SocketAddr,
    task: JoinHandle<()>,
    /// Serving ends when this is dropped.
    until: oneshot::Sender<()>,
}

impl FileServer {
    /// Serves the built site, with no header beyond what any file server sends. Pages tell
    /// [`Browser::page_errors`](crate::page::Browser::page_errors) what went wrong on them.
    pub async fn start() -> Self {
        Self::start_as(Host::PLAIN).await
    }

    /// The same, where the site's service worker runs some lines of the test before its own.
    pub async fn start_with(worker_lines: &'static str) -> Self {
        Self::start_as(Host {
            worker_lines,
            ..Host::PLAIN
        })
        .await
    }

    /// The same, at a host that has its own ways.
    pub async fn start_as(host: Host) -> Self {
        let folder = tokio::task::spawn_blocking(build).await.unwrap();
        Self::start_of(folder, host).await
    }

    /// The same for another site than all tests have, whether it is there already or not.
    pub async fn start_of(folder: PathBuf, host: Host) -> Self {
        let host = Arc::new(Mutex::new(host));
        let router = Router::new()
            .nest_service(PREFIX, ServeDir::new(folder))
            .layer(middleware::from_fn_with_state(host.clone(), amended));
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let addr = listener.local_addr().unwrap();
        let (until, dropped) = oneshot::channel::<()>();
        let serving = axum::serve(listener, router).with_graceful_shutdown(async {
            let _ = dropped.await;
        });
        let task = tokio::spawn(async move { serving.await.unwrap() });
        Self {
            host,
            addr,
            task,
            until,
        }
    }

    /// From now on it is a host with other ways.
    pub fn becomes(&self, host: Host) {
        *self.host.lock().unwrap() = host;
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

async fn amended(
    State(host): State<Arc<Mutex<Host>>>,
    mut request: Request,
    next: Next,
) -> Response {
    let host = *host.lock().unwrap();
    // A file of another build is another file, whatever its date.
    if host.build.is_some() {
        request.headers_mut().remove(header::IF_MODIFIED_SINCE);
    }
    let path = request.uri().path().to_owned();
    if host.short_addresses {
        if let Some(short) = path.strip_suffix(".html") {
            let short = short
                .strip_suffix("/index")
                .map_or_else(|| short.to_owned(), |folder| format!("{folder}/"));
            return Redirect::permanent(&short).into_response();
        }
        let is_page = path
            .rsplit('/')
            .next()
            .is_some_and(|name| !name.is_empty() && !name.contains('.'));
        if is_page {
            *request.uri_mut() = format!("{path}.html").parse().unwrap();
        }
    }
    let is_script = path.ends_with(".js");
    let is_worker = path.ends_with("/lab-worker.js");
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
    if let Some(kind) = host.script_type.filter(|_| is_script) {
        let kind = HeaderValue::from_static(kind);
        response.headers_mut().insert(header::CONTENT_TYPE, kind);
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
    let mut text = String::from_utf8(body.to_vec()).unwrap();
    if host.reads_headers && is_page {
        let (head, rest) = text.split_once("<meta http-equiv=").unwrap_or((&text, ">"));
        let (_, tail) = rest.split_once('>').unwrap();
        text = format!("{head}{tail}");
        if let Some(policy) = policy_in_headers_file(&path) {
            let policy = HeaderValue::from_str(&policy).unwrap();
            parts
                .headers
                .insert(header::CONTENT_SECURITY_POLICY, policy);
        }
    }
    if let Some(build) = host.build {
        for (before, after) in [("build&quot;:&quot;", "&quot;"), ("const BUILD = \"", "\"")] {
            if let Some((head, tail)) = text.split_once(before) {
                let (_, tail) = tail.split_once(after).unwrap();
                text = format!("{head}{before}{build}{after}{tail}");
            }
        }
    }
    let text = if is_page {
        text.replacen("<head>", &format!("<head>{WATCH}"), 1)
    } else {
        format!("{}{text}", host.worker_lines)
    };
    Response::from_parts(parts, Body::from(text))
}

/// What the site's `_headers` says of an address.
fn policy_in_headers_file(path: &str) -> Option<String> {
    let file = std::fs::read_to_string(build().join("_headers")).unwrap();
    let (_, rest) = file.split_once(&format!("{}\n", path.strip_prefix(PREFIX)?))?;
    let line = rest.lines().next()?;
    Some(
        line.trim()
            .strip_prefix("Content-Security-Policy: ")?
            .to_owned(),
    )
}

/// The address of a zone's chapter below the site's.
pub fn chapter(base: &str, zone: &Zone) -> String {
    format!("{base}{}/{}.html", zone.manifest.part.folder(), zone.slug)
}
