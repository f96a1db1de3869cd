//! The one dispatcher: what comes next for a person with a session and something they came for.

use super::{Error, Filled, Signin, Step, Visit};
use crate::domain::account::Alias;
use crate::domain::credentials::ForwardedProof;
use crate::domain::intent::{AccountRef, ConsoleIntent, Intent};
use crate::domain::requires::Demand;
use crate::domain::role::RoleName;
use crate::domain::session::Session;

/// What this very request brought.
#[derive(Debug)]
pub(super) enum Brought {
    /// A click on a link or a bookmark.
    Click,
    /// A form with what the role asks of the person.
    Form(Filled),
    /// A provider's answer: a proof to forward if it is addressed to AWS as well, and what it was asked for.
    Answer(Option<ForwardedProof>, Demand),
}

impl Signin {
    /// Decides what comes next.
    pub(super) async fn proceed(
        &self,
        visit: &Visit,
        session: &Session,
        intent: Intent,
        brought: Brought,
    ) -> Result<Step, Error> {
        let intent = match self.under_todays_alias(session, intent, &brought) {
            Ok(intent) => intent,
            Err(moved) => return Ok(*moved),
        };
        match intent {
            Intent::Portal => self.portal(visit, session, None).await,
            Intent::Search(search) => {
                self.follow_for(visit).await;
                match self.one_match(session, &search.text) {
                    Some((account, role)) => {
                        let asked = ConsoleIntent {
                            destination: search.destination,
                            region: search.region,
                            ..ConsoleIntent::of(AccountRef::Alias(account), Some(role))
                        };
                        self.console(visit, session, asked, brought).await
                    }
                    None => self.portal(visit, session, Some(search)).await,
                }
            }
            Intent::Console(asked) => match asked.role {
                Some(_) => self.console(visit, session, asked, brought).await,
                None => self.without_role(visit, session, asked, brought).await,
            },
            Intent::Choose(asked) => self.choose_role(visit, session, asked).await,
            Intent::Open(open) => self.open_pasted(visit, session, open, brought).await,
            Intent::About(asked) => self.about_role(visit, session, asked).await,
            Intent::Keys(asked) => self.keys_page(visit, session, asked).await,
            Intent::ConfirmedKeys(confirmed) => self.keys(visit, session, confirmed, brought).await,
            Intent::Settings => self.settings(visit, session).await,
            Intent::Sessions => self.sessions(session).await,
            Intent::Tokens => self.tokens_page(session).await,
            Intent::Why(asked) => self.why(visit, session, asked).await,
            Intent::Admin(page) => {
                if self.is_administrator(session) {
                    Ok(Step::Admin(page))
                } else {
                    let asked = page.area();
                    Err(self.refuse_administration(visit, session, asked).await)
                }
            }
        }
    }

    /// The one role that a text names exactly: `alias/role`, under an alias of today or before, or a role's name that is held in one account only.
    fn one_match(&self, session: &Session, text: &str) -> Option<(Alias, RoleName)> {
        let index = self.0.access.index();
        let held = index.held(&session.identity, self.0.clock.now());
        let mut matches = held.iter().filter(|held| {
            let key = &held.role.key;
            let mut former = held.role.account.former_aliases.iter();
            key.name.as_str() == text
                || key.to_string() == text
                || held.role.arn() == text
                || former.any(|alias| format!("{alias}/{}", key.name) == text)
        });
        match (matches.next(), matches.next()) {
            (Some(one), None) => Some((one.role.key.account.clone(), one.role.key.name.clone())),
            _ => None,
        }
    }
}
