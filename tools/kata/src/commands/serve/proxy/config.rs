//! What the proxy is told: `kata.toml` beside `book.toml`.

use anyhow::{Context, bail};
use contract::{NotARoute, Origin, Prefix, Route, Upstream};
use serde::Deserialize;
use std::io::ErrorKind;
use std::ops::Range;
use std::path::Path;
use std::time::Duration;
use toml::Spanned;

/// Below the repository.
pub const FILE: &str = "kata.toml";

/// Where the book itself is, or has its pages ask.
const OWN: [&str; 2] = ["/-", "/bundles"];

/// One way to another server, and how much patience and room it has.
#[derive(Debug)]
#[cfg_attr(
    not(has_solutions),
    allow(dead_code, reason = "without its rules, nobody goes a way")
)]
pub struct Way {
    pub route: Route,
    /// How long the server may take until its answer begins, and then between two pieces of it,
    /// unless it is a stream of events.
    pub timeout: Duration,
    /// Bytes of the longest body of a request.
    pub limit: u64,
    /// Where in the file it stands.
    pub line: usize,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    proxy: Vec<Spanned<Entry>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    prefix: Spanned<String>,
    upstream: Spanned<String>,
    #[serde(default)]
    origin: OriginWord,
    #[serde(default = "thirty_seconds")]
    timeout_ms: u32,
    #[serde(default = "sixteen_mebibytes")]
    limit_bytes: u64,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "lowercase")]
enum OriginWord {
    #[default]
    Keep,
    Upstream,
}

fn thirty_seconds() -> u32 {
    30_000
}

fn sixteen_mebibytes() -> u64 {
    16 << 20
}

/// The ways that the file of a clone names; none if there is no file. What is wrong with it is one line, which
/// begins with the file and the line.
pub fn read(root: &Path) -> anyhow::Result<Vec<Way>> {
    match std::fs::read_to_string(root.join(FILE)) {
        Ok(text) => parse(&text),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(error).with_context(|| format!("reading {FILE}")),
    }
}

fn parse(text: &str) -> anyhow::Result<Vec<Way>> {
    let file: File = match toml::from_str(text) {
        Ok(file) => file,
        Err(error) => {
            let line = line_of(text, error.span());
            let what = error.message().lines().collect::<Vec<_>>().join("; ");
            bail!("{FILE}:{line}: {what}");
        }
    };
    let mut ways: Vec<Way> = Vec::new();
    for entry in file.proxy {
        let line = line_of(text, Some(entry.span()));
        let Entry {
            prefix,
            upstream,
            origin,
            timeout_ms,
            limit_bytes,
        } = entry.into_inner();
        let at = |span| format!("{FILE}:{}", line_of(text, Some(span)));
        let wrong = |what: &str, value: &Spanned<String>, why: NotARoute| {
            anyhow::anyhow!(
                "{}: {what} = {:?}: {why}",
                at(value.span()),
                value.get_ref()
            )
        };
        let path: Prefix =
            (prefix.get_ref().parse()).map_err(|why| wrong("prefix", &prefix, why))?;
        let there: Upstream =
            (upstream.get_ref().parse()).map_err(|why| wrong("upstream", &upstream, why))?;
        let place = at(prefix.span());
        if path.as_str().is_empty() {
            bail!("{place}: prefix = \"/\": the book itself is there");
        }
        if let Some(own) = OWN.iter().find(|own| is_below(path.as_str(), own)) {
            bail!(
                "{place}: prefix = {:?}: the book itself has {own}/",
                path.as_str()
            );
        }
        if ways.iter().any(|way| way.route.prefix == path) {
            bail!(
                "{place}: prefix = {:?}: it has an upstream already",
                path.as_str()
            );
        }
        ways.push(Way {
            route: Route {
                prefix: path,
                upstream: there,
                origin: match origin {
                    OriginWord::Keep => Origin::Keep,
                    OriginWord::Upstream => Origin::Upstream,
                },
            },
            timeout: Duration::from_millis(timeout_ms.into()),
            limit: limit_bytes,
            line,
        });
    }
    Ok(ways)
}

