//! Builds what is asked for, and the rest in the background.

use super::bundles::{Bundles, Job, Key, Made, Status, all_keys};
use super::{App, News};
use kata_builder::{Builder, Built, Profile, Request};
use kata_zones::sha256;
use std::path::Path;
use std::sync::Arc;

/// Builds one job after the other, for as long as the server runs.
pub async fn work(app: Arc<App>) {
    app.bundles().fill(all_keys(&app.ws));
    let workshop = &app.desk.workshop;
    let builder = workshop.builder(&app.ws).await;
    let mut first = true;
    loop {
        let job = app.bundles().next(first).await;
        let step = if first {
            "compiling what all katas need (once)"
        } else {
            "compiling"
        };
        for key in &job.keys {
            app.bundles().set(key, Status::Building(step.to_owned()));
        }
        match builder {
            Ok(builder) => tokio::select! {
                () = async {
                    let _turn = workshop.turn().await;
                    build(&app, builder, &job).await;
                } => {}
                () = job.outdated.notified() => {
                    app.bundles().put_back(job);
                    continue;
                }
            },
            Err(why) => fail(app.bundles(), &job.keys, why),
        }
        first = false;
        if job.edited {
            for key in job.keys {
                tell(&app, key);
            }
        }
    }
}

/// Builds a job, and says of each bundle what has become of it as soon as it is known.
async fn build(app: &App, builder: &Builder, job: &Job) {
    let mut requests = Vec::new();
    let mut keys = Vec::new();
    for key in &job.keys {
        match app.ws.zone(&key.0) {
            Ok(zone) => {
                // Before the build: a text that is saved meanwhile is another one, and built again.
                keys.push((key.clone(), sum(&zone.lib(&key.1))));
                requests.push(Request::variant(&zone, key.1.clone()));
            }
            Err(error) => fail(
                app.bundles(),
                std::slice::from_ref(key),
                &format!("{error:#}"),
            ),
        }
    }
    let mut waiting = keys.iter();
    let hand_over = |built| {
        let Some((key, source)) = waiting.next() else {
            return;
        };
        let status = match built {
            Built::Ready(bundle) => {
                let source = source.clone();
                let dir = bundle.dir;
                app.bundles().keep(key, Made { dir, source });
                Status::Ready
            }
            Built::Refused(diagnostics) => Status::Failed(diagnostics),
            Built::TimedOut(limit) => Status::Failed(format!(
                "the build did not end within {} s",
                limit.as_secs()
            )),
        };
        app.bundles().set(key, status);
    };
    let built = builder
        .build_each(&requests, Profile::Quick, hand_over)
        .await;
    if let Err(error) = built {
        let left: Vec<Key> = waiting.map(|(key, _)| key.clone()).collect();
        fail(app.bundles(), &left, &format!("{error:#}"));
    }
}

/// SHA-256 of a file; nothing if it cannot be read, which the build then says.
fn sum(file: &Path) -> String {
    std::fs::read(file)
        .map(|text| sha256(&text))
        .unwrap_or_default()
}

fn fail(bundles: &Bundles, keys: &[Key], why: &str) {
    for key in keys {
        bundles.set(key, Status::Failed(why.to_owned()));
    }
}

/// Tells the pages that an edited bundle was built.
fn tell(app: &App, key: Key) {
    let status = match app.bundles().status(&key) {
        Some(Status::Ready) => "ready",
        Some(Status::Failed(_)) => "failed",
        // A newer edit is on its way, and will be told.
        Some(Status::Building(_)) | None => return,
    };
    let (slug, variant) = key;
    app.tell(News::Bundle {
        slug,
        variant: variant.to_string(),
        status,
    });
}
