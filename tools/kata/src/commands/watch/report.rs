//! What the reader is told: broken rules first, each with its reason.

use super::super::terminal::indented;
use kata_judge::{Outcome, Verdict};
use kata_zones::Zone;
use similar::TextDiff;
use std::time::Duration;

/// Broken rules that are told with their reasons. More would push the first one off the screen.
const TOLD: usize = 4;

/// Verdicts of all rules, as they are told.
pub fn of_verdicts(verdicts: &[Verdict], engine: &str, took: Duration) -> String {
    let passed = |v: &&Verdict| v.outcome == Outcome::Passed;
    let unjudged = |v: &&Verdict| v.outcome == Outcome::Unjudged;
    let broken: Vec<&Verdict> = verdicts
        .iter()
        .filter(|v| !passed(v) && !unjudged(v))
        .collect();
    let open: Vec<&Verdict> = verdicts.iter().filter(unjudged).collect();
    let mut text = String::new();
    for verdict in broken.iter().take(TOLD).chain(&open) {
        let how = match verdict.outcome {
            Outcome::Timeout => "came to no end",
            Outcome::LoadError => "did not load",
            Outcome::Unjudged => "could not be judged",
            Outcome::Failed | Outcome::Passed => "broken",
        };
        text.push_str(&format!(
            "✗ {} ({how})\n    {}\n",
            verdict.test,
            indented(&verdict.message)
        ));
        if let Some(location) = &verdict.location {
            text.push_str(&format!("    at {}\n", indented(location)));
        }
    }
    for verdict in broken.iter().skip(TOLD) {
        text.push_str(&format!("✗ {}\n", verdict.test));
    }
    let (all, held) = (verdicts.len(), verdicts.iter().filter(passed).count());
    let seconds = took.as_secs_f64();
    let count = match held == all {
        true => format!("All {all} rules hold"),
        false => format!("{} broken, {held} of {all} rules hold", broken.len()),
    };
    text + &format!("{count}: {engine}, {seconds:.2} s after the save was seen.\n")
}

/// What the reader has changed and the solution has not, or the other way round.
pub fn diff(zone: &Zone) -> std::io::Result<String> {
    let (own, solution) = (zone.kata_lib(), zone.solution_lib());
    let texts = (
        std::fs::read_to_string(&own)?,
        std::fs::read_to_string(&solution)?,
    );
    let diff = TextDiff::from_lines(&texts.0, &texts.1);
    let names = (
        zone.display(&own).to_string(),
        zone.display(&solution).to_string(),
    );
    let text = diff.unified_diff().header(&names.0, &names.1).to_string();
    Ok(match text.is_empty() {
        true => "Yours is the book's solution, to the letter.\n".to_owned(),
        false => text,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(test: &str, outcome: Outcome, message: &str) -> Verdict {
        Verdict {
            zone: "a-trap".into(),
            variant: "kata".into(),
            engine: "chromium".into(),
            test: test.into(),
            outcome,
            message: message.into(),
            ms: 1.0,
            location: None,
            stack: Vec::new(),
        }
    }

    #[test]
    fn broken_rules_come_first_and_what_holds_is_a_count() {
        let mut all = vec![verdict("held", Outcome::Passed, "")];
        for n in 0..6 {
            all.push(verdict(
                &format!("rule_{n}"),
                Outcome::Failed,
                &format!("reason {n}\x1b[2J"),
            ));
        }
        let text = of_verdicts(&all, "Chromium", Duration::from_millis(530));
        assert!(
            text.starts_with("✗ rule_0 (broken)\n    reason 0\\u{1b}[2J\n"),
            "{text}"
        );
        assert!(
            text.contains("✗ rule_5\n") && !text.contains("reason 5"),
            "{text}"
        );
        assert!(
            !text.contains("held (") && text.contains("6 broken, 1 of 7 rules hold"),
            "{text}"
        );
    }

    #[test]
    fn what_could_not_be_judged_does_not_hold() {
        let all = [
            verdict("open", Outcome::Unjudged, "there is no socket here"),
            verdict("held", Outcome::Passed, ""),
        ];
        let text = of_verdicts(&all, "Chromium", Duration::ZERO);
        assert!(
            text.contains("could not be judged") && text.contains("0 broken, 1 of 2"),
            "{text}"
        );
    }
}
