//! Every administrators' page from samples, kept; and what must not be on one.

use std::path::Path;

use chrono::TimeZone as _;

use super::{
    AdminFrame, ComparePage, IssuerPage, ListsPage, Past, RevisionPage, RevisionsPage, Sentences,
};
use crate::admin::{
    AccountLine, Count, IssuerView, KeyView, Lines, Overview, Pressing, RevisionSummary, RoleLine,
    RuleLine,
};
use crate::domain::identity::{Identity, IdpId, Subject};
use crate::domain::session::Session;
use crate::domain::session_size::SessionSize;
use crate::web::pages::samples::HOSTILE;
use crate::web::pages::tests::kept;

pub(super) fn at(minutes: i64) -> crate::domain::Timestamp {
    let start = chrono::Utc.with_ymd_and_hms(2026, 3, 1, 9, 0, 0).unwrap();
    start + chrono::Duration::minutes(minutes)
}

pub(super) fn session(name: &str) -> Session {
    Session {
        digest: "0".repeat(64),
        identity: Identity {
            idp: IdpId::parse("corp").unwrap(),
            subject: Subject {
                format: String::new(),
                value: "ada@example.com".to_owned(),
            },
            display_name: name.to_owned(),
            verified_email: None,
            attributes: std::collections::BTreeMap::default(),
            authentication: crate::domain::identity::Authentication::default(),
            notice: None,
        },
        began: at(0),
        seen: at(0),
        ends: at(720),
        form_token: "FORM-TOKEN".to_owned(),
    }
}

pub(super) fn frame<'a>(session: &'a Session, governed_by: Option<&str>) -> AdminFrame<'a> {
    AdminFrame::new(session, "Example Corp", governed_by.map(Path::new))
}

pub(super) fn summary(number: i64, note: &str) -> RevisionSummary {
    RevisionSummary {
        number,
        base: (number > 1).then_some(number - 1),
        author: "Ada Lovelace (corp: ada@example.com)".to_owned(),
        note: note.to_owned(),
        published: at(number * 60),
    }
}

fn rules(text: &str) -> Lines {
    let text = |typical: &str| if text.is_empty() { typical } else { text }.to_owned();
    Lines::Rules(vec![
        RuleLine {
            name: text("payments engineers"),
            conditions: vec![
                text("signed in by corp"),
                text("groups is \"payments-eng\""),
            ],
            grants: vec![text("payments-prod/ReadOnly"), text("payments-dev/*")],
            denies: Vec::new(),
            from: None,
            until: None,
        },
        RuleLine {
            name: "contractors stay out".to_owned(),
            conditions: vec!["employment is \"contractor\"".to_owned()],
            grants: Vec::new(),
            denies: vec![text("environment:production")],
            from: Some("2026-01-01 00:00:00 UTC".to_owned()),
            until: Some("2027-01-01 00:00:00 UTC".to_owned()),
        },
    ])
}

fn roles(text: &str) -> Lines {
    let text = |typical: &str| if text.is_empty() { typical } else { text }.to_owned();
    let role = |key: String, rules| RoleLine {
        key,
        description: text("Look, don’t touch"),
        method: "AssumeRole",
        arn: text("arn:aws:iam::111122223333:role/team/ReadOnly"),
        via: Some(text("arn:aws:iam::999900001111:role/Hub")),
        asks: vec![
            text("a stronger login of the last 15 minutes"),
            text("the context phr or phrh"),
        ],
        size: Some(SessionSize {
            policy: 2_048,
            managed: 1_024,
            tags: 84,
        }),
        no_probe: None,
        rules,
    };
    let used = vec![
        ("gives it", text("payments engineers")),
        ("takes it away", text("contractors stay out")),
    ];
    Lines::Roles(vec![
        role(text("payments-prod/ReadOnly"), used),
        RoleLine {
            no_probe: Some("It is opened by somebody else's proof"),
            ..role("payments-prod/Unused".to_owned(), Vec::new())
        },
    ])
}

fn accounts(text: &str) -> Lines {
    let text = |typical: &str| if text.is_empty() { typical } else { text }.to_owned();
    Lines::Accounts(vec![
        AccountLine {
            alias: text("payments-prod"),
            id: "111122223333".to_owned(),
            name: text("Payments Production"),
            environment: Some("production"),
            partition: "aws".to_owned(),
            owner: Some(text("payments-leads@example.com")),
            roles: vec![
                text("payments-prod/ReadOnly"),
                "payments-prod/Unused".to_owned(),
            ],
        },
        AccountLine {
            alias: "empty".to_owned(),
            id: "444455556666".to_owned(),
            name: "Empty".to_owned(),
            environment: None,
            partition: text("aws-cn"),
            owner: None,
            roles: Vec::new(),
        },
    ])
}

fn overview(lines: Lines) -> Overview {
    let count = |found, all| Count { found, all };
    Overview {
        current: Some(summary(12, "Give the auditors a look")),
        deciding: 12,
        trouble: None,
        rules: count(2, 2),
        roles: count(2, 9),
        accounts: count(2, 900),
        lines,
    }
}

