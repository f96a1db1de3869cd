//! The access model as lists to read: rules, roles and accounts, each with what uses it.
//!
//! From the compiled revision in memory, which is brought up to date first. A text narrows the lists to what holds
//! each of its words, letter case aside; only the lines that are shown are put into words.

#[cfg(test)]
mod tests;

use std::sync::Arc;

use crate::domain::Timestamp;
use crate::domain::access::{
    AccessIndex, AccessRevision, Condition, Operator, Rule, Selector, UseKind,
};
use crate::domain::account::{Account, Alias, Environment};
use crate::domain::probe;
use crate::domain::role::Role;
use crate::domain::session_size::SessionSize;
use crate::store::RevisionSummary;

use super::{Admin, Error};

/// How many lines a list has at most; a narrower search shows the rest.
pub const MOST_LINES: usize = 200;

/// The three lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Section {
    /// Who gets what.
    Rules,
    /// What people can become.
    Roles,
    /// Where.
    Accounts,
}

/// One of the lists, perhaps cut.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lines {
    /// The rules, in the order of the document.
    Rules(Vec<RuleLine>),
    /// The roles, by account and name.
    Roles(Vec<RoleLine>),
    /// The accounts, by name.
    Accounts(Vec<AccountLine>),
}

/// How many entries of a list there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Count {
    /// That match the search.
    pub found: usize,
    /// In all.
    pub all: usize,
}

/// The access model at a glance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overview {
    /// The current revision; `None` before the first.
    pub current: Option<RevisionSummary>,
    /// The revision that decides here.
    pub deciding: AccessRevision,
    /// Why that is not the current one, if it is not.
    pub trouble: Option<String>,
    /// How many rules there are.
    pub rules: Count,
    /// How many roles.
    pub roles: Count,
    /// How many accounts.
    pub accounts: Count,
    /// The list asked for.
    pub lines: Lines,
}

/// An account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountLine {
    /// Its alias.
    pub alias: String,
    /// Its 12 digits.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its environment's word, if it has one.
    pub environment: Option<&'static str>,
    /// Its partition.
    pub partition: String,
    /// Whom to ask.
    pub owner: Option<String>,
    /// The keys of its roles.
    pub roles: Vec<String>,
}

/// A role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleLine {
    /// Its key.
    pub key: String,
    /// What it is for.
    pub description: String,
    /// The STS operation behind it.
    pub method: &'static str,
    /// Its ARN.
    pub arn: String,
    /// The hub role on the way, by ARN.
    pub via: Option<String>,
    /// What it asks of the person first, in words.
    pub asks: Vec<String>,
    /// What it puts on a session, if anything.
    pub size: Option<SessionSize>,
    /// Why it cannot be probed, if it cannot.
    pub no_probe: Option<&'static str>,
    /// The rules that have to do with it: what they do, and their names.
    pub rules: Vec<(&'static str, String)>,
}

/// A rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleLine {
    /// Its name.
    pub name: String,
    /// What must hold, a sentence each.
    pub conditions: Vec<String>,
    /// What it gives, as written.
    pub grants: Vec<String>,
    /// What it takes away, as written.
    pub denies: Vec<String>,
    /// From when it counts.
    pub from: Option<String>,
    /// Until when.
    pub until: Option<String>,
}

impl Admin {
    /// The model at a glance, with one of its lists; a text narrows all three.
    pub async fn look(&self, section: Section, search: &str) -> Result<Overview, Error> {
        let followed = self.access.follow(&self.store).await;
        let current = self.store.revisions(None, 1).await?.pop();
        let index = self.access.index();
        let words = search.split_whitespace().map(str::to_lowercase).collect();
        let overview = move || overview(&index, section, &Search(words));
        let mut overview = tokio::task::spawn_blocking(overview)
            .await
            .map_err(|_| Error::Interrupted)?;
        overview.current = current;
        overview.trouble = followed.err().map(|error| error.to_string());
        Ok(overview)
    }
}

fn overview(index: &AccessIndex, section: Section, search: &Search) -> Overview {
    let model = index.model();
    let rules = search.pick(model.rules().iter(), rule_text);
    let roles = search.pick(model.roles().iter().map(Arc::as_ref), role_text);
    let accounts = search.pick(model.accounts().iter().map(Arc::as_ref), account_text);
    Overview {
        current: None,
        deciding: index.revision(),
        trouble: None,
        rules: rules.count(model.rules().len()),
        roles: roles.count(model.roles().len()),
        accounts: accounts.count(model.accounts().len()),
        lines: match section {
            Section::Rules => Lines::Rules(rules.shown.into_iter().map(rule_line).collect()),
            Section::Roles => {
                let lines = roles.shown.into_iter().map(|role| role_line(index, role));
                Lines::Roles(lines.collect())
            }
            Section::Accounts => {
                let shown = accounts.shown.into_iter();
                let lines = shown.map(|account| account_line(index, account));
                Lines::Accounts(lines.collect())
            }
        },
    }
}

/// The words of a search, in lower case.
struct Search(Vec<String>);

/// What matches, of which the first are shown.
struct Picked<'a, T> {
    shown: Vec<&'a T>,
    found: usize,
}

