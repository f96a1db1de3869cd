//! The walk-throughs of `docs/aws-setup.md`, walked: what each tells to write is read from the page itself, and a
//! response or ID token in the form of that product, signed here, has to give the role that the page promises.
//!
//! Fixtures hold the products' forms (`tests/fixtures/shapes`); all values are made up.

mod oidc;
mod page;
mod saml;

use vestibule::domain::credentials::ForwardedProof;
use vestibule::domain::identity::IdentityNotice;

use oidc::sign_in_by_oidc;
use page::Walkthrough;
use saml::{Level, sign_in_by_saml};

/// The role that every walk-through ends in.
const ROLE: &str = "payments-prod/ReadOnly";

#[test]
fn ad_fs_gives_the_role_and_a_response_that_aws_takes() {
    let walkthrough = Walkthrough::read("adfs", "http://adfs.example.com/adfs/services/trust");
    let mut verified = sign_in_by_saml(&walkthrough, "adfs", Level::Assertion);
    assert_eq!(verified.identity().subject.value, "EXAMPLE\\ada");
    assert_eq!(verified.identity().display_name, "Ada Example");
    assert_eq!(walkthrough.held(verified.identity()), [ROLE]);
    walkthrough.expect_forwardable(verified.take_proof(), "ada@example.com");
}

#[test]
fn entra_by_saml_gives_the_role_and_a_response_that_aws_takes() {
    let walkthrough = Walkthrough::read(
        "entra-saml",
        "https://sts.windows.net/11111111-2222-4333-8444-555555555555/",
    );
    let mut verified = sign_in_by_saml(&walkthrough, "entra", Level::Assertion);
    assert_eq!(verified.identity().display_name, "Ada Example");
    assert_eq!(verified.identity().notice, None);
    assert_eq!(walkthrough.held(verified.identity()), [ROLE]);
    walkthrough.expect_forwardable(verified.take_proof(), "ada@example.com");
}

#[test]
fn entra_by_saml_says_that_it_left_the_groups_out() {
    let walkthrough = Walkthrough::read(
        "entra-saml",
        "https://sts.windows.net/11111111-2222-4333-8444-555555555555/",
    );
    let verified = sign_in_by_saml(&walkthrough, "entra-overage", Level::Both);
    assert_eq!(
        verified.identity().notice,
        Some(IdentityNotice::GroupOverage)
    );
    assert!(walkthrough.held(verified.identity()).is_empty());
}

#[test]
fn okta_by_saml_gives_the_role_and_a_response_that_aws_takes() {
    let walkthrough = Walkthrough::read("okta-saml", "http://www.okta.com/exk1example2issuer");
    let mut verified = sign_in_by_saml(&walkthrough, "okta", Level::Both);
    assert_eq!(
        verified.identity().verified_email.as_deref(),
        Some("ada@example.com")
    );
    // the other group spells a role that the access model does not define
    assert_eq!(walkthrough.held(verified.identity()), [ROLE]);
    walkthrough.expect_forwardable(verified.take_proof(), "ada@example.com");
}

#[tokio::test]
async fn entra_by_openid_connect_gives_the_role_and_its_token() {
    let walkthrough = Walkthrough::read("entra-oidc", "");
    let mut verified = sign_in_by_oidc(walkthrough.name, "entra").await;
    assert_eq!(verified.identity().display_name, "Ada Example");
    // Entra vouches for no address
    assert_eq!(verified.identity().verified_email, None);
    assert_eq!(walkthrough.held(verified.identity()), [ROLE]);
    assert!(matches!(
        verified.take_proof(),
        Some(ForwardedProof::IdToken(_))
    ));
}

#[tokio::test]
async fn entra_by_openid_connect_says_that_it_left_the_groups_out() {
    let walkthrough = Walkthrough::read("entra-oidc", "");
    let verified = sign_in_by_oidc(walkthrough.name, "entra-overage").await;
    assert_eq!(
        verified.identity().notice,
        Some(IdentityNotice::GroupOverage)
    );
    assert!(walkthrough.held(verified.identity()).is_empty());
}

#[tokio::test]
async fn okta_by_openid_connect_gives_the_role_and_the_rest_at_userinfo() {
    let walkthrough = Walkthrough::read("okta-oidc", "");
    let mut verified = sign_in_by_oidc(walkthrough.name, "okta").await;
    assert_eq!(verified.identity().display_name, "Ada Example");
    assert_eq!(
        verified.identity().verified_email.as_deref(),
        Some("ada@example.com")
    );
    assert_eq!(walkthrough.held(verified.identity()), [ROLE]);
    assert!(matches!(
        verified.take_proof(),
        Some(ForwardedProof::IdToken(_))
    ));
}

#[tokio::test]
async fn a_cognito_user_pool_gives_the_role_by_its_group_and_none_by_its_arns() {
    let walkthrough = Walkthrough::read("cognito", "");
    let mut verified = sign_in_by_oidc(walkthrough.name, "cognito").await;
    let identity = verified.identity();
    assert_eq!(identity.verified_email.as_deref(), Some("ada@example.com"));
    assert_eq!(identity.values("token_use"), ["id"]);
    assert_eq!(identity.values("custom:department"), ["Payments"]);
    assert_eq!(
        identity.values("cognito:roles"),
        ["arn:aws:iam::111122223333:role/Admin"]
    );
    assert_eq!(walkthrough.held(identity), [ROLE]);
    assert!(matches!(
        verified.take_proof(),
        Some(ForwardedProof::IdToken(_))
    ));
}
