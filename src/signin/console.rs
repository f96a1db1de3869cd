//! Into the console: grant → credentials → sign-in token → one redirect.
//!
//! What it shares with keys stands in `handover`. What is the console's own: the page it opens on, the link that leads
//! back to it, the exchange of credentials for a sign-in token, and whether the browser signs out of the consoles that
//! it has open. Where a person's settings are not known yet, they are read beside the call to STS, so that they cost no time.

use super::gather::Gathered;
use super::handover::{Handed, Prepared};
use super::proceed::Brought;
use super::wanted::Wanted;
use super::{Error, Filled, Signin, Step, Visit, refusal, view};
use crate::aws::{self, Door};
use crate::domain::console::{ConsoleLink, Destination, DestinationError};
use crate::domain::credentials::{ConsoleUrl, Credentials, SigninToken};
use crate::domain::grant::Grant;
use crate::domain::intent::{ConsoleIntent, Intent};
use crate::domain::partition::{HostError, Partition};
use crate::domain::preferences::{Consoles, Preferences};
use crate::domain::reason::GivenReason;
use crate::domain::role::Role;
use crate::domain::session::Session;
use crate::limits::What;

impl Signin {
    /// Goes into a console, or asks for what is missing first.
    pub(super) async fn console(
        &self,
        visit: &Visit,
        session: &Session,
        asked: ConsoleIntent,
        brought: Brought,
    ) -> Result<Step, Error> {
        let asked = with_reason(asked, &brought, session);
        let wanted = Wanted::of_console(&asked);
        let grant = match self.granted(session, &wanted) {
            Ok(grant) => grant,
            Err(refusal) => return Err(self.refuse(visit, session, &wanted, Some(refusal)).await),
        };
        if grant.role().method.is_keys_only() {
            return Ok(Self::keys_only(session, &grant, asked));
        }
        if self
            .must_sign_out_first((visit, session), &grant, &asked)
            .await?
        {
            return Ok(Self::sign_out_first(session, &grant, asked));
        }
        let who = (visit, session, &wanted);
        let reason = asked.given_reason.as_ref();
        let reason = reason.map(|given| given.text().clone());
        if grant.role().requires.reason && reason.is_none() {
            let device = self.check_device(grant.role()).await;
            self.or_refused(who, device).await?;
            return Ok(Self::ask_person(session, grant.role(), asked));
        }
        let intent = Intent::Console(asked.clone());
        let came = (&wanted, &intent);
        let by_click = !matches!(brought, Brought::Answer(..));
        let gathered = self.gather(visit, session, (&grant, came), brought).await;
        let presented = match self.or_refused(who, gathered).await? {
            Gathered::All(presented) => presented,
            Gathered::First(step) => return Ok(*step),
            Gathered::Code => return Ok(Self::ask_person(session, grant.role(), asked)),
        };
        // whatever is wrong with the link is told before AWS is asked
        self.destination(grant.role(), &asked, &Preferences::default())?;
        let limits = &self.0.limits;
        limits.take(What::Console, visit.address, Some(&session.identity))?;
        let prepared = self
            .prepare(Handed::Console, (grant, reason), asked.hours, presented)
            .await;
        let prepared = self.or_refused(who, prepared).await?;
        let operation = prepared.grant.role().method.operation();
        let made = Box::pin(self.make_console((visit, session), &prepared, &asked));
        match self.hand_over(visit, session, &prepared, made).await {
            Ok((url, _)) => Ok(Step::Console { url, operation }),
            Err(error) if by_click => self.unless_asked(visit, session, came, error).await,
            Err(error) => Err(error),
        }
    }

    /// The partition that a role lives in.
    fn partition(&self, role: &Role) -> Result<&Partition, Error> {
        let known = self.0.partitions.get(&role.account.partition);
        known.ok_or(Error::DestinationRefused)
    }

    /// Whether the person wants one console at a time in a partition whose sign-out leads nowhere: then they go there by
    /// themselves.
    async fn must_sign_out_first(
        &self,
        (visit, session): (&Visit, &Session),
        grant: &Grant,
        asked: &ConsoleIntent,
    ) -> Result<bool, Error> {
        let partition = self.partition(grant.role())?;
        if partition.signin_host_leading_on().is_some() {
            return Ok(false);
        }
        let chosen = match asked.consoles {
            Some(chosen) => Some(chosen),
            None => self.preferences(visit, session).await?.consoles,
        };
        Ok(chosen == Some(Consoles::Replace))
    }

