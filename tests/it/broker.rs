//! The broker and the web around it: attacks by somebody with a valid login, or none.
//!
//! Each test bears the number of its row in the catalogue of attacks: B1 confused deputy, B2 links, B5 durations,
//! B6 destinations, B7 the sign-in URL's secrecy, B9 crossed credentials, B10 endpoints, B12 forged requests,
//! B13 sessions, B22 forged headers, B29 headers.

use std::collections::BTreeSet;

use reqwest::Method;
use url::Url;
use vestibule::web::{OPERATIONS, ROUTES};

use crate::world::World;
use crate::world::browser::Browser;

const ADMIN: &str = "/go/payments-prod/Admin";

/// What a form says.
type Fields = Vec<(String, String)>;

async fn signed_in(world: &World, username: &str) -> Browser {
    let browser = world.browser();
    let page = world.signs_in(&browser, "/?idp=corp", username).await;
    assert_eq!(page.status, 200, "{}", page.body);
    browser
}

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "a table")]
async fn b1_b2_no_spelling_of_a_role_reaches_aws_without_a_grant() {
    let world = World::start().await;
    let browser = signed_in(&world, "carl").await;
    world.aws_forgets();
    let account = [
        "payments-prod",
        "PAYMENTS-PROD",
        "111122223333",
        "payments-prod%20",
        "payments-prod%00",
        "payments%2Dprod",
    ];
    let role = [
        "Admin",
        "admin",
        "ADMIN",
        "Admin%20",
        "%20Admin",
        "Admin%00",
        "team%2FAdmin",
        "a%2F..%2FAdmin",
        "..%2FAdmin",
        "Admin;x",
        "Admin%23",
        "%41dmin",
        "%2541dmin",
        "Adm%E2%80%90in",
        "Admin.",
        "*",
        "%2A",
        "arn:aws:iam::111122223333:role%2Fteam%2FAdmin",
        "SamlReader",
        "WebReader",
        "Chained",
        "Narrow",
        "Federated",
        "Dropbox",
    ];
    let suffix = [
        "",
        "?role=Admin",
        "?account=payments-dev",
        "?role_name=Developer",
        "#Admin",
    ];
    let mut tried = 0;
    for account in account {
        for role in role {
            for suffix in suffix {
                let page = browser
                    .opens_once(&world.at(&format!("/go/{account}/{role}{suffix}")))
                    .await;
                assert!(
                    (400..500).contains(&page.status),
                    "{account}/{role}{suffix}: {}",
                    page.status
                );
                tried += 1;
            }
        }
    }
    assert!(tried >= 300, "{tried}");
    for path in [
        "/go?account_id=111122223333&role_name=Admin",
        "/go?account_id=111122223333",
        "/go/payments-prod/../payments-dev/Developer/../../payments-prod/Admin",
        "/go/payments-prod/Admin/",
        "//go/payments-prod/Admin",
    ] {
        let page = browser.opens_once(&world.at(path)).await;
        assert_ne!(page.status, 303, "{path}: {:?}", page.location());
    }
    let long = format!("/go/payments-prod/{}", "A".repeat(7000));
    assert!((400..500).contains(&browser.opens_once(&world.at(&long)).await.status));
    // URL parsers fold dots before they send, so the one honest role in the list may have been opened
    let roles: BTreeSet<String> = world
        .aws_saw()
        .iter()
        .filter_map(|entry| entry.parameters.get("RoleArn").cloned())
        .collect();
    assert!(
        roles.iter().all(|arn| arn.ends_with(":role/Developer")),
        "{roles:?}"
    );
    world.stop().await;
}

#[tokio::test]
async fn b5_hours_only_ever_shorten() {
    let world = World::start().await;
    let browser = signed_in(&world, "erin").await;
    for (hours, seconds) in [
        ("1", "3600"),
        ("2", "7200"),
        ("8", "28800"),
        ("12", "28800"),
        ("36", "28800"),
    ] {
        world.aws_forgets();
        let page = browser
            .opens_once(&world.at(&format!("{ADMIN}?hours={hours}")))
            .await;
        assert_eq!(page.status, 303, "{hours}: {}", page.body);
        let saw = world.aws_saw();
        assert_eq!(
            saw[1].parameters.get("SessionDuration").map(String::as_str),
            Some(seconds),
            "{hours}"
        );
    }
    world.stop().await;
}

