//! From the audit log's hand-overs to where policies stand, and whom they mean.

use std::collections::BTreeSet;

use super::at;
use crate::domain::access::OwnCredentials;
use crate::domain::account::PartitionName;
use crate::domain::credentials::CredentialsKind;
use crate::domain::identity::IdpId;
use crate::domain::revoke::{
    Configured, Gap, Handover, Holder, Match, Order, Person, Target, Way, Whom, aims, moment,
    orders, ways_past,
};
use crate::domain::role::{CredentialsName, RoleKey, RoleName};
use crate::domain::trust::testing::{MODEL, model};

fn handover(role: &str, method: &str, name: Option<&str>) -> Handover {
    Handover {
        account: "111122223333".to_owned(),
        role: role.to_owned(),
        method: method.to_owned(),
        session_name: name.map(str::to_owned),
        source_identity: None,
        revision: Some(1),
        credentials: None,
        at: at(0),
    }
}

/// The own credentials that there are.
fn configured() -> Configured {
    let names = ["hub", "payments", "older"];
    let own = OwnCredentials {
        kind: CredentialsKind::LongTerm,
        partition: PartitionName::parse("aws").unwrap(),
        may_not_assume_roles: false,
        account: None,
    };
    let name = |name: &str| CredentialsName::parse(name).unwrap();
    names.map(|text| (name(text), own.clone())).into()
}

fn person() -> Target {
    Target::Person(Person {
        idp: "corp".to_owned(),
        format: String::new(),
        subject: "ada".to_owned(),
    })
}

