//! The forms in which well-known identity providers write their responses, as far as they differ.

use super::super::testing::*;

/// Reads `name`'s form, signs it where that provider does, and expects the person and the group `AWS-Dev`.
fn shape(name: &str, level: Level, subject: &str, groups: &str) {
    let xml = std::fs::read_to_string(fixture(&format!("shapes/{name}.xml"))).unwrap();
    let signed = sign(&xml, level, "rsa");
    let verified = verify(&signed).unwrap_or_else(|error| panic!("{name}: {error}"));
    let identity = verified.identity();
    assert_eq!(identity.subject.value, subject, "{name}");
    assert_eq!(identity.values(groups).last().unwrap(), "AWS-Dev", "{name}");
    // xmlsec1 wraps its base64 in line feeds; Java wraps in `&#13;` and a line feed
    let java = signed.replacen("SignatureValue>", "SignatureValue>&#13;\n", 1);
    assert_ne!(java, signed);
    assert!(verify(&java).is_ok(), "{name}");
}

#[test]
fn ad_fs_signs_the_assertion_in_a_default_namespace() {
    shape(
        "adfs",
        Level::Assertion,
        "EXAMPLE\\alice",
        "http://schemas.xmlsoap.org/claims/Group",
    );
}

#[test]
fn entra_signs_the_assertion_without_any_prefix() {
    let groups = "http://schemas.microsoft.com/ws/2008/06/identity/claims/groups";
    shape("entra", Level::Assertion, "alice@example.com", groups);
}

#[test]
fn okta_signs_both_with_a_prefix_list() {
    shape("okta", Level::Both, "alice@example.com", "groups");
}

#[test]
fn keycloak_shows_its_key_in_every_way() {
    shape(
        "keycloak",
        Level::Both,
        "G-0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9",
        "Role",
    );
}

#[test]
fn google_signs_the_response_alone() {
    shape("google", Level::Response, "alice@example.com", "groups");
}

#[test]
fn shibboleth_prints_prettily_and_nests_a_name_in_a_value() {
    shape(
        "shibboleth",
        Level::Response,
        "AAdzZWNyZXQx",
        "urn:oid:1.3.6.1.4.1.5923.1.5.1.1",
    );
}

#[test]
fn simplesamlphp_signs_both_and_sends_nil_values() {
    shape(
        "simplesamlphp",
        Level::Both,
        "_ce3d2948b4cf20146dee0a0b3dd6f69b6cf86f62d7",
        "eduPersonAffiliation",
    );
}
