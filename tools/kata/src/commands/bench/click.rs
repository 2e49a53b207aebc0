//! From the click on Run to the last verdict, on the static site.

use super::samples::{Samples, print};
use crate::cli::{Bench, Build};
use crate::commands::{browsers, build};
use anyhow::{Context, bail};
use axum::Router;
use kata_builder::state_dir;
use kata_engines::{Engine, SessionOptions, find, launch};
use kata_zones::Workspace;
use serde_json::Value;
use std::net::Ipv4Addr;
use std::time::Duration;
use tokio::net::TcpListener;
use tower_http::services::ServeDir;

/// Clicks Run and answers the milliseconds until the summary line has its tone.
const SCRIPT: &str = r#"
const [done] = arguments;
const bar = document.querySelector("kata-panel > .kata-run");
const line = bar.querySelector(".kata-line");
const started = performance.now();
const watch = new MutationObserver(() => {
  if (line.dataset.tone === "neutral") return;
  watch.disconnect();
  done(performance.now() - started);
});
line.dataset.tone = "neutral";
watch.observe(line, { attributes: true, attributeFilter: ["data-tone"] });
bar.querySelector('[data-action="run"]').click();
"#;

pub async fn run(ws: &Workspace, args: &Bench) -> anyhow::Result<()> {
    let zone = ws.zone(&args.slug)?;
    let out = state_dir(ws).join("bench/site");
    build::run(
        ws,
        &Build {
            out: Some(out.clone()),
            compile_service: None,
        },
    )
    .await?;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .await
        .context("opening a port for the site")?;
    let addr = listener
        .local_addr()
        .context("asking for the site's port")?;
    let router = Router::new().fallback_service(ServeDir::new(&out));
    let server = tokio::spawn(async move { axum::serve(listener, router).await });
    println!(
        "Click to last verdict on the static site: the untouched {} ({} tests), first click and {} more",
        args.slug,
        zone.spec_tests()?.len(),
        args.rounds
    );
    let page = format!(
        "http://{addr}/{}/{}.html",
        zone.manifest.part.folder(),
        args.slug
    );
    let mut samples = Vec::new();
    for engine in browsers::engines(&args.browsers, &Engine::ALL).await? {
        let found = find(engine)?;
        let (driver, session) = launch(&found, &SessionOptions::default()).await?;
        session.goto(&page).await?;
        let version = session.version().to_owned();
        let mut first = Samples::new(format!("{version}, first click"));
        let mut later = Samples::new(format!("{version}, later clicks"));
        first.add(click(&session).await?);
        for _ in 0..args.rounds {
            later.add(click(&session).await?);
        }
        samples.extend([first, later]);
        session.close().await;
        driver.stop().await;
    }
    server.abort();
    print(&samples);
    Ok(())
}

async fn click(session: &kata_engines::Session) -> anyhow::Result<Duration> {
    // WebKit calls a page loaded before its modules have run.
    let ready = "const [done] = arguments; const look = () => \
        (document.querySelector('kata-panel > .kata-run [data-action=\"run\"]:not([disabled])') \
        ? done(true) : setTimeout(look, 5)); look();";
    session.run(ready, Vec::new()).await?;
    match session.run(SCRIPT, Vec::new()).await? {
        Value::Number(ms) => Ok(Duration::from_secs_f64(ms.as_f64().unwrap_or(0.0) / 1000.0)),
        other => bail!("the page answered {other}"),
    }
}