fn is_below(path: &str, folder: &str) -> bool {
    path.strip_prefix(folder)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The line at which a span begins, from 1.
fn line_of(text: &str, span: Option<Range<usize>>) -> usize {
    let start = span.map_or(0, |span| span.start);
    let before = text.as_bytes().get(..start).unwrap_or_default();
    1 + before.iter().filter(|&&byte| byte == b'\n').count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrong(text: &str) -> String {
        let error = parse(text).unwrap_err().to_string();
        assert!(!error.contains('\n'), "more than a line: {error}");
        error
    }

    #[test]
    fn a_whole_file_is_read() {
        let ways = parse(
            "[[proxy]]\nprefix = \"/api\"\nupstream = \"http://127.0.0.1:8080/base\"\n\n\
             [[proxy]]\nprefix = \"/api/v2/\"\nupstream = \"http://localhost:8082\"\norigin = \"upstream\"\n\
             timeout_ms = 500\nlimit_bytes = 10\n",
        )
        .unwrap();
        let [first, second] = ways.as_slice() else {
            panic!("{ways:?}");
        };
        assert_eq!(first.route.prefix.as_str(), "/api");
        assert_eq!(
            first.route.upstream.to_string(),
            "http://127.0.0.1:8080/base"
        );
        assert_eq!(first.route.origin, Origin::Keep);
        assert_eq!(
            (first.timeout, first.limit),
            (Duration::from_secs(30), 16 << 20)
        );
        assert_eq!(second.route.prefix.as_str(), "/api/v2");
        assert_eq!(second.route.origin, Origin::Upstream);
        assert_eq!(
            (second.timeout, second.limit),
            (Duration::from_millis(500), 10)
        );
        assert_eq!((first.line, second.line), (1, 5));
        assert!(parse("").unwrap().is_empty());
    }

    #[test]
    fn what_is_wrong_is_one_line_with_its_place() {
        let one = |prefix: &str, upstream: &str| {
            wrong(&format!(
                "# mine\n[[proxy]]\nprefix = {prefix:?}\nupstream = {upstream:?}\n"
            ))
        };
        let good = "http://127.0.0.1:1";
        for (error, start, words) in [
            (wrong("[[proxy]\n"), "kata.toml:1: ", ""),
            (wrong("\n\nproxies = 1\n"), "kata.toml:3: ", "unknown field"),
            (
                wrong("[[proxy]]\nprefix = \"/a\"\n"),
                "kata.toml:1: ",
                "missing field `upstream`",
            ),
            (
                wrong("[[proxy]]\nprefix = \"/a\"\nupstream = 1\n"),
                "kata.toml:3: ",
                "string",
            ),
            (
                one("api", good),
                "kata.toml:3: ",
                "prefix = \"api\": expected a path",
            ),
            (one("/a/../b", good), "kata.toml:3: ", "expected a path"),
            (one("/", good), "kata.toml:3: ", "the book itself is there"),
            (one("/-", good), "kata.toml:3: ", "the book itself has /-/"),
            (
                one("/-/lab/", good),
                "kata.toml:3: ",
                "the book itself has /-/",
            ),
            (
                one("/bundles/x", good),
                "kata.toml:3: ",
                "the book itself has /bundles/",
            ),
            (
                one("/api", "https://intern.example"),
                "kata.toml:4: ",
                "expected http://host:port/path",
            ),
            (
                one("/api", "http://me@intern.example"),
                "kata.toml:4: ",
                "without a user",
            ),
        ] {
            assert!(error.starts_with(start) && error.contains(words), "{error}");
        }
        let twice = "[[proxy]]\nprefix = \"/a\"\nupstream = \"http://x\"\n";
        let error = wrong(&format!("{twice}{twice}"));
        assert_eq!(
            error,
            "kata.toml:5: prefix = \"/a\": it has an upstream already"
        );
    }

    #[test]
    fn only_whole_segments_are_the_books_own() {
        for prefix in ["/-x", "/bundles2", "/api/-"] {
            let text = format!("[[proxy]]\nprefix = {prefix:?}\nupstream = \"http://x\"\n");
            assert_eq!(parse(&text).unwrap().len(), 1, "{prefix}");
        }
    }
}
