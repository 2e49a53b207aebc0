//! Who is measured: each a crate at one version, and how it does the work.
//!
//! The adapters below `contenders/` compile inside the generated packages, never
//! in this one. Their numbers are amounts; `multiply` rounds to cents, half to
//! even, since that is what an invoice needs.

/// Questions that `harness.rs` answers, in its order.
pub const QUESTIONS: [&str; 2] = ["0.1 + 0.2", "1.015 to cents"];

/// One crate, or a type of the language.
#[derive(Debug)]
pub struct Contender {
    /// As the tables name it.
    pub name: &'static str,
    /// How it holds a number.
    pub holds: &'static str,
    /// What it depends on; nothing for a type of the language.
    pub dependency: Option<Dependency>,
    /// The adapter's text.
    pub adapter: &'static str,
}

/// A dependency without default features.
#[derive(Debug)]
pub struct Dependency {
    /// Its name in the registry.
    pub package: &'static str,
    /// The one version that is measured.
    pub version: &'static str,
    /// The features that it cannot do without.
    pub features: &'static [&'static str],
}

const fn dependency(package: &'static str, version: &'static str) -> Option<Dependency> {
    Some(Dependency {
        package,
        version,
        features: &[],
    })
}

pub const CONTENDERS: [Contender; 10] = [
    Contender {
        name: "f64",
        holds: "binary fraction",
        dependency: None,
        adapter: include_str!("contenders/f64.rs"),
    },
    Contender {
        name: "i64",
        holds: "count, 18 digits",
        dependency: None,
        adapter: include_str!("contenders/i64.rs"),
    },
    Contender {
        name: "i128",
        holds: "count, 38 digits",
        dependency: None,
        adapter: include_str!("contenders/i128.rs"),
    },
    Contender {
        name: "rust_decimal",
        holds: "decimal, 28 digits",
        dependency: dependency("rust_decimal", "1.43.0"),
        adapter: include_str!("contenders/rust_decimal.rs"),
    },
    Contender {
        name: "bigdecimal",
        holds: "decimal, any length",
        dependency: dependency("bigdecimal", "0.4.11"),
        adapter: include_str!("contenders/bigdecimal.rs"),
    },
    Contender {
        name: "dashu-float",
        holds: "decimal, any length",
        dependency: dependency("dashu-float", "0.6.2"),
        adapter: include_str!("contenders/dashu_float.rs"),
    },
    Contender {
        name: "num-bigint",
        holds: "count, any length",
        dependency: dependency("num-bigint", "0.5.1"),
        adapter: include_str!("contenders/num_bigint.rs"),
    },
    Contender {
        name: "fixed",
        holds: "binary fraction, 64.64 bits",
        dependency: dependency("fixed", "1.31.0"),
        adapter: include_str!("contenders/fixed.rs"),
    },
    Contender {
        name: "fixed",
        holds: "binary fraction, 64.64 bits",
        dependency: dependency("fixed", "2.0.0-alpha.28.0"),
        adapter: include_str!("contenders/fixed.rs"),
    },
    Contender {
        name: "rug",
        holds: "fraction of big integers",
        dependency: Some(Dependency {
            package: "rug",
            version: "1.30.0",
            features: &["rational"],
        }),
        adapter: include_str!("contenders/rug.rs"),
    },
];

impl Contender {
    /// The version, if it has one.
    pub fn version(&self) -> Option<&'static str> {
        self.dependency.as_ref().map(|d| d.version)
    }

    /// The generated package's name: no two contenders share it.
    pub fn package(&self) -> String {
        let version = self.version().unwrap_or("std");
        format!("measured-{}-{version}", self.name).replace(['.', '_'], "-")
    }

    /// The generated package's `Cargo.toml`.
    pub fn manifest(&self) -> String {
        let dependency = self.dependency.as_ref().map_or(String::new(), |d| {
            format!(
                "{} = {{ version = \"={}\", default-features = false, features = {:?} }}\n",
                d.package, d.version, d.features
            )
        });
        format!(
            "[package]\nname = \"{}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n\
             [lib]\ncrate-type = [\"cdylib\"]\n\n[dependencies]\n{dependency}",
            self.package()
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_contender_has_a_package_of_its_own_and_one_pinned_version() {
        let names: BTreeSet<String> = CONTENDERS.iter().map(Contender::package).collect();
        assert_eq!(names.len(), CONTENDERS.len(), "{names:?}");
        for contender in CONTENDERS {
            let manifest: toml::Table = contender.manifest().parse().unwrap();
            let dependencies = manifest["dependencies"].as_table().unwrap();
            assert_eq!(
                dependencies.len(),
                usize::from(contender.dependency.is_some())
            );
            for (name, dependency) in dependencies {
                let version = dependency["version"].as_str().unwrap();
                assert!(version.starts_with('='), "{name} {version}");
            }
        }
    }
}
