//! What one scope does not stand for another: reading, writing and ending access.

use super::Program;
use super::drafts::Draft;
use crate::world::World;

/// Of a draft: how, where, and what that needs.
const OF_A_DRAFT: &[(&str, &str, &str)] = &[
    ("GET", "", "access:read"),
    ("PUT", "", "access:write"),
    ("DELETE", "", "access:write"),
    ("GET", "/review", "access:read"),
    ("POST", "/rebase", "access:write"),
    ("POST", "/publish", "access:write"),
    ("GET", "/entries/rules", "access:read"),
    ("POST", "/entries/rules", "access:write"),
    ("GET", "/entries/rules/entry?name=x", "access:read"),
    ("PUT", "/entries/rules/entry?name=x", "access:write"),
    ("DELETE", "/entries/rules/entry?name=x", "access:write"),
];

/// Elsewhere, likewise.
const ELSEWHERE: &[(&str, &str, &str)] = &[
    ("GET", "/drafts", "access:read"),
    ("POST", "/drafts", "access:write"),
    ("POST", "/simulate", "access:read"),
    ("GET", "/revocations", "revoke"),
    ("POST", "/revocations", "revoke"),
    ("POST", "/revocations/plan", "revoke"),
    ("POST", "/revocations/people", "revoke"),
];

#[tokio::test]
async fn reading_is_not_writing_and_neither_is_ending_access() {
    let world = World::start().await;
    let scopes = ["access:read", "access:write", "revoke"];
    let [reader, writer, revoker] = [
        Program::of(&world, "ada", &scopes[..1]).await,
        Program::of(&world, "ada", &scopes[1..2]).await,
        Program::of(&world, "ada", &scopes[2..]).await,
    ];
    let draft = Draft::begin(&writer).await;
    let of_it = OF_A_DRAFT.iter();
    let of_it =
        of_it.map(|(method, ending, scope)| (method, format!("{}{ending}", draft.path), scope));
    let elsewhere = ELSEWHERE.iter();
    let elsewhere = elsewhere.map(|(method, path, scope)| (method, (*path).to_owned(), scope));
    for (method, path, needed) in of_it.chain(elsewhere) {
        for (program, has) in [&reader, &writer, &revoker].into_iter().zip(scopes) {
            if has == *needed {
                continue;
            }
            let headers = [
                ("content-type", "application/json"),
                ("if-match", draft.tag.as_str()),
                ("idempotency-key", "a"),
            ];
            let body = ["POST", "PUT"].contains(method).then(|| "{}".to_owned());
            let answer = program.sends(method, &path, &headers, body).await;
            answer.refused(403, "scope-lacking");
            assert_eq!(answer.json["scope"], *needed, "{method} {path}");
        }
    }
    assert_eq!(world.app.store().drafts().await.unwrap()[0].version, 1);
    world.stop().await;
}
