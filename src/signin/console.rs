//! Into the console: grant → credentials → sign-in token → one redirect.
//!
//! What it shares with keys stands in `handover`. What is the console's own: the page it opens on, the link that leads
//! back to it, and the exchange of credentials for a sign-in token.

use super::gather::Gathered;
use super::handover::{Handed, Prepared, Wanted};
use super::proceed::Brought;
use super::{Error, Signin, Step, Visit, refusal};
use crate::aws;
use crate::domain::console::{ConsoleLink, Destination, DestinationError};
use crate::domain::credentials::{ConsoleUrl, Credentials, SigninToken};
use crate::domain::grant::Grant;
use crate::domain::intent::{ConsoleIntent, Intent};
use crate::domain::partition::HostError;
use crate::domain::session::Session;

impl Signin {
    /// Goes into a console, or asks for what is missing first.
    pub(super) async fn console(
        &self,
        visit: &Visit,
        session: &Session,
        asked: ConsoleIntent,
        brought: Brought,
    ) -> Result<Step, Error> {
        let wanted = Wanted::of_console(&asked);
        let grant = match self.granted(session, &wanted) {
            Ok(grant) => grant,
            Err(refusal) => return Err(self.refuse(visit, session, &wanted, Some(refusal)).await),
        };
        if grant.role().method.is_keys_only() {
            return Ok(Self::keys_only(session, &grant, asked));
        }
        let intent = Intent::Console(asked.clone());
        let came = (&wanted, &intent);
        let by_click = !matches!(brought, Brought::Answer(..));
        let presented = match self.gather(visit, session, (&grant, came), brought).await? {
            Gathered::All(presented) => presented,
            Gathered::First(step) => return Ok(*step),
            Gathered::Code => return Ok(Self::ask_code(session, grant.role(), asked)),
        };
        let destination = self.destination(&grant, &asked)?;
        let issuer = ConsoleLink {
            role: &grant.role().key,
            destination: asked.destination.as_ref().map(|_| &destination),
            region: asked.region.as_ref(),
            scope: asked.scope.as_ref(),
        }
        .url(&self.0.public_url);
        let prepared = self
            .prepare(Handed::Console, grant, asked.hours, presented)
            .await?;
        let operation = prepared.grant.role().method.operation();
        let made = Box::pin(self.make_console(&prepared, &destination, &issuer));
        match self.hand_over(visit, session, &prepared, made).await {
            Ok((url, _)) => Ok(Step::Console { url, operation }),
            Err(error) if by_click => self.unless_asked(visit, session, came, error).await,
            Err(error) => Err(error),
        }
    }

    /// The page: the link's, else the role's, else the console's first; in the region that the link names.
    fn destination(&self, grant: &Grant, asked: &ConsoleIntent) -> Result<Destination, Error> {
        let role = grant.role();
        let partition = self
            .0
            .partitions
            .get(&role.account.partition)
            .ok_or(Error::DestinationRefused)?;
        let region = asked.region.as_ref();
        let named = asked.destination.as_deref();
        let named = named.map(|text| Destination::parse(text, partition));
        let page = named.or_else(|| role.destination.clone().map(Ok));
        match (page, region) {
            (Some(page), Some(region)) => page.and_then(|page| page.with_region(partition, region)),
            (Some(page), None) => page,
            (None, region) => Destination::home(partition, region),
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
        prepared: &Prepared,
        destination: &Destination,
        issuer: &str,
    ) -> Result<(ConsoleUrl, Credentials), Error> {
        let credentials = self.credentials(prepared).await?;
        let role = prepared.grant.role();
        let explain = |error: aws::Error| refusal::explain(&error, role);
        let token = self.signin_token(prepared, &credentials).await;
        let token = token.map_err(explain)?;
        let url = self
            .0
            .aws
            .federation
            .console_url(&role.account.partition, &token, destination, issuer)
            .map_err(explain)?;
        Ok((url, credentials))
    }

    /// The sign-in token; without a length where one is refused that AWS's texts let one expect.
    async fn signin_token(
        &self,
        prepared: &Prepared,
        credentials: &Credentials,
    ) -> Result<SigninToken, aws::Error> {
        let (role, federation) = (prepared.grant.role(), &self.0.aws.federation);
        let partition = &role.account.partition;
        let length = prepared.plan.signin_session_duration;
        let refused = match federation
            .signin_token(partition, credentials, length)
            .await
        {
            Err(error) if length.is_some() && error.is_bad_request() => error,
            done => return done,
        };
        // of the two refusals the first says more
        let token = federation.signin_token(partition, credentials, None).await;
        let token = token.map_err(|_| refused)?;
        self.0.lengths.note_refused(role, self.0.clock.now());
        tracing::warn!(
            role.key = %role.key,
            "AWS's sign-in refused the console's length and took none: for an hour consoles by this method last as long as their credentials"
        );
        Ok(token)
    }
}
