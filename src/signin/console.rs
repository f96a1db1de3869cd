//! Into the console: grant → credentials → sign-in token → one redirect.
//!
//! Beside the calls to AWS the audit row `begun` is made durable: no row, no sign-in. After them comes the last
//! check, from the database: the session is live, and the current revision still gives the role. Only then does the
//! URL leave.

use std::sync::Arc;

use tracing::Instrument as _;

use super::proceed::Brought;
use super::{Error, Outcome, Signin, Step, Visit, record, refusal};
use crate::aws::Ask;
use crate::domain::access::Refusal;
use crate::domain::audit::{Event, EventKind};
use crate::domain::console::{ConsoleLink, Destination, DestinationError};
use crate::domain::credentials::{ConsoleUrl, Credentials, ForwardedProof, Presented};
use crate::domain::duration::{DurationRequest, LoginEnded, Plan};
use crate::domain::grant::Grant;
use crate::domain::intent::{AccountRef, ConsoleIntent, Intent};
use crate::domain::partition::HostError;
use crate::domain::role::RoleKey;
use crate::domain::session::Session;
use crate::random;

/// How often the last check looks again when the access model changed under it.
const LOOKS: usize = 8;

/// What is decided before AWS is asked.
struct Prepared {
    grant: Grant,
    destination: Destination,
    issuer: String,
    plan: Plan,
    ask: Ask,
    /// What a provider gave; our own proof is made when it is needed.
    forwarded: Option<Presented>,
}

impl Signin {
    /// Goes into a console, or departs first when the role needs a fresh proof.
    pub(super) async fn console(
        &self,
        visit: &Visit,
        session: &Session,
        asked: ConsoleIntent,
        brought: Brought,
    ) -> Result<Step, Error> {
        let grant = match self.granted(session, &asked) {
            Ok(grant) => grant,
            Err(refusal) => return Err(self.refuse(visit, session, &asked, Some(refusal)).await),
        };
        let proof = match grant.role().method.forwards().cloned() {
            None => None,
            Some(idp) => match brought {
                Brought::Answer(Some(proof)) if session.identity.idp == idp => Some(proof),
                // asking the same provider again would bring the same answer
                Brought::Answer(None) if session.identity.idp == idp => {
                    return Err(refusal::not_addressed_to_aws(
                        grant.role(),
                        &self.0.partitions,
                    ));
                }
                Brought::Answer(_) | Brought::Click => {
                    return self.depart(visit, &idp, Intent::Console(asked)).await;
                }
            },
        };
        let prepared = self.prepare(grant, &asked, proof).await?;
        let operation = prepared.grant.role().method.operation();
        self.hand_over(visit, session, prepared)
            .await
            .map(|url| Step::Console { url, operation })
    }

    /// The key of the role that is asked for, where there is such an account.
    fn key(&self, asked: &ConsoleIntent) -> Option<RoleKey> {
        let index = self.0.access.index();
        Some(RoleKey {
            account: index.find(&asked.account)?.alias.clone(),
            name: asked.role.clone()?,
        })
    }

    /// The one answer for a role that is not held and one that does not exist.
    pub(super) fn not_entitled(&self, session: &Session, key: Option<RoleKey>) -> Error {
        let identity = &session.identity;
        let index = self.0.access.index();
        let owner = key.and_then(|key| {
            let owner = index.owner_to_ask(identity, &key, self.0.clock.now());
            owner.map(str::to_owned)
        });
        Error::NotEntitled {
            owner,
            left_out: self
                .left_out(session)
                .map(|left_out| (identity.idp.clone(), left_out)),
        }
    }

    fn granted(&self, session: &Session, asked: &ConsoleIntent) -> Result<Grant, Refusal> {
        let key = self.key(asked).ok_or(Refusal::NotHeld)?;
        self.0.access.index().grant(
            &Arc::new(session.identity.clone()),
            &key,
            asked.scope.as_ref(),
            self.0.clock.now(),
        )
    }

