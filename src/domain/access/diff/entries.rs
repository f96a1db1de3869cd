//! What an entry is, for the sentence that says that it came or went: of a rule, what it asks for, and what it gives and
//! takes away; of a role and a scope, what power they leave; of an account, where it is.
//!
//! What does not fit into that sentence stands in further ones; nothing that a rule gives or takes is only counted.

use serde::Serialize;
use serde_json::Value;

use super::FIRST_ITEMS;
use super::shown::{cut, shown};
use crate::domain::access::document::{
    AccountEntry, ConditionEntry, RoleEntry, RuleEntry, ScopeEntry,
};

/// What is said of an entry: in its sentence, and in further ones.
#[derive(Debug, Default)]
pub(super) struct Said {
    pub(super) text: String,
    pub(super) more: Vec<String>,
}

impl Said {
    fn part(&mut self, part: &str) {
        if !self.text.is_empty() {
            self.text.push_str("; ");
        }
        self.text.push_str(part);
    }

    /// A list under a verb; what is over the first few goes under another verb into further sentences.
    fn list(&mut self, (verb, also): (&str, &str), joint: &str, items: &[String]) {
        if !items.is_empty() {
            let part = format!("{verb} {}", first(joint, items));
            self.part(&part);
            self.more.extend(rest(also, joint, items));
        }
    }
}

/// How much of a list stands in one sentence, in bytes, beyond its first item.
const LONGEST_LIST: usize = 600;

/// Items as they stand in one sentence each: a few, and not too long together.
fn chunks(items: &[String]) -> Vec<&[String]> {
    let (mut chunks, mut begin, mut length) = (Vec::new(), 0, 0);
    for (at, item) in items.iter().enumerate() {
        if at > begin && (at - begin == FIRST_ITEMS || length + item.len() > LONGEST_LIST) {
            chunks.push(&items[begin..at]);
            (begin, length) = (at, 0);
        }
        length += item.len();
    }
    chunks.push(&items[begin..]);
    chunks
}

/// The first few items, and how many more there are.
fn first(joint: &str, items: &[String]) -> String {
    let few = chunks(items)[0];
    let text = few.join(joint);
    match items.len() - few.len() {
        0 => text,
        more => format!("{text} and {more} more"),
    }
}

/// The others, a few at a time.
fn rest(also: &str, joint: &str, items: &[String]) -> Vec<String> {
    let others = chunks(items).into_iter().skip(1);
    others
        .map(|chunk| format!("{also} {}", chunk.join(joint)))
        .collect()
}

/// An entry of some section.
pub(super) trait Part: Serialize + PartialEq {
    /// What one is called.
    const WORD: &'static str;
    /// What names it.
    fn name(&self) -> String;
    /// What it is, or was.
    fn said(&self, gone: bool) -> Said;
}

impl Part for RuleEntry {
    const WORD: &'static str = "rule";

    fn name(&self) -> String {
        self.name.clone()
    }

    fn said(&self, gone: bool) -> Said {
        let (gives, takes) = if gone {
            (("gave", "gave also"), ("took away", "took away also"))
        } else {
            (("gives", "gives also"), ("takes away", "takes away also"))
        };
        let mut said = Said::default();
        let mut more = Vec::new();
        let conditions = self.when.iter();
        let conditions: Vec<String> = conditions
            .map(|one| condition(one, "", &mut more))
            .collect();
        let cuts =
            |texts: &[String]| -> Vec<String> { texts.iter().map(|text| cut(text)).collect() };
        // what it takes and gives stands before further values, of which there may be many
        said.list(("when", "and only when"), " and ", &conditions);
        said.list(takes, ", ", &cuts(&self.deny));
        said.list(gives, ", ", &cuts(&self.grant));
        for (word, moment) in [("from", &self.from), ("until", &self.until)] {
            if let Some(moment) = moment {
                said.part(&format!("{word} {}", cut(moment)));
            }
        }
        said.more.append(&mut more);
        said
    }
}

