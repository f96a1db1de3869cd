//! Who it is, and in which groups. O14, O15.

use serde_json::{Value, json};
use vestibule_sandbox::idp::oidc::{Groups, OidcOptions};

use super::scene::{Scene, claim};
use crate::world::browser::Browser;
use crate::world::{OIDC, World};

/// Changes how the provider behaves.
type Change = fn(&mut OidcOptions);

fn roles(me: &Value) -> usize {
    me["roles"].as_array().unwrap().len()
}

// O14
#[tokio::test]
async fn groups_that_were_too_many_to_send_give_no_roles_and_the_portal_says_so() {
    let scene = Scene::start().await;
    let overages: [(&str, Change); 4] = [
        ("elsewhere", |o| o.groups = Groups::Overage),
        ("hinted", |o| claim("hasgroups", Some(json!(true)))(o)),
        ("hinted in words", |o| {
            claim("hasgroups", Some(json!("true")))(o);
        }),
        ("elsewhere, and groups beside it", |o| {
            claim("_claim_names", Some(json!({ "groups": "src1" })))(o);
        }),
    ];
    for (what, change) in overages {
        scene.provider().configure(change);
        let browser = scene.browser();
        let callback = scene.answer(&browser).await;
        let page = browser.opens(callback.as_str()).await;
        scene
            .provider()
            .configure(|options| *options = OidcOptions::default());
        assert_eq!(page.status, 200, "{what}: {}", page.body);
        assert!(
            page.body.contains("Your groups were too many to send"),
            "{what}: {}",
            page.body
        );
        let me = scene.me(&browser).await.unwrap();
        assert_eq!(roles(&me), 0, "{what}: {me}");
    }
    let me = scene.accepts("few enough", |_| ()).await;
    assert!(roles(&me) > 0, "{me}");
    scene.ends().await;
}

// O14
#[tokio::test]
async fn groups_count_value_by_value_and_only_as_they_stand() {
    let scene = Scene::start().await;
    for groups in [
        json!("payments-eng,other"),
        json!("payments-eng other"),
        json!(" payments-eng"),
        json!("Payments-Eng"),
        json!("*"),
        json!([["payments-eng"]]),
        json!({ "payments-eng": true }),
        json!([{ "name": "payments-eng" }]),
        json!(["payments-eng "]),
        json!(["payments-eng\u{0}"]),
        json!(["payments\u{2010}eng"]),
        json!("[\"payments-eng\"]"),
        json!([1, 2.5, true, null]),
        json!(7),
        json!([]),
        json!(null),
    ] {
        let what = format!("groups {groups}");
        let me = scene.accepts(&what, claim("groups", Some(groups))).await;
        assert_eq!(roles(&me), 0, "{what}: {me}");
    }
    for groups in [json!("payments-eng"), json!(["other", "payments-eng", 7])] {
        let what = format!("groups {groups}");
        let me = scene.accepts(&what, claim("groups", Some(groups))).await;
        assert!(roles(&me) > 0, "{what}: {me}");
    }
    let many: Vec<String> = (0..5_001).map(|n| n.to_string()).collect();
    let refused = claim("groups", Some(json!(many)));
    scene
        .refuses("5,001 groups", "oidc.too_many_values", refused)
        .await;
    // a token beyond 64 KB is not looked at, an answer beyond 1 MB not even read to its end
    for (count, code) in [(40_000, "oidc.token_size"), (200_000, "idp.unreachable")] {
        let many: Vec<String> = (0..count).map(|n: i32| n.to_string()).collect();
        let what = format!("{count} groups");
        let refused = claim("groups", Some(json!(many)));
        scene.refuses(&what, code, refused).await;
    }
    scene.ends().await;
}

/// Signs in with these claims; what AWS is told that the person is called.
async fn name_at_aws(scene: &Scene, claims: &[(&'static str, Option<Value>)]) -> String {
    let claims = claims.to_vec();
    scene.provider().configure(move |options| {
        options.edit_claims = Some(std::sync::Arc::new(move |all| {
            for (name, value) in &claims {
                match value {
                    Some(value) => all.insert((*name).to_owned(), value.clone()),
                    None => all.remove(*name),
                };
            }
        }));
    });
    let browser: Browser = scene.browser();
    let callback = scene.answer(&browser).await;
    let page = browser.opens_once(callback.as_str()).await;
    assert_eq!(page.status, 303, "{}", page.body);
    scene.world.aws_forgets();
    let link = scene.world.at("/go/payments-dev/Developer");
    let page = browser.opens_once(&link).await;
    assert_eq!(page.status, 303, "{}", page.body);
    let saw = scene.world.aws_saw();
    let mut names = saw
        .iter()
        .filter_map(|entry| entry.parameters.get("RoleSessionName"));
    names.next().unwrap().clone()
}

// O15
#[tokio::test]
async fn a_person_is_the_subject_and_never_the_address() {
    let domains = "algorithms = [\"RS256\", \"ES256\"]";
    let unique = format!("{domains}\nunique_email_domains = [\"example.org\"]");
    let scene = Scene::of(World::builder().with(domains, &unique)).await;
    let victim = "erin@example.org";
    let address = ("email", Some(json!(victim)));
    let name = name_at_aws(&scene, std::slice::from_ref(&address)).await;
    assert_eq!(name, victim);
    let mut names = vec![victim.to_owned()];
    let sub = |subject: &str| ("sub", Some(json!(subject)));
    let unverified = [
        Some(json!(false)),
        Some(json!("true")),
        Some(json!(1)),
        Some(json!(null)),
        None,
    ];
    for (number, verified) in unverified.into_iter().enumerate() {
        let subject = format!("attacker-{number}");
        let claims = [sub(&subject), address.clone(), ("email_verified", verified)];
        names.push(name_at_aws(&scene, &claims).await);
    }
    // one that names itself like the victim, and ones whose subject nearly is the victim's
    let preferred = ("preferred_username", Some(json!(victim)));
    names.push(name_at_aws(&scene, &[sub("attacker"), ("email", None), preferred]).await);
    for subject in [
        "person-Erin",
        "person-erin ",
        "person-erin.",
        "person-\u{0435}rin",
        victim,
    ] {
        let claims = [sub(subject), ("email", None)];
        names.push(name_at_aws(&scene, &claims).await);
    }
    let count = names.len();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), count, "two people share a name: {names:?}");
    scene.ends().await;
}

// O15
#[tokio::test]
async fn subjects_are_kept_byte_for_byte_or_refused() {
    let scene = Scene::start().await;
    for subject in [
        json!(""),
        json!("person\u{0}erin"),
        json!("person\nerin"),
        json!("s".repeat(256)),
        json!("s".repeat(40_000)),
        json!(1),
        json!(["person-erin"]),
        json!(null),
    ] {
        scene
            .refuses_claim("sub", Some(subject), "oidc.subject")
            .await;
    }
    let long = json!("s".repeat(65_000));
    scene
        .refuses_claim("sub", Some(long), "oidc.token_size")
        .await;
    scene.refuses_claim("sub", None, "oidc.subject").await;
    for subject in [
        "PERSON-ERIN",
        " person-erin",
        "p\u{e9}rson",
        "pe\u{301}rson",
        "1",
    ] {
        let kept = claim("sub", Some(json!(subject)));
        let me = scene.accepts(subject, kept).await;
        assert_eq!(me["subject"], subject);
        assert_eq!(me["idp"], OIDC);
    }
    scene.ends().await;
}
