//! Every SQL text is one that both engines accept.

use sqlx::{AssertSqlSafe, Executor as _, SqlSafeStr as _};

use super::on_both_engines;
use crate::store::{
    access_revisions, asked_before, audit, drafts, last_identities, migrations, pending_logins,
    people, preferences, revocations, sessions, stops, tokens,
};

fn all() -> Vec<(&'static str, String)> {
    let fixed = [
        access_revisions::STATEMENTS,
        drafts::STATEMENTS,
        last_identities::STATEMENTS,
        migrations::STATEMENTS,
        pending_logins::STATEMENTS,
        people::STATEMENTS,
        preferences::STATEMENTS,
        revocations::STATEMENTS,
        sessions::STATEMENTS,
        stops::STATEMENTS,
        tokens::STATEMENTS,
        asked_before::STATEMENTS,
    ];
    let fixed = fixed.into_iter().flatten();
    fixed
        .map(|(name, sql)| (*name, (*sql).to_owned()))
        .chain(audit::all_statements())
        .collect()
}

on_both_engines! {
    async fn every_statement_prepares(world) {
        for (name, sql) in all() {
            let prepared = world.store.database.writes.prepare(AssertSqlSafe(sql).into_sql_str()).await;
            assert!(prepared.is_ok(), "{name}: {:?}", prepared.err());
        }
    }
}

/// The text of every file of the folder but the tests.
fn sources(folder: &std::path::Path) -> String {
    let mut text = String::new();
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() && !path.ends_with("tests") {
            text += &sources(&path);
        } else if path.is_file() {
            text += &std::fs::read_to_string(&path).expect("a source file");
        }
    }
    text
}

#[test]
fn no_statement_escapes_the_lists() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/store");
    let text = sources(std::path::Path::new(folder));
    // twelve files, and eight of the audit folder, which lists its own
    assert_eq!(text.matches("\nstatements! {").count(), 20);
    assert!(!text.contains("query(\"") && !text.contains("raw_sql("));
}
