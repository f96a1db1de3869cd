//! Signature wrapping: the signed element moved to where it still verifies, an evil twin where it would be read.
//!
//! After Somorovsky and others, "On Breaking SAML" (2012), and what has been found since. Whatever the place, the
//! evil identity must never come out.

use super::super::testing::*;

struct Parts {
    honest: String,
    /// The signed assertion.
    assertion: String,
    /// Its signature.
    signature: String,
    /// An unsigned assertion about somebody else.
    evil: String,
}

fn parts() -> Parts {
    let honest = sign(&template(Level::Assertion), Level::Assertion, "rsa");
    let cut = |from: &str, to: &str| {
        let start = honest.find(from).unwrap();
        honest[start..honest.rfind(to).unwrap() + to.len()].to_owned()
    };
    let (signed, signature) = (
        cut("<saml:Assertion", "</saml:Assertion>"),
        cut("<ds:Signature ", "</ds:Signature>"),
    );
    let evil = edit(&assertion(""), "alice@example.com", "admin@example.com");
    Parts {
        assertion: signed,
        signature,
        evil: edit(&evil, "ID=\"_a\"", "ID=\"_evil\""),
        honest,
    }
}

/// Neither accepted as somebody else nor at all.
fn refuse(name: &str, xml: &str) {
    if let Ok(verified) = verify(xml) {
        panic!("{name}: {}", verified.identity().subject.value);
    }
}

#[test]
fn a_twin_beside_the_signed_assertion_is_refused() {
    let p = parts();
    refuse(
        "before",
        &edit(
            &p.honest,
            &p.assertion,
            &format!("{}{}", p.evil, p.assertion),
        ),
    );
    refuse(
        "after",
        &edit(
            &p.honest,
            &p.assertion,
            &format!("{}{}", p.assertion, p.evil),
        ),
    );
    let same_id = edit(&p.evil, "_evil", "_a");
    refuse(
        "same id",
        &edit(
            &p.honest,
            &p.assertion,
            &format!("{same_id}{}", p.assertion),
        ),
    );
    let encrypted = format!(
        "<saml:EncryptedAssertion>{}</saml:EncryptedAssertion>",
        p.evil
    );
    refuse(
        "encrypted twin",
        &edit(
            &p.honest,
            &p.assertion,
            &format!("{encrypted}{}", p.assertion),
        ),
    );
    refuse("two roots", &format!("{}{}", p.honest, p.evil));
}

#[test]
fn the_signed_assertion_inside_its_twin_is_refused() {
    let p = parts();
    let bare = p.assertion.replace(&p.signature, "");
    for (place, wrap) in [
        ("end", "</saml:Assertion>"),
        ("subject", "</saml:Subject>"),
        ("confirmation", "</saml:SubjectConfirmation>"),
        ("conditions", "</saml:Conditions>"),
        ("context", "</saml:AuthnContext>"),
        ("value", "</saml:AttributeValue>"),
        ("issuer", "</saml:Issuer>"),
    ] {
        let inside = edit(&p.evil, wrap, &format!("{}{wrap}", p.assertion));
        refuse(place, &edit(&p.honest, &p.assertion, &inside));
        let advice = edit(
            &p.evil,
            wrap,
            &format!("<saml:Advice>{}</saml:Advice>{wrap}", p.assertion),
        );
        refuse(place, &edit(&p.honest, &p.assertion, &advice));
        // the signature taken over by the twin, the signed element kept inside it
        let taken = edit(
            &inside,
            "</saml:Issuer>",
            &format!("</saml:Issuer>{}", p.signature),
        );
        refuse(
            place,
            &edit(&p.honest, &p.assertion, &taken.replace(&p.assertion, &bare)),
        );
    }
}

