//! The world that the corpus attacks: three providers that sign with its keys, and an access model in which an
//! attacker's group gives more than anybody's.

use serde_json::{Value, json};

use crate::corpus::{self, At, Key};
use crate::world::{SAML, World, WorldBuilder, accounts};

/// The name that Vestibule knows the provider by.
pub fn idp(key: Key) -> &'static str {
    match key {
        Key::Rsa => SAML,
        Key::Ec => "curve",
        Key::Other => "other",
    }
}

fn entity_id(key: Key) -> String {
    format!("https://idp.example.org/{}", key.name())
}

/// The staff's role is theirs; the other one is what an attacker wants.
const MODEL: &str = r#"
[[accounts]]
id = "111122223333"
alias = "payments-prod"
name = "Payments Production"
environment = "production"

[[accounts]]
id = "444455556666"
alias = "payments-dev"
name = "Payments Development"
environment = "development"

[[roles]]
account = "payments-prod"
name = "Admin"
path = "/team/"
method = "AssumeRole"
credentials = "hub"
external_id = "vestibule-test"
console_hours = 1

[[roles]]
account = "payments-dev"
name = "Developer"
method = "AssumeRole"
credentials = "hub"
console_hours = 1

[[rules]]
name = "staff"
when = [{ attribute = "groups", is = "staff" }]
grant = ["payments-dev/Developer"]

[[rules]]
name = "what an attacker wants"
when = [{ attribute = "groups", is = "cloud-admins" }]
grant = ["payments-prod/Admin"]
"#;

/// Starts the world.
pub async fn world(builder: WorldBuilder) -> World {
    let mut builder = builder.model(MODEL);
    for key in [Key::Rsa, Key::Ec, Key::Other] {
        let metadata = corpus::metadata(&entity_id(key), "https://idp.example.org/sso", key);
        builder = builder.file(&format!("{}-metadata.xml", idp(key)), &metadata);
    }
    let further = |key: Key| {
        let id = idp(key);
        format!(
            "[[identity_providers]]\nid = \"{id}\"\nname = \"Example Corp\"\nkind = \"saml\"\n\
             metadata_file = \"{id}-metadata.xml\"\n\n"
        )
    };
    let aws = "[aws]\nregion";
    let more = format!("{}{}{aws}", further(Key::Ec), further(Key::Other));
    let world = builder.with(aws, &more).start().await;
    assert!(MODEL.contains(accounts::DEV), "the sandbox has the account");
    world
}

/// Who the parties are, as the generator wants to be told.
pub fn input(key: Key, url: &str) -> Value {
    let at = |key: Key, what: &str| format!("{url}/saml/{}/{what}", idp(key));
    json!({
        "idp_entity_id": entity_id(key),
        "sp_entity_id": at(key, "metadata"),
        "acs": at(key, "acs"),
        "other_idp": {
            "entity_id": entity_id(Key::Other),
            "sp_entity_id": at(Key::Other, "metadata"),
            "acs": at(Key::Other, "acs"),
        },
    })
}

/// The provider that a case means, when `key` is under attack.
pub fn side(key: Key, at: At) -> &'static str {
    idp(match at {
        At::Main => key,
        At::Other => Key::Other,
    })
}
