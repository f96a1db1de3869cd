//! Links to an account by an alias that it had before.
//!
//! They lead on for whoever holds a role in the account. For everybody else there is no such account: what they are told
//! is what is told of any name that nobody has or had.

use super::proceed::Brought;
use super::{Signin, Step};
use crate::domain::account::Alias;
use crate::domain::intent::{AccountRef, Intent};
use crate::domain::session::Session;

impl Signin {
    /// What was asked for, under the alias that its account has today; or a way to the link for that, for a link that was
    /// clicked.
    ///
    /// A form and a provider's answer go on at once: a link would bring neither the yes nor the code nor the proof along.
    pub(super) fn under_todays_alias(
        &self,
        session: &Session,
        intent: Intent,
        brought: &Brought,
    ) -> Result<Intent, Box<Step>> {
        let alias = intent.account();
        let Some(alias) = alias.and_then(|account| self.todays_alias(session, account)) else {
            return Ok(intent);
        };
        let by_link =
            matches!(brought, Brought::Click) && !matches!(intent, Intent::ConfirmedKeys(_));
        let intent = intent.under(alias);
        if by_link {
            Err(Box::new(Step::Moved(intent)))
        } else {
            Ok(intent)
        }
    }

    /// The alias of today of an account that the link names by an earlier one.
    fn todays_alias(&self, session: &Session, account: &AccountRef) -> Option<Alias> {
        let index = self.0.access.index();
        if index.find(account).is_some() {
            return None;
        }
        // decided before the name is looked up, so that it takes as long for a name that nobody had
        let held = index.held(&session.identity, self.0.clock.now());
        let alias = &index.find_renamed(account)?.alias;
        let holds = held.iter().any(|held| held.role.key.account == *alias);
        holds.then(|| alias.clone())
    }
}
