//! The reader's settings: the variables that the stock runner reads.
//!
//! Each of them does what it means, or is refused with the reason. An empty one counts as not set;
//! for the stock runner, most of them would be switched on.

use std::env;
use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, bail, ensure};

use crate::wishes;

/// Seconds for a whole spec. The stock runner's 20 are too few for a busy machine.
const TIMEOUT: u64 = 60;

/// More seconds than anybody waits for, and few enough to calculate with.
const LONGEST: u64 = 24 * 60 * 60;

const ADDRESS: &str = "WASM_BINDGEN_TEST_ADDRESS";
const TEST_TIMEOUT: &str = "WASM_BINDGEN_TEST_TIMEOUT";
const DRIVER_TIMEOUT: &str = "WASM_BINDGEN_TEST_DRIVER_TIMEOUT";

/// Switches of the stock runner, and the file in which its benchmarks are kept.
const PASSED_ON: [&str; 16] = [
    "WASM_BINDGEN_BENCH_RESULT",
    "WASM_BINDGEN_JS_STRING_BUILTINS",
    "WASM_BINDGEN_KEEP_LLD_EXPORTS",
    "WASM_BINDGEN_KEEP_TEST_BUILD",
    "WASM_BINDGEN_NO_DEBUG",
    "WASM_BINDGEN_SPLIT_LINKED_MODULES",
    "WASM_BINDGEN_TEST_NO_ORIGIN_ISOLATION",
    "WASM_BINDGEN_TEST_NO_STREAM",
    "WASM_BINDGEN_TEST_ONLY_WEB",
    "WASM_BINDGEN_USE_BROWSER",
    "WASM_BINDGEN_USE_DEDICATED_WORKER",
    "WASM_BINDGEN_USE_DENO",
    "WASM_BINDGEN_USE_NODE_EXPERIMENTAL",
    "WASM_BINDGEN_USE_NO_MODULE",
    "WASM_BINDGEN_USE_SERVICE_WORKER",
    "WASM_BINDGEN_USE_SHARED_WORKER",
];

/// What can make a right solution fail: the wasm is another one, or the page, or the browser.
const TELLING: [&str; 18] = [
    "CHROMEDRIVER_ARGS",
    "CHROMEDRIVER_REMOTE",
    "GECKODRIVER_ARGS",
    "GECKODRIVER_REMOTE",
    "JSC_useConcurrentJIT",
    "RUSTFLAGS",
    "SAFARIDRIVER_ARGS",
    "SAFARIDRIVER_REMOTE",
    "WASM_BINDGEN_JS_STRING_BUILTINS",
    "WASM_BINDGEN_KEEP_LLD_EXPORTS",
    "WASM_BINDGEN_NO_DEBUG",
    "WASM_BINDGEN_SPLIT_LINKED_MODULES",
    "WASM_BINDGEN_TEST_NO_ORIGIN_ISOLATION",
    "WASM_BINDGEN_TEST_WEBDRIVER_JSON",
    "WASM_BINDGEN_USE_NO_MODULE",
    "WEBKITDRIVER_ARGS",
    "WEBKITDRIVER_REMOTE",
    ADDRESS,
];

/// The variable's value, if it is set and not empty.
pub fn variable(name: &str) -> anyhow::Result<Option<String>> {
    match env::var(name) {
        Ok(value) => Ok(Some(value).filter(|value| !value.is_empty())),
        Err(env::VarError::NotPresent) => Ok(None),
        Err(env::VarError::NotUnicode(value)) => {
            bail!("{name}={} is not UTF-8", value.display())
        }
    }
}

/// What `cargo-runner.sh` says of the wasm: names of variables, which it keeps from the runner's own build.
const BUILT_WITH: &str = "KATA_BUILT_WITH";

