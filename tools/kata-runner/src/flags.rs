//! The command line of a test program: libtest's, since editors and nextest speak it.
//!
//! What libtest knows is taken. A flag that means nothing in a browser, such as the number of
//! threads, has its value checked and does nothing.

use std::ffi::OsString;

use anyhow::{Context, bail, ensure};

use crate::spec::Test;

/// What `--help` prints.
pub const HELP: &str = "\
Usage: cargo test -p kata-<zone> -- [FILTER…] [FLAGS]

Runs the tests whose names hold one of the filters, in a headless browser.

    --exact              a filter is a whole name: `spec::group::name`, or its last part
    --skip FILTER        leave these tests out
    --ignored            run only what is ignored
    --include-ignored    run what is ignored, too
    --list               say which tests there are
    --nocapture          show what the tests print, as they print it
    --format FORMAT      pretty, terse or json
    -q, --quiet          the same as --format=terse

libtest's other flags are taken and do nothing: --show-output, --test, --test-threads, --color,
--logfile, --report-time, --ensure-time, --shuffle, --shuffle-seed, --fail-fast,
--exclude-should-panic, --force-run-in-process and -Z unstable-options.

KATA_BROWSER=firefox names the browser: chromium, firefox or webkit.
";

/// What a call asks for.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Flags {
    /// A test runs if one of them matches, or if there is none.
    pub filters: Vec<String>,
    /// A test that one of these matches does not run.
    pub skip: Vec<String>,
    /// Filters are whole names.
    pub exact: bool,
    pub ignored: Ignored,
    pub list: bool,
    pub format: Format,
    pub nocapture: bool,
    /// Benchmarks instead of tests.
    pub bench: bool,
    pub help: bool,
}

/// What becomes of ignored tests.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ignored {
    /// They are counted.
    #[default]
    Counted,
    /// They run, and nothing else does.
    Only,
    /// They run like the others.
    Included,
}

/// How results are printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    #[default]
    Pretty,
    Terse,
    Json,
}

impl Flags {
    /// Reads what follows the program's name and the wasm's.
    pub fn parse(args: &[OsString]) -> anyhow::Result<Self> {
        let mut flags = Flags::default();
        let mut format = None;
        let mut args = args.iter();
        while let Some(arg) = args.next() {
            let arg = text(arg)?;
            if arg == "--" {
                for filter in args.by_ref() {
                    flags.filters.push(text(filter)?.to_owned());
                }
            } else if !arg.starts_with('-') {
                flags.filters.push(arg.to_owned());
            } else if let Some((flag, attached)) = valued(arg) {
                let value = match attached {
                    Some(value) => value,
                    None => text(
                        args.next()
                            .with_context(|| format!("`{flag}` lacks its value"))?,
                    )?,
                };
                match flag {
                    "--skip" => flags.skip.push(value.to_owned()),
                    "--format" => format = Some(format_named(value)?),
                    _ => check(flag, value)?,
                }
            } else if matches!(arg, "-q" | "--quiet") {
                format.get_or_insert(Format::Terse);
            } else {
                flags.take(arg)?;
            }
        }
        flags.format = format.unwrap_or_default();
        Ok(flags)
    }

    /// Takes a flag that has no value.
    fn take(&mut self, flag: &str) -> anyhow::Result<()> {
        match flag {
            "--exact" => self.exact = true,
            "--ignored" => self.treat_ignored(Ignored::Only)?,
            "--include-ignored" => self.treat_ignored(Ignored::Included)?,
            "--list" => self.list = true,
            "--nocapture" | "--no-capture" => self.nocapture = true,
            "--bench" => self.bench = true,
            "-h" | "--help" => self.help = true,
            "--show-output"
            | "--test"
            | "--report-time"
            | "--ensure-time"
            | "--shuffle"
            | "--fail-fast"
            | "--exclude-should-panic"
            | "--force-run-in-process" => {}
            _ => bail!("`{flag}` is no flag of a test (`--help` names them all)"),
        }
        Ok(())
    }

    fn treat_ignored(&mut self, how: Ignored) -> anyhow::Result<()> {
        ensure!(
            self.ignored == Ignored::Counted || self.ignored == how,
            "`--ignored` and `--include-ignored` exclude each other"
        );
        self.ignored = how;
        Ok(())
    }

    /// Whether the call means this test.
    pub fn mean(&self, test: &Test) -> bool {
        (self.filters.is_empty() || self.filters.iter().any(|filter| self.hits(filter, test)))
            && !self.skip.iter().any(|filter| self.hits(filter, test))
            && (self.ignored != Ignored::Only || test.is_ignored)
    }

    /// With `--exact` the last part of a name is enough: tests stand in groups, and their own names
    /// are unique in a spec.
    fn hits(&self, filter: &str, test: &Test) -> bool {
        if self.exact {
            test.name == filter || test.name.rsplit("::").next() == Some(filter)
        } else {
            test.name.contains(filter)
        }
    }
}

/// The flag and its value, as far as it is attached; `None` if the flag has no value.
fn valued(arg: &str) -> Option<(&str, Option<&str>)> {
    if let Some(value) = arg.strip_prefix("-Z") {
        return Some(("-Z", Some(value).filter(|value| !value.is_empty())));
    }
    let (flag, value) = match arg.split_once('=') {
        Some((flag, value)) => (flag, Some(value)),
        None => (arg, None),
    };
    matches!(
        flag,
        "--skip" | "--format" | "--test-threads" | "--shuffle-seed" | "--color" | "--logfile"
    )
    .then_some((flag, value))
}

