//! Who may assume a role: the trust policy, and where it leaves the question open, the caller's own
//! policies.
//!
//! In the role's own account a trust policy that names a user suffices; one that names the account
//! leaves it to the caller's identity policies. Across accounts both sides must allow. An identity
//! provider's word needs the trust policy alone.

use super::iam::{Account, Registry, Role};
use super::identity::Identity;
use super::permissions::Sides;
use super::policy::{Caller, Context, Naming, Request, SaysTo};
use super::switches::Switches;

/// A role that somebody wants to assume.
#[derive(Clone, Copy, Debug)]
pub struct Target<'a> {
    /// The account it stands in.
    pub account: &'a Account,
    /// The role.
    pub role: &'a Role,
}

impl Target<'_> {
    /// The role's ARN.
    pub fn arn(&self) -> String {
        self.role.arn(self.account)
    }

    /// Adds the condition keys that the role itself brings to every request for it.
    pub fn add_keys(&self, context: &mut Context) {
        for (key, value) in &self.role.tags {
            context.set(&format!("aws:ResourceTag/{key}"), value.as_str());
        }
    }

    /// Whether the trust policy alone lets someone in for whom an identity provider vouches.
    pub fn trusts_provider(&self, provider_arn: &str, action: &str, context: &Context) -> bool {
        let caller = Caller {
            account: None,
            session_arn: None,
            principal_arn: None,
            provider_arn: Some(provider_arn.to_owned()),
        };
        let arn = self.arn();
        let request = Request {
            action,
            resource: &arn,
            context,
        };
        matches!(self.role.trust.says_to(&caller, &request), SaysTo::Allow(_))
    }

    /// Whether `identity` may do `action` (`sts:AssumeRole`, `sts:TagSession`, …) on this role.
    pub fn lets_in(
        &self,
        (registry, switches): (&Registry, &Switches),
        identity: &Identity,
        action: &str,
        context: &Context,
    ) -> bool {
        let arn = self.arn();
        let request = Request {
            action,
            resource: &arn,
            context,
        };
        let sides = Sides::of(registry, identity, &request);
        if sides.denies() {
            return false;
        }
        let SaysTo::Allow(naming) = self.role.trust.says_to(&identity.caller(), &request) else {
            return false;
        };
        if sides.allow() {
            return true;
        }
        let own_account = identity.account == self.account.id;
        let named = match naming {
            Naming::Session => true,
            Naming::Principal => !is_role(identity) || switches.same_account_role_trust_suffices,
            Naming::Account | Naming::Everyone => false,
        };
        own_account && named && sides.session_agrees()
    }
}

fn is_role(identity: &Identity) -> bool {
    identity
        .caller()
        .principal_arn
        .is_some_and(|arn| arn.contains(":role/"))
}
