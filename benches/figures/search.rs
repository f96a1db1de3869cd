//! Searching among 5,000 roles: how long the portal's script takes for a key, in a real browser.
//!
//! It is one input event, from its dispatch until the page is laid out anew. Whatever the script is: it is known here by
//! the field alone, and by what can be seen of the roles afterwards.

use std::process::Command;

use serde_json::{Value, json};
use vestibule_sandbox::company;

use crate::chromium::Chromium;
use crate::measure::median;
use crate::report::{Line, Trouble};
use crate::scratch::runtime;
use crate::world::World;

/// What is typed: it begins with what most roles have, and ends at one account.
const WORD: &str = "checkout eu prod";
/// How often. Odd, so that a median is one of them.
const TIMES: u32 = 7;

/// Types the word key by key: for each key the milliseconds of the handler, and of all until the layout is there.
const TYPE: &str = r#"
const [word, times] = arguments;
const field = document.querySelector("[role=search] input");
const seen = () => [...document.querySelectorAll("a[href^='/go/']")].filter((link) => link.checkVisibility()).length;
const requests = () => performance.getEntriesByType("resource").length;
const before = { seen: seen(), requests: requests() };
const keys = [];
const type = (text) => {
  field.value = text;
  const begun = performance.now();
  field.dispatchEvent(new InputEvent("input", { bubbles: true }));
  const handled = performance.now();
  document.documentElement.getBoundingClientRect();
  return [handled - begun, performance.now() - begun];
};
for (let time = 0; time < times; time += 1) {
  type("");
  for (let length = 1; length <= word.length; length += 1) keys.push([length, ...type(word.slice(0, length))]);
}
const after = { seen: seen(), requests: requests() };
return { keys, narrowed: after.seen > 0 && after.seen !== before.seen, asked: after.requests - before.requests };
"#;

pub(crate) fn run() -> Result<(), Trouble> {
    if !there_is_a_browser() {
        let reason = "chromium or chromedriver is not installed";
        return Err(Trouble::Skipped(reason.to_owned()));
    }
    runtime().block_on(async {
        let world = World::builder().company().start().await;
        let browser = Chromium::start().await;
        browser.opens(&world.at("/?idp=corp")).await;
        browser.signs_in("grace").await;
        browser.sees("[role=search] input").await;
        let arguments = vec![json!(WORD), json!(TIMES)];
        let measured = browser.client().execute(TYPE, arguments).await;
        let measured = measured.map_err(|error| Trouble::Failed(error.to_string()))?;
        if measured["narrowed"] != true {
            let reason =
                "the search does not answer within its event: it has to be measured otherwise";
            return Err(Trouble::Failed(reason.to_owned()));
        }
        let by_key = |column: usize| -> Vec<f64> {
            let lengths = 1..=WORD.len();
            lengths
                .map(|length| of_key(&measured["keys"], length, column))
                .collect()
        };
        let shown = by_key(2);
        Line::about("search, for each key")
            .with("roles", company::ROLES)
            .with("keys", WORD.len())
            .number("handler_ms", median(by_key(1)))
            .number("until_laid_out_ms", median(shown.clone()))
            .number("slowest_key_ms", shown.into_iter().fold(0.0, f64::max))
            .must("no_request", measured["asked"] == 0)
            .print();
        world.stop().await;
        Ok(())
    })
}

/// The median of what a key took, over all times that the word was typed.
fn of_key(keys: &Value, length: usize, column: usize) -> f64 {
    let keys = keys.as_array().expect("a list").iter();
    let of_this = keys.filter(|key| key[0] == length);
    median(of_this.filter_map(|key| key[column].as_f64()).collect())
}

fn there_is_a_browser() -> bool {
    let look = "command -v chromedriver && { command -v chromium || command -v chromium-browser; }";
    let looked = Command::new("sh").args(["-c", look]).output();
    looked.is_ok_and(|output| output.status.success())
}
