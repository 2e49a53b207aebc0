//! What is given, and what a `Scope` must keep to.
//!
//! A plugin may work in one part of the page. It has a `Scope` to ask, and nothing else
//! of the page. What it gets are handles, and it may keep them as long as it likes.
//!
//! - The scope's own element is the one that is [`marked`] when the scope is opened, and
//!   stays so: wherever the mark, that element or anything else moves.
//! - A handle is any JavaScript value of your choice, but none of the page's: whatever is
//!   got out of it leads to no node, be it a property, own or inherited, an item, or the answer
//!   of a function. The same element may have one handle or many. What the scope keeps must
//!   not grow when the same elements are found again and again.
//! - An element is inside if it is a descendant of the scope's element. That is asked at
//!   each use of a handle: while its element is outside, the handle is refused, and when the
//!   element has come back, it serves again.
//! - A selector is one of [`Selector`]'s grammar. It finds the [`ELEMENTS`] that it means, in
//!   the order of the document, and it sees the inside only: whatever its parts name must
//!   be inside, too. Neither the scope's own element nor what is around it counts.
//! - Read and written are [`ATTRIBUTES`], and text. Nothing is ever taken for HTML.
//! - To open, to find and to read leaves the page as it is, and so does whatever is refused. If
//!   there are several reasons to refuse, any will do.

use std::fmt;

use web_sys::Element;

/// The attribute that marks the part of the page in which a plugin may work.
pub const MARK: &str = "data-wasm-scope";

/// The first element of the document that carries the [`MARK`] now. Never a form: its
/// fields hide its functions, `contains` for instance, if that is a field's name.
pub fn marked() -> Option<Element> {
    let document = web_sys::window()?.document()?;
    let selector = format!("[{MARK}]:not(form)");
    document.query_selector(&selector).ok()?
}

/// Elements that a plugin can find, by their local names. What is not here is not found:
/// styles and scripts work on the whole page, frames hold other pages, and a form's fields
/// hide its functions. What such an element contains is found all the same.
pub const ELEMENTS: &[&str] = &[
    "a", "b", "code", "div", "em", "h2", "h3", "i", "li", "ol", "p", "pre", "section", "small",
    "span", "strong", "table", "tbody", "td", "th", "tr", "ul",
];

/// Attributes that a plugin may select by, read and write. All of these, and no others.
pub const ATTRIBUTES: &[&str] = &[
    "aria-label",
    "class",
    "dir",
    "hidden",
    "href",
    "lang",
    "title",
];

/// Where an `href` may lead, as the browser resolves it at the document's base: the
/// [`protocol`](web_sys::Url::protocol) of the result. What it cannot resolve leads nowhere.
/// No other base will do: `https:x` is a path below one of `https:`, and a server below one of
/// `http:`.
pub const SCHEMES: &[&str] = &["http:", "https:", "mailto:"];

/// What a plugin may do in its scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Find and read.
    Read,
    /// Find, read, and change.
    Write,
}

/// A change that a plugin asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change<'a> {
    /// This text takes the place of all that is in the element.
    Text(&'a str),
    /// This HTML takes the place of all that is in the element. No scope allows that.
    Html(&'a str),
    /// One of the [`ATTRIBUTES`] gets this value. An `href` leads to one of the [`SCHEMES`].
    Attribute {
        /// The attribute's name, spelled as in the list.
        name: &'a str,
        /// Its value.
        value: &'a str,
    },
}

/// Why a scope refuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// When the scope was to be opened, nothing was [`marked`].
    #[error("no element is marked as a scope")]
    NoScope,
    /// The selector is not of the grammar.
    #[error("this is no selector that a scope accepts")]
    Selector,
    /// This value is no handle that this scope has given out.
    #[error("this scope gave out no such handle")]
    Unknown,
    /// The handle's element is not in the scope now.
    #[error("the element has left the scope")]
    Outside,
    /// The scope is for reading.
    #[error("this scope is for reading")]
    ReadOnly,
    /// No scope allows this: HTML, another attribute, or an `href` that leads elsewhere.
    #[error("no scope allows this")]
    Forbidden,
}

/// A selector that is short, and that names elements by what they are: tag, id, class,
/// attribute, and which of them contains which.
///
/// ```text
/// selector   = compound *( combinator compound )        at most 256 bytes
/// combinator = 1*" " / *" " ">" *" "
/// compound   = ( "*" / name ) *part / 1*part
/// part       = "#" name / "." name / "[" attribute [ operator DQUOTE value DQUOTE ] "]"
/// name       = ASCII letter *( ASCII letter / digit / "-" / "_" )
/// attribute  = one of ATTRIBUTES
/// operator   = "=" / "~=" / "^=" / "$=" / "*="
/// value      = any characters but DQUOTE, "\" and control characters
/// ```
///
/// So there are no lists, no pseudo-classes, no siblings, no namespaces, no escapes, no
/// comments. All of it is CSS, with the same meaning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Selector(String);

impl Selector {
    /// The longest selector, in bytes.
    pub const LONGEST: usize = 256;

    /// Takes a text that is of the grammar from its first character to its last.
    ///
    /// # Errors
    /// [`Refused::Selector`] for any other.
    pub fn parse(text: &str) -> Result<Self, Refused> {
        match text.len() <= Self::LONGEST && is_selector(text) {
            true => Ok(Self(text.to_owned())),
            false => Err(Refused::Selector),
        }
    }
}

impl fmt::Display for Selector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn is_selector(text: &str) -> bool {
    match after_compound(text) {
        None => false,
        Some("") => true,
        Some(rest) => after_combinator(rest).is_some_and(is_selector),
    }
}

fn after_combinator(text: &str) -> Option<&str> {
    let next = text.trim_start_matches(' ');
    match next.strip_prefix('>') {
        Some(next) => Some(next.trim_start_matches(' ')),
        None => (next.len() < text.len()).then_some(next),
    }
}

/// What follows the compound that the text begins with. `None` if it begins with none.
fn after_compound(text: &str) -> Option<&str> {
    let mut rest = match text.strip_prefix('*') {
        Some(rest) => rest,
        None => after_name(text).unwrap_or(text),
    };
    loop {
        rest = match rest.chars().next() {
            Some('#' | '.') => after_name(&rest[1..])?,
            Some('[') => after_attribute(&rest[1..])?,
            _ => break,
        };
    }
    (rest.len() < text.len()).then_some(rest)
}

fn after_name(text: &str) -> Option<&str> {
    let end = text.find(|c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '_'));
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        .then(|| &text[end.unwrap_or(text.len())..])
}

fn after_attribute(text: &str) -> Option<&str> {
    let rest = after_name(text)?;
    if !ATTRIBUTES.contains(&&text[..text.len() - rest.len()]) {
        return None;
    }
    if let Some(rest) = rest.strip_prefix(']') {
        return Some(rest);
    }
    let operators = ["=", "~=", "^=", "$=", "*="];
    let rest = operators.iter().find_map(|op| rest.strip_prefix(op))?;
    let (value, rest) = rest.strip_prefix('"')?.split_once('"')?;
    if value.contains(|c: char| c == '\\' || c.is_control()) {
        return None;
    }
    rest.strip_prefix(']')
}
