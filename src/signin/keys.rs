//! Keys: first the page that says what would be shown, then, when the person has said yes by a form, the keys.
//!
//! The way to the credentials is that of consoles (`handover`). Nothing is made for a link, a prefetch or a HEAD: only
//! [`Signin::make_keys`] makes an intent that has been said yes to.

use super::gather::Gathered;
use super::handover::{Handed, Prepared};
use super::proceed::Brought;
use super::wanted::Wanted;
use super::{Error, Filled, KeysOnly, KeysView, MadeKeys, Signin, Step, Visit};
use crate::domain::credentials::Credentials;
use crate::domain::duration::{DurationRequest, LoginEnded, Plan, in_words};
use crate::domain::grant::Grant;
use crate::domain::intent::{ConfirmedKeys, ConsoleIntent, Intent, KeysIntent};
use crate::domain::session::Session;
use crate::limits::What;

/// The lengths that pages offer, in hours, where AWS gives them.
pub(super) const LENGTHS: [u8; 7] = [1, 2, 4, 8, 12, 24, 36];

impl Signin {
    /// The person said yes, by a form of the page. Where their session has ended meanwhile, whoever signs in now has
    /// not, and is shown the page.
    pub async fn make_keys(
        &self,
        visit: Visit,
        session: Option<Session>,
        asked: KeysIntent,
        filled: Filled,
    ) -> Result<Step, Error> {
        let Some(session) = session else {
            return self.open(visit, None, Intent::Keys(asked), None).await;
        };
        let reason = filled.reason.clone();
        let confirmed = ConfirmedKeys::new(asked, reason, &session.identity);
        let intent = Intent::ConfirmedKeys(Box::new(confirmed));
        self.proceed(&visit, &session, intent, Brought::Form(filled))
            .await
    }

    /// What would be shown.
    pub(super) async fn keys_page(
        &self,
        visit: &Visit,
        session: &Session,
        asked: KeysIntent,
    ) -> Result<Step, Error> {
        self.follow_for(visit).await;
        let wanted = Wanted::of_keys(&asked);
        let grant = match self.granted(session, &wanted) {
            Ok(grant) => grant,
            Err(refusal) => return Err(self.refuse(visit, session, &wanted, Some(refusal)).await),
        };
        self.check_region(&grant, &asked)?;
        self.check_device(grant.role()).await?;
        Ok(Step::KeysPage(Box::new(
            self.keys_view(session, &grant, asked)?,
        )))
    }

    /// The keys, or first the provider where the role needs a fresh proof.
    ///
    /// What comes back from there is answered with the keys themselves, for a proof is good in the request that brought
    /// it and is never kept. That is safe for the reasons that a console is, and two more: the login that is taken began
    /// in this browser, by the form, and can be taken once, so loading the address again shows nothing; and it names who
    /// said yes, so that whoever else comes back is asked first.
    pub(super) async fn keys(
        &self,
        visit: &Visit,
        session: &Session,
        confirmed: Box<ConfirmedKeys>,
        brought: Brought,
    ) -> Result<Step, Error> {
        if !confirmed.is_by(&session.identity) {
            return self
                .keys_page(visit, session, confirmed.asked().clone())
                .await;
        }
        let asked = confirmed.asked();
        let wanted = Wanted::of_keys(asked);
        let grant = match self.granted(session, &wanted) {
            Ok(grant) => grant,
            Err(refusal) => return Err(self.refuse(visit, session, &wanted, Some(refusal)).await),
        };
        self.check_region(&grant, asked)?;
        let reason = confirmed.reason().cloned();
        if grant.role().requires.reason && reason.is_none() {
            return self.keys_page(visit, session, asked.clone()).await;
        }
        let intent = Intent::ConfirmedKeys(confirmed.clone());
        let came = (&wanted, &intent);
        let by_click = !matches!(brought, Brought::Answer(..));
        let who = (visit, session, &wanted);
        let gathered = self.gather(visit, session, (&grant, came), brought).await;
        let presented = match self.or_refused(who, gathered).await? {
            Gathered::All(presented) => presented,
            Gathered::First(step) => return Ok(*step),
            // the page has a field for it
            Gathered::Code => return self.keys_page(visit, session, asked.clone()).await,
        };
        let limits = &self.0.limits;
        limits.take(What::Keys, visit.address, Some(&session.identity))?;
        let prepared = self
            .prepare(Handed::Keys, (grant, reason), asked.hours, presented)
            .await;
        let prepared = self.or_refused(who, prepared).await?;
        let made = Box::pin(async { Ok(((), self.credentials(&prepared).await?)) });
        let ((), credentials) = match self.hand_over(visit, session, &prepared, made).await {
            Ok(made) => made,
            Err(error) if by_click => {
                return self.unless_asked(visit, session, came, error).await;
            }
            Err(error) => return Err(error),
        };
        Ok(Step::Keys(Box::new(self.made(
            &prepared,
            asked.clone(),
            credentials,
        ))))
    }

