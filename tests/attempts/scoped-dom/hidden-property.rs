//! A part of the page for a plugin to work in.

#[doc(inline)]
pub use contract::*;

use js_sys::{Object, Reflect, Symbol};
use wasm_bindgen::prelude::*;
use web_sys::{Element, Url};

/// The part of the page in which one plugin may work.
#[derive(Debug)]
pub struct Scope {
    root: Element,
    level: Level,
    /// The key of the property in which a handle hides its element. Nobody else has it.
    key: JsValue,
}

impl Scope {
    /// Opens a scope on the element that is [`marked`] at this moment.
    ///
    /// # Errors
    /// [`Refused::NoScope`] if there is none.
    pub fn open(level: Level) -> Result<Self, Refused> {
        Ok(Self {
            root: marked().ok_or(Refused::NoScope)?,
            level,
            key: new_symbol("element").into(),
        })
    }

    /// Handles to the [`ELEMENTS`] inside that this selector means, in the order of
    /// the document. A selector sees the inside only, and a handle leads to no node.
    ///
    /// # Errors
    /// [`Refused::Selector`] if it is not of [`Selector`]'s grammar.
    pub fn find(&self, selector: &str) -> Result<Vec<JsValue>, Refused> {
        let selector = Selector::parse(selector)?;
        // Without `:scope`, a selector's first parts could match what is around the root.
        let anchored = format!(":scope {selector}:is({})", ELEMENTS.join(","));
        let found = self
            .root
            .query_selector_all(&anchored)
            .map_err(|_| Refused::Selector)?;
        Ok((0..found.length())
            .filter_map(|index| found.get(index))
            .map(|node| self.handle(node.unchecked_ref()))
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
        let element = self.element(handle)?;
        match ATTRIBUTES.contains(&name) {
            true => Ok(element.get_attribute(name)),
            false => Err(Refused::Forbidden),
        }
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
            Change::Text(text) => {
                element.set_text_content(Some(text));
                Ok(())
            }
            Change::Attribute { name, value } if allows(&element, name, value) => element
                .set_attribute(name, value)
                .map_err(|_| Refused::Forbidden),
            Change::Attribute { .. } | Change::Html(_) => Err(Refused::Forbidden),
        }
    }

    /// A new handle to this element.
    fn handle(&self, element: &Element) -> JsValue {
        // Not enumerable: neither `Object.keys` nor JSON shows it.
        let property = Object::new();
        let handle: Object = Object::create(JsValue::NULL.unchecked_ref::<Object>());
        let defined = Reflect::set(&property, &"value".into(), element)
            .and_then(|_| Reflect::define_property(&handle, &self.key, &property));
        match defined {
            Ok(_) => Object::freeze(&handle).into(),
            Err(_) => JsValue::UNDEFINED,
        }
    }

    /// The element behind a handle, if it is inside now.
    fn element(&self, handle: &JsValue) -> Result<Element, Refused> {
        let element = Reflect::get(handle, &self.key)
            .ok()
            .and_then(|hidden| hidden.dyn_into::<Element>().ok())
            .ok_or(Refused::Unknown)?;
        match self.root.contains(Some(&element)) {
            true => Ok(element),
            false => Err(Refused::Outside),
        }
    }
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = Symbol)]
    fn new_symbol(description: &str) -> Symbol;
}

/// Whether an attribute may have this value. The browser says where an `href` leads: in
/// "java\nscript:", for instance, it drops the line break.
fn allows(element: &Element, name: &str, value: &str) -> bool {
    let leads_out = || {
        let base = element.base_uri().ok().flatten().unwrap_or_default();
        let url = Url::new_with_base(value, &base);
        !url.is_ok_and(|url| SCHEMES.contains(&url.protocol().as_str()))
    };
    ATTRIBUTES.contains(&name) && !(name == "href" && leads_out())
}
