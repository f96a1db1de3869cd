//! The pages of tokens from samples, kept.

use chrono::TimeZone as _;

use super::admin::AdminFrame;
use super::samples::HOSTILE;
use super::tests::kept;
use super::{EverybodysTokensPage, MadeTokenPage, TokensPage};
use crate::domain::identity::{Authentication, Identity, IdpId, Subject};
use crate::domain::session::Session;
use crate::domain::token::{Token, TokenId, TokenLife, TokenScope, TokenSecret};
use crate::signin::{MadeToken, TokensView};

fn token(name: &str, scopes: &[TokenScope], is_used: bool) -> Token {
    let made = chrono::Utc.with_ymd_and_hms(2026, 3, 1, 9, 0, 0).unwrap();
    Token {
        id: TokenId::parse("0123456789abcdef").unwrap(),
        digest: "0".repeat(64),
        identity: Identity {
            idp: IdpId::parse("corp").unwrap(),
            subject: Subject {
                format: String::new(),
                value: format!("{name}@example.com"),
            },
            display_name: name.to_owned(),
            verified_email: None,
            attributes: std::collections::BTreeMap::default(),
            authentication: Authentication::default(),
            notice: None,
        },
        name: name.to_owned(),
        scopes: scopes.iter().copied().collect(),
        made,
        expires: made + chrono::Duration::days(30),
        used: is_used.then(|| made + chrono::Duration::hours(3)),
    }
}

fn tokens(name: &str) -> Vec<Token> {
    vec![
        token(name, &[TokenScope::MeRead, TokenScope::KeysMake], true),
        token("nightly build", TokenScope::ALL, false),
    ]
}

fn view(tokens: Vec<Token>, administrator: bool, most_days: u16) -> TokensView {
    TokensView {
        display_name: "Ada Lovelace".to_owned(),
        administrator,
        form_token: "FORM-TOKEN".to_owned(),
        tokens,
        life: TokenLife {
            usual_days: 30,
            most_days,
        },
    }
}

#[test]
fn ones_tokens_look_as_they_did() {
    for (name, view) in [
        ("none", view(Vec::new(), false, 365)),
        ("typical", view(tokens("laptop"), true, 90)),
        ("off", view(Vec::new(), false, 0)),
        ("hostile", view(tokens(HOSTILE), false, 365)),
    ] {
        kept(&format!("tokens_{name}"), &TokensPage::new(&view));
    }
}

#[test]
fn a_token_just_made_looks_as_it_did() {
    for (name, called) in [("typical", "laptop"), ("hostile", HOSTILE)] {
        let made = MadeToken {
            token: token(called, &[TokenScope::MeRead, TokenScope::KeysMake], false),
            secret: TokenSecret::new("EXAMPLE"),
        };
        kept(&format!("made_token_{name}"), &MadeTokenPage::new(&made));
    }
}

#[test]
fn everybodys_tokens_look_as_they_did() {
    let session: Session = token("Ada Lovelace", &[], false).as_session();
    let session = Session {
        form_token: "FORM-TOKEN".to_owned(),
        ..session
    };
    for (name, tokens, more) in [
        ("none", Vec::new(), false),
        ("typical", tokens("laptop"), true),
        ("hostile", tokens(HOSTILE), false),
    ] {
        let frame = AdminFrame::new(&session, "Example Corp", None);
        let page = EverybodysTokensPage::new(frame, &tokens, (more, !more));
        kept(&format!("admin_tokens_{name}"), &page);
    }
}
