//! Words of strangers on a terminal.

/// The words as an indented block. What a terminal would obey (colours, the cursor, a return to the
/// line's start) is shown instead: a kata must not write over its own verdict.
pub fn indented(words: &str) -> String {
    let mut shown = String::with_capacity(words.len());
    for character in words.chars() {
        match character {
            '\n' => shown.push_str("\n    "),
            '\t' => shown.push('\t'),
            // Also the ways to turn the direction of text around.
            c if c.is_control()
                || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}') =>
            {
                shown.extend(c.escape_unicode());
            }
            c => shown.push(c),
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_stay_indented() {
        assert_eq!(indented("one\n\ttwo"), "one\n    \ttwo");
        assert_eq!(indented("größer ≥ 2 \u{1f980}"), "größer ≥ 2 \u{1f980}");
    }

    #[test]
    fn what_a_terminal_would_obey_is_shown() {
        assert_eq!(
            indented("\rchromium  passed \x1b[2K\u{9b}1A\u{202e}"),
            "\\u{d}chromium  passed \\u{1b}[2K\\u{9b}1A\\u{202e}"
        );
    }
}
