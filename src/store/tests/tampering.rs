//! Whatever is done to the record shows, in the right row (B18).

use std::fmt::Write as _;

use super::audit::{write, write_at_once};
use super::on_both_engines;
use super::world::World;
use crate::store::audit::{Finding, Verification};

async fn check(world: &World) -> Verification {
    world.store.verify(&[]).await.expect("checked")
}

on_both_engines! {
    async fn a_change_to_any_column_is_found_in_its_row(world) {
        write(&world.store, 20).await;
        for change in ["at = at + 1", "kind = 'signin_ended'", "event = event || ' '", "previous = 'x'",
                       "mac = 'x'", "chain = 'x'", "sequence = 999"] {
            world.tamper("CREATE TABLE kept AS SELECT * FROM audit WHERE position = 10").await;
            world.tamper(&format!("UPDATE audit SET {change} WHERE position = 10")).await;
            let checked = check(&world).await;
            assert_eq!(checked.findings.len(), 1, "{change}: {:?}", checked.findings);
            assert!(matches!(&checked.findings[0], Finding::Altered(place) if place.position == 10), "{change}: {:?}", checked.findings);
            world.tamper("DELETE FROM audit WHERE position = 10; INSERT INTO audit SELECT * FROM kept; DROP TABLE kept").await;
            assert!(check(&world).await.is_clean());
        }
    }

    async fn a_removed_row_is_found_wherever_it_stood(world) {
        write(&world.store, 10).await;
        for (gone, first, last) in [("position = 5", 5, 5), ("position IN (1, 2)", 1, 2), ("position > 8", 9, 10)] {
            world.tamper("CREATE TABLE kept AS SELECT * FROM audit").await;
            world.tamper(&format!("DELETE FROM audit WHERE {gone}")).await;
            assert_eq!(check(&world).await.findings, [Finding::Removed { first, last }], "{gone}");
            world.tamper("DELETE FROM audit; INSERT INTO audit SELECT * FROM kept; DROP TABLE kept").await;
        }
        world.tamper("DELETE FROM audit").await;
        assert_eq!(check(&world).await.findings, [Finding::Removed { first: 1, last: 10 }]);
    }

    async fn a_whole_chain_that_is_removed_leaves_its_gaps(world) {
        let gone = write(&world.replica().await, 3).await;
        write(&world.store, 3).await;
        world.tamper(&format!("DELETE FROM audit WHERE chain = '{}'", gone[0].chain)).await;
        assert_eq!(check(&world).await.findings, [Finding::Removed { first: 1, last: 3 }]);
    }

    async fn the_loss_of_the_newest_rows_shows_against_an_exported_head(world) {
        write(&world.store, 10).await;
        let heads = world.store.heads().await.expect("heads");
        world.tamper("DELETE FROM audit WHERE position > 7; DELETE FROM audit_terms WHERE position > 7; \
                      UPDATE audit_position SET last = 7").await;
        assert!(check(&world).await.is_clean(), "without the head nothing is left to tell");
        let checked = world.store.verify(&heads).await.expect("checked");
        assert_eq!(checked.findings, [Finding::HeadLost(heads[0].clone())]);
    }

    async fn an_inserted_row_is_found(world) {
        write(&world.store, 5).await;
        for (position, sequence) in [(99, 99), (0, 99), (-5, -5), (i64::MAX, 1)] {
            world.tamper(&format!("INSERT INTO audit SELECT {position}, 'forged', {sequence}, at, kind, event, previous, mac \
                                   FROM audit WHERE position = 3")).await;
            let checked = check(&world).await;
            assert_eq!(checked.findings.len(), 1, "{position}: {:?}", checked.findings);
            assert!(matches!(&checked.findings[0], Finding::Inserted(place) if place.position == position), "{:?}", checked.findings);
            world.tamper("DELETE FROM audit WHERE chain = 'forged'").await;
        }
    }

    async fn a_row_that_stands_twice_is_found_though_it_is_genuine(world) {
        write(&world.store, 5).await;
        world.tamper("CREATE TABLE twice AS SELECT * FROM audit UNION ALL SELECT * FROM audit WHERE position = 3; \
                      DROP TABLE audit; ALTER TABLE twice RENAME TO audit").await;
        let checked = check(&world).await;
        assert_eq!(checked.findings.len(), 1);
        assert!(matches!(&checked.findings[0], Finding::Inserted(place) if place.position == 3));
    }

    async fn rows_that_changed_places_are_found_with_the_places_they_had(world) {
        write(&world.store, 9).await;
        world.tamper("UPDATE audit SET position = 1000, sequence = 1000 WHERE position = 3; \
                      UPDATE audit SET position = 3, sequence = 3 WHERE position = 6; \
                      UPDATE audit SET position = 6, sequence = 6 WHERE position = 1000").await;
        let moved: Vec<_> = check(&world).await.findings.iter().map(ToString::to_string).collect();
        assert_eq!(moved.len(), 2, "{moved:?}");
        assert!(moved[0].starts_with("row 3 ") && moved[0].contains("was written as row 6 "), "{moved:?}");
        assert!(moved[1].starts_with("row 6 ") && moved[1].contains("was written as row 3 "), "{moved:?}");
    }

    async fn a_row_that_was_moved_away_is_found_with_the_place_it_had(world) {
        write(&world.store, 9).await;
        for to in [500, -1] {
            world.tamper(&format!("UPDATE audit SET position = {to} WHERE position = 4")).await;
            let checked = check(&world).await;
            assert_eq!(checked.findings.len(), 1, "{:?}", checked.findings);
            assert!(matches!(&checked.findings[0], Finding::Moved { found, written } if found.position == to && written.position == 4));
            world.tamper(&format!("UPDATE audit SET position = 4 WHERE position = {to}")).await;
        }
    }

    async fn a_database_put_back_under_a_running_process_shows(world) {
        write(&world.store, 5).await;
        world.tamper("CREATE TABLE kept AS SELECT * FROM audit").await;
        write(&world.store, 3).await;
        world.tamper("DELETE FROM audit; INSERT INTO audit SELECT * FROM kept; UPDATE audit_position SET last = 5; \
                      DELETE FROM audit_terms WHERE position > 5").await;
        write(&world.store, 2).await;
        let checked = check(&world).await;
        assert_eq!(checked.findings.len(), 1, "{:?}", checked.findings);
        assert!(matches!(&checked.findings[0], Finding::Unlinked(place) if place.position == 6));
    }

    async fn another_key_finds_every_row(world) {
        write_at_once(&world.store, 300).await;
        let stranger = crate::store::Store::open(&world.url, crate::store::AuditKey::new([9; 32]),
            std::sync::Arc::new(crate::random::SystemRandom)).await.expect("opened");
        let checked = stranger.verify(&[]).await.expect("checked");
        assert_eq!(checked.findings.len(), 300);
        assert!(checked.heads.is_empty());
    }

    async fn what_a_forged_row_claims_is_shown_safely(world) {
        write(&world.store, 1).await;
        world.tamper("UPDATE audit SET chain = 'a\u{1b}[2J\nrow 5 is fine'").await;
        let text = check(&world).await.findings[0].to_string();
        assert!(!text.contains('\u{1b}') && !text.contains('\n'), "{text}");
    }
}

