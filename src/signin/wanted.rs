//! Which role somebody asks for, whatever it is for: what refusals and their records are made of.

use crate::domain::access::AccessIndex;
use crate::domain::audit::EventKind;
use crate::domain::intent::{AccountRef, ConsoleIntent, KeysIntent, WhyIntent};
use crate::domain::request_form::Asked;
use crate::domain::role::RoleName;
use crate::domain::scope::ScopeName;

/// Which role somebody asks for, and for what.
pub(super) struct Wanted<'a> {
    /// How the record calls it when they do not get it.
    pub(super) refused: EventKind,
    pub(super) account: &'a AccountRef,
    pub(super) role: Option<&'a RoleName>,
    pub(super) scope: Option<&'a ScopeName>,
}

impl<'a> Wanted<'a> {
    pub(super) fn of_console(asked: &'a ConsoleIntent) -> Self {
        Self {
            refused: EventKind::SigninRefused,
            account: &asked.account,
            role: asked.role.as_ref(),
            scope: asked.scope.as_ref(),
        }
    }

    pub(super) fn of_keys(asked: &'a KeysIntent) -> Self {
        Self {
            refused: EventKind::KeysRefused,
            account: &asked.account,
            role: Some(&asked.role),
            scope: asked.scope.as_ref(),
        }
    }

    pub(super) fn of_why(asked: &'a WhyIntent) -> Self {
        Self {
            refused: EventKind::WhyRefused,
            account: &asked.account,
            role: Some(&asked.role),
            scope: None,
        }
    }

    /// Some console of an account, or that of a role there.
    pub(super) fn of_place(account: &'a AccountRef, role: Option<&'a RoleName>) -> Self {
        Self {
            refused: EventKind::SigninRefused,
            account,
            role,
            scope: None,
        }
    }

    /// What the record calls it: the account's id and the role's key, so that it is found where everything else about them is.
    /// Of an account that the model does not know, what it was asked for as.
    pub(super) fn as_recorded(&self, index: &AccessIndex) -> (Option<String>, Option<String>) {
        let known = index
            .find(self.account)
            .or_else(|| index.find_renamed(self.account));
        let asked = self.as_asked().account;
        let account = known.map(|account| account.id.to_string());
        let alias = known.map(|account| account.alias.to_string());
        let alias = alias.or_else(|| asked.clone());
        let role = alias.zip(self.role);
        (
            account.or(asked),
            role.map(|(alias, role)| format!("{alias}/{role}")),
        )
    }

    /// What is asked for, as it was written.
    pub(super) fn as_asked(&self) -> Asked {
        Asked {
            account: Some(match self.account {
                AccountRef::Alias(alias) => alias.to_string(),
                AccountRef::Id(id) => id.to_string(),
            }),
            role: self.role.map(ToString::to_string),
        }
    }
}
