//! `AssumeRoleWithSAML`: a response of a registered SAML provider becomes a role session.
//!
//! The order is provider, issuer, signature, times, audience, subject, role pair, session name,
//! source identity, trust. Shares no code and no rule with any consumer of SAML responses outside.

mod assertion;
mod attributes;
mod certificate;
mod metadata;
mod rules;
mod signature;
mod xml;

pub(in crate::aws) use metadata::Metadata;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::Call;
use super::federated::{Vouched, Wish, admit, refuse_stray_credentials, respond};
use super::role::RoleArn;
use super::shape::{ARN, SAML_ASSERTION, Shape};
use crate::aws::partition::Partition;
use crate::aws::query::Element;
use crate::aws::query::QueryError;
use crate::aws::tokens::Made;
use assertion::{Assertion, NameId, moment};
use signature::{Response, SignatureError};

const OPERATION: &str = "AssumeRoleWithSAML";
const SUCCESS: &str = "urn:oasis:names:tc:SAML:2.0:status:Success";
const INVALID_RESPONSE: &str = "AuthSamlInvalidSamlResponseException";
const NO_PROVIDER: &str = "AuthSamlManifestNotFoundException";

/// The IAM provider a request names.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Provider {
    arn: String,
    account: String,
    name: String,
}

pub(super) fn perform(call: &Call<'_>) -> Result<Vec<Element>, QueryError> {
    let mut shape = Shape::new(call.parameters);
    let role_arn = shape.required("RoleArn", &ARN);
    let principal_arn = shape.required("PrincipalArn", &ARN);
    let encoded = shape.required("SAMLAssertion", &SAML_ASSERTION);
    let wish = Wish::read(&mut shape)?;
    shape.finish()?;
    refuse_stray_credentials(call)?;
    let role = RoleArn::parse(&role_arn)?;
    let provider = provider(&principal_arn)?;
    let assertion = verified(call, &provider, &encoded)?;
    rules::check_times(call, &assertion)?;
    rules::check_audience(call, &assertion, call.host.partition)?;
    let refused = || QueryError::not_authorized_unsigned(OPERATION);
    let name_id = rules::subject(call, &assertion)?;
    let offered = rules::offers(&assertion, &role_arn, &principal_arn);
    let offered = offered && role.account == provider.account;
    let names_first = call.switches.saml.names_before_pair;
    if !offered && !names_first {
        return Err(refused());
    }
    let vouched = vouched(call, &provider, (&assertion, &name_id))?;
    if !offered {
        return Err(refused());
    }
    let registry = call.simulation.seen();
    let target = role
        .find(&registry)
        .filter(|target| !target.role.name.starts_with("AWSReservedSSO_"));
    let session = admit(
        call,
        &registry,
        target.ok_or_else(refused)?,
        (&vouched, &wish),
    )?;
    let mut result = respond(call, session, (&vouched, &wish))?;
    result.extend(describe(&assertion, &name_id, &provider));
    Ok(result)
}

/// An error of the service behind STS that reads responses, as STS passes it on.
fn invalid(call: &Call<'_>, text: &str) -> QueryError {
    passed_on(call, text, INVALID_RESPONSE)
}

fn passed_on(call: &Call<'_>, text: &str, code: &str) -> QueryError {
    let id = call.simulation.random.uuid();
    QueryError::invalid_identity_token(format!(
        "{text} (Service: AWSOpenIdDiscoveryService; Status Code: 400; Error Code: {code}; \
         Request ID: {id}; Proxy: null)"
    ))
}

/// Reads a `PrincipalArn`; anything but a SAML provider is the wrong ARN.
fn provider(arn: &str) -> Result<Provider, QueryError> {
    let wrong = || QueryError::validation("Request ARN is invalid");
    let parts: Vec<&str> = arn.splitn(6, ':').collect();
    let ["arn", partition, "iam", "", account, resource] = parts.as_slice() else {
        return Err(QueryError::validation(format!("{arn} is invalid")));
    };
    Partition::by_name(partition).ok_or_else(wrong)?;
    let name = resource.strip_prefix("saml-provider/").ok_or_else(wrong)?;
    Ok(Provider {
        arn: arn.to_owned(),
        account: (*account).to_owned(),
        name: name.to_owned(),
    })
}

