//! The crates of a zone: kata, solution, and the contract that both use.

use super::Check;
use crate::Zone;
use crate::scaffold::{Kind, shim};
use std::path::Path;
use toml::{Table, Value};

impl Check<'_> {
    /// The shims, the lib settings, the same dependencies, the contract.
    pub(super) fn crates(&mut self, zone: &Zone) {
        let mut dependencies = Vec::new();
        for (kind, dir) in [
            (Kind::Kata, zone.kata_dir()),
            (Kind::Solution, zone.solution_dir()),
        ] {
            let shim_path = dir.join("tests/spec.rs");
            let expected = shim(kind, &zone.slug);
            if self.text(&shim_path).is_some_and(|text| text != expected) {
                self.problem(
                    &shim_path,
                    format!("is not the shim, which reads:\n{expected}"),
                );
            }
            if !dir.join("src/lib.rs").is_file() {
                self.problem(dir.join("src/lib.rs"), "is missing");
            }
            let cargo_path = dir.join("Cargo.toml");
            let name = format!("{}-{}", kind.names().1, zone.slug);
            let Some(mut table) = self.manifest(&cargo_path, &name) else {
                continue;
            };
            let given = table
                .get_mut("dependencies")
                .and_then(Value::as_table_mut)
                .and_then(|dependencies| dependencies.remove("contract"));
            let expected = kind.contract(&zone.slug);
            if given.as_ref()
                != expected
                    .parse::<Table>()
                    .ok()
                    .as_ref()
                    .and_then(|t| t.get("contract"))
            {
                self.problem(&cargo_path, format!("has no dependency `{expected}`"));
            }
            dependencies.push((
                table.remove("dependencies"),
                table.remove("dev-dependencies"),
            ));
        }
        if let [kata, solution] = dependencies.as_slice()
            && kata != solution
        {
            let what =
                "has other dependencies than the solution's: a reader could not write the solution";
            self.problem(zone.kata_dir().join("Cargo.toml"), what);
        }
        self.contract(zone);
    }

    /// What is given stands in a crate of its own.
    fn contract(&mut self, zone: &Zone) {
        let cargo_path = zone.contract_dir().join("Cargo.toml");
        let name = format!("contract-{}", zone.slug);
        if let Some(table) = self.manifest(&cargo_path, &name) {
            let path = table.get("lib").and_then(|lib| lib.get("path"));
            if path.and_then(Value::as_str) != Some("contract.rs") {
                self.problem(&cargo_path, "`[lib] path = \"contract.rs\"` is missing");
            }
        }
        self.text(&zone.contract());
    }

    /// A `Cargo.toml`: its package has this name, and its lib is not tested.
    fn manifest(&mut self, path: &Path, name: &str) -> Option<Table> {
        let table = match self.text(path)?.parse::<Table>() {
            Ok(table) => table,
            Err(error) => {
                self.problem(path, error.to_string());
                return None;
            }
        };
        let actual = table.get("package").and_then(|p| p.get("name"));
        if actual.and_then(Value::as_str) != Some(name) {
            self.problem(path, format!("the package is not named `{name}`"));
        }
        for key in ["test", "doctest"] {
            let value = table.get("lib").and_then(|lib| lib.get(key));
            if value.and_then(Value::as_bool) != Some(false) {
                self.problem(path, format!("`[lib] {key} = false` is missing"));
            }
        }
        Some(table)
    }
}
