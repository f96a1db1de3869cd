//! Deciding against an oracle: an evaluator that knows nothing of the index, reads the document as written and tries
//! every rule on every role.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use proptest::prelude::*;
use regex::Regex;

use crate::domain::access::fixtures::{at, identity, surroundings};
use crate::domain::access::{
    AccessIndex, AccountEntry, ConditionEntry, Document, RoleEntry, RuleEntry, check,
};
use crate::domain::identity::Identity;

pub(in crate::domain::access) const NOW: &str = "2027-03-01T12:00:00Z";
const ACCOUNTS: [(&str, Option<&str>, &str); 4] = [
    ("a", Some("production"), "red"),
    ("b", Some("staging"), "red"),
    ("c", None, "blue"),
    ("a-b", Some("production"), "blue"),
];
const NAMES: [&str; 3] = ["R", "S", "Rs"];
const VALUES: [&str; 12] = [
    "", "a", "b", "a-R", "b-S", "c-Rs", "a-b-R", "A-R", "a-", "a-R ", "ab", "*",
];
const ATTRIBUTES: [&str; 3] = ["g", "h", "i"];
const CAPTURING: &str = "^(?<account>[a-c](?:-b)?)-(?<role>[A-Za-z]+)$";
const PATTERNS: [&str; 5] = ["^a", "R$", "^(a|b)$", "-", CAPTURING];
const SELECTORS: [&str; 10] = [
    "*",
    "a/R",
    "a-b/S",
    "b/*",
    "*/Rs",
    "environment:production",
    "environment:development",
    "label:colour=red",
    "c/Rs",
    "label:colour=blue",
];
const MOMENTS: [&str; 4] = [
    "2027-02-28",
    "2027-03-01",
    "2027-03-01T12:00:00Z",
    "2027-03-01T12:00:01Z",
];
/// All pairs of these in which the second ends after the first begins: no rule may have another.
const SPANS: [(&str, &str); 10] = [
    (MOMENTS[0], MOMENTS[0]),
    (MOMENTS[0], MOMENTS[1]),
    (MOMENTS[0], MOMENTS[2]),
    (MOMENTS[0], MOMENTS[3]),
    (MOMENTS[1], MOMENTS[1]),
    (MOMENTS[1], MOMENTS[2]),
    (MOMENTS[1], MOMENTS[3]),
    (MOMENTS[2], MOMENTS[1]),
    (MOMENTS[2], MOMENTS[3]),
    (MOMENTS[3], MOMENTS[1]),
];
const CAPTURED: [&str; 4] = ["{account}/{role}", "{account}/*", "*/{role}", "{account}/R"];

/// The patterns, compiled once: a million cases try them some hundred million times.
static COMPILED: LazyLock<BTreeMap<&str, Regex>> = LazyLock::new(|| {
    let compile = |pattern| (pattern, Regex::new(pattern).unwrap());
    PATTERNS.into_iter().map(compile).collect()
});

pub(in crate::domain::access) fn document(rules: Vec<RuleEntry>) -> Document {
    let text = |text: &str| text.to_owned();
    let accounts = ACCOUNTS
        .iter()
        .enumerate()
        .map(|(index, (alias, environment, colour))| AccountEntry {
            id: format!("{index:012}"),
            alias: text(alias),
            name: format!("Account {}", 9 - index),
            environment: environment.map(text),
            labels: BTreeMap::from([(text("colour"), text(colour))]),
            ..AccountEntry::default()
        });
    let roles = ACCOUNTS
        .iter()
        .flat_map(|(alias, _, _)| NAMES.map(|name| (alias, name)));
    let roles = roles.map(|(alias, name)| RoleEntry {
        account: text(alias),
        name: text(name),
        method: text("AssumeRole"),
        credentials: Some(text("hub")),
        ..RoleEntry::default()
    });
    Document {
        accounts: accounts.collect(),
        roles: roles.collect(),
        scopes: Vec::new(),
        rules,
    }
}

fn pick(from: &'static [&'static str]) -> impl Strategy<Value = String> {
    prop::sample::select(from).prop_map(str::to_owned)
}

