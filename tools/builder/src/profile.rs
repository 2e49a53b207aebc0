//! The profile that everything on the stage is compiled with.

use super::Profile;
use super::source::{ATTEMPTS, PROOFS, SOLUTIONS};
use super::stage::package_name;
use toml::{Table, Value};

/// The stage's one profile for what is published and what is judged here: what all katas depend on is
/// compiled once for both, and so are solutions and attempts. It sets every key that there is, since what it leaves
/// open a reader's own Cargo settings for release builds would fill in.
///
/// In the quick one, what a reader edits is optimized a little only: without that each crate compiles in
/// about a second less, and a spec that crunches numbers runs for a second more. Proofs are not optimized
/// at all: there are many, nobody is shown them, and each runs a few tests once. Checks of overflow are off
/// in all of them: they would judge the same answer differently here and there.
pub(super) fn profile_of(release: Option<Value>, profile: Profile, members: &[String]) -> Table {
    let mut table: Table = [
        ("inherits", "release".into()),
        ("debug", false.into()),
        ("debug-assertions", false.into()),
        ("incremental", false.into()),
        ("overflow-checks", false.into()),
        ("panic", "unwind".into()),
        ("rpath", false.into()),
        ("split-debuginfo", "off".into()),
        // Of what is linked only lines of ours are of use, and then std's debug information, three quarters of the file, comes along.
        ("strip", "debuginfo".into()),
    ]
    .map(|(key, value): (&str, Value)| (key.to_owned(), value))
    .into_iter()
    .collect();
    if let Some(Value::Table(release)) = release {
        table.extend(release);
    }
    // What is one unit needs none. What is several would be optimized twice.
    table.insert("lto".into(), "off".into());
    let edited: Table = [
        ("opt-level", Value::from(1)),
        ("codegen-units", 256.into()),
        ("incremental", true.into()),
    ]
    .map(|(key, value)| (key.to_owned(), value))
    .into_iter()
    .collect();
    let proof = Table::from_iter([("opt-level".to_owned(), Value::from(0))]);
    let published: Table = [("debug", "line-tables-only"), ("strip", "none")]
        .map(|(key, value)| (key.to_owned(), value.into()))
        .into_iter()
        .collect();
    // What all katas depend on, and the checks in it. How far that is optimized is left to Cargo: here it would
    // be said of macros as well, and those compile for a minute more.
    let depended = ["debug-assertions", "incremental", "overflow-checks"]
        .map(|key| (key.to_owned(), Value::from(false)));
    let mut packages = Table::from_iter([("*".to_owned(), Table::from_iter(depended).into())]);
    for folder in members {
        let is_given = [SOLUTIONS, ATTEMPTS]
            .iter()
            .any(|given| folder.starts_with(given));
        let own = if folder.starts_with(PROOFS) {
            &proof
        } else if profile == Profile::Quick && !is_given {
            &edited
        } else {
            &published
        };
        packages.insert(package_name(folder), own.clone().into());
    }
    table.insert("package".into(), packages.into());
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    fn release() -> Option<Value> {
        let text = "opt-level = 3\ncodegen-units = 1\n";
        Some(text.parse::<Table>().unwrap().into())
    }

    #[test]
    fn quick_builds_share_the_dependencies_and_differ_in_no_check() {
        let members = [
            "katas/a-b",
            "solutions/a-b",
            "graded/a-b",
            "attempts/a-b/c",
            "proofs/a-b/1",
        ];
        let members = members.map(str::to_owned);
        let packages = |profile| {
            let mut table = profile_of(release(), profile, &members);
            let Some(Value::Table(packages)) = table.remove("package") else {
                panic!("no overrides: {table}");
            };
            (table, packages)
        };
        let (published, of_published) = packages(Profile::Release);
        let (quick, of_quick) = packages(Profile::Quick);
        assert_eq!(quick, published, "dependencies would be compiled twice");
        assert_eq!(published["opt-level"], 3.into());
        assert_eq!(published["overflow-checks"], false.into());
        let differ = |name: &&String| of_published[*name] != of_quick[*name];
        let others: Vec<_> = of_quick.keys().filter(differ).collect();
        assert_eq!(others, ["stage-graded-a-b", "stage-katas-a-b"]);
        for package in of_quick.values().chain(of_published.values()) {
            let checks = package.get("overflow-checks");
            assert!(checks.is_none_or(|on| on == &false.into()), "{package}");
        }
    }
}