impl Search {
    fn pick<'a, T>(
        &self,
        all: impl Iterator<Item = &'a T>,
        text: impl Fn(&T) -> String,
    ) -> Picked<'a, T> {
        let mut picked = Picked {
            shown: Vec::new(),
            found: 0,
        };
        for one in all.filter(|one| self.0.is_empty() || self.fits(&text(one))) {
            picked.found += 1;
            if picked.shown.len() < MOST_LINES {
                picked.shown.push(one);
            }
        }
        picked
    }

    fn fits(&self, text: &str) -> bool {
        let text = text.to_lowercase();
        self.0.iter().all(|word| text.contains(word))
    }
}

impl<T> Picked<'_, T> {
    fn count(&self, all: usize) -> Count {
        Count {
            found: self.found,
            all,
        }
    }
}

fn account_text(account: &Account) -> String {
    let environment = account.environment.map_or("", Environment::word);
    let owner = account.owner.as_deref().unwrap_or_default();
    let former = account.former_aliases.iter().map(Alias::as_str);
    let former: Vec<&str> = former.collect();
    format!(
        "{}\n{}\n{}\n{environment}\n{}\n{owner}\n{}",
        account.alias,
        account.id,
        account.name,
        account.partition,
        former.join("\n")
    )
}

fn account_line(index: &AccessIndex, account: &Account) -> AccountLine {
    let roles = index.model().roles_of(&account.alias);
    AccountLine {
        alias: account.alias.to_string(),
        id: account.id.to_string(),
        name: account.name.clone(),
        environment: account.environment.map(Environment::word),
        partition: account.partition.to_string(),
        owner: account.owner.clone(),
        roles: roles.iter().map(|role| role.key.to_string()).collect(),
    }
}

fn role_text(role: &Role) -> String {
    format!(
        "{}\n{}\n{}\n{}\n{}",
        role.key,
        role.description,
        role.arn(),
        role.method.operation(),
        role.method.via().map_or("", |via| via.role.as_str())
    )
}

fn role_line(index: &AccessIndex, role: &Role) -> RoleLine {
    let rules = index.model().used_by(&role.key).into_iter().map(|used| {
        let does = match used.kind {
            UseKind::Grants => "gives it",
            UseKind::MayGrant => "gives it to those whose values name it",
            UseKind::Denies => "takes it away",
            UseKind::MayDeny => "takes it from those whose values name it",
        };
        (does, used.rule.name.clone())
    });
    RoleLine {
        key: role.key.to_string(),
        description: role.description.clone(),
        method: role.method.operation(),
        arn: role.arn(),
        via: role.method.via().map(|via| via.role.to_string()),
        asks: asks(role),
        size: Some(SessionSize::of(role)).filter(|size| size.total() > 0),
        no_probe: probe::cannot(role),
        rules: rules.collect(),
    }
}

/// What a role asks of the person before it opens.
fn asks(role: &Role) -> Vec<String> {
    let reason = role.requires.reason.then(|| "a reason".to_owned());
    let login = role.requires.login_in_words();
    let acr = &role.requires.acr;
    let contexts = (!acr.is_empty()).then(|| format!("the context {}", acr.join(" or ")));
    let device = role.method.mfa_serial();
    let code = device.map(|serial| format!("the code of the MFA device {serial}"));
    let login = reason.into_iter().chain(login);
    login.chain(contexts).chain(code).collect()
}

fn rule_text(rule: &Rule) -> String {
    let mut text = rule.name.clone();
    let conditions = rule.conditions.iter().map(sentence);
    let selectors = rule.grants.iter().chain(&rule.denies);
    for part in conditions.chain(selectors.map(ToString::to_string)) {
        text.push('\n');
        text.push_str(&part);
    }
    text
}

fn rule_line(rule: &Rule) -> RuleLine {
    let written = |selectors: &[Selector]| selectors.iter().map(ToString::to_string).collect();
    RuleLine {
        name: rule.name.clone(),
        conditions: rule.conditions.iter().map(sentence).collect(),
        grants: written(&rule.grants),
        denies: written(&rule.denies),
        from: rule.from.map(moment),
        until: rule.until.map(moment),
    }
}

/// A moment as rules have them, to the second.
pub(super) fn moment(at: Timestamp) -> String {
    at.format("%Y-%m-%d %H:%M:%S UTC").to_string()
}

/// A condition as one reads it.
pub(super) fn sentence(condition: &Condition) -> String {
    match condition {
        Condition::Idp(idp) => format!("signed in by {idp}"),
        Condition::Not(inner) => format!("not: {}", sentence(inner)),
        Condition::Attribute { name, operator } => match operator {
            Operator::IsOneOf(values) if values.len() == 1 => {
                format!("{name} is {:?}", values[0])
            }
            Operator::IsOneOf(values) => format!("{name} is one of {values:?}"),
            Operator::StartsWith(prefix) => format!("{name} begins with {prefix:?}"),
            Operator::Matches(pattern) => format!("{name} matches {pattern}"),
            Operator::Present => format!("{name} is present"),
        },
    }
}
