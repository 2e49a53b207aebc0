//! Writing HTML that survives being pasted into Markdown.
//!
//! A panel is inserted into a chapter as one HTML block. Markdown ends such a
//! block at the first blank line, and mdBook's `links` preprocessor looks for
//! `{{#` everywhere. So line ends and that sequence leave here as character
//! references, which every HTML parser turns back.

use mdbook_markdown::pulldown_cmark::{Event, Tag, TagEnd, html};
use mdbook_markdown::{MarkdownOptions, new_cmark_parser};

/// Escapes text for an element or a quoted attribute.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + text.len() / 8);
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            _ => escaped.push(character),
        }
    }
    one_line(&escaped)
}

/// Replaces what Markdown or mdBook would trip over in HTML that is already
/// escaped.
fn one_line(html: &str) -> String {
    html.replace("\r\n", "\n")
        .replace('\n', "&#10;")
        .replace("{{#", "{&#123;#")
}

/// Renders Markdown as blocks.
pub(crate) fn markdown(text: &str) -> String {
    let mut rendered = String::new();
    html::push_html(&mut rendered, new_cmark_parser(text, &options()));
    one_line(rendered.trim())
}

/// Renders Markdown as one run of text, for a title, a question or a summary.
pub(crate) fn inline_markdown(text: &str) -> String {
    let events = new_cmark_parser(text, &options()).filter(|event| {
        !matches!(
            event,
            Event::Start(Tag::Paragraph) | Event::End(TagEnd::Paragraph)
        )
    });
    let mut rendered = String::new();
    html::push_html(&mut rendered, events);
    one_line(rendered.trim())
}

fn options() -> MarkdownOptions {
    MarkdownOptions::default()
}

/// What a Rust name cannot spell: it has small letters only, and no apostrophe.
const SPELLINGS: [(&str, &str); 7] = [
    ("ieee", "IEEE"),
    ("javascript", "JavaScript"),
    ("nan", "NaN"),
    ("neumaiers", "Neumaier's"),
    ("nist", "NIST"),
    ("simd", "SIMD"),
    ("x86", "x86"),
];

/// A Rust name as the sentence that it is: `every_nan_survives_64_allocations`
/// becomes "Every NaN survives 64 allocations".
pub(crate) fn sentence(name: &str) -> String {
    let mut words = Vec::new();
    for word in name.split('_').filter(|word| !word.is_empty()) {
        let spelling = SPELLINGS.iter().find(|(plain, _)| *plain == word);
        words.push(match spelling {
            Some((_, spelled)) => (*spelled).to_owned(),
            None if words.is_empty() => capitalized(word),
            None => word.to_owned(),
        });
    }
    words.join(" ")
}

fn capitalized(word: &str) -> String {
    let mut characters = word.chars();
    let first = characters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(characters).collect()
}

/// A Rust name as inline HTML for a Markdown text: a line may break after each underscore, and
/// no underscore means emphasis. A phone would break it in the middle of a word.
pub(crate) fn breakable(name: &str) -> String {
    name.replace('_', "\\_<wbr>")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escaped_code_stays_one_html_block() {
        let code = "let a = \"<b>\";\n\n// {{#include x}} & 'y'\n";
        let escaped = escape(code);
        assert!(
            !escaped.contains('\n'),
            "a blank line would end the HTML block: {escaped}"
        );
        assert!(
            !escaped.contains("{{#"),
            "mdBook would read a directive: {escaped}"
        );
        assert_eq!(
            escaped,
            "let a = &quot;&lt;b&gt;&quot;;&#10;&#10;// {&#123;#include x}} &amp; &#39;y&#39;&#10;"
        );
    }

    #[test]
    fn markdown_is_rendered_without_line_ends() {
        assert_eq!(
            markdown("One `a`.\n\n```rust\nx\n\ny\n```"),
            "<p>One <code>a</code>.</p>&#10;<pre><code class=\"language-rust\">x&#10;&#10;y&#10;</code></pre>"
        );
        assert_eq!(
            inline_markdown("`byteLength` is *0*"),
            "<code>byteLength</code> is <em>0</em>"
        );
    }

    #[test]
    fn a_name_breaks_after_its_underscores_only() {
        assert_eq!(
            inline_markdown(&format!(
                "[<code>{}</code>](#x)",
                breakable("a_view_of_one")
            )),
            "<a href=\"#x\"><code>a_<wbr>view_<wbr>of_<wbr>one</code></a>"
        );
    }

    #[test]
    fn names_read_as_sentences() {
        assert_eq!(
            sentence("bytes_survive_64_allocations"),
            "Bytes survive 64 allocations"
        );
        assert_eq!(sentence("nan_is_no_ieee_nano"), "NaN is no IEEE nano");
        assert_eq!(sentence("_two__places_"), "Two places");
        assert_eq!(sentence(""), "");
    }
}
