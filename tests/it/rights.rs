//! On PostgreSQL, with the rights that the documents give the role that serves.

use vestibule::clock::{Clock as _, SystemClock};
use vestibule::domain::audit::{Event, EventKind};

use crate::commands::{complains, does, vestibule};
use crate::postgres::Cluster;
use crate::record::runs;
use crate::world::World;

/// What the documents tell operators to grant, for a role of this name.
fn grants(role: &str) -> String {
    let documents = include_str!("../../docs/audit-events.md");
    let (_, after) = documents.split_once("```sql\n").unwrap();
    let (grants, _) = after.split_once("```").unwrap();
    grants.replace("vestibule_server", role)
}

#[tokio::test]
async fn the_index_is_put_right_by_the_role_that_owns_the_tables_where_the_one_that_serves_may_not()
{
    let owners = Cluster::shared().database();
    let world = World::builder().database(&owners).start().await;
    let server = format!("serves_{}", std::process::id());
    let create = format!("CREATE ROLE {server} LOGIN");
    tokio::task::spawn_blocking(move || Cluster::shared().sql(&create))
        .await
        .unwrap();
    runs(&owners, &grants(&server)).await;
    let (kind, event) = (EventKind::LoginFailed, Event::default());
    let store = world.app.store();
    store.append(kind, &event, SystemClock.now()).await.unwrap();
    runs(
        &owners,
        "UPDATE audit_terms SET term = 'kforged' WHERE position = 1 AND term LIKE 'k%'",
    )
    .await;

    // from here on the configuration names the role that serves
    let servers = owners.replace("postgres://postgres@", &format!("postgres://{server}@"));
    let file = world.folder.join("vestibule.toml");
    let text = std::fs::read_to_string(&file).unwrap();
    assert!(text.contains(&owners), "{text}");
    std::fs::write(&file, text.replace(&owners, &servers)).unwrap();
    let audit =
        async |words: &[&str]| vestibule(&world.folder, &[&["audit"], words].concat()).await;
    let said = complains(&audit(&["verify"]).await);
    assert!(
        said.contains("`vestibule audit index` puts it right"),
        "{said}"
    );
    let said = complains(&audit(&["index"]).await);
    assert!(said.contains("the index cannot be put right"), "{said}");

    let other = world.folder.join("owners-database");
    std::fs::write(&other, format!("{owners}\n")).unwrap();
    let other = ["index", "--database-url-file", other.to_str().unwrap()];
    let said = does(&audit(&other).await);
    assert!(said.contains("The index is right"), "{said}");
    does(&audit(&["verify"]).await);
    let missing = ["index", "--database-url-file", "/nowhere/at-all"];
    let said = complains(&audit(&missing).await);
    assert!(said.contains("/nowhere/at-all cannot be read"), "{said}");
    world.stop().await;
}
