//! Lets the book's search find Rust names, and show them.
//!
//! mdBook indexes what stands between blanks: `Rc::strong_count(&rc)` is one
//! word, which only a search for its beginning finds. Here the index is made
//! once more from the same texts, with every name that such a word holds. What
//! the reader sees of a hit comes from the texts, which gain nothing. They lose
//! what a reader who searches can never see.

use anyhow::{Context, bail};
use elasticlunr::{Index, IndexBuilder};
use serde_json::Value;
use std::fs;
use std::path::Path;

/// What mdBook writes around the index, as a JavaScript string in single quotes.
const BEFORE: &str = "window.search = Object.assign(window.search, JSON.parse('";
const AFTER: &str = "'));";

/// mdBook's limit. Longer words are data.
const LONGEST: usize = 80;

/// How mdBook's script looks for a hit in a text to show it: only where a word begins.
const LOOK: &str = "elasticlunr.stemmer(word).startsWith(";
const LOOK_INSIDE: &str = "elasticlunr.stemmer(word).includes(";

/// How what stands only where no script runs begins and ends; there, no search runs either.
const UNSEEN: [(&str, &str); 2] = [
    (
        "Without JavaScript nothing runs on this page.",
        "cargo kata serve runs everything.",
    ),
    ("Where the page's scripts do not run, nothing is ", "."),
];

/// Changes one of mdBook's scripts for search; any other script stays as it is.
pub(crate) fn find_names(script: &Path) -> anyhow::Result<()> {
    let name = script.file_name().unwrap_or_default().to_string_lossy();
    let change = match name.split(['-', '.']).next() {
        _ if !name.ends_with(".js") => return Ok(()),
        Some("searchindex") => widened,
        Some("searcher") => looking_inside,
        _ => return Ok(()),
    };
    let place = || format!("widening the search in {}", script.display());
    let text = fs::read_to_string(script).with_context(place)?;
    let text = change(&text).with_context(place)?;
    fs::write(script, text).with_context(place)
}

fn looking_inside(script: &str) -> anyhow::Result<String> {
    if !script.contains(LOOK) {
        bail!("mdBook looks for a hit in another way than `{LOOK}`");
    }
    Ok(script.replacen(LOOK, LOOK_INSIDE, 1))
}

fn widened(script: &str) -> anyhow::Result<String> {
    let quoted = script
        .strip_prefix(BEFORE)
        .and_then(|rest| rest.strip_suffix(AFTER))
        .context("mdBook writes its index in another way")?;
    let json = quoted.replace("\\'", "'").replace("\\\\", "\\");
    let mut search: Value = serde_json::from_str(&json).context("reading the index")?;
    let index = rebuilt(&search["index"])?;
    search["index"] = serde_json::to_value(&index).context("writing the index")?;
    let json = search
        .to_string()
        .replace('\\', "\\\\")
        .replace('\'', "\\'");
    Ok(format!("{BEFORE}{json}{AFTER}"))
}

/// The same documents, indexed by [`words`].
fn rebuilt(old: &Value) -> anyhow::Result<Index> {
    let strings = |value: &Value| -> Option<Vec<String>> {
        let all = value.as_array()?.iter();
        all.map(|one| one.as_str().map(str::to_owned)).collect()
    };
    let fields = strings(&old["fields"]).context("the index has no fields")?;
    let docs = &old["documentStore"]["docs"];
    let Some(docs) = docs.as_object().filter(|docs| !docs.is_empty()) else {
        bail!("the index has no documents");
    };
    let builder = fields.iter().fold(IndexBuilder::new(), |builder, field| {
        builder.add_field_with_tokenizer(field, Box::new(words))
    });
    let mut index = builder.build();
    for (id, doc) in docs {
        let text = |field: &String| whole_names(&seen(doc[field].as_str().unwrap_or_default()));
        index.add_doc(id, fields.iter().map(text));
    }
    Ok(index)
}

/// A text without what is [`UNSEEN`].
fn seen(text: &str) -> String {
    let mut seen = text.to_owned();
    for (begins, ends) in UNSEEN {
        while let Some(at) = seen.find(begins)
            && let Some(length) = seen[at + begins.len()..].find(ends)
        {
            seen.replace_range(at..at + begins.len() + length + ends.len(), "");
        }
    }
    seen
}

