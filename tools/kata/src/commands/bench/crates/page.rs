//! The page that measures: isolated, so that its clock has the finest step that
//! the engine gives to anyone.

use anyhow::{Context, bail};
use axum::Router;
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::Html;
use axum::routing::get;
use kata_engines::{Engine, SessionOptions, find, launch};
use serde::Deserialize;
use serde_json::json;
use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tower_http::services::ServeDir;
use tower_http::set_header::SetResponseHeaderLayer;

const HTML: &str = "<!doctype html><html lang=\"en\"><title>cargo kata bench crates</title>\
                    <link rel=\"icon\" href=\"data:,\"><script src=\"/measure.js\"></script></html>";

/// Each turn runs at least so long: a hundred steps of the coarsest clock.
const MILLISECONDS: u32 = 100;

/// Serves the page and the modules until it is dropped.
pub struct Page {
    addr: SocketAddr,
    task: JoinHandle<()>,
}

/// What the page says of one module.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub enum Reply {
    /// It ran.
    Ran {
        /// Its answers to the questions.
        answers: Vec<String>,
        /// Nanoseconds by operation.
        ns: BTreeMap<String, f64>,
    },
    /// It did not.
    Failed {
        /// The engine's words.
        failed: String,
    },
}

impl Page {
    /// Opens a free port.
    pub async fn start(modules: &Path) -> anyhow::Result<Self> {
        let script = || async {
            let kind = [(header::CONTENT_TYPE, "text/javascript")];
            (kind, include_str!("measure.js"))
        };
        let router = Router::new()
            .route("/", get(|| async { Html(HTML) }))
            .route("/measure.js", get(script))
            .nest_service("/modules", ServeDir::new(modules))
            .layer(set("cross-origin-opener-policy", "same-origin"))
            .layer(set("cross-origin-embedder-policy", "require-corp"));
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
            .await
            .context("opening a port for the page")?;
        let addr = listener
            .local_addr()
            .context("asking for the page's port")?;
        let task = tokio::spawn(async move {
            // Ends only when the task is aborted.
            let _ = axum::serve(listener, router).await;
        });
        Ok(Self { addr, task })
    }

    /// The engine's name and version, and a reply for each file.
    pub async fn measure(
        &self,
        engine: Engine,
        files: &[String],
        rounds: usize,
    ) -> anyhow::Result<(String, BTreeMap<String, Reply>)> {
        let (driver, session) = launch(&find(engine)?, &SessionOptions::default()).await?;
        session.goto(&format!("http://{}/", self.addr)).await?;
        let script = "const [options, done] = arguments; \
            measure(options).then((value) => done({ value }), (e) => done({ error: String(e) }));";
        let options = json!({ "files": files, "rounds": rounds, "milliseconds": MILLISECONDS });
        let mut answer = session.run(script, vec![options]).await?;
        let version = session.version().to_owned();
        session.close().await;
        driver.stop().await;
        if let Some(error) = answer.get("error") {
            bail!("measuring in {version} failed: {error}");
        }
        let replies = serde_json::from_value(answer["value"].take())
            .with_context(|| format!("reading what {version} measured"))?;
        Ok((version, replies))
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn set(name: &'static str, value: &'static str) -> SetResponseHeaderLayer<HeaderValue> {
    SetResponseHeaderLayer::overriding(
        HeaderName::from_static(name),
        HeaderValue::from_static(value),
    )
}
