//! The portal: the roles somebody holds, by account, with what they like to find again among them.
//!
//! From memory alone, but for what the look at the session brought along. What is the same for many roles is looked up once: a
//! portal can have thousands.

use std::collections::HashMap;
use std::sync::Arc;

use super::view::Place;
use super::{AccountView, Error, HeldRole, LeftOut, PortalView, Signin, Step, Visit};
use crate::domain::Timestamp;
use crate::domain::account::{Account, PartitionName};
use crate::domain::credentials::CredentialsKind;
use crate::domain::duration::{Cause, DurationRequest, LoginEnded, Plan, in_words};
use crate::domain::identity::IdentityNotice;
use crate::domain::intent::Search;
use crate::domain::preferences::{LastingKey, Opening, Preferences};
use crate::domain::role::{CredentialsName, Role};
use crate::domain::session::Session;

/// How many of the roles used last are shown apart.
const RECENTS: usize = 6;

impl Signin {
    /// The portal. A search narrows it to what fits its text.
    pub(super) async fn portal(
        &self,
        visit: &Visit,
        session: &Session,
        search: Option<Search>,
    ) -> Result<Step, Error> {
        self.follow_for(visit).await;
        let mine = self.preferences(visit, session).await?;
        let identity = &session.identity;
        let provider = self.0.providers.get(&identity.idp);
        let (accounts, places) = self.accounts_liked(session, &mine, |_| true);
        let place = |key| places.get(key).copied();
        let held: usize = accounts.iter().map(|account| account.roles.len()).sum();
        // who has few roles sees them all anyway
        let recents = if held > RECENTS { RECENTS } else { 0 };
        let used = mine.recents().filter(|key| !mine.is_favourite(key));
        Ok(Step::Portal(Box::new(PortalView {
            display_name: identity.display_name.clone(),
            idp_name: provider.map_or_else(
                || identity.idp.to_string(),
                |provider| provider.name().to_owned(),
            ),
            left_out: self.left_out(session),
            administrator: self.is_administrator(session),
            favourites: mine.favourites().iter().filter_map(place).collect(),
            recents: used.filter_map(place).take(recents).collect(),
            consoles_chosen: mine.consoles.is_some(),
            accounts,
            search,
            form_token: session.form_token.clone(),
            revision: self.0.access.index().revision(),
        })))
    }

    /// What the person's provider left out.
    pub(super) fn left_out(&self, session: &Session) -> Option<LeftOut> {
        match session.identity.notice {
            Some(IdentityNotice::GroupOverage) => Some(LeftOut::GroupOverage),
            None if self.0.access.index().looks_at(&session.identity) => None,
            None => Some(LeftOut::NoGroups),
        }
    }

    /// The accounts that `wanted` picks, by name, each with the roles held there.
    pub(super) fn accounts_held(
        &self,
        session: &Session,
        wanted: impl Fn(&Account) -> bool,
    ) -> Vec<AccountView> {
        self.accounts_liked(session, &Preferences::default(), wanted)
            .0
    }

    /// Likewise; and where among them the roles stand that the person likes to find again.
    fn accounts_liked<'m>(
        &self,
        session: &Session,
        mine: &'m Preferences,
        wanted: impl Fn(&Account) -> bool,
    ) -> (Vec<AccountView>, HashMap<&'m LastingKey, Place>) {
        let index = self.0.access.index();
        let now = self.0.clock.now();
        let liked = Liked::of(mine, now);
        let mut lengths = Lengths::new(self, session, now);
        let mut accounts: Vec<AccountView> = Vec::new();
        let mut places = HashMap::new();
        for held in index.held(&session.identity, now) {
            let role = held.role;
            if !wanted(&role.account) {
                continue;
            }
            let same = accounts.last().map(|last| &last.account);
            if !same.is_some_and(|same| Arc::ptr_eq(same, &role.account)) {
                accounts.push(AccountView {
                    account: Arc::clone(&role.account),
                    roles: Vec::new(),
                });
            }
            let at = accounts.len() - 1;
            let Some(last) = accounts.last_mut() else {
                continue;
            };
            let known = liked.find(role);
            if let Some(known) = known {
                let place = Place {
                    account: at,
                    role: last.roles.len(),
                };
                places.insert(known.key, place);
            }
            last.roles.push(lengths.held_role(role, known));
        }
        (accounts, places)
    }
}

