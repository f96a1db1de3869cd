//! Links that leave the role open, and texts that name a place in AWS: with which of their roles a person goes there.
//!
//! Nothing here gives a role: it is chosen among those that the person holds, and what is chosen goes the way of every
//! link. Where nothing is held, the answer is that for an account which does not exist.

use std::collections::HashMap;

use super::proceed::Brought;
use super::wanted::Wanted;
use super::{AccountView, Error, HeldRole, OpenChoice, RoleChoice, Signin, Step, Visit};
use crate::domain::account::Account;
use crate::domain::intent::{AccountRef, ConsoleIntent, Open, Search};
use crate::domain::pasted::{Pasted, PastedError, Place};
use crate::domain::preferences::Preferences;
use crate::domain::role::RoleKey;
use crate::domain::scope::ScopeName;
use crate::domain::session::Session;

impl Signin {
    /// Reads what somebody pasted.
    pub fn read_pasted(&self, text: &str) -> Result<Pasted, PastedError> {
        Pasted::read(text, &self.0.partitions, &self.0.public_url)
    }

    /// A link that names an account and no role: the only role goes on, of several the one last used there. Where none
    /// was used yet, the person chooses.
    pub(super) async fn without_role(
        &self,
        visit: &Visit,
        session: &Session,
        asked: ConsoleIntent,
        brought: Brought,
    ) -> Result<Step, Error> {
        let accounts = self.held_in(visit, session, &asked).await?;
        let chosen = match only(&accounts) {
            Some(only) => Some(only),
            None => {
                self.last_used((visit, session), &accounts, asked.scope.as_ref())
                    .await?
            }
        };
        match chosen {
            Some(key) => {
                let asked = ConsoleIntent {
                    account: AccountRef::Alias(key.account),
                    role: Some(key.name),
                    ..asked
                };
                self.console(visit, session, asked, brought).await
            }
            None => Ok(choice(session, asked, accounts, false)),
        }
    }

    /// Likewise, and the person chooses whatever they used.
    pub(super) async fn choose_role(
        &self,
        visit: &Visit,
        session: &Session,
        asked: ConsoleIntent,
    ) -> Result<Step, Error> {
        let accounts = self.held_in(visit, session, &asked).await?;
        Ok(choice(session, asked, accounts, true))
    }

    /// What a pasted text names: the role that it names goes on if it is held, else the only role there; several are
    /// offered.
    pub(super) async fn open_pasted(
        &self,
        visit: &Visit,
        session: &Session,
        open: Open,
        brought: Brought,
    ) -> Result<Step, Error> {
        // a link of ours has been read as one before it became an intent
        let Pasted::Place(place) = self.read_pasted(&open.text)? else {
            return Err(PastedError::Unknown.into());
        };
        self.follow_for(visit).await;
        let mut accounts = self.accounts_held(session, |account| is_at(account, &place));
        if let Some(perhaps) = &place.perhaps
            && accounts
                .iter()
                .any(|account| account.id() == perhaps.as_str())
        {
            accounts.retain(|account| account.id() == perhaps.as_str());
        }
        if accounts.is_empty() {
            return Err(self.refuse_place(visit, session, &place).await);
        }
        let page = place.page.as_ref().map(|page| page.as_str().to_owned());
        let named = named_role(&accounts, &place);
        // whoever names a role that they hold means the role, and not the page that shows it
        let (chosen, destination) = match named {
            Some(named) => (Some(named), None),
            None => (only(&accounts), page),
        };
        // a page is in its region by itself
        let region = place.region.clone().filter(|_| destination.is_none());
        if let Some(key) = chosen {
            let asked = ConsoleIntent {
                destination,
                region,
                ..ConsoleIntent::of(AccountRef::Alias(key.account), Some(key.name))
            };
            return self.console(visit, session, asked, brought).await;
        }
        liked_first(&mut accounts, &self.preferences(visit, session).await?);
        Ok(Step::Open(Box::new(OpenChoice {
            display_name: session.identity.display_name.clone(),
            form_token: session.form_token.clone(),
            pasted: Search {
                text: open.text,
                region,
                destination,
            },
            kind: place.kind,
            names_account: place.account.is_some() || place.perhaps.is_some(),
            region: place.region,
            accounts,
        })))
    }

