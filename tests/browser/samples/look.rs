//! What is looked at on a page, each thing as a list of complaints in words.
//!
//! All of it is asked in a world beside the page's, so that looking changes nothing there.

use std::sync::LazyLock;

use serde_json::Value;

use crate::devtools::Beside;

use super::kept::file;

/// Asks axe, once its text has run.
const ASK_AXE: &str = r#"axe.run(document, {
  runOnly: { type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] },
  resultTypes: ["violations"],
  preload: false,
}).then((result) => result.violations.flatMap((violation) => violation.nodes.map((node) =>
  `axe ${violation.id}: ${node.target.join(" ")}: ${node.failureSummary.replaceAll(/\s+/g, " ")}`)))
"#;

/// What scrolls sideways, and whose text is cut off. What is a pixel large is there for screen readers.
const FITS: &str = r#"
(() => {
  const width = document.documentElement.clientWidth;
  const says = (element) => `${element.localName}.${[...element.classList].join(".")} “${element.textContent.trim().slice(0, 40)}”`;
  const found = [];
  if (document.scrollingElement.scrollWidth > width) found.push(`scrolls sideways: ${document.scrollingElement.scrollWidth}`);
  for (const element of document.querySelectorAll("body *")) {
    if (!element.checkVisibility({ visibilityProperty: true })) continue;
    const box = element.getBoundingClientRect();
    if (box.width <= 1 || box.height <= 1) continue;
    if (box.left < -1 || box.right > width + 1) found.push(`leaves the screen: ${says(element)}`);
    if (/^(input|select|textarea|svg|img)$/.test(element.localName)) continue;
    const style = getComputedStyle(element);
    const cuts = (overflow) => overflow === "hidden" || overflow === "clip";
    if (cuts(style.overflowX) && element.scrollWidth > element.clientWidth + 1) found.push(`is cut at its side: ${says(element)}`);
    if (cuts(style.overflowY) && element.scrollHeight > element.clientHeight + 1) found.push(`is cut below: ${says(element)}`);
  }
  return found;
})()
"#;

/// What moves although the person wants nothing to move.
const RESTS: &str = r#"
(() => {
  const longest = (text) => Math.max(...text.split(",").map((one) => parseFloat(one) * (one.trim().endsWith("ms") ? 0.001 : 1)));
  const found = [];
  if (!matchMedia("(prefers-reduced-motion: reduce)").matches) found.push("nobody prefers reduced motion");
  for (const element of document.querySelectorAll("*")) {
    for (const part of [null, "::before", "::after"]) {
      const style = getComputedStyle(element, part);
      const name = `${element.localName}.${[...element.classList].join(".")}${part ?? ""}`;
      if (longest(style.transitionDuration) > 0.01) found.push(`has a transition: ${name}`);
      if (style.animationName !== "none" && longest(style.animationDuration) > 0.01) found.push(`is animated: ${name}`);
      if (part === null && style.scrollBehavior === "smooth") found.push(`scrolls smoothly: ${name}`);
    }
  }
  return found;
})()
"#;

static AXE: LazyLock<String> = LazyLock::new(|| {
    let path = ".cache/peers/axe/node_modules/axe-core/axe.min.js";
    std::fs::read_to_string(file(path)).unwrap_or_else(|error| {
        panic!("{path} is missing: scripts/install-test-tools.sh installs it ({error})")
    })
});

/// What keeps people out, as far as a program can tell.
pub(crate) async fn barriers(beside: &Beside<'_>) -> Vec<String> {
    let asked = format!("typeof axe === 'undefined' ? null : {ASK_AXE}");
    let answer = beside.gives(&asked).await;
    if !answer.is_null() {
        return complaints(&answer);
    }
    // once for each document
    complaints(&beside.gives(&format!("{};{ASK_AXE}", *AXE)).await)
}

/// What does not fit on the screen as it is now.
pub(crate) async fn what_does_not_fit(beside: &Beside<'_>) -> Vec<String> {
    complaints(&beside.gives(FITS).await)
}

/// What does not rest.
pub(crate) async fn what_moves(beside: &Beside<'_>) -> Vec<String> {
    complaints(&beside.gives(RESTS).await)
}

fn complaints(answer: &Value) -> Vec<String> {
    let all = answer.as_array().unwrap().iter();
    all.map(|one| one.as_str().unwrap().to_owned()).collect()
}
