//! Additions and multiplications of `fixed-point`, in every engine, and the promise that
//! its chapter makes: being exact costs at most four times the naive multiplication.

use crate::cli::Bench;
use crate::commands::browsers;
use anyhow::{Context, bail, ensure};
use kata_builder::{Builder, Built, Profile, Request};
use kata_engines::Engine;
use kata_judge::Judge;
use kata_zones::{Variant, Workspace};
use serde_json::Value;

const SLUG: &str = "fixed-point";
const LIMIT_MS: u64 = 300_000;

/// What the solution may take, as a multiple of the naive multiplication's time.
const PRICE: f64 = 4.0;

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
        let rows: Vec<Row> = rows
            .as_array()
            .into_iter()
            .flatten()
            .map(Row::read)
            .collect();
        println!("Fixed point in {}: ns, best of 15 turns", court.version());
        report(&rows)?;
        court.close().await;
    }
    Ok(())
}

/// What the spec measured of one way to do it.
struct Row {
    operation: String,
    way: String,
    operands: String,
    accumulators: u64,
    nanoseconds: f64,
}

impl Row {
    fn read(cells: &Value) -> Self {
        let text = |at: usize| cells[at].as_str().unwrap_or("?").to_owned();
        Row {
            operation: text(0),
            way: text(1),
            operands: text(2),
            accumulators: cells[3].as_u64().unwrap_or(0),
            nanoseconds: cells[4].as_f64().unwrap_or(f64::NAN),
        }
    }
}

/// Prints all rows, and fails if a multiplication breaks the promise.
fn report(rows: &[Row]) -> anyhow::Result<()> {
    let naive = rows
        .iter()
        .find(|row| (&*row.operation, &*row.way, row.accumulators) == ("multiply", "naive i64", 1))
        .context("the spec did not measure the naive multiplication")?
        .nanoseconds;
    let mut judged = 0;
    for row in rows {
        let price = row.nanoseconds / naive;
        let times = if row.operation == "multiply" {
            format!("{price:>6.1} x naive")
        } else {
            String::new()
        };
        println!(
            "{:<9} {:<21} {:<9} {} sums {:>8.2} {times}",
            row.operation, row.way, row.operands, row.accumulators, row.nanoseconds
        );
        if row.way.starts_with("try_mul") && row.operands == "everyday" && row.accumulators == 1 {
            judged += 1;
            ensure!(
                price <= PRICE,
                "{} takes {price:.1} times the naive multiplication, and {PRICE} are promised",
                row.way
            );
        }
    }
    ensure!(
        judged == 3,
        "{judged} multiplications were judged, not three"
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn rows(slowest: f64) -> Vec<Row> {
        [
            json!(["multiply", "naive i64", "everyday", 1, 1.0, true]),
            json!(["multiply", "try_mul, nearest", "everyday", 1, slowest, true]),
            json!(["multiply", "try_mul, toward zero", "everyday", 1, 2.0, true]),
            json!(["multiply", "try_mul, down", "everyday", 1, 2.0, true]),
            json!(["multiply", "try_mul, nearest", "wide", 1, 9.0, true]),
        ]
        .iter()
        .map(Row::read)
        .collect()
    }

    #[test]
    fn a_price_above_four_fails() {
        assert!(report(&rows(3.9)).is_ok());
        let error = report(&rows(4.1)).unwrap_err().to_string();
        assert!(error.contains("try_mul, nearest takes 4.1"), "{error}");
    }

    #[test]
    fn what_was_not_measured_fails() {
        assert!(report(&rows(f64::NAN)).is_err());
        assert!(report(&rows(3.0)[1..]).is_err());
        assert!(report(&rows(3.0)[..3]).is_err());
    }
}
