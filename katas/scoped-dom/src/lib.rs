//! A part of the page for a plugin to work in.

#[doc(inline)]
pub use contract::*;

use wasm_bindgen::prelude::*;
use web_sys::Element;

/// The part of the page in which one plugin may work.
#[derive(Debug)]
pub struct Scope {
    level: Level,
}

impl Scope {
    /// Opens a scope on the element that is [`marked`] at this moment.
    ///
    /// # Errors
    /// [`Refused::NoScope`] if there is none.
    pub fn open(level: Level) -> Result<Self, Refused> {
        let scope = Self { level };
        scope.root()?;
        Ok(scope)
    }

    /// Handles to the [`ELEMENTS`] inside that this selector means, in the order of
    /// the document. A selector sees the inside only, and a handle leads to no node.
    ///
    /// # Errors
    /// [`Refused::Selector`] if it is not of [`Selector`]'s grammar.
    pub fn find(&self, selector: &str) -> Result<Vec<JsValue>, Refused> {
        // `querySelectorAll` answers descendants of the root, and no others.
        let found = self
            .root()?
            .query_selector_all(selector)
            .map_err(|_| Refused::Selector)?;
        Ok((0..found.length())
            .filter_map(|index| found.get(index))
            .map(JsValue::from)
            .collect())
    }

    /// The text in the element, and in all that it contains.
    ///
    /// # Errors
    /// [`Refused::Unknown`] if this scope gave out no such handle,
    /// [`Refused::Outside`] while the element is outside.
    pub fn text(&self, handle: &JsValue) -> Result<String, Refused> {
        Ok(self.element(handle)?.text_content().unwrap_or_default())
    }

    /// The value of one of the [`ATTRIBUTES`], if the element has it.
    ///
    /// # Errors
    /// As for [`text`](Self::text); [`Refused::Forbidden`] for another attribute.
    pub fn attribute(&self, handle: &JsValue, name: &str) -> Result<Option<String>, Refused> {
        Ok(self.element(handle)?.get_attribute(name))
    }

    /// Changes the element.
    ///
    /// # Errors
    /// As for [`text`](Self::text); [`Refused::ReadOnly`] if the scope is for reading;
    /// [`Refused::Forbidden`] for what no scope allows. Then nothing has changed.
    pub fn change(&self, handle: &JsValue, change: Change<'_>) -> Result<(), Refused> {
        let element = self.element(handle)?;
        if self.level < Level::Write {
            return Err(Refused::ReadOnly);
        }
        match change {
            Change::Text(text) => element.set_text_content(Some(text)),
            // Scripts that come by `innerHTML` do not run.
            Change::Html(html) => element.set_inner_html(html),
            Change::Attribute { name, value } => {
                if name.starts_with("on") || value.starts_with("javascript:") {
                    return Err(Refused::Forbidden);
                }
                element
                    .set_attribute(name, value)
                    .map_err(|_| Refused::Forbidden)?;
            }
        }
        Ok(())
    }

    /// The scope's own element.
    fn root(&self) -> Result<Element, Refused> {
        marked().ok_or(Refused::NoScope)
    }

    /// The element behind a handle.
    fn element(&self, handle: &JsValue) -> Result<Element, Refused> {
        handle.dyn_ref::<Element>().cloned().ok_or(Refused::Unknown)
    }
}