fn condition() -> impl Strategy<Value = ConditionEntry> {
    let attribute = |attribute: String| ConditionEntry {
        attribute: Some(attribute),
        ..ConditionEntry::default()
    };
    let leaf = prop_oneof![
        pick(&["corp", "okta"]).prop_map(|idp| ConditionEntry {
            idp: Some(idp),
            ..ConditionEntry::default()
        }),
        (pick(&ATTRIBUTES), pick(&VALUES)).prop_map(move |(a, v)| ConditionEntry {
            is: Some(v),
            ..attribute(a)
        }),
        (
            pick(&ATTRIBUTES),
            prop::collection::vec(pick(&VALUES), 1..4)
        )
            .prop_map(move |(a, v)| ConditionEntry {
                is_one_of: Some(v),
                ..attribute(a)
            }),
        (
            pick(&ATTRIBUTES),
            pick(&["a", "a-", "b", "a-R", "ab", "c-"])
        )
            .prop_map(move |(a, v)| ConditionEntry {
                starts_with: Some(v),
                ..attribute(a)
            }),
        (pick(&ATTRIBUTES), pick(&PATTERNS)).prop_map(move |(a, v)| ConditionEntry {
            matches: Some(v),
            ..attribute(a)
        }),
        (pick(&ATTRIBUTES), any::<bool>()).prop_map(move |(a, v)| ConditionEntry {
            present: Some(v),
            ..attribute(a)
        }),
    ];
    leaf.prop_recursive(3, 6, 1, |inner| {
        inner.prop_map(|inner| ConditionEntry {
            not: Some(Box::new(inner)),
            ..ConditionEntry::default()
        })
    })
}

/// From when and until when a rule counts; mostly it always does.
fn validity() -> impl Strategy<Value = (Option<String>, Option<String>)> {
    prop_oneof![
        16 => Just((None, None)),
        4 => pick(&MOMENTS).prop_map(|from| (Some(from), None)),
        4 => pick(&MOMENTS).prop_map(|until| (None, Some(until))),
        1 => prop::sample::select(&SPANS[..])
            .prop_map(|(from, until)| (Some(from.to_owned()), Some(until.to_owned()))),
    ]
}

pub(in crate::domain::access) fn rule() -> impl Strategy<Value = RuleEntry> {
    let effects = || prop::collection::vec(pick(&SELECTORS), 0..3);
    let captured = prop::option::weighted(0.4, (pick(&ATTRIBUTES), pick(&CAPTURED), any::<bool>()));
    (
        prop::collection::vec(condition(), 1..4),
        effects(),
        effects(),
        captured,
        validity(),
    )
        .prop_map(|(mut when, mut grant, mut deny, captured, (from, until))| {
            // A deny takes much away: let most rules have none.
            if deny.len() > 1 {
                deny.clear();
            }
            if let Some((attribute, selector, to_deny)) = captured {
                when.retain(|condition| condition.matches.as_deref() != Some(CAPTURING));
                when.push(ConditionEntry {
                    attribute: Some(attribute),
                    matches: Some(CAPTURING.to_owned()),
                    ..ConditionEntry::default()
                });
                if to_deny { &mut deny } else { &mut grant }.push(selector);
            }
            if grant.is_empty() && deny.is_empty() {
                grant.push("*".to_owned());
            }
            RuleEntry {
                name: String::new(),
                when,
                grant,
                deny,
                from,
                until,
            }
        })
}

pub(in crate::domain::access) fn person() -> impl Strategy<Value = Identity> {
    let values = prop::collection::vec(prop::sample::select(&VALUES[..]), 0..5);
    let attributes = prop::collection::vec((prop::sample::select(&ATTRIBUTES[..]), values), 0..4);
    (prop::sample::select(&["corp", "okta"][..]), attributes).prop_map(|(idp, attributes)| {
        let attributes: Vec<(&str, &[&str])> = attributes
            .iter()
            .map(|(name, values)| (*name, values.as_slice()))
            .collect();
        identity(idp, &attributes)
    })
}

/// Whether a condition holds, as its words say.
fn holds(condition: &ConditionEntry, who: &Identity) -> bool {
    if let Some(idp) = &condition.idp {
        return who.idp.as_str() == idp;
    }
    if let Some(inner) = &condition.not {
        return !holds(inner, who);
    }
    let values = who
        .attributes
        .get(condition.attribute.as_ref().unwrap())
        .cloned()
        .unwrap_or_default();
    if let Some(present) = condition.present {
        return present != values.is_empty();
    }
    values.iter().any(|value| {
        condition.is.as_ref().is_some_and(|wanted| wanted == value)
            || condition
                .is_one_of
                .as_ref()
                .is_some_and(|wanted| wanted.contains(value))
            || condition
                .starts_with
                .as_ref()
                .is_some_and(|prefix| value.starts_with(prefix.as_str()))
            || condition
                .matches
                .as_ref()
                .is_some_and(|pattern| COMPILED[pattern.as_str()].is_match(value))
    })
}

