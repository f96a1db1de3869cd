//! A copy of the embedded database, and going back to it.

use std::os::unix::fs::PermissionsExt as _;

use crate::commands::{complains, does, vestibule};
use crate::postgres::Cluster;
use crate::world::World;
use crate::world::accounts::MODEL;
use crate::world::serving::Serving;

#[tokio::test]
async fn a_copy_made_while_people_go_on_holds_everything_but_their_sessions() {
    let world = World::start().await;
    let browser = world.signed_in("erin").await;
    let copy = world.folder.join("a copy #1 100%?.db");
    let name = copy.to_str().unwrap();
    let done = does(&vestibule(&world.folder, &["backup", name]).await);
    assert!(done.contains(name), "{done}");
    let mode = std::fs::metadata(&copy).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    // life goes on, and some of it will be lost
    let heads = does(&vestibule(&world.folder, &["audit", "heads"]).await);
    world
        .publishes(&MODEL.replace("Payments Development", "Payments Playground"))
        .await;
    let later = does(&vestibule(&world.folder, &["audit", "heads"]).await);
    for (file, text) in [("before.jsonl", &heads), ("later.jsonl", &later)] {
        std::fs::write(world.folder.join(file), text).unwrap();
    }
    let me = browser.opens_once(&world.at("/api/v1/me")).await;
    assert_eq!(me.status, 200, "{}", me.body);

    std::fs::rename(&copy, world.folder.join("restored.db")).unwrap();
    let restored = [("sqlite:vestibule.db", "sqlite:restored.db")];
    let serving = Serving::start(&world, &restored, &[]);
    let me = browser
        .opens_once(&format!("{}/api/v1/me", serving.url))
        .await;
    assert_eq!(me.status, 401, "{}", me.body);
    drop(serving);

    let config = world.folder.join("vestibule.toml");
    let text = std::fs::read_to_string(&config).unwrap();
    std::fs::write(&config, text.replace(restored[0].0, restored[0].1)).unwrap();
    let verify = async |heads: &str| {
        let heads = world.folder.join(heads);
        let name = heads.to_str().unwrap();
        vestibule(&world.folder, &["audit", "verify", "--heads", name]).await
    };
    does(&verify("before.jsonl").await);
    let lost = complains(&verify("later.jsonl").await);
    assert!(!lost.is_empty());
    let model = does(&vestibule(&world.folder, &["access", "export"]).await);
    assert!(model.contains("Payments Development"), "{model}");
    world.stop().await;
}

#[tokio::test]
async fn nothing_is_written_over_and_half_a_copy_is_none() {
    let world = World::start().await;
    let there = world.folder.join("there.db");
    std::fs::write(&there, "precious").unwrap();
    let reason = complains(&vestibule(&world.folder, &["backup", there.to_str().unwrap()]).await);
    assert!(reason.contains("there.db"), "{reason}");
    assert_eq!(std::fs::read_to_string(&there).unwrap(), "precious");
    let nowhere = world.folder.join("no/such/folder.db");
    let reason = complains(&vestibule(&world.folder, &["backup", nowhere.to_str().unwrap()]).await);
    assert!(reason.contains("was not copied"), "{reason}");
    // what cannot be read to its end leaves nothing that looks like a copy
    let broken = world.folder.join("broken.db");
    std::fs::write(&broken, vec![b'x'; 64 * 1024]).unwrap();
    let config = world.folder.join("vestibule.toml");
    let text = std::fs::read_to_string(&config).unwrap();
    let text = text.replace("sqlite:vestibule.db", "sqlite:broken.db");
    std::fs::write(&config, text).unwrap();
    let copy = world.folder.join("copy.db");
    complains(&vestibule(&world.folder, &["backup", copy.to_str().unwrap()]).await);
    assert!(!copy.exists());
    world.stop().await;
}

#[tokio::test]
async fn postgresql_is_left_to_its_own_tools() {
    let url = tokio::task::spawn_blocking(|| Cluster::shared().database())
        .await
        .unwrap();
    let world = World::builder().database(&url).start().await;
    let copy = world.folder.join("copy.db");
    let reason = complains(&vestibule(&world.folder, &["backup", copy.to_str().unwrap()]).await);
    assert!(reason.contains("pg_dump"), "{reason}");
    assert!(!copy.exists());
    world.stop().await;
}
