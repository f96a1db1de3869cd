//! What AWS refuses, by operation and code: the status, and the possible causes on the page, likeliest first.

use std::sync::Arc;

use regex::Regex;
use vestibule::domain::audit::EventKind;
use vestibule_sandbox::aws::faults::{Fault, HostKind};
use vestibule_sandbox::idp::saml::{AttributeEdit, ResponseOptions};

use crate::world::World;
use crate::world::browser::{Browser, Page};

/// Operation, provider, role.
const OPERATIONS: [(&str, &str, &str); 4] = [
    ("AssumeRole", "corp", "Admin"),
    ("AssumeRoleWithSAML", "corp", "SamlReader"),
    ("AssumeRoleWithWebIdentity", "okta", "WebReader"),
    ("GetFederationToken", "corp", "Federated"),
];

/// What each code means whatever the operation: a piece of each cause, in order.
const OF_ANY: &[(&str, &[&str])] = &[
    (
        "ExpiredTokenException",
        &["older than AWS accepts", "A clock is wrong"],
    ),
    ("IDPRejectedClaim", &["the token is not valid any more"]),
    ("IDPCommunicationError", &["to fetch its keys: try again"]),
    (
        "MalformedPolicyDocument",
        &["session policy is not one that AWS accepts"],
    ),
    (
        "ValidationError",
        &["MaxSessionDuration", "A session tag, policy or name"],
    ),
    (
        "InvalidParameterValue",
        &["MaxSessionDuration", "A session tag, policy or name"],
    ),
    (
        "ExpiredToken",
        &["have expired, were deleted, or are wrong", "clock is wrong"],
    ),
    (
        "InvalidClientTokenId",
        &["have expired, were deleted, or are wrong", "clock is wrong"],
    ),
    (
        "SignatureDoesNotMatch",
        &["have expired, were deleted, or are wrong", "clock is wrong"],
    ),
    ("NobodyKnowsThis", &["no cause that Vestibule knows"]),
];

/// What a code means of one operation.
const OF_ONE: &[(&str, &str, &[&str])] = &[
    (
        "AssumeRole",
        "AccessDenied",
        &[
            "does not name Vestibule's own credentials, or asks for another external id",
            "does not exist in the account, or has another path",
            "may not call sts:AssumeRole on this role",
            "asks for AWS MFA, and the access model names no mfa_serial",
        ],
    ),
    (
        "AssumeRoleWithSAML",
        "AccessDenied",
        &[
            "does not accept this identity provider, or asks for another SAML:aud",
            "does not exist in the account, or has another path",
            "does not allow sts:TagSession or sts:SetSourceIdentity",
            "has no NameID",
        ],
    ),
    (
        "AssumeRoleWithWebIdentity",
        "AccessDenied",
        &[
            "does not accept this provider, audience or subject",
            "does not exist in the account, or has another path",
            "does not allow sts:TagSession or sts:SetSourceIdentity",
        ],
    ),
    (
        "GetFederationToken",
        "AccessDenied",
        &[
            "may not call sts:GetFederationToken",
            "works with an IAM user's long-term key only",
        ],
    ),
    (
        "AssumeRoleWithSAML",
        "InvalidIdentityToken",
        &[
            "holds other metadata",
            "the audience is missing",
            "does not send this role, or no RoleSessionName",
            "has another name in the account",
        ],
    ),
    (
        "AssumeRoleWithWebIdentity",
        "InvalidIdentityToken",
        &[
            "no OpenID Connect provider with this issuer",
            "does not list Vestibule's client id",
            "could not fetch the identity provider's keys",
        ],
    ),
];

/// The causes on a page, in order.
fn causes(page: &Page) -> Vec<String> {
    let list = Regex::new(r"(?s)<ol>(.*?)</ol>").unwrap();
    let item = Regex::new(r"<li>(.*?)</li>").unwrap();
    let Some(list) = list.captures(&page.body) else {
        return Vec::new();
    };
    item.captures_iter(&list[1])
        .map(|found| found[1].replace("&#39;", "'"))
        .collect()
}

fn means(page: &Page, about: &str, expected: &[&str]) {
    let shown = causes(page);
    let matches = shown.len() == expected.len()
        && shown
            .iter()
            .zip(expected)
            .all(|(shown, piece)| shown.contains(piece));
    assert!(matches, "{about}: {shown:#?} is not {expected:#?}");
}

/// A sign-in that STS answers with a code; the page that comes of it.
async fn refused(
    world: &World,
    browser: &Browser,
    operation: &str,
    (status, code): (u16, &str),
) -> Page {
    let faults = &world.sandbox.simulation().faults;
    let error = Fault::sts_error(status, code, "words of AWS's own");
    faults.plan_times(3, HostKind::Sts, Some(operation), &error);
    let (_, idp, role) = OPERATIONS
        .into_iter()
        .find(|(name, ..)| *name == operation)
        .unwrap();
    let link = format!("/go/payments-prod/{role}?idp={idp}");
    let page = world.signs_in(browser, &link, "erin").await;
    faults.clear();
    assert_eq!(page.header("location"), "", "{operation} {code}");
    assert!(!page.body.contains("words of AWS"), "{operation} {code}");
    page
}

