//! Both kinds of proof, after both kinds of login, in both partitions; and without a single AWS credential in reach.

use super::{asked, erin, goes, tag, trusted};
use crate::world::accounts::{GOV, PROD};
use crate::world::issuer::ROLES;
use crate::world::{OIDC, SAML, World};

const LINKS: [(&str, &str, &str); 4] = [
    (
        "/go/payments-prod/IssuedSaml",
        "AssumeRoleWithSAML",
        "sts.eu-west-1.amazonaws.com",
    ),
    (
        "/go/payments-prod/IssuedWeb",
        "AssumeRoleWithWebIdentity",
        "sts.eu-west-1.amazonaws.com",
    ),
    (
        "/go/gov-prod/GovIssuedSaml",
        "AssumeRoleWithSAML",
        "sts.us-gov-west-1.amazonaws.com",
    ),
    (
        "/go/gov-prod/GovIssuedWeb",
        "AssumeRoleWithWebIdentity",
        "sts.us-gov-west-1.amazonaws.com",
    ),
];

#[tokio::test]
async fn every_proof_of_ours_opens_the_console_after_any_login_in_every_partition() {
    let world = trusted().await;
    for idp in [SAML, OIDC] {
        for (link, operation, host) in LINKS {
            let browser = world.browser();
            world.aws_forgets();
            let page = world
                .signs_in(&browser, &format!("{link}?idp={idp}"), "erin")
                .await;
            let console = world.console(&browser, &page).await;
            let (partition, account) = if link.contains("gov-prod") {
                ("aws-us-gov", GOV)
            } else {
                ("aws", PROD)
            };
            let role = link.rsplit('/').next().unwrap();
            let principal = console["principal"].as_str().unwrap();
            let prefix = format!("arn:{partition}:sts::{account}:assumed-role/{role}/");
            let name = principal
                .strip_prefix(&prefix)
                .unwrap_or_else(|| panic!("{principal}"));
            // corp's mail domain is listed as unique, okta's is not
            assert_eq!(name.contains('='), idp == OIDC, "{name}");
            assert_eq!(console["source_identity"], name);
            assert_eq!(tag(&console, "team"), "payments");
            assert_eq!(tag(&console, "who"), name);
            assert_eq!(
                console["transitive_tag_keys"],
                serde_json::json!(["team"]),
                "{console}"
            );
            let asked = asked(&world);
            let [sts, exchange] = &asked[..] else {
                panic!("not two requests: {asked:?}");
            };
            assert_eq!(
                (sts.action.as_deref(), sts.host.as_str()),
                (Some(operation), host)
            );
            assert!(!sts.signed && sts.access_key.is_none());
            assert_eq!(sts.parameters["DurationSeconds"], "900");
            assert_eq!(
                exchange.parameters["SessionDuration"], "43200",
                "twelve hours"
            );
        }
    }
    world.stop().await;
}

#[tokio::test]
async fn proofs_of_ours_need_no_credentials_of_aws_at_all() {
    let accounts = crate::world::accounts::MODEL;
    let (accounts, _) = accounts.split_once("[[roles]]").unwrap();
    let rule = "[[rules]]\nname = \"all\"\nwhen = [{ attribute = \"groups\", present = true }]\ngrant = [\"*\"]\n";
    let config = |name: &str, extra: &str| {
        format!("[[credentials]]\nname = \"{name}\"\nsource = \"file\"\nfile = \"{name}\"\n{extra}")
    };
    let world = World::builder()
        .model(&format!("{accounts}{rule}{ROLES}"))
        .issuing_keys()
        .with(&config("hub", ""), "")
        .with(&config("chained", ""), "")
        .with(&config("payments", ""), "")
        .with(&config("gov", "partition = \"aws-us-gov\"\n"), "")
        .start()
        .await;
    world.trusts_the_issuer().await;
    for own in ["hub", "chained", "payments", "gov"] {
        std::fs::remove_file(world.folder.join(own)).unwrap();
    }
    let browser = erin(&world).await;
    for (link, ..) in LINKS {
        goes(&world, &browser, link).await;
    }
    let asked = asked(&world);
    assert_eq!(asked.len(), 2 * LINKS.len());
    assert!(asked.iter().all(|entry| !entry.signed));
    // what the exchange names is what the proofs have made
    let mut sts = asked.iter().filter(|entry| entry.host.starts_with("sts."));
    assert!(sts.all(|entry| entry.access_key.is_none()));
    world.stop().await;
}