/// What somebody likes to find again, by account and name.
struct Liked<'m>(HashMap<&'m str, Vec<OneLiked<'m>>>);

#[derive(Clone, Copy)]
struct OneLiked<'m> {
    key: &'m LastingKey,
    is_favourite: bool,
    weight: u32,
    opening: Option<&'m Opening>,
}

impl<'m> Liked<'m> {
    fn of(mine: &'m Preferences, now: Timestamp) -> Self {
        let mut all: HashMap<&str, Vec<OneLiked<'m>>> = HashMap::new();
        let keys = mine.favourites().iter();
        for key in keys.chain(mine.recents()).chain(mine.openings()) {
            let there = all.entry(key.account.as_str()).or_default();
            if there.iter().all(|known| known.key != key) {
                there.push(OneLiked {
                    key,
                    is_favourite: mine.is_favourite(key),
                    weight: mine.weight(key, now),
                    opening: mine.opening(key),
                });
            }
        }
        Self(all)
    }

    fn find(&self, role: &Role) -> Option<OneLiked<'m>> {
        // most people's roles are in accounts that they hardly ever use
        let there = self.0.get(role.account.id.as_str())?;
        there
            .iter()
            .find(|known| known.key.name == role.key.name)
            .copied()
    }
}

/// How long consoles last, for many roles of one person.
struct Lengths<'a> {
    signin: &'a Signin,
    session: &'a Session,
    now: Timestamp,
    refused: Vec<(PartitionName, &'static str)>,
    kinds: Vec<(CredentialsName, Option<CredentialsKind>)>,
    words: Vec<(u32, Arc<str>)>,
}

impl<'a> Lengths<'a> {
    fn new(signin: &'a Signin, session: &'a Session, now: Timestamp) -> Self {
        Self {
            signin,
            session,
            now,
            refused: signin.0.lengths.refused(now),
            kinds: Vec::new(),
            words: Vec::new(),
        }
    }

    /// The length is what a click would be given now, as far as it is known before the click.
    fn held_role(&mut self, role: &Arc<Role>, known: Option<OneLiked<'_>>) -> HeldRole {
        let opening = known.and_then(|known| known.opening);
        let plan = Plan::new(&DurationRequest {
            method: &role.method,
            own: self.own_kind(role),
            role_seconds: role.console_seconds,
            hours: opening.and_then(|opening| opening.hours),
            session_ends: self.session.identity.authentication.session_ends,
            proof_seconds: None,
            length_refused: self.is_refused(role),
            now: self.now,
        });
        let (seconds, cause) = match plan {
            Ok(plan) => (plan.console_seconds, plan.cause),
            Err(LoginEnded) => (0, Cause::IdentityProvider),
        };
        HeldRole {
            role: Arc::clone(role),
            seconds,
            lasts: self.in_words(seconds),
            because: (!matches!(cause, Cause::Role | Cause::Asked)).then(|| cause.text()),
            asks: role.asks_in_words(),
            is_favourite: known.is_some_and(|known| known.is_favourite),
            weight: known.map_or(0, |known| known.weight),
            opening: opening.cloned(),
            suspended: (self.signin.0.access)
                .suspension(role, self.now)
                .map(|suspension| suspension.until),
        }
    }

    fn is_refused(&self, role: &Role) -> bool {
        let mut refused = self.refused.iter();
        refused.any(|(partition, operation)| {
            *partition == role.account.partition && *operation == role.method.operation()
        })
    }

    fn own_kind(&mut self, role: &Role) -> Option<CredentialsKind> {
        let name = role.method.credentials()?;
        if let Some((_, kind)) = self.kinds.iter().find(|(known, _)| known == name) {
            return *kind;
        }
        let kind = self.signin.0.aws.sts.own_kind_seen(&role.method);
        self.kinds.push((name.clone(), kind));
        kind
    }

    fn in_words(&mut self, seconds: u32) -> Arc<str> {
        if let Some((_, words)) = self.words.iter().find(|(known, _)| *known == seconds) {
            return Arc::clone(words);
        }
        let words: Arc<str> = in_words(seconds).into();
        self.words.push((seconds, Arc::clone(&words)));
        words
    }
}
