//! A browser under our control.

use std::future::Future;
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use anyhow::{Context, anyhow};
use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tokio::runtime::Handle;
use tokio::task::JoinHandle;

use crate::{Engine, capabilities, sandbox};

/// How long the driver may take to tell of a timeout that it keeps itself.
const MARGIN: Duration = Duration::from_secs(15);

/// How long a polite end may take; [`crate::Driver`] ends the rest.
const CLOSE: Duration = Duration::from_secs(3);

/// How a session is opened.
#[derive(Clone, Debug)]
pub struct SessionOptions {
    /// The browser's program, where the driver should not choose it.
    pub browser: Option<PathBuf>,
    /// Whether Chromium is to have its sandbox.
    pub sandbox: bool,
    /// More switches for the browser.
    pub extra_args: Vec<String>,
    /// The window's width in CSS pixels.
    pub width: u32,
    /// The window's height in CSS pixels.
    pub height: u32,
    /// How long the browser may take to start.
    pub start_timeout: Duration,
    /// How long a page may take to load.
    pub page_timeout: Duration,
    /// How long one script of [`Session::run`] may take.
    pub script_timeout: Duration,
}

impl Default for SessionOptions {
    fn default() -> Self {
        SessionOptions {
            browser: None,
            sandbox: sandbox::is_wanted(),
            extra_args: Vec::new(),
            width: 1280,
            height: 900,
            start_timeout: Duration::from_secs(90),
            page_timeout: Duration::from_secs(60),
            script_timeout: Duration::from_secs(15 * 60),
        }
    }
}

/// One browser window.
///
/// After a timeout the driver may still be busy: do not go on with the session,
/// stop its driver.
pub struct Session {
    /// For all that the methods here do not cover.
    pub client: Client,
    engine: Engine,
    version: String,
    page_timeout: Duration,
    script_timeout: Duration,
    is_closed: bool,
}

/// Sessions that were dropped and are being closed.
static CLOSING: Mutex<Vec<JoinHandle<()>>> = Mutex::new(Vec::new());

impl Session {
    /// Opens a browser through the driver at `webdriver_url`.
    pub async fn open(
        engine: Engine,
        webdriver_url: &str,
        options: &SessionOptions,
    ) -> anyhow::Result<Self> {
        let mut wishes = capabilities(
            engine,
            options.browser.as_deref(),
            options.sandbox,
            &options.extra_args,
        );
        wishes.insert(
            "timeouts".to_owned(),
            json!({
                "pageLoad": milliseconds(options.page_timeout),
                "script": milliseconds(options.script_timeout),
            }),
        );
        let mut builder = ClientBuilder::new(HttpConnector::new());
        builder.capabilities(wishes);
        let client = within(options.start_timeout, builder.connect(webdriver_url))
            .await
            .with_context(|| format!("{} opens no session at {webdriver_url}", engine.title()))?;
        let session = Session {
            version: version(engine, &client),
            client,
            engine,
            page_timeout: options.page_timeout,
            script_timeout: options.script_timeout,
            is_closed: false,
        };
        within(
            options.page_timeout,
            session
                .client
                .set_window_size(options.width, options.height),
        )
        .await
        .with_context(|| format!("{} gets no window", session.version))?;
        Ok(session)
    }

    /// Engine and version, such as `Firefox 153.7.0`.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The engine.
    pub fn engine(&self) -> Engine {
        self.engine
    }

    /// Loads a page.
    pub async fn goto(&self, url: &str) -> anyhow::Result<()> {
        within(self.page_timeout + MARGIN, self.client.goto(url))
            .await
            .with_context(|| format!("{} does not load {url}", self.version))
    }

    /// Runs an async script in the page: the body of a function whose last
    /// argument is the callback that takes the result.
    pub async fn run(&self, script: &str, args: Vec<Value>) -> anyhow::Result<Value> {
        // The result travels in a list: when a page's process dies, geckodriver
        // reports success with a bare null.
        let script = format!(
            "const args = [...arguments], done = args.pop();
            (function () {{
            {script}
            }})(...args, value => done([value]));"
        );
        let work = self.client.execute_async(&script, args);
        within(self.script_timeout + MARGIN, work)
            .await
            .and_then(|result| match result {
                Value::Array(mut list) => list.pop().context("the script's result is lost"),
                _ => Err(anyhow!("the page's process has died")),
            })
            .with_context(|| format!("a script failed in {}", self.version))
    }

    /// Closes the browser.
    pub async fn close(mut self) {
        self.is_closed = true;
        close(self.client.clone()).await;
    }
}

impl Drop for Session {
    /// Whoever was interrupted closes nothing, and a driver that runs elsewhere would keep its
    /// browser: it is closed beside whatever comes next. [`all_closed`] waits for it.
    fn drop(&mut self) {
        if self.is_closed {
            return;
        }
        if let Ok(runtime) = Handle::try_current() {
            let closing = runtime.spawn(close(self.client.clone()));
            closing_sessions().push(closing);
        }
    }
}