/// A condition as one reads it, as it is put into `more`, too, if there is more of it than fits.
fn condition(entry: &ConditionEntry, before: &str, more: &mut Vec<String>) -> String {
    let attribute = || cut(entry.attribute.as_deref().unwrap_or("(no attribute)"));
    match entry {
        ConditionEntry {
            not: Some(inner), ..
        } => {
            let inner = condition(inner, &format!("{before}not: "), more);
            format!("not: {inner}")
        }
        ConditionEntry { idp: Some(idp), .. } => format!("signed in by {}", cut(idp)),
        ConditionEntry {
            is: Some(value), ..
        } => format!("{} is {}", attribute(), quoted(value)),
        ConditionEntry {
            is_one_of: Some(values),
            ..
        } => {
            let values: Vec<String> = values.iter().map(|value| quoted(value)).collect();
            let also = format!("{before}{} is also one of", attribute());
            more.extend(rest(&also, ", ", &values));
            format!("{} is one of {}", attribute(), first(", ", &values))
        }
        ConditionEntry {
            starts_with: Some(prefix),
            ..
        } => format!("{} begins with {}", attribute(), quoted(prefix)),
        ConditionEntry {
            matches: Some(pattern),
            ..
        } => format!("{} matches {}", attribute(), cut(pattern)),
        ConditionEntry {
            present: Some(false),
            ..
        } => format!("{} is not present", attribute()),
        ConditionEntry { .. } => format!("{} is present", attribute()),
    }
}

/// A condition of a list, likewise.
pub(super) fn condition_of(value: &Value) -> Option<Said> {
    let entry: ConditionEntry = serde_json::from_value(value.clone()).ok()?;
    let mut more = Vec::new();
    let text = condition(&entry, "", &mut more);
    Some(Said { text, more })
}

fn quoted(text: &str) -> String {
    shown(&Value::from(text))
}

impl Part for RoleEntry {
    const WORD: &'static str = "role";

    fn name(&self) -> String {
        format!("{}/{}", self.account, self.name)
    }

    fn said(&self, gone: bool) -> Said {
        let mut said = Said::default();
        let proof = self.proof.iter().map(|proof| format!(" ({})", cut(proof)));
        let method = cut(&self.method) + &proof.collect::<String>();
        said.part(&method);
        let named = [
            ("path", &self.path),
            ("proof of", &self.idp),
            ("own credentials", &self.credentials),
        ];
        for (word, text) in named {
            if let Some(text) = text {
                said.part(&format!("{word} {}", cut(text)));
            }
        }
        if let Some(via) = &self.via {
            said.part(&format!("through {}", cut(&via.role_arn)));
        }
        policies(
            &mut said,
            (&self.session_policy, &self.managed_policies),
            gone,
        );
        if self.session_policy.is_none() && self.managed_policies.is_empty() {
            said.part("no session policy");
        }
        if !self.tags.is_empty() {
            said.part(&format!("tags {}", json(&self.tags)));
        }
        if let Some(requires) = &self.requires {
            said.part(&format!("requires {}", json(requires)));
        }
        said
    }
}

impl Part for ScopeEntry {
    const WORD: &'static str = "scope";

    fn name(&self) -> String {
        self.name.clone()
    }

    fn said(&self, gone: bool) -> Said {
        let mut said = Said::default();
        policies(
            &mut said,
            (&self.session_policy, &self.managed_policies),
            gone,
        );
        said
    }
}

fn policies(said: &mut Said, (inline, managed): (&Option<String>, &[String]), gone: bool) {
    if let Some(policy) = inline {
        said.part(&format!("session policy {}", cut(policy)));
    }
    let also = if gone {
        "had also managed policies"
    } else {
        "has also managed policies"
    };
    let managed: Vec<String> = managed.iter().map(|arn| cut(arn)).collect();
    said.list(("managed policies", also), ", ", &managed);
}

impl Part for AccountEntry {
    const WORD: &'static str = "account";

    fn name(&self) -> String {
        self.alias.clone()
    }

    fn said(&self, _gone: bool) -> Said {
        let mut said = Said::default();
        said.part(&cut(&self.id));
        for text in [&self.environment, &self.partition].into_iter().flatten() {
            said.part(&cut(text));
        }
        if !self.labels.is_empty() {
            said.part(&format!("labels {}", json(&self.labels)));
        }
        if let Some(revoker) = &self.revoker {
            said.part(&format!("revoker {}", cut(&revoker.role)));
        }
        said
    }
}

fn json(value: &impl Serialize) -> String {
    shown(&serde_json::to_value(value).unwrap_or_default())
}
