//! The subject of an assertion: the format of its name, and how it is confirmed.

use crate::saml::{assume, refused_as_invalid, world};
use crate::support::saml::{Key, Level, Message, RECIPIENT, sign};

const SAML_1: &str = "urn:oasis:names:tc:SAML:1.1:nameid-format:";
const SAML_2: &str = "urn:oasis:names:tc:SAML:2.0:nameid-format:";

fn named(format: &str) -> String {
    let usual = format!("{SAML_2}persistent");
    let template = Message::honest().template().replacen(&usual, format, 1);
    sign(&template, Level::Assertion, Key::provider())
}

#[actix_web::test]
async fn a_name_is_of_a_format_that_aws_knows_and_is_told_with_its_own_prefix_away() {
    let aws = world();
    for name in ["persistent", "transient", "kerberos", "entity"] {
        let reply = assume(&aws, &named(&format!("{SAML_2}{name}")), &[]).await;
        assert_eq!(reply.expect("SubjectType"), name);
    }
    for name in [
        "emailAddress",
        "unspecified",
        "X509SubjectName",
        "WindowsDomainQualifiedName",
    ] {
        let format = format!("{SAML_1}{name}");
        let reply = assume(&aws, &named(&format), &[]).await;
        assert_eq!(reply.expect("SubjectType"), format);
    }
}

#[actix_web::test]
async fn a_name_of_another_format_is_refused_and_one_of_none_is_not() {
    let aws = world();
    for format in [
        &format!("{SAML_2}emailAddress"),
        &format!("{SAML_1}persistent"),
        &format!("{SAML_2}Persistent"),
        "urn:example:format",
        "",
    ] {
        let reply = assume(&aws, &named(format), &[]).await;
        let text = "The format of the subject's NameID is not supported";
        refused_as_invalid(&reply, text);
    }
    let bare = Message {
        name_id: "<saml:NameID>ada</saml:NameID>",
        ..Message::honest()
    };
    let reply = assume(&aws, &bare.signed(), &[]).await;
    assert_eq!(reply.expect("SubjectType"), "");
}

#[actix_web::test]
async fn a_subject_is_confirmed_once_by_bearing_with_an_end_and_a_recipient() {
    let aws = world();
    let honest = Message::honest().template();
    let (before, rest) = honest.split_once("<saml:SubjectConfirmation ").unwrap();
    let (inner, after) = rest.split_once("</saml:SubjectConfirmation>").unwrap();
    let confirmation = format!("<saml:SubjectConfirmation {inner}</saml:SubjectConfirmation>");
    let end = inner.find(" NotOnOrAfter=").unwrap() + 1;
    let end = &inner[end..end + "NotOnOrAfter=\"2026-11-22T12:05:00Z\"".len()];
    for (changed, taken) in [
        (confirmation.clone(), true),
        (String::new(), false),
        (confirmation.repeat(2), false),
        (confirmation.replace("cm:bearer", "cm:holder-of-key"), false),
        (confirmation.replace(end, ""), false),
        (
            confirmation.replace(&format!("Recipient=\"{RECIPIENT}\""), ""),
            false,
        ),
    ] {
        let template = format!("{before}{changed}{after}");
        let response = sign(&template, Level::Assertion, Key::provider());
        let reply = assume(&aws, &response, &[]).await;
        if taken {
            reply.keys();
        } else {
            refused_as_invalid(&reply, "Invalid SAML response");
        }
    }
}