#[tokio::test]
async fn a_click_with_a_live_session_is_one_redirect_and_two_requests_on_warm_connections() {
    let world = trusted().await;
    let browser = erin(&world).await;
    let link = "/go/payments-prod/IssuedSaml";
    goes(&world, &browser, link).await;
    world.aws_forgets();
    let connections = world.sandbox.simulation().log.connections();
    let answer = browser.opens_once(&world.at(link)).await;
    assert_eq!((answer.status, answer.body.as_str()), (303, ""));
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(world.aws_saw().len(), 2);
    assert_eq!(world.sandbox.simulation().log.connections(), connections);
    world.stop().await;
}

#[tokio::test]
async fn credentials_end_with_the_login_when_the_provider_ends_it() {
    let world = trusted().await;
    world
        .sandbox
        .saml_idp
        .configure(|options| options.session_lifetime = Some(chrono::TimeDelta::minutes(8)));
    let browser = world.browser();
    world.signs_in(&browser, "/?idp=corp", "erin").await;
    world.aws_forgets();
    let console = goes(&world, &browser, "/go/payments-prod/IssuedSaml").await;
    let ends: chrono::DateTime<chrono::Utc> = console["expires"].as_str().unwrap().parse().unwrap();
    let left = ends - vestibule::clock::Clock::now(world.clock.as_ref());
    assert!(left <= chrono::TimeDelta::minutes(8), "{left}");
    let asked = asked(&world);
    assert!(!asked[1].parameters.contains_key("SessionDuration"));
    world.stop().await;
}

#[tokio::test]
async fn the_record_says_which_names_were_sent() {
    use vestibule::domain::audit::EventKind;
    let world = trusted().await;
    let browser = erin(&world).await;
    goes(&world, &browser, "/go/payments-prod/IssuedSaml").await;
    let begun = world.audit(EventKind::SigninBegun).await;
    let begun = begun.last().unwrap();
    assert_eq!(begun.method.as_deref(), Some("AssumeRoleWithSAML"));
    assert_eq!(begun.session_name.as_deref(), Some("erin@example.com"));
    assert_eq!(begun.source_identity.as_deref(), Some("erin@example.com"));
    world.stop().await;
}

#[tokio::test]
async fn hostile_values_never_become_tags_of_their_own() {
    let world = trusted().await;
    for (value, opens) in [
        (
            "x</saml:AttributeValue><saml:AttributeValue>injected",
            false,
        ),
        (
            "\"/><saml:Attribute Name=\"https://aws.amazon.com/SAML/Attributes/Role",
            false,
        ),
        ("\u{1}", false),
        ("\"],\"admin\":[\"yes", false),
        ("a=b / c.d:e+f-@ é", true),
    ] {
        let mut person = world.sandbox.people().find("erin").unwrap();
        person
            .attributes
            .insert("team".to_owned(), vec![value.to_owned()]);
        world.sandbox.people().put(person);
        let mut person = world.sandbox.oidc_people().find("erin").unwrap();
        person
            .attributes
            .insert("team".to_owned(), vec![value.to_owned()]);
        world.sandbox.oidc_people().put(person);
        for link in [
            "/go/payments-prod/IssuedSaml",
            "/go/payments-prod/IssuedWeb",
        ] {
            let browser = world.browser();
            world.aws_forgets();
            let page = world
                .signs_in(&browser, &format!("{link}?idp={OIDC}"), "erin")
                .await;
            if opens {
                let console = world.console(&browser, &page).await;
                assert_eq!(tag(&console, "team"), value);
                assert_eq!(console["tags"].as_array().unwrap().len(), 2, "{console}");
            } else {
                assert_eq!(page.status, 403, "{value:?}: {}", page.body);
                assert!(page.body.contains("session tag team"), "{}", page.body);
                assert!(asked(&world).is_empty(), "{value:?}");
            }
        }
    }
    world.stop().await;
}