#[test]
fn the_signed_assertion_inside_the_signature_is_refused() {
    let p = parts();
    let bare = p.assertion.replace(&p.signature, "");
    for holder in [
        "<ds:Object>@</ds:Object>",
        "<ds:KeyInfo><ds:KeyValue>@</ds:KeyValue></ds:KeyInfo>",
        "@",
    ] {
        for inner in [&bare, &p.assertion] {
            let content = format!("{}</ds:Signature>", holder.replace('@', inner));
            let signature = edit(&p.signature, "</ds:Signature>", &content);
            let evil = edit(
                &p.evil,
                "</saml:Issuer>",
                &format!("</saml:Issuer>{signature}"),
            );
            refuse(holder, &edit(&p.honest, &p.assertion, &evil));
            let outside = edit(&p.honest, &p.assertion, &format!("{signature}{}", p.evil));
            refuse(holder, &outside);
        }
    }
}

#[test]
fn the_signed_assertion_elsewhere_in_the_envelope_is_refused() {
    let p = parts();
    for (name, before, wrapped) in [
        (
            "extensions",
            "<samlp:Status>",
            "<samlp:Extensions>@</samlp:Extensions>",
        ),
        (
            "detail",
            "</samlp:Status>",
            "<samlp:StatusDetail>@</samlp:StatusDetail>",
        ),
        (
            "message",
            "</samlp:Status>",
            "<samlp:StatusMessage>@</samlp:StatusMessage>",
        ),
        ("foreign", "<samlp:Status>", "<x xmlns=\"urn:x\">@</x>"),
        (
            "response",
            "<samlp:Status>",
            "<samlp:Response>@</samlp:Response>",
        ),
    ] {
        let moved = format!("{}{before}", wrapped.replace('@', &p.assertion));
        let xml = edit(&edit(&p.honest, &p.assertion, &p.evil), before, &moved);
        refuse(name, &xml);
        let first = edit(&edit(&p.honest, &p.assertion, ""), before, &moved);
        refuse(
            name,
            &edit(
                &first,
                "</samlp:Response>",
                &format!("{}</samlp:Response>", p.evil),
            ),
        );
    }
}

#[test]
#[expect(clippy::too_many_lines, reason = "one document")]
fn a_signed_response_inside_another_is_refused() {
    let honest = sign(&template(Level::Response), Level::Response, "rsa");
    let honest = honest.trim_start_matches("<?xml version=\"1.0\"?>").trim();
    let start = honest.find("<ds:Signature ").unwrap();
    let signature = &honest[start..honest.find("</ds:Signature>").unwrap() + 15];
    let evil = response("", &edit(&assertion(""), "alice@", "admin@"));
    let evil = edit(
        &edit(&evil, "ID=\"_r\"", "ID=\"_evil\""),
        "ID=\"_a\"",
        "ID=\"_evil_a\"",
    );
    for (name, xml) in [
        (
            "in the issuer",
            edit(&evil, "</saml:Issuer>", &format!("{honest}</saml:Issuer>")),
        ),
        (
            "in an object",
            edit(
                &evil,
                "</saml:Issuer>",
                &format!(
                    "</saml:Issuer>{}",
                    edit(
                        signature,
                        "</ds:Signature>",
                        &format!("<ds:Object>{honest}</ds:Object></ds:Signature>")
                    )
                ),
            ),
        ),
        (
            "in the status",
            edit(
                &evil,
                "</samlp:Status>",
                &format!("<samlp:StatusDetail>{honest}</samlp:StatusDetail></samlp:Status>"),
            ),
        ),
        (
            "after the assertion",
            edit(
                &evil,
                "</samlp:Response>",
                &format!("{honest}</samlp:Response>"),
            ),
        ),
        (
            "signature taken over",
            edit(
                &evil,
                "</saml:Issuer>",
                &format!("</saml:Issuer>{signature}"),
            ),
        ),
        (
            "id taken over",
            edit(
                &edit(
                    &evil,
                    "</saml:Issuer>",
                    &format!("</saml:Issuer>{signature}"),
                ),
                "_evil",
                "_r",
            ),
        ),
    ] {
        refuse(name, &xml);
    }
}
