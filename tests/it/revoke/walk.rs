//! For each method: the sessions that are meant are cut off, nobody else's, and whoever was cut off can come back.

use super::{Inside, POLICY, REVOKER, standing, start};
use crate::commands::{does, vestibule};
use crate::world::World;
use crate::world::accounts::DEV;

fn revokes(world: &World, words: &[&str]) -> String {
    let words: Vec<&str> = ["revoke"].iter().chain(words).copied().collect();
    does(&vestibule(&world.folder, &words))
}

#[tokio::test]
async fn a_role_s_sessions_are_cut_off_and_new_ones_are_not() {
    let world = start().await;
    let link = "/go/payments-dev/Developer?idp=corp";
    let before = Inside::goes(&world, "erin", link).await;
    assert!(before.may(&world).await);
    let said = revokes(
        &world,
        &["--account", "payments-dev", "--role", "Developer"],
    );
    assert!(said.contains("role Developer: cut off"), "{said}");
    assert!(said.contains(POLICY), "{said}");
    assert!(!said.contains(REVOKER), "{said}");
    assert!(standing(&world, DEV, ("role", "Developer")).is_some());
    assert!(!before.may(&world).await);
    world.stop().await;
}