/// Every byte of every column of a row, one after the other, on the engine whose columns take any bytes.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_byte_that_is_flipped_is_found_in_its_row() {
    let world = World::sqlite().await;
    write(&world.store, 3).await;
    // thousands of changes that nobody needs to be durable
    world.tamper("PRAGMA synchronous = OFF").await;
    let row = world.store.export(1, 1).await.expect("rows").remove(0);
    let texts = [
        ("chain", row.chain.len()),
        ("kind", row.kind.len()),
        ("event", row.event.len()),
        ("previous", row.previous.len()),
        ("mac", row.mac.len()),
    ];
    world
        .tamper("CREATE TABLE kept AS SELECT * FROM audit WHERE position = 2")
        .await;
    for (column, length) in texts {
        for byte in 1..=length {
            // 0x20 gives another letter, 0x80 gives what is no UTF-8
            for mask in ["20", "80"] {
                flip(&world, column, byte, mask).await;
                let checked = check(&world).await;
                let named = match &checked.findings[..] {
                    [Finding::Altered(place)] => place.position == 2,
                    [Finding::Unreadable(position)] => *position == Some(2),
                    _ => false,
                };
                assert!(named, "{column}[{byte}] ^ {mask}: {:?}", checked.findings);
                world
                    .tamper("DELETE FROM audit WHERE position = 2; INSERT INTO audit SELECT * FROM kept")
                    .await;
            }
        }
    }
    for bit in 0..63 {
        for column in ["at", "sequence", "position"] {
            let flipped = format!(
                "UPDATE audit SET {column} = ({column} | (1 << {bit})) - ({column} & (1 << {bit})) WHERE position = 2"
            );
            if column != "at" && bit < 2 {
                continue; // that place is taken: an index refuses
            }
            world.tamper(&flipped).await;
            let checked = check(&world).await;
            assert!(!checked.is_clean(), "{column} ^ 1 << {bit}");
            world.tamper("DELETE FROM audit WHERE position NOT IN (1, 3); INSERT INTO audit SELECT * FROM kept").await;
        }
    }
    assert!(check(&world).await.is_clean());
}

/// Flips bits of one byte of a text column of row 2.
async fn flip(world: &World, column: &str, byte: usize, mask: &str) {
    let rows = world.store.export(1, 1).await.expect("rows");
    let row = &rows[0];
    let text = match column {
        "chain" => &row.chain,
        "kind" => &row.kind,
        "event" => &row.event,
        "previous" => &row.previous,
        _ => &row.mac,
    };
    let mask = u8::from_str_radix(mask, 16).expect("a mask");
    let mut bytes = String::new();
    for (n, b) in text.bytes().enumerate() {
        let b = if n + 1 == byte { b ^ mask } else { b };
        write!(bytes, "{b:02x}").expect("a String takes all");
    }
    world
        .tamper(&format!(
            "UPDATE audit SET {column} = CAST(x'{bytes}' AS TEXT) WHERE position = 2"
        ))
        .await;
}
