//! From the page to keys that work, by every method that needs no fresh proof.

use std::process::Command;

use chrono::{DateTime, TimeDelta, Utc};
use vestibule::clock::Clock as _;
use vestibule::domain::audit::EventKind;

use super::{Shown, asks, caller, form, gets, nothing_was_made, rows};
use crate::web::kinds::{Is, carries};
use crate::world::World;
use crate::world::accounts::{GOV, PROD};

const STS: (&str, &str) = ("eu-west-1", "sts.eu-west-1.amazonaws.com");

#[tokio::test]
async fn the_page_says_what_would_be_shown_and_makes_nothing() {
    let world = World::start().await;
    let browser = world.signed_in("erin").await;
    world.aws_forgets();
    let page = browser.opens(&world.at("/keys/payments-prod/Admin")).await;
    carries(&page, Is::Lists, false, "the page about keys");
    for text in [
        "Keys for Admin",
        "Payments Production",
        PROD,
        "production",
        "Everything",
        "1 hour",
        "because every role in AWS gives so much",
    ] {
        assert!(page.body.contains(text), "{text}: {}", page.body);
    }
    // other lengths are links to the same page
    assert!(
        page.links()
            .contains(&"/keys/payments-prod/Admin?hours=8".to_owned())
    );
    assert!(!page.body.contains("hours=12"), "the role ends after 8");
    let page = browser
        .opens(&world.at("/keys/payments-prod/Admin?hours=8"))
        .await;
    assert!(page.body.contains("8 hours"), "{}", page.body);
    assert_eq!(form(&page).value("hours"), Some("8"));
    nothing_was_made(&world).await;
    world.stop().await;
}

#[tokio::test]
async fn every_method_gives_keys_that_work_for_one_request_to_aws() {
    let world = World::builder().issuing().start().await;
    world.trusts_the_issuer().await;
    let browser = world.signed_in("erin").await;
    let role = |name: &str| format!("arn:aws:sts::{PROD}:assumed-role/{name}/erin@example.com");
    let federated = format!("arn:aws:sts::{PROD}:federated-user/erin@example.com");
    for (count, (name, action, seconds, principal)) in (1..).zip([
        ("Admin", "AssumeRole", "3600", role("Admin")),
        ("Chained", "AssumeRole", "3600", role("Chained")),
        ("Narrow", "AssumeRole", "3600", role("Narrow")),
        ("Federated", "GetFederationToken", "43200", federated),
        (
            "IssuedSaml",
            "AssumeRoleWithSAML",
            "3600",
            role("IssuedSaml"),
        ),
        (
            "IssuedWeb",
            "AssumeRoleWithWebIdentity",
            "3600",
            role("IssuedWeb"),
        ),
    ]) {
        world.aws_forgets();
        let page = gets(&world, &browser, &format!("/keys/payments-prod/{name}")).await;
        let shown = Shown::on(&page);
        carries(&page, Is::Keys, false, name);
        let call = world.sts_call();
        assert_eq!(world.aws_actions(), [action], "{name}");
        assert_eq!(call.parameters["DurationSeconds"], seconds, "{name}");
        assert_eq!(caller(&world, &shown, STS.0, STS.1).await, principal);
        let (begun, ended) = rows(&world, count).await;
        assert_eq!(begun.role, Some(format!("payments-prod/{name}")));
        assert_eq!(begun.result, None);
        assert_eq!(ended.result.as_deref(), Some("handed_over"), "{name}");
        assert_eq!(
            ended.access_key_id.as_deref(),
            Some(shown.says("AccessKeyId"))
        );
        assert_eq!(ended.expires.as_deref(), Some(shown.says("Expiration")));
        assert_eq!(ended.signin_id, begun.signin_id);
    }
    // the record tells them from consoles
    assert!(world.audit(EventKind::SigninBegun).await.is_empty());
    world.stop().await;
}

#[tokio::test]
async fn the_four_texts_say_the_same_keys() {
    let world = World::start().await;
    let browser = world.signed_in("erin").await;
    let page = gets(&world, &browser, "/keys/payments-prod/Admin").await;
    let shown = Shown::on(&page);
    assert_eq!(shown.json["Version"], 1);
    let expires: DateTime<Utc> = shown.says("Expiration").parse().unwrap();
    let left = expires - world.clock.now();
    assert!(left > TimeDelta::minutes(59) && left <= TimeDelta::hours(1));
    // a shell reads them
    let script = format!(
        "{}\nprintf '%s|%s|%s|%s' \"$AWS_ACCESS_KEY_ID\" \"$AWS_SECRET_ACCESS_KEY\" \"$AWS_SESSION_TOKEN\" \
         \"$AWS_CREDENTIAL_EXPIRATION\"",
        shown.sh
    );
    let output = Command::new("sh").arg("-c").arg(script).output().unwrap();
    let names = [
        "AccessKeyId",
        "SecretAccessKey",
        "SessionToken",
        "Expiration",
    ];
    let said = names.map(|name| shown.says(name));
    assert_eq!(String::from_utf8(output.stdout).unwrap(), said.join("|"));
    for (name, value) in [
        ("AWS_ACCESS_KEY_ID", said[0]),
        ("AWS_SECRET_ACCESS_KEY", said[1]),
        ("AWS_SESSION_TOKEN", said[2]),
    ] {
        let line = format!("$Env:{name} = '{value}'");
        assert!(
            shown.powershell.lines().any(|other| other == line),
            "{line}"
        );
    }
    assert_eq!(
        shown.file,
        format!(
            "[payments-prod-Admin]\naws_access_key_id = {}\naws_secret_access_key = {}\naws_session_token = {}",
            said[0], said[1], said[2]
        )
    );
    // nothing says a region that nobody named
    assert!(!shown.sh.contains("REGION"), "{}", shown.sh);
    // and nothing of them stands in an address on the page
    for link in page.links() {
        assert!(
            said[..3].iter().all(|secret| !link.contains(secret)),
            "{link}"
        );
    }
    world.stop().await;
}

