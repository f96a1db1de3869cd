//! The page from samples: held, taken away, missing, and with texts that mean harm.

use super::*;
use crate::domain::account::Alias;
use crate::domain::intent::{AccountRef, WhyIntent};
use crate::domain::role::{RoleKey, RoleName};
use crate::signin::LeftOut;
use crate::web::pages::samples::HOSTILE;
use crate::web::pages::tests::kept;

fn said(name: &str, holds: bool, own: &[&str], wanted: Option<Wanted>) -> Said {
    Said {
        claim: Claim::Attribute(name.to_owned()),
        negated: false,
        holds,
        own: own.iter().map(|value| (*value).to_owned()).collect(),
        more: 0,
        captured: Vec::new(),
        wanted,
    }
}

fn by_idp(holds: bool, wanted: Option<Wanted>) -> Said {
    Said {
        claim: Claim::Idp,
        ..said("", holds, &["corp"], wanted)
    }
}

fn one_of(values: &[&str], more: usize) -> Wanted {
    let values = values.iter().map(|value| (*value).to_owned());
    Wanted::OneOf(values.collect(), more)
}

fn way(rule: Option<&str>, asks: Vec<Said>) -> Way {
    Way {
        rule: rule.map(str::to_owned),
        asks,
        time: Time::Counts,
        from: None,
        until: None,
    }
}

fn view(told: Told) -> WhyView {
    let key = RoleKey::parse("payments-prod/ReadOnly").unwrap();
    WhyView {
        display_name: "Ada Lovelace".to_owned(),
        administrator: false,
        form_token: "FORM-TOKEN".to_owned(),
        asked: WhyIntent {
            account: AccountRef::Alias(Alias::parse("payments-prod").unwrap()),
            role: RoleName::parse("ReadOnly").unwrap(),
        },
        key,
        description: "Look, don’t touch".to_owned(),
        keys_only: false,
        account_name: "Payments Production".to_owned(),
        account_id: "111122223333".to_owned(),
        environment: Some(Environment::Production),
        owner: Some("payments-leads@example.com".to_owned()),
        left_out: None,
        told,
        suspended: None,
        revision: 12,
    }
}

fn held(text: &str) -> Told {
    let mut spelled = said("groups", true, &[text], None);
    spelled.captured = vec![("role".to_owned(), text.to_owned())];
    let mut not = said("employment", true, &[], None);
    not.negated = true;
    let mut ending = way(Some(text), vec![spelled]);
    ending.until = Some("2027-01-01T00:00:00Z".parse().unwrap());
    Told {
        verdict: Verdict::Held,
        ways: vec![
            way(
                Some("payments engineers"),
                vec![by_idp(true, None), said("groups", true, &[text], None), not],
            ),
            ending,
        ],
        more: 0,
        taken: Vec::new(),
    }
}

fn taken(text: &str) -> Told {
    Told {
        verdict: Verdict::TakenAway,
        taken: vec![vec![said("employment", true, &[text], None)]],
        ..held(text)
    }
}

fn missing(text: &str) -> Told {
    let mut groups = said(
        "groups",
        false,
        &["a", text],
        Some(one_of(&["payments-eng"], 0)),
    );
    groups.more = 448;
    let mut not = said(
        "employment",
        false,
        &[text],
        Some(one_of(&["guest", text], 12)),
    );
    not.negated = true;
    let absent = said("badge", false, &[], Some(Wanted::Anything));
    let spelling = Some(Wanted::Spelling(Some(format!("aws-{text}"))));
    let mut soon = way(
        None,
        vec![
            by_idp(true, Some(one_of(&["corp"], 0))),
            said("groups", false, &[text], spelling),
            said("team", false, &[], Some(Wanted::Begins(text.to_owned()))),
            said("team", false, &[], Some(Wanted::Matches(text.to_owned()))),
            said("team", false, &[], Some(Wanted::Spelling(None))),
        ],
    );
    soon.time = Time::NotYet;
    soon.from = Some("2027-01-01T00:00:00Z".parse().unwrap());
    let mut over = way(
        None,
        vec![said(text, true, &[text], Some(one_of(&[text], 0)))],
    );
    over.time = Time::Over;
    over.until = Some("2026-01-01T00:00:00Z".parse().unwrap());
    Told {
        verdict: Verdict::NotGiven,
        ways: vec![way(None, vec![groups, not, absent]), soon, over],
        more: 3,
        taken: Vec::new(),
    }
}

fn keep(name: &str, view: &WhyView) -> String {
    let page = WhyPage::new(view, |_| "Example Corp".to_owned());
    kept(&format!("why_{name}"), &page)
}

#[test]
fn the_page_looks_as_it_did() {
    for (name, told) in [
        ("held", held("payments-eng")),
        ("taken", taken("contractor")),
        ("missing", missing("payments")),
    ] {
        keep(name, &view(told));
    }
    let told = |text: &str| WhyView {
        display_name: text.to_owned(),
        description: text.to_owned(),
        account_name: text.to_owned(),
        account_id: text.to_owned(),
        owner: Some(text.to_owned()),
        left_out: Some((IdpId::parse("corp").unwrap(), LeftOut::GroupOverage)),
        administrator: true,
        ..view(missing(text))
    };
    keep("hostile", &told(HOSTILE));
    keep(
        "hostile_held",
        &WhyView {
            told: taken(HOSTILE),
            ..told(HOSTILE)
        },
    );
}

#[test]
fn a_way_that_cannot_be_shown_leads_to_whom_to_ask() {
    let nothing = Told {
        verdict: Verdict::NotGiven,
        ways: Vec::new(),
        more: 0,
        taken: Vec::new(),
    };
    let page = keep(
        "no_way",
        &WhyView {
            owner: None,
            ..view(nothing)
        },
    );
    assert!(page.contains("ask the people who look after access to AWS"));
    assert!(!page.contains("/go/"), "{page}");
}
