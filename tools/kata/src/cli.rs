//! The command line.

use clap::{Args, Parser, Subcommand, ValueEnum};
use kata_engines::Engine;
use std::net::IpAddr;
use std::path::PathBuf;

/// Katas for what goes wrong when Rust meets the browser.
#[derive(Debug, Parser)]
#[command(name = "cargo kata", bin_name = "cargo kata", version)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Read the book at http://127.0.0.1:3000 and run its katas there
    Serve(Serve),
    /// Judge a kata again whenever you save it, in this terminal
    Watch(Watch),
    /// Make the complete static site
    Build(Build),
    /// Judge solutions on every engine, and katas and wrong attempts as declared
    Test(Test),
    /// Judge any answer by a zone's spec (exit 0 passes, 1 fails, 2 cannot be judged)
    Grade(Grade),
    /// Prove the book: everything passes and fails exactly as declared, and every rule can fail (proofs)
    Check(Check),
    /// List the zones and how far you are
    List,
    /// Show a zone's next hint
    Hint {
        /// The zone
        slug: String,
        /// Start again with the first hint
        #[arg(long)]
        again: bool,
    },
    /// Put a kata back as it was; your file is kept as a backup
    Reset {
        /// The zone
        slug: String,
    },
    /// Write the files of a new zone
    New {
        /// The new zone's name in kebab case
        slug: String,
    },
    /// Say whether WebAssembly files may pass: what they need and declare, by a policy (exit 0 all pass, 1 not all, 2 no answer)
    Gate(Gate),
    /// Measure the wait for a verdict, the size of bundles, the sums, and decimal crates
    Bench(Bench),
    /// What `mdbook build` calls: turns directives into panels
    #[command(hide = true)]
    Preprocess {
        /// `supports <renderer>` asks whether a renderer is supported
        args: Vec<String>,
    },
}

/// `cargo kata serve`
#[derive(Debug, Args)]
pub struct Serve {
    /// The port
    #[arg(long, default_value_t = 3000)]
    pub port: u16,
    /// The address to listen on, for a container or another machine: 0.0.0.0 for all. Whoever reaches it
    /// can read the book and your katas
    #[arg(long, value_name = "IP", default_value = "127.0.0.1")]
    pub listen: IpAddr,
    /// Another name that browsers reach the book by; may be given several times
    #[arg(long, value_name = "NAME", value_parser = host_name)]
    pub host: Vec<String>,
    /// Open the book in the default browser
    #[arg(long)]
    pub open: bool,
    /// Instead of the book, serve the pages of a site elsewhere: compile what its readers write. See `build --compile-service`
    #[arg(long, value_name = "ORIGIN", value_parser = origin, conflicts_with_all = ["open", "host"])]
    pub compile_for: Option<String>,
}

/// `cargo kata watch`
#[derive(Debug, Args)]
pub struct Watch {
    /// The zone; the first that is not solved if none is named
    pub slug: Option<String>,
    /// Which browsers.
    #[command(flatten)]
    pub browsers: Browsers,
}

/// `cargo kata build`
#[derive(Debug, Args)]
pub struct Build {
    /// Where the site goes; what an earlier build left there is replaced [default: `book` in the
    /// repository]
    #[arg(long)]
    pub out: Option<PathBuf>,
    /// Where `cargo kata serve --compile-for` answers the site's pages: there they compile what readers write
    #[arg(long, value_name = "URL", value_parser = service_url)]
    pub compile_service: Option<String>,
}

/// Which browsers, and where they are.
#[derive(Debug, Clone, Args)]
pub struct Browsers {
    /// The engines to judge on [default: depends on the command]
    #[arg(long, value_enum, value_delimiter = ',')]
    pub engine: Vec<EngineChoice>,
    /// Install what is missing (implied by CI=true)
    #[arg(long)]
    pub install: bool,
    /// Use a WebDriver endpoint that runs elsewhere, such as a Selenium Grid
    #[arg(long, value_name = "URL", value_parser = webdriver_url)]
    pub webdriver: Option<String>,
    /// The address of this machine that the browsers can reach
    #[arg(long, value_name = "IP", default_value = "127.0.0.1", value_parser = own_address)]
    pub listen: IpAddr,
}

/// An engine, or all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
#[expect(missing_docs, reason = "the names are the engines' own")]
pub enum EngineChoice {
    Chromium,
    Firefox,
    Webkit,
    All,
}

