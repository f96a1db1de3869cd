//! The demo SAML provider, over HTTP: its pages, its signatures (checked by xmlsec1, which shares no code with it),
//! and the ways in which it can be made to lie.

use std::io::Write as _;
use std::sync::Arc;

use crate::support::xmlsec::{ASSERTION, RESPONSE, accepts};
use crate::support::{ACS, Browser, Page, SP, saml_idp, standing_clock};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::Duration;
use flate2::Compression;
use flate2::write::DeflateEncoder;
use vestibule_sandbox::idp::key::{Key, KeyKind};
use vestibule_sandbox::idp::saml::SamlIdp;

fn request_xml(idp: &SamlIdp, more: &str, children: &str) -> String {
    format!(
        "<samlp:AuthnRequest xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" \
         xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\" ID=\"_request\" Version=\"2.0\" \
         IssueInstant=\"2026-11-22T10:00:00Z\" Destination=\"{}/sso\" AssertionConsumerServiceURL=\"{ACS}\"{more}>\
         <saml:Issuer>{SP}</saml:Issuer>{children}</samlp:AuthnRequest>",
        idp.origin()
    )
}

fn redirect_url(idp: &SamlIdp, xml: &str) -> String {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(xml.as_bytes()).unwrap();
    let request = STANDARD.encode(encoder.finish().unwrap());
    let mut url = url::Url::parse(&format!("{}/sso", idp.origin())).unwrap();
    url.query_pairs_mut()
        .append_pair("SAMLRequest", &request)
        .append_pair("RelayState", "r&1 \"<");
    url.into()
}

fn response_of(page: &Page) -> String {
    String::from_utf8(STANDARD.decode(page.field("SAMLResponse")).unwrap()).unwrap()
}

async fn signed_in(idp: &SamlIdp, browser: &Browser, username: &str) -> Page {
    let form = browser
        .get(redirect_url(idp, &request_xml(idp, "", "")))
        .await;
    browser.sign_in(&form, username).await
}

#[actix_web::test]
async fn a_password_leads_to_a_form_that_carries_a_signed_response() {
    let (clock, _) = standing_clock();
    let idp = saml_idp(clock);
    let browser = Browser::default();
    let form = browser
        .get(redirect_url(&idp, &request_xml(&idp, "", "")))
        .await;
    assert_eq!(form.status, 200);
    assert!(form.body.contains("name=\"username\"") && form.body.contains("name=\"password\""));
    let page = browser.sign_in(&form, "erin").await;
    assert_eq!(page.status, 200);
    assert_eq!(page.action(), ACS);
    assert_eq!(page.headers["cache-control"], "no-store");
    assert_eq!(page.field("RelayState"), "r&1 \"<");
    assert!(page.body.contains("<button type=\"submit\">"));
    assert!(!page.body.contains("<script>"), "no inline script");
    let xml = response_of(&page);
    for part in [
        "InResponseTo=\"_request\"",
        "emailAddress\">erin@example.com</saml:NameID>",
        "<saml:AttributeValue>payments-eng</saml:AttributeValue><saml:AttributeValue>oncall</saml:AttributeValue>",
        "<saml:Audience>https://signin.aws.amazon.com/saml</saml:Audience>",
        "NotOnOrAfter=\"2026-11-22T10:05:00Z\"",
        "SessionNotOnOrAfter=\"2026-11-22T22:00:00Z\"",
    ] {
        assert!(xml.contains(part), "{part} in {xml}");
    }
    assert!(xml.contains(&format!("<saml:Audience>{SP}</saml:Audience>")));
    assert!(xml.contains(&format!("Recipient=\"{ACS}\"")));
    assert!(accepts(&xml, RESPONSE, &idp.keys().rsa));
    assert!(accepts(&xml, ASSERTION, &idp.keys().rsa));
    assert_eq!(idp.last_response().unwrap().xml, xml);
    assert_eq!(idp.requests()[0].id, "_request");
    idp.stop().await;
}

#[actix_web::test]
async fn a_wrong_password_shows_the_form_again_and_gives_nothing() {
    let idp = saml_idp(standing_clock().0);
    let browser = Browser::default();
    let form = browser
        .get(redirect_url(&idp, &request_xml(&idp, "", "")))
        .await;
    let state = form.field("state");
    let url = format!("{}/login", idp.origin());
    for (username, password) in [("erin", "ada-pass"), ("nobody", "nobody-pass"), ("", "")] {
        let fields = [
            ("state", &*state),
            ("username", username),
            ("password", password),
        ];
        let page = browser.post(&url, &fields).await;
        assert_eq!(page.status, 401);
        assert!(page.find_field("SAMLResponse").is_none());
        assert_eq!(page.field("state"), state);
    }
    let fields = [
        ("state", "made-up"),
        ("username", "erin"),
        ("password", "erin-pass"),
    ];
    assert_eq!(browser.post(&url, &fields).await.status, 400);
    assert!(idp.last_response().is_none());
    idp.stop().await;
}

