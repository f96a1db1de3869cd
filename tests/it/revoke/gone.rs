//! A program that goes away while it is revoking.

use serde_json::json;
use tokio::io::AsyncWriteExt as _;
use vestibule::domain::audit::EventKind;
use vestibule_sandbox::aws::faults::{Fault, HostKind, Latch};

use super::{standing, start};
use crate::api::Program;
use crate::world::accounts::DEV;

const ROLE: &str = "payments-dev/Developer";

#[tokio::test]
async fn whoever_goes_away_finds_what_came_of_it_under_the_same_key() {
    let world = start().await;
    let browser = world.signed_in("ada").await;
    let token = crate::api::made(&world, &browser, &["revoke"]).await;
    let admin = Program::with(&world, Some(&token)).await;
    let body = json!({"role": ROLE}).to_string();
    let host = world.url.trim_start_matches("http://");
    let request = format!(
        "POST /api/v1/revocations HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\n\
         Content-Type: application/json\r\nIdempotency-Key: gone\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let latch = Latch::new();
    let held = Fault::HoldAnswer(latch.clone());
    let faults = &world.sandbox.simulation().faults;
    faults.plan(HostKind::Iam, Some("PutRolePolicy"), held);
    let mut stream = tokio::net::TcpStream::connect(host).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    // it is under way when the program is gone, all at once
    latch.arrived(1).await;
    stream.set_zero_linger().unwrap();
    drop(stream);
    let wanted = json!({"role": ROLE});
    let key = [("idempotency-key", "gone")];
    for _ in 0..5 {
        let answer = admin.posts_with("/revocations", &wanted, &key).await;
        answer.refused(409, "under-way");
    }
    latch.release();
    world.audited(EventKind::RevokeEnded, 1).await;
    let said = loop {
        let answer = admin.posts_with("/revocations", &wanted, &key).await;
        if answer.status != 409 {
            break answer.ok(200);
        }
        // what came of it is noted in a moment; asking is limited, reading here is not
        for _ in 0..20 {
            world.audit(EventKind::RevokeEnded).await;
        }
    };
    assert_eq!(said["outcome"], "done");
    assert_eq!(world.audit(EventKind::RevokeBegun).await.len(), 1);
    assert!(standing(&world, DEV, ("role", "Developer")).is_some());
    world.stop().await;
}
