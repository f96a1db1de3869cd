//! What must be there before AWS is asked: a login that does, a proof to forward, the code of an MFA device. What is
//! missing is asked for first, and the person comes back with it to what they came for.

use super::proceed::Brought;
use super::wanted::Wanted;
use super::{Error, Filled, Signin, Step, Visit, refusal, step_up, view};
use crate::domain::credentials::{CredentialsKind, Presented};
use crate::domain::grant::Grant;
use crate::domain::intent::{ConsoleIntent, Intent};
use crate::domain::role::Role;
use crate::domain::session::Session;

/// What came of it.
pub(super) enum Gathered {
    /// All is there; perhaps something to present to AWS.
    All(Option<Presented>),
    /// This comes first.
    First(Box<Step>),
    /// A code is wanted: how that is asked depends on what it is for.
    Code,
}

impl Signin {
    /// Gathers what a role needs from what this request brought.
    pub(super) async fn gather(
        &self,
        visit: &Visit,
        session: &Session,
        (grant, came): (&Grant, (&Wanted<'_>, &Intent)),
        brought: Brought,
    ) -> Result<Gathered, Error> {
        let role = grant.role();
        let step_up = self.step_up(visit, session, came, (role, &brought));
        if let Some(elsewhere) = step_up.await? {
            return Ok(Gathered::First(Box::new(elsewhere)));
        }
        if role.method.mfa_serial().is_some() {
            return self.code(visit, session, (role, came.0), brought).await;
        }
        let Some(idp) = role.method.forwards() else {
            return Ok(Gathered::All(None));
        };
        match brought {
            Brought::Answer(Some(proof), _) if session.identity.idp == *idp => {
                Ok(Gathered::All(Some(Presented::Forwarded(proof))))
            }
            // asking the same provider again would bring the same answer
            Brought::Answer(None, _) if session.identity.idp == *idp => {
                Err(refusal::not_addressed_to_aws(role, &self.0.partitions))
            }
            Brought::Answer(..) | Brought::Click | Brought::Form(_) => {
                let demand = step_up::for_proof(role);
                let departed = self.depart(visit, Some(session), (idp, demand), came.1.clone());
                departed.await.map(|step| Gathered::First(Box::new(step)))
            }
        }
    }

    async fn code(
        &self,
        visit: &Visit,
        session: &Session,
        (role, wanted): (&Role, &Wanted<'_>),
        brought: Brought,
    ) -> Result<Gathered, Error> {
        self.check_device(role).await?;
        let Brought::Form(Filled {
            code: Some(code), ..
        }) = brought
        else {
            return Ok(Gathered::Code);
        };
        let now = self.0.clock.now();
        if self.0.tries.take(&session.identity, now) {
            return Ok(Gathered::All(Some(Presented::Code(code))));
        }
        let error = Error::CodesTooMany;
        Err(self.record_refusal(visit, session, wanted, error).await)
    }

    /// What stood in the way of a role that the person holds, before anything was begun, has its row like a role that is not
    /// theirs: its page has a reference, and the record is asked about it.
    pub(super) async fn or_refused<T>(
        &self,
        (visit, session, wanted): (&Visit, &Session, &Wanted<'_>),
        prepared: Result<T, Error>,
    ) -> Result<T, Error> {
        match prepared {
            Err(
                error @ (Error::AwsRefused(_)
                | Error::HubRefused { .. }
                | Error::AwsBusy
                | Error::AwsUntrusted(_)
                | Error::AwsUnexpected
                | Error::RegionDisabled { .. }
                | Error::ClaimUnusable { .. }
                | Error::IssuerUnable(_)),
            ) => Err(self.record_refusal(visit, session, wanted, error).await),
            other => other,
        }
    }

    /// A device is an IAM user's: with a role's credentials AWS takes no code, so nobody is asked for one.
    pub(super) async fn check_device(&self, role: &Role) -> Result<(), Error> {
        if role.method.mfa_serial().is_none() {
            return Ok(());
        }
        let own = self.0.aws.sts.own_kind(&role.method).await;
        match own.map_err(|error| refusal::explain(&error, role))? {
            Some(CredentialsKind::LongTerm) => Ok(()),
            Some(CredentialsKind::Role | CredentialsKind::Unknown) | None => {
                Err(refusal::no_device(role))
            }
        }
    }

    /// The page that asks for what is missing of the person, on the way into a role's console.
    pub(super) fn ask_person(session: &Session, role: &Role, asked: ConsoleIntent) -> Step {
        if role.requires.reason {
            return Step::AskReason(Box::new(view::ReasonQuestion {
                display_name: session.identity.display_name.clone(),
                form_token: session.form_token.clone(),
                asked,
                role: role.key.clone(),
                account: role.account.name.clone(),
                serial: role.method.mfa_serial().map(str::to_owned),
            }));
        }
        Step::AskCode(Box::new(view::CodeQuestion {
            display_name: session.identity.display_name.clone(),
            form_token: session.form_token.clone(),
            asked,
            role: role.key.clone(),
            account: role.account.name.clone(),
            serial: role.method.mfa_serial().unwrap_or_default().to_owned(),
        }))
    }
}