/// Refuses a value that libtest would refuse, for a flag that does nothing here.
fn check(flag: &str, value: &str) -> anyhow::Result<()> {
    let (is_right, wanted) = match flag {
        "--test-threads" => (
            value.parse::<usize>().is_ok_and(|number| number > 0),
            "a number above 0",
        ),
        "--shuffle-seed" => (value.parse::<u64>().is_ok(), "a number"),
        "--color" => (
            ["auto", "always", "never"].contains(&value),
            "auto, always or never",
        ),
        "-Z" => (value == "unstable-options", "unstable-options"),
        _ => (true, ""),
    };
    ensure!(is_right, "`{flag} {value}` is not {wanted}");
    Ok(())
}

fn format_named(name: &str) -> anyhow::Result<Format> {
    match name {
        "pretty" => Ok(Format::Pretty),
        "terse" => Ok(Format::Terse),
        "json" => Ok(Format::Json),
        _ => bail!("`--format {name}` is not pretty, terse or json"),
    }
}

fn text(arg: &OsString) -> anyhow::Result<&str> {
    arg.to_str()
        .with_context(|| format!("`{}` is not UTF-8", arg.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> anyhow::Result<Flags> {
        let args: Vec<OsString> = line.split_whitespace().map(Into::into).collect();
        Flags::parse(&args)
    }

    fn meant(line: &str) -> Vec<String> {
        let flags = parse(line).unwrap();
        let test = |name: &str, is_ignored| Test {
            name: name.to_owned(),
            is_ignored,
        };
        [
            test("spec::closing::twice", false),
            test("spec::closing::twice_over", false),
            test("spec::opening::slowly", true),
        ]
        .into_iter()
        .filter(|test| flags.mean(test))
        .map(|test| test.name.replace("spec::", ""))
        .collect()
    }

    #[test]
    fn filters_are_parts_of_names_and_one_of_them_is_enough() {
        assert_eq!(meant("").len(), 3);
        assert_eq!(meant("twice"), ["closing::twice", "closing::twice_over"]);
        assert_eq!(
            meant("over slow"),
            ["closing::twice_over", "opening::slowly"]
        );
        assert_eq!(meant("closing --skip over"), ["closing::twice"]);
        assert_eq!(meant("closing --skip=over"), ["closing::twice"]);
        assert_eq!(meant("-- --skip"), [""; 0]);
    }

    #[test]
    fn an_exact_name_is_a_path_or_its_last_part() {
        for name in ["twice", "spec::closing::twice"] {
            assert_eq!(meant(&format!("{name} --exact")), ["closing::twice"]);
            assert_eq!(meant(&format!("--exact --skip {name}")).len(), 2);
        }
        assert_eq!(meant("closing --exact"), [""; 0]);
    }

    #[test]
    fn ignored_tests_are_counted_run_alone_or_run_too() {
        assert_eq!(meant("--ignored"), ["opening::slowly"]);
        assert_eq!(meant("--include-ignored").len(), 3);
        assert!(parse("--ignored --include-ignored").is_err());
    }

    /// rust-analyzer's two buttons, nextest's three calls, Cargo's own flag.
    #[test]
    fn editors_and_nextest_are_understood() {
        let button = parse("empty --exact --show-output").unwrap();
        assert!(button.exact && button.format == Format::Pretty);
        let tree = parse("-Z unstable-options --format=json --show-output").unwrap();
        assert_eq!(tree.format, Format::Json);
        let list = parse("--list --format terse --ignored").unwrap();
        assert!(list.list && list.format == Format::Terse);
        assert!(parse("spec::a::b --exact --nocapture").unwrap().nocapture);
        assert_eq!(parse("-q").unwrap().format, Format::Terse);
        assert_eq!(parse("--quiet --format json").unwrap().format, Format::Json);
    }

    #[test]
    fn what_means_nothing_here_does_nothing() {
        for line in [
            "--test-threads=1",
            "--test-threads 8",
            "--color always",
            "--color=never",
            "-Zunstable-options --report-time --ensure-time",
            "--shuffle --shuffle-seed 7",
            "--logfile log.txt",
            "--test --fail-fast --exclude-should-panic --force-run-in-process",
            "--show-output",
        ] {
            assert_eq!(parse(line).unwrap(), Flags::default(), "{line}");
        }
    }

    #[test]
    fn what_libtest_would_refuse_is_refused_in_one_line() {
        for (line, words) in [
            ("--frobnicate", "`--frobnicate` is no flag of a test"),
            ("--exact=yes", "`--exact=yes` is no flag"),
            ("-x", "`-x` is no flag"),
            (
                "--test-threads 0",
                "`--test-threads 0` is not a number above 0",
            ),
            ("--test-threads", "`--test-threads` lacks its value"),
            ("--color pink", "auto, always or never"),
            ("--format xml", "pretty, terse or json"),
            ("-Z other", "unstable-options"),
            ("--skip", "`--skip` lacks its value"),
        ] {
            let error = parse(line).unwrap_err().to_string();
            assert!(error.contains(words), "{line}: {error}");
            assert_eq!(error.lines().count(), 1, "{error}");
        }
    }
}
