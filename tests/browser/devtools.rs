//! What the common protocol has no word for and Chromium's own has: screens, preferences, pictures, what stands in the
//! console, and a world beside the page's.
//!
//! Knows nothing of what is looked at.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use fantoccini::wd::WebDriverCompatibleCommand;
use reqwest::Method;
use serde_json::{Value, json};
use url::{ParseError, Url};

use crate::chromium::Chromium;

/// No picture is higher: nobody looks at more, and Chromium has a limit of its own.
const HIGHEST_PICTURE: u64 = 8_000;

/// A command of chromedriver's own.
#[derive(Debug)]
struct Command {
    path: &'static str,
    body: Value,
}

impl WebDriverCompatibleCommand for Command {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, ParseError> {
        let session = session.unwrap_or_default();
        base.join(&format!("session/{session}/{}", self.path))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (Method::POST, Some(self.body.to_string()))
    }
}

/// A world of scripts beside that of the page: it sees the document and none of the page's scripts, and the page's policy
/// does not hold there. It goes with the document.
pub(crate) struct Beside<'a> {
    browser: &'a Chromium,
    context: Value,
}

impl Beside<'_> {
    /// What an expression gives there, waited for.
    pub(crate) async fn gives(&self, expression: &str) -> Value {
        let parameters = json!({
            "expression": expression,
            "contextId": self.context,
            "awaitPromise": true,
            "returnByValue": true,
        });
        let answer = self.browser.devtools("Runtime.evaluate", parameters).await;
        let failure = &answer["exceptionDetails"];
        assert!(failure.is_null(), "a script failed: {failure}");
        answer["result"]["value"].clone()
    }
}

impl Chromium {
    async fn devtools(&self, command: &str, parameters: Value) -> Value {
        let body = json!({ "cmd": command, "params": parameters });
        let command = Command {
            path: "goog/cdp/execute",
            body,
        };
        self.client().issue_cmd(command).await.unwrap()
    }

    /// Has a screen of another size, in CSS pixels of which each is `ratio` of the screen's wide.
    pub(crate) async fn has_screen(&self, (width, height): (u64, u64), ratio: u64) {
        let screen = json!({
            "width": width, "height": height, "deviceScaleFactor": ratio, "mobile": false,
        });
        self.devtools("Emulation.setDeviceMetricsOverride", screen)
            .await;
    }

    /// Says what its person prefers: media features and their values.
    pub(crate) async fn prefers(&self, features: &[(&str, &str)]) {
        let features: Vec<Value> = features
            .iter()
            .map(|(name, value)| json!({ "name": name, "value": value }))
            .collect();
        self.devtools(
            "Emulation.setEmulatedMedia",
            json!({ "features": features }),
        )
        .await;
    }

    /// A picture of the whole page as PNG. The screen, of which the size is told, becomes as high as the page.
    pub(crate) async fn picture(&self, (width, mut height): (u64, u64)) -> Vec<u8> {
        self.draws().await;
        loop {
            let whole = self.asks("document.scrollingElement.scrollHeight").await;
            let wanted = whole.as_u64().unwrap().min(HIGHEST_PICTURE);
            if wanted <= height {
                break;
            }
            // what was out of sight had only a guess for its height until now
            height = wanted;
            self.has_screen((width, height), 1).await;
            self.draws().await;
        }
        let parameters = json!({ "format": "png", "optimizeForSpeed": true });
        let answer = self.devtools("Page.captureScreenshot", parameters).await;
        STANDARD.decode(answer["data"].as_str().unwrap()).unwrap()
    }

    /// Waits until what is on the page now is on the screen.
    async fn draws(&self) {
        let script = "const done = arguments[0]; requestAnimationFrame(() => requestAnimationFrame(() => done()));";
        let client = self.client();
        client.execute_async(script, Vec::new()).await.unwrap();
    }

    /// What was written to the console since it was last asked, reports of violated policies included.
    pub(crate) async fn console(&self) -> Vec<String> {
        let command = Command {
            path: "se/log",
            body: json!({ "type": "browser" }),
        };
        let entries = self.client().issue_cmd(command).await.unwrap();
        let entries = entries.as_array().unwrap();
        entries
            .iter()
            .map(|entry| format!("{} {}", entry["level"], entry["message"]))
            .collect()
    }

    /// A world beside that of the page where it stands.
    pub(crate) async fn beside(&self) -> Beside<'_> {
        let tree = self.devtools("Page.getFrameTree", json!({})).await;
        let frame = json!({ "frameId": tree["frameTree"]["frame"]["id"], "worldName": "looking" });
        let world = self.devtools("Page.createIsolatedWorld", frame).await;
        Beside {
            browser: self,
            context: world["executionContextId"].clone(),
        }
    }
}
