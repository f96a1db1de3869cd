//! Open without a session: depart to an identity provider.

use chrono::Duration;
use serde::{Deserialize, Serialize};

use super::proceed::Brought;
use super::{BrowserKey, Departure, Error, Filled, Signin, Step, Visit, digest};
use crate::domain::identity::IdpId;
use crate::domain::intent::Intent;
use crate::domain::requires::Demand;
use crate::domain::session::Session;
use crate::idp::Challenge;
use crate::random;
use crate::store::PendingLogin;

/// How long a login may take at the provider.
pub(super) const LOGIN_LIFE: Duration = Duration::minutes(10);

/// How long the browser keeps the key that ties it to its logins: longer than a login, so that one that took too long
/// is told apart from one that began elsewhere.
const BROWSER_KEY_LIFE: Duration = Duration::hours(1);

/// How many logins one browser may have under way: the oldest go.
const LOGINS_PER_BROWSER: u32 = 20;

/// What is remembered of a login under way, beside what the visitor came for.
#[derive(Serialize, Deserialize)]
pub(super) struct Remembered {
    /// What the answer must fit.
    #[serde(flatten)]
    pub(super) challenge: Challenge,
    /// What the provider was asked for: an answer that falls short of it is not asked for again.
    #[serde(default)]
    pub(super) demand: Demand,
}

impl Signin {
    /// Goes after what the visitor came for: on with their session, or off to a provider. `idp` is the provider
    /// that the link names.
    pub async fn open(
        &self,
        visit: Visit,
        session: Option<Session>,
        intent: Intent,
        idp: Option<IdpId>,
    ) -> Result<Step, Error> {
        match session {
            Some(session) if idp.as_ref().is_none_or(|idp| *idp == session.identity.idp) => {
                self.proceed(&visit, &session, intent, Brought::Click).await
            }
            session => match self.choose(&visit, idp)? {
                Some(idp) => {
                    let (who, demand) = (session.as_ref(), Demand::default());
                    self.depart(&visit, who, (&idp, demand), intent).await
                }
                None => Ok(Step::ChooseIdp(self.idps())),
            },
        }
    }

    /// Goes on with a form that brings what a role asks of the person. Without a session there is nobody to go on with.
    pub async fn open_with_form(
        &self,
        visit: Visit,
        session: Option<Session>,
        intent: Intent,
        filled: Filled,
    ) -> Result<Step, Error> {
        match session {
            Some(session) => {
                let brought = Brought::Form(filled);
                self.proceed(&visit, &session, intent, brought).await
            }
            None => Err(Error::SessionEnded),
        }
    }

    /// Which provider: the one named, else the one last used in this browser, else the only one there is.
    fn choose(&self, visit: &Visit, named: Option<IdpId>) -> Result<Option<IdpId>, Error> {
        let providers = &self.0.providers;
        if let Some(named) = named {
            return match providers.get(&named) {
                Some(_) => Ok(Some(named)),
                None => Err(Error::IdpUnknown),
            };
        }
        let last = visit.last_idp.as_ref();
        if let Some(last) = last.filter(|last| providers.get(last).is_some()) {
            return Ok(Some(last.clone()));
        }
        let mut all = providers.iter();
        Ok(match (all.next(), all.next()) {
            (Some(only), None) => Some(only.id().clone()),
            _ => None,
        })
    }

    /// Makes a challenge, remembers it with what the login must be like, and names the place to send the browser to.
    pub(super) async fn depart(
        &self,
        visit: &Visit,
        session: Option<&Session>,
        (idp, demand): (&IdpId, Demand),
        intent: Intent,
    ) -> Result<Step, Error> {
        let parts = &self.0;
        let person = session.map(|session| &session.identity);
        let known = visit.known.as_ref();
        parts.limits.may_depart(visit.address, person, known)?;
        let provider = parts.providers.get(idp).ok_or(Error::IdpUnknown)?;
        let now = parts.clock.now();
        let expires = now + LOGIN_LIFE;
        let challenge = provider.challenge(parts.random.as_ref());
        let handle = random::token::<32>(parts.random.as_ref());
        let location = provider
            .depart(&challenge, &handle, &demand, now)
            .await
            .map_err(|error| Error::at_idp(idp, &error))?;
        let browser = visit
            .browser
            .as_ref()
            .and_then(|key| BrowserKey::parse(key.expose()))
            .unwrap_or_else(|| BrowserKey::random(parts.random.as_ref()));
        let login = PendingLogin {
            handle_digest: digest::of(&handle),
            browser_digest: digest::of(browser.expose()),
            idp: idp.clone(),
            intent,
            challenge_json: serde_json::to_string(&Remembered { challenge, demand })
                .map_err(|error| Error::Internal(Box::new(error)))?,
            began: now,
            expires,
            replaces: visit.session.as_ref().map(|id| digest::of(id.expose())),
        };
        parts
            .store
            .remember_login(&login, LOGINS_PER_BROWSER)
            .await?;
        Ok(Step::Depart(Departure {
            location,
            browser,
            expires: now + BROWSER_KEY_LIFE,
            idp: idp.clone(),
        }))
    }
}
