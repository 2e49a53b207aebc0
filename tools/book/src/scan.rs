//! A scanner over finished HTML pages that finds what a strict policy must name.
//!
//! mdBook's pages carry a few inline scripts and `style` attributes. The pages
//! come from a serializer, so tags are well formed; the scanner skips comments
//! and the contents of scripts and styles, and reads quoted attributes.

/// The inline parts of one page.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Inline {
    /// Contents of `<script>` elements without `src`.
    pub scripts: Vec<String>,
    /// Values of `style` attributes.
    pub styles: Vec<String>,
}

/// Collects a page's inline scripts and `style` attributes.
pub(crate) fn inline(page: &str) -> Inline {
    let mut found = Inline::default();
    let mut rest = page;
    while let Some(at) = rest.find('<') {
        rest = &rest[at..];
        if let Some(comment) = rest.strip_prefix("<!--") {
            rest = comment.split_once("-->").map_or("", |(_, after)| after);
            continue;
        }
        let Some(tag) = Tag::read(rest) else {
            rest = &rest[1..];
            continue;
        };
        rest = &rest[tag.length..];
        if let Some(style) = tag.attribute("style") {
            found.styles.push(unescape(style));
        }
        if tag.name.eq_ignore_ascii_case("script") || tag.name.eq_ignore_ascii_case("style") {
            let end = rest.find(&format!("</{}", tag.name)).unwrap_or(rest.len());
            let is_script = tag.name.eq_ignore_ascii_case("script");
            if is_script && tag.attribute("src").is_none() {
                found.scripts.push(rest[..end].to_owned());
            }
            rest = &rest[end..];
        }
    }
    found
}

/// Collects the `style` attributes that a script sets as text, which a policy
/// treats like those in a page.
pub(crate) fn styles_set_by_script(script: &str) -> Vec<String> {
    let mut found = Vec::new();
    for quote in ['\'', '"'] {
        let call = format!("setAttribute({quote}style{quote}, {quote}");
        for (at, _) in script.match_indices(&call) {
            if let Some((style, _)) = script[at + call.len()..].split_once(quote) {
                found.push(style.to_owned());
            }
        }
    }
    found
}

/// One start tag.
struct Tag<'a> {
    name: &'a str,
    attributes: Vec<(&'a str, &'a str)>,
    length: usize,
}

impl<'a> Tag<'a> {
    /// Reads the start tag that `text` begins with, if it does.
    fn read(text: &'a str) -> Option<Self> {
        let is_name = |c: char| c.is_ascii_alphanumeric() || c == '-';
        let after = text.strip_prefix('<')?;
        if !after.starts_with(|c: char| c.is_ascii_alphabetic()) {
            return None;
        }
        let (name, mut rest) = after.split_at(after.find(|c| !is_name(c))?);
        let mut attributes = Vec::new();
        loop {
            rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '/');
            if let Some(done) = rest.strip_prefix('>') {
                return Some(Tag {
                    name,
                    attributes,
                    length: text.len() - done.len(),
                });
            }
            let end = rest.find(|c: char| c.is_whitespace() || matches!(c, '=' | '>' | '/'))?;
            let (key, after_key) = rest.split_at(end.max(1).min(rest.len()));
            rest = after_key;
            let Some(value) = rest.trim_start().strip_prefix('=') else {
                attributes.push((key, ""));
                continue;
            };
            let value = value.trim_start();
            let quote = value.chars().next()?;
            let (value, after_value) = if matches!(quote, '"' | '\'') {
                value[1..].split_once(quote)?
            } else {
                value.split_at(value.find(|c: char| c.is_whitespace() || c == '>')?)
            };
            attributes.push((key, value));
            rest = after_value;
        }
    }

    fn attribute(&self, name: &str) -> Option<&'a str> {
        let found = self
            .attributes
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name));
        found.map(|(_, value)| *value)
    }
}

/// Undoes the escapes that mdBook's serializer writes into attributes.
fn unescape(value: &str) -> String {
    value
        .replace("&quot;", "\"")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&nbsp;", "\u{a0}")
        .replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inline_scripts_and_styles_are_found() {
        let page = concat!(
            "<!DOCTYPE HTML><html><head><script src=\"a.js\"></script>",
            "<!-- <script>no()</script> -->",
            "<script>\n if (a < b) { \"<i style='x'>\" }\n</script></head>",
            "<body><td style=\"text-align: right\" class=x>1 < 2</td>",
            "<p data-x='<b style=\"no\">'>&lt;script&gt;no&lt;/script&gt;</p>",
            "<div style='clear: both'></div><input disabled style=\"a: &quot;b&quot;\"/></body>"
        );
        assert_eq!(
            inline(page),
            Inline {
                scripts: vec!["\n if (a < b) { \"<i style='x'>\" }\n".into()],
                styles: vec![
                    "text-align: right".into(),
                    "clear: both".into(),
                    "a: \"b\"".into()
                ],
            }
        );
    }

    #[test]
    fn a_page_that_ends_in_the_middle_ends_the_scan() {
        for page in [
            "<",
            "<p",
            "<p class",
            "<p class=",
            "<p class=\"x",
            "<!--",
            "<script>x",
        ] {
            inline(page);
        }
        assert_eq!(inline("<script>x").scripts, ["x"]);
    }

    #[test]
    fn styles_that_a_script_sets_are_found() {
        let script = "t.setAttribute('style', 'a: b;'); t.setAttribute('id', 'x'); u.setAttribute(\"style\", \"c\")";
        assert_eq!(styles_set_by_script(script), ["a: b;", "c"]);
    }
}
