//! A chapter, as a reader sees and uses it.

use kata_engines::fantoccini::Locator;
use kata_engines::fantoccini::actions::{InputSource, KeyAction, KeyActions};
use kata_engines::fantoccini::wd::WebDriverCompatibleCommand;
use kata_engines::{Driver, Engine, Session, SessionOptions, find, launch};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// How long a run of one zone may take on a busy machine, its compilation included; whatever else a page does, too.
pub const RUN_LIMIT: Duration = Duration::from_secs(300);

/// A browser with one page.
pub struct Browser {
    driver: Driver,
    /// For what the methods here do not cover.
    pub session: Session,
}

/// One row of a run's verdicts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The test's name.
    pub test: String,
    /// `passed`, `failed`, `timeout`, `load-error`, `unjudged`, `none`.
    pub outcome: String,
    /// What the page says of it.
    pub text: String,
}

/// The tests that did not pass, sorted. On a static site some cannot be judged, and say so.
pub fn failing(rows: &[Row]) -> Vec<String> {
    let mut names: Vec<String> = rows
        .iter()
        .filter(|row| row.outcome != "passed" && row.outcome != "unjudged")
        .map(|row| row.test.clone())
        .collect();
    names.sort();
    names
}

impl Browser {
    /// Starts an engine.
    pub async fn start(engine: Engine) -> Self {
        let found = find(engine).unwrap_or_else(|missing| panic!("{missing}"));
        let (driver, session) = launch(&found, &SessionOptions::default()).await.unwrap();
        Self { driver, session }
    }

    /// Ends it.
    pub async fn stop(self) {
        self.session.close().await;
        self.driver.stop().await;
    }

    /// Loads a page and waits until its panels are alive.
    pub async fn open(&self, url: &str) {
        self.session.goto(url).await.unwrap();
        // A page that is loaded once more, to be isolated, has no panel for a moment.
        self.until("document.readyState !== 'loading' && (!document.querySelector('kata-panel') || document.querySelector('kata-panel > .kata-run [data-action=\"run\"]:not([disabled])'))").await;
    }

    /// Sends a key to what has the focus.
    pub async fn press(&self, key: &str) {
        let element = self.session.client.active_element().await.unwrap();
        element.send_keys(key).await.unwrap();
    }

    /// Types into whatever has the focus, a shadow root's own element too.
    pub async fn type_text(&self, text: &str) {
        let keys = text
            .chars()
            .fold(KeyActions::new("keyboard".to_owned()), |keys, value| {
                keys.then(KeyAction::Down { value })
                    .then(KeyAction::Up { value })
            });
        self.session.client.perform_actions(keys).await.unwrap();
    }

    /// The value of an expression in the page; if it is a promise that is rejected, why.
    pub async fn eval(&self, expression: &str) -> Value {
        let script = format!(
            "const [done] = arguments; Promise.resolve({expression}).then(done, (why) => done(`rejected: ${{why}}`));"
        );
        self.session.run(&script, Vec::new()).await.unwrap()
    }

    /// Waits until an expression is true. The page may be loaded again meanwhile.
    pub async fn until(&self, expression: &str) {
        let look = format!(
            "const [done] = arguments; const end = performance.now() + 1000;
             const look = () => ({expression}) ? done(true) : performance.now() > end ? done(false) : setTimeout(look, 40);
             look();"
        );
        let end = Instant::now() + RUN_LIMIT;
        while Instant::now() < end {
            match self.session.run(&look, Vec::new()).await {
                Ok(Value::Bool(true)) => return,
                Ok(_) => {}
                // The document that the script ran in is gone; the next one answers.
                Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
            }
        }
        panic!(
            "never came true in {}: {expression}",
            self.session.version()
        );
    }

