//! The demo OpenID provider, over HTTP: its pages, its endpoints, and tokens that another library verifies.

use aws_lc_rs::digest;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::Duration;
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{DecodingKey, Validation, decode, decode_header};
use serde_json::Value;
use url::Url;
use vestibule_sandbox::idp::oidc::{Client, OidcIdp};

use crate::support::{Browser, CALLBACK, CLIENT, Page, http_client, oidc_idp, standing_clock};

const VERIFIER: &str = "0123456789012345678901234567890123456789abcdef";

/// An authorization request, with the changes that a test wants.
fn request(idp: &OidcIdp, changes: &[(&str, Option<&str>)]) -> String {
    let challenge = URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, VERIFIER.as_bytes()));
    let honest = [
        ("client_id", CLIENT),
        ("redirect_uri", CALLBACK),
        ("response_type", "code"),
        ("scope", "openid profile email"),
        ("state", "state&1"),
        ("nonce", "nonce-1"),
        ("code_challenge", &challenge),
        ("code_challenge_method", "S256"),
    ];
    let mut url = Url::parse(&format!("{}/authorize", idp.issuer())).unwrap();
    let change_of = |name: &str| changes.iter().find(|(other, _)| *other == name);
    for (name, value) in honest {
        let value = change_of(name).map_or(Some(value), |(_, value)| *value);
        if let Some(value) = value {
            url.query_pairs_mut().append_pair(name, value);
        }
    }
    for (name, value) in changes {
        let new = honest.iter().all(|(other, _)| other != name);
        if let Some(value) = value.filter(|_| new) {
            url.query_pairs_mut().append_pair(name, value);
        }
    }
    url.into()
}

async fn code(idp: &OidcIdp, browser: &Browser, username: &str) -> String {
    let mut page = browser.get(request(idp, &[])).await;
    if page.location.is_none() {
        page = browser.sign_in(&page, username).await;
    }
    page.redirect_parameter("code").unwrap()
}

async fn redeem(idp: &OidcIdp, code: &str, changes: &[(&str, &str)]) -> (u16, Value) {
    let mut fields = vec![
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", CALLBACK),
        ("code_verifier", VERIFIER),
        ("client_id", CLIENT),
        ("client_secret", "secret+ of/the: client"),
    ];
    for (name, value) in &mut fields {
        if let Some((_, other)) = changes.iter().find(|(changed, _)| changed == name) {
            *value = other;
        }
    }
    let page = Browser::default()
        .post(format!("{}/token", idp.issuer()), &fields)
        .await;
    (
        page.status.as_u16(),
        serde_json::from_str(&page.body).unwrap(),
    )
}

/// The claims of `token`, verified by its `kid` against the JWKS that the provider publishes.
async fn verified(idp: &OidcIdp, token: &str) -> Value {
    let jwks = Browser::default()
        .get(format!("{}/jwks", idp.issuer()))
        .await;
    let jwks: JwkSet = serde_json::from_str(&jwks.body).unwrap();
    let header = decode_header(token).unwrap();
    let jwk = jwks.find(header.kid.as_deref().unwrap()).unwrap();
    let mut validation = Validation::new(header.alg);
    validation.validate_exp = false;
    validation.set_audience(&[CLIENT]);
    validation.set_issuer(&[idp.issuer()]);
    decode::<Value>(token, &DecodingKey::from_jwk(jwk).unwrap(), &validation)
        .unwrap()
        .claims
}

