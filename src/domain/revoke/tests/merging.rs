//! One policy out of what stands and what is wanted.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::{Session, at, denies, session};
use crate::domain::Timestamp;
use crate::domain::account::{AccountId, Alias};
use crate::domain::revoke::{
    Entry, Holder, Kind, Order, Refusal, Standing, Unreadable, Whom, Widening, characters, merge,
};
use crate::domain::role::{CredentialsName, RoleName};

const ACCOUNT: &str = "111122223333";
const HOUR: i64 = 3_600;

fn order(holder: Holder, whom: Whom) -> Order {
    Order {
        account: AccountId::parse(ACCOUNT).unwrap(),
        alias: Alias::parse("prod").unwrap(),
        holder,
        whom,
        roles: BTreeSet::from(["prod/Admin".to_owned()]),
    }
}

fn role() -> Holder {
    Holder::Role(RoleName::parse("Admin").unwrap())
}

fn issuing() -> Holder {
    Holder::Issuing(CredentialsName::parse("key").unwrap())
}

fn named(sessions: &[&str], sources: &[&str]) -> Whom {
    let set = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
    Whom::Named {
        sessions: set(sessions),
        sources: set(sources),
    }
}

fn put(standing: Option<&str>, order: &Order, cutoff: i64) -> String {
    let kind = order.kind();
    let wanted = order.entries(at(cutoff), Some("AROA1"));
    let merged = merge(standing, &wanted, (&kind, kind.room()), at(cutoff)).unwrap();
    merged.document.unwrap()
}

#[test]
fn everybody_s_sessions_are_cut_as_aws_s_own_button_cuts_them() {
    let document = put(None, &order(role(), Whom::Everybody), 0);
    let policy: serde_json::Value = serde_json::from_str(&document).unwrap();
    assert_eq!(
        policy,
        serde_json::json!({ "Version": "2012-10-17", "Statement": [{
            "Sid": "Vestibule0Until20261123T001500Z",
            "Effect": "Deny", "Action": "*", "Resource": "*",
            "Condition": { "DateLessThan": { "aws:TokenIssueTime": "2026-11-22T12:00:00Z" } },
        }] })
    );
    // the lasting key of a user has no issue time, and is left alone
    assert!(!denies(Some(&document), &session("AIDA1", None, None)));
}

#[test]
fn people_at_one_moment_share_a_statement_and_pressing_twice_changes_nothing() {
    let ada = order(role(), named(&["ada@example.com"], &[]));
    let bob = order(role(), named(&["bob@example.com"], &[]));
    let one = put(None, &ada, 0);
    let both = put(Some(&one), &bob, 0);
    assert_eq!(both.matches("Effect").count(), 1, "{both}");
    assert_eq!(put(Some(&both), &ada, 0), both);
    assert_eq!(put(Some(&both), &bob, 0), both);
    // the same person later replaces the earlier moment
    let later = put(Some(&one), &ada, 60);
    assert_eq!(later.matches("Effect").count(), 1, "{later}");
    // and everybody later says all of it
    let all = put(Some(&both), &order(role(), Whom::Everybody), 60);
    assert_eq!(all.matches("Effect").count(), 1, "{all}");
}

#[test]
fn entries_go_when_the_longest_session_is_over_and_then_the_policy() {
    let first = put(None, &order(role(), named(&["ada"], &[])), 0);
    let kind = Kind::Role;
    for (now, left) in [(12 * HOUR + 899, true), (12 * HOUR + 900, false)] {
        let merged = merge(Some(&first), &[], (&kind, 10_240), at(now)).unwrap();
        assert_eq!(merged.document.is_some(), left, "{now}");
        assert_eq!(merged.dropped, usize::from(!left));
    }
    let federated = put(None, &order(issuing(), named(&["ada"], &[])), 0);
    let kind = Kind::User(AccountId::parse(ACCOUNT).unwrap());
    for (now, left) in [(36 * HOUR + 899, true), (36 * HOUR + 900, false)] {
        let merged = merge(Some(&federated), &[], (&kind, 2_048), at(now)).unwrap();
        assert_eq!(merged.document.is_some(), left, "{now}");
    }
}

