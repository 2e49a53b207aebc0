//! What each engine is told at the start: no window, no first-run page, no
//! network but the page's own.

use std::path::Path;

use serde_json::{Map, Value, json};

use crate::Engine;

/// Chromium's switches. chromedriver adds more of the kind.
const CHROMIUM: [&str; 16] = [
    "--headless",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--no-default-browser-check",
    "--no-pings",
    "--disable-background-networking",
    "--disable-breakpad",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-dev-shm-usage",
    "--disable-domain-reliability",
    "--disable-sync",
    "--disable-features=MediaRouter,NetworkTimeServiceQuerying,OptimizationHints,Translate",
    // Gives tests a `globalThis.gc`. Firefox and WebKitGTK have nothing of the kind for a page.
    "--js-flags=--expose-gc",
    // No switch silences the sign-in and update services of 156, so their names do not resolve.
    "--host-resolver-rules=MAP *.google.com ~NOTFOUND,MAP *.googleapis.com ~NOTFOUND,MAP *.gstatic.com ~NOTFOUND",
];

/// Firefox's services that call home, and its habit of printing every console
/// message: geckodriver's own preferences leave these on.
const FIREFOX_OFF: [&str; 20] = [
    "app.normandy.enabled",
    "browser.aboutwelcome.enabled",
    "browser.dom.window.dump.enabled",
    "browser.newtabpage.enabled",
    "browser.region.update.enabled",
    "browser.safebrowsing.blockedURIs.enabled",
    "browser.safebrowsing.downloads.enabled",
    "browser.safebrowsing.malware.enabled",
    "browser.safebrowsing.phishing.enabled",
    "browser.search.update",
    "browser.topsites.contile.enabled",
    "devtools.console.stdout.chrome",
    "devtools.console.stdout.content",
    "dom.push.connection.enabled",
    "extensions.getAddons.cache.enabled",
    "extensions.systemAddon.update.enabled",
    "network.captive-portal-service.enabled",
    "network.connectivity-service.enabled",
    "network.prefetch-next",
    "toolkit.telemetry.unified",
];

/// The capabilities that a session asks for.
///
/// `browser` names the program where the driver should not choose. `sandbox` is
/// Chromium's own, which cannot run as root and in most containers.
pub fn capabilities(
    engine: Engine,
    browser: Option<&Path>,
    sandbox: bool,
    extra_args: &[String],
) -> Map<String, Value> {
    let (key, mut options) = match engine {
        Engine::Chromium => {
            let mut args: Vec<&str> = CHROMIUM.to_vec();
            if !sandbox {
                args.push("--no-sandbox");
            }
            // chromedriver turns logging on, and then a console flood fills the disk.
            (
                "goog:chromeOptions",
                json!({ "args": args, "excludeSwitches": ["enable-logging"] }),
            )
        }
        Engine::Firefox => {
            let mut prefs: Map<String, Value> = FIREFOX_OFF
                .iter()
                .map(|name| ((*name).to_owned(), false.into()))
                .collect();
            prefs.insert("browser.region.network.url".to_owned(), "".into());
            // No add-ons: the search for them is a quarter of Firefox 153's start.
            prefs.insert("extensions.enabledScopes".to_owned(), 0.into());
            prefs.insert(
                "network.http.speculative-parallel-limit".to_owned(),
                0.into(),
            );
            (
                "moz:firefoxOptions",
                json!({ "args": ["-headless"], "prefs": prefs }),
            )
        }
        Engine::Webkit if cfg!(target_os = "macos") => return Map::new(),
        Engine::Webkit => (
            "webkitgtk:browserOptions",
            json!({ "args": ["--automation"] }),
        ),
    };
    if let Some(args) = options["args"].as_array_mut() {
        args.extend(extra_args.iter().map(|arg| Value::from(arg.as_str())));
    }
    if let Some(browser) = browser.and_then(Path::to_str) {
        options["binary"] = browser.into();
    }
    Map::from_iter([(key.to_owned(), options)])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wishes(engine: Engine, sandbox: bool) -> Value {
        let extra = ["--an-extra".to_owned()];
        Value::Object(capabilities(
            engine,
            Some(Path::new("/opt/browser")),
            sandbox,
            &extra,
        ))
    }

    #[test]
    fn every_engine_gets_its_program_and_the_extra_arguments() {
        for (engine, key) in [
            (Engine::Chromium, "goog:chromeOptions"),
            (Engine::Firefox, "moz:firefoxOptions"),
            (Engine::Webkit, "webkitgtk:browserOptions"),
        ] {
            if cfg!(target_os = "macos") && engine == Engine::Webkit {
                continue;
            }
            let options = &wishes(engine, true)[key];
            assert_eq!(options["binary"], "/opt/browser");
            let args = options["args"].as_array().unwrap();
            assert_eq!(args.last().unwrap(), "--an-extra");
        }
    }

    #[test]
    fn chromium_keeps_its_sandbox_where_it_can() {
        let has_switch = |sandbox| {
            wishes(Engine::Chromium, sandbox)
                .to_string()
                .contains("--no-sandbox")
        };
        assert!(!has_switch(true));
        assert!(has_switch(false));
    }
}