    /// The account that a link names, with the roles held there; at least one.
    async fn held_in(
        &self,
        visit: &Visit,
        session: &Session,
        asked: &ConsoleIntent,
    ) -> Result<Vec<AccountView>, Error> {
        self.follow_for(visit).await;
        let accounts = self.accounts_held(session, |account| match &asked.account {
            AccountRef::Alias(alias) => account.alias == *alias,
            AccountRef::Id(id) => account.id == *id,
        });
        if accounts.is_empty() {
            let wanted = Wanted::of_console(asked);
            return Err(self.refuse(visit, session, &wanted, None).await);
        }
        Ok(accounts)
    }

    async fn refuse_place(&self, visit: &Visit, session: &Session, place: &Place) -> Error {
        let Some(id) = &place.account else {
            // nobody was refused anything: there is no account that was asked for
            return self.not_entitled(session, None);
        };
        let account = AccountRef::Id(id.clone());
        let wanted = Wanted::of_place(&account, place.role.as_ref());
        self.refuse(visit, session, &wanted, None).await
    }

    /// Which of these roles was used last, if it opens a console and the scope can be put on it.
    async fn last_used(
        &self,
        (visit, session): (&Visit, &Session),
        accounts: &[AccountView],
        scope: Option<&ScopeName>,
    ) -> Result<Option<RoleKey>, Error> {
        let mine = self.preferences(visit, session).await?;
        let index = self.0.access.index();
        let takes = |key: &RoleKey| {
            scope.is_none_or(|scope| {
                let role = index.role(key);
                role.is_some_and(|role| index.scopes_for(role).any(|known| known.name == *scope))
            })
        };
        let used = mine.recents().find_map(|used| {
            let id = used.account.as_str();
            let account = accounts.iter().find(|account| account.id() == id)?;
            let mut roles = account.roles.iter();
            let role = roles.find(|role| role.key().name == used.name && !role.keys_only())?;
            takes(role.key()).then(|| role.key().clone())
        });
        Ok(used)
    }
}

/// The one role that opens a console, or else the one role that there is.
fn only(accounts: &[AccountView]) -> Option<RoleKey> {
    let one = |keys_only: bool| {
        let roles = accounts.iter().flat_map(|account| &account.roles);
        let mut roles = roles.filter(|role| keys_only || !role.keys_only());
        let first = roles.next()?;
        roles.next().is_none().then(|| first.key().clone())
    };
    one(false).or_else(|| one(true))
}

fn choice(
    session: &Session,
    asked: ConsoleIntent,
    accounts: Vec<AccountView>,
    always: bool,
) -> Step {
    Step::ChooseRole(Box::new(RoleChoice {
        display_name: session.identity.display_name.clone(),
        asked,
        always,
        accounts,
        form_token: session.form_token.clone(),
    }))
}

fn is_at(account: &Account, place: &Place) -> bool {
    place
        .partition
        .as_ref()
        .is_none_or(|partition| account.partition == *partition)
        && place.account.as_ref().is_none_or(|id| account.id == *id)
}

/// The role that an ARN names, if it is held.
fn named_role(accounts: &[AccountView], place: &Place) -> Option<RoleKey> {
    let (id, name) = (place.account.as_ref()?, place.role.as_ref()?);
    let account = accounts
        .iter()
        .find(|account| account.id() == id.as_str())?;
    let mut roles = account.roles.iter();
    let role = roles.find(|role| role.key().name == *name)?;
    Some(role.key().clone())
}

/// Favourites, then what was used lately, then the rest by name.
fn liked_first(accounts: &mut [AccountView], mine: &Preferences) {
    let liked = mine.favourites().iter().chain(mine.recents());
    let mut ranks: HashMap<(&str, &str), usize> = HashMap::new();
    for (rank, role) in liked.enumerate() {
        let role = (role.account.as_str(), role.name.as_str());
        ranks.entry(role).or_insert(rank);
    }
    let rank = |id: &str, role: &HeldRole| {
        let role = (id, role.key().name.as_str());
        ranks.get(&role).copied().unwrap_or(usize::MAX)
    };
    for AccountView { account, roles } in accounts.iter_mut() {
        roles.sort_by_key(|role| rank(account.id.as_str(), role));
    }
    accounts.sort_by_key(|account| {
        let best = account.roles.first();
        best.map_or(usize::MAX, |role| rank(account.id(), role))
    });
}
