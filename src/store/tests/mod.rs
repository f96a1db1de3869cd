//! The conformance suite: every test runs on `SQLite` and on `PostgreSQL`, each in a database of its own.

#[path = "../../../tests/support/postgres.rs"]
mod postgres;
pub(crate) mod world;

mod access_revisions;
mod audit;
mod audit_key;
mod crashes;
mod drafts;
mod faults;
mod flips;
mod kills;
mod last_identities;
mod migrations;
mod outages;
mod pending_logins;
mod preferences;
mod purge;
mod races;
mod revocations;
mod rights;
mod search;
mod sessions;
mod statements;
mod stops;
mod tampering;
mod tokens;

/// Declares tests that run on both engines: `fn name(world) { … }` becomes `name::sqlite` and `name::postgres`.
macro_rules! on_both_engines {
    ($($(#[$meta:meta])* async fn $name:ident($world:ident) $body:block)+) => {
        $($(#[$meta])*
        async fn $name($world: crate::store::tests::world::World) $body

        mod $name {
            use crate::store::tests::world::World;

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                super::$name(World::sqlite().await).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                super::$name(World::postgres().await).await;
            }
        })+
    };
}
use on_both_engines;
