//! What those must be allowed who sign with own credentials: to assume the roles that lie elsewhere, and to make
//! federated users, who can never do more than the user that made them; and what a user must not be allowed whose own
//! keys people get.
//!
//! All roles with the same credentials count, whichever were asked for: a policy is written whole.

use super::facts::{Facts, Signer, SignerKind};
use super::method::tag_action;
use super::node::Node;
use super::policy::{Allow, Policy, Statement};
use super::problem::Problem;
use super::resource::{HeldPolicy, Holder, Resource, User};
use crate::domain::role::{Method, Role};
use crate::domain::template::PolicyTemplate;

/// The most characters of all inline policies of a user, and of a role.
const MOST_ON_A_USER: usize = 2_048;
const MOST_ON_A_ROLE: usize = 10_240;
/// The most characters of a managed policy.
const MOST_MANAGED: usize = 6_144;
/// The most managed policies that one principal has.
const MOST_ATTACHED: usize = 10;
/// What our policies are called.
const NAME: &str = "vestibule";

/// The resources for whoever signs, from all roles of the model.
pub(super) fn resources<'r>(
    signer: &Signer,
    facts: &Facts,
    roles: impl Iterator<Item = &'r Role>,
) -> Result<Vec<Resource>, Problem> {
    let mut assumed = Vec::new();
    let mut federated = Vec::new();
    let mut fenced = false;
    for role in roles {
        let Some(credentials) = role.method.credentials() else {
            continue;
        };
        if facts.signers.get(credentials) != Some(signer) {
            continue;
        }
        match role.method {
            Method::GetFederationToken { .. } => federated.push(role),
            Method::GetSessionToken { .. } => fenced = true,
            _ => assumed.push(role),
        }
    }
    let mut statements = assuming(signer, &assumed);
    statements.extend(federating(&federated));
    statements.extend(fenced.then(fence));
    let mut attached: Vec<String> = Vec::new();
    for arn in federated.iter().flat_map(|role| &role.managed_policies) {
        if !attached.contains(arn) {
            attached.push(arn.clone());
        }
    }
    let policies = policies(signer, statements, attached.len())?;
    let user = (signer.kind == SignerKind::User).then(|| {
        Resource::User(User {
            name: signer.name.clone(),
            path: signer.path.clone(),
            attached,
        })
    });
    Ok(user.into_iter().chain(policies).collect())
}

/// Leave to assume roles, where their trust alone does not give it: a user of a role's own account needs none.
fn assuming(signer: &Signer, roles: &[&Role]) -> Vec<Statement> {
    let targets = roles.iter().filter_map(|role| {
        let hub = role.method.via().map(|via| &via.role);
        let account = hub.map_or(&role.account.id, |hub| hub.account());
        if signer.kind == SignerKind::User && signer.account == *account {
            return None;
        }
        let mut actions = vec!["sts:AssumeRole"];
        if hub.is_none() {
            actions.extend(tag_action(role));
        }
        if role.source_identity {
            actions.push("sts:SetSourceIdentity");
        }
        Some((actions, hub.map_or_else(|| role.arn(), ToString::to_string)))
    });
    allowing(targets)
}

