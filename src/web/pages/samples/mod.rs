//! Views for the tests of the pages: empty, typical, many, and text that means harm.

mod portal;

use chrono::DateTime;
use url::Url;

use crate::domain::account::{Alias, Region};
use crate::domain::identity::{IdpId, Subject};
use crate::domain::intent::{AccountRef, ConsoleIntent, Intent};
use crate::domain::person::KnownPerson;
use crate::domain::preferences::Consoles;
use crate::domain::reason::Reason;
use crate::domain::role::RoleKey;
use crate::domain::scope::ScopeName;
use crate::domain::session::{LiveSession, SessionHandle};
use crate::signin::{
    CodeQuestion, IdpChoice, ReasonQuestion, RoleChoice, SessionsView, SettingsView, SignOutFirst,
};
use crate::web::site::Elsewhere;

pub(super) use portal::{many, portals, typical_accounts};

/// What would be markup, a script or another line if it were not escaped.
pub(super) const HOSTILE: &str =
    "\"><script>alert(1)</script><img src=x onerror='alert(2)'>&amp;{{7*7}}\u{202e}\u{0}";

pub(super) fn asked() -> ConsoleIntent {
    let account = AccountRef::Alias(Alias::parse("payments-prod").unwrap());
    ConsoleIntent {
        destination: Some(
            "https://eu-west-1.console.aws.amazon.com/s3/home?a=b&c=\"><script>".to_owned(),
        ),
        hours: Some(4),
        ..ConsoleIntent::of(account, None)
    }
}

pub(super) fn choices_of_roles() -> Vec<(&'static str, RoleChoice)> {
    let mut accounts = typical_accounts();
    accounts.retain(|view| view.account.alias.as_str() == "payments-prod");
    vec![(
        "typical",
        RoleChoice {
            display_name: "Ada Lovelace".to_owned(),
            asked: asked(),
            always: false,
            accounts,
            form_token: "FORM-TOKEN".to_owned(),
        },
    )]
}

pub(super) fn choices_of_idps() -> Vec<(&'static str, Vec<IdpChoice>, Intent)> {
    let idp = |id: &str, name: &str| IdpChoice {
        id: IdpId::parse(id).unwrap(),
        name: name.to_owned(),
    };
    let two = || vec![idp("corp", "Example Corp"), idp("okta", "Okta")];
    vec![
        ("none", Vec::new(), Intent::Portal),
        ("portal", two(), Intent::Portal),
        ("console", two(), Intent::Console(asked())),
        ("hostile", vec![idp("corp", HOSTILE)], Intent::Portal),
    ]
}

pub(super) fn elsewhere() -> Elsewhere {
    Elsewhere {
        idps: [(
            IdpId::parse("corp").unwrap(),
            Url::parse("https://idp.example.com/sign-out").unwrap(),
        )]
        .into(),
        consoles: [
            (
                "aws",
                "https://us-east-1.signin.aws.amazon.com/oauth?Action=logout",
            ),
            (
                "aws-us-gov",
                "https://signin.amazonaws-us-gov.com/oauth?Action=logout",
            ),
        ]
        .map(|(partition, url)| (partition.to_owned(), Url::parse(url).unwrap()))
        .to_vec(),
        several_consoles: several_consoles(),
    }
}

/// A code is asked for.
pub(super) fn code_question(text: &str) -> CodeQuestion {
    CodeQuestion {
        display_name: text.to_owned(),
        form_token: "FORM-TOKEN".to_owned(),
        asked: ConsoleIntent {
            scope: Some(ScopeName::parse("read-only").unwrap()),
            ..asked()
        },
        role: RoleKey::parse("payments-prod/ReadOnly").unwrap(),
        account: text.to_owned(),
        serial: "arn:aws:iam::999900001111:mfa/vestibule".to_owned(),
    }
}