    fn sign_out_first(session: &Session, grant: &Grant, asked: ConsoleIntent) -> Step {
        let role = grant.role();
        Step::SignOutFirst(Box::new(view::SignOutFirst {
            display_name: session.identity.display_name.clone(),
            form_token: session.form_token.clone(),
            key: role.key.clone(),
            account_name: role.account.name.clone(),
            partition: role.account.partition.to_string(),
            asked,
        }))
    }

    /// The page: the link's, else the role's, else the console's first; in the region that the link names, and the
    /// console's first in the person's own where that is one of the partition's.
    fn destination(
        &self,
        role: &Role,
        asked: &ConsoleIntent,
        mine: &Preferences,
    ) -> Result<Destination, Error> {
        let partition = self.partition(role)?;
        let own = mine.region.as_ref();
        let own = own.filter(|region| partition.has_region(region));
        let region = asked.region.as_ref();
        let named = asked.destination.as_deref();
        let named = named.map(|text| Destination::parse(text, partition));
        let page = named.or_else(|| role.destination.clone().map(Ok));
        match (page, region) {
            (Some(page), Some(region)) => page.and_then(|page| page.with_region(partition, region)),
            (Some(page), None) => page,
            (None, region) => Destination::home(partition, region.or(own)),
        }
        .map_err(|error| match error {
            DestinationError::Host(HostError::ForeignRegion { .. }) => Error::RegionForeign,
            DestinationError::Host(error) => refusal::no_console(&error, role),
            _ => Error::DestinationRefused,
        })
    }

    /// Credentials, a sign-in token, and the URL made of it.
    async fn make_console(
        &self,
        (visit, session): (&Visit, &Session),
        prepared: &Prepared,
        asked: &ConsoleIntent,
    ) -> Result<(ConsoleUrl, Credentials), Error> {
        let (credentials, mine) =
            tokio::join!(self.credentials(prepared), self.preferences(visit, session));
        let (credentials, mine) = (credentials?, mine?);
        let role = prepared.grant.role();
        let destination = self.destination(role, asked, &mine)?;
        let issuer = ConsoleLink {
            role: &role.key,
            destination: asked.destination.as_ref().map(|_| &destination),
            region: asked.region.as_ref(),
            scope: asked.scope.as_ref(),
            hours: asked.hours,
        }
        .url(&self.0.public_url);
        let at = (&role.account.partition, self.door(role, asked, &mine)?);
        let explain = |error: aws::Error| refusal::explain(&error, role);
        let token = self.signin_token(prepared, at.1, &credentials).await;
        let token = token.map_err(explain)?;
        let federation = &self.0.aws.federation;
        let url = federation.console_url(at, &token, &destination, &issuer);
        Ok((url.map_err(explain)?, credentials))
    }

    /// By which door: what the link says, else what the person chose once, else straight in.
    fn door(&self, role: &Role, asked: &ConsoleIntent, mine: &Preferences) -> Result<Door, Error> {
        let leads_on = self.partition(role)?.signin_host_leading_on().is_some();
        Ok(match asked.consoles.or(mine.consoles) {
            Some(Consoles::Replace) if leads_on => Door::SigningOutFirst,
            _ => Door::Straight,
        })
    }

    /// The sign-in token; without a length where one is refused that AWS's texts let one expect.
    async fn signin_token(
        &self,
        prepared: &Prepared,
        door: Door,
        credentials: &Credentials,
    ) -> Result<SigninToken, aws::Error> {
        let (role, federation) = (prepared.grant.role(), &self.0.aws.federation);
        let at = (&role.account.partition, door);
        let length = prepared.plan.signin_session_duration;
        let refused = match federation.signin_token(at, credentials, length).await {
            Err(error) if length.is_some() && error.is_bad_request() => error,
            done => return done,
        };
        // of the two refusals the first says more
        let token = federation.signin_token(at, credentials, None).await;
        let token = token.map_err(|_| refused)?;
        self.0.lengths.note_refused(role, self.0.clock.now());
        tracing::warn!(
            role.key = %role.key,
            "AWS's sign-in refused the console's length and took none: for an hour consoles by this method last as long as their credentials"
        );
        Ok(token)
    }
}

/// What is asked for, with the reason that this very form brought, and without one that somebody else gave: they may have
/// been the one who left for the provider.
fn with_reason(asked: ConsoleIntent, brought: &Brought, session: &Session) -> ConsoleIntent {
    let who = &session.identity;
    let given_reason = match brought {
        Brought::Form(Filled {
            reason: Some(reason),
            ..
        }) => Some(GivenReason::new(reason.clone(), who)),
        _ => asked.given_reason.filter(|given| given.by(who).is_some()),
    };
    ConsoleIntent {
        given_reason,
        ..asked
    }
}
