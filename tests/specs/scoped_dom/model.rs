//! A random page that keeps books: what each element contains, and what a selector means,
//! worked out without the engine.

use contract::{Change, ELEMENTS, MARK, Refused};
use wasm_bindgen::prelude::*;
use web_sys::Element;

use super::{
    page::{element, empty, unmark},
    random::Random,
};
use crate::zone::Scope;

/// The last two are not among the elements that a plugin finds.
const TAGS: [&str; 6] = ["p", "div", "span", "li", "aside", "form"];

const CLASSES: [&str; 3] = ["red", "green", "blue"];
const TITLES: [&str; 4] = ["a", "ab", "b", "ba"];

/// The index of the element that contains everything, and of the scope's.
const AROUND: usize = 0;
const ROOT: usize = 1;

/// A handle, and the index of its element.
pub type Held = Vec<(JsValue, usize)>;

pub struct Tree {
    nodes: Vec<Node>,
    changes: usize,
}

/// An element as it should be.
struct Node {
    element: Element,
    tag: &'static str,
    class: &'static str,
    title: &'static str,
    /// The text in front of its children. No two elements have the same.
    own: String,
    parent: Option<usize>,
    children: Vec<usize>,
}

/// One step of a selector.
struct Part {
    child: bool,
    tag: Option<&'static str>,
    class: Option<&'static str>,
    title: Option<(&'static str, &'static str)>,
}

impl Tree {
    /// A tree of so many elements in the document. The second one is marked.
    pub fn grow(random: &mut Random, size: usize) -> Self {
        let mut tree = Self {
            nodes: Vec::new(),
            changes: 0,
        };
        for index in 0..size {
            let tag = match index {
                AROUND | ROOT => "div",
                _ => TAGS[random.below(TAGS.len())],
            };
            let element = if index == AROUND {
                empty()
            } else {
                element(tag)
            };
            let own = format!("{index}. ");
            element.set_text_content(Some(&own));
            tree.nodes.push(Node {
                element,
                tag,
                class: "",
                title: "",
                own,
                parent: None,
                children: Vec::new(),
            });
            tree.dress(index, CLASSES[random.below(3)], TITLES[random.below(4)]);
            match index {
                AROUND => {}
                ROOT => tree.put(ROOT, Some(AROUND)),
                // Half of them are outside at first.
                _ if index % 2 == 0 => {
                    let below = random.below(index);
                    tree.put(index, Some(below));
                }
                _ => tree.put(index, Some(ROOT)),
            }
        }
        tree.nodes[ROOT].element.set_attribute(MARK, "").unwrap();
        tree
    }

    /// The plugin looks for something, and keeps what it finds.
    pub fn find_some(
        &self,
        scope: &Scope,
        random: &mut Random,
        held: &mut Held,
    ) -> Result<(), String> {
        let parts = selector(random);
        let selector = text_of(&parts);
        let expected = self.meant(&parts);
        let handles = scope.find(&selector).map_err(|refused| {
            format!("`{selector}` is of the grammar and was answered {refused:?}")
        })?;
        let texts: Vec<_> = handles.iter().map(|handle| scope.text(handle)).collect();
        let right: Vec<_> = expected.iter().map(|&index| Ok(self.text(index))).collect();
        if texts != right {
            return Err(format!(
                "`{selector}` found elements with the texts {texts:?}. Inside, it means those with {right:?}."
            ));
        }
        held.extend(handles.into_iter().zip(expected));
        Ok(())
    }

    /// The plugin uses a handle that it has.
    pub fn use_some(
        &mut self,
        scope: &Scope,
        random: &mut Random,
        held: &Held,
    ) -> Result<(), String> {
        if held.is_empty() {
            return Ok(());
        }
        let (handle, index) = &held[random.below(held.len())];
        let index = *index;
        let inside = self.is_inside(index);
        let (what, right) = match random.below(4) {
            0 => {
                let answer = scope.text(handle);
                let right = if inside {
                    Ok(self.text(index))
                } else {
                    Err(Refused::Outside)
                };
                (format!("`text` answered {answer:?}"), answer == right)
            }
            1 => {
                let answer = scope.attribute(handle, "title");
                let title = self.nodes[index].title.to_owned();
                let right = if inside {
                    Ok(Some(title))
                } else {
                    Err(Refused::Outside)
                };
                (format!("`attribute` answered {answer:?}"), answer == right)
            }
            2 => {
                self.changes += 1;
                let text = format!("{index}, changed {}. ", self.changes);
                let answer = scope.change(handle, Change::Text(&text));
                if inside {
                    for child in std::mem::take(&mut self.nodes[index].children) {
                        self.nodes[child].parent = None;
                    }
                    self.nodes[index].own = text;
                }
                (
                    format!("`change` of the text answered {answer:?}"),
                    answer.is_ok() == inside,
                )
            }
            _ => {
                let value = CLASSES[random.below(3)];
                let answer = scope.change(
                    handle,
                    Change::Attribute {
                        name: "class",
                        value,
                    },
                );
                if inside {
                    self.nodes[index].class = value;
                }
                (
                    format!("`change` of the class answered {answer:?}"),
                    answer.is_ok() == inside,
                )
            }
        };
        let place = if inside { "inside" } else { "outside" };
        match self.is_as_it_should(index) {
            true if right => Ok(()),
            as_it_should => Err(format!(
                "a plugin used a handle to element {index}, which is {place} now: {what}. After that, the \
                 element {} as it should be.",
                if as_it_should { "is" } else { "is not" }
            )),
        }
    }