#[tokio::test]
async fn b6_destinations_stay_on_the_console() {
    let world = World::start().await;
    let browser = signed_in(&world, "erin").await;
    world.aws_forgets();
    for destination in [
        "https://console.aws.amazon.com.evil.example/",
        "https://evil.example/console.aws.amazon.com",
        "//evil.example",
        "/\\evil.example",
        "https://console.aws.amazon.com@evil.example/",
        "https://evil.example\\@console.aws.amazon.com/",
        "javascript:alert(1)",
        "data:text/html,x",
        "http://console.aws.amazon.com/",
        "https://console.aws.amazon.com:8443/",
        "https://console.amazonaws-us-gov.com/",
        "https://evilconsole.aws.amazon.com/",
        "https://console.aws.amazon.com./",
        "https://console.aws.amazon.com%2eevil.example/",
        " https://console.aws.amazon.com/",
        "https:console.aws.amazon.com",
        "https://signin.aws.amazon.com/oauth?Action=logout",
        "https:///evil.example",
        "https://console。aws.amazon.com/",
    ] {
        let mut url = Url::parse(&world.at(ADMIN)).unwrap();
        url.query_pairs_mut()
            .append_pair("destination", destination);
        let page = browser.opens_once(url.as_str()).await;
        assert_eq!(page.status, 400, "{destination}: {:?}", page.location());
    }
    assert!(world.aws_saw().is_empty());
    let deep = "https://us-east-2.console.aws.amazon.com/ec2/home?region=us-east-2#Instances:search=a&b;c=d%26";
    let mut url = Url::parse(&world.at(ADMIN)).unwrap();
    url.query_pairs_mut().append_pair("destination", deep);
    let location = browser.opens_once(url.as_str()).await.location().unwrap();
    let sent = |name: &str| {
        location
            .query_pairs()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.into_owned())
    };
    assert_eq!(sent("Destination").as_deref(), Some(deep));
    // the expiry page leads back to the same place: role, account and page
    assert_eq!(sent("Issuer").as_deref(), Some(url.as_str()));
    world.stop().await;
}

#[tokio::test]
async fn b7_only_a_top_level_navigation_mints_and_only_the_location_tells() {
    let world = World::start().await;
    let browser = signed_in(&world, "erin").await;
    let url = Url::parse(&world.at(ADMIN)).unwrap();
    world.aws_forgets();
    for headers in [
        &[("sec-purpose", "prefetch")][..],
        &[("sec-purpose", "prefetch;prerender")],
        &[("purpose", "prefetch")],
        &[("x-moz", "prefetch")],
        &[("sec-fetch-dest", "image")],
        &[("sec-fetch-dest", "iframe")],
        &[("sec-fetch-dest", "empty")],
        &[("sec-fetch-dest", "script")],
        &[("sec-fetch-mode", "cors")],
        &[("sec-fetch-mode", "no-cors")],
    ] {
        let page = browser.once_raw(Method::GET, &url, headers).await;
        assert_ne!(page.status, 303, "{headers:?}");
    }
    let head = browser.once_raw(Method::HEAD, &url, &[]).await;
    assert_ne!(head.status, 303);
    assert!(world.aws_saw().is_empty());
    // from any site: bookmarks, chat, AWS's expiry page
    let headers = [
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-mode", "navigate"),
        ("sec-fetch-dest", "document"),
    ];
    let page = browser.once_raw(Method::GET, &url, &headers).await;
    assert_eq!(page.status, 303);
    assert_eq!(page.body, "");
    assert_eq!(page.header("referrer-policy"), "no-referrer");
    assert_eq!(page.header("cache-control"), "no-store");
    let names: Vec<&str> = page
        .headers
        .iter()
        .filter(|(_, value)| {
            value
                .to_str()
                .is_ok_and(|text| text.contains("SigninToken"))
        })
        .map(|(name, _)| name.as_str())
        .collect();
    assert_eq!(names, ["location"]);
    world.stop().await;
}

