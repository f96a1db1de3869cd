//! Every page, rendered from every sample, twice, and kept.

use askama::Template;
use regex::Regex;

use super::samples::{self, HOSTILE};
use super::{
    ChooseRolePage, CodePage, PortalPage, ReasonPage, SessionsPage, SettingsPage, SignInPage,
    SignOutFirstPage, SignedOutPage, render,
};
use crate::domain::identity::IdpId;
use crate::web::assets;
use crate::web::site::Elsewhere;

pub(super) fn kept(name: &str, page: &impl Template) -> String {
    let text = render(page, 4096).unwrap();
    assert_eq!(text, render(page, 0).unwrap());
    assert!(
        !text.contains("<script>alert"),
        "{name} runs what it was given"
    );
    assert!(
        !text.contains("<img src=x"),
        "{name} shows what it was given as markup"
    );
    assert!(
        !has_an_open_place(&text),
        "{name} has a place that nothing was put into"
    );
    assert!(
        !text.contains("style="),
        "{name} has a style that its policy forbids"
    );
    let frame = [&*assets::STYLE, &*assets::MARK];
    let without_digests = frame.iter().fold(text.clone(), |text, asset| {
        text.replace(asset.href(), "/static/…")
    });
    // every page has the two above; what some have keeps its name
    let digest = Regex::new(r"(/static/[a-z-]+)-[0-9a-f]{16}\.").unwrap();
    let without_digests = digest.replace_all(&without_digests, "$1-….");
    insta::assert_snapshot!(name, without_digests);
    text
}

/// Whether a text has something like `{name}` in it.
fn has_an_open_place(text: &str) -> bool {
    text.split('{').skip(1).any(|after| {
        after.split_once('}').is_some_and(|(name, _)| {
            !name.is_empty() && name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_')
        })
    })
}

#[test]
fn the_portal_looks_as_it_did() {
    for (name, view) in samples::portals() {
        let request = (name == "empty").then(|| "https://forms.example.com/aws?a=1&b=2".to_owned());
        let page = PortalPage::new(&view, "", &view.form_token).asking(request);
        kept(&format!("portal_{name}"), &page);
    }
}

#[test]
fn the_question_for_a_reason_looks_as_it_did() {
    for (name, question) in samples::reason_questions() {
        kept(&format!("reason_{name}"), &ReasonPage::new(&question));
    }
}

#[test]
fn the_settings_look_as_they_did() {
    let several = samples::several_consoles();
    for (name, view) in samples::settings() {
        let several = several.as_ref().filter(|_| name != "nothing");
        kept(
            &format!("settings_{name}"),
            &SettingsPage::new(&view, several),
        );
    }
}

#[test]
fn the_sessions_look_as_they_did() {
    for (name, view) in samples::sessions() {
        kept(&format!("sessions_{name}"), &SessionsPage::new(&view));
    }
}

#[test]
fn the_two_steps_look_as_they_did() {
    let nowhere = Elsewhere::default();
    let elsewhere = samples::elsewhere();
    for (name, first) in samples::two_steps() {
        let elsewhere = if name == "unknown" {
            &nowhere
        } else {
            &elsewhere
        };
        kept(
            &format!("sign_out_first_{name}"),
            &SignOutFirstPage::new(&first, elsewhere),
        );
    }
}

#[test]
fn the_question_for_a_code_looks_as_it_did() {
    for (name, text) in [("typical", "Payments Production"), ("hostile", HOSTILE)] {
        let question = samples::code_question(text);
        kept(&format!("code_{name}"), &CodePage::new(&question));
    }
}

#[test]
fn the_chooser_of_providers_looks_as_it_did() {
    for (name, choices, intent) in samples::choices_of_idps() {
        kept(
            &format!("sign_in_{name}"),
            &SignInPage::new(&choices, &intent),
        );
    }
}

#[test]
fn the_choice_of_a_role_looks_as_it_did() {
    for (name, choice) in samples::choices_of_roles() {
        kept(
            &format!("choose_role_{name}"),
            &ChooseRolePage::new(&choice),
        );
    }
}

#[test]
fn the_page_after_signing_out_looks_as_it_did() {
    let corp = IdpId::parse("corp").unwrap();
    let elsewhere = samples::elsewhere();
    let nowhere = Elsewhere::default();
    for (name, idp, elsewhere) in [
        ("typical", Some((&corp, "Example Corp")), &elsewhere),
        ("unknown", None, &nowhere),
        ("hostile", Some((&corp, HOSTILE)), &elsewhere),
    ] {
        kept(
            &format!("signed_out_{name}"),
            &SignedOutPage::new(idp, elsewhere),
        );
    }
}

/// What the typical portal finds: how many, and the links, the best first.
fn found(query: &str) -> (String, Vec<String>) {
    let portals = samples::portals();
    let (_, view) = portals.iter().find(|(name, _)| *name == "typical").unwrap();
    let page = PortalPage::new(view, query, "");
    let lines = page.found.iter().flatten();
    let links = lines.map(|line| line.role.path.clone());
    (page.summary.clone(), links.collect())
}

#[test]
fn a_query_shows_what_it_finds_the_best_first() {
    let all = found("");
    assert_eq!(all, ("7 roles in 5 accounts".to_owned(), Vec::new()));
    assert_eq!(
        found("readonly").1,
        ["payments-dev/ReadOnly", "payments-prod/ReadOnly"]
    );
    assert_eq!(found("PROD  read").1, ["payments-prod/ReadOnly"]);
    assert_eq!(found("1111 deploy").1, ["payments-prod/Deployer"]);
    assert_eq!(found("sunday").0, "1 role in 1 account");
    assert_eq!(found("aws-cn").1, ["shop-cn/Operator"]);
    assert_eq!(
        found("4711 ro").1,
        ["payments-prod/ReadOnly", "payments-prod/Deployer"]
    );
    assert_eq!(found("nothing like this").0, "0 roles in 0 accounts");
}

#[test]
fn what_is_found_is_marked_and_escaped_wherever_it_stands() {
    let (_, view) = samples::portals().pop().unwrap();
    for query in ["script", "&amp;", "alert(1)</script>", "src=x onerror"] {
        let page = render(&PortalPage::new(&view, query, ""), 0).unwrap();
        assert!(!page.contains("<script>alert"), "{query}");
        assert!(!page.contains("<img src=x"), "{query}");
        assert!(page.contains("<mark>"), "{query} finds nothing: {page}");
    }
}

#[test]
fn what_a_link_asked_for_stays_with_every_choice() {
    let choice = &samples::choices_of_roles()[0].1;
    let page = render(&ChooseRolePage::new(choice), 0).unwrap();
    let href = "href=\"/go/payments-prod/ReadOnly?destination=https%3A%2F%2Feu-west-1.console.aws.amazon.com%2F\
                s3%2Fhome%3Fa%3Db%26c%3D%22%3E%3Cscript%3E&#38;hours=4\"";
    assert!(page.contains(href), "{page}");
}

#[test]
fn a_page_of_300_roles_stays_within_what_was_set_aside_for_it() {
    let view = samples::many(60, 5);
    let page = PortalPage::new(&view, "", "");
    let text = render(&page, 0).unwrap();
    let expected = page.expected_bytes();
    assert!(text.len() <= expected, "{} of {expected}", text.len());
    assert!(text.len() * 2 > expected, "{} of {expected}", text.len());
}