    /// The page moves an element elsewhere, or takes it out.
    pub fn move_some(&mut self, random: &mut Random) -> Result<(), String> {
        let index = 1 + random.below(self.nodes.len() - 1);
        let target = random.below(self.nodes.len());
        let within =
            std::iter::successors(Some(target), |&at| self.nodes[at].parent).any(|at| at == index);
        match random.below(6) {
            0 => self.put(index, None),
            _ if !within => self.put(index, Some(target)),
            _ => {}
        }
        Ok(())
    }

    /// The mark goes to another element.
    pub fn move_the_mark(&self, random: &mut Random) -> Result<(), String> {
        unmark();
        let index = random.below(self.nodes.len());
        self.nodes[index].element.set_attribute(MARK, "").unwrap();
        Ok(())
    }

    /// The first element that is not as it should be.
    pub fn difference(&self) -> Option<String> {
        let index = (0..self.nodes.len()).find(|&index| !self.is_as_it_should(index))?;
        Some(format!("element {index}"))
    }

    fn is_as_it_should(&self, index: usize) -> bool {
        let node = &self.nodes[index];
        let parent = node.parent.map(|parent| &self.nodes[parent].element);
        let own = node
            .element
            .first_child()
            .and_then(|text| text.text_content());
        let is_parent = index == AROUND || node.element.parent_element().as_ref() == parent;
        own.as_ref() == Some(&node.own) && node.element.class_name() == node.class && is_parent
    }

    fn dress(&mut self, index: usize, class: &'static str, title: &'static str) {
        let node = &mut self.nodes[index];
        (node.class, node.title) = (class, title);
        node.element.set_class_name(class);
        node.element.set_attribute("title", title).unwrap();
    }

    fn put(&mut self, index: usize, target: Option<usize>) {
        if let Some(parent) = self.nodes[index].parent {
            self.nodes[parent].children.retain(|&child| child != index);
        }
        self.nodes[index].parent = target;
        match target {
            None => self.nodes[index].element.remove(),
            Some(parent) => {
                let element = &self.nodes[index].element;
                self.nodes[parent].element.append_child(element).unwrap();
                self.nodes[parent].children.push(index);
            }
        }
    }

    fn text(&self, index: usize) -> String {
        let node = &self.nodes[index];
        let children = node.children.iter().map(|&child| self.text(child));
        std::iter::once(node.own.clone()).chain(children).collect()
    }

    fn is_inside(&self, index: usize) -> bool {
        std::iter::successors(self.nodes[index].parent, |&at| self.nodes[at].parent)
            .any(|at| at == ROOT)
    }

    /// What a selector means inside, in the order of the document.
    fn meant(&self, parts: &[Part]) -> Vec<usize> {
        let mut meant = Vec::new();
        let mut waiting: Vec<usize> = self.nodes[ROOT].children.iter().rev().copied().collect();
        while let Some(index) = waiting.pop() {
            if ELEMENTS.contains(&self.nodes[index].tag) && self.matches(index, parts) {
                meant.push(index);
            }
            waiting.extend(self.nodes[index].children.iter().rev());
        }
        meant
    }

    fn matches(&self, index: usize, parts: &[Part]) -> bool {
        let Some((part, before)) = parts.split_last() else {
            return true;
        };
        let node = &self.nodes[index];
        let fits = part.tag.is_none_or(|tag| tag == "*" || tag == node.tag)
            && part.class.is_none_or(|class| class == node.class)
            && part.title.is_none_or(|(operator, value)| match operator {
                "=" => node.title == value,
                _ => node.title.starts_with(value),
            });
        if !fits || before.is_empty() {
            return fits;
        }
        let mut above = std::iter::successors(node.parent, |&at| self.nodes[at].parent)
            .take_while(|&at| at != ROOT);
        match part.child {
            true => above.next().is_some_and(|at| self.matches(at, before)),
            false => above.any(|at| self.matches(at, before)),
        }
    }
}

/// A random selector of one to three steps.
fn selector(random: &mut Random) -> Vec<Part> {
    let step = |random: &mut Random| {
        let mut part = Part {
            child: random.below(3) == 0,
            tag: None,
            class: (random.below(3) == 0).then(|| CLASSES[random.below(3)]),
            title: (random.below(4) == 0)
                .then(|| (["=", "^="][random.below(2)], TITLES[random.below(4)])),
        };
        part.tag = match random.below(3) {
            0 => Some(TAGS[random.below(TAGS.len())]),
            1 => Some("*"),
            _ if part.class.is_none() && part.title.is_none() => Some("*"),
            _ => None,
        };
        part
    };
    (0..=random.below(3)).map(|_| step(random)).collect()
}

fn text_of(parts: &[Part]) -> String {
    let mut text = String::new();
    for (index, part) in parts.iter().enumerate() {
        if index > 0 {
            text += if part.child { " > " } else { " " };
        }
        text += part.tag.unwrap_or_default();
        if let Some(class) = part.class {
            text += &format!(".{class}");
        }
        if let Some((operator, value)) = part.title {
            text += &format!("[title{operator}\"{value}\"]");
        }
    }
    text
}
