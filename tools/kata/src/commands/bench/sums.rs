//! Throughput and error of every way to sum, in every engine: the rows that
//! `stable-sum`'s chapter quotes.

use crate::cli::Bench;
use crate::commands::browsers;
use anyhow::bail;
use kata_builder::{Builder, Built, Profile, Request};
use kata_engines::Engine;
use kata_judge::Judge;
use kata_zones::{Variant, Workspace};
use serde_json::Value;

const SLUG: &str = "stable-sum";
const LIMIT_MS: u64 = 300_000;

pub async fn run(ws: &Workspace, args: &Bench) -> anyhow::Result<()> {
    let builder = Builder::new(ws)?;
    let request = [Request::variant(&ws.zone(SLUG)?, Variant::Solution)];
    let built = builder.build(&request, Profile::Release).await?;
    let [Built::Ready(bundle)] = built.as_slice() else {
        bail!("the solution of {SLUG} does not compile")
    };
    let judge = Judge::start(
        ws,
        builder.bundles_root(),
        browsers::judge_options(&args.browsers),
    )
    .await?;
    for engine in browsers::engines(&args.browsers, &Engine::ALL).await? {
        let mut court = judge.court(engine).await?;
        let rows = court.call(bundle, "bench", LIMIT_MS).await?;
        println!(
            "Sums of f32 tenths in {}: GB/s, error in ulp",
            court.version()
        );
        for row in rows.as_array().into_iter().flatten() {
            let cell = |at: usize| row.get(at).cloned().unwrap_or(Value::Null);
            let name = cell(0).as_str().unwrap_or("?").to_owned();
            println!(
                "{name:<32} {:>8.2} {:>14.3}",
                cell(1).as_f64().unwrap_or(f64::NAN),
                cell(2).as_f64().unwrap_or(f64::NAN)
            );
        }
        court.close().await;
    }
    Ok(())
}