    async fn prepare(
        &self,
        grant: Grant,
        asked: &ConsoleIntent,
        proof: Option<ForwardedProof>,
    ) -> Result<Prepared, Error> {
        let role = grant.role();
        let destination = self.destination(&grant, asked)?;
        let issuer = ConsoleLink {
            role: &role.key,
            destination: asked.destination.as_ref().map(|_| &destination),
            region: asked.region.as_ref(),
            scope: asked.scope.as_ref(),
        }
        .url(&self.0.public_url);
        let own = self
            .0
            .aws
            .sts
            .own_kind(&role.method)
            .await
            .map_err(|error| refusal::explain(&error, role))?;
        let plan = Plan::new(&DurationRequest {
            method: &role.method,
            own,
            role_seconds: role.console_seconds,
            hours: asked.hours,
            session_ends: grant.identity().authentication.session_ends,
            proof_seconds: match &proof {
                Some(ForwardedProof::Saml(saml)) => saml.session_duration,
                Some(ForwardedProof::IdToken(_)) | None => None,
            },
            now: self.0.clock.now(),
        })
        .map_err(|LoginEnded| Error::SessionEnded)?;
        let ask = self.ask(&grant, &plan)?;
        refusal::check_proof(role, proof.as_ref())?;
        Ok(Prepared {
            grant,
            destination,
            issuer,
            plan,
            ask,
            forwarded: proof.map(Presented::Forwarded),
        })
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

    /// From here on power is made: `begun` first, `ended` last, whatever happens between.
    async fn hand_over(
        &self,
        visit: &Visit,
        session: &Session,
        prepared: Prepared,
    ) -> Result<ConsoleUrl, Error> {
        let signin_id = random::token::<16>(self.0.random.as_ref());
        let begun = record::signin(
            visit,
            &prepared.grant,
            &prepared.ask,
            prepared.forwarded.as_ref(),
            &signin_id,
        );
        let now = self.0.clock.now();
        let (recorded, made) = tokio::join!(
            self.0.store.append(EventKind::SigninBegun, &begun, now),
            self.make(&prepared)
        );
        // no row, no sign-in: whatever was made is dropped here
        recorded?;
        let checked = match made {
            Ok((url, credentials)) => match self.last_check(session, &prepared.grant).await {
                Ok(()) => Ok((url, credentials)),
                Err(error) => Err((error, Some(credentials))),
            },
            Err(error) => Err((error, None)),
        };
        match checked {
            Ok((url, credentials)) => {
                let event = record::ended(&begun, Outcome::HandedOver, None, Some(&credentials));
                self.record_end(event);
                Ok(url)
            }
            Err((error, credentials)) => {
                let event = record::ended(
                    &begun,
                    error.outcome(),
                    Some(error.code()),
                    credentials.as_ref(),
                );
                self.record_end(event);
                Err(error)
            }
        }
    }

    /// Credentials, a sign-in token, and the URL made of it.
    async fn make(&self, prepared: &Prepared) -> Result<(ConsoleUrl, Credentials), Error> {
        let (grant, aws) = (&prepared.grant, &self.0.aws);
        let role = grant.role();
        let partition = &role.account.partition;
        self.0.used.note(partition, self.0.clock.now());
        let explain = |error: crate::aws::Error| refusal::explain(&error, role);
        let issued = self.vouch(grant, &prepared.ask, &prepared.plan).await?;
        let proof = issued.as_ref().or(prepared.forwarded.as_ref());
        let credentials = aws
            .sts
            .credentials(grant, &prepared.ask, proof)
            .await
            .map_err(explain)?;
        let token = aws
            .federation
            .signin_token(
                partition,
                &credentials,
                prepared.plan.signin_session_duration,
            )
            .await
            .map_err(explain)?;
        let url = aws
            .federation
            .console_url(partition, &token, &prepared.destination, &prepared.issuer)
            .map_err(explain)?;
        Ok((url, credentials))
    }

    /// Authorise last: the session is live, and the revision in force at that moment gives the role, with the same
    /// power. What decides is the revision that the database named in the same look as the session.
    async fn last_check(&self, session: &Session, grant: &Grant) -> Result<(), Error> {
        let parts = &self.0;
        for _ in 0..LOOKS {
            let now = parts.clock.now();
            let check = parts
                .store
                .last_check(&session.digest, now, parts.idle)
                .await?;
            if !check.session_live {
                return Err(Error::SessionEnded);
            }
            let index = parts.access.index();
            if index.revision() != check.revision {
                // while it is fetched and compiled, things can change again: look again
                parts.access.catch_up(&parts.store, check.revision).await?;
                continue;
            }
            let again = index.grant(
                &Arc::new(session.identity.clone()),
                &grant.role().key,
                grant.scope().map(|scope| &scope.name),
                now,
            );
            return match again {
                // a role or a scope of the same name that is another one by now was not what these credentials were
                // made for
                Ok(again) if again.same_power_as(grant) => Ok(()),
                _ => Err(self.not_entitled(session, Some(grant.role().key.clone()))),
            };
        }
        Err(Error::Internal(
            "the access model changed at every look".into(),
        ))
    }

    /// Writes `ended` without keeping the person waiting.
    fn record_end(&self, event: Event) {
        let this = self.clone();
        let write = async move {
            let now = this.0.clock.now();
            if let Err(error) = this
                .0
                .store
                .append(EventKind::SigninEnded, &event, now)
                .await
            {
                tracing::error!(
                    error = &error as &dyn std::error::Error,
                    "the end of a sign-in could not be recorded: its outcome reads as unknown"
                );
            }
        };
        let write = write.in_current_span();
        self.0.afterwards.spawn_on(write, &self.0.runtime);
    }

    /// One answer for a role that is not held and one that does not exist; written down either way.
    pub(super) async fn refuse(
        &self,
        visit: &Visit,
        session: &Session,
        asked: &ConsoleIntent,
        refusal: Option<Refusal>,
    ) -> Error {
        let error = match refusal {
            Some(Refusal::UnknownScope) => Error::ScopeUnknown,
            Some(Refusal::NotHeld) | None => self.not_entitled(session, self.key(asked)),
        };
        let event = Event {
            account: Some(match &asked.account {
                AccountRef::Alias(alias) => alias.to_string(),
                AccountRef::Id(id) => id.to_string(),
            }),
            role: asked.role.as_ref().map(ToString::to_string),
            scope: asked.scope.as_ref().map(ToString::to_string),
            revision: Some(self.0.access.index().revision()),
            result: Some(Outcome::Refused.word().to_owned()),
            cause: Some(error.code().to_owned()),
            ..record::about(visit, &session.identity)
        };
        let now = self.0.clock.now();
        match self
            .0
            .store
            .append(EventKind::SigninRefused, &event, now)
            .await
        {
            Ok(_) => error,
            Err(away) => away.into(),
        }
    }
}
