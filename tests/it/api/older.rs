//! Tokens are kept with what a provider said last of their person, whichever session or token asks for them.

use chrono::TimeDelta;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use vestibule::clock::Clock as _;
use vestibule::domain::audit::EventKind;

use super::{Program, made, makes, shown};
use crate::world::World;

/// From their next sign-in on, erin is in no group any more.
fn loses_every_group(world: &World) {
    let mut person = world.sandbox.people().find("erin").unwrap();
    person.groups.clear();
    world.sandbox.people().put(person);
    world.clock.advance(TimeDelta::seconds(1));
}

async fn roles(world: &World, token: &str) -> usize {
    let program = Program::with(world, Some(token)).await;
    let me = program.gets("/me").await.ok(200);
    me["roles"].as_array().unwrap().len()
}

#[tokio::test]
async fn an_older_session_makes_no_token_with_what_its_person_has_no_more() {
    let world = World::start().await;
    let older = world.signed_in("erin").await;
    let first = made(&world, &older, &["me:read"]).await;
    assert!(roles(&world, &first).await > 3);
    loses_every_group(&world);
    let newer = world.signed_in("erin").await;
    assert_eq!(roles(&world, &first).await, 0);
    let refused = |page: crate::world::browser::Page| {
        page.is_refused(422, "token-refused");
        assert!(page.body.contains("signed in anew"), "{}", page.body);
        assert!(page.links().iter().any(|link| link == "/sign-in"));
    };
    let wanted = ("a year of it", "365");
    refused(makes(&world, &older, wanted, &["me:read"]).await);
    // nor once the newer session is over
    let page = newer.opens(&world.at("/")).await;
    let mut forms = page.forms().into_iter();
    let out = forms.find(|form| form.action.path() == "/sign-out");
    assert_eq!(newer.submits_once(&out.unwrap()).await.status, 200);
    refused(makes(&world, &older, wanted, &["me:read"]).await);
    assert_eq!(world.audit(EventKind::TokenMade).await.len(), 1);
    let now = world.clock.now();
    let all = world.app.store().all_tokens("", 10, now).await.unwrap();
    assert_eq!(all.len(), 1, "nothing is left of what was refused");
    // somebody else's sign-in is nobody's but theirs
    let carl = world.signed_in("carl").await;
    world.clock.advance(TimeDelta::seconds(1));
    world.signed_in("ada").await;
    made(&world, &carl, &["me:read"]).await;
    // whoever signs in again makes one, with what they have
    world.clock.advance(TimeDelta::seconds(1));
    world.signs_in(&older, "/sign-in/corp", "erin").await;
    let token = shown(&makes(&world, &older, wanted, &["me:read"]).await);
    assert_eq!(roles(&world, &token).await, 0);
    world.stop().await;
}

#[tokio::test]
async fn a_token_makes_another_with_what_was_said_last() {
    let world = World::start().await;
    let browser = world.signed_in("erin").await;
    let token = made(&world, &browser, &["me:read", "tokens"]).await;
    let program = Program::with(&world, Some(&token)).await;
    let wanted = json!({"name": "another", "scopes": ["me:read"], "days": 7});
    let another = program.posts("/tokens", &wanted).await.ok(201);
    let another = another["token"].as_str().unwrap();
    assert!(roles(&world, another).await > 3);
    loses_every_group(&world);
    world.signed_in("erin").await;
    let later = program.posts("/tokens", &wanted).await.ok(201);
    let later = later["token"].as_str().unwrap();
    assert_eq!(roles(&world, later).await, 0);
    world.stop().await;
}

#[tokio::test]
async fn a_request_that_is_sent_slowly_makes_no_token_of_before() {
    let world = World::start().await;
    let browser = world.signed_in("erin").await;
    let token = made(&world, &browser, &["me:read", "tokens"]).await;
    let body = json!({"name": "slow", "scopes": ["me:read"], "days": 7}).to_string();
    let host = world.url.trim_start_matches("http://");
    let head = format!(
        "POST /api/v1/tokens HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\n\
         Content-Type: application/json\r\nConnection: close\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    let mut stream = TcpStream::connect(host).await.unwrap();
    stream.write_all(head.as_bytes()).await.unwrap();
    // the token has been recognised, and the body is awaited
    loop {
        let now = world.clock.now();
        let all = world.app.store().all_tokens("", 10, now).await.unwrap();
        if all.iter().any(|token| token.used.is_some()) {
            break;
        }
        tokio::task::yield_now().await;
    }
    loses_every_group(&world);
    world.signed_in("erin").await;
    stream.write_all(body.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
    let (_, said) = answer.split_once("\r\n\r\n").unwrap();
    let from = said.find('{').unwrap();
    let to = said.rfind('}').unwrap();
    let said: Value = serde_json::from_str(&said[from..=to]).unwrap();
    let slow = said["token"].as_str().unwrap();
    assert_eq!(roles(&world, slow).await, 0);
    world.stop().await;
}
