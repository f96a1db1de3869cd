//! Last identities: sealed, swept, and unreadable without the key.

use std::sync::Arc;

use base64::Engine as _;

use super::on_both_engines;
use super::world::{World, at, identity, idp, subject};
use crate::random::SystemRandom;
use crate::store::{ImpactKey, LastIdentity};

fn key(byte: u8) -> ImpactKey {
    ImpactKey::new(&[byte; 32], Arc::new(SystemRandom)).expect("a key")
}

/// The people seen after a moment that can be read, and how many cannot be.
async fn seen(world: &World, key: &ImpactKey, since: i64) -> (Vec<LastIdentity>, usize) {
    let all = world
        .store
        .last_identities(at(since), ("", 100))
        .await
        .expect("an answer");
    let open: Vec<_> = all.iter().filter_map(|sealed| sealed.open(key)).collect();
    let unreadable = all.len() - open.len();
    (open, unreadable)
}

/// All that the table holds, as text.
async fn rows(world: &World) -> Vec<(String, String)> {
    use sqlx::Row as _;
    let rows = sqlx::query("SELECT person, sealed FROM last_identities ORDER BY person")
        .fetch_all(&world.store.database.writes)
        .await
        .expect("rows");
    rows.iter()
        .map(|row| (row.get::<String, _>(0), row.get::<String, _>(1)))
        .collect()
}

on_both_engines! {
    async fn a_person_is_kept_as_they_were_last_seen(world) {
        let store = &world.store;
        let mut ada = identity("ada");
        store.note_identity(&key(1), &ada, at(0)).await.expect("noted");
        ada.attributes.insert("team".to_owned(), vec!["red".to_owned()]);
        store.note_identity(&key(1), &ada, at(5)).await.expect("noted");
        // an older one that comes late changes nothing
        store.note_identity(&key(1), &identity("ada"), at(3)).await.expect("noted");
        let (people, unreadable) = seen(&world, &key(1), -1).await;
        assert_eq!((people.len(), unreadable), (1, 0));
        assert_eq!((&people[0].identity, people[0].seen), (&ada, at(5)));
        let one = store.last_identity((&idp("corp"), &subject("ada")), at(0)).await.expect("an answer");
        assert_eq!(one.expect("somebody").open(&key(1)).expect("readable").identity, ada);
        let nobody = store.last_identity((&idp("corp"), &subject("Ada")), at(0)).await;
        assert!(nobody.expect("an answer").is_none());
    }

    async fn nothing_of_an_identity_can_be_read_without_the_key(world) {
        let store = &world.store;
        let mut ada = identity("ada");
        ada.attributes.insert("canary".to_owned(), vec!["CANARY-VALUE".to_owned()]);
        ada.display_name = "CANARY-NAME".to_owned();
        store.note_identity(&key(1), &ada, at(0)).await.expect("noted");
        let (person, sealed) = rows(&world).await.remove(0);
        let (_, bytes) = sealed.rsplit_once('.').expect("three parts");
        let bytes = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(bytes).expect("base64");
        for text in [person.as_bytes(), sealed.as_bytes(), &bytes[..]] {
            let text = String::from_utf8_lossy(text).to_lowercase();
            assert!(!text.contains("canary"), "{text}");
        }
        let (people, unreadable) = seen(&world, &key(2), -1).await;
        assert_eq!((people.len(), unreadable), (0, 1));
        // the same thing sealed twice looks different
        store.note_identity(&key(1), &ada, at(0)).await.expect("noted");
        assert_ne!(rows(&world).await.remove(0).1, sealed);
    }

    async fn what_was_tampered_with_is_unreadable_and_breaks_nothing(world) {
        let store = &world.store;
        for name in ["ada", "bob"] {
            store.note_identity(&key(1), &identity(name), at(0)).await.expect("noted");
        }
        let before = rows(&world).await;
        // each of the other's, in the other's place
        let [(first, one), (second, other)] = &before[..] else { panic!("two people") };
        let set = |person: &str, sealed: &str| {
            format!("UPDATE last_identities SET sealed = '{sealed}' WHERE person = '{person}'")
        };
        let cut = &one[..one.len() - 4];
        let turned = one.replacen("1.", "2.", 1);
        for wrong in [other.as_str(), cut, &turned, "", ".", "1..", "1.x.y", "é"] {
            world.tamper(&set(first, wrong)).await;
            let (people, unreadable) = seen(&world, &key(1), -1).await;
            assert_eq!((people.len(), unreadable), (1, 1), "{wrong}");
        }
        world.tamper(&set(second, one)).await;
        let (people, unreadable) = seen(&world, &key(1), -1).await;
        assert_eq!((people.len(), unreadable), (0, 2));
    }

    async fn people_come_in_portions_and_are_forgotten_in_time(world) {
        let store = &world.store;
        for number in 0..7 {
            store.note_identity(&key(1), &identity(&format!("p{number}")), at(number)).await.expect("noted");
        }
        let (mut after, mut sizes) = (String::new(), Vec::new());
        loop {
            let portion = store.last_identities(at(0), (&after, 3)).await.expect("an answer");
            sizes.push(portion.len());
            match portion.last() {
                Some(last) => last.person().clone_into(&mut after),
                None => break,
            }
        }
        assert_eq!(sizes, [3, 3, 0], "whoever was seen at that moment or before is left out");
        assert_eq!(store.forget_identities(at(4)).await.expect("swept"), 5);
        assert_eq!(store.count_last_identities().await.expect("an answer"), 2);
        let old = store.last_identity((&idp("corp"), &subject("p5")), at(5)).await;
        assert!(old.expect("an answer").is_none());
    }
}