/// A WebDriver endpoint as it can be reached.
fn webdriver_url(text: &str) -> Result<String, String> {
    match text.strip_prefix("http://") {
        Some(host) if !host.is_empty() => Ok(text.to_owned()),
        _ => Err("it must begin with http:// (for https, put a tunnel in front)".to_owned()),
    }
}

/// A name as it stands in an address.
fn host_name(text: &str) -> Result<String, String> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '.' || c == '_';
    if text.is_empty() || !text.chars().all(is_part) {
        return Err("it must be a name alone, without scheme and port".to_owned());
    }
    Ok(text.to_owned())
}

/// A site as browsers name it: scheme, host and port.
fn origin(text: &str) -> Result<String, String> {
    let host = text
        .strip_prefix("https://")
        .or_else(|| text.strip_prefix("http://"));
    let is_part = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || ".-:[]".contains(c);
    match host {
        Some(host) if !host.is_empty() && host.chars().all(is_part) => Ok(text.to_owned()),
        _ => Err(
            "it must be like https://book.example, in small letters and without a path".to_owned(),
        ),
    }
}

/// The place of a compile service, as a folder. It stands in each page's policy, where some characters part the words.
fn service_url(text: &str) -> Result<String, String> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-._~:/[]%".contains(c);
    let rest = text
        .strip_prefix("https://")
        .or_else(|| text.strip_prefix("http://"));
    match rest {
        Some(rest) if !rest.is_empty() && !rest.starts_with('/') && rest.chars().all(is_plain) => {
            Ok(format!("{}/", text.trim_end_matches('/')))
        }
        _ => Err("it must be like https://compile.example/katas/, without a query".to_owned()),
    }
}

/// An address that a browser can be sent to.
fn own_address(text: &str) -> Result<IpAddr, String> {
    let ip: IpAddr = text.parse().map_err(|_| "it is no IP address".to_owned())?;
    if ip.is_unspecified() {
        return Err("it must be the one address by which browsers reach this machine".to_owned());
    }
    Ok(ip)
}

impl Browsers {
    /// The engines that the reader named; empty if none.
    pub fn named(&self) -> Vec<Engine> {
        let mut engines = Vec::new();
        for choice in &self.engine {
            let chosen: &[Engine] = match choice {
                EngineChoice::Chromium => &[Engine::Chromium],
                EngineChoice::Firefox => &[Engine::Firefox],
                EngineChoice::Webkit => &[Engine::Webkit],
                EngineChoice::All => &Engine::ALL,
            };
            for engine in chosen {
                if !engines.contains(engine) {
                    engines.push(*engine);
                }
            }
        }
        engines
    }
}

/// `cargo kata test`
#[derive(Debug, Args)]
pub struct Test {
    /// The zones; all of them if none is named
    pub slugs: Vec<String>,
    /// What to judge [default: solutions on all engines, katas and attempts on Chromium]
    #[arg(long, value_enum)]
    pub variant: Option<VariantChoice>,
    /// Which browsers.
    #[command(flatten)]
    pub browsers: Browsers,
    /// Print one JSON object a line
    #[arg(long)]
    pub json: bool,
    /// Judge the bundles that the site publishes instead of the quick ones
    #[arg(long)]
    pub release: bool,
    /// Compile, but judge nothing
    #[arg(long, conflicts_with = "json")]
    pub no_run: bool,
}

/// Which variants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
#[expect(missing_docs, reason = "the names speak for themselves")]
pub enum VariantChoice {
    Kata,
    Solution,
    Attempts,
    All,
}

/// `cargo kata grade`
#[derive(Debug, Args)]
pub struct Grade {
    /// The zone whose spec judges
    pub slug: String,
    /// The lib.rs to judge, or a folder with one and its modules
    pub file: PathBuf,
    /// Which browsers.
    #[command(flatten)]
    pub browsers: Browsers,
    /// Print one JSON object a line
    #[arg(long)]
    pub json: bool,
    /// Seconds that the compiler may take
    #[arg(long, default_value_t = 120)]
    pub build_limit: u64,
}

/// `cargo kata check`
#[derive(Debug, Args)]
pub struct Check {
    /// The zones; all of them if none is named
    pub slugs: Vec<String>,
    /// Which browsers.
    #[command(flatten)]
    pub browsers: Browsers,
    /// Only the rules that need no compiler and no browser
    #[arg(long)]
    pub files_only: bool,
    /// Take the verdicts that `cargo kata test` gave the same bundles in the same browsers within the last hour
    #[arg(long)]
    pub reuse: bool,
}

