//! A client that costs little: HTTP/1.1 over connections that stay open, one request at a time on each.

use anyhow::{Context, bail, ensure};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// A connection.
pub struct Connection {
    stream: TcpStream,
    read: Vec<u8>,
}

impl Connection {
    pub async fn open(port: u16) -> std::io::Result<Self> {
        let stream = TcpStream::connect(("127.0.0.1", port)).await?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream,
            read: Vec::with_capacity(1 << 14),
        })
    }

    /// Posts a body and returns the answer's.
    pub async fn post(&mut self, path: &str, body: &str) -> anyhow::Result<&[u8]> {
        let head = format!(
            "POST {path} HTTP/1.1\r\nhost: shop.test\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        self.stream.write_all((head + body).as_bytes()).await?;
        self.read.clear();
        loop {
            let read = self.stream.read_buf(&mut self.read).await?;
            ensure!(read > 0, "the server closed the connection");
            let Some(end) = self.read.windows(4).position(|four| four == b"\r\n\r\n") else {
                continue;
            };
            let head = std::str::from_utf8(&self.read[..end])?.to_ascii_lowercase();
            let length = head
                .lines()
                .find_map(|line| line.strip_prefix("content-length:"));
            let length: usize = length
                .context("an answer without its length")?
                .trim()
                .parse()?;
            let body = end + 4..end + 4 + length;
            if self.read.len() < body.end {
                continue;
            }
            if !head.starts_with("http/1.1 200") {
                bail!("{head}\n{}", String::from_utf8_lossy(&self.read[body]));
            }
            return Ok(&self.read[body]);
        }
    }
}

/// What came of many requests.
pub struct Burst {
    /// How long each took, in milliseconds, sorted.
    pub latencies: Vec<f64>,
    /// Requests a second.
    pub rate: f64,
    /// Of all answers, in the order of the requests.
    pub digest: u64,
}

impl Burst {
    /// The latency that so much of all requests did not exceed.
    pub fn quantile(&self, part: f64) -> f64 {
        let last = self.latencies.len().saturating_sub(1);
        let index = (part * last as f64).round() as usize;
        self.latencies.get(index).copied().unwrap_or_default()
    }
}

/// Sends all bodies over so many connections at once, each its share.
pub async fn burst(port: u16, connections: usize, bodies: &[String]) -> anyhow::Result<Burst> {
    let mut open = Vec::new();
    for _ in 0..connections {
        open.push(Connection::open(port).await?);
    }
    let begins = Instant::now();
    let shares = open
        .into_iter()
        .enumerate()
        .map(|(first, mut connection)| async move {
            let mut answers = Vec::new();
            for index in (first..bodies.len()).step_by(connections) {
                let begins = Instant::now();
                let hash = super::trace::digest(
                    connection
                        .post("/quote", &bodies[index])
                        .await?
                        .iter()
                        .map(|byte| i64::from(*byte)),
                );
                answers.push((index, begins.elapsed(), hash));
            }
            anyhow::Ok(answers)
        });
    let mut answers: Vec<(usize, Duration, u64)> =
        futures_util::future::try_join_all(shares).await?.concat();
    let seconds = begins.elapsed().as_secs_f64();
    answers.sort_unstable_by_key(|(index, ..)| *index);
    let digest = super::trace::digest(answers.iter().map(|(_, _, hash)| *hash as i64));
    let mut latencies: Vec<f64> = answers
        .iter()
        .map(|(_, time, _)| time.as_secs_f64() * 1000.0)
        .collect();
    latencies.sort_by(f64::total_cmp);
    Ok(Burst {
        latencies,
        rate: bodies.len() as f64 / seconds,
        digest,
    })
}

#[cfg(test)]
mod tests {
    use super::Burst;

    #[test]
    fn a_quantile_is_a_latency_that_was_seen() {
        let burst = |count: u32| Burst {
            latencies: (1..=count).map(f64::from).collect(),
            rate: 0.0,
            digest: 0,
        };
        assert_eq!(burst(101).quantile(0.5), 51.0);
        assert_eq!(burst(101).quantile(0.99), 100.0);
        assert_eq!(burst(1).quantile(0.95), 1.0);
        assert_eq!(burst(0).quantile(0.5), 0.0);
    }
}
