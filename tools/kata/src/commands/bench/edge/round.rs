//! One server, from its cold start to its end.

use super::Trace;
use super::client::{Connection, burst};
use super::server::{Server, Way};
use super::workshop::Workshop;
use anyhow::{Context, ensure};

/// What was found.
pub struct Round {
    cold_ms: f64,
    p50_ms: f64,
    p95_ms: f64,
    p99_ms: f64,
    rates: [f64; CONNECTIONS.len()],
    resident_mb: f64,
    /// CPU time of the server.
    request_us: f64,
    quote_us: f64,
    /// What its own clock says of a loop, and how many answers that clock has.
    loop_ms: f64,
    clock_answers: f64,
    /// A digest of all answers.
    pub answers: u64,
}

const CONNECTIONS: [usize; 3] = [1, 8, 64];

type Quantity = (&'static str, &'static str, fn(&Round) -> f64);

/// The rows of the table: what, what the article says of JavaScript and of WebAssembly, and the figure.
pub const QUANTITIES: [Quantity; 12] = [
    ("cold start, ms", "186 → 9.2", |round| round.cold_ms),
    ("p50, ms", "", |round| round.p50_ms),
    ("p95, ms", "214 → 11.7", |round| round.p95_ms),
    ("p99, ms", "", |round| round.p99_ms),
    ("requests a second, 1 connection", "120 → 417", |round| {
        round.rates[0]
    }),
    ("requests a second, 8 connections", "", |round| {
        round.rates[1]
    }),
    ("requests a second, 64 connections", "", |round| {
        round.rates[2]
    }),
    ("resident memory, MB", "142 → 31", |round| {
        round.resident_mb
    }),
    ("CPU time of a request, µs", "", |round| round.request_us),
    ("CPU time of its quote alone, µs", "", |round| {
        round.quote_us
    }),
    (
        "a loop of 30 million turns, ms by the server’s own clock",
        "",
        |round| round.loop_ms,
    ),
    (
        "different answers of that clock to 100,000 questions",
        "",
        |round| round.clock_answers,
    ),
];

/// How often the trace is quoted in one request. The difference to one time less this is the engine alone.
const BATCHES: u32 = 100;

pub async fn measure(workshop: &Workshop, way: Way, trace: &Trace) -> anyhow::Result<Round> {
    let server = Server::start(workshop, way, &trace.bodies[0]).await?;
    let port = server.port;
    // All are warm then, and what follows is the steady state.
    burst(port, 1, &trace.bodies[..2_000]).await?;
    let mut rates = [0.0; CONNECTIONS.len()];
    let mut bursts = Vec::new();
    let begins = server.cpu()?;
    let mut request_us = 0.0;
    for (rate, connections) in rates.iter_mut().zip(CONNECTIONS) {
        let found = burst(port, connections, &trace.bodies).await?;
        *rate = found.rate;
        if connections == 1 {
            request_us = (server.cpu()? - begins) * 1e6 / trace.bodies.len() as f64;
        }
        bursts.push(found);
    }
    let answers = bursts[0].digest;
    ensure!(
        bursts.iter().all(|burst| burst.digest == answers),
        "the same requests had other answers over more connections"
    );
    let resident_mb = server.resident()?;
    let mut connection = Connection::open(port).await?;
    let body = trace.batch();
    let mut batch = async |rounds: u32| -> anyhow::Result<f64> {
        let begins = server.cpu()?;
        connection.post(&format!("/batch?{rounds}"), &body).await?;
        Ok(server.cpu()? - begins)
    };
    // Once for the compiler, which optimizes in the background while the module runs.
    batch(BATCHES).await?;
    let (none, many) = (batch(0).await?, batch(BATCHES).await?);
    let quotes = f64::from(BATCHES) * trace.bodies.len() as f64;
    let clock = connection.post("/clock", "").await?;
    // The third number is there to keep the loop.
    let [loop_ms, clock_answers, _]: [f64; 3] =
        serde_json::from_slice(clock).context("what the server's clock says")?;
    let round = Round {
        cold_ms: server.cold.as_secs_f64() * 1000.0,
        p50_ms: bursts[0].quantile(0.5),
        p95_ms: bursts[0].quantile(0.95),
        p99_ms: bursts[0].quantile(0.99),
        rates,
        resident_mb,
        request_us,
        quote_us: (many - none) * 1e6 / quotes,
        loop_ms,
        clock_answers,
        answers,
    };
    server.stop().await?;
    Ok(round)
}