/// `cargo kata gate`
#[derive(Debug, Args)]
pub struct Gate {
    /// The files
    #[arg(required = true)]
    pub files: Vec<PathBuf>,
    /// What may pass, a line each: `allow bulk-memory`, `pages 256`; see the chapter on module-gate. Without it, the first
    /// WebAssembly and nothing newer
    #[arg(long, value_name = "FILE")]
    pub policy: Option<PathBuf>,
    /// Only name what does not pass
    #[arg(long)]
    pub quiet: bool,
    /// Print one JSON object a line
    #[arg(long, conflicts_with = "quiet")]
    pub json: bool,
}

/// `cargo kata bench`
#[derive(Debug, Args)]
pub struct Bench {
    /// What to measure; everything if nothing is named
    #[arg(value_enum)]
    pub what: Vec<BenchChoice>,
    /// The zone that is edited and judged
    #[arg(long, default_value = "detached-view")]
    pub slug: String,
    /// Rounds of each measurement
    #[arg(long, default_value_t = 7)]
    pub rounds: usize,
    /// Keep what `crates`, `std` or `edge` found where the chapter shows it
    #[arg(long)]
    pub write: bool,
    /// Which browsers.
    #[command(flatten)]
    pub browsers: Browsers,
}

/// What `bench` can measure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum BenchChoice {
    /// From a saved edit to the last verdict, beside stock Cargo and wasm-pack
    Verdict,
    /// The whole suite beside stock Cargo
    Suite,
    /// Bytes of each bundle
    Size,
    /// From the click to the last verdict on the static site
    Click,
    /// Throughput and error of the sums
    Sums,
    /// Fixed-point additions and multiplications, and what being exact may cost
    Fixed,
    /// Decimal crates side by side: size, speed, and whether they build at all
    Crates,
    /// What the calls of Rust's standard library come to in a browser
    Std,
    /// The quote engine in wasm and in plain JavaScript, under Node and workerd (fetches workerd with npm)
    Edge,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What clap says of a command with these arguments.
    fn error_of(command: &str, args: &[&str]) -> String {
        let all = ["cargo kata", command]
            .into_iter()
            .chain(args.iter().copied());
        match Cli::try_parse_from(all) {
            Ok(_) => String::new(),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn an_endpoint_that_cannot_be_reached_is_refused_at_once() {
        assert_eq!(error_of("test", &["--webdriver", "http://grid:4444"]), "");
        for url in ["https://grid:4444", "grid:4444", "http://"] {
            let error = error_of("test", &["--webdriver", url]);
            assert!(error.contains(url) && error.contains("http://"), "{error}");
        }
    }

    #[test]
    fn a_name_is_no_address_of_a_page() {
        assert_eq!(error_of("serve", &["--host", "devbox.local"]), "");
        for name in ["", "devbox:3000", "http://devbox"] {
            let error = error_of("serve", &["--host", name]);
            assert!(error.contains("without scheme and port"), "{error}");
        }
    }

    #[test]
    fn a_site_is_an_origin_and_a_service_is_a_folder() {
        assert_eq!(
            error_of("serve", &["--compile-for", "https://book.example:8443"]),
            ""
        );
        for site in [
            "book.example",
            "https://Book.example",
            "https://book.example/",
            "*",
            "null",
        ] {
            let error = error_of("serve", &["--compile-for", site]);
            assert!(error.contains("without a path"), "{site}: {error}");
        }
        assert_eq!(
            service_url("https://c.example/k"),
            Ok("https://c.example/k/".to_owned())
        );
        for url in [
            "c.example",
            "https://c.example/; script-src *",
            "https://c.example/?a",
            "https:///",
        ] {
            assert!(service_url(url).is_err(), "{url}");
        }
    }

    #[test]
    fn an_address_that_no_browser_can_be_sent_to_is_refused() {
        assert_eq!(error_of("test", &["--listen", "192.168.1.7"]), "");
        for ip in ["0.0.0.0", "::", "localhost"] {
            let error = error_of("test", &["--listen", ip]);
            assert!(error.contains(ip) && error.contains("address"), "{error}");
        }
    }
}
