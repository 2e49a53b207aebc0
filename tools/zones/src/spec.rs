//! The tests that a spec declares, read from its text.

/// One `#[wasm_bindgen_test]` of a spec.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpecTest {
    /// The function's name.
    pub name: String,
    /// Its doc comment, joined to one line: the rule that the test pins down.
    pub doc: String,
    /// The line of the `fn`, counted from 1.
    pub line: usize,
    /// The function's text, from its doc comment to its closing brace.
    pub text: String,
}

/// Finds the tests of a spec in order.
///
/// Specs are formatted by rustfmt, so attributes, doc comments and the closing
/// brace of a function in the file's root each stand at the start of a line.
pub(crate) fn tests(spec: &str) -> Vec<SpecTest> {
    let lines: Vec<&str> = spec.lines().collect();
    let mut found = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        if !line.starts_with("#[wasm_bindgen_test") {
            continue;
        }
        let is_head = |l: &&str| l.starts_with("///") || l.starts_with("#[");
        let above = lines[..at].iter().rev().take_while(|l| is_head(l)).count();
        let below = lines[at..].iter().take_while(|l| is_head(l)).count();
        let head = at + below;
        let Some(name) = lines.get(head).and_then(|l| function_name(l)) else {
            continue;
        };
        let doc = lines[at - above..head]
            .iter()
            .filter_map(|l| l.strip_prefix("///"))
            .map(str::trim)
            .collect::<Vec<_>>()
            .join(" ");
        let end = lines[head..]
            .iter()
            .position(|l| *l == "}" || l.ends_with("{}"))
            .map_or(head, |n| head + n);
        found.push(SpecTest {
            name: name.to_owned(),
            doc,
            line: head + 1,
            text: lines[at - above..=end].join("\n"),
        });
    }
    found
}

fn function_name(line: &str) -> Option<&str> {
    let rest = line.strip_prefix("async ").unwrap_or(line);
    rest.strip_prefix("fn ")?.split('(').next()
}

#[cfg(test)]
mod tests {
    #[test]
    fn tests_are_found_with_their_rules_and_text() {
        let spec = "//! Spec.\n\n/// One rule\n/// on two lines.\n#[wasm_bindgen_test]\nfn first() {\n    body();\n}\n\n#[wasm_bindgen_test]\n#[ignore]\nasync fn second() {}\n\nfn helper() {}\n";
        let tests = super::tests(spec);
        let names: Vec<_> = tests.iter().map(|t| t.name.as_str()).collect();
        assert_eq!(names, ["first", "second"]);
        assert_eq!(tests[0].doc, "One rule on two lines.");
        assert_eq!(tests[0].line, 6);
        assert!(tests[0].text.starts_with("/// One rule"));
        assert!(tests[0].text.ends_with("body();\n}"));
        assert_eq!(tests[1].line, 12);
    }
}