    /// A console was asked for, and the role has none.
    pub(super) fn keys_only(session: &Session, grant: &Grant, asked: ConsoleIntent) -> Step {
        let role = grant.role();
        Step::KeysOnly(Box::new(KeysOnly {
            display_name: session.identity.display_name.clone(),
            form_token: session.form_token.clone(),
            key: role.key.clone(),
            account_name: role.account.name.clone(),
            asked,
        }))
    }

    pub(super) fn made(
        &self,
        prepared: &Prepared,
        asked: KeysIntent,
        credentials: Credentials,
    ) -> MadeKeys {
        let role = prepared.grant.role();
        let left = (credentials.expires - self.0.clock.now()).num_seconds();
        MadeKeys {
            signin_id: prepared.signin_id.clone(),
            key: role.key.clone(),
            account_name: role.account.name.clone(),
            account_id: role.account.id.to_string(),
            environment: role.account.environment,
            partition: role.account.partition.to_string(),
            lasts: in_words(u32::try_from(left).unwrap_or(0)),
            asked,
            operation: role.method.operation(),
            credentials,
        }
    }

    fn keys_view(
        &self,
        session: &Session,
        grant: &Grant,
        asked: KeysIntent,
    ) -> Result<KeysView, Error> {
        let role = grant.role();
        let plan = |hours| {
            Plan::of_keys(&DurationRequest {
                method: &role.method,
                own: self.0.aws.sts.own_kind_seen(&role.method),
                role_seconds: role.console_seconds,
                hours,
                session_ends: grant.identity().authentication.session_ends,
                proof_seconds: None,
                length_refused: false,
                now: self.0.clock.now(),
            })
        };
        let chosen = plan(asked.hours).map_err(|LoginEnded| Error::SessionEnded)?;
        let gives = |hours: u8| {
            let seconds = u32::from(hours) * 3_600;
            let plan = plan(Some(hours)).ok()?;
            let other = plan.console_seconds == seconds && seconds != chosen.console_seconds;
            other.then(|| (hours, in_words(seconds)))
        };
        let through = role.method.forwards();
        Ok(KeysView {
            display_name: session.identity.display_name.clone(),
            administrator: self.is_administrator(session),
            form_token: session.form_token.clone(),
            key: role.key.clone(),
            description: role.description.clone(),
            account_name: role.account.name.clone(),
            account_id: role.account.id.to_string(),
            environment: role.account.environment,
            partition: role.account.partition.to_string(),
            scope: grant
                .scope()
                .map(|scope| (scope.name.to_string(), scope.description.clone())),
            lasts: in_words(chosen.console_seconds),
            because: chosen.cause.text(),
            lengths: LENGTHS.into_iter().filter_map(gives).collect(),
            is_whole_user: role.method.is_keys_only(),
            serial: role.method.mfa_serial().map(str::to_owned),
            asks_reason: role.requires.reason,
            through: through.map(|idp| {
                let provider = self.0.providers.get(idp);
                provider.map_or_else(|| idp.to_string(), |provider| provider.name().to_owned())
            }),
            asked,
        })
    }

    /// A region that the texts would set is one of the role's partition.
    fn check_region(&self, grant: &Grant, asked: &KeysIntent) -> Result<(), Error> {
        let partition = self.0.partitions.get(&grant.role().account.partition);
        match &asked.region {
            Some(region) if !partition.is_some_and(|known| known.has_region(region)) => {
                Err(Error::RegionForeign)
            }
            _ => Ok(()),
        }
    }
}
