//! Why a role is somebody's, or why not; and what may be learned by asking.

mod anybody;
mod person;
mod renamed;
mod simulate;

use crate::world::accounts::MODEL;
use crate::world::{World, WorldBuilder};

/// The usual model, in which `payments-prod/Admin` is discoverable and the production account had other names; and a few
/// rules whose words nobody but administrators may learn.
fn model() -> String {
    let discoverable = "name = \"Admin\"\n";
    let alias = "alias = \"payments-prod\"\n";
    assert!(MODEL.contains(discoverable) && MODEL.contains(alias));
    let model = MODEL
        .replace(
            discoverable,
            &format!("{discoverable}discoverable = true\n"),
        )
        .replace(
            alias,
            &format!("{alias}former_aliases = [\"payments\", \"pay-live\"]\n"),
        );
    model + SECRETS
}

/// Rules that somebody would like to know.
const SECRETS: &str = r#"
[[rules]]
name = "canary-breakglass"
when = [{ attribute = "groups", is = "canary-glass" }]
grant = ["*"]

[[rules]]
name = "canary-auditors"
when = [{ attribute = "groups", is_one_of = ["auditors", "canary-only-here"] }]
grant = ["payments-prod/Narrow"]
"#;

fn world() -> WorldBuilder {
    World::builder().model(&model())
}
