//! How much of a session is taken by what a role puts on it: policies and tags.
//!
//! AWS packs them into the session's token, which may have 4,096 bytes (STS API reference), by a form that it does not
//! publish. So this is an estimate: every character counts as a byte, whatever AWS makes of it, and what people's values
//! will be is supposed.

use super::role::Role;
use super::template::Template;

/// The most bytes of a session's token.
pub const MOST: usize = 4_096;

/// How long a person's value is supposed to be where it fills a slot.
const SUPPOSED: usize = 40;

/// What a role puts on a session, in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SessionSize {
    /// The session policy.
    pub policy: usize,
    /// The ARNs of managed policies.
    pub managed: usize,
    /// Keys and values of tags, and the keys of those that go on through chains.
    pub tags: usize,
}

impl SessionSize {
    /// What a role's sessions are estimated to carry; a scope's policies come on top.
    pub fn of(role: &Role) -> Self {
        let policy = role.session_policy.as_ref();
        let value = |template: &Template| {
            let slots = template.slots().count();
            // a wildcard stands for each slot
            template.pattern().chars().count() - slots + slots * SUPPOSED
        };
        let tags = role.tags.iter();
        let transitive = role.transitive_tags.iter();
        Self {
            policy: policy.map_or(0, |policy| {
                policy.shortest() + policy.slots().len() * SUPPOSED
            }),
            managed: role
                .managed_policies
                .iter()
                .map(|arn| arn.chars().count())
                .sum(),
            tags: tags
                .map(|(key, template)| key.chars().count() + value(template))
                .chain(transitive.map(|key| key.chars().count()))
                .sum(),
        }
    }

    /// All of it.
    pub fn total(&self) -> usize {
        self.policy + self.managed + self.tags
    }

    /// How much of the space that would be, in percent.
    pub fn percent(&self) -> usize {
        (self.total() * 100).div_ceil(MOST)
    }

    /// Whether somebody's longer values could make it too large.
    pub fn is_near(&self) -> bool {
        self.percent() >= 75
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::access::{Document, Surroundings, check};

    fn size(more: &str) -> SessionSize {
        let text = format!(
            "[[accounts]]\nid = \"111122223333\"\nalias = \"a\"\nname = \"A\"\n[[roles]]\naccount = \"a\"\nname = \"R\"\nmethod = \"AssumeRoleWithWebIdentity\"\nproof = \"issued\"\n{more}"
        );
        let mut surroundings = Surroundings::default();
        surroundings.issuance.oidc = true;
        let document = Document::from_toml(&text).unwrap();
        let model = check(&document, &surroundings).unwrap_or_else(|e| panic!("{e}"));
        SessionSize::of(&model.roles()[0])
    }

    #[test]
    fn what_a_role_puts_on_a_session_is_counted_and_what_people_bring_is_supposed() {
        assert_eq!(size(""), SessionSize::default());
        let tags = size(
            "tags = { team = \"a-{attribute.team}\", who = \"me\" }\ntransitive_tags = [\"who\"]\n",
        );
        assert_eq!(tags.tags, 4 + 2 + SUPPOSED + 3 + 2 + 3);
        let managed = size("managed_policies = [\"arn:aws:iam::aws:policy/ReadOnlyAccess\"]\n");
        assert_eq!(
            (managed.managed, managed.total(), managed.percent()),
            (38, 38, 1)
        );
        let text = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::x/{session.name}/*"}]}"#;
        let policy = size(&format!("session_policy = '{text}'\n"));
        assert_eq!(
            policy.policy,
            text.len() - "{session.name}".len() + SUPPOSED
        );
        assert!(!policy.is_near());
    }

    #[test]
    fn near_is_three_quarters() {
        let of = |policy| SessionSize {
            policy,
            ..SessionSize::default()
        };
        assert_eq!((of(3_031).percent(), of(3_032).percent()), (74, 75));
        assert!(!of(3_031).is_near() && of(3_032).is_near());
        assert_eq!(of(MOST).percent(), 100);
    }
}
