//! Going with the keyboard alone: keys, what has the focus, and whether a person can see that it has.

use fantoccini::actions::{InputSource as _, KeyAction, KeyActions};
use fantoccini::key::Key;

use crate::chromium::{Chromium, cut_by_navigation};

/// After so many steps there is no way.
const MOST_STEPS: usize = 120;

/// What is wrong with the focus where an element has it; empty when nothing is. Its outline must be there (WCAG 2.2,
/// 2.4.7), and in the middle of it nothing else may lie over it (2.4.11).
const WRONG: &str = r#"const wrong = (element) => {
  const box = element.getBoundingClientRect();
  const style = getComputedStyle(element);
  const says = `${element.localName}#${element.id} “${element.textContent.trim().slice(0, 40)}”`;
  if (style.outlineStyle === "none" || parseFloat(style.outlineWidth) === 0) return `no outline around ${says}`;
  if (box.bottom <= 0 || box.right <= 0 || box.top >= innerHeight || box.left >= innerWidth) return `out of sight: ${says}`;
  const line = element.getClientRects()[0];
  const on = document.elementFromPoint(line.left + line.width / 2, line.top + line.height / 2);
  if (on !== null && !element.contains(on) && !on.contains(element)) return `something lies over ${says}`;
  return "";
};"#;

/// Everything that takes the focus, each given it.
const STOPS: &str = r#"const stops = document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex]");
return [...stops].filter((stop) => stop.checkVisibility() && stop.tabIndex >= 0 && !stop.disabled).map((stop) => {
  stop.focus();
  return wrong(stop);
}).filter((said) => said !== "");"#;

/// What the browser's own bar has while it has the focus.
const NOTHING: &str = "nothing has the focus";

impl Chromium {
    /// Presses a key and lets it go.
    pub(crate) async fn presses(&self, key: impl Into<char>) {
        self.presses_with(&[], key).await;
    }

    /// The same while others are held.
    pub(crate) async fn presses_with(&self, held: &[Key], key: impl Into<char>) {
        let down = |value: char| KeyAction::Down { value };
        let up = |value: char| KeyAction::Up { value };
        let held: Vec<char> = held.iter().map(|key| char::from(*key)).collect();
        let key = key.into();
        let mut actions = KeyActions::new("keyboard".to_owned());
        for key in held.iter().chain([&key]) {
            actions = actions.then(down(*key));
        }
        for key in [&key].into_iter().chain(held.iter().rev()) {
            actions = actions.then(up(*key));
        }
        match self.client().perform_actions(actions).await {
            // the key is what led away
            Err(error) if cut_by_navigation(&error) => {}
            done => done.unwrap(),
        }
    }

    /// Types where the focus is.
    pub(crate) async fn writes(&self, text: &str) {
        let element = self.client().active_element().await.unwrap();
        element.send_keys(text).await.unwrap();
    }

    /// Whether what a selector finds has the focus.
    pub(crate) async fn is_at(&self, css: &str) -> bool {
        let css = serde_json::Value::from(css);
        let expression = format!("document.activeElement.matches({css})");
        self.asks(&expression).await == true
    }

    /// Goes on by Tab until something has the focus. Wherever the focus stops on the way, a person can see it.
    pub(crate) async fn tabs_to(&self, css: &str) {
        self.steps_to(&[], css).await;
    }

    /// Goes back by Shift and Tab until something has the focus.
    pub(crate) async fn tabs_back_to(&self, css: &str) {
        self.steps_to(&[Key::Shift], css).await;
    }

    async fn steps_to(&self, held: &[Key], css: &str) {
        self.sees(css).await;
        let mut ways = Vec::new();
        while !self.is_at(css).await {
            assert!(ways.len() < MOST_STEPS, "no way to {css}: {ways:?}");
            self.presses_with(held, Key::Tab).await;
            let wrong = self.focus_is_wrong().await;
            // the browser's own bar comes round between the last and the first
            if wrong != NOTHING {
                let at = self.stands_at().await;
                assert!(wrong.is_empty(), "{at}: {wrong}");
            }
            ways.push(
                self.asks("document.activeElement.outerHTML.slice(0, 80)")
                    .await,
            );
        }
    }

    /// Whether a person sees what has the focus.
    pub(crate) async fn shows_the_focus(&self) {
        let wrong = self.focus_is_wrong().await;
        let at = self.stands_at().await;
        assert!(wrong.is_empty(), "{at}: {wrong}");
    }

    /// What of the page takes the focus and does not show it.
    pub(crate) async fn hides_the_focus(&self) -> Vec<String> {
        // who uses the keyboard is shown where they are; after the last stop comes the browser's own bar
        self.presses(Key::Tab).await;
        if self.asks("document.hasFocus()").await == false {
            self.presses(Key::Tab).await;
        }
        let said = self.asks(&format!("(() => {{ {WRONG} {STOPS} }})()")).await;
        let said = said.as_array().unwrap().iter();
        said.map(|one| one.as_str().unwrap().to_owned()).collect()
    }

    async fn focus_is_wrong(&self) -> String {
        let body = format!(
            "const at = document.activeElement; return at === document.body ? \"{NOTHING}\" : wrong(at);"
        );
        let said = self.asks(&format!("(() => {{ {WRONG} {body} }})()")).await;
        said.as_str().unwrap().to_owned()
    }
}