#[test]
fn a_person_is_meant_in_each_place_by_the_names_that_they_had_there() {
    let model = model(MODEL);
    let mut with_source = handover("payments-prod/Admin", "AssumeRole", Some("ada@example.com"));
    with_source.source_identity = Some("ada@example.com".to_owned());
    let handovers = [
        handover(
            "payments-prod/ReadOnly",
            "AssumeRoleWithSAML",
            Some("ada=1"),
        ),
        handover(
            "payments-prod/ReadOnly",
            "AssumeRoleWithSAML",
            Some("ada=2"),
        ),
        with_source,
        handover("payments-prod/Home", "GetFederationToken", Some("ada")),
        handover("payments-prod/Look", "GetFederationToken", Some("ada-b")),
    ];
    let (orders, gaps) = orders((&model, &configured()), &person(), &handovers, at(60));
    assert!(gaps.is_empty(), "{gaps:?}");
    let told: Vec<(String, usize)> = orders
        .iter()
        .map(|order| {
            (
                format!("{:?}", order.holder),
                order.entries(at(60), Some("AROA1")).len(),
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            ("Role(\"Admin\")".to_owned(), 1),
            ("Role(\"ReadOnly\")".to_owned(), 1),
            ("Issuing(\"payments\")".to_owned(), 1),
        ]
    );
    let only =
        |at_: usize, id: Option<&str>| orders[at_].entries(at(60), id)[0].only.clone().unwrap();
    assert_eq!(only(0, None).by, Match::SourceIdentity);
    let ids = only(1, Some("AROA1"));
    assert_eq!(
        ids.values,
        BTreeSet::from(["AROA1:ada=1".to_owned(), "AROA1:ada=2".to_owned()])
    );
    assert_eq!(
        only(1, None).values,
        BTreeSet::from(["*:ada=1".to_owned(), "*:ada=2".to_owned()])
    );
    let federated = only(2, None);
    assert!(
        federated.undated,
        "told in both ways whether they have an issue time"
    );
    assert!(federated.values.contains("111122223333:ada-b"));
}

#[test]
fn a_session_that_is_over_for_certain_needs_no_policy() {
    let model = model(MODEL);
    let role = handover("payments-prod/Admin", "AssumeRole", Some("ada"));
    let user = handover("payments-prod/Home", "GetFederationToken", Some("ada"));
    let count = |handover: &Handover, hours: i64, seconds: i64| {
        let now = at(hours * 3_600 + seconds);
        orders(
            (&model, &configured()),
            &person(),
            std::slice::from_ref(handover),
            now,
        )
        .0
        .len()
    };
    assert_eq!((count(&role, 12, 899), count(&role, 12, 900)), (1, 0));
    assert_eq!((count(&user, 36, 899), count(&user, 36, 900)), (1, 0));
}

#[test]
fn what_there_can_be_no_policy_for_is_said_and_nothing_hostile_becomes_one() {
    let model = model(MODEL);
    let elsewhere = Handover {
        account: "999999999999".to_owned(),
        ..handover("gone/Admin", "AssumeRole", Some("ada"))
    };
    let handovers = [
        elsewhere,
        handover("payments-prod/Gone", "GetFederationToken", Some("ada")),
        handover("payments-prod/ReadOnly", "GetFederationToken", Some("ada")),
        handover("payments-prod/Admin", "AssumeRole", None),
        handover("payments-prod/Admin", "AssumeRole", Some("*")),
        handover("payments-prod/Admin", "AssumeRole", Some("a\"b")),
        handover("payments-prod/Admin", "AssumeRole", Some("${aws:username}")),
        handover("payments-prod/Ad*min", "AssumeRole", Some("ada")),
        handover("payments-prod", "AssumeRole", Some("ada")),
    ];
    let (orders, gaps) = orders((&model, &configured()), &person(), &handovers, at(60));
    assert!(orders.is_empty(), "{orders:?}");
    let kinds: Vec<&str> = gaps
        .iter()
        .map(|gap| match gap {
            Gap::NoAccount { .. } => "account",
            Gap::NoCredentials { .. } | Gap::CredentialsGone { .. } => "credentials",
            Gap::Unnamed { .. } => "unnamed",
            Gap::Unreadable { .. } => "unreadable",
            Gap::Purged { .. } => "purged",
        })
        .collect();
    let unnamed = ["unnamed"; 3];
    assert_eq!(kinds[..3], ["account", "credentials", "credentials"]);
    assert_eq!(kinds[3..], unnamed);
    for gap in &gaps {
        assert!(gap.to_string().contains(": "), "{gap}");
    }
    // a role that the model has no more can still be cut off: its name is all that it takes
    let gone = [handover("payments-prod/Gone", "AssumeRole", Some("ada"))];
    let (left, gaps) = super::super::orders((&model, &configured()), &person(), &gone, at(60));
    assert_eq!((left.len(), gaps.len()), (1, 0));
    assert_eq!(
        left[0].holder,
        Holder::Role(RoleName::parse("Gone").unwrap())
    );
}

#[test]
fn a_role_is_everybody_and_a_user_s_key_is_all_roles_that_it_gives() {
    let model = model(MODEL);
    let of = |key: &str| {
        let target = Target::Role(RoleKey::parse(key).unwrap());
        orders((&model, &configured()), &target, &[], at(0))
            .0
            .remove(0)
    };
    let role = of("payments-prod/Admin");
    assert_eq!((role.roles.len(), role.whom.clone()), (1, Whom::Everybody));
    let home = of("payments-prod/Home");
    let roles: Vec<&str> = home.roles.iter().map(String::as_str).collect();
    assert_eq!(roles, ["payments-prod/Home", "payments-prod/Look"]);
    let only = home.entries(at(0), None)[0].only.clone().unwrap();
    assert_eq!(only.values, BTreeSet::from(["111122223333:*".to_owned()]));
    assert!(aims(&home, at(0))[0].contains("payments-prod/Home, payments-prod/Look"));
    let credentials = CredentialsName::parse("payments").unwrap();
    assert_eq!(home.holder, Holder::Issuing(credentials.clone()));
    // whoever is the user has no name of their own
    let user = super::super::Order {
        holder: Holder::User(credentials),
        ..home
    };
    assert_eq!(user.entries(at(0), None)[0].only, None);
    assert!(aims(&user, at(0))[0].contains("whoever has them"));
}

/// On what the orders for a role stand, and how many gaps there are.
fn of_role(key: &str, handovers: &[Handover]) -> (Vec<String>, usize) {
    let target = Target::Role(RoleKey::parse(key).unwrap());
    let model = model(MODEL);
    let (orders, gaps) = orders((&model, &configured()), &target, handovers, at(60));
    let on = |order: &Order| {
        assert_eq!(order.whom, Whom::Everybody);
        assert!(order.roles.contains(key), "{order:?}");
        format!("{:?}", order.holder)
    };
    (orders.iter().map(on).collect(), gaps.len())
}

/// The same, as it should be.
fn on(holders: &[&str], gaps: usize) -> (Vec<String>, usize) {
    (holders.iter().map(|on| (*on).to_owned()).collect(), gaps)
}

#[test]
fn a_role_that_was_changed_or_taken_out_is_cut_off_where_it_was_had_as_well() {
    let had = |key: &str, method| handover(key, method, None);
    // it gives federated users today, and was a role an hour ago
    let home = "payments-prod/Home";
    let both = [had(home, "AssumeRole"), had(home, "GetFederationToken")];
    let told = of_role(home, &both);
    assert_eq!(told, on(&["Role(\"Home\")", "Issuing(\"payments\")"], 0));
    // it is had today as it always was
    let read_only = "payments-prod/ReadOnly";
    let both = ["AssumeRoleWithSAML", "AssumeRole"].map(|method| had(read_only, method));
    let today = "Role(\"ReadOnly\")";
    assert_eq!(of_role(read_only, &both), on(&[today], 0));
    // it was of a user whom nobody knows any more
    let unknown = [had(read_only, "GetFederationToken")];
    assert_eq!(of_role(read_only, &unknown), on(&[today], 1));
    // it is in the record alone, or in another account, or its sessions are over
    let gone = "payments-prod/Gone";
    let told = of_role(gone, &[had(gone, "AssumeRole")]);
    assert_eq!(told, on(&["Role(\"Gone\")"], 0));
    let elsewhere = Handover {
        account: "777788889999".to_owned(),
        ..had(read_only, "AssumeRole")
    };
    assert_eq!(of_role(read_only, &[elsewhere]), on(&[today, today], 0));
    let long_ago = Handover {
        at: at(-13 * 3_600),
        ..had(gone, "AssumeRole")
    };
    assert_eq!(of_role(gone, &[long_ago]), on(&[], 0));
}

#[test]
fn what_a_user_s_key_gave_is_cut_off_at_the_user_whose_key_it_was_then() {
    let model = model(MODEL);
    let by = |credentials: &str, method| Handover {
        credentials: Some(CredentialsName::parse(credentials).unwrap()),
        ..handover("payments-prod/Home", method, Some("ada"))
    };
    let role = Target::Role(RoleKey::parse("payments-prod/Home").unwrap());
    let holders = |target: &Target, handovers: &[Handover]| {
        let (orders, gaps) = orders((&model, &configured()), target, handovers, at(60));
        let holders: Vec<String> = orders
            .iter()
            .map(|one| format!("{:?}", one.holder))
            .collect();
        (holders, gaps)
    };
    let then = [by("older", "GetFederationToken")];
    let (found, gaps) = holders(&person(), &then);
    assert_eq!(
        (found, gaps.len()),
        (vec!["Issuing(\"older\")".to_owned()], 0)
    );
    let (found, gaps) = holders(&role, &then);
    let both = ["Issuing(\"older\")", "Issuing(\"payments\")"];
    assert_eq!((found, gaps.len()), (both.map(str::to_owned).to_vec(), 0));
    let (found, _) = holders(&person(), &[by("older", "GetSessionToken")]);
    assert_eq!(found, ["User(\"older\")"]);
    let (found, gaps) = holders(&person(), &[by("gone", "GetFederationToken")]);
    assert!(found.is_empty());
    assert!(
        gaps[0].to_string().contains("own credentials gone"),
        "{gaps:?}"
    );
    let order = orders((&model, &configured()), &person(), &then, at(60))
        .0
        .remove(0);
    let aims = aims(&order, at(60)).join(" ");
    assert!(
        aims.contains("own credentials older") && aims.contains("36 hours"),
        "{aims}"
    );
}

#[test]
fn where_a_provider_s_own_saml_response_opens_a_role_the_way_past_us_is_told() {
    let model = model(MODEL);
    let of = |target: &Target| ways_past(&model, target, None);
    let role = |key: &str| Target::Role(RoleKey::parse(key).unwrap());
    let told = of(&role("payments-prod/Forwarded"));
    assert_eq!(told.len(), 1);
    for part in [
        "corp's own SAML response opens payments-prod/Forwarded",
        "at corp",
        "5 minutes",
    ] {
        assert!(told[0].contains(part), "{part}: {told:?}");
    }
    let told = of(&person());
    assert!(told[0].contains("Forwarded") && told.len() == 1, "{told:?}");
    // as it was had last, which AWS may still take; and said once
    let corp = IdpId::parse("corp").unwrap();
    for key in ["payments-prod/Gone", "payments-prod/Forwarded"] {
        let told = ways_past(&model, &role(key), Some(&corp));
        assert!(
            told.len() == 1 && told[0].matches(key).count() == 1,
            "{told:?}"
        );
    }
    // an ID token, a proof of ours and a signature are had by nobody but us
    for key in [
        "payments-prod/Web",
        "payments-prod/ReadOnly",
        "payments-prod/Admin",
        "payments-prod/Gone",
    ] {
        assert!(of(&role(key)).is_empty(), "{key}");
    }
    let Target::Person(ada) = person() else {
        unreachable!()
    };
    let elsewhere = Target::Person(Person {
        idp: "okta".to_owned(),
        ..ada
    });
    assert!(of(&elsewhere).is_empty());
}

#[test]
fn the_moment_takes_in_its_own_second_and_each_way_says_when() {
    let now = at(0) + chrono::TimeDelta::milliseconds(400);
    assert_eq!(moment(now), at(1));
    assert_eq!(
        (Way::Again.cutoff(at(1)), Way::Again.once_more(at(1))),
        (at(1), Some(at(901)))
    );
    assert_eq!(
        (Way::Ahead.cutoff(at(1)), Way::Ahead.once_more(at(1))),
        (at(901), None)
    );
    for way in [Way::Again, Way::Ahead] {
        assert_eq!(Way::parse(way.word()), Some(way));
    }
    assert_eq!(Way::parse("later"), None);
}