/// The assertion inside the parameter, once provider, issuer and signature are right.
fn verified(call: &Call<'_>, provider: &Provider, encoded: &str) -> Result<Assertion, QueryError> {
    let missing = || passed_on(call, "Specified provider doesn't exist", NO_PROVIDER);
    let registered = {
        let registry = call.simulation.seen();
        let account = registry.account(&provider.account).ok_or_else(missing)?;
        let same = account.partition == call.host.partition
            && account.arn("iam", &format!("saml-provider/{}", provider.name)) == provider.arn;
        let found = account.saml_providers.get(&provider.name).filter(|_| same);
        found.ok_or_else(missing)?.metadata.clone()
    };
    let malformed = || invalid(call, "Invalid SAML response");
    let bytes = STANDARD
        .decode(encoded)
        .map_err(|_| invalid(call, "Invalid base64 SAMLResponse"))?;
    let text = String::from_utf8(bytes).map_err(|_| malformed())?;
    let doc = xml::parse(&text).map_err(|_| malformed())?;
    let said = |error| match error {
        SignatureError::Structure => malformed(),
        SignatureError::Signature => invalid(call, "Response signature invalid"),
    };
    let response = Response::read(&doc, &text, &call.switches.saml);
    if let Some(status) = failed_status(&doc) {
        return Err(QueryError::new(
            403,
            "IDPRejectedClaim",
            format!("The identity provider answered {status}"),
        ));
    }
    let response = response.map_err(said)?;
    let now = call.simulation.clock.now();
    let metadata = Metadata::parse(&registered)
        .ok()
        .filter(|metadata| !metadata.is_over(now))
        .ok_or_else(|| invalid(call, "Unable to parse metadata"))?;
    let foreign = || invalid(call, "Issuer not present in specified provider");
    let keys = metadata.keys(&response.claimed_issuer, now, &call.switches.saml);
    let canonical = response.verify(keys.ok_or_else(foreign)?).map_err(said)?;
    let mut assertion = Assertion::parse(&canonical).map_err(|_| malformed())?;
    if call.switches.saml.age_by_response {
        let issued = response.issued.as_deref().ok_or_else(malformed)?;
        assertion.age_from = moment(issued).map_err(|_| malformed())?;
    }
    if assertion.issuer != response.claimed_issuer {
        return Err(foreign());
    }
    Ok(assertion)
}

/// The status of a response by which the provider reports a failure, signed or not.
fn failed_status(doc: &bergshamra::xml::uppsala::Document<'_>) -> Option<String> {
    let root = xml::Node::root(doc)
        .ok()
        .filter(|root| root.is(xml::PROTOCOL, "Response"))?;
    let status = root
        .only(xml::PROTOCOL, "Status")?
        .only(xml::PROTOCOL, "StatusCode")?;
    let value = status.attribute("Value")?;
    (value != SUCCESS).then(|| value.to_owned())
}

fn vouched(
    call: &Call<'_>,
    provider: &Provider,
    (assertion, name_id): (&Assertion, &NameId),
) -> Result<Vouched, QueryError> {
    let (keys, lasting) = rules::keys(assertion, name_id, provider);
    Ok(Vouched {
        operation: OPERATION,
        made: Made::Saml,
        provider_arn: provider.arn.clone(),
        session_name: rules::session_name(call, assertion)?,
        source_identity: rules::source_identity(call, assertion)?,
        tags: rules::tags(call, assertion)?,
        keys,
        lasting,
        latest_end: assertion.session_end,
        longest: rules::session_duration(call, assertion)?,
    })
}

/// What the answer says of the assertion; its `Audience` is the recipient.
fn describe(assertion: &Assertion, name_id: &NameId, provider: &Provider) -> Vec<Element> {
    vec![
        Element::text("Subject", name_id.value.as_str()),
        Element::text("SubjectType", rules::subject_type(name_id)),
        Element::text("Issuer", assertion.issuer.as_str()),
        Element::text("Audience", assertion.recipient.as_str()),
        Element::text(
            "NameQualifier",
            rules::name_qualifier(&assertion.issuer, provider),
        ),
    ]
}
