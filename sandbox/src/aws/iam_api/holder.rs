//! What roles and users have in common: policies of their own and attached ones.

use std::collections::BTreeMap;

use super::call::Call;
use super::shape::{ROLE_NAME, USER_NAME};
use super::{roles, users};
use crate::aws::iam::Account;
use crate::aws::policy::Policy;
use crate::aws::query::QueryError;

/// The kinds that hold policies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Role,
    User,
}

/// A role or a user that a request names.
pub(super) struct Holder {
    pub(super) kind: Kind,
    pub(super) name: String,
    pub(super) arn: String,
}

/// The policies of a role or a user.
pub(super) struct Policies<'a> {
    pub(super) inline: &'a BTreeMap<String, Policy>,
    pub(super) attached: &'a Vec<String>,
}

/// The same, for changing.
pub(super) struct PoliciesMut<'a> {
    pub(super) inline: &'a mut BTreeMap<String, Policy>,
    pub(super) attached: &'a mut Vec<String>,
}

impl Kind {
    /// The parameter that names one, which stands in answers, too.
    pub(super) fn parameter(self) -> &'static str {
        match self {
            Self::Role => "RoleName",
            Self::User => "UserName",
        }
    }

    /// The word in texts.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Role => "role",
            Self::User => "user",
        }
    }
}

impl Holder {
    /// The one that a request names; whether it exists is asked later.
    pub(super) fn named(call: &mut Call<'_>, kind: Kind) -> Result<Self, QueryError> {
        let rule = match kind {
            Kind::Role => &ROLE_NAME,
            Kind::User => &USER_NAME,
        };
        let name = call.shape.required(kind.parameter(), rule);
        let arn = match kind {
            Kind::Role => roles::arn(call, &name)?,
            Kind::User => users::arn(call, &name)?,
        };
        Ok(Self { kind, name, arn })
    }

    /// Its policies.
    pub(super) fn policies<'a>(&self, account: &'a Account) -> Result<Policies<'a>, QueryError> {
        match self.kind {
            Kind::Role => {
                let role = account.role(&self.name);
                let role = role.ok_or_else(|| roles::unknown(&self.name))?;
                Ok(Policies {
                    inline: &role.policies,
                    attached: &role.attached,
                })
            }
            Kind::User => {
                let user = account.users.get(&self.name);
                let user = user.ok_or_else(|| users::unknown(&self.name))?;
                Ok(Policies {
                    inline: &user.policies,
                    attached: &user.attached,
                })
            }
        }
    }

    /// Its policies, for changing.
    pub(super) fn policies_mut<'a>(
        &self,
        account: &'a mut Account,
    ) -> Result<PoliciesMut<'a>, QueryError> {
        match self.kind {
            Kind::Role => {
                let role = roles::changeable(account, &self.name)?;
                Ok(PoliciesMut {
                    inline: &mut role.policies,
                    attached: &mut role.attached,
                })
            }
            Kind::User => {
                let user = account.users.get_mut(&self.name);
                let user = user.ok_or_else(|| users::unknown(&self.name))?;
                Ok(PoliciesMut {
                    inline: &mut user.policies,
                    attached: &mut user.attached,
                })
            }
        }
    }
}
