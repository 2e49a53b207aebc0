//! One of the four servers, as a process.

use super::client::Connection;
use super::workshop::Workshop;
use anyhow::{Context, bail};
use std::fmt;
use std::net::TcpListener;
use std::process::Stdio;
use std::time::{Duration, Instant};
use tokio::process::{Child, Command};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Runtime {
    Node,
    Workerd,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Way {
    pub runtime: Runtime,
    pub wasm: bool,
}

/// In the order of the table.
pub const WAYS: [Way; 4] = [
    Way {
        runtime: Runtime::Node,
        wasm: false,
    },
    Way {
        runtime: Runtime::Node,
        wasm: true,
    },
    Way {
        runtime: Runtime::Workerd,
        wasm: false,
    },
    Way {
        runtime: Runtime::Workerd,
        wasm: true,
    },
];

impl fmt::Display for Way {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} with {}", self.runtime, self.engine())
    }
}

impl Way {
    fn engine(self) -> &'static str {
        if self.wasm { "wasm" } else { "js" }
    }
}

/// How long a server may take to answer for the first time.
const LIMIT: Duration = Duration::from_secs(30);

/// A running server. It ends when this is dropped.
pub struct Server {
    child: Child,
    pub port: u16,
    /// From its start to its first answer.
    pub cold: Duration,
}

impl Server {
    /// Starts one and waits for its first answer.
    pub async fn start(workshop: &Workshop, way: Way, body: &str) -> anyhow::Result<Self> {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let mut command = match way.runtime {
            Runtime::Node => {
                let mut node = Command::new("node");
                node.args(["node.js", way.engine(), &port.to_string()]);
                node
            }
            Runtime::Workerd => {
                let mut workerd = Command::new(&workshop.workerd);
                workerd
                    .args(["serve", &format!("worker-{}.capnp", way.engine())])
                    .arg(format!("--socket-addr=http=127.0.0.1:{port}"));
                workerd
            }
        };
        command
            .current_dir(&workshop.dir)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .kill_on_drop(true);
        let begins = Instant::now();
        let mut child = command.spawn().context("starting the server")?;
        loop {
            if let Ok(mut connection) = Connection::open(port).await {
                connection.post("/quote", body).await?;
                let cold = begins.elapsed();
                return Ok(Self { child, port, cold });
            }
            if let Some(status) = child.try_wait()? {
                bail!("the server ended at once: {status}");
            }
            if begins.elapsed() > LIMIT {
                bail!("no answer within {} s", LIMIT.as_secs());
            }
            tokio::time::sleep(Duration::from_micros(500)).await;
        }
    }

    /// Megabytes of memory that are resident now.
    pub fn resident(&self) -> anyhow::Result<f64> {
        let id = self.child.id().context("the server has ended")?;
        let status = std::fs::read_to_string(format!("/proc/{id}/status"))
            .context("reading the server's memory (this needs Linux)")?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kilobytes = line.and_then(|line| line.trim().strip_suffix(" kB"));
        let kilobytes: f64 = kilobytes.context("no VmRSS")?.trim().parse()?;
        Ok(kilobytes * 1024.0 / 1e6)
    }

    /// Seconds that it has computed so far, all threads together.
    pub fn cpu(&self) -> anyhow::Result<f64> {
        /// Of Linux, in a second, on every machine that we know.
        const TICKS: f64 = 100.0;
        let id = self.child.id().context("the server has ended")?;
        let stat = std::fs::read_to_string(format!("/proc/{id}/stat"))
            .context("reading the server's CPU time (this needs Linux)")?;
        // Behind the name, which may hold anything: the state is the first word, user and system time the twelfth and thirteenth.
        let (_, words) = stat.rsplit_once(')').context("no name in stat")?;
        let times = words.split_whitespace().skip(11).take(2);
        let times = times.map(str::parse).collect::<Result<Vec<f64>, _>>()?;
        Ok(times.iter().sum::<f64>() / TICKS)
    }

    pub async fn stop(mut self) -> anyhow::Result<()> {
        self.child.kill().await.context("ending the server")
    }
}