/// Whether a rule points at a role, by spelling out what its captures say.
fn points_at(
    selector: &str,
    rule: &RuleEntry,
    who: &Identity,
    account: &AccountEntry,
    role: &str,
) -> bool {
    if let Some(word) = selector.strip_prefix("environment:") {
        return account.environment.as_deref() == Some(word);
    }
    if let Some(label) = selector.strip_prefix("label:colour=") {
        return account.labels["colour"] == label;
    }
    if selector == "*" {
        return true;
    }
    let mut spelled = vec![selector.to_owned()];
    if selector.contains('{') {
        let source = rule
            .when
            .iter()
            .find(|condition| condition.matches.as_deref() == Some(CAPTURING))
            .unwrap();
        let values = who
            .attributes
            .get(source.attribute.as_ref().unwrap())
            .cloned()
            .unwrap_or_default();
        spelled = values
            .iter()
            .filter_map(|value| COMPILED[CAPTURING].captures(value))
            .map(|found| {
                selector
                    .replace("{account}", &found["account"])
                    .replace("{role}", &found["role"])
            })
            .collect();
    }
    spelled.iter().any(|text| {
        let (wanted_account, wanted_role) = text.split_once('/').unwrap();
        (wanted_account == "*" || wanted_account == account.alias)
            && (wanted_role == "*" || wanted_role == role)
    })
}

fn counts(rule: &RuleEntry) -> bool {
    // As texts these moments sort like moments, and a date ends with its day.
    let from = rule.from.as_deref().is_none_or(|from| from <= NOW);
    let until = rule.until.as_deref().is_none_or(|until| {
        if until.len() == 10 {
            until >= &NOW[..10]
        } else {
            NOW < until
        }
    });
    from && until
}

/// Role → the first rule that gives it, by trying everything.
fn by_hand(document: &Document, who: &Identity) -> BTreeMap<String, String> {
    let mut held = BTreeMap::new();
    let rules = || {
        document
            .rules
            .iter()
            .filter(|rule| counts(rule) && rule.when.iter().all(|when| holds(when, who)))
    };
    for role in &document.roles {
        let account = document
            .accounts
            .iter()
            .find(|account| account.alias == role.account)
            .unwrap();
        let hit = |selectors: &[String], rule: &RuleEntry| {
            selectors
                .iter()
                .any(|selector| points_at(selector, rule, who, account, &role.name))
        };
        if rules().any(|rule| hit(&rule.deny, rule)) {
            continue;
        }
        if let Some(rule) = rules().find(|rule| hit(&rule.grant, rule)) {
            held.insert(format!("{}/{}", role.account, role.name), rule.name.clone());
        }
    }
    held
}

proptest! {
    #![proptest_config(crate::domain::properties::cases(300, 100_000))]

    #[test]
    fn the_index_decides_like_trying_every_rule_on_every_role(
        rules in prop::collection::vec(rule(), 0..12),
        people in prop::collection::vec(person(), 1..6),
    ) {
        let mut document = document(rules);
        for (index, rule) in document.rules.iter_mut().enumerate() {
            rule.name = format!("rule {index}");
        }
        let model = check(&document, &surroundings()).map_err(|problems| TestCaseError::fail(problems.to_string()))?;
        let index = AccessIndex::new(std::sync::Arc::new(model), 1);
        for who in people {
            let held = index.held(&who, at(NOW));
            let keys: Vec<(String, String)> = held
                .iter()
                .map(|held| (held.role.account.name.clone(), held.role.key.to_string()))
                .collect();
            prop_assert!(keys.is_sorted(), "{keys:?}");
            let found: BTreeMap<String, String> = held
                .iter()
                .map(|held| (held.role.key.to_string(), held.rule.to_owned()))
                .collect();
            prop_assert_eq!(found.len(), held.len());
            prop_assert_eq!(&found, &by_hand(&document, &who), "{:?}", who.attributes);
            let who = std::sync::Arc::new(who);
            for role in &document.roles {
                let key = format!("{}/{}", role.account, role.name);
                let grant = index.grant(&who, &crate::domain::role::RoleKey::parse(&key).unwrap(), None, at(NOW));
                prop_assert_eq!(grant.ok().map(|grant| grant.rule().to_owned()), found.get(&key).cloned());
            }
        }
    }
}
