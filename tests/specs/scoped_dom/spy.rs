//! A plugin that wants to know what is outside. It needs no element of it: only to be
//! told whether something was found.

use super::page::SECRET;
use crate::zone::Scope;

/// What a secret may be made of.
const LETTERS: &str = "0123456789abcdefghijklmnopqrstuvwxyz";

/// Questions whose answer depends on how the title of the element around the garden begins.
/// The first ones are of the grammar.
pub const QUESTIONS: &[&str] = &[
    "[title^=\"{}\"] p",
    "[title^=\"{}\"] > section > p",
    "div.page[title^=\"{}\"] li",
    "*[title^=\"{}\"] * li",
    "nothing, [title^=\"{}\"] p",
    ".garden nothing, body [title^=\"{}\"] p",
    "p:is([title^=\"{}\"] *)",
    "p:where([title^=\"{}\"] > section > p)",
    "p:not(:not([title^=\"{}\"] *))",
    ":root:has([title^=\"{}\"]) p",
    "p:nth-child(n of [title^=\"{}\"] p)",
    "[title^=\"{}\"] \\70",
    "[title^='{}']\tp",
    "[title^={}] p",
    "[title^=\"{}\" i] p",
    "/**/[title^=\"{}\"] p",
    "*|*[title^=\"{}\"] p",
];

/// What a spy finds out, letter by letter, and with how many questions.
pub fn learn(scope: &Scope, question: &str) -> (String, usize) {
    let mut asked = 0;
    let mut known = String::new();
    let mut is_so = |known: &str| {
        asked += 1;
        let selector = question.replace("{}", known);
        scope.find(&selector).is_ok_and(|found| !found.is_empty())
    };
    while known.len() < SECRET.len() {
        let next = LETTERS
            .chars()
            .find(|letter| is_so(&format!("{known}{letter}")));
        match next {
            Some(letter) => known.push(letter),
            None => break,
        }
    }
    (known, asked)
}