#[tokio::test]
async fn b9_credentials_never_cross_between_people() {
    let world = World::start().await;
    let mut people = Vec::new();
    for number in 0..8 {
        let name = format!("person{number}");
        let mut person = world.sandbox.people().find("erin").unwrap();
        person.username.clone_from(&name);
        person.subject = format!("subject-{name}");
        person.email = format!("{name}@example.com");
        world.sandbox.people().put(person);
        people.push((name.clone(), signed_in(&world, &name).await));
    }
    let links: Vec<String> = [
        "payments-prod/Admin",
        "payments-prod/Narrow",
        "payments-dev/Developer",
        "payments-prod/Federated",
    ]
    .iter()
    .map(|role| world.at(&format!("/go/{role}")))
    .collect();
    let mut clicks = Vec::new();
    for round in 0..5 {
        for (index, (name, browser)) in people.iter().enumerate() {
            let link = &links[(round + index) % links.len()];
            clicks.push(async move { (name, browser.opens_once(link).await) });
        }
    }
    for (name, page) in futures_util::future::join_all(clicks).await {
        // another browser: AWS would ask to sign out of the console before
        let browser = world.browser();
        let page = browser.follows(page).await;
        let console = world.console(&browser, &page).await;
        let principal = console["principal"].as_str().unwrap().to_owned();
        assert!(
            principal.contains(&format!("/{name}")),
            "{name} became {principal}"
        );
    }
    world.stop().await;
}

#[tokio::test]
async fn b10_proxies_in_the_environment_are_not_asked() {
    // a child process of its own would be needed to set the environment; the clients are built without looking at it,
    // so it is enough that no request of a whole sign-in reaches anything but the sandbox's own log
    let world = World::start().await;
    let browser = signed_in(&world, "erin").await;
    world.aws_forgets();
    let page = browser
        .opens(&world.at(&format!("{ADMIN}?region=us-east-1")))
        .await;
    world.console(&browser, &page).await;
    let hosts: BTreeSet<String> = world
        .aws_saw()
        .into_iter()
        .map(|entry| entry.host)
        .collect();
    // the region of a link moves the page, never the endpoints that get the credentials
    assert!(
        hosts
            .iter()
            .all(|host| host.ends_with("eu-west-1.amazonaws.com")
                || host.starts_with("eu-west-1.signin")),
        "{hosts:?}"
    );
    for region in [
        "us-east-1.evil.example",
        "us-east-1/",
        "..",
        "@evil.example",
        "us-east-1%2F..",
        "169.254.169.254",
    ] {
        let page = browser
            .opens_once(&world.at(&format!("{ADMIN}?region={region}")))
            .await;
        assert_eq!(page.status, 400, "{region}");
    }
    world.stop().await;
}

#[tokio::test]
async fn b12_forged_requests_change_nothing() {
    let world = World::start().await;
    let browser = signed_in(&world, "erin").await;
    let url = Url::parse(&world.at("/sign-out")).unwrap();
    let form = browser
        .opens(&world.at("/"))
        .await
        .forms()
        .into_iter()
        .find(|form| form.action.path() == "/sign-out")
        .unwrap();
    let origin = world.url.clone();
    let good: Vec<(String, String)> = form.fields.clone();
    let bad: Vec<(String, String)> = good
        .iter()
        .map(|(name, value)| (name.clone(), format!("{value}x")))
        .collect();
    let shapes: Vec<(Fields, Vec<(&str, &str)>)> = vec![
        (Vec::new(), vec![("origin", &origin)]),
        (bad, vec![("origin", &origin)]),
        (good.clone(), vec![("origin", "https://evil.example")]),
        (good.clone(), vec![("origin", "null")]),
        (good.clone(), vec![("origin", "http://sub.127.0.0.1:1")]),
        (
            good.clone(),
            vec![("origin", &origin), ("sec-fetch-site", "cross-site")],
        ),
        (good.clone(), vec![("sec-fetch-site", "same-site")]),
        (good.clone(), vec![]),
    ];
    for (fields, headers) in &shapes {
        let page = browser
            .once(Method::POST, &url, Some(fields), headers)
            .await;
        assert!(
            (400..500).contains(&page.status),
            "{headers:?}: {}",
            page.status
        );
    }
    for method in [Method::GET, Method::PUT, Method::DELETE, Method::PATCH] {
        let page = browser
            .once(
                method.clone(),
                &url,
                None,
                &[("x-http-method-override", "POST")],
            )
            .await;
        assert_eq!(page.status, 405, "{method}");
    }
    let me = browser.opens_once(&world.at("/api/v1/me")).await;
    assert_eq!(me.status, 200, "the session lives on");
    let page = browser.submits(&form).await;
    assert_eq!(page.status, 200, "{}", page.body);
    assert_eq!(
        browser.opens_once(&world.at("/api/v1/me")).await.status,
        401
    );
    world.stop().await;
}

