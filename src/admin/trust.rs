//! What accounts need so that people can come in: the access model put together with what this installation knows of
//! the issuer and the identity providers. What it cannot know, who signs above all, whoever asks has to say.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::{Admin, Error};
use crate::domain::access::{Document, Model, check};
use crate::domain::intent::AccountRef;
use crate::domain::role::{CredentialsName, Role};
use crate::domain::trust::{
    self, Carried, Facts, IssuerFacts, OidcFacts, Problems, Signer, Trust, Wanted,
};

/// What is said by whoever asks.
#[derive(Debug, Clone, Default)]
pub struct Said {
    /// Who signs with which own credentials.
    pub signers: BTreeMap<CredentialsName, Signer>,
    /// What forwarded proofs carry.
    pub forwarded: BTreeSet<Carried>,
}

/// What there is to choose from for an account.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Choices {
    /// The names of its roles.
    pub roles: Vec<String>,
    /// The own credentials that sign for it; where the model does not know it, all that sign for anything.
    pub credentials: Vec<String>,
    /// Whether some of its roles forward a proof.
    pub forwards: bool,
}

impl Admin {
    /// What an account needs by the current revision; or every reason why that cannot be said.
    pub async fn trust(
        &self,
        wanted: &Wanted,
        said: Said,
    ) -> Result<Result<Trust, Problems>, Error> {
        let model = self.current_model().await?;
        self.trust_of(model, (wanted, said)).await
    }

    /// The same by a document that need not have been published.
    pub async fn trust_by(
        &self,
        document: &str,
        wanted: &Wanted,
        said: Said,
    ) -> Result<Result<Trust, Problems>, Error> {
        let document = Document::from_toml(document).map_err(Error::Unreadable)?;
        let model = check(&document, &self.surroundings()).map_err(Error::Problems)?;
        self.trust_of(Arc::new(model), (wanted, said)).await
    }

    async fn trust_of(
        &self,
        model: Arc<Model>,
        (wanted, said): (&Wanted, Said),
    ) -> Result<Result<Trust, Problems>, Error> {
        let config = self.issuer.config();
        let issuer = IssuerFacts {
            entity_id: config.saml_entity_id.clone(),
            metadata: self.issuer.metadata(),
            recipient: config.recipient(),
            oidc: OidcFacts {
                issuer: config.url.clone(),
                audience: config.oidc_audience.clone(),
                unfit: config.unfit_for_iam(),
            },
        };
        let facts = Facts {
            issuer,
            idps: self.idps.as_ref().clone(),
            signers: said.signers,
            forwarded: said.forwarded,
        };
        let wanted = wanted.clone();
        tokio::task::spawn_blocking(move || trust::describe(&model, &facts, &wanted))
            .await
            .map_err(|_| Error::Interrupted)
    }

    /// What there is to choose from for an account, by the current revision.
    pub async fn trust_choices(&self, account: Option<&AccountRef>) -> Result<Choices, Error> {
        let model = self.current_model().await?;
        let is_it = |role: &&Arc<Role>| match account {
            Some(AccountRef::Alias(alias)) => role.account.alias == *alias,
            Some(AccountRef::Id(id)) => role.account.id == *id,
            None => false,
        };
        let its: Vec<&Arc<Role>> = model.roles().iter().filter(is_it).collect();
        let revokers = model.revokers().iter();
        let known = !its.is_empty();
        let signed = |roles: &mut dyn Iterator<Item = &Arc<Role>>| {
            let names: BTreeSet<String> = roles.filter_map(|role| signed_with(role)).collect();
            names.into_iter().collect()
        };
        Ok(Choices {
            roles: its.iter().map(|role| role.key.name.to_string()).collect(),
            credentials: if known {
                signed(&mut its.iter().copied().chain(revokers.filter(is_it)))
            } else {
                signed(&mut model.roles().iter().chain(revokers))
            },
            forwards: its.iter().any(|role| role.method.forwards().is_some()),
        })
    }

    async fn current_model(&self) -> Result<Arc<Model>, Error> {
        let followed = self.access.follow(&self.store).await;
        followed.map_err(|error| Error::Follow(Box::new(error)))?;
        Ok(Arc::clone(self.access.index().model()))
    }
}

fn signed_with(role: &Role) -> Option<String> {
    role.method.credentials().map(ToString::to_string)
}