#[actix_web::test]
async fn a_password_leads_to_a_code_and_the_code_to_verified_claims() {
    let idp = oidc_idp(standing_clock().0);
    let browser = Browser::default();
    let form = browser.get(request(&idp, &[])).await;
    assert!(form.body.contains("name=\"username\"") && form.body.contains("name=\"password\""));
    let back = browser.sign_in(&form, "erin").await;
    assert_eq!(back.status, 303);
    assert!(back.redirect().as_str().starts_with(CALLBACK));
    assert_eq!(back.redirect_parameter("state").unwrap(), "state&1");
    assert_eq!(back.redirect_parameter("iss").unwrap(), idp.issuer());
    let code = back.redirect_parameter("code").unwrap();
    let (status, tokens) = redeem(&idp, &code, &[]).await;
    assert_eq!(status, 200, "{tokens}");
    let claims = verified(&idp, tokens["id_token"].as_str().unwrap()).await;
    let access_token = tokens["access_token"].as_str().unwrap();
    let hash = digest::digest(&digest::SHA256, access_token.as_bytes());
    let noon = standing_clock().0.now().timestamp();
    for (name, expected) in [
        ("sub", Value::from("person-erin")),
        ("aud", CLIENT.into()),
        ("nonce", "nonce-1".into()),
        ("email", "erin@example.com".into()),
        ("email_verified", true.into()),
        ("name", "Erin Engel".into()),
        ("groups", vec!["payments-eng", "oncall"].into()),
        ("team", "payments".into()),
        ("iat", noon.into()),
        ("exp", (noon + 3600).into()),
        ("auth_time", noon.into()),
        (
            "at_hash",
            URL_SAFE_NO_PAD.encode(&hash.as_ref()[..16]).into(),
        ),
    ] {
        assert_eq!(claims[name], expected, "{name}");
    }
    assert_eq!(claims.get("azp"), None);
    idp.stop().await;
}

#[actix_web::test]
async fn a_code_is_good_once_for_its_own_client_and_verifier() {
    let (clock, hand) = standing_clock();
    let idp = oidc_idp(clock);
    idp.register(Client::new("other", "other", CALLBACK));
    let browser = Browser::default();
    let first = code(&idp, &browser, "erin").await;
    assert_eq!(redeem(&idp, &first, &[]).await.0, 200);
    assert_eq!(redeem(&idp, &first, &[]).await.1["error"], "invalid_grant");
    for change in [
        ("redirect_uri", "https://console.example.com/other"),
        (
            "code_verifier",
            "0123456789012345678901234567890123456789abcdeX",
        ),
        ("code_verifier", ""),
    ] {
        let code = code(&idp, &browser, "erin").await;
        let (status, answer) = redeem(&idp, &code, &[change]).await;
        assert_eq!(
            (status, &answer["error"]),
            (400, &"invalid_grant".into()),
            "{change:?}"
        );
    }
    let fresh = code(&idp, &browser, "erin").await;
    let stolen = [("client_id", "other"), ("client_secret", "other")];
    assert_eq!(
        redeem(&idp, &fresh, &stolen).await.1["error"],
        "invalid_grant"
    );
    let fresh = code(&idp, &browser, "erin").await;
    let wrong = redeem(&idp, &fresh, &[("client_secret", "wrong")]).await;
    assert_eq!(
        (wrong.0, &wrong.1["error"]),
        (401, &"invalid_client".into())
    );
    let grant = redeem(&idp, &fresh, &[("grant_type", "password")]).await;
    assert_eq!(grant.1["error"], "unsupported_grant_type");
    hand.advance(Duration::seconds(61));
    assert_eq!(redeem(&idp, &fresh, &[]).await.1["error"], "invalid_grant");
    idp.stop().await;
}

#[actix_web::test]
async fn a_client_may_authenticate_by_http_basic() {
    let idp = oidc_idp(standing_clock().0);
    let code = code(&idp, &Browser::default(), "ada").await;
    let form = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("grant_type", "authorization_code")
        .append_pair("code", &code)
        .append_pair("redirect_uri", CALLBACK)
        .append_pair("code_verifier", VERIFIER)
        .finish();
    let encoded =
        url::form_urlencoded::byte_serialize(b"secret+ of/the: client").collect::<String>();
    let answer = http_client()
        .post(format!("{}/token", idp.issuer()))
        .basic_auth(CLIENT, Some(encoded))
        .header("content-type", "application/x-www-form-urlencoded")
        .body(form)
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 200);
    idp.stop().await;
}

fn error_of(page: &Page) -> String {
    page.redirect_parameter("error").unwrap()
}

