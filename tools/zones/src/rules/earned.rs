//! Every rule is earned: some kata, attempt or edited solution turns it red.

use super::Check;
use crate::{Failure, Proofs, Zone};
use std::collections::BTreeSet;

impl Check<'_> {
    /// The proofs fit the solution, say nothing twice, and leave no test that nobody saw fail.
    pub(super) fn earned(&mut self, zone: &Zone) {
        let proofs = match zone.proofs() {
            Ok(proofs) => proofs,
            Err(error) => {
                self.problem(zone.proofs_file(), format!("{error:#}"));
                return;
            }
        };
        let Ok(tests) = zone.spec_tests() else {
            // Reported where the spec is checked.
            return;
        };
        let names: BTreeSet<&str> = tests.iter().map(|test| test.name.as_str()).collect();
        let attempts = zone.manifest.attempts.iter();
        let declared: Vec<&Failure> = (zone.manifest.fails.iter())
            .chain(attempts.flat_map(|attempt| &attempt.fails))
            .collect();
        self.edits(zone, &proofs, &declared, &names);

        let mut earned: BTreeSet<&str> = declared.iter().map(|f| f.test.as_str()).collect();
        let proved = proofs.proofs.iter().flat_map(|proof| &proof.fails);
        earned.extend(proved.map(|failure| failure.test.as_str()));
        for excused in &proofs.excused {
            let test = excused.test.as_str();
            if !names.contains(test) {
                self.no_such_test(zone, test);
            }
            if excused.reason.trim().is_empty() {
                self.problem(
                    zone.proofs_file(),
                    format!("excuses `{test}` without a reason"),
                );
            }
            if !earned.insert(test) {
                self.problem(
                    zone.proofs_file(),
                    format!("excuses `{test}`, which is seen to fail"),
                );
            }
        }
        for test in &tests {
            if !earned.contains(test.name.as_str()) {
                self.problem(
                    &test.file,
                    format!(
                        "`{}` is not earned: no kata and no attempt turns it red, and no edit in {} does",
                        test.name,
                        zone.display(&zone.proofs_file())
                    ),
                );
            }
        }
    }

    fn edits(
        &mut self,
        zone: &Zone,
        proofs: &Proofs,
        declared: &[&Failure],
        names: &BTreeSet<&str>,
    ) {
        let file = zone.proofs_file();
        // Withheld or missing: reported where the crates are checked.
        let solution = zone
            .solution_sources()
            .ok()
            .filter(|files| !files.is_empty());
        for proof in &proofs.proofs {
            if let Some(Err(what)) = solution.as_ref().map(|files| proof.apply(files)) {
                self.problem(&file, what);
            }
            if proof.fails.is_empty() {
                self.problem(&file, format!("{} fails no test", proof.name()));
            }
            for failure in &proof.fails {
                let test = failure.test.as_str();
                if !names.contains(test) {
                    self.no_such_test(zone, test);
                }
                if failure.words.trim().is_empty() {
                    self.problem(
                        &file,
                        format!("{} fails `{test}` without words", proof.name()),
                    );
                }
                if !failure.engines.is_empty() {
                    self.problem(
                        &file,
                        format!("{} names engines; a proof is judged on one", proof.name()),
                    );
                }
                if declared.contains(&failure) {
                    self.problem(
                        &file,
                        format!(
                            "{} proves what kata.toml declares already: `{test}` with the same words",
                            proof.name()
                        ),
                    );
                }
            }
        }
    }

    fn no_such_test(&mut self, zone: &Zone, test: &str) {
        self.problem(
            zone.proofs_file(),
            format!("names a test `{test}`, which the spec does not have"),
        );
    }
}