#[tokio::test]
async fn b13_sessions_are_new_at_each_sign_in_and_forged_ones_are_none() {
    let world = World::start().await;
    let browser = signed_in(&world, "erin").await;
    let url = Url::parse(&world.at("/api/v1/me")).unwrap();
    let session = |browser: &Browser| {
        browser
            .cookies_for(&url)
            .into_iter()
            .find(|(name, _)| name.contains("session"))
            .unwrap()
    };
    let (name, first) = session(&browser);
    world.signs_in(&browser, "/?idp=okta", "erin").await;
    let (_, second) = session(&browser);
    assert_ne!(first, second);
    let old = world.browser();
    old.set_cookie(&url, &name, &first);
    assert_eq!(
        old.opens_once(url.as_str()).await.status,
        401,
        "the session before is over"
    );
    let mut forged = vec![
        String::new(),
        "x".repeat(10_000),
        "../../etc/passwd".to_owned(),
        second.to_uppercase(),
        format!("{second}A"),
        second[1..].to_owned(),
    ];
    for (index, letter) in second.char_indices() {
        let other = if letter == 'A' { 'B' } else { 'A' };
        forged.push(format!(
            "{}{other}{}",
            &second[..index],
            &second[index + 1..]
        ));
    }
    for value in forged {
        let browser = world.browser();
        browser.set_cookie(&url, &name, &value);
        let status = browser.opens_once(url.as_str()).await.status;
        assert!((400..500).contains(&status), "{value}: {status}");
    }
    // two cookies of one name: one was put there by somebody else
    let twice = world.browser();
    let line = format!("{name}={second}; {name}={first}");
    let page = twice
        .once(Method::GET, &url, None, &[("cookie", &line)])
        .await;
    assert!((400..500).contains(&page.status), "{}", page.status);
    world.stop().await;
}

#[tokio::test]
async fn b13_a_session_ends_by_idleness_and_in_the_end_anyway() {
    let world = World::start().await;
    let browser = signed_in(&world, "erin").await;
    let me = world.at("/api/v1/me");
    for _ in 0..14 {
        world.clock.advance(chrono::TimeDelta::minutes(50));
        assert_eq!(browser.opens_once(&me).await.status, 200);
    }
    world.clock.advance(chrono::TimeDelta::minutes(50));
    assert_eq!(
        browser.opens_once(&me).await.status,
        401,
        "twelve hours are over"
    );
    let browser = signed_in(&world, "erin").await;
    world.clock.advance(chrono::TimeDelta::minutes(61));
    assert_eq!(
        browser.opens_once(&me).await.status,
        401,
        "an hour without a click"
    );
    world.stop().await;
}

#[tokio::test]
async fn b22_no_header_names_our_address_or_the_visitors() {
    let world = World::start().await;
    for (name, value) in [
        ("x-forwarded-host", "evil.example"),
        ("x-forwarded-proto", "https"),
        ("x-forwarded-for", "203.0.113.9"),
        ("forwarded", "host=evil.example;for=203.0.113.9"),
        ("x-original-url", "/admin"),
        ("x-rewrite-url", "/admin"),
        ("x-host", "evil.example"),
        ("x-forwarded-server", "evil.example"),
        ("x-real-ip", "203.0.113.9"),
        ("x-forwarded-port", "1"),
        ("x-forwarded-prefix", "/evil"),
        ("via", "evil.example"),
    ] {
        let browser = world.browser();
        browser.always_sends(name, value);
        let metadata = browser.opens_once(&world.at("/saml/corp/metadata")).await;
        assert!(
            metadata.body.contains(&world.at("/saml/corp/acs")),
            "{name}"
        );
        let page = browser.opens_once(&world.at("/?idp=okta")).await;
        let location = page.location().unwrap();
        let redirect = location
            .query_pairs()
            .find(|(key, _)| key == "redirect_uri")
            .unwrap()
            .1
            .into_owned();
        assert_eq!(redirect, world.at("/oidc/okta/callback"), "{name}");
        assert!(
            !format!("{}{}", metadata.body, page.body).contains("evil.example"),
            "{name}"
        );
    }
    let browser = world.browser();
    browser.always_sends("x-forwarded-for", "203.0.113.9");
    world.signs_in(&browser, "/?idp=corp", "erin").await;
    let begun = world
        .audit(vestibule::domain::audit::EventKind::SessionBegan)
        .await;
    assert_eq!(begun[0].address.as_deref(), Some("127.0.0.1"));
    world.stop().await;
}

