//! Explanations against the index, for any rules and anybody: they agree on the outcome, and what is named as the reason
//! is the reason.

use std::sync::Arc;

use proptest::prelude::*;

use super::{Claim, Reading, Said, Told, Verdict, Wanted};
use crate::domain::access::fixtures::{at, surroundings};
use crate::domain::access::index::oracle::{NOW, document, person, rule};
use crate::domain::access::{AccessIndex, Document, check};
use crate::domain::identity::{Identity, IdpId};
use crate::domain::role::RoleKey;

/// The rules with names, over roles of which every other one is discoverable.
fn named(rules: Vec<crate::domain::access::RuleEntry>) -> Document {
    let mut document = document(rules);
    for (index, rule) in document.rules.iter_mut().enumerate() {
        rule.name = format!("rule {index}");
    }
    for role in document.roles.iter_mut().step_by(2) {
        role.discoverable = true;
    }
    document
}

/// The same person without what a rule asked for and had: another provider, or the values taken out.
fn without(who: &Identity, said: &Said) -> Identity {
    let mut other = who.clone();
    match &said.claim {
        Claim::Idp => {
            let idp = if who.idp.as_str() == "corp" {
                "okta"
            } else {
                "corp"
            };
            other.idp = IdpId::parse(idp).unwrap();
        }
        Claim::Attribute(name) => {
            let values = other.attributes.get_mut(name).unwrap();
            values.retain(|value| !said.own.contains(value));
        }
    }
    other
}

/// The person with nothing but what was named.
fn reduced(who: &Identity, asks: &[Said]) -> Identity {
    let mut other = who.clone();
    for (name, values) in &mut other.attributes {
        values.retain(|value| {
            asks.iter().any(|said| {
                said.claim == Claim::Attribute(name.clone()) && said.own.contains(value)
            })
        });
    }
    other
}

fn applies(index: &AccessIndex, who: &Identity, key: &RoleKey, rule: &str) -> bool {
    let why = index.why(who, key, at(NOW)).unwrap();
    why.giving()
        .any(|reading: &Reading<'_>| reading.rule.name == rule)
}

fn holds(index: &AccessIndex, who: &Identity, key: &RoleKey) -> Option<String> {
    let grant = index.grant(&Arc::new(who.clone()), key, None, at(NOW));
    grant.ok().map(|grant| grant.rule().to_owned())
}

/// What is named as the reason is the reason: without it the rule gives nothing, and with nothing else it does. Whoever
/// holds the role all the same holds it by another rule.
fn reasons_are_reasons(
    index: &AccessIndex,
    (who, key): (&Identity, &RoleKey),
    told: &Told,
) -> Result<(), TestCaseError> {
    for way in &told.ways {
        let rule = way
            .rule
            .as_deref()
            .expect("a rule that gives has its name told");
        for said in way.asks.iter().filter(|said| !said.negated) {
            prop_assert!(said.holds && !said.own.is_empty());
            let other = without(who, said);
            prop_assert!(!applies(index, &other, key, rule));
            let by = holds(index, &other, key);
            prop_assert!(by.as_deref() != Some(rule));
            let still = index.why(&other, key, at(NOW)).unwrap();
            prop_assert_eq!(by.is_some(), still.verdict() == Verdict::Held);
        }
        prop_assert!(applies(index, &reduced(who, &way.asks), key, rule));
    }
    Ok(())
}

/// A value that is named as missing makes what it was missing for hold.
fn what_is_wanted_is_enough(
    index: &AccessIndex,
    (who, key): (&Identity, &RoleKey),
    told: &Told,
) -> Result<(), TestCaseError> {
    for said in told.ways.iter().flat_map(|way| &way.asks) {
        let (Claim::Attribute(name), false, false) = (&said.claim, said.holds, said.negated) else {
            continue;
        };
        let wanted = match &said.wanted {
            Some(Wanted::OneOf(values, _)) => values[0].clone(),
            Some(Wanted::Begins(prefix)) => prefix.clone(),
            Some(Wanted::Anything) => "anything".to_owned(),
            Some(Wanted::Spelling(Some(example))) => example.clone(),
            _ => continue,
        };
        let mut other = who.clone();
        other
            .attributes
            .entry(name.clone())
            .or_default()
            .push(wanted);
        let why = index.why(&other, key, at(NOW)).unwrap();
        let now = why.gives.iter().any(|reading| {
            let asks = super::told::asks_of(reading);
            asks.iter().any(|again| {
                again.claim == said.claim && again.wanted == said.wanted && again.holds
            })
        });
        prop_assert!(now, "{said:?}");
    }
    Ok(())
}

proptest! {
    #![proptest_config(crate::domain::properties::cases(200, 50_000))]

    #[test]
    fn the_explanation_and_the_index_always_agree_and_reasons_are_reasons(
        rules in prop::collection::vec(rule(), 0..10),
        people in prop::collection::vec(person(), 1..4),
    ) {
        let document = named(rules);
        let model = check(&document, &surroundings())
            .map_err(|problems| TestCaseError::fail(problems.to_string()))?;
        let index = AccessIndex::new(Arc::new(model), 1);
        for who in people {
            for role in index.model().roles() {
                let key = &role.key;
                let why = index.why(&who, key, at(NOW)).unwrap();
                let by = holds(&index, &who, key);
                let held = why.verdict() == Verdict::Held;
                let first = why.giving().next().map(|reading| reading.rule.name.clone());
                prop_assert_eq!(by.clone(), first.filter(|_| held));
                let told = why.told();
                prop_assert_eq!(told.is_some(), held || role.discoverable);
                let Some(told) = told else { continue };
                prop_assert_eq!(told.verdict, why.verdict());
                match told.verdict {
                    Verdict::NotGiven => {
                        what_is_wanted_is_enough(&index, (&who, key), &told)?;
                    }
                    Verdict::Held | Verdict::TakenAway => {
                        reasons_are_reasons(&index, (&who, key), &told)?;
                    }
                }
            }
        }
    }
}