/// A name that may break after each underscore (`<wbr>`) has blanks there in mdBook's texts.
fn whole_names(text: &str) -> String {
    let mut whole = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("_ ") {
        let is_name =
            before.ends_with(char::is_alphanumeric) && after.starts_with(char::is_alphanumeric);
        whole.push_str(before);
        whole.push_str(if is_name { "_" } else { "_ " });
        rest = after;
    }
    whole + rest
}

/// The words of a text as mdBook finds them, and after each the names in it.
fn words(text: &str) -> Vec<String> {
    text.split(|c: char| c.is_whitespace() || c == '-')
        .filter(|word| !word.is_empty())
        .flat_map(|word| std::iter::once(word).chain(names(word)))
        .flat_map(|word| std::iter::once(word.to_lowercase()).chain(as_typed(word)))
        .filter(|word| word.len() <= LONGEST)
        .collect()
}

/// A word with an apostrophe as keyboards have it; mdBook prints a curly one.
fn as_typed(word: &str) -> Option<String> {
    word.contains('’')
        .then(|| word.replace('’', "'").to_lowercase())
}

/// Every name in a word but its first, with what belongs to it: after `Rc::` comes
/// `strong_count`, and in it `count`. The search finds what begins as the reader writes it.
fn names(word: &str) -> impl Iterator<Item = &str> {
    let in_name = |c: char| c.is_alphanumeric() || c == '_';
    let in_path = move |c: char| in_name(c) || c == ':' || c == '.';
    let characters = word.char_indices().zip(word.chars().skip(1));
    characters.filter_map(move |((at, before), first)| {
        let begins = first.is_alphabetic()
            && (!before.is_alphanumeric() || before.is_lowercase() && first.is_uppercase());
        let rest = &word[at + before.len_utf8()..];
        let end = rest.find(|c| !in_path(c)).unwrap_or(rest.len());
        let name = rest[..end].trim_end_matches([':', '.']);
        (begins && name.len() > 1).then_some(name)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_holds_names() {
        assert_eq!(
            words("(`std::rc::Rc::strong_count(&rc)`, two-fold 1_000_000"),
            [
                "(`std::rc::rc::strong_count(&rc)`,",
                "std::rc::rc::strong_count",
                "rc::rc::strong_count",
                "rc::strong_count",
                "strong_count",
                "count",
                "rc",
                "two",
                "fold",
                "1_000_000",
            ]
        );
        assert_eq!(
            words("JsValue::NULL."),
            ["jsvalue::null.", "value::null", "null"]
        );
        assert_eq!(words("größer→Über"), ["größer→über", "über"]);
        assert_eq!(words("can’t"), ["can’t", "can't"]);
    }

    #[test]
    fn what_is_shown_of_a_hit_stays_as_it_is() {
        let json = r#"{"doc_urls":["a.html"],"index":{"fields":["body"],"documentStore":
            {"docs":{"0":{"id":"0","body":"It\\s Rc::strong_count's \"n\""}}}}}"#;
        let quoted = json.replace('\\', "\\\\").replace('\'', "\\'");
        let script = widened(&format!("{BEFORE}{quoted}{AFTER}")).unwrap();
        let quoted = &script[BEFORE.len()..script.len() - AFTER.len()];
        let json = quoted.replace("\\'", "'").replace("\\\\", "\\");
        let search: Value = serde_json::from_str(&json).unwrap();
        let body = &search["index"]["documentStore"]["docs"]["0"]["body"];
        assert_eq!(body, "It\\s Rc::strong_count's \"n\"");
        let mut node = &search["index"]["index"]["body"]["root"];
        for letter in "strong_count".chars() {
            node = &node[letter.to_string()];
        }
        assert_eq!(node["df"], 1, "the name is a word of the index");
    }

    #[test]
    fn names_that_may_break_are_whole() {
        assert_eq!(
            whole_names("events_ arrive_ late; let _ = x_ ;"),
            "events_arrive_late; let _ = x_ ;"
        );
    }

    #[test]
    fn what_mdbook_writes_in_another_way_is_an_error() {
        assert!(looking_inside("word.startsWith(x)").is_err());
        assert!(widened("export default {};").is_err());
        assert!(widened(&format!("{BEFORE}{{}}{AFTER}")).is_err());
    }
}
