//! What `docs/api.md` says is so: its commands are run, its tables are the table of routes and the scopes.

use std::collections::BTreeSet;

use regex::Regex;
use vestibule::domain::token::TokenScope;
use vestibule::web::ROUTES;

use super::made;
use crate::world::World;
use crate::world::accounts::MODEL;

fn page() -> String {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/api.md");
    std::fs::read_to_string(path).unwrap()
}

#[tokio::test]
async fn the_commands_of_the_page_do_what_they_say() {
    let model = format!(
        "{MODEL}\n[[rules]]\nname = \"administrators\"\n\
         when = [{{ attribute = \"groups\", is = \"cloud-admins\" }}]\ngrant = [\"payments-dev/*\"]\n"
    );
    let world = World::builder().model(&model).start().await;
    let browser = world.signed_in("ada").await;
    let scopes: Vec<&str> = TokenScope::ALL.iter().map(|scope| scope.word()).collect();
    let token = made(&world, &browser, &scopes).await;
    let block = Regex::new(r"(?ms)^```sh\n(.*?)^```").unwrap();
    let mut said = Vec::new();
    for found in block.captures_iter(&page()) {
        let run = tokio::process::Command::new("sh")
            .args(["-eu", "-c", &found[1]])
            .env("TOKEN", &token)
            .env("VESTIBULE", &world.url)
            .output()
            .await
            .unwrap();
        let text = String::from_utf8(run.stdout).unwrap();
        let errors = String::from_utf8_lossy(&run.stderr).into_owned();
        assert!(run.status.success(), "{}\n{errors}", &found[1]);
        said.push(text);
    }
    let [me, keys, published, drafted, plan, record, suspended] =
        <[String; 7]>::try_from(said).unwrap();
    assert!(me.contains("\"subject\":\"ada@example.com\""), "{me}");
    assert!(keys.contains("\"session_token\""), "{keys}");
    assert!(published.contains("\"revision\":2"), "{published}");
    for part in [
        "rule night shift: added",
        "\"stands\":\"ready\"",
        "\"revision\":3",
    ] {
        assert!(drafted.contains(part), "{part}: {drafted}");
    }
    assert!(
        plan.contains("\"policy_name\":\"VestibuleRevocations\""),
        "{plan}"
    );
    assert!(record.contains("\"session_began\""), "{record}");
    assert!(suspended.contains("\"in_force\":true"), "{suspended}");
    world.stop().await;
}

#[test]
fn the_page_lists_every_endpoint_and_every_scope_and_nothing_else() {
    let page = page();
    let endpoint = Regex::new(r"(?m)^\| `([A-Z]+ /api/v1/[^`]+)` \|").unwrap();
    let listed: BTreeSet<String> = endpoint
        .captures_iter(&page)
        .map(|found| found[1].to_owned())
        .collect();
    let routes = ROUTES.iter().filter(|row| row.path.starts_with("/api/"));
    let routes: BTreeSet<String> = routes
        .map(|row| format!("{} {}", row.method, row.path))
        .collect();
    assert_eq!(listed, routes);
    let scope = Regex::new(r"(?m)^\| `([a-z:]+)` \|").unwrap();
    let listed: BTreeSet<String> = scope
        .captures_iter(&page)
        .map(|found| found[1].to_owned())
        .collect();
    let scopes = TokenScope::ALL.iter().map(|scope| scope.word().to_owned());
    assert_eq!(listed, scopes.collect());
}
