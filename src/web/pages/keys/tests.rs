//! Both pages from every sample, kept.

use chrono::DateTime;
use secrecy::SecretString;

use super::super::samples::HOSTILE;
use super::super::tests::kept;
use super::{KeysOnlyPage, KeysPage, MadeKeysPage};
use crate::domain::account::{Alias, Environment, Region};
use crate::domain::credentials::Credentials;
use crate::domain::duration::Cause;
use crate::domain::intent::{AccountRef, KeysIntent};
use crate::domain::reason::Reason;
use crate::domain::role::RoleKey;
use crate::domain::scope::ScopeName;
use crate::signin::{KeysOnly, KeysView, MadeKeys};

fn asked(key: &RoleKey) -> KeysIntent {
    KeysIntent {
        suggested_reason: None,
        account: AccountRef::Alias(Alias::parse(key.account.as_str()).unwrap()),
        role: key.name.clone(),
        scope: None,
        hours: None,
        region: None,
    }
}

fn typical() -> KeysView {
    let key = RoleKey::parse("payments-prod/ReadOnly").unwrap();
    KeysView {
        asks_reason: false,
        display_name: "Ada Lovelace".to_owned(),
        administrator: false,
        form_token: "FORM-TOKEN".to_owned(),
        asked: asked(&key),
        key,
        description: "Look, don’t touch".to_owned(),
        account_name: "Payments Production".to_owned(),
        account_id: "111122223333".to_owned(),
        environment: Some(Environment::Production),
        partition: "aws".to_owned(),
        scope: None,
        lasts: "1 hour".to_owned(),
        because: Cause::EveryRole.text(),
        lengths: vec![(2, "2 hours".to_owned()), (12, "12 hours".to_owned())],
        is_whole_user: false,
        serial: None,
        through: None,
    }
}

fn everything_asked(key: &RoleKey) -> KeysIntent {
    KeysIntent {
        scope: Some(ScopeName::parse("read-only").unwrap()),
        hours: Some(4),
        region: Some(Region::parse("cn-north-1").unwrap()),
        suggested_reason: Reason::parse("INC-4711").ok(),
        ..asked(key)
    }
}

fn views() -> Vec<(&'static str, KeysView)> {
    let odd = RoleKey::parse("shop-cn/Admin+Everything=1,2@x").unwrap();
    vec![
        ("typical", typical()),
        (
            "everything",
            KeysView {
                asked: everything_asked(&odd),
                asks_reason: true,
                key: odd,
                partition: "aws-cn".to_owned(),
                scope: Some(("read-only".to_owned(), "Look, don’t touch".to_owned())),
                lasts: "4 hours".to_owned(),
                because: Cause::Asked.text(),
                lengths: Vec::new(),
                through: Some("Example Corp".to_owned()),
                administrator: true,
                ..typical()
            },
        ),
        (
            "whole_user",
            KeysView {
                is_whole_user: true,
                serial: Some("arn:aws:iam::999900001111:mfa/vestibule".to_owned()),
                ..typical()
            },
        ),
        (
            "hostile",
            KeysView {
                display_name: HOSTILE.to_owned(),
                form_token: HOSTILE.to_owned(),
                description: HOSTILE.to_owned(),
                account_name: HOSTILE.to_owned(),
                account_id: HOSTILE.to_owned(),
                environment: None,
                partition: HOSTILE.to_owned(),
                scope: Some((HOSTILE.to_owned(), HOSTILE.to_owned())),
                lasts: HOSTILE.to_owned(),
                lengths: vec![(2, HOSTILE.to_owned())],
                through: Some(HOSTILE.to_owned()),
                ..typical()
            },
        ),
    ]
}

fn made(partition: &str, secret: &str) -> MadeKeys {
    let key = RoleKey::parse("payments-prod/ReadOnly").unwrap();
    MadeKeys {
        signin_id: "SIGN-IN".to_owned(),
        asked: asked(&key),
        key,
        account_name: "Payments Production".to_owned(),
        account_id: "111122223333".to_owned(),
        environment: Some(Environment::Production),
        partition: partition.to_owned(),
        lasts: "59 minutes".to_owned(),
        operation: "AssumeRole",
        credentials: Credentials {
            access_key_id: "ASIAEXAMPLEEXAMPLE00".to_owned(),
            secret_access_key: SecretString::from(secret),
            session_token: SecretString::from("IQoJb3JpZ2luX2Vj/+EXAMPLE=="),
            expires: DateTime::from_timestamp(1_800_000_000, 0).unwrap(),
            principal_arn: "arn:aws:sts::111122223333:assumed-role/ReadOnly/ada".to_owned(),
        },
    }
}

#[test]
fn the_page_about_keys_looks_as_it_did() {
    for (name, view) in views() {
        kept(&format!("keys_{name}"), &KeysPage::new(&view));
    }
}

#[test]
fn the_page_of_a_role_without_a_console_looks_as_it_did() {
    for (name, account_name) in [("typical", "Payments Production"), ("hostile", HOSTILE)] {
        let about = KeysOnly {
            display_name: account_name.to_owned(),
            form_token: account_name.to_owned(),
            asked: super::super::samples::asked(),
            key: RoleKey::parse("payments-prod/Uploader").unwrap(),
            account_name: account_name.to_owned(),
        };
        kept(&format!("keys_only_{name}"), &KeysOnlyPage::new(&about));
    }
}

#[test]
fn the_page_with_keys_looks_as_it_did() {
    let plain = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
    let with_region = MadeKeys {
        asked: everything_asked(&RoleKey::parse("payments-prod/ReadOnly").unwrap()),
        ..made("aws-cn", plain)
    };
    let hostile = MadeKeys {
        account_name: HOSTILE.to_owned(),
        account_id: HOSTILE.to_owned(),
        lasts: HOSTILE.to_owned(),
        ..made(HOSTILE, HOSTILE)
    };
    for (name, made) in [
        ("typical", made("aws", plain)),
        ("elsewhere", made("aws-us-gov", plain)),
        ("region", with_region),
        ("hostile", hostile),
    ] {
        let page = kept(&format!("made_keys_{name}"), &MadeKeysPage::new(&made));
        assert!(
            !page.contains("<form"),
            "{name}: a form would say where from"
        );
    }
}
