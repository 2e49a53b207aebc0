//! The editor on a page, as a reader uses it.

use crate::page::Browser;
use kata_engines::fantoccini::actions::{InputSource, KeyAction, KeyActions};
use serde_json::json;

/// The text in the editor, which is in a shadow root.
pub const EDITOR: &str =
    "document.querySelector('.kata-editor')?.shadowRoot.querySelector('.cm-content')";

/// WebDriver's name of the Control key.
const CONTROL: char = '\u{E009}';

impl Browser {
    /// Opens the editor in the code's place, and waits until it has the focus.
    pub async fn edit(&self) {
        self.click("kata-panel [data-action=\"edit\"]").await;
        self.until(&format!("{EDITOR}?.matches(':focus') === true"))
            .await;
    }

    /// Presses a key together with Control.
    pub async fn press_with_control(&self, value: char) {
        let keys = KeyActions::new("keyboard".to_owned())
            .then(KeyAction::Down { value: CONTROL })
            .then(KeyAction::Down { value })
            .then(KeyAction::Up { value })
            .then(KeyAction::Up { value: CONTROL });
        self.session.client.perform_actions(keys).await.unwrap();
    }

    /// Puts a text in the place of all that is in the editor: select all, paste.
    pub async fn paste_over(&self, text: &str) {
        self.eval(&format!("{EDITOR}.focus()")).await;
        self.press_with_control('a').await;
        // Firefox makes the clipboard's content of `data`, others take what they are given.
        let paste = format!(
            "(() => {{
                const data = {};
                const dataType = 'text/plain';
                const clipboardData = new DataTransfer();
                clipboardData.setData(dataType, data);
                const how = {{ clipboardData, data, dataType, bubbles: true, cancelable: true }};
                {EDITOR}.dispatchEvent(new ClipboardEvent('paste', how));
            }})()",
            json!(text)
        );
        self.eval(&paste).await;
    }

    /// Waits until the editor holds some words, or does not.
    pub async fn until_edit_holds(&self, words: &str, does: bool) {
        let text = format!("{EDITOR}?.textContent.includes('{words}') === {does}");
        self.until(&text).await;
    }

    /// Runs the kata, and waits until the line about it says some words.
    pub async fn run_until(&self, words: &str) {
        self.click("kata-panel > .kata-run [data-action=\"run\"]")
            .await;
        self.until(&format!(
            "document.querySelector('kata-panel > .kata-run .kata-line').textContent.includes('{words}')"
        ))
        .await;
    }

    /// Clicks a button beside the code by its name, when it is there.
    pub async fn press_button(&self, name: &str) {
        let find = format!(
            "[...document.querySelectorAll('[data-tab=\"code\"] button')].find((button) => button.textContent === {})",
            json!(name)
        );
        self.until(&find.replace(".find(", ".some(")).await;
        self.eval(&format!("{find}.click()")).await;
    }
}
