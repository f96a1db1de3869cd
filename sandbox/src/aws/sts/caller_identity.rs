//! `GetCallerIdentity`: who am I? Needs no permission and works under an explicit deny.

use crate::aws::identity::Identity;
use crate::aws::query::Element;

pub(super) fn perform(identity: &Identity) -> Vec<Element> {
    vec![
        Element::text("Arn", identity.arn()),
        Element::text("UserId", identity.user_id()),
        Element::text("Account", identity.account.as_str()),
    ]
}