/// Somebody's sessions: typical, and with harm in them.
pub(super) fn sessions() -> Vec<(&'static str, SessionsView)> {
    let view = |name: &str, sessions| SessionsView {
        display_name: name.to_owned(),
        administrator: false,
        form_token: "FORM-TOKEN".to_owned(),
        sessions,
        this_one: handle('a'),
    };
    let two = vec![
        live_session('a', "Firefox on Linux"),
        LiveSession {
            address: None,
            ..live_session('b', "")
        },
    ];
    vec![
        ("typical", view("Ada Lovelace", two)),
        ("hostile", view(HOSTILE, vec![live_session('a', HOSTILE)])),
    ]
}

fn handle(digit: char) -> SessionHandle {
    SessionHandle::parse(&digit.to_string().repeat(32)).unwrap()
}

pub(super) fn live_session(digit: char, browser: &str) -> LiveSession {
    let at = |seconds: i64| DateTime::from_timestamp(1_772_355_600 + seconds, 0).unwrap();
    LiveSession {
        handle: handle(digit),
        person: known_person("Ada Lovelace"),
        address: Some([192, 0, 2, 7].into()),
        browser: browser.to_owned(),
        began: at(0),
        seen: at(600),
        ends: at(12 * 3_600),
    }
}

pub(super) fn known_person(name: &str) -> KnownPerson {
    KnownPerson {
        idp: IdpId::parse("corp").unwrap(),
        subject: Subject {
            format: "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent".to_owned(),
            value: name.to_lowercase(),
        },
        display_name: name.to_owned(),
    }
}

pub(super) fn reason_questions() -> Vec<(&'static str, ReasonQuestion)> {
    let question = |text: &str, reason: &str, serial: Option<&str>| ReasonQuestion {
        display_name: text.to_owned(),
        form_token: "FORM-TOKEN".to_owned(),
        asked: ConsoleIntent {
            scope: serial.and_then(|_| ScopeName::parse("read-only").ok()),
            suggested_reason: Reason::parse(reason).ok(),
            ..asked()
        },
        role: RoleKey::parse("payments-prod/ReadOnly").unwrap(),
        account: text.to_owned(),
        serial: serial.map(str::to_owned),
    };
    let serial = Some("arn:aws:iam::999900001111:mfa/vestibule");
    vec![
        ("typical", question("Payments Production", "", None)),
        ("code", question("Payments Production", "INC-4711", serial)),
        (
            "hostile",
            question(HOSTILE, "\"><script>alert(1)</script>", serial),
        ),
    ]
}

pub(super) fn several_consoles() -> Option<Url> {
    Url::parse("https://us-east-1.signin.aws.amazon.com/sessions/v1/opt-in").ok()
}

pub(super) fn settings() -> Vec<(&'static str, SettingsView)> {
    let view = |region: Option<&str>, consoles| SettingsView {
        display_name: "Ada Lovelace".to_owned(),
        administrator: false,
        form_token: "FORM-TOKEN".to_owned(),
        region: region.and_then(|region| Region::parse(region).ok()),
        consoles,
    };
    vec![
        ("nothing", view(None, None)),
        ("chosen", view(Some("eu-west-1"), Some(Consoles::Replace))),
        (
            "hostile",
            SettingsView {
                display_name: HOSTILE.to_owned(),
                ..view(None, Some(Consoles::Add))
            },
        ),
    ]
}

pub(super) fn two_steps() -> Vec<(&'static str, SignOutFirst)> {
    let first = |account_name: &str| SignOutFirst {
        display_name: "Ada Lovelace".to_owned(),
        form_token: "FORM-TOKEN".to_owned(),
        key: RoleKey::parse("payments-prod/ReadOnly").unwrap(),
        account_name: account_name.to_owned(),
        partition: "aws-us-gov".to_owned(),
        asked: asked(),
    };
    vec![
        ("typical", first("Payments Production")),
        ("unknown", first("Payments Production")),
        ("hostile", first(HOSTILE)),
    ]
}
