//! Everybody's tokens for programs: seen and revoked by administrators.

use super::{Admin, Error};
use crate::domain::audit::{Event, Person};
use crate::domain::token::{Token, TokenId};

impl Admin {
    /// Everybody's live tokens after an id (`None`: from the first), by id.
    pub async fn tokens(&self, after: Option<&TokenId>, limit: u32) -> Result<Vec<Token>, Error> {
        let after = after.map_or("", TokenId::as_str);
        let now = self.clock.now();
        Ok(self.store.all_tokens(after, limit, now).await?)
    }

    /// Revokes somebody's token; `by` says who does. False: there was none. When it returns it is settled.
    pub async fn revoke_token(&self, id: &TokenId, by: Event) -> Result<bool, Error> {
        let now = self.clock.now();
        let Some(token) = self.store.token(id, now).await? else {
            return Ok(false);
        };
        let who = &token.identity;
        let whose = (&who.idp, &who.subject);
        let event = Event {
            about: Some(Person::of(who)),
            note: Some(token.name),
            ..by.about_token(id.as_str())
        };
        if !self.store.revoke_token(whose, id, &event, now).await? {
            return Ok(false);
        }
        self.settle().await;
        Ok(true)
    }
}
