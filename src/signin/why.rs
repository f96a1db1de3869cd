//! Why somebody holds a role, or does not: for the person themself.
//!
//! What they may not be told ends where a link to a role that does not exist ends, by the same steps and in the same
//! words; and it is written down like one.

use super::wanted::Wanted;
use super::{Error, Signin, Step, Visit, WhyView};
use crate::domain::intent::WhyIntent;
use crate::domain::session::Session;

impl Signin {
    /// The page that says why.
    pub(super) async fn why(
        &self,
        visit: &Visit,
        session: &Session,
        asked: WhyIntent,
    ) -> Result<Step, Error> {
        self.follow_for(visit).await;
        if let Some(view) = self.why_view(session, &asked) {
            return Ok(Step::Why(Box::new(view)));
        }
        let wanted = Wanted::of_why(&asked);
        Err(self.refuse(visit, session, &wanted, None).await)
    }

    /// The same for a program that speaks for the session's person.
    pub async fn why_for_program(
        &self,
        visit: &Visit,
        session: &Session,
        asked: &WhyIntent,
    ) -> Result<WhyView, Error> {
        self.follow_for(visit).await;
        match self.why_view(session, asked) {
            Some(view) => Ok(view),
            None => Err(self
                .refuse(visit, session, &Wanted::of_why(asked), None)
                .await),
        }
    }

    fn why_view(&self, session: &Session, asked: &WhyIntent) -> Option<WhyView> {
        let (identity, now) = (&session.identity, self.0.clock.now());
        let index = self.0.access.index();
        // decided before the role is looked up, and the rules read only for what may be told: what may not takes as long
        // as what does not exist
        let held = index.held(identity, now);
        let key = self.key(&Wanted::of_why(asked))?;
        let role = index.role(&key)?;
        if !role.discoverable && !held.iter().any(|held| held.role.key == key) {
            return None;
        }
        let told = index.why(identity, &key, now)?.told()?;
        let owner = index.owner_to_ask(identity, &key, now);
        Some(WhyView {
            display_name: identity.display_name.clone(),
            administrator: self.is_administrator(session),
            form_token: session.form_token.clone(),
            asked: asked.clone(),
            description: role.description.clone(),
            keys_only: role.method.is_keys_only(),
            account_name: role.account.name.clone(),
            account_id: role.account.id.to_string(),
            environment: role.account.environment,
            owner: owner.map(str::to_owned),
            left_out: self
                .left_out(session)
                .map(|left_out| (identity.idp.clone(), left_out)),
            told,
            suspended: self.0.access.suspension(role, now),
            revision: index.revision(),
            key,
        })
    }
}