/// The settings that the reader has made and that can make a right solution fail.
pub fn telling() -> Vec<String> {
    let is_set = |name: &&str| env::var_os(name).is_some_and(|value| !value.is_empty());
    let built_with = env::var(BUILT_WITH).unwrap_or_default();
    let file = Some(wishes::FILE).filter(|file| Path::new(file).exists());
    TELLING
        .into_iter()
        .filter(is_set)
        .chain(built_with.split_whitespace())
        .chain(file)
        .map(str::to_owned)
        .collect()
}

/// What the variables say about a run.
#[derive(Debug)]
pub struct Settings {
    /// Seconds for the whole spec.
    pub timeout: u64,
    /// How long the driver may take to start, if the reader says.
    pub driver_timeout: Option<Duration>,
    /// Where the page is served, if the reader says.
    pub address: Option<SocketAddr>,
    /// The page is served for a person to open: the stock runner's `NO_HEADLESS`.
    pub is_for_a_person: bool,
}

impl Settings {
    /// Reads the variables.
    pub fn read() -> anyhow::Result<Self> {
        const ONLY_NODE: &str = "WASM_BINDGEN_TEST_ONLY_NODE";
        ensure!(
            variable(ONLY_NODE)?.is_none(),
            "{ONLY_NODE} is set, and these tests run in a browser: unset it"
        );
        let seconds = |name| {
            let value = variable(name)?;
            value.map(|value| seconds(name, &value)).transpose()
        };
        let address = variable(ADDRESS)?;
        Ok(Settings {
            timeout: seconds(TEST_TIMEOUT)?.unwrap_or(TIMEOUT),
            driver_timeout: seconds(DRIVER_TIMEOUT)?.map(Duration::from_secs),
            address: address.map(|address| socket(&address)).transpose()?,
            is_for_a_person: variable("NO_HEADLESS")?.is_some(),
        })
    }

    /// Hands them on to the stock runner. What names the page and the driver is the caller's.
    pub fn hand_on(&self, stock: &mut Command) -> anyhow::Result<()> {
        for name in PASSED_ON {
            if variable(name)?.is_none() {
                stock.env_remove(name);
            }
        }
        if !self.is_for_a_person {
            stock.env_remove("NO_HEADLESS");
        }
        stock
            .env_remove(DRIVER_TIMEOUT)
            .env(TEST_TIMEOUT, self.timeout.to_string());
        Ok(())
    }
}

/// Tells the stock runner where to serve the page.
pub fn serve_at(stock: &mut Command, page: SocketAddr) {
    stock.env(ADDRESS, page.to_string());
}

fn seconds(name: &str, value: &str) -> anyhow::Result<u64> {
    value
        .parse()
        .ok()
        .filter(|seconds| (1..=LONGEST).contains(seconds))
        .with_context(|| format!("{name}={value} is not a number of seconds from 1 to {LONGEST}"))
}

fn socket(value: &str) -> anyhow::Result<SocketAddr> {
    value.parse().ok().with_context(|| {
        format!("{ADDRESS}={value} is not an IP address with a port, such as 127.0.0.1:8000")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_are_a_number_that_one_can_wait() {
        assert_eq!(seconds("T", "1").unwrap(), 1);
        assert_eq!(seconds("T", "300").unwrap(), 300);
        for wrong in [
            "abc",
            "0",
            "-1",
            "1.5",
            "60s",
            " 60",
            "18446744073709551615",
        ] {
            let error = seconds("T", wrong).unwrap_err().to_string();
            assert!(error.contains(&format!("T={wrong} is not")), "{error}");
        }
    }

    #[test]
    fn an_address_has_a_number_and_a_port() {
        assert_eq!(socket("127.0.0.1:8000").unwrap().port(), 8000);
        assert_eq!(socket("[::1]:0").unwrap().port(), 0);
        for wrong in [
            "127.0.0.1",
            "localhost:8000",
            "8000",
            ":8000",
            "127.0.0.1:99999",
        ] {
            let error = socket(wrong).unwrap_err().to_string();
            assert!(
                error.contains(wrong) && error.contains("such as"),
                "{error}"
            );
        }
    }
}
