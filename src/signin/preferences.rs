//! What a person likes to find again: read for pages and hand-overs, changed by their forms, noted as they go in.
//!
//! Nothing here decides who gets in. A change is made on top of what stands, again if another tab or replica was
//! quicker, so that two stars at once are two stars.

use tracing::Instrument as _;

use super::visit::Kept;
use super::{Error, SettingsView, Signin, Step, Visit};
use crate::domain::account::Region;
use crate::domain::grant::Grant;
use crate::domain::preferences::{Consoles, LastingKey, Opening, Preferences, TooMany};
use crate::domain::session::Session;

/// How often a change is made anew because another was quicker.
const TRIES: usize = 16;

/// What somebody chose on the page of their settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Where consoles open that nobody named a region for.
    pub region: Option<Region>,
    /// How consoles open beside others.
    pub consoles: Option<Consoles>,
}

impl Signin {
    /// What the person likes to find again; nothing, where what was kept cannot be read.
    pub(super) async fn preferences(
        &self,
        visit: &Visit,
        session: &Session,
    ) -> Result<Preferences, Error> {
        let who = &session.identity;
        let kept = match visit.beside.as_ref().and_then(|beside| beside.of(session)) {
            Some(Kept(known)) => known.clone(),
            None => self.0.store.preferences(&who.idp, &who.subject).await?,
        };
        Ok(kept.as_deref().map(read).unwrap_or_default())
    }

    /// Makes a change on top of what stands. `change` says whether there is anything to write down.
    async fn change(
        &self,
        session: &Session,
        change: impl Fn(&mut Preferences) -> Result<bool, TooMany>,
    ) -> Result<(), Error> {
        self.change_from(session, None, change).await
    }

    /// The same, tried first on top of what is known to have stood a moment ago.
    async fn change_from(
        &self,
        session: &Session,
        mut known: Option<Kept>,
        change: impl Fn(&mut Preferences) -> Result<bool, TooMany>,
    ) -> Result<(), Error> {
        let who = (&session.identity.idp, &session.identity.subject);
        for _ in 0..TRIES {
            let kept = match known.take() {
                Some(Kept(known)) => known,
                None => self.0.store.preferences(who.0, who.1).await?,
            };
            let mut mine = kept.as_deref().map(read).unwrap_or_default();
            let changed =
                change(&mut mine).map_err(|TooMany { most }| Error::TooManyKept { most })?;
            if !changed {
                return Ok(());
            }
            let document = mine.write().map_err(|e| Error::Internal(Box::new(e)))?;
            let now = self.0.clock.now();
            let store = &self.0.store;
            if store
                .set_preferences(who, kept.as_deref(), &document, now)
                .await?
            {
                return Ok(());
            }
        }
        Err(Error::Internal(
            "the preferences changed at every try".into(),
        ))
    }

    /// Makes a role that the person holds a favourite, or any role no longer one.
    pub async fn set_favourite(
        &self,
        session: &Session,
        role: &LastingKey,
        wanted: bool,
    ) -> Result<(), Error> {
        if wanted && !self.holds(session, role).await {
            return Err(self.not_entitled(session, None));
        }
        let change = |mine: &mut Preferences| mine.set_favourite(role, wanted).map(|()| true);
        self.change(session, change).await
    }

    /// Keeps how the person likes to open a role that they hold.
    pub async fn set_opening(
        &self,
        session: &Session,
        role: &LastingKey,
        opening: &Opening,
    ) -> Result<(), Error> {
        if !opening.is_nothing() && !self.holds(session, role).await {
            return Err(self.not_entitled(session, None));
        }
        let change =
            |mine: &mut Preferences| mine.set_opening(role, opening.clone()).map(|()| true);
        self.change(session, change).await
    }

    /// Keeps what somebody chose on the page of their settings.
    pub async fn set_settings(&self, session: &Session, chosen: &Settings) -> Result<(), Error> {
        if let Some(region) = &chosen.region
            && self.0.partitions.of_region(region).is_none()
        {
            return Err(Error::RegionForeign);
        }
        self.change(session, |mine| {
            mine.region.clone_from(&chosen.region);
            mine.consoles = chosen.consoles;
            Ok(true)
        })
        .await
    }

    /// The page of their settings.
    pub(super) async fn settings(&self, visit: &Visit, session: &Session) -> Result<Step, Error> {
        let mine = self.preferences(visit, session).await?;
        Ok(Step::Settings(Box::new(SettingsView {
            display_name: session.identity.display_name.clone(),
            administrator: self.is_administrator(session),
            form_token: session.form_token.clone(),
            region: mine.region,
            consoles: mine.consoles,
        })))
    }

    async fn holds(&self, session: &Session, role: &LastingKey) -> bool {
        self.follow().await;
        let index = self.0.access.index();
        let held = index.held(&session.identity, self.0.clock.now());
        held.iter().any(|held| LastingKey::of(held.role) == *role)
    }

    /// Notes that a role was used, without keeping anybody waiting. It is no loss to anybody if that fails.
    pub(super) fn note_use(&self, visit: &Visit, session: &Session, grant: &Grant) {
        let known = visit.beside.as_ref().and_then(|beside| beside.of(session));
        let known = known.cloned();
        let (this, session) = (self.clone(), session.clone());
        let role = LastingKey::of(grant.role());
        let note = async move {
            let now = this.0.clock.now();
            let noted = this.change_from(&session, known, |mine| Ok(mine.note_use(&role, now)));
            if let Err(error) = noted.await {
                tracing::warn!(
                    error = &error as &dyn std::error::Error,
                    "that a role was used could not be noted"
                );
            }
        };
        let note = note.in_current_span();
        self.0.afterwards.spawn_on(note, &self.0.runtime);
    }
}

/// What was kept; what cannot be read any more is as if nothing had been.
fn read(document: &str) -> Preferences {
    Preferences::read(document).unwrap_or_else(|error| {
        tracing::warn!(
            error = &error as &dyn std::error::Error,
            "a person's preferences cannot be read and count as empty"
        );
        Preferences::default()
    })
}