#[tokio::test]
async fn each_code_shows_what_it_can_mean_likeliest_first() {
    let world = World::start().await;
    let browsers = [world.browser(), world.browser()];
    let of = |operation: &str| &browsers[usize::from(operation.ends_with("WebIdentity"))];
    for (operation, ..) in OPERATIONS {
        for (code, expected) in OF_ANY {
            let page = refused(&world, of(operation), operation, (400, code)).await;
            page.is_refused(403, "aws-refused");
            let about = format!("{operation} {code}");
            means(&page, &about, expected);
            assert!(
                page.body.contains(&format!("<dd>{operation}</dd>")),
                "{about}"
            );
            assert!(page.body.contains(&format!("<dd>{code}</dd>")), "{about}");
        }
    }
    for (operation, code, expected) in OF_ONE {
        let page = refused(&world, of(operation), operation, (403, code)).await;
        page.is_refused(403, "aws-refused");
        means(&page, &format!("{operation} {code}"), expected);
    }
    world.stop().await;
}

#[tokio::test]
async fn codes_that_ask_for_patience_are_no_refusal() {
    let world = World::start().await;
    let browser = world.browser();
    for (status, code) in [
        (400, "Throttling"),
        (400, "ThrottlingException"),
        (400, "RequestLimitExceeded"),
        (400, "ServiceUnavailable"),
        (400, "InternalFailure"),
        (500, "AnythingElse"),
        (503, "AccessDenied"),
    ] {
        let page = refused(&world, &browser, "AssumeRole", (status, code)).await;
        page.is_refused(503, "aws-busy");
        assert!(!page.header("retry-after").is_empty(), "{code}");
        means(&page, code, &[]);
    }
    world.stop().await;
}

#[tokio::test]
async fn what_the_sign_in_endpoint_refuses_has_causes_of_its_own() {
    let world = World::start().await;
    let browser = world.signed_in("erin").await;
    for status in [400, 401, 403, 404] {
        let fault = Fault::server_error(status);
        // a 400 can be about the length, so it is tried once more without
        let times = if status == 400 { 2 } else { 1 };
        let faults = &world.sandbox.simulation().faults;
        faults.plan_times(times, HostKind::Signin, None, &fault);
        world.aws_forgets();
        let page = browser
            .opens_once(&world.at("/go/payments-prod/Admin"))
            .await;
        page.is_refused(403, "aws-refused");
        let expected = [
            "longer than AWS allows for these credentials",
            "confines console sign-in",
        ];
        means(&page, "getSigninToken", &expected);
        assert!(page.body.contains("<dd>getSigninToken</dd>"));
        let saw = world.aws_saw().into_iter();
        let asked = saw.filter(|entry| entry.host.contains(".signin."));
        assert_eq!(asked.count(), times, "{status}");
    }
    world.stop().await;
}

#[tokio::test]
async fn a_sign_in_endpoint_that_gave_up_waiting_is_asked_once_more_and_has_refused_nothing() {
    let world = World::start().await;
    let browser = world.signed_in("erin").await;
    let faults = &world.sandbox.simulation().faults;
    let link = world.at("/go/payments-prod/Admin");
    for (times, status) in [(1, 303), (2, 503)] {
        faults.plan_times(times, HostKind::Signin, None, &Fault::server_error(408));
        world.aws_forgets();
        let page = browser.opens_once(&link).await;
        assert_eq!(page.status, status, "{}", page.body);
        let saw = world.aws_saw().into_iter();
        let asked = saw.filter(|entry| entry.host.contains(".signin."));
        assert_eq!(asked.count(), 2, "{times}");
    }
    world.stop().await;
}

/// A first sign-in by a forwarded response that the provider makes in another way: nothing is sent to AWS.
async fn not_forwarded(change: impl Fn(&mut ResponseOptions), cause: &str) {
    let world = World::start().await;
    world.sandbox.saml_idp.configure(change);
    let browser = world.browser();
    let link = "/go/payments-prod/SamlReader?idp=corp";
    let page = world.signs_in(&browser, link, "erin").await;
    page.is_refused(403, "aws-refused");
    means(&page, cause, &[cause]);
    assert!(
        page.body.contains("<dd>ProofIncomplete</dd>"),
        "{}",
        page.body
    );
    assert!(world.aws_saw().is_empty(), "{cause}");
    // nothing was begun, and the record knows of it by the page's reference
    let rows = world.audit(EventKind::SigninRefused).await;
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].cause.as_deref(), Some("aws.refused"));
    assert!(page.body.contains(rows[0].reference.as_deref().unwrap()));
    // the login itself held: a role that needs no proof of the provider's opens
    let page = browser
        .opens_once(&world.at("/go/payments-prod/Admin"))
        .await;
    assert_eq!(page.status, 303, "{}", page.body);
    world.stop().await;
}

/// The provider leaves an attribute of AWS's out.
fn without(attribute: &'static str) -> AttributeEdit {
    Arc::new(move |attributes| {
        let before = attributes.len();
        attributes.retain(|(name, _)| !name.ends_with(attribute));
        assert_eq!(attributes.len(), before - 1, "{attribute} was sent");
    })
}

#[tokio::test]
async fn a_response_without_a_session_name_is_not_forwarded_and_says_so() {
    let edit = without("/RoleSessionName");
    not_forwarded(
        |options| options.edit_attributes = Some(Arc::clone(&edit)),
        "has no RoleSessionName attribute",
    )
    .await;
}

#[tokio::test]
async fn a_response_without_the_role_is_not_forwarded_and_says_so() {
    let edit = without("/Attributes/Role");
    not_forwarded(
        |options| options.edit_attributes = Some(Arc::clone(&edit)),
        "does not name this role",
    )
    .await;
}

#[tokio::test]
async fn a_response_that_is_addressed_to_vestibule_alone_is_not_forwarded_and_says_so() {
    not_forwarded(
        |options| options.audiences.truncate(1),
        "its audience must name AWS",
    )
    .await;
}
