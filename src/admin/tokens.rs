//! Everybody's tokens for programs: seen and revoked by administrators.

use super::{Admin, Error};
use crate::domain::audit::{Event, EventKind, Person};
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
        let gone = self.store.revoke_tokens(whose, Some(id), now).await?;
        if gone.is_empty() {
            return Ok(false);
        }
        let event = Event {
            about: Some(Person::of(who)),
            note: Some(token.name),
            ..by.about_token(id.as_str())
        };
        let kind = EventKind::TokenRevoked;
        self.store.append(kind, &event, now).await?;
        self.settle().await;
        Ok(true)
    }
}