/// Statements that allow actions on roles, one for each set of actions.
pub(super) fn allowing(
    targets: impl Iterator<Item = (Vec<&'static str>, String)>,
) -> Vec<Statement> {
    let mut allows: Vec<Allow> = Vec::new();
    for (actions, target) in targets {
        match allows.iter_mut().find(|allow| allow.actions == actions) {
            Some(allow) if allow.resources.contains(&target) => {}
            Some(allow) => allow.resources.push(target),
            None => allows.push(Allow {
                actions,
                resources: vec![target],
                ..Allow::default()
            }),
        }
    }
    allows.into_iter().map(Statement::Allow).collect()
}

/// Keeps those who get a user's own keys to what the user may do itself. Of STS such keys can call nothing else.
fn fence() -> Statement {
    Statement::Written(Node::map([
        ("Effect", Node::text("Deny")),
        ("Action", Node::text("sts:AssumeRole")),
        ("Resource", Node::text("*")),
    ]))
}

/// Leave to make federated users, and everything that any of them is to have.
fn federating(roles: &[&Role]) -> Vec<Statement> {
    if roles.is_empty() {
        return Vec::new();
    }
    let anywhere = |action| Allow {
        actions: vec![action],
        resources: vec!["*".to_owned()],
        ..Allow::default()
    };
    let mut statements = vec![Statement::Allow(anywhere("sts:GetFederationToken"))];
    let mut keys: Vec<String> = Vec::new();
    for (key, _) in roles.iter().flat_map(|role| &role.tags) {
        if !keys.contains(key) {
            keys.push(key.clone());
        }
    }
    if !keys.is_empty() {
        let mut allow = anywhere("sts:TagSession");
        let operator = "ForAllValues:StringEquals";
        allow.conditions.add(operator, "aws:TagKeys", keys);
        statements.push(Statement::Allow(allow));
    }
    let policies = roles.iter().filter_map(|role| role.session_policy.as_ref());
    for text in policies.flat_map(PolicyTemplate::widest) {
        // the text is JSON of our own writing
        if let Ok(node) = serde_json::from_str::<Node>(&text) {
            let statement = Statement::Written(node);
            if !statements.contains(&statement) {
                statements.push(statement);
            }
        }
    }
    statements
}

/// One inline policy where it fits, else as few managed ones as hold the statements in order.
pub(super) fn policies(
    signer: &Signer,
    statements: Vec<Statement>,
    attached: usize,
) -> Result<Vec<Resource>, Problem> {
    let too_much = |count| Problem::TooMuch {
        signer: signer.to_string(),
        count,
    };
    if attached > MOST_ATTACHED {
        return Err(too_much(attached));
    }
    if statements.is_empty() {
        return Ok(Vec::new());
    }
    let holder = Holder::from(signer);
    let whole = Policy { statements };
    let most = match signer.kind {
        SignerKind::User => MOST_ON_A_USER,
        SignerKind::Role => MOST_ON_A_ROLE,
    };
    if whole.length() <= most {
        return Ok(vec![Resource::Inline(HeldPolicy {
            holder,
            name: NAME.to_owned(),
            policy: whole,
        })]);
    }
    let parts = split(whole.statements);
    if parts.len() + attached > MOST_ATTACHED {
        return Err(too_much(parts.len() + attached));
    }
    let managed = parts.into_iter().enumerate().map(|(index, policy)| {
        let name = format!("{NAME}-{}-{}", signer.name, index + 1);
        Resource::Managed(HeldPolicy {
            holder: holder.clone(),
            name,
            policy,
        })
    });
    Ok(managed.collect())
}

/// Statements in as many policies as they need; those with many resources are taken apart first.
fn split(statements: Vec<Statement>) -> Vec<Policy> {
    let mut parts: Vec<Policy> = Vec::new();
    for statement in statements.into_iter().flat_map(apart) {
        if let Some(last) = parts.last_mut() {
            last.statements.push(statement);
            if last.length() <= MOST_MANAGED {
                continue;
            }
            let back = last.statements.pop();
            parts.push(Policy {
                statements: back.into_iter().collect(),
            });
        } else {
            parts.push(Policy {
                statements: vec![statement],
            });
        }
    }
    parts
}

/// How many resources one statement has at most once it is taken apart: each ARN may have 600 characters.
const RESOURCES: usize = 8;

fn apart(statement: Statement) -> Vec<Statement> {
    match statement {
        Statement::Allow(allow) if allow.resources.len() > RESOURCES => {
            let parts = allow.resources.chunks(RESOURCES).map(|resources| Allow {
                resources: resources.to_vec(),
                ..allow.clone()
            });
            parts.map(Statement::Allow).collect()
        }
        other => vec![other],
    }
}
