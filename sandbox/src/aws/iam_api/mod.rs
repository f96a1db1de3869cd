//! IAM: the Query API of 2010-05-08, as far as federation needs it.
//!
//! Every request is signed, for the one region in which a partition keeps its IAM, and every
//! operation is allowed or not by the caller's policies as they stand. It works on the same
//! accounts that tests and demos seed, so an edit reaches sessions that live. It knows nothing of
//! STS beyond how a request is signed.

mod account;
mod attached;
mod call;
mod describe;
mod error;
mod holder;
mod inline;
mod keys;
mod managed;
mod mfa_devices;
mod oidc_providers;
mod roles;
mod saml_providers;
mod shape;
mod switches;
mod users;

pub use switches::IamSwitches;

use super::http::{Answer, Incoming};
use super::identity::Identity;
use super::partition::Partition;
use super::permissions::lacks_iam_api;
use super::query::{self, Element, Query, QueryError, Shape};
use super::sigv4::{self, Scope};
use super::simulation::Simulation;
use call::{Answered, Call};
use holder::Kind::{Role, User};

const NAMESPACE: &str = "https://iam.amazonaws.com/doc/2010-05-08/";
const VERSION: &str = "2010-05-08";

type Perform = fn(&mut Call<'_>) -> Answered;

/// Every operation that is played.
const OPERATIONS: &[(&str, Perform)] = &[
    ("CreateSAMLProvider", saml_providers::create),
    ("UpdateSAMLProvider", saml_providers::update),
    ("GetSAMLProvider", saml_providers::get),
    ("ListSAMLProviders", saml_providers::list),
    ("DeleteSAMLProvider", saml_providers::delete),
    ("CreateOpenIDConnectProvider", oidc_providers::create),
    ("GetOpenIDConnectProvider", oidc_providers::get),
    ("ListOpenIDConnectProviders", oidc_providers::list),
    (
        "AddClientIDToOpenIDConnectProvider",
        oidc_providers::add_client,
    ),
    (
        "RemoveClientIDFromOpenIDConnectProvider",
        oidc_providers::remove_client,
    ),
    (
        "UpdateOpenIDConnectProviderThumbprint",
        oidc_providers::update_thumbprints,
    ),
    ("DeleteOpenIDConnectProvider", oidc_providers::delete),
    ("CreateRole", roles::create),
    ("GetRole", roles::get),
    ("ListRoles", roles::list),
    ("UpdateRole", roles::update),
    ("UpdateAssumeRolePolicy", roles::update_trust),
    ("DeleteRole", roles::delete),
    ("TagRole", roles::tag),
    ("UntagRole", roles::untag),
    ("ListRoleTags", roles::list_tags),
    ("PutRolePolicy", |call| inline::put(call, Role)),
    ("GetRolePolicy", |call| inline::get(call, Role)),
    ("DeleteRolePolicy", |call| inline::delete(call, Role)),
    ("ListRolePolicies", |call| inline::list(call, Role)),
    ("AttachRolePolicy", |call| attached::attach(call, Role)),
    ("DetachRolePolicy", |call| attached::detach(call, Role)),
    ("ListAttachedRolePolicies", |call| {
        attached::list(call, Role)
    }),
    ("CreatePolicy", managed::create),
    ("GetPolicy", managed::get),
    ("GetPolicyVersion", managed::get_version),
    ("ListPolicies", managed::list),
    ("DeletePolicy", managed::delete),
    ("CreateUser", users::create),
    ("GetUser", users::get),
    ("ListUsers", users::list),
    ("DeleteUser", users::delete),
    ("PutUserPolicy", |call| inline::put(call, User)),
    ("GetUserPolicy", |call| inline::get(call, User)),
    ("DeleteUserPolicy", |call| inline::delete(call, User)),
    ("ListUserPolicies", |call| inline::list(call, User)),
    ("AttachUserPolicy", |call| attached::attach(call, User)),
    ("DetachUserPolicy", |call| attached::detach(call, User)),
    ("ListAttachedUserPolicies", |call| {
        attached::list(call, User)
    }),
    ("CreateAccessKey", keys::create),
    ("ListAccessKeys", keys::list),
    ("UpdateAccessKey", keys::update),
    ("DeleteAccessKey", keys::delete),
    ("CreateVirtualMFADevice", mfa_devices::create),
    ("EnableMFADevice", mfa_devices::enable),
    ("DeactivateMFADevice", mfa_devices::deactivate),
    ("ListMFADevices", mfa_devices::list),
    ("CreateAccountAlias", account::create_alias),
    ("ListAccountAliases", account::list_aliases),
    (
        "SetSecurityTokenServicePreferences",
        account::set_token_preferences,
    ),
];

/// Answers an IAM request.
pub async fn answer(simulation: &Simulation, partition: Partition, request: &Incoming) -> Answer {
    let request_id = simulation.random.uuid();
    match perform(simulation, partition, request).await {
        Ok((action, result)) => query::success(NAMESPACE, (action, &result), &request_id),
        Err(error) => {
            tracing::debug!(host = request.host, code = error.code, "iam refused");
            query::failure(NAMESPACE, &error, &request_id)
        }
    }
}

async fn perform(
    simulation: &Simulation,
    partition: Partition,
    request: &Incoming,
) -> Result<(&'static str, Vec<Element>), QueryError> {
    let switches = simulation.switches();
    let Query { action, parameters } =
        Query::read(request, VERSION, switches.unknown_version_code)?;
    let operation = OPERATIONS.iter().find(|(name, _)| *name == action);
    let (name, operation) =
        *operation.ok_or_else(|| QueryError::invalid_action(&action, VERSION))?;
    let region = partition.iam_region();
    let scope = Scope {
        partition,
        region,
        service: "iam",
    };
    let identity = sigv4::authenticate(simulation, scope, request).await?;
    if lacks_iam_api(&identity) {
        return Err(not_for(&identity, name, switches.iam.federated_user_code));
    }
    let mut call = Call {
        simulation,
        incoming: request,
        identity: &identity,
        operation: name,
        region,
        shape: Shape::new(&parameters),
        switches: switches.iam,
    };
    Ok((name, operation(&mut call)?))
}

/// IAM takes no federated users, and no sessions of `GetSessionToken` without MFA.
fn not_for(identity: &Identity, operation: &str, federated_code: &str) -> QueryError {
    if identity.is_federated_user() && federated_code == "AccessDenied" {
        let action = format!("iam:{operation}");
        return QueryError::not_authorized(&identity.arn(), &action, "*");
    }
    QueryError::unknown_key()
}