/// Waits until every session is closed that was dropped before.
pub async fn all_closed() {
    let closing = std::mem::take(&mut *closing_sessions());
    for session in closing {
        session.await.ok();
    }
}

fn closing_sessions() -> MutexGuard<'static, Vec<JoinHandle<()>>> {
    CLOSING.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn close(client: Client) {
    within(CLOSE, client.close()).await.ok();
}

/// The future's result, or an error once `limit` is over.
async fn within<T, E>(
    limit: Duration,
    future: impl Future<Output = Result<T, E>>,
) -> anyhow::Result<T>
where
    E: Into<anyhow::Error>,
{
    match tokio::time::timeout(limit, future).await {
        Ok(result) => result.map_err(Into::into),
        Err(_) => Err(anyhow!("no answer within {} s", limit.as_secs_f64())),
    }
}

fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

fn version(engine: Engine, client: &Client) -> String {
    let told = |key| client.capabilities()?.get(key)?.as_str();
    let name = match (engine, told("browserName")) {
        (Engine::Webkit, Some(name)) if name.eq_ignore_ascii_case("safari") => "Safari",
        (Engine::Webkit, _) => "WebKitGTK",
        (Engine::Chromium | Engine::Firefox, _) => engine.title(),
    };
    format!(
        "{name} {}",
        told("browserVersion").unwrap_or("of unknown version")
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Read, Write};
    use std::net::TcpListener;
    use std::sync::Arc;
    use std::thread;

    /// A WebDriver endpoint that answers every request with this, or never if it is empty.
    fn endpoint(answer: &'static str) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                thread::spawn(move || {
                    let mut request = [0; 4096];
                    let _ = stream.read(&mut request);
                    let _ = stream.write_all(answer.as_bytes());
                    if answer.is_empty() {
                        thread::sleep(Duration::from_secs(30));
                    }
                });
            }
        });
        url
    }

    async fn error_of(url: &str) -> String {
        let options = SessionOptions {
            start_timeout: Duration::from_millis(500),
            ..SessionOptions::default()
        };
        let result = Session::open(Engine::Firefox, url, &options).await;
        format!("{:#}", result.err().unwrap())
    }

    #[tokio::test]
    async fn an_endpoint_that_never_answers_is_an_error_in_time() {
        let url = endpoint("");
        let error = error_of(&url).await;
        assert!(error.contains("no answer within 0.5 s"), "{error}");
        assert!(error.contains(&url) && error.contains("Firefox"), "{error}");
    }

    #[tokio::test]
    async fn an_endpoint_that_talks_garbage_is_an_error() {
        let url = endpoint("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n<html>");
        assert!(error_of(&url).await.contains(&url));
    }

    #[tokio::test]
    async fn a_refusal_is_an_error_with_the_drivers_words() {
        let url = endpoint(
            "HTTP/1.1 500 Internal Server Error\r\nContent-Type: application/json; charset=utf-8\r\n\
             Content-Length: 90\r\n\r\n\
             {\"value\":{\"error\":\"session not created\",\"message\":\"no such browser here\",\"stacktrace\":\"\"}}",
        );
        let error = error_of(&url).await;
        assert!(error.contains("no such browser here"), "{error}");
    }

    #[tokio::test]
    async fn nobody_at_the_address_is_an_error() {
        let free = TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap();
        let error = error_of(&format!("http://{free}")).await;
        assert!(error.contains("opens no session"), "{error}");
    }
    /// A WebDriver endpoint where all goes well, and what it is asked.
    fn obliging() -> (String, Arc<Mutex<Vec<String>>>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let heard: Arc<Mutex<Vec<String>>> = Arc::default();
        let asked = heard.clone();
        thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let mut request = [0; 4096];
                let length = stream.read(&mut request).unwrap();
                let request = String::from_utf8_lossy(&request[..length]).into_owned();
                let line = request.lines().next().unwrap_or_default().to_owned();
                let value = if line.starts_with("POST /session ") {
                    r#"{"value":{"sessionId":"one","capabilities":{}}}"#
                } else {
                    r#"{"value":null}"#
                };
                asked.lock().unwrap().push(line);
                let length = value.len();
                let answer = format!(
                    "HTTP/1.1 200 OK\r\nContent-Type: application/json; charset=utf-8\r\n\
                     Connection: close\r\nContent-Length: {length}\r\n\r\n{value}"
                );
                stream.write_all(answer.as_bytes()).unwrap();
            }
        });
        (url, heard)
    }

    #[tokio::test]
    async fn a_session_that_is_dropped_is_closed() {
        let (url, heard) = obliging();
        let session = Session::open(Engine::Firefox, &url, &SessionOptions::default())
            .await
            .unwrap();
        let deleted = || {
            let heard = heard.lock().unwrap();
            heard
                .iter()
                .any(|line| line.starts_with("DELETE /session/one "))
        };
        assert!(!deleted());
        drop(session);
        all_closed().await;
        assert!(deleted(), "{:?}", heard.lock().unwrap());
    }
}