#[test]
fn the_lists_look_as_they_did() {
    let trouble = Overview {
        deciding: 11,
        trouble: Some("revision 12 cannot be used with this configuration".to_owned()),
        ..overview(rules(""))
    };
    let nothing = Overview {
        current: None,
        deciding: 0,
        ..overview(Lines::Rules(Vec::new()))
    };
    let nothing = Overview {
        rules: Count { found: 0, all: 0 },
        ..nothing
    };
    for (name, overview, query, governed_by) in [
        ("rules", overview(rules("")), "", None),
        ("roles", overview(roles("")), "pay ments", None),
        (
            "accounts",
            overview(accounts("")),
            "",
            Some("/etc/vestibule/access.toml"),
        ),
        ("trouble", trouble, "", None),
        ("nothing", nothing, "", None),
        (
            "hostile_rules",
            overview(rules(HOSTILE)),
            HOSTILE,
            Some(HOSTILE),
        ),
        ("hostile_roles", overview(roles(HOSTILE)), HOSTILE, None),
        (
            "hostile_accounts",
            overview(accounts(HOSTILE)),
            HOSTILE,
            None,
        ),
    ] {
        let session = session(if name.starts_with("hostile") {
            HOSTILE
        } else {
            "Ada Lovelace"
        });
        let page = ListsPage::new(frame(&session, governed_by), &overview, query);
        kept(&format!("admin_lists_{name}"), &page);
    }
}

pub(super) const DOCUMENT: &str =
    "[[accounts]]\nid = \"111122223333\"\nalias = \"tools\"\nname = \"Tools\"\n";

#[test]
fn the_revisions_look_as_they_did() {
    let session = session("Ada Lovelace");
    let typical: Vec<_> = (4..=12).rev().map(|n| summary(n, "Why it was")).collect();
    let hostile = vec![RevisionSummary {
        author: HOSTILE.to_owned(),
        ..summary(1, HOSTILE)
    }];
    for (name, revisions, current, more) in [
        ("typical", typical, 12, true),
        ("none", Vec::new(), 0, false),
        ("older", vec![summary(1, "")], 12, false),
        ("hostile", hostile, 1, false),
    ] {
        let page = RevisionsPage::new(frame(&session, None), &revisions, (current, more));
        kept(&format!("admin_revisions_{name}"), &page);
    }
}

#[test]
fn a_revision_looks_as_it_did() {
    let session = session("Ada Lovelace");
    let past = |current, text: &str| Past {
        current,
        changes: Sentences::new(vec![text.to_owned()]),
        back: Sentences::new(if current == 3 {
            Vec::new()
        } else {
            vec![text.to_owned()]
        }),
        text: text.to_owned(),
    };
    for (name, past, text, governed_by) in [
        ("current", past(3, DOCUMENT), "", None),
        ("past", past(12, DOCUMENT), "", None),
        ("governed", past(12, DOCUMENT), "", Some("access.toml")),
        ("hostile", past(12, HOSTILE), HOSTILE, None),
    ] {
        let summary = summary(3, text);
        let frame = frame(&session, governed_by);
        let page = RevisionPage::new(frame, &summary, &past);
        kept(&format!("admin_revision_{name}"), &page);
    }
}

#[test]
fn two_revisions_beside_each_other_look_as_they_did() {
    let session = session("Ada Lovelace");
    for (name, changes) in [
        ("same", Vec::new()),
        ("typical", vec!["rule auditors: added".to_owned()]),
        ("hostile", vec![HOSTILE.to_owned()]),
    ] {
        let changes = Sentences::new(changes);
        let page = ComparePage::new(frame(&session, None), (3, 12), &changes);
        kept(&format!("admin_compare_{name}"), &page);
    }
}

#[test]
fn the_issuer_looks_as_it_did() {
    let session = session("Ada Lovelace");
    let key = |state, purpose, days: Option<i64>, pressing| KeyView {
        id: format!("{state}-20260301-0a1b2c3d"),
        purpose,
        algorithm: "RS256",
        state,
        created: at(0),
        since: at(60),
        expires: days.map(|days| at(days * 24 * 60)),
        fingerprint: "AB:CD:EF".to_owned(),
        pressing,
        next_step: "Something to do",
    };
    let issuer = |text: &str, keys| IssuerView {
        url: format!("https://signin.example.com{text}"),
        entity_id: format!("https://signin.example.com/issuer/saml/metadata{text}"),
        recipient: "https://signin.example.com/issuer/saml".to_owned(),
        audience: "sts.amazonaws.com".to_owned(),
        unfit: None,
        trouble: (!text.is_empty()).then(|| text.to_owned()),
        keys,
    };
    let keys = vec![
        key("current", "SAML", Some(20), Some(Pressing::Urgent)),
        key("next", "SAML", Some(3650), None),
        key("retired", "SAML", Some(-1), None),
        key("current", "OpenID Connect", None, None),
    ];
    let unfit = IssuerView {
        unfit: Some("has a port"),
        ..issuer("", Vec::new())
    };
    for (name, issuer) in [
        ("typical", issuer("", keys)),
        ("none", unfit),
        ("hostile", issuer(HOSTILE, Vec::new())),
    ] {
        let page = IssuerPage::new(frame(&session, None), &issuer);
        kept(&format!("admin_issuer_{name}"), &page);
    }
}
