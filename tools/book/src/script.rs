//! The page's modules as a reader's browser gets them: without the comments, which are a third of what they would load.
//!
//! Only whole lines are left out, so that no string or template is looked into, and no line that runs changes.

/// A module without the lines that hold nothing but a comment. Where it stands in the repository says so at the top.
pub(crate) fn without_comments(name: &str, module: &str) -> String {
    let mut lines = vec![format!("// With comments: theme/kata/{name}")];
    let mut in_block = false;
    for line in module.lines() {
        let text = line.trim();
        let is_comment = text.starts_with("/*") && (text.ends_with("*/") || !text.contains("*/"));
        if in_block || is_comment {
            in_block = !text.ends_with("*/");
        } else if !text.starts_with("//") {
            lines.push(line.to_owned());
        }
    }
    lines.push(String::new());
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_lines_of_comments_go() {
        let module = "// What.\n/**\n * @param {string} a\n */\nfunction f(a) {\n  /* why */\n  return \"// no comment\" + a; // kept\n}\n\
                      /** @type {any} */ (globalThis).f = f;\n";
        assert_eq!(
            without_comments("f.js", module),
            "// With comments: theme/kata/f.js\nfunction f(a) {\n  return \"// no comment\" + a; // kept\n}\n\
             /** @type {any} */ (globalThis).f = f;\n"
        );
    }
}