#[tokio::test]
async fn hours_scope_and_region_go_along_to_aws_and_into_the_texts() {
    let world = World::start().await;
    let browser = world.signed_in("erin").await;
    world.aws_forgets();
    let link = "/keys/payments-dev/Developer?scope=read-only&hours=12&region=eu-central-1";
    let page = browser.opens(&world.at(link)).await;
    for text in ["read-only", "12 hours", "because the link asks for it"] {
        let because = text.replace("the link asks for it", "this is what the role allows");
        assert!(
            page.body.contains(text) || page.body.contains(&because),
            "{text}: {}",
            page.body
        );
    }
    let shown = Shown::on(&browser.submits(&form(&page)).await);
    let call = world.sts_call();
    assert_eq!(call.parameters["DurationSeconds"], "43200");
    assert_eq!(
        call.parameters["PolicyArns.member.1.arn"],
        "arn:aws:iam::aws:policy/ReadOnlyAccess"
    );
    for line in [
        "export AWS_REGION=eu-central-1",
        "export AWS_DEFAULT_REGION=eu-central-1",
    ] {
        assert!(shown.sh.lines().any(|other| other == line), "{}", shown.sh);
    }
    assert!(shown.file.ends_with("\nregion = eu-central-1"));
    let (begun, _) = rows(&world, 1).await;
    assert_eq!(begun.scope.as_deref(), Some("read-only"));
    world.stop().await;
}

#[tokio::test]
async fn keys_of_another_partition_say_so_and_work_there() {
    let world = World::start().await;
    let browser = world.signed_in("erin").await;
    let page = gets(&world, &browser, "/keys/gov-prod/GovAdmin").await;
    assert!(
        page.body.contains("regions of aws-us-gov alone"),
        "{}",
        page.body
    );
    let shown = Shown::on(&page);
    let arn = caller(
        &world,
        &shown,
        "us-gov-west-1",
        "sts.us-gov-west-1.amazonaws.com",
    )
    .await;
    assert_eq!(
        arn,
        format!("arn:aws-us-gov:sts::{GOV}:assumed-role/GovAdmin/erin@example.com")
    );
    let foreign = world.at("/keys/gov-prod/GovAdmin?region=eu-west-1");
    browser
        .opens(&foreign)
        .await
        .is_refused(400, "region-foreign");
    world.stop().await;
}

#[tokio::test]
async fn somebody_without_a_session_signs_in_first_and_finds_the_same_page() {
    let world = World::start().await;
    let link = "/keys/payments-dev/Developer?scope=read-only&hours=2&region=eu-west-1";
    for idp in ["corp", "okta"] {
        let browser = world.browser();
        let page = world
            .signs_in(&browser, &format!("{link}&idp={idp}"), "erin")
            .await;
        // at an address that can be kept
        assert_eq!(page.url.as_str(), world.at(link), "{}", page.body);
        let form = form(&page);
        for (name, value) in [
            ("scope", "read-only"),
            ("hours", "2"),
            ("region", "eu-west-1"),
        ] {
            assert_eq!(form.value(name), Some(value));
        }
    }
    nothing_was_made(&world).await;
    // without ?idp=, the choice of a provider leads there, too
    let page = world.browser().opens(&world.at(link)).await;
    assert!(
        page.links().contains(&format!("{link}&idp=corp")),
        "{:?}",
        page.links()
    );
    world.stop().await;
}

#[tokio::test]
async fn the_portal_leads_to_keys_beside_every_role() {
    let world = World::start().await;
    let browser = world.signed_in("erin").await;
    let links = browser.opens(&world.at("/")).await.links();
    for role in [
        "payments-prod/Admin",
        "payments-dev/Developer",
        "gov-prod/GovSaml",
    ] {
        for way in ["go", "keys"] {
            assert!(
                links.contains(&format!("/{way}/{role}")),
                "{way} {role}: {links:?}"
            );
        }
    }
    // what a link asked for stays with the link to keys, as far as it means something there
    let link = "/go?account_id=payments-prod&region=eu-west-1&hours=2&destination=https%3A%2F%2Feu-west-1.console.aws.amazon.com%2Fs3";
    let links = browser.opens(&world.at(link)).await.links();
    let kept = "/keys/payments-prod/Admin?hours=2&region=eu-west-1".to_owned();
    assert!(links.contains(&kept), "{links:?}");
    asks(&world, &browser, &kept).await;
    world.stop().await;
}

#[tokio::test]
async fn keys_are_counted_apart_from_consoles() {
    let world = World::start().await;
    let browser = world.signed_in("erin").await;
    gets(&world, &browser, "/keys/payments-prod/Admin").await;
    browser
        .opens(&world.at("/keys/payments-prod/Nothing"))
        .await;
    let url = format!("{}/metrics", world.app.operations_url());
    let figures = browser.opens(&url).await.body;
    for line in [
        "vestibule_keys_total{operation=\"AssumeRole\",result=\"handed_over\"} 1",
        "vestibule_keys_total{operation=\"none\",result=\"role.not_held\"} 1",
    ] {
        assert!(figures.contains(line), "{line}: {figures}");
    }
    assert!(!figures.contains("vestibule_signins_total{"), "{figures}");
    world.stop().await;
}