#[actix_web::test]
async fn requests_that_are_not_right_go_back_with_an_error_or_go_nowhere() {
    let idp = oidc_idp(standing_clock().0);
    let browser = Browser::default();
    for (change, error) in [
        (
            ("response_type", Some("token")),
            "unsupported_response_type",
        ),
        (("scope", Some("email")), "invalid_scope"),
        (("code_challenge", None), "invalid_request"),
        (("code_challenge_method", Some("plain")), "invalid_request"),
        (("code_challenge_method", None), "invalid_request"),
        (("prompt", Some("none")), "login_required"),
    ] {
        let page = browser.get(request(&idp, &[change])).await;
        assert_eq!(error_of(&page), error, "{change:?}");
        assert_eq!(page.redirect_parameter("state").unwrap(), "state&1");
        assert_eq!(page.redirect_parameter("iss").unwrap(), idp.issuer());
    }
    for change in [
        ("client_id", Some("stranger")),
        ("client_id", None),
        (
            "redirect_uri",
            Some("https://console.example.com/oidc/okta/callback/"),
        ),
        ("redirect_uri", None),
    ] {
        let page = browser.get(request(&idp, &[change])).await;
        assert_eq!(page.status, 400, "{change:?}");
        assert!(page.location.is_none());
    }
    idp.stop().await;
}

#[actix_web::test]
async fn a_session_at_the_provider_needs_no_second_password_until_it_ends() {
    let (clock, hand) = standing_clock();
    let idp = oidc_idp(clock);
    let browser = Browser::default();
    code(&idp, &browser, "ada").await;
    hand.advance(Duration::minutes(10));
    let again = browser.get(request(&idp, &[])).await;
    let (_, tokens) = redeem(&idp, &again.redirect_parameter("code").unwrap(), &[]).await;
    let claims = verified(&idp, tokens["id_token"].as_str().unwrap()).await;
    assert_eq!(
        claims["iat"].as_i64().unwrap() - claims["auth_time"].as_i64().unwrap(),
        600
    );
    for change in [("prompt", Some("login")), ("max_age", Some("599"))] {
        let page = browser.get(request(&idp, &[change])).await;
        assert!(page.body.contains("name=\"password\""), "{change:?}");
    }
    let recent = browser
        .get(request(&idp, &[("max_age", Some("600"))]))
        .await;
    assert!(recent.location.is_some());
    let out = browser.get(format!("{}/logout", idp.issuer())).await;
    assert_eq!(out.status, 200);
    let page = browser.get(request(&idp, &[])).await;
    assert!(page.body.contains("name=\"password\""));
    let wrong = [
        ("state", &*page.field("state")),
        ("username", "ada"),
        ("password", "no"),
    ];
    let page = browser
        .post(format!("{}/login", idp.issuer()), &wrong)
        .await;
    assert_eq!(page.status, 401);
    idp.stop().await;
}

#[actix_web::test]
async fn a_context_that_is_asked_for_costs_a_password_and_stands_in_the_token() {
    let idp = oidc_idp(standing_clock().0);
    let browser = Browser::default();
    code(&idp, &browser, "erin").await;
    for (asked, said) in [
        (None, None),
        (Some("phr"), Some("phr")),
        (Some("gold phrh phr"), Some("phrh")),
        (Some("gold"), None),
        (Some(""), None),
    ] {
        let change = [("acr_values", asked)];
        let mut page = browser.get(request(&idp, &change)).await;
        assert_eq!(page.location.is_none(), said.is_some(), "{asked:?}");
        if page.location.is_none() {
            page = browser.sign_in(&page, "erin").await;
        }
        let code = page.redirect_parameter("code").unwrap();
        let (_, tokens) = redeem(&idp, &code, &[]).await;
        let claims = verified(&idp, tokens["id_token"].as_str().unwrap()).await;
        assert_eq!(claims.get("acr").and_then(Value::as_str), said, "{asked:?}");
    }
    idp.stop().await;
}

#[actix_web::test]
async fn userinfo_answers_the_access_token_alone() {
    let idp = oidc_idp(standing_clock().0);
    let code = code(&idp, &Browser::default(), "erin").await;
    let (_, tokens) = redeem(&idp, &code, &[]).await;
    let ask = |token: &str| {
        http_client()
            .get(format!("{}/userinfo", idp.issuer()))
            .bearer_auth(token)
            .send()
    };
    let answer = ask(tokens["access_token"].as_str().unwrap()).await.unwrap();
    let claims: Value = answer.json().await.unwrap();
    assert_eq!(claims["sub"], "person-erin");
    assert_eq!(claims["groups"][0], "payments-eng");
    assert_eq!(ask("made-up").await.unwrap().status(), 401);
    idp.stop().await;
}
