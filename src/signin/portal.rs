//! The portal: the roles somebody holds, by account, from memory alone.

use super::{AccountView, HeldRole, LeftOut, PortalView, Signin};
use crate::domain::access::Held;
use crate::domain::account::Account;
use crate::domain::duration::{Cause, DurationRequest, LoginEnded, Plan, in_words};
use crate::domain::identity::IdentityNotice;
use crate::domain::intent::Search;
use crate::domain::role::Role;
use crate::domain::session::Session;

impl Signin {
    /// What the portal shows. A search narrows it to what contains its text.
    pub(super) fn portal(&self, session: &Session, search: Option<Search>) -> PortalView {
        let identity = &session.identity;
        let index = self.0.access.index();
        let provider = self.0.providers.get(&identity.idp);
        PortalView {
            display_name: identity.display_name.clone(),
            idp_name: provider.map_or_else(
                || identity.idp.to_string(),
                |provider| provider.name().to_owned(),
            ),
            left_out: self.left_out(session),
            administrator: self.is_administrator(session),
            accounts: self.accounts_held(session, |_| true),
            search,
            form_token: session.form_token.clone(),
            revision: index.revision(),
        }
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
        let index = self.0.access.index();
        let held = index.held(&session.identity, self.0.clock.now());
        let mut accounts: Vec<AccountView> = Vec::new();
        for held in held.iter().filter(|held| wanted(&held.role.account)) {
            let role = self.held_role(session, *held);
            match accounts.last_mut() {
                Some(last) if last.alias == held.role.key.account.as_str() => last.roles.push(role),
                _ => accounts.push(account_view(&held.role.account, role)),
            }
        }
        accounts
    }

    /// The length is what a click would be given now, as far as it is known before the click.
    fn held_role(&self, session: &Session, held: Held<'_>) -> HeldRole {
        let role: &Role = held.role;
        let plan = Plan::new(&DurationRequest {
            method: &role.method,
            own: self.0.aws.sts.own_kind_seen(&role.method),
            role_seconds: role.console_seconds,
            hours: None,
            session_ends: session.identity.authentication.session_ends,
            proof_seconds: None,
            length_refused: self.0.lengths.are_refused(role, self.0.clock.now()),
            now: self.0.clock.now(),
        });
        let (seconds, cause) = match plan {
            Ok(plan) => (plan.console_seconds, plan.cause),
            Err(LoginEnded) => (0, Cause::IdentityProvider),
        };
        HeldRole {
            key: role.key.clone(),
            description: role.description.clone(),
            lasts: in_words(seconds),
            because: (cause != Cause::Role).then(|| cause.text()),
            method: role.method.operation(),
            keys_only: role.method.is_keys_only(),
            asks: role.asks_in_words(),
        }
    }
}

fn account_view(account: &Account, first: HeldRole) -> AccountView {
    AccountView {
        id: account.id.to_string(),
        alias: account.alias.to_string(),
        name: account.name.clone(),
        environment: account.environment,
        partition: account.partition.to_string(),
        owner: account.owner.clone(),
        roles: vec![first],
    }
}