#[test]
fn what_somebody_else_wrote_under_our_name_stays_to_the_letter() {
    let theirs = r#"{"Sid":"Vestibule0Until20261123T001500Z","Effect":"Deny","Action":["s3:*","*"],"Resource":"*","X":1.50}"#;
    let standing = format!(r#"{{"Version":"2012-10-17","Statement":{theirs}}}"#);
    let document = put(Some(&standing), &order(role(), Whom::Everybody), 0);
    let read = Standing::read(&document).unwrap();
    assert_eq!((read.entries.len(), read.kept.len()), (1, 1));
    assert_eq!(read.kept[0].compact(), theirs.replace("1.50", "1.5"));
    // no two statements have one name
    assert!(
        document.contains("Vestibule1Until20261123T001500Z"),
        "{document}"
    );
    // one of ours that was changed is somebody else's, and does not go when its time is over
    let edited = put(None, &order(role(), Whom::Everybody), 0).replace("\"*\"", "\"s3:*\"");
    let merged = merge(Some(&edited), &[], (&Kind::Role, 10_240), at(1_000 * HOUR)).unwrap();
    assert_eq!((merged.kept, merged.dropped), (1, 0));
}

#[test]
fn what_cannot_be_added_to_is_refused_by_name() {
    for (standing, why) in [
        ("", Unreadable::NotAPolicy),
        ("[]", Unreadable::NotAPolicy),
        ("{\"Version\":\"2012-10-17\"}", Unreadable::NotAPolicy),
        (
            "{\"Version\":\"2012-10-17\",\"Statement\":\"x\"}",
            Unreadable::NotAPolicy,
        ),
        ("{\"Statement\":[]}", Unreadable::Version),
        (
            "{\"Version\":\"2008-10-17\",\"Statement\":[]}",
            Unreadable::Version,
        ),
        (
            "{\"Version\":\"2012-10-17\",\"Id\":\"x\",\"Statement\":[]}",
            Unreadable::Parts,
        ),
        (
            "{\"Version\":\"2012-10-17\",\"Statement\":[],\"Statement\":[]}",
            Unreadable::Parts,
        ),
    ] {
        let merged = merge(Some(standing), &[], (&Kind::Role, 10_240), at(0));
        assert_eq!(merged, Err(Refusal::Unreadable(why)), "{standing}");
    }
}

#[test]
fn what_does_not_fit_is_made_to_fit_by_denying_more_and_that_is_said() {
    let kind = Kind::User(AccountId::parse(ACCOUNT).unwrap());
    let mut standing: Option<String> = None;
    let mut widenings = Vec::new();
    for number in 0..200 {
        let name = format!("person-{number:03}@example.com");
        let order = order(issuing(), named(&[&name], &[]));
        let wanted = order.entries(at(number), None);
        let merged = merge(standing.as_deref(), &wanted, (&kind, 2_048), at(number)).unwrap();
        let document = merged.document.unwrap();
        assert!(characters(&document) <= 2_048);
        let own = session(&format!("{ACCOUNT}:{name}"), None, Some(number - 1));
        assert!(denies(Some(&document), &own));
        let first = format!("{ACCOUNT}:person-000@example.com");
        assert!(denies(Some(&document), &session(&first, None, Some(-1))));
        assert!(
            !denies(Some(&document), &session("AIDA1", None, None)),
            "the user's own key"
        );
        if !widenings.contains(&merged.widened) {
            widenings.push(merged.widened);
        }
        standing = Some(document);
    }
    let everybody = Some(Widening::Everybody);
    assert_eq!(widenings, [None, Some(Widening::Later), everybody]);
    // and where not even that fits, nothing is changed
    let wanted = order(issuing(), Whom::Everybody).entries(at(0), None);
    let refused = merge(None, &wanted, (&kind, 100), at(0));
    assert!(matches!(refused, Err(Refusal::NoRoom(no)) if no.room == 100 && no.needed > 100));
}

/// Entries of any age, for a role or for the user who issues.
fn wanted(holder: Holder) -> impl Strategy<Value = (Vec<Entry>, i64)> {
    let name = prop::sample::select(vec!["ada", "bob", "eve"]);
    let names = prop::collection::btree_set(name.clone(), 0..3);
    let whom = prop_oneof![
        1 => Just(Whom::Everybody),
        4 => (names.clone(), names).prop_map(|(sessions, sources)| {
            let sessions: Vec<&str> = sessions.into_iter().collect();
            let sources: Vec<&str> = sources.into_iter().collect();
            named(&sessions, &sources)
        }),
    ];
    (whom, 0..40_i64, any::<bool>()).prop_map(move |(whom, hours, known)| {
        let order = order(holder.clone(), whom);
        let id = known.then_some("AROA1");
        (order.entries(at(hours * HOUR), id), hours)
    })
}

/// Every session that any of these entries could mean, and others.
fn universe() -> Vec<Session> {
    let mut all = vec![session("AIDA1", None, None)];
    for name in ["ada", "bob", "eve", "dan"] {
        for issued in -1..41 {
            for source in [None, Some(name)] {
                let id = format!("AROA1:{name}");
                all.push(session(&id, source, Some(issued * HOUR)));
            }
            let id = format!("{ACCOUNT}:{name}");
            all.push(session(&id, None, Some(issued * HOUR)));
        }
        all.push(session(&format!("{ACCOUNT}:{name}"), None, None));
    }
    all
}

fn alone(entries: &[Entry]) -> Option<String> {
    let standing = Standing {
        entries: entries.to_vec(),
        kept: Vec::new(),
    };
    standing.document().map(|node| node.compact())
}

fn live(entries: &[Entry], now: Timestamp) -> Vec<Entry> {
    let live = entries.iter().filter(|entry| entry.until > now);
    live.cloned().collect()
}

fn holders() -> impl Strategy<Value = Holder> {
    prop_oneof![Just(role()), Just(issuing())]
}

proptest! {
    #![proptest_config(crate::domain::properties::cases(96, 20_000))]

    #[test]
    fn all_that_is_wanted_or_stands_is_denied_and_where_it_fits_nothing_else(
        (presses, kind) in holders().prop_flat_map(|holder| {
            let kind = order(holder.clone(), Whom::Nobody).kind();
            (prop::collection::vec(wanted(holder), 1..6), Just(kind))
        }),
        room in prop_oneof![Just(100_000_usize), 300..1_500_usize],
    ) {
        let mut standing: Option<String> = None;
        for (entries, hours) in presses {
            let now = at(hours * HOUR);
            let Ok(merged) = merge(standing.as_deref(), &entries, (&kind, room), now) else {
                break;
            };
            // a clock that went back brings nothing back
            let stood = standing.as_deref().map_or_else(Vec::new, |document| Standing::read(document).unwrap().entries);
            let before = alone(&[live(&stood, now), entries.clone()].concat());
            let after = merged.document.clone();
            prop_assert!(after.as_deref().map_or(0, characters) <= room);
            for session in universe() {
                let (was, is) = (denies(before.as_deref(), &session), denies(after.as_deref(), &session));
                prop_assert!(!was || is, "lost {session:?}: {before:?} {after:?}");
                prop_assert!(merged.widened.is_some() || was || !is, "{session:?}: {before:?} {after:?}");
            }
            let again = merge(after.as_deref(), &entries, (&kind, room), now).unwrap();
            prop_assert_eq!(&again.document, &after, "pressing twice");
            standing = after;
        }
    }

    #[test]
    fn anything_that_stands_is_kept_or_refused_and_never_lost(
        statements in prop::collection::vec("[\\{\\}\\[\\]\":,a-zA-Z0-9 *]{0,24}", 0..4),
        text in any::<String>(),
    ) {
        let kind = Kind::Role;
        let wanted = order(role(), Whom::Everybody).entries(at(0), None);
        // any text at all is read or refused
        let _ = merge(Some(&text), &wanted, (&kind, 10_240), at(0));
        let statements: Vec<String> = statements
            .iter()
            .map(|text| serde_json::json!({ "Sid": text, "Effect": "Allow", (text.as_str()): [text] }).to_string())
            .collect();
        let standing = format!("{{\"Version\":\"2012-10-17\",\"Statement\":[{}]}}", statements.join(","));
        if let Ok(merged) = merge(Some(&standing), &wanted, (&kind, 10_240), at(0)) {
            let read = Standing::read(&merged.document.unwrap()).unwrap();
            let kept: Vec<serde_json::Value> = read.kept.iter().map(|node| serde_json::from_str(&node.compact()).unwrap()).collect();
            let before: Vec<serde_json::Value> = statements.iter().map(|text| serde_json::from_str(text).unwrap()).collect();
            prop_assert_eq!(kept, before);
        }
    }
}