    /// Opens the tab of the workbench that an element is in, as a reader must before they see it.
    pub async fn open_tab(&self, selector: &str) {
        self.eval(&format!(
            "(() => {{
                const pane = document.querySelector('{selector}')?.closest('.kata-pane[hidden]');
                if (pane) document.getElementById(pane.getAttribute('aria-labelledby')).click();
            }})()"
        ))
        .await;
    }

    /// Clicks the element that a selector finds, as a mouse would, in the middle of the
    /// window: at its edge the book's menu bar may cover it. If a tab hides it, the tab is opened.
    pub async fn click(&self, selector: &str) {
        self.open_tab(selector).await;
        let find = Locator::Css(selector);
        let element = self.session.client.find(find).await;
        let element = element.unwrap_or_else(|error| panic!("{selector}: {error}"));
        self.eval(&format!(
            "document.querySelector('{selector}').scrollIntoView({{ block: 'center', behavior: 'instant' }})"
        ))
        .await;
        let clicked = element.click().await;
        clicked.unwrap_or_else(|error| panic!("clicking {selector}: {error}"));
    }

    /// Clicks Run in a part of the panel and waits for the last verdict.
    pub async fn run(&self, part: &str) -> Vec<Row> {
        self.click(&format!("{part} > .kata-run [data-action=\"run\"]"))
            .await;
        self.judged(part).await
    }

    /// Waits for the last verdict of a run that was started, and reads the rows.
    pub async fn judged(&self, part: &str) -> Vec<Row> {
        self.until(&format!(
            "(() => {{ const bar = document.querySelector('{part} > .kata-run'); \
             return bar.querySelector('[data-action=\"stop\"]').disabled && bar.querySelector('.kata-line').dataset.tone !== 'neutral'; }})()"
        ))
        .await;
        self.rows(part).await
    }

    /// The rows of a part, as they are.
    pub async fn rows(&self, part: &str) -> Vec<Row> {
        let rows = self
            .eval(&format!(
                "[...document.querySelector('{part}').querySelectorAll(':scope > .kata-tests > li, .kata-rules .kata-test')] \
                 .map((row) => [row.dataset.test, row.dataset.outcome, row.textContent])"
            ))
            .await;
        let cell = |row: &Value, at: usize| row[at].as_str().unwrap_or_default().to_owned();
        rows.as_array()
            .unwrap()
            .iter()
            .map(|row| Row {
                test: cell(row, 0),
                outcome: cell(row, 1),
                text: cell(row, 2),
            })
            .collect()
    }

    /// What the summary line of a part says.
    pub async fn summary(&self, part: &str) -> String {
        let text = self
            .eval(&format!(
                "document.querySelector('{part} > .kata-run .kata-line').textContent"
            ))
            .await;
        text.as_str().unwrap_or_default().to_owned()
    }

    /// Errors of the page that is open: thrown, rejected, refused by its policy, or printed. In
    /// Chromium also what its console has seen since the last question, such as a missing file.
    pub async fn page_errors(&self) -> Vec<String> {
        let seen = self
            .eval("globalThis.pageErrors ?? ['nobody watches']")
            .await;
        let mut errors: Vec<String> = serde_json::from_value(seen).unwrap();
        if self.session.engine() == Engine::Chromium {
            let log = self.vendor("se/log", json!({ "type": "browser" })).await;
            let severe = log.as_array().into_iter().flatten();
            errors.extend(
                severe
                    .filter(|entry| entry["level"] == "SEVERE")
                    .map(|entry| entry["message"].as_str().unwrap_or_default().to_owned()),
            );
        }
        errors
    }

    /// Makes Chromium's page so many pixels wide; a narrow one is a phone's.
    pub async fn resize(&self, width: u32) {
        let mobile = width < 600;
        let factor = if mobile { 2 } else { 1 };
        self.measures(width, 800, factor, mobile).await;
    }

    /// Chromium's page on the smallest phone that is still met.
    pub async fn smallest(&self) {
        self.measures(320, 568, 2, true).await;
    }

    /// Chromium's page in a window of 1440 by 900, so many times as large.
    pub async fn zoom(&self, factor: u32) {
        self.measures(1440 / factor, 900 / factor, factor, false)
            .await;
    }

    async fn measures(&self, width: u32, height: u32, factor: u32, mobile: bool) {
        let metrics = json!({ "width": width, "height": height, "deviceScaleFactor": factor, "mobile": mobile });
        let body = json!({ "cmd": "Emulation.setDeviceMetricsOverride", "params": metrics });
        self.vendor("goog/cdp/execute", body).await;
    }

    /// Makes Chromium's page believe that the reader has set something: a media feature and its value.
    pub async fn prefers(&self, features: &[(&str, &str)]) {
        let features: Vec<Value> = features
            .iter()
            .map(|(name, value)| json!({ "name": name, "value": value }))
            .collect();
        let body =
            json!({ "cmd": "Emulation.setEmulatedMedia", "params": { "features": features } });
        self.vendor("goog/cdp/execute", body).await;
    }

    /// Makes Chromium's page as wide as its window again.
    pub async fn fill_window(&self) {
        let body = json!({ "cmd": "Emulation.clearDeviceMetricsOverride", "params": {} });
        self.vendor("goog/cdp/execute", body).await;
    }

    /// A command of ChromeDriver's own.
    pub async fn vendor(&self, path: &'static str, body: Value) -> Value {
        self.session
            .client
            .issue_cmd(Vendor { path, body })
            .await
            .unwrap()
    }

    /// A picture of the window, as PNG.
    pub async fn screenshot(&self) -> Vec<u8> {
        self.session.client.screenshot().await.unwrap()
    }
}

#[derive(Debug)]
struct Vendor {
    path: &'static str,
    body: Value,
}

impl WebDriverCompatibleCommand for Vendor {
    fn endpoint(
        &self,
        base: &url::Url,
        session: Option<&str>,
    ) -> Result<url::Url, url::ParseError> {
        base.join(&format!(
            "session/{}/{}",
            session.unwrap_or_default(),
            self.path
        ))
    }

    fn method_and_body(&self, _: &url::Url) -> (http::Method, Option<String>) {
        (http::Method::POST, Some(self.body.to_string()))
    }
}