#[tokio::test]
async fn b22_a_trusted_proxy_says_who_the_visitor_is() {
    let world = World::builder()
        .with(
            "trusted_proxies = []",
            "trusted_proxies = [\"127.0.0.0/8\"]",
        )
        .start()
        .await;
    let browser = world.browser();
    browser.always_sends("x-forwarded-for", "198.51.100.1, 203.0.113.9, 127.0.0.2");
    world.signs_in(&browser, "/?idp=corp", "erin").await;
    let begun = world
        .audit(vestibule::domain::audit::EventKind::SessionBegan)
        .await;
    assert_eq!(
        begun[0].address.as_deref(),
        Some("203.0.113.9"),
        "the rightmost that is not a proxy of ours"
    );
    world.stop().await;
}

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "a table")]
async fn b29_every_answer_carries_its_headers() {
    let world = World::start().await;
    let browser = signed_in(&world, "erin").await;
    let operations = world.app.operations_url();
    let mut urls: Vec<(String, Url)> = Vec::new();
    for (base, table) in [(world.url.clone(), ROUTES), (operations, OPERATIONS)] {
        for route in table {
            let path = route
                .path
                .replace("{account}", "payments-prod")
                .replace("{role}", "Nothing")
                .replace("{idp}", "corp")
                .replace("{text:.+}", "x")
                .replace("{file}", "x")
                .replace("{n}", "1")
                .replace("{number}", "1");
            urls.push((
                route.method.to_owned(),
                Url::parse(&format!("{base}{path}")).unwrap(),
            ));
        }
        urls.push((
            "GET".to_owned(),
            Url::parse(&format!("{base}/nothing")).unwrap(),
        ));
        urls.push((
            "DELETE".to_owned(),
            Url::parse(&format!("{base}/healthz")).unwrap(),
        ));
    }
    for (method, url) in urls {
        let page = browser.once(method.parse().unwrap(), &url, None, &[]).await;
        assert!(
            page.status < 600 && page.status != 500,
            "{method} {url}: {}",
            page.status
        );
        for (name, wanted) in [
            ("x-content-type-options", "nosniff"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
        ] {
            assert_eq!(page.header(name), wanted, "{name} of {method} {url}");
        }
        let policy = page.header("content-security-policy");
        assert!(
            policy.contains("default-src 'none'")
                && policy.contains("frame-ancestors 'none'")
                && policy.contains("base-uri 'none'"),
            "{method} {url}: {policy}"
        );
        assert!(!policy.contains("unsafe"), "{policy}");
        assert!(
            ["same-origin", "no-referrer"].contains(&page.header("referrer-policy")),
            "{method} {url}"
        );
        assert!(
            !page.header("permissions-policy").is_empty(),
            "{method} {url}"
        );
        assert_eq!(page.header("cache-control"), "no-store", "{method} {url}");
    }
    let home = browser.opens_once(&world.at("/")).await;
    let styles = regex::Regex::new(r#"href="(/static/[^"]+)""#).unwrap();
    let style = styles.captures(&home.body).unwrap()[1].to_owned();
    let page = browser.opens_once(&world.at(&style)).await;
    assert_eq!(page.status, 200);
    assert!(page.header("cache-control").contains("immutable"));
    world.stop().await;
}

#[tokio::test]
async fn b4_a_claim_fills_its_slot_in_a_policy_and_nothing_else() {
    let world = World::start().await;
    let hostile = "a\",\"Effect\":\"Allow\"},{\"Effect\":\"Allow";
    let mut person = world.sandbox.people().find("erin").unwrap();
    person
        .attributes
        .insert("team".to_owned(), vec![hostile.to_owned()]);
    world.sandbox.people().put(person);
    let browser = signed_in(&world, "erin").await;
    world.aws_forgets();
    let page = browser
        .opens_once(&world.at("/go/payments-prod/Narrow"))
        .await;
    assert_eq!(page.status, 303, "{}", page.body);
    let saw = world.aws_saw();
    let policy: serde_json::Value =
        serde_json::from_str(saw[0].parameters.get("Policy").unwrap()).unwrap();
    let statements = policy["Statement"].as_array().unwrap();
    assert_eq!(statements.len(), 1, "{policy}");
    assert_eq!(statements[0]["Action"], "s3:GetObject");
    assert_eq!(
        statements[0]["Resource"],
        format!("arn:aws:s3:::team-{hostile}/*")
    );
    world.stop().await;
}
