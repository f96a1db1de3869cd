//! The page about a role: what it is, how long it lasts and why, and how the person likes to open it.
//!
//! It shows what a hand-over would do and makes nothing. What somebody keeps here is read by the same rules as a link,
//! and nothing is kept that a link could not say.

use super::keys::LENGTHS;
use super::wanted::Wanted;
use super::{AboutRole, Error, How, Signin, Step, Visit};
use crate::domain::console::{ConsoleLink, Destination, DestinationError};
use crate::domain::duration::{DurationRequest, LoginEnded, Plan, in_words};
use crate::domain::grant::Grant;
use crate::domain::intent::{AccountRef, ConsoleIntent};
use crate::domain::partition::HostError;
use crate::domain::preferences::{LastingKey, Opening};
use crate::domain::role::{Role, RoleKey};
use crate::domain::session::Session;

impl Signin {
    /// The page. Where the link says nothing of the console, the form stands as the person likes it.
    pub(super) async fn about_role(
        &self,
        visit: &Visit,
        session: &Session,
        asked: ConsoleIntent,
    ) -> Result<Step, Error> {
        self.follow_for(visit).await;
        let wanted = Wanted::of_console(&asked);
        let grant = match self.granted(session, &wanted) {
            Ok(grant) => grant,
            Err(refusal) => return Err(self.refuse(visit, session, &wanted, Some(refusal)).await),
        };
        let mine = self.preferences(visit, session).await?;
        let kept = mine.opening(&LastingKey::of(grant.role()));
        let mut opening = self.opening(grant.role(), &asked)?;
        if opening.is_nothing()
            && let Some(kept) = kept
        {
            opening = kept.clone();
        }
        let about = self.about(session, &grant, &opening, kept.is_some())?;
        Ok(Step::About(Box::new(about)))
    }

    /// Keeps how the person likes to open a role; says which it is.
    pub async fn remember_opening(
        &self,
        session: &Session,
        asked: &ConsoleIntent,
    ) -> Result<RoleKey, Error> {
        self.follow().await;
        let wanted = Wanted::of_console(asked);
        let grant = match self.granted(session, &wanted) {
            Ok(grant) => grant,
            Err(refusal) => return Err(self.refusal(session, &wanted, refusal)),
        };
        let role = grant.role();
        let opening = self.opening(role, asked)?;
        let lasting = LastingKey::of(role);
        self.set_opening(session, &lasting, &opening).await?;
        Ok(role.key.clone())
    }

    /// What a form says of the console, by the rules of links.
    fn opening(&self, role: &Role, asked: &ConsoleIntent) -> Result<Opening, Error> {
        let partition = &role.account.partition;
        let partition = self.0.partitions.get(partition);
        let partition = partition.ok_or(Error::DestinationRefused)?;
        let destination = asked.destination.as_deref();
        let destination = destination.map(|text| Destination::parse(text, partition));
        let destination = destination.transpose().map_err(|error| match error {
            DestinationError::Host(HostError::ForeignRegion { .. }) => Error::RegionForeign,
            _ => Error::DestinationRefused,
        })?;
        let foreign = |region| !partition.has_region(region);
        if asked.region.as_ref().is_some_and(foreign) {
            return Err(Error::RegionForeign);
        }
        Ok(Opening {
            destination: destination.map(|page| page.as_str().to_owned()),
            region: asked.region.clone(),
            hours: asked.hours,
            scope: asked.scope.clone(),
        })
    }

    fn about(
        &self,
        session: &Session,
        grant: &Grant,
        opening: &Opening,
        is_kept: bool,
    ) -> Result<AboutRole, Error> {
        let role = grant.role();
        let plan = |hours| self.plan_for(session, role, hours);
        let chosen = plan(opening.hours).map_err(|LoginEnded| Error::SessionEnded)?;
        let gives = |hours: u8| {
            let seconds = u32::from(hours) * 3_600;
            let gives = plan(Some(hours)).is_ok_and(|plan| plan.console_seconds == seconds);
            gives.then(|| (hours, in_words(seconds)))
        };
        let index = self.0.access.index();
        let scopes = index.scopes_for(role);
        let scopes = scopes.map(|scope| (scope.name.to_string(), scope.description.clone()));
        let asked = as_asked(role, opening);
        let (link, share) = self.links_to(role, &asked);
        let others = self.accounts_held(session, |account| account.id == role.account.id);
        Ok(AboutRole {
            display_name: session.identity.display_name.clone(),
            administrator: self.is_administrator(session),
            form_token: session.form_token.clone(),
            key: role.key.clone(),
            description: role.description.clone(),
            account_name: role.account.name.clone(),
            account_id: role.account.id.to_string(),
            environment: role.account.environment,
            partition: role.account.partition.to_string(),
            owner: role.account.owner.clone(),
            how: self.how(role),
            asks: role.asks_in_words(),
            lasts: in_words(chosen.console_seconds),
            because: chosen.cause.text(),
            lengths: LENGTHS.into_iter().filter_map(gives).collect(),
            scopes: scopes.collect(),
            page: role
                .destination
                .as_ref()
                .map(|page| page.as_str().to_owned()),
            is_kept,
            others: others
                .iter()
                .map(|account| account.roles.len())
                .sum::<usize>()
                > 1,
            link,
            share,
            asked,
        })
    }

    fn plan_for(
        &self,
        session: &Session,
        role: &Role,
        hours: Option<u8>,
    ) -> Result<Plan, LoginEnded> {
        let now = self.0.clock.now();
        Plan::new(&DurationRequest {
            method: &role.method,
            own: self.0.aws.sts.own_kind_seen(&role.method),
            role_seconds: role.console_seconds,
            hours,
            session_ends: session.identity.authentication.session_ends,
            proof_seconds: None,
            length_refused: self.0.lengths.are_refused(role, now),
            now,
        })
    }

    fn how(&self, role: &Role) -> How {
        let forwarded = role.method.forwards().map(|idp| {
            let provider = self.0.providers.get(idp);
            provider.map_or_else(|| idp.to_string(), |provider| provider.name().to_owned())
        });
        How {
            operation: role.method.operation(),
            issued: role.method.is_issued(),
            forwarded,
            hub: role.method.via().is_some(),
            keys_only: role.method.is_keys_only(),
        }
    }

    /// The link that opens the role as it is asked for, and the one that opens the same with its reader's role.
    fn links_to(&self, role: &Role, asked: &ConsoleIntent) -> (String, String) {
        let partition = self.0.partitions.get(&role.account.partition);
        let page = asked.destination.as_deref().zip(partition);
        let page = page.and_then(|(text, partition)| Destination::parse(text, partition).ok());
        let link = ConsoleLink {
            role: &role.key,
            destination: page.as_ref(),
            region: asked.region.as_ref(),
            scope: asked.scope.as_ref(),
            hours: asked.hours,
        };
        let public_url = &self.0.public_url;
        (link.url(public_url), link.shared(public_url))
    }
}

fn as_asked(role: &Role, opening: &Opening) -> ConsoleIntent {
    let account = AccountRef::Alias(role.key.account.clone());
    ConsoleIntent {
        destination: opening.destination.clone(),
        region: opening.region.clone(),
        scope: opening.scope.clone(),
        hours: opening.hours,
        ..ConsoleIntent::of(account, Some(role.key.name.clone()))
    }
}