#[actix_web::test]
async fn a_session_at_the_provider_needs_no_second_password_until_it_ends() {
    let (clock, hand) = standing_clock();
    let idp = saml_idp(clock);
    let browser = Browser::default();
    signed_in(&idp, &browser, "ada").await;
    let ask = redirect_url(&idp, &request_xml(&idp, "", ""));
    let again = browser.get(&ask).await;
    assert!(response_of(&again).contains("ada@example.com"));
    let forced = request_xml(&idp, " ForceAuthn=\"true\"", "");
    let forced = browser.get(redirect_url(&idp, &forced)).await;
    assert!(forced.body.contains("name=\"password\""));
    let post = STANDARD.encode(request_xml(&idp, "", ""));
    let by_post = browser
        .post(format!("{}/sso", idp.origin()), &[("SAMLRequest", &post)])
        .await;
    assert!(response_of(&by_post).contains("ada@example.com"));
    hand.advance(Duration::hours(8));
    assert!(browser.get(&ask).await.body.contains("name=\"password\""));
    hand.advance(Duration::hours(-8));
    assert!(browser.get(&ask).await.find_field("SAMLResponse").is_some());
    browser.get(format!("{}/logout", idp.origin())).await;
    assert!(browser.get(&ask).await.body.contains("name=\"password\""));
    idp.stop().await;
}

#[actix_web::test]
async fn requests_that_are_not_right_get_a_page_and_no_response() {
    let idp = saml_idp(standing_clock().0);
    let browser = Browser::default();
    let good = request_xml(&idp, "", "");
    let elsewhere = good.replace(ACS, "https://evil.example/acs");
    let stranger = good.replace(SP, "https://stranger.example");
    let misdirected = good.replace("/sso\"", "/other\"");
    for xml in [&*elsewhere, &*stranger, &*misdirected, "<a/>", ""] {
        let page = browser.get(redirect_url(&idp, xml)).await;
        assert_eq!(page.status, 400, "{xml}");
        assert!(!page.body.contains("name=\"password\""));
    }
    let bare = browser.get(format!("{}/sso", idp.origin())).await;
    assert_eq!(bare.status, 400);
    idp.stop().await;
}

#[actix_web::test]
async fn what_cannot_be_met_is_refused_in_a_response() {
    let idp = saml_idp(standing_clock().0);
    let browser = Browser::default();
    let passive = request_xml(&idp, " IsPassive=\"true\"", "");
    let page = browser.get(redirect_url(&idp, &passive)).await;
    assert!(response_of(&page).contains("status:NoPassive"));
    let wanted = "<samlp:RequestedAuthnContext><saml:AuthnContextClassRef>urn:mfa</saml:AuthnContextClassRef>\
                  </samlp:RequestedAuthnContext>";
    let mfa = request_xml(&idp, "", wanted);
    let page = browser.get(redirect_url(&idp, &mfa)).await;
    let xml = response_of(&page);
    assert!(xml.contains("status:NoAuthnContext") && !xml.contains("<saml:Assertion"));
    assert!(accepts(&xml, RESPONSE, &idp.keys().rsa));
    idp.configure(|options| options.authn_context = "urn:mfa".to_owned());
    let form = browser.get(redirect_url(&idp, &mfa)).await;
    let xml = response_of(&browser.sign_in(&form, "erin").await);
    assert!(xml.contains("ClassRef>urn:mfa</saml:AuthnContextClassRef>"));
    idp.stop().await;
}

#[actix_web::test]
async fn the_provider_can_begin_by_itself() {
    let idp = saml_idp(standing_clock().0);
    let browser = Browser::default();
    let mut url = url::Url::parse(&format!("{}/start", idp.origin())).unwrap();
    url.query_pairs_mut()
        .append_pair("sp", SP)
        .append_pair("RelayState", "there");
    let form = browser.get(url.as_str()).await;
    let page = browser.sign_in(&form, "carl").await;
    assert_eq!(page.field("RelayState"), "there");
    assert!(!response_of(&page).contains("InResponseTo"));
    let stranger = format!("{}/start?sp=stranger", idp.origin());
    assert_eq!(browser.get(stranger).await.status, 400);
    idp.stop().await;
}

#[actix_web::test]
async fn metadata_carries_the_keys_that_sign() {
    let idp = saml_idp(standing_clock().0);
    let metadata = Browser::default().get(idp.entity_id()).await.body;
    assert_eq!(metadata, idp.metadata());
    for part in [
        format!("entityID=\"{}\"", idp.entity_id()),
        idp.keys().rsa.certificate_base64(),
        idp.keys().p256.certificate_base64(),
        "bindings:HTTP-Redirect".to_owned(),
        "bindings:HTTP-POST".to_owned(),
    ] {
        assert!(metadata.contains(&part), "{part}");
    }
    assert!(
        metadata.len() >= 1_000,
        "AWS takes no metadata below 1,000 characters"
    );
    let next = Key::generate(KeyKind::Rsa).unwrap();
    idp.publish_keys(vec![Arc::clone(&next)]);
    let metadata = idp.metadata();
    assert!(metadata.contains(&next.certificate_base64()));
    assert!(!metadata.contains(&idp.keys().rsa.certificate_base64()));
    idp.stop().await;
}
