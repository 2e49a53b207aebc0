//! A wrong attempt as a difference to the kata.

use crate::html::escape;
use similar::{ChangeTag, TextDiff};

/// Lines of context around a change.
const CONTEXT: usize = 3;

/// What changed, in words: "6 lines added, 2 removed".
pub(super) fn summary(old: &str, new: &str) -> String {
    let diff = TextDiff::from_lines(old, new);
    let lines = |tag| {
        diff.iter_all_changes()
            .filter(|change| change.tag() == tag)
            .count()
    };
    let (added, removed) = (lines(ChangeTag::Insert), lines(ChangeTag::Delete));
    format!(
        "{} added, {removed} removed",
        super::count(added, "line", "lines")
    )
}

/// The unified difference as code. Added and removed lines are `<ins>` and
/// `<del>`, which say so to a screen reader; the stylesheet adds sign and colour.
/// highlight.js keeps these elements when it colours the code.
pub(super) fn code(old: &str, new: &str) -> String {
    let diff = TextDiff::from_lines(old, new);
    let mut lines = String::new();
    for (index, group) in diff.grouped_ops(CONTEXT).iter().enumerate() {
        if index > 0 {
            lines.push_str("<span class=\"kata-gap\">&#8943;</span>&#10;");
        }
        for change in group.iter().flat_map(|op| diff.iter_changes(op)) {
            let text = escape(change.value().trim_end_matches(['\n', '\r']));
            lines.push_str(&match change.tag() {
                ChangeTag::Equal => format!("<span class=\"kata-same\">{text}</span>"),
                ChangeTag::Delete => format!("<del>{text}</del>"),
                ChangeTag::Insert => format!("<ins>{text}</ins>"),
            });
            lines.push_str("&#10;");
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    const OLD: &str = "a\nb\nc\nd\ne\nf\ng\nh\ni\nj\nk\nl\n";

    #[test]
    fn far_changes_are_apart_and_every_line_is_marked() {
        let new = OLD.replace("b\n", "B <x>\n").replace("k\n", "");
        let html = code(OLD, &new);
        assert_eq!(
            html.replace("&#10;", "\n"),
            "<span class=\"kata-same\">a</span>\n<del>b</del>\n<ins>B &lt;x&gt;</ins>\n\
             <span class=\"kata-same\">c</span>\n<span class=\"kata-same\">d</span>\n<span class=\"kata-same\">e</span>\n\
             <span class=\"kata-gap\">&#8943;</span>\n\
             <span class=\"kata-same\">h</span>\n<span class=\"kata-same\">i</span>\n<span class=\"kata-same\">j</span>\n\
             <del>k</del>\n<span class=\"kata-same\">l</span>\n"
        );
        assert_eq!(summary(OLD, &new), "1 line added, 2 removed");
    }
}
